//! Provisions for people: a plain sentence first, the citation behind it.
//!
//! The sentences are those of the catalogue in `consent`; what a provision permits is decided there.

use std::sync::LazyLock;

use samrum_consent::law::Law;

use crate::Language;

/// The built-in catalogue; that it can be read is tested there.
static LAW: LazyLock<Option<Law>> = LazyLock::new(|| Law::embedded().ok());

/// A provision in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProvisionWords {
    /// What it says, in a plain sentence.
    pub sentence: &'static str,
    /// The statute with its number, in Swedish.
    pub statute: &'static str,
    /// Chapter and section.
    pub section: &'static str,
}

impl ProvisionWords {
    /// Where it stands: `Föräldrabalk (1949:381), 6 kap. 11 och 13 §§`.
    #[must_use]
    pub fn citation(&self) -> String {
        format!("{}, {}", self.statute, self.section)
    }
}

/// The words of the provision with this id, such as `FB-6-11`; nothing for an id that the catalogue lacks.
#[must_use]
pub fn provision(id: &str, language: Language) -> Option<ProvisionWords> {
    let provision = LAW.as_ref()?.provision(id)?;
    let sentence = match language {
        Language::Swedish => &provision.sv,
        Language::English => &provision.en,
    };
    Some(ProvisionWords {
        sentence,
        statute: &provision.statute,
        section: &provision.section,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_provision_has_a_sentence_in_each_language() {
        let law = LAW.as_ref().unwrap();
        assert!(!law.provisions().is_empty());
        for id in law.provisions().iter().map(|provision| &provision.id) {
            for language in Language::ALL {
                let words = provision(id, *language).unwrap();
                assert!(
                    words.sentence.ends_with('.'),
                    "{id} in {language}: {}",
                    words.sentence
                );
            }
        }
    }

    #[test]
    fn what_the_catalogue_lacks_has_no_words() {
        assert_eq!(provision("OSL-99-99", Language::Swedish), None);
        let custody = provision("FB-6-11", Language::English).unwrap();
        assert_eq!(custody.citation(), "Föräldrabalk (1949:381), 6 kap. 11 och 13 §§");
    }
}
