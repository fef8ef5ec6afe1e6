//! Reads the vector files of this folder; their format is told in `generate.rs`.

use std::collections::BTreeMap;

/// One `[case]` with its values.
pub(crate) struct Case {
    pub(crate) name: String,
    values: BTreeMap<String, String>,
}

/// The cases of a file, in order.
pub(crate) fn cases(file: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    for line in file
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            cases.push(Case {
                name: name.to_owned(),
                values: BTreeMap::new(),
            });
            continue;
        }
        let (name, value) = line.split_once('=').expect("a line is a name and a value");
        let case: &mut Case = cases.last_mut().expect("a value follows a case");
        let twice = case
            .values
            .insert(name.trim().to_owned(), value.trim().to_owned());
        assert_eq!(twice, None, "{} has {name} once", case.name);
    }
    assert!(!cases.is_empty());
    cases
}

impl Case {
    pub(crate) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.values
            .get(name)
            .unwrap_or_else(|| panic!("{} has no {name}", self.name))
    }

    pub(crate) fn number(&self, name: &str) -> u64 {
        self.text(name)
            .parse()
            .unwrap_or_else(|_| panic!("{name} of {} is no number", self.name))
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        hex::decode(self.text(name)).unwrap_or_else(|_| panic!("{name} of {} is not hex", self.name))
    }

    pub(crate) fn array<const N: usize>(&self, name: &str) -> [u8; N] {
        let bytes = self.bytes(name);
        bytes
            .try_into()
            .unwrap_or_else(|_| panic!("{name} of {} is not {N} bytes", self.name))
    }
}
