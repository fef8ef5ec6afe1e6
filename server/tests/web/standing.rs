//! Where a consent stands, as each of those it concerns reads it: who answered, how that is known, how it ended.

use axum::http::StatusCode;
use jiff::SignedDuration;
use samrum_consent::consent::State;
use samrum_server::service::consent::Recording;

use super::world::{CHILD, KIM, ROBIN, STRANGER, World};

/// What a person is told about others' answers, and what about their own.
const DAY: &str = "23 november 2026";
const MOMENT: &str = "23 november 2026 kl. 10.00";

#[track_caller]
fn assert_says(page: &str, said: &[&str], unsaid: &[&str]) {
    for words in said {
        assert!(page.contains(words), "{words}: {page}");
    }
    for words in unsaid {
        assert!(!page.contains(words), "not {words}: {page}");
    }
}

#[tokio::test]
async fn whoever_said_no_reads_that_they_did_and_the_other_that_somebody_did() {
    let (world, id) = World::asked().await;
    let (mut kim, mut robin) = (world.logged_in("kim").await, world.logged_in("robin").await);
    kim.say_no(id).await;
    let own = format!("Du sade nej {MOMENT}.");
    let row = format!("Du (nummer 1): sade nej {MOMENT}");
    assert_says(
        &kim.read(id).await,
        &[&own, &row],
        &["Någon sade nej", "slutade gälla"],
    );
    let closed = format!("Frågan avslutades {DAY}.");
    let theirs = robin.read(id).await;
    assert_says(
        &theirs,
        &["Någon sade nej", &closed, "Du (nummer 2): har inte sagt ja"],
        &["Du sade nej", "slutade gälla", "kl. 10.00"],
    );
}

#[tokio::test]
async fn whoever_took_it_back_reads_that_they_did_and_the_other_that_it_ended() {
    let (world, id) = World::asked().await;
    let (mut kim, mut robin) = (world.logged_in("kim").await, world.logged_in("robin").await);
    kim.say_yes(id).await;
    robin.say_yes(id).await;
    kim.take_back(id).await;
    let own = format!("Du tog tillbaka ditt ja {MOMENT}.");
    let row = format!("Du (nummer 1): sade ja, tog tillbaka det {MOMENT}");
    assert_says(&kim.read(id).await, &[&own, &row], &["Återkallat"]);
    let ended = format!("Det slutade gälla {DAY}.");
    assert_says(
        &robin.read(id).await,
        &["Återkallat", &ended, "Du (nummer 2): sade ja"],
        &["Du tog tillbaka", "Frågan avslutades"],
    );
}

#[tokio::test]
async fn others_answers_are_told_by_the_day_and_one_s_own_to_the_minute() {
    let (world, id) = World::asked().await;
    let (mut kim, mut robin) = (world.logged_in("kim").await, world.logged_in("robin").await);
    kim.say_yes(id).await;
    let own = format!("Du (nummer 1): sade ja {MOMENT}");
    assert_says(&kim.read(id).await, &[&own], &[]);
    let theirs = format!("En annan som ska svara (nummer 1): sade ja {DAY}");
    assert_says(&robin.read(id).await, &[&theirs], &["kl. 10.00"]);
}

