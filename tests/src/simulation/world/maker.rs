//! Making the world: everything is asked of the hub, one thing after the other.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use samrum_consent::consent::Signer;
use samrum_consent::id::{ConsentId, DocumentId, IndividualId, RequestId};
use samrum_consent::scope::{Exclusions, Period, Scope, ScopeParts};
use samrum_consent::vocabulary::{Act, Basis, Category, Direction, Kind, Maturity, Purpose};
use samrum_server::store::{Clock as _, ConsentRecord};

use super::{CLINIC, Case, PSYCHIATRY, PUPIL_HEALTH, SCHOOL, SOCIAL};
use crate::simulation::cast::{CHILDREN, Cast};
use crate::simulation::chance::{Chance, SeededRandomness};
use crate::simulation::clock::VirtualClock;
use crate::simulation::history::{Moment, Record, Tried};
use crate::simulation::order::{Answer, Finding, Made, Matter, Order};
use crate::simulation::perform::{Attempt, Scene};
use crate::simulation::stepped::Seen;

/// Makes the world by asking the hub for it, one thing after the other.
pub(super) struct Maker {
    pub(super) scene: Scene,
    pub(super) clock: Arc<VirtualClock>,
    pub(super) seen: Arc<Mutex<Seen>>,
    pub(super) chance: Chance,
    pub(super) randomness: Arc<SeededRandomness>,
    pub(super) records: Vec<Record>,
    pub(super) cases: Vec<Case>,
    pub(super) consents: Vec<ConsentRecord>,
}

impl Maker {
    /// Asks; what is asked here is done.
    pub(super) async fn order(&mut self, order: Order) -> Made {
        self.clock.advance(SignedDuration::from_secs(1));
        let attempt = Attempt {
            order: Arc::new(order),
            request: RequestId::from_bytes(self.chance.bytes()),
            signed_at: self.clock.now(),
        };
        let began = self.moment();
        let answer = self.scene.perform(&attempt).await;
        let ended = self.moment();
        let made = match &answer {
            Answer::Done(done) => done.made.clone(),
            Answer::Swept(_) => Made::Nothing,
            other => panic!("the world cannot be made: {}: {other:?}", attempt.order.content()),
        };
        self.records.push(Record {
            tried: vec![Tried {
                began,
                ended: Some((ended, answer.clone())),
                heard: Some(ended),
            }],
            heard: Some(answer),
            ..Record::new(attempt.order, attempt.request)
        });
        made
    }

    fn moment(&self) -> Moment {
        Moment {
            step: 0,
            at: self.clock.now(),
            entries: self.seen.lock().unwrap().entries.len(),
        }
    }

    /// Everybody is known to the hub by now: their ids are, too.
    pub(super) async fn know(&mut self) {
        let nobody = Arc::new(Cast::nobody());
        let mut cast = Arc::into_inner(std::mem::replace(&mut self.scene.cast, nobody)).unwrap();
        for person in &mut cast.people {
            let known = self.scene.store.person_by_number(&person.number).await.unwrap();
            person.id = known.unwrap().id;
        }
        self.scene.cast = Arc::new(cast);
    }

    /// Children with their guardians, and those who may become guardians; cases of two units.
    pub(super) async fn people(&mut self, guardians: &[Vec<usize>]) {
        let spare: Vec<usize> = (CHILDREN.len()..self.scene.cast.people.len()).collect();
        // Once, so that the hub knows everybody; then what the register says.
        self.custody(0, spare).await;
        for (child, guardians) in guardians.iter().enumerate() {
            self.custody(child, guardians.clone()).await;
        }
        for child in 0..CHILDREN.len() {
            self.case(child, SOCIAL).await;
        }
        for child in [0, 1, 4] {
            self.case(child, PSYCHIATRY).await;
        }
    }

    async fn custody(&mut self, child: usize, guardians: Vec<usize>) {
        let checked_at = self.clock.now();
        self.order(Order::Custody {
            child,
            guardians,
            checked_at,
        })
        .await;
    }

    async fn case(&mut self, child: usize, unit: usize) {
        let made = self.order(Order::Register { unit, person: child }).await;
        let Made::Case(id) = made else {
            panic!("a case without an id")
        };
        self.cases.push(Case { id, child, unit });
    }

    /// Consents that are in force when a run begins.
    pub(super) async fn consents(&mut self) {
        use Category::{HealthMental, SchoolSituation, SocialSupport};
        let circle = [SOCIAL, PSYCHIATRY, PUPIL_HEALTH];
        self.signed((0, SOCIAL), &circle, &[SchoolSituation, HealthMental])
            .await;
        self.signed((0, PSYCHIATRY), &[PSYCHIATRY, SCHOOL, CLINIC], &[HealthMental])
            .await;
        let on_paper = self
            .asked(
                (1, SOCIAL),
                &[SOCIAL, PSYCHIATRY, CLINIC],
                &[HealthMental, SocialSupport],
            )
            .await;
        self.order(Order::Yes {
            unit: SOCIAL,
            consent: on_paper,
            signatory: 1,
        })
        .await;
        self.signed((2, SOCIAL), &circle, &[SchoolSituation, SocialSupport])
            .await;
        self.assessed((3, SOCIAL), Maturity::TakesPart).await;
        self.signed((3, SOCIAL), &circle, &[SchoolSituation, HealthMental])
            .await;
        self.assessed((4, PSYCHIATRY), Maturity::Decides).await;
        self.signed(
            (4, PSYCHIATRY),
            &[PSYCHIATRY, SOCIAL],
            &[HealthMental, SocialSupport],
        )
        .await;
        self.assessed((5, SOCIAL), Maturity::GuardiansDecide).await;
        self.signed((5, SOCIAL), &circle, &[SchoolSituation, SocialSupport])
            .await;
    }

