//! A hub in this process or in one of its own, on ports of its own, in a folder of its own.

use std::ffi::OsString;
use std::fs;
use std::fs::OpenOptions;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use clap::Parser as _;
use rustls::AlertDescription;
use samrum_certs::{Collection, DevelopmentAuthority, Existing, Validity};
use samrum_client::transport::way::Way;
use samrum_proto::ledger::{LogKey, LogVerifier};
use samrum_server::app::{self, Ready};
use samrum_server::config::{Arguments, Config};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::browser::{WEB_ORIGIN, write_people};
use crate::channel::{
    Calls, Presented, alert, bare_channel, channel, lane, quic, shown, stream, usual_way, with_deadlines,
};
use crate::party::now;
use crate::{Cluster, Party};

/// Says that hubs which are not told where run on a PostgreSQL cluster of their own: any test can be run so by hand.
const ON_POSTGRES: &str = "SAMRUM_TESTS_ON_POSTGRES";
/// The list of certificates that were revoked, in the folder of certificates.
const REVOKED: &str = "revoked.pem";
/// The log's name.
const LOG_ORIGIN: &str = "samrum.test/log";
/// Who can log in to the pages by a link.
const PEOPLE: &str = "people.toml";

/// What a hub on a database of a cluster has to say.
const LOG: &str = "log";

/// Whom no usable certificate names.
#[derive(Debug, Clone, Copy)]
pub enum Stranger {
    /// Shows no certificate.
    Nameless,
    /// Shows one for the right unit, issued by another authority.
    Foreign,
    /// Shows one that ended yesterday.
    Expired,
}

/// A running hub with its development authority.
pub struct TestHub {
    folder: Arc<TempDir>,
    authority: Arc<DevelopmentAuthority>,
    validity: Validity,
    how: How,
    ready: Ready,
    running: Option<Running>,
    /// Which way its parties go.
    way: Way,
}

/// How a hub is run.
#[derive(Default)]
struct How {
    /// As a process of its own.
    apart: Option<Apart>,
    /// On these servers of a database; none for the embedded one.
    database: Vec<String>,
    /// The table of limits that its configuration file has, if it has one.
    limits: Option<&'static str>,
    /// Over TCP alone.
    without_quic: bool,
    /// What keeps that database alive, where it is this hub's alone.
    cluster: Option<Cluster>,
}

/// How a hub becomes a process of its own.
#[derive(Clone)]
struct Apart {
    program: PathBuf,
    environment: Vec<(OsString, OsString)>,
}

enum Running {
    /// In this process.
    Here(oneshot::Sender<()>, JoinHandle<anyhow::Result<()>>),
    /// In its own.
    Apart(Child),
}

impl TestHub {
    /// Starts an empty hub in this process.
    pub async fn start() -> Self {
        Self::start_with(How::default()).await
    }

    /// Starts an empty hub in this process, on the embedded database, with other limits than the usual ones.
    pub async fn start_limited(limits: &'static str) -> Self {
        let how = How {
            limits: Some(limits),
            ..How::default()
        };
        Self::start_with(how).await
    }

    /// Starts an empty hub in this process that is served over TCP alone.
    pub async fn start_without_quic() -> Self {
        let how = How {
            without_quic: true,
            ..How::default()
        };
        Self::start_with(how).await
    }

    /// Starts an empty hub in this process on these servers of a database.
    pub async fn start_on(database: Vec<String>) -> Self {
        let how = How {
            database,
            ..How::default()
        };
        Self::start_with(how).await
    }

    /// Starts an empty hub as a process of its own, with this program: one that can be killed.
    pub async fn start_apart(program: impl Into<PathBuf>) -> Self {
        Self::start_apart_in(program, Vec::new()).await
    }

    /// The same, with these variables in its environment.
    pub async fn start_apart_in(program: impl Into<PathBuf>, environment: Vec<(OsString, OsString)>) -> Self {
        Self::start_apart_on(program, environment, Vec::new()).await
    }

    /// The same, on these servers of a database.
    pub async fn start_apart_on(
        program: impl Into<PathBuf>,
        environment: Vec<(OsString, OsString)>,
        database: Vec<String>,
    ) -> Self {
        let program = program.into();
        let how = How {
            apart: Some(Apart { program, environment }),
            database,
            ..How::default()
        };
        Self::start_with(how).await
    }

