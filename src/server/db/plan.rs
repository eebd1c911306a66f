//! The promise that no query of a public page reads a whole table or sorts more than a page, on either database.

use super::comment::{POSTGRES_PREVIEWED, SQLITE_PREVIEWED};
use super::search::{POSTGRES_COUNT, POSTGRES_FIND, SQLITE_COUNT, SQLITE_FIND};
use super::{Connection, Db, Statement, test};

/// Statements that no public page runs, by how they begin, and who does.
const NOT_OF_PAGES: [(&str, &str); 8] = [
    ("SELECT u.id, u.slug, u.name, b.geometry", "the map of results, which shows every unit that lies somewhere"),
    (
        "SELECT u.id, u.slug, u.name, COALESCE(l.name, '') AS level, u.parent_id",
        "the list of all units, which shows every one",
    ),
    ("SELECT COUNT(*) FROM announcement", "the commands of the demonstration"),
    ("SELECT COUNT(*) FROM comment c JOIN discussion", "the commands of the demonstration"),
    ("SELECT a.slug, a.state FROM revision r", "import"),
    ("SELECT COUNT(*) FROM category WHERE id = -1", "the probe of readiness"),
    ("SELECT rc.code, c.state", "the list of waiting comments, of so many as wait"),
    ("SELECT tag_id FROM announcement_tag", "publishing and withdrawing"),
];
/// What may be read from its beginning to its end: it stays small however large the portal gets, or has a limit.
const SMALL: [&str; 13] = [
    "moderation_mode",
    "moderation_reason",
    "moderation_rule",
    "category",
    "front",
    "same_category",
    "arrived",
    "answered",
    "exact",
    "folded",
    "found",
    "dated",
    "ranked",
];
/// Indexes that are read from their beginning, or from their end, as far as the page goes.
const IN_ORDER: [&str; 6] = [
    "announcement_campaign_index",
    "announcement_demonstration_index",
    "announcement_latest_index",
    "comment_recent_index",
    "example_latest_index",
    "announcement_search_pkey",
];
/// Statements that sort, by how they go on somewhere, and no more than what.
const SORTS: [(&str, &str); 11] = [
    ("FROM moderation_reason WHERE ends", "the published reasons"),
    ("AS same_category", "the latest of one category and of the tags of one announcement"),
    ("FROM category front", "four for each category"),
    ("SELECT slug, name FROM category", "the categories"),
    ("FROM comment x", "the comments of the home page"),
    ("FROM revision_tag rt", "the tags of one announcement"),
    ("WITH exact", "the ids of what is found, up to its limit"),
    ("FROM registration g JOIN unit u", "the units of one campaign"),
    ("FROM take_up t JOIN unit n", "the units that took one example up"),
    ("FROM target WHERE campaign_id", "the targets of one campaign"),
    ("FROM period WHERE campaign_id", "the periods of one campaign"),
];

fn of_pages() -> Vec<&'static str> {
    // What only the desk asks goes to a few officials.
    let all = inventory::iter::<Statement>.into_iter().filter(|statement| !statement.place.contains("/db/desk/"));
    let all = all.map(|statement| statement.sql);
    let of_pages: Vec<_> = all
        .filter(|sql| sql.starts_with("SELECT") && !NOT_OF_PAGES.iter().any(|(start, _)| sql.starts_with(start)))
        .collect();
    assert!(of_pages.len() > 15, "only {} statements were found", of_pages.len());
    of_pages
}

fn may_sort(sql: &str) -> bool {
    SORTS.iter().any(|(part, _)| sql.contains(part))
}

async fn explain_sqlite(db: &Db, sql: &str) -> Vec<String> {
    let mut session = db.read().await.expect("a session");
    let Connection::Sqlite(connection) = session.connection() else { panic!("SQLite") };
    let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(connection).await.expect("a plan");
    steps.into_iter().map(|(.., step)| step).collect()
}

/// An empty table is quicker to read, to sort and to join than to look up in, so these are switched off: what is left
/// of them can't be avoided.
async fn explain_postgres(db: &Db, sql: &str) -> Vec<String> {
    let mut session = db.read().await.expect("a session");
    let Connection::Postgres(connection) = session.connection() else { panic!("PostgreSQL") };
    let values = (1..=9).filter(|n| sql.contains(&format!("${n}"))).map(|_| "NULL").collect::<Vec<_>>().join(", ");
    let values = if values.is_empty() { values } else { format!("({values})") };
    for statement in [
        "SET enable_seqscan = off; SET enable_sort = off; SET enable_hashjoin = off; SET enable_mergejoin = off"
            .to_owned(),
        "SET plan_cache_mode = force_generic_plan".to_owned(),
        format!("PREPARE explained AS {sql}"),
    ] {
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut *connection).await.expect("a statement");
    }
    let explain = sqlx::AssertSqlSafe(format!("EXPLAIN (COSTS off) EXECUTE explained{values}"));
    let rows = sqlx::raw_sql(explain).fetch_all(&mut *connection).await.expect("a plan");
    sqlx::raw_sql("DEALLOCATE explained").execute(connection).await.expect("no statement");
    rows.iter().map(|row| sqlx::Row::get::<String, _>(row, 0).trim().to_owned()).collect()
}

/// The steps of a plan that must not be: a table read whole, by itself or along an index without looking anything up in
/// it, and a sort where the statement has none to make.
fn complaints_sqlite(sql: &str, steps: &[String]) -> Vec<String> {
    let is_wrong = |step: &&String| {
        let whole = step.strip_prefix("SCAN ").is_some_and(|of| {
            let small = of.starts_with('(') || SMALL.iter().any(|small| of.split(' ').next() == Some(small));
            !small && !IN_ORDER.iter().any(|index| of.ends_with(index)) && !of.contains("VIRTUAL TABLE INDEX")
        });
        whole || (step.contains("TEMP B-TREE FOR") && !may_sort(sql))
    };
    steps.iter().filter(is_wrong).cloned().collect()
}

