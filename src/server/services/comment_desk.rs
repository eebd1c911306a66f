//! Comments as moderators find them again, whatever became of them: a decision is reversed by a new one, and personal
//! data goes by law.

use crate::domain::account::Permission;
use crate::domain::comment::check_reason;
use crate::domain::error::AppError;
use crate::domain::receipt::ReceiptCode;
use crate::domain::text::{clean_line, compose, count, fold};
use crate::server::clock::now;
use crate::server::db::comment::answer::{self, AnswerRow, HandoverRow};
use crate::server::db::comment::appeal::{self, AppealRow};
use crate::server::db::comment::report::{ReasonRow, list_reasons};
use crate::server::db::comment::{self as comment};
use crate::server::db::desk::comment::{self as db, DeskCommentRow};
use crate::server::db::desk::draft::{DecisionRow, list_decisions};
use crate::server::db::desk::unit::{UnitRow, list_units};
use crate::server::db::log::{self, Decision};
use crate::server::services::actor::{Actor, Scope};
use crate::server::services::comment::{Rejection, follow, settle};
use crate::server::services::comment_edit::clear_queue;
use crate::server::services::notice;
use crate::server::state::Store;

/// So many times five hundred comments are looked through for words at once.
const ROUNDS: usize = 40;
/// So many comments stand on a page of the list.
const PAGE: usize = 50;
/// The states by which the list is narrowed.
pub const STATES: [&str; 5] = ["published", "rejected", "waiting", "withdrawn", "erased"];

/// A page of comments, the latest first, and before which number the next one begins.
pub type CommentList = (Vec<DeskCommentRow>, Option<i64>);

/// Comments in any state, found by words, whatever their marks and capitals, or by a receipt code.
///
/// # Errors
/// `Forbidden`.
pub async fn list_comments(
    store: &Store,
    actor: &Actor,
    words: &str,
    state: &str,
    before: Option<i64>,
) -> Result<CommentList, AppError> {
    actor.require(Permission::ModerateComments)?;
    let words = clean_line(&compose(words));
    let code = ReceiptCode::parse(&words).map(|code| code.as_stored().to_owned());
    let wanted = if code.is_some() { String::new() } else { fold(&words) };
    let state = STATES.into_iter().find(|known| *known == state).unwrap_or_default();
    let units = actor.units_between_commas(Permission::ModerateComments);
    let mut session = store.db.read().await?;
    let (mut found, mut before) = (Vec::new(), before.unwrap_or(i64::MAX));
    for _ in 0..ROUNDS {
        let rows = db::list(&mut session, state, code.as_deref().unwrap_or_default(), &units, before).await?;
        let Some(last) = rows.last().map(|row| row.id) else { return Ok((found, None)) };
        for row in rows {
            if wanted.is_empty() || fold(&row.text).contains(&wanted) || fold(&row.author_name).contains(&wanted) {
                if found.len() == PAGE {
                    let next = found.last().map(|row: &DeskCommentRow| row.id);
                    return Ok((found, next));
                }
                found.push(row);
            }
        }
        before = last;
    }
    // What lies further back is looked through from there.
    Ok((found, Some(before)))
}

/// A comment with everything that moderators need to decide about it again.
#[derive(Clone, Debug)]
pub struct DeskComment {
    /// The comment.
    pub row: DeskCommentRow,
    /// What was decided, the latest first.
    pub decisions: Vec<DecisionRow>,
    /// To whom it was passed in turn.
    pub handovers: Vec<HandoverRow>,
    /// Whether somebody is asked to answer now.
    pub asked: Option<HandoverRow>,
    /// What was answered.
    pub answers: Vec<AnswerRow>,
    /// What its sender says against the rejection.
    pub appeal: Option<AppealRow>,
    /// The reasons in force.
    pub reasons: Vec<ReasonRow>,
    /// The units that it can be passed to.
    pub units: Vec<UnitRow>,
    /// Whether the actor takes personal data away by law.
    pub may_erase: bool,
}

