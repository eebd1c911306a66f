//! Rules of moderation as moderators keep them, what they are tried on, and where they fired.

use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};

/// A rule.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RuleRow {
    /// Its id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// The kind of its condition.
    pub kind: String,
    /// What that needs.
    pub parameter: String,
    /// `flag`, `hold` or `reject`.
    pub action: String,
    /// The code of the reason that is given.
    pub reason: Option<String>,
    /// `trial`, `on` or `ended`.
    pub state: String,
    /// The rule that ends when this one is switched on.
    pub replaces_id: Option<i64>,
    /// When it was switched on first.
    pub begins: Option<i64>,
    /// When it ended.
    pub ends: Option<i64>,
    /// On how many comments it fired.
    pub hits: i64,
}

macro_rules! select_rule {
    () => {
        "SELECT r.id, r.name, r.kind, r.parameter, r.action, m.code AS reason, r.state, r.replaces_id, r.begins, r.ends,
                (SELECT COUNT(*) FROM rule_hit h WHERE h.rule_id = r.id) AS hits
         FROM moderation_rule r LEFT JOIN moderation_reason m ON m.id = r.reason_id "
    };
}

/// The rules, those that are on first, then the latest: at most five hundred.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session) -> DbResult<Vec<RuleRow>> {
    fetch_all!(
        session,
        RuleRow,
        concat!(
            select_rule!(),
            "ORDER BY CASE r.state WHEN 'on' THEN 0 WHEN 'trial' THEN 1 ELSE 2 END, r.id DESC LIMIT 500"
        )
    )
}

/// A rule by its id.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, id: i64) -> DbResult<Option<RuleRow>> {
    fetch_optional!(session, RuleRow, concat!(select_rule!(), "WHERE r.id = $1"), id)
}

/// How many rules have not ended.
///
/// # Errors
/// When the database fails.
pub async fn count_standing(session: &mut Session) -> DbResult<i64> {
    let (count,) = fetch_one!(session, (i64,), "SELECT COUNT(*) FROM moderation_rule WHERE state <> 'ended'")?;
    Ok(count)
}

/// What a rule says.
#[derive(Clone, Copy, Debug)]
pub struct RuleColumns<'a> {
    /// What it is called.
    pub name: &'a str,
    /// The kind of its condition.
    pub kind: &'a str,
    /// What that needs.
    pub parameter: &'a str,
    /// `flag`, `hold` or `reject`.
    pub action: &'a str,
    /// The reason that is given.
    pub reason_id: Option<i64>,
}

/// Adds a rule on trial and gives its id.
///
/// # Errors
/// When the database fails.
pub async fn add(
    session: &mut Session,
    rule: RuleColumns<'_>,
    replaces_id: Option<i64>,
    actor_id: i64,
    at: Instant,
) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO moderation_rule (name, kind, parameter, action, reason_id, state, replaces_id, created_at, actor_id)
         VALUES ($1, $2, $3, $4, $5, 'trial', $6, $7, $8) RETURNING id",
        rule.name,
        rule.kind,
        rule.parameter,
        rule.action,
        rule.reason_id,
        replaces_id,
        at.0,
        actor_id
    )?;
    Ok(id)
}

/// Changes a rule that was never on.
///
/// # Errors
/// When the database fails.
pub async fn change(session: &mut Session, id: i64, rule: RuleColumns<'_>) -> DbResult<bool> {
    let touched = execute!(
        session,
        "UPDATE moderation_rule SET name = $2, kind = $3, parameter = $4, action = $5, reason_id = $6
         WHERE id = $1 AND state = 'trial' AND begins IS NULL",
        id,
        rule.name,
        rule.kind,
        rule.parameter,
        rule.action,
        rule.reason_id
    )?;
    Ok(touched > 0)
}

/// Takes a rule from one state to another, and gives whether it was in the first.
///
/// # Errors
/// When the database fails.
pub async fn turn(session: &mut Session, id: i64, from: &str, to: &str, at: Instant) -> DbResult<bool> {
    let touched = execute!(
        session,
        "UPDATE moderation_rule SET state = $3,
                begins = CASE WHEN $3 = 'on' THEN COALESCE(begins, CAST($4 AS BIGINT)) ELSE begins END,
                ends = CASE WHEN $3 = 'ended' THEN CAST($4 AS BIGINT) ELSE NULL END
         WHERE id = $1 AND state = $2",
        id,
        from,
        to,
        at.0
    )?;
    Ok(touched > 0)
}

/// A comment that a rule is tried on.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PastComment {
    /// Its id.
    pub id: i64,
    /// `waiting`, `published` or `rejected`.
    pub state: String,
    /// The name that was given.
    pub author_name: String,
    /// Its text.
    pub text: String,
    /// When it came.
    pub created_at: i64,
    /// A keyed hash of the browser's name.
    pub author_key: Option<String>,
    /// A keyed hash of the sender's address.
    pub sender_hash: Option<String>,
    /// The path of its page.
    pub path: String,
}

/// The thousand comments that came last and still have words, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list_latest(session: &mut Session) -> DbResult<Vec<PastComment>> {
    fetch_all!(
        session,
        PastComment,
        "SELECT c.id, c.state, c.author_name, c.text, c.created_at, c.author_key, c.sender_hash,
                CASE a.kind WHEN 'campaign' THEN '/thi-dua/' WHEN 'example' THEN '/dien-hinh/' ELSE '/tin/' END || a.slug AS path
         FROM comment c JOIN discussion d ON d.id = c.discussion_id JOIN announcement a ON a.id = d.subject_id
         WHERE c.state IN ('waiting', 'published', 'rejected') ORDER BY c.id DESC LIMIT 1000"
    )
}

