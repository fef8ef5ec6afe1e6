//! One request at the hub: the services that gRPC and the pages call, called as they call them.

use std::sync::Arc;

use samrum_consent::consent::Evidence;
use samrum_consent::decide::{Named, Recipient, Request};
use samrum_consent::fact::Assessment;
use samrum_consent::id::RequestId;
use samrum_consent::scope::Period;
use samrum_consent::vocabulary::CustodySource;
use samrum_proto::ledger::LogKey;
use samrum_proto::statement::{Answer as Said, DeliveryAnswer, Signed};
use samrum_server::ledger::sequencer;
use samrum_server::service::consent::{ConsentRequest, ConsentView, Recording};
use samrum_server::service::exchange::{Sending, Settling};
use samrum_server::service::fact::{Found, NewFact};
use samrum_server::service::individual::{CustodyReading, NamedPerson};
use samrum_server::service::provision::Switch;
use samrum_server::service::{Acting, Hub, Idempotency, Recorded, ServiceError, anew};
use samrum_server::store::{DeliveryState, Store};

use super::cast::{Cast, Person};
use super::order::{Answer, Done, Failure, Finding, Made, Matter, Order};
use super::world::EPOCH;
use crate::method;

/// Who operates the directory, the register and the switches.
pub(super) const OPERATOR: &str = "drift";
/// Who acts for a unit.
const FIRST: &str = "anna.k";
/// Who stands beside them.
const SECOND: &str = "bo.l";
/// Of everything that is recorded with a reason.
const REASON: &str = "bedömt vid besök";

type Result<T> = core::result::Result<T, ServiceError>;

/// A hub with what it was made of.
pub(super) struct Scene {
    pub(super) hub: Hub,
    pub(super) store: Arc<dyn Store>,
    pub(super) log: Arc<LogKey>,
    pub(super) cast: Arc<Cast>,
}

/// One attempt: the request and when its acting statement was signed.
#[derive(Clone)]
pub(super) struct Attempt {
    pub(super) order: Arc<Order>,
    pub(super) request: RequestId,
    pub(super) signed_at: jiff::Timestamp,
}

impl Scene {
    /// Does what is asked.
    pub(super) async fn perform(&self, attempt: &Attempt) -> Answer {
        match self.attempt(attempt).await {
            Ok(answer) => answer,
            Err(error) => refused(&error),
        }
    }

    async fn attempt(&self, attempt: &Attempt) -> Result<Answer> {
        match &*attempt.order {
            Order::Ask { .. }
            | Order::Yes { .. }
            | Order::No { .. }
            | Order::Revoke { .. }
            | Order::Narrow { .. }
            | Order::Accept { .. } => self.consent(attempt).await,
            Order::PortalYes { .. } | Order::PortalNo { .. } | Order::PortalBack { .. } => {
                self.portal(attempt).await
            }
            Order::Register { .. }
            | Order::Custody { .. }
            | Order::Find { .. }
            | Order::Attest { .. }
            | Order::Switch { .. } => self.fact(attempt).await,
            Order::Check { .. }
            | Order::Send(_)
            | Order::Fetch { .. }
            | Order::Settle { .. }
            | Order::Inbox { .. }
            | Order::Follow { .. } => self.exchange(attempt).await,
            Order::Expire => Ok(Answer::Swept(self.hub.expire().await?)),
            Order::Alarm => Ok(Answer::Swept(self.hub.alarm().await?)),
            Order::Withhold => Ok(Answer::Swept(self.hub.withhold_ended().await?)),
            Order::Sequence => Ok(match sequencer::extend(&*self.store, &self.log, EPOCH).await {
                Ok(count) => Answer::Swept(count),
                Err(sequencer::SequenceError::Store(error)) => refused(&error.into()),
                Err(error) => Answer::Failed(Failure::Other(error.to_string())),
            }),
        }
    }

    fn key(&self, attempt: &Attempt) -> Idempotency {
        Idempotency {
            id: attempt.request,
            digest: self.hub.request_digest(attempt.order.content().as_bytes()),
        }
    }

    fn acting(&self, attempt: &Attempt, unit: usize, method: &'static str) -> Acting {
        let call = (method, *attempt.request.as_bytes());
        self.cast.units[unit].acting(FIRST, call, attempt.signed_at)
    }

