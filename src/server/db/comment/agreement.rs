//! Who agrees with a comment: one row for each browser.

use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_one};

/// Counts a browser among those that agree, and gives whether it was not counted before.
///
/// # Errors
/// When the database fails.
pub async fn add(session: &mut Session, comment_id: i64, voter: &str, address: &str, at: Instant) -> DbResult<bool> {
    let added = execute!(
        session,
        "INSERT INTO agreement (comment_id, voter_hash, address_hash, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (comment_id, voter_hash) DO NOTHING",
        comment_id,
        voter,
        address,
        at.0
    )?;
    shift(session, comment_id, i64::from(added > 0)).await?;
    Ok(added > 0)
}

/// Counts a browser no longer, and gives whether it was counted before.
///
/// # Errors
/// When the database fails.
pub async fn remove(session: &mut Session, comment_id: i64, voter: &str) -> DbResult<bool> {
    let removed =
        execute!(session, "DELETE FROM agreement WHERE comment_id = $1 AND voter_hash = $2", comment_id, voter)?;
    shift(session, comment_id, -i64::from(removed > 0)).await?;
    Ok(removed > 0)
}

async fn shift(session: &mut Session, comment_id: i64, by: i64) -> DbResult<()> {
    if by != 0 {
        execute!(session, "UPDATE comment SET agreed = agreed + $2 WHERE id = $1", comment_id, by)?;
    }
    Ok(())
}

/// Whether a browser is among those that agree.
///
/// # Errors
/// When the database fails.
pub async fn is_there(session: &mut Session, comment_id: i64, voter: &str) -> DbResult<bool> {
    let (found,) = fetch_one!(
        session,
        (i64,),
        "SELECT COUNT(*) FROM agreement WHERE comment_id = $1 AND voter_hash = $2",
        comment_id,
        voter
    )?;
    Ok(found > 0)
}

/// How many browsers from an address have agreed with something since a moment, counted up to a hundred.
///
/// # Errors
/// When the database fails.
pub async fn count_from(session: &mut Session, address: &str, since: Instant) -> DbResult<i64> {
    let (found,) = fetch_one!(
        session,
        (i64,),
        "SELECT COUNT(*) FROM (SELECT 1 FROM agreement WHERE address_hash = $1 AND created_at >= $2 LIMIT 100) AS found",
        address,
        since.0
    )?;
    Ok(found)
}

/// Takes away the hashes of addresses from before a moment.
///
/// # Errors
/// When the database fails.
pub async fn forget_addresses(session: &mut Session, before: Instant) -> DbResult<u64> {
    execute!(
        session,
        "UPDATE agreement SET address_hash = NULL WHERE address_hash IS NOT NULL AND created_at < $1",
        before.0
    )
}
