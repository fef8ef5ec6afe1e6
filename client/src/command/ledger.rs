//! `samrum ledger`: the log's checkpoint, one entry's proof, and whether the log kept its promises.

use clap::Subcommand;
use samrum_consent::id::EntryId;
use samrum_proto::ledger::NodeHash;
use serde::Serialize;

use super::screen::{Look, Screen};
use super::session::Session;
use crate::client::{Audit, Finding, FindingKind};
use crate::error::{Exit, Result};
use crate::view;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The newest signed checkpoint.
    Checkpoint,
    /// One entry of this unit's, with its proof, verified.
    Receipt {
        /// The entry's id.
        #[arg(value_name = "ENTRY")]
        entry: EntryId,
    },
    /// Whether every ticket became its entry, in one log that only grows. Exits 1 when anything contradicts.
    Verify,
}

#[derive(Debug, Serialize)]
struct ShownCheckpoint<'a> {
    origin: &'a str,
    size: u64,
    #[serde(serialize_with = "view::text")]
    root: NodeHash,
    checkpoint: &'a str,
}

#[derive(Debug, Serialize)]
struct ShownReceipt<'a> {
    #[serde(serialize_with = "view::text")]
    entry_id: EntryId,
    index: u64,
    #[serde(serialize_with = "view::text")]
    leaf_hash: NodeHash,
    /// As JSON where it is that, else null.
    details: Option<serde_json::Value>,
    size: u64,
    checkpoint: &'a str,
    /// Whether a ticket of this profile names the entry.
    promised: bool,
    verified: bool,
}

#[derive(Debug, Serialize)]
struct Examined<'a> {
    outcome: &'static str,
    size: Option<u64>,
    #[serde(serialize_with = "view::optional")]
    root: Option<NodeHash>,
    tickets: Counts,
    findings: &'a [Finding],
}

#[derive(Debug, Serialize)]
struct Counts {
    verified: usize,
    pending: usize,
}

pub(crate) async fn run(session: &mut Session, command: Command) -> Result<Exit> {
    let client = session.client()?;
    match command {
        Command::Checkpoint => {
            let (note, checkpoint) = client.checkpoint().await?;
            let shown = ShownCheckpoint {
                origin: &checkpoint.origin,
                size: checkpoint.size,
                root: checkpoint.root,
                checkpoint: &note,
            };
            session
                .screen
                .answer(&shown, |screen| screen.line(note.trim_end()));
            Ok(Exit::Ok)
        }
        Command::Receipt { entry } => {
            let proven = client.receipt(entry).await?;
            let shown = ShownReceipt {
                entry_id: proven.entry,
                index: proven.index,
                leaf_hash: proven.leaf_hash,
                details: serde_json::from_slice(&proven.details).ok(),
                size: proven.checkpoint.size,
                checkpoint: &proven.note,
                promised: proven.promised,
                verified: true,
            };
            session.screen.answer(&shown, |screen| {
                let index = shown.index.to_string();
                let size = shown.size.to_string();
                let line = screen.say("cli-receipt", &[("index", &index), ("size", &size)]);
                let line = screen.look(Look::Good, &line);
                screen.line(&line);
                screen.line(&String::from_utf8_lossy(&proven.details));
                let note = screen.look(Look::Faint, proven.note.trim_end());
                screen.line(&note);
            });
            Ok(Exit::Ok)
        }
        Command::Verify => {
            let audit = client.examine().await?;
            Ok(examined(session, audit))
        }
    }
}

fn examined(session: &mut Session, mut audit: Audit) -> Exit {
    for finding in &mut audit.findings {
        finding.sentence = sentence(finding, &session.screen);
    }
    let tampered = !audit.findings.is_empty();
    let shown = Examined {
        outcome: if tampered { "TAMPERED" } else { "VERIFIED" },
        size: audit.checkpoint.as_ref().map(|checkpoint| checkpoint.size),
        root: audit.checkpoint.as_ref().map(|checkpoint| checkpoint.root),
        tickets: Counts {
            verified: audit.verified,
            pending: audit.pending,
        },
        findings: &audit.findings,
    };
    session.screen.answer(&shown, |screen| show(&shown, screen));
    if tampered { Exit::Failed } else { Exit::Ok }
}

fn show(examined: &Examined<'_>, screen: &mut Screen) {
    let verified = examined.tickets.verified.to_string();
    let size = examined.size.unwrap_or_default().to_string();
    let (id, look) = if examined.findings.is_empty() {
        ("cli-log-verified", Look::Good)
    } else {
        ("cli-log-tampered", Look::Bad)
    };
    let line = screen.say(id, &[("verified", &verified), ("size", &size)]);
    let line = screen.look(look, &line);
    screen.line(&line);
    for finding in examined.findings {
        screen.line(&format!("  {}", finding.sentence));
        let evidence = format!("    {}", screen.look(Look::Faint, &finding.evidence));
        screen.line(&evidence);
    }
    if examined.tickets.pending > 0 {
        let pending = examined.tickets.pending.to_string();
        screen.line(&screen.say("cli-tickets-pending", &[("pending", &pending)]));
    }
    if !examined.findings.is_empty() {
        screen.line(&screen.say("cli-log-tampered-then", &[]));
    }
}

fn sentence(finding: &Finding, screen: &Screen) -> String {
    let id = match finding.finding {
        FindingKind::LogRewritten => "cli-finding-log-rewritten",
        FindingKind::CheckpointInvalid => "cli-finding-checkpoint-invalid",
        FindingKind::EntryMissing => "cli-finding-entry-missing",
        FindingKind::EntryAltered => "cli-finding-entry-altered",
        FindingKind::ReceiptInvalid => "cli-finding-receipt-invalid",
    };
    let entry = finding
        .entry_id
        .map(|entry| entry.to_string())
        .unwrap_or_default();
    screen.say(id, &[("entry", &entry)])
}
