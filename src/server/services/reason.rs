//! The published reasons for which comments are rejected and reported, as moderators of the whole portal keep them.

use crate::domain::account::Permission;
use crate::domain::error::{AppError, Field, Problem};
use crate::domain::text::{clean_line, compose, count};
use crate::server::clock::now;
use crate::server::db::comment::report::DatedReasonRow;
use crate::server::db::desk::reason as db;
use crate::server::db::log::{self, Decision};
use crate::server::services::account::invalid;
use crate::server::services::actor::{Actor, Scope};
use crate::server::state::Store;
use crate::server::thing::Thing;

/// The longest name of a reason, in characters.
const NAME_MOST: usize = 160;
/// So many reasons are in force at most: somebody chooses among them.
const MOST: usize = 30;
/// The reason that says itself what it is: it has to stay.
const OTHER: &str = "other";

/// A reason as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedReason {
    /// What it is called in Vietnamese.
    pub name_vi: String,
    /// What it is called in English.
    pub name_en: String,
    /// Where it stands among the others, from 1 on; at the end where that is no number.
    pub place: Option<i64>,
}

/// Every reason, those in force first.
///
/// # Errors
/// `Forbidden`.
pub async fn list_all(store: &Store, actor: &Actor) -> Result<Vec<DatedReasonRow>, AppError> {
    actor.require_in(Permission::ModerateComments, Scope::Everywhere)?;
    Ok(db::list_all(&mut store.db.read().await?).await?)
}

fn check(typed: &TypedReason) -> Result<(String, String), AppError> {
    let check = |text: &str, field: Field| {
        let text = clean_line(&compose(text));
        let counted = count(&text);
        let whole = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        if text.is_empty() {
            return Err(invalid(field, Problem::Missing));
        }
        if counted > NAME_MOST {
            return Err(invalid(field, Problem::TooLong { most: whole(NAME_MOST), counted: whole(counted) }));
        }
        Ok(text)
    };
    Ok((check(&typed.name_vi, Field::Title)?, check(&typed.name_en, Field::Body)?))
}

/// Adds a reason, or changes one: what was decided for the old one keeps its words.
///
/// # Errors
/// `Forbidden`, `Invalid` for the names, `Conflict` where somebody else has changed or ended it or there are too many.
pub async fn save_reason(store: &Store, actor: &Actor, id: Option<i64>, typed: &TypedReason) -> Result<(), AppError> {
    actor.require_in(Permission::ModerateComments, Scope::Everywhere)?;
    let (name_vi, name_en) = check(typed)?;
    let at = now();
    let mut session = store.db.write().await?;
    let all: Vec<_> = db::list_all(&mut session).await?.into_iter().filter(|row| row.ends.is_none()).collect();
    let place = typed.place.filter(|place| (1..=1000).contains(place));
    let last = all.iter().map(|row| row.place).max().unwrap_or_default();
    let actor_id = actor.find_or_add(&mut session, at).await?;
    let (code, place, action) = match id {
        Some(id) => {
            let old = all.iter().find(|row| row.id == id).ok_or(AppError::Conflict)?;
            let place = place.unwrap_or(old.place);
            if (&old.name_vi, &old.name_en, old.place) == (&name_vi, &name_en, place) {
                return Ok(());
            }
            if !db::end(&mut session, id, at).await? {
                return Err(AppError::Conflict);
            }
            (old.code.clone(), place, "change-reason")
        }
        None if all.len() >= MOST => return Err(AppError::Conflict),
        None => (new_code()?, place.unwrap_or(last + 1), "add-reason"),
    };
    db::add(&mut session, &code, (&name_vi, &name_en), place, actor_id, at).await?;
    let decision = Decision {
        subject_kind: "reason",
        subject_id: id.unwrap_or_default(),
        action,
        reason: Some(&name_vi),
        reason_id: None,
    };
    log::add_decision(&mut session, actor_id, at, decision).await?;
    session.note_change(Thing::Site);
    session.commit().await?;
    Ok(())
}

fn new_code() -> Result<String, AppError> {
    let mut bytes = [0_u8; 6];
    getrandom::fill(&mut bytes).map_err(crate::server::error::internal)?;
    Ok(format!("r-{}", hex::encode(bytes)))
}

/// Ends a reason: nothing is rejected for it any longer, and what was keeps its words.
///
/// # Errors
/// `Forbidden`, `Conflict` where it has ended, or is the one that has to stay.
pub async fn end_reason(store: &Store, actor: &Actor, id: i64) -> Result<(), AppError> {
    actor.require_in(Permission::ModerateComments, Scope::Everywhere)?;
    let at = now();
    let mut session = store.db.write().await?;
    let all = db::list_all(&mut session).await?;
    let old = all.iter().find(|row| row.id == id && row.ends.is_none()).ok_or(AppError::Conflict)?;
    if old.code == OTHER || !db::end(&mut session, id, at).await? {
        return Err(AppError::Conflict);
    }
    let actor_id = actor.find_or_add(&mut session, at).await?;
    let decision = Decision {
        subject_kind: "reason",
        subject_id: id,
        action: "end-reason",
        reason: Some(&old.name_vi),
        reason_id: None,
    };
    log::add_decision(&mut session, actor_id, at, decision).await?;
    session.note_change(Thing::Site);
    session.commit().await?;
    Ok(())
}

/// Whether a reason can be ended.
pub fn can_end(row: &DatedReasonRow) -> bool {
    row.ends.is_none() && row.code != OTHER
}
