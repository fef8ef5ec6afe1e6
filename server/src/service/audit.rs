//! Afterwards: an organisation's auditor sees its units' disclosures and denials. The search comes first
//! into the ledger, then the answer to the auditor. Never content.

use jiff::Timestamp;
use samrum_consent::id::{EntryId, OrganisationId};
use samrum_consent::identity_number::IdentityNumber;
use samrum_proto::convert::Problem;

use super::{Hub, Idempotency, Page, Recorded, Result, ServiceError};
use crate::ledger::{By, Concerned, Details, Event, Search};
use crate::store::{Change, Entry};

/// What an auditor looks for.
pub struct AuditQuery {
    /// Whom the rows are about.
    pub number: IdentityNumber,
    /// From, inclusive.
    pub from: Timestamp,
    /// Until, exclusive.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
    /// The auditor's own user id.
    pub user: String,
    /// Which page.
    pub page: Page,
}

/// Rows with the token of the next page and the search's own entry.
#[derive(Debug)]
pub struct AuditAnswer {
    /// Entries with what they say, oldest first.
    pub rows: Vec<(EntryId, Details)>,
    /// Where the list goes on.
    pub next: Vec<u8>,
    /// The search, written down.
    pub recorded: Recorded,
}

impl Hub {
    /// Searches. An unknown person gives no row but the search itself, as a known one does whom none of the
    /// organisation's disclosures is about.
    ///
    /// # Errors
    /// A period that ends before it begins; a page size or token that does not fit.
    pub async fn search_disclosures(
        &self,
        organisation: OrganisationId,
        key: Idempotency,
        query: AuditQuery,
    ) -> Result<AuditAnswer> {
        if query.until <= query.from {
            return Err(Problem::Other("must be after from").of("until").into());
        }
        let limit = query.page.limit()?;
        let list = format!("audit:{organisation}:{}:{}", hex::encode(key.digest), query.user);
        let after = self.page_key.open(&list, &query.page.token)?;
        let after = after
            .and_then(|place| place.try_into().ok())
            .map_or(0, i64::from_be_bytes);
        let person = self
            .store
            .person_by_number(&query.number)
            .await?
            .map(|person| person.id);
        let search = Search {
            reason: query.reason,
            from: Some(query.from),
            until: Some(query.until),
            entry: None,
        };
        let people = person.into_iter().collect();
        let (recorded, search) = self
            .record_search(organisation, query.user, search, people)
            .await?;
        let entries = match person {
            Some(person) => {
                let period = (query.from, query.until);
                self.store
                    .entries_about(person, organisation, period, after, limit)
                    .await?
            }
            None => Vec::new(),
        };
        let next = match entries.last() {
            Some(last) if entries.len() == limit as usize => {
                self.page_key
                    .seal(&list, &last.arrival.to_be_bytes(), &*self.randomness)?
            }
            _ => Vec::new(),
        };
        let mut rows: Vec<_> = entries.iter().map(read).collect::<Result<_>>()?;
        // The list ends with the search itself, alike for people the hub knows and for those it does not. Were
        // searches found by whom they are about, a second one would tell the two apart.
        if next.is_empty() && (query.from..query.until).contains(&search.at) {
            rows.push((recorded.entry, search));
        }
        Ok(AuditAnswer { rows, next, recorded })
    }

    /// One row. An entry too.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`], alike for unknown and other organisations' entries.
    pub async fn disclosure(
        &self,
        organisation: OrganisationId,
        id: EntryId,
        (user, reason): (String, String),
    ) -> Result<(Details, Recorded)> {
        let search = Search {
            reason,
            from: None,
            until: None,
            entry: Some(id.to_string()),
        };
        let (recorded, _) = self.record_search(organisation, user, search, Vec::new()).await?;
        let may = self.store.entry_within(id, organisation).await?;
        let entry = self
            .store
            .entry(id)
            .await?
            .filter(|_| may)
            .ok_or(ServiceError::NotFound)?;
        Ok((read(&entry)?.1, recorded))
    }

    async fn record_search(
        &self,
        organisation: OrganisationId,
        user: String,
        search: Search,
        people: Vec<samrum_consent::id::PersonId>,
    ) -> Result<(Recorded, Details)> {
        let now = self.store.now().await?;
        let by = By::Auditor {
            organisation: organisation.to_string(),
            user,
        };
        let mut details = self.details(Event::AuditSearch, by, None, now)?;
        details.search = Some(search);
        let organisations = vec![organisation];
        let entry = self.entry(
            &details,
            Concerned {
                organisations,
                people,
                ..Concerned::default()
            },
        )?;
        let change = Change {
            entries: vec![entry],
            ..Change::default()
        };
        Ok((self.commit(change).await?.0, details))
    }
}

fn read(entry: &Entry) -> Result<(EntryId, Details)> {
    let details = serde_json::from_slice(&entry.details);
    Ok((
        entry.id,
        details.map_err(|_| ServiceError::Damaged { what: "ledger entry" })?,
    ))
}
