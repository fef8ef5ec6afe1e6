//! What parties and the hub's own chores ask for: the content of a request, the same at every repetition.

use core::fmt;
use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use samrum_consent::id::{ConsentId, DeliveryId, DocumentId, EntryId, FactId, IndividualId, UnitId};
use samrum_consent::scope::{Exclusions, Scope};
use samrum_consent::vocabulary::{Basis, Category, Kind, Maturity, Purpose};
use samrum_proto::envelope::{HeaderHash, SignedSlip};
use samrum_server::ledger::VerdictRecord;
use samrum_server::store::{ConsentRecord, Delivery, InboxEvent};

/// A sealed document as its sender keeps it.
pub(super) struct Letter {
    /// The place of the sender among the cast.
    pub(super) sender: usize,
    /// Its id.
    pub(super) document: DocumentId,
    /// What it says of itself.
    pub(super) matter: Matter,
    /// Header, body, slips.
    pub(super) header: Vec<u8>,
    pub(super) header_hash: HeaderHash,
    pub(super) body: Vec<u8>,
    pub(super) slips: Vec<SignedSlip>,
}

/// What a document or a question is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Matter {
    pub(super) kind: Kind,
    pub(super) purpose: Purpose,
    pub(super) categories: BTreeSet<Category>,
    pub(super) subjects: BTreeSet<IndividualId>,
    /// Places of the recipients, each with the basis named for it.
    pub(super) recipients: Vec<(usize, Basis)>,
}

/// What a professional found.
#[derive(Debug, Clone)]
pub(super) enum Finding {
    Maturity {
        maturity: Maturity,
        from: Timestamp,
        until: Timestamp,
    },
    Risk {
        guardian: usize,
        categories: BTreeSet<Category>,
        review: Timestamp,
    },
    Hindrance {
        guardian: usize,
        until: Timestamp,
    },
}

/// What is asked of the hub. Units and people are named by their places among the cast.
#[derive(Clone)]
pub(super) enum Order {
    Ask {
        unit: usize,
        case: IndividualId,
        scope: Scope,
        supersedes: Option<ConsentId>,
    },
    Yes {
        unit: usize,
        consent: ConsentId,
        signatory: u32,
    },
    No {
        unit: usize,
        consent: ConsentId,
        signatory: u32,
    },
    PortalYes {
        person: usize,
        consent: ConsentId,
    },
    PortalNo {
        person: usize,
        consent: ConsentId,
    },
    PortalBack {
        person: usize,
        consent: ConsentId,
    },
    Revoke {
        unit: usize,
        consent: ConsentId,
    },
    Narrow {
        unit: usize,
        consent: ConsentId,
        more: Exclusions,
        until: Option<Timestamp>,
    },
    Accept {
        unit: usize,
        consent: ConsentId,
    },
    Register {
        unit: usize,
        person: usize,
    },
    Custody {
        child: usize,
        guardians: Vec<usize>,
        checked_at: Timestamp,
    },
    Find {
        unit: usize,
        case: IndividualId,
        finding: Finding,
    },
    Attest {
        unit: usize,
        fact: FactId,
    },
    Switch {
        provision: &'static str,
        on: bool,
    },
    Check {
        unit: usize,
        matter: Matter,
    },
    Send(Arc<Letter>),
    Fetch {
        unit: usize,
        delivery: DeliveryId,
    },
    Settle {
        unit: usize,
        delivery: DeliveryId,
        document: DocumentId,
        header_hash: HeaderHash,
        accepts: bool,
        at: Timestamp,
    },
    Inbox {
        unit: usize,
        after: i64,
    },
    Follow {
        unit: usize,
        document: DocumentId,
    },
    Expire,
    Alarm,
    Withhold,
    Sequence,
}

