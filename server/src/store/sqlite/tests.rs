//! Schemas that grow: what a folder held before a migration it holds after.

use std::path::Path;
use std::sync::Arc;

use prost::Message as _;
use samrum_consent::consent::Signer;
use samrum_consent::id::{AuthorityId, ConsentId, IndividualId, UnitId};
use samrum_consent::scope::{Exclusions, Period, Scope, ScopeParts};
use samrum_consent::vocabulary::{Act, Category, Direction, Kind, Purpose};
use samrum_proto::convert::scope_to_wire;
use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, SqlitePool, query_scalar, raw_sql};

use super::{BUSY_TIMEOUT, HUB, migrate, options, pool_of};
use crate::store::sqlite;
use crate::store::vault::KEY_LEN;
use crate::store::{Store, SystemClock};

/// The last schema in which consents and signatories lay in the order of their arrival.
const BY_ARRIVAL: i64 = 3;

/// Two children with a case each; consents with every kind of row that belongs to one. The second consent takes
/// the place of the third, which was asked for earlier but has the greater id.
const FAMILY: &str = "
    INSERT INTO organisation VALUES ({id:9}, '2120009903', 'Exempelby', 1, x'01', 1);
    INSERT INTO authority VALUES ({id:2}, {id:9}, 'Socialnämnden');
    INSERT INTO unit VALUES ({id:1}, {id:2}, 'Socialtjänsten', 1, 1, 0, '', 1, 1);
    INSERT INTO person VALUES ({id:11}, x'11', x'01', x'02', 1, 5, 1), ({id:12}, x'12', x'01', x'02', NULL, NULL, 1),
                              ({id:13}, x'13', x'01', x'02', NULL, NULL, 7);
    INSERT INTO individual VALUES ({id:21}, {id:11}, {id:1}, x'05', 1), ({id:22}, {id:12}, {id:1}, x'05', 1);
    INSERT INTO consent (id, individual_id, person_id, requester_id, scope, state, state_at, was_active,
                         requested_at, revision, supersedes_id)
    VALUES ({id:33}, {id:21}, {id:11}, {id:1}, {scope}, 2, 1500, 1, 1000, 4, NULL),
           ({id:31}, {id:22}, {id:12}, {id:1}, {scope}, 1, NULL, 0, 1001, 1, NULL),
           ({id:32}, {id:21}, {id:11}, {id:1}, {scope}, 1, NULL, 0, 1002, 1, {id:33});
    INSERT INTO signatory VALUES ({id:33}, 1, {id:13}, 2, {id:1}, zeroblob(32), NULL, 1400),
                                 ({id:31}, 1, {id:12}, NULL, NULL, NULL, NULL, NULL),
                                 ({id:32}, 2, {id:13}, 1, NULL, zeroblob(32), 'sv', 1300);
    INSERT INTO board_signatory VALUES ({id:32}, 1, {id:2}, NULL, NULL, NULL, NULL, NULL);
    INSERT INTO consent_acceptance VALUES ({id:33}, {id:2});
    INSERT INTO unit_key VALUES (x'41', {id:1}, 1, x'01', x'02', 1);
    INSERT INTO document VALUES ({id:1}, {id:42}, x'01', x'02', 3, x'41', x'04', 1);
    INSERT INTO delivery VALUES ({id:43}, {id:1}, {id:42}, {id:1}, x'01', x'02', NULL, 1, 1, 2, {id:44});
    INSERT INTO delivery_consent VALUES ({id:43}, {id:33}, 4);
";

