//! Afterwards: each organisation's auditor sees every decision of its units, no more, and is seen looking.

use std::collections::BTreeMap;

use futures_util::future::try_join3;
use jiff::SignedDuration;
use serde_json::Value;

use super::Scene;
use crate::narration::Line;
use crate::process::text;
use crate::step::{Decided, Outcome, Told};
use crate::trouble::{Result, Trouble, must};
use crate::verdict::verdicts;
use crate::world::{EXEMPELBY, Organisation, REGION_EXEMPEL, SOLSIDAN, Unit, now};

/// How far back, and ahead, the auditors look.
const AROUND_NOW: SignedDuration = SignedDuration::from_hours(1);

/// What an auditor was shown.
struct Shown {
    rows: Vec<Value>,
    search: String,
}

/// The municipality's auditor sees every decision of its units; the region's those of the region's; the
/// private clinic's none. Each sees the own search.
pub(super) async fn shows(scene: &Scene, decisions: &[Decided]) -> Result<Told> {
    let (municipality, region, clinic) = try_join3(
        search(scene, &EXEMPELBY),
        search(scene, &REGION_EXEMPEL),
        search(scene, &SOLSIDAN),
    )
    .await?;
    let mut told = Told::new(Outcome::Ok);
    let mut seen = 0;
    for (organisation, shown) in [(&EXEMPELBY, municipality), (&REGION_EXEMPEL, region)] {
        let (permitted, denied) = compare(organisation, &shown, decisions)?;
        own_search(&shown)?;
        seen += permitted + denied;
        told = told.saying(Line::Audited {
            organisation,
            permitted,
            denied,
        });
    }
    must(
        seen >= decisions.len(),
        "every decision before some auditor",
        || format!("{seen} of {}", decisions.len()),
    )?;
    let organisation = &SOLSIDAN;
    compare(organisation, &clinic, decisions)?;
    own_search(&clinic)?;
    must(clinic.rows.len() == 1, "nothing but the own search", || {
        format!("{} rows", clinic.rows.len())
    })?;
    Ok(told
        .saying(Line::AuditSeen)
        .saying(Line::NothingFor { organisation }))
}

async fn search(scene: &Scene, organisation: &Organisation) -> Result<Shown> {
    let from = now().saturating_sub(AROUND_NOW).unwrap_or_default().to_string();
    let until = now().saturating_add(AROUND_NOW).unwrap_or_default().to_string();
    let reason = scene.papers().audit;
    let arguments = [
        "audit", "search", "--from", &from, "--until", &until, "--reason", reason,
    ];
    let number = scene.household.child.number.digits();
    let answer = scene
        .samrum
        .run(&scene.place.auditor(organisation), &arguments, &number)
        .await?
        .done()?;
    let rows = answer.get("disclosures").and_then(Value::as_array).cloned();
    Ok(Shown {
        rows: rows.ok_or_else(|| Trouble::unexpected("rows", answer.to_string()))?,
        search: text(&answer, "/entry_id")?,
    })
}

/// The auditor sees exactly the decisions that the organisation's units made or that were made about their
/// documents, each with the answer it had; answers how many were yes and no.
///
/// A refused opening has two entries: the reader's names the delivery alone, the sender's is whole. The story knows
/// the reader's; the sender's has an id of its own.
fn compare(organisation: &Organisation, shown: &Shown, decisions: &[Decided]) -> Result<(usize, usize)> {
    let is_of = |unit: &Unit| unit.authority.organisation == organisation;
    let refused_to_others = |decision: &&Decided| {
        !decision.permitted && !is_of(decision.by) && decision.sender.is_some_and(is_of)
    };
    let concerns =
        |decision: &&Decided| is_of(decision.by) || decision.permitted && decision.sender.is_some_and(is_of);
    let told = |decision: &Decided| (decision.asked.event(), decision.permitted);
    let mut expected: BTreeMap<&str, (&str, bool)> = decisions
        .iter()
        .filter(concerns)
        .map(|decision| (decision.id.as_str(), told(decision)))
        .collect();
    let mut came = BTreeMap::new();
    for row in &shown.rows {
        let event = row.get("event").and_then(Value::as_str).unwrap_or_default();
        if ["CHECK", "SEND", "FETCH"].contains(&event) {
            let verdicts = verdicts(row)?;
            let permitted = !verdicts.is_empty() && verdicts.iter().all(|verdict| verdict.permitted);
            let id = row.get("entry_id").and_then(Value::as_str).unwrap_or_default();
            came.insert(id, (event, permitted));
        }
    }
    for refused in decisions.iter().filter(refused_to_others) {
        let unknown = |id: &&str| decisions.iter().all(|decision| decision.id != **id);
        let own = came
            .iter()
            .find(|(id, row)| unknown(id) && !expected.contains_key(**id) && **row == told(refused));
        if let Some((id, row)) = own {
            expected.insert(id, *row);
        } else {
            // Not there: the reader's own id shows which one is missing.
            expected.insert(&refused.id, told(refused));
        }
    }
    must(
        came == expected,
        &format!("for {}: {expected:?}", organisation.name),
        || format!("{came:?}"),
    )?;
    let permitted = expected.values().filter(|(_, permitted)| *permitted).count();
    Ok((permitted, expected.len() - permitted))
}

