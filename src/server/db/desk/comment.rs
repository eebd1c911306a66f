//! Comments as moderators and units find them again: whatever became of them.

use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_optional};

/// A comment at the desk.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DeskCommentRow {
    /// Its id.
    pub id: i64,
    /// Its receipt code.
    pub code: String,
    /// `waiting`, `published` …
    pub state: String,
    /// The sender's name.
    pub author_name: String,
    /// Its text.
    pub text: String,
    /// When it came.
    pub created_at: i64,
    /// Its discussion.
    pub discussion_id: i64,
    /// The page.
    pub announcement_id: i64,
    /// The path of the page.
    pub path: String,
    /// The page's title.
    pub title: String,
    /// The unit that the page belongs to.
    pub unit_id: Option<i64>,
    /// Whether a unit was asked or has answered.
    pub followed: bool,
}

macro_rules! select_comments {
    () => {
        "SELECT c.id, rc.code, c.state, c.author_name, c.text, c.created_at, c.discussion_id, a.id AS announcement_id,
                CASE a.kind WHEN 'campaign' THEN '/thi-dua/' WHEN 'example' THEN '/dien-hinh/' ELSE '/tin/' END || a.slug AS path,
                COALESCE((SELECT r.title FROM revision r WHERE r.announcement_id = a.id ORDER BY r.number DESC LIMIT 1), '') AS title,
                a.unit_id, c.followed
         FROM comment c JOIN receipt rc ON rc.id = c.receipt_id JOIN discussion d ON d.id = c.discussion_id AND d.subject_kind = 'announcement'
         JOIN announcement a ON a.id = d.subject_id "
    };
}

/// A comment, by its id.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, id: i64) -> DbResult<Option<DeskCommentRow>> {
    fetch_optional!(session, DeskCommentRow, concat!(select_comments!(), "WHERE c.id = $1"), id)
}

/// Comments before a number, the latest first, at most five hundred: of a state if one is given, with a receipt code if
/// one is given, on pages of these units (each between commas; empty for all).
///
/// # Errors
/// When the database fails.
pub async fn list(
    session: &mut Session,
    state: &str,
    code: &str,
    units: &str,
    before: i64,
) -> DbResult<Vec<DeskCommentRow>> {
    fetch_all!(
        session,
        DeskCommentRow,
        concat!(
            select_comments!(),
            "WHERE c.id < $1 AND ($2 = '' OR c.state = $2) AND ($3 = '' OR rc.code = $3)
               AND ($4 = '' OR $4 LIKE '%,' || CAST(a.unit_id AS TEXT) || ',%')
             ORDER BY c.id DESC LIMIT 500"
        ),
        before,
        state,
        code,
        units
    )
}

/// A comment that a unit is to answer.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DueRow {
    /// The comment.
    pub comment_id: i64,
    /// The unit.
    pub unit_id: i64,
    /// Its name.
    pub unit: String,
    /// Until which day.
    pub due: String,
    /// What the unit alone is told.
    pub note: String,
    /// The sender's name.
    pub author_name: String,
    /// The text.
    pub text: String,
    /// The page's title.
    pub title: String,
    /// Whether its sender found an answer wanting.
    pub reopened: bool,
}

/// Comments that units are to answer (by their ids, each between commas; empty for all), what is due first. At most 200.
///
/// # Errors
/// When the database fails.
pub async fn list_due(session: &mut Session, units: &str) -> DbResult<Vec<DueRow>> {
    fetch_all!(
        session,
        DueRow,
        "SELECT h.comment_id, h.unit_id, u.name AS unit, h.due, h.note, c.author_name, c.text,
                COALESCE((SELECT r.title FROM revision r WHERE r.announcement_id = d.subject_id ORDER BY r.number DESC LIMIT 1), '') AS title,
                EXISTS (SELECT 1 FROM reopening p WHERE p.comment_id = c.id) AS reopened
         FROM handover h JOIN unit u ON u.id = h.unit_id JOIN comment c ON c.id = h.comment_id JOIN discussion d ON d.id = c.discussion_id
         WHERE h.ended_at IS NULL AND c.state = 'published' AND ($1 = '' OR $1 LIKE '%,' || CAST(h.unit_id AS TEXT) || ',%')
         ORDER BY h.due, h.id LIMIT 200",
        units
    )
}

/// Takes away by law whatever a comment and what hangs on it say of people. Its place, its decisions and its answers stay.
///
/// # Errors
/// When the database fails.
pub async fn erase(session: &mut Session, id: i64, at: Instant) -> DbResult<()> {
    execute!(session, "DELETE FROM comment_edit WHERE comment_id = $1", id)?;
    execute!(session, "UPDATE comment_report SET note = '' WHERE comment_id = $1", id)?;
    execute!(session, "UPDATE rule_hit SET words = '[]' WHERE comment_id = $1", id)?;
    execute!(session, "UPDATE appeal SET text = '' WHERE comment_id = $1", id)?;
    execute!(session, "UPDATE reopening SET text = '' WHERE comment_id = $1", id)?;
    execute!(session, "UPDATE handover SET note = '' WHERE comment_id = $1", id)?;
    execute!(
        session,
        "UPDATE comment SET state = 'erased', text = '', html = '', author_name = '', email = NULL, sender_hash = NULL,
                sender_hash_expires_at = NULL, author_key = NULL, text_key = NULL, decided_at = $2, version = version + 1,
                shown = (thread_id IS NULL AND replies > 0) WHERE id = $1",
        id,
        at.0
    )?;
    Ok(())
}
