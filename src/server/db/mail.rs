//! Mail that is to be sent: written in the transaction of what it tells of, claimed by one process, sent, forgotten.

use super::{DbResult, Session, execute, fetch_optional};
use crate::domain::notice::{Event, Purpose};
use crate::domain::time::Instant;

/// To whom a mail goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// Whoever follows a comment, by the notice.
    Notice(i64),
    /// An official, by the account.
    Account(i64),
}

/// Adds a mail that is due from a moment on.
///
/// # Errors
/// When the database fails.
pub async fn add(
    session: &mut Session,
    purpose: Purpose,
    to: Recipient,
    detail: &str,
    at: Instant,
    due: Instant,
) -> DbResult<()> {
    let (notice, account) = match to {
        Recipient::Notice(id) => (Some(id), None),
        Recipient::Account(id) => (None, Some(id)),
    };
    execute!(
        session,
        "INSERT INTO mail (purpose, notice_id, account_id, detail, created_at, next_at) VALUES ($1, $2, $3, $4, $5, $6)",
        purpose.code(),
        notice,
        account,
        detail,
        at.0,
        due.0
    )?;
    Ok(())
}

/// Whether something is due.
///
/// # Errors
/// When the database fails.
pub async fn is_due(session: &mut Session, now: Instant) -> DbResult<bool> {
    let row = fetch_optional!(
        session,
        (i64,),
        "SELECT id FROM mail WHERE sent_at IS NULL AND failed_at IS NULL AND next_at <= $1 LIMIT 1",
        now.0
    )?;
    Ok(row.is_some())
}

/// Claims the mail that is due longest, until a moment, for one process alone; gives its id and how often it was tried,
/// this time included.
///
/// # Errors
/// When the database fails.
pub async fn claim(session: &mut Session, now: Instant, until: Instant) -> DbResult<Option<(i64, i64)>> {
    fetch_optional!(
        session,
        (i64, i64),
        "UPDATE mail SET next_at = $2, attempts = attempts + 1
         WHERE id = (SELECT x.id FROM mail x WHERE x.sent_at IS NULL AND x.failed_at IS NULL AND x.next_at <= $1 ORDER BY x.next_at, x.id LIMIT 1)
           AND sent_at IS NULL AND failed_at IS NULL AND next_at <= $1
         RETURNING id, attempts",
        now.0,
        until.0
    )
}

/// What a mail is made of.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LetterRow {
    /// What it is for.
    pub purpose: String,
    /// A reason, or a number.
    pub detail: String,
    /// When it was written.
    pub created_at: i64,
    /// The notice.
    pub notice_id: Option<i64>,
    /// `asked`, `confirmed` or `ended`.
    pub state: Option<String>,
    /// The address of the notice.
    pub email: Option<String>,
    /// The language that the comment was sent in.
    pub language: Option<String>,
    /// The receipt code.
    pub code: Option<String>,
    /// The title of the page, if it is public.
    pub title: Option<String>,
    /// The account.
    pub account_id: Option<i64>,
    /// Its address.
    pub account_email: Option<String>,
    /// Its language.
    pub account_language: Option<String>,
    /// When its address was given.
    pub account_since: Option<i64>,
    /// When its address was confirmed.
    pub account_confirmed_at: Option<i64>,
    /// After how many hours it is reminded.
    pub hours: Option<i64>,
    /// Whether it is reminded of reports.
    pub reports: Option<bool>,
}

/// What a mail is made of, as it stands now.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, id: i64) -> DbResult<Option<LetterRow>> {
    fetch_optional!(
        session,
        LetterRow,
        "SELECT m.purpose, m.detail, m.created_at, m.notice_id, n.state, n.email, n.language, r.code,
                CASE WHEN a.state IN ('published', 'archived') THEN p.title END AS title,
                m.account_id, o.email AS account_email, o.language AS account_language, o.created_at AS account_since,
                o.confirmed_at AS account_confirmed_at, o.hours, o.reports
         FROM mail m
         LEFT JOIN notice n ON n.id = m.notice_id
         LEFT JOIN receipt r ON r.id = n.receipt_id
         LEFT JOIN comment c ON c.receipt_id = r.id
         LEFT JOIN discussion d ON d.id = c.discussion_id
         LEFT JOIN announcement a ON d.subject_kind = 'announcement' AND a.id = d.subject_id
         LEFT JOIN revision p ON p.id = a.published_revision_id
         LEFT JOIN account_mail o ON o.account_id = m.account_id
         WHERE m.id = $1",
        id
    )
}

