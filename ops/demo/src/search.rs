//! Somebody has the hub's disk: every byte of every file is searched for words, in all forms in which text
//! usually lies about.
//!
//! As it is, in UTF-16 both ways, in base64 (RFC 4648 §4 and §5) at each of the three alignments, and in
//! hexadecimal; piece by piece, because a database may cut a text anywhere. Not in compressed or encrypted
//! form: nothing in the folder is compressed, and what is encrypted is what is being proven.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use memchr::memmem::Finder;

use crate::trouble::{Result, Trouble};

/// The most files that are searched.
const MAX_FILES: usize = 1_000;
/// The most bytes of one file.
const MAX_FILE_BYTES: u64 = 256 * 1024 * 1024;
/// The least characters of a phrase: shorter ones are found by chance.
const LEAST_CHARACTERS: usize = 6;
/// Characters of a piece: found nowhere by chance, and a text has several.
const PIECE: usize = 14;

/// How much was searched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Size {
    /// Files.
    pub(crate) files: usize,
    /// Their bytes.
    pub(crate) bytes: usize,
}

/// Every file of the hub, in memory.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    files: Vec<(PathBuf, Vec<u8>)>,
}

impl Disk {
    /// Reads every file in and below these paths.
    pub(crate) fn read(paths: &[&Path]) -> Result<Self> {
        let mut disk = Self::default();
        let mut open: Vec<PathBuf> = paths.iter().map(|path| (*path).to_owned()).collect();
        while let Some(path) = open.pop() {
            let metadata = fs::metadata(&path).map_err(Trouble::file(&path))?;
            if metadata.is_dir() {
                for entry in fs::read_dir(&path).map_err(Trouble::file(&path))? {
                    open.push(entry.map_err(Trouble::file(&path))?.path());
                }
            } else if disk.files.len() == MAX_FILES || metadata.len() > MAX_FILE_BYTES {
                let came = format!("{} among {} files", path.display(), disk.files.len());
                return Err(Trouble::unexpected("a small folder to search", came));
            } else {
                let bytes = fs::read(&path).map_err(Trouble::file(&path))?;
                disk.files.push((path, bytes));
            }
        }
        Ok(disk)
    }

    /// How much there is.
    pub(crate) fn size(&self) -> Size {
        Size {
            files: self.files.len(),
            bytes: self.files.iter().map(|(_, bytes)| bytes.len()).sum(),
        }
    }

    /// How often the phrase, or a piece of it, lies there in the clear, in any of its forms: the files with
    /// their forms. A phrase that is too short to be told from chance is trouble.
    pub(crate) fn find(&self, phrase: &str) -> Result<Vec<(PathBuf, &'static str)>> {
        if phrase.chars().count() < LEAST_CHARACTERS {
            return Err(Trouble::unexpected("a phrase of at least 6 characters", phrase));
        }
        let mut found = Vec::new();
        for (form, bytes) in pieces(phrase).iter().flat_map(|piece| forms(piece)) {
            let finder = Finder::new(&bytes);
            let hits = self
                .files
                .iter()
                .filter(|(_, content)| finder.find(content).is_some());
            for hit in hits.map(|(path, _)| (path.clone(), form)) {
                if !found.contains(&hit) {
                    found.push(hit);
                }
            }
        }
        Ok(found)
    }
}

/// A phrase in pieces, the rest that is too short left out; a short phrase is one piece.
fn pieces(phrase: &str) -> Vec<String> {
    let characters: Vec<char> = phrase.chars().collect();
    let whole: Vec<String> = characters
        .chunks_exact(PIECE)
        .map(|piece| piece.iter().collect())
        .collect();
    if whole.is_empty() {
        vec![phrase.to_owned()]
    } else {
        whole
    }
}

