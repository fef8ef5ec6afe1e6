//! The same question put to Cedar: facts as entities, one policy per consent, both judged by a schema.
//!
//! Cedar's policies see one consent at a time. Whether several cover a document together is therefore asked
//! category by category; a single consent that covers it whole is found with one question. Nothing of the
//! rule is worked out before: direction, exclusions, signatures and periods are judged by Cedar.

use std::collections::{BTreeSet, HashMap, HashSet};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, Policy, PolicyId,
    PolicySet, Request, RestrictedExpression as Value, Schema, ValidationMode, Validator,
};
use jiff::Timestamp;
use samrum_consent::consent::{Consent, Evidence, State};
use samrum_consent::fact::{Custody, Unit};
use samrum_consent::law::Policy as HousePolicy;
use samrum_consent::vocabulary::{Category, Direction};

use crate::situation::Situation;

const SCHEMA: &str = include_str!("cedar.cedarschema");
const POLICY: &str = include_str!("consent.cedar");

/// What is the same for every situation.
pub(crate) struct Peer {
    schema: Schema,
    custody_max_age: String,
    authorizer: Authorizer,
}

/// A situation as Cedar takes it, ready to be decided.
pub(crate) struct Prepared {
    policies: PolicySet,
    entities: Entities,
    whole: Request,
    by_category: Vec<Request>,
}

/// What Cedar says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// No.
    Deny,
    /// Yes; for each question that was needed, the consents whose policies permit it.
    Permit(Vec<BTreeSet<String>>),
}

impl Peer {
    /// Cedar with the schema, under this policy on custody.
    pub(crate) fn new(policy: &HousePolicy) -> Self {
        let (schema, warnings) = Schema::from_cedarschema_str(SCHEMA).expect("a schema");
        assert_eq!(warnings.count(), 0, "Cedar warns of the schema");
        let max_age = policy.custody_max_age.as_micros();
        let peer = Self {
            schema,
            custody_max_age: max_age.to_string(),
            authorizer: Authorizer::new(),
        };
        let mut policies = PolicySet::new();
        policies.add(peer.policy("any")).expect("one policy");
        let judged = Validator::new(peer.schema.clone()).validate(&policies, ValidationMode::Strict);
        assert!(judged.validation_passed_without_warnings(), "{judged}");
        peer
    }

    /// Policies, entities and requests of a situation.
    pub(crate) fn prepare(&self, situation: &Situation) -> Prepared {
        let consents = &situation.child().consents;
        let policies = consents
            .iter()
            .map(|consent| self.policy(&consent.id.to_string()));
        let asked = categories(situation);
        let request = |categories: &BTreeSet<Category>| self.request(situation, categories);
        Prepared {
            policies: PolicySet::from_policies(policies).expect("consents have ids of their own"),
            entities: Entities::from_entities(entities(situation), Some(&self.schema))
                .expect("entities as the schema says"),
            whole: request(&asked),
            by_category: asked
                .iter()
                .map(|category| request(&[*category].into()))
                .collect(),
        }
    }

    /// Decides as a hub would: whole with one question, else category by category.
    pub(crate) fn permits(&self, prepared: &Prepared) -> bool {
        self.allows(&prepared.whole, prepared)
            || (prepared.by_category.len() > 1
                && prepared
                    .by_category
                    .iter()
                    .all(|request| self.allows(request, prepared)))
    }

    /// Asks every question, and which consents carry each.
    pub(crate) fn answer(&self, prepared: &Prepared) -> Answer {
        let mut carried = Vec::new();
        for request in &prepared.by_category {
            let response = self
                .authorizer
                .is_authorized(request, &prepared.policies, &prepared.entities);
            let errors: Vec<_> = response.diagnostics().errors().collect();
            assert!(errors.is_empty(), "Cedar could not judge: {errors:?}");
            if response.decision() == Decision::Deny {
                assert!(
                    !self.permits(prepared),
                    "Cedar permits the whole and denies a part"
                );
                return Answer::Deny;
            }
            carried.push(response.diagnostics().reason().map(ToString::to_string).collect());
        }
        assert!(
            self.permits(prepared),
            "Cedar permits every part and denies the whole"
        );
        Answer::Permit(carried)
    }

    fn allows(&self, request: &Request, prepared: &Prepared) -> bool {
        let response = self
            .authorizer
            .is_authorized(request, &prepared.policies, &prepared.entities);
        response.decision() == Decision::Allow
    }

    fn policy(&self, consent: &str) -> Policy {
        let text = POLICY
            .replace("\"CONSENT\"", &format!("\"{consent}\""))
            .replace("CUSTODY_MAX_AGE", &self.custody_max_age);
        Policy::parse(Some(PolicyId::new(consent)), text).expect("a policy")
    }

    fn request(&self, situation: &Situation, categories: &BTreeSet<Category>) -> Request {
        let asked = &situation.request;
        let acts = asked.kind.acts().expect("a kind that consent can carry");
        let mut context = vec![
            pair("recipient", reference("Unit", asked.recipients[0].unit)),
            pair("categories", words(categories)),
            pair("kind", word(asked.kind)),
            pair("acts", words(acts)),
            pair("purpose", word(asked.purpose)),
            pair("now", time(situation.now)),
        ];
        if let Some(document) = asked.document {
            context.push(pair("document", reference("Document", document)));
        }
        Request::new(
            uid("Unit", situation.facts.sender.id),
            uid("Action", "share"),
            uid("Child", situation.child().id),
            Context::from_pairs(context).expect("a context"),
            Some(&self.schema),
        )
        .expect("a request as the schema says")
    }
}

