//! What became of a comment in turn, as the log of decisions has it.

use crate::domain::lang::Lang;
use crate::server::db::comment::reason_in;
use crate::server::db::{DbResult, Session, fetch_all};

/// A decision about a comment, as its sender may read it: without who made it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct StepRow {
    /// `approve`, `reject` …
    pub action: String,
    /// When.
    pub at: i64,
    /// What was added to the reason.
    pub reason: Option<String>,
    /// The published reason in Vietnamese.
    pub reason_vi: Option<String>,
    /// And in English.
    pub reason_en: Option<String>,
}

impl StepRow {
    /// Why, in a reader's language.
    pub fn reason_in(&self, language: Lang) -> String {
        reason_in(language, self.reason_vi.as_deref(), self.reason_en.as_deref(), self.reason.as_deref())
    }
}

/// What was decided about a comment, the earliest first.
///
/// # Errors
/// When the database fails.
pub async fn list_steps(session: &mut Session, comment_id: i64) -> DbResult<Vec<StepRow>> {
    fetch_all!(
        session,
        StepRow,
        "SELECT d.action, d.at, d.reason, m.name_vi AS reason_vi, m.name_en AS reason_en
         FROM decision d LEFT JOIN moderation_reason m ON m.id = d.reason_id
         WHERE d.subject_kind = 'comment' AND d.subject_id = $1 ORDER BY d.id LIMIT 200",
        comment_id
    )
}

/// What its sender changed and sent after it had been published: what became of it, when it was sent.
///
/// # Errors
/// When the database fails.
pub async fn list_edits(session: &mut Session, comment_id: i64) -> DbResult<Vec<(String, i64)>> {
    fetch_all!(
        session,
        (String, i64),
        "SELECT state, created_at FROM comment_edit WHERE comment_id = $1 ORDER BY id LIMIT 100",
        comment_id
    )
}
