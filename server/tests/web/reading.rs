//! What a guardian reads: the list in its order, and everything that is asked.

use axum::http::StatusCode;
use samrum_consent::consent::State;

use super::form::plain;
use super::world::World;

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
    let no = format!("/consents/{ended}/decline");
    let form = kim.get(&format!("/consents/{ended}")).await.form(&no);
    kim.press(&form).await.expect(StatusCode::OK);
    for browser in [&mut kim, &mut robin] {
        let form = browser
            .get(&format!("/consents/{active}"))
            .await
            .form(&format!("/consents/{active}/sign"));
        browser.press(&form).await.expect(StatusCode::OK);
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
        "Du kan ändra dig när du vill.",
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
        let page = kim.get(&format!("/consents/{signed}")).await;
        kim.press(&page.form(&format!("/consents/{signed}/sign")))
            .await
            .expect(StatusCode::OK);
    }
    let page = kim.get("/consents").await.expect(StatusCode::OK).text;
    let [first, open, last] = ids.map(|id| page.find(&format!("/consents/{id}")).unwrap());
    assert!(open < first && open < last, "{open} {first} {last}");
}
