//! The note: it passes and waits, the answer changes, and nobody ever reads it.

use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use samrum_ui::{Language, reason_sentence};
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::time::sleep;

use super::asking::CATEGORIES;
use super::guardian::Revoked;
use super::{Scene, delivery_to, sent};
use crate::narration::{Frame, Line};
use crate::process::text;
use crate::step::{Asked, Decided, Outcome, Told};
use crate::teller::Teller;
use crate::trouble::{Result, Trouble, must};
use crate::verdict::Reason;
use crate::world::{CHILD_PSYCHIATRY, SOCIAL_SERVICES, unit_id};

/// Within so long after the no the note must be withheld.
const WITHHELD_WITHIN: Duration = Duration::from_secs(1);
/// How often the note is looked at while a person may act.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long a person is waited for.
const WAIT_FOR_PERSON: Duration = Duration::from_secs(60 * 60);
/// How often a receipt is asked for until the entry has its place in the log.
const RECEIPT_ATTEMPTS: usize = 20;
/// The pause between two such attempts.
const RECEIPT_PAUSE: Duration = Duration::from_millis(100);

/// A note that waits.
#[derive(Debug, Clone)]
pub(super) struct Note {
    document: String,
    delivery: String,
}

/// A note passes and waits, unopened.
pub(super) async fn queued(scene: &Scene) -> Result<Told<Note>> {
    let papers = scene.papers();
    let psychiatry = unit_id(&CHILD_PSYCHIATRY);
    let mut arguments = vec![
        "send",
        "--kind",
        "note",
        "--purpose",
        "SIP",
        "--about",
        &scene.child,
    ];
    arguments.extend(["--to", &psychiatry, "--category"]);
    arguments.extend(CATEGORIES);
    let written = format!("{}\n\n{}", papers.note_title, papers.note);
    let answer = scene.unit(&SOCIAL_SERVICES, &arguments, &written).await?.done()?;
    let delivery = delivery_to(&answer, &CHILD_PSYCHIATRY)?;
    let state = text(delivery, "/state")?;
    must(state == "QUEUED", "a note that waits", || state.clone())?;
    let note = Note {
        document: text(&answer, "/document_id")?,
        delivery: text(delivery, "/delivery_id")?,
    };
    let told = Told::new(Outcome::Permit)
        .decided(sent(text(&answer, "/decision_id")?, true, &SOCIAL_SERVICES))
        .saying(Line::NoteWaits {
            unit: &CHILD_PSYCHIATRY,
        });
    Ok(told.giving(note))
}

