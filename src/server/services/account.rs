//! Accounts: who may sign in, under which name, with which roles; units; which roles need a second step.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::account::{Permission, Role, WeakPassword, check_password, parse_account_name};
use crate::domain::error::{AppError, Field, FieldErrors, Problem};
use crate::domain::text::{clean_line, compose};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::Session;
use crate::server::db::desk::account::{self as db, AccountRow, RoleRow};
use crate::server::db::desk::session;
use crate::server::db::desk::unit::{self, UnitRow};
use crate::server::db::log::{self, Decision};
use crate::server::error::OnConstraint;
use crate::server::password;
use crate::server::secret::sha256_hex;
use crate::server::services::actor::{Actor, Grant, Official};
use crate::server::state::Store;

/// How long a link for choosing a password works, in milliseconds: two days.
pub const LINK_TIME: i64 = 2 * 24 * 3_600_000;
/// The setting that names the roles which need a second step.
const SECOND_STEP: &str = "second-step-roles";

/// An account with its roles, for lists.
#[derive(Clone, Debug)]
pub struct ListedAccount {
    /// The account.
    pub account: AccountRow,
    /// Its roles.
    pub roles: Vec<RoleRow>,
}

/// A role, as it is asked for: everywhere, or in a unit by its slug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedRole {
    /// The role.
    pub role: Role,
    /// The unit's slug.
    pub unit: Option<String>,
}

/// The account with its grants, as an actor.
///
/// # Errors
/// When the database fails.
pub async fn official_of(session: &mut Session, account: &AccountRow) -> Result<Arc<Official>, AppError> {
    let roles = db::list_roles_of(session, account.id).await?;
    // Units are only asked for where a role is limited to one.
    let units = if roles.iter().any(|role| role.unit_id.is_some()) { unit::list_units(session).await? } else { vec![] };
    Ok(Arc::new(Official {
        id: account.id,
        name: account.name.clone(),
        display_name: account.display_name.clone(),
        grants: Grant::of_roles(&roles, &units),
    }))
}

/// Every account with its roles, and every unit.
///
/// # Errors
/// `Forbidden`.
pub async fn list_accounts(store: &Store, actor: &Actor) -> Result<(Vec<ListedAccount>, Vec<UnitRow>), AppError> {
    actor.require(Permission::ManageAccounts)?;
    let mut session = store.db.read().await?;
    let roles = db::list_roles(&mut session).await?;
    let accounts = db::list_accounts(&mut session).await?;
    let listed = accounts.into_iter().map(|account| ListedAccount {
        roles: roles.iter().filter(|role| role.account_id == account.id).cloned().collect(),
        account,
    });
    let listed = listed.collect();
    Ok((listed, unit::list_units(&mut session).await?))
}

/// Whether anybody has an account. Permitted to everybody: it says nothing of whom.
///
/// # Errors
/// When the database fails.
pub async fn has_accounts(store: &Store) -> Result<bool, AppError> {
    Ok(!db::list_accounts(&mut store.db.read().await?).await?.is_empty())
}

/// Adds an account without a password and gives a one-time token to choose one with.
///
/// # Errors
/// `Forbidden`, or `Invalid` for a name that can't be taken or an unknown unit.
pub async fn add_account(
    store: &Store,
    actor: &Actor,
    name: &str,
    display_name: &str,
    roles: &[AskedRole],
) -> Result<String, AppError> {
    actor.require(Permission::ManageAccounts)?;
    let name = parse_account_name(name).ok_or_else(|| invalid(Field::AccountName, Problem::NoAccountName))?;
    let display_name = clean_line(&compose(display_name));
    let display_name = if display_name.is_empty() { name.clone() } else { display_name.chars().take(100).collect() };
    let at = now();
    let mut session = store.db.write().await?;
    let taken = || invalid(Field::AccountName, Problem::Taken);
    let id = db::add_account(&mut session, &name, &display_name, at).await.on_constraint(
        "account_name_key",
        "account.name",
        taken,
    )?;
    set_roles(&mut session, id, roles).await?;
    let token = make_token()?;
    db::replace_link(&mut session, id, &sha256_hex(token.as_bytes()), at.plus_ms(LINK_TIME)).await?;
    record(&mut session, actor, id, "add", at).await?;
    session.commit().await?;
    Ok(token)
}

