//! Identity numbers are never arguments: other users of the machine see arguments, and shells remember them.
//!
//! What looks like one is refused before anything is parsed, so that no message can repeat it.

use std::ffi::OsString;

use samrum_consent::organisation_number::OrganisationNumber;

/// How many characters a UUID has as text.
const UUID_CHARACTERS: usize = 36;

/// An argument looks like a personal identity number. Says which, not what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "argument {place} looks like a personal identity number; such numbers are never arguments: leave it out, and \
     type it when asked or give it on standard input. It may now be in your shell's history: remove it there"
)]
pub(crate) struct IdentityNumberInArgument {
    /// Counted from 1.
    pub(crate) place: usize,
}

/// Refuses arguments, the program's name aside, that hold what looks like an identity number.
pub(crate) fn refuse_in(arguments: &[OsString]) -> Result<(), IdentityNumberInArgument> {
    for (place, argument) in arguments.iter().enumerate().skip(1) {
        if holds_identity_number(&argument.to_string_lossy()) {
            return Err(IdentityNumberInArgument { place });
        }
    }
    Ok(())
}

/// Whether ten or twelve digits stand alone somewhere, with or without a hyphen, plus sign or space before the
/// last four. Ids and organisation numbers are not meant.
fn holds_identity_number(argument: &str) -> bool {
    let characters: Vec<char> = without_ids(argument).chars().collect();
    let is_digit = |place: usize| characters.get(place).is_some_and(char::is_ascii_digit);
    let is_word = |place: usize| {
        characters
            .get(place)
            .is_some_and(|character| character.is_alphanumeric())
    };
    (0..characters.len()).any(|start| {
        let stands_alone = start == 0 || !is_word(start - 1);
        stands_alone
            && [8, 6].into_iter().any(|date| {
                let separator = match characters.get(start + date) {
                    Some('-' | '+' | ' ' | '\u{2010}' | '\u{2011}' | '\u{2013}') => 1,
                    _ => 0,
                };
                let serial = start + date + separator;
                let all_digits = (start..start + date).chain(serial..serial + 4).all(is_digit);
                if !all_digits || is_word(serial + 4) {
                    return false;
                }
                let digits: String = (start..start + date)
                    .chain(serial..serial + 4)
                    .filter_map(|place| characters.get(place))
                    .collect();
                digits.parse::<OrganisationNumber>().is_err()
            })
    })
}

/// The argument with every UUID in it replaced by a space.
fn without_ids(argument: &str) -> String {
    let mut rest = String::new();
    let mut left = argument;
    while let Some(first) = left.chars().next() {
        let id = left
            .get(..UUID_CHARACTERS)
            .filter(|candidate| uuid::Uuid::try_parse(candidate).is_ok());
        match id.and_then(|_| left.get(UUID_CHARACTERS..)) {
            Some(after) => {
                rest.push(' ');
                left = after;
            }
            None => {
                rest.push(first);
                left = left.get(first.len_utf8()..).unwrap_or_default();
            }
        }
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_refused_wherever_and_however_they_are_written() {
        for argument in [
            "201703099802",
            "20170309-9802",
            "170309-9802",
            "1703099802",
            "170309+9802",
            "--reason=about 20170309-9802, again",
            "--about=20170309-9802",
            "20170309 9802",
            "20170369-9802",
            "notes/20170309-9802.txt",
            "201713099802",
        ] {
            let arguments = [
                OsString::from("samrum"),
                OsString::from("check"),
                OsString::from(argument),
            ];
            let refused = refuse_in(&arguments);
            assert_eq!(refused, Err(IdentityNumberInArgument { place: 2 }), "{argument}");
            assert!(
                !refused.unwrap_err().to_string().contains("9802"),
                "it is not repeated"
            );
        }
    }

    #[test]
    fn ids_times_organisation_numbers_and_keys_are_let_through() {
        for argument in [
            "01991234-5678-7abc-8def-123456789012",
            "1,01991234-5678-7abc-8def-123456789012",
            "2026-03-01T08:00:00.000000Z",
            "2026-03-01",
            "212000-1355",
            "SE2120001355-A1B2",
            "https://127.0.0.1:7443",
            "a1234567890b",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "--timeout=10",
            "12345678901234",
        ] {
            assert!(!holds_identity_number(argument), "{argument}");
        }
    }

    #[test]
    fn the_programs_own_name_is_nobodys_number() {
        assert_eq!(refuse_in(&[OsString::from("/tmp/201703099802/samrum")]), Ok(()));
    }
}
