//! Signing in: passwords, the second step, sessions, and the slowing down of whoever guesses.

use std::sync::Arc;

use totp_rs::{Builder, Secret, Totp};

use crate::domain::account::{NAME_MOST, PASSWORD_MOST, parse_account_name};
use crate::domain::error::{AppError, Field, Problem};
use crate::domain::receipt::ReceiptCode;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::Session;
use crate::server::db::desk::account::{self as accounts, AccountRow};
use crate::server::db::desk::session::{self as db, NewSession, SessionRow};
use crate::server::error::internal;
use crate::server::password;
use crate::server::secret::sha256_hex;
use crate::server::sender::Sender;
use crate::server::services::account::{
    invalid, list_second_step_roles, make_token, official_of, record, require_strong,
};
use crate::server::services::actor::{Actor, Official};
use crate::server::services::comment::make_code;
use crate::server::state::Store;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
/// A session that is not used for so long ends.
const IDLE_TIME: i64 = 2 * HOUR;
/// A session ends after so long, used or not: a working day.
const SESSION_TIME: i64 = 14 * HOUR;
/// So long is waited for the second step.
const SECOND_STEP_TIME: i64 = 10 * MINUTE;
/// A browser in which the owner signed in is remembered for so long.
pub const BROWSER_TIME: i64 = 180 * 24 * HOUR;
/// Failures are counted together for so long after the last one.
const FAILURE_TIME: i64 = HOUR;
/// So many failures in a row cost nothing.
const FREE_FAILURES: i64 = 5;
/// From so many failures on, from whatever addresses, guessing an account is slowed in browsers that are not known.
const ACCOUNT_FAILURES: i64 = 50;
/// So many failures of one address, for whatever accounts, cost nothing: an office has one address.
const ADDRESS_FAILURES: i64 = 30;

/// Where somebody signs in.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The address.
    pub sender: Option<Sender>,
    /// What the browser says of itself.
    pub user_agent: &'a str,
    /// The token that this browser got when somebody signed in in it before.
    pub browser: Option<&'a str>,
}

/// What a browser gets.
#[derive(Clone, Debug)]
pub struct Admission {
    /// The session's token.
    pub token: String,
    /// The browser's token, once the owner is known.
    pub browser: Option<String>,
    /// Whether the second step is still to come.
    pub awaits_second_step: bool,
}

/// Whose session it is.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub official: Arc<Official>,
    /// The session.
    pub session_id: i64,
    /// Whether the second step is still to come.
    pub awaits_second_step: bool,
    /// Whether a role needs a second step that the owner has not set up: until then such roles permit nothing.
    pub lacks_second_step: bool,
}

impl SignedIn {
    /// As who acts.
    pub fn actor(&self) -> Actor {
        Actor::Account(self.official.clone())
    }
}

/// Whose session a token stands for; its life is prolonged.
///
/// # Errors
/// When the database fails.
pub async fn find_signed_in(store: &Store, token: &str) -> Result<Option<SignedIn>, AppError> {
    let at = now();
    let mut session = store.db.read().await?;
    let Some(row) = db::find_session(&mut session, &sha256_hex(token.as_bytes()), at).await? else { return Ok(None) };
    let Some(account) = accounts::find_account_by_id(&mut session, row.account_id).await? else { return Ok(None) };
    let mut official = official_of(&mut session, &account).await?;
    let needed = list_second_step_roles(&mut session).await?;
    drop(session);
    let confirmed = account.totp_confirmed_at.is_some();
    let lacks_second_step = !confirmed && official.grants.iter().any(|grant| needed.contains(&grant.role));
    if lacks_second_step {
        Arc::make_mut(&mut official).grants.retain(|grant| !needed.contains(&grant.role));
    }
    if !row.awaits_second_step && at.0 - row.seen_at > MINUTE {
        let end = (row.created_at + SESSION_TIME).min(at.0 + IDLE_TIME);
        let mut session = store.db.write().await?;
        db::touch_session(&mut session, row.id, at, Instant(end)).await?;
        session.commit().await?;
    }
    let awaits_second_step = row.awaits_second_step;
    Ok(Some(SignedIn { official, session_id: row.id, awaits_second_step, lacks_second_step }))
}

