//! What the `samrum` command says of a decision, read from its JSON; or the ledger, whose names are the aliases.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::trouble::{Result, Trouble, must};

/// Why not: one failing condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Reason {
    /// Its stable code.
    pub(crate) code: String,
    /// Its arguments by name.
    #[serde(default)]
    pub(crate) arguments: BTreeMap<String, String>,
    /// The provision behind it.
    #[serde(default)]
    pub(crate) provision_id: Option<String>,
    /// What can be done, by its code.
    #[serde(default)]
    pub(crate) remedy: Option<String>,
    /// The reason in the language of the story.
    #[serde(default)]
    pub(crate) sentence: String,
}

/// What a yes rests on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ground {
    /// Consents, with the revision as of which they were read.
    Consents(Vec<ConsentVersion>),
    /// A provision.
    ProvisionId(String),
}

/// A consent as it stood.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct ConsentVersion {
    /// Which.
    pub(crate) consent_id: String,
    /// As of which change.
    pub(crate) revision: u64,
}

/// The answer for one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Verdict {
    /// Whom.
    #[serde(alias = "recipient")]
    pub(crate) recipient_unit_id: String,
    /// Yes or no.
    pub(crate) permitted: bool,
    /// What a yes rests on.
    #[serde(default)]
    pub(crate) ground: Option<Ground>,
    /// Why not.
    #[serde(default)]
    pub(crate) reasons: Vec<Reason>,
}

/// A refusal as the command reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The decision that it comes from.
    pub(crate) decision: String,
    /// Every reason, once.
    pub(crate) reasons: Vec<Reason>,
}

impl Refusal {
    /// Goes on only if this is among the reasons.
    pub(crate) fn must_say(&self, code: &str) -> Result<()> {
        let codes: Vec<&str> = self.reasons.iter().map(|reason| reason.code.as_str()).collect();
        let expected = format!("a refusal because of {code}");
        must(codes.contains(&code), &expected, || {
            format!("a refusal because of {}", codes.join(", "))
        })
    }
}

/// Verdicts out of an answer's field `verdicts`.
pub(crate) fn verdicts(answer: &Value) -> Result<Vec<Verdict>> {
    let field = answer.get("verdicts").cloned().unwrap_or_default();
    serde_json::from_value(field).map_err(|error| {
        Trouble::unexpected("verdicts with ground or reasons", format!("{answer} ({error})"))
    })
}

/// Every reason of these verdicts, once.
pub(crate) fn reasons(verdicts: &[Verdict]) -> Vec<Reason> {
    let mut all: Vec<Reason> = Vec::new();
    for reason in verdicts.iter().flat_map(|verdict| &verdict.reasons) {
        if !all.contains(reason) {
            all.push(reason.clone());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn denied() -> Value {
        let reason = json!({
            "code": "SIGNATURE_MISSING", "arguments": {"signatory": "2"}, "provision_id": "FB-6-11",
            "remedy": "ASK_SIGNATORY", "sentence": "Guardian 2 has not signed."
        });
        let verdict = |unit: &str| {
            json!({
                "recipient_unit_id": unit, "recipient_name": null, "permitted": false, "ground": null,
                "reasons": [reason]
            })
        };
        json!({"verdicts": [verdict("a"), verdict("b")]})
    }

    #[test]
    fn reasons_are_told_once_for_several_recipients() {
        let verdicts = verdicts(&denied()).unwrap();
        assert_eq!(verdicts.len(), 2);
        let reasons = reasons(&verdicts);
        assert_eq!(reasons.len(), 1);
        assert_eq!(reasons[0].arguments["signatory"], "2");
    }

    #[test]
    fn a_yes_names_its_ground() {
        let answer = json!({"verdicts": [
            {"recipient_unit_id": "a", "permitted": true, "ground": {"provision_id": "SOL2025-19-1"}, "reasons": []},
            {"recipient_unit_id": "b", "permitted": true,
             "ground": {"consents": [{"consent_id": "c", "revision": 3}]}, "reasons": []},
        ]});
        let verdicts = verdicts(&answer).unwrap();
        assert_eq!(
            verdicts[0].ground,
            Some(Ground::ProvisionId("SOL2025-19-1".to_owned()))
        );
        assert!(matches!(&verdicts[1].ground, Some(Ground::Consents(consents)) if consents[0].revision == 3));
    }

    #[test]
    fn another_reason_than_expected_is_trouble() {
        let refusal = Refusal {
            decision: "d".to_owned(),
            reasons: reasons(&verdicts(&denied()).unwrap()),
        };
        assert!(refusal.must_say("SIGNATURE_MISSING").is_ok());
        let trouble = refusal.must_say("CONSENT_MISSING").unwrap_err();
        assert!(trouble.to_string().contains("SIGNATURE_MISSING"), "{trouble}");
        assert!(verdicts(&json!({})).is_err());
    }
}
