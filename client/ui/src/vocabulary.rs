//! Names for the values of the vocabularies, as they stand in the middle of a sentence: lower case.

use samrum_consent::vocabulary::{Act, Category, Direction, Holder, Kind, Purpose, Sector};

use crate::Language;
use crate::reason::slug;
use crate::words::lookup_text;

macro_rules! names {
    ($($(#[$doc:meta])* $function:ident($value:ident) = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $function(value: $value, language: Language) -> String {
            word($prefix, value.code(), language)
        }
    )*};
}

names! {
    /// The name of a sector: "hälso- och sjukvård", "health care".
    sector(Sector) = "sector";
    /// The name of a holder: "offentlig", "public".
    holder(Holder) = "holder";
    /// The name of a category: "läkemedel", "medicines".
    category(Category) = "category";
    /// The name of a document kind: "kallelse", "summons".
    kind(Kind) = "kind";
    /// The name of a purpose: "samordnad individuell plan (SIP)".
    purpose(Purpose) = "purpose";
    /// The name of an act: "att uppgifter delas", "that information is shared".
    act(Act) = "act";
    /// The name of a direction: "åt ett håll", "one way".
    direction(Direction) = "direction";
}

/// The name of a consent's state by its code: `ACTIVE` → "gäller". An unknown code is given back.
#[must_use]
pub fn consent_state(code: &str, language: Language) -> String {
    word("consent-state", code, language)
}

/// The name of a delivery's state by its code: `WITHHELD` → "stoppad". An unknown code is given back.
#[must_use]
pub fn delivery_state(code: &str, language: Language) -> String {
    word("delivery-state", code, language)
}

fn word(vocabulary: &str, code: &str, language: Language) -> String {
    let id = format!("{vocabulary}-{}", slug(code));
    lookup_text(&id, &[], language).unwrap_or_else(|| code.to_owned())
}
