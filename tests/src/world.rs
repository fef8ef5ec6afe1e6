//! The invented world put into a hub's directory by its operator.

use ring::rand::SystemRandom;
use samrum_certs::world;
use samrum_proto::envelope::SigningKeyPair;
use samrum_proto::wire::directory::v1 as directory;

use crate::Party;

pub(crate) async fn create_organisations(operator: &Party) -> Vec<(&'static str, SigningKeyPair)> {
    let mut keys = Vec::new();
    for organisation in world::ORGANISATIONS {
        let key = SigningKeyPair::generate(&SystemRandom::new()).unwrap();
        let own = world::UNITS
            .iter()
            .filter(|unit| unit.authority.organisation == organisation);
        let mut authorities: Vec<_> = own
            .map(|unit| directory::Authority {
                authority_id: unit.authority.id.to_vec(),
                organisation_id: organisation.id.to_vec(),
                name: unit.authority.name.to_owned(),
            })
            .collect();
        authorities.sort_by(|one, other| one.authority_id.cmp(&other.authority_id));
        authorities.dedup();
        let request = directory::CreateOrganisationRequest {
            organisation: Some(directory::Organisation {
                organisation_id: organisation.id.to_vec(),
                organisation_number: organisation.number.to_owned(),
                name: organisation.name.to_owned(),
                holder: holder(&organisation.holder),
                signing_public_key: key.verifying_key().as_bytes().to_vec(),
            }),
            authorities,
        };
        operator.directory().create_organisation(request).await.unwrap();
        keys.push((organisation.slug, key));
    }
    keys
}

pub(crate) async fn create_units(operator: &Party) {
    use directory::Sector as Wire;
    for unit in world::UNITS {
        let sector = match unit.sector {
            world::Sector::HealthCare => Wire::HealthCare,
            world::Sector::SocialServices => Wire::SocialServices,
            world::Sector::School => Wire::School,
            world::Sector::PupilHealthOther => Wire::PupilHealthOther,
        };
        let request = directory::CreateUnitRequest {
            unit: Some(directory::Unit {
                unit_id: unit.id.to_vec(),
                authority_id: unit.authority.id.to_vec(),
                organisation_id: unit.authority.organisation.id.to_vec(),
                name: unit.name.to_owned(),
                sector: sector.into(),
                holder: holder(&unit.holder),
                board_reception: unit.board_reception,
                hsa_id: unit.hsa_id.unwrap_or_default().to_owned(),
                ..directory::Unit::default()
            }),
        };
        operator.directory().create_unit(request).await.unwrap();
    }
}

fn holder(holder: &world::Holder) -> i32 {
    match holder {
        world::Holder::Public => directory::Holder::Public.into(),
        world::Holder::Private => directory::Holder::Private.into(),
    }
}
