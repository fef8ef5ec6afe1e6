//! The files a lawyer reads, as typed pairs; and how a case is put together from world, start, facts and change.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use samrum_consent::decide::{Answer, Consequence, Ground, Verdict, consequence};
use samrum_consent::fact::FactUsed;
use samrum_consent::law::Law;
use samrum_consent::reason::Reason;
use serde::Deserialize;
use toml::{Table, Value};

use crate::build::{World, name_of};
use crate::sheet::{STOCKHOLM, Sheet};

/// The file with what all cases share.
const WORLD: &str = "0-varlden.toml";

/// What all cases share: the world, the starting points, and the words of the rendering.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shared {
    world: Table,
    consent: Table,
    pub(crate) start: BTreeMap<String, Start>,
    /// A sentence for every reason, with its arguments in braces.
    pub(crate) reason: BTreeMap<String, String>,
    /// Codes as they stand inside a sentence.
    pub(crate) word: BTreeMap<String, String>,
}

/// A starting point.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Start {
    pub(crate) text: String,
    facts: Table,
}

/// One file of pairs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chapter {
    pub(crate) heading: String,
    pub(crate) introduction: String,
    pub(crate) pair: Vec<Pair>,
}

/// Two cases that differ in one fact.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pair {
    pub(crate) id: String,
    pub(crate) heading: String,
    pub(crate) provision: String,
    pub(crate) start: String,
    pub(crate) situation: String,
    pub(crate) question: String,
    #[serde(default)]
    pub(crate) facts: Table,
    pub(crate) answer: BTreeMap<String, Expected>,
    #[serde(default)]
    pub(crate) but: Table,
    pub(crate) without: Option<String>,
    pub(crate) difference: String,
    pub(crate) otherwise: BTreeMap<String, Expected>,
    pub(crate) because: String,
    /// What the lawyer is asked.
    pub(crate) review: Option<String>,
}

/// The answer for one recipient: `yes` with its ground, or `no` with every reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Expected {
    /// The consents by name, or the provision.
    pub(crate) yes: Vec<String>,
    /// Codes, each with its arguments.
    pub(crate) no: Vec<String>,
    /// What a consent rules out and this ground does not heed.
    pub(crate) warns: Vec<String>,
    /// Provisions that would fit.
    pub(crate) mentions: Vec<String>,
    /// For a document that waits: whether it goes on waiting.
    pub(crate) then: Option<Then>,
}

/// What a no means for a document that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Then {
    /// It waits.
    Waits,
    /// It is withheld for good.
    Withheld,
}

/// One of the two cases, put together and decided.
pub(crate) struct Case {
    pub(crate) facts: Value,
    pub(crate) permitted: bool,
    pub(crate) answer: BTreeMap<String, Expected>,
    /// Codes of every reason given.
    pub(crate) codes: Vec<&'static str>,
    /// The provision behind each reason, by the reason as written.
    pub(crate) behind: BTreeMap<String, &'static str>,
    /// The provisions that decided: grounds, those behind reasons and facts, and the one named.
    pub(crate) provisions: Vec<String>,
}

/// Everything that was read.
pub(crate) struct Book {
    pub(crate) shared: Shared,
    pub(crate) chapters: Vec<Chapter>,
    pub(crate) law: Law,
}

impl Book {
    /// Reads the files.
    pub(crate) fn read() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
        let listed = std::fs::read_dir(&folder).expect("the folder of cases");
        let mut files: Vec<PathBuf> = listed.map(|entry| entry.expect("an entry").path()).collect();
        files.sort();
        assert!(files.contains(&folder.join(WORLD)), "{WORLD} was not read");
        let chapters = files.iter().filter(|file| !file.ends_with(WORLD));
        Self {
            shared: parse(&folder.join(WORLD)),
            chapters: chapters.map(|file| parse(file)).collect(),
            law: Law::embedded().expect("the built-in catalogue can be read"),
        }
    }

    /// Every pair, in the order written.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.chapters.iter().flat_map(|chapter| &chapter.pair)
    }

    /// The first case of a pair.
    pub(crate) fn first(&self, pair: &Pair) -> Case {
        self.decide(pair, self.facts(pair))
    }

    /// The second: the first with one change.
    pub(crate) fn second(&self, pair: &Pair) -> Case {
        let mut facts = self.facts(pair);
        merge(&mut facts, &pair.but);
        if let Some(path) = &pair.without {
            remove(&mut facts, path);
        }
        self.decide(pair, facts)
    }

    fn facts(&self, pair: &Pair) -> Table {
        let start = self.shared.start.get(&pair.start);
        let start = start.unwrap_or_else(|| panic!("{}: no start {}", pair.id, pair.start));
        let mut facts = self.shared.world.clone();
        merge(&mut facts, &start.facts);
        merge(&mut facts, &pair.facts);
        facts
    }

    /// Every consent is written as what differs from the usual one.
    fn decide(&self, pair: &Pair, mut facts: Table) -> Case {
        if let Some(Value::Table(consents)) = facts.get_mut("consents") {
            for (_, consent) in consents.iter_mut() {
                let mut whole = self.shared.consent.clone();
                merge(&mut whole, consent.as_table().expect("a consent is a table"));
                *consent = Value::Table(whole);
            }
        }
        let facts = Value::Table(facts);
        let sheet: Sheet = facts
            .clone()
            .try_into()
            .unwrap_or_else(|error| panic!("{}: {error}", pair.id));
        let decision = World::of(&sheet, &self.law).decision();
        let verdicts = &decision.verdicts;
        let mut provisions: Vec<String> = verdicts.iter().flat_map(behind).collect();
        provisions.push(sheet.basis.clone());
        let named = |verdict: &Verdict| (name_of(verdict.recipient.as_bytes()), given(verdict, &sheet));
        Case {
            facts,
            permitted: decision.permits_all(),
            answer: verdicts.iter().map(named).collect(),
            codes: verdicts.iter().flat_map(reasons).map(Reason::code).collect(),
            behind: verdicts
                .iter()
                .flat_map(|verdict| reasons(verdict).iter().chain(&verdict.warnings))
                .filter_map(|reason| Some((written(reason), reason.provision()?)))
                .collect(),
            provisions,
        }
    }
}

