//! A hub that holds a million messages, without a million sends.
//!
//! Children with consents come in through the hub's own calls, and one document on each route is really sent; then the
//! hub is stopped and what it wrote serves as the form of as many more, each with ids of its own, a header, a ledger
//! entry with its salted leaf, and its place in the log: every node of the tree, and a checkpoint that the log's own
//! key signs. What they cannot have is a sealing of their own: slip and signature are those of the form, so nobody
//! could open them; the hub never does. All of them wait to be fetched.

mod form;
mod table;

use samrum_proto::ledger::{Frontier, LogKey, NodeHash, TreeHead, sign_checkpoint, verify_receipt};
use samrum_proto::wire::exchange::v1::ListDeliveriesRequest;

use super::{Failed, Scene};
use crate::{GUARDIANS, Letter, invented_number, now_us, receipt};
use form::{Child, Form, Message};
use table::{Database, Kind, Table, Value};

/// Children whom the messages are about, each with a consent that all routes rest on.
const CHILDREN: u32 = 100;
/// The oldest of them was born in this year; twenty in each year.
const OLDEST: u32 = 2_015;
/// Messages that are made before they are written.
const BATCH: u64 = 10_000;
/// How many of these are written before that is told.
const TELL_EVERY: u64 = 10;
/// The first of them was sent so long ago, in microseconds: a month.
const SPAN_US: i64 = 30 * 24 * 3600 * 1_000_000;

/// A message of social services, to be asked for.
struct Sample {
    document: Vec<u8>,
    entry: Vec<u8>,
}

/// Brings so many messages into the scene's hub, which is stopped meanwhile.
///
/// # Errors
/// The hub does not take them for its own afterwards.
pub async fn fill(scene: &mut Scene, messages: u64) -> Result<(), Failed> {
    let children = children(scene).await;
    let mut deliveries = Vec::new();
    for route in &scene.routes {
        let (from, to) = (scene.story.unit(route.from), scene.story.unit(route.to));
        let sent = from.send(&Letter::note(&scene.story.child, &[to])).await.unwrap();
        deliveries.push(sent.deliveries[0].delivery_id.clone());
    }
    scene.story.hub.stop().await;
    let mut database = Database::open(&scene.story.hub).await;
    let mut forms = Vec::new();
    for delivery in deliveries {
        forms.push(Form::read(&mut database, &delivery).await);
    }
    let children = form::children(&mut database, &children).await;
    let log = scene.story.hub.log_key();
    let sample = write(&mut database, (&forms, &children), messages, &log).await;
    database.close().await;
    scene.story.hub.start_again().await;
    scene.story.reconnect();
    ask_for(scene, &sample).await
}

/// Whether the hub knows a message that was never sent, and proves its entry.
async fn ask_for(scene: &Scene, sample: &Sample) -> Result<(), Failed> {
    let social = &scene.story.social;
    let request = ListDeliveriesRequest {
        document_id: sample.document.clone(),
    };
    let listed = social.exchange().list_deliveries(request).await;
    let listed =
        listed.map_err(|refused| Failed(format!("a filled hub does not know its document: {refused:?}")))?;
    let proof = receipt(social, &sample.entry).await;
    let proof =
        proof.map_err(|refused| Failed(format!("a filled hub does not know its entry: {refused:?}")))?;
    let holds = verify_receipt(&proof, None, &scene.story.hub.verifier()).is_ok();
    if holds && listed.into_inner().deliveries.len() == 1 {
        Ok(())
    } else {
        Err(Failed("a filled hub does not prove what it holds".to_owned()))
    }
}

