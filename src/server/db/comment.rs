//! Discussions, comments and receipts; how comments come in is in [`arrival`].

use super::{Connection, DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};
use crate::domain::cursor::Cursor;
use crate::domain::lang::Lang;
use crate::domain::time::Instant;

pub mod agreement;
pub mod answer;
pub mod appeal;
pub mod arrival;
pub mod edit;
pub mod live;
pub mod mode;
pub mod report;
pub mod rule;
pub mod step;

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

/// A comment that has a place on its page.
#[derive(Debug, sqlx::FromRow)]
pub struct ShownComment {
    /// Its id.
    pub id: i64,
    /// The first comment of its thread; none for that one.
    pub thread_id: Option<i64>,
    /// `published`, or what else stands in its place.
    pub state: String,
    /// The sender's name.
    pub author_name: String,
    /// Its HTML.
    pub html: String,
    /// The language tag.
    pub language: String,
    /// When it was sent.
    pub created_at: i64,
    /// When its text was changed after it had been published.
    pub edited_at: Option<i64>,
    /// How many agree.
    pub agreed: i64,
    /// How many answers are shown in its thread.
    pub replies: i64,
    /// Whether a unit was asked or has answered.
    pub followed: bool,
    /// The comment that it answers.
    pub reply_to_id: Option<i64>,
    /// The name of that one's sender.
    pub reply_to_name: Option<String>,
}

/// How many comments the lists of a discussion give at most: a page, and one that says whether there are more. As with
/// announcements, it is in the statements.
pub const PAGE_MOST: usize = 51;

/// First comments of threads after a cursor, the newest first.
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
        "SELECT id, thread_id, state, author_name, html, language, created_at, edited_at, agreed, replies, followed,
                reply_to_id, NULL AS reply_to_name FROM comment
         WHERE discussion_id = $1 AND shown AND thread_id IS NULL AND (created_at, id) < ($2, $3)
         ORDER BY created_at DESC, id DESC LIMIT 51",
        discussion_id,
        after.at.0,
        after.id,
    )
}

/// First comments of threads after a cursor, the oldest first.
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
        "SELECT id, thread_id, state, author_name, html, language, created_at, edited_at, agreed, replies, followed,
                reply_to_id, NULL AS reply_to_name FROM comment
         WHERE discussion_id = $1 AND shown AND thread_id IS NULL AND (created_at, id) > ($2, $3)
         ORDER BY created_at, id LIMIT 51",
        discussion_id,
        after.at.0,
        after.id,
    )
}

/// First comments of threads after a cursor, those first that most agree with, and of those the latest. The time of the
/// cursor is how many agree.
///
/// # Errors
/// When the database fails.
pub async fn list_most_agreed_first(
    session: &mut Session,
    discussion_id: i64,
    after: Cursor,
) -> DbResult<Vec<ShownComment>> {
    fetch_all!(
        session,
        ShownComment,
        "SELECT id, thread_id, state, author_name, html, language, created_at, edited_at, agreed, replies, followed,
                reply_to_id, NULL AS reply_to_name FROM comment
         WHERE discussion_id = $1 AND shown AND thread_id IS NULL AND (agreed, id) < ($2, $3)
         ORDER BY agreed DESC, id DESC LIMIT 51",
        discussion_id,
        after.at.0,
        after.id,
    )
}

macro_rules! list_previewed {
    ($threads:literal) => {
        concat!(
            "SELECT c.id, c.thread_id, c.state, c.author_name, c.html, c.language, c.created_at, c.edited_at, c.agreed, c.replies, c.followed,
                    c.reply_to_id, CASE WHEN c.reply_to_id <> c.thread_id THEN x.author_name END AS reply_to_name
             FROM comment c LEFT JOIN comment x ON x.id = c.reply_to_id
             WHERE c.previewed AND c.thread_id ",
            $threads,
            " ORDER BY c.thread_id, c.created_at, c.id"
        )
    };
}

/// The same on SQLite.
pub const SQLITE_PREVIEWED: &str = list_previewed!("IN (SELECT value FROM json_each($1))");
/// And on PostgreSQL.
pub const POSTGRES_PREVIEWED: &str =
    list_previewed!("= ANY (ARRAY(SELECT json_array_elements_text($1::json)::bigint))");

/// The first answers of some threads, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_previewed(session: &mut Session, threads: &[i64]) -> DbResult<Vec<ShownComment>> {
    let threads = serde_json::to_string(threads).map_err(|error| sqlx::Error::Encode(error.into()))?;
    match session.connection() {
        Connection::Sqlite(connection) => sqlx::query_as(SQLITE_PREVIEWED).bind(threads).fetch_all(connection).await,
        Connection::Postgres(connection) => {
            sqlx::query_as(POSTGRES_PREVIEWED).bind(threads).fetch_all(connection).await
        }
    }
}

