//! Header, commitment, body, slip and signature; and X-Wing's own vectors.

use std::sync::atomic::{AtomicUsize, Ordering};

use hpke::kem::XWing;
use hpke::{Deserializable, Kem, Serializable};
use samrum_consent::id::{DocumentId, IndividualId, UnitId};
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};
use samrum_proto::canonical::{Canonical, Raw};
use samrum_proto::envelope::*;
use samrum_proto::ledger::leaf_hash;
use samrum_proto::statement::KeyId;

use crate::format::{Case, cases};
use crate::generate::plaintext;

/// Randomness that is exactly these bytes, once.
struct Scripted(Vec<u8>, AtomicUsize);

impl Scripted {
    fn new(bytes: Vec<u8>) -> Self {
        Self(bytes, AtomicUsize::new(0))
    }
}

impl Randomness for Scripted {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomnessUnavailable> {
        let start = self.1.fetch_add(buffer.len(), Ordering::Relaxed);
        let bytes = self
            .0
            .get(start..start + buffer.len())
            .ok_or(RandomnessUnavailable)?;
        buffer.copy_from_slice(bytes);
        Ok(())
    }
}

fn number_as_i32(case: &Case, name: &str) -> i32 {
    i32::try_from(case.number(name)).unwrap()
}

/// The header that a case's labels describe.
fn labelled_header(case: &Case) -> Header {
    Header {
        document: DocumentId::from_bytes(case.array("document")),
        sender: UnitId::from_bytes(case.array("sender")),
        kind: Kind::from_number(number_as_i32(case, "kind_number")).unwrap(),
        categories: case
            .bytes("categories")
            .into_iter()
            .map(|number| Category::from_number(i32::from(number)).unwrap())
            .collect(),
        subjects: case
            .bytes("subjects")
            .chunks(16)
            .map(|id| IndividualId::try_from(id).unwrap())
            .collect(),
        purpose: Purpose::from_number(number_as_i32(case, "purpose_number")).unwrap(),
        created_at_us: i64::try_from(case.number("created_at_us_number")).unwrap(),
        in_reply_to: match case.text("in_reply_to") {
            "" => None,
            _ => Some(DocumentId::from_bytes(case.array("in_reply_to"))),
        },
        body_length: BodyLength::from_sealed(case.number("body_length_number")).unwrap(),
        key_commitment: KeyCommitment::from_bytes(case.array("key_commitment")),
    }
}

#[test]
fn headers() {
    for case in cases(include_str!("header.txt")) {
        let (labelled, bytes) = (labelled_header(&case), case.bytes("bytes"));
        assert_eq!(Header::decode(&bytes), Ok(labelled.clone()), "{}", case.name);
        assert_eq!(labelled.encode(), Ok(bytes.clone()), "{}", case.name);
        let hash = Raw::<Header>::parse(bytes).unwrap().hash();
        assert_eq!(hash.as_bytes(), &case.array("hash"), "{}", case.name);
    }
}

#[test]
fn commitments() {
    for case in cases(include_str!("commitment.txt")) {
        let key = ContentKey::from_bytes(&case.bytes("content_key")).unwrap();
        let commitment = key
            .commitment(DocumentId::from_bytes(case.array("document")))
            .unwrap();
        assert_eq!(commitment.as_bytes(), &case.array("commitment"), "{}", case.name);
    }
}

#[test]
fn bodies() {
    for case in cases(include_str!("body.txt")) {
        let text = plaintext(usize::try_from(case.number("plaintext_length_number")).unwrap());
        let header = Raw::<Header>::parse(case.bytes("header")).unwrap();
        let sealed = resealed(&case, &header, &text);
        if case.has("sealed") {
            assert_eq!(sealed, case.bytes("sealed"), "{}", case.name);
        }
        for (index, chunk) in sealed.chunks(CHUNK_BYTES + CHUNK_TAG_BYTES).enumerate() {
            let name = format!("chunk_{index}_leaf_hash");
            assert_eq!(leaf_hash(chunk).as_bytes(), &case.array(&name), "{}", case.name);
            let tag = case.bytes(&format!("chunk_{index}_tag"));
            assert!(chunk.ends_with(&tag), "{} chunk {index}", case.name);
        }
        assert!(!case.has(&format!("chunk_{}_tag", header.value().body_length.chunks())));
        assert_eq!(
            content_root(&sealed).as_bytes(),
            &case.array("root"),
            "{}",
            case.name
        );

        let key = ContentKey::from_bytes(&case.bytes("content_key")).unwrap();
        let mut opener = Opener::start(&header, &key).unwrap();
        let mut opened = Vec::new();
        opener.push(&sealed, &mut opened).unwrap();
        assert_eq!(
            opener.finish(&mut opened).unwrap().as_bytes(),
            &case.array("root"),
            "{}",
            case.name
        );
        assert_eq!(opened, text, "{}", case.name);
    }
}

/// Seals again under the header's own fields and the case's content key.
fn resealed(case: &Case, header: &Raw<Header>, text: &[u8]) -> Vec<u8> {
    let Header {
        document,
        sender,
        kind,
        categories,
        subjects,
        purpose,
        created_at_us,
        in_reply_to,
        ..
    } = header.value().clone();
    let draft = Draft {
        document,
        sender,
        kind,
        categories,
        subjects,
        purpose,
        created_at_us,
        in_reply_to,
    };
    let randomness = Scripted::new(case.bytes("content_key"));
    let mut sealer = Sealer::start(draft, text.len() as u64, &randomness).unwrap();
    assert_eq!(sealer.header(), header, "{}", case.name);
    let mut sealed = Vec::new();
    sealer.push(text, &mut sealed).unwrap();
    sealer.finish(&mut sealed).unwrap();
    sealed
}

