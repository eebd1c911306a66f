//! What units answer to comments, to whom comments are passed, and what their senders make of it.

use crate::domain::time::Instant;
use crate::server::db::{Connection, DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};

/// A unit's answer.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AnswerRow {
    /// Its id.
    pub id: i64,
    /// The comment.
    pub comment_id: i64,
    /// The unit.
    pub unit_id: i64,
    /// The unit's name.
    pub unit: String,
    /// The unit's slug.
    pub unit_slug: String,
    /// Goes up with each correction.
    pub version: i64,
    /// As it was written.
    pub text: String,
    /// As HTML.
    pub html: String,
    /// When it was given.
    pub created_at: i64,
    /// When it was corrected.
    pub edited_at: Option<i64>,
    /// What the comment's sender thinks of it.
    pub rating: Option<i64>,
    /// Since when.
    pub rated_at: Option<i64>,
}

macro_rules! select_answers {
    ($comments:literal) => {
        concat!(
            "SELECT o.id, o.comment_id, o.unit_id, u.name AS unit, u.slug AS unit_slug, o.version, o.text, o.html, o.created_at, o.edited_at, o.rating, o.rated_at
             FROM official_answer o JOIN unit u ON u.id = o.unit_id
             WHERE o.withdrawn_at IS NULL AND o.comment_id ",
            $comments,
            " ORDER BY o.comment_id, o.id"
        )
    };
}

/// The same on SQLite.
pub const SQLITE_ANSWERS: &str = select_answers!("IN (SELECT value FROM json_each($1))");
/// And on PostgreSQL.
pub const POSTGRES_ANSWERS: &str = select_answers!("= ANY (ARRAY(SELECT json_array_elements_text($1::json)::bigint))");

/// The answers that stand below some comments, the earliest first.
///
/// # Errors
/// When the database fails.
pub async fn list_answers(session: &mut Session, comments: &[i64]) -> DbResult<Vec<AnswerRow>> {
    let comments = serde_json::to_string(comments).map_err(|error| sqlx::Error::Encode(error.into()))?;
    match session.connection() {
        Connection::Sqlite(connection) => sqlx::query_as(SQLITE_ANSWERS).bind(comments).fetch_all(connection).await,
        Connection::Postgres(connection) => sqlx::query_as(POSTGRES_ANSWERS).bind(comments).fetch_all(connection).await,
    }
}

/// That a comment was passed to a unit.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct HandoverRow {
    /// Its id.
    pub id: i64,
    /// The comment.
    pub comment_id: i64,
    /// The unit.
    pub unit_id: i64,
    /// The unit's name.
    pub unit: String,
    /// Until which day it is to answer.
    pub due: String,
    /// What the unit alone is told.
    pub note: String,
    /// When.
    pub created_at: i64,
}

macro_rules! select_handovers {
    ($comments:literal) => {
        concat!(
            "SELECT h.id, h.comment_id, h.unit_id, u.name AS unit, h.due, h.note, h.created_at
             FROM handover h JOIN unit u ON u.id = h.unit_id WHERE h.ended_at IS NULL AND h.comment_id ",
            $comments
        )
    };
}

/// The same on SQLite.
pub const SQLITE_HANDOVERS: &str = select_handovers!("IN (SELECT value FROM json_each($1))");
/// And on PostgreSQL.
pub const POSTGRES_HANDOVERS: &str =
    select_handovers!("= ANY (ARRAY(SELECT json_array_elements_text($1::json)::bigint))");

/// To which units some comments were passed that have not answered yet.
///
/// # Errors
/// When the database fails.
pub async fn list_open_handovers(session: &mut Session, comments: &[i64]) -> DbResult<Vec<HandoverRow>> {
    let comments = serde_json::to_string(comments).map_err(|error| sqlx::Error::Encode(error.into()))?;
    match session.connection() {
        Connection::Sqlite(connection) => sqlx::query_as(SQLITE_HANDOVERS).bind(comments).fetch_all(connection).await,
        Connection::Postgres(connection) => {
            sqlx::query_as(POSTGRES_HANDOVERS).bind(comments).fetch_all(connection).await
        }
    }
}

/// To whom a comment was passed in turn, the earliest first.
///
/// # Errors
/// When the database fails.
pub async fn list_handovers(session: &mut Session, comment_id: i64) -> DbResult<Vec<HandoverRow>> {
    fetch_all!(
        session,
        HandoverRow,
        "SELECT h.id, h.comment_id, h.unit_id, u.name AS unit, h.due, h.note, h.created_at
         FROM handover h JOIN unit u ON u.id = h.unit_id WHERE h.comment_id = $1 ORDER BY h.id",
        comment_id
    )
}

/// Passes a comment to a unit. No other one stands open.
///
/// # Errors
/// When the database fails.
pub async fn add_handover(
    session: &mut Session,
    comment_id: i64,
    unit_id: i64,
    due: &str,
    note: &str,
    actor_id: i64,
    at: Instant,
) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO handover (comment_id, unit_id, due, note, actor_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        comment_id,
        unit_id,
        due,
        note,
        actor_id,
        at.0
    )?;
    Ok(())
}

