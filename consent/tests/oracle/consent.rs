//! On consent, from domain, Consent 3–7 and 9: for everyone it is about, a sheet with a row per category and
//! a column per consent; each square says what is wrong there.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use samrum_consent::consent::{Consent, State};
use samrum_consent::decide::{ConsentVersion, Ground};
use samrum_consent::fact::Subject;
use samrum_consent::reason::Reason;
use samrum_consent::vocabulary::{Category, Kind};

use super::condition::{frame, missing_yes};
use super::{Case, Finding, signatory};

/// What is wrong with one consent for one category.
struct Square {
    /// Whatever the category: its life, period, parties, document, purpose, acts.
    frame: BTreeSet<Reason>,
    /// A yes that is missing or does not count, one for each person.
    yes: Vec<Reason>,
    /// That it does not open the category.
    closed: bool,
}

impl Square {
    fn carries(&self) -> bool {
        self.frame.is_empty() && self.yes.is_empty() && !self.closed
    }
}

/// Judges on consent; with `fixed`, on those alone.
pub(super) fn on_consent(case: &Case<'_>, fixed: Option<&[ConsentVersion]>) -> Finding {
    let kind = case.request.kind;
    if belongs_to_a_duty(kind) {
        return Finding::denied(Reason::BasisNotForKind { kind });
    }
    if case.request.subjects.is_empty() {
        return Finding::denied(Reason::SubjectMissing);
    }
    let mut facts = BTreeSet::new();
    let mut used = BTreeSet::new();
    let mut reasons = BTreeSet::new();
    for id in &case.request.subjects {
        // "Needs that person's consent too." To who is party to nothing there is no consent.
        let consents = case
            .known(*id)
            .map_or(Vec::new(), |subject| party_to(case, subject, fixed));
        let (Some(subject), false) = (case.known(*id), consents.is_empty()) else {
            reasons.insert(Reason::ConsentMissing);
            continue;
        };
        for category in case.categories() {
            facts.extend(signatory::needed(case, &subject.individual, category).facts);
        }
        let sheet = Sheet::new(case, subject, &consents);
        match (sheet.carried(), fixed) {
            (Some(versions), _) => used.extend(versions),
            (None, Some(_)) => reasons.extend(sheet.lost()),
            (None, None) => reasons.extend(sheet.missing()),
        }
    }
    let result = if reasons.is_empty() {
        Ok(Ground::Consents(used.into_iter().collect()))
    } else {
        Err(reasons)
    };
    Finding { result, facts }
}

const fn belongs_to_a_duty(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::ConcernReport
            | Kind::ConcernFeedback
            | Kind::InquiryInformation
            | Kind::AdmissionNotice
            | Kind::LvmReport
    )
}

/// The consents about this person that the sender may know, or that the sending rested on; newest first.
pub(super) fn party_to<'a>(
    case: &Case<'_>,
    subject: &'a Subject,
    fixed: Option<&[ConsentVersion]>,
) -> Vec<&'a Consent> {
    let mut consents: Vec<_> = subject
        .consents
        .iter()
        .filter(|consent| consent.individual == subject.individual.person)
        .filter(|consent| match fixed {
            Some(fixed) => fixed.iter().any(|version| version.id == consent.id),
            None => knows(case, consent),
        })
        .collect();
    consents.sort_by_key(|consent| (Reverse(consent.requested_at), consent.id));
    consents
}

/// The sender asked for it, or is named in it and it has been in force.
fn knows(case: &Case<'_>, consent: &Consent) -> bool {
    let been_in_force = match consent.state {
        State::Requested => false,
        State::Active { .. } => true,
        State::Ended { was_active, .. } => was_active,
    };
    let scope = &consent.scope;
    let named = scope.sources().contains(&case.sender()) || scope.recipients().contains(&case.sender());
    consent.requester == case.sender() || (been_in_force && named)
}

fn names(consent: &Consent, category: Category) -> bool {
    consent.scope.categories().contains(&category)
}

