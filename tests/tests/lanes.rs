//! The product's own client over QUIC: which way it goes, what it says of that, and what the program `lanes` finds.

use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use samrum_client::client::InboxStep;
use samrum_client::transport::way::{Transport, Way};
use samrum_tests::lossy::{Lossy, Weather};
use samrum_tests::{Desk, Letter, Story, TestHub, judged_by};

fn school(hub: &TestHub, transport: Transport) -> Desk {
    Desk::at(hub, hub.address(), "school", transport)
}

#[tokio::test]
async fn auto_takes_quic_where_it_gets_through() {
    let hub = TestHub::start().await;
    for (transport, way) in [
        (Transport::Auto, Way::Quic),
        (Transport::Quic, Way::Quic),
        (Transport::Tcp, Way::Tcp),
    ] {
        let desk = school(&hub, transport);
        assert_eq!(desk.client.way(), None);
        desk.client.units().await.unwrap();
        assert_eq!(desk.client.way(), Some(way), "{transport:?}");
        desk.client.close().await;
        assert!(!desk.client.profile().quic_again().exists());
    }
}

#[tokio::test]
async fn auto_takes_tcp_where_quic_does_not_get_through_and_remembers_it() {
    let hub = TestHub::start_without_quic().await;
    let desk = school(&hub, Transport::Auto);
    let since = Instant::now();
    desk.client.units().await.unwrap();
    assert_eq!(desk.client.way(), Some(Way::Tcp));
    let first = since.elapsed();
    assert!(first > Duration::from_secs(1), "QUIC was tried: {first:?}");
    desk.client.close().await;
    assert!(desk.client.profile().quic_again().exists());
    // The next client of the profile, such as the next command, does not wait again.
    let next = desk.again();
    let since = Instant::now();
    next.units().await.unwrap();
    assert!(since.elapsed() < first, "{:?}", since.elapsed());
    assert_eq!(next.way(), Some(Way::Tcp));
    // Quic alone is quic or nothing.
    let quic = school(&hub, Transport::Quic);
    let answered = tokio::time::timeout(Duration::from_secs(2), quic.client.units()).await;
    assert!(!matches!(answered, Ok(Ok(_))));
}

/// A report must not wait for a way that has gone: the connection is given up before the call is.
#[tokio::test]
async fn auto_takes_tcp_when_quic_falls_silent_under_it() {
    let hub = TestHub::start().await;
    let weather = Weather {
        lost_per_mille: 0,
        round_trip: Duration::from_millis(10),
    };
    let network = Lossy::before(hub.address(), weather, 1).await;
    let desk = Desk::at(&hub, network.address, "school", Transport::Auto);
    desk.client.units().await.unwrap();
    assert_eq!(desk.client.way(), Some(Way::Quic));
    network.lose_all_udp();
    let since = Instant::now();
    desk.client.units().await.unwrap();
    assert_eq!(desk.client.way(), Some(Way::Tcp));
    assert!(since.elapsed() < Duration::from_secs(15), "{:?}", since.elapsed());
    desk.client.close().await;
    assert!(desk.client.profile().quic_again().exists());
}

/// What is remembered is a hint: one that nobody can read is none.
#[tokio::test]
async fn a_memory_that_cannot_be_read_costs_nothing() {
    let hub = TestHub::start().await;
    let desk = school(&hub, Transport::Auto);
    std::fs::write(desk.client.profile().quic_again(), "not a time").unwrap();
    let next = desk.again();
    next.units().await.unwrap();
    assert_eq!(next.way(), Some(Way::Quic));
    next.close().await;
    assert!(!next.profile().quic_again().exists());
}

