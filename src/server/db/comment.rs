//! Discussions, comments and receipts.

use super::{Connection, DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};
use crate::domain::cursor::Cursor;
use crate::domain::time::Instant;

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
    /// The announcement's slug.
    pub slug: String,
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
        "SELECT c.id, c.author_name, c.text, c.created_at, a.id AS announcement_id, a.slug, r.title
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

/// An announcement to which comments come in.
#[derive(Debug, sqlx::FromRow)]
pub struct ArrivalRow {
    /// Its slug.
    pub slug: String,
    /// Its id.
    pub announcement_id: i64,
    /// Its state.
    pub state: String,
    /// Its discussion, if somebody has commented before.
    pub discussion_id: Option<i64>,
    /// How many comments came to it of late, counted up to [`ARRIVED_MOST`].
    pub arrived: i64,
}

/// So many comments that came of late are counted at most.
pub const ARRIVED_MOST: i64 = 200;

macro_rules! find_arrivals {
    ($slugs:literal) => {
        concat!(
            "SELECT a.slug, a.id AS announcement_id, a.state, d.id AS discussion_id,
                    (SELECT COUNT(*) FROM (SELECT 1 FROM comment c WHERE c.discussion_id = d.id AND c.created_at >= $2 LIMIT 200) AS arrived) AS arrived
             FROM announcement a LEFT JOIN discussion d ON d.subject_kind = 'announcement' AND d.subject_id = a.id
             WHERE a.slug IN (", $slugs, ")"
        )
    };
}

/// The announcements to which comments come in, by their slugs.
///
/// # Errors
/// When the database fails.
pub async fn find_arrivals(session: &mut Session, slugs: &[&str], since: Instant) -> DbResult<Vec<ArrivalRow>> {
    let slugs = serde_json::to_string(slugs).map_err(|error| sqlx::Error::Encode(error.into()))?;
    match session.connection() {
        Connection::Sqlite(connection) => {
            const FIND: &str = find_arrivals!("SELECT value FROM json_each($1)");
            sqlx::query_as(FIND).bind(slugs).bind(since.0).fetch_all(connection).await
        }
        Connection::Postgres(connection) => {
            const FIND: &str = find_arrivals!("SELECT json_array_elements_text($1::json)");
            sqlx::query_as(FIND).bind(slugs).bind(since.0).fetch_all(connection).await
        }
    }
}

/// A comment about to be stored, waiting.
#[derive(Clone, Debug, serde::Serialize)]
pub struct WaitingComment {
    /// The discussion.
    pub discussion_id: i64,
    /// The code of its receipt.
    pub code: String,
    /// A keyed hash of what was sent.
    pub key_hash: String,
    /// Until when the same sending leads to the same receipt, in milliseconds.
    pub remembered_until: i64,
    /// Over the limit of a flood.
    pub set_aside: bool,
    /// The sender's name.
    pub author_name: String,
    /// The sender's address, never shown.
    pub email: Option<String>,
    /// The text.
    pub text: String,
    /// The text as HTML.
    pub html: String,
    /// The language tag of the page it was sent from.
    pub language: &'static str,
    /// A keyed hash of the sender's address.
    pub sender_hash: Option<String>,
    /// Until when that is kept, in milliseconds.
    pub sender_hash_expires_at: Option<i64>,
    /// When it came, in milliseconds.
    pub created_at: i64,
}

/// SQLite has one writer, so what is not remembered when the first statement runs is new to all three.
const SQLITE_RECEIVE: &str = "INSERT INTO receipt (code, subject_kind, created_at)
    SELECT value ->> 'code', 'comment', value ->> 'created_at' FROM json_each($1) AS sent
    WHERE NOT EXISTS (SELECT 1 FROM submission_key k WHERE k.key_hash = sent.value ->> 'key_hash' AND k.expires_at > $2)
    RETURNING code";
const SQLITE_REMEMBER: &str = "INSERT INTO submission_key (key_hash, receipt_id, expires_at)
    SELECT value ->> 'key_hash', r.id, value ->> 'remembered_until' FROM json_each($1) AS sent
    JOIN receipt r ON r.code = sent.value ->> 'code' WHERE TRUE
    ON CONFLICT (key_hash) DO UPDATE SET receipt_id = excluded.receipt_id, expires_at = excluded.expires_at";
