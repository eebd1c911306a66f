//! Pieces of work that browsers have shown: each counts once.

use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute};

/// Remembers a piece of work until it can't be shown any longer, and gives whether it is shown for the first time.
///
/// # Errors
/// When the database fails.
pub async fn spend(session: &mut Session, hash: &str, expires_at: i64) -> DbResult<bool> {
    let added = execute!(
        session,
        "INSERT INTO spent_proof (hash, expires_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
        hash,
        expires_at
    )?;
    Ok(added > 0)
}

/// Forgets those whose time is over.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(session: &mut Session, now: Instant) -> DbResult<u64> {
    execute!(session, "DELETE FROM spent_proof WHERE expires_at < $1", now.0)
}
