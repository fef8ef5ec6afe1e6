//! PostgreSQL for a test: a cluster of its own in a temporary folder, on a socket, gone when the test is.
//!
//! Needs PostgreSQL's server programs (Debian: `postgresql`); a test that wants them and finds none fails. They refuse
//! to run as root: there they run as the user `postgres`, whom Debian's package makes.

use std::ffi::OsStr;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, query_scalar, raw_sql};
use tempfile::TempDir;

/// Settings beside the defaults: a socket in its own folder, no network, room for many small hubs.
const SETTINGS: &str = "listen_addresses = ''\nmax_connections = 200\nshared_buffers = '64MB'\n";

/// What every standby calls itself.
const STANDBY: &str = "standby";
/// How often a primary is asked whether its standby follows, and how many times at most.
const POLL: Duration = Duration::from_millis(20);
const POLLS: usize = 1500;

/// How often a start is tried again, and after which pause.
const START_ATTEMPTS: usize = 20;
const START_PAUSE: Duration = Duration::from_millis(250);

/// A running cluster.
#[derive(Debug)]
pub struct Cluster {
    folder: TempDir,
    programs: PathBuf,
    databases: AtomicU32,
}

impl Cluster {
    /// Makes and starts an empty one.
    pub fn start() -> Self {
        let cluster = Self::new();
        let data = cluster.data();
        let form = [
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "-D",
        ];
        let form = form.map(OsStr::new);
        succeed(&cluster.run("initdb", form.into_iter().chain([data.as_os_str()])));
        cluster.configure(SETTINGS);
        cluster.start_again();
        cluster
    }

    /// An empty folder for one, which the server's user owns.
    fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("pg").tempdir().unwrap();
        if is_root() {
            let user = |flag| {
                let id = Command::new("id").args([flag, "postgres"]).output().unwrap();
                assert!(
                    id.status.success(),
                    "the server refuses root: there must be a user postgres"
                );
                String::from_utf8(id.stdout).unwrap().trim().parse().unwrap()
            };
            chown(folder.path(), Some(user("-u")), Some(user("-g"))).unwrap();
        }
        Self {
            folder,
            programs: programs(),
            databases: AtomicU32::new(0),
        }
    }

    /// Starts it after it was stopped or killed.
    pub fn start_again(&self) {
        let socket = format!("-k {}", self.folder.path().display());
        let log = self.folder.path().join("log");
        let arguments = [
            OsStr::new("-D"),
            self.data().as_os_str(),
            "-w".as_ref(),
            "-l".as_ref(),
            log.as_os_str(),
            "-o".as_ref(),
            socket.as_ref(),
            "start".as_ref(),
        ]
        .map(OsStr::to_owned);
        // After a kill its last processes may hold its memory for a moment; until they are gone it refuses to start.
        let mut started = self.run("pg_ctl", &arguments);
        for _ in 0..START_ATTEMPTS {
            if started.status.success() {
                return;
            }
            std::thread::sleep(START_PAUSE);
            started = self.run("pg_ctl", &arguments);
        }
        let log = std::fs::read_to_string(&log).unwrap_or_default();
        let said = String::from_utf8_lossy(&started.stderr);
        assert!(started.status.success(), "PostgreSQL: {said}{log}");
    }

    /// Stops it where it stands, as a crash would.
    pub fn kill(&self) {
        succeed(&self.stop("immediate"));
    }

    fn stop(&self, mode: &str) -> Output {
        let data = self.data();
        let arguments = [
            "-D".as_ref(),
            data.as_os_str(),
            "-m".as_ref(),
            mode.as_ref(),
            "-w".as_ref(),
            "stop".as_ref(),
        ];
        self.run("pg_ctl", arguments)
    }

    /// Kills every process of it at once (SIGKILL): nothing is written any more, nobody is told.
    pub fn kill_hard(&self) {
        let postmaster = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let postmaster = postmaster.lines().next().unwrap().trim().to_owned();
        // First it makes no more of them.
        signal("STOP", std::slice::from_ref(&postmaster));
        let mut processes = children(&postmaster);
        processes.push(postmaster);
        signal("KILL", &processes);
        while processes.iter().any(|process| is_alive(process)) {
            std::thread::sleep(POLL);
        }
    }

    /// A running copy that follows this one and can take its place.
    pub fn standby(&self) -> Self {
        let standby = Self::new();
        standby.follow(self);
        standby
    }

    /// Becomes a copy of that one that follows it, whatever it was before; it must not be running.
    pub fn follow(&self, primary: &Self) {
        let data = self.data();
        if data.exists() {
            std::fs::remove_dir_all(&data).unwrap();
        }
        let host = primary.folder.path();
        let arguments = [
            "-D".as_ref(),
            data.as_os_str(),
            "-h".as_ref(),
            host.as_os_str(),
            "-U".as_ref(),
            "postgres".as_ref(),
            "-X".as_ref(),
            "stream".as_ref(),
            "-c".as_ref(),
            "fast".as_ref(),
            "--no-sync".as_ref(),
        ];
        succeed(&self.run("pg_basebackup", arguments));
        // Where `ALTER SYSTEM` writes, which comes last: what the primary was once told came with its data.
        let followed = format!(
            "primary_conninfo = 'host={} user=postgres application_name={STANDBY}'",
            host.display()
        );
        self.append("postgresql.auto.conf", &followed);
        std::fs::write(data.join("standby.signal"), []).unwrap();
        self.start_again();
    }

    /// Becomes the primary, after the one that it followed has gone.
    pub fn promote(&self) {
        let data = self.data();
        succeed(&self.run(
            "pg_ctl",
            ["-D".as_ref(), data.as_os_str(), "-w".as_ref(), "promote".as_ref()],
        ));
    }

    /// From now on nothing is confirmed before a standby has it too. Returns once one follows.
    pub async fn confirm_with_standby(&self) {
        let setting = format!("ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'");
        self.execute("postgres", &setting).await;
        self.execute("postgres", "SELECT pg_reload_conf()").await;
        let mut connection = PgConnection::connect(&self.address("postgres")).await.unwrap();
        for _ in 0..POLLS {
            let follows = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
            let follows: i64 = query_scalar(follows).fetch_one(&mut connection).await.unwrap();
            if follows > 0 {
                return connection.close().await.unwrap();
            }
            tokio::time::sleep(POLL).await;
        }
        panic!("no standby follows");
    }

    /// From now on it confirms by itself, and its standby hears no more of it.
    pub async fn part_from(&self, standby: &Self) {
        for (cluster, setting) in [(self, "synchronous_standby_names"), (standby, "primary_conninfo")] {
            let nothing = format!("ALTER SYSTEM SET {setting} = ''");
            cluster.execute("postgres", &nothing).await;
            cluster.execute("postgres", "SELECT pg_reload_conf()").await;
        }
    }

    /// Adds to its settings, for the next start.
    pub fn configure(&self, settings: &str) {
        self.append("postgresql.conf", settings);
    }

    fn append(&self, file: &str, settings: &str) {
        let path = self.data().join(file);
        let standing = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{standing}\n{settings}\n")).unwrap();
    }

    /// A new empty database in it: its address.
    pub async fn database(&self) -> String {
        let name = format!("hub{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.execute("postgres", &format!("CREATE DATABASE {name}")).await;
        self.address(&name)
    }

    /// The folder of its socket.
    pub fn socket(&self) -> &Path {
        self.folder.path()
    }

    /// Where a database of it is.
    pub fn address(&self, name: &str) -> String {
        let socket = self.folder.path().display();
        format!("postgres://postgres@localhost/{name}?host={socket}")
    }

    /// Says something to a database of it.
    pub async fn execute(&self, name: &str, statements: &str) {
        let mut connection = PgConnection::connect(&self.address(name)).await.unwrap();
        let said = raw_sql(AssertSqlSafe(statements)).execute(&mut connection).await;
        said.unwrap();
        connection.close().await.unwrap();
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, program: &str, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Output {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            let user = [
                "--reuid=postgres",
                "--regid=postgres",
                "--init-groups",
                "--inh-caps=-all",
                "--",
            ];
            command.args(user).arg(program);
            command
        } else {
            Command::new(program)
        };
        // The server outlives `pg_ctl` and would hold a pipe open.
        let errors = tempfile::tempfile().unwrap();
        let status = command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(errors.try_clone().unwrap())
            .status()
            .unwrap();
        let mut said = Vec::new();
        std::io::Seek::rewind(&mut &errors).unwrap();
        std::io::Read::read_to_end(&mut &errors, &mut said).unwrap();
        Output {
            status,
            stdout: Vec::new(),
            stderr: said,
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It may be stopped already.
        let _ = self.stop("immediate");
    }
}

fn succeed(output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "PostgreSQL: {said}");
}

