//! Who takes part: units with their keys, invented people, and the letters that units seal.
//!
//! Wrapping a key with X-Wing takes ten milliseconds here, and thousands of letters are sent: each unit's slips carry
//! one key that was wrapped for it once. Nobody opens a letter in the simulation; everything that the hub verifies,
//! header, body, lengths and signatures, is made for each letter as the envelope says.

use jiff::Timestamp;
use samrum_certs::world;
use samrum_consent::id::{AuthorityId, DocumentId, OrganisationId, PersonId, UnitId};
use samrum_consent::identity_number::IdentityNumber;
use samrum_consent::vocabulary::{Basis, Holder, Kind, Purpose, Sector};
use samrum_proto::canonical::{Label, Raw};
use samrum_proto::envelope::{
    Draft, Randomness, Recipient, SealedContent, Sealer, SealingKeyPair, SignedSlip, SigningKeyPair, Slip,
    Suite, seal,
};
use samrum_proto::statement::{ActingStatement, KeyId, KeyStatement, Signed};
use samrum_server::service::Acting;

use super::order::{Letter, Matter};
use crate::invented_number;

/// Version of what the sender signs.
const SIGNED_VERSION: u8 = 1;
/// The text of every letter.
const TEXT: &[u8] = b"Anteckning";

/// A unit with its keys.
pub(super) struct Unit {
    pub(super) id: UnitId,
    pub(super) name: &'static str,
    pub(super) authority: AuthorityId,
    pub(super) organisation: OrganisationId,
    pub(super) sector: Sector,
    pub(super) holder: Holder,
    pub(super) reception: bool,
    pub(super) signing: SigningKeyPair,
    pub(super) statement: Signed<KeyStatement>,
    wrapped_key: Vec<u8>,
}

/// An invented person.
pub(super) struct Person {
    pub(super) number: IdentityNumber,
    pub(super) name: String,
    pub(super) born: i16,
    /// As the hub knows them, once it does.
    pub(super) id: PersonId,
}

/// Everybody.
pub(super) struct Cast {
    pub(super) units: Vec<Unit>,
    /// Children first, then adults.
    pub(super) people: Vec<Person>,
    /// Keys of the organisations, in the order of `samrum_certs::world::ORGANISATIONS`.
    pub(super) organisations: Vec<SigningKeyPair>,
}

/// Years of birth of the children: two small ones, one about to be 12, two above, one about to be 18.
pub(super) const CHILDREN: [i16; 6] = [2017, 2018, 2014, 2012, 2009, 2008];
/// How many adults there are: guardians, and some who become guardians.
const ADULTS: u32 = 8;

impl Cast {
    /// The cast with keys of this randomness, keys valid from this moment.
    pub(super) fn gather(randomness: &dyn Randomness, from: Timestamp) -> Self {
        let organisations: Vec<SigningKeyPair> = world::ORGANISATIONS
            .iter()
            .map(|_| SigningKeyPair::generate(randomness).unwrap())
            .collect();
        let units = world::UNITS
            .iter()
            .map(|unit| {
                let place = world::ORGANISATIONS
                    .iter()
                    .position(|one| one.id == unit.authority.organisation.id);
                let organisation = &organisations[place.unwrap()];
                Unit::new(unit, organisation, randomness, from)
            })
            .collect();
        Self {
            units,
            people: people(),
            organisations,
        }
    }

    /// An empty stage.
    pub(super) const fn nobody() -> Self {
        Self {
            units: Vec::new(),
            people: Vec::new(),
            organisations: Vec::new(),
        }
    }

    /// The place of the unit with this id.
    pub(super) fn place_of(&self, unit: UnitId) -> Option<usize> {
        self.units.iter().position(|one| one.id == unit)
    }

    /// The place of the person with this id.
    pub(super) fn person_with(&self, id: PersonId) -> Option<usize> {
        self.people.iter().position(|one| one.id == id)
    }

    /// The place of the social services board's reception.
    pub(super) fn reception(&self) -> usize {
        self.units.iter().position(|unit| unit.reception).unwrap()
    }

    /// Seals a letter.
    pub(super) fn seal(
        &self,
        sender: usize,
        document: DocumentId,
        (matter, in_reply_to): (Matter, Option<DocumentId>),
        at: Timestamp,
        randomness: &dyn Randomness,
    ) -> Letter {
        let draft = Draft {
            document,
            sender: self.units[sender].id,
            kind: matter.kind,
            categories: matter.categories.clone(),
            subjects: matter.subjects.clone(),
            purpose: matter.purpose,
            created_at_us: at.as_microsecond(),
            in_reply_to,
        };
        let mut sealer = Sealer::start(draft, TEXT.len() as u64, randomness).unwrap();
        let mut body = Vec::new();
        sealer.push(TEXT, &mut body).unwrap();
        let content = sealer.finish(&mut body).unwrap();
        let slips = matter
            .recipients
            .iter()
            .map(|(recipient, basis)| self.slip(sender, &content, *recipient, basis.clone()))
            .collect();
        Letter {
            sender,
            document,
            matter,
            header_hash: content.header.hash(),
            header: content.header.into_parts().1,
            body,
            slips,
        }
    }

