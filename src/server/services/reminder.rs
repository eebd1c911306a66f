//! Reminders by e-mail for officials: an address that its owner has confirmed, and a mail when something has waited too
//! long for moderation, or a unit owes a report (`reminder/report.rs`).

use std::time::Duration;

use crate::domain::error::{AppError, Field, Problem};
use crate::domain::lang::Lang;
use crate::domain::notice::{Purpose, mask_address};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::desk::account::find_account_by_id;
use crate::server::db::desk::queue::{Narrowing, count};
use crate::server::db::desk::reminder::{self as db, Wanted};
use crate::server::db::mail::{self, Recipient};
use crate::server::secret::Secret;
use crate::server::services::account::{invalid, official_of};
use crate::server::services::actor::{Actor, Official, Permission, Scope};
use crate::server::services::mail::may_ask;
use crate::server::services::notice::{ASKED_TIME, check_address};
use crate::server::services::sign_in::SignedIn;
use crate::server::state::Store;

mod report;

pub use report::{DAYS_BEFORE, remind_of_reports};

/// After how many hours one can be reminded: the policy promises a day.
pub const HOURS: [i64; 4] = [6, 12, 20, 24];
const HOUR: i64 = 60 * 60_000;
/// Nobody is reminded of the same more often.
const SAME_TIME: i64 = 24 * HOUR;
/// Nor of anything.
const LATELY: i64 = 6 * HOUR;
/// How often it is looked whether something has waited too long.
const LOOK_TIME: Duration = Duration::from_secs(300);

/// An official's address, of which the first signs are shown only, and the reminders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnMail {
    /// The address; empty where there is none.
    pub address: String,
    /// Whether it is confirmed.
    pub confirmed: bool,
    /// Whether one moderates, and so can be reminded of what waits.
    pub moderates: bool,
    /// Whether one reports for units, and so can be reminded of reports.
    pub reports: bool,
    /// Of what one is reminded.
    pub wanted: Wanted,
}

/// The secret part of the link that confirms an official's address, as it was given at a moment.
pub fn account_token(secret: &Secret, account_id: i64, since: i64) -> String {
    let hash = secret.keyed_hash("account mail", &[&account_id.to_string(), &since.to_string()]);
    hash.get(..32).unwrap_or_default().to_owned()
}

/// One's own address and reminders; none where the portal sends no mail or there is nothing to be reminded of.
///
/// # Errors
/// When the database fails.
pub async fn read_own(store: &Store, signed_in: &SignedIn) -> Result<Option<OwnMail>, AppError> {
    if require(store, signed_in).is_err() {
        return Ok(None);
    }
    let row = db::find(&mut store.db.read().await?, signed_in.official.id).await?;
    let mut own = OwnMail {
        moderates: moderates(&signed_in.official),
        reports: report::reports_for_units(&signed_in.official),
        ..OwnMail::default()
    };
    if let Some(row) = row {
        own.address = mask_address(&row.email);
        own.confirmed = row.confirmed_at.is_some();
        own.wanted = Wanted { hours: row.hours, reports: row.reports };
    }
    Ok(Some(own))
}

fn moderates(official: &Official) -> bool {
    official.may(Permission::ModerateComments, Scope::Somewhere)
}

fn require(store: &Store, signed_in: &SignedIn) -> Result<(), AppError> {
    let official = &signed_in.official;
    if store.mail.is_offered() && (moderates(official) || report::reports_for_units(official)) {
        return Ok(());
    }
    Err(AppError::Forbidden)
}

/// Sets one's own address and reminders. A new address is asked by mail and counts once it is confirmed; without one
/// the address stays.
///
/// # Errors
/// `Forbidden`, `Invalid` for no address, or where it was asked too often today.
pub async fn set_own(
    store: &Store,
    signed_in: &SignedIn,
    email: &str,
    wanted: Wanted,
    language: Lang,
) -> Result<(), AppError> {
    require(store, signed_in)?;
    let (at, id) = (now(), signed_in.official.id);
    let hours = if HOURS.contains(&wanted.hours) && moderates(&signed_in.official) { wanted.hours } else { 0 };
    let wanted = Wanted { hours, reports: wanted.reports && report::reports_for_units(&signed_in.official) };
    let mut session = store.db.write().await?;
    let own = db::find(&mut session, id).await?;
    if email.trim().is_empty() && own.is_some() {
        db::set_wanted(&mut session, id, wanted, language.code()).await?;
        session.commit().await?;
        return Ok(());
    }
    let email = check_address(email)?;
    if own.is_some_and(|own| own.email == email && own.confirmed_at.is_some()) {
        db::set_wanted(&mut session, id, wanted, language.code()).await?;
    } else {
        if !may_ask(store, &mut session, &email, at).await? {
            return Err(invalid(Field::Email, Problem::Over));
        }
        mail::drop_unsent_of_account(&mut session, id).await?;
        db::replace(&mut session, id, &email, language.code(), wanted, at).await?;
        mail::add(&mut session, Purpose::ConfirmAccount, Recipient::Account(id), "", at, at).await?;
    }
    session.commit().await?;
    store.mail.ring();
    Ok(())
}

