//! `samrum consent receipt`: what those who signed were given to keep, on the screen or in a file.
//!
//! In a file it stands byte for byte as the hub made it: whoever keeps it can compare. On the screen, lines are
//! broken to fit.

use std::path::PathBuf;

use clap::Args;
use samrum_consent::id::ConsentId;
use serde::Serialize;

use crate::client::Client;
use crate::command::session::Session;
use crate::error::{Exit, Result};
use crate::storage::{self, Access};

/// How far a line stands in that goes on from the one before, on the screen.
const INDENT: usize = 2;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The consent's id.
    #[arg(value_name = "CONSENT")]
    consent: ConsentId,
    /// Readable text; the default without --json.
    #[arg(long, conflicts_with = "json")]
    text: bool,
    /// Write it to this new file instead.
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
}

#[derive(Serialize)]
struct Saved<'a> {
    saved: &'a str,
}

pub(super) async fn run(session: &mut Session, client: &Client, arguments: &Arguments) -> Result<Exit> {
    let as_text = arguments.text || !session.screen.is_json();
    let receipt = client
        .consent_receipt(arguments.consent, session.screen.language())
        .await?;
    if let Some(file) = &arguments.save {
        let content = if as_text { &receipt.text } else { &receipt.json };
        let disk = session.surroundings.disk.as_ref();
        storage::create(disk, file, content.as_bytes(), Access::Private)?;
        let file = file.display().to_string();
        session.screen.answer(&Saved { saved: &file }, |screen| {
            screen.line(&screen.say("cli-receipt-saved", &[("file", &file)]));
        });
    } else if as_text {
        for paragraph in receipt.text.trim_end().lines() {
            for line in session.screen.wrapped(paragraph, 0, INDENT) {
                session.screen.line(&line);
            }
        }
    } else {
        // No text of JSON holds a line end: without them it is one line, and says the same.
        session.screen.line(&receipt.json.replace(['\n', '\r'], ""));
    }
    Ok(Exit::Ok)
}
