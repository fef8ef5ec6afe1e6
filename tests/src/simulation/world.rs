//! The world in which every seed begins: made once, by the hub itself, in a folder that each run copies.

mod maker;

use std::fs;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use samrum_certs::world as directory;
use samrum_consent::id::{AuthorityId, DeliveryId, EntryId, IndividualId, OrganisationId};
use samrum_consent::law::Law;
use samrum_consent::vocabulary::Holder;
use samrum_proto::envelope::{SigningKeyPair, VerifyingKey};
use samrum_proto::ledger::{LogKey, NodeHash};
use samrum_server::service::{Hub, HubParts};
use samrum_server::store::{
    Authority, Clock as _, DeliveryState, Organisation, SqlStore, Store, UnitRecord, sqlite,
};
use tempfile::TempDir;

use super::cast::{CHILDREN, Cast, Unit};
use super::chance::{Chance, SeededRandomness};
use super::clock::VirtualClock;
use super::history::Record;
use super::judge::replay::{Line, Replay};
use super::judge::signatories;
use super::model::Model;
use super::order::Order;
use super::perform::{OPERATOR, Scene};
use super::plan::PROVISIONS;
use super::stepped::{Seen, SteppedStore};
use super::turn::Turns;
use maker::Maker;

/// When every run begins: six weeks before two of the children have a birthday that matters.
pub(super) const BEGINNING: &str = "2025-11-20T09:00:00Z";
/// How long an unopened document waits.
pub(super) const DOCUMENT_LIFETIME: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a report of concern waits unopened before it alarms.
pub(super) const REPORT_ALARM: SignedDuration = SignedDuration::from_mins(30);
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
        report_alarm: REPORT_ALARM.unsigned_abs(),
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

/// Which adults are guardians of which child, by their places.
const GUARDIANS: [&[usize]; CHILDREN.len()] = [&[0, 1], &[2], &[0, 1], &[3, 4], &[3, 4], &[5]];

impl World {
    /// Makes it.
    pub async fn make() -> Self {
        let template = template();
        let law = Law::embedded().unwrap();
        let (mut maker, sqlite) = begin(&template, &law).await;
        let adult = |place: &usize| place + CHILDREN.len();
        let guardians = GUARDIANS
            .map(|places| places.iter().map(adult).collect())
            .to_vec();
        maker.people(&guardians).await;
        maker.know().await;
        maker.consents().await;
        let (provision, ..) = PROVISIONS[0];
        maker.order(Order::Switch { provision, on: true }).await;
        maker.letters().await;
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

/// A folder with the store's key, the same in every world.
fn template() -> TempDir {
    let template = folder();
    let key = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(template.path().join("store.key"));
    std::io::Write::write_all(&mut key.unwrap(), &[5; 32]).unwrap();
    template
}

/// The directory, and nothing more.
async fn begin(template: &TempDir, law: &Law) -> (Maker, SqlStore) {
    let clock = Arc::new(VirtualClock::at(BEGINNING.parse().unwrap()));
    let sqlite = sqlite::open(template.path(), clock.clone()).await.unwrap();
    let randomness = Arc::new(SeededRandomness::new(Chance::from(SEED)));
    let cast = Cast::gather(&*randomness, clock.now());
    let seen = Arc::new(Mutex::new(Seen::default()));
    let stepped = Arc::new(SteppedStore {
        inner: Arc::new(sqlite.clone()),
        elsewhere: None,
        turns: Arc::new(Turns::default()),
        seen: seen.clone(),
        sabotage: None,
    });
    let hub = hub(stepped, law, randomness.clone());
    enter(&hub, &cast).await;
    let maker = Maker {
        scene: Scene {
            hub,
            store: Arc::new(sqlite.clone()),
            log: Arc::new(log_key()),
            cast: Arc::new(cast),
        },
        clock,
        seen,
        chance: Chance::apart(SEED, 1),
        randomness,
        records: Vec::new(),
        cases: Vec::new(),
        consents: Vec::new(),
    };
    (maker, sqlite)
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
