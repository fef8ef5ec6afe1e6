//! Every case: who asks about whom, to whom, on what; the answer that it must have; and a title in both languages.

use samrum_ui::Language;

use crate::cases::people::Child;
use crate::world::{
    CHILD_PSYCHIATRY, PRIVATE_CLINIC, PUPIL_HEALTH, RECEPTION, SCHOOL, SOCIAL_SERVICES, Unit,
};

/// Why a provision applies, as the one who asks writes it.
pub(super) const REASON: &str = "The clinic needs to know about the support at home to plan the treatment.";
/// Why a provision is turned on, and who decided, as the operator writes it.
pub(super) const DECIDED: &str = "Decided by the invented steering group of Exempelby and Region Exempel.";

/// Necessary support from social services.
pub(crate) const NECESSARY_SUPPORT: &str = "OSL-26-9";
/// The general clause.
const GENERAL_CLAUSE: &str = "OSL-10-27";

/// The answer that a case must have.
#[derive(Debug, Clone, Copy)]
pub(super) enum Must {
    /// Yes, on a consent.
    PermitOnConsent,
    /// Yes, on this provision.
    PermitOn(&'static str),
    /// No, for these reasons and no other.
    Deny(&'static [&'static str]),
}

/// One case.
#[derive(Debug)]
pub(super) struct Case {
    /// Its stable id.
    pub(super) id: &'static str,
    /// What it shows, in Swedish and in English.
    title: [&'static str; 2],
    /// What the operator turns on before it.
    pub(super) turned_on_first: Option<&'static str>,
    /// Who asks.
    pub(super) asker: &'static Unit,
    /// About whom.
    pub(super) child: Child,
    /// To whom it would be sent.
    pub(super) recipient: &'static Unit,
    /// About what.
    pub(super) categories: &'static [&'static str],
    /// In which document.
    pub(super) kind: &'static str,
    /// Why.
    pub(super) purpose: &'static str,
    /// The provision that is relied on; without one, consent or the kind's duty.
    pub(super) provision: Option<&'static str>,
    /// How it is asked.
    pub(super) put: Put,
    /// The answer.
    pub(super) must: Must,
}

/// How a case is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    /// May I share this?
    Check,
    /// Consent is asked for, and the hub refuses: nobody's yes would suffice. Then the decision is explained.
    Explain,
}

/// The title in a language.
pub(super) const fn title(case: &Case, language: Language) -> &'static str {
    let [swedish, english] = case.title;
    match language {
        Language::Swedish => swedish,
        Language::English => english,
    }
}

/// What most cases are: social services would send a note to child psychiatry.
const NOTE: Case = Case {
    id: "",
    title: ["", ""],
    turned_on_first: None,
    asker: &SOCIAL_SERVICES,
    child: Child::Consented,
    recipient: &CHILD_PSYCHIATRY,
    categories: &["SCHOOL_SITUATION", "HEALTH_MENTAL"],
    kind: "NOTE",
    purpose: "SIP",
    provision: None,
    put: Put::Check,
    must: Must::PermitOnConsent,
};

/// What is shared on a provision: what the support at home is.
const SUPPORT: Case = Case {
    categories: &["SOCIAL_SUPPORT"],
    kind: "INFORMATION",
    purpose: "ASSESSMENT_SUPPORT",
    provision: Some(NECESSARY_SUPPORT),
    ..NOTE
};

