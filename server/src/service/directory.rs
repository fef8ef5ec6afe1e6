//! Organisations, units and their keys.

mod compromised;

use std::collections::BTreeMap;

use samrum_consent::id::{OrganisationId, UnitId};
use samrum_proto::envelope::VerifyingKey;
use samrum_proto::statement::{KeyStatement, Signed};

use super::acting::key_statement;
use super::{Hub, Page, Recorded, Result, ServiceError};
use crate::ledger::{By, Concerned, Event};
use crate::store::{Authority, Change, Expect, KeyState, Organisation, UnitKey, UnitRecord, Write};

/// Authorities of one organisation at most.
pub const MAX_AUTHORITIES: usize = 50;

/// A page of units with the token of the next.
pub type Units = (Vec<UnitRecord>, Vec<u8>);

impl Hub {
    /// One unit.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub async fn unit(&self, id: UnitId) -> Result<UnitRecord> {
        self.store.unit(id).await?.ok_or(ServiceError::NotFound)
    }

    /// Units by name.
    ///
    /// # Errors
    /// A page size over the limit, a token of another list or caller.
    pub async fn units(&self, caller: &str, page: &Page) -> Result<Units> {
        let limit = page.limit()?;
        let list = format!("units:{caller}");
        let after = match self.page_key.open(&list, &page.token)? {
            Some(place) => {
                let id = UnitId::try_from(place.as_slice())
                    .map_err(|_| ServiceError::Internal("a page token without a place"))?;
                let last = self.store.unit(id).await?.ok_or(ServiceError::NotFound)?;
                Some((last.name, id))
            }
            None => None,
        };
        let units = self.store.units(after, limit).await?;
        let next = match units.last() {
            Some(last) if units.len() == limit as usize => {
                self.page_key
                    .seal(&list, last.unit.id.as_bytes(), &*self.randomness)?
            }
            _ => Vec::new(),
        };
        Ok((units, next))
    }

    /// Adds an organisation with its authorities. Repeating it repeats the answer.
    ///
    /// # Errors
    /// [`ServiceError::IdReused`] when the id stands for something else.
    pub async fn create_organisation(
        &self,
        operator: &str,
        organisation: Organisation,
        mut authorities: Vec<Authority>,
    ) -> Result<Recorded> {
        authorities.sort_by_key(|authority| authority.id);
        let named = BTreeMap::from([("organisation".to_owned(), organisation.id.to_string())]);
        let concerned = Concerned {
            organisations: vec![organisation.id],
            ..Concerned::default()
        };
        if let Some(known) = self.store.organisation(organisation.id).await? {
            let same = known == organisation && self.store.authorities(organisation.id).await? == authorities;
            return if same {
                self.again(By::Operator(operator.to_owned()), concerned, named)
                    .await
            } else {
                Err(ServiceError::IdReused)
            };
        }
        let now = self.store.now().await?;
        let write = Write::Organisation(organisation, authorities, now);
        self.operate(
            operator,
            Event::OrganisationCreated,
            named,
            concerned,
            vec![write],
        )
        .await
    }

    /// Adds a unit to an authority. Repeating it repeats the answer.
    ///
    /// # Errors
    /// [`ServiceError::IdReused`], or [`ServiceError::NotFound`] when the authority is not the organisation's.
    pub async fn create_unit(&self, operator: &str, record: UnitRecord) -> Result<Recorded> {
        let named = BTreeMap::from([("unit".to_owned(), record.unit.id.to_string())]);
        let concerned = Concerned {
            units: vec![record.unit.id],
            ..Concerned::default()
        };
        let authorities = self.store.authorities(record.unit.organisation).await?;
        let authority = authorities
            .into_iter()
            .find(|authority| authority.id == record.unit.authority);
        let authority = authority.ok_or(ServiceError::NotFound)?;
        let organisation = self.store.organisation(authority.organisation).await?;
        let organisation = organisation.ok_or(ServiceError::NotFound)?;
        if let Some(known) = self.store.unit(record.unit.id).await? {
            let same =
                known.unit == record.unit && known.name == record.name && known.hsa_id == record.hsa_id;
            return if same {
                self.again(By::Operator(operator.to_owned()), concerned, named)
                    .await
            } else {
                Err(ServiceError::IdReused)
            };
        }
        let record = UnitRecord {
            authority_name: authority.name,
            organisation_name: organisation.name,
            ..record
        };
        let now = self.store.now().await?;
        let write = Write::Unit(record, now);
        self.operate(operator, Event::UnitCreated, named, concerned, vec![write])
            .await
    }

    /// A unit's keys, newest first, and the organisation's public key that signed them.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`].
    pub async fn unit_keys(&self, unit: UnitId) -> Result<(Vec<UnitKey>, [u8; 32])> {
        let record = self.unit(unit).await?;
        let organisation = self.organisation_of(record.unit.organisation).await?;
        Ok((self.store.unit_keys(unit).await?, organisation.signing_key))
    }

    /// Puts a unit's new key in force. Repeating it repeats the answer.
    ///
    /// # Errors
    /// When the statement is malformed, about another unit, not signed by the organisation, or an old key.
    pub async fn rotate_unit_key(
        &self,
        unit: UnitId,
        statement: &[u8],
        signature: &[u8],
    ) -> Result<([u8; 32], Recorded)> {
        let record = self.unit(unit).await?;
        let organisation = self.organisation_of(record.unit.organisation).await?;
        let key = VerifyingKey::from_bytes(organisation.signing_key).map_err(|_| ServiceError::Damaged {
            what: "organisation key",
        })?;
        let invalid = |_| ServiceError::SignatureInvalid {
            what: "key statement",
        };
        let signed = Signed::<KeyStatement>::verify(statement, signature, &key).map_err(invalid)?;
        if signed.value().unit != unit {
            return Err(ServiceError::SenderMismatch);
        }
        let key_id = *signed.raw().key_id().as_bytes();
        let named = BTreeMap::from([
            ("unit".to_owned(), unit.to_string()),
            ("key".to_owned(), hex::encode(key_id)),
        ]);
        let by = By::Unit(unit.to_string());
        let concerned = Concerned {
            units: vec![unit],
            ..Concerned::default()
        };
        if let Some(known) = self.store.unit_key(key_id).await? {
            return match known.state {
                KeyState::Current => Ok((key_id, self.again(by, concerned, named).await?)),
                KeyState::DecryptOnly | KeyState::Compromised => Err(ServiceError::StateConflict(
                    "this key was replaced or compromised; generate a new one",
                )),
            };
        }
        self.refuse_older_key(unit, &signed).await?;
        let now = self.store.now().await?;
        let key = UnitKey {
            key_id,
            unit,
            state: KeyState::Current,
            statement: statement.to_vec(),
            signature: signature.to_vec(),
            recorded_at: now,
        };
        let mut details = self.details(Event::UnitKeyRotated, by, None, now)?;
        details.named = named;
        let change = Change {
            expects: vec![Expect::Unit(unit, record.revision)],
            writes: vec![Write::UnitKey(key)],
            entries: vec![self.entry(&details, concerned)?],
        };
        let (recorded, _) = self.commit(change).await?;
        Ok((key_id, recorded))
    }

    /// An older statement that the organisation once signed does not come back as the current one, nor after the
    /// current one was compromised.
    async fn refuse_older_key(&self, unit: UnitId, signed: &Signed<KeyStatement>) -> Result<()> {
        let keys = self.store.unit_keys(unit).await?;
        let known = keys.into_iter().filter(|key| key.state != KeyState::DecryptOnly);
        for key in known {
            if key_statement(key)?.value().valid_from_us > signed.value().valid_from_us {
                return Err(ServiceError::StateConflict(
                    "a key that is valid from a later time is known; generate a new one",
                ));
            }
        }
        Ok(())
    }

    /// An operator's change with its one entry.
    pub(super) async fn operate(
        &self,
        operator: &str,
        event: Event,
        named: BTreeMap<String, String>,
        concerned: Concerned,
        writes: Vec<Write>,
    ) -> Result<Recorded> {
        let now = self.store.now().await?;
        let mut details = self.details(event, By::Operator(operator.to_owned()), None, now)?;
        details.named = named;
        let change = Change {
            expects: Vec::new(),
            writes,
            entries: vec![self.entry(&details, concerned)?],
        };
        Ok(self.commit(change).await?.0)
    }

    /// The answer to a repeated change of the directory: nothing happened, and that is written down.
    async fn again(
        &self,
        by: By,
        concerned: Concerned,
        mut named: BTreeMap<String, String>,
    ) -> Result<Recorded> {
        let now = self.store.now().await?;
        named.insert("repeated".to_owned(), "true".to_owned());
        let mut details = self.details(Event::DirectoryRepeated, by, None, now)?;
        details.named = named;
        let change = Change {
            entries: vec![self.entry(&details, concerned)?],
            ..Change::default()
        };
        Ok(self.commit(change).await?.0)
    }

    async fn organisation_of(&self, id: OrganisationId) -> Result<Organisation> {
        self.store
            .organisation(id)
            .await?
            .ok_or(ServiceError::Damaged { what: "organisation" })
    }
}
