//! The catalogue of provisions and the policy: law as data, with the dates it is in force.
//!
//! Law changes (SoL 2001:453 became 2025:400 on 2025-07-01), so nothing here is code: `data/lagrum.toml`
//! is read as it stands. A lawyer reviews the data before real use.

use std::collections::BTreeSet;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use crate::calendar::stockholm_date;
use crate::fact::Unit;
use crate::id::UnitId;
use crate::vocabulary::{Category, Circumstance, Holder, Kind, Sector, UnknownWord};

/// The catalogue that is built in.
const EMBEDDED: &str = include_str!("../data/lagrum.toml");

/// A catalogue that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum InvalidLaw {
    /// Not TOML, or a field is missing, misspelt or of the wrong type.
    #[error("the catalogue of provisions cannot be read: {0}")]
    Form(#[from] Box<toml::de::Error>),
    /// A sector, holder or kind that the vocabulary lacks.
    #[error("provision {id}: {error}")]
    Word {
        /// The provision.
        id: String,
        /// What is wrong.
        error: UnknownWord,
    },
    /// A date that is none.
    #[error("provision {id}: dates are written 2025-07-01")]
    Date {
        /// The provision.
        id: String,
    },
    /// Two provisions with one id.
    #[error("provision {id} occurs twice")]
    Duplicate {
        /// The provision.
        id: String,
    },
}

/// What a provision does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Presumes the sender's information secret.
    Secrecy,
    /// Lets the individual lift secrecy.
    Waiver,
    /// May carry a disclosure without consent, when turned on.
    Basis,
    /// Orders a disclosure; never blocked.
    Duty,
    /// Governs the plan or a clock.
    Process,
    /// Forbids, or limits another provision.
    Bars,
}

/// Which sectors a provision reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sectors {
    /// Every sector.
    Any,
    /// These.
    Only(BTreeSet<Sector>),
}

impl Sectors {
    fn reach(&self, sector: Sector) -> bool {
        match self {
            Self::Any => true,
            Self::Only(sectors) => sectors.contains(&sector),
        }
    }
}

/// Something that must be true of the individual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// Not yet 18, by the register.
    Under18,
    /// Something that somebody has recorded.
    Recorded(Circumstance),
}

/// What must be true of the individual for a provision to apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circumstances {
    /// One of these suffices; empty asks for nothing.
    pub any: BTreeSet<Condition>,
    /// All of these are needed.
    pub all: BTreeSet<Condition>,
    /// Whether an unproven age counts as under 18.
    pub unknown_age_counts_as_child: bool,
}

/// One provision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provision {
    /// Stable id, such as `OSL-25-12`.
    pub id: String,
    /// The statute with its number.
    pub statute: String,
    /// Chapter and section.
    pub section: String,
    /// What it does.
    pub role: Role,
    /// A plain summary in Swedish.
    pub sv: String,
    /// A plain summary in English.
    pub en: String,
    /// Kinds of document it may carry.
    pub kinds: BTreeSet<Kind>,
    /// Categories it may carry; empty means any.
    pub categories: BTreeSet<Category>,
    /// What must be true of the individual.
    pub circumstances: Circumstances,
    /// Whether information about relatives needs no basis of its own.
    pub covers_relatives: bool,
    /// Whether it is addressed to the social services board's reception alone.
    pub to_board_reception_only: bool,
    parties: Parties,
    in_force: (Option<Date>, Option<Date>),
}

/// Between whom a provision works.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Parties {
    from: Sectors,
    to: Sectors,
    holder: Option<Holder>,
    to_holder: Option<Holder>,
    same_authority_only: bool,
    same_organisation_only: bool,
    /// Only to whoever sent the report that the document answers.
    to_reporter_only: bool,
    /// From health care only by a professional in this role.
    health_care_role: Option<String>,
}

impl Provision {
    /// Whether it is in force at this time, by the date in Stockholm.
    #[must_use]
    pub fn in_force(&self, now: Timestamp) -> bool {
        let today = stockholm_date(now);
        self.in_force.0.is_none_or(|from| from <= today) && self.in_force.1.is_none_or(|to| today <= to)
    }

    /// Whether it reaches this sender, through a professional in this role.
    #[must_use]
    pub fn reaches_sender(&self, sender: &Unit, role: &str) -> bool {
        let health_care = matches!(sender.sector, Sector::HealthCare | Sector::PupilHealthMedical);
        let needed = self.parties.health_care_role.as_deref().filter(|_| health_care);
        self.parties.from.reach(sender.sector)
            && self.parties.holder.is_none_or(|holder| holder == sender.holder)
            && needed.is_none_or(|needed| needed == role)
    }