/// What it may be about: nothing named may be anything.
fn categories(situation: &Situation) -> BTreeSet<Category> {
    let named = &situation.request.categories;
    if named.is_empty() {
        Category::ALL.iter().copied().collect()
    } else {
        named.clone()
    }
}

fn entities(situation: &Situation) -> Vec<Entity> {
    let subject = situation.child();
    let mut child = vec![pair("person", reference("Person", subject.individual.person))];
    child.extend(subject.individual.custody.as_ref().map(custody));
    let units: HashMap<_, &Unit> = [&situation.facts.sender, &situation.facts.recipients[0]]
        .map(|unit| (unit.id, unit))
        .into();
    let mut entities = vec![entity("Child", subject.id, child)];
    entities.extend(units.into_values().map(|unit| {
        let authority = pair("authority", reference("Authority", unit.authority));
        entity("Unit", unit.id, vec![authority])
    }));
    entities.extend(subject.consents.iter().map(consent));
    entities
}

fn custody(custody: &Custody) -> (String, Value) {
    let [first, second] = custody.guardians[..] else {
        panic!("the situations have two guardians");
    };
    let record = Value::new_record([
        pair("checked_at", time(custody.checked_at)),
        pair("first", reference("Person", first)),
        pair("second", reference("Person", second)),
    ]);
    pair("custody", record.expect("a record"))
}

fn consent(consent: &Consent) -> Entity {
    let scope = &consent.scope;
    let (ended, has_been_active) = match consent.state {
        State::Requested => (false, false),
        State::Active { .. } => (false, true),
        State::Ended { was_active, .. } => (true, was_active),
    };
    let (mut signed, mut in_portal, mut before) = (Vec::new(), Vec::new(), Vec::new());
    for signatory in &consent.signatories {
        let (samrum_consent::consent::Signer::Person(person), Some(signature)) =
            (signatory.signer, &signatory.signature)
        else {
            continue;
        };
        let person = || reference("Person", person);
        signed.push(person());
        match signature.evidence {
            Evidence::Portal { .. } => in_portal.push(person()),
            Evidence::Paper { recorded_by, .. } | Evidence::Oral { recorded_by, .. } => {
                let record = [
                    pair("person", person()),
                    pair("unit", reference("Unit", recorded_by)),
                ];
                before.push(Value::new_record(record).expect("a record"));
            }
        }
    }
    let excluded = scope.exclusions();
    let attributes = vec![
        pair("about", reference("Person", consent.individual)),
        pair("requester", reference("Unit", consent.requester)),
        pair("has_been_active", Value::new_bool(has_been_active)),
        pair("ended", Value::new_bool(ended)),
        pair("sources", references("Unit", scope.sources())),
        pair("recipients", references("Unit", scope.recipients())),
        pair("circle", Value::new_bool(scope.direction() == Direction::Circle)),
        pair("categories", words(scope.categories())),
        pair("kinds", words(scope.kinds())),
        pair("purpose", word(scope.purpose())),
        pair("acts", words(scope.acts())),
        pair("from", time(scope.period().from)),
        pair("until", time(scope.period().until)),
        pair("excluded_categories", words(&excluded.categories)),
        pair("excluded_units", references("Unit", &excluded.units)),
        pair("excluded_documents", references("Document", &excluded.documents)),
        pair("signed", Value::new_set(signed)),
        pair("signed_in_portal", Value::new_set(in_portal)),
        pair("signed_before", Value::new_set(before)),
        pair("accepted_by", references("Authority", &consent.accepted_by)),
    ];
    entity("Consent", consent.id, attributes)
}

fn entity(kind: &str, id: impl ToString, attributes: Vec<(String, Value)>) -> Entity {
    let attributes = attributes.into_iter().collect();
    Entity::new(uid(kind, id), attributes, HashSet::new()).expect("an entity")
}

fn uid(kind: &str, id: impl ToString) -> EntityUid {
    let kind: EntityTypeName = kind.parse().expect("a type of the schema");
    EntityUid::from_type_name_and_id(kind, EntityId::new(id.to_string()))
}

fn reference(kind: &str, id: impl ToString) -> Value {
    Value::new_entity_uid(uid(kind, id))
}

fn references<'a, T: ToString + 'a>(kind: &str, ids: impl IntoIterator<Item = &'a T>) -> Value {
    Value::new_set(ids.into_iter().map(|id| reference(kind, id.to_string())))
}

fn word(word: impl ToString) -> Value {
    Value::new_string(word.to_string())
}

fn words<'a, T: ToString + 'a>(words: impl IntoIterator<Item = &'a T>) -> Value {
    Value::new_set(words.into_iter().map(|one| word(one.to_string())))
}

fn time(at: Timestamp) -> Value {
    Value::new_long(at.as_microsecond())
}

fn pair(name: &str, value: Value) -> (String, Value) {
    (name.to_owned(), value)
}
