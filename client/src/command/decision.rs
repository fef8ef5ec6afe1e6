//! Verdicts in words: yes or no per recipient, on what it rests, every reason with its provision and remedy.

use std::collections::BTreeSet;

use samrum_ui::{Language, moment, provision, reason_sentence, remedy_sentence};

use super::screen::{Look, Screen};
use crate::view::{Decision, Ground, Reason, Verdict};

/// Puts each reason's sentence into the verdicts.
pub(crate) fn fill_sentences(verdicts: &mut [Verdict], language: Language) {
    for reason in verdicts.iter_mut().flat_map(|verdict| verdict.reasons.iter_mut()) {
        let arguments: Vec<_> = reason.arguments.iter().collect();
        reason.sentence = reason_sentence(&reason.code, &arguments, language);
    }
}

/// A whole decision.
pub(crate) fn show(decision: &Decision, screen: &mut Screen) {
    for line in lines(&decision.verdicts, screen) {
        screen.line(&line);
    }
    let at = moment(decision.decided_at, screen.language());
    let id = decision.decision_id.to_string();
    let line = screen.say("cli-decided", &[("decision", &id), ("at", &at)]);
    let line = screen.look(Look::Faint, &line);
    screen.line(&line);
}

/// A few lines for each verdict.
pub(crate) fn lines(verdicts: &[Verdict], screen: &Screen) -> Vec<String> {
    let mut lines = Vec::new();
    for verdict in verdicts {
        let id = verdict.recipient_unit_id.to_string();
        let name = screen.look(Look::Strong, verdict.recipient_name.as_deref().unwrap_or(&id));
        let answer = if verdict.permitted {
            screen.look(Look::Good, &format!("✓ {}", screen.say("cli-yes", &[])))
        } else {
            screen.look(Look::Bad, &format!("✗ {}", screen.say("cli-no", &[])))
        };
        lines.push(format!("{answer}  {name}"));
        if let Some(ground) = &verdict.ground {
            lines.extend(
                grounds(ground, screen)
                    .into_iter()
                    .map(|ground| format!("       {ground}")),
            );
            if let Ground::ProvisionId(id) = ground {
                lines.extend(law(&BTreeSet::from([id.as_str()]), screen));
            }
        }
        for reason in &verdict.reasons {
            lines.extend(why_not(reason, screen));
        }
        let behind = verdict
            .reasons
            .iter()
            .filter_map(|reason| reason.provision_id.as_deref());
        lines.extend(law(&behind.collect(), screen));
    }
    lines
}

/// What the provisions say, each once.
fn law(provisions: &BTreeSet<&str>, screen: &Screen) -> Vec<String> {
    let said = provisions.iter().filter_map(|id| {
        let words = provision(id, screen.language())?;
        let line = format!("{id}: {} ({})", words.sentence, words.citation());
        Some(format!("       {}", screen.look(Look::Faint, &line)))
    });
    said.collect()
}

fn grounds(ground: &Ground, screen: &Screen) -> Vec<String> {
    match ground {
        Ground::ProvisionId(id) => vec![screen.say("cli-on-provision", &[("provision", id)])],
        Ground::Consents(consents) => consents
            .iter()
            .map(|version| {
                let consent = version.consent_id.to_string();
                let revision = version.revision.to_string();
                screen.say(
                    "cli-on-consent",
                    &[("consent", &consent), ("revision", &revision)],
                )
            })
            .collect(),
    }
}

fn why_not(reason: &Reason, screen: &Screen) -> Vec<String> {
    let mut code = reason.code.clone();
    if let Some(provision) = &reason.provision_id {
        code.push_str(&format!(" · {provision}"));
    }
    let mut lines = vec![format!(
        "       {}  {}",
        reason.sentence,
        screen.look(Look::Faint, &format!("[{code}]"))
    )];
    if let Some(remedy) = &reason.remedy {
        lines.push(format!("       → {}", remedy_sentence(remedy, screen.language())));
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::io;

    use samrum_consent::id::{ConsentId, UnitId};

    use super::*;
    use crate::command::screen::Environment;
    use crate::view::ConsentVersion;

    fn screen(colour: bool, locale: &str) -> Screen {
        let environment = Environment {
            locale: Some(locale.to_owned()),
            colour,
        };
        Screen::new(&environment, false, Box::new(io::sink()), Box::new(io::sink()))
    }

    fn verdicts(language: Language) -> Vec<Verdict> {
        let denied = Verdict {
            recipient_unit_id: UnitId::from_bytes([2; 16]),
            recipient_name: Some("BUP".to_owned()),
            permitted: false,
            ground: None,
            reasons: vec![Reason {
                code: "SIGNATURE_MISSING".to_owned(),
                arguments: BTreeMap::from([("signatory".to_owned(), "2".to_owned())]),
                provision_id: Some("FB-6-11".to_owned()),
                remedy: Some("ASK_SIGNATORY".to_owned()),
                sentence: String::new(),
            }],
        };
        let consents = vec![ConsentVersion {
            consent_id: ConsentId::from_bytes([3; 16]),
            revision: 4,
        }];
        let permitted = Verdict {
            recipient_unit_id: UnitId::from_bytes([1; 16]),
            recipient_name: None,
            permitted: true,
            ground: Some(Ground::Consents(consents)),
            reasons: Vec::new(),
        };
        let mut verdicts = vec![permitted, denied];
        fill_sentences(&mut verdicts, language);
        verdicts
    }

    #[test]
    fn yes_has_its_ground_and_no_its_reason_provision_and_remedy() {
        let english = lines(&verdicts(Language::English), &screen(false, "en")).join("\n");
        for part in [
            "✓ Yes  01010101-0101-0101-0101-010101010101",
            "on consent 03030303-0303-0303-0303-030303030303, as of change 4",
            "✗ No  BUP",
            "[SIGNATURE_MISSING · FB-6-11]",
            "→ ",
            "(1949:381)",
        ] {
            assert!(english.contains(part), "{part} in {english}");
        }
        let swedish = lines(&verdicts(Language::Swedish), &screen(false, "sv")).join("\n");
        assert!(
            swedish.contains("✓ Ja") && swedish.contains("med stöd av samtycke"),
            "{swedish}"
        );
    }

    #[test]
    fn colours_only_where_they_are_shown() {
        let plain = lines(&verdicts(Language::English), &screen(false, "en")).join("\n");
        let coloured = lines(&verdicts(Language::English), &screen(true, "en")).join("\n");
        assert!(
            !plain.contains('\u{1b}') && coloured.contains("\u{1b}[31m✗ No"),
            "{coloured}"
        );
    }
}
