//! Adding comments of a file with everything that belongs to them.

use super::ActorColumns;
use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};

/// What has comments: the id and the kind of the announcement that has a slug, or had it once.
///
/// # Errors
/// When the database fails.
pub async fn find_page(session: &mut Session, slug: &str) -> DbResult<Option<(i64, String)>> {
    fetch_optional!(
        session,
        (i64, String),
        "SELECT id, kind FROM announcement WHERE slug = $1 OR id = (SELECT announcement_id FROM former_slug WHERE slug = $1)
         ORDER BY CASE WHEN slug = $1 THEN 0 ELSE 1 END LIMIT 1",
        slug
    )
}

/// The discussion of a page, if it has one.
///
/// # Errors
/// When the database fails.
pub async fn find_discussion(session: &mut Session, announcement_id: i64) -> DbResult<Option<i64>> {
    let row = fetch_optional!(
        session,
        (i64,),
        "SELECT id FROM discussion WHERE subject_kind = 'announcement' AND subject_id = $1",
        announcement_id
    )?;
    Ok(row.map(|(id,)| id))
}

/// What a receipt code leads to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct KnownRow {
    /// The comment, if it is one.
    pub id: Option<i64>,
    /// The first comment of its thread.
    pub thread_id: Option<i64>,
    /// Its page.
    pub announcement_id: Option<i64>,
    /// `waiting`, `published` …
    pub state: Option<String>,
    /// Its text.
    pub text: Option<String>,
    /// When it was sent.
    pub created_at: i64,
}

/// What a receipt code leads to.
///
/// # Errors
/// When the database fails.
pub async fn find_known(session: &mut Session, code: &str) -> DbResult<Option<KnownRow>> {
    fetch_optional!(
        session,
        KnownRow,
        "SELECT c.id, c.thread_id, d.subject_id AS announcement_id, c.state, c.text, rc.created_at
         FROM receipt rc LEFT JOIN comment c ON c.receipt_id = rc.id LEFT JOIN discussion d ON d.id = c.discussion_id
         WHERE rc.code = $1",
        code
    )
}

/// Whether a comment said something once, or was to say it.
///
/// # Errors
/// When the database fails.
pub async fn said_once(session: &mut Session, comment_id: i64, text: &str) -> DbResult<bool> {
    let (count,) = fetch_one!(
        session,
        (i64,),
        "SELECT COUNT(*) FROM comment_edit WHERE comment_id = $1 AND (text = $2 OR old_text = $2)",
        comment_id,
        text
    )?;
    Ok(count > 0)
}

/// A reason, in force or not: its id, its code, since when, until when.
///
/// # Errors
/// When the database fails.
pub async fn list_reasons(session: &mut Session) -> DbResult<Vec<(i64, String, i64, Option<i64>)>> {
    fetch_all!(
        session,
        (i64, String, i64, Option<i64>),
        "SELECT id, code, begins, ends FROM moderation_reason ORDER BY id"
    )
}

/// The id of an actor, added if it is new.
///
/// # Errors
/// When the database fails.
pub async fn find_or_add_actor(session: &mut Session, actor: &ActorColumns, at: Instant) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO actor (kind, name, on_behalf_of, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (kind, name, on_behalf_of) DO UPDATE SET kind = excluded.kind RETURNING id",
        &actor.by_kind,
        &actor.by_name,
        &actor.by_behalf,
        at.0
    )?;
    Ok(id)
}

/// Adds a receipt of a comment and gives its id; none if its code is taken.
///
/// # Errors
/// When the database fails.
pub async fn add_receipt(session: &mut Session, code: &str, at: Instant) -> DbResult<Option<i64>> {
    let row = fetch_optional!(
        session,
        (i64,),
        "INSERT INTO receipt (code, subject_kind, created_at) VALUES ($1, 'comment', $2) ON CONFLICT (code) DO NOTHING RETURNING id",
        code,
        at.0
    )?;
    Ok(row.map(|(id,)| id))
}