/// A comment at the desk.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn read_comment(store: &Store, actor: &Actor, id: i64) -> Result<DeskComment, AppError> {
    actor.require(Permission::ModerateComments)?;
    let today = crate::domain::day::Day::of(now());
    let mut session = store.db.read().await?;
    let row = db::find(&mut session, id).await?.ok_or(AppError::NotFound)?;
    actor.require_in(Permission::ModerateComments, Scope::of(row.unit_id))?;
    let mut units = list_units(&mut session).await?;
    units.retain(|unit| !unit.is_over(today));
    Ok(DeskComment {
        decisions: list_decisions(&mut session, "comment", id).await?,
        handovers: answer::list_handovers(&mut session, id).await?,
        asked: answer::list_open_handovers(&mut session, &[id]).await?.into_iter().next(),
        answers: answer::list_answers(&mut session, &[id]).await?,
        appeal: appeal::find(&mut session, id).await?,
        reasons: list_reasons(&mut session).await?,
        units,
        may_erase: actor.may(Permission::ModerateComments, Scope::Everywhere),
        row,
    })
}

/// Decides about a comment anew, whatever was decided before: it is shown, or is not, for one of the published reasons.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Invalid` for a rejection without a reason, `Conflict` where that is so already or its sender
/// took it back, `OwnDecision` where an appeal about one's own rejection waits and it is to stand.
pub async fn decide_again(
    store: &Store,
    actor: &Actor,
    id: i64,
    rejection: Option<&Rejection>,
) -> Result<(), AppError> {
    actor.require(Permission::ModerateComments)?;
    let at = now();
    let mut session = store.db.write().await?;
    let row = db::find(&mut session, id).await?.ok_or(AppError::NotFound)?;
    actor.require_in(Permission::ModerateComments, Scope::of(row.unit_id))?;
    comment::hold_discussion(&mut session, row.discussion_id).await?;
    let standing = comment::find_standing(&mut session, id).await?.ok_or(AppError::NotFound)?;
    if matches!(standing.state.as_str(), "withdrawn" | "erased") {
        return Err(AppError::Conflict);
    }
    if !settle(&mut session, actor, id, rejection, at).await? {
        return Err(AppError::Conflict);
    }
    session.commit().await?;
    Ok(())
}

/// Takes away by law whatever a comment says of people, and who sent it. Its decisions stay.
///
/// # Errors
/// `Forbidden`: only who moderates the whole portal; `NotFound`, `Invalid` without the basis, `Conflict` where it is done.
pub async fn erase_comment(store: &Store, actor: &Actor, id: i64, basis: &str) -> Result<(), AppError> {
    actor.require_in(Permission::ModerateComments, Scope::Everywhere)?;
    let basis = check_reason(&compose(basis), count).map_err(AppError::Invalid)?;
    let at = now();
    let mut session = store.db.write().await?;
    let row = db::find(&mut session, id).await?.ok_or(AppError::NotFound)?;
    comment::hold_discussion(&mut session, row.discussion_id).await?;
    let standing = comment::find_standing(&mut session, id).await?.ok_or(AppError::NotFound)?;
    if standing.state == "erased" {
        return Err(AppError::Conflict);
    }
    let actor_id = actor.find_or_add(&mut session, at).await?;
    clear_queue(&mut session, id, actor_id, at).await?;
    notice::end_of_comment(&mut session, id, at).await?;
    answer::end_handover(&mut session, id, at).await?;
    db::erase(&mut session, id, at).await?;
    answer::note_followed(&mut session, id).await?;
    follow(&mut session, &standing, "erased").await?;
    let erased =
        Decision { subject_kind: "comment", subject_id: id, action: "erase", reason: Some(&basis), reason_id: None };
    log::add_decision(&mut session, actor_id, at, erased).await?;
    session.commit().await?;
    Ok(())
}