/// Everything that belongs to consents, one text a row, whatever order the tables keep.
const EVERYTHING: &str = "
    SELECT 'consent' || quote(id) || quote(individual_id) || quote(person_id) || quote(requester_id) || quote(scope)
           || quote(state) || quote(state_at) || quote(was_active) || quote(requested_at) || quote(revision)
           || quote(supersedes_id) AS line FROM consent
    UNION ALL SELECT 'signatory' || quote(consent_id) || quote(number) || quote(person_id) || quote(evidence)
           || quote(recorded_by) || quote(digest) || quote(detail) || quote(signed_at) FROM signatory
    UNION ALL SELECT 'board' || quote(consent_id) || quote(number) || quote(authority_id) || quote(evidence)
           || quote(recorded_by) || quote(digest) || quote(detail) || quote(signed_at) FROM board_signatory
    UNION ALL SELECT 'acceptance' || quote(consent_id) || quote(authority_id) FROM consent_acceptance
    UNION ALL SELECT 'delivery' || quote(consent_id) || quote(delivery_id) || quote(revision) FROM delivery_consent
    ORDER BY line";

/// The statement with its ids and the scope as SQL writes bytes.
fn filled(statement: &str) -> String {
    let hex = |bytes: &[u8]| format!("x'{}'", hex::encode(bytes));
    let scope = scope_to_wire(&scope()).encode_to_vec();
    (1..=50_u8).fold(statement.replace("{scope}", &hex(&scope)), |statement, number| {
        statement.replace(&format!("{{id:{number}}}"), &hex(&[number; 16]))
    })
}

fn scope() -> Scope {
    let unit = UnitId::from_bytes([1; 16]);
    let parts = ScopeParts {
        sources: [unit].into(),
        recipients: [unit].into(),
        direction: Direction::Circle,
        categories: [Category::SchoolSituation].into(),
        kinds: [Kind::Note].into(),
        purpose: Purpose::Sip,
        acts: [Act::Share].into(),
        period: Period {
            from: "2026-11-23T11:00:00Z".parse().unwrap(),
            until: "2026-12-23T11:00:00Z".parse().unwrap(),
        },
        exclusions: Exclusions::default(),
    };
    Scope::parse(parts).unwrap()
}

/// A database as it was before the tables were ordered by person, and what it held.
async fn by_arrival(folder: &Path) -> Vec<String> {
    std::fs::write(folder.join("store.key"), [7; KEY_LEN]).unwrap();
    let path = folder.join("hub.db");
    let database = opened(&path).await;
    let until_then = HUB.iter().filter(|migration| migration.version <= BY_ARRIVAL);
    let former = Migrator::with_migrations(until_then.cloned().collect());
    migrate(&former, &database, &path).await.unwrap();
    run(&database, FAMILY).await.unwrap();
    let held = everything(&database).await;
    database.close().await;
    held
}

/// The database, beside the store that has it open.
async fn database(folder: &Path) -> SqlitePool {
    opened(&folder.join("hub.db")).await
}

async fn opened(path: &Path) -> SqlitePool {
    pool_of(options(path, BUSY_TIMEOUT), 1, path).await.unwrap()
}

async fn run(database: &SqlitePool, statements: &str) -> sqlx::Result<()> {
    raw_sql(AssertSqlSafe(filled(statements)))
        .execute(database)
        .await
        .map(|_| ())
}

async fn everything(database: &SqlitePool) -> Vec<String> {
    query_scalar(EVERYTHING).fetch_all(database).await.unwrap()
}

#[tokio::test]
async fn what_was_held_by_arrival_is_held_by_person() {
    let folder = tempfile::tempdir().unwrap();
    let before = by_arrival(folder.path()).await;
    assert_eq!(before.len(), 9, "every row of the family");
    let store = sqlite::open(folder.path(), Arc::new(SystemClock)).await.unwrap();

    assert_eq!(everything(&database(folder.path()).await).await, before);
    let first = store
        .consents_about(IndividualId::from_bytes([21; 16]))
        .await
        .unwrap();
    let ids: Vec<_> = first.iter().map(|record| record.consent.id).collect();
    assert_eq!(ids, [33, 32].map(|number| ConsentId::from_bytes([number; 16])));
    assert_eq!(
        first[0].consent.accepted_by,
        [AuthorityId::from_bytes([2; 16])].into()
    );
    assert_eq!(first[1].supersedes, Some(first[0].consent.id));
    let [board, guardian] = first[1].consent.signatories.as_slice() else {
        panic!("a board and a guardian were asked");
    };
    assert!(matches!(board.signer, Signer::Board(_)) && board.signature.is_none());
    assert!(matches!(guardian.signer, Signer::Person(_)) && guardian.signature.is_some());
    let second = store.consents_about(IndividualId::from_bytes([22; 16])).await;
    assert_eq!(second.unwrap()[0].consent.signatories.len(), 1);
    store.close().await;
}