    async fn start_with(mut how: How) -> Self {
        if how.limits.is_none() && how.database.is_empty() && std::env::var_os(ON_POSTGRES).is_some() {
            let cluster = Cluster::start();
            how.database = vec![cluster.database().await];
            how.cluster = Some(cluster);
        }
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let validity = Validity::starting(now()).unwrap();
        let authority = Arc::new(DevelopmentAuthority::new(validity).unwrap());
        let certificates = folder.path().join("certs");
        Collection::issue(&authority, validity)
            .unwrap()
            .write(&certificates, Existing::Refuse)
            .unwrap();
        let none = authority.revocation_list(&[], validity).unwrap();
        fs::write(certificates.join(REVOKED), none).unwrap();
        write_people(&folder.path().join(PEOPLE));
        let (ready, running) = run(&how, folder.path()).await.unwrap();
        Self {
            folder,
            authority,
            validity,
            how,
            ready,
            running: Some(running),
            way: usual_way(),
        }
    }

    /// Another hub on the same database with the same keys, run in the same way.
    pub async fn join(&self) -> Self {
        self.start_beside(self.how.database.clone()).await
    }

    /// The same, which reaches the database's servers at these addresses.
    pub async fn start_beside(&self, database: Vec<String>) -> Self {
        assert!(!database.is_empty(), "the embedded database is one hub's alone");
        let how = How {
            apart: self.how.apart.clone(),
            database,
            cluster: None,
            limits: self.how.limits,
            without_quic: self.how.without_quic,
        };
        let (ready, running) = run(&how, self.folder.path()).await.unwrap();
        Self {
            folder: self.folder.clone(),
            authority: self.authority.clone(),
            validity: self.validity,
            how,
            ready,
            running: Some(running),
            way: usual_way(),
        }
    }

    /// Starts the hub again on the same data, after it was stopped or killed.
    pub async fn start_again(&mut self) {
        self.try_start_again().await.unwrap();
    }

    /// The same, where the hub may refuse its data.
    ///
    /// # Errors
    /// What it said instead of that it is ready.
    pub async fn try_start_again(&mut self) -> Result<(), String> {
        assert!(self.running.is_none(), "stop it first");
        let (ready, running) = run(&self.how, self.folder.path()).await?;
        (self.ready, self.running) = (ready, Some(running));
        Ok(())
    }

    /// Has the authority revoke the certificates of these names, and no others. The hub finds out by itself.
    pub fn revoke(&self, names: &[&str]) {
        let certificate = |name: &&str| {
            let path = self.certificates().join(format!("{name}.pem"));
            fs::read_to_string(path).unwrap()
        };
        let revoked: Vec<String> = names.iter().map(certificate).collect();
        let revoked: Vec<&str> = revoked.iter().map(String::as_str).collect();
        let list = self.authority.revocation_list(&revoked, self.validity).unwrap();
        self.replace_certificate_file(REVOKED, &list);
    }

    /// Writes something else where the revocation list is.
    pub fn garble_revocation_list(&self) {
        self.replace_certificate_file(REVOKED, "no list at all");
    }

    /// Gives the hub a certificate and key of another serial number.
    pub fn renew_certificate(&self) {
        let renewed = self.authority.hub(self.validity).unwrap();
        self.replace_certificate_file("hub.key", renewed.key.expose_pem());
        self.replace_certificate_file("hub.pem", &renewed.certificate);
    }

    /// In one step, as whoever renews files should.
    fn replace_certificate_file(&self, name: &str, text: &str) {
        let path = self.certificates().join(name);
        let new = path.with_extension("new");
        fs::write(&new, text).unwrap();
        fs::rename(new, path).unwrap();
    }

    /// Asks the hub's process to read its certificates and lists again.
    pub fn hang_up(&self) {
        self.signal("HUP");
    }

    /// Kills the hub's process while calls are under way, through whatever refers to it; [`Self::kill`] comes after.
    pub fn kill_now(&self) {
        self.signal("KILL");
    }

    /// Stops the hub's process where it stands: it neither answers nor ends, until it goes on.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    /// Lets a paused hub's process go on as if nothing had been.
    pub fn go_on(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let Some(Running::Apart(child)) = &self.running else {
            panic!("only a hub in a process of its own is sent signals");
        };
        let process = child.id().expect("it runs").to_string();
        // The shell's own `kill`: a bare system has no program of that name.
        let sent = std::process::Command::new("sh")
            .args(["-c", "kill -s \"$1\" \"$0\"", &process, name])
            .status();
        assert!(sent.unwrap().success());
    }

