//! INVARIANT 8: after a whole story no identity number, name or text of a document is in any channel that
//! others can read: the hub's log and files, the ledger's entries, argument lists, output, links.
//!
//! Every channel is read by one function, and that function is shown to find a canary that was planted in
//! the channel on purpose: a search that cannot find proves nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

/// What must be nowhere: numbers and names of the invented people, and what was written about them. The child
/// is always nine, so its number follows the year: see [`canaries`].
const CANARIES: [&str; 9] = [
    "198705129826",
    "198509219831",
    "Alva Exempel",
    "Kim Exempel",
    "Robin Exempel",
    "Which support does Alva need",
    "with the mandate to decide about treatment",
    "Alva sleeps badly before school days",
    "A bruise on her arm",
];
/// The children of the cases, and what was found of one of them.
const IN_THE_CASES: [&str; 5] = [
    "Bo Exempel",
    "Cleo Exempel",
    "Dani Exempel",
    "Eli Exempel",
    "Understands what is shared, with whom",
];
/// Why a provision applies, as the one who asks wrote it: an auditor reads it in the ledger, and nobody elsewhere.
const IN_THE_LEDGER: &str = "The clinic needs to know about the support at home";
/// The serials of the children's numbers.
const CHILDREN: [u16; 5] = [980, 984, 985, 986, 987];
/// Of these, what nobody but its reader may see in the story's own output, which tells names on purpose.
const NEVER_TOLD: [usize; 4] = [0, 1, 7, 8];
/// Planted on purpose.
const PLANTED: &str = "200001019800 Planted Exempel";

/// A story that has been played, and what was seen meanwhile.
struct Played {
    folder: tempfile::TempDir,
    arguments: Vec<u8>,
    output: Vec<u8>,
}

/// Plays the whole story into a folder that stays, watching the argument lists of all its processes.
fn play(extra: &[&str]) -> Played {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("kept");
    let mut command = Command::new(env!("CARGO_BIN_EXE_samrum-demo"));
    command
        .args(["--once", "--lang", "en", "--keep"])
        .arg(&kept)
        .args(extra);
    let watcher = Watcher::start(folder.path());
    let output = gather(&mut command);
    Played {
        arguments: watcher.stop(),
        output,
        folder,
    }
}

/// Reads the argument lists of every process that works in a folder, round after round, as other users could.
struct Watcher {
    seen: JoinHandle<Vec<u8>>,
    /// A message as each round begins; the watcher stops once nobody listens.
    rounds: Receiver<()>,
}

impl Watcher {
    fn start(folder: &Path) -> Self {
        let (round, rounds) = mpsc::channel();
        let folder = folder.to_string_lossy().into_owned();
        let seen = std::thread::spawn(move || look(&folder, &round));
        Self { seen, rounds }
    }

    /// Waits until every process that lives now has been looked at.
    fn whole_round(&self) {
        while self.rounds.try_recv().is_ok() {}
        // A message comes as a round begins: between two that come from now on lies a whole one.
        self.rounds.recv().unwrap();
        self.rounds.recv().unwrap();
    }

    fn stop(self) -> Vec<u8> {
        drop(self.rounds);
        self.seen.join().unwrap()
    }
}

fn look(folder: &str, round: &Sender<()>) -> Vec<u8> {
    let mut seen = BTreeSet::new();
    while round.send(()).is_ok() {
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            // Processes end while they are looked at.
            let Ok(line) = fs::read(entry.path().join("cmdline")) else {
                continue;
            };
            if String::from_utf8_lossy(&line).contains(folder) {
                seen.insert(line);
            }
        }
        std::thread::yield_now();
    }
    seen.into_iter().flatten().collect()
}

/// Everything that a command says, on both channels.
fn gather(command: &mut Command) -> Vec<u8> {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let all = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&all));
    all
}

/// Every byte of every file in and below a path.
fn files(path: &Path) -> Vec<u8> {
    if path.is_file() {
        return fs::read(path).unwrap();
    }
    let entries = fs::read_dir(path).unwrap().flatten();
    entries.flat_map(|entry| files(&entry.path())).collect()
}

/// What every entry of the ledger says, and every leaf.
fn entries(database: &Path) -> Vec<u8> {
    on_database(database, async |pool| {
        let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as("SELECT details, leaf FROM entry")
            .fetch_all(pool)
            .await
            .unwrap();
        assert!(rows.len() > 20, "a whole story has many entries");
        rows.into_iter()
            .flat_map(|(details, leaf)| [details, leaf].concat())
            .collect()
    })
}

fn on_database<T>(database: &Path, work: impl AsyncFnOnce(&SqlitePool) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(database))
            .await
            .unwrap();
        let outcome = work(&pool).await;
        pool.close().await;
        outcome
    })
}

/// The links in what was said and logged.
fn links(text: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(text);
    let links = text
        .split(|c: char| c.is_whitespace() || c == '"')
        .filter(|word| word.contains("://"));
    links.collect::<Vec<_>>().join(" ").into_bytes()
}