    async fn consent(&self, attempt: &Attempt) -> Result<Answer> {
        let (hub, cast, key) = (&self.hub, &self.cast, self.key(attempt));
        let (view, recorded) = match &*attempt.order {
            Order::Ask {
                unit,
                case,
                scope,
                supersedes,
            } => {
                let acting = self.acting(attempt, *unit, method::REQUEST);
                let asking = ConsentRequest {
                    individual: *case,
                    scope: scope.clone(),
                    supersedes: *supersedes,
                };
                let unit = cast.units[*unit].id;
                anew(|| hub.request_consent(unit, key, asking.clone(), &acting)).await?
            }
            Order::Yes {
                unit,
                consent,
                signatory,
            } => {
                let acting = self.acting(attempt, *unit, method::RECORD);
                let unit = cast.units[*unit].id;
                let yes = Recording::Yes(Evidence::Paper {
                    recorded_by: unit,
                    scan_sha256: [7; 32],
                });
                anew(|| hub.record_answer(unit, key, (*consent, *signatory), yes.clone(), &acting)).await?
            }
            Order::No {
                unit,
                consent,
                signatory,
            } => {
                let acting = self.acting(attempt, *unit, method::DECLINE);
                let unit = cast.units[*unit].id;
                anew(|| hub.record_answer(unit, key, (*consent, *signatory), Recording::No, &acting)).await?
            }
            Order::Revoke { unit, consent } => {
                let acting = self.acting(attempt, *unit, method::REVOKE);
                let unit = cast.units[*unit].id;
                anew(|| hub.revoke_consent(unit, key, *consent, &acting)).await?
            }
            Order::Narrow {
                unit,
                consent,
                more,
                until,
            } => {
                let acting = self.acting(attempt, *unit, method::NARROW);
                let unit = cast.units[*unit].id;
                anew(|| hub.narrow_consent(unit, key, (*consent, more.clone(), *until), &acting)).await?
            }
            Order::Accept { unit, consent } => {
                let acting = self.acting(attempt, *unit, method::ACCEPT);
                let unit = cast.units[*unit].id;
                anew(|| hub.accept_evidence(unit, key, *consent, &acting)).await?
            }
            _ => return Err(ServiceError::Internal("no step of a consent")),
        };
        Ok(done(&recorded, consent_of(view)))
    }

    async fn portal(&self, attempt: &Attempt) -> Result<Answer> {
        let hub = &self.hub;
        let answered = match &*attempt.order {
            Order::PortalYes { person, consent } => {
                let person = self.cast.people[*person].id;
                anew(async || {
                    let asked = hub.asked_one(person, *consent).await?;
                    hub.sign_in_portal(&asked, ("Jag samtycker", "sv")).await
                })
                .await?
            }
            Order::PortalNo { person, consent } => {
                hub.decline_in_portal(self.cast.people[*person].id, *consent)
                    .await?
            }
            Order::PortalBack { person, consent } => {
                hub.revoke_in_portal(self.cast.people[*person].id, *consent)
                    .await?
            }
            _ => return Err(ServiceError::Internal("nothing that the portal does")),
        };
        Ok(done(&answered.recorded, Made::Nothing))
    }

