//! `samrum inbox`: what waits, as it comes; opening, keeping, rejecting.

mod alarm;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Subcommand;
use jiff::SignedDuration;
use samrum_consent::id::{DeliveryId, EntryId};
use serde::Serialize;

use super::document;
use super::screen::{Look, Screen};
use super::session::{Session, UnitNames};
use crate::call::{MAX_RETRY_PAUSE, MIN_RETRY_PAUSE, is_worth_repeating};
use crate::client::{Client, InboxStep, OpenedDelivery, SILENCE, Watch};
use crate::error::{Error, Exit, Misbehaved, Result, Unreachable};
use crate::storage::{self, Access};
use crate::view::{self, Content, InboxItem, OpenedDocument, ReportAlarm};

/// How long the next event of a list may take; that it is complete is said by the hub.
const LIST_PATIENCE: Duration = Duration::from_secs(10);
/// How often the directory is asked for the names of units that it did not tell.
const ASKED_AGAIN: Duration = Duration::from_secs(60);
/// The most deliveries and alarms that one list holds.
const MAX_KEPT: usize = 1_000_000;
/// For so long a list shows that a report failed. Whoever was to be called has been, or never will be; an alarm that is always
/// there is seen by nobody.
const FAILED_SHOWN: SignedDuration = SignedDuration::from_hours(7 * 24);

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// What waits now.
    List {
        /// Also what was answered, withheld or expired.
        #[arg(long)]
        all: bool,
    },
    /// Follow the inbox from where it was left, until interrupted.
    Watch,
    /// Fetch, verify, show and acknowledge a document.
    Open {
        /// The delivery's id.
        #[arg(value_name = "DELIVERY")]
        delivery: DeliveryId,
        /// Write the text to a file of this unit's alone, instead of showing it; never over an existing one.
        #[arg(long, value_name = "FILE")]
        keep: Option<PathBuf>,
    },
    /// Say, signed, that a document cannot be accepted.
    Reject {
        /// The delivery's id.
        #[arg(value_name = "DELIVERY")]
        delivery: DeliveryId,
        /// Why, in words; the sender sees it.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
}

/// The last word on each delivery, in the order they first came.
#[derive(Debug, Default, Serialize)]
struct Waiting {
    items: Vec<InboxItem>,
    /// Reports that somebody must be called about.
    alarms: Vec<ReportAlarm>,
}

/// An alarm among the items of a followed inbox.
#[derive(Debug, Serialize)]
struct Alarm<'a> {
    alarm: &'a ReportAlarm,
}

#[derive(Debug, Serialize)]
struct Acknowledged<'a> {
    #[serde(flatten)]
    document: &'a OpenedDocument,
    state: &'static str,
    #[serde(serialize_with = "view::text")]
    acknowledge_entry_id: EntryId,
}

#[derive(Debug, Serialize)]
struct Rejected {
    #[serde(serialize_with = "view::text")]
    delivery_id: DeliveryId,
    state: &'static str,
    #[serde(serialize_with = "view::text")]
    entry_id: EntryId,
}

pub(crate) async fn run(session: &mut Session, command: Command) -> Result<Exit> {
    let client = session.client()?;
    match command {
        Command::List { all } => list(session, &client, all).await,
        Command::Watch => tokio::select! {
            followed = follow(session, &client) => followed,
            _ = tokio::signal::ctrl_c() => Ok(Exit::Ok),
        },
        Command::Open { delivery, keep } => open(session, &client, delivery, keep.as_deref()).await,
        Command::Reject { delivery, reason } => {
            let opened = client.open(delivery).await?;
            let entry_id = client.reject(&opened, &reason).await?;
            rejected(session, delivery, entry_id);
            Ok(Exit::Ok)
        }
    }
}

