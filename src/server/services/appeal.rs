//! Appeals: a rejection is looked at again once, by somebody else than who made it.

use crate::domain::answer::APPEAL_MOST;
use crate::domain::comment::check_text;
use crate::domain::error::AppError;
use crate::domain::notice::Event;
use crate::domain::text::{compose, count};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::Session;
use crate::server::db::comment::appeal as db;
use crate::server::db::comment::{self as comment};
use crate::server::db::desk::queue;
use crate::server::db::log::{self, Decision};
use crate::server::services::actor::Actor;
use crate::server::services::comment::{Origin, Rejection, settle};
use crate::server::services::comment_edit::{check_own, find_own};
use crate::server::services::moderation::check_rejection;
use crate::server::services::notice;
use crate::server::state::Store;

fn about(comment_id: i64, action: &'static str) -> Decision<'static> {
    Decision { subject_kind: "comment", subject_id: comment_id, action, reason: None, reason_id: None }
}

/// Whoever sent a rejected comment asks for it to be looked at again.
///
/// # Errors
/// `NotFound`, `Invalid` for a wrong code or an empty text, `Conflict` where it is not rejected or was asked before.
pub async fn send_appeal(
    store: &Store,
    code: &str,
    typed: &str,
    text: &str,
    origin: Origin<'_>,
) -> Result<(), AppError> {
    let at = now();
    let code = check_own(store, code, typed, origin)?;
    let mut session = store.db.write().await?;
    let own = find_own(&mut session, &code).await?;
    comment::hold_discussion(&mut session, own.discussion_id).await?;
    let row = comment::find_standing(&mut session, own.id).await?.ok_or(AppError::NotFound)?;
    let text = check_text(&compose(text), APPEAL_MOST, count).map_err(AppError::Invalid)?;
    let rejected = db::find_rejection(&mut session, own.id).await?.filter(|_| row.state == "rejected");
    let (rejected_by, ..) = rejected.ok_or(AppError::Conflict)?;
    let id = db::add(&mut session, own.id, &text, rejected_by, at).await?.ok_or(AppError::Conflict)?;
    queue::open(&mut session, "appeal", id, Some(own.id), row.announcement_id, at).await?;
    let actor_id = Actor::Citizen.find_or_add(&mut session, at).await?;
    log::add_decision(&mut session, actor_id, at, about(own.id, "appeal")).await?;
    session.commit().await?;
    Ok(())
}

/// Decides about the appeal of a comment: it is shown after all, or the rejection stands for a reason. Whoever calls has
/// checked the permission, and that it is not who rejected the comment, and holds the discussion.
///
/// # Errors
/// `Invalid` for a refusal without a reason.
pub async fn decide_appeal(
    session: &mut Session,
    actor: &Actor,
    comment_id: i64,
    refusal: Option<&Rejection>,
    at: Instant,
) -> Result<(), AppError> {
    let actor_id = actor.find_or_add(session, at).await?;
    let Some(refusal) = refusal else {
        log::add_decision(session, actor_id, at, about(comment_id, "grant-appeal")).await?;
        // What is shown closes the appeal, too.
        settle(session, actor, comment_id, None, at).await?;
        return notice::tell(session, comment_id, Event::AppealGranted, at).await;
    };
    let (reason_id, reason) = check_rejection(session, refusal).await?;
    let Some(id) = db::end_waiting(session, comment_id, "refused", at).await? else { return Ok(()) };
    db::decide(session, comment_id, "refused", reason_id, reason.as_deref(), Some(at)).await?;
    queue::close(session, "appeal", id, actor_id, at).await?;
    let refused = Decision { reason: reason.as_deref(), reason_id, ..about(comment_id, "refuse-appeal") };
    log::add_decision(session, actor_id, at, refused).await?;
    notice::tell(session, comment_id, Event::AppealRefused, at).await
}

/// Nothing of an appeal waits any longer: the comment is shown after all, or gone.
///
/// # Errors
/// When the database fails.
pub async fn close_appeal(
    session: &mut Session,
    comment_id: i64,
    state: &str,
    actor_id: i64,
    at: Instant,
) -> Result<(), AppError> {
    if let Some(id) = db::end_waiting(session, comment_id, state, at).await? {
        queue::close(session, "appeal", id, actor_id, at).await?;
    }
    Ok(())
}

/// Takes a decision about an appeal back: it waits again, and the comment is rejected as it was.
///
/// # Errors
/// `Conflict` where the comment's sender has taken it back since.
pub async fn undo_appeal(session: &mut Session, actor: &Actor, comment_id: i64, at: Instant) -> Result<(), AppError> {
    let row = comment::find_standing(session, comment_id).await?.ok_or(AppError::NotFound)?;
    match row.state.as_str() {
        "published" => {
            let (_, reason_id, reason) = db::find_rejection(session, comment_id).await?.ok_or(AppError::Conflict)?;
            comment::decide(session, comment_id, "rejected", reason_id, reason.as_deref(), at).await?;
            crate::server::services::comment::follow(session, &row, "rejected").await?;
        }
        "rejected" => {}
        _ => return Err(AppError::Conflict),
    }
    db::decide(session, comment_id, "waiting", None, None, None).await?;
    let actor_id = actor.find_or_add(session, at).await?;
    Ok(log::add_decision(session, actor_id, at, about(comment_id, "undo")).await?)
}
