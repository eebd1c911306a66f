//! Work that a browser shows before something is taken from it: the server says on what, keeps nothing, and takes each
//! piece of work once.

use crate::domain::error::AppError;
use crate::domain::proof::is_solved;
use crate::domain::time::Instant;
use crate::server::db::Session;
use crate::server::db::proof as db;
use crate::server::error::internal;
use crate::server::secret::Secret;

/// A challenge is good for so long.
const VALID: i64 = 10 * 60_000;

/// What a browser is to work on.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Challenge {
    /// The text. With the number that solves it, it is one block of the hash.
    pub challenge: String,
    /// How many zero bits the hash is to begin with.
    pub bits: u32,
}

/// Makes a challenge for a purpose.
///
/// # Errors
/// When the system gives no random bytes.
pub fn make_challenge(secret: &Secret, purpose: &str, bits: u32, at: Instant) -> Result<Challenge, AppError> {
    let mut random = [0_u8; 8];
    getrandom::fill(&mut random).map_err(internal)?;
    let (until, random) = (format!("{:011x}", at.plus_ms(VALID).0), hex::encode(random));
    let mark = mark(secret, purpose, &until, &random);
    Ok(Challenge { challenge: format!("{until}{random}{mark}"), bits })
}

fn mark(secret: &Secret, purpose: &str, until: &str, random: &str) -> String {
    secret.keyed_hash("challenge", &[purpose, until, random]).chars().take(16).collect()
}

/// Work that was done, whether or not it was shown before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// By which it is known again.
    pub hash: String,
    /// When its challenge is over, in milliseconds.
    pub expires_at: i64,
}

/// Reads the work that a browser sends for a purpose, `challenge:number`; nothing where it is not what was asked for, or
/// too late.
pub fn read_work(secret: &Secret, purpose: &str, bits: u32, proof: &str, at: Instant) -> Option<Work> {
    let (challenge, number) = proof.split_once(':')?;
    let (until, random, marked) = (challenge.get(..11)?, challenge.get(11..27)?, challenge.get(27..)?);
    let expires_at = i64::from_str_radix(until, 16).ok()?;
    let is_right =
        expires_at >= at.0 && marked == mark(secret, purpose, until, random) && is_solved(challenge, number, bits);
    is_right.then(|| Work { hash: secret.keyed_hash("spent", &[challenge]), expires_at })
}

/// Whether a browser sends the work that is asked for a purpose, in time and for the first time.
///
/// # Errors
/// When the database fails.
pub async fn check_proof(
    session: &mut Session,
    secret: &Secret,
    purpose: &str,
    bits: u32,
    proof: &str,
    at: Instant,
) -> Result<bool, AppError> {
    match read_work(secret, purpose, bits, proof, at) {
        Some(work) => Ok(db::spend(session, &work.hash, work.expires_at).await?),
        None => Ok(false),
    }
}