/// Signs in with a name and a password.
///
/// # Errors
/// `Invalid` where they are not right, without saying which; `TooMany` where too much was tried.
pub async fn sign_in(store: &Store, name: &str, word: &str, place: Place<'_>) -> Result<Admission, AppError> {
    if name.trim().is_empty() {
        return Err(invalid(Field::AccountName, Problem::Missing));
    }
    if word.is_empty() {
        return Err(invalid(Field::Password, Problem::Missing));
    }
    let wrong = || invalid(Field::Password, Problem::Wrong);
    if name.len() > NAME_MOST * 8 || word.len() > PASSWORD_MOST * 4 {
        return Err(wrong());
    }
    let at = now();
    let name = parse_account_name(name).unwrap_or_else(|| format!("?{}", name.trim().to_lowercase()));
    let mut session = store.db.read().await?;
    let account = accounts::find_account(&mut session, &name).await?;
    let known = match (&account, place.browser) {
        (Some(account), Some(browser)) => {
            db::is_known_browser(&mut session, &sha256_hex(browser.as_bytes()), account.id, at).await?
        }
        _ => false,
    };
    drop(session);
    let keys = failure_keys(store, &name, known, place);
    count_try(store, &keys, at).await?;
    let hash = account.as_ref().filter(|account| account.disabled_at.is_none()).map(|a| a.password_hash.clone());
    let right = password::verify(word.to_owned(), hash).await?;
    let Some(account) = account.filter(|_| right) else { return Err(wrong()) };
    let awaits_second_step = account.totp_confirmed_at.is_some();
    let mut session = store.db.write().await?;
    // The second step is guessed at as well: until it was right, the tries count.
    if !awaits_second_step {
        forget_tries(&mut session, &keys).await?;
    }
    let admission = begin_session(&mut session, &account, awaits_second_step, place, at).await?;
    if !awaits_second_step {
        let actor = Actor::Account(official_of(&mut session, &account).await?);
        record(&mut session, &actor, account.id, "sign-in", at).await?;
    }
    session.commit().await?;
    Ok(admission)
}

async fn begin_session(
    session: &mut Session,
    account: &AccountRow,
    awaits_second_step: bool,
    place: Place<'_>,
    at: Instant,
) -> Result<Admission, AppError> {
    let token = make_token()?;
    let new = NewSession {
        token_hash: &sha256_hex(token.as_bytes()),
        account_id: account.id,
        awaits_second_step,
        device: &describe_browser(place.user_agent),
        expires: at.plus_ms(if awaits_second_step { SECOND_STEP_TIME } else { IDLE_TIME }),
    };
    db::add_session(session, &new, at).await?;
    let browser = if awaits_second_step {
        None
    } else {
        let browser = make_token()?;
        let hash = sha256_hex(browser.as_bytes());
        db::add_known_browser(session, &hash, account.id, at.plus_ms(BROWSER_TIME)).await?;
        Some(browser)
    };
    Ok(Admission { token, browser, awaits_second_step })
}

/// Under what failures are counted, and how many of them are free.
fn failure_keys(store: &Store, name: &str, known: bool, place: Place<'_>) -> Vec<(String, i64)> {
    let address = place.sender.map(|sender| sender.0.to_string()).unwrap_or_default();
    let key = |parts: &[&str]| store.secret.keyed_hash("sign-in", parts);
    if known {
        // The owner's own browser: what others guess elsewhere does not slow it down.
        return vec![(key(&["browser", name, place.browser.unwrap_or_default()]), FREE_FAILURES)];
    }
    vec![
        (key(&["account-at", name, &address]), FREE_FAILURES),
        (key(&["account", name]), ACCOUNT_FAILURES),
        (key(&["address", &address]), ADDRESS_FAILURES),
    ]
}

/// Counts a try as a failure before it is known to be one, or refuses it.
async fn count_try(store: &Store, keys: &[(String, i64)], at: Instant) -> Result<(), AppError> {
    let mut session = store.db.write().await?;
    for (key, free) in keys {
        let (failures, until) = db::count_failure(&mut session, key, at, at.plus_ms(FAILURE_TIME)).await?;
        if until > at.0 {
            return Err(wait_until(until, at));
        }
        // The account as a whole is never blocked for longer than its owner would wait.
        let most = if *free == ACCOUNT_FAILURES { MINUTE } else { 15 * MINUTE };
        if failures >= *free {
            let doubled = u32::try_from(failures - free).unwrap_or(u32::MAX).min(10);
            db::block_until(&mut session, key, at.plus_ms((2_000_i64 << doubled).min(most))).await?;
        }
    }
    session.commit().await?;
    Ok(())
}

/// The tries of who turned out to be the owner are forgotten. Of the address only the last one is: whoever has an account
/// could otherwise guess at others without end.
async fn forget_tries(session: &mut Session, keys: &[(String, i64)]) -> Result<(), AppError> {
    for (key, free) in keys {
        if *free == ADDRESS_FAILURES {
            db::forgive_failure(session, key).await?;
        } else {
            db::forget_failures(session, key).await?;
        }
    }
    Ok(())
}

