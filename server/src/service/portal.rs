//! What a person does about their own child or self, in the portal: read what is asked, sign, decline,
//! revoke. The web room shows pages; who may see and do what is decided here.

use jiff::{SignedDuration, Timestamp};
use ring::digest::{SHA256, digest};
use samrum_consent::consent::Evidence;
use samrum_consent::id::{ConsentId, PersonId};
use samrum_consent::identity_number::IdentityNumber;

use super::consent::{Actor, ConsentView};
use super::{Hub, Recorded, Result, ServiceError, anew};
use crate::ledger::{By, Concerned, Event};
use crate::store::{Change, Person, Write};

/// How long a session lasts.
const SESSION_LIFETIME: SignedDuration = SignedDuration::from_mins(30);

/// A consent as the person sees it.
pub struct Asked {
    /// The consent with who must sign.
    pub view: ConsentView,
    /// This person's number in it.
    pub number: u32,
    /// Whom it is about: the name, as the register has it or as the unit wrote it.
    pub about: String,
    /// The unit that asks, by name.
    pub requester: String,
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
        let _ = self.commit(change).await?;
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
        let _ = self.commit(change).await?;
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

    /// Everything that asks or asked this person, newest first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn asked(&self, person: PersonId) -> Result<Vec<Asked>> {
        let mut asked = Vec::new();
        for record in self.store.consents_asking(person).await? {
            let view = self.view(record).await?;
            asked.push(self.shown(person, view).await?);
        }
        Ok(asked)
    }

    /// One of them.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], alike for unknown consents and others'.
    pub async fn asked_one(&self, person: PersonId, id: ConsentId) -> Result<Asked> {
        let record = self.store.consent(id).await?.ok_or(ServiceError::NotFound)?;
        let view = self.view(record).await?;
        self.shown(person, view).await
    }

    /// The person's yes to exactly this statement.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; what the consent's life does not allow; [`ServiceError::LostRace`] when it
    /// changed since the page was shown.
    pub async fn sign_in_portal(
        &self,
        person: PersonId,
        (id, revision): (ConsentId, u64),
        (statement, language): (&str, &str),
    ) -> Result<Answered> {
        let asked = self.as_shown(person, id, revision).await?;
        self.refuse_bystander(&asked.view.record, person.into()).await?;
        let at = self.store.now().await?;
        let mut statement_sha256 = [0; 32];
        statement_sha256.copy_from_slice(digest(&SHA256, statement.as_bytes()).as_ref());
        let evidence = Evidence::Portal {
            statement_sha256,
            language: language.to_owned(),
        };
        let actor = Actor::Person(person);
        let recorded = self
            .sign(&asked.view.record, person.into(), evidence, &actor, at, None)
            .await?;
        Ok(Answered { recorded, at })
    }

    /// The person's no.
    ///
    /// # Errors
    /// As for signing.
    pub async fn decline_in_portal(
        &self,
        person: PersonId,
        (id, revision): (ConsentId, u64),
    ) -> Result<Answered> {
        let asked = self.as_shown(person, id, revision).await?;
        let at = self.store.now().await?;
        let recorded = self
            .decline(
                &asked.view.record,
                person.into(),
                &Actor::Person(person),
                at,
                None,
            )
            .await?;
        Ok(Answered { recorded, at })
    }

    /// The person takes it back, at any time, without reason, at once.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`]; [`ServiceError::Transition`] when it has ended.
    pub async fn revoke_in_portal(&self, person: PersonId, id: ConsentId) -> Result<Answered> {
        // Whatever changed since the page was shown, a no is a no: it is taken on the newest revision.
        anew(async || {
            let asked = self.asked_one(person, id).await?;
            let at = self.store.now().await?;
            let recorded = self
                .revoke(&asked.view.record, &Actor::Person(person), at, None)
                .await?;
            Ok(Answered { recorded, at })
        })
        .await
    }

    /// The consent, if it is still as the page showed it.
    async fn as_shown(&self, person: PersonId, id: ConsentId, revision: u64) -> Result<Asked> {
        let asked = self.asked_one(person, id).await?;
        if asked.view.record.consent.revision == revision {
            Ok(asked)
        } else {
            Err(ServiceError::LostRace)
        }
    }

    async fn shown(&self, person: PersonId, view: ConsentView) -> Result<Asked> {
        let consent = &view.record.consent;
        let number = consent.number_of(person).ok_or(ServiceError::NotFound)?;
        let about = self
            .store
            .person(consent.individual)
            .await?
            .ok_or(ServiceError::NotFound)?;
        let about = if about.name.is_empty() {
            let record = self.store.individual(view.record.individual).await?;
            record.map(|record| record.name).unwrap_or_default()
        } else {
            about.name
        };
        let requester = self.known_unit(consent.requester).await?.name;
        Ok(Asked {
            view,
            number,
            about,
            requester,
        })
    }
}

fn token_hash(secret: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, secret).as_ref());
    hash
}
