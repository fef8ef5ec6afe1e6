//! The world in which every seed begins: made once, by the hub itself, in a folder that each run copies.

use std::fs;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use samrum_certs::world as directory;
use samrum_consent::id::{
    AuthorityId, ConsentId, DeliveryId, DocumentId, EntryId, IndividualId, OrganisationId, RequestId,
};
use samrum_consent::law::Law;
use samrum_consent::scope::{Exclusions, Period, Scope, ScopeParts};
use samrum_consent::vocabulary::{Act, Basis, Category, Direction, Holder, Kind, Maturity, Purpose};
use samrum_proto::envelope::{SigningKeyPair, VerifyingKey};
use samrum_proto::ledger::{LogKey, NodeHash};
use samrum_server::service::{Hub, HubParts};
use samrum_server::store::{
    Authority, Clock as _, ConsentRecord, DeliveryState, Organisation, Store, UnitRecord, sqlite,
};
use tempfile::TempDir;

use super::cast::{CHILDREN, Cast, Unit};
use super::chance::{Chance, SeededRandomness};
use super::clock::VirtualClock;
use super::history::{Moment, Record, Tried};
use super::judge::replay::{Line, Replay};
use super::judge::signatories;
use super::model::Model;
use super::order::{Answer, Finding, Made, Matter, Order};
use super::plan::PROVISIONS;
use super::perform::{Attempt, OPERATOR, Scene};
use super::stepped::{Seen, SteppedStore};
use super::turn::Turns;

/// When every run begins: six weeks before two of the children have a birthday that matters.
pub(super) const BEGINNING: &str = "2025-11-20T09:00:00Z";
/// How long an unopened document waits.
pub(super) const DOCUMENT_LIFETIME: SignedDuration = SignedDuration::from_hours(30 * 24);
/// What the world's own ids, salts and keys come from.
const SEED: u64 = 0x5a3d_2025;
/// The seed of the log's key.
const LOG_SEED: [u8; 32] = [9; 32];
/// The largest body.
const MAX_BODY_BYTES: usize = 256 * 1024;
/// Units by their places in `samrum_certs::world::UNITS`.
pub(super) const SOCIAL: usize = 0;
pub(super) const PUPIL_HEALTH: usize = 2;
pub(super) const SCHOOL: usize = 3;
pub(super) const PSYCHIATRY: usize = 4;
pub(super) const CLINIC: usize = 5;

/// A child opened for a case by a unit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub(super) id: IndividualId,
    pub(super) child: usize,
    pub(super) unit: usize,
}

/// Everything that a run begins with.
pub struct World {
    template: TempDir,
    pub(super) cast: Arc<Cast>,
    pub(super) law: Law,
    /// When the making of the world ended.
    pub(super) begins: Timestamp,
    /// What was asked to make it, and answered.
    pub(super) records: Vec<Record>,
    pub(super) cases: Vec<Case>,
    /// Guardians of each child.
    pub(super) guardians: Vec<Vec<usize>>,
    /// What is so by the log of its making.
    pub(super) model: Model,
    /// The leaves of that log.
    pub(super) leaves: Vec<NodeHash>,
    /// What inboxes have been told by it.
    pub(super) told: Vec<(DeliveryId, DeliveryState)>,
}

/// Of the one sequencer.
pub(super) const EPOCH: u64 = 1;

/// The log's key, the same in every run.
pub(super) fn log_key() -> LogKey {
    LogKey::from_seed("samrum.test/simulation", &LOG_SEED).unwrap()
}

/// What tickets are judged by.
pub(super) fn log_signing_key() -> VerifyingKey {
    SigningKeyPair::from_seed(&LOG_SEED).unwrap().verifying_key()
}

/// A hub on a store.
pub(super) fn hub(store: Arc<dyn Store>, law: &Law, randomness: Arc<SeededRandomness>) -> Hub {
    Hub::new(HubParts {
        store,
        law: law.clone(),
        log: log_key(),
        randomness,
        document_lifetime: DOCUMENT_LIFETIME.unsigned_abs(),
        max_body_bytes: MAX_BODY_BYTES,
    })
    .unwrap()
}

/// A folder for a store, in memory where that is possible.
pub(super) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let made = tempfile::tempdir_in(memory).or_else(|_| tempfile::tempdir());
    made.unwrap()
}