fn wait_until(until: i64, at: Instant) -> AppError {
    let seconds = (until - at.0).div_euclid(1000) + 1;
    AppError::TooMany { retry_after_seconds: u32::try_from(seconds).unwrap_or(u32::MAX) }
}

/// Takes the second step: a code of the authenticator app, or one of the recovery codes.
///
/// # Errors
/// `SignedOut` where no session waits for it, `Invalid` for a wrong code, `TooMany`.
pub async fn take_second_step(store: &Store, token: &str, code: &str, place: Place<'_>) -> Result<Admission, AppError> {
    let at = now();
    let mut session = store.db.read().await?;
    let waiting = db::find_session(&mut session, &sha256_hex(token.as_bytes()), at).await?;
    let waiting = waiting.filter(|row| row.awaits_second_step).ok_or(AppError::SignedOut)?;
    let account = accounts::find_account_by_id(&mut session, waiting.account_id).await?.ok_or(AppError::SignedOut)?;
    drop(session);
    let key = store.secret.keyed_hash("sign-in", &["second-step", &account.name]);
    count_try(store, &[(key.clone(), FREE_FAILURES)], at).await?;
    let mut session = store.db.write().await?;
    let right = match ReceiptCode::parse(code) {
        Some(recovery) => {
            let hash = store.secret.keyed_hash("recovery", &[recovery.as_stored()]);
            accounts::use_recovery_code(&mut session, account.id, &hash, at).await?
        }
        None => match account.totp_secret.as_deref().and_then(totp).and_then(|totp| check_code(&totp, code, at)) {
            Some(step) => accounts::take_totp_step(&mut session, account.id, step).await?,
            None => false,
        },
    };
    if !right {
        return Err(invalid(Field::Code, Problem::Wrong));
    }
    db::forget_failures(&mut session, &key).await?;
    forget_tries(&mut session, &failure_keys(store, &account.name, false, place)).await?;
    db::remove_session(&mut session, account.id, waiting.id).await?;
    let admission = begin_session(&mut session, &account, false, place, at).await?;
    let actor = Actor::Account(official_of(&mut session, &account).await?);
    record(&mut session, &actor, account.id, "sign-in", at).await?;
    session.commit().await?;
    Ok(admission)
}

fn totp(secret: &str) -> Option<Totp> {
    let secret = Secret::try_from_base32(secret).ok()?;
    Builder::new().with_secret(secret).build().ok()
}

