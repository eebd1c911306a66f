//! Comments with everything that belongs to them, as files of them are made: some at a time, in the order of their ids.

use crate::server::db::{DbResult, Session, fetch_all};

pub mod add;

/// A comment.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CommentRow {
    /// Its id.
    pub id: i64,
    /// Its receipt code.
    pub code: String,
    /// The path of its page; empty where that is gone.
    pub path: String,
    /// The receipt code of the first comment of its thread.
    pub thread: Option<String>,
    /// That of the comment that it answers.
    pub reply_to: Option<String>,
    /// `waiting`, `published` …
    pub state: String,
    /// Goes up with each change of the text.
    pub version: i64,
    /// The sender's name.
    pub author_name: String,
    /// The sender's e-mail address.
    pub email: Option<String>,
    /// The text.
    pub text: String,
    /// The language tag.
    pub language: String,
    /// Why it was rejected.
    #[sqlx(flatten)]
    pub reason: ReasonColumns,
    /// When it was sent.
    pub created_at: i64,
    /// When it was decided.
    pub decided_at: Option<i64>,
    /// When its text was changed after it had been published.
    pub edited_at: Option<i64>,
}

/// Why something was decided.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReasonColumns {
    /// The code of the published reason.
    pub reason_code: Option<String>,
    /// What was added, or words instead of one.
    pub reason: Option<String>,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq, Hash, sqlx::FromRow)]
pub struct ActorColumns {
    /// `account`, `command-line` …
    pub by_kind: String,
    /// The name.
    pub by_name: String,
    /// For whom.
    pub by_behalf: String,
}

/// Comments after an id, at most two hundred.
///
/// # Errors
/// When the database fails.
pub async fn list_after(session: &mut Session, id: i64) -> DbResult<Vec<CommentRow>> {
    // They are found first, and nothing is joined before them: SQLite would go through all of a portal with few pages.
    fetch_all!(
        session,
        CommentRow,
        "SELECT c.id, rc.code, COALESCE(CASE a.kind WHEN 'campaign' THEN '/thi-dua/' WHEN 'example' THEN '/dien-hinh/' ELSE '/tin/' END || a.slug, '') AS path,
                tr.code AS thread, xr.code AS reply_to, c.state, c.version, c.author_name, c.email, c.text, c.language,
                m.code AS reason_code, c.reason, c.created_at, c.decided_at, c.edited_at
         FROM (SELECT * FROM comment WHERE id > $1 ORDER BY id LIMIT 200) c LEFT JOIN receipt rc ON rc.id = c.receipt_id
         LEFT JOIN discussion d ON d.id = c.discussion_id AND d.subject_kind = 'announcement'
         LEFT JOIN announcement a ON a.id = d.subject_id
         LEFT JOIN comment t ON t.id = c.thread_id LEFT JOIN receipt tr ON tr.id = t.receipt_id
         LEFT JOIN comment x ON x.id = c.reply_to_id LEFT JOIN receipt xr ON xr.id = x.receipt_id
         LEFT JOIN moderation_reason m ON m.id = c.reason_id
         ORDER BY c.id",
        id
    )
}

/// A change of a comment.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EditRow {
    /// The comment.
    pub comment_id: i64,
    /// `waiting`, `taken`, `rejected` or `withdrawn`.
    pub state: String,
    /// The new text.
    pub text: String,
    /// What it takes the place of.
    pub old_text: String,
    /// Why it was rejected.
    #[sqlx(flatten)]
    pub reason: ReasonColumns,
    /// When it was sent.
    pub created_at: i64,
    /// When it was decided.
    pub decided_at: Option<i64>,
}

/// The changes of comments from one id to another, as all lists here in the order of the comments and then as they came.
///
/// # Errors
/// When the database fails.
pub async fn list_edits(session: &mut Session, first: i64, last: i64) -> DbResult<Vec<EditRow>> {
    fetch_all!(
        session,
        EditRow,
        "SELECT e.comment_id, e.state, e.text, e.old_text, m.code AS reason_code, e.reason, e.created_at, e.decided_at
         FROM comment_edit e LEFT JOIN moderation_reason m ON m.id = e.reason_id
         WHERE e.comment_id >= $1 AND e.comment_id <= $2 ORDER BY e.comment_id, e.id",
        first,
        last
    )
}

