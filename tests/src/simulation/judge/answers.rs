//! What was answered, by the order in which it was asked and answered; the log is not looked at.

use std::collections::BTreeMap;

use samrum_consent::id::{ConsentId, DeliveryId, DocumentId, EntryId};
use samrum_consent::vocabulary::Kind;
use samrum_server::store::{Delivery, DeliveryBasis};

use crate::simulation::course::Course;
use crate::simulation::history::{Moment, Record, Tried};
use crate::simulation::order::{Answer, Failure, Letter, Made, Order};

/// Judges them.
pub(super) fn judge(course: &Course<'_>) -> Vec<String> {
    let mut broken = Vec::new();
    let ends = ends(&course.records);
    let deliveries = deliveries(course);
    for record in &course.records {
        let mut say = |what: &str| broken.push(format!("{}: {what}", record.order.content()));
        if record.heard.is_none() && !record.order.is_chore() {
            say("was never answered");
        }
        if record.order.repeats_its_answer() && !says_the_same(record) {
            say("was answered in two ways");
        }
        for (tried, _, answer) in record.ended() {
            if let Answer::Failed(Failure::Other(what)) = answer {
                say(&format!("nobody should hear this: {what}"));
            }
            if let Some(consent) = on_ended(&record.order, tried, answer, (&ends, &deliveries)) {
                say(&format!("let through on {consent}, whose end had been answered"));
            }
            if let Some(what) = wrong_reader(course, &record.order, answer, &deliveries) {
                say(what);
            }
            if is_refused_duty(&record.order, answer) {
                say(&format!("a duty was refused: {answer}"));
            }
        }
    }
    broken.extend(reused_ids(course));
    broken
}

/// When the end of each consent was first answered.
fn ends(records: &[Record]) -> BTreeMap<ConsentId, Moment> {
    let mut ends: BTreeMap<ConsentId, Moment> = BTreeMap::new();
    for record in records {
        let Some(consent) = record.order.ends() else {
            continue;
        };
        for (_, ended, answer) in record.ended() {
            if matches!(answer, Answer::Done(_)) {
                let first = ends.entry(consent).or_insert(ended);
                if ended.step < first.step {
                    *first = ended;
                }
            }
        }
    }
    ends
}

/// Every delivery that was answered, with its letter.
fn deliveries<'a>(course: &'a Course<'_>) -> BTreeMap<DeliveryId, (&'a Letter, &'a Delivery)> {
    let mut deliveries = BTreeMap::new();
    for record in course.world.records.iter().chain(&course.records) {
        if let (Order::Send(letter), Some(Made::Deliveries(made))) =
            (&*record.order, record.done().map(|done| &done.made))
        {
            deliveries.extend(made.iter().map(|delivery| (delivery.id, (&**letter, delivery))));
        }
    }
    deliveries
}

type Known<'a> = (
    &'a BTreeMap<ConsentId, Moment>,
    &'a BTreeMap<DeliveryId, (&'a Letter, &'a Delivery)>,
);

/// The consent that something rests on, though its end had been answered before this was asked.
fn on_ended(
    order: &Order,
    tried: &Tried,
    answer: &Answer,
    (ends, deliveries): Known<'_>,
) -> Option<ConsentId> {
    let Answer::Done(done) = answer else { return None };
    let had_ended = |consent: &ConsentId| {
        let end = ends.get(consent);
        end.is_some_and(|end| end.step < tried.began.step)
    };
    let of = |delivery: &Delivery| match &delivery.basis {
        DeliveryBasis::Consents(consents) => consents.iter().map(|version| version.id).collect(),
        DeliveryBasis::Provision(_) => Vec::new(),
    };
    match (order, &done.made) {
        (Order::Fetch { delivery, .. }, _) => {
            let (_, delivery) = deliveries.get(delivery)?;
            of(delivery).into_iter().find(had_ended)
        }
        _ => None,
    }
}

