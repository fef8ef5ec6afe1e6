//! The summons: sent, opened, answered; and what somebody with the hub's disk finds of it.

use futures_util::future::try_join3;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::asking::CATEGORIES;
use super::{Scene, delivery_to, sent};
use crate::narration::Line;
use crate::process::{Answer, text};
use crate::search::Disk;
use crate::step::{Outcome, Told};
use crate::trouble::{Result, Trouble, must};
use crate::world::{CHILD_PSYCHIATRY, PUPIL_HEALTH, Person, SOCIAL_SERVICES, now, unit_id};

/// When the meeting is.
const MEETING_IN: SignedDuration = SignedDuration::from_hours(24 * 14);

/// A summons on its way.
#[derive(Debug, Clone)]
pub(super) struct Summons {
    document: String,
    to_psychiatry: String,
    to_pupil_health: String,
}

/// Social services try to send the summons.
pub(super) async fn send(scene: &Scene) -> Result<Answer> {
    let papers = scene.papers();
    let at = now().saturating_add(MEETING_IN).unwrap_or_default();
    let at = format!("{}T13:00:00Z", at.strftime("%Y-%m-%d"));
    let (psychiatry, pupil_health) = (unit_id(&CHILD_PSYCHIATRY), unit_id(&PUPIL_HEALTH));
    let mut arguments = vec![
        "send",
        "--kind",
        "summons",
        "--purpose",
        "SIP",
        "--about",
        &scene.child,
    ];
    arguments.extend(["--to", &psychiatry, &pupil_health, "--category"]);
    arguments.extend(CATEGORIES);
    let written = json!({
        "title": papers.summons_title,
        "purpose": papers.purpose,
        "question": papers.question,
        "at": at,
        "minutes": 60,
        "place": papers.place,
        "coordinator": papers.coordinator,
        "competence": papers.competence,
        "prepare": papers.prepare,
    });
    scene
        .unit(&SOCIAL_SERVICES, &arguments, &written_out(&written)?)
        .await
}

/// The summons passes.
pub(super) async fn sent_out(scene: &Scene) -> Result<Told<Summons>> {
    let answer = send(scene).await?.done()?;
    let delivery = |unit| text(delivery_to(&answer, unit)?, "/delivery_id");
    let summons = Summons {
        document: text(&answer, "/document_id")?,
        to_psychiatry: delivery(&CHILD_PSYCHIATRY)?,
        to_pupil_health: delivery(&PUPIL_HEALTH)?,
    };
    let decision = text(&answer, "/decision_id")?;
    let units = vec![&CHILD_PSYCHIATRY, &PUPIL_HEALTH];
    let told = Told::new(Outcome::Permit)
        .decided(sent(decision, true, &SOCIAL_SERVICES))
        .saying(Line::SummonsSent { units });
    Ok(told.giving(summons))
}

/// Both recipients open it; child psychiatry replies, and social services read the reply.
pub(super) async fn opened(scene: &Scene, summons: &Summons) -> Result<Told> {
    let papers = scene.papers();
    let (waiting, in_psychiatry, in_pupil_health) = try_join3(
        scene.unit(&CHILD_PSYCHIATRY, &["inbox", "list"], ""),
        scene.open(&CHILD_PSYCHIATRY, &summons.to_psychiatry, &SOCIAL_SERVICES),
        scene.open(&PUPIL_HEALTH, &summons.to_pupil_health, &SOCIAL_SERVICES),
    )
    .await?;
    let waiting = waiting.done()?.to_string();
    must(
        waiting.contains(&summons.to_psychiatry),
        "the summons in the inbox",
        || waiting.clone(),
    )?;
    let mut told = Told::new(Outcome::Ok);
    for (unit, (document, decided)) in [
        (&CHILD_PSYCHIATRY, in_psychiatry),
        (&PUPIL_HEALTH, in_pupil_health),
    ] {
        let question = text(&document, "/summons/question")?;
        must(
            question == papers.question,
            "the question as it was written",
            || question.clone(),
        )?;
        told = told.decided(decided).saying(Line::SummonsRead { unit, question });
    }
    let reply = reply(scene, summons).await?;
    let delivery = text(delivery_to(&reply, &SOCIAL_SERVICES)?, "/delivery_id")?;
    let (document, decided) = scene.open(&SOCIAL_SERVICES, &delivery, &CHILD_PSYCHIATRY).await?;
    let message = text(&document, "/reply/message")?;
    must(message == papers.reply, "the reply as it was written", || {
        message.clone()
    })?;
    let answers = text(&document, "/in_reply_to")?;
    must(answers == summons.document, "an answer to this summons", || {
        answers.clone()
    })?;
    let unit = &CHILD_PSYCHIATRY;
    Ok(told
        .decided(sent(text(&reply, "/decision_id")?, true, unit))
        .decided(decided)
        .saying(Line::ReplyRead { unit, message }))
}

