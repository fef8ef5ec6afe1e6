//! A hub with three units, a child of nine and two guardians, and a clock that stands until it is moved.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use ring::rand::SystemRandom;
use samrum_certs::world::{self, CHILD_PSYCHIATRY, PUPIL_HEALTH, SOCIAL_SERVICES};
use samrum_consent::consent::{Consent, Evidence};
use samrum_consent::fact::{Custody, Unit};
use samrum_consent::id::{AuthorityId, ConsentId, EntryId, IndividualId, OrganisationId, RequestId, UnitId};
use samrum_consent::law::Law;
use samrum_consent::scope::{Exclusions, Period, Scope, ScopeParts};
use samrum_consent::vocabulary::{Act, Category, CustodySource, Direction, Holder, Kind, Purpose, Sector};
use samrum_proto::envelope::{SealingKeyPair, SigningKeyPair, Suite};
use samrum_proto::ledger::LogKey;
use samrum_proto::statement::{ActingStatement, KeyStatement, Signed};
use samrum_server::service::consent::{ConsentRequest, Recording};
use samrum_server::service::individual::{CustodyReading, NamedPerson};
use samrum_server::service::{Acting, Hub, HubParts, Idempotency};
use samrum_server::store::{
    Authority, Change, Clock, Lane, NewEntry, Organisation, Store as _, UnitRecord, Write,
};
use samrum_server::store::{SqlStore, sqlite};
use samrum_server::web::{Site, router};
use tempfile::TempDir;

use super::browser::Browser;

/// Where browsers believe the pages are.
pub(crate) const ORIGIN: &str = "http://127.0.0.1:7080";
/// The child, the guardians, and a guardian of someone else: label, number (serials 980 to 983), name.
pub(crate) const CHILD: (&str, &str) = ("201703099802", "Alva Exempel");
pub(crate) const KIM: (&str, &str) = ("198705129826", "Kim Exempel");
pub(crate) const ROBIN: (&str, &str) = ("198509219831", "Robin <Exempel>");
pub(crate) const STRANGER: (&str, &str) = ("197801019808", "Sam Annan");
pub(crate) const OTHER_CHILD: (&str, &str) = ("201501019812", "Love Annan");

/// 23 November 2026, ten in the morning in Stockholm.
const BEGINNING: i64 = 1_795_424_400;

/// A clock that stands until it is moved.
#[derive(Default)]
struct HeldClock(AtomicI64);

impl Clock for HeldClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// The world.
pub(crate) struct World {
    hub: Arc<Hub>,
    store: SqlStore,
    clock: Arc<HeldClock>,
    signing: SigningKeyPair,
    child: IndividualId,
    next: AtomicI64,
    _folder: TempDir,
}

fn social_services() -> UnitId {
    UnitId::from_bytes(SOCIAL_SERVICES.id)
}

fn named((number, name): (&str, &str)) -> NamedPerson {
    NamedPerson {
        number: number.parse().unwrap(),
        name: name.to_owned(),
    }
}

