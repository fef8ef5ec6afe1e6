//! What a person does about their own child or self, in the portal: read what is asked, sign, decline,
//! revoke. The web room shows pages; who may see and do what is decided here.

mod sight;
mod step;

use jiff::{SignedDuration, Timestamp};
use ring::digest::{SHA256, digest};
use samrum_consent::consent::{Consent, Evidence, InvalidTransition, State};
use samrum_consent::fact::Individual;
use samrum_consent::id::{ConsentId, PersonId};
use samrum_consent::identity_number::IdentityNumber;

use super::consent::{Actor, ConsentView};
use super::{Hub, Recorded, Result, ServiceError, no_anew};
use crate::ledger::{By, Concerned, Event};
use crate::store::{Change, ConsentRecord, Lane, Person, Write};

pub use step::{OwnStep, Teller};

/// How long a session lasts.
const SESSION_LIFETIME: SignedDuration = SignedDuration::from_mins(30);

/// A consent as one person may see it.
pub struct Asked {
    /// The consent with who must sign, in the categories that this person may see: nothing that is kept from
    /// them is in it, and who is required, and whether all have signed, is judged without it.
    pub view: ConsentView,
    /// Who sees it.
    pub person: PersonId,
    /// When.
    pub at: Timestamp,
    /// This person's number in it; none for somebody who was never asked.
    pub number: Option<u32>,
    /// Whom it is about: the name, as the register has it or as the unit wrote it.
    pub about: String,
    /// The unit that asks, by name.
    pub requester: String,
    /// The unit that recorded this person's yes, by name; none when they gave it in the portal or not at all.
    pub yes_recorded_by: Option<String>,
    /// The step that ended it, where it was this person's.
    pub ended_by_you: Option<OwnStep>,
    /// The consent as it is kept, with what this person may not see.
    whole: ConsentRecord,
}

impl Asked {
    /// The consent in the categories that this person may see.
    #[must_use]
    pub const fn consent(&self) -> &Consent {
        &self.view.record.consent
    }

    /// Whether this person may end it.
    #[must_use]
    pub fn may_end(&self) -> bool {
        self.view.may_end(self.person.into())
    }

    /// Whether nothing of it is kept from this person. A yes counts for the whole consent, so nobody gives one to
    /// what they were not shown: the unit asks apart for what is kept.
    #[must_use]
    pub fn shows_all(&self) -> bool {
        self.consent().scope == self.whole.consent.scope
    }

    /// Whether this person's yes is recorded.
    #[must_use]
    pub fn has_signed(&self) -> bool {
        self.consent().has_signed(self.person)
    }

    /// Whether it has ended, or its period has run out.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let consent = self.consent();
        matches!(consent.state, State::Ended { .. }) || consent.scope.period().until <= self.at
    }
}

/// What the person did.
pub struct Answered {
    /// The entry and its ticket: the receipt's number.
    pub recorded: Recorded,
    /// When.
    pub at: Timestamp,
}

impl Hub {
    /// Opens a session for a person who has proven who they are; answers with its secret.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] when nothing concerns them.
    pub async fn log_in(&self, number: &IdentityNumber) -> Result<[u8; 32]> {
        let person = self
            .store
            .person_by_number(number)
            .await?
            .ok_or(ServiceError::NotFound)?;
        let mut secret = [0_u8; 32];
        self.randomness.fill(&mut secret)?;
        let now = self.store.now().await?;
        let details = self.details(Event::PortalLogin, By::Person(0), None, now)?;
        let concerned = Concerned {
            people: vec![person.id],
            ..Concerned::default()
        };
        let change = Change {
            expects: Vec::new(),
            writes: vec![Write::Session {
                token_hash: token_hash(&secret),
                person: person.id,
                expires_at: now.checked_add(SESSION_LIFETIME).unwrap_or(now),
            }],
            entries: vec![self.entry(&details, concerned)?],
        };
        // Whoever comes to say no must get in, however much is being sent.
        let _ = self.commit_in(Lane::No, change).await?;
        Ok(secret)
    }