#[tokio::test]
async fn tables_written_anew_refer_to_each_other_as_before() {
    let folder = tempfile::tempdir().unwrap();
    by_arrival(folder.path()).await;
    let store = sqlite::open(folder.path(), Arc::new(SystemClock)).await.unwrap();
    let database = database(folder.path()).await;
    let dangling: Vec<String> = query_scalar("SELECT \"table\" FROM pragma_foreign_key_check")
        .fetch_all(&database)
        .await
        .unwrap();
    assert!(dangling.is_empty(), "{dangling:?}");

    let ask = "INSERT INTO signatory (subject_id, consent_id, number, person_id) VALUES ";
    run(&database, &format!("{ask} ({{id:11}}, {{id:33}}, 2, {{id:12}})"))
        .await
        .unwrap();
    let refused = [
        (
            "another child's consent",
            format!("{ask} ({{id:12}}, {{id:33}}, 3, {{id:13}})"),
            ErrorKind::ForeignKeyViolation,
        ),
        (
            "no consent",
            format!("{ask} ({{id:11}}, {{id:39}}, 1, {{id:13}})"),
            ErrorKind::ForeignKeyViolation,
        ),
        (
            "nobody",
            format!("{ask} ({{id:11}}, {{id:33}}, 3, {{id:14}})"),
            ErrorKind::ForeignKeyViolation,
        ),
        (
            "a number twice",
            format!("{ask} ({{id:11}}, {{id:33}}, 1, {{id:13}})"),
            ErrorKind::UniqueViolation,
        ),
        (
            "an id twice",
            "INSERT INTO consent SELECT id, individual_id, {id:13}, requester_id, scope, state, state_at, was_active,
                    requested_at, revision, supersedes_id FROM consent WHERE id = {id:33}"
                .to_owned(),
            ErrorKind::UniqueViolation,
        ),
        (
            "a consent that others rest on is gone",
            "DELETE FROM consent WHERE id = {id:33}".to_owned(),
            ErrorKind::ForeignKeyViolation,
        ),
        (
            "the place of none",
            "UPDATE consent SET supersedes_id = {id:39} WHERE id = {id:32}".to_owned(),
            ErrorKind::ForeignKeyViolation,
        ),
    ];
    for (what, statement, kind) in refused {
        let error = run(&database, &statement).await.unwrap_err();
        let found = error.as_database_error().map(DatabaseError::kind);
        assert_eq!(found, Some(kind), "{what}: {error}");
    }
    store.close().await;
}

/// Bodies as they lay in a file of their own: one that a document names, and one that was never acknowledged.
const FORMER: &str = "
    INSERT INTO body VALUES ({id:1}, {id:42}, x'01', x'0A0B0C', 1), ({id:1}, {id:41}, x'01', x'0D', 1);";

#[tokio::test]
async fn bodies_are_brought_in_from_the_file_that_they_had() {
    let folder = tempfile::tempdir().unwrap();
    by_arrival(folder.path()).await;
    let file = folder.path().join("bodies.db");
    let former = opened(&file).await;
    run(
        &former,
        include_str!("../../../migrations/bodies/0001_bodies.sql"),
    )
    .await
    .unwrap();
    run(&former, FORMER).await.unwrap();
    former.close().await;

    for _ in 0..2 {
        let store = sqlite::open(folder.path(), Arc::new(SystemClock)).await.unwrap();
        let database = database(folder.path()).await;
        let held: Vec<Vec<u8>> = query_scalar("SELECT bytes FROM body")
            .fetch_all(&database)
            .await
            .unwrap();
        assert_eq!(held, [[10, 11, 12]], "what a document names, and nothing else");
        assert!(!file.exists());
        database.close().await;
        store.close().await;
    }
}
