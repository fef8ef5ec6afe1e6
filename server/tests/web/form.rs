//! Reading a page as a browser does: its forms with their hidden fields, its text.

/// A form: where it goes, and what it holds.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    /// Where it goes.
    pub(crate) action: String,
    /// Its hidden fields.
    pub(crate) fields: Vec<(String, String)>,
}

impl Form {
    /// The same with another value in one field.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        let field = self.fields.iter_mut().find(|(known, _)| known == name).unwrap();
        value.clone_into(&mut field.1);
        self
    }

    /// The same without one field.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    /// The value of a field.
    pub(crate) fn field(&self, name: &str) -> &str {
        &self.fields.iter().find(|(known, _)| known == name).unwrap().1
    }

    /// As it is sent (WHATWG URL, `application/x-www-form-urlencoded`).
    pub(crate) fn encoded(&self) -> String {
        let pairs = self.fields.iter().map(|(name, value)| {
            let value: String = value.bytes().map(percent).collect();
            format!("{name}={value}")
        });
        pairs.collect::<Vec<_>>().join("&")
    }
}

fn percent(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || byte == b'-' {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

/// Every form of a page.
pub(crate) fn forms(page: &str) -> Vec<Form> {
    let form = |part: &str| {
        let (opening, rest) = part.split_once('>').unwrap();
        let (content, _) = rest.split_once("</form>").unwrap();
        assert_eq!(attribute(opening, "method").as_deref(), Some("post"));
        let fields = content.split("<input").skip(1).map(|input| {
            let tag = input.split_once('>').unwrap().0;
            assert_eq!(attribute(tag, "type").as_deref(), Some("hidden"));
            (attribute(tag, "name").unwrap(), attribute(tag, "value").unwrap())
        });
        Form {
            action: attribute(opening, "action").unwrap(),
            fields: fields.collect(),
        }
    };
    page.split("<form").skip(1).map(form).collect()
}

/// The value of an attribute in double quotes.
pub(crate) fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(plain(rest.split_once('"')?.0))
}

/// What stands between the first such opening tag and its end.
pub(crate) fn inside<'a>(page: &'a str, opening: &str, closing: &str) -> &'a str {
    let (_, rest) = page.split_once(opening).unwrap();
    rest.split_once(closing).unwrap().0
}

/// What a person reads: text without tags.
pub(crate) fn text(html: &str) -> String {
    let parts = html
        .split('<')
        .enumerate()
        .map(|(place, part)| match part.split_once('>') {
            Some((_tag, text)) if place > 0 => text,
            _ => part,
        });
    plain(&parts.collect::<String>())
}

/// Text without character references.
pub(crate) fn plain(text: &str) -> String {
    let named = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    named
        .iter()
        .fold(text.to_owned(), |text, (reference, character)| {
            text.replace(reference, character)
        })
}
