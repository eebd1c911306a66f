//! Which official is reminded by e-mail of what waits.

use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_optional};

/// An official's address and how it is reminded.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct AccountMailRow {
    /// The account.
    pub account_id: i64,
    /// The address.
    pub email: String,
    /// After how many hours it is reminded; 0 for never.
    pub hours: i64,
    /// Whether it is reminded of reports.
    pub reports: bool,
    /// When the address was given.
    pub created_at: i64,
    /// When it was confirmed.
    pub confirmed_at: Option<i64>,
}

/// Of what an account is reminded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of what waits for a moderator, after so many hours; 0 for never.
    pub hours: i64,
    /// Of the reports of its units.
    pub reports: bool,
}

/// The address of an account.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, account_id: i64) -> DbResult<Option<AccountMailRow>> {
    fetch_optional!(
        session,
        AccountMailRow,
        "SELECT account_id, email, hours, reports, created_at, confirmed_at FROM account_mail WHERE account_id = $1",
        account_id
    )
}

/// Gives an account an address that is to be confirmed, instead of the one before.
///
/// # Errors
/// When the database fails.
pub async fn replace(
    session: &mut Session,
    account_id: i64,
    email: &str,
    language: &str,
    wanted: Wanted,
    at: Instant,
) -> DbResult<()> {
    remove(session, account_id).await?;
    execute!(
        session,
        "INSERT INTO account_mail (account_id, email, language, hours, reports, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        account_id,
        email,
        language,
        wanted.hours,
        wanted.reports,
        at.0
    )?;
    Ok(())
}

/// Changes of what an account is reminded, and in which language.
///
/// # Errors
/// When the database fails.
pub async fn set_wanted(session: &mut Session, account_id: i64, wanted: Wanted, language: &str) -> DbResult<()> {
    execute!(
        session,
        "UPDATE account_mail SET hours = $2, reports = $3, language = $4 WHERE account_id = $1",
        account_id,
        wanted.hours,
        wanted.reports,
        language
    )?;
    Ok(())
}

/// Confirms the address of an account, as it was given at a moment.
///
/// # Errors
/// When the database fails.
pub async fn confirm(session: &mut Session, account_id: i64, since: i64, at: Instant) -> DbResult<()> {
    execute!(
        session,
        "UPDATE account_mail SET confirmed_at = $3 WHERE account_id = $1 AND created_at = $2 AND confirmed_at IS NULL",
        account_id,
        since,
        at.0
    )?;
    Ok(())
}

/// Takes the address of an account away.
///
/// # Errors
/// When the database fails.
pub async fn remove(session: &mut Session, account_id: i64) -> DbResult<()> {
    execute!(session, "DELETE FROM account_mail WHERE account_id = $1", account_id)?;
    Ok(())
}

/// Takes addresses away that were given before a moment and not confirmed.
///
/// # Errors
/// When the database fails.
pub async fn forget_unconfirmed(session: &mut Session, before: Instant) -> DbResult<u64> {
    execute!(session, "DELETE FROM account_mail WHERE confirmed_at IS NULL AND created_at < $1", before.0)
}

/// The accounts that want to be reminded, of those that may sign in: id and hours.
///
/// # Errors
/// When the database fails.
pub async fn list_reminded(session: &mut Session) -> DbResult<Vec<(i64, i64)>> {
    fetch_all!(
        session,
        (i64, i64),
        "SELECT m.account_id, m.hours FROM account_mail m JOIN account a ON a.id = m.account_id
         WHERE m.confirmed_at IS NOT NULL AND m.hours > 0 AND a.disabled_at IS NULL ORDER BY m.account_id"
    )
}

/// What has waited longest of what somebody decides about, by the units on whose pages (each between commas; empty for
/// all) and the name of the account: its id, and since when. Nobody decides about an appeal against themselves.
///
/// # Errors
/// When the database fails.
pub async fn find_oldest(session: &mut Session, units: &str, account: &str) -> DbResult<Option<(i64, i64)>> {
    fetch_optional!(
        session,
        (i64, i64),
        "SELECT q.id, q.since FROM queue_item q JOIN announcement a ON a.id = q.announcement_id
         WHERE q.decided_at IS NULL AND NOT q.set_aside AND ($1 = '' OR $1 LIKE '%,' || CAST(a.unit_id AS TEXT) || ',%')
           AND NOT (q.kind = 'appeal' AND EXISTS (
                SELECT 1 FROM appeal p JOIN actor x ON x.id = p.rejected_by
                WHERE p.id = q.subject_id AND x.kind = 'account' AND x.name = $2))
         ORDER BY q.since, q.id LIMIT 1",
        units,
        account
    )
}

/// Notes that an account is reminded of something now, unless it was not long ago: of the same within a day, of
/// anything since `lately`. Gives whether it is to be reminded; of several processes one is told so.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    session: &mut Session,
    account_id: i64,
    item_id: i64,
    now: Instant,
    same: Instant,
    lately: Instant,
) -> DbResult<bool> {
    let touched = execute!(
        session,
        "UPDATE account_mail SET reminded_at = $3, reminded_item_id = $2
         WHERE account_id = $1 AND confirmed_at IS NOT NULL
           AND (reminded_at IS NULL OR reminded_at <= $4 OR (reminded_item_id <> $2 AND reminded_at <= $5))",
        account_id,
        item_id,
        now.0,
        same.0,
        lately.0
    )?;
    Ok(touched > 0)
}

/// The accounts that want to be reminded of reports, of those that may sign in.
///
/// # Errors
/// When the database fails.
pub async fn list_reminded_of_reports(session: &mut Session) -> DbResult<Vec<i64>> {
    let accounts = fetch_all!(
        session,
        (i64,),
        "SELECT m.account_id FROM account_mail m JOIN account a ON a.id = m.account_id
         WHERE m.confirmed_at IS NOT NULL AND m.reports AND a.disabled_at IS NULL ORDER BY m.account_id"
    )?;
    Ok(accounts.into_iter().map(|(id,)| id).collect())
}

/// When the reports of a registration that stand returned were returned, by their periods.
///
/// # Errors
/// When the database fails.
pub async fn list_returned(session: &mut Session, registration_id: i64) -> DbResult<Vec<(i64, i64)>> {
    fetch_all!(
        session,
        (i64, i64),
        "SELECT period_id, COALESCE(decided_at, 0) FROM report WHERE registration_id = $1 AND state = 'returned'",
        registration_id
    )
}

/// Why somebody is reminded of a report.
#[derive(Clone, Copy, Debug)]
pub struct ReportCause<'a> {
    /// The registration.
    pub registration_id: i64,
    /// The period.
    pub period_id: i64,
    /// `soon`, `late` or `returned`.
    pub cause: &'a str,
    /// When it was returned; 0 for the others.
    pub since: i64,
}

/// Notes that an account is reminded of a report now, and gives whether it was not before; of several processes one is
/// told so.
///
/// # Errors
/// When the database fails.
pub async fn claim_report(session: &mut Session, account_id: i64, of: ReportCause<'_>, now: Instant) -> DbResult<bool> {
    let touched = execute!(
        session,
        "INSERT INTO report_reminder (account_id, registration_id, period_id, cause, since, reminded_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        account_id,
        of.registration_id,
        of.period_id,
        of.cause,
        of.since,
        now.0
    )?;
    Ok(touched > 0)
}
