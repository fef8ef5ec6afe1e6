//! A child's or an adult's whole representation: custody typed or as lines, everything as one JSON object.

use jiff::Timestamp;
use samrum_consent::id::AuthorityId;
use samrum_consent::vocabulary::Category;
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use super::{is_typed, lines, number, piped, typed_name, typed_person, typed_unseen};
use crate::client::{CareOrder, PersonInput, RepresentativeInput};
use crate::command::misused;
use crate::command::screen::Screen;
use crate::command::vocabulary::{from_moment, until_moment};
use crate::error::Result;

/// The most guardians of one child.
pub(crate) const MAX_GUARDIANS: usize = 8;

/// Everyone who may sign for one person. Personal data: it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Family {
    /// Whom it is about.
    pub(crate) person: PersonInput,
    /// Everyone with custody.
    pub(crate) guardians: Vec<PersonInput>,
    /// Who may consent for an adult.
    pub(crate) representatives: Vec<RepresentativeInput>,
    /// Care under LVU.
    pub(crate) care_order: Option<CareOrder>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FamilyForm {
    person: PersonForm,
    #[serde(default)]
    guardians: Vec<PersonForm>,
    #[serde(default)]
    representatives: Vec<RepresentativeForm>,
    care_order: Option<CareOrderForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonForm {
    #[serde(deserialize_with = "unseen")]
    number: Zeroizing<String>,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RepresentativeForm {
    #[serde(deserialize_with = "unseen")]
    number: Zeroizing<String>,
    name: String,
    valid_until: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CareOrderForm {
    authority_id: String,
    categories: Vec<String>,
    valid_from: String,
    valid_until: String,
}

/// A text that is wiped once it has been read.
fn unseen<'de, D: Deserializer<'de>>(deserializer: D) -> core::result::Result<Zeroizing<String>, D::Error> {
    String::deserialize(deserializer).map(Zeroizing::new)
}

/// The representation: typed; or lines "NUMBER NAME", the child first; or one JSON object.
pub(crate) fn family(screen: &mut Screen) -> Result<Family> {
    if is_typed() {
        typed(screen)
    } else {
        read(&piped()?)
    }
}

fn typed(screen: &mut Screen) -> Result<Family> {
    screen.remark(&screen.say("cli-ask-child", &[]));
    let person = typed_person(screen)?;
    screen.remark(&screen.say("cli-ask-guardians", &[]));
    let mut guardians = Vec::new();
    while guardians.len() < MAX_GUARDIANS {
        let digits = typed_unseen(screen)?;
        if digits.trim().is_empty() {
            break;
        }
        guardians.push(PersonInput {
            number: number(&digits)?,
            name: typed_name(screen)?,
        });
    }
    Ok(in_custody(person, guardians))
}

fn read(text: &str) -> Result<Family> {
    if text.trim_start().starts_with('{') {
        return from_json(text);
    }
    let mut people = Vec::new();
    for line in lines(text) {
        let (digits, name) = line
            .split_once(char::is_whitespace)
            .ok_or_else(|| misused("error-input-family-line", &[]))?;
        people.push(PersonInput {
            number: number(digits)?,
            name: name.trim().to_owned(),
        });
    }
    let mut people = people.into_iter();
    let person = people.next().ok_or_else(|| misused("error-input-family", &[]))?;
    let guardians: Vec<_> = people.collect();
    if guardians.len() > MAX_GUARDIANS {
        let most = MAX_GUARDIANS.to_string();
        return Err(misused("error-input-guardians", &[("most", &most)]));
    }
    Ok(in_custody(person, guardians))
}

const fn in_custody(person: PersonInput, guardians: Vec<PersonInput>) -> Family {
    Family {
        person,
        guardians,
        representatives: Vec::new(),
        care_order: None,
    }
}

fn from_json(text: &str) -> Result<Family> {
    // A message of the parser could repeat what stands there: only where it is wrong is said.
    let form: FamilyForm = serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line().to_string(), error.column().to_string());
        misused("error-input-family-json", &[("line", &line), ("column", &column)])
    })?;
    let representatives = form.representatives.into_iter().map(|form| {
        Ok(RepresentativeInput {
            person: PersonInput {
                number: number(&form.number)?,
                name: form.name,
            },
            valid_until: form
                .valid_until
                .map(|text| moment("valid_until", &text, until_moment))
                .transpose()?,
        })
    });
    Ok(Family {
        person: person(form.person)?,
        guardians: form.guardians.into_iter().map(person).collect::<Result<_>>()?,
        representatives: representatives.collect::<Result<_>>()?,
        care_order: form.care_order.map(care_order).transpose()?,
    })
}

