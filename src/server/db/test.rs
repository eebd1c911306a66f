//! Databases for tests: a new one each, on SQLite and on PostgreSQL.

use sqlx::Connection as _;

use super::*;

/// A new SQLite database in a folder that is left to the system's cleaning of temporary files.
pub(crate) async fn sqlite() -> Db {
    let folder = tempfile::tempdir().expect("a folder").keep();
    let db = Db::open_sqlite(&folder.join("thidua.db")).await.expect("a database");
    db.migrate().await.expect("a schema");
    db
}

/// A new database on the PostgreSQL that `make test` starts.
pub(crate) async fn postgres() -> Db {
    let url = std::env::var("THIDUA_TEST_POSTGRES_URL")
        .expect("THIDUA_TEST_POSTGRES_URL names a PostgreSQL for tests; `make test` sets it");
    let mut bytes = [0_u8; 8];
    getrandom::fill(&mut bytes).expect("random bytes");
    let name = format!("thidua_{}", hex::encode(bytes));
    let mut admin = PgConnection::connect(&url).await.expect("PostgreSQL");
    let make = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(make).execute(&mut admin).await.expect("a database");
    let (server, _) = url.rsplit_once('/').expect("an address with a database");
    let db = Db::open_postgres(&format!("{server}/{name}")).await.expect("the database");
    db.migrate().await.expect("a schema");
    db
}

/// An announcement of a state without any content.
pub(crate) async fn add_announcement(db: &Db, slug: &str, state: &str) {
    let mut session = db.write().await.expect("a session");
    let id = announcement::add(&mut session, "announcement", slug, false, crate::server::clock::now())
        .await
        .expect("a draft");
    const SET: &str =
        "UPDATE announcement SET state = $2, published_revision_id = 1, first_published_at = 1 WHERE id = $1";
    execute!(session, SET, id, state).expect("a state");
    session.commit().await.expect("a commit");
}