async fn reply(scene: &Scene, summons: &Summons) -> Result<Value> {
    let social_services = unit_id(&SOCIAL_SERVICES);
    let mut arguments = vec![
        "send",
        "--kind",
        "reply",
        "--purpose",
        "SIP",
        "--about",
        &scene.child,
    ];
    arguments.extend(["--to", &social_services, "--category"]);
    arguments.extend(CATEGORIES);
    arguments.extend(["--in-reply-to", &summons.document]);
    let written = json!({ "answer": "accept", "message": scene.papers().reply });
    let written = written_out(&written)?;
    scene.unit(&CHILD_PSYCHIATRY, &arguments, &written).await?.done()
}

/// A document as the command reads it.
fn written_out(fields: &Value) -> Result<String> {
    toml::to_string(fields).map_err(|error| Trouble::unexpected("a document", error.to_string()))
}

/// The disk is searched for what was written and about whom; and, to prove the search, for what lies there.
pub(super) async fn hub_cannot_read(scene: &Scene) -> Result<Told> {
    let papers = scene.papers();
    let disk = Disk::read(&[&scene.place.data(), &scene.place.log()])?;
    let mut phrases: Vec<String> = [
        papers.summons_title,
        papers.purpose,
        papers.question,
        papers.place,
        papers.coordinator,
        papers.competence,
        papers.prepare,
        papers.reply,
    ]
    .map(str::to_owned)
    .to_vec();
    let household = &scene.household;
    for person in [&household.child, &household.first, &household.second] {
        phrases.extend(names_of(person));
    }
    for phrase in &phrases {
        let found = disk.find(phrase)?;
        must(
            found.is_empty(),
            "nothing of what was written on the hub's disk",
            || format!("{found:?}"),
        )?;
    }
    let open = CHILD_PSYCHIATRY.name;
    let found = disk.find(open)?;
    must(
        !found.is_empty(),
        "the unit's name, which lies there openly",
        || "nothing".to_owned(),
    )?;
    let size = disk.size();
    let told = Told::new(Outcome::Ok)
        .saying(Line::NotFound {
            phrases: phrases.len(),
            files: size.files,
            kilobytes: size.bytes / 1000,
        })
        .saying(Line::FoundThough {
            phrase: open.to_owned(),
            places: found.len(),
        });
    Ok(told)
}

/// The forms in which a person may be written: name, number with twelve digits, with hyphen, with ten.
fn names_of(person: &Person) -> [String; 4] {
    let digits = person.number.digits();
    let (date, serial) = digits.split_at(8);
    let short = date.get(2..).unwrap_or(date);
    [
        person.name.to_owned(),
        digits.clone(),
        format!("{date}-{serial}"),
        format!("{short}-{serial}"),
    ]
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::world::Household;

    #[test]
    fn a_person_is_searched_for_in_every_usual_form() {
        let household = Household::on(date(2026, 11, 23)).unwrap();
        let forms = names_of(&household.child);
        assert_eq!(
            forms,
            ["Alva Exempel", "201703099802", "20170309-9802", "170309-9802"]
        );
    }
}
