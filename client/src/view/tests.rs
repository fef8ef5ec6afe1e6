//! JSON shapes: the same bytes for the same answer, whatever order a map came in.

use samrum_proto::wire::consent::v1 as consent_wire;
use samrum_proto::wire::decision::v1 as wire;

use super::*;

fn time() -> Option<prost_types::Timestamp> {
    Some(prost_types::Timestamp {
        seconds: 1_772_352_000,
        nanos: 0,
    })
}

fn denied() -> wire::Verdict {
    let arguments = [("signatory", "2"), ("a", "1"), ("z", "3")];
    wire::Verdict {
        recipient_unit_id: vec![2; 16],
        permitted: false,
        ground: None,
        reasons: vec![wire::Reason {
            code: 2,
            arguments: arguments
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            provision_id: "FB-6-11".to_owned(),
            remedy: String::new(),
        }],
        ..wire::Verdict::default()
    }
}

fn permitted() -> wire::Verdict {
    let version = wire::ConsentVersion {
        consent_id: vec![3; 16],
        revision: 4,
    };
    let ground = wire::ground::Ground::Consent(wire::ConsentGround {
        consents: vec![version],
    });
    wire::Verdict {
        recipient_unit_id: vec![1; 16],
        permitted: true,
        ground: Some(wire::Ground { ground: Some(ground) }),
        reasons: Vec::new(),
        ..wire::Verdict::default()
    }
}

fn answer(verdicts: Vec<wire::Verdict>) -> wire::CheckResponse {
    wire::CheckResponse {
        decision_id: vec![9; 16],
        decided_at: time(),
        verdicts,
        ticket: None,
    }
}

#[test]
fn a_decision_has_one_shape_to_the_byte() {
    let decision = Decision::try_from(&answer(vec![permitted(), denied()])).unwrap();
    let json = serde_json::to_string(&decision).unwrap();
    let expected = concat!(
        r#"{"decision_id":"09090909-0909-0909-0909-090909090909","decided_at":"2026-03-01T08:00:00Z","#,
        r#""permitted":false,"verdicts":[{"recipient_unit_id":"01010101-0101-0101-0101-010101010101","#,
        r#""recipient_name":null,"permitted":true,"ground":{"consents":[{"consent_id":"#,
        r#""03030303-0303-0303-0303-030303030303","revision":4}]},"reasons":[]},"#,
        r#"{"recipient_unit_id":"02020202-0202-0202-0202-020202020202","recipient_name":null,"#,
        r#""permitted":false,"ground":null,"reasons":[{"code":"SIGNATURE_MISSING","#,
        r#""arguments":{"a":"1","signatory":"2","z":"3"},"provision_id":"FB-6-11","remedy":null,"#,
        r#""sentence":""}]}],"entry_id":null}"#
    );
    assert_eq!(json, expected);
    for _ in 0..20 {
        let again = Decision::try_from(&answer(vec![permitted(), denied()])).unwrap();
        assert_eq!(
            serde_json::to_string(&again).unwrap(),
            expected,
            "maps come in any order"
        );
    }
}

#[test]
fn facts_warnings_and_alternatives_come_after_what_was_there_before() {
    let mut verdict = permitted();
    verdict.facts = vec![
        wire::FactUsed {
            kind: wire::FactKind::Custody.into(),
            fact_id: Vec::new(),
            source: 1,
            checked_at: time(),
        },
        wire::FactUsed {
            kind: wire::FactKind::Assessment.into(),
            fact_id: vec![6; 16],
            source: 0,
            checked_at: None,
        },
    ];
    verdict.warnings = vec![wire::Reason {
        code: 12,
        ..wire::Reason::default()
    }];
    verdict.alternative_provision_ids = vec!["OSL-26-9".to_owned()];
    let json = serde_json::to_string(&Verdict::try_from(&verdict).unwrap()).unwrap();
    let before = serde_json::to_string(&Verdict::try_from(&permitted()).unwrap()).unwrap();
    let expected = concat!(
        r#","facts":[{"kind":"CUSTODY","fact_id":null,"source":"POPULATION_REGISTER","#,
        r#""checked_at":"2026-03-01T08:00:00Z"},{"kind":"ASSESSMENT","fact_id":"#,
        r#""06060606-0606-0606-0606-060606060606","source":null,"checked_at":null}],"#,
        r#""warnings":[{"code":"UNIT_EXCLUDED","arguments":{},"provision_id":null,"remedy":null,"sentence":""}],"#,
        r#""alternatives":[{"provision_id":"OSL-26-9","statute":"","section":"","sentence":""}]}"#
    );
    assert_eq!(
        json.strip_prefix(before.trim_end_matches('}'))
            .map(|rest| rest.trim_start_matches('}')),
        Some(expected)
    );
    verdict.facts[0].kind = 99;
    assert_eq!(Verdict::try_from(&verdict).unwrap_err().field, "facts.kind");
}

#[test]
fn yes_for_all_is_yes_and_yes_for_nobody_is_not() {
    assert!(Decision::try_from(&answer(vec![permitted()])).unwrap().permitted);
    assert!(!Decision::try_from(&answer(Vec::new())).unwrap().permitted);
}

#[test]
fn a_verdict_that_contradicts_itself_is_no_answer() {
    let mut groundless = permitted();
    groundless.ground = None;
    let mut reasonless = denied();
    reasonless.reasons.clear();
    let mut both = permitted();
    both.reasons = denied().reasons;
    for verdict in [groundless, reasonless, both] {
        assert_eq!(
            Decision::try_from(&answer(vec![verdict])).unwrap_err().field,
            "verdicts"
        );
    }
}

#[test]
fn unspecified_and_unknown_values_are_named() {
    let mut consent = consent_wire::Consent {
        consent_id: vec![1; 16],
        individual_id: vec![2; 16],
        requester_unit_id: vec![3; 16],
        requested_at: time(),
        ..consent_wire::Consent::default()
    };
    for state in [0, 99] {
        consent.state = state;
        assert_eq!(Consent::try_from(&consent).unwrap_err().field, "consent.state");
    }
    consent.state = consent_wire::ConsentState::Active.into();
    assert_eq!(Consent::try_from(&consent).unwrap_err().field, "consent.scope");
}