/// A browser that agreed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AgreementRow {
    /// The comment.
    pub comment_id: i64,
    /// The browser's keyed hash.
    pub voter_hash: String,
    /// When.
    pub created_at: i64,
}

/// Who agreed with these comments.
///
/// # Errors
/// When the database fails.
pub async fn list_agreements(session: &mut Session, first: i64, last: i64) -> DbResult<Vec<AgreementRow>> {
    fetch_all!(
        session,
        AgreementRow,
        "SELECT comment_id, voter_hash, created_at FROM agreement
         WHERE comment_id >= $1 AND comment_id <= $2 ORDER BY comment_id, created_at, voter_hash",
        first,
        last
    )
}

/// A report of a comment.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReportRow {
    /// The comment.
    pub comment_id: i64,
    /// The code of the reason.
    pub code: String,
    /// What was added.
    pub note: String,
    /// The browser's keyed hash.
    pub voter_hash: String,
    /// When.
    pub created_at: i64,
    /// When it was decided.
    pub decided_at: Option<i64>,
}

/// The reports of these comments.
///
/// # Errors
/// When the database fails.
pub async fn list_reports(session: &mut Session, first: i64, last: i64) -> DbResult<Vec<ReportRow>> {
    fetch_all!(
        session,
        ReportRow,
        "SELECT r.comment_id, m.code, r.note, r.voter_hash, r.created_at, r.decided_at
         FROM comment_report r JOIN moderation_reason m ON m.id = r.reason_id
         WHERE r.comment_id >= $1 AND r.comment_id <= $2 ORDER BY r.comment_id, r.id",
        first,
        last
    )
}

/// That a comment was passed to a unit.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct HandoverRow {
    /// The comment.
    pub comment_id: i64,
    /// The slug of the unit.
    pub unit: String,
    /// The day until which it is to answer.
    pub due: String,
    /// What was added.
    pub note: String,
    /// When.
    pub created_at: i64,
    /// By whom.
    #[sqlx(flatten)]
    pub by: ActorColumns,
    /// When it was over.
    pub ended_at: Option<i64>,
}

/// To which units these comments were passed.
///
/// # Errors
/// When the database fails.
pub async fn list_handovers(session: &mut Session, first: i64, last: i64) -> DbResult<Vec<HandoverRow>> {
    fetch_all!(
        session,
        HandoverRow,
        "SELECT h.comment_id, u.slug AS unit, h.due, h.note, h.created_at, h.ended_at,
                x.kind AS by_kind, x.name AS by_name, x.on_behalf_of AS by_behalf
         FROM handover h JOIN unit u ON u.id = h.unit_id JOIN actor x ON x.id = h.actor_id
         WHERE h.comment_id >= $1 AND h.comment_id <= $2 ORDER BY h.comment_id, h.id",
        first,
        last
    )
}

/// What a unit answered.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AnswerRow {
    /// Its id.
    pub id: i64,
    /// The comment.
    pub comment_id: i64,
    /// The slug of the unit.
    pub unit: String,
    /// Who wrote it.
    #[sqlx(flatten)]
    pub by: ActorColumns,
    /// Goes up with each correction.
    pub version: i64,
    /// The answer.
    pub text: String,
    /// When it was given.
    pub created_at: i64,
    /// When it was corrected.
    pub edited_at: Option<i64>,
    /// When it was taken back.
    pub withdrawn_at: Option<i64>,
    /// What the sender of the comment thinks of it.
    pub rating: Option<i64>,
    /// When that was said.
    pub rated_at: Option<i64>,
}

/// What units answered to these comments.
///
/// # Errors
/// When the database fails.
pub async fn list_answers(session: &mut Session, first: i64, last: i64) -> DbResult<Vec<AnswerRow>> {
    fetch_all!(
        session,
        AnswerRow,
        "SELECT o.id, o.comment_id, u.slug AS unit, o.version, o.text, o.created_at, o.edited_at, o.withdrawn_at, o.rating, o.rated_at,
                x.kind AS by_kind, x.name AS by_name, x.on_behalf_of AS by_behalf
         FROM official_answer o JOIN unit u ON u.id = o.unit_id JOIN actor x ON x.id = o.actor_id
         WHERE o.comment_id >= $1 AND o.comment_id <= $2 ORDER BY o.comment_id, o.id",
        first,
        last
    )
}

