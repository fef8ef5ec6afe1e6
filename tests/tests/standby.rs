//! The harness' own standby: it has what was confirmed, and takes its primary's place.

use samrum_tests::Cluster;
use sqlx::{Connection as _, PgConnection, query_scalar};

async fn notes(cluster: &Cluster) -> i64 {
    let mut connection = PgConnection::connect(&cluster.address("hub0")).await.unwrap();
    let count = query_scalar("SELECT count(*) FROM note");
    count.fetch_one(&mut connection).await.unwrap()
}

#[tokio::test]
async fn a_standby_has_what_was_confirmed_and_takes_the_killed_primarys_place() {
    let (first, second) = {
        let first = Cluster::start();
        first.database().await;
        first.execute("hub0", "CREATE TABLE note (id BIGINT)").await;
        let second = first.standby();
        (first, second)
    };
    first.confirm_with_standby().await;
    first.execute("hub0", "INSERT INTO note VALUES (1)").await;
    first.kill_hard();
    assert!(PgConnection::connect(&first.address("hub0")).await.is_err());
    second.promote();
    assert_eq!(notes(&second).await, 1);

    // And back again.
    first.follow(&second);
    second.confirm_with_standby().await;
    second.execute("hub0", "INSERT INTO note VALUES (2)").await;
    second.kill_hard();
    first.promote();
    assert_eq!(notes(&first).await, 2);
}