impl World {
    /// Makes it.
    pub async fn make() -> Self {
        let template = folder();
        let key = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(template.path().join("store.key"));
        std::io::Write::write_all(&mut key.unwrap(), &[5; 32]).unwrap();
        let clock = Arc::new(VirtualClock::at(BEGINNING.parse().unwrap()));
        let sqlite = sqlite::open(template.path(), clock.clone()).await.unwrap();
        let randomness = Arc::new(SeededRandomness::new(Chance::from(SEED)));
        let mut cast = Cast::gather(&*randomness, clock.now());
        let store: Arc<dyn Store> = Arc::new(sqlite.clone());
        let law = Law::embedded().unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let stepped = Arc::new(SteppedStore {
            inner: store.clone(),
            elsewhere: None,
            turns: Arc::new(Turns::default()),
            seen: seen.clone(),
            sabotage: None,
        });
        let hub = hub(stepped, &law, randomness.clone());
        enter(&hub, &cast).await;
        let guardians = vec![vec![0, 1], vec![2], vec![0, 1], vec![3, 4], vec![3, 4], vec![5]];
        let guardians: Vec<Vec<usize>> = guardians
            .into_iter()
            .map(|places: Vec<usize>| places.into_iter().map(|place| place + CHILDREN.len()).collect())
            .collect();
        let mut maker = Maker {
            scene: Scene {
                hub,
                store,
                log: Arc::new(log_key()),
                cast: Arc::new(Cast {
                    units: Vec::new(),
                    people: Vec::new(),
                    organisations: Vec::new(),
                }),
            },
            clock,
            seen,
            chance: Chance::apart(SEED, 1),
            records: Vec::new(),
            cases: Vec::new(),
            consents: Vec::new(),
        };
        maker.scene.cast = Arc::new(cast);
        maker.people(&guardians).await;
        // Everybody is known to the hub now: their ids are, too.
        cast = Arc::into_inner(std::mem::replace(&mut maker.scene.cast, Arc::new(nobody()))).unwrap();
        for person in &mut cast.people {
            let known = maker.scene.store.person_by_number(&person.number).await.unwrap();
            person.id = known.unwrap().id;
        }
        maker.scene.cast = Arc::new(cast);
        maker.consents().await;
        let (provision, ..) = PROVISIONS[0];
        maker.order(Order::Switch { provision, on: true }).await;
        maker.letters(&*randomness).await;
        maker.order(Order::Sequence).await;
        let entries = maker.seen.lock().unwrap().entries.clone();
        let (model, leaves, told) = read(&maker, &entries).await;
        sqlite.close().await;
        Self {
            model,
            leaves,
            told,
            template,
            cast: maker.scene.cast.clone(),
            law,
            begins: maker.clock.now(),
            records: maker.records,
            cases: maker.cases,
            guardians,
        }
    }

    /// A copy of the folder.
    pub(super) fn copy(&self) -> TempDir {
        let copy = folder();
        for file in fs::read_dir(self.template.path()).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
        copy
    }
}

fn nobody() -> Cast {
    Cast {
        units: Vec::new(),
        people: Vec::new(),
        organisations: Vec::new(),
    }
}

/// What is so by the log of the making, its leaves, and what inboxes are told by it.
async fn read(
    maker: &Maker,
    entries: &[EntryId],
) -> (Model, Vec<NodeHash>, Vec<(DeliveryId, DeliveryState)>) {
    let (store, cast) = (&*maker.scene.store, &*maker.scene.cast);
    let mut leaves = Vec::new();
    let mut lines = Vec::new();
    for id in entries {
        let entry = store.entry(*id).await.unwrap().unwrap();
        leaves.push(NodeHash::from_bytes(entry.leaf_hash));
        lines.push(Line::of(&entry));
    }
    let signatories = signatories(&maker.records, &[], store).await;
    let nothing = Model::new(maker.scene.cast.clone());
    let mut replay = Replay::new(cast, (nothing, &maker.records), &signatories);
    replay.read(&lines);
    assert!(replay.broken.is_empty(), "{:?}", replay.broken);
    (replay.model, leaves, replay.told)
}

/// The directory: organisations, authorities, units and keys.
async fn enter(hub: &Hub, cast: &Cast) {
    for (organisation, key) in directory::ORGANISATIONS.iter().zip(&cast.organisations) {
        let id = OrganisationId::from_bytes(organisation.id);
        let authorities = directory::AUTHORITIES
            .iter()
            .filter(|authority| authority.organisation.id == organisation.id)
            .map(|authority| Authority {
                id: AuthorityId::from_bytes(authority.id),
                organisation: id,
                name: authority.name.to_owned(),
            });
        let organisation = Organisation {
            id,
            number: organisation.number.parse().unwrap(),
            name: organisation.name.to_owned(),
            holder: match organisation.holder {
                directory::Holder::Public => Holder::Public,
                directory::Holder::Private => Holder::Private,
            },
            signing_key: *key.verifying_key().as_bytes(),
        };
        hub.create_organisation(OPERATOR, organisation, authorities.collect())
            .await
            .unwrap();
    }
    for unit in &cast.units {
        hub.create_unit(OPERATOR, record_of(unit)).await.unwrap();
        let (statement, signature) = (unit.statement.bytes(), unit.statement.signature());
        hub.rotate_unit_key(unit.id, statement, signature.as_bytes())
            .await
            .unwrap();
    }
}