impl Order {
    /// One word for it.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Ask { .. } => "ask",
            Self::Yes { .. } => "yes",
            Self::No { .. } => "no",
            Self::PortalYes { .. } => "portal-yes",
            Self::PortalNo { .. } => "portal-no",
            Self::PortalBack { .. } => "portal-back",
            Self::Revoke { .. } => "revoke",
            Self::Narrow { .. } => "narrow",
            Self::Accept { .. } => "accept",
            Self::Register { .. } => "register",
            Self::Custody { .. } => "custody",
            Self::Find { .. } => "find",
            Self::Attest { .. } => "attest",
            Self::Switch { .. } => "switch",
            Self::Check { .. } => "check",
            Self::Send(_) => "send",
            Self::Fetch { .. } => "fetch",
            Self::Settle { .. } => "settle",
            Self::Inbox { .. } => "inbox",
            Self::Follow { .. } => "follow",
            Self::Expire => "expire",
            Self::Alarm => "alarm",
            Self::Withhold => "withhold",
            Self::Sequence => "sequence",
        }
    }

    /// Whether the hub does it of itself: no network, nobody who repeats it.
    pub(super) const fn is_chore(&self) -> bool {
        matches!(self, Self::Expire | Self::Alarm | Self::Withhold | Self::Sequence)
    }

    /// Whether the same request gets the same answer for good.
    pub(super) const fn repeats_its_answer(&self) -> bool {
        !matches!(
            self,
            Self::Fetch { .. }
                | Self::Inbox { .. }
                | Self::Follow { .. }
                | Self::PortalYes { .. }
                | Self::PortalNo { .. }
                | Self::PortalBack { .. }
        ) && !self.is_chore()
    }

    /// The consent that it ends or narrows, when it does.
    pub(super) const fn reduces(&self) -> Option<ConsentId> {
        match self {
            Self::No { consent, .. }
            | Self::PortalNo { consent, .. }
            | Self::PortalBack { consent, .. }
            | Self::Revoke { consent, .. }
            | Self::Narrow { consent, .. } => Some(*consent),
            _ => None,
        }
    }

    /// Whether it ends a consent outright.
    pub(super) const fn ends(&self) -> Option<ConsentId> {
        match self {
            Self::Narrow { .. } => None,
            _ => self.reduces(),
        }
    }

    /// The content as the hub recognises it again.
    pub(super) fn content(&self) -> String {
        match self {
            Self::Ask {
                unit,
                case,
                scope,
                supersedes,
            } => format!("ask {unit} {case} {scope:?} {supersedes:?}"),
            Self::Yes {
                unit,
                consent,
                signatory,
            }
            | Self::No {
                unit,
                consent,
                signatory,
            } => format!("{} {unit} {consent} {signatory}", self.name()),
            Self::PortalYes { person, consent }
            | Self::PortalNo { person, consent }
            | Self::PortalBack { person, consent } => format!("{} {person} {consent}", self.name()),
            Self::Revoke { unit, consent } | Self::Accept { unit, consent } => {
                format!("{} {unit} {consent}", self.name())
            }
            Self::Narrow {
                unit,
                consent,
                more,
                until,
            } => format!("narrow {unit} {consent} {more:?} {until:?}"),
            Self::Register { unit, person } => format!("register {unit} {person}"),
            Self::Custody {
                child,
                guardians,
                checked_at,
            } => format!("custody {child} {guardians:?} {checked_at}"),
            Self::Find { unit, case, finding } => format!("find {unit} {case} {finding:?}"),
            Self::Attest { unit, fact } => format!("attest {unit} {fact}"),
            Self::Switch { provision, on } => format!("switch {provision} {on}"),
            Self::Check { unit, matter } => format!("check {unit} {matter:?}"),
            Self::Send(letter) => format!("send {} {} {:?}", letter.sender, letter.document, letter.matter),
            Self::Fetch { unit, delivery } => format!("fetch {unit} {delivery}"),
            Self::Settle {
                unit,
                delivery,
                accepts,
                ..
            } => format!("settle {unit} {delivery} {accepts}"),
            Self::Inbox { unit, after } => format!("inbox {unit} {after}"),
            Self::Follow { unit, document } => format!("follow {unit} {document}"),
            Self::Expire | Self::Alarm | Self::Withhold | Self::Sequence => self.name().to_owned(),
        }
    }
}

/// What the hub answered.
#[derive(Debug, Clone)]
pub(super) enum Answer {
    /// Done, with the ticket of its entry.
    Done(Box<Done>),
    /// Decided and written down: not now.
    Refused { entry: EntryId, code: &'static str },
    /// Not done, in one word.
    Failed(Failure),
    /// What an inbox was told.
    Events(Vec<InboxEvent>),
    /// How deliveries fare.
    States(Vec<Delivery>),
    /// A chore, and how much it found.
    Swept(usize),
}

impl Answer {
    /// The entry that it tells of.
    pub(super) fn entry(&self) -> Option<EntryId> {
        match self {
            Self::Done(done) => Some(done.entry),
            Self::Refused { entry, .. } => Some(*entry),
            Self::Failed(_) | Self::Events(_) | Self::States(_) | Self::Swept(_) => None,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done(done) => write!(f, "done {} {}", done.entry, done.made),
            Self::Refused { entry, code } => write!(f, "refused {entry} {code}"),
            Self::Failed(failure) => write!(f, "failed {failure:?}"),
            Self::Events(events) => events
                .iter()
                .try_for_each(|event| write!(f, "{}:{}:{:?} ", event.position, event.delivery, event.state)),
            Self::States(states) => states
                .iter()
                .try_for_each(|delivery| write!(f, "{}:{:?} ", delivery.id, delivery.state)),
            Self::Swept(count) => write!(f, "swept {count}"),
        }
    }
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => Ok(()),
            Self::Case(case) => write!(f, "case {case}"),
            Self::Consent(record) => {
                let consent = &record.consent;
                write!(
                    f,
                    "consent {} {} {:?}",
                    consent.id, consent.revision, consent.state
                )
            }
            Self::Fact(fact) => write!(f, "fact {fact}"),
            Self::Deliveries(deliveries) => deliveries
                .iter()
                .try_for_each(|delivery| write!(f, "{}:{:?} ", delivery.id, delivery.state)),
            Self::Copy { document, .. } => write!(f, "copy of {document}"),
            Self::Verdicts(verdicts) => verdicts
                .iter()
                .try_for_each(|verdict| write!(f, "{}:{} ", verdict.recipient, verdict.permitted)),
        }
    }
}

/// Something that was done.
#[derive(Debug, Clone)]
pub(super) struct Done {
    pub(super) entry: EntryId,
    /// The ticket's bytes and signature.
    pub(super) ticket: (Vec<u8>, Vec<u8>),
    pub(super) made: Made,
}

/// What it made.
#[derive(Debug, Clone)]
pub(super) enum Made {
    Nothing,
    Case(IndividualId),
    Consent(Box<ConsentRecord>),
    Fact(FactId),
    Deliveries(Vec<Delivery>),
    Copy {
        sender: UnitId,
        document: DocumentId,
        header_hash: HeaderHash,
    },
    Verdicts(Vec<VerdictRecord>),
}

/// Why it was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// Asked again later, it may be.
    Later(&'static str),
    /// Unknown, or not for these eyes.
    NotFound,
    /// The id stands for something else.
    IdReused,
    /// It stands at another step.
    Conflict(String),
    /// Anything else: what the hub must never say here.
    Other(String),
}
