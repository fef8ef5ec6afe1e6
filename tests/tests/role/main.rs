//! Every RPC and every role in one table: who gets an answer, who is refused and why, who learns nothing.
//!
//! One row per RPC of the protocol; an RPC without a row fails. What a caller may not know must look exactly
//! like what does not exist. Each object is asked for by those who may not before the one who may, so that the
//! last column also shows that the refusals changed nothing.

mod admission;
mod afterwards;
mod directory;
mod exchange;
mod fixture;

use core::future::Future;
use core::pin::Pin;
use std::collections::BTreeSet;

use prost::Message as _;
use rustls::AlertDescription;
use samrum_proto::wire::DESCRIPTORS;
use samrum_tests::{Census, Party, Stranger, assert_fails, assert_hidden};
use tonic::{Code, Status};

use fixture::Fixture;

/// What a call must come to.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    /// An answer.
    Passes,
    /// Unknown, or not for this caller's eyes: nobody can tell which.
    Hidden,
    /// Refused, with this code and reason.
    Refused(Code, &'static str),
}

use Outcome::{Hidden, Passes, Refused};

/// The caller's role never does this.
const OTHER_ROLE: Outcome = Refused(Code::PermissionDenied, "ROLE_NOT_ALLOWED");

/// One call of one caller.
#[derive(Clone, Copy)]
struct Asked<'a> {
    /// What there is to ask about.
    world: &'a Fixture,
    /// Who asks.
    party: &'a Party,
    /// About what there is, or about what nobody has ever heard of.
    known: bool,
}

impl Asked<'_> {
    /// The id of what is asked about, or one that stands for nothing.
    fn id(&self, id: &[u8]) -> Vec<u8> {
        if self.known {
            id.to_vec()
        } else {
            samrum_tests::new_id()
        }
    }
}

type Answer<'a> = Pin<Box<dyn Future<Output = Result<(), Status>> + Send + 'a>>;

/// One RPC.
struct Row {
    /// Its path.
    path: &'static str,
    /// Inside the scope, outside it, auditor, operator.
    expected: [Outcome; 4],
    /// The call.
    call: fn(Asked<'_>) -> Answer<'_>,
}

/// A row: path, outcomes, and the request that the service's method is called with.
macro_rules! row {
    ($path:literal, $expected:expr, $service:ident.$method:ident, |$asked:ident| $request:expr) => {
        $crate::Row {
            path: $path,
            expected: $expected,
            call: |$asked| {
                Box::pin(async move {
                    let request = $request;
                    $asked.party.$service().$method(request).await.map(drop)
                })
            },
        }
    };
}
pub(crate) use row;

fn table() -> Vec<Row> {
    [
        directory::rows(),
        directory::individual_rows(),
        admission::consent_rows(),
        admission::decision_rows(),
        exchange::rows(),
        afterwards::rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The paths of all RPCs that the protocol has.
fn paths() -> BTreeSet<String> {
    let set = prost_types::FileDescriptorSet::decode(DESCRIPTORS).unwrap();
    let mut paths = BTreeSet::new();
    for file in &set.file {
        for service in &file.service {
            for method in &service.method {
                paths.insert(format!(
                    "/{}.{}/{}",
                    file.package(),
                    service.name(),
                    method.name()
                ));
            }
        }
    }
    paths.retain(|path| path.starts_with("/samrum."));
    paths
}

#[test]
fn every_rpc_has_its_row_and_no_row_is_without_rpc() {
    let table = table();
    let rows: BTreeSet<String> = table.iter().map(|row| row.path.to_owned()).collect();
    assert_eq!(rows, paths());
    assert_eq!(rows.len(), table.len(), "one row per RPC");
    assert!(rows.len() >= 30, "the protocol has not lost its services");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_answers_every_role_as_the_table_says() {
    let world = Fixture::prepare().await;
    let roles = [
        ("operator", 3, &world.story.operator),
        ("auditor", 2, &world.story.auditor),
        ("outside the scope", 1, &world.story.clinic),
        ("inside the scope", 0, &world.story.social),
    ];
    for row in table() {
        for (role, column, party) in roles {
            let expected = row.expected[column];
            println!("{} by {role}: {expected:?}", row.path);
            let ask = |known| {
                (row.call)(Asked {
                    world: &world,
                    party,
                    known,
                })
            };
            match expected {
                Passes => ask(true).await.unwrap(),
                Hidden => assert_hidden(ask(true).await, ask(false).await),
                Refused(code, reason) => drop(assert_fails(ask(true).await, code, reason)),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_no_certificate_names_gets_no_answer_and_changes_nothing() {
    let world = Fixture::prepare().await;
    let hub = &world.story.hub;
    let before = Census::of(&hub.data()).await;
    for (stranger, alert) in [
        (Stranger::Nameless, AlertDescription::CertificateRequired),
        (Stranger::Foreign, AlertDescription::UnknownCA),
        (Stranger::Expired, AlertDescription::CertificateExpired),
    ] {
        assert_eq!(hub.alert(stranger, "social-services").await, alert);
        let party = hub.stranger(stranger, "social-services");
        for row in table() {
            let asked = Asked {
                world: &world,
                party: &party,
                known: true,
            };
            let refused = (row.call)(asked).await.expect_err(row.path);
            // The handshake ends before there is a call that anybody could answer.
            let source = std::error::Error::source(&refused);
            assert!(
                source.is_some_and(|source| source.is::<tonic::transport::Error>()),
                "{} by {stranger:?}: {refused:?}",
                row.path
            );
        }
    }
    assert_eq!(Census::of(&hub.data()).await, before);
}