/// Lets a person be the second guardian. Answers whether they said no in their browser; if they press Enter
/// or do nothing, they did not.
pub(super) async fn wait_for_person(scene: &Scene, teller: &mut Teller, note: &Note) -> Result<bool> {
    let link = scene.link("guardian-2");
    teller.plain("");
    teller.frame(&Frame::YourTurn { link });
    let (pressed, mut enter) = oneshot::channel();
    // Reading a terminal cannot be called off; this thread ends with the program.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().read_line(&mut line);
        let _ = pressed.send(read);
    });
    let begun = Instant::now();
    while begun.elapsed() < WAIT_FOR_PERSON {
        tokio::select! {
            _ = &mut enter => return Ok(false),
            () = sleep(LOOK_EVERY) => {}
        }
        if state_of(scene, note).await?.0 == "WITHHELD" {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The note is withheld within a second of the no; the ledger says why.
pub(super) async fn withheld(scene: &Scene, note: &Note, revoked: &Revoked) -> Result<Told> {
    let (state, delivery) = state_of(scene, note).await?;
    let seen_after = revoked.answered.map(|answered| answered.elapsed());
    must(state == "WITHHELD", "a note that is withheld", || state.clone())?;
    let changed = text(&delivery, "/changed_at")?;
    let changed: Timestamp = changed
        .parse()
        .map_err(|_| Trouble::unexpected("a time", changed))?;
    let by_hub = changed.duration_since(revoked.ended_at).unsigned_abs();
    let after = seen_after.unwrap_or(by_hub).max(by_hub);
    must(after <= WITHHELD_WITHIN, "withheld within a second", || {
        format!("{after:?}")
    })?;
    let why = reasons_in(
        &receipt(scene, &text(&delivery, "/entry_id")?).await?,
        scene.language(),
    );
    must(
        why.iter().any(|reason| reason.code == "CONSENT_REVOKED"),
        "withheld because the consent was revoked",
        || format!("{why:?}"),
    )?;
    let told = Told::new(Outcome::Withheld)
        .saying(Line::Withheld {
            milliseconds: after.as_millis(),
        })
        .saying(Line::ReadStaysRead);
    Ok(told.because(why))
}

/// Child psychiatry comes too late. It never had the note, and is told that it is withheld and no more: why is the
/// sender's to know.
pub(super) async fn late_fetch(scene: &Scene, note: &Note) -> Result<Told<String>> {
    let arguments = ["inbox", "open", &note.delivery];
    let refusal = scene.unit(&CHILD_PSYCHIATRY, &arguments, "").await?.refused()?;
    let codes: Vec<&str> = refusal
        .reasons
        .iter()
        .map(|reason| reason.code.as_str())
        .collect();
    must(
        codes == ["DELIVERY_WITHHELD"],
        "that it is withheld, and no more",
        || codes.join(", "),
    )?;
    let decision = refusal.decision.clone();
    let mut told = Told::new(Outcome::Deny).decided(Decided {
        id: refusal.decision,
        asked: Asked::Fetch,
        permitted: false,
        by: &CHILD_PSYCHIATRY,
        sender: Some(&SOCIAL_SERVICES),
    });
    for reason in &refusal.reasons {
        told = told.saying(Line::Because(reason.clone()));
    }
    Ok(told.because(refusal.reasons).giving(decision))
}

/// How the note fares, as its sender sees it: state and delivery.
async fn state_of(scene: &Scene, note: &Note) -> Result<(String, Value)> {
    let status = scene
        .unit(&SOCIAL_SERVICES, &["send", "status", &note.document], "")
        .await?
        .done()?;
    let delivery = delivery_to(&status, &CHILD_PSYCHIATRY)?.clone();
    Ok((text(&delivery, "/state")?, delivery))
}

/// Every reason that an entry of the ledger gives. Entries hold codes; the sentences are added here.
fn reasons_in(details: &Value, language: Language) -> Vec<Reason> {
    let list = |value: &Value, name: &str| value.get(name).and_then(Value::as_array).cloned();
    let verdicts = list(details, "verdicts").unwrap_or_default();
    let recorded = verdicts
        .iter()
        .filter_map(|verdict| list(verdict, "reasons"))
        .flatten();
    recorded
        .map(|reason| {
            let word = |name: &str| reason.get(name).and_then(Value::as_str).map(str::to_owned);
            let code = word("code").unwrap_or_default();
            let arguments = reason.get("arguments").cloned().unwrap_or_default();
            let arguments: BTreeMap<String, String> = serde_json::from_value(arguments).unwrap_or_default();
            let pairs: Vec<_> = arguments.iter().collect();
            Reason {
                sentence: reason_sentence(&code, &pairs, language),
                provision_id: word("provision"),
                remedy: word("remedy"),
                code,
                arguments,
            }
        })
        .collect()
}

/// What the ledger says in an entry, proven; waits for the entry to get its place.
async fn receipt(scene: &Scene, entry: &str) -> Result<Value> {
    let mut last = None;
    for _ in 0..RECEIPT_ATTEMPTS {
        let answer = scene
            .unit(&SOCIAL_SERVICES, &["ledger", "receipt", entry], "")
            .await?;
        match answer.done() {
            Ok(receipt) => return Ok(receipt.get("details").cloned().unwrap_or_default()),
            Err(trouble) => last = Some(trouble),
        }
        sleep(RECEIPT_PAUSE).await;
    }
    Err(last.unwrap_or_else(|| Trouble::unexpected("a receipt", "nothing")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reasons_are_read_from_the_ledger_with_their_sentences() {
        let details = json!({"verdicts": [{"recipient": "r", "permitted": false, "reasons": [
            {"code": "CONSENT_REVOKED", "number": 4, "provision": "GDPR-7-3", "remedy": "REQUEST_CONSENT"}]}]});
        let reasons = reasons_in(&details, Language::English);
        assert_eq!(reasons.len(), 1);
        assert_eq!(reasons[0].code, "CONSENT_REVOKED");
        assert_eq!(reasons[0].provision_id.as_deref(), Some("GDPR-7-3"));
        assert!(
            reasons[0].sentence.contains("taken back"),
            "{}",
            reasons[0].sentence
        );
        assert!(reasons_in(&json!({}), Language::English).is_empty());
    }
}
