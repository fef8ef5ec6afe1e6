//! The inbox stream: what waits from a cursor on, then as it happens, with a heartbeat in between.
//!
//! Woken by every commit and, beneath that, by the heartbeat: a lost wake-up delays, never loses. The
//! stream ends with the hub, with the certificate, and with its reader.

use samrum_consent::id::UnitId;
use samrum_proto::convert::time_to_wire;
use samrum_proto::wire::exchange::v1 as wire;
use samrum_proto::wire::exchange::v1::subscribe_inbox_response::Event;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::limit::UnitPlace;
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
        let end = tell(&rpc, unit, &caller, cursor, &sender).await;
        drop(place);
        if let Err(end) = end {
            // The reader may be gone; then nobody needs to know why it ended.
            let _ = sender.send(Err(end)).await;
        }
    });
    ReceiverStream::new(receiver)
}

async fn tell(
    rpc: &Rpc,
    unit: UnitId,
    caller: &Caller,
    mut cursor: Vec<u8>,
    reader: &mpsc::Sender<Result<wire::SubscribeInboxResponse, Status>>,
) -> Result<(), Status> {
    let mut committed = rpc.hub.committed();
    let mut stop = rpc.stop.clone();
    let mut told = true;
    // One beat for the whole stream: others' commits wake it, and must not put the next beat off for ever.
    let mut beat = interval_at(Instant::now() + rpc.heartbeat, rpc.heartbeat);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        committed.mark_unchanged();
        let now = rpc.hub.now().await.map_err(|error| status(&error))?;
        if caller.expired_at(now) {
            return Err(unauthenticated(
                "the client certificate has expired; connect with a new one",
            ));
        }
        let events = rpc
            .hub
            .inbox(unit, &cursor)
            .await
            .map_err(|error| status(&error))?;
        let more = !events.is_empty();
        for event in events {
            cursor = Hub::cursor(event.position);
            if reader.send(Ok(message(event, cursor.clone()))).await.is_err() {
                return Ok(());
            }
        }
        if more {
            told = true;
            continue;
        }
        // A reader that has been told everything hears so at once, then only that the stream lives.
        let next = if told {
            Next::Beat
        } else {
            next(&mut beat, &mut committed, &mut stop, reader).await
        };
        told = false;
        match next {
            Next::Look => {}
            Next::Beat => {
                let message = wire::SubscribeInboxResponse {
                    cursor: cursor.clone(),
                    event: Some(Event::Heartbeat(wire::Heartbeat {})),
                };
                if reader.send(Ok(message)).await.is_err() {
                    return Ok(());
                }
            }
            Next::Stop => return Err(shutting_down()),
            Next::Gone => return Ok(()),
        }
    }
}

/// What ends a wait.
enum Next {
    /// Something was committed: look.
    Look,
    /// Nothing for a while: say so.
    Beat,
    /// The hub stops.
    Stop,
    /// The reader is gone.
    Gone,
}

async fn next(
    beat: &mut Interval,
    committed: &mut watch::Receiver<u64>,
    stop: &mut watch::Receiver<bool>,
    reader: &mpsc::Sender<Result<wire::SubscribeInboxResponse, Status>>,
) -> Next {
    tokio::select! {
        Ok(()) = committed.changed() => Next::Look,
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