fn record_of(unit: &Unit) -> UnitRecord {
    UnitRecord {
        unit: samrum_consent::fact::Unit {
            id: unit.id,
            authority: unit.authority,
            organisation: unit.organisation,
            sector: unit.sector,
            holder: unit.holder,
            board_reception: unit.reception,
        },
        name: unit.name.to_owned(),
        hsa_id: String::new(),
        authority_name: String::new(),
        organisation_name: String::new(),
        revision: 1,
    }
}

/// Makes the world by asking the hub for it, one thing after the other.
struct Maker {
    scene: Scene,
    clock: Arc<VirtualClock>,
    seen: Arc<Mutex<Seen>>,
    chance: Chance,
    records: Vec<Record>,
    cases: Vec<Case>,
    consents: Vec<ConsentRecord>,
}

impl Maker {
    /// Asks; what is asked here is done.
    async fn order(&mut self, order: Order) -> Made {
        self.clock.advance(SignedDuration::from_secs(1));
        let attempt = Attempt {
            order: Arc::new(order),
            request: RequestId::from_bytes(self.chance.bytes()),
            signed_at: self.clock.now(),
        };
        let began = self.moment();
        let answer = self.scene.perform(&attempt).await;
        let ended = self.moment();
        let made = match &answer {
            Answer::Done(done) => done.made.clone(),
            Answer::Swept(_) => Made::Nothing,
            other => panic!("the world cannot be made: {}: {other:?}", attempt.order.content()),
        };
        self.records.push(Record {
            tried: vec![Tried {
                began,
                ended: Some((ended, answer.clone())),
                heard: Some(ended),
            }],
            heard: Some(answer),
            ..Record::new(attempt.order, attempt.request)
        });
        made
    }

    fn moment(&self) -> Moment {
        Moment {
            step: 0,
            at: self.clock.now(),
            entries: self.seen.lock().unwrap().entries.len(),
        }
    }

    /// Children with their guardians, and those who may become guardians; cases of two units.
    async fn people(&mut self, guardians: &[Vec<usize>]) {
        let spare: Vec<usize> = (CHILDREN.len()..self.scene.cast.people.len()).collect();
        // Once, so that the hub knows everybody; then what the register says.
        self.custody(0, spare).await;
        for (child, guardians) in guardians.iter().enumerate() {
            self.custody(child, guardians.clone()).await;
        }
        for child in 0..CHILDREN.len() {
            self.case(child, SOCIAL).await;
        }
        for child in [0, 1, 4] {
            self.case(child, PSYCHIATRY).await;
        }
    }

    async fn custody(&mut self, child: usize, guardians: Vec<usize>) {
        let checked_at = self.clock.now();
        self.order(Order::Custody {
            child,
            guardians,
            checked_at,
        })
        .await;
    }

    async fn case(&mut self, child: usize, unit: usize) {
        let made = self.order(Order::Register { unit, person: child }).await;
        let Made::Case(id) = made else {
            panic!("a case without an id")
        };
        self.cases.push(Case { id, child, unit });
    }

    /// Consents that are in force when a run begins.
    async fn consents(&mut self) {
        use Category::{HealthMental, SchoolSituation, SocialSupport};
        let circle = [SOCIAL, PSYCHIATRY, PUPIL_HEALTH];
        self.signed((0, SOCIAL), &circle, &[SchoolSituation, HealthMental]).await;
        self.signed((0, PSYCHIATRY), &[PSYCHIATRY, SCHOOL, CLINIC], &[HealthMental])
            .await;
        let on_paper = self
            .asked((1, SOCIAL), &[SOCIAL, PSYCHIATRY, CLINIC], &[HealthMental, SocialSupport])
            .await;
        self.order(Order::Yes {
            unit: SOCIAL,
            consent: on_paper,
            signatory: 1,
        })
        .await;
        self.signed((2, SOCIAL), &circle, &[SchoolSituation, SocialSupport]).await;
        self.assessed((3, SOCIAL), Maturity::TakesPart).await;
        self.signed((3, SOCIAL), &circle, &[SchoolSituation, HealthMental]).await;
        self.assessed((4, PSYCHIATRY), Maturity::Decides).await;
        self.signed((4, PSYCHIATRY), &[PSYCHIATRY, SOCIAL], &[HealthMental, SocialSupport])
            .await;
        self.assessed((5, SOCIAL), Maturity::GuardiansDecide).await;
        self.signed((5, SOCIAL), &circle, &[SchoolSituation, SocialSupport]).await;
    }

