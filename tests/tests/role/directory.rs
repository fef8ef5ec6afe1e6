//! Rows of the directory and of individuals.

use samrum_certs::world;
use samrum_consent::vocabulary::Purpose;
use samrum_proto::wire::directory::v1 as wire;
use samrum_proto::wire::individual::v1 as individual;
use samrum_proto::wire::individual::v1::record_assessment_request::Assessment;
use samrum_proto::wire::individual::v1::record_circumstance_request::Circumstance;
use samrum_tests::{CHILD, GUARDIANS, ago, new_id, person};
use tonic::Code;

use crate::Outcome::{Hidden, Passes, Refused};
use crate::{OTHER_ROLE, Row, row};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row!(
            "/samrum.directory.v1.DirectoryService/GetUnit",
            [Passes; 4],
            directory.get_unit,
            |asked| wire::GetUnitRequest {
                unit_id: asked.world.story.psychiatry.bytes(),
            }
        ),
        row!(
            "/samrum.directory.v1.DirectoryService/ListUnits",
            [Passes; 4],
            directory.list_units,
            |asked| wire::ListUnitsRequest::default()
        ),
        row!(
            "/samrum.directory.v1.DirectoryService/ListUnitKeys",
            [Passes; 4],
            directory.list_unit_keys,
            |asked| wire::ListUnitKeysRequest {
                unit_id: asked.world.story.psychiatry.bytes(),
            }
        ),
        row!(
            "/samrum.directory.v1.DirectoryService/CreateOrganisation",
            [OTHER_ROLE, OTHER_ROLE, OTHER_ROLE, Passes],
            directory.create_organisation,
            |asked| new_organisation()
        ),
        row!(
            "/samrum.directory.v1.DirectoryService/CreateUnit",
            [OTHER_ROLE, OTHER_ROLE, OTHER_ROLE, Passes],
            directory.create_unit,
            |asked| wire::CreateUnitRequest {
                unit: Some(new_unit()),
            }
        ),
        // The statement in force once more: nothing changes for the unit, and another's signature is none.
        row!(
            "/samrum.directory.v1.DirectoryService/RotateUnitKey",
            [
                Passes,
                Refused(Code::InvalidArgument, "SIGNATURE_INVALID"),
                OTHER_ROLE,
                OTHER_ROLE,
            ],
            directory.rotate_unit_key,
            |asked| wire::RotateUnitKeyRequest {
                statement: asked.world.key.statement.clone(),
                organisation_signature: asked.world.key.organisation_signature.clone(),
            }
        ),
        // Any unit of the organisation whose signature it bears, and no other organisation's.
        row!(
            "/samrum.directory.v1.DirectoryService/ReportCompromisedKey",
            [
                Passes,
                Refused(Code::InvalidArgument, "SIGNATURE_INVALID"),
                OTHER_ROLE,
                OTHER_ROLE,
            ],
            directory.report_compromised_key,
            |asked| {
                let story = &asked.world.story;
                let key_id = asked.world.replaced.key_id.as_slice().try_into().unwrap();
                story.social.reporting(key_id, story.organisation("exempelby"))
            }
        ),
    ]
}

pub(crate) fn individual_rows() -> Vec<Row> {
    vec![
        // Answers alike whether others know the person.
        row!(
            "/samrum.individual.v1.IndividualService/RegisterIndividual",
            [Passes, Passes, OTHER_ROLE, OTHER_ROLE],
            individuals.register_individual,
            |asked| asked.party.registering(CHILD)
        ),
        row!(
            "/samrum.individual.v1.IndividualService/GetIndividual",
            [Passes, Hidden, OTHER_ROLE, OTHER_ROLE],
            individuals.get_individual,
            |asked| individual::GetIndividualRequest {
                individual_id: asked.id(asked.world.story.child.as_bytes()),
            }
        ),
        row!(
            "/samrum.individual.v1.IndividualService/RecordAssessment",
            [Passes, Hidden, OTHER_ROLE, OTHER_ROLE],
            individuals.record_assessment,
            |asked| asked.party.assessing(
                &asked.id(asked.world.story.child.as_bytes()),
                Assessment::Maturity(takes_part())
            )
        ),
        row!(
            "/samrum.individual.v1.IndividualService/RecordCircumstance",
            [Passes, Hidden, OTHER_ROLE, OTHER_ROLE],
            individuals.record_circumstance,
            |asked| asked.party.finding(
                &asked.id(asked.world.story.child.as_bytes()),
                Circumstance::Situation(measures())
            )
        ),
        // Its recorder's unit alone, and there somebody else.
        row!(
            "/samrum.individual.v1.IndividualService/AttestFact",
            [Passes, Hidden, OTHER_ROLE, OTHER_ROLE],
            individuals.attest_fact,
            |asked| asked.party.attesting(&asked.id(&asked.world.fact), "bo.l")
        ),
        row!(
            "/samrum.individual.v1.IndividualService/ListFacts",
            [Passes, Hidden, OTHER_ROLE, OTHER_ROLE],
            individuals.list_facts,
            |asked| individual::ListFactsRequest {
                individual_id: asked.id(asked.world.story.child.as_bytes()),
                ..individual::ListFactsRequest::default()
            }
        ),
        row!(
            "/samrum.individual.v1.IndividualService/SetRepresentation",
            [OTHER_ROLE, OTHER_ROLE, OTHER_ROLE, Passes],
            individuals.set_representation,
            |asked| individual::SetRepresentationRequest {
                request_id: new_id(),
                person: Some(person(CHILD)),
                guardians: GUARDIANS.map(person).to_vec(),
                source: individual::CustodySource::PopulationRegister.into(),
                checked_at: Some(ago(60)),
                ..Default::default()
            }
        ),
    ]
}

/// What was found of the child's maturity, in a matter that no other row is about.
fn takes_part() -> individual::MaturityAssessment {
    individual::MaturityAssessment {
        maturity: individual::Maturity::TakesPart.into(),
        matter: Purpose::Placement.number().into(),
        valid_from: Some(ago(3600)),
        valid_until: Some(ago(-3600)),
    }
}

/// A circumstance that a provision asks for.
pub(crate) fn measures() -> individual::Situation {
    individual::Situation {
        circumstance: individual::Circumstance::LssMeasures.into(),
        valid_from: Some(ago(3600)),
        valid_until: Some(ago(-3600)),
    }
}

fn new_organisation() -> wire::CreateOrganisationRequest {
    let organisation_id = new_id();
    wire::CreateOrganisationRequest {
        organisation: Some(wire::Organisation {
            organisation_id: organisation_id.clone(),
            organisation_number: world::SOLSIDAN.number.to_owned(),
            name: "Månsidan Vård AB".to_owned(),
            holder: wire::Holder::Private.into(),
            signing_public_key: samrum_tests::signing_key().verifying_key().as_bytes().to_vec(),
        }),
        authorities: vec![wire::Authority {
            authority_id: new_id(),
            organisation_id,
            name: "Månsidan Vård AB".to_owned(),
        }],
    }
}

fn new_unit() -> wire::Unit {
    wire::Unit {
        unit_id: new_id(),
        authority_id: world::SOCIAL_SERVICES_BOARD.id.to_vec(),
        organisation_id: world::EXEMPELBY.id.to_vec(),
        name: "Familjecentralen".to_owned(),
        sector: wire::Sector::SocialServices.into(),
        holder: wire::Holder::Public.into(),
        ..wire::Unit::default()
    }
}
