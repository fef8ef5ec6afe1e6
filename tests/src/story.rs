//! A child of nine with two guardians, six units with keys, and a consent where a test wants it to be.

use prost_types::Timestamp;
use ring::rand::SystemRandom;
use samrum_certs::world;
use samrum_consent::id::IndividualId;
use samrum_consent::vocabulary::{Act, Category, Direction, Kind, Purpose};
use samrum_proto::envelope::SigningKeyPair;
use samrum_proto::wire::consent::v1 as consent;
use samrum_proto::wire::directory::v1 as directory;
use samrum_proto::wire::individual::v1 as individual;

use crate::party::{method, new_id, now_us};
use crate::{Party, TestHub};

/// The invented child, aged nine: number (serial 980) and name.
pub const CHILD: (&str, &str) = ("201703099802", "Alva Exempel");
/// The two invented guardians.
pub const GUARDIANS: [(&str, &str); 2] = [("198705129826", "Kim Exempel"), ("198509219831", "Robin Exempel")];

/// A hub with its world.
pub struct Story {
    /// The hub.
    pub hub: TestHub,
    /// Social services: registers the child and asks for consent.
    pub social: Party,
    /// The board's reception.
    pub reception: Party,
    /// Child psychiatry: in the scope.
    pub psychiatry: Party,
    /// Pupil health: in the scope.
    pub pupil_health: Party,
    /// The school: outside the scope.
    pub school: Party,
    /// A private clinic: outside the scope.
    pub clinic: Party,
    /// The operator.
    pub operator: Party,
    /// The municipality's auditor.
    pub auditor: Party,
    /// Organisations' keys by slug.
    pub organisations: Vec<(&'static str, SigningKeyPair)>,
    /// The child in social services' case.
    pub child: IndividualId,
}

impl Story {
    /// The world with custody imported and the child registered; no consent yet.
    pub async fn begin() -> Self {
        let hub = TestHub::start().await;
        let operator = hub.party("operator");
        let organisations = create_organisations(&operator).await;
        create_units(&operator).await;
        let mut story = Self {
            social: hub.party("social-services"),
            reception: hub.party("reception"),
            psychiatry: hub.party("child-psychiatry"),
            pupil_health: hub.party("pupil-health"),
            school: hub.party("school"),
            clinic: hub.party("private-clinic"),
            auditor: hub.party("auditor-exempelby"),
            operator,
            organisations,
            hub,
            child: IndividualId::from_bytes([0; 16]),
        };
        for unit in world::UNITS {
            story
                .unit(unit.slug)
                .register_key(story.organisation(unit.authority.organisation.slug))
                .await;
        }
        story.import_custody(&GUARDIANS).await;
        story.child = story.register(&story.social, CHILD).await;
        story
    }

    /// The world with a consent that both guardians have signed; answers with its id.
    pub async fn with_consent() -> (Self, Vec<u8>) {
        let story = Self::begin().await;
        let consent = story.request().await;
        for signatory in [1, 2] {
            story.sign(&consent, signatory).await;
        }
        (story, consent)
    }

    /// A unit's party by slug.
    pub fn unit(&self, slug: &str) -> &Party {
        let units = [
            &self.social,
            &self.reception,
            &self.psychiatry,
            &self.pupil_health,
            &self.school,
            &self.clinic,
        ];
        units.into_iter().find(|party| party.name == slug).unwrap()
    }

    /// An organisation's signing key.
    pub fn organisation(&self, slug: &str) -> &SigningKeyPair {
        &self
            .organisations
            .iter()
            .find(|(name, _)| *name == slug)
            .unwrap()
            .1
    }

    /// The operator's import from the population register.
    pub async fn import_custody(&self, guardians: &[(&str, &str)]) {
        let request = individual::SetRepresentationRequest {
            request_id: new_id(),
            person: Some(person(CHILD)),
            guardians: guardians.iter().copied().map(person).collect(),
            source: individual::CustodySource::PopulationRegister.into(),
            checked_at: Some(ago(3600)),
        };
        self.operator
            .individuals()
            .set_representation(request)
            .await
            .unwrap();
    }

