//! The files: which there are, who may read them, and that nothing is overwritten unasked.

#![expect(
    clippy::unwrap_used,
    reason = "functions that only tests call fail as tests do"
)]

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use samrum_certs::{Collection, DevelopmentAuthority, Existing, Validity, WriteError};

fn collection() -> Collection {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
    let validity = Validity::starting(now).unwrap();
    Collection::issue(&DevelopmentAuthority::new(validity).unwrap(), validity).unwrap()
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn each_role_has_a_certificate_and_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let written = collection().write(folder.path(), Existing::Refuse).unwrap();

    let roles = [
        "auditor-exempelby",
        "auditor-region-exempel",
        "auditor-solsidan",
        "child-psychiatry",
        "hub",
        "operator",
        "private-clinic",
        "pupil-health",
        "reception",
        "school",
        "social-services",
    ];
    let mut expected: Vec<String> = roles
        .iter()
        .flat_map(|role| [format!("{role}.key"), format!("{role}.pem")])
        .collect();
    expected.push("ca.pem".to_owned());
    expected.sort();
    assert_eq!(names_in(folder.path()), expected);

    let mut reported: Vec<_> = written
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    reported.sort();
    assert_eq!(reported, expected);
}

#[cfg(unix)]
#[test]
fn keys_are_for_their_owner_and_certificates_hold_no_key() {
    use std::os::unix::fs::PermissionsExt as _;

    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("made/here");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for path in collection().write(&folder, Existing::Refuse).unwrap() {
        let content = fs::read_to_string(&path).unwrap();
        if path.extension().unwrap() == "key" {
            assert_eq!(mode(&path), 0o600, "{}", path.display());
            assert!(content.contains("PRIVATE KEY"));
        } else {
            assert!(
                content.contains("CERTIFICATE") && !content.contains("PRIVATE"),
                "{}",
                path.display()
            );
        }
    }
    assert_eq!(mode(&folder), 0o700);
}

#[test]
fn one_file_in_the_way_stops_all_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let in_the_way = folder.path().join("school.key");
    fs::write(&in_the_way, "kept").unwrap();

    let error = collection().write(folder.path(), Existing::Refuse).unwrap_err();
    assert!(
        matches!(&error, WriteError::Exists { path } if *path == in_the_way),
        "{error}"
    );
    assert!(error.to_string().contains("--force"), "{error}");
    assert_eq!(names_in(folder.path()), ["school.key"]);
    assert_eq!(fs::read_to_string(&in_the_way).unwrap(), "kept");
}

#[cfg(unix)]
#[test]
fn replacing_makes_every_file_anew_and_follows_no_link() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::NamedTempFile::new().unwrap();
    let linked = folder.path().join("hub.key");
    std::os::unix::fs::symlink(elsewhere.path(), &linked).unwrap();
    let open_to_others = folder.path().join("school.key");
    fs::write(&open_to_others, "old").unwrap();
    fs::set_permissions(&open_to_others, fs::Permissions::from_mode(0o666)).unwrap();

    collection().write(folder.path(), Existing::Replace).unwrap();
    assert_eq!(
        fs::read(elsewhere.path()).unwrap(),
        b"",
        "the link's target is untouched"
    );
    assert!(fs::symlink_metadata(&linked).unwrap().is_file());
    assert_eq!(
        fs::metadata(&open_to_others).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert!(
        fs::read_to_string(&open_to_others)
            .unwrap()
            .contains("PRIVATE KEY")
    );
}

#[test]
fn a_folder_that_is_a_file_is_an_error_that_names_it() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = collection().write(file.path(), Existing::Refuse).unwrap_err();
    assert!(
        matches!(&error, WriteError::Failed { path, .. } if path == file.path()),
        "{error}"
    );
}