/// The canaries at these places, and every number that a child can have.
fn canaries(places: impl IntoIterator<Item = usize>) -> Vec<String> {
    let births = (2012..2100).flat_map(|year| CHILDREN.map(|serial| format!("{year}0309{serial}")));
    let children = births
        .flat_map(|birth| (0..10).map(move |check| format!("{birth}{check}")))
        .filter(|number| {
            number
                .parse::<samrum_consent::identity_number::IdentityNumber>()
                .is_ok()
        });
    let others = places
        .into_iter()
        .map(|place| (*CANARIES.get(place).unwrap()).to_owned());
    children.chain(others).collect()
}

/// Which canaries are there, plainly or in hexadecimal.
fn found<'a>(canaries: impl IntoIterator<Item = &'a str>, channel: &[u8]) -> Vec<&'a str> {
    let there = |needle: &[u8]| memchr::memmem::find(channel, needle).is_some();
    let canaries = canaries.into_iter();
    canaries
        .filter(|canary| there(canary.as_bytes()) || there(hex::encode(canary).as_bytes()))
        .collect()
}

#[test]
fn nothing_of_anybody_is_left_where_others_read() {
    let told = play(&[]);
    let kept = told.folder.path().join("kept");
    let log = files(&kept.join("hub.log"));
    assert!(
        !log.is_empty() && !told.arguments.is_empty(),
        "there is something to search"
    );
    for (channel, content) in [
        ("the hub's log", &log),
        ("the hub's files", &files(&kept.join("data"))),
        ("the ledger's entries", &entries(&kept.join("data/hub.db"))),
        ("argument lists", &told.arguments),
        ("links", &links(&[told.output.as_slice(), &log].concat())),
    ] {
        let all = canaries(0..CANARIES.len());
        assert_eq!(
            found(all.iter().map(String::as_str), content),
            Vec::<&str>::new(),
            "in {channel}"
        );
    }
    let never_told = canaries(NEVER_TOLD);
    let never_told = || never_told.iter().map(String::as_str);
    assert_eq!(
        found(never_told(), &told.output),
        Vec::<&str>::new(),
        "in the story's output"
    );
    assert_eq!(
        found(never_told(), &play(&["--json"]).output),
        Vec::<&str>::new(),
        "in its JSON"
    );
}

#[test]
fn nothing_of_anybody_is_left_by_the_cases_either() {
    let told = play(&["--cases"]);
    let kept = told.folder.path().join("kept");
    let log = files(&kept.join("hub.log"));
    assert!(
        !log.is_empty() && !told.arguments.is_empty(),
        "there is something to search"
    );
    let all = canaries(0..CANARIES.len());
    let all = || all.iter().map(String::as_str).chain(IN_THE_CASES);
    for (channel, content) in [
        ("the hub's log", &log),
        ("the hub's files", &files(&kept.join("data"))),
        ("the ledger's entries", &entries(&kept.join("data/hub.db"))),
        ("argument lists", &told.arguments),
        ("links", &links(&[told.output.as_slice(), &log].concat())),
    ] {
        assert_eq!(found(all(), content), Vec::<&str>::new(), "in {channel}");
    }
    let entries = entries(&kept.join("data/hub.db"));
    assert_eq!(found([IN_THE_LEDGER], &entries), [IN_THE_LEDGER]);
    for (channel, content) in [
        ("the hub's log", &log),
        ("argument lists", &told.arguments),
        ("what was shown", &told.output),
    ] {
        assert_eq!(
            found([IN_THE_LEDGER], content),
            Vec::<&str>::new(),
            "in {channel}"
        );
    }
    let never_told = canaries(NEVER_TOLD);
    let never_told = never_told.iter().map(String::as_str).chain(IN_THE_CASES);
    assert_eq!(
        found(never_told, &told.output),
        Vec::<&str>::new(),
        "in what was shown"
    );
}

#[test]
fn a_planted_canary_is_found_in_every_channel() {
    let told = play(&["--json"]);
    let kept = told.folder.path().join("kept");
    let expected = vec![PLANTED];

    let log = kept.join("hub.log");
    fs::write(&log, [fs::read(&log).unwrap(), PLANTED.into()].concat()).unwrap();
    assert_eq!(found([PLANTED], &files(&log)), expected, "in the hub's log");

    on_database(&kept.join("data/hub.db"), async |pool| {
        let statement = "UPDATE entry SET details = $1 WHERE arrival = 1";
        sqlx::query(statement)
            .bind(PLANTED.as_bytes())
            .execute(pool)
            .await
            .unwrap();
    });
    assert_eq!(
        found([PLANTED], &entries(&kept.join("data/hub.db"))),
        expected,
        "in an entry"
    );
    assert_eq!(
        found([PLANTED], &files(&kept.join("data"))),
        expected,
        "in the hub's files"
    );

    let said = gather(Command::new("echo").args(["see", &format!("http://127.0.0.1/{PLANTED}")]));
    assert_eq!(found([PLANTED], &said), expected, "in output");
    let number = PLANTED.split(' ').next().unwrap();
    assert_eq!(found([number], &links(&said)), vec![number], "in a link");

    let watcher = Watcher::start(told.folder.path());
    let mut child = Command::new("sh")
        .args(["-c", "read line", PLANTED])
        .arg(told.folder.path())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    // It waits for its input to end, so it is there until it has been looked at.
    watcher.whole_round();
    let seen = watcher.stop();
    drop(child.stdin.take());
    child.wait().unwrap();
    assert_eq!(found([PLANTED], &seen), expected, "in argument lists");
}
