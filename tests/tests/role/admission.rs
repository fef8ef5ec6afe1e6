//! Rows of consents and decisions.

use samrum_consent::vocabulary::{Category, Kind, Purpose};
use samrum_proto::wire::consent::v1 as wire;
use samrum_proto::wire::decision::v1 as decision;
use samrum_tests::Question;

use crate::Outcome::{self, Hidden, Passes};
use crate::{OTHER_ROLE, Row, row};

/// For parties to the consent alone.
const PARTIES: [Outcome; 4] = [Passes, Hidden, OTHER_ROLE, OTHER_ROLE];

pub(crate) fn consent_rows() -> Vec<Row> {
    vec![
        row!(
            "/samrum.consent.v1.ConsentService/RequestConsent",
            PARTIES,
            consents.request_consent,
            |asked| asked.party.requesting(
                &asked.id(asked.world.story.child.as_bytes()),
                asked.world.scope_of(asked.party),
            )
        ),
        row!(
            "/samrum.consent.v1.ConsentService/RecordSignature",
            PARTIES,
            consents.record_signature,
            |asked| asked.party.recording(&asked.id(&asked.world.to_sign), 1)
        ),
        row!(
            "/samrum.consent.v1.ConsentService/DeclineConsent",
            PARTIES,
            consents.decline_consent,
            |asked| asked.party.declining(&asked.id(&asked.world.to_decline), 1)
        ),
        row!(
            "/samrum.consent.v1.ConsentService/NarrowConsent",
            PARTIES,
            consents.narrow_consent,
            |asked| asked
                .party
                .narrowing(&asked.id(&asked.world.to_narrow), &[Category::HealthMental], None,)
        ),
        row!(
            "/samrum.consent.v1.ConsentService/RevokeConsent",
            PARTIES,
            consents.revoke_consent,
            |asked| asked.party.revoking(&asked.id(&asked.world.to_revoke))
        ),
        row!(
            "/samrum.consent.v1.ConsentService/AcceptEvidence",
            PARTIES,
            consents.accept_evidence,
            |asked| asked.party.accepting(&asked.id(&asked.world.active))
        ),
        row!(
            "/samrum.consent.v1.ConsentService/GetConsentReceipt",
            PARTIES,
            consents.get_consent_receipt,
            |asked| wire::GetConsentReceiptRequest {
                consent_id: asked.id(&asked.world.active),
                language: String::new(),
            }
        ),
        row!(
            "/samrum.consent.v1.ConsentService/GetConsent",
            PARTIES,
            consents.get_consent,
            |asked| wire::GetConsentRequest {
                consent_id: asked.id(&asked.world.active),
            }
        ),
        row!(
            "/samrum.consent.v1.ConsentService/ListConsents",
            PARTIES,
            consents.list_consents,
            |asked| wire::ListConsentsRequest {
                individual_id: asked.id(asked.world.story.child.as_bytes()),
                ..wire::ListConsentsRequest::default()
            }
        ),
    ]
}

pub(crate) fn decision_rows() -> Vec<Row> {
    vec![
        // Always answers; what it answers to whom is the business of the decision's own tests.
        row!(
            "/samrum.decision.v1.DecisionService/Check",
            [Passes, Passes, OTHER_ROLE, OTHER_ROLE],
            decisions.check,
            |asked| asked.party.checking(&Question {
                subjects: &[asked.world.story.child],
                to: &[&asked.world.story.psychiatry],
                categories: &[Category::SchoolSituation],
                kind: Kind::Note,
                purpose: Purpose::Sip,
            })
        ),
        row!(
            "/samrum.decision.v1.DecisionService/Explain",
            PARTIES,
            decisions.explain,
            |asked| decision::ExplainRequest {
                decision_id: asked.id(&asked.world.decision),
            }
        ),
        // What the law says and the hub lets through is no secret.
        row!(
            "/samrum.decision.v1.DecisionService/ListProvisions",
            [Passes; 4],
            decisions.list_provisions,
            |asked| decision::ListProvisionsRequest {}
        ),
        row!(
            "/samrum.decision.v1.DecisionService/SetProvision",
            [OTHER_ROLE, OTHER_ROLE, OTHER_ROLE, Passes],
            decisions.set_provision,
            |asked| decision::SetProvisionRequest {
                request_id: samrum_tests::new_id(),
                provision_id: "OSL-25-12".to_owned(),
                on: false,
                reason: "Beslut i nämnden".to_owned(),
            }
        ),
    ]
}
