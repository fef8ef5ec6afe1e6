//! Taking permission back turns no denial into a permit: looked for in the log alone, between two decisions on the
//! same question that nothing but such steps lies between.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use samrum_server::ledger::{Details, Event};

use super::replay::Line;
use crate::simulation::history::Record;
use crate::simulation::order::Order;

/// Within so short a time nothing begins or ends by itself here: periods begin and end on other moments.
const SHORT: SignedDuration = SignedDuration::from_secs(120);

/// What was so of a case when a question about it was denied.
struct Denied<'a> {
    line: &'a Line,
    /// How often something had been given that may allow more.
    given: usize,
    /// How often something had been taken back.
    taken: usize,
}

/// Judges it; answers how many pairs of decisions were compared.
pub(super) fn judge(lines: &[Line], records: &[Record], broken: &mut Vec<String>) -> usize {
    let narrowings = records
        .iter()
        .filter(|record| matches!(&*record.order, Order::Narrow { .. }));
    let narrowings: Vec<_> = narrowings
        .filter_map(|record| record.done())
        .map(|done| done.entry)
        .collect();
    let (mut given, mut taken) = (Counts::default(), Counts::default());
    let mut denied: BTreeMap<String, Denied<'_>> = BTreeMap::new();
    let mut compared = 0;
    for line in lines {
        let details = &line.details;
        if takes_back(details) || narrowings.contains(&line.entry) {
            taken.count(details);
        } else if gives(details) {
            given.count(details);
        }
        for (question, case, permitted) in decisions(details) {
            let now = (given.of(&case), taken.of(&case));
            if let Some(then) = denied.get(&question) {
                let lately = details.at.duration_since(then.line.details.at) < SHORT;
                let only_taken = then.given == now.0 && then.taken < now.1;
                if lately && only_taken {
                    compared += 1;
                    if permitted {
                        broken.push(format!(
                            "entry {}: permits what was denied before less was allowed",
                            line.entry
                        ));
                    }
                }
            }
            if !permitted {
                let (given, taken) = now;
                denied.insert(question, Denied { line, given, taken });
            }
        }
    }
    compared
}

/// How often something happened to each case, and to all of them.
#[derive(Default)]
struct Counts(BTreeMap<String, usize>, usize);

impl Counts {
    fn count(&mut self, details: &Details) {
        let about = details.matter.as_ref().map(|matter| &matter.subjects);
        match (details.event, about) {
            (Event::Consent, Some(cases)) => {
                for case in cases {
                    *self.0.entry(case.clone()).or_default() += 1;
                }
            }
            _ => self.1 += 1,
        }
    }

    fn of(&self, case: &str) -> usize {
        self.0.get(case).copied().unwrap_or_default() + self.1
    }
}

/// The questions that an entry decides, each with the case that it is about and its answer.
fn decisions(details: &Details) -> Vec<(String, String, bool)> {
    let (Event::Check | Event::Send, Some(matter)) = (details.event, &details.matter) else {
        return Vec::new();
    };
    let verdicts = details.verdicts.iter();
    verdicts
        .map(|verdict| {
            let question = format!(
                "{:?} {} {:?} {:?} {:?} {:?} {}",
                details.by,
                verdict.recipient,
                matter.kind,
                matter.purpose,
                matter.categories,
                matter.subjects,
                matter.stated_reasons.contains_key(&verdict.recipient)
            );
            let case = matter.subjects.first().cloned().unwrap_or_default();
            (question, case, verdict.permitted)
        })
        .collect()
}

fn takes_back(details: &Details) -> bool {
    let step = details.consent.as_ref().map(|step| step.step.as_str());
    matches!(step, Some("DECLINED" | "REVOKED"))
}

/// Whatever may allow more: everything that is not known to do nothing, or less.
fn gives(details: &Details) -> bool {
    match details.event {
        Event::Check | Event::Send | Event::Fetch | Event::Withheld | Event::Expired | Event::Alarmed => {
            false
        }
        Event::Consent => details.consent.is_some(),
        _ => true,
    }
}
