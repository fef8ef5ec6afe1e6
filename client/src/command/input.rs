//! What a person types or a program pipes in: identity numbers, names, texts. Never as arguments.

use std::io::{self, BufRead, IsTerminal, Read};
use std::path::Path;

use samrum_consent::identity_number::IdentityNumber;
use samrum_proto::envelope::MAX_INLINE_BODY;
use zeroize::Zeroizing;

use super::misused;
use super::screen::Screen;
use crate::client::PersonInput;
use crate::error::Result;
use crate::storage;

/// The most bytes of what is piped in as numbers and names.
const MAX_LINES_BYTES: u64 = 16 * 1024;
/// The most bytes of a reason in words: 500 characters of UTF-8.
const MAX_REASON_BYTES: u64 = 2_000;
/// The most guardians of one child.
pub(crate) const MAX_GUARDIANS: usize = 8;

/// Whether somebody sits at the keyboard.
fn is_typed() -> bool {
    io::stdin().is_terminal()
}

fn failed(error: impl std::fmt::Display) -> crate::error::Error {
    misused(format!("the input cannot be read: {error}"))
}

/// One identity number: typed unseen, or the first line of standard input.
pub(crate) fn identity_number(screen: &Screen) -> Result<IdentityNumber> {
    let text = if is_typed() {
        Zeroizing::new(rpassword::prompt_password(screen.say("cli-ask-number", &[])).map_err(failed)?)
    } else {
        lines()?
            .first()
            .cloned()
            .ok_or_else(|| misused("standard input is empty; it must hold the number"))?
    };
    number(&text)
}

/// A number with a name: typed, or the first two lines of standard input.
pub(crate) fn person(screen: &Screen) -> Result<PersonInput> {
    if is_typed() {
        return typed_person(screen);
    }
    match lines()?.as_slice() {
        [digits, name] => Ok(PersonInput {
            number: number(digits)?,
            name: name.to_string(),
        }),
        _ => Err(misused(
            "standard input must hold two lines: the number, then the name",
        )),
    }
}

/// A child and everyone with custody: typed, or one line each on standard input, number first.
pub(crate) fn family(screen: &mut Screen) -> Result<(PersonInput, Vec<PersonInput>)> {
    let mut people = Vec::new();
    if is_typed() {
        screen.remark(&screen.say("cli-ask-child", &[]));
        people.push(typed_person(screen)?);
        screen.remark(&screen.say("cli-ask-guardians", &[]));
        while people.len() <= MAX_GUARDIANS {
            let prompt = screen.say("cli-ask-number", &[]);
            let digits = Zeroizing::new(rpassword::prompt_password(prompt).map_err(failed)?);
            if digits.trim().is_empty() {
                break;
            }
            people.push(PersonInput {
                number: number(&digits)?,
                name: typed_name(screen)?,
            });
        }
    } else {
        for line in lines()? {
            let (digits, name) = line.split_once(char::is_whitespace).ok_or_else(|| {
                misused("each line must hold a number, a space and a name: the child first")
            })?;
            people.push(PersonInput {
                number: number(digits)?,
                name: name.trim().to_owned(),
            });
        }
    }
    if people.is_empty() {
        return Err(misused(
            "standard input is empty; it must hold the child and the guardians",
        ));
    }
    let guardians = people.split_off(1);
    if guardians.len() > MAX_GUARDIANS {
        return Err(misused(format!(
            "at most {MAX_GUARDIANS} people can have custody"
        )));
    }
    let child = people.pop().ok_or_else(|| misused("the child is missing"))?;
    Ok((child, guardians))
}

fn typed_person(screen: &Screen) -> Result<PersonInput> {
    let digits = rpassword::prompt_password(screen.say("cli-ask-number", &[])).map_err(failed)?;
    Ok(PersonInput {
        number: number(&Zeroizing::new(digits))?,
        name: typed_name(screen)?,
    })
}

fn typed_name(screen: &Screen) -> Result<String> {
    screen.ask(&screen.say("cli-ask-name", &[]));
    Ok(next_line(MAX_LINES_BYTES)?.trim().to_owned())
}

/// Why something is so, in one line: typed, or the next line of standard input, or a file.
pub(crate) fn reason(file: Option<&Path>, screen: &mut Screen) -> Result<String> {
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
        return Err(misused("a reason in words is needed, typed or on standard input"));
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

fn number(text: &str) -> Result<IdentityNumber> {
    text.parse()
        .map_err(|error: samrum_consent::identity_number::InvalidIdentityNumber| misused(error.to_string()))
}

/// The lines of standard input that are not blank.
fn lines() -> Result<Vec<Zeroizing<String>>> {
    let mut text = Zeroizing::new(String::new());
    io::stdin()
        .lock()
        .take(MAX_LINES_BYTES)
        .read_to_string(&mut text)
        .map_err(failed)?;
    let filled = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(filled.map(|line| Zeroizing::new(line.to_owned())).collect())
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
        return Err(misused(format!("the text has more than {most} bytes")));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| misused("the text is not UTF-8"))?;
    Ok(Zeroizing::new(text.replace("\r\n", "\n").trim_end().to_owned()))
}