/// The answers of a thread after a cursor, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_thread(session: &mut Session, thread_id: i64, after: Cursor) -> DbResult<Vec<ShownComment>> {
    fetch_all!(
        session,
        ShownComment,
        "SELECT c.id, c.thread_id, c.state, c.author_name, c.html, c.language, c.created_at, c.edited_at, c.agreed, c.replies, c.followed,
                c.reply_to_id, CASE WHEN c.reply_to_id <> c.thread_id THEN x.author_name END AS reply_to_name
         FROM comment c LEFT JOIN comment x ON x.id = c.reply_to_id
         WHERE c.thread_id = $1 AND c.shown AND c.thread_id IS NOT NULL AND (c.created_at, c.id) > ($2, $3)
         ORDER BY c.created_at, c.id LIMIT 51",
        thread_id,
        after.at.0,
        after.id,
    )
}

/// A comment that has a place on its page.
///
/// # Errors
/// When the database fails.
pub async fn find_shown(session: &mut Session, id: i64) -> DbResult<Option<ShownComment>> {
    fetch_optional!(
        session,
        ShownComment,
        "SELECT c.id, c.thread_id, c.state, c.author_name, c.html, c.language, c.created_at, c.edited_at, c.agreed, c.replies, c.followed,
                c.reply_to_id, CASE WHEN c.reply_to_id <> c.thread_id THEN x.author_name END AS reply_to_name
         FROM comment c LEFT JOIN comment x ON x.id = c.reply_to_id WHERE c.id = $1 AND c.shown",
        id,
    )
}

/// The public page that a comment stands on.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PageRow {
    /// The announcement's id.
    pub announcement_id: i64,
    /// The discussion's id.
    pub discussion_id: i64,
    /// The path of the page.
    pub path: String,
    /// Its title.
    pub title: String,
}

/// The page of a comment, if the page is public.
///
/// # Errors
/// When the database fails.
pub async fn find_page(session: &mut Session, id: i64) -> DbResult<Option<PageRow>> {
    fetch_optional!(
        session,
        PageRow,
        "SELECT a.id AS announcement_id, d.id AS discussion_id,
                CASE a.kind WHEN 'campaign' THEN '/thi-dua/' WHEN 'example' THEN '/dien-hinh/' ELSE '/tin/' END || a.slug AS path, r.title
         FROM comment c
         JOIN discussion d ON d.id = c.discussion_id AND d.subject_kind = 'announcement'
         JOIN announcement a ON a.id = d.subject_id AND a.state IN ('published', 'archived')
         JOIN revision r ON r.id = a.published_revision_id
         WHERE c.id = $1",
        id,
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

/// The twenty comments that were published last, on what is public.
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
                        ORDER BY x.decided_at DESC, x.id DESC LIMIT 20)
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
    /// What was added to the reason of its rejection, or that reason in words of its own.
    pub reason: Option<String>,
    /// The published reason in Vietnamese.
    pub reason_vi: Option<String>,
    /// And in English.
    pub reason_en: Option<String>,
    /// When it came.
    pub created_at: i64,
    /// When it was decided.
    pub decided_at: Option<i64>,
    /// Its discussion.
    pub discussion_id: i64,
    /// The first comment of its thread; none for that one.
    pub thread_id: Option<i64>,
    /// The comment that it answers.
    pub reply_to_id: Option<i64>,
    /// The announcement's id.
    pub announcement_id: i64,
    /// The path of its page.
    pub path: String,
    /// The announcement's title, empty while nothing of it is public.
    pub title: String,
}

impl TrackedRow {
    /// Why it was rejected, in a reader's language.
    pub fn reason_in(&self, language: Lang) -> String {
        reason_in(language, self.reason_vi.as_deref(), self.reason_en.as_deref(), self.reason.as_deref())
    }
}

/// Why something was not taken, in a reader's language: the published reason by its Vietnamese and its English name, and
/// what was added to it.
pub fn reason_in(language: Lang, name_vi: Option<&str>, name_en: Option<&str>, note: Option<&str>) -> String {
    let name = match language {
        Lang::Vi => name_vi,
        Lang::En => name_en,
    };
    reason_of(name, note)
}

/// A published reason with what was added, or what was written without one.
pub fn reason_of(name: Option<&str>, note: Option<&str>) -> String {
    match (name, note) {
        (Some(name), None) => name.to_owned(),
        (Some(name), Some(note)) => format!("{name}. {note}"),
        (None, note) => note.unwrap_or_default().to_owned(),
    }
}

