//! Units by name: the id, or enough of the name to mean one.

use samrum_consent::id::UnitId;

use crate::client::Client;
use crate::error::{Misused, Result};
use crate::view::Unit;

/// The most names that an ambiguous answer lists.
const MAX_CANDIDATES: usize = 10;

/// The units that these arguments mean, in their order. The directory is asked once, and only for names.
pub(crate) async fn resolve_all(client: &Client, arguments: &[String]) -> Result<Vec<UnitId>> {
    let ids: Option<Vec<UnitId>> = arguments.iter().map(|argument| argument.parse().ok()).collect();
    if let Some(ids) = ids {
        return Ok(ids);
    }
    let units = client.units().await?;
    arguments
        .iter()
        .map(|argument| Ok(resolve(argument, &units)?))
        .collect()
}

/// The unit that this argument means.
pub(crate) async fn resolve_one(client: &Client, argument: &str) -> Result<UnitId> {
    match argument.parse() {
        Ok(id) => Ok(id),
        Err(_) => Ok(resolve(argument, &client.units().await?)?),
    }
}

/// An exact name before a beginning of a name; both folded.
pub(crate) fn resolve(argument: &str, units: &[Unit]) -> core::result::Result<UnitId, Misused> {
    if let Ok(id) = argument.parse() {
        return Ok(id);
    }
    let wanted = folded(argument);
    let exact: Vec<&Unit> = units.iter().filter(|unit| folded(&unit.name) == wanted).collect();
    let found = if exact.is_empty() {
        units
            .iter()
            .filter(|unit| !wanted.is_empty() && folded(&unit.name).starts_with(&wanted))
            .collect()
    } else {
        exact
    };
    match found.as_slice() {
        [] => Err(Misused::UnitUnknown {
            name: argument.to_owned(),
        }),
        [unit] => Ok(unit.unit_id),
        several => {
            let named = |unit: &&Unit| format!("{} ({})", unit.name, unit.organisation_name);
            let candidates = several.iter().take(MAX_CANDIDATES).map(named).collect();
            Err(Misused::UnitAmbiguous {
                name: argument.to_owned(),
                candidates,
            })
        }
    }
}

/// Lower case, without diacritics, anything between words as one hyphen: what a name becomes in an address.
pub(crate) fn folded(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        let plain = match character {
            'å' | 'ä' | 'á' | 'à' => 'a',
            'ö' | 'ø' | 'ó' => 'o',
            'é' | 'è' | 'ë' => 'e',
            'ü' | 'ú' => 'u',
            'í' => 'i',
            other => other,
        };
        if plain.is_alphanumeric() {
            slug.push(plain);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use samrum_consent::id::{AuthorityId, OrganisationId};
    use samrum_consent::vocabulary::{Holder, Sector};

    fn unit(byte: u8, name: &str) -> Unit {
        Unit {
            unit_id: UnitId::from_bytes([byte; 16]),
            name: name.to_owned(),
            authority_id: AuthorityId::from_bytes([1; 16]),
            authority_name: "Board".to_owned(),
            organisation_id: OrganisationId::from_bytes([1; 16]),
            organisation_name: "Exempelby kommun".to_owned(),
            sector: Sector::School,
            holder: Holder::Public,
            board_reception: false,
            hsa_id: String::new(),
        }
    }

    fn units() -> Vec<Unit> {
        vec![
            unit(1, "Exempelskolans elevhälsa"),
            unit(2, "Exempelskolan"),
            unit(3, "BUP Exempelby, öppenvård"),
        ]
    }

    #[test]
    fn names_mean_units_whatever_their_case_and_diacritics() {
        for (argument, byte) in [
            ("bup", 3),
            ("BUP exempelby oppenvard", 3),
            ("exempelskolans-elevhalsa", 1),
            ("Exempelskolan", 2),
        ] {
            let found = resolve(argument, &units()).unwrap();
            assert_eq!(found, UnitId::from_bytes([byte; 16]), "{argument}");
        }
        let id = UnitId::from_bytes([9; 16]);
        assert_eq!(
            resolve(&id.to_string(), &units()).unwrap(),
            id,
            "ids need no directory"
        );
    }

    #[test]
    fn several_candidates_are_listed_and_none_is_said() {
        let several = resolve("exempel", &units()).unwrap_err();
        assert!(
            several
                .to_string()
                .contains("Exempelskolans elevhälsa (Exempelby kommun)"),
            "{several}"
        );
        assert!(matches!(
            resolve("vårdcentral", &units()),
            Err(Misused::UnitUnknown { .. })
        ));
        assert!(matches!(resolve("", &units()), Err(Misused::UnitUnknown { .. })));
    }
}
