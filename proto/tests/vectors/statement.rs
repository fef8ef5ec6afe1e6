//! Statements: each reads into what the generator names, and its signature and digest hold.

use samrum_proto::canonical::{Canonical, Raw};
use samrum_proto::envelope::{SigningKeyPair, VerifyingKey};
use samrum_proto::statement::*;

use crate::format::{Case, cases};

/// Reads, verifies and writes again; gives the value.
fn checked<T: Statement + Clone>(case: &Case) -> T {
    let (bytes, signature) = (case.bytes("bytes"), case.bytes("signature"));
    let key = VerifyingKey::from_bytes(case.array("signing_public_key")).unwrap();
    let signed = Signed::<T>::verify(&bytes, &signature, &key).unwrap();
    assert_eq!(
        [case.text("label_text").as_bytes(), &[0]].concat(),
        T::LABEL.as_bytes(),
        "{}",
        case.name
    );
    assert_eq!(signed.raw().digest(), case.array("digest"), "{}", case.name);
    let pair = SigningKeyPair::from_seed(&case.bytes("signing_seed")).unwrap();
    let again = Signed::sign(signed.value().clone(), &pair).unwrap();
    assert_eq!(
        (again.bytes(), again.signature()),
        (bytes.as_slice(), signed.signature()),
        "{}",
        case.name
    );
    signed.value().clone()
}

fn case<'a>(all: &'a [Case], name: &str) -> &'a Case {
    all.iter().find(|case| case.name == name).unwrap()
}

#[test]
fn statements_say_what_they_were_made_to_say() {
    let all = cases(include_str!("statement.txt"));
    assert_eq!(all.len(), 6);
    let keys = checked::<KeyStatement>(case(&all, "key statement"));
    let key_id = Raw::new(keys.clone()).unwrap().key_id();
    assert_eq!(key_id.as_bytes(), &case(&all, "key statement").array("digest"));

    let change = checked::<KeyStateChange>(case(&all, "key state change"));
    assert_eq!(
        (change.unit, change.key_id, change.state),
        (keys.unit, key_id, KeyState::DecryptOnly)
    );

    let acting = checked::<ActingStatement>(case(&all, "acting statement"));
    assert_eq!(
        (acting.user.as_str(), acting.role.as_str()),
        ("anna.åberg", "socialsekreterare")
    );
    assert_eq!(acting.method, "/samrum.exchange.v1.ExchangeService/SendDocument");
    assert_eq!(
        (acting.unit, acting.assurance_level, acting.request[0]),
        (keys.unit, 3, 0x10)
    );
    assert!(acting.is_fresh(keys.valid_from_us));

    let answer = checked::<DeliveryAnswer>(case(&all, "delivery acknowledged"));
    assert_eq!(
        (answer.answer, answer.at_us),
        (Answer::Acknowledged, keys.valid_from_us)
    );
    let answer = checked::<DeliveryAnswer>(case(&all, "delivery rejected"));
    assert_eq!(
        answer.answer,
        Answer::Rejected {
            reason: "Avser ett annat barn".into()
        }
    );

    let ticket = checked::<Ticket>(case(&all, "ticket"));
    assert_eq!(ticket.log_origin, "log.example/samrum");
    assert_eq!(ticket.leaf_hash, samrum_proto::ledger::leaf_hash(b"leaf"));
}

#[test]
fn no_statement_passes_for_another() {
    let all = cases(include_str!("statement.txt"));
    for case in &all {
        let bytes = case.bytes("bytes");
        let readable = [
            KeyStatement::decode(&bytes).is_ok(),
            KeyStateChange::decode(&bytes).is_ok(),
            ActingStatement::decode(&bytes).is_ok(),
            DeliveryAnswer::decode(&bytes).is_ok(),
            Ticket::decode(&bytes).is_ok(),
        ];
        assert_eq!(
            readable.iter().filter(|readable| **readable).count(),
            1,
            "{}",
            case.name
        );
    }
}
