//! The catalogue of provisions read as it is written, word by word; what the words mean stands in its head.

use jiff::civil::Date;
use samrum_consent::fact::Unit;
use samrum_consent::id::UnitId;
use samrum_consent::vocabulary::{Category, Circumstance, Kind, Sector};
use toml::{Table, Value};

/// One provision, in the catalogue's own words.
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) role: String,
    from: Vec<String>,
    to: Vec<String>,
    holder: String,
    to_holder: String,
    kinds: Vec<String>,
    categories: Vec<String>,
    /// One of them suffices.
    pub(super) any: Vec<Wanted>,
    /// All of them are needed.
    pub(super) all: Vec<Wanted>,
    pub(super) covers_relatives: bool,
    pub(super) reception_only: bool,
    pub(super) unknown_age_is_a_childs: bool,
    same_authority: bool,
    same_organisation: bool,
    reporter_only: bool,
    in_health_care_only: String,
    from_date: Option<Date>,
    to_date: Option<Date>,
}

/// Something that must be true of the individual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wanted {
    Under18,
    Recorded(Circumstance),
}

/// Reads the catalogue.
pub(super) fn read(text: &str) -> Vec<Rule> {
    let file: Table = text.parse().expect("a catalogue is TOML");
    let provisions = file["provision"].as_array().expect("a list of provisions");
    provisions
        .iter()
        .map(|entry| rule(entry.as_table().expect("a provision has fields")))
        .collect()
}

fn rule(entry: &Table) -> Rule {
    let word = |field: &str| {
        let written = entry.get(field).and_then(Value::as_str);
        written.unwrap_or_default().to_owned()
    };
    let words = |field: &str| {
        let written = entry.get(field).and_then(Value::as_array);
        let words = written.into_iter().flatten();
        words
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let yes = |field: &str| entry.get(field).and_then(Value::as_bool) == Some(true);
    let day = |field: &str| {
        entry
            .get(field)
            .and_then(Value::as_str)
            .map(|day| day.parse().expect("a date"))
    };
    Rule {
        id: word("id"),
        role: word("role"),
        from: words("from"),
        to: words("to"),
        holder: word("holder"),
        to_holder: if yes("to_private_also") {
            String::new()
        } else {
            word("to_holder")
        },
        kinds: words("kinds"),
        categories: words("categories"),
        any: wanted(&words("applies_if_any")),
        all: wanted(&words("applies_if_all")),
        covers_relatives: yes("covers_relatives"),
        reception_only: yes("to_board_reception_only"),
        unknown_age_is_a_childs: yes("age_unknown_counts_as_child"),
        same_authority: yes("same_authority_only"),
        same_organisation: yes("same_organisation_only"),
        reporter_only: yes("to_reporter_only"),
        in_health_care_only: word("health_care_only_by_role"),
        from_date: day("from_date"),
        to_date: day("to_date"),
    }
}

/// In the order in which they are asked: age first, then as the vocabulary lists them.
fn wanted(words: &[String]) -> Vec<Wanted> {
    let mut wanted: Vec<_> = words
        .iter()
        .map(|word| match word.as_str() {
            "under-18" => Wanted::Under18,
            "inquiry-decided-and-recorded-by-board" => Wanted::Recorded(Circumstance::InquiryDecided),
            other => {
                let code = other.replace('-', "_").to_uppercase();
                Wanted::Recorded(code.parse().expect("a circumstance"))
            }
        })
        .collect();
    wanted.sort();
    wanted
}

/// No word, or `ANY`, is no limit.
fn allows(words: &[String], code: &str) -> bool {
    words.is_empty() || words.iter().any(|word| word == "ANY" || word == code)
}

fn matches(word: &str, code: &str) -> bool {
    word.is_empty() || word == "ANY" || word == code
}

impl Rule {
    /// From midnight on its first day to midnight after its last, in Stockholm.
    pub(super) fn in_force(&self, today: Date) -> bool {
        self.from_date.is_none_or(|first| first <= today) && self.to_date.is_none_or(|last| today <= last)
    }

    /// What it may carry; one-off information where it names nothing.
    pub(super) fn names_kind(&self, kind: Kind) -> bool {
        if self.kinds.is_empty() {
            kind == Kind::Information
        } else {
            self.kinds.iter().any(|word| word == kind.code())
        }
    }

    pub(super) fn names_category(&self, category: Category) -> bool {
        allows(&self.categories, category.code())
    }

    pub(super) fn reaches_from(&self, sender: &Unit, role: &str) -> bool {
        let health_care = [Sector::HealthCare, Sector::PupilHealthMedical].contains(&sender.sector);
        let by_whom = self.in_health_care_only.is_empty() || !health_care || role == self.in_health_care_only;
        allows(&self.from, sender.sector.code()) && matches(&self.holder, sender.holder.code()) && by_whom
    }

    pub(super) fn reaches_to(&self, sender: &Unit, recipient: &Unit, reporter: Option<UnitId>) -> bool {
        let one_authority = sender.authority == recipient.authority;
        let one_organisation = sender.organisation == recipient.organisation;
        let reported = reporter.is_some_and(|reporter| reporter == recipient.id);
        allows(&self.to, recipient.sector.code())
            && matches(&self.to_holder, recipient.holder.code())
            && (one_authority || !self.same_authority)
            && (one_organisation || !self.same_organisation)
            && (reported || !self.reporter_only)
    }
}
