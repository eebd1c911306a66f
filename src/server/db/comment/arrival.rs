//! Comments as they come in: what they are about, whether the same was sent before, and storing many of them at once.

use super::mode::settings_of;
use crate::domain::time::Instant;
use crate::server::db::{Connection, DbResult, Session, fetch_optional};

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
    /// How many comments that make a rush came to it of late, counted up to [`ARRIVED_MOST`].
    pub arrived: i64,
    /// JSON: how its comments are taken, as `[scope, mode, closes_on]`; none where nothing is set.
    pub settings: Option<String>,
    /// The number of the last change of the rules.
    pub rules: i64,
}

/// So many comments that came to a page of late are counted at most.
pub const ARRIVED_MOST: i64 = 300;
/// And so many of a sender.
pub const SENT_MOST: i64 = 200;

macro_rules! find_arrivals {
    ($slugs:literal, $gather:literal) => {
        concat!(
            "SELECT a.slug, a.id AS announcement_id, a.state, d.id AS discussion_id,
                    (SELECT COUNT(*) FROM (SELECT 1 FROM comment c WHERE c.discussion_id = d.id AND c.rush = TRUE AND c.created_at >= $2 LIMIT 300) AS arrived) AS arrived,
                    (SELECT ",
            $gather,
            " FROM (",
            settings_of!("a.id"),
            ") AS m) AS settings,
                    COALESCE((SELECT MAX(sequence) FROM change_log WHERE thing_kind = 'rules'), 0) AS rules
             FROM announcement a LEFT JOIN discussion d ON d.subject_kind = 'announcement' AND d.subject_id = a.id
             WHERE a.kind <> 'example' AND a.slug IN (",
            $slugs,
            ")"
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
            const FIND: &str = find_arrivals!(
                "SELECT value FROM json_each($1)",
                "json_group_array(json_array(m.scope, m.mode, m.closes_on))"
            );
            sqlx::query_as(FIND).bind(slugs).bind(since.0).fetch_all(connection).await
        }
        Connection::Postgres(connection) => {
            const FIND: &str = find_arrivals!(
                "SELECT json_array_elements_text($1::json)",
                "json_agg(json_build_array(m.scope, m.mode, m.closes_on))::text"
            );
            sqlx::query_as(FIND).bind(slugs).bind(since.0).fetch_all(connection).await
        }
    }
}

/// A sender of comments that come in.
#[derive(Debug, sqlx::FromRow)]
pub struct SenderRow {
    /// The hash of this period.
    pub hash: String,
    /// How many comments came from there of late, counted up to [`SENT_MOST`].
    pub sent: i64,
    /// The block that is in force.
    pub block_id: Option<i64>,
}

/// A sender to be asked about.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct AskedSender<'a> {
    /// The hash of this period.
    pub hash: &'a str,
    /// That one, and those of the periods before.
    pub hashes: &'a [String],
}

const SQLITE_SENDERS: &str = "SELECT s.value ->> 'hash' AS hash,
        (SELECT COUNT(*) FROM (SELECT 1 FROM comment c WHERE c.sender_hash = s.value ->> 'hash' AND c.created_at >= $2 LIMIT 200) AS sent) AS sent,
        (SELECT MAX(b.id) FROM json_each(s.value -> 'hashes') h JOIN blocked_sender b ON b.sender_hash = h.value
         WHERE b.ended_at IS NULL AND b.until > $3) AS block_id
    FROM json_each($1) AS s";
const POSTGRES_SENDERS: &str = "SELECT s.hash,
        (SELECT COUNT(*) FROM (SELECT 1 FROM comment c WHERE c.sender_hash = s.hash AND c.created_at >= $2 LIMIT 200) AS sent) AS sent,
        (SELECT MAX(b.id) FROM json_array_elements_text(s.hashes) AS h (value) JOIN blocked_sender b ON b.sender_hash = h.value
         WHERE b.ended_at IS NULL AND b.until > $3) AS block_id
    FROM json_to_recordset($1::json) AS s (hash text, hashes json)";

/// What is known of some senders: how much came from them since a moment, and whether they are blocked.
///
/// # Errors
/// When the database fails.
pub async fn find_senders(
    session: &mut Session,
    senders: &[AskedSender<'_>],
    since: Instant,
    now: Instant,
) -> DbResult<Vec<SenderRow>> {
    let asked = serde_json::to_string(senders).map_err(|error| sqlx::Error::Encode(error.into()))?;
    match session.connection() {
        Connection::Sqlite(connection) => {
            sqlx::query_as(SQLITE_SENDERS).bind(asked).bind(since.0).bind(now.0).fetch_all(connection).await
        }
        Connection::Postgres(connection) => {
            sqlx::query_as(POSTGRES_SENDERS).bind(asked).bind(since.0).bind(now.0).fetch_all(connection).await
        }
    }
}

const SQLITE_SPENT: &str = "SELECT hash FROM spent_proof WHERE hash IN (SELECT value FROM json_each($1))";
const POSTGRES_SPENT: &str = "SELECT hash FROM spent_proof WHERE hash IN (SELECT json_array_elements_text($1::json))";

/// Which of some pieces of work were shown before.
///
/// # Errors
/// When the database fails.
pub async fn find_spent(session: &mut Session, hashes: &[&str]) -> DbResult<Vec<String>> {
    let asked = serde_json::to_string(hashes).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let spent: Vec<(String,)> = match session.connection() {
        Connection::Sqlite(connection) => sqlx::query_as(SQLITE_SPENT).bind(asked).fetch_all(connection).await?,
        Connection::Postgres(connection) => sqlx::query_as(POSTGRES_SPENT).bind(asked).fetch_all(connection).await?,
    };
    Ok(spent.into_iter().map(|(hash,)| hash).collect())
}

/// A comment as it was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct SentComment {
    /// The code of its receipt.
    pub code: String,
    /// The first comment of the thread that it goes on with.
    pub thread_id: Option<i64>,
    /// The comment that it answers.
    pub reply_to_id: Option<i64>,
    /// A keyed hash of what was sent.
    pub key_hash: String,
    /// Until when the same sending leads to the same receipt, in milliseconds.
    pub remembered_until: i64,
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
    /// A keyed hash of the browser's random name, kept as long.
    pub author_key: Option<String>,
    /// A keyed hash of the letters and digits of the text, likewise.
    pub text_key: Option<String>,
    /// That hash and those of the periods before, by which the sender may have been blocked.
    #[serde(skip)]
    pub sender_hashes: Vec<String>,
    /// Whether it counts towards floods: not where limits are switched off for a load test.
    #[serde(skip)]
    pub counted: bool,
    /// A hash of the work that the browser showed, if it is what was asked for.
    pub proof_hash: Option<String>,
    /// Until when it can be shown, in milliseconds.
    pub proof_expires_at: Option<i64>,
    /// When it came, in milliseconds.
    pub created_at: i64,
}

/// A comment about to be stored, waiting.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct WaitingComment<'a> {
    /// The announcement.
    pub announcement_id: i64,
    /// The discussion.
    pub discussion_id: i64,
    /// The flood that it waits in instead of the queue.
    pub flood_id: Option<i64>,
    /// Whether its work is shown for the first time.
    pub proven: bool,
    /// Whether it counts towards a flood of its page.
    pub rush: bool,
    /// What was sent.
    #[serde(flatten)]
    pub sent: &'a SentComment,
}

