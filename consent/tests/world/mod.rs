//! A small invented world: six units in Exempelby and Region Exempel, one child of nine with two guardians,
//! and a consent that fits. A test takes a situation that is permitted and changes one fact.
//!
//! Nobody in it exists. The time is fixed: Wednesday 15 April 2026, ten in the morning in Stockholm.

pub(crate) mod unit;

use core::fmt;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use samrum_consent::consent::{Consent, Evidence, Signatory, Signature, State};
use samrum_consent::decide::{Answer, ConsentVersion, Decision, Ground, Named, Recipient, Request, decide};
use samrum_consent::fact::{self, Assessment, Custody, Facts, Individual, Recorded, Subject, Unit};
use samrum_consent::id::{ConsentId, DocumentId, FactId, IndividualId, PersonId};
use samrum_consent::law::Law;
use samrum_consent::reason::Reason;
use samrum_consent::scope::{Exclusions, Period, Scope, ScopeParts};
use samrum_consent::vocabulary::{
    Act, Basis, Category, Circumstance, CustodySource, Direction, Kind, Maturity, Purpose,
};

/// The catalogue as it is built in.
pub(crate) const CATALOGUE: &str = include_str!("../../data/lagrum.toml");

/// The provision that lets health care tell social services what a child's support needs.
pub(crate) const NECESSARY_SUPPORT: &str = "OSL-25-12";
/// The duty to report concern since 1 July 2025.
pub(crate) const CONCERN: &str = "SOL2025-19-1";
/// And the one before.
pub(crate) const CONCERN_BEFORE: &str = "SOL2001-14-1";

/// The child, nine years old on the day of the world.
pub(crate) const CHILD: PersonId = person(1);
/// The first guardian, signatory 1.
pub(crate) const GUARDIAN: PersonId = person(2);
/// The second guardian, signatory 2.
pub(crate) const OTHER_GUARDIAN: PersonId = person(3);
/// Somebody the consent never asked.
pub(crate) const NEW_GUARDIAN: PersonId = person(4);
/// An adult relative of the child.
pub(crate) const RELATIVE: PersonId = person(5);
/// May consent for a grown-up, by a court's decision.
pub(crate) const GOOD_MAN: PersonId = person(6);
/// May consent for a grown-up, by a power of attorney.
pub(crate) const AGENT: PersonId = person(7);

/// The child in this case.
pub(crate) const CASE_CHILD: IndividualId = IndividualId::from_bytes([0x21; 16]);
/// The relative in this case.
pub(crate) const CASE_RELATIVE: IndividualId = IndividualId::from_bytes([0x22; 16]);
/// Somebody no hub knows.
pub(crate) const CASE_STRANGER: IndividualId = IndividualId::from_bytes([0x23; 16]);
/// The document in question.
pub(crate) const DOCUMENT: DocumentId = DocumentId::from_bytes([0x31; 16]);

/// The built-in catalogue, read once.
static LAW: LazyLock<Arc<Law>> =
    LazyLock::new(|| Arc::new(Law::embedded().expect("the built-in catalogue can be read")));

/// A person by number.
pub(crate) const fn person(number: u8) -> PersonId {
    PersonId::from_bytes([number; 16])
}

/// A consent's id by number.
pub(crate) const fn consent_id(number: u8) -> ConsentId {
    ConsentId::from_bytes([number; 16])
}

/// An instant as RFC 3339 writes it.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant such as 2026-04-15T08:00:00Z")
}

/// The catalogue with one more line in one provision.
pub(crate) fn law_with(provision: &str, line: &str) -> Arc<Law> {
    let id = format!("id = \"{provision}\"\n");
    assert!(CATALOGUE.contains(&id), "the catalogue holds {provision}");
    Arc::new(Law::parse(&CATALOGUE.replace(&id, &format!("{id}{line}\n"))).expect("still a catalogue"))
}

/// The catalogue without one provision.
pub(crate) fn law_without(provision: &str) -> Arc<Law> {
    let id = format!("id = \"{provision}\"\n");
    let (gone, kept): (Vec<&str>, Vec<&str>) = CATALOGUE
        .split("[[provision]]\n")
        .partition(|entry| entry.starts_with(&id));
    assert_eq!(gone.len(), 1, "the catalogue holds {provision} once");
    Arc::new(Law::parse(&kept.join("[[provision]]\n")).expect("still a catalogue"))
}

/// Everything one decision reads, for one recipient. Every field may be changed.
#[derive(Clone)]
pub(crate) struct Situation {
    pub(crate) request: Request,
    pub(crate) facts: Facts,
    pub(crate) law: Arc<Law>,
    pub(crate) now: Timestamp,
}

/// Everything but the catalogue, which would bury the rest.
impl fmt::Debug for Situation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Situation");
        shown
            .field("request", &self.request)
            .field("facts", &self.facts)
            .field("now", &self.now);
        shown.finish_non_exhaustive()
    }
}

