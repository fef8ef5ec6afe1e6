//! Documents on their way: taken, released, kept back, answered; one end each.

use samrum_consent::id::{DeliveryId, UnitId};
use samrum_consent::vocabulary::Kind;
use samrum_server::ledger::By;
use samrum_server::store::DeliveryState;

use super::{Line, Replay, Source, matter, plain_question, rests_of};
use crate::simulation::model::{Held, Model, Question, Rests};
use crate::simulation::order::{Made, Order};
use crate::simulation::world::{DOCUMENT_LIFETIME, REPORT_ALARM};

/// Reasons that keep a document back for good.
const ENDED: [&str; 9] = [
    "CONSENT_REVOKED",
    "CONSENT_DECLINED",
    "CONSENT_EXPIRED",
    "CONSENT_SUPERSEDED",
    "CATEGORY_EXCLUDED",
    "UNIT_EXCLUDED",
    "DOCUMENT_EXCLUDED",
    "BASIS_ENDED",
    "PROVISION_OFF",
];

impl<'a> Replay<'a> {
    pub(super) fn sent(&mut self, line: &Line, source: Option<Source<'a>>) {
        let verdicts = &line.details.verdicts;
        if !verdicts.iter().all(|verdict| verdict.permitted) {
            for verdict in verdicts {
                self.explained(line, verdict, source);
            }
            return;
        }
        let Some(source) = source else {
            self.breaks(line, "a document was taken that nobody was told of");
            return;
        };
        let Some(Made::Deliveries(deliveries)) = source.record.done().map(|done| &done.made) else {
            self.breaks(line, "a document was taken without deliveries");
            return;
        };
        let sender = line.details.by.clone();
        let By::Unit(sender) = sender else {
            self.breaks(line, "not a unit's");
            return;
        };
        let sender: UnitId = sender.parse().unwrap();
        for verdict in verdicts {
            self.tally.count("permits");
            self.lawful(line, verdict);
            let recipient: UnitId = verdict.recipient.parse().unwrap();
            let Some(delivery) = deliveries.iter().find(|delivery| delivery.recipient == recipient) else {
                self.breaks(line, "a recipient without a delivery");
                continue;
            };
            let Some(question) = plain_question(&line.details, recipient) else {
                continue;
            };
            let alarms = question.kind == Kind::ConcernReport;
            let alarm_at = alarms.then(|| line.details.at + REPORT_ALARM);
            let subjects = question.subjects.iter().map(|case| (sender, *case));
            self.model.exchanged.extend(subjects.collect::<Vec<_>>());
            let held = Held {
                question: Question {
                    rests: rests_of(verdict),
                    ..question
                },
                state: DeliveryState::Queued,
                expires_at: line.details.at + DOCUMENT_LIFETIME,
                alarm_at,
                alarmed: false,
            };
            if self.model.held.insert(delivery.id, held).is_some() {
                self.breaks(line, "a delivery was made twice");
            }
            self.told.push((delivery.id, DeliveryState::Queued));
        }
    }

    pub(super) fn fetched(&mut self, line: &Line, source: Option<Source<'a>>) {
        let is_bare = matter(&line.details).is_some_and(|matter| matter.sender.is_none());
        if is_bare {
            return;
        }
        let Some((id, mut held)) = self.held(line) else {
            return;
        };
        if let Some(Order::Fetch { delivery, .. }) = source.map(|source| &*source.record.order)
            && *delivery != id
        {
            self.breaks(line, "tells of another delivery than was asked for");
        }
        let at = line.details.at;
        let permitted = line.details.verdicts.iter().all(|verdict| verdict.permitted);
        if permitted {
            self.tally.count("permits");
            self.tally.count("releases");
            match held.state {
                DeliveryState::Withheld | DeliveryState::Expired => {
                    self.breaks(line, "released what had ended");
                }
                DeliveryState::Queued if at >= held.expires_at => {
                    self.breaks(line, "released what had run out")
                }
                DeliveryState::Queued => held.state = DeliveryState::Released,
                DeliveryState::Released | DeliveryState::Acknowledged | DeliveryState::Rejected => {}
            }
            if line.details.by != By::Unit(held.question.recipient.to_string()) {
                self.breaks(line, "released to somebody else");
            }
            for verdict in line.details.verdicts.clone() {
                self.lawful(line, &verdict);
            }
            if !self.model.permits(&held.question, at) {
                self.breaks(
                    line,
                    &format!("released what it was not sent for: {:?}", held.question),
                );
            }
            let reader = held.question.recipient;
            let subjects = held.question.subjects.iter().map(|case| (reader, *case));
            self.model.exchanged.extend(subjects);
        } else {
            self.kept_back(line, (id, &mut held), source);
        }
        self.model.held.insert(id, held);
    }