/// A lane for each: what one carries keeps nobody waiting on another, and all are one connection.
#[tokio::test]
async fn control_inbox_and_documents_have_lanes_of_their_own() {
    let (story, _) = Story::with_consent().await;
    let desk = Desk::at(
        &story.hub,
        story.hub.address(),
        "child-psychiatry",
        Transport::Quic,
    );
    let mut inbox = desk.client.watch(Vec::new()).await.unwrap();
    desk.client.units().await.unwrap();
    told_of_a_note(&story, &mut inbox).await;
    // The address of the machine changes under all of them.
    let any: SocketAddr = ([127, 0, 0, 1], 0).into();
    desk.client.move_to(any).await.unwrap();
    desk.client.units().await.unwrap();
    told_of_a_note(&story, &mut inbox).await;
}

/// Sends one, and waits until the inbox tells of it.
async fn told_of_a_note(story: &Story, inbox: &mut samrum_client::client::Watch) {
    let to = [&story.psychiatry];
    story.social.send(&Letter::note(&story.child, &to)).await.unwrap();
    while inbox.next(Duration::from_secs(20)).await.unwrap() == InboxStep::Heartbeat {}
}

/// The command says beside its answer which way it went, to people and to programs that chose one.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_says_which_way_it_went() {
    let hub = TestHub::start().await;
    let desk = school(&hub, Transport::Tcp);
    let folder = desk.folder().to_owned();
    let run = move |arguments: &[&str]| {
        let ran = Command::new(env!("CARGO_BIN_EXE_command"))
            .arg("--profile")
            .arg(&folder)
            .args(arguments)
            .output()
            .unwrap();
        (
            ran.status.code(),
            String::from_utf8(ran.stdout).unwrap(),
            String::from_utf8(ran.stderr).unwrap(),
        )
    };
    tokio::task::spawn_blocking(move || {
        for (way, said) in [("quic", "(over QUIC)"), ("auto", "(over QUIC)"), ("tcp", "")] {
            let (code, out, err) = run(&["--lang", "en", "--transport", way, "directory", "list"]);
            assert_eq!((code, err.trim()), (Some(0), said), "{way}");
            assert!(!out.contains("over QUIC"));
        }
        let (code, out, err) = run(&["--json", "--transport", "auto", "directory", "list"]);
        assert_eq!((code, err.trim()), (Some(0), r#"{"transport":"quic"}"#));
        assert!(out.starts_with('{'));
        let (_, _, err) = run(&["--json", "directory", "list"]);
        assert_eq!(err, "", "who chose none is told of none");
        let (code, _, err) = run(&["--transport", "pigeon", "directory", "list"]);
        assert_eq!(code, Some(2));
        assert!(err.contains("auto, quic or tcp"), "{err}");
    })
    .await
    .unwrap();
}

fn lanes(arguments: &[&str]) -> (Option<i32>, String) {
    judged_by(env!("CARGO_BIN_EXE_lanes"), arguments)
}

#[test]
fn the_program_finds_both_ways_alike_and_tells_every_figure() {
    // Whether it is fast enough shows in a release build.
    let (_, said) = lanes(&["--seconds", "1"]);
    for line in [
        "contract: same",
        "address_change: survived",
        "downgrade_refused: true",
    ] {
        assert!(said.lines().any(|said| said == line), "{line}: {said}");
    }
    for name in [
        "lanes_inbox_during_upload_p99_ms",
        "tcp_inbox_during_upload_p99_ms",
        "quic_inbox_p99_ms",
        "tcp_inbox_p99_ms",
        "ratio_to_tcp",
    ] {
        let line = said
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        let figure = line.and_then(|figure| figure.parse::<f64>().ok());
        assert!(figure.is_some_and(|figure| figure > 0.0), "{name}: {said}");
    }
}

#[test]
fn a_hub_that_differs_over_quic_is_found() {
    let (code, said) = lanes(&["--sabotage", "differ"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("contract: different"), "{said}");
}

#[test]
fn an_impostor_that_a_client_would_trust_is_found() {
    let (code, said) = lanes(&["--sabotage", "trusted"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("downgrade_refused: false"), "{said}");
}