    /// Whether it was started, and neither stopped nor killed since.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Stops the hub in order.
    pub async fn stop(&mut self) {
        match self.running.take() {
            Some(Running::Here(stop, running)) => {
                let _ = stop.send(());
                running.await.unwrap().unwrap();
            }
            Some(Running::Apart(mut child)) => {
                // It stops when its standard input closes.
                drop(child.stdin.take());
                assert!(child.wait().await.unwrap().success());
            }
            None => {}
        }
    }

    /// Kills the hub's process where it stands: nothing is drained, nothing closed.
    pub async fn kill(&mut self) {
        match self.running.take() {
            Some(Running::Apart(mut child)) => {
                // It may have been killed before.
                let _ = child.start_kill();
                child.wait().await.unwrap();
            }
            _ => panic!("only a hub in a process of its own can be killed"),
        }
    }

    /// The hub's data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A server of the hub's database, unless it is the embedded one.
    pub fn database(&self) -> Option<&str> {
        self.how.database.first().map(String::as_str)
    }

    /// The key that the hub's log signs with.
    pub fn log_key(&self) -> LogKey {
        let seed = std::fs::read(self.data().join("log.key")).unwrap();
        LogKey::from_seed(LOG_ORIGIN, &seed).unwrap()
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

    /// The hub's process, where it has one of its own.
    pub fn process(&self) -> Option<u32> {
        match &self.running {
            Some(Running::Apart(child)) => child.id(),
            _ => None,
        }
    }

    /// The key that judges the hub's log, as clients pin it.
    pub fn verifier_key(&self) -> &str {
        &self.ready.verifier_key
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

    /// The same caller at another server with the hub's certificates.
    pub fn party_at(&self, address: SocketAddr, name: &'static str) -> Party {
        let certificates = self.certificates();
        let presented = Presented::Certificate(&certificates, name);
        Party::new(
            name,
            channel(address, &certificates.join("ca.pem"), &presented, self.way),
        )
    }

    /// The same hub, whose parties go this way from now on.
    #[must_use]
    pub fn over(mut self, way: Way) -> Self {
        self.way = way;
        self
    }

    /// Callers of this name at a server with the hub's certificates: each over a lane of its own, all over one connection.
    pub fn parties_on_lanes(&self, address: SocketAddr, name: &'static str, lanes: usize) -> Vec<Party> {
        let certificates = self.certificates();
        let presented = Presented::Certificate(&certificates, name);
        let quic = Arc::new(quic(address, &certificates.join("ca.pem"), &presented));
        let party = |_| Party::new(name, with_deadlines(lane(address, quic.clone())));
        (0..lanes).map(party).collect()
    }

    /// A caller whom no usable certificate names, though it claims to be this unit.
    pub fn stranger(&self, stranger: Stranger, name: &'static str) -> Party {
        Party::new(name, self.channel(self.show(stranger, name)))
    }

    /// A connection with the certificate of this name, to say over it what no client says.
    pub async fn stream(&self, name: &'static str) -> impl AsyncRead + AsyncWrite + Unpin + use<> {
        let certificates = self.certificates();
        let presented = Presented::Certificate(&certificates, name);
        stream(self.ready.grpc, &certificates.join("ca.pem"), &presented).await
    }

    /// The certificate, in DER, that the hub shows to a caller of this name.
    pub async fn certificate_shown(&self, name: &'static str) -> Vec<u8> {
        let certificates = self.certificates();
        let presented = Presented::Certificate(&certificates, name);
        shown(self.ready.grpc, &certificates.join("ca.pem"), &presented).await
    }

    /// How the hub ends that caller's handshake.
    pub async fn alert(&self, stranger: Stranger, name: &'static str) -> AlertDescription {
        let authority = self.certificates().join("ca.pem");
        alert(self.ready.grpc, &authority, &self.show(stranger, name)).await
    }

    fn show(&self, stranger: Stranger, name: &str) -> Presented<'static> {
        let unit = samrum_certs::world::UNITS
            .iter()
            .find(|unit| unit.slug == name)
            .unwrap();
        let foreign = || DevelopmentAuthority::foreign(self.validity).unwrap();
        let ended = || Validity::ended(now()).unwrap();
        let issued = match stranger {
            Stranger::Nameless => return Presented::Nothing,
            Stranger::Foreign => foreign().client((*unit).into(), self.validity),
            Stranger::Expired => self.authority.client((*unit).into(), ended()),
        };
        Presented::Issued(Box::new(issued.unwrap()))
    }

    /// Lets a party go on with the hub where it is now.
    pub fn reconnect(&self, party: &mut Party) {
        let certificates = self.certificates();
        party.reconnect(self.channel(Presented::Certificate(&certificates, party.name)));
    }

    /// A connection with this party's certificate whose calls have no deadline unless a test sets one.
    pub fn without_deadlines(&self, name: &str) -> tonic::transport::Channel {
        let certificates = self.certificates();
        let presented = Presented::Certificate(&certificates, name);
        bare_channel(
            self.ready.grpc,
            &certificates.join("ca.pem"),
            &presented,
            self.way,
        )
    }

    fn channel(&self, presented: Presented<'_>) -> Calls {
        channel(
            self.ready.grpc,
            &self.certificates().join("ca.pem"),
            &presented,
            self.way,
        )
    }
}

async fn run(how: &How, folder: &Path) -> Result<(Ready, Running), String> {
    let path = |name: &str| folder.join(name).into_os_string();
    let mut line: Vec<OsString> = vec!["samrum-hub".into(), "--dev".into()];
    for (flag, value) in [
        ("--listen", "127.0.0.1:0".into()),
        ("--web-listen", "127.0.0.1:0".into()),
        ("--web-origin", WEB_ORIGIN.into()),
        ("--development-people", path(PEOPLE)),
        ("--data-directory", path("data")),
        ("--tls-certificate", path("certs/hub.pem")),
        ("--tls-key", path("certs/hub.key")),
        ("--client-authorities", path("certs/ca.pem")),
        ("--revocation-list", path("certs/revoked.pem")),
        ("--log-origin", LOG_ORIGIN.into()),
    ] {
        line.extend([flag.into(), value]);
    }
    if how.limits.is_some() || how.without_quic {
        let limits = how.limits.unwrap_or_default();
        let file = format!("quic = {}\n[limits]\n{limits}\n", !how.without_quic);
        fs::write(folder.join("hub.toml"), file).unwrap();
        line.extend(["--config".into(), path("hub.toml")]);
    }
    for server in &how.database {
        line.extend(["--database".into(), server.into()]);
    }
    match &how.apart {
        Some(apart) => {
            let started = run_apart(apart, &line[1..], log(how, folder)).await;
            started.map_err(|problem| {
                let log = std::fs::read_to_string(folder.join(LOG)).unwrap_or_default();
                format!("{problem} {}", log.lines().last().unwrap_or_default())
            })
        }
        None => run_here(line).await,
    }
}

async fn run_here(line: Vec<OsString>) -> Result<(Ready, Running), String> {
    let config = Config::load(Arguments::try_parse_from(line).unwrap()).unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let (announce, ready) = oneshot::channel();
    let stopped = async move {
        let _ = stopped.await;
    };
    let mut running = tokio::spawn(app::run(config, stopped, announce));
    let ready = tokio::select! {
        Ok(ready) = ready => ready,
        ended = &mut running => return Err(format!("{:#}", ended.unwrap().unwrap_err())),
    };
    Ok((ready, Running::Here(stop, running)))
}

/// Where a hub in a process of its own writes its log. On a database of a cluster, which tests kill and cut off, it has
/// much to say: there it is a file beside the data.
fn log(how: &How, folder: &Path) -> Stdio {
    if how.database.is_empty() {
        return Stdio::inherit();
    }
    let log = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join(LOG));
    log.unwrap().into()
}

async fn run_apart(apart: &Apart, arguments: &[OsString], log: Stdio) -> Result<(Ready, Running), String> {
    let mut child = Command::new(&apart.program)
        .args(arguments)
        .envs(apart.environment.iter().cloned())
        .arg("--exit-with-parent")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut said).await.unwrap();
    let word = |name: &str| {
        let found = said.split_whitespace().find_map(|word| word.strip_prefix(name));
        found.ok_or_else(|| format!("the hub did not start: {said:?}"))
    };
    let ready = Ready {
        grpc: word("grpc=")?.parse().unwrap(),
        web: word("web=")?.parse().unwrap(),
        verifier_key: word("vkey=")?.to_owned(),
    };
    Ok((ready, Running::Apart(child)))
}
