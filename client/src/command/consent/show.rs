//! A consent in words: where it stands, what it opens, who has signed.

use samrum_consent::scope::Period;
use samrum_consent::vocabulary::Direction;
use samrum_ui::{act, category, consent_state, kind, period, purpose};

use crate::command::screen::{Look, Screen};
use crate::command::session::UnitNames;
use crate::view::{Consent, Scope, Signatory};

/// How far what is said of a consent stands in.
const INDENT: usize = 2;

/// A text, with how it looks if not plain.
type Said = (Option<Look>, String);

pub(super) fn show(consent: &Consent, names: &UnitNames, screen: &mut Screen) {
    let state = consent_state(consent.state, screen.language());
    let look = if consent.state == "ACTIVE" {
        Look::Good
    } else {
        Look::Strong
    };
    let state = screen.look(look, &state);
    screen.line(&format!("{state}  {}", consent.consent_id));
    let signatures = consent
        .signatories
        .iter()
        .map(|signatory| signature(signatory, screen));
    let accepted = consent.accepted_by_authority_ids.len();
    let accepted = (accepted > 0).then(|| screen.say("cli-accepted", &[("count", &accepted.to_string())]));
    let lines: Vec<Said> = scope(&consent.scope, names, screen)
        .into_iter()
        .chain(signatures)
        .chain(accepted.map(|line| (None, line)))
        .collect();
    for (look, text) in lines {
        for line in screen.wrapped(&text, INDENT, 2 * INDENT) {
            let line = look.map_or_else(|| line.clone(), |look| screen.look(look, &line));
            screen.line(&line);
        }
    }
}

fn scope(scope: &Scope, names: &UnitNames, screen: &Screen) -> Vec<Said> {
    let language = screen.language();
    let between = match scope.direction {
        Direction::OneWay => {
            let (sources, recipients) = (&scope.source_unit_ids, &scope.recipient_unit_ids);
            let (sources, recipients) = (names.row(sources), names.row(recipients));
            let arguments = [("sources", sources.as_str()), ("recipients", &recipients)];
            screen.say("cli-scope-one-way", &arguments)
        }
        Direction::Circle => {
            // All share with all: whoever is both is named once.
            let mut units = scope.source_unit_ids.clone();
            let readers = scope.recipient_unit_ids.iter();
            units.extend(readers.filter(|unit| !scope.source_unit_ids.contains(unit)));
            screen.say("cli-scope-circle", &[("units", &names.row(&units))])
        }
    };
    let categories = joined(scope.categories.iter().map(|it| category(*it, language)));
    let kinds = joined(scope.kinds.iter().map(|it| kind(*it, language)));
    let acts = joined(scope.acts.iter().map(|it| act(*it, language)));
    let purpose = purpose(scope.purpose, language);
    let lasts = Period {
        from: scope.valid_from,
        until: scope.valid_until,
    };
    let plain = [
        between,
        screen.say(
            "cli-scope-about",
            &[("categories", &categories), ("kinds", &kinds)],
        ),
        screen.say("cli-scope-purpose", &[("purpose", &purpose), ("acts", &acts)]),
        period(lasts, language),
    ];
    let mut lines: Vec<Said> = plain.into_iter().map(|line| (None, line)).collect();
    let excluded = scope
        .exclusions
        .categories
        .iter()
        .map(|it| category(*it, language));
    let excluded = excluded.chain(scope.exclusions.unit_ids.iter().map(|unit| names.show(*unit)));
    let excluded = joined(excluded.chain(scope.exclusions.document_ids.iter().map(ToString::to_string)));
    if !excluded.is_empty() {
        let line = screen.say("cli-scope-excluded", &[("excluded", &excluded)]);
        lines.push((Some(Look::Bad), line));
    }
    lines
}

fn joined(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

fn signature(signatory: &Signatory, screen: &Screen) -> Said {
    let number = signatory.number.to_string();
    // Names are told to those who may know them; the number is told to all.
    let who = match signatory.name.as_str() {
        "" => screen.say("cli-signatory", &[("number", &number)]),
        name => format!("{number}. {name}"),
    };
    let who = match signatory.capacity {
        Some(capacity) => {
            let capacity = screen.say(&format!("cli-capacity-{}", capacity.to_lowercase()), &[]);
            format!("{who} ({capacity})")
        }
        None => who,
    };
    let (id, look) = match (signatory.signed, signatory.required) {
        (true, _) => ("cli-signatory-signed", Look::Good),
        (false, true) => ("cli-signatory-missing", Look::Bad),
        (false, false) => ("cli-signatory-not-needed", Look::Faint),
    };
    (Some(look), screen.say(id, &[("who", &who)]))
}
