//! Decisions about floods: all comments that wait in one, in a few statements, however many they are.

use crate::domain::cursor::Cursor;
use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_optional};

/// A flood.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FloodRow {
    /// Its id.
    pub id: i64,
    /// `rush` or `blocked`.
    pub kind: String,
    /// The page.
    pub announcement_id: i64,
    /// The path of the page.
    pub path: String,
    /// Its title.
    pub title: String,
    /// The unit that the page belongs to.
    pub unit_id: Option<i64>,
    /// When the first came.
    pub began_at: i64,
    /// When the last came.
    pub last_at: i64,
    /// `rejected` or `released`.
    pub decision: Option<String>,
    /// When that was decided.
    pub decided_at: Option<i64>,
    /// By whom.
    pub decided_by: Option<i64>,
    /// That person's name.
    pub who: Option<String>,
    /// How many of its comments nobody has decided about.
    pub waiting: i64,
    /// How many of these came with a proof of work.
    pub proven: i64,
}

macro_rules! select_flood {
    () => {
        "SELECT f.id, f.kind, f.announcement_id, f.began_at, f.last_at, f.decision, f.decided_at, f.decided_by, a.unit_id,
                CASE a.kind WHEN 'campaign' THEN '/thi-dua/' WHEN 'example' THEN '/dien-hinh/' ELSE '/tin/' END || a.slug AS path,
                COALESCE((SELECT r.title FROM revision r WHERE r.announcement_id = a.id ORDER BY r.number DESC LIMIT 1), '') AS title,
                COALESCE(t.display_name, x.name) AS who,
                (SELECT COUNT(*) FROM comment c WHERE c.flood_id = f.id AND c.state = 'waiting') AS waiting,
                (SELECT COUNT(*) FROM comment c WHERE c.flood_id = f.id AND c.state = 'waiting' AND c.proven) AS proven
         FROM flood f JOIN announcement a ON a.id = f.announcement_id
         LEFT JOIN actor x ON x.id = f.decided_by LEFT JOIN account t ON x.kind = 'account' AND t.name = x.name "
    };
}

/// A flood by its id.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, id: i64) -> DbResult<Option<FloodRow>> {
    fetch_optional!(session, FloodRow, concat!(select_flood!(), "WHERE f.id = $1"), id)
}

/// The floods that nobody has decided about, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_open(session: &mut Session) -> DbResult<Vec<FloodRow>> {
    fetch_all!(
        session,
        FloodRow,
        concat!(select_flood!(), "WHERE f.decided_at IS NULL ORDER BY f.began_at, f.id LIMIT 200")
    )
}

/// A comment that waits in a flood.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MemberRow {
    /// Its id.
    pub id: i64,
    /// The name of its sender.
    pub author_name: String,
    /// Its text.
    pub text: String,
    /// Goes up with each change of the text.
    pub version: i64,
    /// Whether it came with a proof of work.
    pub proven: bool,
    /// When it came.
    pub created_at: i64,
}

/// What waits in a flood after a cursor, the oldest first: at most fifty, and one that says whether there is more.
///
/// # Errors
/// When the database fails.
pub async fn list_members(session: &mut Session, id: i64, after: Cursor) -> DbResult<Vec<MemberRow>> {
    fetch_all!(
        session,
        MemberRow,
        "SELECT c.id, c.author_name, c.text, c.version, c.proven, c.created_at FROM comment c
         WHERE c.flood_id = $1 AND c.state = 'waiting' AND (c.created_at, c.id) > ($2, $3)
         ORDER BY c.created_at, c.id LIMIT 51",
        id,
        after.at.0,
        after.id
    )
}

/// Some of what waits in a flood, from all over it.
///
/// # Errors
/// When the database fails.
pub async fn list_samples(session: &mut Session, id: i64, most: i64) -> DbResult<Vec<MemberRow>> {
    fetch_all!(
        session,
        MemberRow,
        "SELECT c.id, c.author_name, c.text, c.version, c.proven, c.created_at FROM comment c
         WHERE c.flood_id = $1 AND c.state = 'waiting' ORDER BY (c.id * 7919) % 1009, c.id LIMIT $2",
        id,
        most
    )
}

