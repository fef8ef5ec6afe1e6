//! Every reason that a decision can give is said in words, with its remedy and its provision.

use jiff::Timestamp;
use samrum_consent::reason::Reason;
use samrum_consent::vocabulary::{Act, Capacity, Category, Kind, Purpose};

use super::*;
use crate::provision;

/// One of each. A new variant does not compile until it stands here.
macro_rules! every_reason {
    ($($pattern:pat => $sample:expr,)*) => {
        fn every_reason() -> Vec<Reason> {
            fn listed(reason: Reason) -> Reason {
                match &reason { $($pattern => {})* }
                reason
            }
            vec![$(listed($sample),)*]
        }
    };
}

fn noon() -> Timestamp {
    "2026-03-03T11:00:00Z".parse().unwrap()
}

every_reason! {
    Reason::ConsentMissing => Reason::ConsentMissing,
    Reason::SignatureMissing { .. } => Reason::SignatureMissing { signatory: 2, capacity: Capacity::Guardian },
    Reason::ConsentDeclined => Reason::ConsentDeclined,
    Reason::ConsentRevoked => Reason::ConsentRevoked,
    Reason::ConsentExpired { .. } => Reason::ConsentExpired { until: noon() },
    Reason::ConsentNotYetValid { .. } => Reason::ConsentNotYetValid { from: noon() },
    Reason::ConsentSuperseded => Reason::ConsentSuperseded,
    Reason::SenderOutsideScope => Reason::SenderOutsideScope,
    Reason::RecipientOutsideScope => Reason::RecipientOutsideScope,
    Reason::CategoryNotCovered { .. } => Reason::CategoryNotCovered { category: Category::Medication },
    Reason::CategoryExcluded { .. } => Reason::CategoryExcluded { category: Category::Medication },
    Reason::UnitExcluded => Reason::UnitExcluded,
    Reason::DocumentExcluded => Reason::DocumentExcluded,
    Reason::KindNotCovered { .. } => Reason::KindNotCovered { kind: Kind::Plan },
    Reason::PurposeNotCovered { .. } => Reason::PurposeNotCovered { purpose: Purpose::Placement },
    Reason::ActNotConsented { .. } => Reason::ActNotConsented { act: Act::Plan },
    Reason::EvidenceNotAccepted => Reason::EvidenceNotAccepted,
    Reason::CustodyUnverified => Reason::CustodyUnverified,
    Reason::CustodyOutdated { .. } => Reason::CustodyOutdated { checked: noon() },
    Reason::NoCompetentSignatory => Reason::NoCompetentSignatory,
    Reason::MaturityUnassessed => Reason::MaturityUnassessed,
    Reason::FactNotAttested => Reason::FactNotAttested,
    Reason::SubjectMissing => Reason::SubjectMissing,
    Reason::BasisNotForKind { .. } => Reason::BasisNotForKind { kind: Kind::ConcernReport },
    Reason::ProvisionUnknown => Reason::ProvisionUnknown,
    Reason::ProvisionNotInForce => Reason::ProvisionNotInForce,
    Reason::ProvisionOff => Reason::ProvisionOff,
    Reason::ProvisionSenderMismatch => Reason::ProvisionSenderMismatch,
    Reason::ProvisionRecipientMismatch => Reason::ProvisionRecipientMismatch,
    Reason::ProvisionCircumstanceMissing => Reason::ProvisionCircumstanceMissing,
    Reason::ProvisionReasonMissing => Reason::ProvisionReasonMissing,
    Reason::NotBoardReception => Reason::NotBoardReception,
    Reason::BasisEnded => Reason::BasisEnded,
    Reason::DeliveryWithheld => Reason::DeliveryWithheld,
    Reason::DeliveryExpired => Reason::DeliveryExpired,
    Reason::DeliveryWaiting => Reason::DeliveryWaiting,
    Reason::KeyCompromised => Reason::KeyCompromised,
}

#[test]
fn every_reason_is_said_with_its_own_arguments() {
    for reason in every_reason() {
        let arguments = reason.arguments();
        for language in Language::ALL.iter().copied() {
            let sentence = reason_sentence(reason.code(), &arguments, language);
            assert!(sentence.ends_with('.'), "{reason} in {language}: {sentence}");
            // A capacity chooses the sentence and is not said in its own word.
            for (name, value) in arguments.iter().filter(|(name, _)| *name != "capacity") {
                let said = shown(name, value, language);
                assert!(
                    sentence.contains(&said),
                    "{reason} in {language} says its {name}: {sentence}"
                );
                let raw = value.len() > 1 && sentence.contains(value.as_str());
                assert!(!raw, "{reason} in {language} shows a code: {sentence}");
            }
        }
    }
}

#[test]
fn a_reason_without_its_argument_is_told_by_its_code() {
    for reason in every_reason() {
        let told = reason_sentence(reason.code(), &[] as &[(&str, &str)], Language::Swedish);
        assert_eq!(told == reason.code(), !reason.arguments().is_empty(), "{reason}");
    }
}

#[test]
fn every_remedy_and_every_provision_behind_a_reason_has_words() {
    for reason in every_reason() {
        for language in Language::ALL.iter().copied() {
            if let Some(remedy) = reason.remedy() {
                let sentence = remedy_sentence(remedy.code(), language);
                assert!(sentence.ends_with('.'), "{} in {language}", remedy.code());
            }
            if let Some(id) = reason.provision() {
                assert!(provision(id, language).is_some(), "{id} behind {reason}");
            }
        }
    }
}

#[test]
fn what_cannot_be_read_is_shown_as_it_came() {
    let say = |name, value| shown(name, value, Language::English);
    assert_eq!(say("category", "WEATHER"), "WEATHER");
    assert_eq!(say("until", "soon"), "soon");
    assert_eq!(say("unheard", "2"), "2");
    assert_eq!(remedy_sentence("PRAY", Language::Swedish), "PRAY");
}

#[test]
fn each_capacity_has_its_own_sentence_and_older_decisions_meant_guardians() {
    for language in Language::ALL.iter().copied() {
        let said = |capacity: Capacity| {
            let reason = Reason::SignatureMissing {
                signatory: 2,
                capacity,
            };
            reason_sentence(reason.code(), &reason.arguments(), language)
        };
        let all: std::collections::BTreeSet<_> = Capacity::ALL.iter().copied().map(said).collect();
        assert_eq!(all.len(), Capacity::ALL.len(), "{language}: {all:?}");
        let before = reason_sentence("SIGNATURE_MISSING", &[("signatory", "2")], language);
        assert_eq!(before, said(Capacity::Guardian));
    }
}