/// SQLite has one writer, so what is not remembered when the first statement runs is new to all of them.
const SQLITE_RECEIVE: &str = "INSERT INTO receipt (code, subject_kind, created_at)
    SELECT value ->> 'code', 'comment', value ->> 'created_at' FROM json_each($1) AS sent
    WHERE NOT EXISTS (SELECT 1 FROM submission_key k WHERE k.key_hash = sent.value ->> 'key_hash' AND k.expires_at > $2)
    RETURNING code";
const SQLITE_REMEMBER: &str = "INSERT INTO submission_key (key_hash, receipt_id, expires_at)
    SELECT value ->> 'key_hash', r.id, value ->> 'remembered_until' FROM json_each($1) AS sent
    JOIN receipt r ON r.code = sent.value ->> 'code' WHERE TRUE
    ON CONFLICT (key_hash) DO UPDATE SET receipt_id = excluded.receipt_id, expires_at = excluded.expires_at";
const SQLITE_ADD: &str = "INSERT INTO comment (discussion_id, receipt_id, thread_id, reply_to_id, state, flood_id, proven, rush, author_name, email, text, html,
                         language, sender_hash, sender_hash_expires_at, author_key, text_key, created_at)
    SELECT value ->> 'discussion_id', r.id, value ->> 'thread_id', value ->> 'reply_to_id', 'waiting', value ->> 'flood_id', value ->> 'proven', value ->> 'rush', value ->> 'author_name', value ->> 'email',
           value ->> 'text', value ->> 'html', value ->> 'language', value ->> 'sender_hash',
           value ->> 'sender_hash_expires_at', value ->> 'author_key', value ->> 'text_key', value ->> 'created_at'
    FROM json_each($1) AS sent JOIN receipt r ON r.code = sent.value ->> 'code'";