/// Confirms one's own address by the link that was sent to it.
///
/// # Errors
/// `Forbidden`, or `Expired` for a link that is none, or no longer.
pub async fn confirm_own(store: &Store, signed_in: &SignedIn, token: &str) -> Result<(), AppError> {
    require(store, signed_in)?;
    let id = signed_in.official.id;
    let mut session = store.db.write().await?;
    let own = db::find(&mut session, id).await?.ok_or(AppError::Expired)?;
    let hash = |text: &str| store.secret.keyed_hash("compared", &[text]);
    if hash(&account_token(&store.secret, id, own.created_at)) != hash(token) {
        return Err(AppError::Expired);
    }
    db::confirm(&mut session, id, own.created_at, now()).await?;
    session.commit().await?;
    Ok(())
}

/// Takes one's own address away.
///
/// # Errors
/// When the database fails.
pub async fn remove_own(store: &Store, signed_in: &SignedIn) -> Result<(), AppError> {
    let id = signed_in.official.id;
    let mut session = store.db.write().await?;
    mail::drop_unsent_of_account(&mut session, id).await?;
    db::remove(&mut session, id).await?;
    session.commit().await?;
    Ok(())
}

/// Reminds who is to be reminded, for as long as the server runs.
pub async fn remind_on_time(store: Store) {
    let mut looked: Option<Instant> = None;
    loop {
        let at = now();
        if let Err(error) = remind_due(&store, at).await {
            tracing::warn!(?error, "nobody could be reminded of what waits; it is tried again");
        }
        // Reports are due by the day.
        if looked.is_none_or(|looked| at.0 - looked.0 >= HOUR) {
            looked = Some(at);
            if let Err(error) = remind_of_reports(&store, at).await {
                tracing::warn!(?error, "nobody could be reminded of reports; it is tried again");
            }
        }
        tokio::time::sleep(LOOK_TIME).await;
    }
}

/// Writes a mail to each moderator for whom something has waited longer than they said, and gives to how many.
///
/// # Errors
/// When the database fails.
pub async fn remind_due(store: &Store, at: Instant) -> Result<usize, AppError> {
    let mut reminded = 0;
    let wanted = db::list_reminded(&mut store.db.read().await?).await?;
    for (id, hours) in wanted {
        let mut session = store.db.read().await?;
        let Some(account) = find_account_by_id(&mut session, id).await? else { continue };
        let official = official_of(&mut session, &account).await?;
        if !official.may(Permission::ModerateComments, Scope::Somewhere) {
            continue;
        }
        let units = Actor::Account(official).units_between_commas(Permission::ModerateComments);
        let Some((item, since)) = db::find_oldest(&mut session, &units, &account.name).await? else { continue };
        if at.0 - since < hours * HOUR {
            continue;
        }
        let narrowing = Narrowing { units, before: i64::MAX, ..Narrowing::default() };
        let (waiting, _) = count(&mut session, &narrowing).await?;
        drop(session);
        let mut session = store.db.write().await?;
        if db::claim(&mut session, id, item, at, at.plus_ms(-SAME_TIME), at.plus_ms(-LATELY)).await? {
            let detail = format!("{waiting} {since}");
            mail::add(&mut session, Purpose::Remind, Recipient::Account(id), &detail, at, at).await?;
            session.commit().await?;
            store.mail.ring();
            reminded += 1;
        }
    }
    Ok(reminded)
}

/// Takes addresses away that nobody has confirmed.
///
/// # Errors
/// When the database fails.
pub async fn forget_unconfirmed(store: &Store) -> Result<u64, AppError> {
    let mut session = store.db.write().await?;
    let forgotten = db::forget_unconfirmed(&mut session, now().plus_ms(-ASKED_TIME)).await?;
    session.commit().await?;
    Ok(forgotten)
}
