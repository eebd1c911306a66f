//! The list of reasons for rejections as moderators keep it: a changed one is a new row, the old one ends.

use crate::domain::time::Instant;
use crate::server::db::comment::report::DatedReasonRow;
use crate::server::db::{DbResult, Session, execute, fetch_all};

/// Every reason that is or was in force: those in force in their order, then the others, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list_all(session: &mut Session) -> DbResult<Vec<DatedReasonRow>> {
    fetch_all!(
        session,
        DatedReasonRow,
        "SELECT id, code, name_vi, name_en, place, begins, ends FROM moderation_reason
         ORDER BY CASE WHEN ends IS NULL THEN 0 ELSE 1 END, COALESCE(-ends, place), id LIMIT 500"
    )
}

/// Adds a reason.
///
/// # Errors
/// When its code is in force (`moderation_reason_code_key`), or the database fails.
pub async fn add(
    session: &mut Session,
    code: &str,
    (name_vi, name_en): (&str, &str),
    place: i64,
    actor_id: i64,
    at: Instant,
) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO moderation_reason (code, name_vi, name_en, place, begins, actor_id) VALUES ($1, $2, $3, $4, $5, $6)",
        code,
        name_vi,
        name_en,
        place,
        at.0,
        actor_id
    )?;
    Ok(())
}

/// Ends a reason that is in force, and gives whether it was.
///
/// # Errors
/// When the database fails.
pub async fn end(session: &mut Session, id: i64, at: Instant) -> DbResult<bool> {
    let ended = execute!(session, "UPDATE moderation_reason SET ends = $2 WHERE id = $1 AND ends IS NULL", id, at.0)?;
    Ok(ended > 0)
}