const SQLITE_ADD: &str = "INSERT INTO comment (discussion_id, receipt_id, state, set_aside, author_name, email, text, html,
                         language, sender_hash, sender_hash_expires_at, created_at)
    SELECT value ->> 'discussion_id', r.id, 'waiting', value ->> 'set_aside', value ->> 'author_name', value ->> 'email',
           value ->> 'text', value ->> 'html', value ->> 'language', value ->> 'sender_hash',
           value ->> 'sender_hash_expires_at', value ->> 'created_at'
    FROM json_each($1) AS sent JOIN receipt r ON r.code = sent.value ->> 'code'";
/// On PostgreSQL another process may be remembering the same at this moment: the second waits for the first one's end.
const POSTGRES_ADD: &str = "WITH sent AS (
        SELECT * FROM json_to_recordset($1::json) AS sent (discussion_id bigint, code text, key_hash text,
            remembered_until bigint, set_aside boolean, author_name text, email text, text text, html text, language text,
            sender_hash text, sender_hash_expires_at bigint, created_at bigint)),
    claimed AS (
        INSERT INTO submission_key (key_hash, receipt_id, expires_at)
        SELECT key_hash, nextval(pg_get_serial_sequence('receipt', 'id')), remembered_until FROM sent ORDER BY key_hash
        ON CONFLICT (key_hash) DO UPDATE SET receipt_id = excluded.receipt_id, expires_at = excluded.expires_at
        WHERE submission_key.expires_at <= $2 RETURNING key_hash, receipt_id),
    received AS (
        INSERT INTO receipt (id, code, subject_kind, created_at)
        SELECT receipt_id, code, 'comment', created_at FROM claimed JOIN sent USING (key_hash)),
    added AS (
        INSERT INTO comment (discussion_id, receipt_id, state, set_aside, author_name, email, text, html, language,
                             sender_hash, sender_hash_expires_at, created_at)
        SELECT discussion_id, receipt_id, 'waiting', set_aside, author_name, email, text, html, language,
               sender_hash, sender_hash_expires_at, created_at FROM claimed JOIN sent USING (key_hash))
    SELECT code FROM claimed JOIN sent USING (key_hash)";

/// Adds comments that wait, with their receipts, all in as many statements as one, and gives the codes of those that are
/// new: what was sent before and is still remembered is left out. No two have the same hash.
///
/// # Errors
/// When the database fails.
pub async fn add_waiting(session: &mut Session, comments: &[WaitingComment], now: Instant) -> DbResult<Vec<String>> {
    let sent = serde_json::to_string(comments).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let codes: Vec<(String,)> = match session.connection() {
        Connection::Sqlite(connection) => {
            let codes = sqlx::query_as(SQLITE_RECEIVE).bind(&sent).bind(now.0).fetch_all(&mut *connection).await?;
            sqlx::query(SQLITE_REMEMBER).bind(&sent).execute(&mut *connection).await?;
            sqlx::query(SQLITE_ADD).bind(&sent).execute(connection).await?;
            codes
        }
        Connection::Postgres(connection) => {
            sqlx::query_as(POSTGRES_ADD).bind(&sent).bind(now.0).fetch_all(connection).await?
        }
    };
    Ok(codes.into_iter().map(|(code,)| code).collect())
}

/// The code under which the same sending was received before.
///
/// # Errors
/// When the database fails.
pub async fn find_sent(session: &mut Session, key_hash: &str, now: Instant) -> DbResult<Option<String>> {
    let row = fetch_optional!(
        session,
        (String,),
        "SELECT r.code FROM submission_key k JOIN receipt r ON r.id = k.receipt_id WHERE k.key_hash = $1 AND k.expires_at > $2",
        key_hash,
        now.0,
    )?;
    Ok(row.map(|(code,)| code))
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
    /// The announcement's slug.
    pub slug: String,
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
        "SELECT c.id, c.state, c.reason, c.created_at, c.decided_at, c.discussion_id, a.id AS announcement_id, a.slug,
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
    /// The announcement's slug.
    pub slug: String,
}

/// Comments that wait, the oldest first, what was set aside last.
///
/// # Errors
/// When the database fails.
pub async fn list_waiting(session: &mut Session, most: i64) -> DbResult<Vec<QueueRow>> {
    fetch_all!(
        session,
        QueueRow,
        "SELECT rc.code, c.state, c.set_aside, c.author_name, c.text, c.created_at, a.slug
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
