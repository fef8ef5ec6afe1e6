//! The scene of the envelope's tests: social services send to a school and a clinic. Nobody in it exists.

use std::sync::atomic::{AtomicU64, Ordering};

use samrum_consent::id::{DocumentId, IndividualId, UnitId};
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};

use super::super::seal::signed_bytes;
use super::super::*;
use crate::canonical::{Label, Raw, sha256};
use crate::statement::KeyId;

/// Randomness that repeats: SHA-256 of a seed and a counter.
pub(crate) struct Seeded(AtomicU64);

impl Seeded {
    pub(crate) fn new(seed: u32) -> Self {
        Self(AtomicU64::new(u64::from(seed) << 32))
    }
}

impl Randomness for Seeded {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomnessUnavailable> {
        for piece in buffer.chunks_mut(32) {
            let block = sha256(&[&self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes()]);
            piece.copy_from_slice(&block[..piece.len()]);
        }
        Ok(())
    }
}

pub(crate) fn unit(number: u8) -> UnitId {
    UnitId::from_bytes([number; 16])
}

pub(crate) fn draft() -> Draft {
    Draft {
        document: DocumentId::from_bytes([0xd0; 16]),
        sender: unit(1),
        kind: Kind::Summons,
        categories: [Category::SchoolSituation, Category::PlanCoordination].into(),
        subjects: [IndividualId::from_bytes([0x11; 16])].into(),
        purpose: Purpose::Sip,
        created_at_us: 1_767_258_000_000_000,
        in_reply_to: Some(DocumentId::from_bytes([0xd1; 16])),
    }
}

pub(crate) struct Party {
    pub(crate) unit: UnitId,
    pub(crate) key_id: KeyId,
    pub(crate) keys: SealingKeyPair,
}

impl Party {
    fn new(number: u8) -> Self {
        let keys = SealingKeyPair::generate(&Seeded::new(u32::from(number))).unwrap();
        Self {
            unit: unit(number),
            key_id: KeyId::from_bytes([number; 32]),
            keys,
        }
    }

    pub(crate) fn recipient(&self) -> Recipient {
        Recipient {
            unit: self.unit,
            key_id: self.key_id,
            public_key: self.keys.public_key().clone(),
            basis: Basis::Consent,
        }
    }

    pub(crate) fn own(&self) -> OwnKey<'_> {
        OwnKey {
            unit: self.unit,
            key_id: self.key_id,
            key_pair: &self.keys,
        }
    }
}

pub(crate) struct Scene {
    pub(crate) signing: SigningKeyPair,
    pub(crate) sender: SenderKey,
    pub(crate) school: Party,
    pub(crate) clinic: Party,
    pub(crate) envelope: SealedEnvelope,
    pub(crate) content_key: ContentKey,
}

impl Scene {
    pub(crate) fn new(text: &[u8]) -> Self {
        Self::seeded(text, 40)
    }

    pub(crate) fn seeded(text: &[u8], seed: u32) -> Self {
        let signing = SigningKeyPair::from_seed(&[1; 32]).unwrap();
        let (school, clinic) = (Party::new(2), Party::new(3));
        let recipients = [school.recipient(), clinic.recipient()];
        let (envelope, content_key) = seal(draft(), text, &recipients, &signing, &Seeded::new(seed)).unwrap();
        let sender = SenderKey {
            unit: unit(1),
            verifying_key: signing.verifying_key(),
        };
        Self {
            signing,
            sender,
            school,
            clinic,
            envelope,
            content_key,
        }
    }

    pub(crate) fn verify(&self) -> Result<VerifiedEnvelope, VerifyError> {
        let SealedEnvelope { header, body, slips } = &self.envelope;
        verify_envelope(header, body, slips, &self.sender)
    }

    pub(crate) fn open_with(&self, slip: &SignedSlip, own: &OwnKey<'_>) -> Result<Opened, OpenError> {
        open(
            &self.envelope.header,
            slip,
            &self.envelope.body,
            &self.sender,
            own,
        )
    }

    /// Opens with the party's own slip, found by its place.
    pub(crate) fn open_as(&self, party: &Party) -> Result<Opened, OpenError> {
        let place = usize::from(party.unit == self.clinic.unit);
        self.open_with(&self.envelope.slips[place], &party.own())
    }

    /// What a dishonest sender can do: sign anything.
    pub(crate) fn resign(&self, header: &Raw<Header>, root: ContentRoot, slip: &Raw<Slip>) -> SignedSlip {
        let signature = self
            .signing
            .sign(Label::SLIP_SIGNATURE, &signed_bytes(header, root, slip));
        SignedSlip {
            bytes: slip.bytes().to_vec(),
            signature,
        }
    }
}