/// How many of the comments of a flood each of its senders sent, the most first: at most twenty.
///
/// # Errors
/// When the database fails.
pub async fn count_senders(session: &mut Session, id: i64) -> DbResult<Vec<i64>> {
    let rows = fetch_all!(
        session,
        (i64,),
        "SELECT COUNT(*) FROM comment c WHERE c.flood_id = $1 AND c.state = 'waiting' AND c.sender_hash IS NOT NULL
         GROUP BY c.sender_hash ORDER BY 1 DESC LIMIT 20",
        id
    )?;
    Ok(rows.into_iter().map(|(count,)| count).collect())
}

/// What is said most often in a flood in the same words, and how often.
///
/// # Errors
/// When the database fails.
pub async fn list_repeated(session: &mut Session, id: i64) -> DbResult<Vec<(String, i64)>> {
    fetch_all!(
        session,
        (String, i64),
        "SELECT c.text, COUNT(*) FROM comment c WHERE c.flood_id = $1 AND c.state = 'waiting'
         GROUP BY c.text HAVING COUNT(*) > 1 ORDER BY 2 DESC, 1 LIMIT 3",
        id
    )
}

/// Holds a flood until the end of the transaction, and gives whether it is open.
///
/// # Errors
/// When the database fails.
pub async fn hold_open(session: &mut Session, id: i64) -> DbResult<bool> {
    let touched = execute!(session, "UPDATE flood SET last_at = last_at WHERE id = $1 AND decided_at IS NULL", id)?;
    Ok(touched > 0)
}

/// Closes a flood, and gives whether it was open.
///
/// # Errors
/// When the database fails.
pub async fn decide(session: &mut Session, id: i64, decision: &str, actor_id: i64, at: Instant) -> DbResult<bool> {
    let touched = execute!(
        session,
        "UPDATE flood SET decision = $2, decided_at = $3, decided_by = $4 WHERE id = $1 AND decided_at IS NULL",
        id,
        decision,
        at.0,
        actor_id
    )?;
    Ok(touched > 0)
}

/// Holds a flood that was decided at a moment, and gives whether it still is.
///
/// # Errors
/// When the database fails.
pub async fn hold_decided(session: &mut Session, id: i64, decided_at: i64) -> DbResult<bool> {
    let touched =
        execute!(session, "UPDATE flood SET last_at = last_at WHERE id = $1 AND decided_at = $2", id, decided_at)?;
    Ok(touched > 0)
}

/// Opens a flood again. What came to another one of the same kind meanwhile comes along.
///
/// # Errors
/// When the database fails.
pub async fn reopen(session: &mut Session, flood: &FloodRow) -> DbResult<()> {
    let newer = fetch_optional!(
        session,
        (i64,),
        "SELECT id FROM flood WHERE announcement_id = $1 AND kind = $2 AND decided_at IS NULL",
        flood.announcement_id,
        &flood.kind
    )?;
    if let Some((newer,)) = newer
        && hold_open(session, newer).await?
    {
        execute!(
            session,
            "UPDATE flood SET arrived = arrived + (SELECT n.arrived FROM flood n WHERE n.id = $2),
                    last_at = (SELECT n.last_at FROM flood n WHERE n.id = $2) WHERE id = $1",
            flood.id,
            newer
        )?;
        execute!(session, "UPDATE comment SET flood_id = $1 WHERE flood_id = $2", flood.id, newer)?;
        execute!(session, "DELETE FROM queue_item WHERE kind = 'flood' AND subject_id = $1", newer)?;
        execute!(session, "DELETE FROM flood WHERE id = $1", newer)?;
    }
    execute!(
        session,
        "UPDATE flood SET decision = NULL, decided_at = NULL, decided_by = NULL WHERE id = $1",
        flood.id
    )?;
    execute!(
        session,
        "UPDATE queue_item SET decided_at = NULL, decided_by = NULL WHERE kind = 'flood' AND subject_id = $1",
        flood.id
    )?;
    Ok(())
}