    /// Letters on their way, some of them opened, when a run begins.
    pub(super) async fn letters(&mut self) {
        let randomness = self.randomness.clone();
        use Category::{HealthMental, SchoolSituation, SocialSupport};
        for (place, (case, sender, recipient, category)) in [
            ((0, SOCIAL), SOCIAL, PSYCHIATRY, SchoolSituation),
            ((0, SOCIAL), PSYCHIATRY, PUPIL_HEALTH, HealthMental),
            ((1, SOCIAL), SOCIAL, CLINIC, SocialSupport),
            ((2, SOCIAL), PUPIL_HEALTH, SOCIAL, SchoolSituation),
            ((4, PSYCHIATRY), PSYCHIATRY, SOCIAL, HealthMental),
            ((5, SOCIAL), SOCIAL, PUPIL_HEALTH, SocialSupport),
        ]
        .into_iter()
        .enumerate()
        {
            let matter = Matter {
                kind: Kind::Note,
                purpose: Purpose::Sip,
                categories: [category].into(),
                subjects: [self.case_of(case)].into(),
                recipients: vec![(recipient, Basis::Consent)],
            };
            let document = DocumentId::from_bytes(self.chance.bytes());
            let at = self.clock.now();
            let letter = self
                .scene
                .cast
                .seal(sender, document, (matter, None), at, &*randomness);
            let made = self.order(Order::Send(Arc::new(letter))).await;
            let Made::Deliveries(deliveries) = made else {
                panic!("a letter without deliveries")
            };
            if place % 2 == 0 {
                let delivery = deliveries[0].id;
                self.order(Order::Fetch {
                    unit: recipient,
                    delivery,
                })
                .await;
            }
        }
    }

    fn case_of(&self, (child, unit): (usize, usize)) -> IndividualId {
        let case = self
            .cases
            .iter()
            .find(|case| case.child == child && case.unit == unit);
        case.unwrap().id
    }

    async fn assessed(&mut self, case: (usize, usize), maturity: Maturity) {
        let now = self.clock.now();
        let found = self
            .order(Order::Find {
                unit: case.1,
                case: self.case_of(case),
                finding: Finding::Maturity {
                    maturity,
                    from: now,
                    until: now + SignedDuration::from_hours(24 * 200),
                },
            })
            .await;
        let Made::Fact(fact) = found else {
            panic!("a finding without an id")
        };
        self.order(Order::Attest { unit: case.1, fact }).await;
    }

    /// Asks for a consent that all of these share under.
    async fn asked(&mut self, case: (usize, usize), units: &[usize], categories: &[Category]) -> ConsentId {
        let now = self.clock.now();
        let scope = circle(&self.scene.cast, units, categories, now);
        let made = self
            .order(Order::Ask {
                unit: case.1,
                case: self.case_of(case),
                scope,
                supersedes: None,
            })
            .await;
        let Made::Consent(record) = made else {
            panic!("a consent without an id")
        };
        let id = record.consent.id;
        self.consents.push(*record);
        id
    }

    /// The same, signed by everyone in the portal.
    async fn signed(&mut self, case: (usize, usize), units: &[usize], categories: &[Category]) {
        let consent = self.asked(case, units, categories).await;
        let record = self.consents.last().unwrap().clone();
        for signatory in record.consent.signatories {
            let Signer::Person(person) = signatory.signer else {
                continue;
            };
            let person = self.scene.cast.person_with(person).unwrap();
            self.order(Order::PortalYes { person, consent }).await;
        }
    }
}

/// A scope under which all of these share with all, for 200 days.
fn circle(cast: &Cast, units: &[usize], categories: &[Category], now: Timestamp) -> Scope {
    let units: BTreeSet<_> = units.iter().map(|place| cast.units[*place].id).collect();
    Scope::parse(ScopeParts {
        sources: units.clone(),
        recipients: units,
        direction: Direction::Circle,
        categories: categories.iter().copied().collect(),
        kinds: [Kind::Note, Kind::Summons, Kind::Plan, Kind::Information].into(),
        purpose: Purpose::Sip,
        acts: [Act::Share, Act::Plan].into(),
        period: Period {
            from: now,
            until: now + SignedDuration::from_hours(24 * 200),
        },
        exclusions: Exclusions::default(),
    })
    .unwrap()
}