fn parse<T: for<'de> Deserialize<'de>>(file: &Path) -> T {
    let text = std::fs::read_to_string(file).expect("a file of cases");
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Lays what is written over what was there. Lists are replaced whole.
fn merge(below: &mut Table, above: &Table) {
    for (key, value) in above {
        match (below.get_mut(key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => merge(below, above),
            _ => {
                below.insert(key.clone(), value.clone());
            }
        }
    }
}

/// Takes away one recorded thing, by its path.
fn remove(facts: &mut Table, path: &str) {
    let gone = match path.split_once('.') {
        None => facts.remove(path).is_some(),
        Some((key, rest)) => match facts.get_mut(key) {
            Some(Value::Table(below)) => {
                remove(below, rest);
                true
            }
            _ => false,
        },
    };
    assert!(gone, "{path}: nothing there to take away");
}

fn reasons(verdict: &Verdict) -> &[Reason] {
    match &verdict.answer {
        Answer::Permit(_) => &[],
        Answer::Deny(reasons) => reasons,
    }
}

/// A verdict in the words of the files.
fn given(verdict: &Verdict, sheet: &Sheet) -> Expected {
    let yes = match &verdict.answer {
        Answer::Permit(Ground::Consents(versions)) => versions
            .iter()
            .map(|version| name_of(version.id.as_bytes()))
            .collect(),
        Answer::Permit(Ground::Provision(id)) => vec![id.clone()],
        Answer::Deny(_) => Vec::new(),
    };
    let waits = !sheet.waits_on.is_empty() && yes.is_empty();
    Expected {
        yes,
        no: reasons(verdict).iter().map(written).collect(),
        warns: verdict.warnings.iter().map(written).collect(),
        mentions: verdict.alternatives.clone(),
        then: waits.then(|| match consequence(reasons(verdict)) {
            Consequence::Waits => Then::Waits,
            Consequence::Withheld => Then::Withheld,
        }),
    }
}

/// A reason with its arguments; times as the clocks in Stockholm show them.
fn written(reason: &Reason) -> String {
    let mut words = vec![reason.code().to_owned()];
    words.extend(reason.arguments().into_iter().map(|(_, value)| local(&value)));
    words.join(" ")
}

fn local(argument: &str) -> String {
    let Ok(at) = argument.parse::<jiff::Timestamp>() else {
        return argument.to_owned();
    };
    let shown = at.to_zoned(STOCKHOLM.clone());
    let text = shown.strftime("%Y-%m-%dT%H:%M").to_string();
    text.trim_end_matches("T00:00").to_owned()
}

/// The provisions behind one verdict. A record stands for the provision that asks for it.
fn behind(verdict: &Verdict) -> Vec<String> {
    let mut ids: Vec<String> = match &verdict.answer {
        Answer::Permit(Ground::Consents(_)) => vec!["OSL-10-1".to_owned()],
        Answer::Permit(Ground::Provision(id)) => vec![id.clone()],
        Answer::Deny(reasons) => reasons
            .iter()
            .filter_map(|reason| reason.provision().map(str::to_owned))
            .collect(),
    };
    let facts = verdict.facts.iter().filter_map(|fact| match fact {
        FactUsed::Custody { .. } | FactUsed::Hindrance(_) => Some("FB-6-11"),
        FactUsed::Assessment(_) | FactUsed::Risk(_) => Some("OSL-12-3"),
        FactUsed::CareOrder(_) => Some("LVU-11"),
        FactUsed::Representative(_) => Some("OSL-10-1"),
        FactUsed::Situation(_) => None,
    });
    ids.extend(facts.map(str::to_owned));
    ids
}