/// Rejects all that waits in a flood, each with a line in the log of decisions, and gives how many that were.
///
/// # Errors
/// When the database fails.
pub async fn reject_members(
    session: &mut Session,
    id: i64,
    actor_id: i64,
    reason_id: Option<i64>,
    reason: Option<&str>,
    at: Instant,
) -> DbResult<u64> {
    execute!(
        session,
        "INSERT INTO decision (at, actor_id, subject_kind, subject_id, action, reason, reason_id)
         SELECT $2, $3, 'comment', c.id, 'reject', $4, $5 FROM comment c WHERE c.flood_id = $1 AND c.state = 'waiting' ORDER BY c.id",
        id,
        at.0,
        actor_id,
        reason,
        reason_id
    )?;
    execute!(
        session,
        "UPDATE comment SET state = 'rejected', decided_at = $2, reason = $3, reason_id = $4,
                shown = (thread_id IS NULL AND replies > 0)
         WHERE flood_id = $1 AND state = 'waiting'",
        id,
        at.0,
        reason,
        reason_id
    )
}

/// Lets all that was rejected with a flood wait again, each with a line in the log, and gives how many that were.
///
/// # Errors
/// When the database fails.
pub async fn put_back_members(
    session: &mut Session,
    id: i64,
    actor_id: i64,
    decided_at: i64,
    at: Instant,
) -> DbResult<u64> {
    execute!(
        session,
        "INSERT INTO decision (at, actor_id, subject_kind, subject_id, action)
         SELECT $2, $3, 'comment', c.id, 'undo' FROM comment c
         WHERE c.flood_id = $1 AND c.state = 'rejected' AND c.decided_at = $4 ORDER BY c.id",
        id,
        at.0,
        actor_id,
        decided_at
    )?;
    execute!(
        session,
        "UPDATE comment SET state = 'waiting', decided_at = NULL, reason = NULL, reason_id = NULL
         WHERE flood_id = $1 AND state = 'rejected' AND decided_at = $2",
        id,
        decided_at
    )
}

/// Gives all that waits in a flood items of their own in the queue, as old as they are, and gives how many that were.
///
/// # Errors
/// When the database fails.
pub async fn release_members(session: &mut Session, flood: &FloodRow) -> DbResult<u64> {
    execute!(
        session,
        "INSERT INTO queue_item (kind, subject_id, comment_id, announcement_id, since)
         SELECT 'comment', c.id, c.id, $2, c.created_at FROM comment c
         WHERE c.flood_id = $1 AND c.state = 'waiting' ORDER BY c.created_at, c.id",
        flood.id,
        flood.announcement_id
    )
}

/// Takes all that still waits of a flood out of the queue again, and gives how many that were.
///
/// # Errors
/// When the database fails.
pub async fn recall_members(session: &mut Session, id: i64) -> DbResult<u64> {
    execute!(
        session,
        "DELETE FROM queue_item WHERE kind = 'comment' AND decided_at IS NULL AND subject_id IN (
             SELECT c.id FROM comment c WHERE c.flood_id = $1 AND c.state = 'waiting')",
        id
    )
}

/// Gives one comment of a flood an item of its own in the queue, and gives the item's id; nothing where it does not wait
/// in that flood.
///
/// # Errors
/// When the database fails.
pub async fn take_out(session: &mut Session, flood: &FloodRow, comment_id: i64) -> DbResult<Option<i64>> {
    let touched = execute!(
        session,
        "UPDATE comment SET flood_id = NULL WHERE id = $1 AND flood_id = $2 AND state = 'waiting'",
        comment_id,
        flood.id
    )?;
    if touched == 0 {
        return Ok(None);
    }
    let row = fetch_optional!(
        session,
        (i64,),
        "INSERT INTO queue_item (kind, subject_id, comment_id, announcement_id, since)
         SELECT 'comment', c.id, c.id, $2, c.created_at FROM comment c WHERE c.id = $1 RETURNING id",
        comment_id,
        flood.announcement_id
    )?;
    Ok(row.map(|(id,)| id))
}
