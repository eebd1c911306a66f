//! Search, where the two databases differ: FTS5 on SQLite, tsvector on PostgreSQL, both over folded text.

use super::announcement::list::{Placed, TeaserRow, select_teaser};
use super::{Connection, DbResult, Session};
use crate::domain::announcement::Teaser;

/// The words that a person asked for, folded and as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Without marks, in lower case.
    pub folded: Vec<String>,
    /// With marks, in lower case.
    pub exact: Vec<String>,
}

impl Terms {
    /// FTS5: every word, the last one as a beginning; quoted, so that nothing typed is syntax.
    fn fts5(column: &str, words: &[String]) -> String {
        let last = words.len().saturating_sub(1);
        let quoted: Vec<_> = words
            .iter()
            .enumerate()
            .map(|(i, word)| format!("\"{}\"{}", word.replace('"', "\"\""), if i == last { "*" } else { "" }))
            .collect();
        format!("{column} : ({})", quoted.join(" AND "))
    }

    /// The same for PostgreSQL's `to_tsquery`.
    fn tsquery(words: &[String]) -> String {
        let last = words.len().saturating_sub(1);
        let quoted: Vec<_> = words
            .iter()
            .enumerate()
            .map(|(i, word)| {
                format!("'{}'{}", word.replace('\'', "''").replace('\\', ""), if i == last { ":*" } else { "" })
            })
            .collect();
        quoted.join(" & ")
    }
}

/// Puts an announcement's text into the index, in place of what was there.
///
/// # Errors
/// When the database fails.
pub async fn index(session: &mut Session, announcement_id: i64, folded: &str, exact: &str) -> DbResult<()> {
    remove(session, announcement_id).await?;
    match session.connection() {
        Connection::Sqlite(c) => {
            sqlx::query("INSERT INTO announcement_search (rowid, folded, exact) VALUES ($1, $2, $3)")
                .bind(announcement_id)
                .bind(folded)
                .bind(exact)
                .execute(c)
                .await?;
        }
        Connection::Postgres(c) => {
            sqlx::query(
                "INSERT INTO announcement_search (announcement_id, folded, exact)
                 VALUES ($1, to_tsvector('simple', $2), to_tsvector('simple', $3))",
            )
            .bind(announcement_id)
            .bind(folded)
            .bind(exact)
            .execute(c)
            .await?;
        }
    }
    Ok(())
}

/// Takes an announcement out of the index.
///
/// # Errors
/// When the database fails.
pub async fn remove(session: &mut Session, announcement_id: i64) -> DbResult<()> {
    match session.connection() {
        Connection::Sqlite(c) => {
            sqlx::query("DELETE FROM announcement_search WHERE rowid = $1").bind(announcement_id).execute(c).await?;
        }
        Connection::Postgres(c) => {
            sqlx::query("DELETE FROM announcement_search WHERE announcement_id = $1")
                .bind(announcement_id)
                .execute(c)
                .await?;
        }
    }
    Ok(())
}

/// Takes what is no longer there out of the index.
///
/// # Errors
/// When the database fails.
pub async fn remove_orphans(session: &mut Session) -> DbResult<()> {
    match session.connection() {
        Connection::Sqlite(c) => {
            sqlx::query("DELETE FROM announcement_search WHERE rowid NOT IN (SELECT id FROM announcement)")
                .execute(c)
                .await?;
        }
        Connection::Postgres(c) => {
            sqlx::query("DELETE FROM announcement_search WHERE announcement_id NOT IN (SELECT id FROM announcement)")
                .execute(c)
                .await?;
        }
    }
    Ok(())
}

/// No search looks at more than so many announcements: the last that were added. It is in the statements, so that they
/// take no longer with a hundred times as many announcements.
pub const FOUND_MOST: i64 = 1000;

macro_rules! found_most {
    () => {
        "1000"
    };
}

