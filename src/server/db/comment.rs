//! Discussions, comments and receipts; how comments come in is in [`arrival`].

use super::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};
use crate::domain::cursor::Cursor;
use crate::domain::time::Instant;

pub mod arrival;

/// A discussion: its id and how many comments are published.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiscussionRow {
    /// Its id; 0 where nobody has commented yet.
    pub id: i64,
    /// How many comments are published.
    pub published_count: i64,
}

/// The id of the discussion of a subject, added if it is new.
///
/// # Errors
/// When the database fails.
pub async fn find_or_add_discussion(
    session: &mut Session,
    subject_kind: &str,
    subject_id: i64,
    at: Instant,
) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO discussion (subject_kind, subject_id, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (subject_kind, subject_id) DO UPDATE SET subject_kind = excluded.subject_kind RETURNING id",
        subject_kind,
        subject_id,
        at.0,
    )?;
    Ok(id)
}

/// A published comment.
#[derive(Debug, sqlx::FromRow)]
pub struct ShownComment {
    /// Its id.
    pub id: i64,
    /// The sender's name.
    pub author_name: String,
    /// Its HTML.
    pub html: String,
    /// The language tag.
    pub language: String,
    /// When it was sent.
    pub created_at: i64,
}

/// How many comments the lists of a discussion give at most: a page, and one that says whether there are more. As with
/// announcements, it is in the statements.
pub const PAGE_MOST: usize = 51;

/// Published comments of a discussion after a cursor, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_newest_first(
    session: &mut Session,
    discussion_id: i64,
    after: Cursor,
) -> DbResult<Vec<ShownComment>> {
    fetch_all!(
        session,
        ShownComment,
        "SELECT id, author_name, html, language, created_at FROM comment
         WHERE discussion_id = $1 AND state = 'published' AND (created_at, id) < ($2, $3)
         ORDER BY created_at DESC, id DESC LIMIT 51",
        discussion_id,
        after.at.0,
        after.id,
    )
}

/// Published comments of a discussion after a cursor, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_oldest_first(
    session: &mut Session,
    discussion_id: i64,
    after: Cursor,
) -> DbResult<Vec<ShownComment>> {
    fetch_all!(
        session,
        ShownComment,
        "SELECT id, author_name, html, language, created_at FROM comment
         WHERE discussion_id = $1 AND state = 'published' AND (created_at, id) > ($2, $3)
         ORDER BY created_at, id LIMIT 51",
        discussion_id,
        after.at.0,
        after.id,
    )
}

/// A comment for the home page.
#[derive(Debug, sqlx::FromRow)]
pub struct RecentRow {
    /// Its id.
    pub id: i64,
    /// The sender's name.
    pub author_name: String,
    /// Its text.
    pub text: String,
    /// When it was sent.
    pub created_at: i64,
    /// The announcement's id.
    pub announcement_id: i64,
    /// The path of its page.
    pub path: String,
    /// The announcement's title.
    pub title: String,
}

/// The five comments that were published last, on what is public.
///
/// # Errors
/// When the database fails.
pub async fn list_recent(session: &mut Session) -> DbResult<Vec<RecentRow>> {
    // The latest are found first, by their index: joined at once, SQLite makes filters of whole tables for the join.
    fetch_all!(
        session,
        RecentRow,
        "SELECT c.id, c.author_name, c.text, c.created_at, a.id AS announcement_id,
                CASE a.kind WHEN 'campaign' THEN '/thi-dua/' WHEN 'example' THEN '/dien-hinh/' ELSE '/tin/' END || a.slug AS path, r.title
         FROM comment c
         JOIN discussion d ON d.id = c.discussion_id
         JOIN announcement a ON a.id = d.subject_id
         JOIN revision r ON r.id = a.published_revision_id
         WHERE c.id IN (SELECT x.id FROM comment x WHERE x.state = 'published' AND EXISTS (
                          SELECT 1 FROM discussion dx JOIN announcement ax ON ax.id = dx.subject_id
                          WHERE dx.id = x.discussion_id AND dx.subject_kind = 'announcement' AND ax.state = 'published')
                        ORDER BY x.decided_at DESC, x.id DESC LIMIT 5)
         ORDER BY c.decided_at DESC, c.id DESC",
    )
}

/// What a receipt leads to.
#[derive(Debug, sqlx::FromRow)]
pub struct TrackedRow {
    /// The comment's id.
    pub id: i64,
    /// `waiting`, `published` or `rejected`.
    pub state: String,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When it came.
    pub created_at: i64,
    /// When it was decided.
    pub decided_at: Option<i64>,
    /// Its discussion.
    pub discussion_id: i64,
    /// The announcement's id.
    pub announcement_id: i64,
    /// The path of its page.
    pub path: String,
    /// The announcement's title, empty while nothing of it is public.
    pub title: String,
}