/// Whoever is not the recipient finds nothing; the recipient finds the document that was sent.
fn wrong_reader(
    course: &Course<'_>,
    order: &Order,
    answer: &Answer,
    deliveries: &BTreeMap<DeliveryId, (&Letter, &Delivery)>,
) -> Option<&'static str> {
    let Order::Fetch { unit, delivery } = order else {
        return None;
    };
    let (letter, delivery) = deliveries.get(delivery)?;
    let reader = course.scene.cast.units[*unit].id;
    match answer {
        Answer::Failed(Failure::NotFound) if delivery.recipient == reader => {
            Some("the recipient's own delivery is not found")
        }
        Answer::Failed(_) => None,
        _ if delivery.recipient != reader => Some("another unit was told of it"),
        Answer::Done(done) => match &done.made {
            Made::Copy {
                sender,
                document,
                header_hash,
            } => {
                let same = *header_hash == letter.header_hash
                    && *document == letter.document
                    && *sender == delivery.sender;
                (!same).then_some("another document was handed out")
            }
            _ => Some("nothing was handed out"),
        },
        _ => None,
    }
}

/// The same request got the same ticket, and the same deliveries.
fn says_the_same(record: &Record) -> bool {
    let mut first: Option<(EntryId, Vec<u8>, Vec<DeliveryId>)> = None;
    for (_, _, answer) in record.ended() {
        let Answer::Done(done) = answer else { continue };
        let deliveries = match &done.made {
            Made::Deliveries(deliveries) => {
                let mut ids: Vec<DeliveryId> = deliveries.iter().map(|delivery| delivery.id).collect();
                ids.sort_unstable();
                ids
            }
            _ => Vec::new(),
        };
        let said = (done.entry, done.ticket.0.clone(), deliveries);
        match &first {
            None => first = Some(said),
            Some(first) if *first != said => return false,
            Some(_) => {}
        }
    }
    true
}

/// A report that is refused for anything but a busy hub, an id that was used, or somebody who is no child any more: that
/// they are not is `replay`'s to judge.
fn is_refused_duty(order: &Order, answer: &Answer) -> bool {
    let Order::Send(letter) = order else { return false };
    letter.matter.kind == Kind::ConcernReport
        && !matches!(
            answer,
            Answer::Done(_)
                | Answer::Failed(Failure::Later(_) | Failure::IdReused)
                | Answer::Refused {
                    code: "PROVISION_CIRCUMSTANCE_MISSING",
                    ..
                }
        )
}

/// One document per id: of several letters under one id only one is ever taken, and what comes after it is refused.
fn reused_ids(course: &Course<'_>) -> Vec<String> {
    let mut broken = Vec::new();
    let mut letters: BTreeMap<(usize, DocumentId), Vec<&Record>> = BTreeMap::new();
    for record in course.world.records.iter().chain(&course.records) {
        if let Order::Send(letter) = &*record.order {
            letters
                .entry((letter.sender, letter.document))
                .or_default()
                .push(record);
        }
    }
    for ((_, document), records) in letters {
        let taken = records.iter().filter(|record| record.done().is_some()).count();
        if taken > 1 {
            broken.push(format!("document {document} was taken {taken} times"));
        }
        let by = records.iter().filter(|record| record.done().is_some());
        let first = by
            .flat_map(|record| done_at(record))
            .map(|moment| moment.step)
            .min();
        let Some(first) = first else {
            let refused = |record: &&Record| {
                record
                    .ended()
                    .any(|(_, _, answer)| matches!(answer, Answer::Failed(Failure::IdReused)))
            };
            if records.iter().any(refused) {
                broken.push(format!("document {document}: a denial used up its id"));
            }
            continue;
        };
        for record in records.iter().filter(|record| record.done().is_none()) {
            for (tried, _, answer) in record.ended().filter(|(tried, ..)| tried.began.step > first) {
                let refused = matches!(answer, Answer::Failed(Failure::IdReused | Failure::Later(_)));
                if !refused {
                    broken.push(format!(
                        "document {document}: other bytes under its id at step {} were answered {answer}",
                        tried.began.step
                    ));
                }
            }
        }
    }
    broken
}

fn done_at(record: &Record) -> impl Iterator<Item = Moment> {
    record
        .ended()
        .filter(|(_, _, answer)| matches!(answer, Answer::Done(_)))
        .map(|(_, ended, _)| ended)
}
