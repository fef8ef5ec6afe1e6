//! Which pairs show which reason and which provision: counted from answers, never claimed by a pair.

use std::collections::{BTreeMap, BTreeSet};

use samrum_consent::law::{Law, Role};
use samrum_consent::reason::Reason;

use crate::table::{Book, Case, Pair};

/// Provisions that decide who must sign and what a consent lifts.
const SIGNING: [&str; 4] = ["FB-6-11", "LVU-11", "OSL-10-1", "OSL-12-3"];

macro_rules! reasons {
    ($($variant:ident $code:literal)*) => {
        /// The code of every reason that a decision can give.
        pub(crate) const REASONS: &[&str] = &[$($code),*];

        /// Stops compiling when a reason comes that has no row here.
        fn row(reason: &Reason) -> Option<&'static str> {
            match reason {
                $(Reason::$variant { .. } => Some($code),)*
                // Said of a delivery by the exchange, never decided.
                Reason::DeliveryWaiting
                | Reason::DeliveryWithheld
                | Reason::DeliveryExpired
                | Reason::KeyCompromised => None,
            }
        }
    };
}

reasons! {
    ConsentMissing "CONSENT_MISSING"
    SignatureMissing "SIGNATURE_MISSING"
    ConsentDeclined "CONSENT_DECLINED"
    ConsentRevoked "CONSENT_REVOKED"
    ConsentExpired "CONSENT_EXPIRED"
    ConsentNotYetValid "CONSENT_NOT_YET_VALID"
    ConsentSuperseded "CONSENT_SUPERSEDED"
    SenderOutsideScope "SENDER_OUTSIDE_SCOPE"
    RecipientOutsideScope "RECIPIENT_OUTSIDE_SCOPE"
    CategoryNotCovered "CATEGORY_NOT_COVERED"
    CategoryExcluded "CATEGORY_EXCLUDED"
    UnitExcluded "UNIT_EXCLUDED"
    DocumentExcluded "DOCUMENT_EXCLUDED"
    KindNotCovered "KIND_NOT_COVERED"
    PurposeNotCovered "PURPOSE_NOT_COVERED"
    ActNotConsented "ACT_NOT_CONSENTED"
    EvidenceNotAccepted "EVIDENCE_NOT_ACCEPTED"
    CustodyUnverified "CUSTODY_UNVERIFIED"
    CustodyOutdated "CUSTODY_OUTDATED"
    NoCompetentSignatory "NO_COMPETENT_SIGNATORY"
    MaturityUnassessed "MATURITY_UNASSESSED"
    FactNotAttested "FACT_NOT_ATTESTED"
    SubjectMissing "SUBJECT_MISSING"
    BasisNotForKind "BASIS_NOT_FOR_KIND"
    ProvisionUnknown "PROVISION_UNKNOWN"
    ProvisionNotInForce "PROVISION_NOT_IN_FORCE"
    ProvisionOff "PROVISION_OFF"
    ProvisionSenderMismatch "PROVISION_SENDER_MISMATCH"
    ProvisionRecipientMismatch "PROVISION_RECIPIENT_MISMATCH"
    ProvisionCircumstanceMissing "PROVISION_CIRCUMSTANCE_MISSING"
    ProvisionReasonMissing "PROVISION_REASON_MISSING"
    NotBoardReception "NOT_BOARD_RECEPTION"
    BasisEnded "BASIS_ENDED"
}

/// Rows by name, each with the pairs that show it.
pub(crate) type Rows = BTreeMap<String, Vec<String>>;

/// A reason is shown by a pair where one case is refused for it and the other permitted.
pub(crate) fn by_reason(book: &Book) -> Rows {
    let mut rows: Rows = REASONS
        .iter()
        .map(|code| ((*code).to_owned(), Vec::new()))
        .collect();
    for pair in book.pairs() {
        let (_, refused) = parted(book, pair);
        for code in refused.codes.iter().collect::<BTreeSet<_>>() {
            let shown = rows.get_mut(*code).expect("a decided reason");
            shown.push(pair.id.clone());
        }
    }
    rows
}

/// A basis or a duty is shown by a pair where it carries one case and the other is refused; a provision about
/// signing by a pair that stands under it.
pub(crate) fn by_provision(book: &Book) -> Rows {
    let mut rows: Rows = decisive(&book.law).map(|id| (id, Vec::new())).collect();
    for pair in book.pairs() {
        let (permitted, _) = parted(book, pair);
        for (id, shown) in &mut rows {
            let grounds = permitted.answer.values().any(|answer| answer.yes.contains(id));
            let signing = SIGNING.contains(&id.as_str()) && pair.provision == *id;
            if grounds || signing {
                shown.push(pair.id.clone());
            }
        }
    }
    rows
}

/// The provisions that must have a row.
fn decisive(law: &Law) -> impl Iterator<Item = String> {
    let carries = law
        .provisions()
        .iter()
        .filter(|provision| matches!(provision.role, Role::Basis | Role::Duty));
    let ids = carries.map(|provision| provision.id.clone());
    ids.chain(SIGNING.map(str::to_owned))
}

/// The case that is permitted, and the one that is refused.
fn parted(book: &Book, pair: &Pair) -> (Case, Case) {
    let (first, second) = (book.first(pair), book.second(pair));
    if first.permitted {
        (first, second)
    } else {
        (second, first)
    }
}

/// Prints the rows and gives the empty ones.
pub(crate) fn print(rows: &Rows) -> Vec<&str> {
    for (row, shown) in rows {
        println!("{row:32} {:2}  {}", shown.len(), shown.join(" "));
    }
    let empty = rows.iter().filter(|(_, shown)| shown.is_empty());
    empty.map(|(row, _)| row.as_str()).collect()
}

#[test]
fn rows_are_named_by_the_codes() {
    let named = [
        Reason::ConsentMissing,
        Reason::FactNotAttested,
        Reason::BasisEnded,
    ];
    for reason in named {
        assert_eq!(row(&reason), Some(reason.code()));
    }
    assert_eq!(row(&Reason::DeliveryExpired), None);
}
