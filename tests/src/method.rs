//! The paths that acting statements are bound to, written out here as a second voice.

/// Sending.
pub const SEND: &str = "/samrum.exchange.v1.ExchangeService/SendDocument";
/// Fetching.
pub const FETCH: &str = "/samrum.exchange.v1.ExchangeService/FetchDocument";
/// Acknowledging.
pub const ACKNOWLEDGE: &str = "/samrum.exchange.v1.ExchangeService/AcknowledgeDocument";
/// Rejecting.
pub const REJECT: &str = "/samrum.exchange.v1.ExchangeService/RejectDocument";
/// Registering an individual.
pub const REGISTER: &str = "/samrum.individual.v1.IndividualService/RegisterIndividual";
/// Recording what was found of a child's maturity, or that a guardian is a risk.
pub const ASSESS: &str = "/samrum.individual.v1.IndividualService/RecordAssessment";
/// Recording that a guardian is hindered, or a circumstance.
pub const RECORD_CIRCUMSTANCE: &str = "/samrum.individual.v1.IndividualService/RecordCircumstance";
/// Attesting a fact.
pub const ATTEST: &str = "/samrum.individual.v1.IndividualService/AttestFact";
/// Asking for consent.
pub const REQUEST: &str = "/samrum.consent.v1.ConsentService/RequestConsent";
/// Recording a yes.
pub const RECORD: &str = "/samrum.consent.v1.ConsentService/RecordSignature";
/// Recording a no.
pub const DECLINE: &str = "/samrum.consent.v1.ConsentService/DeclineConsent";
/// Narrowing.
pub const NARROW: &str = "/samrum.consent.v1.ConsentService/NarrowConsent";
/// Accepting evidence.
pub const ACCEPT: &str = "/samrum.consent.v1.ConsentService/AcceptEvidence";
/// Revoking.
pub const REVOKE: &str = "/samrum.consent.v1.ConsentService/RevokeConsent";
/// Asking.
pub const CHECK: &str = "/samrum.decision.v1.DecisionService/Check";
