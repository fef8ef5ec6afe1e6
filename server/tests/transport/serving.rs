//! The door and a gRPC server together: handlers find the caller, and nobody else reaches a handler.

use std::net::SocketAddr;

use samrum_certs::{ClientNames, Role, world};
use samrum_consent::id::{OrganisationId, UnitId};
use samrum_server::transport::caller::{Caller, CallerRole};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Server;
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

use crate::hub::{Site, soon, usual};
use crate::peer::Peer;

/// A server with one service, which notes who called.
struct Serving {
    address: SocketAddr,
    callers: mpsc::UnboundedReceiver<Caller>,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), tonic::transport::Error>>,
}

async fn serve(site: &Site) -> Serving {
    let incoming = site.open().await;
    let address = incoming.local_address();
    let (noted, callers) = mpsc::unbounded_channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let (_, health) = tonic_health::server::health_reporter();
    let service = InterceptedService::new(health, move |request: Request<()>| {
        let caller = request
            .extensions()
            .get::<Caller>()
            .expect("every request has a caller");
        noted.send(caller.clone()).expect("the test listens");
        Ok(request)
    });
    let ended = tokio::spawn(
        Server::builder()
            .add_service(service)
            .serve_with_incoming_shutdown(incoming, async {
                stopped.await.expect("the test stops the server");
            }),
    );
    Serving {
        address,
        callers,
        stop,
        ended,
    }
}

async fn call(client: &mut HealthClient<tonic::transport::Channel>) -> Result<(), Code> {
    let request = HealthCheckRequest {
        service: String::new(),
    };
    soon(client.check(request))
        .await
        .map(|_| ())
        .map_err(|status| status.code())
}

#[tokio::test]
async fn handlers_find_the_caller_that_the_certificate_names() {
    let site = Site::new();
    let mut serving = serve(&site).await;
    for (role, expected) in [
        (
            Role::from(&world::SCHOOL),
            CallerRole::Unit(UnitId::from_bytes(world::SCHOOL.id)),
        ),
        (
            Role::from(&world::EXEMPELBY),
            CallerRole::Auditor(OrganisationId::from_bytes(world::EXEMPELBY.id)),
        ),
        (Role::DEMO_OPERATOR, CallerRole::Operator("demo".parse().unwrap())),
    ] {
        let peer = Peer::new(&site.authority, Some(&site.client(role)));
        let mut client = HealthClient::new(peer.channel(serving.address));
        // Twice over one connection: the caller belongs to the connection.
        for _ in 0..2 {
            assert_eq!(call(&mut client).await, Ok(()));
            assert_eq!(serving.callers.recv().await.unwrap().role(), &expected);
        }
    }
}

#[tokio::test]
async fn nobody_else_reaches_a_handler() {
    let site = Site::new();
    let mut serving = serve(&site).await;
    let foreign = samrum_certs::DevelopmentAuthority::foreign(usual()).unwrap();
    let elsewhere = foreign.client(Role::from(&world::SCHOOL), usual()).unwrap();
    let nameless = site
        .authority
        .client_named(ClientNames::default(), usual())
        .unwrap();
    for certificate in [None, Some(&elsewhere), Some(&nameless)] {
        let peer = Peer::new(&site.authority, certificate);
        let mut client = HealthClient::new(peer.channel(serving.address));
        call(&mut client).await.unwrap_err();
        assert!(serving.callers.try_recv().is_err(), "a handler was reached");
    }
    // And the server still serves those whom it should.
    let peer = Peer::new(&site.authority, Some(&site.client(Role::from(&world::SCHOOL))));
    assert_eq!(
        call(&mut HealthClient::new(peer.channel(serving.address))).await,
        Ok(())
    );
}

#[tokio::test]
async fn a_stopped_server_ends_and_leaves_its_port() {
    let site = Site::new();
    let serving = serve(&site).await;
    let peer = Peer::new(&site.authority, Some(&site.client(Role::from(&world::SCHOOL))));
    let mut client = HealthClient::new(peer.channel(serving.address));
    assert_eq!(call(&mut client).await, Ok(()));

    serving.stop.send(()).unwrap();
    soon(serving.ended).await.unwrap().unwrap();
    assert_eq!(call(&mut client).await, Err(Code::Unavailable));
    let error = tokio::net::TcpStream::connect(serving.address).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
}
