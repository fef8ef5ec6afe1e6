//! What the table asks about: a child with consents in every state that a row needs, documents on their way
//! in both directions, a decision, and entries that have their place in the log.

use samrum_consent::id::IndividualId;
use samrum_consent::vocabulary::{Category, Kind, Purpose};
use samrum_proto::wire::consent::v1::Scope;
use samrum_proto::wire::directory::v1::{ListUnitKeysRequest, UnitKey};
use samrum_proto::wire::individual::v1::record_circumstance_request::Circumstance;
use samrum_tests::{CHILD, Letter, Party, Question, Story, receipt};

use crate::directory::measures;

/// Everything that can be asked about. "Inside" is social services throughout.
pub(crate) struct Fixture {
    /// The world.
    pub(crate) story: Story,
    /// A consent in force.
    pub(crate) active: Vec<u8>,
    /// Consents in force, to be narrowed and revoked.
    pub(crate) to_narrow: Vec<u8>,
    pub(crate) to_revoke: Vec<u8>,
    /// Consents that nobody has answered, to be signed and declined.
    pub(crate) to_sign: Vec<u8>,
    pub(crate) to_decline: Vec<u8>,
    /// A decision made for social services.
    pub(crate) decision: Vec<u8>,
    /// A fact that social services recorded.
    pub(crate) fact: Vec<u8>,
    /// A document that social services sent.
    pub(crate) document: Vec<u8>,
    /// Deliveries to social services: one waiting, and two that it has fetched, with their headers.
    pub(crate) waiting: Vec<u8>,
    pub(crate) to_acknowledge: (Vec<u8>, Vec<u8>),
    pub(crate) to_reject: (Vec<u8>, Vec<u8>),
    /// Social services' current key.
    pub(crate) key: UnitKey,
    /// A former one.
    pub(crate) replaced: UnitKey,
}

impl Fixture {
    pub(crate) async fn prepare() -> Self {
        let (mut story, active) = Story::with_consent().await;
        let municipality = story.organisation_key("exempelby");
        let replaced = story.social.keys_as_seen_by(&story.social).await.remove(0);
        story.social.renew_key(&municipality).await;
        let (social, child) = (&story.social, story.child);
        let to_narrow = story.consent_of(social, &child).await;
        let to_revoke = story.consent_of(social, &child).await;
        let to_sign = story.request().await;
        let to_decline = story.request().await;

        let question = Question {
            subjects: &[child],
            to: &[&story.psychiatry],
            categories: &[Category::SchoolSituation],
            kind: Kind::Note,
            purpose: Purpose::Sip,
        };
        let checked = social.decisions().check(social.checking(&question)).await;
        let decision = checked.unwrap().into_inner().decision_id;
        receipt(social, &decision).await.unwrap();

        let finding = social.finding(child.as_bytes(), Circumstance::Situation(measures()));
        let found = social.individuals().record_circumstance(finding).await;
        let fact = found.unwrap().into_inner().fact_id;

        let document = samrum_tests::new_id();
        let to = [&story.psychiatry];
        let note = Letter::note(&child, &to);
        let envelope = social.seal_as(document.clone(), &note).await;
        let sending = social.sending(&document, envelope);
        social.exchange().send_document(sending).await.unwrap();

        // Child psychiatry has its own case and its own paper, so that it may send.
        let psychiatry = &story.psychiatry;
        let theirs = story.register(psychiatry, CHILD).await;
        story.consent_of(psychiatry, &theirs).await;
        let waiting = delivered(psychiatry, social, &theirs).await;
        let to_acknowledge = fetched(psychiatry, social, &theirs).await;
        let to_reject = fetched(psychiatry, social, &theirs).await;

        let request = ListUnitKeysRequest {
            unit_id: social.bytes(),
        };
        let keys = social.directory().list_unit_keys(request).await;
        let key = keys.unwrap().into_inner().keys.remove(0);
        Self {
            active,
            to_narrow,
            to_revoke,
            to_sign,
            to_decline,
            decision,
            fact,
            document,
            waiting,
            to_acknowledge,
            to_reject,
            key,
            replaced,
            story,
        }
    }

    /// A scope in which this unit shares with child psychiatry.
    pub(crate) fn scope_of(&self, party: &Party) -> Scope {
        let mut scope = self.story.scope();
        if party.unit.is_some_and(|unit| unit != self.story.social.id()) {
            scope.source_unit_ids.push(party.bytes());
            scope.recipient_unit_ids.push(party.bytes());
        }
        scope
    }
}

async fn delivered(from: &Party, to: &Party, child: &IndividualId) -> Vec<u8> {
    let sent = from.send(&Letter::note(child, &[to])).await.unwrap();
    sent.deliveries[0].delivery_id.clone()
}

async fn fetched(from: &Party, to: &Party, child: &IndividualId) -> (Vec<u8>, Vec<u8>) {
    let delivery = delivered(from, to, child).await;
    let header = to.fetch(&delivery).await.unwrap().header;
    (delivery, header)
}