    fn kept_back(&mut self, line: &Line, (id, held): (DeliveryId, &mut Held), source: Option<Source<'a>>) {
        self.tally.count("denials");
        let at = line.details.at;
        let over = |held: &Held| match held.state {
            DeliveryState::Withheld | DeliveryState::Expired => true,
            DeliveryState::Queued => at >= held.expires_at,
            DeliveryState::Released | DeliveryState::Acknowledged | DeliveryState::Rejected => false,
        };
        if let Some(source) = source {
            let window = &self.before[source.began.min(self.before.len() - 1)..];
            let kept = |model: &Model| {
                let then = model.held.get(&id);
                then.is_some_and(&over) || !model.permits(&held.question, at)
            };
            if !window.iter().any(kept) {
                self.breaks(
                    line,
                    &format!("kept back what was allowed all the time: {:?}", held.question),
                );
            }
        }
        if held.state != DeliveryState::Queued {
            return;
        }
        let codes = line.details.verdicts.iter().flat_map(|verdict| &verdict.reasons);
        let codes: Vec<&str> = codes.map(|reason| reason.code.as_str()).collect();
        if codes.contains(&"DELIVERY_EXPIRED") {
            self.end(id, held, DeliveryState::Expired);
        } else if codes.iter().any(|code| ENDED.contains(code)) {
            self.end(id, held, DeliveryState::Withheld);
        }
    }

    fn end(&mut self, id: DeliveryId, held: &mut Held, state: DeliveryState) {
        held.state = state;
        self.told.push((id, state));
        // Whoever sent it, and whoever should have had it, must call, or need not any more.
        let over = state == DeliveryState::Acknowledged;
        if held.alarm_at.is_some() && (!over || held.alarmed) {
            self.alarms.push((id, state));
            self.tally.count(if over {
                "alarms over"
            } else {
                "reports that failed"
            });
        }
        self.tally.count(match state {
            DeliveryState::Withheld => "withheld",
            DeliveryState::Expired => "expired",
            _ => "settled",
        });
    }

    /// A report that nobody opened in time alarms once, and nothing else does.
    pub(super) fn alarmed(&mut self, line: &Line) {
        if matter(&line.details).is_some_and(|matter| matter.sender.is_none()) {
            return; // what the recipient is told of it
        }
        let Some((id, mut held)) = self.held(line) else {
            return;
        };
        let due = held.alarm_at.is_some_and(|due| line.details.at >= due);
        let open = matches!(held.state, DeliveryState::Queued | DeliveryState::Released);
        if !open || held.alarmed || !due {
            self.breaks(line, &format!("alarms about {held:?}"));
        }
        held.alarmed = true;
        self.alarms.push((id, held.state));
        self.tally.count("alarms");
        self.model.held.insert(id, held);
    }

    pub(super) fn settled(&mut self, line: &Line, state: DeliveryState) {
        let Some((id, mut held)) = self.held(line) else {
            return;
        };
        if held.state != DeliveryState::Released {
            self.breaks(line, &format!("follows {:?}", held.state));
        }
        self.end(id, &mut held, state);
        self.model.held.insert(id, held);
    }

    pub(super) fn withheld(&mut self, line: &Line) {
        let Some((id, mut held)) = self.held(line) else {
            return;
        };
        if held.state != DeliveryState::Queued {
            self.breaks(line, &format!("follows {:?}", held.state));
        }
        let on_consent = matches!(held.question.rests, Rests::Consents(_));
        if on_consent && self.model.permits(&held.question, line.details.at) {
            self.breaks(line, "withheld what is allowed");
        }
        self.end(id, &mut held, DeliveryState::Withheld);
        self.model.held.insert(id, held);
    }

    pub(super) fn expired(&mut self, line: &Line) {
        let Some((id, mut held)) = self.held(line) else {
            return;
        };
        if held.state != DeliveryState::Queued {
            self.breaks(line, &format!("follows {:?}", held.state));
        }
        if line.details.at < held.expires_at {
            self.breaks(line, "before its time");
        }
        self.end(id, &mut held, DeliveryState::Expired);
        self.model.held.insert(id, held);
    }
}
