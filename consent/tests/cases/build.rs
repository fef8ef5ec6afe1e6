//! From a written sheet to what the engine reads: request, facts, law and time.
//!
//! Consents live through their own transitions, so that no case holds a state that could not come about.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::Timestamp;
use samrum_consent::consent::{Consent, Evidence, Signatory, Signature, Signer, State};
use samrum_consent::decide::{ConsentVersion, Decision, Ground, Named, Recipient, Request, decide};
use samrum_consent::fact::{
    Assessment, CareOrder, Custody, Facts, Hindrance, Individual, Recorded, Representative, Risk, Situation,
    Subject, Unit,
};
use samrum_consent::id::{
    AuthorityId, ConsentId, DocumentId, FactId, IndividualId, OrganisationId, PersonId, UnitId,
};
use samrum_consent::law::Law;
use samrum_consent::scope::{Exclusions, Period, Scope, ScopeParts};
use samrum_consent::vocabulary::Basis;

use crate::sheet::{self, Ended, GivenAnswer, Moment, Sheet, Written};

/// The catalogue as it is built in.
const CATALOGUE: &str = include_str!("../../data/lagrum.toml");

/// The 16 bytes of an id: the name itself, so that failures can be read.
fn bytes(name: &str) -> [u8; 16] {
    let mut id = [0; 16];
    id.get_mut(..name.len())
        .unwrap_or_else(|| panic!("{name}: names have at most 16 letters"))
        .copy_from_slice(name.as_bytes());
    id
}

/// The name behind an id.
pub(crate) fn name_of(id: &[u8; 16]) -> String {
    String::from_utf8_lossy(id).trim_end_matches('\0').to_owned()
}

fn set<T: Copy + Ord>(written: &[Written<T>]) -> BTreeSet<T> {
    written.iter().map(|word| word.0).collect()
}

const fn instant(written: &Written<Moment>) -> Timestamp {
    written.0.0
}

/// One case, ready to be decided.
pub(crate) struct World<'a> {
    request: Request,
    facts: Facts,
    law: Cow<'a, Law>,
    now: Timestamp,
}

impl<'a> World<'a> {
    /// The engine's answer.
    pub(crate) fn decision(&self) -> Decision {
        decide(&self.request, &self.facts, &self.law, self.now)
    }

    /// Builds it, under this law or what the case makes of it.
    pub(crate) fn of(sheet: &Sheet, law: &'a Law) -> Self {
        let law = if sheet.repealed.is_empty() {
            Cow::Borrowed(law)
        } else {
            Cow::Owned(repealed(sheet))
        };
        let build = Build { sheet, law: &law };
        let subjects = sheet
            .about
            .iter()
            .filter_map(|name| build.subject(name))
            .collect();
        let recipients = sheet.to.iter().map(|name| build.unit(name)).collect();
        let facts = Facts {
            sender: build.unit(&sheet.from),
            role: sheet.role.clone(),
            reporter: sheet.reporter.as_ref().map(|name| build.unit(name).id),
            recipients,
            subjects,
            provisions_on: sheet.turned_on.iter().cloned().collect(),
        };
        let request = build.request(&facts);
        Self {
            request,
            facts,
            now: instant(&sheet.time),
            law,
        }
    }
}

/// The catalogue, with the last day of what the case repeals.
fn repealed(sheet: &Sheet) -> Law {
    let mut text = CATALOGUE.to_owned();
    for (id, last) in &sheet.repealed {
        let line = format!("id = \"{id}\"\n");
        assert_eq!(text.matches(&line).count(), 1, "the catalogue holds {id}");
        text = text.replace(&line, &format!("{line}to_date = \"{}\"\n", last.0));
    }
    Law::parse(&text).expect("a catalogue")
}

struct Build<'a> {
    sheet: &'a Sheet,
    law: &'a Law,
}

