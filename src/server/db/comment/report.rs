//! Reports of comments, and the reasons for them and for rejections.

use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_all};

/// A published reason.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ReasonRow {
    /// Its id.
    pub id: i64,
    /// Its code.
    pub code: String,
    /// What it is called in Vietnamese.
    pub name_vi: String,
    /// What it is called in English.
    pub name_en: String,
}

/// The reasons that are in force, in their order.
///
/// # Errors
/// When the database fails.
pub async fn list_reasons(session: &mut Session) -> DbResult<Vec<ReasonRow>> {
    fetch_all!(
        session,
        ReasonRow,
        "SELECT id, code, name_vi, name_en FROM moderation_reason WHERE ends IS NULL ORDER BY place, id"
    )
}

/// Adds a report, once for each browser, and gives whether it is new.
///
/// # Errors
/// When the database fails.
pub async fn add_report(
    session: &mut Session,
    comment_id: i64,
    reason_id: i64,
    note: &str,
    voter: &str,
    at: Instant,
) -> DbResult<bool> {
    let added = execute!(
        session,
        "INSERT INTO comment_report (comment_id, reason_id, note, voter_hash, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (comment_id, voter_hash) DO NOTHING",
        comment_id,
        reason_id,
        note,
        voter,
        at.0
    )?;
    Ok(added > 0)
}

/// A decision about a comment, for figures about all of them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DecidedRow {
    /// How long the comment had waited for it, in milliseconds.
    pub waited: i64,
    /// `approve` or `reject`.
    pub action: String,
    /// For which of the published reasons.
    pub reason_id: Option<i64>,
}

/// Decisions about comments since a moment, the latest five thousand.
///
/// # Errors
/// When the database fails.
pub async fn list_decided(session: &mut Session, since: Instant) -> DbResult<Vec<DecidedRow>> {
    fetch_all!(
        session,
        DecidedRow,
        "SELECT d.at - c.created_at AS waited, d.action, d.reason_id FROM decision d JOIN comment c ON c.id = d.subject_id
         WHERE d.subject_kind = 'comment' AND d.at >= $1 AND d.action IN ('approve', 'reject') ORDER BY d.at DESC, d.id DESC LIMIT 5000",
        since.0
    )
}

/// A reason with when it was in force.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DatedReasonRow {
    /// Its id.
    pub id: i64,
    /// Its code.
    pub code: String,
    /// What it is called in Vietnamese.
    pub name_vi: String,
    /// What it is called in English.
    pub name_en: String,
    /// Where it stands in the list.
    pub place: i64,
    /// From when on it is in force.
    pub begins: i64,
    /// Until when, if it no longer is.
    pub ends: Option<i64>,
}
