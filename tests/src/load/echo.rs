//! The bare echo: what a unary call over the hub's own TLS costs when nothing is done with it.
//!
//! A process of its own with the hub's certificates, TLS configuration and way of accepting; behind it tonic as it
//! comes, with the messages of `SendDocument` and one answer for all, as large as the hub's.

use std::ffi::OsString;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};
use std::sync::Arc;

use prost::Message as _;
use ring::hmac;
use samrum_proto::wire::exchange::v1 as wire;
use samrum_proto::wire::exchange::v1::exchange_service_server::{ExchangeService, ExchangeServiceServer};
use samrum_server::transport::quic;
use samrum_server::transport::tcp::{self, AcceptLimits};
use samrum_server::transport::tls::{Mode, Tls, TlsFiles};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tonic::{Request, Response, Status};

use super::{AS_ECHO, this_program};

/// An echo in a process of its own; it ends when this is dropped.
#[derive(Debug)]
pub struct Echo {
    /// Where it is.
    pub address: SocketAddr,
    _process: Child,
}

impl Echo {
    /// Starts one with the certificates in this folder and this one answer.
    pub async fn start(certificates: &Path, answer: &wire::SendDocumentResponse) -> Self {
        let mut process = Command::new(this_program())
            .env(AS_ECHO, "1")
            .arg(certificates)
            .arg(hex::encode(answer.encode_to_vec()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        output.read_line(&mut said).await.unwrap();
        Self {
            address: said.trim().parse().expect("the echo says where it is"),
            _process: process,
        }
    }
}

/// The echo's process: folder of certificates, the answer in hex.
pub(super) fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let mut arguments = arguments.into_iter().skip(1);
    let (folder, answer) = (arguments.next().unwrap(), arguments.next().unwrap());
    let answer = hex::decode(answer.into_encoded_bytes()).unwrap();
    let answer = wire::SendDocumentResponse::decode(answer.as_slice()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(serve(PathBuf::from(folder), answer));
    ExitCode::SUCCESS
}

async fn serve(certificates: PathBuf, answer: wire::SendDocumentResponse) {
    let files = TlsFiles {
        certificate: certificates.join("hub.pem"),
        key: certificates.join("hub.key"),
        client_authorities: certificates.join("ca.pem"),
        revocation_lists: Vec::new(),
    };
    let clock = Arc::new(rustls::time_provider::DefaultTimeProvider);
    let tls = Arc::new(Tls::load(&files, Mode::Development, clock).unwrap());
    let (_kept, tls) = watch::channel(tls);
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let limits = AcceptLimits::default();
    // Any number that both have free.
    let (incoming, lanes, _door) = loop {
        let incoming = tcp::bind(any, tls.clone(), limits).await.unwrap();
        let same = SocketAddr::new(any.ip(), incoming.local_address().port());
        let reset = hmac::Key::new(hmac::HMAC_SHA256, &[0; 32]);
        if let Ok((lanes, door)) = quic::bind(same, tls.clone(), limits, incoming.places(), reset) {
            break (incoming, lanes, door);
        }
    };
    println!("{}", incoming.local_address());
    std::io::stdout().flush().unwrap();
    let parent_gone = async {
        let mut nothing = Vec::new();
        let _ = tokio::io::stdin().read_to_end(&mut nothing).await;
    };
    let service = ExchangeServiceServer::new(Bare { answer });
    let over_quic = tonic::transport::Server::builder().add_service(service.clone());
    tokio::select! {
        served = tonic::transport::Server::builder().add_service(service).serve_with_incoming(incoming) => {
            served.unwrap();
        }
        served = over_quic.serve_with_incoming(lanes) => served.unwrap(),
        () = parent_gone => {}
    }
}

/// Answers every send alike.
#[derive(Clone)]
struct Bare {
    answer: wire::SendDocumentResponse,
}

type Answer<T> = Result<Response<T>, Status>;

fn none<T>() -> Answer<T> {
    Err(Status::unimplemented("an echo"))
}

#[tonic::async_trait]
impl ExchangeService for Bare {
    type SubscribeInboxStream = tokio_stream::Empty<Result<wire::SubscribeInboxResponse, Status>>;

    async fn send_document(
        &self,
        request: Request<wire::SendDocumentRequest>,
    ) -> Answer<wire::SendDocumentResponse> {
        drop(request.into_inner());
        Ok(Response::new(self.answer.clone()))
    }

    async fn subscribe_inbox(
        &self,
        _: Request<wire::SubscribeInboxRequest>,
    ) -> Answer<Self::SubscribeInboxStream> {
        none()
    }

    async fn fetch_document(
        &self,
        _: Request<wire::FetchDocumentRequest>,
    ) -> Answer<wire::FetchDocumentResponse> {
        none()
    }

    async fn acknowledge_document(
        &self,
        _: Request<wire::AcknowledgeDocumentRequest>,
    ) -> Answer<wire::AcknowledgeDocumentResponse> {
        none()
    }

    async fn reject_document(
        &self,
        _: Request<wire::RejectDocumentRequest>,
    ) -> Answer<wire::RejectDocumentResponse> {
        none()
    }

    async fn list_deliveries(
        &self,
        _: Request<wire::ListDeliveriesRequest>,
    ) -> Answer<wire::ListDeliveriesResponse> {
        none()
    }
}
