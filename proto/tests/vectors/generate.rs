//! Makes the vector files of this folder from fixed keys; published vectors are not made here but copied.
//!
//! Included by the test that compares and by the example that writes. A file is text: `#` comments, `[case]`
//! headings, `name = value` lines. Values are hex unless the name ends in `_text` (UTF-8, one line) or `_number`
//! (decimal). Long plaintexts are given by their length: byte i is i mod 251.

use std::error::Error;
use std::fmt::Write as _;
use std::sync::Mutex;

use samrum_consent::id::{DeliveryId, DocumentId, EntryId, IndividualId, UnitId};
use samrum_consent::vocabulary::{Basis, Category, Kind, Purpose};
use samrum_proto::canonical::Raw;
use samrum_proto::envelope::{
    ContentKey, Draft, Header, HeaderHash, Randomness, RandomnessUnavailable, Recipient, SealedContent,
    Sealer, SealingKeyPair, SigningKeyPair, Slip, Suite, content_root, sign_slip,
};
use samrum_proto::ledger::{Frontier, Leaf, LogKey, Salt, TreeHead, leaf_hash, sign_checkpoint};
use samrum_proto::statement::{
    ActingStatement, Answer, DeliveryAnswer, KeyId, KeyState, KeyStateChange, KeyStatement, Signed,
    Statement, Ticket,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Every generated file: its name and its content.
pub(crate) fn files() -> Outcome<Vec<(&'static str, String)>> {
    Ok(vec![
        ("header.txt", headers()?),
        ("commitment.txt", commitments()?),
        ("body.txt", bodies()?),
        ("slip.txt", slips()?),
        ("statement.txt", statements()?),
        ("leaf.txt", leaves()?),
        ("checkpoint.txt", checkpoints()?),
    ])
}

/// Randomness that is exactly these bytes, once.
struct Scripted(Mutex<Vec<u8>>);

impl Scripted {
    fn new(bytes: &[u8]) -> Self {
        Self(Mutex::new(bytes.to_vec()))
    }
}

impl Randomness for Scripted {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), RandomnessUnavailable> {
        let mut left = self.0.lock().map_err(|_| RandomnessUnavailable)?;
        if left.len() < buffer.len() {
            return Err(RandomnessUnavailable);
        }
        let rest = left.split_off(buffer.len());
        buffer.copy_from_slice(&left);
        *left = rest;
        Ok(())
    }
}

/// A text under construction.
struct File(String);

impl File {
    fn new(purpose: &str) -> Self {
        let mut text = String::new();
        for line in purpose.lines() {
            text.push_str("# ");
            text.push_str(line);
            text.push('\n');
        }
        text.push_str("# Written by: cargo run -p samrum-proto --example vectors\n");
        Self(text)
    }

    fn case(&mut self, name: &str) {
        self.0.push_str("\n[");
        self.0.push_str(name);
        self.0.push_str("]\n");
    }

    fn hex(&mut self, name: &str, value: &[u8]) -> std::fmt::Result {
        let mut digits = String::new();
        value.iter().try_for_each(|byte| write!(digits, "{byte:02x}"))?;
        self.plain(name, digits)
    }

    fn plain(&mut self, name: &str, value: impl std::fmt::Display) -> std::fmt::Result {
        let line = format!("{name} = {value}");
        writeln!(self.0, "{}", line.trim_end())
    }
}

/// Bytes that are told apart easily: the first, the next, …
fn counting<const N: usize>(first: u8) -> [u8; N] {
    std::array::from_fn(|index| first.wrapping_add(u8::try_from(index % 256).unwrap_or(0)))
}

/// The plaintext of a given length.
pub(crate) fn plaintext(length: usize) -> Vec<u8> {
    (0..251_u8).cycle().take(length).collect()
}

const CREATED_AT_US: i64 = 1_767_258_000_123_456;

fn draft() -> Draft {
    Draft {
        document: DocumentId::from_bytes(counting(0x10)),
        sender: UnitId::from_bytes(counting(0x20)),
        kind: Kind::Summons,
        categories: [
            Category::SchoolSituation,
            Category::HealthMental,
            Category::PlanCoordination,
        ]
        .into(),
        subjects: [
            IndividualId::from_bytes(counting(0x30)),
            IndividualId::from_bytes(counting(0x40)),
        ]
        .into(),
        purpose: Purpose::Sip,
        created_at_us: CREATED_AT_US,
        in_reply_to: Some(DocumentId::from_bytes(counting(0x50))),
    }
}

