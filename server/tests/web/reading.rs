//! What a guardian reads: the list in its order, and everything that is asked.

use axum::http::StatusCode;
use jiff::SignedDuration;
use samrum_consent::consent::State;

use super::form::{inside, plain, text};
use super::world::{STRANGER, World};

#[tokio::test]
async fn what_waits_comes_first_then_what_is_in_force_then_what_has_ended() {
    let world = World::begin().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(world.ask(&world.scope()).await);
    }
    let (ended, active, waiting) = (ids[0], ids[1], ids[2]);
    let mut kim = world.logged_in("kim").await;
    let mut robin = world.logged_in("robin").await;
    kim.say_no(ended).await;
    for browser in [&mut kim, &mut robin] {
        browser.say_yes(active).await;
    }
    assert!(matches!(world.consent(active).await.state, State::Active { .. }));

    let page = kim.get("/consents").await.expect(StatusCode::OK).text;
    let at = |text: String| page.find(&text).unwrap();
    let places = [
        at("tag-waiting".to_owned()),
        at("tag-active".to_owned()),
        at("tag-ended".to_owned()),
    ];
    assert!(places.is_sorted(), "{places:?}");
    let cards = [waiting, active, ended].map(|id| at(format!("/consents/{id}")));
    assert!(cards.is_sorted(), "{cards:?}");
    let home = kim.get("/").await.expect(StatusCode::OK).text;
    assert!(home.contains("En fråga väntar på ditt svar."));
}

