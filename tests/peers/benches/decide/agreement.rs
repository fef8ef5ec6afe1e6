//! Whether both engines say the same, before either is timed.

use std::collections::BTreeSet;

use samrum_consent::decide::{Answer, Ground};
use samrum_consent::law::Law;

use crate::cedar::{self, Peer};
use crate::measure::answer;
use crate::situation::Situation;

/// Situations that both judge.
const SITUATIONS: u64 = 10_000;
/// Of each kind of answer there must be so many, or the agreement says little.
const LEAST: u64 = 100;
/// Disagreements that are shown.
const SHOWN: u64 = 5;

/// How often what was said.
#[derive(Debug, Default)]
pub(crate) struct Agreement {
    /// Both said the same.
    pub(crate) agreed: u64,
    /// They did not.
    pub(crate) disagreed: u64,
    /// Both permitted on one consent.
    pub(crate) permitted: u64,
    /// Both permitted on several consents together.
    pub(crate) permitted_together: u64,
    /// Both denied, though the same situation without what was ruled out is permitted.
    pub(crate) denied_for_exclusion: u64,
    /// Both denied otherwise.
    pub(crate) denied: u64,
}

impl Agreement {
    /// Whether they agreed, and on enough of everything.
    pub(crate) fn holds(&self) -> bool {
        let each = [
            self.permitted,
            self.permitted_together,
            self.denied_for_exclusion,
            self.denied,
        ];
        self.disagreed == 0 && each.into_iter().all(|count| count >= LEAST)
    }
}

/// Asks both about every situation. With `sabotage`, ours overlooks what was ruled out.
pub(crate) fn check(peer: &Peer, law: &Law, sabotage: bool) -> Agreement {
    let mut agreement = Agreement::default();
    for seed in 0..SITUATIONS {
        let situation = Situation::arbitrary(seed);
        let theirs = peer.answer(&peer.prepare(&situation));
        let overlooking = situation.clone().overlooking_exclusions();
        let ours = answer(if sabotage { &overlooking } else { &situation }, law);
        if !same(&ours, &theirs) {
            agreement.disagreed += 1;
            if agreement.disagreed <= SHOWN {
                println!("disagreement at seed {seed}: ours {ours:?}, cedar {theirs:?}");
            }
            continue;
        }
        agreement.agreed += 1;
        let kind = match ours {
            Answer::Permit(Ground::Consents(consents)) if consents.len() > 1 => {
                &mut agreement.permitted_together
            }
            Answer::Permit(_) => &mut agreement.permitted,
            Answer::Deny(_) if matches!(answer(&overlooking, law), Answer::Permit(_)) => {
                &mut agreement.denied_for_exclusion
            }
            Answer::Deny(_) => &mut agreement.denied,
        };
        *kind += 1;
    }
    agreement
}

/// Both deny; or both permit, and every consent that ours rests on carries something by Cedar's word too, and
/// every category is carried by one of them.
fn same(ours: &Answer, theirs: &cedar::Answer) -> bool {
    match (ours, theirs) {
        (Answer::Deny(_), cedar::Answer::Deny) => true,
        (Answer::Permit(Ground::Consents(consents)), cedar::Answer::Permit(carried)) => {
            let rests_on: BTreeSet<String> = consents.iter().map(|consent| consent.id.to_string()).collect();
            let carrying: BTreeSet<&String> = carried.iter().flatten().collect();
            rests_on.iter().all(|consent| carrying.contains(consent))
                && carried.iter().all(|by| !by.is_disjoint(&rests_on))
        }
        _ => false,
    }
}
