//! A unit's own client with a folder of its own: the library as records systems use it, against a hub under test.

use std::fs;
use std::net::SocketAddr;

use samrum_client::client::Surroundings;
use samrum_client::storage::LocalDisk;
use samrum_client::transport::way::Transport;
use samrum_client::{Client, Profile};
use samrum_proto::envelope::SigningKeyPair;
use samrum_proto::statement::KeyId;
use tempfile::TempDir;

use crate::TestHub;
use crate::party::now_us;

/// A client with the folder of its profile.
pub struct Desk {
    /// The client.
    pub client: Client,
    folder: TempDir,
    hub: String,
}

impl Desk {
    /// The client of the unit with this certificate, without keys as yet.
    pub fn of(hub: &TestHub, slug: &str) -> Self {
        Self::at(hub, hub.address(), slug, Transport::default())
    }

    /// The same, by way of this address, and this way.
    pub fn at(hub: &TestHub, address: SocketAddr, slug: &str, transport: Transport) -> Self {
        let transport = transport.word();
        let unit = samrum_certs::world::UNITS
            .iter()
            .find(|unit| unit.slug == slug)
            .unwrap();
        let unit = samrum_consent::id::UnitId::from_bytes(unit.id);
        let certificates = hub.certificates();
        let file = |name: &str| certificates.join(name).display().to_string();
        let text = format!(
            "hub = \"https://{address}\"\ntransport = \"{transport}\"\nca = \"{}\"\ncertificate = \"{}\"\nkey = \"{}\"\nvkey = \"{}\"\nunit = \"{unit}\"\n\
             [professional]\nuser = \"anna.k\"\nrole = \"SOCIAL_SECRETARY\"\nassurance_level = 3\n",
            file("ca.pem"),
            file(&format!("{slug}.pem")),
            file(&format!("{slug}.key")),
            hub.verifier_key(),
        );
        Self::with(text)
    }

    /// The same unit's client on another machine: same certificate, other folder, no keys.
    pub fn elsewhere(&self) -> Self {
        Self::with(self.hub.clone())
    }

    fn with(text: String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("profile.toml"), &text).unwrap();
        let profile = Profile::load(folder.path()).unwrap();
        Self {
            client: Client::new(profile, Surroundings::default()).unwrap(),
            folder,
            hub: text,
        }
    }

    /// Another client of the same profile, as the next command is.
    pub fn again(&self) -> Client {
        let profile = Profile::load(self.folder.path()).unwrap();
        Client::new(profile, Surroundings::default()).unwrap()
    }

    /// Generates keys and puts them in force.
    pub async fn renew_keys(&self, organisation: &SigningKeyPair) -> KeyId {
        let random = ring::rand::SystemRandom::new();
        let unit = self.client.profile().unit().unwrap();
        let keyring = self.client.keyring();
        keyring.generate(&LocalDisk, unit, now_us(), &random).unwrap();
        self.client.register_key(organisation).await.unwrap().0
    }

    /// The profile's folder.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}