const SQLITE_QUEUE: &str = "INSERT INTO queue_item (kind, subject_id, comment_id, announcement_id, since)
    SELECT 'comment', c.id, c.id, value ->> 'announcement_id', c.created_at
    FROM json_each($1) AS sent JOIN receipt r ON r.code = sent.value ->> 'code' JOIN comment c ON c.receipt_id = r.id
    WHERE c.flood_id IS NULL";
const SQLITE_SPEND: &str = "INSERT INTO spent_proof (hash, expires_at)
    SELECT value ->> 'proof_hash', value ->> 'proof_expires_at' FROM json_each($1) WHERE value ->> 'proven'
    ON CONFLICT (hash) DO NOTHING";
/// On PostgreSQL another process may be remembering the same at this moment: the second waits for the first one's end.
const POSTGRES_ADD: &str = "WITH sent AS (
        SELECT * FROM json_to_recordset($1::json) AS sent (announcement_id bigint, discussion_id bigint, thread_id bigint, reply_to_id bigint, code text, key_hash text,
            remembered_until bigint, flood_id bigint, proven boolean, rush boolean, author_name text, email text, text text, html text, language text,
            sender_hash text, sender_hash_expires_at bigint, author_key text, text_key text, proof_hash text, proof_expires_at bigint, created_at bigint)),
    claimed AS (
        INSERT INTO submission_key (key_hash, receipt_id, expires_at)
        SELECT key_hash, nextval(pg_get_serial_sequence('receipt', 'id')), remembered_until FROM sent ORDER BY key_hash
        ON CONFLICT (key_hash) DO UPDATE SET receipt_id = excluded.receipt_id, expires_at = excluded.expires_at
        WHERE submission_key.expires_at <= $2 RETURNING key_hash, receipt_id),
    received AS (
        INSERT INTO receipt (id, code, subject_kind, created_at)
        SELECT receipt_id, code, 'comment', created_at FROM claimed JOIN sent USING (key_hash)),
    added AS (
        INSERT INTO comment (discussion_id, receipt_id, thread_id, reply_to_id, state, flood_id, proven, rush, author_name, email, text, html,
                             language, sender_hash, sender_hash_expires_at, author_key, text_key, created_at)
        SELECT discussion_id, receipt_id, thread_id, reply_to_id, 'waiting', flood_id, proven, rush, author_name, email, text, html, language,
               sender_hash, sender_hash_expires_at, author_key, text_key, created_at FROM claimed JOIN sent USING (key_hash)
        RETURNING id, receipt_id, created_at),
    queued AS (
        INSERT INTO queue_item (kind, subject_id, comment_id, announcement_id, since)
        SELECT 'comment', added.id, added.id, announcement_id, added.created_at
        FROM added JOIN claimed USING (receipt_id) JOIN sent USING (key_hash) WHERE flood_id IS NULL),
    spent AS (
        INSERT INTO spent_proof (hash, expires_at)
        SELECT proof_hash, proof_expires_at FROM sent WHERE proven ORDER BY proof_hash ON CONFLICT (hash) DO NOTHING)
    SELECT code FROM claimed JOIN sent USING (key_hash)";

/// Adds comments that wait, with their receipts, all in as many statements as one, and gives the codes of those that are
/// new: what was sent before and is still remembered is left out. No two have the same hash.
///
/// # Errors
/// When the database fails.
pub async fn add_waiting(
    session: &mut Session,
    comments: &[WaitingComment<'_>],
    now: Instant,
) -> DbResult<Vec<String>> {
    let sent = serde_json::to_string(comments).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let codes: Vec<(String,)> = match session.connection() {
        Connection::Sqlite(connection) => {
            let codes = sqlx::query_as(SQLITE_RECEIVE).bind(&sent).bind(now.0).fetch_all(&mut *connection).await?;
            sqlx::query(SQLITE_REMEMBER).bind(&sent).execute(&mut *connection).await?;
            sqlx::query(SQLITE_ADD).bind(&sent).execute(&mut *connection).await?;
            sqlx::query(SQLITE_QUEUE).bind(&sent).execute(&mut *connection).await?;
            if comments.iter().any(|comment| comment.proven) {
                sqlx::query(SQLITE_SPEND).bind(&sent).execute(connection).await?;
            }
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
