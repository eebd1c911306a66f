//! Appeals: whoever sent a comment asks for its rejection to be looked at again.

use crate::domain::lang::Lang;
use crate::domain::time::Instant;
use crate::server::db::comment::reason_in;
use crate::server::db::{DbResult, Session, execute, fetch_optional};

/// An appeal.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AppealRow {
    /// Its id.
    pub id: i64,
    /// The comment.
    pub comment_id: i64,
    /// `waiting`, `granted`, `refused` or `withdrawn`.
    pub state: String,
    /// What was said for the comment.
    pub text: String,
    /// Who rejected the comment.
    pub rejected_by: i64,
    /// What was added to the reason why it was refused.
    pub reason: Option<String>,
    /// The published reason in Vietnamese.
    pub reason_vi: Option<String>,
    /// And in English.
    pub reason_en: Option<String>,
    /// When it was sent.
    pub created_at: i64,
    /// When it was decided.
    pub decided_at: Option<i64>,
}

impl AppealRow {
    /// Why it was refused, in a reader's language.
    pub fn reason_in(&self, language: Lang) -> String {
        reason_in(language, self.reason_vi.as_deref(), self.reason_en.as_deref(), self.reason.as_deref())
    }
}

/// The appeal about a comment.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, comment_id: i64) -> DbResult<Option<AppealRow>> {
    fetch_optional!(
        session,
        AppealRow,
        "SELECT a.id, a.comment_id, a.state, a.text, a.rejected_by, a.reason, m.name_vi AS reason_vi, m.name_en AS reason_en, a.created_at, a.decided_at
         FROM appeal a LEFT JOIN moderation_reason m ON m.id = a.reason_id WHERE a.comment_id = $1",
        comment_id
    )
}

/// Adds an appeal and gives its id; none where there is one already.
///
/// # Errors
/// When the database fails.
pub async fn add(
    session: &mut Session,
    comment_id: i64,
    text: &str,
    rejected_by: i64,
    at: Instant,
) -> DbResult<Option<i64>> {
    let row = fetch_optional!(
        session,
        (i64,),
        "INSERT INTO appeal (comment_id, state, text, rejected_by, created_at) VALUES ($1, 'waiting', $2, $3, $4)
         ON CONFLICT (comment_id) DO NOTHING RETURNING id",
        comment_id,
        text,
        rejected_by,
        at.0
    )?;
    Ok(row.map(|(id,)| id))
}

/// Decides about the appeal of a comment, or lets it wait again.
///
/// # Errors
/// When the database fails.
pub async fn decide(
    session: &mut Session,
    comment_id: i64,
    state: &str,
    reason_id: Option<i64>,
    reason: Option<&str>,
    at: Option<Instant>,
) -> DbResult<()> {
    execute!(
        session,
        "UPDATE appeal SET state = $2, reason_id = $3, reason = $4, decided_at = $5 WHERE comment_id = $1",
        comment_id,
        state,
        reason_id,
        reason,
        at.map(|at| at.0)
    )?;
    Ok(())
}

/// Ends the appeal of a comment that waits, and gives its id.
///
/// # Errors
/// When the database fails.
pub async fn end_waiting(session: &mut Session, comment_id: i64, state: &str, at: Instant) -> DbResult<Option<i64>> {
    let row = fetch_optional!(
        session,
        (i64,),
        "UPDATE appeal SET state = $2, decided_at = $3 WHERE comment_id = $1 AND state = 'waiting' RETURNING id",
        comment_id,
        state,
        at.0
    )?;
    Ok(row.map(|(id,)| id))
}

/// Why a comment was rejected last: by whom, for which reason, with what added.
///
/// # Errors
/// When the database fails.
pub async fn find_rejection(
    session: &mut Session,
    comment_id: i64,
) -> DbResult<Option<(i64, Option<i64>, Option<String>)>> {
    fetch_optional!(
        session,
        (i64, Option<i64>, Option<String>),
        "SELECT actor_id, reason_id, reason FROM decision
         WHERE subject_kind = 'comment' AND subject_id = $1 AND action = 'reject' ORDER BY id DESC LIMIT 1",
        comment_id
    )
}

/// Forgets the appeal about a comment whose rejection was taken back: it waits itself again.
///
/// # Errors
/// When the database fails.
pub async fn forget_waiting(session: &mut Session, comment_id: i64) -> DbResult<()> {
    execute!(
        session,
        "DELETE FROM queue_item WHERE kind = 'appeal' AND comment_id = $1 AND decided_at IS NULL",
        comment_id
    )?;
    execute!(session, "DELETE FROM appeal WHERE comment_id = $1 AND state = 'waiting'", comment_id)?;
    Ok(())
}

/// The same of all comments of a flood.
///
/// # Errors
/// When the database fails.
pub async fn forget_waiting_of_flood(session: &mut Session, flood_id: i64) -> DbResult<()> {
    execute!(
        session,
        "DELETE FROM queue_item WHERE kind = 'appeal' AND decided_at IS NULL AND comment_id IN (SELECT id FROM comment WHERE flood_id = $1)",
        flood_id
    )?;
    execute!(
        session,
        "DELETE FROM appeal WHERE state = 'waiting' AND comment_id IN (SELECT id FROM comment WHERE flood_id = $1)",
        flood_id
    )?;
    Ok(())
}