impl Build<'_> {
    fn unit(&self, name: &str) -> Unit {
        let found = self.sheet.units.get(name);
        let found = found.unwrap_or_else(|| panic!("no unit {name}"));
        Unit {
            id: UnitId::from_bytes(bytes(name)),
            authority: AuthorityId::from_bytes(bytes(&found.authority)),
            organisation: OrganisationId::from_bytes(bytes(&found.organisation)),
            sector: found.sector.0,
            holder: found.holder.0,
            board_reception: found.reception,
        }
    }

    fn unit_ids(&self, names: &[String]) -> BTreeSet<UnitId> {
        names.iter().map(|name| self.unit(name).id).collect()
    }

    fn authority(&self, name: &str) -> AuthorityId {
        let known = self.sheet.units.values().any(|unit| unit.authority == name);
        assert!(known, "no authority {name}");
        AuthorityId::from_bytes(bytes(name))
    }

    fn person(&self, name: &str) -> PersonId {
        assert!(self.sheet.people.contains_key(name), "no person {name}");
        PersonId::from_bytes(bytes(name))
    }

    fn request(&self, facts: &Facts) -> Request {
        let sheet = self.sheet;
        let basis = self.basis(facts);
        let about = |name: &String| {
            self.person(name);
            IndividualId::from_bytes(bytes(name))
        };
        Request {
            document: Some(DocumentId::from_bytes(bytes(&sheet.document))),
            subjects: sheet.about.iter().map(about).collect(),
            categories: set(&sheet.categories),
            kind: sheet.kind.0,
            purpose: sheet.purpose.0,
            recipients: facts
                .recipients
                .iter()
                .map(|unit| Recipient {
                    unit: unit.id,
                    basis: basis.clone(),
                })
                .collect(),
        }
    }

    /// What the sender names, or what a waiting document was sent on.
    fn basis(&self, facts: &Facts) -> Named {
        let sheet = self.sheet;
        let version = |name: &String| ConsentVersion {
            id: ConsentId::from_bytes(bytes(name)),
            revision: facts
                .subjects
                .iter()
                .flat_map(|subject| &subject.consents)
                .find(|consent| consent.id == ConsentId::from_bytes(bytes(name)))
                .unwrap_or_else(|| panic!("no consent {name}"))
                .revision,
        };
        match (sheet.waits_on.as_slice(), sheet.basis.as_str()) {
            ([], "CONSENT") => Named::Now(Basis::Consent),
            ([], "DUTY") => Named::Now(Basis::Duty),
            ([], id) => Named::Now(Basis::Provision {
                id: id.to_owned(),
                reason: sheet.reason.clone(),
            }),
            (names, "CONSENT") => Named::Fixed(Ground::Consents(names.iter().map(version).collect())),
            ([id], _) => Named::Fixed(Ground::Provision(id.clone())),
            _ => panic!("a document waits on consents or on one provision"),
        }
    }

    fn subject(&self, name: &str) -> Option<Subject> {
        self.person(name);
        let person = self.sheet.people.get(name)?;
        let individual = self.individual(name, person);
        let consents = self
            .sheet
            .consents
            .iter()
            .filter(|(_, consent)| consent.about == name);
        let consents = consents
            .map(|(id, consent)| self.consent(id, consent, &individual))
            .collect();
        person.registered.then(|| Subject {
            id: IndividualId::from_bytes(bytes(name)),
            individual,
            consents,
        })
    }

    fn individual(&self, name: &str, person: &sheet::Person) -> Individual {
        let custody = person.custody.as_ref().map(|custody| Custody {
            source: custody.source.0,
            checked_at: instant(&custody.checked),
            guardians: custody.guardians.iter().map(|name| self.person(name)).collect(),
        });
        let birth = person.birth.map(|birth| birth.0);
        let mut individual = Individual::new(self.person(name), birth, custody);
        for (id, found) in &person.assessments {
            let fact = Assessment {
                maturity: found.maturity.0,
                matter: found.matter.0,
                period: period(&found.at, &found.until),
            };
            let record = self.recorded(id, &found.by, (&found.at, found.attested), fact);
            individual.assessments.push(record);
        }
        for (id, found) in &person.hindrances {
            let fact = Hindrance {
                guardian: self.person(&found.guardian),
                cannot_wait: found.cannot_wait,
                decisive: found.decisive,
                until: instant(&found.until),
            };
            let record = self.recorded(id, &found.by, (&found.at, found.attested), fact);
            individual.hindrances.push(record);
        }
        for (id, found) in &person.risks {
            let fact = Risk {
                guardian: self.person(&found.guardian),
                categories: set(&found.categories),
                review: instant(&found.review),
            };
            let record = self.recorded(id, &found.by, (&found.at, found.attested), fact);
            individual.risks.push(record);
        }
        for (id, found) in &person.situations {
            let fact = Situation {
                circumstance: found.circumstance.0,
                period: period(&found.at, &found.until),
            };
            let record = self.recorded(id, &found.by, (&found.at, found.attested), fact);
            individual.situations.push(record);
        }
        let representative = |(id, found): (&String, &sheet::Representative)| Representative {
            id: FactId::from_bytes(bytes(id)),
            person: self.person(&found.person),
            source: found.source.0,
            checked_at: instant(&found.checked),
            until: found.until.as_ref().map(instant),
        };
        individual.representatives = person.representatives.iter().map(representative).collect();
        let order = |(id, found): (&String, &sheet::CareOrder)| CareOrder {
            id: FactId::from_bytes(bytes(id)),
            board: self.authority(&found.board),
            categories: set(&found.categories),
            period: period(&found.from, &found.until),
        };
        individual.care_orders = person.care_orders.iter().map(order).collect();
        individual
    }

    fn recorded<T>(
        &self,
        id: &str,
        by: &str,
        (at, attested): (&Written<Moment>, bool),
        fact: T,
    ) -> Recorded<T> {
        Recorded {
            id: FactId::from_bytes(bytes(id)),
            by: self.unit(by).id,
            at: instant(at),
            attested,
            fact,
        }
    }

    fn scope(&self, written: &sheet::Consent) -> Scope {
        let documents = written.excluded_documents.iter();
        Scope::parse(ScopeParts {
            sources: self.unit_ids(&written.sources),
            recipients: self.unit_ids(&written.recipients),
            direction: written.direction.0,
            categories: set(&written.categories),
            kinds: set(&written.kinds),
            purpose: written.purpose.0,
            acts: set(&written.acts),
            period: period(&written.from, &written.until),
            exclusions: Exclusions {
                categories: set(&written.excluded_categories),
                units: self.unit_ids(&written.excluded_units),
                documents: documents
                    .map(|name| DocumentId::from_bytes(bytes(name)))
                    .collect(),
            },
        })
        .expect("a scope")
    }

    /// Asked for, answered, accepted, ended: in that order.
    fn consent(&self, id: &str, written: &sheet::Consent, individual: &Individual) -> Consent {
        let signatory = |name: &String| Signatory {
            signer: self.signer(name),
            signature: None,
        };
        let asked = written.answers.iter();
        let asked = asked.filter_map(|(name, answer)| (*answer != GivenAnswer::NotAsked).then_some(name));
        let mut consent = Consent {
            id: ConsentId::from_bytes(bytes(id)),
            individual: individual.person,
            requester: self.unit(&written.requester).id,
            scope: self.scope(written),
            state: State::Requested,
            signatories: asked.map(signatory).collect(),
            accepted_by: BTreeSet::new(),
            requested_at: instant(&written.requested),
            revision: 1,
        };
        let answered = instant(&written.answered);
        for (name, answer) in &written.answers {
            if let Some(evidence) = self.evidence(*answer, written.recorder.as_ref()) {
                let signature = Signature {
                    evidence,
                    at: answered,
                };
                consent = consent
                    .sign(self.signer(name), signature, individual, &self.law.policy)
                    .expect("a first yes");
            }
        }
        for name in &written.accepted_by {
            consent = consent.accept(self.authority(name)).expect("not ended before");
        }
        for (name, _) in written
            .answers
            .iter()
            .filter(|(_, answer)| **answer == GivenAnswer::No)
        {
            consent = consent.decline(self.signer(name), answered).expect("one no");
        }
        let ended_at = instant(&written.ended_at);
        match written.ended {
            None => consent,
            Some(Ended::Revoked) => consent.revoke(ended_at).expect("not ended before"),
            Some(Ended::Superseded) => consent.supersede(ended_at).expect("not ended before"),
        }
    }

    /// A person, or a board that decides under LVU.
    fn signer(&self, name: &str) -> Signer {
        if self.sheet.people.contains_key(name) {
            self.person(name).into()
        } else {
            Signer::Board(self.authority(name))
        }
    }

    fn evidence(&self, answer: GivenAnswer, recorder: Option<&String>) -> Option<Evidence> {
        let recorder = || {
            self.unit(recorder.expect("what is not signed in the portal has a recorder"))
                .id
        };
        match answer {
            GivenAnswer::Portal => Some(Evidence::Portal {
                statement_sha256: [7; 32],
                language: "sv".to_owned(),
            }),
            GivenAnswer::Paper => Some(Evidence::Paper {
                recorded_by: recorder(),
                scan_sha256: [8; 32],
            }),
            GivenAnswer::Orally => Some(Evidence::Oral {
                recorded_by: recorder(),
                first_witness: "medarbetare-1".to_owned(),
                second_witness: "medarbetare-2".to_owned(),
            }),
            GivenAnswer::No | GivenAnswer::Waits | GivenAnswer::NotAsked => None,
        }
    }
}

fn period(from: &Written<Moment>, until: &Written<Moment>) -> Period {
    Period {
        from: instant(from),
        until: instant(until),
    }
}