#[tokio::test]
async fn a_yes_that_a_unit_wrote_down_is_told_as_such_and_can_be_taken_back() {
    for (recording, how) in [
        (World::oral(), "muntligt enligt Socialtjänsten"),
        (World::paper(), "på papper enligt Socialtjänsten"),
    ] {
        let (world, id) = World::asked().await;
        world.record(id, 1, recording).await;
        let (mut kim, mut robin) = (world.logged_in("kim").await, world.logged_in("robin").await);
        let row = format!("Du (nummer 1): ja {MOMENT}, {how}");
        assert_says(
            &kim.read(id).await,
            &[
                &row,
                "Ditt ja är inskrivet av Socialtjänsten",
                "Stämmer det inte? Ta tillbaka det här och prata med verksamheten.",
            ],
            &["Du har sagt ja", "sade ja"],
        );
        let list = kim.get("/consents").await.expect(StatusCode::OK).text;
        assert_says(
            &list,
            &["Ditt ja är inskrivet av Socialtjänsten"],
            &["Du har sagt ja"],
        );
        let receipt = kim
            .get(&format!("/consents/{id}/receipt"))
            .await
            .expect(StatusCode::OK);
        assert_says(
            &receipt.text,
            &[
                "Ditt ja är inskrivet",
                "ja, enligt Socialtjänsten",
                "Stämmer det inte?",
            ],
            &["Du har sagt ja"],
        );
        let theirs = format!("En annan som ska svara (nummer 1): ja {DAY}, {how}");
        assert_says(&robin.read(id).await, &[&theirs], &["Stämmer det inte?"]);
        kim.take_back(id).await;
        assert!(matches!(world.consent(id).await.state, State::Ended { .. }));
    }
}

#[tokio::test]
async fn a_no_that_a_unit_wrote_down_is_told_as_such_and_a_revocation_to_nobody_as_theirs() {
    let (world, id) = World::asked().await;
    world.record(id, 1, Recording::No).await;
    let mut kim = world.logged_in("kim").await;
    let said = format!("{MOMENT}.");
    assert_says(
        &kim.read(id).await,
        &[
            "Ditt nej är inskrivet av Socialtjänsten",
            &said,
            ", enligt Socialtjänsten",
        ],
        &["Du sade nej"],
    );
    let receipt = kim
        .get(&format!("/consents/{id}/receipt"))
        .await
        .expect(StatusCode::OK);
    assert_says(&receipt.text, &["Ditt nej är inskrivet"], &["Du har sagt nej"]);
    assert_says(
        &world.logged_in("robin").await.read(id).await,
        &["Någon sade nej"],
        &["Ditt nej"],
    );

    let id = world.ask(&world.scope()).await;
    world.revoke(id).await;
    assert_says(
        &kim.read(id).await,
        &["Återkallat"],
        &["Du tog tillbaka", "Ditt nej"],
    );
    let receipt = kim.get(&format!("/consents/{id}/receipt")).await;
    assert_eq!(
        receipt.expect(StatusCode::SEE_OTHER).location(),
        format!("/consents/{id}")
    );
}

#[tokio::test]
async fn a_no_that_came_too_late_leaves_it_as_run_out() {
    let (world, id) = World::asked().await;
    world.pass(SignedDuration::from_hours(24 * 120));
    world.record(id, 1, Recording::No).await;
    let page = world.logged_in("kim").await.read(id).await;
    assert_says(
        &page,
        &["Tiden har gått ut"],
        &["slutade gälla", "Någon sade nej", "avslutades"],
    );
}

#[tokio::test]
async fn what_everyone_has_agreed_to_begins_when_it_says() {
    let world = World::begin().await;
    let id = world.ask(&world.scope_from("2026-12-01T07:52:00Z")).await;
    let (mut kim, mut robin) = (world.logged_in("kim").await, world.logged_in("robin").await);
    kim.say_yes(id).await;
    let receipt = robin.say_yes(id).await.text;
    let from = "1 december 2026 kl. 08.52";
    assert_says(&receipt, &[&format!("Uppgifterna får delas från {from}.")], &[]);
    let page = kim.read(id).await;
    assert_says(
        &page,
        &[
            &format!("Börjar gälla {from}"),
            &format!("från {from} till och med 28 februari 2027"),
        ],
        &["till 1 mars"],
    );
    let list = kim.get("/consents").await.text;
    assert_says(
        &list,
        &[&format!("Gäller från {from} till och med 28 februari 2027")],
        &[],
    );
    world.pass(SignedDuration::from_hours(24 * 10));
    let page = world.logged_in("kim").await.read(id).await;
    assert_says(&page, &["Gäller"], &["Börjar gälla"]);
}