    async fn fact(&self, attempt: &Attempt) -> Result<Answer> {
        let (hub, cast, key) = (&self.hub, &self.cast, self.key(attempt));
        match &*attempt.order {
            Order::Register { unit, person } => {
                let acting = self.acting(attempt, *unit, method::REGISTER);
                let (unit, named) = (cast.units[*unit].id, named(&cast.people[*person]));
                let (case, recorded) = anew(|| hub.register_individual(unit, key, &named, &acting)).await?;
                Ok(done(&recorded, Made::Case(case)))
            }
            Order::Custody {
                child,
                guardians,
                checked_at,
            } => {
                let reading = CustodyReading {
                    child: named(&cast.people[*child]),
                    guardians: guardians
                        .iter()
                        .map(|place| named(&cast.people[*place]))
                        .collect(),
                    source: CustodySource::PopulationRegister,
                    checked_at: *checked_at,
                    representatives: Vec::new(),
                    care_order: None,
                };
                let recorded = anew(|| hub.set_representation(OPERATOR, key, &reading)).await?;
                Ok(done(&recorded, Made::Nothing))
            }
            Order::Find { unit, case, finding } => {
                let method = match finding {
                    Finding::Maturity { .. } | Finding::Risk { .. } => method::ASSESS,
                    Finding::Hindrance { .. } => method::RECORD_CIRCUMSTANCE,
                };
                let acting = self.acting(attempt, *unit, method);
                let new = NewFact {
                    found: found(cast, finding),
                    reason: REASON.to_owned(),
                };
                let unit = cast.units[*unit].id;
                let (fact, recorded) = anew(|| hub.record_fact(unit, key, (*case, &new), &acting)).await?;
                Ok(done(&recorded, Made::Fact(fact)))
            }
            Order::Attest { unit, fact } => {
                let call = (method::ATTEST, *attempt.request.as_bytes());
                let acting = cast.units[*unit].acting(SECOND, call, attempt.signed_at);
                let unit = cast.units[*unit].id;
                let recorded = anew(|| hub.attest_fact(unit, key, *fact, &acting)).await?;
                Ok(done(&recorded, Made::Nothing))
            }
            Order::Switch { provision, on } => {
                let switch = Switch {
                    provision: (*provision).to_owned(),
                    on: *on,
                    reason: REASON.to_owned(),
                };
                let recorded = anew(|| hub.set_provision(OPERATOR, key, &switch)).await?;
                Ok(done(&recorded, Made::Nothing))
            }
            _ => Err(ServiceError::Internal("nothing that is recorded")),
        }
    }

    async fn exchange(&self, attempt: &Attempt) -> Result<Answer> {
        let (hub, cast) = (&self.hub, &self.cast);
        match &*attempt.order {
            Order::Check { unit, matter } => {
                let acting = self.acting(attempt, *unit, method::CHECK);
                let (unit, request) = (cast.units[*unit].id, question(cast, matter));
                let key = self.key(attempt);
                let explained = anew(|| hub.check(unit, key, &request, &acting)).await?;
                Ok(done(
                    &explained.recorded,
                    Made::Verdicts(explained.details.verdicts),
                ))
            }
            Order::Send(letter) => {
                let sender = &cast.units[letter.sender];
                let call = (method::SEND, *letter.document.as_bytes());
                let acting = sender.acting(FIRST, call, attempt.signed_at);
                let sending = Sending {
                    header: letter.header.clone(),
                    body: letter.body.clone(),
                    slips: letter.slips.clone(),
                };
                let sent = anew(|| hub.send(sender.id, &sending, &acting)).await?;
                Ok(done(&sent.recorded, Made::Deliveries(sent.deliveries)))
            }
            Order::Fetch { unit, delivery } => {
                let call = (method::FETCH, *delivery.as_bytes());
                let acting = cast.units[*unit].acting(FIRST, call, attempt.signed_at);
                let unit = cast.units[*unit].id;
                let fetched = anew(|| hub.fetch(unit, *delivery, &acting)).await?;
                let header = samrum_proto::canonical::Raw::<samrum_proto::envelope::Header>::parse(
                    fetched.copy.header.as_slice(),
                );
                let header = header.map_err(|_| ServiceError::Internal("a header that cannot be read"))?;
                let copy = Made::Copy {
                    sender: fetched.copy.sender,
                    document: header.value().document,
                    header_hash: header.hash(),
                };
                Ok(done(&fetched.recorded, copy))
            }
            Order::Settle { .. } => self.settle(attempt).await,
            Order::Inbox { unit, after } => {
                let cursor = if *after == 0 {
                    Vec::new()
                } else {
                    Hub::cursor(*after)
                };
                Ok(Answer::Events(hub.inbox(cast.units[*unit].id, &cursor).await?))
            }
            Order::Follow { unit, document } => {
                let states = hub.deliveries(cast.units[*unit].id, *document).await?;
                Ok(Answer::States(states))
            }
            _ => Err(ServiceError::Internal("nothing of the exchange")),
        }
    }

