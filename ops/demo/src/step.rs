//! The steps of the story: their ids, the outcome that each must have, and what a program is told of them.
//!
//! Ids, outcomes and the names of the JSON fields are stable. Sentences are `narration`'s.

use serde::Serialize;

use crate::narration::Line;
use crate::verdict::Reason;
use crate::world::Unit;

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    /// Refused, with reasons.
    Deny,
    /// Done as it must.
    Ok,
    /// Let through.
    Permit,
    /// Kept back for good.
    Withheld,
    /// The log kept its promises.
    Verified,
    /// The altered log was found out.
    Rejected,
}

macro_rules! steps {
    ($($name:ident = $id:literal: $must:ident,)*) => {
        /// One step of the story.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum StepId {
            $(#[doc = concat!("`", $id, "`")] $name,)*
        }

        impl StepId {
            /// Every step, in order.
            pub(crate) const ALL: &[Self] = &[$(Self::$name),*];

            /// Its stable id.
            pub(crate) const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// How it must end.
            pub(crate) const fn must(self) -> Outcome {
                match self { $(Self::$name => Outcome::$must,)* }
            }
        }
    };
}

steps! {
    SummonsWithoutConsent = "summons-without-consent": Deny,
    ConsentRequested = "consent-requested": Ok,
    FirstGuardianSigns = "first-guardian-signs": Ok,
    SummonsWithOneSignature = "summons-with-one-signature": Deny,
    SecondGuardianSigns = "second-guardian-signs": Ok,
    Check = "check": Ok,
    SummonsSent = "summons-sent": Permit,
    SummonsOpened = "summons-opened": Ok,
    HubCannotRead = "hub-cannot-read": Ok,
    NoteQueued = "note-queued": Permit,
    ConsentRevoked = "consent-revoked": Ok,
    NoteWithheld = "note-withheld": Withheld,
    LateFetch = "late-fetch": Deny,
    ConcernReportPasses = "concern-report-passes": Permit,
    AuditShows = "audit-shows": Ok,
    LedgerVerified = "ledger-verified": Verified,
    LedgerTampered = "ledger-tampered": Rejected,
}

impl StepId {
    /// Its place in the story, from 1.
    pub(crate) fn number(self) -> usize {
        Self::ALL.iter().take_while(|step| **step != self).count() + 1
    }
}

/// What kind of decision it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// "May I share this?"
    Check,
    /// A document was to be sent.
    Send,
    /// A document was to be opened.
    Fetch,
}

impl Asked {
    /// The name of such an entry in an audit.
    pub(crate) const fn event(self) -> &'static str {
        match self {
            Self::Check => "CHECK",
            Self::Send => "SEND",
            Self::Fetch => "FETCH",
        }
    }
}

/// A decision of the hub in this story, to be found again in audit and ledger.
#[derive(Debug, Clone)]
pub(crate) struct Decided {
    /// Its id, which is its entry's.
    pub(crate) id: String,
    /// What was asked.
    pub(crate) asked: Asked,
    /// Whether it was yes for everyone.
    pub(crate) permitted: bool,
    /// The unit that asked.
    pub(crate) by: &'static Unit,
    /// For an opening, the unit whose document it was.
    pub(crate) sender: Option<&'static Unit>,
}

/// What a step found, and what the next steps need of it.
#[derive(Debug)]
pub(crate) struct Told<T = ()> {
    /// How it ended.
    pub(crate) outcome: Outcome,
    /// Every reason, once.
    pub(crate) reasons: Vec<Reason>,
    /// Stable codes that are no reasons of a decision.
    pub(crate) findings: Vec<String>,
    /// The provision that a yes rests on, where it is one.
    pub(crate) provision: Option<String>,
    /// Every decision made in it; the first is the step's own.
    pub(crate) decisions: Vec<Decided>,
    /// What is said of it.
    pub(crate) lines: Vec<Line>,
    /// For the steps that follow.
    pub(crate) value: T,
}

impl Told {
    /// A step that ended so.
    pub(crate) const fn new(outcome: Outcome) -> Self {
        Self {
            outcome,
            reasons: Vec::new(),
            findings: Vec::new(),
            provision: None,
            decisions: Vec::new(),
            lines: Vec::new(),
            value: (),
        }
    }
}

impl<T> Told<T> {
    /// With the reasons of a refusal.
    pub(crate) fn because(mut self, reasons: Vec<Reason>) -> Self {
        self.reasons = reasons;
        self
    }

    /// With a decision.
    pub(crate) fn decided(mut self, decision: Decided) -> Self {
        self.decisions.push(decision);
        self
    }

