//! What waits for moderators, whatever it is: one row for each.

use crate::domain::cursor::Cursor;
use crate::domain::lang::Lang;
use crate::domain::time::Instant;
use crate::server::db::comment::reason_in;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};

/// Something that waits, with what is needed to decide about it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct QueueRow {
    /// Its id.
    pub id: i64,
    /// `comment`, `edit`, `report`, `appeal`, `example` or `flood`.
    pub kind: String,
    /// The id of what it is about.
    pub subject_id: i64,
    /// Since when it waits.
    pub since: i64,
    /// Of blocked senders: looked at when there is time.
    pub set_aside: bool,
    /// It is shown already, and looked at afterwards.
    pub shown: bool,
    /// Who has it open.
    pub taken_by: Option<i64>,
    /// That person's name.
    pub taken_name: Option<String>,
    /// Until when that is believed.
    pub taken_until: Option<i64>,
    /// When it was decided.
    pub decided_at: Option<i64>,
    /// By whom.
    pub decided_by: Option<i64>,
    /// The page.
    pub announcement_id: i64,
    /// The path of the page.
    pub path: String,
    /// Its title.
    pub title: String,
    /// The unit that the page belongs to.
    pub unit_id: Option<i64>,
    /// The comment.
    pub comment_id: Option<i64>,
    /// Its receipt code.
    pub code: Option<String>,
    /// `waiting`, `published` …
    pub state: Option<String>,
    /// The name of its sender.
    pub author_name: Option<String>,
    /// Its text.
    pub text: Option<String>,
    /// Goes up with each change of the text.
    pub version: Option<i64>,
    /// What the text is to become.
    pub edit_text: Option<String>,
    /// What its sender says against the rejection.
    pub appeal_text: Option<String>,
    /// Who rejected it, and so does not decide about that.
    pub rejected_by: Option<i64>,
    /// That person's name, and the name that they sign in with.
    pub rejected_name: Option<String>,
    /// The latter.
    pub rejected_account: Option<String>,
    /// The reason of the rejection that somebody appeals against, in Vietnamese.
    pub reason_vi: Option<String>,
    /// In English.
    pub reason_en: Option<String>,
    /// What was added to it.
    pub reason_note: Option<String>,
    /// The first comment of its thread.
    pub thread_id: Option<i64>,
    /// The name of the sender of the comment that it answers.
    pub answered_name: Option<String>,
    /// What that one says.
    pub answered_text: Option<String>,
    /// A keyed hash of the sender's address.
    pub sender_hash: Option<String>,
    /// Whether rules fired on it.
    pub fired: bool,
}

impl QueueRow {
    /// The reason of the rejection that somebody appeals against, in a reader's language.
    pub fn reason_in(&self, language: Lang) -> String {
        reason_in(language, self.reason_vi.as_deref(), self.reason_en.as_deref(), self.reason_note.as_deref())
    }

    /// Which version of the words a moderator reads: of the comment's text, or of the change that waits.
    pub fn version_read(&self) -> Option<i64> {
        match &self.edit_text {
            // A change that waits has no number of its own; its signs tell it from the one before.
            Some(text) => {
                Some(text.chars().fold(7, |sum, sign| (sum * 31 + i64::from(u32::from(sign))) % 1_000_000_007))
            }
            None => self.version,
        }
    }
}

macro_rules! select_queue {
    () => {
        "SELECT q.id, q.kind, q.subject_id, q.since, q.set_aside, q.shown, q.taken_by, t.display_name AS taken_name, q.taken_until,
                q.decided_at, q.decided_by, q.announcement_id,
                CASE a.kind WHEN 'campaign' THEN '/thi-dua/' WHEN 'example' THEN '/dien-hinh/' ELSE '/tin/' END || a.slug AS path,
                COALESCE((SELECT r.title FROM revision r WHERE r.announcement_id = a.id ORDER BY r.number DESC LIMIT 1), '') AS title,
                a.unit_id, q.comment_id, rc.code, c.state, c.author_name, c.text, c.version, e.text AS edit_text, p.text AS appeal_text, p.rejected_by, COALESCE(ra.display_name, rx.name) AS rejected_name, rx.name AS rejected_account,
                m.name_vi AS reason_vi, m.name_en AS reason_en, CASE WHEN q.kind = 'appeal' THEN c.reason END AS reason_note, c.thread_id, x.author_name AS answered_name,
                x.text AS answered_text, c.sender_hash,
                EXISTS (SELECT 1 FROM rule_hit h WHERE h.comment_id = q.comment_id) AS fired
         FROM queue_item q JOIN announcement a ON a.id = q.announcement_id
         LEFT JOIN comment c ON c.id = q.comment_id
         LEFT JOIN receipt rc ON rc.id = c.receipt_id
         LEFT JOIN comment x ON x.id = c.reply_to_id
         LEFT JOIN comment_edit e ON q.kind = 'edit' AND e.id = q.subject_id
         LEFT JOIN appeal p ON q.kind = 'appeal' AND p.id = q.subject_id
         LEFT JOIN actor rx ON rx.id = p.rejected_by
         LEFT JOIN account ra ON rx.kind = 'account' AND ra.name = rx.name
         LEFT JOIN moderation_reason m ON q.kind = 'appeal' AND m.id = c.reason_id
         LEFT JOIN account t ON t.id = q.taken_by "
    };
}

