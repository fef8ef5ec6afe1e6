//! An inbox whose client changes its address again and again: nothing lost, nothing twice.

use std::net::SocketAddr;
use std::time::Duration;

use samrum_client::client::InboxStep;
use samrum_client::transport::way::{Transport, Way};
use samrum_tests::{Desk, Letter, Story};
use tokio::time::timeout;

/// How often the address changes.
const MOVES: usize = 10;
/// Documents sent before each change, during it, and after it.
const EACH: usize = 3;
/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// What went wrong.
pub(crate) async fn survives(lose: bool) -> Result<(), String> {
    eprintln!("an inbox whose client changes its address {MOVES} times");
    let (story, _) = Story::with_consent().await;
    let desk = Desk::at(
        &story.hub,
        story.hub.address(),
        "child-psychiatry",
        Transport::Quic,
    );
    let mut inbox = desk
        .client
        .watch(Vec::new())
        .await
        .map_err(|error| error.to_string())?;
    if desk.client.way() != Some(Way::Quic) {
        return Err("the inbox is not open over QUIC".to_owned());
    }
    let to = [&story.psychiatry];
    let mut sent = Vec::new();
    for _ in 0..MOVES {
        for place in 0..EACH {
            let answer = story.social.send(&Letter::note(&story.child, &to)).await;
            sent.push(
                answer
                    .map_err(|error| error.to_string())?
                    .deliveries
                    .remove(0)
                    .delivery_id,
            );
            if place == 1 {
                let any: SocketAddr = ([127, 0, 0, 1], 0).into();
                desk.client
                    .move_to(any)
                    .await
                    .map_err(|error| error.to_string())?;
            }
        }
    }
    let mut told = Vec::new();
    let telling = async {
        let mut loses = lose;
        while told.len() < sent.len() {
            match inbox.next(PATIENCE).await.map_err(|error| error.to_string())? {
                InboxStep::Item(_) if loses => loses = false,
                InboxStep::Item(item) => told.push(item.delivery_id.as_bytes().to_vec()),
                InboxStep::Alarm(_) | InboxStep::Unknown | InboxStep::Heartbeat => {}
                InboxStep::Ended => return Err("the stream ended".to_owned()),
            }
        }
        Ok(())
    };
    match timeout(PATIENCE, telling).await {
        Ok(ended) => ended?,
        Err(_) => return Err(format!("{} of {} documents were told of", told.len(), sent.len())),
    }
    if told == sent {
        Ok(())
    } else {
        Err(format!(
            "{} documents were sent, and others told of, or in another order",
            sent.len()
        ))
    }
}