/// The slip that a case's labels describe.
fn labelled_slip(case: &Case) -> Slip {
    let words = |name| String::from_utf8(case.bytes(name)).unwrap();
    Slip {
        recipient: UnitId::from_bytes(case.array("recipient")),
        key_id: KeyId::from_bytes(case.array("key_id")),
        suite: Suite::from_number(u16::try_from(case.number("suite_number")).unwrap()).unwrap(),
        wrapped_key: case.bytes("wrapped_key"),
        basis: match case.number("basis_number") {
            1 => Basis::Consent,
            2 => Basis::Duty,
            3 => Basis::Provision {
                id: words("provision_id"),
                reason: words("reason"),
            },
            number => panic!("no basis has the number {number}"),
        },
    }
}

#[test]
fn slips_are_read_and_written() {
    for case in cases(include_str!("slip.txt")) {
        let (labelled, bytes) = (labelled_slip(&case), case.bytes("bytes"));
        assert_eq!(Slip::decode(&bytes), Ok(labelled.clone()), "{}", case.name);
        assert_eq!(labelled.encode(), Ok(bytes.clone()), "{}", case.name);
        let digest = Raw::<Slip>::parse(bytes).unwrap().digest();
        assert_eq!(digest, case.array("hash"), "{}", case.name);
    }
}

#[test]
fn slips_are_made_from_the_same_randomness() {
    for case in cases(include_str!("slip.txt")) {
        let content = SealedContent {
            header: Raw::parse(case.bytes("header")).unwrap(),
            root: ContentRoot::from_bytes(case.array("root")),
            content_key: ContentKey::from_bytes(&case.bytes("content_key")).unwrap(),
        };
        let Slip {
            recipient,
            key_id,
            basis,
            ..
        } = labelled_slip(&case);
        let public_key = SealingPublicKey::from_bytes(&case.bytes("sealing_public_key")).unwrap();
        let recipient = Recipient {
            unit: recipient,
            key_id,
            public_key,
            basis,
        };
        let signing = SigningKeyPair::from_seed(&case.bytes("signing_seed")).unwrap();
        let randomness = Scripted::new(case.bytes("encapsulation_randomness"));
        let signed = sign_slip(&content, &recipient, &signing, &randomness).unwrap();
        assert_eq!(signed.bytes, case.bytes("bytes"), "{}", case.name);
        assert_eq!(
            signed.signature.as_bytes(),
            &case.array("signature"),
            "{}",
            case.name
        );
    }
}

#[test]
fn slips_open_their_envelope() {
    for case in cases(include_str!("slip.txt")) {
        let keys = SealingKeyPair::from_private_bytes(&case.bytes("sealing_private_key")).unwrap();
        assert_eq!(
            keys.public_key().to_bytes(),
            case.bytes("sealing_public_key"),
            "{}",
            case.name
        );
        let header = Header::decode(&case.bytes("header")).unwrap();
        let sender = SenderKey {
            unit: header.sender,
            verifying_key: VerifyingKey::from_bytes(case.array("signing_public_key")).unwrap(),
        };
        let slip = SignedSlip {
            bytes: case.bytes("bytes"),
            signature: Signature::from_bytes(case.array("signature")),
        };
        let Slip {
            recipient: unit,
            key_id,
            ..
        } = labelled_slip(&case);
        let own = OwnKey {
            unit,
            key_id,
            key_pair: &keys,
        };
        let opened = open(&case.bytes("header"), &slip, &case.bytes("body"), &sender, &own).unwrap();
        assert_eq!(opened.plaintext.as_slice(), plaintext(100), "{}", case.name);
        let root = content_root(&case.bytes("body"));
        assert_eq!(root.as_bytes(), &case.array("root"), "{}", case.name);
    }
}

/// X-Wing's randomness as the library asks for it.
struct Replayed(Vec<u8>);

impl rand_core::TryRng for Replayed {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, buffer: &mut [u8]) -> Result<(), Self::Error> {
        let rest = self.0.split_off(buffer.len());
        buffer.copy_from_slice(&std::mem::replace(&mut self.0, rest));
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Replayed {}

#[test]
fn the_published_vectors_of_x_wing() {
    for case in cases(include_str!("xwing.txt")) {
        let keys = SealingKeyPair::from_private_bytes(&case.bytes("private_key")).unwrap();
        assert_eq!(
            keys.public_key().to_bytes(),
            case.bytes("public_key"),
            "{}",
            case.name
        );
        let public = <XWing as Kem>::PublicKey::from_bytes(&case.bytes("public_key")).unwrap();
        let mut randomness = Replayed(case.bytes("encapsulation_randomness"));
        let (secret, ciphertext) = XWing::encap_with_rng(&public, None, &mut randomness).unwrap();
        assert!(randomness.0.is_empty(), "all 64 bytes are used");
        assert_eq!(
            ciphertext.to_bytes().as_slice(),
            case.bytes("ciphertext"),
            "{}",
            case.name
        );
        assert_eq!(secret.0.as_slice(), case.bytes("shared_secret"), "{}", case.name);
        let private = <XWing as Kem>::PrivateKey::from_bytes(&case.bytes("private_key")).unwrap();
        let ciphertext = <XWing as Kem>::EncappedKey::from_bytes(&case.bytes("ciphertext")).unwrap();
        let secret = XWing::decap(&private, None, &ciphertext).unwrap();
        assert_eq!(secret.0.as_slice(), case.bytes("shared_secret"), "{}", case.name);
    }
}
