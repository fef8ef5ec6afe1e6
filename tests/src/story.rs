//! A child of nine with two guardians, six units with keys, and a consent where a test wants it to be.

use prost_types::Timestamp;
use samrum_certs::world;
use samrum_consent::id::IndividualId;
use samrum_consent::vocabulary::{Act, Category, Direction, Kind, Purpose};
use samrum_proto::envelope::SigningKeyPair;
use samrum_proto::wire::consent::v1 as consent;
use samrum_proto::wire::individual::v1 as individual;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqliteRow};
use sqlx::{Row as _, query};

use crate::world::{create_organisations, create_units};
use crate::{Browser, Party, TestHub, execute, now_us};

/// The invented child, aged nine: number (serial 980) and name.
pub const CHILD: (&str, &str) = ("201703099802", "Alva Exempel");
/// The two invented guardians.
pub const GUARDIANS: [(&str, &str); 2] = [("198705129826", "Kim Exempel"), ("198509219831", "Robin Exempel")];

/// An invented child of thirteen, who may have a say; Kim and Robin have custody where a test says so.
pub const YOUTH: (&str, &str) = ("201301019806", "Nova Exempel");

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
        Self::begin_in(TestHub::start().await).await
    }

    /// The same in this empty hub.
    pub async fn begin_in(hub: TestHub) -> Self {
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

    /// Goes on with the hub where it is now, after it was started again.
    pub fn reconnect(&mut self) {
        let parties = [
            &mut self.social,
            &mut self.reception,
            &mut self.psychiatry,
            &mut self.pupil_health,
            &mut self.school,
            &mut self.clinic,
            &mut self.operator,
            &mut self.auditor,
        ];
        for party in parties {
            self.hub.reconnect(party);
        }
    }

    /// The world with a consent that both guardians have signed; answers with its id.
    pub async fn with_consent() -> (Self, Vec<u8>) {
        let story = Self::begin().await;
        let consent = story.consent_of(&story.social, &story.child).await;
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

    /// A copy of an organisation's signing key, for what changes a party meanwhile.
    pub fn organisation_key(&self, slug: &str) -> SigningKeyPair {
        SigningKeyPair::from_seed(self.organisation(slug).expose_seed()).unwrap()
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
        self.represent(self.operator.representing(CHILD, guardians)).await;
    }

    /// The operator's import of who represents somebody.
    pub async fn represent(&self, request: individual::SetRepresentationRequest) {
        let answer = self.operator.individuals().set_representation(request).await;
        answer.unwrap();
    }

    /// What every entry in the ledger says, oldest first, with its id.
    pub async fn entries(&self) -> Vec<(Vec<u8>, serde_json::Value)> {
        let options = SqliteConnectOptions::new().filename(self.hub.data().join("hub.db"));
        let pool = SqlitePool::connect_with(options.read_only(true)).await.unwrap();
        let rows = query("SELECT id, details FROM entry ORDER BY arrival")
            .fetch_all(&pool)
            .await
            .unwrap();
        pool.close().await;
        let entry = |row: &SqliteRow| (row.get("id"), serde_json::from_slice(row.get("details")).unwrap());
        rows.iter().map(entry).collect()
    }

    /// The hub starts again, once this has been changed behind its back: time cannot be waited for.
    pub async fn change_behind_its_back(&mut self, statement: &'static str) {
        self.hub.stop().await;
        execute(&self.hub.data(), statement).await;
        self.hub.start_again().await;
        self.reconnect();
    }

    /// A unit opens a case id for a person.
    pub async fn register(&self, unit: &Party, named: (&str, &str)) -> IndividualId {
        let request = unit.registering(named);
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
        self.request_by(&self.social, &self.child).await
    }

    /// A unit asks for that consent about the child in its own case.
    pub async fn request_by(&self, unit: &Party, child: &IndividualId) -> Vec<u8> {
        let request = unit.requesting(child.as_bytes(), self.scope());
        let answer = unit
            .consents()
            .request_consent(request)
            .await
            .unwrap()
            .into_inner();
        answer.consent.unwrap().consent_id
    }

    /// A guardian's yes on paper, recorded by social services.
    pub async fn sign(&self, consent_id: &[u8], signatory: u32) -> consent::Consent {
        let request = self.social.recording(consent_id, signatory);
        let answer = self.social.consents().record_signature(request).await;
        answer.unwrap().into_inner().consent.unwrap()
    }

    /// A consent that a unit asked for and recorded both guardians' yes to: it may send on it.
    pub async fn consent_of(&self, unit: &Party, child: &IndividualId) -> Vec<u8> {
        let consent = self.request_by(unit, child).await;
        for signatory in [1, 2] {
            let request = unit.recording(&consent, signatory);
            unit.consents().record_signature(request).await.unwrap();
        }
        consent
    }

    /// A guardian's yes in the portal, by label: `kim` or `robin`.
    pub async fn sign_in_portal(&self, label: &str, consent_id: &[u8]) {
        let mut browser = Browser::new(self.hub.pages());
        browser.log_in(label).await;
        browser.say_yes(consent_id).await;
    }

    /// The person takes it back, recorded by social services.
    pub async fn revoke(&self, consent_id: &[u8]) {
        let request = self.social.revoking(consent_id);
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

/// A valid identity number of an invented person: born on 1 January of the year, serial 980 and upwards.
pub fn invented_number(year: u32, nth: u32) -> String {
    invented_number_born((year, 1, 1), nth)
}

/// The same for whoever was born on another day: year, month, day.
pub fn invented_number_born((year, month, day): (u32, u32, u32), nth: u32) -> String {
    assert!(nth < 20, "invented people have serials 980 to 999");
    let digits = format!("{year:04}{month:02}{day:02}{:03}", 980 + nth);
    // Luhn over the last nine digits (Skatteverket's SKV 704): every other doubled, from the first.
    let sum: u32 = digits
        .bytes()
        .skip(2)
        .enumerate()
        .map(|(place, digit)| u32::from(digit - b'0') * (2 - place as u32 % 2))
        .map(|doubled| doubled / 10 + doubled % 10)
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}