    fn slip(&self, sender: usize, content: &SealedContent, recipient: usize, basis: Basis) -> SignedSlip {
        let recipient = &self.units[recipient];
        let slip = Raw::new(Slip {
            recipient: recipient.id,
            key_id: recipient.statement.key_id(),
            suite: Suite::XWing,
            wrapped_key: recipient.wrapped_key.clone(),
            basis,
        })
        .unwrap();
        let length = content.header.value().body_length.sealed().to_be_bytes();
        let signed = [
            [SIGNED_VERSION].as_slice(),
            content.header.hash().as_bytes(),
            content.root.as_bytes(),
            &length,
            &slip.digest(),
        ]
        .concat();
        SignedSlip {
            signature: self.units[sender].signing.sign(Label::SLIP_SIGNATURE, &signed),
            bytes: slip.into_parts().1,
        }
    }
}

impl Unit {
    fn new(
        unit: &world::Unit,
        organisation: &SigningKeyPair,
        randomness: &dyn Randomness,
        from: Timestamp,
    ) -> Self {
        let signing = SigningKeyPair::generate(randomness).unwrap();
        let sealing = SealingKeyPair::generate(randomness).unwrap();
        let id = UnitId::from_bytes(unit.id);
        let statement = KeyStatement {
            unit: id,
            suite: Suite::XWing,
            sealing_public_key: sealing.public_key().clone(),
            signing_public_key: signing.verifying_key(),
            valid_from_us: from.as_microsecond(),
        };
        let statement = Signed::sign(statement, organisation).unwrap();
        let wrapped_key = wrapped(id, statement.key_id(), &sealing, &signing, randomness);
        Self {
            id,
            name: unit.name,
            authority: AuthorityId::from_bytes(unit.authority.id),
            organisation: OrganisationId::from_bytes(unit.authority.organisation.id),
            sector: sector(unit.sector),
            holder: holder(unit.holder),
            reception: unit.board_reception,
            signing,
            statement,
            wrapped_key,
        }
    }

    /// The acting professional's statement for one call.
    pub(super) fn acting(
        &self,
        user: &str,
        (method, request): (&'static str, [u8; 16]),
        at: Timestamp,
    ) -> Acting {
        let statement = ActingStatement {
            unit: self.id,
            user: user.to_owned(),
            role: "SOCIAL_SECRETARY".to_owned(),
            assurance_level: 3,
            method: method.to_owned(),
            request,
            issued_at_us: at.as_microsecond(),
        };
        let signed = Signed::sign(statement, &self.signing).unwrap();
        Acting {
            statement: signed.bytes().to_vec(),
            signature: signed.signature().as_bytes().to_vec(),
            method,
            request,
        }
    }
}

/// A key wrapped for this unit, as a real letter carries it.
fn wrapped(
    unit: UnitId,
    key_id: KeyId,
    sealing: &SealingKeyPair,
    signing: &SigningKeyPair,
    randomness: &dyn Randomness,
) -> Vec<u8> {
    let draft = Draft {
        document: DocumentId::from_bytes([0; 16]),
        sender: unit,
        kind: Kind::ConcernReport,
        categories: [samrum_consent::vocabulary::Category::HomeFamily].into(),
        subjects: [].into(),
        purpose: Purpose::AssessmentSupport,
        created_at_us: 0,
        in_reply_to: None,
    };
    let recipient = Recipient {
        unit,
        key_id,
        public_key: sealing.public_key().clone(),
        basis: Basis::Duty,
    };
    let (envelope, _) = seal(draft, TEXT, &[recipient], signing, randomness).unwrap();
    let slip: Raw<Slip> = Raw::parse(envelope.slips[0].bytes.as_slice()).unwrap();
    slip.into_parts().0.wrapped_key
}

fn people() -> Vec<Person> {
    let person = |born: i16, nth: u32, name: String| Person {
        number: invented_number(u32::try_from(born).unwrap(), nth)
            .parse()
            .unwrap(),
        name,
        born,
        id: PersonId::from_bytes([0; 16]),
    };
    let children = CHILDREN
        .iter()
        .map(|born| person(*born, 0, format!("Barn {born}")));
    let adults = (0..ADULTS).map(|nth| person(1985, nth, format!("Vuxen {nth}")));
    children.chain(adults).collect()
}

const fn sector(sector: world::Sector) -> Sector {
    match sector {
        world::Sector::HealthCare => Sector::HealthCare,
        world::Sector::SocialServices => Sector::SocialServices,
        world::Sector::School => Sector::School,
        world::Sector::PupilHealthOther => Sector::PupilHealthOther,
    }
}

const fn holder(holder: world::Holder) -> Holder {
    match holder {
        world::Holder::Public => Holder::Public,
        world::Holder::Private => Holder::Private,
    }
}