/// Gives an account another name to be read and other roles. The last administrator stays one.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Conflict` where nobody would be administrator any longer.
pub async fn change_account(
    store: &Store,
    actor: &Actor,
    name: &str,
    display_name: &str,
    roles: &[AskedRole],
) -> Result<(), AppError> {
    actor.require(Permission::ManageAccounts)?;
    let at = now();
    let mut session = store.db.write().await?;
    let account = find(&mut session, name).await?;
    let display_name = clean_line(&compose(display_name));
    if !display_name.is_empty() {
        db::rename_account(&mut session, account.id, &display_name).await?;
    }
    let before = db::count_holders(&mut session, Role::Administrator.code()).await?;
    set_roles(&mut session, account.id, roles).await?;
    if before > 0 && db::count_holders(&mut session, Role::Administrator.code()).await? == 0 {
        return Err(AppError::Conflict);
    }
    record(&mut session, actor, account.id, "change-roles", at).await?;
    session.commit().await?;
    Ok(())
}

async fn set_roles(session: &mut Session, id: i64, roles: &[AskedRole]) -> Result<(), AppError> {
    let mut rows = BTreeSet::new();
    for asked in roles {
        let unit_id = match &asked.unit {
            Some(slug) => {
                let found = unit::find_unit(session, slug).await?;
                Some(found.ok_or_else(|| invalid(Field::Unit, Problem::Unknown))?.id)
            }
            None => None,
        };
        rows.insert((asked.role.code(), unit_id));
    }
    let rows: Vec<_> = rows.into_iter().collect();
    db::replace_roles(session, id, &rows).await?;
    Ok(())
}

/// Disables an account, which ends its sessions, or lets it in again. The last administrator stays one.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Conflict` where nobody would be administrator any longer.
pub async fn disable_account(store: &Store, actor: &Actor, name: &str, disable: bool) -> Result<(), AppError> {
    actor.require(Permission::ManageAccounts)?;
    let at = now();
    let mut session = store.db.write().await?;
    let account = find(&mut session, name).await?;
    let before = db::count_holders(&mut session, Role::Administrator.code()).await?;
    db::set_disabled(&mut session, account.id, disable.then_some(at)).await?;
    if before > 0 && db::count_holders(&mut session, Role::Administrator.code()).await? == 0 {
        return Err(AppError::Conflict);
    }
    if disable {
        session::remove_sessions_but(&mut session, account.id, None).await?;
    }
    record(&mut session, actor, account.id, if disable { "disable" } else { "enable" }, at).await?;
    session.commit().await?;
    Ok(())
}

/// A new one-time token to choose a password with.
///
/// # Errors
/// `Forbidden`, or `NotFound`.
pub async fn make_link(store: &Store, actor: &Actor, name: &str) -> Result<String, AppError> {
    actor.require(Permission::ManageAccounts)?;
    let (at, token) = (now(), make_token()?);
    let mut session = store.db.write().await?;
    let account = find(&mut session, name).await?;
    db::replace_link(&mut session, account.id, &sha256_hex(token.as_bytes()), at.plus_ms(LINK_TIME)).await?;
    record(&mut session, actor, account.id, "make-link", at).await?;
    session.commit().await?;
    Ok(token)
}