/// A comment about to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewComment<'a> {
    /// Its discussion.
    pub discussion_id: i64,
    /// Its receipt.
    pub receipt_id: i64,
    /// The first comment of its thread.
    pub thread_id: Option<i64>,
    /// The comment that it answers.
    pub reply_to_id: Option<i64>,
    /// `waiting`, `published` …
    pub state: &'a str,
    /// The version of its text.
    pub version: i64,
    /// How many agreed.
    pub agreed: i64,
    /// The sender's name.
    pub author_name: &'a str,
    /// The sender's e-mail address.
    pub email: Option<&'a str>,
    /// The text.
    pub text: &'a str,
    /// The text as HTML.
    pub html: &'a str,
    /// The language tag.
    pub language: &'a str,
    /// Why it was rejected.
    pub reason: Reason<'a>,
    /// When it was sent.
    pub sent: Instant,
    /// When it was decided.
    pub decided: Option<Instant>,
    /// When it was changed.
    pub edited: Option<Instant>,
}

/// Why something was decided: one of the reasons, and words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reason<'a> {
    /// The reason.
    pub id: Option<i64>,
    /// The words.
    pub note: Option<&'a str>,
}

/// Adds a comment and gives its id. What stands on a page besides it is counted by whoever calls.
///
/// # Errors
/// When the database fails.
pub async fn add_comment(session: &mut Session, new: &NewComment<'_>) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO comment (discussion_id, receipt_id, thread_id, reply_to_id, state, version, agreed, author_name, email, text, html,
                              language, reason_id, reason, created_at, decided_at, edited_at, shown)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) RETURNING id",
        new.discussion_id,
        new.receipt_id,
        new.thread_id,
        new.reply_to_id,
        new.state,
        new.version,
        new.agreed,
        new.author_name,
        new.email,
        new.text,
        new.html,
        new.language,
        new.reason.id,
        new.reason.note,
        new.sent.0,
        new.decided.map(|at| at.0),
        new.edited.map(|at| at.0),
        new.state == "published"
    )?;
    Ok(id)
}

/// A change about to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewEdit<'a> {
    /// `waiting`, `taken`, `rejected` or `withdrawn`.
    pub state: &'a str,
    /// The new text.
    pub text: &'a str,
    /// As HTML.
    pub html: &'a str,
    /// What it takes the place of.
    pub old_text: &'a str,
    /// As HTML.
    pub old_html: &'a str,
    /// Why it was rejected.
    pub reason: Reason<'a>,
    /// When it was sent.
    pub sent: Instant,
    /// When it was decided.
    pub decided: Option<Instant>,
}

/// Adds a change of a comment and gives its id.
///
/// # Errors
/// When the database fails.
pub async fn add_edit(session: &mut Session, comment_id: i64, new: &NewEdit<'_>) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO comment_edit (comment_id, state, text, html, old_text, old_html, reason_id, reason, created_at, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
        comment_id,
        new.state,
        new.text,
        new.html,
        new.old_text,
        new.old_html,
        new.reason.id,
        new.reason.note,
        new.sent.0,
        new.decided.map(|at| at.0)
    )?;
    Ok(id)
}

/// Adds that a browser agreed, without counting it.
///
/// # Errors
/// When the database fails.
pub async fn add_agreement(session: &mut Session, comment_id: i64, voter: &str, at: Instant) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO agreement (comment_id, voter_hash, created_at) VALUES ($1, $2, $3)",
        comment_id,
        voter,
        at.0
    )?;
    Ok(())
}

/// A report about to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewReport<'a> {
    /// The reason.
    pub reason_id: i64,
    /// What was added.
    pub note: &'a str,
    /// The browser's keyed hash.
    pub voter: &'a str,
    /// When.
    pub at: Instant,
    /// When it was decided.
    pub decided: Option<Instant>,
}

/// Adds a report of a comment.
///
/// # Errors
/// When the database fails.
pub async fn add_report(session: &mut Session, comment_id: i64, new: &NewReport<'_>) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO comment_report (comment_id, reason_id, note, voter_hash, created_at, decided_at) VALUES ($1, $2, $3, $4, $5, $6)",
        comment_id,
        new.reason_id,
        new.note,
        new.voter,
        new.at.0,
        new.decided.map(|at| at.0)
    )?;
    Ok(())
}

