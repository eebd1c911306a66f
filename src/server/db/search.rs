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

const SQLITE_FIND: &str = concat!(
    select_teaser!(),
    "WHERE a.state = 'published' AND a.id IN (SELECT rowid FROM announcement_search WHERE announcement_search MATCH $1)
     ORDER BY a.id IN (SELECT rowid FROM announcement_search WHERE announcement_search MATCH $2) DESC,
              a.first_published_at DESC, a.id DESC LIMIT $3 OFFSET $4"
);
const POSTGRES_FIND: &str = concat!(
    select_teaser!(),
    "JOIN announcement_search s ON s.announcement_id = a.id
     WHERE a.state = 'published' AND s.folded @@ to_tsquery('simple', $1)
     ORDER BY (s.exact @@ to_tsquery('simple', $2)) DESC, a.first_published_at DESC, a.id DESC LIMIT $3 OFFSET $4"
);
const SQLITE_COUNT: &str =
    "SELECT COUNT(*) FROM (SELECT 1 FROM announcement_search WHERE announcement_search MATCH $1 LIMIT $2)";
const POSTGRES_COUNT: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM announcement_search WHERE folded @@ to_tsquery('simple', $1) LIMIT $2) AS found";

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
                .fetch_all(c)
                .await?
        }
    };
    Ok(rows.into_iter().map(|row| Placed::from(row).teaser).collect())
}

/// How many announcements have all the words, counted up to a limit.
///
/// # Errors
/// When the database fails.
pub async fn count(session: &mut Session, terms: &Terms, up_to: i64) -> DbResult<i64> {
    let (count,): (i64,) = match session.connection() {
        Connection::Sqlite(c) => {
            sqlx::query_as(SQLITE_COUNT).bind(Terms::fts5("folded", &terms.folded)).bind(up_to).fetch_one(c).await?
        }
        Connection::Postgres(c) => {
            sqlx::query_as(POSTGRES_COUNT).bind(Terms::tsquery(&terms.folded)).bind(up_to).fetch_one(c).await?
        }
    };
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_becomes_syntax_of_the_index() {
        let words = vec!["a\"b".to_owned(), "c'd".to_owned()];
        assert_eq!(Terms::fts5("folded", &words), "folded : (\"a\"\"b\" AND \"c'd\"*)");
        assert_eq!(Terms::tsquery(&words), "'a\"b' & 'c''d':*");
    }
}
