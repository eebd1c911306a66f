//! The rules that comments are tried by as they come in, what is known of their senders, and where rules fired.

use crate::domain::time::Instant;
use crate::server::db::{Connection, DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};

/// A rule that is on.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ActiveRow {
    /// Its id.
    pub id: i64,
    /// The kind of its condition.
    pub kind: String,
    /// What that needs.
    pub parameter: String,
    /// `flag`, `hold` or `reject`.
    pub action: String,
    /// The code of the reason that is given; none where that is no longer in force.
    pub reason: Option<String>,
}

/// The rules that are on.
///
/// # Errors
/// When the database fails.
pub async fn list_active(session: &mut Session) -> DbResult<Vec<ActiveRow>> {
    fetch_all!(
        session,
        ActiveRow,
        "SELECT id, kind, parameter, action,
                (SELECT m.code FROM moderation_reason n JOIN moderation_reason m ON m.code = n.code AND m.ends IS NULL
                 WHERE n.id = moderation_rule.reason_id) AS reason
         FROM moderation_rule WHERE state = 'on' ORDER BY id"
    )
}

/// The number of the last change of the rules; 0 where there was none.
///
/// # Errors
/// When the database fails.
pub async fn find_version(session: &mut Session) -> DbResult<i64> {
    let (version,) =
        fetch_one!(session, (i64,), "SELECT COALESCE(MAX(sequence), 0) FROM change_log WHERE thing_kind = 'rules'")?;
    Ok(version)
}

/// What is asked about the sender of a comment and its text.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct PastAsked<'a> {
    /// The code of its receipt.
    pub code: &'a str,
    /// A keyed hash of the browser's name.
    pub author_key: Option<&'a str>,
    /// Whether the browser had that name before.
    pub is_returning: bool,
    /// A keyed hash of the sender's address.
    pub sender_hash: Option<&'a str>,
    /// The name that was given.
    pub author_name: &'a str,
    /// A keyed hash of the text.
    pub text_key: Option<&'a str>,
}

/// What is known about the sender of a comment and its text.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PastRow {
    /// The code of its receipt.
    pub code: String,
    /// How often the same text came of late, counted up to 1000.
    pub same_text: i64,
    /// When the sender's comment before came.
    pub last_at: Option<i64>,
    /// Whether one of the sender's comments is published.
    pub known: bool,
}

/// By its name a browser is known again. One that had none is taken for the same where address and name are the same:
/// thousands share an address.
macro_rules! find_past {
    ($from:literal) => {
        concat!(
            "SELECT s.code,
                    (SELECT COUNT(*) FROM (SELECT 1 FROM comment c WHERE c.text_key = s.text_key AND c.created_at >= $2 LIMIT 1000) AS same) AS same_text,
                    CASE WHEN s.is_returning
                         THEN (SELECT MAX(c.created_at) FROM comment c WHERE c.author_key = s.author_key)
                         ELSE (SELECT MAX(c.created_at) FROM comment c WHERE c.sender_hash = s.sender_hash AND c.author_name = s.author_name AND c.created_at >= $2)
                    END AS last_at,
                    EXISTS (SELECT 1 FROM comment c WHERE c.author_key = s.author_key AND c.state = 'published') AS known
             FROM (", $from, ") AS s"
        )
    };
}

/// What is known about the senders of comments and their texts since a moment.
///
/// # Errors
/// When the database fails.
pub async fn list_past(session: &mut Session, asked: &[PastAsked<'_>], since: Instant) -> DbResult<Vec<PastRow>> {
    let asked = serde_json::to_string(asked).map_err(|error| sqlx::Error::Encode(error.into()))?;
    match session.connection() {
        Connection::Sqlite(connection) => {
            const FIND: &str = find_past!(
                "SELECT value ->> 'code' AS code, value ->> 'author_key' AS author_key, value ->> 'is_returning' AS is_returning,
                        value ->> 'sender_hash' AS sender_hash, value ->> 'author_name' AS author_name, value ->> 'text_key' AS text_key FROM json_each($1)"
            );
            sqlx::query_as(FIND).bind(asked).bind(since.0).fetch_all(connection).await
        }
        Connection::Postgres(connection) => {
            const FIND: &str = find_past!(
                "SELECT code, author_key, is_returning, sender_hash, author_name, text_key
                 FROM json_to_recordset($1::json) AS sent (code text, author_key text, is_returning boolean, sender_hash text, author_name text, text_key text)"
            );
            sqlx::query_as(FIND).bind(asked).bind(since.0).fetch_all(connection).await
        }
    }
}

/// The comment of a receipt, with its discussion.
///
/// # Errors
/// When the database fails.
pub async fn find_received(session: &mut Session, code: &str) -> DbResult<Option<(i64, i64)>> {
    fetch_optional!(
        session,
        (i64, i64),
        "SELECT c.id, c.discussion_id FROM receipt r JOIN comment c ON c.receipt_id = r.id WHERE r.code = $1",
        code
    )
}

/// Notes that a rule fired on a comment, and on which words.
///
/// # Errors
/// When the database fails.
pub async fn add_hit(session: &mut Session, comment_id: i64, rule_id: i64, action: &str, words: &str) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO rule_hit (comment_id, rule_id, action, words) VALUES ($1, $2, $3, $4)
         ON CONFLICT (comment_id, rule_id) DO UPDATE SET action = excluded.action, words = excluded.words",
        comment_id,
        rule_id,
        action,
        words
    )?;
    Ok(())
}