/// On a campaign's page, or on its news: what carries its tags.
macro_rules! of_campaign {
    ($id:literal) => {
        concat!(
            "(",
            $id,
            " = 0 OR q.announcement_id = ",
            $id,
            " OR EXISTS (
                 SELECT 1 FROM announcement k JOIN revision_tag its ON its.revision_id = k.published_revision_id
                 JOIN revision_tag own ON own.tag_id = its.tag_id AND own.revision_id = a.published_revision_id
                 WHERE k.id = ",
            $id,
            " AND a.kind = 'announcement'))"
        )
    };
}

/// Which of what waits is wanted.
#[derive(Clone, Debug, Default)]
pub struct Narrowing {
    /// One kind; empty for every one.
    pub kind: String,
    /// One page; 0 for every one.
    pub announcement_id: i64,
    /// One campaign with its news; 0 for every one.
    pub campaign_id: i64,
    /// The units whose pages are meant, each between commas; empty for every one.
    pub units: String,
    /// What waits since before this; the largest number for all of it.
    pub before: i64,
    /// Whether what was set aside is meant, or all else.
    pub set_aside: bool,
    /// On what a rule fired; 0 for all.
    pub rule_id: i64,
}

/// What waits, the longest first, after a cursor: at most fifty, and one that says whether there is more.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session, wanted: &Narrowing, after: Cursor) -> DbResult<Vec<QueueRow>> {
    fetch_all!(
        session,
        QueueRow,
        concat!(
            select_queue!(),
            "WHERE q.id IN (
             SELECT q.id FROM queue_item q JOIN announcement a ON a.id = q.announcement_id
             WHERE q.decided_at IS NULL AND q.set_aside = $1 AND (q.since, q.id) > ($2, $3) AND q.since < $4
               AND ($5 = '' OR q.kind = $5) AND ($6 = 0 OR q.announcement_id = $6)
               AND ($7 = '' OR $7 LIKE '%,' || CAST(a.unit_id AS TEXT) || ',%')
               AND ($8 = 0 OR EXISTS (SELECT 1 FROM rule_hit h WHERE h.comment_id = q.comment_id AND h.rule_id = $8))
               AND ",
            of_campaign!("$9"),
            " ORDER BY q.since, q.id LIMIT 51) ORDER BY q.since, q.id"
        ),
        wanted.set_aside,
        after.at.0,
        after.id,
        wanted.before,
        &wanted.kind,
        wanted.announcement_id,
        &wanted.units,
        wanted.rule_id,
        wanted.campaign_id
    )
}

/// How much of what is wanted waits, and since when the longest.
///
/// # Errors
/// When the database fails.
pub async fn count(session: &mut Session, wanted: &Narrowing) -> DbResult<(i64, Option<i64>)> {
    fetch_one!(
        session,
        (i64, Option<i64>),
        concat!(
            "SELECT COUNT(*), MIN(q.since) FROM queue_item q JOIN announcement a ON a.id = q.announcement_id
         WHERE q.decided_at IS NULL AND q.set_aside = $1 AND q.since < $2 AND ($3 = '' OR q.kind = $3)
           AND ($4 = 0 OR q.announcement_id = $4) AND ($5 = '' OR $5 LIKE '%,' || CAST(a.unit_id AS TEXT) || ',%')
           AND ($6 = 0 OR EXISTS (SELECT 1 FROM rule_hit h WHERE h.comment_id = q.comment_id AND h.rule_id = $6)) AND ",
            of_campaign!("$7")
        ),
        wanted.set_aside,
        wanted.before,
        &wanted.kind,
        wanted.announcement_id,
        &wanted.units,
        wanted.rule_id,
        wanted.campaign_id
    )
}

/// The pages on which something waits, those with the most first: id, title, how much.
///
/// # Errors
/// When the database fails.
pub async fn list_pages(session: &mut Session, units: &str) -> DbResult<Vec<(i64, String, i64)>> {
    fetch_all!(
        session,
        (i64, String, i64),
        "SELECT a.id, COALESCE((SELECT r.title FROM revision r WHERE r.announcement_id = a.id ORDER BY r.number DESC LIMIT 1), ''), COUNT(*)
         FROM queue_item q JOIN announcement a ON a.id = q.announcement_id
         WHERE q.decided_at IS NULL AND ($1 = '' OR $1 LIKE '%,' || CAST(a.unit_id AS TEXT) || ',%')
         GROUP BY a.id ORDER BY 3 DESC, a.id LIMIT 50",
        units
    )
}