fn concern_report() -> Draft {
    Draft {
        kind: Kind::ConcernReport,
        categories: [Category::AbuseViolence].into(),
        subjects: [].into(),
        purpose: Purpose::AssessmentSupport,
        in_reply_to: None,
        ..draft()
    }
}

/// Seals a text under a content key that the randomness is scripted to give.
fn sealed(draft: Draft, text: &[u8], content_key: &[u8; 32]) -> Outcome<(SealedContent, Vec<u8>)> {
    let mut body = Vec::new();
    let mut sealer = Sealer::start(draft, text.len() as u64, &Scripted::new(content_key))?;
    sealer.push(text, &mut body)?;
    Ok((sealer.finish(&mut body)?, body))
}

fn headers() -> Outcome<String> {
    let mut file = File::new(
        "Headers: canonical bytes, and their SHA-256 behind samrum/header/v1 and one zero byte.\n\
         Kind, purpose and categories are the vocabulary's numbers; body_length is the sealed length.",
    );
    for (name, draft) in [
        ("summons about two individuals", draft()),
        ("concern report about nobody registered", concern_report()),
    ] {
        let (content, _) = sealed(draft, &plaintext(100), &counting(0x60))?;
        let header: &Header = content.header.value();
        file.case(name);
        file.hex("document", header.document.as_bytes())?;
        file.hex("sender", header.sender.as_bytes())?;
        file.plain("kind_number", header.kind.number())?;
        file.hex(
            "categories",
            &header
                .categories
                .iter()
                .map(|word| word.number())
                .collect::<Vec<_>>(),
        )?;
        file.hex(
            "subjects",
            &header
                .subjects
                .iter()
                .flat_map(|id| *id.as_bytes())
                .collect::<Vec<_>>(),
        )?;
        file.plain("purpose_number", header.purpose.number())?;
        file.plain("created_at_us_number", header.created_at_us)?;
        file.hex(
            "in_reply_to",
            header
                .in_reply_to
                .as_ref()
                .map_or(&[], |id| id.as_bytes().as_slice()),
        )?;
        file.plain("body_length_number", header.body_length.sealed())?;
        file.hex("key_commitment", header.key_commitment.as_bytes())?;
        file.hex("bytes", content.header.bytes())?;
        file.hex("hash", content.header.hash().as_bytes())?;
    }
    Ok(file.0)
}

fn commitments() -> Outcome<String> {
    let mut file = File::new(
        "Key commitments: HKDF-SHA256 with salt samrum/content-key/v1, the content key as input and info\n\
         samrum/key-commitment/v1, each label closed by one zero byte, the info followed by the document id.",
    );
    for (name, key, document) in [
        ("one", counting(0x60), counting(0x10)),
        ("other key", [7; 32], counting(0x10)),
        ("other document", counting(0x60), [8; 16]),
    ] {
        let commitment = ContentKey::from_bytes(&key)?.commitment(DocumentId::from_bytes(document))?;
        file.case(name);
        file.hex("content_key", &key)?;
        file.hex("document", &document)?;
        file.hex("commitment", commitment.as_bytes())?;
    }
    Ok(file.0)
}

const SHORT: usize = 256;

fn bodies() -> Outcome<String> {
    let mut file = File::new(
        "Sealed bodies: chunks of 65,536 bytes, ChaCha20-Poly1305, nonce = 7 zero bytes, counter (u32), last flag;\n\
         key = HKDF-SHA256 as for commitments with info samrum/body-key/v1 and H(header); associated data =\n\
         samrum/chunk/v1 and H(header). The root is an RFC 6962 tree over the sealed chunks. Of long bodies each\n\
         chunk's RFC 6962 leaf hash and tag are given.",
    );
    for (name, length) in [
        ("empty", 0),
        ("one byte", 1),
        ("one hundred bytes", 100),
        ("exactly one chunk", 65_536),
        ("one chunk and a byte", 65_537),
        ("three chunks", 150_000),
        ("four full chunks", 262_144),
    ] {
        let key = counting(0x60);
        let (content, body) = sealed(draft(), &plaintext(length), &key)?;
        file.case(name);
        file.plain("plaintext_length_number", length)?;
        file.hex("content_key", &key)?;
        file.hex("header", content.header.bytes())?;
        if length <= SHORT {
            file.hex("sealed", &body)?;
        }
        for (index, chunk) in body.chunks(65_552).enumerate() {
            file.hex(&format!("chunk_{index}_leaf_hash"), leaf_hash(chunk).as_bytes())?;
            file.hex(
                &format!("chunk_{index}_tag"),
                chunk.last_chunk::<16>().ok_or("a chunk has a tag")?,
            )?;
        }
        file.hex("root", content.root.as_bytes())?;
    }
    Ok(file.0)
}