/// Every case, in order.
pub(super) const CASES: &[Case] = &[
    Case {
        id: "allowed",
        title: [
            "Båda vårdnadshavarna har skrivit under: får socialtjänsten skicka en anteckning till BUP?",
            "Both guardians have signed: may social services send a note to child psychiatry?",
        ],
        ..NOTE
    },
    Case {
        id: "guardian-missing",
        title: [
            "Samma fråga, men den ena vårdnadshavaren har inte skrivit under.",
            "The same question, but one guardian has not signed.",
        ],
        child: Child::HalfSigned,
        must: Must::Deny(&["SIGNATURE_MISSING"]),
        ..NOTE
    },
    Case {
        id: "category-excluded",
        title: [
            "Anteckningen handlar också om läkemedel, som vårdnadshavarna har undantagit.",
            "The note is about medicines too, which the guardians have excluded.",
        ],
        categories: &["SCHOOL_SITUATION", "MEDICATION"],
        must: Must::Deny(&["CATEGORY_EXCLUDED"]),
        ..NOTE
    },
    Case {
        id: "recipient-outside",
        title: [
            "Mottagaren är en privat mottagning som samtycket inte nämner.",
            "The recipient is a private clinic that the consent does not name.",
        ],
        recipient: &PRIVATE_CLINIC,
        must: Must::Deny(&["RECIPIENT_OUTSIDE_SCOPE"]),
        ..NOTE
    },
    Case {
        id: "expired",
        title: ["Samtyckets tid är ute.", "The period of the consent has ended."],
        child: Child::Expired,
        must: Must::Deny(&["CONSENT_EXPIRED"]),
        ..NOTE
    },
    Case {
        id: "maturity-unassessed",
        title: [
            "Barnet är tretton år. BUP har bedömt mognaden, men socialtjänsten har inte gjort sin bedömning.",
            "The child is thirteen. Child psychiatry has assessed maturity; social services have not made theirs.",
        ],
        child: Child::Thirteen,
        must: Must::Deny(&["MATURITY_UNASSESSED"]),
        ..NOTE
    },
    Case {
        id: "custody-unverified",
        title: [
            "Ingen har kontrollerat vem som har vårdnaden: inget samtycke kan begäras.",
            "Nobody has checked who has custody: no consent can be asked for.",
        ],
        child: Child::Unverified,
        put: Put::Explain,
        must: Must::Deny(&["CUSTODY_UNVERIFIED"]),
        ..NOTE
    },
    Case {
        id: "support-off",
        title: [
            "Utan samtycke, på bestämmelsen om nödvändigt stöd, som navets drift inte har slagit på.",
            "Without consent, on the provision for necessary support, which the operator has not turned on.",
        ],
        must: Must::Deny(&["PROVISION_OFF"]),
        ..SUPPORT
    },
    Case {
        id: "support-between-authorities",
        title: [
            "Nu är den påslagen: från socialtjänsten till BUP, en myndighet till en annan.",
            "Now it is turned on: from social services to child psychiatry, one authority to another.",
        ],
        turned_on_first: Some(NECESSARY_SUPPORT),
        must: Must::PermitOn(NECESSARY_SUPPORT),
        ..SUPPORT
    },
    Case {
        id: "support-to-school",
        title: [
            "Samma bestämmelse, till en skola: skolor nämns inte i den.",
            "The same provision, to a school: it does not name schools.",
        ],
        recipient: &SCHOOL,
        must: Must::Deny(&["PROVISION_RECIPIENT_MISMATCH"]),
        ..SUPPORT
    },
    Case {
        id: "support-to-private-clinic",
        title: [
            "Samma bestämmelse, till en privat mottagning: den gäller mellan myndigheter.",
            "The same provision, to a private clinic: it is for authorities.",
        ],
        recipient: &PRIVATE_CLINIC,
        must: Must::Deny(&["PROVISION_RECIPIENT_MISMATCH"]),
        ..SUPPORT
    },
    Case {
        id: "plan-on-support",
        title: [
            "En samordnad individuell plan på samma bestämmelse: planer bärs bara av samtycke.",
            "A coordinated individual plan on the same provision: consent alone carries plans.",
        ],
        kind: "PLAN",
        must: Must::Deny(&["BASIS_NOT_FOR_KIND"]),
        ..SUPPORT
    },
    Case {
        id: "general-clause-from-health-care",
        title: [
            "BUP åberopar generalklausulen, som är påslagen: den bryter inte sjukvårdens sekretess.",
            "Child psychiatry relies on the general clause, turned on: it does not reach health care's secrecy.",
        ],
        turned_on_first: Some(GENERAL_CLAUSE),
        asker: &CHILD_PSYCHIATRY,
        recipient: &PUPIL_HEALTH,
        categories: &["HEALTH_MENTAL"],
        provision: Some(GENERAL_CLAUSE),
        must: Must::Deny(&["PROVISION_SENDER_MISMATCH"]),
        ..SUPPORT
    },
    Case {
        id: "concern-report",
        title: [
            "En orosanmälan från elevhälsan till socialnämndens mottagning behöver inget samtycke.",
            "A concern report from pupil health to the board's reception needs no consent.",
        ],
        asker: &PUPIL_HEALTH,
        recipient: &RECEPTION,
        categories: &["HOME_FAMILY"],
        kind: "CONCERN_REPORT",
        purpose: "ASSESSMENT_SUPPORT",
        must: Must::PermitOn("SOL2025-19-1"),
        ..NOTE
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_case_has_its_own_id_and_a_title_in_both_languages() {
        let ids: BTreeSet<_> = CASES.iter().map(|case| case.id).collect();
        assert_eq!(ids.len(), CASES.len());
        for case in CASES {
            let [swedish, english] = case.title;
            assert!(
                !swedish.is_empty() && !english.is_empty() && swedish != english,
                "{}",
                case.id
            );
        }
    }

    #[test]
    fn what_a_case_relies_on_is_turned_on_once_and_before_it() {
        let first = |wanted: &str| {
            let turned = CASES.iter().filter(|case| case.turned_on_first == Some(wanted));
            assert_eq!(turned.count(), 1, "{wanted}");
            CASES.iter().position(|case| case.turned_on_first == Some(wanted))
        };
        for (place, case) in CASES.iter().enumerate() {
            let Some(provision) = case.provision else { continue };
            let off = matches!(case.must, Must::Deny(["PROVISION_OFF"]));
            assert_eq!(first(provision) > Some(place), off, "{}", case.id);
        }
    }
}
