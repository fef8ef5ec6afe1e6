//! Consents out of arbitrary bytes: any scope that is one, in any state, signed by anybody.

use arbitrary::Result;
use samrum_consent::consent::{Consent, End, Evidence, Signatory, Signature, Signer, State};
use samrum_consent::id::{AuthorityId, DocumentId, PersonId};
use samrum_consent::scope::{Exclusions, Scope, ScopeParts};
use samrum_consent::vocabulary::{Act, Category, Direction, Kind};

use crate::input::Source;

/// A consent, mostly about this person; nothing when the bytes say what cannot be a scope.
pub(crate) fn consent(source: &mut Source<'_, '_>, about: PersonId) -> Result<Option<Consent>> {
    let Some(scope) = scope(source)? else {
        return Ok(None);
    };
    let stranger = source.identifier(PersonId::from_bytes)?;
    Ok(Some(Consent {
        id: source.consent_id(),
        individual: if source.bytes.ratio(9_u8, 10_u8)? {
            about
        } else {
            stranger
        },
        requester: source.unit_id()?,
        scope,
        state: state(source)?,
        signatories: signatories(source)?,
        accepted_by: source
            .list(|source| source.identifier(AuthorityId::from_bytes))?
            .into_iter()
            .collect(),
        requested_at: source.time()?,
        revision: source.bytes.int_in_range(0..=3)?,
    }))
}

fn scope(source: &mut Source<'_, '_>) -> Result<Option<Scope>> {
    let carried: Vec<Kind> = Kind::ALL
        .iter()
        .copied()
        .filter(|kind| kind.acts().is_some())
        .collect();
    let (senders, recipients) = (source.usual.senders.clone(), source.usual.recipients.clone());
    let parts = ScopeParts {
        sources: source.units(&senders)?,
        recipients: source.units(&recipients)?,
        direction: source.word(Direction::ALL)?,
        categories: source.words(Category::ALL)?,
        kinds: source.words(&carried)?,
        purpose: source.purpose()?,
        acts: source.words(Act::ALL)?,
        period: source.period()?,
        exclusions: exclusions(source)?,
    };
    Ok(Scope::parse(parts).ok())
}

fn exclusions(source: &mut Source<'_, '_>) -> Result<Exclusions> {
    if source.bytes.ratio(3_u8, 4_u8)? {
        return Ok(Exclusions::default());
    }
    Ok(Exclusions {
        categories: source.words(Category::ALL)?,
        units: source.list(Source::unit_id)?.into_iter().collect(),
        documents: source
            .list(|source| source.identifier(DocumentId::from_bytes))?
            .into_iter()
            .collect(),
    })
}

fn state(source: &mut Source<'_, '_>) -> Result<State> {
    Ok(match source.bytes.int_in_range(0_u8..=5)? {
        0 => State::Requested,
        1 => State::Ended {
            how: source.word(&[End::Declined, End::Revoked, End::Expired, End::Superseded])?,
            at: source.time()?,
            was_active: source.bytes.arbitrary()?,
        },
        _ => State::Active {
            since: source.time()?,
        },
    })
}

/// Anybody, the same twice even; now and then everybody there is, who have all signed.
fn signatories(source: &mut Source<'_, '_>) -> Result<Vec<Signatory>> {
    if source.bytes.ratio(1_u8, 2_u8)? {
        return (0..=5)
            .map(|number| {
                Ok(Signatory {
                    signer: Signer::Person(PersonId::from_bytes([number; 16])),
                    signature: Some(signature(source)?),
                })
            })
            .collect();
    }
    source.list(|source| {
        let signer = if source.bytes.ratio(3_u8, 4_u8)? {
            Signer::Person(source.identifier(PersonId::from_bytes)?)
        } else {
            Signer::Board(source.identifier(AuthorityId::from_bytes)?)
        };
        Ok(Signatory {
            signer,
            signature: source.perhaps(signature)?,
        })
    })
}

fn signature(source: &mut Source<'_, '_>) -> Result<Signature> {
    let evidence = match source.bytes.int_in_range(0_u8..=3)? {
        0 => Evidence::Paper {
            recorded_by: source.unit_id()?,
            scan_sha256: [0; 32],
        },
        1 => Evidence::Oral {
            recorded_by: source.unit_id()?,
            first_witness: String::new(),
            second_witness: String::new(),
        },
        _ => Evidence::Portal {
            statement_sha256: [0; 32],
            language: String::new(),
        },
    };
    Ok(Signature {
        evidence,
        at: source.time()?,
    })
}
