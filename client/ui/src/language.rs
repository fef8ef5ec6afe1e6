//! The languages that have reviewed words, and how a person's wish is read.

use core::fmt;
use core::str::FromStr;

/// A language that every sentence exists in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Language {
    /// Swedish, the language of the law behind it.
    #[default]
    Swedish,
    /// English.
    English,
}

/// A language that has no words yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this language is not available; choose sv or en")]
pub struct UnknownLanguage;

impl Language {
    /// Every language, the first one first asked for.
    pub const ALL: &'static [Self] = &[Self::Swedish, Self::English];

    /// The code of ISO 639-1, as in HTML's `lang`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Swedish => "sv",
            Self::English => "en",
        }
    }

    /// The language's name in itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Swedish => "Svenska",
            Self::English => "English",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    /// Reads `sv`, `en-GB` (RFC 5646) and `sv_SE.UTF-8` (POSIX locale).
    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        let primary = text.split(['-', '_', '.', '@']).next().unwrap_or_default();
        Self::ALL
            .iter()
            .copied()
            .find(|language| primary.eq_ignore_ascii_case(language.code()))
            .ok_or(UnknownLanguage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_tags_and_locales_are_read() {
        for swedish in ["sv", "SV", "sv-SE", "sv_SE.UTF-8", "sv_FI@euro"] {
            assert_eq!(swedish.parse(), Ok(Language::Swedish), "{swedish}");
        }
        for english in ["en", "en-GB", "en_US.UTF-8"] {
            assert_eq!(english.parse(), Ok(Language::English), "{english}");
        }
    }

    #[test]
    fn other_languages_are_refused() {
        for other in ["", "C", "POSIX", "svenska", "e", "ar"] {
            assert_eq!(other.parse::<Language>(), Err(UnknownLanguage), "{other}");
        }
    }
}
