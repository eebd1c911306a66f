//! Passwords: Argon2id, a few at a time, off the async threads.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use super::error::internal;
use crate::domain::error::AppError;

/// Each takes 19 MB and tens of milliseconds of one core (OWASP, Password Storage Cheat Sheet: m = 19456, t = 2, p = 1):
/// whoever sends many passwords at once waits, and the pages don't.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What a password is checked against where there is no account: it takes as long as a real one.
static NOBODY: LazyLock<String> = LazyLock::new(|| make("no account has this password").unwrap_or_default());

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

fn make(password: &str) -> Option<String> {
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).ok()?;
    let hash: PasswordHash = argon2().hash_password_with_salt(password.as_bytes(), &salt).ok()?;
    Some(hash.to_string())
}

fn is_right(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

/// The hash of a password, in the usual text form.
///
/// # Errors
/// When the system gives no random bytes or no memory.
pub async fn hash(password: String) -> Result<String, AppError> {
    let _turn = AT_ONCE.acquire().await.map_err(internal)?;
    let made = tokio::task::spawn_blocking(move || make(&password)).await.map_err(internal)?;
    made.ok_or_else(|| internal("a password could not be hashed"))
}

/// Whether a password is right; without a hash it takes as long, and is not.
///
/// # Errors
/// When the system gives no thread.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool, AppError> {
    let _turn = AT_ONCE.acquire().await.map_err(internal)?;
    let check = move || match hash.filter(|hash| !hash.is_empty()) {
        Some(hash) => is_right(&password, &hash),
        None => {
            is_right(&password, &NOBODY);
            false
        }
    };
    tokio::task::spawn_blocking(check).await.map_err(internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_is_right_and_without_an_account_none_is() {
        let hash = hash("con ngựa vằn".to_owned()).await.expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_eq!(verify("con ngựa vằn".to_owned(), Some(hash.clone())).await, Ok(true));
        assert_eq!(verify("con ngựa vắn".to_owned(), Some(hash)).await, Ok(false));
        for nothing in [None, Some(String::new()), Some("nonsense".to_owned())] {
            assert_eq!(verify("no account has this password".to_owned(), nothing).await, Ok(false));
        }
    }
}