impl Situation {
    /// The answer for the one recipient.
    pub(crate) fn answer(&self) -> Answer {
        let mut decision = self.decision();
        assert_eq!(decision.verdicts.len(), 1, "the situation has one recipient");
        decision.verdicts.remove(0).answer
    }

    /// The sender has found this of the child's maturity, attested.
    pub(crate) fn assess(&mut self, maturity: Maturity) {
        let found = assessed(&self.facts.sender, maturity);
        self.child().individual.assessments = vec![found];
    }

    /// The whole decision.
    pub(crate) fn decision(&self) -> Decision {
        decide(&self.request, &self.facts, &self.law, self.now)
    }

    /// Whether it is permitted.
    pub(crate) fn permitted(&self) -> bool {
        matches!(self.answer(), Answer::Permit(_))
    }

    /// The reasons, empty when it is permitted.
    pub(crate) fn reasons(&self) -> Vec<Reason> {
        match self.answer() {
            Answer::Permit(_) => Vec::new(),
            Answer::Deny(reasons) => reasons,
        }
    }

    /// The consent about the child.
    pub(crate) fn consent(&mut self) -> &mut Consent {
        self.child()
            .consents
            .first_mut()
            .expect("the child has a consent")
    }

    /// The child with its consents.
    pub(crate) fn child(&mut self) -> &mut Subject {
        self.facts.subjects.first_mut().expect("the child is known")
    }

    /// What is recorded about custody of the child.
    pub(crate) fn custody(&mut self) -> &mut Custody {
        self.child()
            .individual
            .custody
            .as_mut()
            .expect("custody is recorded")
    }

    /// Gives the consent another scope, made from the parts of the usual one.
    pub(crate) fn rescope(&mut self, change: impl FnOnce(&mut ScopeParts)) {
        let mut parts = scope();
        change(&mut parts);
        self.consent().scope = Scope::parse(parts).expect("still a scope");
    }

    /// Lets another unit send.
    pub(crate) fn send_from(&mut self, unit: Unit) {
        self.facts.sender = unit;
    }

    /// Sends to another unit.
    pub(crate) fn send_to(&mut self, unit: Unit) {
        for recipient in &mut self.request.recipients {
            recipient.unit = unit.id;
        }
        self.facts.recipients = vec![unit];
    }

    /// Names another basis, or one fixed earlier.
    pub(crate) fn on(&mut self, basis: Named) {
        for recipient in &mut self.request.recipients {
            recipient.basis = basis.clone();
        }
    }
}

/// Child psychiatry shares a note about the child's health and school with the social services, for the
/// SIP, on the consent of both guardians. Permitted.
pub(crate) fn note_on_consent() -> Situation {
    Situation {
        request: Request {
            document: Some(DOCUMENT),
            subjects: BTreeSet::from([CASE_CHILD]),
            categories: BTreeSet::from([Category::HealthMental, Category::SchoolSituation]),
            kind: Kind::Note,
            purpose: Purpose::Sip,
            recipients: vec![Recipient {
                unit: unit::social_services().id,
                basis: Named::Now(Basis::Consent),
            }],
        },
        facts: Facts {
            role: String::new(),
            reporter: None,
            sender: unit::child_psychiatry(),
            recipients: vec![unit::social_services()],
            subjects: vec![child()],
            provisions_on: BTreeSet::new(),
        },
        law: Arc::clone(&LAW),
        now: at("2026-04-15T08:00:00Z"),
    }
}

/// The same note, sent earlier and waiting: it rests on that consent and on nothing else. Permitted.
pub(crate) fn note_at_release() -> Situation {
    let mut situation = note_on_consent();
    situation.on(Named::Fixed(Ground::Consents(vec![ConsentVersion {
        id: consent_id(1),
        revision: 3,
    }])));
    situation
}

/// Child psychiatry tells the social services what the child's support needs, once, without consent, on a
/// provision that the operator has turned on and with a reason in words. Permitted.
pub(crate) fn information_on_provision() -> Situation {
    let mut situation = note_on_consent();
    situation.child().consents.clear();
    situation.request.kind = Kind::Information;
    situation.facts.provisions_on = BTreeSet::from([NECESSARY_SUPPORT.to_owned()]);
    situation.on(provision(
        NECESSARY_SUPPORT,
        "school refuses to say whether the support works",
    ));
    situation
}

/// The school reports concern about a child whom no hub knows to the board's reception. Permitted.
pub(crate) fn concern_report() -> Situation {
    let mut situation = note_on_consent();
    situation.request.kind = Kind::ConcernReport;
    situation.request.document = None;
    situation.request.subjects.clear();
    situation.facts.subjects.clear();
    situation.send_from(unit::school());
    situation.send_to(unit::reception());
    situation.on(Named::Now(Basis::Duty));
    situation
}

/// A permitting provision with a reason.
pub(crate) fn provision(id: &str, reason: &str) -> Named {
    Named::Now(Basis::Provision {
        id: id.to_owned(),
        reason: reason.to_owned(),
    })
}

