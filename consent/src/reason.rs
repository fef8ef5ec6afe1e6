//! Why not: every failing condition of a decision, with its stable code, arguments, provision and remedy.
//!
//! Codes are never renamed or reused; numbers are those of `samrum.decision.v1.ReasonCode`. Sentences
//! for people live in `client/ui`, keyed by these codes; protocol reasons (`ID_REUSED`, …) in `proto`.

use jiff::Timestamp;

use crate::vocabulary::{Act, Capacity, Category, Kind, Purpose};

/// One failing condition of a decision.
///
/// Ordered as they are shown: what is missing altogether first, then who, then what.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// No consent that the asking unit is party to.
    ConsentMissing,
    /// One of those who must sign now has not signed.
    SignatureMissing {
        /// The signatory's number within the consent; 0 when the consent never asked them.
        signatory: u32,
        /// In which capacity they would sign.
        capacity: Capacity,
    },
    /// Someone who must sign said no.
    ConsentDeclined,
    /// It was revoked.
    ConsentRevoked,
    /// Its period has ended.
    ConsentExpired {
        /// The first moment at which it no longer held.
        until: Timestamp,
    },
    /// Its period has not begun.
    ConsentNotYetValid {
        /// The first moment at which it will hold.
        from: Timestamp,
    },
    /// A newer consent took its place.
    ConsentSuperseded,
    /// The sender is not among those who may share under it.
    SenderOutsideScope,
    /// The recipient is not among those who may receive under it.
    RecipientOutsideScope,
    /// A category that the consent does not name.
    CategoryNotCovered {
        /// Which.
        category: Category,
    },
    /// A category that the consent rules out.
    CategoryExcluded {
        /// Which.
        category: Category,
    },
    /// Sender or recipient is ruled out by name.
    UnitExcluded,
    /// This document is ruled out by name.
    DocumentExcluded,
    /// A kind of document that the consent does not name.
    KindNotCovered {
        /// Which.
        kind: Kind,
    },
    /// A purpose that the consent does not name.
    PurposeNotCovered {
        /// Which.
        purpose: Purpose,
    },
    /// The act was not consented to.
    ActNotConsented {
        /// Which.
        act: Act,
    },
    /// The sender's authority has not accepted evidence that another unit recorded.
    EvidenceNotAccepted,
    /// Nobody has recorded, from register or court, who has custody.
    CustodyUnverified,
    /// The record of custody is older than policy allows.
    CustodyOutdated {
        /// When the source was read.
        checked: Timestamp,
    },
    /// Nobody is competent to sign for the individual.
    NoCompetentSignatory,
    /// The child has reached a policy age and nobody has assessed maturity for this matter.
    MaturityUnassessed,
    /// The unit's own record needs a second professional before it counts.
    FactNotAttested,
    /// The document is about nobody that the hub knows.
    SubjectMissing,
    /// The basis named cannot carry this kind of document.
    BasisNotForKind {
        /// Which kind.
        kind: Kind,
    },
    /// The catalogue has no such provision.
    ProvisionUnknown,
    /// The provision is not in force at this time.
    ProvisionNotInForce,
    /// The operator has not turned the provision on.
    ProvisionOff,
    /// The provision does not reach this sender.
    ProvisionSenderMismatch,
    /// The provision does not reach this recipient.
    ProvisionRecipientMismatch,
    /// A circumstance that the provision asks for is not recorded.
    ProvisionCircumstanceMissing,
    /// The sender gave no reason in words.
    ProvisionReasonMissing,
    /// The duty is to the social services board's reception, and the recipient is not one.
    NotBoardReception,
    /// What the sending rested on has ended; it does not come back.
    BasisEnded,
    /// The document was withheld for good.
    DeliveryWithheld,
    /// The document was not opened in time.
    DeliveryExpired,
    /// Something that the document rests on is missing for now; what, is the sender's to know.
    DeliveryWaiting,
    /// The recipient's key that the document is sealed to was reported compromised.
    KeyCompromised,
}

/// What somebody can do about a reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Ask for a consent.
    RequestConsent,
    /// Ask the signatory who has not answered.
    AskSignatory,
    /// Ask for a consent with a wider scope, or leave out what is not covered.
    WidenScope,
    /// Leave out what was ruled out; only the person can change that.
    LeaveOut,
    /// Wait until it begins.
    Wait,
    /// Have custody read from the population register.
    VerifyCustody,
    /// Assess maturity for this matter.
    AssessMaturity,
    /// Have a second professional attest what was recorded.
    AttestFact,
    /// Have the evidence accepted by the sender's authority.
    AcceptEvidence,
    /// Register the individual.
    RegisterIndividual,
    /// Choose a basis that can carry this kind.
    ChangeBasis,
    /// State the reason in words.
    StateReason,
    /// Send to the social services board's reception.
    SendToReception,
    /// Send anew on a basis that holds now.
    SendAnew,
}