async fn list(session: &mut Session, client: &Client, all: bool) -> Result<Exit> {
    let mut waiting = read(&mut client.watch(Vec::new()).await?).await?;
    waiting.items.retain(|item| all || item.waits());
    let now = session.surroundings.clock.now();
    let shown = |alarm: &ReportAlarm| {
        alarm.is_open() || (alarm.goes_on() && now.duration_since(alarm.at) < FAILED_SHOWN)
    };
    waiting.alarms.retain(|alarm| all || shown(alarm));
    Others::default().name(client, &mut waiting.alarms).await;
    session.screen.answer(&waiting, |screen| {
        for alarm in &waiting.alarms {
            alarm::show(alarm, screen);
        }
        for item in &waiting.items {
            show_item(item, screen);
        }
        if waiting.items.is_empty() && waiting.alarms.is_empty() {
            screen.line(&screen.say("cli-inbox-empty", &[]));
        }
    });
    Ok(Exit::Ok)
}

/// Everything, until the hub says that there is no more for now.
async fn read(watch: &mut Watch) -> Result<Waiting> {
    let (mut items, mut alarms) = (Latest::default(), Latest::default());
    let what = loop {
        match watch.next(LIST_PATIENCE).await? {
            InboxStep::Item(item) => items.note(item.delivery_id, item),
            InboxStep::Alarm(alarm) => alarms.note(alarm.delivery_id, alarm),
            InboxStep::Unknown => {}
            InboxStep::Heartbeat => {
                return Ok(Waiting {
                    items: items.in_order,
                    alarms: alarms.in_order,
                });
            }
            InboxStep::Ended => break "the inbox ended before everything was told",
        }
        if items.in_order.len() + alarms.in_order.len() > MAX_KEPT {
            break "more has come than can be listed; follow it with \"samrum inbox watch\"";
        }
    };
    // What is not complete is no list: what came last would be missing.
    let what = what.to_owned();
    Err(Unreachable::Connection { what }.into())
}

/// The names of those to be called, as far as the directory tells them at once: rather without them than late.
#[derive(Debug, Default)]
struct Others {
    names: UnitNames,
    asked: Option<Instant>,
}

impl Others {
    async fn name(&mut self, client: &Client, alarms: &mut [ReportAlarm]) {
        let mut others = alarms.iter().filter_map(|alarm| alarm.other_unit_id);
        let is_unknown = others.any(|unit| self.names.name(unit).is_none());
        // A directory that does not answer holds up one alarm, not each.
        if is_unknown && self.asked.is_none_or(|asked| asked.elapsed() >= ASKED_AGAIN) {
            // What it told before stays known where it does not answer now.
            if let Some(names) = UnitNames::fetch_at_once(client).await {
                self.names = names;
            }
            self.asked = Some(Instant::now());
        }
        for alarm in alarms {
            alarm.other_name = alarm.other_unit_id.and_then(|unit| self.names.name(unit));
        }
    }
}

/// The last word on each delivery.
#[derive(Debug)]
struct Latest<T> {
    in_order: Vec<T>,
    places: BTreeMap<DeliveryId, usize>,
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self {
            in_order: Vec::new(),
            places: BTreeMap::new(),
        }
    }
}

impl<T> Latest<T> {
    fn note(&mut self, delivery: DeliveryId, word: T) {
        match self
            .places
            .get(&delivery)
            .and_then(|place| self.in_order.get_mut(*place))
        {
            Some(known) => *known = word,
            None => {
                self.places.insert(delivery, self.in_order.len());
                self.in_order.push(word);
            }
        }
    }
}

/// Follows for good: where the stream ends or is lost, again from the cursor, with growing pauses.
async fn follow(session: &mut Session, client: &Client) -> Result<Exit> {
    let (mut pause, mut others) = (MIN_RETRY_PAUSE, Others::default());
    loop {
        let watched = match client.watch(client.inbox_cursor()?).await {
            Ok(mut watch) => {
                pause = MIN_RETRY_PAUSE;
                follow_stream(session, client, &mut watch, &mut others).await
            }
            Err(error) => Err(error),
        };
        match watched {
            Ok(()) => {}
            Err(error) if is_worth_repeating(&error) || matches!(error, Error::Unreachable(_)) => {
                let remark = session.screen.say("cli-inbox-lost", &[]);
                session.screen.remark(&remark);
            }
            Err(error) => return Err(error),
        }
        tokio::time::sleep(pause).await;
        pause = MAX_RETRY_PAUSE.min(pause * 2);
    }
}

