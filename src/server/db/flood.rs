//! Floods as they come in: comments of a page that wait together for one decision.

use crate::domain::flood::FloodKind;
use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_one, fetch_optional};

/// Lets some comments into the open flood of a page, which begins with them if there is none, and gives its id and whether
/// it begins. It stays open until the end of the transaction.
///
/// # Errors
/// When the database fails.
pub async fn join(
    session: &mut Session,
    announcement_id: i64,
    kind: FloodKind,
    comments: i64,
    at: Instant,
) -> DbResult<(i64, bool)> {
    let (id, arrived) = fetch_one!(
        session,
        (i64, i64),
        "INSERT INTO flood (announcement_id, kind, began_at, last_at, arrived) VALUES ($1, $2, $3, $3, $4)
         ON CONFLICT (announcement_id, kind) WHERE decided_at IS NULL
         DO UPDATE SET last_at = excluded.last_at, arrived = flood.arrived + excluded.arrived RETURNING id, arrived",
        announcement_id,
        kind.code(),
        at.0,
        comments
    )?;
    if arrived == comments {
        execute!(
            session,
            "INSERT INTO queue_item (kind, subject_id, announcement_id, since, set_aside) VALUES ('flood', $1, $2, $3, $4)",
            id,
            announcement_id,
            at.0,
            kind == FloodKind::Blocked
        )?;
    }
    Ok((id, arrived == comments))
}

/// What of the queue belongs to a flood that has just been seen.
#[derive(Clone, Copy, Debug)]
pub struct Drawn<'a> {
    /// The flood.
    pub flood_id: i64,
    /// The discussion.
    pub discussion_id: i64,
    /// What came since then.
    pub since: Instant,
    /// From this sender. Where there is none: without a proof, from those who sent three or more.
    pub sender_hash: Option<&'a str>,
    /// Whether what a sender sent with a proof belongs to it, too.
    pub proven: bool,
}

/// Takes out of the queue what came just before and belongs to a flood; what a moderator has open stays.
///
/// # Errors
/// When the database fails.
pub async fn draw_in(session: &mut Session, drawn: Drawn<'_>, now: Instant) -> DbResult<u64> {
    let touched = match drawn.sender_hash {
        Some(hash) => execute!(
            session,
            "UPDATE comment SET flood_id = $1, rush = FALSE WHERE id IN (
                 SELECT c.id FROM comment c JOIN queue_item q ON q.kind = 'comment' AND q.subject_id = c.id AND q.decided_at IS NULL
                 WHERE c.sender_hash = $2 AND c.created_at >= $3 AND c.discussion_id = $4 AND c.state = 'waiting' AND c.flood_id IS NULL
                   AND (NOT c.proven OR $5) AND (q.taken_until IS NULL OR q.taken_until < $6))",
            drawn.flood_id,
            hash,
            drawn.since.0,
            drawn.discussion_id,
            drawn.proven,
            now.0
        )?,
        None => execute!(
            session,
            "UPDATE comment SET flood_id = $1 WHERE id IN (
                 SELECT c.id FROM comment c JOIN queue_item q ON q.kind = 'comment' AND q.subject_id = c.id AND q.decided_at IS NULL
                 WHERE c.rush = TRUE AND c.created_at >= $2 AND c.discussion_id = $3 AND c.state = 'waiting' AND c.flood_id IS NULL
                   AND c.sender_hash IN (SELECT o.sender_hash FROM comment o WHERE o.rush = TRUE AND o.created_at >= $2 AND o.discussion_id = $3
                                         AND o.sender_hash IS NOT NULL GROUP BY o.sender_hash HAVING COUNT(*) >= 3)
                   AND (q.taken_until IS NULL OR q.taken_until < $4))",
            drawn.flood_id,
            drawn.since.0,
            drawn.discussion_id,
            now.0
        )?,
    };
    if touched > 0 {
        execute!(
            session,
            "DELETE FROM queue_item WHERE kind = 'comment' AND decided_at IS NULL AND subject_id IN (
                 SELECT c.id FROM comment c WHERE c.flood_id = $1 AND c.state = 'waiting')",
            drawn.flood_id
        )?;
        execute!(
            session,
            "UPDATE flood SET began_at = COALESCE((SELECT MIN(c.created_at) FROM comment c WHERE c.flood_id = $1), began_at) WHERE id = $1",
            drawn.flood_id
        )?;
        execute!(
            session,
            "UPDATE queue_item SET since = (SELECT f.began_at FROM flood f WHERE f.id = $1)
             WHERE kind = 'flood' AND subject_id = $1 AND decided_at IS NULL",
            drawn.flood_id
        )?;
    }
    Ok(touched)
}

/// Notes that comments were set aside for a block.
///
/// # Errors
/// When the database fails.
pub async fn count_caught(session: &mut Session, block_id: i64, comments: i64) -> DbResult<()> {
    execute!(session, "UPDATE blocked_sender SET caught = caught + $2 WHERE id = $1", block_id, comments)?;
    Ok(())
}

/// Whether a page has a flood that is not decided and still came in of late.
///
/// # Errors
/// When the database fails.
pub async fn is_flooded(session: &mut Session, slug: &str, since: Instant) -> DbResult<bool> {
    let row = fetch_optional!(
        session,
        (i64,),
        "SELECT f.id FROM announcement a JOIN flood f ON f.announcement_id = a.id AND f.decided_at IS NULL
         WHERE a.slug = $1 AND f.kind = 'rush' AND f.last_at >= $2",
        slug,
        since.0
    )?;
    Ok(row.is_some())
}

/// How many comments came from a sender since a moment, counted up to 200.
///
/// # Errors
/// When the database fails.
pub async fn count_sent(session: &mut Session, sender_hash: &str, since: Instant) -> DbResult<i64> {
    let (sent,) = fetch_one!(
        session,
        (i64,),
        "SELECT COUNT(*) FROM (SELECT 1 FROM comment c WHERE c.sender_hash = $1 AND c.created_at >= $2 LIMIT 200) AS arrived",
        sender_hash,
        since.0
    )?;
    Ok(sent)
}
