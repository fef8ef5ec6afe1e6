//! The cases as a document in Swedish, for a lawyer to read on paper: one section for every provision, one part
//! for every pair, and at the end every reason with the pairs that show it.

use core::fmt::Write;
use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::coverage;
use crate::table::{Book, Case, Expected, Pair, Then};

/// What stands at the top.
const OPENING: &str = "# Typfall: får jag dela det här?

<!-- Skapad ur consent/cases/*.toml. Ändra där, och skriv sedan ut på nytt:
     cargo nextest run -p samrum-consent --test cases --run-ignored only -->

Det här är reglerna i Samrum, visade i typfall för den som ska granska dem. Typfallen står i par: två fall som skiljer
sig i en enda uppgift och därför får olika svar. Samma fall prövas mot programmet varje gång det ändras.

Samrum prövar om en uppgift får lämnas från en enhet till en annan: på ett registrerat samtycke, på en
sekretessbrytande bestämmelse eller på en skyldighet att lämna uppgifter. Prövningen är ett stöd för
sekretessprövningen och ersätter den inte. *Navet* är det gemensamma program som för dokument mellan enheterna; den
ansvarige för navet bestämmer det som lagen lämnar öppet. Bestämmelserna är sammanfattade; lagtexten gäller.
Personer, enheter och huvudmän är påhittade.

Förkortningar: BUP barn- och ungdomspsykiatrin; SIP samordnad individuell plan; OSL offentlighets- och
sekretesslagen; LVU lagen med särskilda bestämmelser om vård av unga; LVM lagen om vård av missbrukare i vissa fall;
LPT och LRV lagarna om psykiatrisk och rättspsykiatrisk tvångsvård; LSS lagen om stöd och service till vissa
funktionshindrade.
";

/// The whole document.
pub(crate) fn document(book: &Book) -> String {
    let mut text = OPENING.to_owned();
    starts(book, &mut text);
    for chapter in &book.chapters {
        write(
            &mut text,
            format_args!("\n## {}\n\n{}\n", chapter.heading, chapter.introduction),
        );
        let mut sections: Vec<&str> = Vec::new();
        for pair in &chapter.pair {
            if !sections.contains(&pair.provision.as_str()) {
                sections.push(&pair.provision);
            }
        }
        for section in sections {
            provision(book, section, &mut text);
            for pair in chapter.pair.iter().filter(|pair| pair.provision == section) {
                part(book, pair, &mut text);
            }
        }
    }
    questions(book, &mut text);
    index(book, &mut text);
    text
}

fn write(text: &mut String, more: core::fmt::Arguments<'_>) {
    text.write_fmt(more).expect("text has room");
}

fn starts(book: &Book, text: &mut String) {
    text.push_str("\n## Utgångslägen\n\nVarje typfall börjar i ett av dem och säger bara vad som är annorlunda. Om inget annat sägs är det onsdagen den 15 april 2026.\n\n");
    for (name, start) in &book.shared.start {
        write(text, format_args!("- *{name}*: {}\n", start.text));
    }
    text.push_str("\nSamtycket i utgångslägena gäller från och med den 2 mars till och med den 1 september 2026. BUP får enligt det dela uppgifter om psykisk hälsa, skola och läkemedel med barnenheten och skolsköterskan inför SIP, i kallelser, anteckningar, planer och enstaka uppgiftslämnanden, och en plan får göras.\n");
}

fn provision(book: &Book, id: &str, text: &mut String) {
    let law = book.law.provision(id).expect("a provision of the catalogue");
    write(
        text,
        format_args!("\n### {}, {}\n\n> {}\n", law.statute, law.section, law.sv),
    );
}

fn part(book: &Book, pair: &Pair, text: &mut String) {
    let (first, second) = (book.first(pair), book.second(pair));
    write(
        text,
        format_args!(
            "\n#### {}\n\n**Situation.** {} (Utgångsläge: *{}*.)\n\n**Fråga.** {}\n\n",
            pair.heading, pair.situation, pair.start, pair.question
        ),
    );
    text.push_str("| Fall | Uppgifter | Svar | Därför |\n| --- | --- | --- | --- |\n");
    let rows = [
        ("a", "Som i situationen.".to_owned(), &first),
        ("b", format!("Enda skillnaden: {}", pair.difference), &second),
    ];
    for (letter, facts, case) in rows {
        let (answer, why) = answered(book, case);
        write(
            text,
            format_args!("| `{}.{letter}` | {facts} | {answer} | {why} |\n", pair.id),
        );
    }
    write(text, format_args!("\n**Regeln.** {}\n", pair.because));
    if let Some(review) = &pair.review {
        write(text, format_args!("\n**Fråga till granskaren.** {review}\n"));
    }
    if let Some(reason) = named_reason(&first) {
        write(text, format_args!("\n**Avsändarens skäl.** ”{reason}”\n"));
    }
    tried(pair, text);
}

/// The facts as they were tried, so that the words can be held against them.
fn tried(pair: &Pair, text: &mut String) {
    let mut facts = Vec::new();
    // The sender's reason has just been said.
    let beyond = pair.facts.iter().filter(|(key, _)| *key != "reason");
    let beyond = beyond.map(|(key, value)| (key.clone(), value.clone())).collect();
    written("", &beyond, &mut facts);
    let mut changed = Vec::new();
    written("", &pair.but, &mut changed);
    changed.extend(pair.without.iter().map(|path| format!("utan `{path}`")));
    let beyond = if facts.is_empty() {
        "inget utöver utgångsläget".to_owned()
    } else {
        facts.join(", ")
    };
    write(
        text,
        format_args!("\nPrövat med: {beyond}. Ändrat i b: {}.\n", changed.join(", ")),
    );
}

/// Every value by its path; a record in one piece.
fn written(path: &str, facts: &Table, into: &mut Vec<String>) {
    for (key, value) in facts {
        let path = format!("{path}.{key}").trim_start_matches('.').to_owned();
        match value {
            Value::Table(below) if below.len() == 1 => written(&path, below, into),
            value => into.push(format!("`{path} = {value}`")),
        }
    }
}

/// The sender's reason in words, where a provision is named.
fn named_reason(case: &Case) -> Option<&str> {
    let basis = case.facts.get("basis").and_then(Value::as_str)?;
    let reason = case.facts.get("reason").and_then(Value::as_str)?;
    (!matches!(basis, "CONSENT" | "DUTY") && !reason.is_empty()).then_some(reason)
}

fn answered(book: &Book, case: &Case) -> (String, String) {
    let several = case.answer.len() > 1;
    let mut answers = Vec::new();
    let mut reasons = Vec::new();
    for (unit, answer) in &case.answer {
        let to = if several {
            format!(", till {}", unit_name(case, unit))
        } else {
            String::new()
        };
        answers.push(format!(
            "**{}**{to}.",
            if answer.yes.is_empty() { "Nej" } else { "Ja" }
        ));
        reasons.push(why(book, case, answer));
    }
    (answers.join(" "), reasons.join(" "))
}

fn unit_name<'a>(case: &'a Case, unit: &'a str) -> &'a str {
    let units = case.facts.get("units").and_then(|units| units.get(unit));
    units.and_then(|unit| unit.get("name")?.as_str()).unwrap_or(unit)
}

fn why(book: &Book, case: &Case, answer: &Expected) -> String {
    let mut sentences = Vec::new();
    for ground in &answer.yes {
        sentences.push(match book.law.provision(ground) {
            Some(_) => format!("{} bär.", short(book, ground)),
            None if answer.yes.len() > 1 => format!("Samtycket *{ground}* bär sin del."),
            None => "Samtycket bär.".to_owned(),
        });
    }
    for reason in &answer.no {
        sentences.push(sentence(book, case, reason));
    }
    for reason in &answer.warns {
        sentences.push(format!("Visas som varning: {}", sentence(book, case, reason)));
    }
    for id in &answer.mentions {
        sentences.push(format!("{} nämns som en möjlig annan grund.", short(book, id)));
    }
    match answer.then {
        Some(Then::Waits) => sentences.push("Dokumentet väntar vidare, oläsligt.".to_owned()),
        Some(Then::Withheld) => sentences.push("Dokumentet stoppas för gott.".to_owned()),
        None => {}
    }
    sentences.join(" ")
}

/// Statute and section without the number in brackets where the section says it all.
fn short(book: &Book, id: &str) -> String {
    let law = book.law.provision(id).expect("a provision of the catalogue");
    format!("{}, {},", law.statute, law.section)
}

/// A reason in words, with its code and the provision behind it.
fn sentence(book: &Book, case: &Case, reason: &str) -> String {
    let mut words = reason.split(' ');
    let code = words.next().unwrap_or_default();
    let arguments: Vec<&str> = words.collect();
    let said = book.shared.reason.get(code);
    let mut text = said.unwrap_or_else(|| panic!("{code} has no sentence")).clone();
    let filled = match (code, arguments.as_slice()) {
        ("SIGNATURE_MISSING", [number, capacity]) => {
            let capacity = word(book, capacity);
            match *number {
                "0" => format!("en {capacity} som aldrig har tillfrågats"),
                number => match asked(case, number) {
                    Some(name) => format!("{name} ({capacity})"),
                    None => capacity,
                },
            }
        }
        (_, [argument]) => {
            let own = book.shared.word.get(reason).cloned();
            own.unwrap_or_else(|| word(book, argument))
        }
        _ => String::new(),
    };
    if let (Some(from), Some(to)) = (text.find('{'), text.find('}')) {
        text.replace_range(from..=to, &filled);
    }
    let law = case.behind.get(reason).and_then(|id| book.law.provision(id));
    let law = law.map_or(String::new(), |law| {
        format!(" ({}, {})", law.statute, law.section)
    });
    format!("{text}{law} `{code}`")
}

/// A code as it stands in a sentence; a date as people write it.
fn word(book: &Book, code: &str) -> String {
    let known = book.shared.word.get(code).cloned();
    known
        .or_else(|| date(code))
        .unwrap_or_else(|| panic!("{code} has no word"))
}

fn date(code: &str) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ];
    let day: jiff::civil::Date = code.parse().ok()?;
    let month = MONTHS.get(usize::try_from(day.month() - 1).ok()?)?;
    Some(format!("den {} {month} {}", day.day(), day.year()))
}

/// The name of the person with this number in the usual consent; a board has none.
fn asked(case: &Case, number: &str) -> Option<String> {
    let consents = case.facts.get("consents")?.as_table()?;
    let answers = consents.get("samtycke")?.get("answers")?.as_table()?;
    let asked = answers
        .iter()
        .filter(|(_, answer)| answer.as_str() != Some("NOT_ASKED"));
    let name = asked
        .map(|(name, _)| name)
        .nth(number.parse::<usize>().ok()? - 1)?;
    let person = case.facts.get("people")?.get(name)?;
    Some(person.get("name")?.as_str()?.to_owned())
}

/// What the lawyer is asked, in one place.
fn questions(book: &Book, text: &mut String) {
    text.push_str("\n## Frågor till granskaren\n\n");
    for pair in book.pairs() {
        if let Some(review) = &pair.review {
            write(text, format_args!("- `{}`: {review}\n", pair.id));
        }
    }
}

fn index(book: &Book, text: &mut String) {
    text.push_str(
        "\n## Skälen till ett nej, och var de visas\n\n| Skäl | Kod | Typfall |\n| --- | --- | --- |\n",
    );
    let shown: BTreeMap<_, _> = coverage::by_reason(book);
    for code in coverage::REASONS {
        let sentence = book.shared.reason.get(*code).map_or("", String::as_str);
        let pairs = shown
            .get(*code)
            .map(|pairs| pairs.join("`, `"))
            .unwrap_or_default();
        write(
            text,
            format_args!("| {} | `{code}` | `{pairs}` |\n", plain(sentence)),
        );
    }
    text.push_str(
        "\n## Bestämmelserna som avgör, och var de visas\n\n| Bestämmelse | Typfall |\n| --- | --- |\n",
    );
    for (id, pairs) in coverage::by_provision(book) {
        let law = book.law.provision(&id).expect("a provision of the catalogue");
        write(
            text,
            format_args!(
                "| {}, {} | `{}` |\n",
                law.statute,
                law.section,
                pairs.join("`, `")
            ),
        );
    }
}

/// A sentence with an ellipsis where an argument would stand.
fn plain(sentence: &str) -> String {
    match (sentence.find('{'), sentence.find('}')) {
        (Some(from), Some(to)) => {
            let mut text = sentence.to_owned();
            text.replace_range(from..=to, "…");
            text.replace("….", "…")
        }
        _ => sentence.to_owned(),
    }
}
