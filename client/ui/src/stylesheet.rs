//! The stylesheet, embedded. What the classes are for stands in its own head; `style/sample.html` shows them all.
//!
//! Source: WCAG 2.2 (AAA contrast for text, AA for the rest).

/// The one stylesheet of portal and desk: no framework, no external resources, no inline styles needed.
///
/// **Shape**: UTF-8 CSS, served as `text/css`.
pub const STYLESHEET: &str = include_str!("../style/samrum.css");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const SAMPLE: &str = include_str!("../style/sample.html");

    /// The colour with this name, as sRGB.
    fn colour(name: &str) -> [f64; 3] {
        let hex = STYLESHEET.split(&format!("--{name}: #")).nth(1).unwrap();
        [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0)
    }

    /// WCAG 2.2, relative luminance.
    fn luminance(colour: [f64; 3]) -> f64 {
        let [red, green, blue] = colour.map(|part| {
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// WCAG 2.2, contrast ratio.
    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(colour(one)), luminance(colour(other)));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn text_can_be_read_on_every_ground_it_stands_on() {
        let grounds = ["ground", "paper", "calm-pale", "warm-pale", "yes-pale", "no-pale"];
        let mut pairs: Vec<_> = grounds.map(|ground| ("ink", ground)).into();
        pairs.extend([("ink-soft", "ground"), ("ink-soft", "paper"), ("ink", "focus")]);
        pairs.extend(grounds.map(|ground| ("calm", ground)));
        pairs.extend([
            ("calm-deep", "calm-pale"),
            ("paper", "calm"),
            ("paper", "calm-deep"),
        ]);
        pairs.extend([
            ("warm", "warm-pale"),
            ("yes", "yes-pale"),
            ("no", "no-pale"),
            ("no", "ground"),
        ]);
        for (text, ground) in pairs {
            let ratio = contrast(text, ground);
            assert!(ratio >= 7.0, "{text} on {ground}: {ratio:.2}");
        }
        for ground in ["paper", "ground"] {
            assert!(contrast("line", ground) >= 3.0, "borders of controls on {ground}");
        }
        assert!(
            contrast("line-soft", "paper") < 3.0,
            "the measure tells pale from dark"
        );
    }

    /// The stylesheet without its comments.
    fn rules() -> String {
        let parts = STYLESHEET.split("*/");
        parts.map(|part| part.split("/*").next().unwrap()).collect()
    }

    #[test]
    fn nothing_comes_from_elsewhere_and_nothing_has_a_left_or_right() {
        let rules = rules();
        for foreign in ["url(", "@import", "@font-face", "http:", "https:", "!important"] {
            assert!(!rules.contains(foreign), "{foreign}");
        }
        for physical in ["-left", "-right", "left:", "right:", ": left", ": right"] {
            assert!(
                !rules.contains(physical),
                "{physical}: write -inline-start or -inline-end"
            );
        }
        assert!(!SAMPLE.contains("<script") && !SAMPLE.contains("style="));
    }

    #[test]
    fn every_class_is_shown_in_the_sample() {
        let rules = rules();
        let mut classes = BTreeSet::new();
        for (at, _) in rules.match_indices('.') {
            let rest = rules[at + 1..].chars();
            let name: String = rest.take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
            if !name.is_empty() {
                classes.insert(name);
            }
        }
        assert!(classes.contains("choices"), "classes are found");
        let shown: BTreeSet<&str> = SAMPLE
            .split("class=\"")
            .skip(1)
            .flat_map(|rest| rest.split('"').next().unwrap().split(' '))
            .collect();
        let hidden: Vec<_> = classes
            .iter()
            .filter(|class| !shown.contains(class.as_str()))
            .collect();
        assert_eq!(hidden, Vec::<&String>::new());
    }
}
