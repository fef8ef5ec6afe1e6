//! The inbox stream: what waits from a cursor on, then as it happens, with a heartbeat in between.
//!
//! It is handed what comes ([`super::news`]) and, beneath that, looks with each heartbeat: what was not handed over is
//! late, never lost. The stream ends with the hub, with the certificate, and with its reader.

use samrum_consent::id::UnitId;
use samrum_proto::convert::time_to_wire;
use samrum_proto::wire::exchange::v1 as wire;
use samrum_proto::wire::exchange::v1::subscribe_inbox_response::Event;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::limit::UnitPlace;
use super::news::News;
use crate::grpc::Rpc;
use crate::grpc::encode::delivery_state;
use crate::grpc::status::{shutting_down, status, unauthenticated};
use crate::service::{Hub, Result};
use crate::store::InboxEvent;
use crate::transport::caller::Caller;

/// Events ahead of a slow reader.
const AHEAD: usize = 64;

/// The stream.
pub(super) type Events = ReceiverStream<Result<wire::SubscribeInboxResponse, Status>>;

/// Who reads, with the place that the stream takes.
pub(super) struct Reader {
    pub(super) unit: UnitId,
    pub(super) caller: Caller,
    pub(super) place: UnitPlace,
}

/// A stream of the reader's inbox from a cursor on.
pub(super) fn events(rpc: Rpc, reader: Reader, cursor: Vec<u8>) -> Events {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let Reader { unit, caller, place } = reader;
        // Before its inbox is read for the first time: nothing comes between.
        let mut news = rpc.listeners.listen(unit);
        let mut stream = Stream {
            rpc: &rpc,
            unit,
            caller: &caller,
            cursor,
            reader: &sender,
        };
        let end = stream.tell(&mut news).await;
        drop(place);
        // The reader may be gone; then nobody needs to know why it ended.
        if let Err(End::Status(end)) = end {
            let _ = sender.send(Err(end)).await;
        }
    });
    ReceiverStream::new(receiver)
}

/// Why a stream ends.
enum End {
    /// Its reader has gone.
    Gone,
    /// Its reader is told why.
    Status(Status),
}

impl From<Status> for End {
    fn from(status: Status) -> Self {
        Self::Status(status)
    }
}

/// One stream, and how far its inbox has been told.
struct Stream<'a> {
    rpc: &'a Rpc,
    unit: UnitId,
    caller: &'a Caller,
    cursor: Vec<u8>,
    reader: &'a mpsc::Sender<Result<wire::SubscribeInboxResponse, Status>>,
}

impl Stream<'_> {
    /// Tells the inbox until something ends it.
    async fn tell(&mut self, news: &mut broadcast::Receiver<News>) -> Result<(), End> {
        let mut stop = self.rpc.stop.clone();
        // One beat for the whole stream: what others are told must not put the next beat off for ever.
        let mut beat = interval_at(Instant::now() + self.rpc.heartbeat, self.rpc.heartbeat);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.look().await?;
        // A reader that has been told everything hears so at once, then only that the stream lives.
        self.beat().await?;
        loop {
            match next(&mut beat, news, &mut stop, self.reader).await {
                Next::Handed(event) => {
                    self.refuse_expired().await?;
                    self.tell_of(event).await?;
                    if news.is_empty() {
                        self.beat().await?;
                    }
                }
                Next::Look => {
                    if self.look().await? {
                        self.beat().await?;
                    }
                }
                Next::Beat => {
                    self.beat().await?;
                    if self.look().await? {
                        self.beat().await?;
                    }
                }
                Next::Stop => return Err(shutting_down().into()),
                Next::Gone => return Err(End::Gone),
            }
        }
    }

    /// Reads the inbox from the cursor on and tells of all that is there; whether there was anything.
    async fn look(&mut self) -> Result<bool, End> {
        let mut found = false;
        loop {
            self.refuse_expired().await?;
            let events = self.rpc.hub.inbox(self.unit, &self.cursor).await;
            let events = events.map_err(|error| status(&error))?;
            if events.is_empty() {
                return Ok(found);
            }
            found = true;
            let before = self.cursor.clone();
            for event in events {
                self.tell_of(event).await?;
            }
            if self.reader.is_closed() {
                return Err(End::Gone);
            }
            if self.cursor <= before {
                return Err(Status::internal("the inbox comes no farther").into());
            }
        }
    }

    /// Tells of an event, unless it was told before.
    async fn tell_of(&mut self, event: InboxEvent) -> Result<(), End> {
        let cursor = Hub::cursor(event.position);
        // Cursors have the order of their positions; the empty one comes before all.
        if cursor > self.cursor {
            self.cursor.clone_from(&cursor);
            self.say(message(event, cursor)).await?;
        }
        Ok(())
    }

    async fn beat(&self) -> Result<(), End> {
        self.say(wire::SubscribeInboxResponse {
            cursor: self.cursor.clone(),
            event: Some(Event::Heartbeat(wire::Heartbeat {})),
        })
        .await
    }

    async fn say(&self, message: wire::SubscribeInboxResponse) -> Result<(), End> {
        self.reader.send(Ok(message)).await.map_err(|_| End::Gone)
    }

    /// A long stream does not outlive its certificate.
    async fn refuse_expired(&self) -> Result<(), Status> {
        let now = self.rpc.hub.just_now().await.map_err(|error| status(&error))?;
        if self.caller.expired_at(now) {
            return Err(unauthenticated(
                "the client certificate has expired; connect with a new one",
            ));
        }
        Ok(())
    }
}

