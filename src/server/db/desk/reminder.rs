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
    /// When the address was given.
    pub created_at: i64,
    /// When it was confirmed.
    pub confirmed_at: Option<i64>,
}

/// The address of an account.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, account_id: i64) -> DbResult<Option<AccountMailRow>> {
    fetch_optional!(
        session,
        AccountMailRow,
        "SELECT account_id, email, hours, created_at, confirmed_at FROM account_mail WHERE account_id = $1",
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
    hours: i64,
    at: Instant,
) -> DbResult<()> {
    remove(session, account_id).await?;
    execute!(
        session,
        "INSERT INTO account_mail (account_id, email, language, hours, created_at) VALUES ($1, $2, $3, $4, $5)",
        account_id,
        email,
        language,
        hours,
        at.0
    )?;
    Ok(())
}

/// Changes after how many hours an account is reminded, and in which language.
///
/// # Errors
/// When the database fails.
pub async fn set_hours(session: &mut Session, account_id: i64, hours: i64, language: &str) -> DbResult<()> {
    execute!(
        session,
        "UPDATE account_mail SET hours = $2, language = $3 WHERE account_id = $1",
        account_id,
        hours,
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
