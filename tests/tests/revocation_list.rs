//! Certificates that are revoked and renewed while a whole hub runs: on its own or when told, without a restart and
//! without anybody else noticing. Nothing is slept for: a test waits for a closed connection, a stream of health, or
//! the next handshake, and fails when none of them comes.

use core::time::Duration;

use samrum_client::error::Error;
use samrum_client::transport::failure::Refusal;
use samrum_tests::{Desk, Letter, Story, TestHub, checkpoint};
use tokio::io::AsyncReadExt as _;
use tokio_stream::StreamExt as _;
use tonic::Streaming;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

/// How long anything may take before the test is declared stuck.
const WATCHDOG: Duration = Duration::from_secs(30);
/// How long a revocation may take from the file to the cut: two looks at the files, and a second.
const BITES_WITHIN: Duration = Duration::from_secs(2);

async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(WATCHDOG, future)
        .await
        .expect("the test is stuck")
}

/// How the hub's certificates and lists are, as it tells whoever watches.
async fn health(hub: &TestHub) -> Streaming<HealthCheckResponse> {
    let watching = HealthCheckRequest {
        service: "tls".to_owned(),
    };
    let operator = hub.party("operator");
    operator.health().watch(watching).await.unwrap().into_inner()
}

async fn next(health: &mut Streaming<HealthCheckResponse>) -> ServingStatus {
    soon(health.next()).await.unwrap().unwrap().status()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_unit_is_cut_off_within_the_second_and_the_others_work_on() {
    let (story, _) = Story::with_consent().await;
    let desk = Desk::of(&story.hub, "school");
    let school = story.school.id();
    desk.client.unit(school).await.unwrap();
    let mut open = story.hub.stream("school").await;
    // The hub's own greeting first; then nothing is left to read until it hangs up.
    let hung_up = async {
        let mut greeting = [0; 1024];
        while matches!(open.read(&mut greeting).await, Ok(count) if count > 0) {}
    };
    story.hub.revoke(&["school"]);
    let cut = tokio::time::timeout(BITES_WITHIN, hung_up).await;
    assert!(cut.is_ok(), "the connection was open all the same");

    // Its client may lose the connection that it had first; then it is told why.
    let told = async {
        loop {
            match desk.client.unit(school).await {
                Err(Error::Unreachable(_)) => {}
                answer => return answer,
            }
        }
    };
    let refused = soon(told).await.unwrap_err();
    assert!(
        matches!(refused, Error::Connection(Refusal::CertificateRevoked)),
        "{refused}"
    );
    // Connections that were open before serve on, and new ones of others are let in.
    story
        .social
        .send(&Letter::note(&story.child, &[&story.psychiatry]))
        .await
        .unwrap();
    checkpoint(&story.hub.party("social-services")).await;

    story.hub.revoke(&[]);
    let again = async { while desk.client.unit(school).await.is_err() {} };
    soon(again).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_cannot_be_used_changes_nothing_and_health_tells() {
    let hub = TestHub::start().await;
    let mut health = health(&hub).await;
    assert_eq!(next(&mut health).await, ServingStatus::Serving);
    hub.garble_revocation_list();
    assert_eq!(next(&mut health).await, ServingStatus::NotServing);
    // Everything else goes on: the hub is healthy, and lets people in.
    let school = hub.party("school");
    let whole = school
        .health()
        .check(HealthCheckRequest::default())
        .await
        .unwrap();
    assert_eq!(whole.into_inner().status(), ServingStatus::Serving);
    hub.revoke(&["school"]);
    assert_eq!(next(&mut health).await, ServingStatus::Serving);
    let refused = hub
        .party("school")
        .health()
        .check(HealthCheckRequest::default())
        .await;
    refused.unwrap_err();
    hub.party("reception")
        .health()
        .check(HealthCheckRequest::default())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hub_that_is_told_to_reads_its_files_again_and_goes_on() {
    let hub = TestHub::start_apart(env!("CARGO_BIN_EXE_hub")).await;
    let whole = HealthCheckRequest::default();
    let school = async || hub.party("school").health().check(whole.clone()).await;
    school().await.unwrap();
    // Files that change all the time never settle, so that the hub does not read them by itself.
    hub.revoke(&["school"]);
    hub.hang_up();
    let refused = async {
        while school().await.is_ok() {
            hub.revoke(&["school"]);
        }
    };
    soon(refused).await;
    let reception = hub.party("reception");
    reception.health().check(whole.clone()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_is_shown_without_a_restart() {
    let hub = TestHub::start().await;
    let operator = hub.party("operator");
    let before = hub.certificate_shown("operator").await;
    assert_eq!(hub.certificate_shown("operator").await, before);
    hub.renew_certificate();
    let renewed = async { while hub.certificate_shown("operator").await == before {} };
    soon(renewed).await;
    // Whoever was connected still is.
    operator
        .health()
        .check(HealthCheckRequest::default())
        .await
        .unwrap();
}