#[tokio::test]
async fn a_question_says_who_whom_what_with_whom_until_when_and_what_not() {
    let (world, id) = World::asked().await;
    let mut kim = world.logged_in("kim").await;
    let page = kim.get(&format!("/consents/{id}")).await.expect(StatusCode::OK);
    let text = plain(&page.text);
    for said in [
        "Socialtjänsten barn och unga, Socialnämnden, Exempelby kommun",
        "BUP Exempelstad, Hälso- och sjukvårdsnämnden, Region Exempel",
        "Elevhälsan Exempelskolan",
        "Alva Exempel",
        "psykisk hälsa",
        "<li>läkemedel</li>",
        "till och med 28 februari 2027",
        "I vilka dokument",
        "SIP är en plan som du, ditt barn och verksamheterna gör tillsammans: vem gör vad, och när.",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    // Whoever else is asked is a number, never a name.
    assert!(!text.contains("Robin"));
    // Yes and no are alike but for colour and words.
    assert!(text.contains("<button class=\"button-yes\" type=\"submit\">"));
    assert!(text.contains("<button class=\"button-no\" type=\"submit\">"));
}

#[tokio::test]
async fn a_grown_person_reads_of_themselves_and_decides_alone() {
    let world = World::begin().await;
    let id = world.ask_adult(STRANGER, &world.scope()).await;
    let mut sam = world.logged_in("stranger").await;
    let page = sam.read(id).await;
    assert!(page.contains("SIP är en plan som du och verksamheterna gör tillsammans"));
    assert!(!page.contains("ditt barn") && !page.contains("En annan som ska svara"));
    let receipt = sam.say_yes(id).await.text;
    assert!(receipt.contains("Alla har svarat ja, och samtycket gäller."));
    let mut kim = world.logged_in("kim").await;
    kim.get(&format!("/consents/{id}"))
        .await
        .expect(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn before_the_buttons_it_says_what_each_answer_does_and_who_sees_it() {
    let (world, id) = World::asked().await;
    let page = world.logged_in("kim").await.get(&format!("/consents/{id}")).await;
    let page = page.expect(StatusCode::OK).text;
    let at = |words: &str| page.find(words).unwrap();
    let places = [
        at("<h2>Innan du svarar</h2>"),
        at("Säger du nej delas inget med stöd av det här samtycket, och frågan är avslutad för alla."),
        at("Svarar du inte delas inget med stöd av det, så länge ditt ja behövs."),
        at("Är ni två förstår den andra att det var du."),
        at("Säger du nej och ändrar dig måste de fråga på nytt."),
        at("Du är inloggad i en halvtimme."),
        at("class=\"button-yes\""),
        at("class=\"button-no\""),
    ];
    assert!(places.is_sorted(), "{places:?}");
    assert!(
        !page.contains("Du kan ändra dig när du vill"),
        "a no cannot be changed"
    );
}

#[tokio::test]
async fn two_questions_of_one_unit_are_told_apart_by_their_links() {
    let (world, first) = World::asked().await;
    world.pass(SignedDuration::from_hours(24));
    let second = world.ask(&world.scope()).await;
    let page = world.logged_in("kim").await.get("/consents").await.text;
    for (id, day) in [(first, "23"), (second, "24")] {
        let link = inside(&page, &format!("<a href=\"/consents/{id}\">"), "</a>");
        assert_eq!(
            link,
            format!("Socialtjänsten barn och unga frågade {day} november 2026")
        );
    }
}

#[tokio::test]
async fn swedish_names_are_marked_on_an_english_page_and_the_text_stays_as_it_is_signed() {
    let (world, id) = World::asked().await;
    world.record(id, 2, World::oral()).await;
    let mut kim = world.logged_in("kim").await;
    kim.always.push(("accept-language", "en; q=0.8".to_owned()));
    let page = kim
        .get(&format!("/consents/{id}"))
        .await
        .expect(StatusCode::OK)
        .text;
    let name = "Socialtjänsten barn och unga, Socialnämnden, Exempelby kommun";
    let marked = format!("<span lang=\"sv\">{name}</span>");
    assert!(page.contains(&format!("orally according to {marked}")), "{page}");
    let statement = inside(&page, "<blockquote class=\"statement\">", "</blockquote>");
    assert!(
        statement.contains(&format!("Who asks: {marked}\n")),
        "{statement}"
    );
    // Nowhere but in the list of units, which is marked as a whole, does it stand bare.
    let bare = page.replace(&marked, "").replace(&format!("<li>{name}</li>"), "");
    let bare = bare.replace(&format!("<dd lang=\"sv\">{name}"), "");
    assert!(!bare.contains(name), "{bare}");
    let list = kim.get("/consents").await.text;
    assert!(list.contains("<span lang=\"sv\">Socialtjänsten barn och unga</span> asked on 23 November 2026"));
}

#[tokio::test]
async fn a_receipt_can_be_read_again_and_by_nobody_else() {
    let (world, id) = World::asked().await;
    let (mut kim, mut robin) = (world.logged_in("kim").await, world.logged_in("robin").await);
    let receipt = format!("/consents/{id}/receipt");
    let none = kim.get(&receipt).await.expect(StatusCode::SEE_OTHER);
    assert_eq!(none.location(), format!("/consents/{id}"));
    let first = kim.say_yes(id).await.text;
    world.pass(SignedDuration::from_mins(10));
    let again = kim.get(&receipt).await.expect(StatusCode::OK).text;
    assert_eq!(first, again);
    for said in [
        "Ditt svar: ja",
        "Vem det gäller: Alva Exempel",
        "Socialtjänsten barn och unga",
        "När: 23 november 2026 kl. 10.00",
        "Med numren kan den som driver Samrum ta fram vad du svarade och när.",
        &id.to_string(),
    ] {
        assert!(text(&again).contains(said), "{said}: {again}");
    }
    assert!(kim.read(id).await.contains("Läs ditt kvitto"));
    robin.get(&receipt).await.expect(StatusCode::SEE_OTHER);
    let mut stranger = world.logged_in("stranger").await;
    stranger.get(&receipt).await.expect(StatusCode::NOT_FOUND);
    // The newest answer is the one it tells.
    kim.take_back(id).await;
    let last = kim.get(&receipt).await.expect(StatusCode::OK).text;
    assert!(text(&last).contains("Ditt svar: tog tillbaka ditt ja"));
    assert!(text(&last).contains("När: 23 november 2026 kl. 10.10"));
}

#[tokio::test]
async fn the_list_is_for_those_who_are_logged_in_and_holds_nothing_of_others() {
    let (world, id) = World::asked().await;
    for path in [
        "/consents".to_owned(),
        format!("/consents/{id}"),
        format!("/consents/{id}/revoke"),
    ] {
        let page = world.browser().get(&path).await.expect(StatusCode::FORBIDDEN);
        assert!(!page.text.contains("Alva"), "{path}");
    }
    let mut stranger = world.logged_in("stranger").await;
    let page = stranger.get("/consents").await.expect(StatusCode::OK);
    assert!(!page.text.contains("Alva") && !page.text.contains(&id.to_string()));
}

#[tokio::test]
async fn what_waits_for_the_reader_comes_before_what_waits_for_others() {
    let world = World::begin().await;
    let mut ids = [
        world.ask(&world.scope()).await,
        world.ask(&world.scope()).await,
        world.ask(&world.scope()).await,
    ];
    // Whichever order they come in, one in the middle cannot be last by chance.
    ids.sort_unstable();
    let mut kim = world.logged_in("kim").await;
    for signed in [ids[0], ids[2]] {
        kim.say_yes(signed).await;
    }
    let page = kim.get("/consents").await.expect(StatusCode::OK).text;
    let [first, open, last] = ids.map(|id| page.find(&format!("/consents/{id}")).unwrap());
    assert!(open < first && open < last, "{open} {first} {last}");
}
