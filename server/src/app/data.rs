//! The data folder: made on first start, with the log's key and its public half for clients to pin.

use std::collections::BTreeMap;
use std::fs::{DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use anyhow::Context as _;
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use samrum_consent::identity_number::IdentityNumber;
use samrum_proto::ledger::LogKey;
use uuid::{Builder, Uuid};
use zeroize::Zeroizing;

/// Bytes of a key's seed.
const SEED_BYTES: usize = 32;

/// Makes the folder, for the hub's user alone, if it is not there.
pub(super) fn folder(path: &Path) -> anyhow::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("cannot make the data folder {}", path.display()))?;
    let mode = std::fs::metadata(path)
        .with_context(|| format!("cannot read the data folder {}", path.display()))?
        .permissions()
        .mode();
    anyhow::ensure!(
        mode & 0o077 == 0,
        "the data folder {} is open to other users of this machine; close it with chmod go= first",
        path.display()
    );
    Ok(())
}

/// The log's key: read from `log.key`, or made with a new database. Losing it ends the log's identity, so
/// an existing database without it is refused.
pub(super) fn log_key(folder: &Path, origin: &str, is_new: bool) -> anyhow::Result<LogKey> {
    let path = folder.join("log.key");
    let seed = match std::fs::read(&path) {
        Ok(seed) => Zeroizing::new(seed),
        Err(missing) if missing.kind() == ErrorKind::NotFound => {
            anyhow::ensure!(
                is_new,
                "{} is missing, though there is a database; restore it, or copy it from another hub: clients have \
                 pinned it",
                path.display()
            );
            new_seed(&path)?
        }
        Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
    };
    let key = LogKey::from_seed(origin, &seed).with_context(|| format!("{}", path.display()))?;
    std::fs::write(folder.join("log.vkey"), format!("{}\n", key.verifier()))
        .context("cannot write log.vkey beside the database")?;
    Ok(key)
}

/// The key by which a hub that was killed tells clients, once it is back, that their QUIC connections are gone: they would
/// wait for it until they give it up. Each hub has its own, made at its first start. Where it cannot be read or kept, one
/// for this run does.
///
/// Source: RFC 9000 §10.3 (stateless reset) and §21.11 (why no two hubs share one).
pub(super) fn reset_key(folder: &Path) -> anyhow::Result<hmac::Key> {
    let path = folder.join("quic.key");
    let seed = match std::fs::read(&path) {
        Ok(seed) if seed.len() == SEED_BYTES => Zeroizing::new(seed),
        Err(missing) if missing.kind() == ErrorKind::NotFound => {
            let seed = random_seed()?;
            if let Err(error) = keep_seed(&path, &seed) {
                tracing::warn!(%error, "quic.key cannot be kept: after a restart clients find out late");
            }
            seed
        }
        Ok(_) | Err(_) => {
            tracing::warn!(path = %path.display(), "quic.key cannot be used; remove it, and a new one is made");
            random_seed()?
        }
    };
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &seed))
}

fn new_seed(path: &Path) -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let seed = random_seed()?;
    keep_seed(path, &seed)?;
    Ok(seed)
}

fn random_seed() -> anyhow::Result<Zeroizing<Vec<u8>>> {
    let mut seed = Zeroizing::new(vec![0_u8; SEED_BYTES]);
    SystemRandom::new()
        .fill(&mut seed)
        .map_err(|_| anyhow::anyhow!("the system gives no randomness"))?;
    Ok(seed)
}

fn keep_seed(path: &Path, seed: &[u8]) -> anyhow::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot make {}", path.display()))?;
    file.write_all(seed).and_then(|()| file.sync_all())?;
    Ok(())
}

/// Invented people who log in by a link in development: `label = "identity number"` in TOML.
pub(super) fn people(path: &Path) -> anyhow::Result<BTreeMap<String, IdentityNumber>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let people: BTreeMap<String, String> =
        toml::from_str(&text).with_context(|| format!("{}", path.display()))?;
    people
        .into_iter()
        .map(|(label, number)| {
            let number = number
                .parse()
                .with_context(|| format!("{}: {label}", path.display()))?;
            Ok((label, number))
        })
        .collect()
}

/// An id of this run, by which a hub is told from others: UUIDv4 (RFC 9562 §5.4).
pub(super) fn run_id() -> anyhow::Result<Uuid> {
    let mut random = [0_u8; 16];
    SystemRandom::new()
        .fill(&mut random)
        .map_err(|_| anyhow::anyhow!("the system gives no randomness"))?;
    Ok(Builder::from_random_bytes(random).into_uuid())
}
