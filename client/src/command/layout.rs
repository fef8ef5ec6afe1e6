//! Lines of a width: sentences broken between words, commands broken so that a shell still reads them as one.
//!
//! Plain text only; looks are added to whole lines afterwards.

/// Lines are never made narrower than this, whatever the terminal says.
pub(crate) const NARROWEST: usize = 32;
/// Nor wider: longer lines are hard to read.
pub(crate) const WIDEST: usize = 100;
/// The width where nobody says one.
pub(crate) const DEFAULT_WIDTH: usize = 80;
/// How a command goes on in the next line (POSIX shell).
const GOES_ON: &str = " \\";

/// The text in lines of at most this width, the first one `first` in, all others `rest` in. A word that is
/// longer than a line has one of its own; a chapter or section sign stays with its number.
pub(crate) fn wrapped(text: &str, width: usize, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = " ".repeat(first);
    let mut filled = false;
    for word in words(text) {
        if filled && length(&line) + 1 + length(&word) > width {
            lines.push(std::mem::replace(&mut line, " ".repeat(rest)));
            filled = false;
        }
        if filled {
            line.push(' ');
        }
        line.push_str(&word);
        filled = true;
    }
    lines.push(line);
    lines
}

/// The words of a text; what counts chapters or sections together with its number: `6 kap.`, `13 §§`.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match words.last_mut() {
            Some(number) if word.starts_with('§') || word == "kap." => {
                number.push(' ');
                number.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// A command in lines of at most this width, as far as its words allow: broken before an option, else between
/// words, with the sign that it goes on.
pub(crate) fn command(text: &str, width: usize, indent: usize) -> Vec<String> {
    let deeper = indent + 2;
    let mut lines: Vec<String> = Vec::new();
    let mut line = " ".repeat(indent);
    let mut filled = false;
    for group in groups(text) {
        let whole = length(&line) + usize::from(filled) + length(&group) + length(GOES_ON) <= width;
        let alone = deeper + length(&group) + length(GOES_ON) <= width;
        // An option that fits a line of its own stays whole; one that fits none is broken between its words.
        let pieces = if whole || alone {
            vec![group]
        } else {
            group.split(' ').map(str::to_owned).collect()
        };
        for piece in pieces {
            if filled && length(&line) + 1 + length(&piece) + length(GOES_ON) > width {
                line.push_str(GOES_ON);
                lines.push(std::mem::replace(&mut line, " ".repeat(deeper)));
                filled = false;
            }
            if filled {
                line.push(' ');
            }
            line.push_str(&piece);
            filled = true;
        }
    }
    lines.push(line);
    lines
}

/// The words before the first option, then each option with its values.
fn groups(text: &str) -> Vec<String> {
    let mut groups: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match groups.last_mut() {
            Some(group) if !word.starts_with("--") => {
                group.push(' ');
                group.push_str(word);
            }
            _ => groups.push(word.to_owned()),
        }
    }
    groups
}

/// How many columns a text takes. Every language that has words here writes one character per column.
fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_broken_between_words_and_stand_in() {
        let lines = wrapped(
            "Det finns inget samtycke som den här enheten är part i.",
            32,
            2,
            4,
        );
        assert_eq!(
            lines,
            ["  Det finns inget samtycke som", "    den här enheten är part i."]
        );
        assert_eq!(wrapped("", 32, 2, 4), ["  "]);
        let id = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";
        assert_eq!(
            wrapped(&format!("beslut {id}"), 32, 0, 2),
            ["beslut".to_owned(), format!("  {id}")]
        );
    }

    #[test]
    fn chapters_and_sections_stay_with_their_numbers() {
        let text = "Offentlighetslag, 10 kap. 1 § och 12 kap. 2 § (OSL-10-1)";
        for width in NARROWEST..=80 {
            for line in wrapped(text, width, 0, 2) {
                let line = line.trim_start();
                assert!(
                    !line.starts_with('§') && !line.starts_with("kap."),
                    "{width}: {line}"
                );
                assert!(length(line) <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn a_broken_command_is_still_one_command() {
        let text = "samrum consent request --individual 0192f0c1-2a3b-7c4d-8e5f-60718293a4b5 --source a b --act SHARE";
        for width in [NARROWEST, 40, 60, 80, WIDEST] {
            let lines = command(text, width, 2);
            for line in lines.iter().take(lines.len() - 1) {
                assert!(line.ends_with(GOES_ON), "{width}: {line}");
            }
            let whole: Vec<_> = lines
                .iter()
                .flat_map(|line| line.split_whitespace())
                .filter(|word| *word != "\\")
                .collect();
            assert_eq!(whole.join(" "), text);
            let long = lines
                .iter()
                .filter(|line| length(line) > width && !line.contains("0192f0c1"));
            assert_eq!(long.count(), 0, "{width}: {lines:?}");
        }
        assert_eq!(
            command("samrum provision list", 80, 2),
            ["  samrum provision list"]
        );
    }
}
