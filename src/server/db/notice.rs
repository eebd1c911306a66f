//! Who hears by e-mail what becomes of a comment.

use super::{DbResult, Session, execute, fetch_all, fetch_optional};
use crate::domain::lang::Lang;
use crate::domain::notice::Event;
use crate::domain::time::Instant;
use crate::server::db::comment::reason_of;

/// A notice.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct NoticeRow {
    /// Its id.
    pub id: i64,
    /// `asked`, `confirmed` or `ended`.
    pub state: String,
    /// The address; none once it has ended.
    pub email: Option<String>,
    /// The receipt code.
    pub code: String,
}

/// A notice, by its id.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, id: i64) -> DbResult<Option<NoticeRow>> {
    fetch_optional!(
        session,
        NoticeRow,
        "SELECT n.id, n.state, n.email, r.code FROM notice n JOIN receipt r ON r.id = n.receipt_id WHERE n.id = $1",
        id
    )
}

/// The notice of a receipt that has not ended.
///
/// # Errors
/// When the database fails.
pub async fn find_open(session: &mut Session, code: &str) -> DbResult<Option<NoticeRow>> {
    fetch_optional!(
        session,
        NoticeRow,
        "SELECT n.id, n.state, n.email, r.code FROM receipt r JOIN notice n ON n.receipt_id = r.id AND n.state <> 'ended'
         WHERE r.code = $1",
        code
    )
}

/// The comment of a receipt, as far as notices go.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FollowedRow {
    /// The receipt's id.
    pub receipt_id: i64,
    /// Its discussion.
    pub discussion_id: i64,
    /// `waiting`, `published` …
    pub state: String,
    /// The address that was given with it.
    pub email: Option<String>,
    /// The latest of its notices, ended or not.
    pub last_notice: Option<i64>,
}

/// The comment of a receipt, as far as notices go.
///
/// # Errors
/// When the database fails.
pub async fn find_followed(session: &mut Session, code: &str) -> DbResult<Option<FollowedRow>> {
    fetch_optional!(
        session,
        FollowedRow,
        "SELECT c.receipt_id, c.discussion_id, c.state, c.email,
                (SELECT MAX(n.id) FROM notice n WHERE n.receipt_id = c.receipt_id) AS last_notice
         FROM receipt r JOIN comment c ON c.receipt_id = r.id WHERE r.code = $1",
        code
    )
}

/// Adds a notice that is to be confirmed and gives its id.
///
/// # Errors
/// When the receipt has one, or the database fails.
pub async fn add(session: &mut Session, receipt_id: i64, email: &str, language: &str, at: Instant) -> DbResult<i64> {
    let (id,) = super::fetch_one!(
        session,
        (i64,),
        "INSERT INTO notice (receipt_id, email, language, state, created_at, touched_at) VALUES ($1, $2, $3, 'asked', $4, $4)
         RETURNING id",
        receipt_id,
        email,
        language,
        at.0
    )?;
    Ok(id)
}

/// Notes that something was done about a notice.
///
/// # Errors
/// When the database fails.
pub async fn touch(session: &mut Session, id: i64, at: Instant) -> DbResult<()> {
    execute!(session, "UPDATE notice SET touched_at = $2 WHERE id = $1", id, at.0)?;
    Ok(())
}

/// Confirms a notice, and gives whether that changed anything.
///
/// # Errors
/// When the database fails.
pub async fn confirm(session: &mut Session, id: i64, at: Instant) -> DbResult<bool> {
    let touched = execute!(
        session,
        "UPDATE notice SET state = 'confirmed', confirmed_at = $2, touched_at = $2 WHERE id = $1 AND state = 'asked'",
        id,
        at.0
    )?;
    Ok(touched > 0)
}

/// Ends a notice: its address goes, and so does the one that was given with the comment.
///
/// # Errors
/// When the database fails.
pub async fn end(session: &mut Session, id: i64, at: Instant) -> DbResult<()> {
    execute!(
        session,
        "UPDATE comment SET email = NULL WHERE email IS NOT NULL AND receipt_id = (SELECT n.receipt_id FROM notice n WHERE n.id = $1)",
        id
    )?;
    execute!(
        session,
        "UPDATE notice SET state = 'ended', email = NULL, ended_at = $2 WHERE id = $1 AND state <> 'ended'",
        id,
        at.0
    )?;
    Ok(())
}

/// Who is told of a comment, with what is said beside the event.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ToldRow {
    /// The notice.
    pub id: i64,
    /// The language of its mails.
    pub language: String,
    /// What was added to the reason.
    pub reason: Option<String>,
    /// The published reason in Vietnamese.
    pub reason_vi: Option<String>,
    /// And in English.
    pub reason_en: Option<String>,
}

impl ToldRow {
    /// The reason, in the language of the mails.
    pub fn reason(&self) -> String {
        let name = if self.language == Lang::En.code() { &self.reason_en } else { &self.reason_vi };
        reason_of(name.as_deref(), self.reason.as_deref())
    }
}