    /// With something to say.
    pub(crate) fn saying(mut self, line: Line) -> Self {
        self.lines.push(line);
        self
    }

    /// With something for the steps that follow.
    pub(crate) fn giving<U>(self, value: U) -> Told<U> {
        self.replacing(value).0
    }

    /// With something else for the steps that follow, and what it was before.
    pub(crate) fn replacing<U>(self, value: U) -> (Told<U>, T) {
        let told = Told {
            outcome: self.outcome,
            reasons: self.reasons,
            findings: self.findings,
            provision: self.provision,
            decisions: self.decisions,
            lines: self.lines,
            value,
        };
        (told, self.value)
    }
}

/// A step as it went, for screen, report and JSON.
#[derive(Debug)]
pub(crate) struct Telling {
    /// Which.
    pub(crate) step: StepId,
    /// How it ended, and what is said of it.
    pub(crate) told: Told,
    /// How long it took.
    pub(crate) seconds: f64,
}

/// What a program is told of a step: one object.
#[derive(Debug, Serialize)]
pub(crate) struct StepObject<'a> {
    step: &'static str,
    outcome: Outcome,
    reasons: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provision_id: Option<&'a str>,
    seconds: f64,
}

impl<'a> From<&'a Telling> for StepObject<'a> {
    fn from(telling: &'a Telling) -> Self {
        let told = &telling.told;
        let mut reasons: Vec<&str> = Vec::new();
        let codes = told.reasons.iter().map(|reason| reason.code.as_str());
        for code in codes.chain(told.findings.iter().map(String::as_str)) {
            if !reasons.contains(&code) {
                reasons.push(code);
            }
        }
        Self {
            step: telling.step.id(),
            outcome: told.outcome,
            reasons,
            decision_id: told.decisions.first().map(|decision| decision.id.as_str()),
            provision_id: told.provision.as_deref(),
            seconds: rounded(telling.seconds),
        }
    }
}

/// What a program is told of the step that did not do what it must.
#[derive(Debug, Serialize)]
pub(crate) struct FailureObject<'a> {
    /// Which step.
    pub(crate) step: &'static str,
    /// Always `failed`.
    pub(crate) outcome: &'static str,
    /// None.
    pub(crate) reasons: [&'a str; 0],
    /// What must have come.
    pub(crate) expected: &'a str,
    /// What came.
    pub(crate) came: &'a str,
}

/// Milliseconds suffice.
fn rounded(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::world;

    fn reason(code: &str) -> Reason {
        Reason {
            code: code.to_owned(),
            ..Reason::default()
        }
    }

    #[test]
    fn there_are_seventeen_steps_in_their_order() {
        let ids: BTreeSet<_> = StepId::ALL.iter().map(|step| step.id()).collect();
        assert_eq!((StepId::ALL.len(), ids.len()), (17, 17), "ids are unique");
        assert_eq!(StepId::SummonsWithoutConsent.number(), 1);
        assert_eq!(StepId::NoteQueued.number(), 10);
        assert_eq!(StepId::LedgerTampered.number(), 17);
    }

    #[test]
    fn a_step_is_one_object_with_stable_fields() {
        let decision = Decided {
            id: "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5".to_owned(),
            asked: Asked::Send,
            permitted: false,
            by: &world::SOCIAL_SERVICES,
            sender: None,
        };
        let told = Told::new(Outcome::Deny)
            .because(vec![reason("SIGNATURE_MISSING"), reason("SIGNATURE_MISSING")])
            .decided(decision);
        let telling = Telling {
            step: StepId::SummonsWithOneSignature,
            told,
            seconds: 0.123_456,
        };
        let object = serde_json::to_string(&StepObject::from(&telling)).unwrap();
        assert_eq!(
            object,
            "{\"step\":\"summons-with-one-signature\",\"outcome\":\"deny\",\"reasons\":[\"SIGNATURE_MISSING\"],\
             \"decision_id\":\"0192f0c1-2a3b-7c4d-8e5f-60718293a4b5\",\"seconds\":0.123}"
        );
    }

    #[test]
    fn where_there_is_no_decision_none_is_named() {
        let telling = Telling {
            step: StepId::LedgerTampered,
            told: Told {
                findings: vec!["ENTRY_ALTERED".to_owned()],
                ..Told::new(Outcome::Rejected)
            },
            seconds: 2.0,
        };
        let object = serde_json::to_string(&StepObject::from(&telling)).unwrap();
        assert_eq!(
            object,
            r#"{"step":"ledger-tampered","outcome":"rejected","reasons":["ENTRY_ALTERED"],"seconds":2.0}"#
        );
    }
}
