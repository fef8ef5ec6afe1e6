//! The invented world is consistent: valid numbers, distinct ids and slugs, no loose ends.

use std::collections::BTreeSet;

use super::*;

/// Luhn's check over all digits. Source: ISO/IEC 7812-1, annex B.
fn luhn_holds(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte - b'0') * if place % 2 == 1 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

fn is_organisation_number(text: &str) -> bool {
    text.len() == 10
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && text.as_bytes()[2] >= b'2'
        && luhn_holds(text)
}

#[test]
fn organisation_numbers_are_well_formed() {
    for organisation in ORGANISATIONS {
        assert!(
            is_organisation_number(organisation.number),
            "{}",
            organisation.name
        );
    }
}

#[test]
fn a_wrong_organisation_number_is_noticed() {
    let number = EXEMPELBY.number;
    for wrong in 0..10 {
        let neighbour = format!("{}{wrong}", &number[..9]);
        assert_eq!(
            is_organisation_number(&neighbour),
            neighbour == number,
            "{neighbour}"
        );
    }
    assert!(!is_organisation_number("1010000007"), "third digit below 2");
}

#[test]
fn ids_are_distinct_and_so_are_slugs() {
    let ids = ORGANISATIONS
        .iter()
        .map(|organisation| organisation.id)
        .chain(AUTHORITIES.iter().map(|authority| authority.id))
        .chain(UNITS.iter().map(|unit| unit.id));
    let distinct: BTreeSet<[u8; 16]> = ids.collect();
    assert_eq!(
        distinct.len(),
        ORGANISATIONS.len() + AUTHORITIES.len() + UNITS.len()
    );

    let slugs: Vec<&str> = ORGANISATIONS
        .iter()
        .map(|organisation| organisation.slug)
        .chain(UNITS.iter().map(|unit| unit.slug))
        .collect();
    assert_eq!(slugs.iter().collect::<BTreeSet<_>>().len(), slugs.len());
    for slug in slugs {
        assert!(
            slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
            "{slug}"
        );
    }
}

#[test]
fn every_unit_stands_in_a_listed_authority_and_shares_its_holder() {
    for authority in AUTHORITIES {
        assert!(
            ORGANISATIONS.contains(&authority.organisation),
            "{}",
            authority.name
        );
        assert!(
            UNITS.iter().any(|unit| unit.authority == authority),
            "{} has no unit",
            authority.name
        );
    }
    for unit in UNITS {
        assert!(AUTHORITIES.contains(&unit.authority), "{}", unit.slug);
        assert_eq!(unit.holder, unit.authority.organisation.holder, "{}", unit.slug);
    }
}

#[test]
fn hsa_ids_start_with_their_organisation() {
    for unit in UNITS {
        let Some(hsa_id) = unit.hsa_id else { continue };
        let prefix = format!("SE{}-", unit.authority.organisation.number);
        let local = hsa_id.strip_prefix(&prefix).unwrap_or_default();
        assert!(!local.is_empty() && hsa_id.len() <= 31, "{hsa_id}");
    }
}

#[test]
fn there_is_one_reception_and_it_belongs_to_social_services() {
    let receptions: Vec<_> = UNITS.iter().filter(|unit| unit.board_reception).collect();
    assert_eq!(receptions, [&&RECEPTION]);
    assert_eq!(RECEPTION.sector, Sector::SocialServices);
    assert_eq!(RECEPTION.holder, Holder::Public);
}
