//! The catalogues that arbitrary situations are judged by: the one that is built in; one that an operator
//! has extended, with a policy of its own; one in which statutes change on the day of the world.

use std::sync::{Arc, LazyLock};

use samrum_consent::law::{Law, Policy};

use crate::world::{CATALOGUE, CONCERN, NECESSARY_SUPPORT, days};

/// What an operator may add: conditions that no provision of the built-in catalogue combines so.
const EXTENSION: &str = r#"
[[provision]]
id = "LOCAL-CHILD"
statute = "Exempelförordning"
section = "1 §"
role = "basis"
applies_if_any = ["under-18"]
age_unknown_counts_as_child = true
sv = "Exempel: uppgift om barn."
en = "Example: about a child."

[[provision]]
id = "LOCAL-PROVEN-CHILD"
statute = "Exempelförordning"
section = "2 §"
role = "basis"
applies_if_any = ["under-18", "cannot-consent"]
sv = "Exempel: uppgift om barn med styrkt ålder."
en = "Example: about a child of proven age."

[[provision]]
id = "LOCAL-RECEPTION"
statute = "Exempelförordning"
section = "3 §"
role = "basis"
to_board_reception_only = true
categories = ["HEALTH_MENTAL", "SCHOOL_SITUATION"]
sv = "Exempel: vissa uppgifter till mottagningen."
en = "Example: some categories, to the reception."

[[provision]]
id = "LOCAL-BOTH"
statute = "Exempelförordning"
section = "4 §"
role = "basis"
covers_relatives = true
applies_if_any = ["under-18", "lss-measures"]
applies_if_all = ["compulsory-psychiatric-care"]
sv = "Exempel: flera omständigheter."
en = "Example: several circumstances."
"#;

/// A catalogue as text and as the engine reads it.
pub(crate) struct Catalogue {
    /// As written.
    pub(crate) text: String,
    /// As read.
    pub(crate) law: Arc<Law>,
}

/// The catalogues.
pub(crate) static CATALOGUES: LazyLock<[Catalogue; 3]> = LazyLock::new(|| {
    let strict = Policy {
        custody_max_age: days(40),
        maturity_age: 15,
    };
    let dated = |text: &str, id: &str, line: &str| {
        let id = format!("id = \"{id}\"\n");
        text.replace(&id, &format!("{id}{line}\n"))
    };
    let changing = dated(CATALOGUE, NECESSARY_SUPPORT, "to_date = \"2026-04-14\"");
    let changing = dated(&changing, CONCERN, "to_date = \"2026-04-14\"");
    let changing = dated(&changing, "OSL-26-9", "from_date = \"2026-04-16\"");
    [
        catalogue(CATALOGUE.to_owned(), Policy::default()),
        catalogue(format!("{CATALOGUE}{EXTENSION}"), strict),
        catalogue(changing, Policy::default()),
    ]
});

fn catalogue(text: String, policy: Policy) -> Catalogue {
    let mut law = Law::parse(&text).expect("a catalogue");
    law.policy = policy;
    Catalogue {
        text,
        law: Arc::new(law),
    }
}