/// A handover about to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewHandover<'a> {
    /// The unit.
    pub unit_id: i64,
    /// The day until which it is to answer.
    pub due: &'a str,
    /// What was added.
    pub note: &'a str,
    /// When.
    pub at: Instant,
    /// By whom.
    pub actor_id: i64,
    /// When it was over.
    pub ended: Option<Instant>,
}

/// Adds that a comment was passed to a unit.
///
/// # Errors
/// When the database fails.
pub async fn add_handover(session: &mut Session, comment_id: i64, new: &NewHandover<'_>) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO handover (comment_id, unit_id, due, note, created_at, actor_id, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        comment_id,
        new.unit_id,
        new.due,
        new.note,
        new.at.0,
        new.actor_id,
        new.ended.map(|at| at.0)
    )?;
    Ok(())
}

/// An answer about to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewAnswer<'a> {
    /// The unit.
    pub unit_id: i64,
    /// Who wrote it.
    pub actor_id: i64,
    /// Its version.
    pub version: i64,
    /// The answer.
    pub text: &'a str,
    /// As HTML.
    pub html: &'a str,
    /// When it was given.
    pub at: Instant,
    /// When it was corrected.
    pub edited: Option<Instant>,
    /// When it was taken back.
    pub withdrawn: Option<Instant>,
    /// What the sender of the comment thinks of it.
    pub rating: Option<i64>,
    /// When that was said.
    pub rated: Option<Instant>,
}

/// Adds what a unit answered and gives its id.
///
/// # Errors
/// When the database fails.
pub async fn add_answer(session: &mut Session, comment_id: i64, new: &NewAnswer<'_>) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO official_answer (comment_id, unit_id, actor_id, version, text, html, created_at, edited_at, withdrawn_at, rating, rated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
        comment_id,
        new.unit_id,
        new.actor_id,
        new.version,
        new.text,
        new.html,
        new.at.0,
        new.edited.map(|at| at.0),
        new.withdrawn.map(|at| at.0),
        new.rating,
        new.rated.map(|at| at.0)
    )?;
    Ok(id)
}

/// Adds what an answer said before it was corrected.
///
/// # Errors
/// When the database fails.
pub async fn add_answer_version(
    session: &mut Session,
    answer_id: i64,
    version: i64,
    text: &str,
    actor_id: i64,
    at: Instant,
) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO official_answer_version (answer_id, version, text, actor_id, at) VALUES ($1, $2, $3, $4, $5)",
        answer_id,
        version,
        text,
        actor_id,
        at.0
    )?;
    Ok(())
}

/// Adds that the sender of a comment found its answer wanting.
///
/// # Errors
/// When the database fails.
pub async fn add_reopening(session: &mut Session, comment_id: i64, text: &str, at: Instant) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO reopening (comment_id, text, created_at) VALUES ($1, $2, $3)",
        comment_id,
        text,
        at.0
    )?;
    Ok(())
}

/// An appeal about to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewAppeal<'a> {
    /// `waiting`, `granted`, `refused` or `withdrawn`.
    pub state: &'a str,
    /// In which words.
    pub text: &'a str,
    /// Who rejected the comment.
    pub rejected_by: i64,
    /// Why it was decided so.
    pub reason: Reason<'a>,
    /// When it came.
    pub at: Instant,
    /// When it was decided.
    pub decided: Option<Instant>,
}

/// Adds an appeal and gives its id.
///
/// # Errors
/// When the database fails.
pub async fn add_appeal(session: &mut Session, comment_id: i64, new: &NewAppeal<'_>) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO appeal (comment_id, state, text, rejected_by, reason_id, reason, created_at, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        comment_id,
        new.state,
        new.text,
        new.rejected_by,
        new.reason.id,
        new.reason.note,
        new.at.0,
        new.decided.map(|at| at.0)
    )?;
    Ok(id)
}

/// Puts what waits of a comment into the queue.
///
/// # Errors
/// When the database fails.
pub async fn add_waiting(
    session: &mut Session,
    kind: &str,
    subject_id: i64,
    comment_id: i64,
    announcement_id: i64,
    since: Instant,
) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO queue_item (kind, subject_id, comment_id, announcement_id, since) VALUES ($1, $2, $3, $4, $5)",
        kind,
        subject_id,
        comment_id,
        announcement_id,
        since.0
    )?;
    Ok(())
}