fn person(form: PersonForm) -> Result<PersonInput> {
    Ok(PersonInput {
        number: number(&form.number)?,
        name: form.name,
    })
}

fn care_order(form: CareOrderForm) -> Result<CareOrder> {
    let wrong = |field, problem: String| misused("error-field", &[("field", field), ("problem", &problem)]);
    let category = |word: &String| {
        let word = word.to_uppercase().replace('-', "_");
        word.parse::<Category>()
            .map_err(|error| wrong("categories", error.to_string()))
    };
    Ok(CareOrder {
        authority: form
            .authority_id
            .parse::<AuthorityId>()
            .map_err(|error| wrong("authority_id", error.to_string()))?,
        categories: form.categories.iter().map(category).collect::<Result<_>>()?,
        valid_from: moment("valid_from", &form.valid_from, from_moment)?,
        valid_until: moment("valid_until", &form.valid_until, until_moment)?,
    })
}

fn moment(
    field: &'static str,
    text: &str,
    read: fn(&str) -> core::result::Result<Timestamp, String>,
) -> Result<Timestamp> {
    read(text).map_err(|problem| misused("error-field", &[("field", field), ("problem", &problem)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"{
        "person": {"number": "201703099802", "name": "Alva Exempel"},
        "guardians": [{"number": "198705129826", "name": "Kim Exempel"}],
        "representatives": [{"number": "198509219831", "name": "Robin Exempel", "valid_until": "2026-12-31"}],
        "care_order": {"authority_id": "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5", "categories": ["HOME_FAMILY"],
            "valid_from": "2026-01-01", "valid_until": "2026-06-30"}
    }"#;

    #[test]
    fn one_object_holds_custody_representatives_and_care() {
        let family = read(WHOLE).ok().unwrap();
        assert_eq!(family.guardians.len(), 1);
        let until = family.representatives[0].valid_until.unwrap();
        assert_eq!(until.to_string(), "2026-12-31T23:00:00Z", "through the last day");
        let care = family.care_order.unwrap();
        assert_eq!(care.categories, [Category::HomeFamily]);
        assert_eq!(care.valid_from.to_string(), "2025-12-31T23:00:00Z");
    }

    #[test]
    fn lines_are_custody_alone_the_child_first() {
        let family = read("201703099802 Alva Exempel\n198705129826 Kim Exempel\n")
            .ok()
            .unwrap();
        assert_eq!(family.person.name, "Alva Exempel");
        assert!(family.guardians.len() == 1 && family.representatives.is_empty());
        assert!(family.care_order.is_none());
    }

    #[test]
    fn what_cannot_be_read_is_refused_and_never_repeated() {
        let nine = "198705129826 Kim Exempel\n".repeat(MAX_GUARDIANS + 2);
        for text in [
            "",
            "201703099802\n",
            "201703099803 Alva Exempel\n",
            nine.as_str(),
            "{",
            r#"{"person": {"number": "201703099802"}}"#,
            r#"{"person": {"number": "201703099802", "name": "A"}, "guardian": []}"#,
            &WHOLE.replace("HOME_FAMILY", "WEATHER"),
            &WHOLE.replace("2026-06-30", "soon"),
            &WHOLE.replace("0192f0c1", "board"),
        ] {
            let said = read(text).err().unwrap().to_string();
            assert!(!said.contains("9802") && !said.contains("Exempel"), "{said}");
        }
    }
}
