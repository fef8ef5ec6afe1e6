//! The scene of a measurement: a hub with the story's world, units that may write to each other, their connections.

use samrum_proto::envelope::Recipient;
use samrum_proto::wire::consent::v1::Scope;
use samrum_proto::wire::exchange::v1::exchange_service_client::ExchangeServiceClient;

use super::{CONNECTIONS, Exchange};
use crate::{Calls, Letter, Party, Story, TestHub};

/// Units of three organisations that a consent lets write to each other, each to the next: sender, recipient.
const ROUTES: [(&str, &str); 4] = [
    ("social-services", "child-psychiatry"),
    ("child-psychiatry", "pupil-health"),
    ("pupil-health", "school"),
    ("school", "social-services"),
];

/// Who writes to whom, with the recipient's key as the directory shows it.
#[derive(Debug)]
pub struct Route {
    /// Sender.
    pub from: &'static str,
    /// Recipient.
    pub to: &'static str,
    pub(super) recipients: Vec<Recipient>,
}

/// A hub under measurement.
pub struct Scene {
    /// Its world.
    pub story: Story,
    /// Who writes to whom.
    pub routes: Vec<Route>,
}

impl Scene {
    /// The world in this empty hub, with a consent in force that all units of the routes are party to.
    pub async fn begin(hub: TestHub) -> Self {
        let story = Story::begin_in(hub).await;
        let request = story.social.requesting(story.child.as_bytes(), circle(&story));
        let asked = story.social.consents().request_consent(request).await.unwrap();
        let consent = asked.into_inner().consent.unwrap().consent_id;
        // What the guardians sign themselves every authority relies on.
        for guardian in ["kim", "robin"] {
            story.sign_in_portal(guardian, &consent).await;
        }
        let mut routes = Vec::new();
        for (from, to) in ROUTES {
            let sender = story.unit(from);
            let recipients = [story.unit(to)];
            let note = Letter::note(&story.child, &recipients);
            let recipients = sender.recipients(sender, &note).await;
            routes.push(Route { from, to, recipients });
        }
        Self { story, routes }
    }

    /// What a consent on which all routes rest permits.
    pub(super) fn scope(&self) -> Scope {
        circle(&self.story)
    }

    /// The route that a connection serves.
    pub fn route(&self, connection: usize) -> &Route {
        &self.routes[connection % self.routes.len()]
    }

    /// The connections to the hub, each with its sender's certificate.
    pub fn connections(&self) -> Vec<Exchange> {
        self.connect(|name| self.story.hub.party(name))
    }

    /// The same to another server with the same certificates.
    pub fn connections_to(&self, address: std::net::SocketAddr) -> Vec<Exchange> {
        self.connect(|name| self.story.hub.party_at(address, name))
    }

    fn connect(&self, party: impl Fn(&'static str) -> Party) -> Vec<Exchange> {
        let connect = |connection| {
            let client: ExchangeServiceClient<Calls> = party(self.route(connection).from).exchange();
            Exchange::new(client)
        };
        (0..CONNECTIONS).map(connect).collect()
    }
}

/// The story's scope with the school in its circle.
fn circle(story: &Story) -> Scope {
    let mut scope = story.scope();
    for units in [&mut scope.source_unit_ids, &mut scope.recipient_unit_ids] {
        units.push(story.school.bytes());
        units.sort();
    }
    scope
}