/// The comment of a receipt.
///
/// # Errors
/// When the database fails.
pub async fn find_by_receipt(session: &mut Session, code: &str) -> DbResult<Option<TrackedRow>> {
    fetch_optional!(
        session,
        TrackedRow,
        "SELECT c.id, c.state, c.reason, c.created_at, c.decided_at, c.discussion_id, a.id AS announcement_id,
                CASE a.kind WHEN 'campaign' THEN '/thi-dua/' WHEN 'example' THEN '/dien-hinh/' ELSE '/tin/' END || a.slug AS path,
                COALESCE(r.title, '') AS title
         FROM receipt rc
         JOIN comment c ON c.receipt_id = rc.id
         JOIN discussion d ON d.id = c.discussion_id AND d.subject_kind = 'announcement'
         JOIN announcement a ON a.id = d.subject_id
         LEFT JOIN revision r ON r.id = a.published_revision_id
         WHERE rc.code = $1",
        code,
    )
}

/// Decides about a comment, and gives whether that changed anything: the same decision twice is one.
///
/// # Errors
/// When the database fails.
pub async fn decide(session: &mut Session, id: i64, state: &str, reason: Option<&str>, at: Instant) -> DbResult<bool> {
    let touched = execute!(
        session,
        "UPDATE comment SET state = $2, reason = $3, decided_at = $4 WHERE id = $1 AND state <> $2",
        id,
        state,
        reason,
        at.0,
    )?;
    Ok(touched > 0)
}

/// Holds a discussion until the end of the transaction, so that decisions about its comments come one after the other.
///
/// # Errors
/// When the database fails.
pub async fn hold_discussion(session: &mut Session, discussion_id: i64) -> DbResult<()> {
    execute!(session, "UPDATE discussion SET published_count = published_count WHERE id = $1", discussion_id)?;
    Ok(())
}

/// Counts a discussion's published comments anew, after one was decided.
///
/// # Errors
/// When the database fails.
pub async fn shift_published_count(session: &mut Session, discussion_id: i64, by: i64) -> DbResult<()> {
    execute!(session, "UPDATE discussion SET published_count = published_count + $2 WHERE id = $1", discussion_id, by)?;
    Ok(())
}

/// A comment as moderators see it.
#[derive(Debug, sqlx::FromRow)]
pub struct QueueRow {
    /// Its receipt code.
    pub code: String,
    /// `waiting`, `published` or `rejected`.
    pub state: String,
    /// Over the limit of a flood.
    pub set_aside: bool,
    /// The sender's name.
    pub author_name: String,
    /// The text.
    pub text: String,
    /// When it came.
    pub created_at: i64,
    /// The path of its page.
    pub path: String,
    /// The unit that the announcement belongs to.
    pub unit_id: Option<i64>,
}

/// Comments that wait, the oldest first, what was set aside last.
///
/// # Errors
/// When the database fails.
pub async fn list_waiting(session: &mut Session, most: i64) -> DbResult<Vec<QueueRow>> {
    fetch_all!(
        session,
        QueueRow,
        "SELECT rc.code, c.state, c.set_aside, c.author_name, c.text, c.created_at,
                CASE a.kind WHEN 'campaign' THEN '/thi-dua/' WHEN 'example' THEN '/dien-hinh/' ELSE '/tin/' END || a.slug AS path, a.unit_id
         FROM comment c
         JOIN receipt rc ON rc.id = c.receipt_id
         JOIN discussion d ON d.id = c.discussion_id AND d.subject_kind = 'announcement'
         JOIN announcement a ON a.id = d.subject_id
         WHERE c.state = 'waiting' ORDER BY c.set_aside, c.created_at, c.id LIMIT $1",
        most,
    )
}

/// Takes away personal data whose time is over: address hashes, remembered sendings, e-mail addresses.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(session: &mut Session, now: Instant, emails_decided_before: Instant) -> DbResult<u64> {
    let hashes = execute!(
        session,
        "UPDATE comment SET sender_hash = NULL, sender_hash_expires_at = NULL WHERE sender_hash IS NOT NULL AND sender_hash_expires_at <= $1",
        now.0,
    )?;
    let keys = execute!(session, "DELETE FROM submission_key WHERE expires_at <= $1", now.0)?;
    let emails = execute!(
        session,
        "UPDATE comment SET email = NULL WHERE email IS NOT NULL AND decided_at <= $1",
        emails_decided_before.0
    )?;
    Ok(hashes + keys + emails)
}

/// How many comments there are on what belongs to the demonstration.
///
/// # Errors
/// When the database fails.
pub async fn count_of_demonstration(session: &mut Session) -> DbResult<i64> {
    let (count,) = fetch_one!(
        session,
        (i64,),
        "SELECT COUNT(*) FROM comment c JOIN discussion d ON d.id = c.discussion_id AND d.subject_kind = 'announcement'
         JOIN announcement a ON a.id = d.subject_id WHERE a.demonstration",
    )?;
    Ok(count)
}
