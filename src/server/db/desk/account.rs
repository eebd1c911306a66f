//! Accounts with their roles, recovery codes and links for choosing a password; settings of the desk.

use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};

/// An account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AccountRow {
    /// Its id.
    pub id: i64,
    /// The name that it signs in with.
    pub name: String,
    /// The name that others read.
    pub display_name: String,
    /// Argon2id; empty until a password was chosen.
    pub password_hash: String,
    /// The secret of its authenticator app, if one was set up.
    pub totp_secret: Option<String>,
    /// When the first code of that app was entered; without it the app does not count yet.
    pub totp_confirmed_at: Option<i64>,
    /// The last step of thirty seconds whose code was taken.
    pub totp_step: i64,
    /// When it was disabled.
    pub disabled_at: Option<i64>,
    /// When it was added.
    pub created_at: i64,
}

macro_rules! select_account {
    () => {
        "SELECT id, name, display_name, password_hash, totp_secret, totp_confirmed_at, totp_step, disabled_at, created_at
         FROM account "
    };
}

/// An account by its name.
///
/// # Errors
/// When the database fails.
pub async fn find_account(session: &mut Session, name: &str) -> DbResult<Option<AccountRow>> {
    fetch_optional!(session, AccountRow, concat!(select_account!(), "WHERE name = $1"), name)
}

/// An account by its id.
///
/// # Errors
/// When the database fails.
pub async fn find_account_by_id(session: &mut Session, id: i64) -> DbResult<Option<AccountRow>> {
    fetch_optional!(session, AccountRow, concat!(select_account!(), "WHERE id = $1"), id)
}

/// Every account, by name.
///
/// # Errors
/// When the database fails.
pub async fn list_accounts(session: &mut Session) -> DbResult<Vec<AccountRow>> {
    fetch_all!(session, AccountRow, concat!(select_account!(), "ORDER BY name"))
}

/// Adds an account without a password.
///
/// # Errors
/// When the name is taken (`account_name_key`), or the database fails.
pub async fn add_account(session: &mut Session, name: &str, display_name: &str, at: Instant) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO account (name, display_name, created_at) VALUES ($1, $2, $3) RETURNING id",
        name,
        display_name,
        at.0
    )?;
    Ok(id)
}

/// Changes the name that others read.
///
/// # Errors
/// When the database fails.
pub async fn rename_account(session: &mut Session, id: i64, display_name: &str) -> DbResult<()> {
    execute!(session, "UPDATE account SET display_name = $2 WHERE id = $1", id, display_name)?;
    Ok(())
}

/// Sets a password.
///
/// # Errors
/// When the database fails.
pub async fn set_password(session: &mut Session, id: i64, hash: &str) -> DbResult<()> {
    execute!(session, "UPDATE account SET password_hash = $2 WHERE id = $1", id, hash)?;
    Ok(())
}

/// Disables an account, or lets it in again.
///
/// # Errors
/// When the database fails.
pub async fn set_disabled(session: &mut Session, id: i64, at: Option<Instant>) -> DbResult<()> {
    execute!(session, "UPDATE account SET disabled_at = $2 WHERE id = $1", id, at.map(|at| at.0))?;
    Ok(())
}

/// Sets the secret of an authenticator app, to be confirmed, or none.
///
/// # Errors
/// When the database fails.
pub async fn set_totp(session: &mut Session, id: i64, secret: Option<&str>) -> DbResult<()> {
    execute!(
        session,
        "UPDATE account SET totp_secret = $2, totp_confirmed_at = NULL, totp_step = 0 WHERE id = $1",
        id,
        secret
    )?;
    Ok(())
}

/// Says that the app's codes count from now on.
///
/// # Errors
/// When the database fails.
pub async fn confirm_totp(session: &mut Session, id: i64, at: Instant) -> DbResult<()> {
    execute!(session, "UPDATE account SET totp_confirmed_at = $2 WHERE id = $1", id, at.0)?;
    Ok(())
}

/// Takes the code of a step: `false` where it, or a later one, was taken before.
///
/// # Errors
/// When the database fails.
pub async fn take_totp_step(session: &mut Session, id: i64, step: i64) -> DbResult<bool> {
    Ok(execute!(session, "UPDATE account SET totp_step = $2 WHERE id = $1 AND totp_step < $2", id, step)? == 1)
}

/// Gives an account new recovery codes instead of the ones before, by their hashes.
///
/// # Errors
/// When the database fails.
pub async fn replace_recovery_codes(session: &mut Session, id: i64, hashes: &[String]) -> DbResult<()> {
    execute!(session, "DELETE FROM recovery_code WHERE account_id = $1", id)?;
    for hash in hashes {
        execute!(session, "INSERT INTO recovery_code (account_id, code_hash) VALUES ($1, $2)", id, hash.as_str())?;
    }
    Ok(())
}