/// Who has confirmed to be told of a comment; with the reason of its rejection, of that of its last change, or of an
/// appeal's, as the event is about one of them.
///
/// # Errors
/// When the database fails.
pub async fn find_told(session: &mut Session, comment_id: i64, event: Event) -> DbResult<Option<ToldRow>> {
    match event {
        Event::EditPublished | Event::EditRejected => fetch_optional!(
            session,
            ToldRow,
            "SELECT n.id, n.language, e.reason, m.name_vi AS reason_vi, m.name_en AS reason_en
             FROM comment c JOIN notice n ON n.receipt_id = c.receipt_id AND n.state = 'confirmed' AND n.state <> 'ended'
             LEFT JOIN comment_edit e ON e.id = (SELECT MAX(x.id) FROM comment_edit x WHERE x.comment_id = c.id)
             LEFT JOIN moderation_reason m ON m.id = e.reason_id WHERE c.id = $1",
            comment_id
        ),
        Event::AppealRefused => fetch_optional!(
            session,
            ToldRow,
            "SELECT n.id, n.language, p.reason, m.name_vi AS reason_vi, m.name_en AS reason_en
             FROM comment c JOIN notice n ON n.receipt_id = c.receipt_id AND n.state = 'confirmed' AND n.state <> 'ended'
             LEFT JOIN appeal p ON p.comment_id = c.id
             LEFT JOIN moderation_reason m ON m.id = p.reason_id WHERE c.id = $1",
            comment_id
        ),
        _ => fetch_optional!(
            session,
            ToldRow,
            "SELECT n.id, n.language, c.reason, m.name_vi AS reason_vi, m.name_en AS reason_en
             FROM comment c JOIN notice n ON n.receipt_id = c.receipt_id AND n.state = 'confirmed' AND n.state <> 'ended'
             LEFT JOIN moderation_reason m ON m.id = c.reason_id WHERE c.id = $1",
            comment_id
        ),
    }
}

/// The unit that answered a comment last.
///
/// # Errors
/// When the database fails.
pub async fn find_answering(session: &mut Session, comment_id: i64) -> DbResult<Option<String>> {
    let row = fetch_optional!(
        session,
        (String,),
        "SELECT u.name FROM official_answer o JOIN unit u ON u.id = o.unit_id
         WHERE o.id = (SELECT MAX(x.id) FROM official_answer x WHERE x.comment_id = $1)",
        comment_id
    )?;
    Ok(row.map(|(name,)| name))
}

/// The unit that a comment was passed to, and the day until which it answers.
///
/// # Errors
/// When the database fails.
pub async fn find_asked(session: &mut Session, comment_id: i64) -> DbResult<Option<(String, String)>> {
    fetch_optional!(
        session,
        (String, String),
        "SELECT u.name, h.due FROM handover h JOIN unit u ON u.id = h.unit_id WHERE h.comment_id = $1 AND h.ended_at IS NULL",
        comment_id
    )
}

/// The notice of a comment that has not ended.
///
/// # Errors
/// When the database fails.
pub async fn find_of_comment(session: &mut Session, comment_id: i64) -> DbResult<Option<i64>> {
    let row = fetch_optional!(
        session,
        (i64,),
        "SELECT n.id FROM comment c JOIN notice n ON n.receipt_id = c.receipt_id AND n.state <> 'ended' WHERE c.id = $1",
        comment_id
    )?;
    Ok(row.map(|(id,)| id))
}

/// Notices whose time is over: not confirmed, and of what was decided and of which nothing was told since.
///
/// # Errors
/// When the database fails.
pub async fn list_expired(session: &mut Session, asked_before: Instant, told_before: Instant) -> DbResult<Vec<i64>> {
    let rows: Vec<(i64,)> = fetch_all!(
        session,
        (i64,),
        "SELECT n.id FROM notice n WHERE n.state = 'asked' AND n.touched_at <= $1
         UNION ALL
         SELECT n.id FROM notice n WHERE n.state = 'confirmed' AND n.touched_at <= $2
           AND NOT EXISTS (SELECT 1 FROM comment c WHERE c.receipt_id = n.receipt_id AND c.state = 'waiting')
         LIMIT 1000",
        asked_before.0,
        told_before.0
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Forgets notices that ended before a moment.
///
/// # Errors
/// When the database fails.
pub async fn forget(session: &mut Session, before: Instant) -> DbResult<u64> {
    execute!(session, "DELETE FROM notice WHERE state = 'ended' AND ended_at < $1", before.0)
}

/// The comments of a flood whose senders have confirmed that they want to be told.
///
/// # Errors
/// When the database fails.
pub async fn list_of_flood(session: &mut Session, flood_id: i64) -> DbResult<Vec<i64>> {
    let rows = fetch_all!(
        session,
        (i64,),
        "SELECT c.id FROM comment c JOIN notice n ON n.receipt_id = c.receipt_id AND n.state = 'confirmed' AND n.state <> 'ended'
         WHERE c.flood_id = $1 AND c.state = 'rejected'",
        flood_id
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