/// The forms in which a piece may lie.
fn forms(piece: &str) -> Vec<(&'static str, Vec<u8>)> {
    let units: Vec<u16> = piece.encode_utf16().collect();
    let mut forms = vec![
        ("text", piece.as_bytes().to_vec()),
        (
            "utf-16le",
            units.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        ),
        (
            "utf-16be",
            units.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
        ),
        ("hexadecimal", hex::encode(piece).into_bytes()),
        ("hexadecimal", hex::encode_upper(piece).into_bytes()),
    ];
    for (name, engine) in [
        ("base64", BASE64_STANDARD_NO_PAD),
        ("base64url", BASE64_URL_SAFE_NO_PAD),
    ] {
        for before in 0..3 {
            let encoded = engine.encode([&vec![0; before], piece.as_bytes()].concat());
            forms.push((name, aligned(&encoded, before, piece.len())));
        }
    }
    forms
}

/// The characters of a base64 text that the piece alone decides, with so many bytes before it.
fn aligned(encoded: &str, before: usize, length: usize) -> Vec<u8> {
    // A character holds six bits: the first that is wholly the piece's, and the last.
    let first = (before * 8).div_ceil(6);
    let last = (before + length) * 8 / 6;
    encoded.as_bytes().get(first..last).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use base64::prelude::BASE64_STANDARD;

    use super::*;

    const PHRASE: &str = "vilket stöd behöver barnet i skolan?";

    fn forms_found(content: Vec<u8>) -> Vec<&'static str> {
        let disk = Disk {
            files: vec![(PathBuf::from("hub.db"), content)],
        };
        let found = disk.find(PHRASE).unwrap();
        found.into_iter().map(|(_, form)| form).collect()
    }

    #[test]
    fn every_form_is_found_where_it_was_planted() {
        let utf16 = |bytes: fn(u16) -> [u8; 2]| PHRASE.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        for (form, planted) in [
            ("text", PHRASE.as_bytes().to_vec()),
            ("utf-16le", utf16(u16::to_le_bytes)),
            ("utf-16be", utf16(u16::to_be_bytes)),
            ("hexadecimal", hex::encode(PHRASE).into_bytes()),
            ("hexadecimal", hex::encode_upper(PHRASE).into_bytes()),
        ] {
            let content = [b"before\0".as_slice(), &planted, b"\0after"].concat();
            assert!(forms_found(content).contains(&form), "{form}");
        }
    }

    #[test]
    fn base64_is_found_at_every_alignment() {
        for before in 0..7 {
            for after in 0..4 {
                let plain = ["x".repeat(before), PHRASE.to_owned(), "y".repeat(after)].concat();
                let standard = BASE64_STANDARD.encode(&plain).into_bytes();
                assert!(forms_found(standard).contains(&"base64"), "{before} {after}");
                let url = BASE64_URL_SAFE_NO_PAD.encode(&plain).into_bytes();
                assert!(forms_found(url).contains(&"base64url"), "{before} {after}");
            }
        }
    }

    #[test]
    fn a_text_that_was_cut_is_found_all_the_same() {
        let (one, other) = PHRASE.split_at(PHRASE.len() / 2);
        assert_eq!(
            forms_found(format!("{one}\0\0\0\0{other}").into_bytes()),
            ["text"]
        );
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert!(forms_found(b"something else altogether".to_vec()).is_empty());
        assert!(forms_found(PHRASE.to_uppercase().into_bytes()).is_empty());
        assert!(Disk::default().find("short").is_err());
    }

    #[test]
    fn every_file_below_is_read() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("below")).unwrap();
        fs::write(folder.path().join("one"), "12345").unwrap();
        fs::write(folder.path().join("below/two"), PHRASE).unwrap();
        let disk = Disk::read(&[folder.path()]).unwrap();
        assert_eq!((disk.size().files, disk.size().bytes), (2, 5 + PHRASE.len()));
        assert_eq!(disk.find(PHRASE).unwrap().len(), 1);
        assert!(Disk::read(&[&folder.path().join("nowhere")]).is_err());
    }
}