/// One stream to its end. Each item is shown before it is remembered: shown twice is better than never.
async fn follow_stream(
    session: &mut Session,
    client: &Client,
    watch: &mut Watch,
    others: &mut Others,
) -> Result<()> {
    loop {
        match watch.next(SILENCE).await? {
            InboxStep::Item(item) => {
                session.screen.answer(&item, |screen| show_item(&item, screen));
                client.keep_inbox_cursor(watch.cursor())?;
            }
            InboxStep::Alarm(mut alarm) => {
                others.name(client, std::slice::from_mut(&mut alarm)).await;
                let alarm = Alarm { alarm: &alarm };
                session
                    .screen
                    .answer(&alarm, |screen| alarm::show(alarm.alarm, screen));
                client.keep_inbox_cursor(watch.cursor())?;
            }
            InboxStep::Heartbeat | InboxStep::Unknown => {}
            InboxStep::Ended => return Ok(()),
        }
    }
}

fn show_item(item: &InboxItem, screen: &mut Screen) {
    let state = samrum_ui::delivery_state(item.state, screen.language());
    let size = screen.say("cli-bytes", &[("bytes", &item.body_size_bytes.to_string())]);
    let line = format!(
        "{}  {state}  {}",
        item.delivery_id,
        screen.look(Look::Faint, &size)
    );
    screen.line(&line);
}

async fn open(
    session: &mut Session,
    client: &Client,
    delivery: DeliveryId,
    keep: Option<&Path>,
) -> Result<Exit> {
    let mut opened = client.open(delivery).await?;
    // What was released is shown, with ids where names are not to be had: a report waits for no directory.
    let names = UnitNames::fetch_at_once(client).await.unwrap_or_default();
    let document = match &mut opened.document {
        Ok(document) => {
            document.sender_name = names.name(document.sender_unit_id);
            document.clone()
        }
        Err(_) => return refuse(session, client, opened).await,
    };
    let lines = document::lines(&document, &names, &session.screen);
    if let Some(path) = keep {
        let text = kept_text(&document, &lines);
        storage::create(
            session.surroundings.disk.as_ref(),
            path,
            text.as_bytes(),
            Access::Private,
        )?;
    }
    if !session.screen.is_json() {
        // What is kept in a file is shown as far as its heading goes.
        let heading = lines.iter().take_while(|line| !line.is_empty()).count();
        let shown = if keep.is_some() { heading } else { lines.len() };
        for line in lines.iter().take(shown) {
            session.screen.line(line);
        }
    }
    // Read first, acknowledged then: a lost acknowledgement is made good by opening again.
    let acknowledge_entry_id = client.acknowledge(&opened).await?;
    let answer = Acknowledged {
        document: &document,
        state: "ACKNOWLEDGED",
        acknowledge_entry_id,
    };
    session.screen.answer(&answer, |screen| {
        let line = screen.say("cli-acknowledged", &[]);
        let line = screen.look(Look::Faint, &line);
        screen.line("");
        screen.line(&line);
    });
    Ok(Exit::Ok)
}

/// A text as it is; anything else as it is shown.
fn kept_text(document: &OpenedDocument, lines: &[String]) -> String {
    match &document.content {
        Content::Text(text) => format!("{text}\n"),
        Content::Summons(_) | Content::Reply(_) => format!("{}\n", lines.join("\n")),
    }
}

/// What a sender should never have sent is rejected, with what is wrong as the reason.
async fn refuse(session: &mut Session, client: &Client, opened: OpenedDelivery) -> Result<Exit> {
    let Err(invalid) = &opened.document else {
        return Ok(Exit::Ok);
    };
    let reason: String = invalid.to_string().chars().take(500).collect();
    client.reject(&opened, &reason).await?;
    let remark = session.screen.say("cli-rejected-invalid", &[]);
    session.screen.remark(&remark);
    Err(Misbehaved::Document(invalid.clone()).into())
}

fn rejected(session: &mut Session, delivery: DeliveryId, entry_id: EntryId) {
    let answer = Rejected {
        delivery_id: delivery,
        state: "REJECTED",
        entry_id,
    };
    session
        .screen
        .answer(&answer, |screen| screen.line(&screen.say("cli-rejected", &[])));
}