    /// Whether it reaches this recipient, from this sender.
    #[must_use]
    pub fn reaches_recipient(&self, sender: &Unit, recipient: &Unit, reporter: Option<UnitId>) -> bool {
        self.parties.to.reach(recipient.sector)
            && self
                .parties
                .to_holder
                .is_none_or(|holder| holder == recipient.holder)
            && (!self.parties.same_authority_only || sender.authority == recipient.authority)
            && (!self.parties.same_organisation_only || sender.organisation == recipient.organisation)
            && (!self.parties.to_reporter_only || reporter == Some(recipient.id))
    }
}

/// What operators may set within the law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How old a check of custody may be.
    pub custody_max_age: SignedDuration,
    /// From this age on, somebody must have assessed the child's maturity.
    pub maturity_age: i16,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            custody_max_age: SignedDuration::from_hours(90 * 24),
            maturity_age: 12,
        }
    }
}

/// Provisions and policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Law {
    provisions: Vec<Provision>,
    /// What operators may set.
    pub policy: Policy,
}

impl Law {
    /// The catalogue that is built in, with the default policy.
    ///
    /// # Errors
    /// [`InvalidLaw`]; a test proves that the built-in catalogue can be read.
    pub fn embedded() -> Result<Self, InvalidLaw> {
        Self::parse(EMBEDDED)
    }