fn excludes(consent: &Consent, category: Category) -> bool {
    consent.scope.exclusions().categories.contains(&category)
}

/// One person's consents against every category.
struct Sheet<'a> {
    consents: &'a [&'a Consent],
    rows: Vec<(Category, Vec<Square>)>,
}

impl<'a> Sheet<'a> {
    fn new(case: &Case<'_>, subject: &Subject, consents: &'a [&'a Consent]) -> Self {
        let mut rows = Vec::new();
        for category in case.categories() {
            let needed = signatory::needed(case, &subject.individual, category);
            let square = |consent: &&Consent| Square {
                frame: frame(case, consent),
                yes: missing_yes(case, subject, consent, &needed),
                closed: !names(consent, category) || excludes(consent, category),
            };
            rows.push((category, consents.iter().map(square).collect()));
        }
        Self { consents, rows }
    }

    /// "Several consents covering one document together": for every category the newest that carries it.
    fn carried(&self) -> Option<BTreeSet<ConsentVersion>> {
        let mut versions = BTreeSet::new();
        for (_, squares) in &self.rows {
            let place = squares.iter().position(Square::carries)?;
            versions.insert(ConsentVersion {
                id: self.consents[place].id,
                revision: self.consents[place].revision,
            });
        }
        Some(versions)
    }

    /// What is missing now. Where some consent is usable but for categories and signatures, only those are
    /// spoken of; else everything that fails in the consent that comes nearest, the newest of several.
    fn missing(&self) -> BTreeSet<Reason> {
        let usable: Vec<usize> = (0..self.consents.len())
            .filter(|place| {
                self.rows
                    .iter()
                    .all(|(_, squares)| squares[*place].frame.is_empty())
            })
            .collect();
        if usable.is_empty() {
            let whole = (0..self.consents.len()).map(|place| self.everything(place));
            return whole.min_by_key(BTreeSet::len).expect("there is a consent");
        }
        let mut reasons = BTreeSet::new();
        for (category, squares) in &self.rows {
            if squares.iter().any(Square::carries) {
                continue;
            }
            let (closed, open): (Vec<usize>, Vec<usize>) =
                usable.iter().copied().partition(|place| squares[*place].closed);
            if open.is_empty() {
                reasons.insert(self.uncovered(&usable, *category));
            }
            let asked = if open.is_empty() { closed } else { open };
            let fewest = asked
                .iter()
                .map(|place| &squares[*place].yes)
                .min_by_key(|yes| yes.len());
            reasons.extend(fewest.into_iter().flatten().cloned());
        }
        reasons
    }

    fn everything(&self, place: usize) -> BTreeSet<Reason> {
        let mut all = BTreeSet::new();
        for (category, squares) in &self.rows {
            let square = &squares[place];
            all.extend(square.frame.iter().chain(&square.yes).cloned());
            if square.closed {
                all.insert(self.uncovered(&[place], *category));
            }
        }
        all
    }

    fn uncovered(&self, places: &[usize], category: Category) -> Reason {
        if places
            .iter()
            .any(|place| excludes(self.consents[*place], category))
        {
            Reason::CategoryExcluded { category }
        } else {
            Reason::CategoryNotCovered { category }
        }
    }

    /// At release: for every category that nothing carries any more, what became of all that named it.
    fn lost(&self) -> BTreeSet<Reason> {
        let mut reasons = BTreeSet::new();
        for (category, squares) in &self.rows {
            if squares.iter().any(Square::carries) {
                continue;
            }
            let mut named = false;
            for (consent, square) in self.consents.iter().zip(squares) {
                if names(consent, *category) {
                    named = true;
                    reasons.extend(square.frame.iter().chain(&square.yes).cloned());
                }
                if names(consent, *category) && excludes(consent, *category) {
                    reasons.insert(Reason::CategoryExcluded { category: *category });
                }
            }
            if !named {
                reasons.insert(Reason::CategoryNotCovered { category: *category });
            }
        }
        reasons
    }
}
