//! The inbox: followed from a cursor on, and again from there when the stream ends.

use std::time::Duration;

use samrum_proto::wire::exchange::v1 as wire;
use samrum_proto::wire::exchange::v1::exchange_service_client::ExchangeServiceClient;
use samrum_proto::wire::exchange::v1::subscribe_inbox_response::Event;
use tonic::{Request, Streaming};

use super::{Client, MAX_MESSAGE_BYTES};
use crate::call::call;
use crate::error::{Result, Unreachable, answered};
use crate::storage::{self, Access};
use crate::view::{InboxItem, ReportAlarm};

/// The most bytes of a cursor.
pub const MAX_CURSOR_BYTES: u64 = 4 * 1024;
/// After so long without even a heartbeat the stream counts as lost; the hub sends one every 15 seconds.
pub const SILENCE: Duration = Duration::from_secs(45);

/// What came from a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InboxStep {
    /// Something waits, or no longer does.
    Item(InboxItem),
    /// A report must be called about.
    Alarm(ReportAlarm),
    /// Nothing new.
    Heartbeat,
    /// Something that this version does not know.
    Unknown,
    /// The hub has ended the stream; watch again from the cursor.
    Ended,
}

/// A stream of one inbox.
#[derive(Debug)]
pub struct Watch {
    stream: Streaming<wire::SubscribeInboxResponse>,
    cursor: Vec<u8>,
    deadline: Duration,
}

impl Watch {
    /// The next step, within `patience`.
    ///
    /// # Errors
    /// [`Unreachable::TimedOut`] when nothing came within that time; otherwise what ended the stream.
    pub async fn next(&mut self, patience: Duration) -> Result<InboxStep> {
        let message = match tokio::time::timeout(patience, self.stream.message()).await {
            Ok(message) => message.map_err(|status| answered::read(&status, self.deadline))?,
            Err(_) => {
                return Err(Unreachable::TimedOut {
                    seconds: patience.as_secs(),
                }
                .into());
            }
        };
        let Some(message) = message else {
            return Ok(InboxStep::Ended);
        };
        self.cursor = message.cursor;
        match message.event {
            Some(Event::Item(item)) => Ok(InboxStep::Item(InboxItem::try_from(&item)?)),
            Some(Event::Alarm(alarm)) => Ok(InboxStep::Alarm(ReportAlarm::try_from(&alarm)?)),
            None => Ok(InboxStep::Unknown),
            Some(Event::Heartbeat(_)) => Ok(InboxStep::Heartbeat),
        }
    }

    /// Where to go on after the last step.
    #[must_use]
    pub fn cursor(&self) -> &[u8] {
        &self.cursor
    }
}

impl Client {
    /// Opens a stream of this unit's inbox; an empty cursor begins at the beginning.
    ///
    /// # Errors
    /// [`crate::error::Error`].
    pub async fn watch(&self, cursor: Vec<u8>) -> Result<Watch> {
        let deadline = self.deadline;
        let channel = self.channels.inbox.clone();
        let message = wire::SubscribeInboxRequest {
            cursor: cursor.clone(),
        };
        let stream = call(deadline, message, move |request: Request<_>| {
            let mut service =
                ExchangeServiceClient::new(channel.clone()).max_decoding_message_size(MAX_MESSAGE_BYTES);
            async move { service.subscribe_inbox(request).await }
        })
        .await?;
        Ok(Watch {
            stream,
            cursor,
            deadline,
        })
    }

    /// How far the inbox was followed; empty when it never was.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn inbox_cursor(&self) -> Result<Vec<u8>> {
        Ok(storage::read_if_there(&self.profile.inbox_cursor(), MAX_CURSOR_BYTES)?.unwrap_or_default())
    }

    /// Remembers how far the inbox was followed.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_inbox_cursor(&self, cursor: &[u8]) -> Result<()> {
        Ok(storage::replace(
            self.disk(),
            &self.profile.inbox_cursor(),
            cursor,
            Access::Private,
        )?)
    }
}