/// The search that was just made is among what it shows.
fn own_search(shown: &Shown) -> Result<()> {
    let own = shown.rows.iter().any(|row| {
        row.get("event").and_then(Value::as_str) == Some("AUDIT_SEARCH")
            && row.get("entry_id").and_then(Value::as_str) == Some(&shown.search)
    });
    must(own, "the auditor's own search among the rows", || {
        "it is not there".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::step::Asked;
    use crate::world::{CHILD_PSYCHIATRY, SOCIAL_SERVICES};

    fn shown(rows: Value) -> Shown {
        Shown {
            rows: rows.as_array().unwrap().clone(),
            search: "s".to_owned(),
        }
    }

    fn decisions() -> Vec<Decided> {
        let decided = |id: &str, asked, permitted, by, sender| Decided {
            id: id.to_owned(),
            asked,
            permitted,
            by,
            sender,
        };
        vec![
            decided("a", Asked::Send, false, &SOCIAL_SERVICES, None),
            decided("b", Asked::Fetch, true, &CHILD_PSYCHIATRY, Some(&SOCIAL_SERVICES)),
            decided("c", Asked::Send, true, &CHILD_PSYCHIATRY, None),
        ]
    }

    fn row(id: &str, event: &str, permitted: bool) -> Value {
        let verdict =
            json!({"recipient_unit_id": "u", "permitted": permitted, "ground": null, "reasons": []});
        json!({"entry_id": id, "event": event, "verdicts": [verdict]})
    }

    #[test]
    fn an_auditor_must_see_exactly_what_concerns_the_organisation() {
        let all = shown(json!([
            row("a", "SEND", false),
            row("b", "FETCH", true),
            row("x", "CONSENT", true)
        ]));
        assert_eq!(compare(&EXEMPELBY, &all, &decisions()).unwrap(), (1, 1));
        for rows in [
            json!([row("a", "SEND", false)]),
            json!([row("a", "SEND", true), row("b", "FETCH", true)]),
            json!([
                row("a", "SEND", false),
                row("b", "FETCH", true),
                row("c", "SEND", true)
            ]),
        ] {
            assert!(
                compare(&EXEMPELBY, &shown(rows.clone()), &decisions()).is_err(),
                "{rows}"
            );
        }
    }

    #[test]
    fn a_refused_opening_has_an_entry_of_its_own_for_the_sender() {
        let late = Decided {
            id: "late".to_owned(),
            asked: Asked::Fetch,
            permitted: false,
            by: &CHILD_PSYCHIATRY,
            sender: Some(&SOCIAL_SERVICES),
        };
        let late = [late];
        let full = shown(json!([row("full", "FETCH", false)]));
        assert_eq!(compare(&EXEMPELBY, &full, &late).unwrap(), (0, 1));
        let bare = shown(json!([row("late", "FETCH", false)]));
        assert_eq!(compare(&REGION_EXEMPEL, &bare, &late).unwrap(), (0, 1));
        for rows in [
            json!([]),
            json!([row("full", "FETCH", true)]),
            json!([row("full", "FETCH", false), row("more", "FETCH", false)]),
        ] {
            assert!(
                compare(&EXEMPELBY, &shown(rows.clone()), &late).is_err(),
                "{rows}"
            );
        }
        assert!(
            compare(&REGION_EXEMPEL, &full, &late).is_err(),
            "not the reader's"
        );
    }

    #[test]
    fn who_disclosed_nothing_must_see_nothing() {
        assert_eq!(
            compare(&SOLSIDAN, &shown(json!([])), &decisions()).unwrap(),
            (0, 0)
        );
        assert!(compare(&SOLSIDAN, &shown(json!([row("a", "SEND", false)])), &decisions()).is_err());
    }

    #[test]
    fn the_search_itself_must_be_among_the_rows() {
        assert!(own_search(&shown(json!([{"entry_id": "s", "event": "AUDIT_SEARCH"}]))).is_ok());
        assert!(own_search(&shown(json!([{"entry_id": "t", "event": "AUDIT_SEARCH"}]))).is_err());
        assert!(own_search(&shown(json!([]))).is_err());
    }
}