/// Children with a consent that both guardians signed on paper: their ids in social services' cases.
async fn children(scene: &Scene) -> Vec<Vec<u8>> {
    let story = &scene.story;
    let mut children = Vec::new();
    for nth in 0..CHILDREN {
        let number = invented_number(OLDEST + nth / 20, nth % 20);
        let named = (number.as_str(), "Påhittad Exempel");
        story
            .represent(story.operator.representing(named, &GUARDIANS))
            .await;
        let child = story.register(&story.social, named).await;
        let request = story.social.requesting(child.as_bytes(), scene.scope());
        let asked = story.social.consents().request_consent(request).await.unwrap();
        let consent = asked.into_inner().consent.unwrap().consent_id;
        for signatory in [1, 2] {
            story.sign(&consent, signatory).await;
        }
        children.push(child.as_bytes().to_vec());
    }
    children
}

async fn write(
    database: &mut Database,
    (forms, children): (&[Form], &[Child]),
    messages: u64,
    log: &LogKey,
) -> Sample {
    let (mut frontier, epoch) = standing(database).await;
    let (now, mut last) = (now_us(), None);
    database.begin().await;
    for batch in (0..messages).step_by(usize::try_from(BATCH).unwrap()) {
        let mut tables = form::tables();
        let mut nodes = Table::of("node (level, position, hash)", 3);
        for number in batch..messages.min(batch + BATCH) {
            let place = usize::try_from(number).unwrap();
            let (form, of_form) = (&forms[place % forms.len()], place / forms.len());
            let message = Message::of(
                form,
                &children[of_form % children.len()],
                now - age(number, messages),
            );
            if place % forms.len() == 0 {
                last = Some(Sample {
                    document: message.document(),
                    entry: message.entry(),
                });
            }
            let leaf = NodeHash::from_bytes(message.leaf_hash());
            message.write(&mut tables, frontier.size());
            for node in frontier.append(leaf) {
                nodes.push([
                    Value::Small(node.id.level.into()),
                    Value::Int(i64::try_from(node.id.index).unwrap()),
                    Value::Bytes(node.hash.as_bytes().to_vec()),
                ]);
            }
        }
        for table in tables.iter().chain([&nodes]) {
            database.insert(table).await;
        }
        if (batch / BATCH + 1).is_multiple_of(TELL_EVERY) {
            eprintln!("{} of {messages} filled in", batch + BATCH);
        }
    }
    let head = TreeHead {
        size: frontier.size(),
        root: frontier.root(),
    };
    let mut checkpoint = Table::of("checkpoint (size, epoch, note, at)", 4);
    checkpoint.push([
        Value::Int(i64::try_from(head.size).unwrap()),
        Value::Int(epoch),
        Value::Bytes(sign_checkpoint(log, head).unwrap().into_bytes()),
        Value::Int(now),
    ]);
    database.insert(&checkpoint).await;
    database.commit().await;
    last.expect("at least one message")
}

/// The log as the stopped hub left it, and its epoch.
async fn standing(database: &mut Database) -> (Frontier, i64) {
    let text = "SELECT size, epoch FROM checkpoint ORDER BY size DESC LIMIT 1";
    let row = database.row(text, &[], &[Kind::Int, Kind::Int]).await;
    let (size, epoch) = (u64::try_from(row[0].number()).unwrap(), row[1].number());
    let mut edge = Vec::new();
    for id in Frontier::node_ids(size) {
        let place = [
            Value::Small(id.level.into()),
            Value::Int(i64::try_from(id.index).unwrap()),
        ];
        let text = "SELECT hash FROM node WHERE level = $1 AND position = $2";
        let row = database.row(text, &place, &[Kind::Bytes]).await;
        edge.push(NodeHash::from_bytes(row[0].bytes().try_into().unwrap()));
    }
    let frontier = Frontier::restore(size, edge).expect("the log of a stopped hub is whole");
    (frontier, epoch)
}

/// How long ago the message with this number was sent, in microseconds: the last just now.
fn age(number: u64, messages: u64) -> i64 {
    let behind = i128::from(messages - number) * i128::from(SPAN_US) / i128::from(messages);
    i64::try_from(behind).unwrap()
}
