//! What both databases promise alike.

use super::*;

/// An empty database of each kind, with its schema.
async fn both() -> [Db; 2] {
    let sqlite = super::test::sqlite().await;
    let postgres = super::test::postgres().await;
    [sqlite, postgres]
}

#[tokio::test]
async fn every_statement_is_understood_by_both_databases() {
    let statements: Vec<_> = inventory::iter::<Statement>.into_iter().collect();
    assert!(statements.len() > 30, "only {} statements were found", statements.len());
    for db in both().await {
        let mut session = db.read().await.expect("a session");
        for Statement { sql, place } in &statements {
            use sqlx::{Executor, SqlSafeStr};
            let sql = sqlx::AssertSqlSafe(*sql).into_sql_str();
            let prepared = match session.connection() {
                Connection::Sqlite(c) => c.prepare(sql).await.map(|_| ()),
                Connection::Postgres(c) => c.prepare(sql).await.map(|_| ()),
            };
            assert!(prepared.is_ok(), "{place}: {prepared:?}");
        }
    }
}

/// A commit is on the disk before it is acknowledged, so that it survives power loss, not the end of the process only.
#[tokio::test]
async fn commits_are_on_the_disk_before_they_are_acknowledged() {
    for db in both().await {
        let mut session = db.write().await.expect("a session");
        match session.connection() {
            Connection::Sqlite(c) => {
                let full = sqlx::query_as::<_, (i64,)>("PRAGMA synchronous").fetch_one(&mut *c).await.expect("a mode");
                let log = sqlx::query_as::<_, (String,)>("PRAGMA journal_mode").fetch_one(c).await.expect("a mode");
                assert_eq!((full.0, log.0.as_str()), (2, "wal"));
            }
            Connection::Postgres(c) => {
                let mode =
                    sqlx::query_as::<_, (String,)>("SHOW synchronous_commit").fetch_one(c).await.expect("a mode");
                assert_eq!(mode.0, "on");
            }
        }
    }
}

#[tokio::test]
async fn both_databases_have_the_same_tables_and_columns() {
    let mut schemas = Vec::new();
    for db in both().await {
        let mut session = db.read().await.expect("a session");
        let mut columns: Vec<(String, String)> = match session.connection() {
            Connection::Sqlite(c) => sqlx::query_as(
                "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
                 WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\'
                   AND t.name NOT LIKE 'announcement\\_search%' ESCAPE '\\' ORDER BY 1, 2",
            )
            .fetch_all(c)
            .await
            .expect("columns"),
            Connection::Postgres(c) => sqlx::query_as(
                "SELECT table_name::text, column_name::text FROM information_schema.columns
                 WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%' AND table_name <> 'announcement_search'",
            )
            .fetch_all(c)
            .await
            .expect("columns"),
        };
        columns.sort();
        assert!(columns.len() > 60);
        schemas.push(columns);
    }
    assert_eq!(schemas[0], schemas[1]);
}