/// Nobody is asked to answer a comment any longer; gives whether somebody was.
///
/// # Errors
/// When the database fails.
pub async fn end_handover(session: &mut Session, comment_id: i64, at: Instant) -> DbResult<bool> {
    let ended = execute!(
        session,
        "UPDATE handover SET ended_at = $2 WHERE comment_id = $1 AND ended_at IS NULL",
        comment_id,
        at.0
    )?;
    Ok(ended > 0)
}

/// Adds an answer and gives its id.
///
/// # Errors
/// When the database fails.
pub async fn add_answer(
    session: &mut Session,
    comment_id: i64,
    unit_id: i64,
    text: &str,
    html: &str,
    actor_id: i64,
    at: Instant,
) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO official_answer (comment_id, unit_id, text, html, actor_id, created_at) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        comment_id,
        unit_id,
        text,
        html,
        actor_id,
        at.0
    )?;
    Ok(id)
}

/// Corrects an answer that still is in the version that was read, keeping what it said; gives whether it was.
///
/// # Errors
/// When the database fails.
pub async fn correct_answer(
    session: &mut Session,
    id: i64,
    version: i64,
    text: &str,
    html: &str,
    actor_id: i64,
    at: Instant,
) -> DbResult<bool> {
    let kept = execute!(
        session,
        "INSERT INTO official_answer_version (answer_id, version, text, actor_id, at)
         SELECT id, version, text, actor_id, CAST($3 AS BIGINT) FROM official_answer WHERE id = $1 AND version = $2 AND withdrawn_at IS NULL",
        id,
        version,
        at.0
    )?;
    if kept == 0 {
        return Ok(false);
    }
    execute!(
        session,
        "UPDATE official_answer SET text = $2, html = $3, actor_id = $4, edited_at = $5, version = version + 1 WHERE id = $1",
        id,
        text,
        html,
        actor_id,
        at.0
    )?;
    Ok(true)
}

/// Takes an answer away; gives whether it stood.
///
/// # Errors
/// When the database fails.
pub async fn withdraw_answer(session: &mut Session, id: i64, at: Instant) -> DbResult<bool> {
    let gone = execute!(
        session,
        "UPDATE official_answer SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL",
        id,
        at.0
    )?;
    Ok(gone > 0)
}

/// Keeps what the comment's sender thinks of an answer.
///
/// # Errors
/// When the database fails.
pub async fn rate(session: &mut Session, id: i64, rating: i64, at: Instant) -> DbResult<()> {
    execute!(session, "UPDATE official_answer SET rating = $2, rated_at = $3 WHERE id = $1", id, rating, at.0)?;
    Ok(())
}

/// Notes whether pages have anything of units to look for below a comment.
///
/// # Errors
/// When the database fails.
pub async fn note_followed(session: &mut Session, comment_id: i64) -> DbResult<()> {
    execute!(
        session,
        "UPDATE comment SET followed = (EXISTS (SELECT 1 FROM official_answer o WHERE o.comment_id = $1 AND o.withdrawn_at IS NULL)
                                     OR EXISTS (SELECT 1 FROM handover h WHERE h.comment_id = $1 AND h.ended_at IS NULL))
         WHERE id = $1",
        comment_id
    )?;
    Ok(())
}

/// When and why the sender found the answer wanting.
///
/// # Errors
/// When the database fails.
pub async fn find_reopening(session: &mut Session, comment_id: i64) -> DbResult<Option<(String, i64)>> {
    fetch_optional!(session, (String, i64), "SELECT text, created_at FROM reopening WHERE comment_id = $1", comment_id)
}

/// Keeps that the sender finds the answer wanting, once; gives whether this is the first time.
///
/// # Errors
/// When the database fails.
pub async fn add_reopening(session: &mut Session, comment_id: i64, text: &str, at: Instant) -> DbResult<bool> {
    let added = execute!(
        session,
        "INSERT INTO reopening (comment_id, text, created_at) VALUES ($1, $2, $3) ON CONFLICT (comment_id) DO NOTHING",
        comment_id,
        text,
        at.0
    )?;
    Ok(added > 0)
}

/// How many comments have an answer, and how many of the rated ones their senders are satisfied with, of those answered
/// since a moment: answered, rated, satisfied.
///
/// # Errors
/// When the database fails.
pub async fn count_answered(session: &mut Session, since: Instant) -> DbResult<(i64, i64, i64)> {
    fetch_one!(
        session,
        (i64, i64, i64),
        "SELECT COUNT(*), COUNT(answered.rating), COALESCE(SUM(CASE WHEN answered.rating = 3 THEN 1 ELSE 0 END), 0)
         FROM (SELECT o.rating FROM official_answer o WHERE o.withdrawn_at IS NULL AND o.created_at >= $1
               ORDER BY o.created_at DESC LIMIT 5000) AS answered",
        since.0
    )
}
