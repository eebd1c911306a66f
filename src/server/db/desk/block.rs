//! Senders that are blocked for a while, known by keyed hashes only.

use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};

/// A comment, and what is known of where it came from.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SourceRow {
    /// Its id.
    pub id: i64,
    /// The name that was given.
    pub author_name: String,
    /// Its text.
    pub text: String,
    /// The hash of its sender, as long as that is kept.
    pub sender_hash: Option<String>,
    /// How many comments of that hash are known.
    pub sent: i64,
    /// How many of them were published.
    pub published: i64,
    /// Under how many names they came.
    pub names: i64,
}

/// Where a comment came from.
///
/// # Errors
/// When the database fails.
pub async fn find_source(session: &mut Session, comment_id: i64) -> DbResult<Option<SourceRow>> {
    fetch_optional!(
        session,
        SourceRow,
        "SELECT c.id, c.author_name, c.text, c.sender_hash,
                (SELECT COUNT(*) FROM comment o WHERE o.sender_hash = c.sender_hash) AS sent,
                (SELECT COUNT(*) FROM comment o WHERE o.sender_hash = c.sender_hash AND o.state = 'published') AS published,
                (SELECT COUNT(DISTINCT o.author_name) FROM comment o WHERE o.sender_hash = c.sender_hash) AS names
         FROM comment c WHERE c.id = $1",
        comment_id
    )
}

/// A block, in force or over.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct BlockRow {
    /// Its id.
    pub id: i64,
    /// Why.
    pub reason: String,
    /// Since when.
    pub created_at: i64,
    /// Who blocked.
    pub who: String,
    /// Until when.
    pub until: i64,
    /// When it was ended before.
    pub ended_at: Option<i64>,
    /// How many comments were set aside for it.
    pub caught: i64,
    /// The name that the comment it was for was sent under.
    pub author_name: Option<String>,
}

/// The blocks in force, then those that are over, the latest first: at most two hundred.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session, now: Instant) -> DbResult<Vec<BlockRow>> {
    fetch_all!(
        session,
        BlockRow,
        "SELECT b.id, b.reason, b.created_at, COALESCE(t.display_name, x.name) AS who, b.until, b.ended_at, b.caught, c.author_name
         FROM blocked_sender b JOIN actor x ON x.id = b.actor_id LEFT JOIN account t ON x.kind = 'account' AND t.name = x.name
         LEFT JOIN comment c ON c.id = b.comment_id
         ORDER BY CASE WHEN b.ended_at IS NULL AND b.until > $1 THEN 0 ELSE 1 END, b.created_at DESC, b.id DESC LIMIT 200",
        now.0
    )
}

/// A block that begins.
#[derive(Clone, Copy, Debug)]
pub struct NewBlock<'a> {
    /// Whose comments are set aside.
    pub sender_hash: &'a str,
    /// For which comment.
    pub comment_id: i64,
    /// Why.
    pub reason: &'a str,
    /// Who blocks.
    pub actor_id: i64,
    /// Until when.
    pub until: Instant,
}

/// Blocks a sender, and gives the block's id.
///
/// # Errors
/// When the database fails.
pub async fn add(session: &mut Session, block: NewBlock<'_>, at: Instant) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO blocked_sender (sender_hash, comment_id, reason, created_at, actor_id, until)
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        block.sender_hash,
        block.comment_id,
        block.reason,
        at.0,
        block.actor_id,
        block.until.0
    )?;
    Ok(id)
}

/// The blocks of a sender that are in force.
///
/// # Errors
/// When the database fails.
pub async fn list_in_force(session: &mut Session, sender_hash: &str, now: Instant) -> DbResult<Vec<i64>> {
    let rows = fetch_all!(
        session,
        (i64,),
        "SELECT id FROM blocked_sender WHERE sender_hash = $1 AND ended_at IS NULL AND until > $2 ORDER BY id",
        sender_hash,
        now.0
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Ends a block, and gives whether it was in force. Whom it was about is no longer known.
///
/// # Errors
/// When the database fails.
pub async fn end(session: &mut Session, id: i64, at: Instant) -> DbResult<bool> {
    let touched = execute!(
        session,
        "UPDATE blocked_sender SET ended_at = $2, sender_hash = NULL WHERE id = $1 AND ended_at IS NULL AND until > $2",
        id,
        at.0
    )?;
    Ok(touched > 0)
}

/// Takes away the hashes of those whose time is over.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(session: &mut Session, now: Instant) -> DbResult<u64> {
    execute!(
        session,
        "UPDATE blocked_sender SET sender_hash = NULL WHERE sender_hash IS NOT NULL AND until <= $1",
        now.0
    )
}
