//! What a person types or a program pipes in: identity numbers, names, reasons, texts. Never as arguments.
//!
//! One answer after the other is `answers`', a child's whole representation is `family`'s.

pub(crate) mod answers;
pub(crate) mod family;

use std::io::{self, BufRead, IsTerminal, Read};
use std::path::Path;

use samrum_consent::identity_number::{IdentityNumber, InvalidIdentityNumber};
use samrum_proto::envelope::MAX_INLINE_BODY;
use zeroize::Zeroizing;

use super::misused;
use super::screen::Screen;
use crate::client::PersonInput;
use crate::error::{Error, Result};
use crate::storage;

/// The most bytes of what is piped in as numbers and names.
const MAX_LINES_BYTES: u64 = 16 * 1024;
/// The most bytes of a reason in words: 500 characters of UTF-8.
const MAX_REASON_BYTES: u64 = 2_000;

/// Whether somebody sits at the keyboard.
fn is_typed() -> bool {
    io::stdin().is_terminal()
}

fn failed(error: impl std::fmt::Display) -> Error {
    misused("error-input", &[("problem", &error.to_string())])
}

/// One identity number: typed unseen, or the first line of standard input.
pub(crate) fn identity_number(screen: &Screen) -> Result<IdentityNumber> {
    let text = if is_typed() {
        typed_unseen(screen)?
    } else {
        let lines = lines(&piped()?);
        let first = lines.into_iter().next();
        first.ok_or_else(|| misused("error-input-number", &[]))?
    };
    number(&text)
}

/// A number with a name: typed, or the first two lines of standard input.
pub(crate) fn person(screen: &Screen) -> Result<PersonInput> {
    if is_typed() {
        return typed_person(screen);
    }
    match lines(&piped()?).as_slice() {
        [digits, name] => Ok(PersonInput {
            number: number(digits)?,
            name: name.to_string(),
        }),
        _ => Err(misused("error-input-person", &[])),
    }
}

/// Why something is so, in one line: typed, or the next line of standard input, or a file. What follows on
/// standard input is left to others.
pub(crate) fn reason(file: Option<&Path>, screen: &Screen) -> Result<String> {
    let text = match file {
        Some(path) => storage::read_text(path, MAX_REASON_BYTES)?,
        None => {
            if is_typed() {
                screen.ask(&screen.say("cli-ask-reason", &[]));
            }
            next_line(MAX_REASON_BYTES)?
        }
    };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Err(misused("error-input-reason", &[]));
    }
    Ok(text)
}

/// The next line of standard input, whoever writes it.
fn next_line(most: u64) -> Result<String> {
    let mut line = String::new();
    io::stdin()
        .lock()
        .take(most)
        .read_line(&mut line)
        .map_err(failed)?;
    Ok(line)
}

fn typed_person(screen: &Screen) -> Result<PersonInput> {
    let digits = typed_unseen(screen)?;
    Ok(PersonInput {
        number: number(&digits)?,
        name: typed_name(screen)?,
    })
}

fn typed_unseen(screen: &Screen) -> Result<Zeroizing<String>> {
    let prompt = screen.say("cli-ask-number", &[]);
    rpassword::prompt_password(prompt)
        .map(Zeroizing::new)
        .map_err(failed)
}

fn typed_name(screen: &Screen) -> Result<String> {
    screen.ask(&screen.say("cli-ask-name", &[]));
    Ok(next_line(MAX_LINES_BYTES)?.trim().to_owned())
}

/// A number; what is wrong with it is said without repeating it.
fn number(text: &str) -> Result<IdentityNumber> {
    text.parse().map_err(|error| {
        let id = match error {
            InvalidIdentityNumber::Form => "error-number-form",
            InvalidIdentityNumber::Date => "error-number-date",
            InvalidIdentityNumber::Serial => "error-number-serial",
            InvalidIdentityNumber::CheckDigit => "error-number-check-digit",
        };
        misused(id, &[])
    })
}

/// All that is piped in.
fn piped() -> Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    io::stdin()
        .lock()
        .take(MAX_LINES_BYTES)
        .read_to_string(&mut text)
        .map_err(failed)?;
    Ok(text)
}

/// The lines of a text that are not blank.
fn lines(text: &str) -> Vec<Zeroizing<String>> {
    let filled = text.lines().map(str::trim).filter(|line| !line.is_empty());
    filled.map(|line| Zeroizing::new(line.to_owned())).collect()
}

/// A text: from a file, or from standard input to its end.
pub(crate) fn document_text(file: Option<&Path>, screen: &mut Screen) -> Result<Zeroizing<String>> {
    let most = MAX_INLINE_BODY as u64;
    let bytes = match file {
        Some(path) => Zeroizing::new(storage::read(path, most)?),
        None => {
            if is_typed() {
                screen.remark(&screen.say("cli-ask-text", &[]));
            }
            let mut bytes = Zeroizing::new(Vec::new());
            io::stdin()
                .lock()
                .take(most + 1)
                .read_to_end(&mut bytes)
                .map_err(failed)?;
            bytes
        }
    };
    if bytes.len() as u64 > most {
        return Err(misused("error-text-too-long", &[("most", &most.to_string())]));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| misused("error-text-encoding", &[]))?;
    Ok(Zeroizing::new(text.replace("\r\n", "\n").trim_end().to_owned()))
}