/// What ends a wait.
enum Next {
    /// This came.
    Handed(InboxEvent),
    /// Something may have come: look.
    Look,
    /// Nothing for a while: say so, and look.
    Beat,
    /// The hub stops.
    Stop,
    /// The reader is gone.
    Gone,
}

async fn next(
    beat: &mut Interval,
    news: &mut broadcast::Receiver<News>,
    stop: &mut watch::Receiver<bool>,
    reader: &mpsc::Sender<Result<wire::SubscribeInboxResponse, Status>>,
) -> Next {
    tokio::select! {
        heard = news.recv() => match heard {
            Ok(News::Event(event)) => Next::Handed(event),
            // It fell behind, and nothing is kept for it.
            Ok(News::Look) | Err(_) => Next::Look,
        },
        _ = beat.tick() => Next::Beat,
        _ = stop.wait_for(|stop| *stop) => Next::Stop,
        () = reader.closed() => Next::Gone,
    }
}

fn message(event: InboxEvent, cursor: Vec<u8>) -> wire::SubscribeInboxResponse {
    let delivery_id = event.delivery.as_bytes().to_vec();
    let state = delivery_state(event.state).into();
    let event = if let Some(at) = event.alarmed_at {
        Event::Alarm(wire::ReportAlarm {
            at: Some(time_to_wire(at)),
            other_unit_id: event
                .other
                .map(|unit| unit.as_bytes().to_vec())
                .unwrap_or_default(),
            delivery_id,
            state,
            document_id: event
                .own_document
                .map(|document| document.as_bytes().to_vec())
                .unwrap_or_default(),
        })
    } else {
        Event::Item(wire::InboxItem {
            delivery_id,
            body_size_bytes: event.body_size,
            state,
        })
    };
    wire::SubscribeInboxResponse {
        cursor,
        event: Some(event),
    }
}

#[cfg(test)]
mod tests {
    use samrum_consent::id::DeliveryId;

    use super::super::news::{BEHIND, Listeners};
    use super::*;
    use crate::store::DeliveryState;

    fn event(position: i64) -> InboxEvent {
        InboxEvent {
            position,
            delivery: DeliveryId::from_bytes([1; 16]),
            state: DeliveryState::Queued,
            body_size: 1,
            alarmed_at: None,
            own_document: None,
            other: None,
        }
    }

    #[tokio::test]
    async fn a_stream_that_fell_behind_looks_before_it_goes_on() {
        let unit = UnitId::from_bytes([2; 16]);
        let listeners = Listeners::default();
        let mut news = listeners.listen(unit);
        let mut beat = interval_at(
            Instant::now() + core::time::Duration::from_secs(60),
            core::time::Duration::from_secs(60),
        );
        let (_running, mut stop) = watch::channel(false);
        let (reader, _messages) = mpsc::channel(1);
        listeners.hand_over(&[(unit, event(1)), (UnitId::from_bytes([3; 16]), event(2))]);
        let handed = next(&mut beat, &mut news, &mut stop, &reader).await;
        assert!(matches!(handed, Next::Handed(event) if event.position == 1));
        assert!(news.is_empty(), "what another inbox is told is none of its");

        let many: Vec<(UnitId, InboxEvent)> = (3..=3 + BEHIND as i64)
            .map(|position| (unit, event(position)))
            .collect();
        listeners.hand_over(&many);
        let behind = next(&mut beat, &mut news, &mut stop, &reader).await;
        assert!(matches!(behind, Next::Look), "the oldest is not kept for it");
    }
}
