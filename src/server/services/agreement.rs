//! Agreeing with a comment (*đồng tình*): once for each browser, and taken back.
//!
//! A browser that agrees for the first time gets a random name that only it sends. Thousands share one carrier's address,
//! so an address is never refused; but each further browser from there does more work first, which a person does not
//! notice and a program that makes up browsers does.

use crate::domain::error::AppError;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::comment::{self as comment, agreement as db};
use crate::server::sender::Sender;
use crate::server::services::comment::find_published;
use crate::server::services::limit::SenderLimit;
use crate::server::services::proof::{Challenge, check_proof, make_challenge};
use crate::server::state::Store;
use crate::server::thing::Thing;

const HOUR: i64 = 60 * 60_000;
/// So many browsers of one address agree within an hour without any work.
pub const FREE: i64 = 20;
/// A phone that has no script waits until fewer have agreed from its address.
const WAIT_SECONDS: u32 = 900;

/// What became of agreeing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Agreed {
    /// It is so now.
    Done {
        /// How many agree.
        agreed: u32,
        /// Whether this browser is among them.
        mine: bool,
    },
    /// The browser works first.
    Prove(Challenge),
}

/// Who agrees, and from where.
#[derive(Clone, Copy, Debug)]
pub struct Voter<'a> {
    /// The random name of the browser.
    pub token: &'a str,
    /// The work that it did, as it sends it; empty for none.
    pub proof: &'a str,
    /// Whether it can work.
    pub has_script: bool,
    /// The sender's address.
    pub sender: Sender,
    /// The limit by sender, if there is one.
    pub limit: Option<&'a SenderLimit>,
}

/// Counts a browser among those that agree with a comment, or no longer. Permitted to everybody.
///
/// # Errors
/// `NotFound` for a comment that is not public, `TooMany`.
pub async fn set_agreement(store: &Store, id: i64, agrees: bool, voter: Voter<'_>) -> Result<Agreed, AppError> {
    if let Some(limit) = voter.limit {
        limit.take(voter.sender)?;
    }
    let at = now();
    let hash = store.secret.keyed_hash("voter", &[voter.token]);
    let mut session = store.db.write().await?;
    let (_, page) = find_published(&mut session, id).await?;
    comment::hold_discussion(&mut session, page.discussion_id).await?;
    let changed = if agrees {
        let address = address_hash(store, voter.sender, at);
        let from_there = db::count_from(&mut session, &address, at.plus_ms(-HOUR)).await?;
        if voter.limit.is_some() && from_there >= FREE && !db::is_there(&mut session, id, &hash).await? {
            let purpose = format!("agree {id}");
            let bits = 14 + u32::try_from(from_there / FREE).unwrap_or(0).min(6);
            if !check_proof(&mut session, &store.secret, &purpose, bits, voter.proof, at).await? {
                return if voter.has_script {
                    Ok(Agreed::Prove(make_challenge(&store.secret, &purpose, bits, at)?))
                } else {
                    Err(AppError::TooMany { retry_after_seconds: WAIT_SECONDS })
                };
            }
        }
        db::add(&mut session, id, &hash, &address, at).await?
    } else {
        db::remove(&mut session, id, &hash).await?
    };
    if changed {
        session.note_change(Thing::Comments(page.announcement_id));
    }
    let row = comment::find_shown(&mut session, id).await?.ok_or(AppError::NotFound)?;
    session.commit().await?;
    Ok(Agreed::Done { agreed: u32::try_from(row.agreed).unwrap_or_default(), mine: agrees })
}

/// A keyed hash of an address, another one each day.
fn address_hash(store: &Store, sender: Sender, at: Instant) -> String {
    let day = at.0.div_euclid(24 * HOUR).to_string();
    store.secret.keyed_hash("agreeing address", &[&day, &sender.0.to_string()])
}

/// Takes away the hashes of addresses that are older than a day.
///
/// # Errors
/// When the database fails.
pub async fn forget_addresses(store: &Store) -> Result<u64, AppError> {
    let mut session = store.db.write().await?;
    let forgotten = db::forget_addresses(&mut session, now().plus_ms(-24 * HOUR)).await?;
    session.commit().await?;
    Ok(forgotten)
}