/// That a rule fired on a comment.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct HitRow {
    /// The comment.
    pub comment_id: i64,
    /// The rule.
    pub rule_id: i64,
    /// What it is called.
    pub name: String,
    /// What was done for it.
    pub action: String,
    /// JSON: on which words.
    pub words: String,
}

/// What fired on a comment, the most severe first.
///
/// # Errors
/// When the database fails.
pub async fn list_hits(session: &mut Session, comment_id: i64) -> DbResult<Vec<HitRow>> {
    fetch_all!(
        session,
        HitRow,
        "SELECT h.comment_id, h.rule_id, r.name, h.action, h.words FROM rule_hit h JOIN moderation_rule r ON r.id = h.rule_id
         WHERE h.comment_id = $1 ORDER BY CASE h.action WHEN 'reject' THEN 0 WHEN 'hold' THEN 1 ELSE 2 END, h.id",
        comment_id
    )
}

/// A comment on which a rule fired.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FiredRow {
    /// Its id.
    pub comment_id: i64,
    /// Its state now.
    pub state: String,
    /// The name that was given.
    pub author_name: String,
    /// Its text.
    pub text: String,
    /// When it came.
    pub created_at: i64,
    /// The path of its page.
    pub path: String,
    /// JSON: on which words.
    pub words: String,
}

/// The comments on which a rule fired, the latest first, at most fifty.
///
/// # Errors
/// When the database fails.
pub async fn list_fired(session: &mut Session, rule_id: i64) -> DbResult<Vec<FiredRow>> {
    fetch_all!(
        session,
        FiredRow,
        "SELECT c.id AS comment_id, c.state, c.author_name, c.text, c.created_at, h.words,
                CASE a.kind WHEN 'campaign' THEN '/thi-dua/' WHEN 'example' THEN '/dien-hinh/' ELSE '/tin/' END || a.slug AS path
         FROM rule_hit h JOIN comment c ON c.id = h.comment_id
         JOIN discussion d ON d.id = c.discussion_id JOIN announcement a ON a.id = d.subject_id
         WHERE h.rule_id = $1 ORDER BY h.id DESC LIMIT 50",
        rule_id
    )
}

/// The rules that fired on what waits, with on how much of it.
///
/// # Errors
/// When the database fails.
pub async fn list_waiting_rules(session: &mut Session, units: &str) -> DbResult<Vec<(i64, String, i64)>> {
    fetch_all!(
        session,
        (i64, String, i64),
        "SELECT r.id, r.name, COUNT(*) FROM queue_item q JOIN announcement a ON a.id = q.announcement_id
         JOIN rule_hit h ON h.comment_id = q.comment_id JOIN moderation_rule r ON r.id = h.rule_id
         WHERE q.decided_at IS NULL AND ($1 = '' OR $1 LIKE '%,' || CAST(a.unit_id AS TEXT) || ',%')
         GROUP BY r.id, r.name ORDER BY 3 DESC, r.id LIMIT 100",
        units
    )
}

/// A page of which it is said how comments are taken.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SubjectRow {
    /// `announcement` or `campaign`.
    pub kind: String,
    /// Its path.
    pub path: String,
    /// Its title.
    pub title: String,
    /// The unit that it belongs to.
    pub unit_id: Option<i64>,
}

/// An announcement or a campaign, of which it is said how comments are taken.
///
/// # Errors
/// When the database fails.
pub async fn find_subject(session: &mut Session, id: i64) -> DbResult<Option<SubjectRow>> {
    fetch_optional!(
        session,
        SubjectRow,
        "SELECT a.kind, CASE a.kind WHEN 'campaign' THEN '/thi-dua/' ELSE '/tin/' END || a.slug AS path,
                COALESCE((SELECT r.title FROM revision r WHERE r.announcement_id = a.id ORDER BY r.number DESC LIMIT 1), '') AS title, a.unit_id
         FROM announcement a WHERE a.id = $1 AND a.kind <> 'example'",
        id
    )
}

/// Whatever is set: how far it reaches, for what, which mode, until which day, and the title.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SetRow {
    /// `site`, `campaign` or `announcement`.
    pub scope: String,
    /// The campaign or the page; 0 for the portal.
    pub subject_id: i64,
    /// The mode.
    pub mode: Option<String>,
    /// The last day.
    pub closes_on: Option<String>,
    /// The title of the campaign or page.
    pub title: String,
}

/// Whatever is set and says anything, the latest first, at most two hundred.
///
/// # Errors
/// When the database fails.
pub async fn list_set(session: &mut Session) -> DbResult<Vec<SetRow>> {
    fetch_all!(
        session,
        SetRow,
        "SELECT m.scope, m.subject_id, m.mode, m.closes_on,
                COALESCE((SELECT r.title FROM revision r WHERE r.announcement_id = m.subject_id ORDER BY r.number DESC LIMIT 1), '') AS title
         FROM moderation_mode m WHERE m.mode IS NOT NULL OR m.closes_on IS NOT NULL ORDER BY m.set_at DESC LIMIT 200"
    )
}