/// The step whose code this is, one before and one after the present one included.
fn check_code(totp: &Totp, code: &str, at: Instant) -> Option<i64> {
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    if code.len() != 6 {
        return None;
    }
    totp.check(&code, u64::try_from(at.0 / 1000).unwrap_or_default()).and_then(|step| i64::try_from(step).ok())
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(store: &Store, signed_in: &SignedIn) -> Result<(), AppError> {
    let mut session = store.db.write().await?;
    db::remove_session(&mut session, signed_in.official.id, signed_in.session_id).await?;
    session.commit().await?;
    Ok(())
}

/// One's own open sessions. Permitted to whoever is signed in.
///
/// # Errors
/// When the database fails.
pub async fn list_sessions(store: &Store, signed_in: &SignedIn) -> Result<Vec<SessionRow>, AppError> {
    Ok(db::list_sessions(&mut store.db.read().await?, signed_in.official.id, now()).await?)
}

/// Ends one's own other sessions, or one of them. Permitted to whoever is signed in.
///
/// # Errors
/// When the database fails.
pub async fn end_sessions(store: &Store, signed_in: &SignedIn, one: Option<i64>) -> Result<(), AppError> {
    let mut session = store.db.write().await?;
    match one {
        Some(id) => db::remove_session(&mut session, signed_in.official.id, id).await?,
        None => {
            db::remove_sessions_but(&mut session, signed_in.official.id, Some(signed_in.session_id)).await?;
        }
    }
    record(&mut session, &signed_in.actor(), signed_in.official.id, "end-sessions", now()).await?;
    session.commit().await?;
    Ok(())
}

/// Changes one's own password; other sessions end. Permitted to whoever is signed in and knows the present one.
///
/// # Errors
/// `Invalid` for a wrong or weak password, `TooMany`.
pub async fn change_password(store: &Store, signed_in: &SignedIn, old: &str, new: &str) -> Result<(), AppError> {
    require_strong(new, &signed_in.official.name)?;
    require_password(store, signed_in, old).await?;
    let hash = password::hash(new.to_owned()).await?;
    let mut session = store.db.write().await?;
    accounts::set_password(&mut session, signed_in.official.id, &hash).await?;
    db::remove_sessions_but(&mut session, signed_in.official.id, Some(signed_in.session_id)).await?;
    record(&mut session, &signed_in.actor(), signed_in.official.id, "change-password", now()).await?;
    session.commit().await?;
    Ok(())
}

async fn require_password(store: &Store, signed_in: &SignedIn, word: &str) -> Result<(), AppError> {
    let at = now();
    let key = store.secret.keyed_hash("sign-in", &["session", &signed_in.session_id.to_string()]);
    count_try(store, &[(key.clone(), FREE_FAILURES)], at).await?;
    let account = accounts::find_account_by_id(&mut store.db.read().await?, signed_in.official.id).await?;
    let hash = account.map(|account| account.password_hash);
    if !password::verify(word.chars().take(PASSWORD_MOST + 1).collect(), hash).await? {
        return Err(invalid(Field::Password, Problem::Wrong));
    }
    let mut session = store.db.write().await?;
    db::forget_failures(&mut session, &key).await?;
    session.commit().await?;
    Ok(())
}

/// How one's own second step stands.
#[derive(Clone, Debug)]
pub struct SecondStep {
    /// Whether codes count.
    pub confirmed: bool,
    /// How many recovery codes are left.
    pub recovery_codes: i64,
    /// The secret that waits for its first code, in Base32.
    pub secret: Option<String>,
    /// The same as the address that authenticator apps read.
    pub address: Option<String>,
}

/// How one's own second step stands. Permitted to whoever is signed in.
///
/// # Errors
/// When the database fails.
pub async fn read_second_step(store: &Store, signed_in: &SignedIn, issuer: &str) -> Result<SecondStep, AppError> {
    let mut session = store.db.read().await?;
    let account =
        accounts::find_account_by_id(&mut session, signed_in.official.id).await?.ok_or(AppError::SignedOut)?;
    let recovery_codes = accounts::count_recovery_codes(&mut session, account.id).await?;
    let confirmed = account.totp_confirmed_at.is_some();
    let secret = account.totp_secret.filter(|_| !confirmed);
    let address = secret.as_deref().map(|secret| otpauth_address(secret, &account.name, issuer));
    Ok(SecondStep { confirmed, recovery_codes, secret, address })
}

/// The address that authenticator apps read (Google Authenticator, Key Uri Format).
fn otpauth_address(secret: &str, name: &str, issuer: &str) -> String {
    let issuer = crate::domain::html::percent_encode(&issuer.replace(':', " "));
    let name = crate::domain::html::percent_encode(name);
    format!("otpauth://totp/{issuer}:{name}?secret={secret}&issuer={issuer}")
}

/// Begins to set up a second step: a secret for the app. Permitted to whoever is signed in.
///
/// # Errors
/// `Conflict` where one is set up.
pub async fn begin_second_step(store: &Store, signed_in: &SignedIn) -> Result<(), AppError> {
    let mut bytes = [0_u8; 20];
    getrandom::fill(&mut bytes).map_err(internal)?;
    let secret = Secret::from(bytes).to_base32();
    let mut session = store.db.write().await?;
    let account =
        accounts::find_account_by_id(&mut session, signed_in.official.id).await?.ok_or(AppError::SignedOut)?;
    if account.totp_confirmed_at.is_some() {
        return Err(AppError::Conflict);
    }
    accounts::set_totp(&mut session, account.id, Some(&secret)).await?;
    session.commit().await?;
    Ok(())
}

/// Ends setting it up with a first code: gives the recovery codes, which are shown once. Permitted to whoever is signed in.
///
/// # Errors
/// `Invalid` for a wrong code, `Conflict` where nothing was begun.
pub async fn confirm_second_step(
    store: &Store,
    signed_in: &SignedIn,
    code: &str,
) -> Result<Vec<ReceiptCode>, AppError> {
    let at = now();
    let codes: Vec<ReceiptCode> = (0..10).map(|_| make_code()).collect::<Result<_, _>>()?;
    let hashes: Vec<_> = codes.iter().map(|code| store.secret.keyed_hash("recovery", &[code.as_stored()])).collect();
    let mut session = store.db.write().await?;
    let account =
        accounts::find_account_by_id(&mut session, signed_in.official.id).await?.ok_or(AppError::SignedOut)?;
    let secret = account.totp_secret.filter(|_| account.totp_confirmed_at.is_none()).ok_or(AppError::Conflict)?;
    let step = totp(&secret).and_then(|totp| check_code(&totp, code, at));
    let step = step.ok_or_else(|| invalid(Field::Code, Problem::Wrong))?;
    accounts::take_totp_step(&mut session, account.id, step).await?;
    accounts::confirm_totp(&mut session, account.id, at).await?;
    accounts::replace_recovery_codes(&mut session, account.id, &hashes).await?;
    db::remove_sessions_but(&mut session, account.id, Some(signed_in.session_id)).await?;
    record(&mut session, &signed_in.actor(), account.id, "set-up-second-step", at).await?;
    session.commit().await?;
    Ok(codes)
}

/// Takes one's own second step away. Permitted to whoever is signed in and knows the password.
///
/// # Errors
/// `Invalid` for a wrong password, `TooMany`.
pub async fn remove_second_step(store: &Store, signed_in: &SignedIn, word: &str) -> Result<(), AppError> {
    require_password(store, signed_in, word).await?;
    let mut session = store.db.write().await?;
    accounts::set_totp(&mut session, signed_in.official.id, None).await?;
    accounts::replace_recovery_codes(&mut session, signed_in.official.id, &[]).await?;
    record(&mut session, &signed_in.actor(), signed_in.official.id, "remove-second-step", now()).await?;
    session.commit().await?;
    Ok(())
}

/// Whose link for choosing a password this is: the account's name. Permitted to whoever has the link.
///
/// # Errors
/// `NotFound` where it has run out or was used.
pub async fn find_link(store: &Store, token: &str) -> Result<String, AppError> {
    let mut session = store.db.read().await?;
    let found = accounts::find_link(&mut session, &sha256_hex(token.as_bytes()), now()).await?;
    let id = found.ok_or(AppError::NotFound)?;
    let account = accounts::find_account_by_id(&mut session, id).await?.filter(|account| account.disabled_at.is_none());
    Ok(account.ok_or(AppError::NotFound)?.name)
}

/// Chooses a password with a one-time link; every session of the account ends. Permitted to whoever has the link.
///
/// # Errors
/// `NotFound` where it has run out or was used, `Invalid` for a weak password.
pub async fn use_link(store: &Store, token: &str, new: &str) -> Result<(), AppError> {
    let name = find_link(store, token).await?;
    require_strong(new, &name)?;
    let hash = password::hash(new.to_owned()).await?;
    let at = now();
    let mut session = store.db.write().await?;
    let account = accounts::find_account(&mut session, &name).await?.ok_or(AppError::NotFound)?;
    if !accounts::remove_link(&mut session, &sha256_hex(token.as_bytes())).await? {
        return Err(AppError::NotFound);
    }
    accounts::set_password(&mut session, account.id, &hash).await?;
    db::remove_sessions_but(&mut session, account.id, None).await?;
    let actor = Actor::Account(official_of(&mut session, &account).await?);
    record(&mut session, &actor, account.id, "use-link", at).await?;
    session.commit().await?;
    Ok(())
}

/// A browser in a few words, for the list of sessions.
fn describe_browser(user_agent: &str) -> String {
    let first = |names: &[(&'static str, &'static str)]| {
        names.iter().find(|(sign, _)| user_agent.contains(sign)).map_or("?", |(_, name)| name)
    };
    let browser = first(&[
        ("coc_coc", "Cốc Cốc"),
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    format!("{browser}, {system}")
}

/// Takes away what has ended; the server's own work.
///
/// # Errors
/// When the database fails.
pub async fn forget_ended(store: &Store) -> Result<(), AppError> {
    let mut session = store.db.write().await?;
    db::remove_expired(&mut session, now()).await?;
    session.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_authenticator_app_are_those_of_the_standard() {
        // RFC 6238, appendix B: the secret "12345678901234567890", at 59 seconds; the last six of its eight digits.
        let totp = totp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").expect("a secret");
        assert_eq!(check_code(&totp, "287 082", Instant(59_000)), Some(1));
        assert_eq!(check_code(&totp, "287082", Instant(89_000)), Some(1), "a code counts for one step longer");
        assert_eq!(check_code(&totp, "287082", Instant(149_000)), None);
        for nonsense in ["", "28708", "2870823", "abcdef"] {
            assert_eq!(check_code(&totp, nonsense, Instant(59_000)), None, "{nonsense}");
        }
    }

    #[test]
    fn a_session_is_told_by_its_browser() {
        let phone = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36";
        assert_eq!(describe_browser(phone), "Chrome, Android");
        assert_eq!(describe_browser(""), "?, ?");
    }
}
