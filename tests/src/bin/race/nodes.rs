//! Three hubs on one database, and whoever calls them: one after another until one answers.

use core::time::Duration;

use samrum_tests::{Chance, Cluster, Party, Story, TestHub};
use tokio::time::{Instant, sleep, timeout};
use tonic::{Code, Response, Status};

use crate::AS_HUB;
use crate::history::{History, Interval};
use crate::proxy::Proxy;
use crate::sabotage::Sabotage;

/// How many hubs.
pub(crate) const NODES: usize = 3;
/// The hub whose way to the database is cut; the others are paused.
const CUT_OFF: usize = NODES - 1;
/// How long most callers wait for an answer, and how long some do: as long as a hub is paused, or longer.
const PATIENCE: Duration = Duration::from_millis(1_200);
const LONG_PATIENCE: Duration = Duration::from_secs(8);
/// One in so many calls has the long patience.
const PATIENT: usize = 8;
/// How long a caller waits before it asks again, and how often it does at most.
const PAUSE: Duration = Duration::from_millis(30);
const ATTEMPTS: usize = 500;

/// The name of the database in its cluster.
pub(crate) const DATABASE: &str = "hub0";

/// One hub, as its operator and the two units reach it.
pub(crate) struct Node {
    pub(crate) operator: Party,
    pub(crate) social: Party,
    pub(crate) psychiatry: Party,
}

/// All hubs with their world.
pub(crate) struct Nodes {
    /// The world, on the first hub. Its parties have the keys: they make every request.
    pub(crate) story: Story,
    others: Vec<TestHub>,
    pub(crate) nodes: Vec<Node>,
    /// The last hub's way to the database.
    pub(crate) proxy: Proxy,
    pub(crate) cluster: Cluster,
}

/// An answer with when it was asked for.
pub(crate) struct Answered<T> {
    pub(crate) outcome: Result<T, Status>,
    /// From the first time that it was asked.
    pub(crate) whole: Interval,
    /// From the time that it was asked and answered.
    pub(crate) last: Interval,
}

impl Nodes {
    /// Starts everything.
    pub(crate) async fn start(sabotage: Option<Sabotage>) -> Self {
        let cluster = Cluster::start();
        let address = cluster.database().await;
        let proxy = Proxy::to(cluster.socket());
        let socket = |folder: &std::path::Path| format!("host={}", folder.display());
        let through = address.replace(&socket(cluster.socket()), &socket(proxy.socket()));
        let mut second = address.clone();
        if let Some(sabotage) = sabotage
            && let Some(user) = sabotage.user(&cluster).await
        {
            second = address.replace("postgres://postgres@", &format!("postgres://{user}@"));
        }
        let environment = vec![(AS_HUB.into(), "1".into())];
        let program = std::env::current_exe().unwrap();
        let first = TestHub::start_apart_on(program, environment, vec![address]).await;
        let story = Story::begin_in(first).await;
        let others = vec![
            story.hub.start_beside(vec![second]).await,
            story.hub.start_beside(vec![through]).await,
        ];
        if let Some(sabotage) = sabotage {
            sabotage.strike(&cluster, DATABASE).await;
        }
        let node = |hub: &TestHub| Node {
            operator: hub.party("operator"),
            social: hub.party("social-services"),
            psychiatry: hub.party("child-psychiatry"),
        };
        let nodes = std::iter::once(&story.hub).chain(&others).map(node).collect();
        Self {
            story,
            others,
            nodes,
            proxy,
            cluster,
        }
    }

    /// One of the hubs that may be paused.
    pub(crate) fn pausable(&self, chance: &mut Chance) -> &TestHub {
        match chance.below(CUT_OFF) {
            0 => &self.story.hub,
            other => &self.others[other - 1],
        }
    }

    /// Asks one hub after another until one answers, with the same request.
    pub(crate) async fn ask<T, F>(
        &self,
        history: &History,
        chance: &mut Chance,
        call: impl Fn(&Node) -> F,
    ) -> Answered<T>
    where
        F: Future<Output = Result<Response<T>, Status>>,
    {
        let first = Instant::now();
        for _ in 0..ATTEMPTS {
            let node = &self.nodes[chance.below(NODES)];
            let patience = if chance.below(PATIENT) == 0 {
                LONG_PATIENCE
            } else {
                PATIENCE
            };
            let began = Instant::now();
            let answer = timeout(patience, call(node)).await;
            let ended = Instant::now();
            match answer {
                Ok(outcome) if !outcome.as_ref().is_err_and(is_unavailable) => {
                    return Answered {
                        outcome: outcome.map(Response::into_inner),
                        whole: Interval { began: first, ended },
                        last: Interval { began, ended },
                    };
                }
                _ => history.unavailable(),
            }
            sleep(PAUSE).await;
        }
        panic!("no hub answers");
    }

    /// The same where only a yes is right.
    pub(crate) async fn must<T, F>(
        &self,
        history: &History,
        chance: &mut Chance,
        call: impl Fn(&Node) -> F,
    ) -> (T, Interval)
    where
        F: Future<Output = Result<Response<T>, Status>>,
    {
        let answered = self.ask(history, chance, call).await;
        (answered.outcome.unwrap(), answered.whole)
    }

    /// Stops every hub in order.
    pub(crate) async fn stop(mut self) {
        for hub in std::iter::once(&mut self.story.hub).chain(&mut self.others) {
            hub.stop().await;
        }
    }
}

/// Whether the same may be asked again: nothing is wrong with the question.
fn is_unavailable(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable
            | Code::Aborted
            | Code::ResourceExhausted
            | Code::DeadlineExceeded
            | Code::Cancelled
            | Code::Unknown
    )
}