/// Sends a signal to those that are still there. The shell's own `kill`: a bare system has no program of that name.
fn signal(name: &str, processes: &[String]) {
    let sent = Command::new("sh")
        .args(["-c", "kill \"$@\"", "kill", &format!("-{name}")])
        .args(processes)
        .stderr(Stdio::null())
        .status();
    sent.unwrap();
}

/// The processes that this one has made.
fn children(parent: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let names = processes.map(|process| process.file_name().to_string_lossy().into_owned());
    names
        .filter(|name| status_of(name).is_some_and(|(_, of)| of == parent))
        .collect()
}

/// Whether a process is there and not only waiting to be forgotten.
fn is_alive(process: &str) -> bool {
    status_of(process).is_some_and(|(state, _)| state != "Z" && state != "X")
}

/// A process' state and who made it (`proc_pid_stat(5)`).
fn status_of(process: &str) -> Option<(String, String)> {
    let status = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, behind_name) = status.rsplit_once(") ")?;
    let mut words = behind_name.split(' ').map(str::to_owned);
    Some((words.next()?, words.next()?))
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

/// The folder of the server's programs: where Debian puts them, or where they are found.
fn programs() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .map(|version| version.unwrap().path().join("bin"))
        .filter(|programs| programs.join("initdb").exists())
        .collect();
    versions.sort();
    if let Some(newest) = versions.pop() {
        return newest;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .find(|folder| holds(folder, "initdb") && holds(folder, "pg_ctl"))
        .expect("PostgreSQL's server programs are needed; on Debian: apt-get install postgresql")
}

fn holds(folder: &Path, program: &str) -> bool {
    folder.join(program).exists()
}