/// Takes an authenticator app away from an account whose owner has lost it.
///
/// # Errors
/// `Forbidden`, or `NotFound`.
pub async fn reset_second_step(store: &Store, actor: &Actor, name: &str) -> Result<(), AppError> {
    actor.require(Permission::ManageAccounts)?;
    let at = now();
    let mut session = store.db.write().await?;
    let account = find(&mut session, name).await?;
    db::set_totp(&mut session, account.id, None).await?;
    db::replace_recovery_codes(&mut session, account.id, &[]).await?;
    record(&mut session, actor, account.id, "reset-second-step", at).await?;
    session.commit().await?;
    Ok(())
}

/// Sets a password for an account, as the command line does; its sessions end.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` for a weak password.
pub async fn set_password(store: &Store, actor: &Actor, name: &str, new: &str) -> Result<(), AppError> {
    actor.require(Permission::ManageAccounts)?;
    let name = parse_account_name(name).ok_or(AppError::NotFound)?;
    require_strong(new, &name)?;
    let hash = password::hash(new.to_owned()).await?;
    let at = now();
    let mut session = store.db.write().await?;
    let account = find(&mut session, &name).await?;
    db::set_password(&mut session, account.id, &hash).await?;
    session::remove_sessions_but(&mut session, account.id, None).await?;
    record(&mut session, actor, account.id, "set-password", at).await?;
    session.commit().await?;
    Ok(())
}

/// Checks a new password.
///
/// # Errors
/// `Invalid`, with why.
pub fn require_strong(new: &str, name: &str) -> Result<(), AppError> {
    check_password(new, name).map_err(|why: WeakPassword| invalid(Field::NewPassword, Problem::Weak(why)))
}

/// The roles that need a second step.
///
/// # Errors
/// When the database fails.
pub async fn list_second_step_roles(session: &mut Session) -> Result<Vec<Role>, AppError> {
    let setting = db::find_setting(session, SECOND_STEP).await?.unwrap_or_default();
    Ok(setting.split(' ').filter_map(Role::parse).collect())
}

/// Says which roles need a second step.
///
/// # Errors
/// `Forbidden`.
pub async fn set_second_step_roles(store: &Store, actor: &Actor, roles: &[Role]) -> Result<(), AppError> {
    actor.require(Permission::ManageAccounts)?;
    let at = now();
    let value: Vec<_> = roles.iter().map(|role| role.code()).collect();
    let mut session = store.db.write().await?;
    db::set_setting(&mut session, SECOND_STEP, &value.join(" ")).await?;
    record(&mut session, actor, 0, "set-second-step-roles", at).await?;
    session.commit().await?;
    Ok(())
}

/// Every unit, in Vietnamese order.
///
/// # Errors
/// `Forbidden`.
pub async fn list_units(store: &Store, actor: &Actor) -> Result<Vec<UnitRow>, AppError> {
    actor.require(Permission::SeeDesk)?;
    Ok(unit::list_units(&mut store.db.read().await?).await?)
}

async fn find(session: &mut Session, name: &str) -> Result<AccountRow, AppError> {
    let name = parse_account_name(name).ok_or(AppError::NotFound)?;
    db::find_account(session, &name).await?.ok_or(AppError::NotFound)
}

/// One thing that is wrong with one field.
pub fn invalid(field: Field, problem: Problem) -> AppError {
    AppError::Invalid(FieldErrors(vec![(field, problem)]))
}

/// A token that nobody guesses: 32 random bytes in hexadecimal digits.
///
/// # Errors
/// When the system gives no random bytes.
pub fn make_token() -> Result<String, AppError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(crate::server::error::internal)?;
    Ok(hex::encode(bytes))
}

pub(super) async fn record(
    session: &mut Session,
    actor: &Actor,
    id: i64,
    action: &str,
    at: Instant,
) -> Result<(), AppError> {
    let actor_id = actor.find_or_add(session, at).await?;
    let decision = Decision { subject_kind: "account", subject_id: id, action, reason: None, reason_id: None };
    log::add_decision(session, actor_id, at, decision).await?;
    Ok(())
}
