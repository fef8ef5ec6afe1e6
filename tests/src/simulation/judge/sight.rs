//! What each side sees of a delivery, and what inboxes were told.

use std::collections::BTreeMap;

use samrum_consent::id::{DeliveryId, UnitId};
use samrum_server::service::Hub;
use samrum_server::store::{DeliveryState, InboxEvent, Store};

use super::replay::Replay;
use crate::simulation::course::Course;
use crate::simulation::order::{Answer, Made, Order};

/// Judges it.
pub(super) async fn judge(course: &Course<'_>, store: &dyn Store, replay: &Replay<'_>) -> Vec<String> {
    let mut broken = Vec::new();
    for (id, held) in &replay.model.held {
        let state = store.delivery(*id).await.unwrap().map(|delivery| delivery.state);
        if state != Some(held.state) {
            broken.push(format!(
                "delivery {id}: {state:?} in the store, {:?} by the log",
                held.state
            ));
        }
    }
    broken.extend(senders(course, replay).await);
    for unit in &course.scene.cast.units {
        let told = told(course, unit.id).await;
        broken.extend(inbox(course, unit.id, &told, replay));
        broken.extend(readings(course, unit.id, &told));
    }
    broken
}

/// What senders see, asked now and asked before.
async fn senders(course: &Course<'_>, replay: &Replay<'_>) -> Vec<String> {
    let mut broken = Vec::new();
    for record in course.world.records.iter().chain(&course.records) {
        let (Order::Send(letter), Some(Made::Deliveries(made))) =
            (&*record.order, record.done().map(|done| &done.made))
        else {
            continue;
        };
        let sender = course.scene.cast.units[letter.sender].id;
        let document = letter.document;
        let Ok(seen) = course.scene.hub.deliveries(sender, document).await else {
            broken.push(format!("document {document}: its sender does not find it"));
            continue;
        };
        if seen.len() != letter.matter.recipients.len() || made.len() != seen.len() {
            broken.push(format!("document {document}: has {} deliveries", seen.len()));
        }
        for delivery in seen {
            let by_log = replay.model.held.get(&delivery.id).map(|held| held.state);
            if by_log != Some(delivery.state) {
                broken.push(format!(
                    "delivery {}: its sender sees {:?}",
                    delivery.id, delivery.state
                ));
            }
        }
    }
    broken
}