/// The campaigns that are public, the latest first: id and title.
///
/// # Errors
/// When the database fails.
pub async fn list_campaigns(session: &mut Session) -> DbResult<Vec<(i64, String)>> {
    fetch_all!(
        session,
        (i64, String),
        "SELECT a.id, r.title FROM announcement a JOIN revision r ON r.id = a.published_revision_id
         WHERE a.kind = 'campaign' AND a.state IN ('published', 'archived') ORDER BY a.id DESC LIMIT 50"
    )
}

/// The units on whose pages something waits: id, name, how much.
///
/// # Errors
/// When the database fails.
pub async fn list_units(session: &mut Session, units: &str) -> DbResult<Vec<(i64, String, i64)>> {
    fetch_all!(
        session,
        (i64, String, i64),
        "SELECT u.id, u.name, COUNT(*) FROM queue_item q JOIN announcement a ON a.id = q.announcement_id JOIN unit u ON u.id = a.unit_id
         WHERE q.decided_at IS NULL AND ($1 = '' OR $1 LIKE '%,' || CAST(a.unit_id AS TEXT) || ',%')
         GROUP BY u.id, u.name, u.sort_key ORDER BY u.sort_key, u.id LIMIT 200",
        units
    )
}

/// Something that waits or waited, by its id.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, id: i64) -> DbResult<Option<QueueRow>> {
    fetch_optional!(session, QueueRow, concat!(select_queue!(), "WHERE q.id = $1"), id)
}

/// Puts something into the queue, unless it waits there already.
///
/// # Errors
/// When the database fails.
pub async fn open(
    session: &mut Session,
    kind: &str,
    subject_id: i64,
    comment_id: Option<i64>,
    announcement_id: i64,
    at: Instant,
) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO queue_item (kind, subject_id, comment_id, announcement_id, since) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (kind, subject_id) WHERE decided_at IS NULL DO NOTHING",
        kind,
        subject_id,
        comment_id,
        announcement_id,
        at.0
    )?;
    Ok(())
}

/// Takes out of the queue whatever waits of a comment, an example …: it is decided.
///
/// # Errors
/// When the database fails.
pub async fn close(session: &mut Session, kind: &str, subject_id: i64, actor_id: i64, at: Instant) -> DbResult<u64> {
    execute!(
        session,
        "UPDATE queue_item SET decided_at = $3, decided_by = $4, taken_by = NULL, taken_until = NULL
         WHERE kind = $1 AND subject_id = $2 AND decided_at IS NULL",
        kind,
        subject_id,
        at.0,
        actor_id
    )
}

/// Puts something back that was decided a moment ago, and gives whether it was.
///
/// # Errors
/// When the database fails.
pub async fn reopen(session: &mut Session, id: i64) -> DbResult<bool> {
    let touched = execute!(
        session,
        "UPDATE queue_item SET decided_at = NULL, decided_by = NULL WHERE id = $1 AND decided_at IS NOT NULL",
        id
    )?;
    Ok(touched > 0)
}

/// Has a comment that was shown as it came in looked at afterwards.
///
/// # Errors
/// When the database fails.
pub async fn look_afterwards(session: &mut Session, comment_id: i64) -> DbResult<()> {
    execute!(
        session,
        "UPDATE queue_item SET decided_at = NULL, decided_by = NULL, shown = TRUE WHERE kind = 'comment' AND subject_id = $1",
        comment_id
    )?;
    Ok(())
}

/// Notes that somebody has something open, unless somebody else has, and gives whether that is so.
///
/// # Errors
/// When the database fails.
pub async fn take(session: &mut Session, id: i64, account_id: i64, until: Instant, now: Instant) -> DbResult<bool> {
    let touched = execute!(
        session,
        "UPDATE queue_item SET taken_by = $2, taken_until = $3
         WHERE id = $1 AND decided_at IS NULL AND (taken_by IS NULL OR taken_by = $2 OR taken_until < $4)",
        id,
        account_id,
        until.0,
        now.0
    )?;
    Ok(touched > 0)
}

/// Forgets what was decided before a moment: the log of decisions has it.
///
/// # Errors
/// When the database fails.
pub async fn forget_decided(session: &mut Session, before: Instant) -> DbResult<u64> {
    execute!(session, "DELETE FROM queue_item WHERE decided_at IS NOT NULL AND decided_at < $1", before.0)
}

