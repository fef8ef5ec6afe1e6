//! An alarm about a report of concern, as people read it.

use crate::command::screen::{Look, Screen};
use crate::view::ReportAlarm;

/// Shows an alarm.
pub(super) fn show(alarm: &ReportAlarm, screen: &mut Screen) {
    for line in lines_of(alarm, screen) {
        screen.line(&line);
    }
}

/// What happened, then what to do: a recipient opens, whoever cannot calls.
fn lines_of(alarm: &ReportAlarm, screen: &Screen) -> Vec<String> {
    let is_own = alarm.document_id.is_some();
    let (what, what_to_do) = match (alarm.state, is_own) {
        ("QUEUED", true) => ("cli-alarm-unopened", Some("cli-alarm-call")),
        ("QUEUED", false) => ("cli-alarm-unopened", Some("cli-alarm-open")),
        ("RELEASED", true) => ("cli-alarm-unacknowledged", Some("cli-alarm-call")),
        ("RELEASED", false) => ("cli-alarm-unacknowledged", Some("cli-alarm-open")),
        ("ACKNOWLEDGED", _) => ("cli-alarm-over", None),
        ("REJECTED", true) => ("cli-alarm-rejected", Some("cli-alarm-call")),
        ("REJECTED", false) => ("cli-alarm-rejected", Some("cli-alarm-tell-sender")),
        (_, true) => ("cli-alarm-failed", Some("cli-alarm-call")),
        (_, false) => ("cli-alarm-failed", Some("cli-alarm-call-sender")),
    };
    let at = samrum_ui::moment(alarm.at, screen.language());
    let state = samrum_ui::delivery_state(alarm.state, screen.language());
    let delivery = alarm.delivery_id.to_string();
    let id = alarm.other_unit_id.map(|unit| unit.to_string());
    let known = alarm.other_name.clone().or(id);
    let unit = known.as_deref().unwrap_or_default();
    let said = [
        ("at", at.as_str()),
        ("delivery", delivery.as_str()),
        ("state", state.as_str()),
        ("unit", unit),
    ];
    let look = if alarm.goes_on() { Look::Bad } else { Look::Good };
    let mut lines = vec![screen.look(look, &screen.say(what, &said))];
    lines.extend(what_to_do.map(|id| format!("  {}", screen.say(id, &said))));
    if known.is_some() {
        let whose = if is_own {
            "cli-alarm-recipient"
        } else {
            "cli-alarm-sender"
        };
        let whose = screen.look(Look::Faint, &screen.say(whose, &said));
        lines.push(format!("  {whose}"));
    }
    if let Some(document) = alarm.document_id {
        let which = screen.say("cli-alarm-document", &[("document", &document.to_string())]);
        lines.push(format!("  {}", screen.look(Look::Faint, &which)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use samrum_consent::id::{DeliveryId, DocumentId, UnitId};

    use super::*;
    use crate::command::screen::Environment;

    fn said(language: &str, state: &'static str, own: bool) -> String {
        let environment = Environment {
            locale: Some(language.to_owned()),
            colour: false,
            columns: Some(120),
        };
        let screen = Screen::new(
            &environment,
            false,
            Box::new(std::io::sink()),
            Box::new(std::io::sink()),
        );
        // Who sent what was withheld is not told.
        let named = own || state != "WITHHELD";
        let alarm = ReportAlarm {
            delivery_id: DeliveryId::from_bytes([1; 16]),
            state,
            document_id: own.then_some(DocumentId::from_bytes([2; 16])),
            at: "2025-11-20T09:00:00Z".parse().unwrap(),
            other_unit_id: named.then_some(UnitId::from_bytes([3; 16])),
            other_name: named.then(|| "Solskolan".to_owned()),
        };
        lines_of(&alarm, &screen).join("\n")
    }

    fn assert_says(said: &str, words: &[&str]) {
        for word in words {
            assert!(said.contains(word), "{word}: {said}");
        }
    }

    #[test]
    fn a_sender_is_told_to_call_and_a_recipient_to_open_and_each_who_the_other_is() {
        let words = [
            "har inte öppnats",
            "112",
            "socialjouren",
            "Solskolan",
            "02020202-",
        ];
        assert_says(&said("sv_SE", "QUEUED", true), &words);
        let recipient = said("sv_SE", "QUEUED", false);
        assert_says(&recipient, &["Öppna den nu", "Solskolan"]);
        assert!(!recipient.contains("socialjouren"), "{recipient}");
        assert_says(
            &said("en_GB", "QUEUED", true),
            &["call the social services' reception now"],
        );
        assert_says(
            &said("sv_SE", "RELEASED", false),
            &["inte kvitterats", "Öppna den nu"],
        );
    }

    #[test]
    fn what_failed_cannot_be_opened_and_what_is_over_asks_for_nothing() {
        let withheld = said("sv_SE", "WITHHELD", false);
        assert_says(&withheld, &["kom inte fram", "Avsändaren är larmad"]);
        assert!(!withheld.contains("Avsändare:"), "{withheld}");
        assert_says(
            &said("sv_SE", "EXPIRED", false),
            &["Avsändaren är larmad", "Solskolan"],
        );
        let rejected = said("sv_SE", "REJECTED", false);
        assert_says(&rejected, &["avvisades", "vart den ska"]);
        assert!(!rejected.contains("går inte att öppna"), "{rejected}");
        for own in [true, false] {
            let over = said("sv_SE", "ACKNOWLEDGED", own);
            assert_says(&over, &["Larmet är över"]);
            assert!(!over.contains("Ring"), "{over}");
        }
    }
}