fn slips() -> Outcome<String> {
    let mut file = File::new(
        "Slips: the content key wrapped by HPKE base mode (RFC 9180) with X-Wing (KEM 0x647a), HKDF-SHA256,\n\
         ChaCha20-Poly1305, info samrum/wrap/v1 and H(header), associated data samrum/wrap-recipient/v1, recipient,\n\
         key id and suite; and the sender's Ed25519 signature over samrum/slip-signature/v1, version (1), H(header),\n\
         root, sealed length (u64), SHA-256 of the slip behind samrum/slip/v1. Every label is closed by one zero byte.\n\
         encapsulation_randomness is what X-Wing's deterministic encapsulation consumes.",
    );
    let (content, body) = sealed(draft(), &plaintext(100), &counting(0x60))?;
    let signing = SigningKeyPair::from_seed(&counting::<32>(0x70))?;
    let provision = Basis::Provision {
        id: "OSL-25-12".into(),
        reason: "Nödvändigt stöd\ntill barnet".into(),
    };
    for (name, first, basis) in [
        ("on consent", 0x80, Basis::Consent),
        ("as a duty", 0x90, Basis::Duty),
        ("on a provision", 0xa0, provision),
    ] {
        let private = counting::<32>(first);
        let randomness = counting::<64>(first.wrapping_add(0x0f));
        let recipient = Recipient {
            unit: UnitId::from_bytes(counting(first.wrapping_add(1))),
            key_id: KeyId::from_bytes(counting(first.wrapping_add(2))),
            public_key: SealingKeyPair::from_private_bytes(&private)?.public_key().clone(),
            basis,
        };
        let signed = sign_slip(&content, &recipient, &signing, &Scripted::new(&randomness))?;
        let slip = Raw::<Slip>::parse(signed.bytes)?;
        file.case(name);
        file.hex("header", content.header.bytes())?;
        file.hex("body", &body)?;
        file.hex("content_key", content.content_key.expose())?;
        file.hex("sealing_private_key", &private)?;
        file.hex("sealing_public_key", &recipient.public_key.to_bytes())?;
        file.hex("encapsulation_randomness", &randomness)?;
        file.hex("recipient", recipient.unit.as_bytes())?;
        file.hex("key_id", recipient.key_id.as_bytes())?;
        file.plain("suite_number", slip.value().suite.number())?;
        file.hex("wrapped_key", &slip.value().wrapped_key)?;
        basis_lines(&mut file, &slip.value().basis)?;
        file.hex("bytes", slip.bytes())?;
        file.hex("hash", &slip.digest())?;
        file.hex("signing_seed", signing.expose_seed())?;
        file.hex("signing_public_key", signing.verifying_key().as_bytes())?;
        file.hex("root", content_root(&body).as_bytes())?;
        file.hex("signature", signed.signature.as_bytes())?;
    }
    Ok(file.0)
}

fn basis_lines(file: &mut File, basis: &Basis) -> std::fmt::Result {
    let (number, id, reason) = match basis {
        Basis::Consent => (1, "", ""),
        Basis::Duty => (2, "", ""),
        Basis::Provision { id, reason } => (3, id.as_str(), reason.as_str()),
    };
    file.plain("basis_number", number)?;
    file.hex("provision_id", id.as_bytes())?;
    file.hex("reason", reason.as_bytes())
}