/// What is found, the best first: exact accents, then the newest. Only the page of them is read whole. The date of each
/// is looked up, not joined: PostgreSQL would read all announcements for the join.
macro_rules! find {
    ($exact:literal, $folded:literal) => {
        concat!(
            "WITH exact AS MATERIALIZED (", $exact, " LIMIT ", found_most!(), "), folded AS (", $folded, " LIMIT ", found_most!(), "),
             found AS (SELECT id FROM exact UNION SELECT id FROM folded),
             dated AS (SELECT id, id IN (SELECT id FROM exact) AS is_exact,
                              (SELECT p.first_published_at FROM announcement p WHERE p.id = found.id AND p.state = 'published') AS at FROM found),
             ranked AS (SELECT id, is_exact FROM dated WHERE at IS NOT NULL ORDER BY is_exact DESC, at DESC, id DESC LIMIT $3 OFFSET $4) ",
            select_teaser!(),
            "JOIN ranked ON ranked.id = a.id ORDER BY ranked.is_exact DESC, a.first_published_at DESC, a.id DESC"
        )
    };
}
pub(super) const SQLITE_FIND: &str = find!(
    "SELECT rowid AS id FROM announcement_search WHERE announcement_search MATCH $2 ORDER BY rowid DESC",
    "SELECT rowid AS id FROM announcement_search WHERE announcement_search MATCH $1 ORDER BY rowid DESC"
);
pub(super) const POSTGRES_FIND: &str = find!(
    "SELECT announcement_id AS id FROM announcement_search WHERE exact @@ to_tsquery('simple', $2) ORDER BY announcement_id DESC",
    "SELECT announcement_id AS id FROM announcement_search WHERE folded @@ to_tsquery('simple', $1) ORDER BY announcement_id DESC"
);
pub(super) const SQLITE_COUNT: &str = concat!(
    "SELECT COUNT(*) FROM (SELECT 1 FROM announcement_search WHERE announcement_search MATCH $1 LIMIT ",
    found_most!(),
    ")"
);
pub(super) const POSTGRES_COUNT: &str = concat!(
    "SELECT COUNT(*) FROM (SELECT 1 FROM announcement_search WHERE folded @@ to_tsquery('simple', $1) LIMIT ",
    found_most!(),
    ") AS found"
);

/// Has the searches on a connection planned for their words, or no longer: a frequent word is looked for from the newest
/// announcement on, a rare one in the index. SQLite always does the former.
///
/// # Errors
/// When the database fails.
pub async fn plan_for_words(session: &mut Session, planned: bool) -> DbResult<()> {
    if let Connection::Postgres(c) = session.connection() {
        let mode = if planned { "SET plan_cache_mode = auto" } else { "SET plan_cache_mode = force_generic_plan" };
        sqlx::raw_sql(mode).execute(c).await?;
    }
    Ok(())
}

/// Published announcements with all the words: exact accents first, then the newest.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, terms: &Terms, most: i64, skip: i64) -> DbResult<Vec<Teaser>> {
    let rows: Vec<TeaserRow> = match session.connection() {
        Connection::Sqlite(c) => {
            sqlx::query_as(SQLITE_FIND)
                .bind(Terms::fts5("folded", &terms.folded))
                .bind(Terms::fts5("exact", &terms.exact))
                .bind(most)
                .bind(skip)
                .fetch_all(c)
                .await?
        }
        Connection::Postgres(c) => {
            sqlx::query_as(POSTGRES_FIND)
                .bind(Terms::tsquery(&terms.folded))
                .bind(Terms::tsquery(&terms.exact))
                .bind(most)
                .bind(skip)
                .persistent(false)
                .fetch_all(c)
                .await?
        }
    };
    Ok(rows.into_iter().map(|row| Placed::from(row).teaser).collect())
}

/// How many announcements have all the words, counted up to [`FOUND_MOST`].
///
/// # Errors
/// When the database fails.
pub async fn count(session: &mut Session, terms: &Terms) -> DbResult<i64> {
    let (count,): (i64,) = match session.connection() {
        Connection::Sqlite(c) => {
            sqlx::query_as(SQLITE_COUNT).bind(Terms::fts5("folded", &terms.folded)).fetch_one(c).await?
        }
        Connection::Postgres(c) => {
            sqlx::query_as(POSTGRES_COUNT).bind(Terms::tsquery(&terms.folded)).persistent(false).fetch_one(c).await?
        }
    };
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_in_the_statements_is_the_one_that_readers_are_told() {
        assert_eq!(found_most!().parse(), Ok(FOUND_MOST));
    }

    #[test]
    fn nothing_typed_becomes_syntax_of_the_index() {
        let words = vec!["a\"b".to_owned(), "c'd".to_owned()];
        assert_eq!(Terms::fts5("folded", &words), "folded : (\"a\"\"b\" AND \"c'd\"*)");
        assert_eq!(Terms::tsquery(&words), "'a\"b' & 'c''d':*");
    }
}
