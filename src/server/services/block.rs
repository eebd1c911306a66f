//! Blocking whoever sent a comment, for a while. Thousands may share a carrier's address, so a blocked sender is not
//! refused: what comes from there is set aside, where it costs nobody anything.

use crate::domain::comment::check_reason;
use crate::domain::error::AppError;
use crate::domain::text::{compose, count};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::desk::block::{self as db, BlockRow, NewBlock, SourceRow};
use crate::server::db::log::{self, Decision};
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::state::Store;

const HOUR: i64 = 60 * 60_000;
/// For how many hours somebody can be blocked: an hour, a day, a week, 30 or 90 days.
pub const BLOCK_HOURS: [i64; 5] = [1, 24, 7 * 24, 30 * 24, 90 * 24];

/// What is known of where a comment came from.
///
/// # Errors
/// `Forbidden`: only who moderates the whole portal; `NotFound`.
pub async fn read_source(store: &Store, actor: &Actor, comment_id: i64) -> Result<SourceRow, AppError> {
    actor.require_in(Permission::ModerateComments, Scope::Everywhere)?;
    db::find_source(&mut store.db.read().await?, comment_id).await?.ok_or(AppError::NotFound)
}

/// The blocks in force, then those that are over.
///
/// # Errors
/// `Forbidden`: only who moderates the whole portal.
pub async fn list_blocks(store: &Store, actor: &Actor) -> Result<Vec<BlockRow>, AppError> {
    actor.require_in(Permission::ModerateComments, Scope::Everywhere)?;
    Ok(db::list(&mut store.db.read().await?, now()).await?)
}

/// Has what comes from the sender of a comment set aside for some hours. A block that is in force already ends.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Invalid` without a reason, `BadAddress` for other hours, `Expired` where it is no longer known
/// where the comment came from.
pub async fn block_sender(
    store: &Store,
    actor: &Actor,
    comment_id: i64,
    hours: i64,
    reason: &str,
) -> Result<(), AppError> {
    actor.require_in(Permission::ModerateComments, Scope::Everywhere)?;
    if !BLOCK_HOURS.contains(&hours) {
        return Err(AppError::BadAddress);
    }
    let reason = check_reason(&compose(reason), count)?;
    let at = now();
    let mut session = store.db.write().await?;
    let source = db::find_source(&mut session, comment_id).await?.ok_or(AppError::NotFound)?;
    let sender_hash = source.sender_hash.as_deref().ok_or(AppError::Expired)?;
    let actor_id = actor.find_or_add(&mut session, at).await?;
    for id in db::list_in_force(&mut session, sender_hash, at).await? {
        db::end(&mut session, id, at).await?;
        log::add_decision(&mut session, actor_id, at, of_block(id, "unblock", None)).await?;
    }
    let until = at.plus_ms(hours * HOUR);
    let block = NewBlock { sender_hash, comment_id, reason: &reason, actor_id, until };
    let id = db::add(&mut session, block, at).await?;
    log::add_decision(&mut session, actor_id, at, of_block(id, "block", Some(&reason))).await?;
    session.commit().await?;
    Ok(())
}

/// Ends a block before its time.
///
/// # Errors
/// `Forbidden`, `Conflict` where it is over.
pub async fn end_block(store: &Store, actor: &Actor, id: i64) -> Result<(), AppError> {
    actor.require_in(Permission::ModerateComments, Scope::Everywhere)?;
    let at = now();
    let mut session = store.db.write().await?;
    if !db::end(&mut session, id, at).await? {
        return Err(AppError::Conflict);
    }
    let actor_id = actor.find_or_add(&mut session, at).await?;
    log::add_decision(&mut session, actor_id, at, of_block(id, "unblock", None)).await?;
    session.commit().await?;
    Ok(())
}

fn of_block<'a>(id: i64, action: &'a str, reason: Option<&'a str>) -> Decision<'a> {
    Decision { subject_kind: "blocked-sender", subject_id: id, action, reason, reason_id: None }
}

/// Whether a block is in force.
pub fn is_in_force(block: &BlockRow, at: Instant) -> bool {
    block.ended_at.is_none() && block.until > at.0
}