    async fn settle(&self, attempt: &Attempt) -> Result<Answer> {
        let Order::Settle {
            unit,
            delivery,
            document,
            header_hash,
            accepts,
            at,
        } = &*attempt.order
        else {
            return Err(ServiceError::Internal("no answer to a delivery"));
        };
        let recipient = &self.cast.units[*unit];
        let (method, wanted, answer) = if *accepts {
            (
                method::ACKNOWLEDGE,
                DeliveryState::Acknowledged,
                Said::Acknowledged,
            )
        } else {
            let reason = "fel mottagare".to_owned();
            (method::REJECT, DeliveryState::Rejected, Said::Rejected { reason })
        };
        let said = DeliveryAnswer {
            delivery: *delivery,
            document: *document,
            recipient: recipient.id,
            answer,
            at_us: at.as_microsecond(),
            header_hash: *header_hash,
        };
        let signed = Signed::sign(said, &recipient.signing)
            .map_err(|_| ServiceError::Internal("an answer that cannot be signed"))?;
        let settling = Settling {
            delivery: *delivery,
            answer: signed.bytes().to_vec(),
            signature: signed.signature().as_bytes().to_vec(),
        };
        let acting = recipient.acting(FIRST, (method, *delivery.as_bytes()), attempt.signed_at);
        let recorded = anew(|| self.hub.settle(recipient.id, &settling, wanted, &acting)).await?;
        Ok(done(&recorded, Made::Nothing))
    }
}

/// The question that a matter asks.
fn question(cast: &Cast, matter: &Matter) -> Request {
    let recipient = |(place, basis): &(usize, samrum_consent::vocabulary::Basis)| Recipient {
        unit: cast.units[*place].id,
        basis: Named::Now(basis.clone()),
    };
    Request {
        document: None,
        subjects: matter.subjects.clone(),
        categories: matter.categories.clone(),
        kind: matter.kind,
        purpose: matter.purpose,
        recipients: matter.recipients.iter().map(recipient).collect(),
    }
}

fn found(cast: &Cast, finding: &Finding) -> Found {
    match finding {
        Finding::Maturity {
            maturity,
            from,
            until,
        } => Found::Maturity(Assessment {
            maturity: *maturity,
            matter: samrum_consent::vocabulary::Purpose::Sip,
            period: Period {
                from: *from,
                until: *until,
            },
        }),
        Finding::Risk {
            guardian,
            categories,
            review,
        } => Found::Risk {
            guardian: named(&cast.people[*guardian]),
            categories: categories.clone(),
            review: *review,
        },
        Finding::Hindrance { guardian, until } => Found::Hindrance {
            guardian: named(&cast.people[*guardian]),
            cannot_wait: true,
            decisive: false,
            until: *until,
        },
    }
}

fn named(person: &Person) -> NamedPerson {
    NamedPerson {
        number: person.number.clone(),
        name: person.name.clone(),
    }
}

fn consent_of(view: ConsentView) -> Made {
    Made::Consent(Box::new(view.record))
}

fn done(recorded: &Recorded, made: Made) -> Answer {
    let ticket = (
        recorded.ticket.bytes().to_vec(),
        recorded.ticket.signature().as_bytes().to_vec(),
    );
    Answer::Done(Box::new(Done {
        entry: recorded.entry,
        ticket,
        made,
    }))
}

/// What an error says to whoever asked, sorted by what they do about it.
fn refused(error: &ServiceError) -> Answer {
    Answer::Failed(match error {
        ServiceError::Refused { decision, reason } => {
            return Answer::Refused {
                entry: *decision,
                code: reason.code(),
            };
        }
        ServiceError::NotFound => Failure::NotFound,
        ServiceError::IdReused => Failure::IdReused,
        ServiceError::ActingInvalid { .. } => Failure::Later("acting statement too old"),
        ServiceError::LostRace => Failure::Later("lost race"),
        ServiceError::Busy => Failure::Later("busy"),
        ServiceError::Unavailable(_) => Failure::Later("unavailable"),
        ServiceError::StateConflict(_)
        | ServiceError::Transition(_)
        | ServiceError::InvalidField(_)
        | ServiceError::LimitExceeded { .. } => Failure::Conflict(error.to_string()),
        other => Failure::Other(other.to_string()),
    })
}
