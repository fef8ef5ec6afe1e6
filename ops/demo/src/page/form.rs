//! As much of HTML as filling in a form needs: tags with their attributes, character references, form encoding.
//!
//! Source: WHATWG HTML, forms and `application/x-www-form-urlencoded`, as plain pages use them. No scripts, no
//! frames, no uploads.

/// The most tags of a page that are looked at.
const MAX_TAGS: usize = 20_000;

/// A form, with the values that it is sent with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    /// Where it is sent.
    pub(crate) action: String,
    /// Names and values. A box that can be ticked is ticked: whoever sends the form has read it.
    pub(crate) fields: Vec<(String, String)>,
}

impl Form {
    /// As `application/x-www-form-urlencoded`.
    pub(crate) fn encoded(&self) -> String {
        let pairs = self.fields.iter();
        pairs
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect::<Vec<_>>()
            .join("&")
    }
}

fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => out.push('+'),
            b'*' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A tag: name in lower case, attributes as written, references resolved.
#[derive(Debug, PartialEq, Eq)]
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Every form that is sent with POST; a form without action leads to the page's own path.
pub(super) fn forms(html: &str, path: &str) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut open: Option<Form> = None;
    for tag in tags(html) {
        match tag.name.as_str() {
            "form"
                if tag
                    .get("method")
                    .is_some_and(|method| method.eq_ignore_ascii_case("post")) =>
            {
                let action = tag.get("action").filter(|action| !action.is_empty());
                open = Some(Form {
                    action: action.unwrap_or(path).to_owned(),
                    fields: Vec::new(),
                });
            }
            "/form" => forms.extend(open.take()),
            "input" | "button" => {
                let kind = tag.get("type").unwrap_or("text");
                let value = match (kind, tag.get("value")) {
                    ("checkbox", None) => "on",
                    (_, value) => value.unwrap_or_default(),
                };
                if let (Some(form), Some(name)) = (open.as_mut(), tag.get("name")) {
                    form.fields.push((name.to_owned(), value.to_owned()));
                }
            }
            _ => {}
        }
    }
    forms
}

/// Where the page's links lead.
pub(super) fn links(html: &str) -> Vec<String> {
    let anchors = tags(html).into_iter().filter(|tag| tag.name == "a");
    anchors
        .filter_map(|tag| tag.get("href").map(str::to_owned))
        .collect()
}

/// The page's text without tags; white space as single spaces.
pub(super) fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        rest = after.split_once('>').map_or("", |(_, behind)| behind);
    }
    text.push_str(rest);
    let words: Vec<String> = text.split_whitespace().map(resolved).collect();
    words.join(" ")
}

fn tags(html: &str) -> Vec<Tag> {
    let inside = html.split('<').skip(1).take(MAX_TAGS);
    inside.filter_map(|piece| tag(piece.split_once('>')?.0)).collect()
}

fn tag(inside: &str) -> Option<Tag> {
    let inside = inside.trim_end_matches('/').trim();
    let (name, mut rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    if name.is_empty() || name.starts_with('!') {
        return None;
    }
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let end = rest
            .find(|character: char| character == '=' || character.is_whitespace())
            .unwrap_or(rest.len());
        let (key, behind) = rest.split_at(end);
        let (value, after) = match behind.trim_start().strip_prefix('=') {
            Some(value) => quoted_value(value.trim_start()),
            None => ("", behind),
        };
        // A stray sign is no name; whatever it is, the rest gets shorter.
        if !key.is_empty() {
            attributes.push((key.to_ascii_lowercase(), resolved(value)));
        }
        rest = after;
    }
    Some(Tag {
        name: name.to_ascii_lowercase(),
        attributes,
    })
}

/// The value at the beginning, and what follows it.
fn quoted_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

/// Character references resolved: the five that templates write, and numbers.
fn resolved(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        match after
            .split_once(';')
            .and_then(|(name, behind)| Some((reference(name)?, behind)))
        {
            Some((character, behind)) => {
                out.push(character);
                rest = behind;
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

fn reference(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html><h1>Samtycke &amp; du</h1>
        <a class="x" href="/consents/1">Läs</a>
        <form method="post" action="/consents/1/sign">
          <input type="hidden" name="token" value="a&#43;b&quot;"><label>
          <input type=checkbox name=read required> Jag har läst</label>
          <button name="language" value='sv'>Ja</button>
        </form>
        <form action="/search"><input name="q"></form>
        <form method="POST"><input name="token" value="c"/></form>"#;

    fn field(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn forms_are_found_with_their_values() {
        let forms = forms(PAGE, "/here");
        assert_eq!(forms.len(), 2, "a form that only searches changes nothing");
        assert_eq!(forms[0].action, "/consents/1/sign");
        let expected = [
            field("token", "a+b\""),
            field("read", "on"),
            field("language", "sv"),
        ];
        assert_eq!(forms[0].fields, expected);
        assert_eq!(forms[1].action, "/here");
        assert_eq!(forms[1].fields, [field("token", "c")]);
    }

    #[test]
    fn values_are_encoded_as_browsers_do() {
        let form = Form {
            action: "/".to_owned(),
            fields: vec![field("a b", "å+&"), field("c", "d_e-f")],
        };
        assert_eq!(form.encoded(), "a+b=%C3%A5%2B%26&c=d_e-f");
    }

    #[test]
    fn links_and_words_are_read() {
        assert_eq!(links(PAGE), ["/consents/1"]);
        assert!(text_of(PAGE).contains("Samtycke & du"));
        assert!(!text_of(PAGE).contains("action"));
    }

    #[test]
    fn what_is_no_html_harms_nothing() {
        for text in [
            "",
            "<",
            "<>",
            "< >",
            "<a =",
            "<a b='",
            "&#xZZ;",
            "<form method=post",
            "<input = >",
        ] {
            assert!(forms(text, "/").is_empty(), "{text}");
            let _ = (links(text), text_of(text), resolved(text));
        }
        assert_eq!(resolved("a &nope; &#0x; b & c"), "a &nope; &#0x; b & c");
    }
}
