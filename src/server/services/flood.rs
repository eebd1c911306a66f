//! Floods: comments of a page that wait together, and cost one decision.

use crate::domain::cursor::Cursor;
use crate::domain::error::{AppError, Field, FieldErrors, Problem};
use crate::domain::flood::count_hosts;
use crate::domain::notice::Event;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::Session;
use crate::server::db::comment::appeal;
use crate::server::db::comment::report::{ReasonRow, list_reasons};
use crate::server::db::comment::{find_or_add_discussion, hold_discussion};
use crate::server::db::desk::flood::{self as db, FloodRow, MemberRow};
use crate::server::db::desk::queue;
use crate::server::db::log::{self, Decision};
use crate::server::db::notice::list_of_flood;
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::services::comment::Rejection;
use crate::server::services::moderation::{
    Chosen, Decided, PAGE_SIZE, QueueVerdict, UNDO_TIME, check_rejection, decide_items,
};
use crate::server::services::notice;
use crate::server::state::Store;

/// So many of a flood's comments stand in the queue, for a glance.
const SAMPLES: i64 = 5;
/// So many are looked through for what they link to.
const LOOKED_THROUGH: i64 = 200;

/// A flood as it stands in the queue.
#[derive(Clone, Debug)]
pub struct FloodSummary {
    /// It itself.
    pub row: FloodRow,
    /// How much came from each of its senders, the most first.
    pub senders: Vec<i64>,
    /// A few of its comments, from all over it.
    pub samples: Vec<MemberRow>,
}

/// A flood as it stands in the queue.
///
/// # Errors
/// `NotFound`.
pub async fn summarize(session: &mut Session, id: i64) -> Result<FloodSummary, AppError> {
    Ok(FloodSummary {
        row: db::find(session, id).await?.ok_or(AppError::NotFound)?,
        senders: db::count_senders(session, id).await?,
        samples: db::list_samples(session, id, SAMPLES).await?,
    })
}

/// A flood on its own page.
#[derive(Clone, Debug)]
pub struct Flood {
    /// It itself, with how much came from whom.
    pub summary: FloodSummary,
    /// Where its links lead, and how often, among some of its comments.
    pub hosts: Vec<(String, usize)>,
    /// What is said in the same words, and how often.
    pub repeated: Vec<(String, i64)>,
    /// Some of what waits in it, the oldest first.
    pub members: Vec<MemberRow>,
    /// Where the next ones begin.
    pub next: Option<Cursor>,
    /// The reasons that are in force.
    pub reasons: Vec<ReasonRow>,
}

/// A flood, with what waits in it from a cursor on.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn read_flood(store: &Store, actor: &Actor, id: i64, after: Option<Cursor>) -> Result<Flood, AppError> {
    actor.require(Permission::ModerateComments)?;
    let mut session = store.db.read().await?;
    find_for(&mut session, actor, id).await?;
    let summary = summarize(&mut session, id).await?;
    let from = after.unwrap_or(Cursor { at: Instant(i64::MIN), id: i64::MIN });
    let open = summary.row.decided_at.is_none();
    let mut members = if open { db::list_members(&mut session, id, from).await? } else { Vec::new() };
    let more = members.len() > PAGE_SIZE;
    members.truncate(PAGE_SIZE);
    let next = members.last().filter(|_| more).map(|row| Cursor { at: Instant(row.created_at), id: row.id });
    let some = db::list_samples(&mut session, id, LOOKED_THROUGH).await?;
    Ok(Flood {
        hosts: count_hosts(some.iter().map(|row| row.text.as_str())),
        repeated: db::list_repeated(&mut session, id).await?,
        reasons: list_reasons(&mut session).await?,
        summary,
        members,
        next,
    })
}

async fn find_for(session: &mut Session, actor: &Actor, id: i64) -> Result<FloodRow, AppError> {
    let row = db::find(session, id).await?.ok_or(AppError::NotFound)?;
    actor.require_in(Permission::ModerateComments, Scope::of(row.unit_id))?;
    Ok(row)
}

/// What is decided about all that waits in a flood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FloodVerdict {
    /// None of it is shown, for a reason that each sender reads.
    Reject(Rejection),
    /// Each waits in the queue for itself.
    Release,
}

/// What became of deciding about a flood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FloodDecided {
    /// It is decided now, about so many comments.
    Done(u64),
    /// Somebody was quicker.
    Already(String),
}