    /// A unit opens a case id for a person.
    pub async fn register(&self, unit: &Party, named: (&str, &str)) -> IndividualId {
        let request_id = new_id();
        let request = individual::RegisterIndividualRequest {
            acting: Some(unit.acting(method::REGISTER, &request_id)),
            request_id,
            person: Some(person(named)),
        };
        let answer = unit
            .individuals()
            .register_individual(request)
            .await
            .unwrap()
            .into_inner();
        IndividualId::try_from(answer.individual_id.as_slice()).unwrap()
    }

    /// The scope that social services asks for: a circle with child psychiatry and pupil health, about
    /// school and mental health, in the documents of the SIP process.
    pub fn scope(&self) -> consent::Scope {
        let circle = [&self.social, &self.psychiatry, &self.pupil_health]
            .map(Party::bytes)
            .to_vec();
        consent::Scope {
            source_unit_ids: circle.clone(),
            recipient_unit_ids: circle,
            direction: Direction::Circle.number().into(),
            categories: numbers(&[Category::SchoolSituation, Category::HealthMental], |c| {
                c.number()
            }),
            kinds: numbers(&[Kind::Summons, Kind::Reply, Kind::Note, Kind::Plan], |k| {
                k.number()
            }),
            purpose: Purpose::Sip.number().into(),
            acts: numbers(&[Act::Share, Act::Plan], |act| act.number()),
            valid_from: Some(ago(60)),
            valid_until: Some(ago(-90 * 24 * 3600)),
            exclusions: None,
        }
    }

    /// Social services asks for that consent.
    pub async fn request(&self) -> Vec<u8> {
        let request_id = new_id();
        let request = consent::RequestConsentRequest {
            acting: Some(self.social.acting(method::REQUEST, &request_id)),
            request_id,
            individual_id: self.child.as_bytes().to_vec(),
            scope: Some(self.scope()),
        };
        let answer = self
            .social
            .consents()
            .request_consent(request)
            .await
            .unwrap()
            .into_inner();
        answer.consent.unwrap().consent_id
    }

    /// A guardian's yes on paper, recorded by social services and pupil health's own when it must count there.
    pub async fn sign(&self, consent_id: &[u8], signatory: u32) -> consent::Consent {
        let request_id = new_id();
        let paper = consent::Paper {
            scan_sha256: vec![7; 32],
        };
        let evidence = consent::Evidence {
            evidence: Some(consent::evidence::Evidence::Paper(paper)),
        };
        let request = consent::RecordSignatureRequest {
            acting: Some(self.social.acting(method::RECORD, &request_id)),
            request_id,
            consent_id: consent_id.to_vec(),
            signatory,
            evidence: Some(evidence),
        };
        self.social
            .consents()
            .record_signature(request)
            .await
            .unwrap()
            .into_inner()
            .consent
            .unwrap()
    }

    /// The person takes it back, recorded by social services.
    pub async fn revoke(&self, consent_id: &[u8]) {
        let request_id = new_id();
        let request = consent::RevokeConsentRequest {
            acting: Some(self.social.acting(method::REVOKE, &request_id)),
            request_id,
            consent_id: consent_id.to_vec(),
        };
        self.social.consents().revoke_consent(request).await.unwrap();
    }
}

/// A person on the wire.
pub fn person((identity_number, name): (&str, &str)) -> individual::Person {
    individual::Person {
        identity_number: identity_number.to_owned(),
        name: name.to_owned(),
    }
}

/// So many seconds ago; negative: ahead.
pub fn ago(seconds: i64) -> Timestamp {
    Timestamp {
        seconds: now_us() / 1_000_000 - seconds,
        nanos: 0,
    }
}

fn numbers<T: Copy>(words: &[T], number: impl Fn(T) -> u8) -> Vec<i32> {
    words.iter().map(|word| number(*word).into()).collect()
}

async fn create_organisations(operator: &Party) -> Vec<(&'static str, SigningKeyPair)> {
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

async fn create_units(operator: &Party) {
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