impl World {
    /// The world before anything is asked.
    pub(crate) async fn begin() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(HeldClock(AtomicI64::new(BEGINNING)));
        let store = sqlite::open(folder.path(), clock.clone()).await.unwrap();
        let hub = Hub::new(HubParts {
            store: Arc::new(store.clone()),
            law: Law::embedded().unwrap(),
            log: LogKey::from_seed("samrum.test/log", &[7; 32]).unwrap(),
            randomness: Arc::new(SystemRandom::new()),
            document_lifetime: Duration::from_secs(3600),
            report_alarm: Duration::from_secs(1800),
            max_body_bytes: 1024,
        });
        let mut world = Self {
            hub: Arc::new(hub.unwrap()),
            store,
            clock,
            signing: SigningKeyPair::generate(&SystemRandom::new()).unwrap(),
            child: IndividualId::from_bytes([0; 16]),
            next: AtomicI64::new(1),
            _folder: folder,
        };
        world.directory().await;
        world.custody(CHILD, &[KIM, ROBIN]).await;
        world.custody(OTHER_CHILD, &[STRANGER]).await;
        world.child = world.register(CHILD).await;
        world
    }

    /// The world with a question to both guardians, answered by none.
    pub(crate) async fn asked() -> (Self, ConsentId) {
        let world = Self::begin().await;
        let consent = world.ask(&world.scope()).await;
        (world, consent)
    }

    /// A browser in development, not logged in.
    pub(crate) fn browser(&self) -> Browser {
        let people = [("kim", KIM), ("robin", ROBIN), ("stranger", STRANGER)];
        let people = people.map(|(label, (number, _))| (label.to_owned(), number.parse().unwrap()));
        self.browser_of(ORIGIN, Some(people.into()))
    }

    /// A browser on a site with these settings.
    pub(crate) fn browser_of(
        &self,
        origin: &str,
        development_people: Option<BTreeMap<String, samrum_consent::identity_number::IdentityNumber>>,
    ) -> Browser {
        let site = Site {
            origin: origin.to_owned(),
            development_people,
        };
        Browser::new(router(self.hub.clone(), site), origin)
    }

    /// A browser in which this invented person has logged in.
    pub(crate) async fn logged_in(&self, label: &str) -> Browser {
        let mut browser = self.browser();
        browser.log_in(label).await;
        browser
    }

    /// Moves the clock.
    pub(crate) fn pass(&self, duration: SignedDuration) {
        self.clock.0.fetch_add(duration.as_secs(), Ordering::SeqCst);
    }

    /// The consent as it stands, as the asking unit may know it.
    pub(crate) async fn consent(&self, id: ConsentId) -> Consent {
        let view = self.hub.consent(social_services(), id).await.unwrap();
        view.record.consent
    }

    /// The scope that is asked for: a circle, with medicines kept out.
    pub(crate) fn scope(&self) -> Scope {
        self.scope_from("2026-11-22T23:00:00Z")
    }

    /// The same from another moment on.
    pub(crate) fn scope_from(&self, from: &str) -> Scope {
        let circle =
            [&SOCIAL_SERVICES, &CHILD_PSYCHIATRY, &PUPIL_HEALTH].map(|unit| UnitId::from_bytes(unit.id));
        Scope::parse(ScopeParts {
            sources: circle.into(),
            recipients: circle.into(),
            direction: Direction::Circle,
            categories: [Category::SchoolSituation, Category::HealthMental].into(),
            kinds: [Kind::Summons, Kind::Reply, Kind::Note, Kind::Plan].into(),
            purpose: Purpose::Sip,
            acts: [Act::Share, Act::Plan].into(),
            period: Period {
                from: from.parse().unwrap(),
                until: "2027-02-28T23:00:00Z".parse().unwrap(),
            },
            exclusions: Exclusions {
                categories: [Category::Medication].into(),
                ..Exclusions::default()
            },
        })
        .unwrap()
    }

    /// Social services asks the guardians.
    pub(crate) async fn ask(&self, scope: &Scope) -> ConsentId {
        self.ask_about(self.child, scope).await
    }

    /// Social services asks a grown person about themselves.
    pub(crate) async fn ask_adult(&self, adult: (&str, &str), scope: &Scope) -> ConsentId {
        self.ask_about(self.register(adult).await, scope).await
    }

    async fn ask_about(&self, individual: IndividualId, scope: &Scope) -> ConsentId {
        let key = self.key();
        let acting = self.acting("/request", key);
        let asking = ConsentRequest {
            individual,
            scope: scope.clone(),
            supersedes: None,
        };
        let asked = self.hub.request_consent(social_services(), key, asking, &acting);
        asked.await.unwrap().0.record.consent.id
    }

    /// Social services narrows a consent: the revision changes.
    pub(crate) async fn narrow(&self, consent: ConsentId) {
        let key = self.key();
        let acting = self.acting("/narrow", key);
        let more = Exclusions {
            categories: [Category::SchoolSituation].into(),
            ..Exclusions::default()
        };
        let narrowed = self
            .hub
            .narrow_consent(social_services(), key, (consent, more, None), &acting);
        narrowed.await.unwrap();
    }

    /// Social services writes down what somebody answered on paper or orally.
    pub(crate) async fn record(&self, consent: ConsentId, signatory: u32, recording: Recording) {
        let key = self.key();
        let acting = self.acting("/record", key);
        let answer = (consent, signatory);
        let recorded = self
            .hub
            .record_answer(social_services(), key, answer, recording, &acting);
        recorded.await.unwrap();
    }

    /// A yes given orally, before two of social services.
    pub(crate) fn oral() -> Recording {
        Recording::Yes(Evidence::Oral {
            recorded_by: social_services(),
            first_witness: "anna.k".to_owned(),
            second_witness: "bo.l".to_owned(),
        })
    }

    /// A yes given on paper, to social services.
    pub(crate) fn paper() -> Recording {
        Recording::Yes(Evidence::Paper {
            recorded_by: social_services(),
            scan_sha256: [3; 32],
        })
    }

    /// Social services takes a consent back at somebody's word.
    pub(crate) async fn revoke(&self, consent: ConsentId) {
        let key = self.key();
        let acting = self.acting("/revoke", key);
        let revoked = self.hub.revoke_consent(social_services(), key, consent, &acting);
        revoked.await.unwrap();
    }

    /// Custody of people whom the hub knows, by a hub that ended before it could ask those who must sign now.
    pub(crate) async fn custody_cut_short(&self, child: (&str, &str), guardians: &[(&str, &str)]) {
        let known = async |named: (&str, &str)| {
            let person = self.store.person_by_number(&named.0.parse().unwrap()).await;
            person.unwrap().unwrap().id
        };
        let mut custody = Custody {
            source: CustodySource::PopulationRegister,
            checked_at: self.clock.now(),
            guardians: Vec::new(),
        };
        for guardian in guardians {
            custody.guardians.push(known(*guardian).await);
        }
        let entry = NewEntry {
            id: EntryId::from_bytes(*self.key().id.as_bytes()),
            at: self.clock.now(),
            details: b"{}".to_vec(),
            salt: None,
            leaf: vec![1],
            leaf_hash: [1; 32],
            units: Vec::new(),
            organisations: Vec::new(),
            people: Vec::new(),
        };
        let change = Change {
            expects: Vec::new(),
            writes: vec![Write::Custody(known(child).await, custody)],
            entries: vec![entry],
        };
        let _ = self.store.commit(Lane::Ordinary, change).await.unwrap();
    }

    /// The operator imports custody.
    pub(crate) async fn custody(&self, child: (&str, &str), guardians: &[(&str, &str)]) {
        let reading = CustodyReading {
            child: named(child),
            guardians: guardians.iter().copied().map(named).collect(),
            source: CustodySource::PopulationRegister,
            checked_at: self.clock.now(),
            representatives: Vec::new(),
            care_order: None,
        };
        self.hub
            .set_representation("operator", self.key(), &reading)
            .await
            .unwrap();
    }

    async fn register(&self, person: (&str, &str)) -> IndividualId {
        let key = self.key();
        let acting = self.acting("/register", key);
        let person = named(person);
        let registered = self
            .hub
            .register_individual(social_services(), key, &person, &acting);
        registered.await.unwrap().0
    }

    fn key(&self) -> Idempotency {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&self.next.fetch_add(1, Ordering::SeqCst).to_be_bytes());
        Idempotency {
            id: RequestId::from_bytes(id),
            digest: [0; 32],
        }
    }

    fn acting(&self, method: &'static str, key: Idempotency) -> Acting {
        let statement = ActingStatement {
            unit: social_services(),
            user: "anna.k".to_owned(),
            role: "SOCIAL_SECRETARY".to_owned(),
            assurance_level: 3,
            method: method.to_owned(),
            request: *key.id.as_bytes(),
            issued_at_us: self.clock.now().as_microsecond(),
        };
        let signed = Signed::sign(statement, &self.signing).unwrap();
        Acting {
            statement: signed.bytes().to_vec(),
            signature: signed.signature().as_bytes().to_vec(),
            method,
            request: *key.id.as_bytes(),
        }
    }

    async fn directory(&self) {
        let organisation_key = SigningKeyPair::generate(&SystemRandom::new()).unwrap();
        for organisation in [&world::EXEMPELBY, &world::REGION_EXEMPEL] {
            let id = OrganisationId::from_bytes(organisation.id);
            let authorities = world::AUTHORITIES
                .iter()
                .filter(|authority| authority.organisation.id == organisation.id);
            let authorities = authorities.map(|authority| Authority {
                id: AuthorityId::from_bytes(authority.id),
                organisation: id,
                name: authority.name.to_owned(),
            });
            let record = Organisation {
                id,
                number: organisation.number.parse().unwrap(),
                name: organisation.name.to_owned(),
                holder: Holder::Public,
                signing_key: *organisation_key.verifying_key().as_bytes(),
            };
            let created = self
                .hub
                .create_organisation("operator", record, authorities.collect());
            created.await.unwrap();
        }
        for (unit, sector) in [
            (&SOCIAL_SERVICES, Sector::SocialServices),
            (&CHILD_PSYCHIATRY, Sector::HealthCare),
            (&PUPIL_HEALTH, Sector::PupilHealthOther),
        ] {
            let record = UnitRecord {
                unit: Unit {
                    id: UnitId::from_bytes(unit.id),
                    authority: AuthorityId::from_bytes(unit.authority.id),
                    organisation: OrganisationId::from_bytes(unit.authority.organisation.id),
                    sector,
                    holder: Holder::Public,
                    board_reception: false,
                },
                name: unit.name.to_owned(),
                hsa_id: String::new(),
                authority_name: String::new(),
                organisation_name: String::new(),
                revision: 1,
            };
            self.hub.create_unit("operator", record).await.unwrap();
        }
        let statement = KeyStatement {
            unit: social_services(),
            suite: Suite::XWing,
            sealing_public_key: SealingKeyPair::generate(&SystemRandom::new())
                .unwrap()
                .public_key()
                .clone(),
            signing_public_key: self.signing.verifying_key(),
            valid_from_us: self.clock.now().as_microsecond(),
        };
        let signed = Signed::sign(statement, &organisation_key).unwrap();
        self.hub
            .rotate_unit_key(social_services(), signed.bytes(), signed.signature().as_bytes())
            .await
            .unwrap();
    }
}