/// Decides about all that waits in a flood at that moment. What comes later begins another flood.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Invalid` for a rejection without a reason.
pub async fn decide_flood(
    store: &Store,
    actor: &Actor,
    id: i64,
    verdict: &FloodVerdict,
) -> Result<FloodDecided, AppError> {
    actor.require(Permission::ModerateComments)?;
    let at = now();
    let mut session = store.db.write().await?;
    let row = find_for(&mut session, actor, id).await?;
    let (reason_id, reason) = match verdict {
        FloodVerdict::Reject(rejection) if rejection.code.is_empty() => {
            return Err(AppError::Invalid(FieldErrors(vec![(Field::Reason, Problem::Missing)])));
        }
        FloodVerdict::Reject(rejection) => check_rejection(&mut session, rejection).await?,
        FloodVerdict::Release => (None, None),
    };
    let (decision, action) = match verdict {
        FloodVerdict::Reject(_) => ("rejected", "reject-flood"),
        FloodVerdict::Release => ("released", "release-flood"),
    };
    let actor_id = actor.find_or_add(&mut session, at).await?;
    // From here on nothing joins it.
    if !db::decide(&mut session, id, decision, actor_id, at).await? {
        let row = find_for(&mut session, actor, id).await?;
        return Ok(FloodDecided::Already(row.who.unwrap_or_default()));
    }
    hold_page(&mut session, row.announcement_id, at).await?;
    let touched = match verdict {
        FloodVerdict::Reject(_) => {
            db::reject_members(&mut session, id, actor_id, reason_id, reason.as_deref(), at).await?
        }
        FloodVerdict::Release => db::release_members(&mut session, &row).await?,
    };
    if matches!(verdict, FloodVerdict::Reject(_)) {
        for comment in list_of_flood(&mut session, id).await? {
            notice::tell(&mut session, comment, Event::Rejected, at).await?;
        }
    }
    queue::close(&mut session, "flood", id, actor_id, at).await?;
    let decision = Decision { subject_kind: "flood", subject_id: id, action, reason: reason.as_deref(), reason_id };
    log::add_decision(&mut session, actor_id, at, decision).await?;
    session.commit().await?;
    Ok(FloodDecided::Done(touched))
}

/// Decisions about comments of one page come one after the other.
async fn hold_page(session: &mut Session, announcement_id: i64, at: Instant) -> Result<(), AppError> {
    let discussion_id = find_or_add_discussion(session, "announcement", announcement_id, at).await?;
    Ok(hold_discussion(session, discussion_id).await?)
}

/// Takes back what one has decided about a flood within the last minute, and gives how many comments wait in it again.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Expired` where it is too late, or somebody else decided it.
pub async fn undo_flood(store: &Store, actor: &Actor, id: i64) -> Result<u64, AppError> {
    actor.require(Permission::ModerateComments)?;
    let at = now();
    let mut session = store.db.write().await?;
    let row = find_for(&mut session, actor, id).await?;
    let actor_id = actor.find_or_add(&mut session, at).await?;
    let Some(decided_at) = row.decided_at.filter(|when| row.decided_by == Some(actor_id) && *when >= at.0 - UNDO_TIME)
    else {
        return Err(AppError::Expired);
    };
    if !db::hold_decided(&mut session, id, decided_at).await? {
        return Err(AppError::Expired);
    }
    hold_page(&mut session, row.announcement_id, at).await?;
    let touched = if row.decision.as_deref() == Some("rejected") {
        for comment in list_of_flood(&mut session, id).await? {
            notice::untell(&mut session, comment, Instant(decided_at)).await?;
        }
        appeal::forget_waiting_of_flood(&mut session, id).await?;
        db::put_back_members(&mut session, id, actor_id, decided_at, at).await?
    } else {
        db::recall_members(&mut session, id).await?
    };
    db::reopen(&mut session, &row).await?;
    let undone = Decision { subject_kind: "flood", subject_id: id, action: "undo", reason: None, reason_id: None };
    log::add_decision(&mut session, actor_id, at, undone).await?;
    session.commit().await?;
    Ok(touched)
}

/// Takes some comments out of a flood, by their numbers: each waits in the queue for itself, or is approved at once where
/// it still says what was read.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Conflict` where the flood was decided meanwhile.
pub async fn take_out(
    store: &Store,
    actor: &Actor,
    id: i64,
    chosen: &[Chosen],
    approve: bool,
) -> Result<Decided, AppError> {
    actor.require(Permission::ModerateComments)?;
    let mut session = store.db.write().await?;
    let row = find_for(&mut session, actor, id).await?;
    if !db::hold_open(&mut session, id).await? {
        return Err(AppError::Conflict);
    }
    let mut items = Vec::new();
    for one in chosen.iter().take(PAGE_SIZE) {
        if let Some(item) = db::take_out(&mut session, &row, one.id).await? {
            items.push(Chosen { id: item, ..*one });
        }
    }
    session.commit().await?;
    if approve {
        decide_items(store, actor, &items, &QueueVerdict::Approve).await
    } else {
        Ok(Decided { done: items.iter().map(|item| item.id).collect(), ..Decided::default() })
    }
}

/// The floods that nobody has decided about, the oldest first.
///
/// # Errors
/// `Forbidden`.
pub async fn list_floods(store: &Store, actor: &Actor) -> Result<Vec<FloodRow>, AppError> {
    actor.require(Permission::ModerateComments)?;
    let mut rows = db::list_open(&mut store.db.read().await?).await?;
    rows.retain(|row| actor.may(Permission::ModerateComments, Scope::of(row.unit_id)));
    Ok(rows)
}