fn statements() -> Outcome<String> {
    let mut file = File::new(
        "Statements: canonical bytes, and Ed25519 over the type's label, one zero byte and the bytes.\n\
         The digest of a key statement (SHA-256 over the same) is the key's id. Times are microseconds.",
    );
    let unit = UnitId::from_bytes(counting(0x20));
    let at_us = CREATED_AT_US;
    let key_statement = KeyStatement {
        unit,
        suite: Suite::XWing,
        sealing_public_key: SealingKeyPair::from_private_bytes(&counting::<32>(0x80))?
            .public_key()
            .clone(),
        signing_public_key: SigningKeyPair::from_seed(&counting::<32>(0x70))?.verifying_key(),
        valid_from_us: at_us,
    };
    let key_id = Raw::new(key_statement.clone())?.key_id();
    statement(&mut file, "key statement", key_statement)?;
    let change = KeyStateChange {
        unit,
        key_id,
        state: KeyState::DecryptOnly,
        at_us,
    };
    statement(&mut file, "key state change", change)?;
    let acting = ActingStatement {
        unit,
        user: "anna.åberg".into(),
        role: "socialsekreterare".into(),
        assurance_level: 3,
        method: "/samrum.exchange.v1.ExchangeService/SendDocument".into(),
        request: counting(0x10),
        issued_at_us: at_us,
    };
    statement(&mut file, "acting statement", acting)?;
    let answer = |answer| DeliveryAnswer {
        delivery: DeliveryId::from_bytes(counting(0xb0)),
        document: DocumentId::from_bytes(counting(0x10)),
        recipient: unit,
        answer,
        at_us,
        header_hash: HeaderHash::from_bytes(counting(0xc0)),
    };
    statement(&mut file, "delivery acknowledged", answer(Answer::Acknowledged))?;
    let rejected = Answer::Rejected {
        reason: "Avser ett annat barn".into(),
    };
    statement(&mut file, "delivery rejected", answer(rejected))?;
    let ticket = Ticket {
        entry: EntryId::from_bytes(counting(0xd0)),
        leaf_hash: leaf_hash(b"leaf"),
        at_us,
        log_origin: "log.example/samrum".into(),
    };
    statement(&mut file, "ticket", ticket)?;
    Ok(file.0)
}

fn statement<T: Statement>(file: &mut File, name: &str, value: T) -> Outcome<()> {
    let key = SigningKeyPair::from_seed(&counting::<32>(0xe0))?;
    let signed = Signed::sign(value, &key)?;
    file.case(name);
    file.plain(
        "label_text",
        String::from_utf8_lossy(T::LABEL.as_bytes()).trim_end_matches('\0'),
    )?;
    file.hex("signing_seed", key.expose_seed())?;
    file.hex("signing_public_key", key.verifying_key().as_bytes())?;
    file.hex("bytes", signed.bytes())?;
    file.hex("digest", &signed.raw().digest())?;
    file.hex("signature", signed.signature().as_bytes())?;
    Ok(())
}

fn leaves() -> Outcome<String> {
    let mut file = File::new(
        "Leaves: 0x01 and HMAC-SHA256 under the salt of samrum/leaf/v1, one zero byte and the details; or 0x02 and\n\
         the details, where the salt is empty. The hash is RFC 6962's.",
    );
    let details = r#"{"entry":"d0d1d2d3-d4d5-d6d7-d8d9-dadbdcdddedf","event":"SEND"}"#;
    let salt = Salt::from_bytes(counting(0xf0));
    for (name, salt, leaf) in [
        ("salted", Some(&salt), Leaf::salted(&salt, details.as_bytes())?),
        ("open", None, Leaf::open(details.as_bytes())?),
        ("salted without details", Some(&salt), Leaf::salted(&salt, b"")?),
    ] {
        file.case(name);
        file.hex("salt", salt.map_or(&[], |salt| salt.expose().as_slice()))?;
        file.plain(
            "details_text",
            if name.ends_with("details") { "" } else { details },
        )?;
        file.hex("leaf", leaf.as_bytes())?;
        file.hex("hash", leaf.hash().as_bytes())?;
    }
    Ok(file.0)
}

fn checkpoints() -> Outcome<String> {
    let mut file = File::new(
        "Checkpoints: C2SP tlog-checkpoint in a signed note, here in hex because a note has several lines.\n\
         The tree of each size has as leaf number i the single byte i.",
    );
    let key = LogKey::from_seed("log.example/samrum", &counting::<32>(0xe0))?;
    for size in [0, 1, 2, 7, 100] {
        let mut frontier = Frontier::default();
        (0..size).for_each(|index: u8| drop(frontier.append(leaf_hash(&[index]))));
        let head = TreeHead {
            size: frontier.size(),
            root: frontier.root(),
        };
        file.case(&format!("size {size}"));
        file.hex("signing_seed", key.signing().expose_seed())?;
        file.plain("verifier_key_text", key.verifier())?;
        file.plain("size_number", size)?;
        file.hex("root", head.root.as_bytes())?;
        file.hex("note", sign_checkpoint(&key, head)?.as_bytes())?;
    }
    Ok(file.0)
}