/// The comment of a receipt.
///
/// # Errors
/// When the database fails.
pub async fn find_by_receipt(session: &mut Session, code: &str) -> DbResult<Option<TrackedRow>> {
    fetch_optional!(
        session,
        TrackedRow,
        "SELECT c.id, c.state, c.reason, m.name_vi AS reason_vi, m.name_en AS reason_en, c.created_at, c.decided_at, c.discussion_id, c.thread_id, c.reply_to_id, a.id AS announcement_id,
                CASE a.kind WHEN 'campaign' THEN '/thi-dua/' WHEN 'example' THEN '/dien-hinh/' ELSE '/tin/' END || a.slug AS path,
                COALESCE(r.title, '') AS title
         FROM receipt rc
         JOIN comment c ON c.receipt_id = rc.id
         JOIN discussion d ON d.id = c.discussion_id AND d.subject_kind = 'announcement'
         JOIN announcement a ON a.id = d.subject_id
         LEFT JOIN revision r ON r.id = a.published_revision_id
         LEFT JOIN moderation_reason m ON m.id = c.reason_id
         WHERE rc.code = $1",
        code,
    )
}

/// Decides about a comment, and gives whether that changed anything: the same decision twice is one.
///
/// # Errors
/// When the database fails.
pub async fn decide(
    session: &mut Session,
    id: i64,
    state: &str,
    reason_id: Option<i64>,
    reason: Option<&str>,
    at: Instant,
) -> DbResult<bool> {
    let touched = execute!(
        session,
        "UPDATE comment SET state = $2, reason_id = $3, reason = $4, decided_at = $5,
                shown = ($2 = 'published' OR (thread_id IS NULL AND replies > 0))
         WHERE id = $1 AND state <> $2",
        id,
        state,
        reason_id,
        reason,
        at.0,
    )?;
    Ok(touched > 0)
}

/// Where a comment stands.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StandingRow {
    /// `waiting`, `published` …
    pub state: String,
    /// Its discussion.
    pub discussion_id: i64,
    /// The first comment of its thread; none for that one.
    pub thread_id: Option<i64>,
    /// The announcement.
    pub announcement_id: i64,
}

/// Where a comment stands.
///
/// # Errors
/// When the database fails.
pub async fn find_standing(session: &mut Session, id: i64) -> DbResult<Option<StandingRow>> {
    fetch_optional!(
        session,
        StandingRow,
        "SELECT c.state, c.discussion_id, c.thread_id, d.subject_id AS announcement_id
         FROM comment c JOIN discussion d ON d.id = c.discussion_id WHERE c.id = $1",
        id
    )
}

/// The discussion of a comment.
///
/// # Errors
/// When the database fails.
pub async fn find_discussion(session: &mut Session, id: i64) -> DbResult<Option<i64>> {
    Ok(find_standing(session, id).await?.map(|row| row.discussion_id))
}

/// Counts one answer more or less in a thread, whose first comment keeps its place as long as it has any, and finds out
/// anew which ones stand below it at once.
///
/// # Errors
/// When the database fails.
pub async fn shift_replies(session: &mut Session, thread_id: i64, by: i64) -> DbResult<()> {
    execute!(
        session,
        "UPDATE comment SET replies = replies + $2, shown = (state = 'published' OR replies + $2 > 0) WHERE id = $1",
        thread_id,
        by
    )?;
    execute!(
        session,
        "UPDATE comment SET previewed = FALSE WHERE previewed AND thread_id = $1 AND id NOT IN (
             SELECT x.id FROM comment x WHERE x.thread_id = $1 AND x.shown AND x.thread_id IS NOT NULL ORDER BY x.created_at, x.id LIMIT 3)",
        thread_id
    )?;
    execute!(
        session,
        "UPDATE comment SET previewed = TRUE WHERE id IN (
             SELECT x.id FROM comment x WHERE x.thread_id = $1 AND x.shown AND x.thread_id IS NOT NULL ORDER BY x.created_at, x.id LIMIT 3)",
        thread_id
    )?;
    Ok(())
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

/// A comment that waits.
#[derive(Debug, sqlx::FromRow)]
pub struct WaitingRow {
    /// Its receipt code.
    pub code: String,
    /// `waiting`, `published` or `rejected`.
    pub state: String,
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

/// Comments that wait for a decision of their own, the oldest first; those of floods are not among them.
///
/// # Errors
/// When the database fails.
pub async fn list_waiting(session: &mut Session, most: i64) -> DbResult<Vec<WaitingRow>> {
    fetch_all!(
        session,
        WaitingRow,
        "SELECT rc.code, c.state, c.author_name, c.text, c.created_at,
                CASE a.kind WHEN 'campaign' THEN '/thi-dua/' WHEN 'example' THEN '/dien-hinh/' ELSE '/tin/' END || a.slug AS path, a.unit_id
         FROM queue_item q JOIN comment c ON c.id = q.subject_id JOIN receipt rc ON rc.id = c.receipt_id
         JOIN announcement a ON a.id = q.announcement_id
         WHERE q.kind = 'comment' AND q.decided_at IS NULL ORDER BY q.since, q.id LIMIT $1",
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
        "UPDATE comment SET sender_hash = NULL, sender_hash_expires_at = NULL, author_key = NULL, text_key = NULL
         WHERE sender_hash IS NOT NULL AND sender_hash_expires_at <= $1",
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