/// The same for PostgreSQL, where what an index is asked stands in the line below.
fn complaints_postgres(sql: &str, steps: &[String]) -> Vec<String> {
    let is_wrong = |(at, step): &(usize, &String)| {
        let name = |of: &str| of.split(' ').next().unwrap_or_default().to_owned();
        let read = step.split_once("Seq Scan on ").map(|(_, of)| name(of));
        let index = step.split_once("Scan using ").or_else(|| step.split_once("Scan Backward using "));
        let asked = steps.get(at + 1).is_some_and(|next| next.starts_with("Index Cond"));
        let along = index.filter(|_| !asked).is_some_and(|(_, using)| {
            let table = using.split_once(" on ").map(|(_, of)| name(of)).unwrap_or_default();
            !IN_ORDER.contains(&name(using).as_str()) && !SMALL.contains(&table.as_str())
        });
        let whole = read.is_some_and(|table| !SMALL.contains(&table.as_str()));
        whole || along || (step.ends_with("Sort") && !may_sort(sql))
    };
    steps.iter().enumerate().filter(is_wrong).map(|(_, step)| step.clone()).collect()
}

/// Queries that no page may ask: along an index or not, each reads or sorts all there is.
const WRONG: [&str; 4] = [
    "SELECT id FROM announcement WHERE publicly_updated_at = 7",
    "SELECT id FROM announcement WHERE publicly_updated_at = 7 ORDER BY id",
    "SELECT id FROM comment WHERE discussion_id = 7 ORDER BY author_name",
    "SELECT c.id FROM comment c JOIN announcement a ON a.slug = c.text",
];

#[tokio::test]
async fn no_query_of_a_page_reads_a_whole_table_on_sqlite() {
    let db = test::sqlite().await;
    for sql in of_pages().into_iter().chain([SQLITE_FIND, SQLITE_COUNT, SQLITE_PREVIEWED]) {
        let complaints = complaints_sqlite(sql, &explain_sqlite(&db, sql).await);
        assert!(complaints.is_empty(), "{complaints:#?}\n{sql}");
    }
    for sql in WRONG {
        assert!(!complaints_sqlite(sql, &explain_sqlite(&db, sql).await).is_empty(), "nothing is said of: {sql}");
    }
}

#[tokio::test]
async fn no_query_of_a_page_reads_a_whole_table_on_postgres() {
    let db = test::postgres().await;
    for sql in of_pages().into_iter().chain([POSTGRES_FIND, POSTGRES_COUNT, POSTGRES_PREVIEWED]) {
        let steps = explain_postgres(&db, sql).await;
        let complaints = complaints_postgres(sql, &steps);
        assert!(complaints.is_empty(), "{complaints:#?}\n{steps:#?}\n{sql}");
    }
    for sql in WRONG {
        assert!(!complaints_postgres(sql, &explain_postgres(&db, sql).await).is_empty(), "nothing is said of: {sql}");
    }
}

/// What SQLite chooses depends on what it has counted. Threads of two or three comments are the worst for pages: that
/// few seem to have no thread either, as if it were one of theirs, and those are half of the portal.
#[tokio::test]
async fn the_pages_of_a_discussion_go_along_what_is_shown_once_sqlite_has_counted() {
    let db = test::sqlite().await;
    let mut session = db.write().await.expect("a session");
    let Connection::Sqlite(connection) = session.connection() else { panic!("SQLite") };
    for sql in [
        "INSERT INTO discussion (subject_kind, subject_id, created_at) VALUES ('announcement', 1, 1), ('announcement', 2, 1)",
        "INSERT INTO receipt (code, subject_kind, created_at) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
         SELECT i, 'comment', i FROM n",
        "INSERT INTO comment (discussion_id, receipt_id, thread_id, state, shown, author_name, text, html, language, created_at, decided_at)
         SELECT 1 + (id % 50 = 0), id, CASE WHEN id > 2000 THEN id - 2000 END, CASE WHEN id < 3500 THEN 'published' ELSE 'waiting' END,
                id < 3500, '', '', '', 'vi', id, id FROM receipt ORDER BY id",
        "UPDATE comment SET previewed = shown AND thread_id IS NOT NULL",
    ] {
        sqlx::query(sql).execute(&mut *connection).await.expect("rows");
    }
    session.commit().await.expect("a commit");
    for count in ["ANALYZE", "PRAGMA analysis_limit = 100; ANALYZE"] {
        let mut session = db.write().await.expect("a session");
        let Connection::Sqlite(connection) = session.connection() else { panic!("SQLite") };
        sqlx::raw_sql(count).execute(connection).await.expect("counted");
        session.commit().await.expect("a commit");
        let lists = of_pages().into_iter().filter(|sql| sql.contains("shown") && sql.contains("LIMIT 51"));
        let mut seen = 0;
        for sql in lists.chain([SQLITE_PREVIEWED]) {
            let steps = explain_sqlite(&db, sql).await;
            let good = ["comment_shown_index", "comment_agreed_index", "comment_thread_index", "comment_preview_index"];
            assert!(steps.iter().any(|step| good.iter().any(|index| step.contains(index))), "{steps:#?}\n{sql}");
            seen += 1;
        }
        assert!(seen >= 5, "only {seen} lists were found");
    }
}
