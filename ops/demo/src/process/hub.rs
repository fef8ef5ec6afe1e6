//! A hub in a process of its own: started, awaited until it serves, stopped.

use std::ffi::OsString;
use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

use super::Part;
use crate::trouble::{Result, Trouble};

/// The longest that a hub may take until it serves.
const START_TIMEOUT: Duration = Duration::from_secs(30);
/// The longest that a hub may take to stop before it is killed.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);
/// How often a hub is started when its port was taken in the meantime.
const ATTEMPTS: usize = 3;
/// The most bytes of the line in which a hub says where it is.
const MAX_READY_BYTES: u64 = 4096;
/// The most characters of a hub's last words that are repeated.
const MAX_LAST_WORDS: usize = 600;
/// The name of the demo's log.
const LOG_ORIGIN: &str = "samrum-demo.invalid/log";

/// What a hub is started with.
#[derive(Debug, Clone)]
pub(crate) struct HubPlan {
    /// This program.
    pub(crate) program: PathBuf,
    /// The folder of certificates.
    pub(crate) certificates: PathBuf,
    /// The data folder.
    pub(crate) data: PathBuf,
    /// Who may log in by a link.
    pub(crate) people: PathBuf,
    /// Where its log lines go.
    pub(crate) log: PathBuf,
}

/// A running hub. Dropped, it is killed.
#[derive(Debug)]
pub(crate) struct HubProcess {
    child: Child,
    /// Kept open: a hub that cannot write is a hub with an error.
    _stdout: BufReader<ChildStdout>,
    /// Where gRPC is served.
    pub(crate) grpc: SocketAddr,
    /// Where the pages are served.
    pub(crate) web: SocketAddr,
    /// The log's key, in the form that profiles pin.
    pub(crate) verifier_key: String,
}

impl HubProcess {
    /// Starts a hub on free ports and waits until it serves.
    pub(crate) async fn start(plan: &HubPlan) -> Result<Self> {
        let mut last = Trouble::HubNotStarted { said: String::new() };
        for _ in 0..ATTEMPTS {
            match Self::try_start(plan).await {
                Err(trouble @ Trouble::HubNotStarted { .. }) => last = trouble,
                outcome => return outcome,
            }
        }
        Err(last)
    }

    async fn try_start(plan: &HubPlan) -> Result<Self> {
        // The pages' origin must be known before the hub serves them, so their port is chosen here.
        let web = free_port()?;
        let log = File::create(&plan.log).map_err(Trouble::file(&plan.log))?;
        let mut child = Command::new(&plan.program)
            .arg(Part::Hub.word())
            .args(flags(plan, web))
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::from(log))
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(Trouble::system("starting the hub"))?;
        let stdout = child.stdout.take().ok_or_else(|| plan.not_started())?;
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        let mut limited = (&mut stdout).take(MAX_READY_BYTES);
        match timeout(START_TIMEOUT, limited.read_line(&mut line)).await {
            Ok(Ok(count)) if count > 0 => {}
            _ => return Err(plan.not_started()),
        }
        let (grpc, web, verifier_key) = ready(&line).ok_or_else(|| plan.not_started())?;
        Ok(Self {
            child,
            _stdout: stdout,
            grpc,
            web,
            verifier_key,
        })
    }

    /// Stops it in order; kills it if it takes too long.
    pub(crate) async fn stop(mut self) -> Result<()> {
        drop(self.child.stdin.take());
        match timeout(STOP_TIMEOUT, self.child.wait()).await {
            Ok(ended) => ended.map(|_| ()),
            Err(_) => self.child.kill().await,
        }
        .map_err(Trouble::system("stopping the hub"))
    }
}

impl HubPlan {
    /// The end of what the hub has said.
    fn not_started(&self) -> Trouble {
        let said = std::fs::read_to_string(&self.log).unwrap_or_default();
        let skipped = said.chars().count().saturating_sub(MAX_LAST_WORDS);
        Trouble::HubNotStarted {
            said: said.chars().skip(skipped).collect::<String>().trim().to_owned(),
        }
    }
}

fn flags(plan: &HubPlan, web: SocketAddr) -> Vec<OsString> {
    let path = |path: &Path| path.as_os_str().to_owned();
    let certificate = |name: &str| path(&plan.certificates.join(name));
    let mut flags: Vec<OsString> = vec!["--dev".into(), "--exit-with-parent".into()];
    for (flag, value) in [
        ("--listen", "127.0.0.1:0".into()),
        ("--web-listen", web.to_string().into()),
        ("--web-origin", format!("http://{web}").into()),
        ("--data-directory", path(&plan.data)),
        ("--tls-certificate", certificate("hub.pem")),
        ("--tls-key", certificate("hub.key")),
        ("--client-authorities", certificate("ca.pem")),
        ("--log-origin", LOG_ORIGIN.into()),
        ("--development-people", path(&plan.people)),
    ] {
        flags.extend([flag.into(), value]);
    }
    flags
}

/// A port that nobody listens on at this moment.
fn free_port() -> Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map_err(Trouble::system("finding a free port"))
}

/// Reads the line in which a hub says where it is.
fn ready(line: &str) -> Option<(SocketAddr, SocketAddr, String)> {
    let mut words = line.trim().strip_prefix("samrum-hub ready ")?.split(' ');
    let grpc = words.next()?.strip_prefix("grpc=")?.parse().ok()?;
    let web = words.next()?.strip_prefix("web=")?.parse().ok()?;
    let verifier_key = words.next()?.strip_prefix("vkey=")?.to_owned();
    Some((grpc, web, verifier_key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hub_says_where_it_is() {
        let line = "samrum-hub ready grpc=127.0.0.1:4001 web=127.0.0.1:4002 vkey=a/log+0a1b2c3d+AbC=\n";
        let (grpc, web, verifier_key) = ready(line).unwrap();
        assert_eq!((grpc.port(), web.port()), (4001, 4002));
        assert_eq!(verifier_key, "a/log+0a1b2c3d+AbC=");
    }

    #[test]
    fn anything_else_is_no_such_line() {
        for line in [
            "",
            "samrum-hub: error",
            "samrum-hub ready grpc=x web=127.0.0.1:1 vkey=k",
            "samrum-hub ready grpc=127.0.0.1:1",
        ] {
            assert!(ready(line).is_none(), "{line}");
        }
    }
}
