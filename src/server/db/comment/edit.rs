//! What senders change in their comments: at once while they wait, or waiting itself while the old text stays.

use crate::domain::lang::Lang;
use crate::domain::time::Instant;
use crate::server::db::comment::reason_in;
use crate::server::db::{DbResult, Session, execute, fetch_one, fetch_optional};

/// A comment as its sender may change it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OwnRow {
    /// Its id.
    pub id: i64,
    /// `waiting`, `published` …
    pub state: String,
    /// Goes up with each change.
    pub version: i64,
    /// Its text.
    pub text: String,
    /// Its HTML.
    pub html: String,
    /// When it was sent.
    pub created_at: i64,
    /// Its discussion.
    pub discussion_id: i64,
    /// The announcement.
    pub announcement_id: i64,
    /// The change that waits.
    pub edit_text: Option<String>,
}

/// The comment of a receipt, as its sender may change it.
///
/// # Errors
/// When the database fails.
pub async fn find_own(session: &mut Session, code: &str) -> DbResult<Option<OwnRow>> {
    fetch_optional!(
        session,
        OwnRow,
        "SELECT c.id, c.state, c.version, c.text, c.html, c.created_at, c.discussion_id, d.subject_id AS announcement_id, e.text AS edit_text
         FROM receipt r JOIN comment c ON c.receipt_id = r.id JOIN discussion d ON d.id = c.discussion_id
         LEFT JOIN comment_edit e ON e.comment_id = c.id AND e.state = 'waiting'
         WHERE r.code = $1",
        code
    )
}

/// Puts another text in a comment's place.
///
/// # Errors
/// When the database fails.
pub async fn replace_text(
    session: &mut Session,
    id: i64,
    text: &str,
    html: &str,
    edited_at: Option<Instant>,
) -> DbResult<()> {
    execute!(
        session,
        "UPDATE comment SET text = $2, html = $3, version = version + 1, edited_at = $4 WHERE id = $1",
        id,
        text,
        html,
        edited_at.map(|at| at.0)
    )?;
    Ok(())
}

/// Keeps a change with what it takes the place of, and gives its id. A change that waits takes the place of one that did.
///
/// # Errors
/// When the database fails.
pub async fn add(
    session: &mut Session,
    own: &OwnRow,
    state: &str,
    text: &str,
    html: &str,
    at: Instant,
) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO comment_edit (comment_id, state, text, html, old_text, old_html, created_at, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6, CAST($7 AS BIGINT), CASE WHEN $2 = 'waiting' THEN NULL ELSE CAST($7 AS BIGINT) END)
         ON CONFLICT (comment_id) WHERE state = 'waiting' DO UPDATE SET text = excluded.text, html = excluded.html, created_at = excluded.created_at
         RETURNING id",
        own.id,
        state,
        text,
        html,
        &own.text,
        &own.html,
        at.0
    )?;
    Ok(id)
}

/// A change.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EditRow {
    /// The comment.
    pub comment_id: i64,
    /// `waiting`, `taken`, `rejected` or `withdrawn`.
    pub state: String,
    /// The new text.
    pub text: String,
    /// Its HTML.
    pub html: String,
    /// The text before.
    pub old_text: String,
    /// Its HTML.
    pub old_html: String,
}

/// A change, by its id.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, id: i64) -> DbResult<Option<EditRow>> {
    fetch_optional!(
        session,
        EditRow,
        "SELECT comment_id, state, text, html, old_text, old_html FROM comment_edit WHERE id = $1",
        id
    )
}

/// The last change of a comment, as its sender follows it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LastRow {
    /// `waiting`, `taken`, `rejected` or `withdrawn`.
    pub state: String,
    /// When it was sent.
    pub created_at: i64,
    /// When it was decided.
    pub decided_at: Option<i64>,
    /// What was added to the reason.
    pub reason: Option<String>,
    /// The published reason in Vietnamese.
    pub reason_vi: Option<String>,
    /// And in English.
    pub reason_en: Option<String>,
}

impl LastRow {
    /// Why it was rejected, in a reader's language.
    pub fn reason_in(&self, language: Lang) -> String {
        reason_in(language, self.reason_vi.as_deref(), self.reason_en.as_deref(), self.reason.as_deref())
    }
}

/// The last change of a comment.
///
/// # Errors
/// When the database fails.
pub async fn find_last(session: &mut Session, comment_id: i64) -> DbResult<Option<LastRow>> {
    fetch_optional!(
        session,
        LastRow,
        "SELECT e.state, e.created_at, e.decided_at, e.reason, m.name_vi AS reason_vi, m.name_en AS reason_en
         FROM comment_edit e LEFT JOIN moderation_reason m ON m.id = e.reason_id
         WHERE e.comment_id = $1 ORDER BY e.id DESC LIMIT 1",
        comment_id
    )
}

/// Decides about a change.
///
/// # Errors
/// When the database fails.
pub async fn decide(
    session: &mut Session,
    id: i64,
    state: &str,
    reason_id: Option<i64>,
    reason: Option<&str>,
    at: Option<Instant>,
) -> DbResult<()> {
    execute!(
        session,
        "UPDATE comment_edit SET state = $2, reason_id = $3, reason = $4, decided_at = $5 WHERE id = $1",
        id,
        state,
        reason_id,
        reason,
        at.map(|at| at.0)
    )?;
    Ok(())
}

/// Takes back the change of a comment that waits, since the comment itself is gone, and gives its id.
///
/// # Errors
/// When the database fails.
pub async fn drop_waiting(session: &mut Session, comment_id: i64, at: Instant) -> DbResult<Option<i64>> {
    let row = fetch_optional!(
        session,
        (i64,),
        "UPDATE comment_edit SET state = 'withdrawn', decided_at = $2 WHERE comment_id = $1 AND state = 'waiting' RETURNING id",
        comment_id,
        at.0
    )?;
    Ok(row.map(|(id,)| id))
}

/// Takes away the words of what was withdrawn before a moment.
///
/// # Errors
/// When the database fails.
pub async fn forget_withdrawn(session: &mut Session, before: Instant) -> DbResult<u64> {
    execute!(
        session,
        "DELETE FROM comment_edit WHERE comment_id IN (SELECT id FROM comment WHERE state = 'withdrawn' AND text <> '' AND decided_at < $1)",
        before.0
    )?;
    execute!(
        session,
        "UPDATE rule_hit SET words = '[]' WHERE comment_id IN (SELECT id FROM comment WHERE state = 'withdrawn' AND text <> '' AND decided_at < $1)",
        before.0
    )?;
    execute!(
        session,
        "UPDATE appeal SET text = '' WHERE comment_id IN (SELECT id FROM comment WHERE state = 'withdrawn' AND text <> '' AND decided_at < $1)",
        before.0
    )?;
    execute!(
        session,
        "UPDATE reopening SET text = '' WHERE comment_id IN (SELECT id FROM comment WHERE state = 'withdrawn' AND text <> '' AND decided_at < $1)",
        before.0
    )?;
    execute!(
        session,
        "UPDATE comment SET text = '', html = '', author_name = '', email = NULL WHERE state = 'withdrawn' AND text <> '' AND decided_at < $1",
        before.0
    )
}