/// What somebody reported.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReportRow {
    /// For which reason, in Vietnamese.
    pub name_vi: String,
    /// In English.
    pub name_en: String,
    /// What they added.
    pub note: String,
    /// When.
    pub created_at: i64,
}

/// The reports of a comment that are not decided, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list_reports(session: &mut Session, comment_id: i64) -> DbResult<Vec<ReportRow>> {
    fetch_all!(
        session,
        ReportRow,
        "SELECT m.name_vi, m.name_en, r.note, r.created_at FROM comment_report r JOIN moderation_reason m ON m.id = r.reason_id
         WHERE r.comment_id = $1 AND r.decided_at IS NULL ORDER BY r.id DESC LIMIT 20",
        comment_id
    )
}

/// Marks the reports of a comment as decided.
///
/// # Errors
/// When the database fails.
pub async fn decide_reports(session: &mut Session, comment_id: i64, at: Instant) -> DbResult<()> {
    execute!(
        session,
        "UPDATE comment_report SET decided_at = $2 WHERE comment_id = $1 AND decided_at IS NULL",
        comment_id,
        at.0
    )?;
    Ok(())
}

/// Marks those that were decided at a moment as open again.
///
/// # Errors
/// When the database fails.
pub async fn reopen_reports(session: &mut Session, comment_id: i64, at: Instant) -> DbResult<()> {
    execute!(
        session,
        "UPDATE comment_report SET decided_at = NULL WHERE comment_id = $1 AND decided_at = $2",
        comment_id,
        at.0
    )?;
    Ok(())
}

/// A comment of the same sender.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EarlierRow {
    /// Its id.
    pub id: i64,
    /// `waiting`, `published` …
    pub state: String,
    /// The name that was given.
    pub author_name: String,
    /// Its text.
    pub text: String,
    /// When it was sent.
    pub created_at: i64,
    /// The path of its page.
    pub path: String,
}

/// What came from the same address, as long as that is known, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list_from(session: &mut Session, sender_hash: &str, but: i64) -> DbResult<Vec<EarlierRow>> {
    fetch_all!(
        session,
        EarlierRow,
        "SELECT c.id, c.state, c.author_name, c.text, c.created_at,
                CASE a.kind WHEN 'campaign' THEN '/thi-dua/' WHEN 'example' THEN '/dien-hinh/' ELSE '/tin/' END || a.slug AS path
         FROM comment c JOIN discussion d ON d.id = c.discussion_id JOIN announcement a ON a.id = d.subject_id
         WHERE c.sender_hash = $1 AND c.id <> $2 ORDER BY c.created_at DESC LIMIT 20",
        sender_hash,
        but
    )
}

/// How much was decided about comments since a moment, by person; what was brought in from elsewhere is not.
///
/// # Errors
/// When the database fails.
pub async fn count_decided(session: &mut Session, since: Instant) -> DbResult<Vec<(String, i64)>> {
    fetch_all!(
        session,
        (String, i64),
        "SELECT COALESCE(a.display_name, x.name), COUNT(*) FROM decision d JOIN actor x ON x.id = d.actor_id
         LEFT JOIN account a ON x.kind = 'account' AND a.name = x.name
         WHERE d.subject_kind = 'comment' AND d.at >= $1 AND x.kind <> 'citizen'
           AND d.action IN ('approve', 'reject', 'keep-comment', 'approve-edit', 'reject-edit', 'refuse-appeal')
           AND x.kind <> 'job' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20",
        since.0
    )
}

/// A line of the log of decisions about comments, floods and senders.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LogRow {
    /// When.
    pub at: i64,
    /// Who, by the name that they sign in with, or what.
    pub who: String,
    /// `account`, `command-line` …
    pub kind: String,
    /// `comment`, `flood` or `blocked-sender`.
    pub subject: String,
    /// Its number.
    pub subject_id: i64,
    /// `approve`, `reject` …
    pub action: String,
    /// The code of the published reason.
    pub code: Option<String>,
    /// What was added.
    pub reason: Option<String>,
}

/// The log of decisions from a moment on, the earliest first.
///
/// # Errors
/// When the database fails.
pub async fn list_log(session: &mut Session, since: Instant) -> DbResult<Vec<LogRow>> {
    fetch_all!(
        session,
        LogRow,
        "SELECT d.at, x.name AS who, x.kind, d.subject_kind AS subject, d.subject_id, d.action, m.code, d.reason
         FROM decision d JOIN actor x ON x.id = d.actor_id LEFT JOIN moderation_reason m ON m.id = d.reason_id
         WHERE d.subject_kind IN ('comment', 'flood', 'blocked-sender') AND d.at >= $1 ORDER BY d.at, d.id LIMIT 100000",
        since.0
    )
}