/// Everything that an inbox tells, from the beginning, page by page.
async fn told(course: &Course<'_>, unit: UnitId) -> Vec<InboxEvent> {
    let mut all: Vec<InboxEvent> = Vec::new();
    loop {
        let cursor = all
            .last()
            .map(|event| Hub::cursor(event.position))
            .unwrap_or_default();
        let page = course.scene.hub.inbox(unit, &cursor).await.unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// Each event once, and those of one delivery in the order of the log: items to recipients, alarms to both sides.
fn inbox(course: &Course<'_>, unit: UnitId, told: &[InboxEvent], replay: &Replay<'_>) -> Vec<String> {
    let mut broken = Vec::new();
    let question = |delivery: &DeliveryId| replay.model.held.get(delivery).map(|held| &held.question);
    let received = |told: &&Told| question(&told.0).is_some_and(|question| question.recipient == unit);
    let sent = |told: &&Told| question(&told.0).is_some_and(|question| question.sender == unit);
    let found = |alarms: bool| -> Vec<Told> {
        let events = told.iter().filter(|event| event.alarmed_at.is_some() == alarms);
        events.map(|event| (event.delivery, event.state)).collect()
    };
    let wanted: Vec<_> = course
        .world
        .told
        .iter()
        .chain(&replay.told)
        .filter(received)
        .collect();
    broken.extend(agree((unit, "told"), &wanted, &found(false)));
    let both = |told: &&Told| received(told) || sent(told);
    let wanted: Vec<_> = replay.alarms.iter().filter(both).collect();
    broken.extend(agree((unit, "alarmed"), &wanted, &found(true)));
    if !told.is_sorted_by(|one, other| one.position < other.position) {
        broken.push(format!("inbox of {unit}: its cursor goes back"));
    }
    let own = |event: &&InboxEvent| {
        let question = question(&event.delivery);
        event.own_document.is_some() != question.is_some_and(|question| question.sender == unit)
    };
    let other = |event: &&InboxEvent| {
        let held = replay.model.held.get(&event.delivery);
        let wanted = held.and_then(|held| match held.state {
            _ if held.question.sender == unit => Some(held.question.recipient),
            DeliveryState::Withheld => None,
            _ => Some(held.question.sender),
        });
        event.other != wanted
    };
    if let Some(event) = told.iter().find(other) {
        broken.push(format!(
            "inbox of {unit}: says of {} that {:?} is the other side",
            event.delivery, event.other
        ));
    }
    if let Some(event) = told.iter().find(own) {
        broken.push(format!(
            "inbox of {unit}: names the document of {}",
            event.delivery
        ));
    }
    broken
}

/// A delivery, and what it became.
type Told = (DeliveryId, DeliveryState);

/// What an inbox was told is what it must be told.
fn agree((unit, how): (UnitId, &str), wanted: &[&Told], found: &[Told]) -> Vec<String> {
    let mut broken = Vec::new();
    let mut left: BTreeMap<_, usize> = BTreeMap::new();
    for (delivery, state) in found {
        *left.entry((*delivery, number(*state))).or_default() += 1;
    }
    for (delivery, state) in wanted {
        match left.get_mut(&(*delivery, number(*state))) {
            Some(count) if *count > 0 => *count -= 1,
            _ => broken.push(format!(
                "inbox of {unit}: was never {how} that {delivery} is {state:?}"
            )),
        }
    }
    if let Some(((delivery, _), _)) = left.iter().find(|(_, count)| **count > 0) {
        broken.push(format!("inbox of {unit}: was {how} of {delivery} once too often"));
    }
    // What shares a transaction may be told in any order; what is about the same delivery may not.
    for (place, (delivery, state)) in wanted.iter().map(|told| **told).enumerate() {
        let later: Vec<_> = wanted[place + 1..]
            .iter()
            .filter(|told| told.0 == delivery)
            .collect();
        let at = |wanted| found.iter().position(|told| *told == wanted);
        if later.iter().any(|later| at(***later) < at((delivery, state))) {
            broken.push(format!(
                "inbox of {unit}: was {how} of {delivery} in another order than the log's"
            ));
        }
    }
    broken
}

/// An event but for who the other side is: that is not told any more of what was withheld since.
fn as_told(event: &InboxEvent) -> InboxEvent {
    InboxEvent {
        other: None,
        ..*event
    }
}

/// What was read from a cursor while it all happened is what stands behind that cursor now.
fn readings(course: &Course<'_>, unit: UnitId, told: &[InboxEvent]) -> Vec<String> {
    let mut broken = Vec::new();
    for record in &course.records {
        let Order::Inbox { unit: reader, after } = &*record.order else {
            continue;
        };
        if course.scene.cast.units[*reader].id != unit {
            continue;
        }
        for (_, _, answer) in record.ended() {
            let Answer::Events(events) = answer else { continue };
            let behind = told.iter().filter(|event| event.position > *after);
            if !behind
                .take(events.len())
                .map(as_told)
                .eq(events.iter().map(as_told))
            {
                broken.push(format!(
                    "inbox of {unit}: read otherwise after {after} than it reads now"
                ));
            }
        }
    }
    broken
}

const fn number(state: DeliveryState) -> u8 {
    match state {
        DeliveryState::Queued => 1,
        DeliveryState::Released => 2,
        DeliveryState::Acknowledged => 3,
        DeliveryState::Rejected => 4,
        DeliveryState::Withheld => 5,
        DeliveryState::Expired => 6,
    }
}
