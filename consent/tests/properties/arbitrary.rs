//! The arbitrary situations of `crate::arbitrary`, as strategies: a seed decides each, and the seed is what
//! a failure shows beside the situation.

use proptest::prelude::*;
use proptest::sample::select;
use samrum_consent::consent::Consent;
use samrum_consent::decide::Named;
use samrum_consent::fact::Unit;
use samrum_consent::id::PersonId;
use samrum_consent::scope::Exclusions;

use crate::arbitrary::{self, Chance, UNITS};
use crate::world::Situation;

fn chance() -> impl Strategy<Value = Chance> {
    any::<u64>().no_shrink().prop_map(Chance::new)
}

/// Any situation with one recipient.
pub(crate) fn situation() -> impl Strategy<Value = Situation> {
    chance().prop_map(|mut chance| arbitrary::situation(&mut chance))
}

/// Any unit of the world.
pub(crate) fn any_unit() -> impl Strategy<Value = Unit> {
    select(UNITS.clone())
}

/// Exclusions, mostly none.
pub(crate) fn exclusions() -> impl Strategy<Value = Exclusions> {
    chance().prop_map(|mut chance| arbitrary::exclusions(&mut chance))
}

/// Any basis, named now or fixed earlier.
pub(crate) fn basis() -> impl Strategy<Value = Named> {
    chance().prop_map(|mut chance| arbitrary::named(&mut chance))
}

/// Any situation, and one more consent about the person that might fit it.
pub(crate) fn situation_and_consent(
    person: PersonId,
    number: u8,
) -> impl Strategy<Value = (Situation, Consent)> {
    chance().prop_map(move |mut chance| {
        let situation = arbitrary::situation(&mut chance);
        let another = arbitrary::another_consent(&mut chance, &situation, person, number);
        (situation, another)
    })
}
