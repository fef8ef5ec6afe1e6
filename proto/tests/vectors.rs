//! Every format against its vectors, in both directions: the bytes are read into the labelled values, and the
//! labelled values give the bytes. Vectors are frozen: whoever changes them changes the protocol. (The modules are
//! marked as tests for the lints, which look for the mark and not for the folder.)

#[cfg(test)]
#[path = "vectors/format.rs"]
mod format;
#[path = "vectors/generate.rs"]
mod generate;

#[cfg(test)]
#[path = "vectors/envelope.rs"]
mod envelope;
#[cfg(test)]
#[path = "vectors/ledger.rs"]
mod ledger;
#[cfg(test)]
#[path = "vectors/statement.rs"]
mod statement;

#[test]
fn the_files_are_what_this_program_makes() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    for (name, made) in generate::files().unwrap() {
        let kept = std::fs::read_to_string(folder.join(name)).unwrap();
        let differing = made.lines().zip(kept.lines()).find(|(made, kept)| made != kept);
        assert_eq!(differing, None, "{name}: bytes that are frozen have changed");
        assert_eq!(made.len(), kept.len(), "{name}");
    }
}