/// The child as a subject, with the consent that fits.
pub(crate) fn child() -> Subject {
    Subject {
        id: CASE_CHILD,
        individual: Individual::new(
            CHILD,
            Some(date(2017, 3, 9)),
            Some(Custody {
                source: CustodySource::PopulationRegister,
                checked_at: at("2026-03-01T08:00:00Z"),
                guardians: vec![GUARDIAN, OTHER_GUARDIAN],
            }),
        ),
        consents: vec![consent()],
    }
}

/// An adult relative as a subject, without any consent.
pub(crate) fn relative() -> Subject {
    Subject {
        id: CASE_RELATIVE,
        individual: Individual::new(RELATIVE, Some(RELATIVE_BORN), None),
        consents: Vec::new(),
    }
}

/// When the relative was born.
const RELATIVE_BORN: Date = date(1985, 6, 1);

/// The relative's own consent, with the same scope.
pub(crate) fn consent_of_relative() -> Consent {
    Consent {
        id: consent_id(2),
        individual: RELATIVE,
        signatories: vec![Signatory {
            signer: RELATIVE.into(),
            signature: Some(signed(portal())),
        }],
        ..consent()
    }
}

/// The consent that fits: child psychiatry asked, both guardians signed in the portal.
pub(crate) fn consent() -> Consent {
    let signed_by = |person: PersonId| Signatory {
        signer: person.into(),
        signature: Some(signed(portal())),
    };
    Consent {
        id: consent_id(1),
        individual: CHILD,
        requester: unit::child_psychiatry().id,
        scope: Scope::parse(scope()).expect("a scope"),
        state: State::Active {
            since: at("2026-03-02T18:00:00Z"),
        },
        signatories: vec![signed_by(GUARDIAN), signed_by(OTHER_GUARDIAN)],
        accepted_by: BTreeSet::new(),
        requested_at: at("2026-03-02T08:00:00Z"),
        revision: 3,
    }
}

/// What the sender's unit found of the child's maturity, attested, for as long as the tests need.
pub(crate) fn assessed(by: &Unit, maturity: Maturity) -> Recorded<Assessment> {
    let found = Assessment {
        maturity,
        matter: Purpose::Sip,
        period: Period {
            from: at("2000-01-01T08:00:00Z"),
            until: at("2100-01-01T08:00:00Z"),
        },
    };
    recorded(by, found)
}

/// A fact as a unit recorded it and a colleague attested it, long ago.
pub(crate) fn recorded<T>(by: &Unit, fact: T) -> Recorded<T> {
    Recorded {
        id: FactId::from_bytes([0x42; 16]),
        by: by.id,
        at: at("2000-01-01T08:00:00Z"),
        attested: true,
        fact,
    }
}

/// A circumstance for as long as the tests need.
pub(crate) fn lasting(circumstance: Circumstance) -> fact::Situation {
    fact::Situation {
        circumstance,
        period: Period {
            from: at("2000-01-01T08:00:00Z"),
            until: at("2100-01-01T08:00:00Z"),
        },
    }
}

/// From child psychiatry to the social services and pupil health, one way, from 2 March 2026 for half a year.
pub(crate) fn scope() -> ScopeParts {
    ScopeParts {
        sources: BTreeSet::from([unit::child_psychiatry().id]),
        recipients: BTreeSet::from([unit::social_services().id, unit::pupil_health().id]),
        direction: Direction::OneWay,
        categories: BTreeSet::from([
            Category::HealthMental,
            Category::SchoolSituation,
            Category::HomeFamily,
            Category::Medication,
        ]),
        kinds: BTreeSet::from([Kind::Summons, Kind::Note, Kind::Plan, Kind::Information]),
        purpose: Purpose::Sip,
        acts: BTreeSet::from([Act::Share, Act::Plan]),
        period: Period {
            from: at("2026-03-02T00:00:00Z"),
            until: at("2026-09-02T00:00:00Z"),
        },
        exclusions: Exclusions::default(),
    }
}

/// A yes on 2 March 2026.
pub(crate) fn signed(evidence: Evidence) -> Signature {
    Signature {
        evidence,
        at: at("2026-03-02T18:00:00Z"),
    }
}

/// Signed in the portal.
pub(crate) fn portal() -> Evidence {
    Evidence::Portal {
        statement_sha256: [7; 32],
        language: "sv".to_owned(),
    }
}

/// Signed on paper before a unit.
pub(crate) fn paper(unit: &Unit) -> Evidence {
    Evidence::Paper {
        recorded_by: unit.id,
        scan_sha256: [8; 32],
    }
}

/// Given orally before two professionals of a unit.
pub(crate) fn oral(unit: &Unit) -> Evidence {
    Evidence::Oral {
        recorded_by: unit.id,
        first_witness: "professional-1".to_owned(),
        second_witness: "professional-2".to_owned(),
    }
}

/// Some days of 24 hours.
pub(crate) const fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}
