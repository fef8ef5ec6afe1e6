//! The program `load` on the smallest scale: every figure is there. What they are worth shows in a release build.

use std::collections::BTreeMap;

use samrum_tests::judged_by;

const FIGURES: [&str; 14] = [
    "seconds",
    "sends",
    "sends_per_s",
    "echo_per_s",
    "ratio_to_echo",
    "p50_ms",
    "p99_ms",
    "lone_p50_ms",
    "deliver_p50_ms",
    "deliver_p99_ms",
    "seal_per_s",
    "hub_rss_mib",
    "busy",
    "growth",
];

#[test]
fn every_figure_is_told() {
    let few = ["--seconds", "1", "--prefill", "2000"];
    let (_, said) = judged_by(env!("CARGO_BIN_EXE_load"), &few);
    let lines: BTreeMap<&str, &str> = said.lines().map(|line| line.split_once(": ").unwrap()).collect();
    assert_eq!(lines.get("store"), Some(&"sqlite"), "{said}");
    for name in FIGURES {
        let figure = lines.get(name).and_then(|figure| figure.parse::<f64>().ok());
        assert!(figure.is_some_and(f64::is_finite), "{name}: {said}");
    }
    assert_eq!(lines.len(), FIGURES.len() + 1, "{said}");
}
