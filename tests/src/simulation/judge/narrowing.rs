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

/// Judges it; answers how many pairs of decisions were compared.
pub(super) fn judge(lines: &[Line], records: &[Record], broken: &mut Vec<String>) -> usize {
    let mut compared = 0;
    let mut denied: BTreeMap<String, (usize, &Line)> = BTreeMap::new();
    let mut givings = 0;
    let narrowings = records.iter().filter(|record| matches!(&*record.order, Order::Narrow { .. }));
    let narrowings: Vec<_> = narrowings.filter_map(|record| record.done()).map(|done| done.entry).collect();
    let mut reduced = 0;
    let mut reductions_at: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines {
        let details = &line.details;
        if takes_back(details) || narrowings.contains(&line.entry) {
            reduced += 1;
            continue;
        }
        if gives(details) {
            givings += 1;
            continue;
        }
        for (question, permitted) in decisions(details) {
            if !permitted {
                denied.insert(question.clone(), (givings, line));
                reductions_at.insert(question, reduced);
                continue;
            }
            let Some((then, first)) = denied.get(&question) else {
                continue;
            };
            let lately = details.at.duration_since(first.details.at) < SHORT;
            let since = reductions_at.get(&question).copied().unwrap_or_default();
            if *then == givings && lately && reduced > since {
                broken.push(format!("entry {}: permits what was denied before less was allowed", line.entry));
            }
        }
        if !denied.is_empty() {
            compared += decisions(details)
                .iter()
                .filter(|(question, permitted)| !permitted && reductions_at.get(question).is_some_and(|at| *at < reduced))
                .count();
        }
    }
    compared
}

/// The questions that an entry decides, each with its answer.
fn decisions(details: &Details) -> Vec<(String, bool)> {
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
            (question, verdict.permitted)
        })
        .collect()
}

fn takes_back(details: &Details) -> bool {
    let step = details.consent.as_ref().map(|step| step.step.as_str());
    matches!(step, Some("DECLINED" | "REVOKED"))
}

/// Whatever may allow more: everything that is not known to do nothing, or less.
fn gives(details: &Details) -> bool {
    !matches!(
        details.event,
        Event::Check | Event::Send | Event::Fetch | Event::Withheld | Event::Expired
    ) && !(details.event == Event::Consent && details.consent.is_none())
}