impl Remedy {
    /// The stable code, in capitals.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::RequestConsent => "REQUEST_CONSENT",
            Self::AskSignatory => "ASK_SIGNATORY",
            Self::WidenScope => "WIDEN_SCOPE",
            Self::LeaveOut => "LEAVE_OUT",
            Self::Wait => "WAIT",
            Self::VerifyCustody => "VERIFY_CUSTODY",
            Self::AssessMaturity => "ASSESS_MATURITY",
            Self::AttestFact => "ATTEST_FACT",
            Self::AcceptEvidence => "ACCEPT_EVIDENCE",
            Self::RegisterIndividual => "REGISTER_INDIVIDUAL",
            Self::ChangeBasis => "CHANGE_BASIS",
            Self::StateReason => "STATE_REASON",
            Self::SendToReception => "SEND_TO_RECEPTION",
            Self::SendAnew => "SEND_ANEW",
        }
    }
}

impl Reason {
    /// The stable code, in capitals.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.facets().0
    }

    /// The number of this code in `samrum.decision.v1.ReasonCode`.
    #[must_use]
    pub const fn number(&self) -> i32 {
        self.facets().1
    }

    /// The provision behind it, by its id in the catalogue.
    #[must_use]
    pub const fn provision(&self) -> Option<&'static str> {
        self.facets().2
    }

    /// What can be done about it.
    #[must_use]
    pub const fn remedy(&self) -> Option<Remedy> {
        self.facets().3
    }

    /// Arguments by name, as text: codes, numbers, RFC 3339 times. Never personal data.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::SignatureMissing { signatory, capacity } => vec![
                ("signatory", signatory.to_string()),
                ("capacity", capacity.to_string()),
            ],
            Self::ConsentExpired { until } => vec![("until", until.to_string())],
            Self::ConsentNotYetValid { from } => vec![("from", from.to_string())],
            Self::CategoryNotCovered { category } | Self::CategoryExcluded { category } => {
                vec![("category", category.to_string())]
            }
            Self::KindNotCovered { kind } | Self::BasisNotForKind { kind } => {
                vec![("kind", kind.to_string())]
            }
            Self::PurposeNotCovered { purpose } => vec![("purpose", purpose.to_string())],
            Self::ActNotConsented { act } => vec![("act", act.to_string())],
            Self::CustodyOutdated { checked } => vec![("checked", checked.to_string())],
            _ => Vec::new(),
        }
    }

    /// Code, number, provision and remedy: the one table.
    #[rustfmt::skip]
    const fn facets(&self) -> (&'static str, i32, Option<&'static str>, Option<Remedy>) {
        const WAIVER: Option<&str> = Some("OSL-10-1");
        const CUSTODY: Option<&str> = Some("FB-6-11");
        const CHILD: Option<&str> = Some("OSL-12-3");
        const REVOCATION: Option<&str> = Some("GDPR-7-3");
        match self {
            Self::ConsentMissing => ("CONSENT_MISSING", 1, WAIVER, Some(Remedy::RequestConsent)),
            Self::SignatureMissing { capacity, .. } => ("SIGNATURE_MISSING", 2, Some(power(*capacity)), Some(Remedy::AskSignatory)),
            Self::ConsentDeclined => ("CONSENT_DECLINED", 3, WAIVER, None),
            Self::ConsentRevoked => ("CONSENT_REVOKED", 4, REVOCATION, Some(Remedy::RequestConsent)),
            Self::ConsentExpired { .. } => ("CONSENT_EXPIRED", 5, WAIVER, Some(Remedy::RequestConsent)),
            Self::ConsentNotYetValid { .. } => ("CONSENT_NOT_YET_VALID", 6, WAIVER, Some(Remedy::Wait)),
            Self::ConsentSuperseded => ("CONSENT_SUPERSEDED", 7, WAIVER, Some(Remedy::RequestConsent)),
            Self::SenderOutsideScope => ("SENDER_OUTSIDE_SCOPE", 8, WAIVER, Some(Remedy::WidenScope)),
            Self::RecipientOutsideScope => ("RECIPIENT_OUTSIDE_SCOPE", 9, WAIVER, Some(Remedy::WidenScope)),
            Self::CategoryNotCovered { .. } => ("CATEGORY_NOT_COVERED", 10, WAIVER, Some(Remedy::WidenScope)),
            Self::CategoryExcluded { .. } => ("CATEGORY_EXCLUDED", 11, WAIVER, Some(Remedy::LeaveOut)),
            Self::UnitExcluded => ("UNIT_EXCLUDED", 12, WAIVER, Some(Remedy::LeaveOut)),
            Self::DocumentExcluded => ("DOCUMENT_EXCLUDED", 34, WAIVER, None),
            Self::KindNotCovered { .. } => ("KIND_NOT_COVERED", 13, WAIVER, Some(Remedy::WidenScope)),
            Self::PurposeNotCovered { .. } => ("PURPOSE_NOT_COVERED", 14, WAIVER, Some(Remedy::WidenScope)),
            Self::ActNotConsented { .. } => ("ACT_NOT_CONSENTED", 15, Some("HSL-16-4"), Some(Remedy::WidenScope)),
            Self::EvidenceNotAccepted => ("EVIDENCE_NOT_ACCEPTED", 16, WAIVER, Some(Remedy::AcceptEvidence)),
            Self::CustodyUnverified => ("CUSTODY_UNVERIFIED", 17, CUSTODY, Some(Remedy::VerifyCustody)),
            Self::CustodyOutdated { .. } => ("CUSTODY_OUTDATED", 18, CUSTODY, Some(Remedy::VerifyCustody)),
            Self::NoCompetentSignatory => ("NO_COMPETENT_SIGNATORY", 19, CUSTODY, Some(Remedy::VerifyCustody)),
            Self::MaturityUnassessed => ("MATURITY_UNASSESSED", 20, CHILD, Some(Remedy::AssessMaturity)),
            Self::FactNotAttested => ("FACT_NOT_ATTESTED", 35, CHILD, Some(Remedy::AttestFact)),
            Self::SubjectMissing => ("SUBJECT_MISSING", 21, None, Some(Remedy::RegisterIndividual)),
            Self::BasisNotForKind { .. } => ("BASIS_NOT_FOR_KIND", 22, WAIVER, Some(Remedy::ChangeBasis)),
            Self::ProvisionUnknown => ("PROVISION_UNKNOWN", 23, None, Some(Remedy::ChangeBasis)),
            Self::ProvisionNotInForce => ("PROVISION_NOT_IN_FORCE", 24, None, Some(Remedy::ChangeBasis)),
            Self::ProvisionOff => ("PROVISION_OFF", 25, None, Some(Remedy::RequestConsent)),
            Self::ProvisionSenderMismatch => ("PROVISION_SENDER_MISMATCH", 26, None, Some(Remedy::ChangeBasis)),
            Self::ProvisionRecipientMismatch => ("PROVISION_RECIPIENT_MISMATCH", 27, None, Some(Remedy::ChangeBasis)),
            Self::ProvisionCircumstanceMissing => ("PROVISION_CIRCUMSTANCE_MISSING", 28, None, Some(Remedy::ChangeBasis)),
            Self::ProvisionReasonMissing => ("PROVISION_REASON_MISSING", 29, None, Some(Remedy::StateReason)),
            Self::NotBoardReception => ("NOT_BOARD_RECEPTION", 30, Some("SOL2025-19-1"), Some(Remedy::SendToReception)),
            Self::BasisEnded => ("BASIS_ENDED", 31, REVOCATION, Some(Remedy::SendAnew)),
            Self::DeliveryWithheld => ("DELIVERY_WITHHELD", 32, REVOCATION, Some(Remedy::SendAnew)),
            Self::DeliveryExpired => ("DELIVERY_EXPIRED", 33, None, Some(Remedy::SendAnew)),
            Self::DeliveryWaiting => ("DELIVERY_WAITING", 36, None, Some(Remedy::Wait)),
            Self::KeyCompromised => ("KEY_COMPROMISED", 37, None, Some(Remedy::SendAnew)),
        }
    }
}

/// What gives someone in this capacity the power to sign.
const fn power(capacity: Capacity) -> &'static str {
    match capacity {
        Capacity::Guardian => "FB-6-11",
        Capacity::Individual | Capacity::Representative => "OSL-10-1",
        Capacity::Board => "LVU-11",
    }
}

impl core::fmt::Display for Reason {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.code())
    }
}
