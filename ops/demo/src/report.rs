//! The story as one HTML page: every step with its reasons, and the receipts by which it can be checked.
//!
//! Self-contained: one file, no scripts, nothing loaded from elsewhere, so that it can be forwarded, printed
//! and kept. Source: HTML as of WHATWG's living standard; the stylesheet is `samrum-ui`'s with a few rules
//! for paper.

use std::fs;
use std::path::Path;

use futures_util::future::try_join_all;
use samrum_ui::{Language, STYLESHEET, moment};
use serde_json::Value;

use crate::narration::{self, ReportWords, Tone};
use crate::process::text;
use crate::step::{Decided, Outcome, Telling};
use crate::story::Scene;
use crate::trouble::{Result, Trouble};
use crate::world::now;

/// Rules for this page alone.
const RULES: &str = "
body { max-width: 52rem; margin: 0 auto; padding: 1.5rem; }
ol.story { padding-left: 1.5rem; }
ol.story > li { margin-bottom: 1.25rem; break-inside: avoid; }
ol.story p { margin: 0.25rem 0; }
.outcome { font-weight: 700; }
.good { color: #14532d; }
.bad { color: #8f1d1d; }
.more, .ids { font-size: 0.875rem; color: #4b4b4b; }
.ids, td.hash, pre { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; font-size: 0.8125rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.875rem; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.5rem; border-bottom: 1px solid #c9c9c9; }
@media print { body { max-width: none; padding: 0; } a { text-decoration: none; } }
";

/// One decision with its proof.
pub(crate) struct Receipt {
    decision: Decided,
    index: u64,
    leaf_hash: String,
    checkpoint: String,
}

/// Fetches the receipt of every decision, each by the unit that asked.
pub(crate) async fn receipts(scene: &Scene, decisions: &[Decided]) -> Result<Vec<Receipt>> {
    try_join_all(decisions.iter().map(|decision| receipt(scene, decision))).await
}

async fn receipt(scene: &Scene, decision: &Decided) -> Result<Receipt> {
    let answer = scene
        .unit(decision.by, &["ledger", "receipt", &decision.id], "")
        .await?
        .done()?;
    Ok(Receipt {
        decision: decision.clone(),
        index: answer.get("index").and_then(Value::as_u64).unwrap_or_default(),
        leaf_hash: text(&answer, "/leaf_hash")?,
        checkpoint: text(&answer, "/checkpoint")?,
    })
}

/// Writes the page.
pub(crate) fn write(
    file: &Path,
    told: &[Telling],
    receipts: &[Receipt],
    log_key: &str,
    language: Language,
) -> Result<()> {
    let page = page(told, receipts, log_key, &moment(now(), language), language);
    fs::write(file, page).map_err(Trouble::file(file))
}

fn page(told: &[Telling], receipts: &[Receipt], log_key: &str, played: &str, language: Language) -> String {
    let words = narration::report_words(language);
    let mut html = String::new();
    let title = escaped(words.title);
    html.push_str(&format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{STYLESHEET}{RULES}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n",
        language.code()
    ));
    paragraph(&mut html, "lead", words.lead);
    paragraph(
        &mut html,
        "more",
        &format!("{} {played}. {}", words.played, words.invented),
    );
    heading(&mut html, words.story);
    html.push_str("<ol class=\"story\">\n");
    for telling in told {
        step(&mut html, telling, language);
    }
    html.push_str("</ol>\n");
    readable(&mut html, language);
    table(&mut html, receipts, &words);
    let checkpoint = receipts.iter().max_by_key(|receipt| receipt.index);
    if let Some(newest) = checkpoint {
        heading(&mut html, words.checkpoint);
        html.push_str(&format!("<pre>{}</pre>\n", escaped(newest.checkpoint.trim_end())));
    }
    paragraph(&mut html, "ids", &format!("{}: {log_key}", words.log_key));
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

fn step(html: &mut String, telling: &Telling, language: Language) {
    let told = &telling.told;
    let class = match told.outcome {
        Outcome::Deny | Outcome::Withheld | Outcome::Rejected => "bad",
        Outcome::Ok | Outcome::Permit | Outcome::Verified => "good",
    };
    html.push_str(&format!("<li id=\"{}\">\n", telling.step.id()));
    html.push_str(&format!(
        "<p>{} <span class=\"outcome {class}\">{}</span></p>\n",
        escaped(narration::title(telling.step, language)),
        escaped(narration::outcome(told.outcome, language))
    ));
    for line in &told.lines {
        let (tone, sentences) = narration::sentences(line, language);
        for (place, sentence) in sentences.iter().enumerate() {
            let class = match (place, tone) {
                (0, Tone::Good) => "good",
                (0, Tone::Bad) => "bad",
                (0, Tone::Plain) => "plain",
                _ => "more",
            };
            paragraph(html, class, sentence);
        }
    }
    let codes: Vec<&str> = told.reasons.iter().map(|reason| reason.code.as_str()).collect();
    let ids: Vec<&str> = told
        .decisions
        .iter()
        .map(|decision| decision.id.as_str())
        .collect();
    let known = [codes, ids].concat();
    if !known.is_empty() {
        paragraph(html, "ids", &known.join(" · "));
    }
    html.push_str("</li>\n");
}

fn readable(html: &mut String, language: Language) {
    let readable = narration::readable(language);
    for (title, items) in [
        (readable.can_heading, readable.can),
        (readable.cannot_heading, readable.cannot),
    ] {
        heading(html, title);
        html.push_str("<ul>\n");
        for item in items {
            html.push_str(&format!("<li>{}</li>\n", escaped(item)));
        }
        html.push_str("</ul>\n");
    }
}

fn table(html: &mut String, receipts: &[Receipt], words: &ReportWords) {
    heading(html, words.receipts);
    paragraph(html, "more", words.receipts_lead);
    html.push_str("<table>\n<thead><tr>");
    for column in [words.decision, words.by, words.answer, words.place, words.leaf] {
        html.push_str(&format!("<th scope=\"col\">{}</th>", escaped(column)));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for Receipt {
        decision,
        index,
        leaf_hash,
        ..
    } in receipts
    {
        let answer = if decision.permitted { words.yes } else { words.no };
        html.push_str(&format!(
            "<tr><td class=\"hash\">{}</td><td>{}</td><td>{}</td><td>{index}</td><td class=\"hash\">{}</td></tr>\n",
            escaped(&decision.id),
            escaped(decision.by.name),
            escaped(answer),
            escaped(leaf_hash)
        ));
    }
    html.push_str("</tbody>\n</table>\n");
}

fn heading(html: &mut String, title: &str) {
    html.push_str(&format!("<h2>{}</h2>\n", escaped(title)));
}

fn paragraph(html: &mut String, class: &str, text: &str) {
    html.push_str(&format!("<p class=\"{class}\">{}</p>\n", escaped(text)));
}

/// Text that is text in HTML, in content and in quoted attributes.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::narration::Line;
    use crate::step::{Asked, StepId, Told};
    use crate::world::SOCIAL_SERVICES;

    const HOSTILE: &str = "<script>alert('x')</script> & \"more\"";

    fn decision() -> Decided {
        Decided {
            id: "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5".to_owned(),
            asked: Asked::Send,
            permitted: false,
            by: &SOCIAL_SERVICES,
            sender: None,
        }
    }

    fn example(language: Language) -> String {
        let telling = Telling {
            step: StepId::SummonsWithoutConsent,
            told: Told::new(Outcome::Deny)
                .decided(decision())
                .saying(Line::Missing {
                    name: HOSTILE.to_owned(),
                }),
            seconds: 0.1,
        };
        let receipt = Receipt {
            decision: decision(),
            index: 41,
            leaf_hash: HOSTILE.to_owned(),
            checkpoint: HOSTILE.to_owned(),
        };
        page(&[telling], &[receipt], "log+key", "today", language)
    }

    #[test]
    fn whatever_is_said_is_text_and_never_markup() {
        assert_eq!(
            escaped(HOSTILE),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;more&quot;"
        );
        let page = example(Language::English);
        assert!(!page.contains("<script"), "{page}");
        assert_eq!(
            page.matches("&lt;script&gt;").count(),
            3,
            "in a line, a cell and the checkpoint"
        );
    }

    #[test]
    fn the_page_needs_nothing_from_elsewhere() {
        for language in [Language::English, Language::Swedish] {
            let page = example(language);
            for outside in ["src=", "href=", "url(", "@import", "http://", "https://"] {
                assert!(!page.contains(outside), "{outside}");
            }
            assert!(page.starts_with("<!doctype html>") && page.contains("<title>"));
        }
    }

    #[test]
    fn the_page_holds_story_limits_and_receipts_in_its_language() {
        for (language, words) in [
            (
                Language::English,
                ["lang=\"en\"", "What the hub cannot read", "Receipts"],
            ),
            (
                Language::Swedish,
                ["lang=\"sv\"", "Vad navet inte kan läsa", "Kvitton"],
            ),
        ] {
            let page = example(language);
            for word in words {
                assert!(page.contains(word), "{word}");
            }
            assert!(page.contains(&decision().id) && page.contains("<td>41</td>"));
        }
    }
}