/// What an answer said before.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AnswerVersionRow {
    /// The answer.
    pub answer_id: i64,
    /// The number of the version.
    pub version: i64,
    /// The text.
    pub text: String,
    /// Who wrote it.
    #[sqlx(flatten)]
    pub by: ActorColumns,
    /// When.
    pub at: i64,
}

/// What the answers to these comments said before, in the order of the answers' ids.
///
/// # Errors
/// When the database fails.
pub async fn list_answer_versions(session: &mut Session, first: i64, last: i64) -> DbResult<Vec<AnswerVersionRow>> {
    fetch_all!(
        session,
        AnswerVersionRow,
        "SELECT v.answer_id, v.version, v.text, v.at, x.kind AS by_kind, x.name AS by_name, x.on_behalf_of AS by_behalf
         FROM official_answer o JOIN official_answer_version v ON v.answer_id = o.id JOIN actor x ON x.id = v.actor_id
         WHERE o.comment_id >= $1 AND o.comment_id <= $2 ORDER BY o.comment_id, v.answer_id, v.version",
        first,
        last
    )
}

/// That the sender found an answer wanting.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReopeningRow {
    /// The comment.
    pub comment_id: i64,
    /// In which words.
    pub text: String,
    /// When.
    pub created_at: i64,
}

/// Which of these comments were opened again.
///
/// # Errors
/// When the database fails.
pub async fn list_reopenings(session: &mut Session, first: i64, last: i64) -> DbResult<Vec<ReopeningRow>> {
    fetch_all!(
        session,
        ReopeningRow,
        "SELECT comment_id, text, created_at FROM reopening WHERE comment_id >= $1 AND comment_id <= $2 ORDER BY comment_id",
        first,
        last
    )
}

/// That the sender asked for a rejection to be looked at again.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AppealRow {
    /// The comment.
    pub comment_id: i64,
    /// `waiting`, `granted`, `refused` or `withdrawn`.
    pub state: String,
    /// In which words.
    pub text: String,
    /// Who rejected the comment.
    #[sqlx(flatten)]
    pub by: ActorColumns,
    /// Why it was decided so.
    #[sqlx(flatten)]
    pub reason: ReasonColumns,
    /// When it came.
    pub created_at: i64,
    /// When it was decided.
    pub decided_at: Option<i64>,
}

/// The appeals of these comments.
///
/// # Errors
/// When the database fails.
pub async fn list_appeals(session: &mut Session, first: i64, last: i64) -> DbResult<Vec<AppealRow>> {
    fetch_all!(
        session,
        AppealRow,
        "SELECT p.comment_id, p.state, p.text, m.code AS reason_code, p.reason, p.created_at, p.decided_at,
                x.kind AS by_kind, x.name AS by_name, x.on_behalf_of AS by_behalf
         FROM appeal p JOIN actor x ON x.id = p.rejected_by LEFT JOIN moderation_reason m ON m.id = p.reason_id
         WHERE p.comment_id >= $1 AND p.comment_id <= $2 ORDER BY p.comment_id",
        first,
        last
    )
}

/// A line of the log of decisions.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct DecisionRow {
    /// The comment.
    pub comment_id: i64,
    /// When.
    pub at: i64,
    /// By whom.
    #[sqlx(flatten)]
    pub by: ActorColumns,
    /// `approve`, `reject` …
    pub action: String,
    /// Why.
    #[sqlx(flatten)]
    pub reason: ReasonColumns,
}

/// What was decided about these comments.
///
/// # Errors
/// When the database fails.
pub async fn list_decisions(session: &mut Session, first: i64, last: i64) -> DbResult<Vec<DecisionRow>> {
    fetch_all!(
        session,
        DecisionRow,
        "SELECT d.subject_id AS comment_id, d.at, d.action, m.code AS reason_code, d.reason,
                x.kind AS by_kind, x.name AS by_name, x.on_behalf_of AS by_behalf
         FROM decision d JOIN actor x ON x.id = d.actor_id LEFT JOIN moderation_reason m ON m.id = d.reason_id
         WHERE d.subject_kind = 'comment' AND d.subject_id >= $1 AND d.subject_id <= $2 ORDER BY d.subject_id, d.id",
        first,
        last
    )
}
