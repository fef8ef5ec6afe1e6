//! Verdicts in words: yes or no per recipient, on what it rests, every reason with its provision and remedy.

use samrum_ui::{Language, moment, reason_sentence, remedy_sentence};

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
        }
        for reason in &verdict.reasons {
            lines.extend(why_not(reason, screen));
        }
    }
    lines
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
