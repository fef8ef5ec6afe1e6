//! Whether consents cover a document for one recipient: every subject, and for each subject every category.
//!
//! Several consents may cover one document together; an exclusion limits only the consent that carries it.

use std::collections::BTreeSet;

use super::frame::{self, ended, frame};
use super::{ConsentVersion, Ground, Question};
use crate::consent::{Consent, Signer};
use crate::fact::{FactUsed, Subject};
use crate::guardian::{Matter, alternatives, capacity};
use crate::reason::Reason;
use crate::vocabulary::Category;

/// Judges on consent. With `fixed`, only those consents count: the ones the sending rested on. Notes which
/// facts it used.
pub(super) fn by_consents(
    question: &Question<'_>,
    fixed: Option<&[ConsentVersion]>,
    facts: &mut BTreeSet<FactUsed>,
) -> Result<Ground, Vec<Reason>> {
    let request = question.request;
    if request.kind.acts().is_none() {
        return Err(vec![Reason::BasisNotForKind { kind: request.kind }]);
    }
    if request.subjects.is_empty() {
        return Err(vec![Reason::SubjectMissing]);
    }
    let mut used = BTreeSet::new();
    let mut reasons = Vec::new();
    for id in &request.subjects {
        let subject = question.facts.subjects.iter().find(|subject| subject.id == *id);
        match subject.map_or(Err(vec![Reason::ConsentMissing]), |subject| {
            cover(question, subject, fixed, facts)
        }) {
            Ok(consents) => used.extend(consents),
            Err(failing) => reasons.extend(failing),
        }
    }
    if reasons.is_empty() {
        Ok(Ground::Consents(used.into_iter().collect()))
    } else {
        Err(reasons)
    }
}

/// What the person ruled out in a consent that the sender may know.
pub(super) fn ruled_out(question: &Question<'_>) -> BTreeSet<Reason> {
    let asked = &question.request.subjects;
    let subjects = question
        .facts
        .subjects
        .iter()
        .filter(|subject| asked.contains(&subject.id));
    let consents = subjects.flat_map(|subject| {
        let about = subject.individual.person;
        subject
            .consents
            .iter()
            .filter(move |consent| consent.individual == about)
    });
    consents
        .filter(|consent| consent.visible_to(question.facts.sender.id))
        .flat_map(|consent| frame::ruled_out(question, consent))
        .collect()
}

/// A consent with everything that fails about it whatever the category.
struct Framed<'a> {
    consent: &'a Consent,
    failing: Vec<Reason>,
}

/// A category that must be covered, with whose yes it needs now.
struct Wanted {
    category: Category,
    /// The sets of signers that suffice, or why nobody's yes would.
    required: Result<Vec<BTreeSet<Signer>>, Reason>,
}

/// The consents that cover one subject, or why none do.
fn cover(
    question: &Question<'_>,
    subject: &Subject,
    fixed: Option<&[ConsentVersion]>,
    facts: &mut BTreeSet<FactUsed>,
) -> Result<Vec<ConsentVersion>, Vec<Reason>> {
    let party = |consent: &Consent| match fixed {
        Some(fixed) => fixed.iter().any(|version| version.id == consent.id),
        None => consent.visible_to(question.facts.sender.id),
    };
    // Whoever loads the facts may mix people up; a yes about somebody else never counts.
    let counts = |consent: &&Consent| consent.individual == subject.individual.person && party(consent);
    let mut consents: Vec<&Consent> = subject.consents.iter().filter(counts).collect();
    // The newest first, so that the answer names what people remember.
    consents.sort_by_key(|consent| (core::cmp::Reverse(consent.requested_at), consent.id));
    if consents.is_empty() {
        return Err(vec![Reason::ConsentMissing]);
    }
    let wanted = wanted(question, subject, facts);
    let case = Case {
        question,
        subject,
        framed: consents
            .into_iter()
            .map(|consent| Framed {
                consent,
                failing: frame(question, consent),
            })
            .collect(),
        wanted,
    };
    let usable = case.framed.iter().any(|framed| framed.failing.is_empty());
    match fixed {
        Some(_) => case.by_category().map_err(|_| case.lost()),
        None if usable => case.by_category(),
        None => Err(case.nearest()),
    }
}

/// The categories that must be covered. Notes the facts that say whose yes each needs, or that nobody's would do.
fn wanted(question: &Question<'_>, subject: &Subject, facts: &mut BTreeSet<FactUsed>) -> Vec<Wanted> {
    let mut want = |category| Wanted {
        category,
        required: alternatives(
            &subject.individual,
            Matter {
                sender: question.facts.sender.id,
                purpose: question.request.purpose,
                category,
            },
            &question.law.policy,
            question.now,
            facts,
        ),
    };
    question.request.may_hold().into_iter().map(&mut want).collect()
}

/// One subject's consents against what must be covered.
struct Case<'a> {
    question: &'a Question<'a>,
    subject: &'a Subject,
    framed: Vec<Framed<'a>>,
    wanted: Vec<Wanted>,
}