#[tokio::test]
async fn it_rests_while_somebody_s_yes_is_missing_and_is_in_force_when_nobody_s_is() {
    let (world, id) = World::asked().await;
    let (mut kim, mut robin) = (world.logged_in("kim").await, world.logged_in("robin").await);
    kim.say_yes(id).await;
    // Everyone who must sign by now has: it comes into force.
    world.custody(CHILD, &[KIM]).await;
    assert!(matches!(world.consent(id).await.state, State::Active { .. }));
    assert_says(&kim.read(id).await, &["Gäller"], &["någon annan har inte svarat"]);
    let rests = "Vilar: just nu kan inget delas med stöd av det";
    world.custody(CHILD, &[KIM, ROBIN]).await;
    assert_says(&kim.read(id).await, &[rests], &[]);
    robin.say_yes(id).await;
    let list = kim.get("/consents").await.text;
    assert_says(&list, &["Gäller nu eller senare"], &["Vilar"]);
    // In force, but somebody new must sign: it rests.
    world.custody(CHILD, &[KIM, ROBIN, STRANGER]).await;
    assert_says(&kim.read(id).await, &[rests], &[]);
    let list = kim.get("/consents").await.text;
    assert_says(&list, &["Vilar just nu", rests], &[]);
    let receipt = kim.get(&format!("/consents/{id}/receipt")).await.text;
    assert_says(
        &receipt,
        &["Inget delas med stöd av det här samtycket förrän"],
        &[],
    );
    // And is asked: with that yes it is in force again.
    world.logged_in("stranger").await.say_yes(id).await;
    assert_says(&kim.read(id).await, &[], &[rests]);
}

#[tokio::test]
async fn somebody_whose_yes_counts_now_sees_and_ends_what_nobody_asked_them() {
    let (world, id) = World::asked().await;
    let mut stranger = world.logged_in("stranger").await;
    stranger
        .get(&format!("/consents/{id}"))
        .await
        .expect(StatusCode::NOT_FOUND);
    world.custody_cut_short(CHILD, &[KIM, ROBIN, STRANGER]).await;
    let page = stranger.read(id).await;
    assert_says(
        &page,
        &[
            "Ingen har frågat dig, men du kan avsluta det när du vill.",
            "Avsluta det här",
        ],
        &["Du (nummer", "Ta tillbaka ditt ja"],
    );
    let means = stranger
        .get(&format!("/consents/{id}/revoke"))
        .await
        .expect(StatusCode::OK);
    assert_says(&means.text, &["Vill du avsluta det här?"], &["ditt ja"]);
    let receipt = stranger.take_back(id).await.text;
    assert_says(&receipt, &["Det är avslutat"], &["Du har sagt nej", "ditt ja"]);
    assert!(matches!(world.consent(id).await.state, State::Ended { .. }));
    // To those who were asked it is nobody's answer of theirs.
    let page = world.logged_in("kim").await.read(id).await;
    assert_says(&page, &["Återkallat"], &["Du tog tillbaka", "Du sade nej"]);
}

#[tokio::test]
async fn a_former_guardian_reads_why_and_only_their_own_answer() {
    let (world, id) = World::asked().await;
    let (mut kim, mut robin) = (world.logged_in("kim").await, world.logged_in("robin").await);
    kim.say_yes(id).await;
    robin.say_yes(id).await;
    world.custody(CHILD, &[ROBIN]).await;
    let page = kim.read(id).await;
    assert_says(
        &page,
        &[
            "Enligt uppgifterna i Samrum är det inte längre du som svarar i den här frågan.",
            "Du (nummer 1): sade ja",
        ],
        &["nummer 2", "Ta tillbaka"],
    );
    let list = kim.get("/consents").await.text;
    assert_says(&list, &["Avslutade, eller inte längre dina att svara på"], &[]);
    // Whoever still answers sees nobody but themselves either: nobody else counts.
    assert_says(&robin.read(id).await, &["Du (nummer 2): sade ja"], &["nummer 1"]);
}
