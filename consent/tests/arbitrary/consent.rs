//! Arbitrary consents: mostly in force and wide enough, each part now and then not.

use std::collections::BTreeSet;

use samrum_consent::consent::{Consent, End, Evidence, Signatory, Signature, Signer, State};
use samrum_consent::fact::Unit;
use samrum_consent::id::{AuthorityId, PersonId, UnitId};
use samrum_consent::scope::{Exclusions, Period, Scope, ScopeParts};
use samrum_consent::vocabulary::{Act, Category, Direction, Kind, Purpose};

use super::{CATEGORIES, Chance, SECOND, Setting, any_unit};
use crate::world::{
    AGENT, CHILD, DOCUMENT, GOOD_MAN, GUARDIAN, NEW_GUARDIAN, OTHER_GUARDIAN, consent_id, days, oral, paper,
    portal, unit,
};

/// Kinds that a scope names.
const KINDS: [Kind; 4] = [Kind::Note, Kind::Plan, Kind::Information, Kind::PreMeeting];

/// Exclusions, mostly none.
pub(crate) fn exclusions(chance: &mut Chance) -> Exclusions {
    if !chance.once_in(6) {
        return Exclusions::default();
    }
    let mut exclusions = Exclusions::default();
    match chance.below(4) {
        0 => {
            exclusions.units.insert(any_unit(chance).id);
        }
        1 => {
            exclusions.documents.insert(DOCUMENT);
        }
        _ => {
            exclusions.categories = chance.some(&CATEGORIES);
        }
    }
    exclusions
}

fn units(chance: &mut Chance, usual: &Unit) -> BTreeSet<UnitId> {
    let mut units = BTreeSet::from([usual.id]);
    for _ in 0..chance.few() {
        units.insert(any_unit(chance).id);
    }
    if chance.once_in(20) {
        units = BTreeSet::from([any_unit(chance).id]);
    }
    units
}

fn categories(chance: &mut Chance) -> BTreeSet<Category> {
    match chance.below(10) {
        0..=2 => Category::ALL.iter().copied().collect(),
        3..=5 => chance.some(&CATEGORIES),
        _ => CATEGORIES.into(),
    }
}

fn scope(chance: &mut Chance, setting: &Setting) -> Scope {
    let now = setting.now;
    let near = [now - SECOND, now, now + SECOND];
    let parts = ScopeParts {
        sources: units(chance, &setting.sender),
        recipients: units(chance, &setting.recipient),
        direction: chance.mostly(Direction::OneWay, 6, &[Direction::Circle]),
        categories: categories(chance),
        kinds: if chance.once_in(12) {
            chance.some(&KINDS)
        } else {
            KINDS.into()
        },
        purpose: chance.mostly(setting.purpose, 25, Purpose::ALL),
        acts: chance.mostly([Act::Share, Act::Plan].into(), 8, &[[Act::Share].into()]),
        period: Period {
            from: chance.mostly(now - days(30), 20, &near),
            until: chance.mostly(now + days(100), 20, &[now - days(1), now, now + SECOND * 2]),
        },
        exclusions: exclusions(chance),
    };
    let usual = Period {
        from: now - days(30),
        until: now + days(100),
    };
    let whole = ScopeParts {
        period: usual,
        ..parts.clone()
    };
    // A period that ends before it begins is no scope.
    Scope::parse(parts).unwrap_or_else(|_| Scope::parse(whole).expect("within every limit"))
}

fn state(chance: &mut Chance, setting: &Setting) -> State {
    let at = setting.now - days(29);
    match chance.below(14) {
        0 => State::Requested,
        1 => State::Ended {
            how: chance.of(&[End::Declined, End::Revoked, End::Expired, End::Superseded]),
            at,
            was_active: chance.once_in(2),
        },
        _ => State::Active { since: at },
    }
}

fn evidence(chance: &mut Chance, setting: &Setting) -> Evidence {
    if !chance.once_in(8) {
        return portal();
    }
    let by = if chance.once_in(3) {
        setting.sender.clone()
    } else {
        any_unit(chance)
    };
    if chance.once_in(2) { paper(&by) } else { oral(&by) }
}

/// Mostly everyone who may have to sign was asked.
fn asked(chance: &mut Chance, person: PersonId) -> Vec<Signer> {
    let board = Signer::Board(unit::social_services().authority);
    let people = |people: &[PersonId]| people.iter().copied().map(Signer::Person).collect::<Vec<_>>();
    let guardians = people(&[GUARDIAN, OTHER_GUARDIAN]);
    match chance.below(12) {
        0 => people(&[OTHER_GUARDIAN, GUARDIAN, person]),
        1 => people(&[person]),
        2 => people(&[GUARDIAN]),
        3 => vec![board, Signer::Person(CHILD)],
        4 => people(&[GOOD_MAN]),
        5 | 6 => guardians,
        _ => {
            let mut all = people(&[person, NEW_GUARDIAN, GOOD_MAN, AGENT]);
            all.push(board);
            [guardians, all].concat()
        }
    }
}

/// Any consent about the person, with this number.
pub(crate) fn consent(chance: &mut Chance, setting: &Setting, person: PersonId, number: u8) -> Consent {
    let signed = |chance: &mut Chance, signer| {
        let signature = Signature {
            evidence: evidence(chance, setting),
            at: setting.now - days(29),
        };
        Signatory {
            signer,
            signature: (!chance.once_in(18)).then_some(signature),
        }
    };
    let signatories = asked(chance, person)
        .into_iter()
        .map(|signer| signed(chance, signer))
        .collect();
    let mut accepted_by: BTreeSet<AuthorityId> = BTreeSet::new();
    for _ in 0..chance.few() {
        let stranger = any_unit(chance).authority;
        accepted_by.insert(chance.of(&[setting.sender.authority, stranger]));
    }
    let any = any_unit(chance).id;
    Consent {
        id: consent_id(number),
        individual: chance.mostly(person, 30, &[NEW_GUARDIAN]),
        requester: chance.mostly(unit::child_psychiatry().id, 4, &[setting.sender.id, any]),
        scope: scope(chance, setting),
        state: state(chance, setting),
        signatories,
        accepted_by,
        requested_at: setting.now - days(29 + i64::from(chance.once_in(2))),
        revision: 1,
    }
}
