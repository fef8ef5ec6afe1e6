//! A hub in this process, on ports of its own, in a folder of its own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Parser as _;
use samrum_certs::{Collection, DevelopmentAuthority, Existing, Validity};
use samrum_proto::ledger::LogVerifier;
use samrum_server::app::{self, Ready};
use samrum_server::config::{Arguments, Config};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::party::now;
use crate::{Party, Presented, channel};

/// A running hub with its development authority.
pub struct TestHub {
    folder: TempDir,
    authority: DevelopmentAuthority,
    validity: Validity,
    ready: Ready,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<anyhow::Result<()>>>,
}

impl TestHub {
    /// Starts an empty hub.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let validity = Validity::starting(now()).unwrap();
        let authority = DevelopmentAuthority::new(validity).unwrap();
        let certificates = folder.path().join("certs");
        Collection::issue(&authority, validity)
            .unwrap()
            .write(&certificates, Existing::Refuse)
            .unwrap();
        let (ready, stop, running) = run(folder.path()).await;
        Self {
            folder,
            authority,
            validity,
            ready,
            stop: Some(stop),
            running: Some(running),
        }
    }

    /// Stops the hub in order and starts it again on the same data.
    pub async fn restart(&mut self) {
        self.stop().await;
        let (ready, stop, running) = run(self.folder.path()).await;
        (self.ready, self.stop, self.running) = (ready, Some(stop), Some(running));
    }

    /// Stops the hub in order.
    pub async fn stop(&mut self) {
        if let (Some(stop), Some(running)) = (self.stop.take(), self.running.take()) {
            let _ = stop.send(());
            running.await.unwrap().unwrap();
        }
    }

    /// The hub's data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The folder of certificates.
    pub fn certificates(&self) -> PathBuf {
        self.folder.path().join("certs")
    }

    /// Where gRPC is served.
    pub fn address(&self) -> SocketAddr {
        self.ready.grpc
    }

    /// Where the pages are served.
    pub fn pages(&self) -> SocketAddr {
        self.ready.web
    }

    /// The key that judges the hub's log.
    pub fn verifier(&self) -> LogVerifier {
        LogVerifier::parse(&self.ready.verifier_key).unwrap()
    }

    /// A caller with the certificate of this name.
    pub fn party(&self, name: &'static str) -> Party {
        let certificates = self.certificates();
        Party::new(name, self.channel(Presented::Certificate(&certificates, name)))
    }

    /// A caller whose certificate another authority issued, for the same unit.
    pub fn foreign_party(&self, name: &'static str) -> Party {
        let foreign = DevelopmentAuthority::foreign(self.validity).unwrap();
        self.issued_party(name, &foreign, self.validity)
    }

    /// A caller whose certificate ended yesterday.
    pub fn expired_party(&self, name: &'static str) -> Party {
        self.issued_party(name, &self.authority, Validity::ended(now()).unwrap())
    }

    /// A caller without certificate.
    pub fn nameless_party(&self, name: &'static str) -> Party {
        Party::new(name, self.channel(Presented::Nothing))
    }

    fn issued_party(&self, name: &'static str, by: &DevelopmentAuthority, validity: Validity) -> Party {
        let unit = samrum_certs::world::UNITS
            .iter()
            .find(|unit| unit.slug == name)
            .unwrap();
        let issued = by.client((*unit).into(), validity).unwrap();
        let shown = Presented::Pem(&issued.certificate, issued.key.expose_pem());
        Party::new(name, self.channel(shown))
    }

    fn channel(&self, presented: Presented<'_>) -> tonic::transport::Channel {
        channel(self.ready.grpc, &self.certificates().join("ca.pem"), presented)
    }
}

async fn run(folder: &Path) -> (Ready, oneshot::Sender<()>, JoinHandle<anyhow::Result<()>>) {
    let path = |name: &str| folder.join(name).into_os_string();
    let mut line: Vec<std::ffi::OsString> = vec!["samrum-hub".into(), "--dev".into()];
    for (flag, value) in [
        ("--listen", "127.0.0.1:0".into()),
        ("--web-listen", "127.0.0.1:0".into()),
        ("--web-origin", "http://127.0.0.1:7080".into()),
        ("--data-directory", path("data")),
        ("--tls-certificate", path("certs/hub.pem")),
        ("--tls-key", path("certs/hub.key")),
        ("--client-authorities", path("certs/ca.pem")),
        ("--log-origin", "samrum.test/log".into()),
    ] {
        line.extend([flag.into(), value]);
    }
    let config = Config::load(Arguments::try_parse_from(line).unwrap()).unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let (announce, ready) = oneshot::channel();
    let stopped = async move {
        let _ = stopped.await;
    };
    let mut running = tokio::spawn(app::run(config, stopped, announce));
    let ready = tokio::select! {
        ready = ready => ready.unwrap(),
        ended = &mut running => panic!("the hub did not start: {:?}", ended.unwrap().err()),
    };
    (ready, stop, running)
}