/// A mail was sent: what it was about is forgotten.
///
/// # Errors
/// When the database fails.
pub async fn finish(session: &mut Session, id: i64, at: Instant) -> DbResult<()> {
    execute!(session, "UPDATE mail SET sent_at = $2, detail = '', fault = NULL WHERE id = $1", id, at.0)?;
    Ok(())
}

/// A mail was not sent, and is tried again at a moment, or never.
///
/// # Errors
/// When the database fails.
pub async fn fail(session: &mut Session, id: i64, fault: &str, again: Option<Instant>, at: Instant) -> DbResult<()> {
    match again {
        Some(again) => execute!(session, "UPDATE mail SET next_at = $2, fault = $3 WHERE id = $1", id, again.0, fault)?,
        None => {
            execute!(session, "UPDATE mail SET failed_at = $2, detail = '', fault = $3 WHERE id = $1", id, at.0, fault)?
        }
    };
    Ok(())
}

/// Takes a mail away that nobody wants any longer.
///
/// # Errors
/// When the database fails.
pub async fn remove(session: &mut Session, id: i64) -> DbResult<()> {
    execute!(session, "DELETE FROM mail WHERE id = $1", id)?;
    Ok(())
}

/// Takes away what was not sent yet of a notice.
///
/// # Errors
/// When the database fails.
pub async fn drop_unsent(session: &mut Session, notice_id: i64) -> DbResult<()> {
    execute!(session, "DELETE FROM mail WHERE notice_id = $1 AND sent_at IS NULL", notice_id)?;
    Ok(())
}

/// The same of an account.
///
/// # Errors
/// When the database fails.
pub async fn drop_unsent_of_account(session: &mut Session, account_id: i64) -> DbResult<()> {
    execute!(session, "DELETE FROM mail WHERE account_id = $1 AND sent_at IS NULL", account_id)?;
    Ok(())
}

/// Takes away what was not sent yet of a notice about one event, if it was written from a moment on.
///
/// # Errors
/// When the database fails.
pub async fn drop_event(session: &mut Session, notice_id: i64, event: Event, since: Instant) -> DbResult<()> {
    execute!(
        session,
        "DELETE FROM mail WHERE notice_id = $1 AND purpose = $2 AND sent_at IS NULL AND created_at >= $3",
        notice_id,
        event.code(),
        since.0
    )?;
    Ok(())
}

/// Counts one more mail that asks an address for a confirmation on a day, unless there were as many as may be; gives
/// whether it may be sent.
///
/// # Errors
/// When the database fails.
pub async fn take_allowance(session: &mut Session, address_hash: &str, day: &str, most: i64) -> DbResult<bool> {
    let taken = execute!(
        session,
        "INSERT INTO mail_allowance (address_hash, day, asked) VALUES ($1, $2, 1)
         ON CONFLICT (address_hash, day) DO UPDATE SET asked = mail_allowance.asked + 1 WHERE mail_allowance.asked < $3",
        address_hash,
        day,
        most
    )?;
    Ok(taken > 0)
}

/// Forgets what was written before a moment, sent or not, and what was counted before a day.
///
/// # Errors
/// When the database fails.
pub async fn forget(session: &mut Session, before: Instant, day: &str) -> DbResult<u64> {
    let mails = execute!(session, "DELETE FROM mail WHERE created_at < $1", before.0)?;
    Ok(mails + execute!(session, "DELETE FROM mail_allowance WHERE day < $1", day)?)
}