    /// A catalogue in the form of `data/lagrum.toml`.
    ///
    /// # Errors
    /// [`InvalidLaw`] with the provision and what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, InvalidLaw> {
        let file: CatalogueFile = toml::from_str(text).map_err(Box::new)?;
        let provisions = file
            .provision
            .into_iter()
            .map(Provision::try_from)
            .collect::<Result<Vec<_>, _>>()?;
        let mut seen = BTreeSet::new();
        if let Some(twice) = provisions
            .iter()
            .find(|provision| !seen.insert(provision.id.clone()))
        {
            return Err(InvalidLaw::Duplicate { id: twice.id.clone() });
        }
        Ok(Self {
            provisions,
            policy: Policy::default(),
        })
    }

    /// The provision with this id.
    #[must_use]
    pub fn provision(&self, id: &str) -> Option<&Provision> {
        self.provisions.iter().find(|provision| provision.id == id)
    }

    /// Every provision, in the order of the catalogue.
    #[must_use]
    pub fn provisions(&self) -> &[Provision] {
        &self.provisions
    }

    /// The duties in force now that order this kind of document.
    pub fn duties(&self, kind: Kind, now: Timestamp) -> impl Iterator<Item = &Provision> {
        self.provisions.iter().filter(move |provision| {
            provision.role == Role::Duty && provision.kinds.contains(&kind) && provision.in_force(now)
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CatalogueFile {
    provision: Vec<ProvisionEntry>,
}

/// One entry as written. Fields that only people read are named, so that a misspelt one is refused.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProvisionEntry {
    id: String,
    statute: String,
    section: String,
    role: Role,
    sv: String,
    en: String,
    #[serde(default)]
    from: Vec<String>,
    #[serde(default)]
    to: Vec<String>,
    holder: Option<String>,
    to_holder: Option<String>,
    from_date: Option<String>,
    to_date: Option<String>,
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    applies_if_any: BTreeSet<String>,
    #[serde(default)]
    applies_if_all: BTreeSet<String>,
    #[serde(default)]
    age_unknown_counts_as_child: bool,
    #[serde(default)]
    covers_relatives: bool,
    #[serde(default)]
    to_board_reception_only: bool,
    #[serde(default)]
    same_authority_only: bool,
    #[serde(default)]
    same_organisation_only: bool,
    #[serde(default)]
    to_reporter_only: bool,
    health_care_only_by_role: Option<String>,
    #[serde(default)]
    to_private_also: bool,
    #[serde(flatten)]
    _for_people: ForPeople,
}

#[derive(Deserialize)]
struct ForPeople {
    #[serde(rename = "strength")]
    _strength: Option<String>,
    #[serde(rename = "basis")]
    _basis: Option<String>,
    #[serde(rename = "default")]
    _default: Option<String>,
    #[serde(rename = "replaced_by")]
    _replaced_by: Option<String>,
    #[serde(rename = "amended")]
    _amended: Option<Vec<String>>,
    #[serde(rename = "clock")]
    _clock: Option<String>,
    #[serde(rename = "requires")]
    _requires: Option<String>,
    #[serde(rename = "never_against")]
    _never_against: Option<String>,
    #[serde(rename = "fields_only")]
    _fields_only: Option<Vec<String>>,
    #[serde(rename = "excludes_secrecy")]
    _excludes_secrecy: Option<Vec<String>>,
}

impl TryFrom<ProvisionEntry> for Provision {
    type Error = InvalidLaw;

    fn try_from(entry: ProvisionEntry) -> Result<Self, InvalidLaw> {
        let word = |error| InvalidLaw::Word {
            id: entry.id.clone(),
            error,
        };
        let kinds = entry
            .kinds
            .iter()
            .map(|code| Kind::from_str(code))
            .collect::<Result<_, _>>();
        let kinds: BTreeSet<Kind> = kinds.map_err(word)?;
        let kinds = if kinds.is_empty() {
            BTreeSet::from([Kind::Information])
        } else {
            kinds
        };
        let categories = entry
            .categories
            .iter()
            .map(|code| Category::from_str(code))
            .collect::<Result<_, _>>()
            .map_err(word)?;
        let to_holder = holder(entry.to_holder.as_deref()).map_err(word)?;
        let parties = Parties {
            from: sectors(&entry.from).map_err(word)?,
            to: sectors(&entry.to).map_err(word)?,
            holder: holder(entry.holder.as_deref()).map_err(word)?,
            to_holder: if entry.to_private_also { None } else { to_holder },
            same_authority_only: entry.same_authority_only,
            same_organisation_only: entry.same_organisation_only,
            to_reporter_only: entry.to_reporter_only,
            health_care_role: entry.health_care_only_by_role,
        };
        let any = conditions(&entry.applies_if_any).map_err(word)?;
        let all = conditions(&entry.applies_if_all).map_err(word)?;
        let date = |text: Option<&str>| {
            text.map(Date::from_str)
                .transpose()
                .map_err(|_| InvalidLaw::Date { id: entry.id.clone() })
        };
        let in_force = (date(entry.from_date.as_deref())?, date(entry.to_date.as_deref())?);
        Ok(Self {
            id: entry.id,
            statute: entry.statute,
            section: entry.section,
            role: entry.role,
            sv: entry.sv,
            en: entry.en,
            kinds,
            categories,
            circumstances: Circumstances {
                any,
                all,
                unknown_age_counts_as_child: entry.age_unknown_counts_as_child,
            },
            covers_relatives: entry.covers_relatives,
            to_board_reception_only: entry.to_board_reception_only,
            parties,
            in_force,
        })
    }
}

/// The catalogue writes circumstances as people do: `ongoing-substance-misuse`.
fn conditions(words: &BTreeSet<String>) -> Result<BTreeSet<Condition>, UnknownWord> {
    let condition = |word: &String| match word.as_str() {
        "under-18" => Ok(Condition::Under18),
        "inquiry-decided-and-recorded-by-board" => Ok(Condition::Recorded(Circumstance::InquiryDecided)),
        word => Circumstance::from_str(&word.replace('-', "_").to_uppercase()).map(Condition::Recorded),
    };
    words.iter().map(condition).collect()
}

fn sectors(codes: &[String]) -> Result<Sectors, UnknownWord> {
    if codes.is_empty() || codes.iter().any(|code| code == "ANY") {
        return Ok(Sectors::Any);
    }
    codes
        .iter()
        .map(|code| Sector::from_str(code))
        .collect::<Result<_, _>>()
        .map(Sectors::Only)
}

fn holder(code: Option<&str>) -> Result<Option<Holder>, UnknownWord> {
    code.filter(|code| *code != "ANY")
        .map(Holder::from_str)
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_catalogue_is_read_whole() {
        let law = Law::embedded().unwrap();
        assert_eq!(law.provisions().len(), EMBEDDED.matches("[[provision]]").count());
        assert!(law.provision("OSL-25-12").unwrap().covers_relatives);
    }

    #[test]
    fn the_duty_to_report_concern_changed_statute_at_midnight() {
        let law = Law::embedded().unwrap();
        let duty = |at: &str| {
            let duties: Vec<_> = law.duties(Kind::ConcernReport, at.parse().unwrap()).collect();
            assert_eq!(duties.len(), 1, "exactly one statute in force at {at}");
            duties[0].id.clone()
        };
        assert_eq!(duty("2025-06-30T21:59:59Z"), "SOL2001-14-1");
        assert_eq!(duty("2025-06-30T22:00:00Z"), "SOL2025-19-1");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let entry = |extra: &str| {
            format!("[[provision]]\nid='X'\nstatute='s'\nsection='1'\nrole='duty'\nsv='s'\nen='e'\n{extra}")
        };
        assert!(Law::parse(&entry("")).is_ok());
        let unknown = Law::parse(&entry("from=['HOSPITAL']")).unwrap_err().to_string();
        assert!(unknown.starts_with("provision X: unknown sector"), "{unknown}");
        assert!(matches!(
            Law::parse(&entry("from_date='July'")),
            Err(InvalidLaw::Date { .. })
        ));
        assert!(
            matches!(
                Law::parse(&entry("covers_relative=true")),
                Err(InvalidLaw::Form(_))
            ),
            "misspelt"
        );
        let twice = [entry(""), entry("")].join("\n");
        assert!(matches!(Law::parse(&twice), Err(InvalidLaw::Duplicate { .. })));
    }
}