impl Case<'_> {
    /// For every category the newest consent that carries it, or all that fails where it comes nearest.
    fn by_category(&self) -> Result<Vec<ConsentVersion>, Vec<Reason>> {
        let mut used = Vec::new();
        let mut reasons = Vec::new();
        let usable: Vec<&Consent> = self
            .framed
            .iter()
            .filter(|framed| framed.failing.is_empty())
            .map(|framed| framed.consent)
            .collect();
        for wanted in &self.wanted {
            let carries = |consent: &&&Consent| {
                covers(consent, wanted.category) && self.unsigned(consent, wanted).is_empty()
            };
            match usable.iter().find(carries) {
                Some(consent) => used.push(ConsentVersion {
                    id: consent.id,
                    revision: consent.revision,
                }),
                None => reasons.extend(self.missing(&usable, wanted)),
            }
        }
        if reasons.is_empty() && !used.is_empty() {
            Ok(used)
        } else {
            Err(reasons)
        }
    }

    /// What a category lacks: the yes of some who are asked, or a consent that names it.
    fn missing(&self, usable: &[&Consent], wanted: &Wanted) -> Vec<Reason> {
        let (covering, others): (Vec<&Consent>, Vec<&Consent>) = usable
            .iter()
            .partition(|consent| covers(consent, wanted.category));
        let unsigned = |consents: &[&Consent]| {
            let all = consents.iter().map(|consent| self.unsigned(consent, wanted));
            all.min_by_key(Vec::len).unwrap_or_default()
        };
        if covering.is_empty() {
            let mut reasons = unsigned(&others);
            reasons.push(uncovered(usable, wanted.category));
            reasons
        } else {
            unsigned(&covering)
        }
    }

    /// Every failing condition of the consent that comes nearest.
    fn nearest(&self) -> Vec<Reason> {
        let whole = self.framed.iter().map(|framed| {
            let mut all: BTreeSet<Reason> = framed.failing.iter().cloned().collect();
            for wanted in &self.wanted {
                all.extend(self.unsigned(framed.consent, wanted));
                if !covers(framed.consent, wanted.category) {
                    all.insert(uncovered(&[framed.consent], wanted.category));
                }
            }
            all
        });
        let nearest = whole.min_by_key(BTreeSet::len).unwrap_or_default();
        nearest.into_iter().collect()
    }

    /// What became of the consents that a sending rested on: for every category that nothing carries any
    /// more, all that fails in each consent naming it. One that was revoked is never hidden behind one that
    /// waits.
    fn lost(&self) -> Vec<Reason> {
        let carries = |framed: &&Framed<'_>, wanted: &Wanted| {
            framed.failing.is_empty()
                && covers(framed.consent, wanted.category)
                && self.unsigned(framed.consent, wanted).is_empty()
        };
        let mut reasons = Vec::new();
        for wanted in &self.wanted {
            let category = wanted.category;
            if self.framed.iter().any(|framed| carries(&framed, wanted)) {
                continue;
            }
            let naming = |framed: &&Framed<'_>| framed.consent.scope.categories().contains(&category);
            let before = reasons.len();
            for framed in self.framed.iter().filter(naming) {
                reasons.extend(framed.failing.iter().cloned());
                reasons.extend(self.unsigned(framed.consent, wanted));
                if !covers(framed.consent, category) {
                    reasons.push(Reason::CategoryExcluded { category });
                }
            }
            if reasons.len() == before {
                reasons.push(Reason::CategoryNotCovered { category });
            }
        }
        reasons
    }

    /// Whose yes this consent lacks for the category, in the set that comes nearest.
    fn unsigned(&self, consent: &Consent, wanted: &Wanted) -> Vec<Reason> {
        let required = match &wanted.required {
            // Nobody is asked to sign what is over.
            Ok(_) if ended(consent).is_some() => return Vec::new(),
            Ok(required) => required,
            Err(reason) => return vec![reason.clone()],
        };
        let sets = required.iter().map(|all| {
            let lacks = all.iter().filter_map(|signer| self.lacks(consent, *signer));
            lacks.collect::<Vec<_>>()
        });
        // Of two that lack as much, whom the consent has asked is nearer than whom it never asked.
        sets.min_by_key(|lacking| {
            (
                lacking.len(),
                lacking.iter().filter(|one| was_never_asked(one)).count(),
            )
        })
        .unwrap_or_else(|| vec![Reason::NoCompetentSignatory])
    }

    /// Why this signer's yes does not count for the sender, if it does not.
    fn lacks(&self, consent: &Consent, signer: Signer) -> Option<Reason> {
        let sender = &self.question.facts.sender;
        let number = consent.number_of(signer).unwrap_or(0);
        let signature = consent
            .signatory(number)
            .and_then(|signatory| signatory.signature.as_ref());
        let Some(signature) = signature else {
            let capacity = capacity(&self.subject.individual, signer, self.question.now);
            return Some(Reason::SignatureMissing {
                signatory: number,
                capacity,
            });
        };
        let counts = signature
            .evidence
            .recorded_by()
            .is_none_or(|recorder| recorder == sender.id || consent.accepted_by.contains(&sender.authority));
        (!counts).then_some(Reason::EvidenceNotAccepted)
    }
}

const fn was_never_asked(reason: &Reason) -> bool {
    matches!(reason, Reason::SignatureMissing { signatory: 0, .. })
}

fn covers(consent: &Consent, category: Category) -> bool {
    consent.scope.categories().contains(&category)
        && !consent.scope.exclusions().categories.contains(&category)
}

fn uncovered(consents: &[&Consent], category: Category) -> Reason {
    let excluded = consents
        .iter()
        .any(|consent| consent.scope.exclusions().categories.contains(&category));
    if excluded {
        Reason::CategoryExcluded { category }
    } else {
        Reason::CategoryNotCovered { category }
    }
}
