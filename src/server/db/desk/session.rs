//! Who is signed in, in which browsers, and how often a password was wrong.

use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};

/// A session.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SessionRow {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub account_id: i64,
    /// Whether the second step is still to come.
    pub awaits_second_step: bool,
    /// The browser, in a few words.
    pub device: String,
    /// When it began.
    pub created_at: i64,
    /// When it was used last, to within a minute.
    pub seen_at: i64,
    /// When it ends without being used.
    pub expires_at: i64,
}

/// A session about to begin.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// The hash of what the cookie holds.
    pub token_hash: &'a str,
    /// Whose it is.
    pub account_id: i64,
    /// Whether the second step is still to come.
    pub awaits_second_step: bool,
    /// The browser, in a few words.
    pub device: &'a str,
    /// When it ends without being used.
    pub expires: Instant,
}

/// Begins a session.
///
/// # Errors
/// When the database fails.
pub async fn add_session(session: &mut Session, new: &NewSession<'_>, at: Instant) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO session (token_hash, account_id, awaits_second_step, device, created_at, seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $5, $6) RETURNING id",
        new.token_hash,
        new.account_id,
        new.awaits_second_step,
        new.device,
        at.0,
        new.expires.0
    )?;
    Ok(id)
}

/// A session by its token, if it has not ended.
///
/// # Errors
/// When the database fails.
pub async fn find_session(session: &mut Session, token_hash: &str, at: Instant) -> DbResult<Option<SessionRow>> {
    fetch_optional!(
        session,
        SessionRow,
        "SELECT s.id, s.account_id, s.awaits_second_step, s.device, s.created_at, s.seen_at, s.expires_at
         FROM session s JOIN account a ON a.id = s.account_id
         WHERE s.token_hash = $1 AND s.expires_at > $2 AND a.disabled_at IS NULL",
        token_hash,
        at.0
    )
}

/// The open sessions of an account, the one used last first.
///
/// # Errors
/// When the database fails.
pub async fn list_sessions(session: &mut Session, account_id: i64, at: Instant) -> DbResult<Vec<SessionRow>> {
    fetch_all!(
        session,
        SessionRow,
        "SELECT id, account_id, awaits_second_step, device, created_at, seen_at, expires_at FROM session
         WHERE account_id = $1 AND expires_at > $2 AND NOT awaits_second_step ORDER BY seen_at DESC, id DESC",
        account_id,
        at.0
    )
}

/// Says that a session is in use.
///
/// # Errors
/// When the database fails.
pub async fn touch_session(session: &mut Session, id: i64, at: Instant, expires: Instant) -> DbResult<()> {
    execute!(session, "UPDATE session SET seen_at = $2, expires_at = $3 WHERE id = $1", id, at.0, expires.0)?;
    Ok(())
}

/// Ends one session of an account.
///
/// # Errors
/// When the database fails.
pub async fn remove_session(session: &mut Session, account_id: i64, id: i64) -> DbResult<()> {
    execute!(session, "DELETE FROM session WHERE account_id = $1 AND id = $2", account_id, id)?;
    Ok(())
}

/// Ends all sessions of an account but one.
///
/// # Errors
/// When the database fails.
pub async fn remove_sessions_but(session: &mut Session, account_id: i64, kept: Option<i64>) -> DbResult<u64> {
    execute!(session, "DELETE FROM session WHERE account_id = $1 AND id <> $2", account_id, kept.unwrap_or(0))
}

/// Remembers a browser in which the owner signed in.
///
/// # Errors
/// When the database fails.
pub async fn add_known_browser(
    session: &mut Session,
    token_hash: &str,
    account_id: i64,
    expires: Instant,
) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO known_browser (token_hash, account_id, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (token_hash) DO UPDATE SET account_id = excluded.account_id, expires_at = excluded.expires_at",
        token_hash,
        account_id,
        expires.0
    )?;
    Ok(())
}

/// Whether the owner of an account signed in in this browser before.
///
/// # Errors
/// When the database fails.
pub async fn is_known_browser(session: &mut Session, token_hash: &str, account_id: i64, at: Instant) -> DbResult<bool> {
    let row = fetch_optional!(
        session,
        (i64,),
        "SELECT account_id FROM known_browser WHERE token_hash = $1 AND account_id = $2 AND expires_at > $3",
        token_hash,
        account_id,
        at.0
    )?;
    Ok(row.is_some())
}

/// Counts a try before its outcome is known, so that many at once count as many: gives how many failures that makes,
/// and until when nothing is tried. Who tries at the same moment waits here for the other to be counted.
///
/// # Errors
/// When the database fails.
pub async fn count_failure(
    session: &mut Session,
    key_hash: &str,
    at: Instant,
    expires: Instant,
) -> DbResult<(i64, i64)> {
    fetch_one!(
        session,
        (i64, i64),
        "INSERT INTO sign_in_failure (key_hash, failures, blocked_until, expires_at) VALUES ($1, 1, 0, $3)
         ON CONFLICT (key_hash) DO UPDATE SET
             failures = CASE WHEN sign_in_failure.expires_at > $2 THEN sign_in_failure.failures + 1 ELSE 1 END,
             expires_at = excluded.expires_at
         RETURNING failures, blocked_until",
        key_hash,
        at.0,
        expires.0
    )
}

/// Until this moment nothing is tried for a key.
///
/// # Errors
/// When the database fails.
pub async fn block_until(session: &mut Session, key_hash: &str, until: Instant) -> DbResult<()> {
    execute!(session, "UPDATE sign_in_failure SET blocked_until = $2 WHERE key_hash = $1", key_hash, until.0)?;
    Ok(())
}

/// Takes one failure of a key back, which turned out to be none.
///
/// # Errors
/// When the database fails.
pub async fn forgive_failure(session: &mut Session, key_hash: &str) -> DbResult<()> {
    execute!(
        session,
        "UPDATE sign_in_failure SET failures = failures - 1, blocked_until = 0 WHERE key_hash = $1 AND failures > 0",
        key_hash
    )?;
    Ok(())
}

/// Forgets the failures of a key.
///
/// # Errors
/// When the database fails.
pub async fn forget_failures(session: &mut Session, key_hash: &str) -> DbResult<()> {
    execute!(session, "DELETE FROM sign_in_failure WHERE key_hash = $1", key_hash)?;
    Ok(())
}

/// Takes away what has ended.
///
/// # Errors
/// When the database fails.
pub async fn remove_expired(session: &mut Session, at: Instant) -> DbResult<()> {
    execute!(session, "DELETE FROM session WHERE expires_at <= $1", at.0)?;
    execute!(session, "DELETE FROM known_browser WHERE expires_at <= $1", at.0)?;
    execute!(session, "DELETE FROM sign_in_failure WHERE expires_at <= $1", at.0)?;
    execute!(session, "DELETE FROM account_link WHERE expires_at <= $1", at.0)?;
    // Whoever comes with a link that has run out is told so for a month.
    execute!(session, "DELETE FROM preview_link WHERE expires_at <= $1", at.plus_ms(-30 * 24 * 3_600_000).0)?;
    execute!(session, "DELETE FROM editing WHERE seen_at <= $1", at.plus_ms(-3_600_000).0)?;
    Ok(())
}