    /// Ends a session for good, on every node and after every restart. One that is unknown is at its end already.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn log_out(&self, secret: &[u8]) -> Result<()> {
        let person = match self.person_of_session(secret).await {
            Ok(person) => person,
            Err(ServiceError::NotFound) => return Ok(()),
            Err(error) => return Err(error),
        };
        let details = self.details(Event::PortalLogout, By::Person(0), None, self.now().await?)?;
        let concerned = Concerned {
            people: vec![person.id],
            ..Concerned::default()
        };
        let change = Change {
            expects: Vec::new(),
            writes: vec![Write::EndSession(token_hash(secret))],
            entries: vec![self.entry(&details, concerned)?],
        };
        let _ = self.commit_in(Lane::No, change).await?;
        Ok(())
    }

    /// Whose session this secret opens.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] for an unknown or expired one.
    pub async fn person_of_session(&self, secret: &[u8]) -> Result<Person> {
        let now = self.store.now().await?;
        let person = self
            .store
            .session(token_hash(secret), now)
            .await?
            .ok_or(ServiceError::NotFound)?;
        self.store.person(person).await?.ok_or(ServiceError::NotFound)
    }

    /// Everything that asks or asked this person, newest first, as far as they may see it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn asked(&self, person: PersonId) -> Result<Vec<Asked>> {
        let mut asked = Vec::new();
        for record in self.store.consents_asking(person).await? {
            asked.extend(self.shown(person, record).await?);
        }
        Ok(asked)
    }

    /// One of them; or one that nobody has asked them about, though it is about them or their yes counts now.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], alike for unknown consents, others', and those kept from this person.
    pub async fn asked_one(&self, person: PersonId, id: ConsentId) -> Result<Asked> {
        let record = self.store.consent(id).await?.ok_or(ServiceError::NotFound)?;
        self.shown(person, record).await?.ok_or(ServiceError::NotFound)
    }

    /// The person's yes to exactly this statement, made of the consent as it was read.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; what the consent's life does not allow; [`ServiceError::LostRace`] when it
    /// changed since it was read: read it anew, and see whether the statement is still the same.
    pub async fn sign_in_portal(
        &self,
        asked: &Asked,
        (statement, language): (&str, &str),
    ) -> Result<Answered> {
        if !asked.shows_all() {
            return Err(ServiceError::StateConflict(
                "a yes is not taken to what was not shown",
            ));
        }
        let signer = asked.person.into();
        self.refuse_bystander(&asked.whole, signer).await?;
        let at = self.store.now().await?;
        let mut statement_sha256 = [0; 32];
        statement_sha256.copy_from_slice(digest(&SHA256, statement.as_bytes()).as_ref());
        let evidence = Evidence::Portal {
            statement_sha256,
            language: language.to_owned(),
        };
        let actor = Actor::Person(asked.person);
        let recorded = self
            .sign(&asked.whole, signer, evidence, &actor, at, None)
            .await?;
        Ok(Answered { recorded, at })
    }

    /// The person's no. Whatever changed since the page was shown, a no is a no: it is taken on the newest
    /// revision.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Transition`] when it has ended or run out;
    /// [`ServiceError::StateConflict`] when this person's answer is not asked for any more.
    pub async fn decline_in_portal(&self, person: PersonId, id: ConsentId) -> Result<Answered> {
        no_anew(async || {
            let asked = self.lasting(person, id).await?;
            let (at, actor) = (self.store.now().await?, Actor::Person(person));
            let recorded = match asked.number {
                Some(_) => {
                    self.decline(&asked.whole, person.into(), &actor, at, None)
                        .await?
                }
                // Nobody asked them, but it is theirs to end.
                None => self.revoke(&asked.whole, &actor, at, None).await?,
            };
            Ok(Answered { recorded, at })
        })
        .await
    }

    /// The person takes it back, at any time, without reason, at once; on the newest revision.
    ///
    /// # Errors
    /// As for a no.
    pub async fn revoke_in_portal(&self, person: PersonId, id: ConsentId) -> Result<Answered> {
        no_anew(async || {
            let asked = self.lasting(person, id).await?;
            let at = self.store.now().await?;
            let recorded = self
                .revoke(&asked.whole, &Actor::Person(person), at, None)
                .await?;
            Ok(Answered { recorded, at })
        })
        .await
    }

    /// The consent, if there is still something to end: what has run out is over without anybody's word.
    async fn lasting(&self, person: PersonId, id: ConsentId) -> Result<Asked> {
        let asked = self.asked_one(person, id).await?;
        if asked.is_over() {
            return Err(InvalidTransition::Ended.into());
        }
        Ok(asked)
    }

    /// The consent as this person may see it; nothing where they may not know of it.
    async fn shown(&self, person: PersonId, whole: ConsentRecord) -> Result<Option<Asked>> {
        let individual = self.store.facts_about(whole.individual).await?;
        let individual = &individual.ok_or(ServiceError::Damaged { what: "individual" })?;
        let at = self.store.now().await?;
        let number = whole.consent.number_of(person);
        let signature = number
            .and_then(|number| whole.consent.signatory(number))
            .and_then(|signatory| signatory.signature.as_ref());
        let signed_at = signature.map(|signature| signature.at);
        let viewer = (person, signed_at);
        let Some(scope) = sight::seen_by(&whole.consent.scope, individual, viewer, at) else {
            return Ok(None);
        };
        let mut seen = whole.clone();
        seen.consent.scope = scope;
        let view = self.view(seen).await?;
        let is_theirs = whole.consent.individual == person || view.required.contains(&person.into());
        // Who was asked while a register named them by mistake, and never answered, has nothing to see.
        let was_asked = number.is_some() && (signature.is_some() || has_say(individual, person));
        if !is_theirs && !was_asked {
            return Ok(None);
        }
        let yes_recorded_by = match signature.and_then(|signature| signature.evidence.recorded_by()) {
            Some(unit) => Some(self.known_unit(unit).await?.name),
            None => None,
        };
        Ok(Some(Asked {
            about: self.name_in_case(&whole).await?,
            requester: self.known_unit(whole.consent.requester).await?.name,
            ended_by_you: self.ended_by(&whole.consent, number).await?,
            view,
            person,
            at,
            number,
            yes_recorded_by,
            whole,
        }))
    }

    /// Whom it is about: the name, as the register has it or as the unit wrote it.
    async fn name_in_case(&self, record: &ConsentRecord) -> Result<String> {
        let person = self.store.person(record.consent.individual).await?;
        let name = person.ok_or(ServiceError::Damaged { what: "person" })?.name;
        if !name.is_empty() {
            return Ok(name);
        }
        let individual = self.store.individual(record.individual).await?;
        Ok(individual.map(|record| record.name).unwrap_or_default())
    }
}

/// Whether somebody has custody of the individual or may consent for them.
fn has_say(individual: &Individual, person: PersonId) -> bool {
    let custody = individual.custody.as_ref();
    custody.is_some_and(|custody| custody.guardians.contains(&person))
        || individual.representatives.iter().any(|one| one.person == person)
}

fn token_hash(secret: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, secret).as_ref());
    hash
}