/// Uses a recovery code up: `false` where there is none such left.
///
/// # Errors
/// When the database fails.
pub async fn use_recovery_code(session: &mut Session, id: i64, hash: &str, at: Instant) -> DbResult<bool> {
    let used = execute!(
        session,
        "UPDATE recovery_code SET used_at = $3 WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL",
        id,
        hash,
        at.0
    )?;
    Ok(used > 0)
}

/// How many recovery codes are left.
///
/// # Errors
/// When the database fails.
pub async fn count_recovery_codes(session: &mut Session, id: i64) -> DbResult<i64> {
    let row = fetch_one!(
        session,
        (i64,),
        "SELECT COUNT(*) FROM recovery_code WHERE account_id = $1 AND used_at IS NULL",
        id
    )?;
    Ok(row.0)
}

/// A role of an account.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct RoleRow {
    /// Whose.
    pub account_id: i64,
    /// Its code.
    pub role: String,
    /// The unit that it is limited to.
    pub unit_id: Option<i64>,
}

/// The roles of an account.
///
/// # Errors
/// When the database fails.
pub async fn list_roles_of(session: &mut Session, account_id: i64) -> DbResult<Vec<RoleRow>> {
    fetch_all!(
        session,
        RoleRow,
        "SELECT account_id, role, unit_id FROM account_role WHERE account_id = $1 ORDER BY role, unit_id",
        account_id
    )
}

/// The roles of every account.
///
/// # Errors
/// When the database fails.
pub async fn list_roles(session: &mut Session) -> DbResult<Vec<RoleRow>> {
    fetch_all!(
        session,
        RoleRow,
        "SELECT account_id, role, unit_id FROM account_role ORDER BY account_id, role, unit_id"
    )
}

/// Gives an account these roles and no others.
///
/// # Errors
/// When the database fails.
pub async fn replace_roles(session: &mut Session, account_id: i64, roles: &[(&str, Option<i64>)]) -> DbResult<()> {
    execute!(session, "DELETE FROM account_role WHERE account_id = $1", account_id)?;
    for (role, unit_id) in roles {
        execute!(
            session,
            "INSERT INTO account_role (account_id, role, unit_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            account_id,
            *role,
            *unit_id
        )?;
    }
    Ok(())
}

/// How many accounts that may sign in hold a role everywhere.
///
/// # Errors
/// When the database fails.
pub async fn count_holders(session: &mut Session, role: &str) -> DbResult<i64> {
    let row = fetch_one!(
        session,
        (i64,),
        "SELECT COUNT(DISTINCT a.id) FROM account a JOIN account_role r ON r.account_id = a.id
         WHERE r.role = $1 AND r.unit_id IS NULL AND a.disabled_at IS NULL",
        role
    )?;
    Ok(row.0)
}

/// Adds a link for choosing a password, instead of the ones before.
///
/// # Errors
/// When the database fails.
pub async fn replace_link(session: &mut Session, account_id: i64, token_hash: &str, expires: Instant) -> DbResult<()> {
    execute!(session, "DELETE FROM account_link WHERE account_id = $1", account_id)?;
    execute!(
        session,
        "INSERT INTO account_link (token_hash, account_id, expires_at) VALUES ($1, $2, $3)",
        token_hash,
        account_id,
        expires.0
    )?;
    Ok(())
}

/// Whose link this is, if it has not run out.
///
/// # Errors
/// When the database fails.
pub async fn find_link(session: &mut Session, token_hash: &str, at: Instant) -> DbResult<Option<i64>> {
    let row = fetch_optional!(
        session,
        (i64,),
        "SELECT account_id FROM account_link WHERE token_hash = $1 AND expires_at > $2",
        token_hash,
        at.0
    )?;
    Ok(row.map(|(id,)| id))
}

/// Takes a link away; `false` where somebody else was first.
///
/// # Errors
/// When the database fails.
pub async fn remove_link(session: &mut Session, token_hash: &str) -> DbResult<bool> {
    Ok(execute!(session, "DELETE FROM account_link WHERE token_hash = $1", token_hash)? == 1)
}

/// A setting of the desk.
///
/// # Errors
/// When the database fails.
pub async fn find_setting(session: &mut Session, name: &str) -> DbResult<Option<String>> {
    let row = fetch_optional!(session, (String,), "SELECT value FROM setting WHERE name = $1", name)?;
    Ok(row.map(|(value,)| value))
}

/// Sets it.
///
/// # Errors
/// When the database fails.
pub async fn set_setting(session: &mut Session, name: &str, value: &str) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name,
        value
    )?;
    Ok(())
}