    /// Letters on their way, some of them opened, when a run begins.
    async fn letters(&mut self, randomness: &SeededRandomness) {
        use Category::{HealthMental, SchoolSituation, SocialSupport};
        for (place, (case, sender, recipient, category)) in [
            ((0, SOCIAL), SOCIAL, PSYCHIATRY, SchoolSituation),
            ((0, SOCIAL), PSYCHIATRY, PUPIL_HEALTH, HealthMental),
            ((1, SOCIAL), SOCIAL, CLINIC, SocialSupport),
            ((2, SOCIAL), PUPIL_HEALTH, SOCIAL, SchoolSituation),
            ((4, PSYCHIATRY), PSYCHIATRY, SOCIAL, HealthMental),
            ((5, SOCIAL), SOCIAL, PUPIL_HEALTH, SocialSupport),
        ]
        .into_iter()
        .enumerate()
        {
            let matter = Matter {
                kind: Kind::Note,
                purpose: Purpose::Sip,
                categories: [category].into(),
                subjects: [self.case_of(case)].into(),
                recipients: vec![(recipient, Basis::Consent)],
            };
            let document = DocumentId::from_bytes(self.chance.bytes());
            let at = self.clock.now();
            let letter = self.scene.cast.seal(sender, document, (matter, None), at, randomness);
            let made = self.order(Order::Send(Arc::new(letter))).await;
            let Made::Deliveries(deliveries) = made else {
                panic!("a letter without deliveries")
            };
            if place % 2 == 0 {
                let delivery = deliveries[0].id;
                self.order(Order::Fetch { unit: recipient, delivery }).await;
            }
        }
    }

    fn case_of(&self, (child, unit): (usize, usize)) -> IndividualId {
        let case = self.cases.iter().find(|case| case.child == child && case.unit == unit);
        case.unwrap().id
    }

    async fn assessed(&mut self, case: (usize, usize), maturity: Maturity) {
        let now = self.clock.now();
        let found = self
            .order(Order::Find {
                unit: case.1,
                case: self.case_of(case),
                finding: Finding::Maturity {
                    maturity,
                    from: now,
                    until: now + SignedDuration::from_hours(24 * 200),
                },
            })
            .await;
        let Made::Fact(fact) = found else {
            panic!("a finding without an id")
        };
        self.order(Order::Attest { unit: case.1, fact }).await;
    }

    /// Asks for a consent that all of these share under.
    async fn asked(&mut self, case: (usize, usize), units: &[usize], categories: &[Category]) -> ConsentId {
        let now = self.clock.now();
        let scope = circle(&self.scene.cast, units, categories, now);
        let made = self
            .order(Order::Ask {
                unit: case.1,
                case: self.case_of(case),
                scope,
                supersedes: None,
            })
            .await;
        let Made::Consent(record) = made else {
            panic!("a consent without an id")
        };
        let id = record.consent.id;
        self.consents.push(*record);
        id
    }

    /// The same, signed by everyone in the portal.
    async fn signed(&mut self, case: (usize, usize), units: &[usize], categories: &[Category]) {
        let consent = self.asked(case, units, categories).await;
        let record = self.consents.last().unwrap().clone();
        for signatory in record.consent.signatories {
            let samrum_consent::consent::Signer::Person(person) = signatory.signer else {
                continue;
            };
            let person = self.scene.cast.person_with(person).unwrap();
            self.order(Order::PortalYes { person, consent }).await;
        }
    }
}

/// A scope under which all of these share with all, for 200 days.
fn circle(cast: &Cast, units: &[usize], categories: &[Category], now: Timestamp) -> Scope {
    let units: std::collections::BTreeSet<_> = units.iter().map(|place| cast.units[*place].id).collect();
    Scope::parse(ScopeParts {
        sources: units.clone(),
        recipients: units,
        direction: Direction::Circle,
        categories: categories.iter().copied().collect(),
        kinds: [Kind::Note, Kind::Summons, Kind::Plan, Kind::Information].into(),
        purpose: Purpose::Sip,
        acts: [Act::Share, Act::Plan].into(),
        period: Period {
            from: now,
            until: now + SignedDuration::from_hours(24 * 200),
        },
        exclusions: Exclusions::default(),
    })
    .unwrap()
}
