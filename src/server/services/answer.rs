//! Official answers: passing a comment to a unit, answering in its name, and what the comment's sender makes of it.

use crate::domain::account::Permission;
use crate::domain::answer::{ANSWER_MOST, APPEAL_MOST, DUE_DAYS, OfficialAnswer, Passed, Rating};
use crate::domain::comment::{Comment, check_text};
use crate::domain::day::Day;
use crate::domain::error::{AppError, Field, Problem};
use crate::domain::html::Html;
use crate::domain::lang::Lang;
use crate::domain::notice::Event;
use crate::domain::text::{clean_lines, compose, count};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::Session;
use crate::server::db::comment::answer::{self as db, AnswerRow, HandoverRow};
use crate::server::db::comment::{self as comment};
use crate::server::db::desk::comment::{self as desk, DeskCommentRow, DueRow};
use crate::server::db::desk::unit::list_units;
use crate::server::db::log::{self, Decision};
use crate::server::markdown::render_comment;
use crate::server::services::account::invalid;
use crate::server::services::actor::{Actor, Scope};
use crate::server::services::comment::Origin;
use crate::server::services::comment_edit::{check_own, find_own};
use crate::server::services::notice;
use crate::server::state::Store;
use crate::server::thing::Thing;

/// So many days ahead a unit's answer can be asked for at most.
const DUE_MOST: u32 = 366;

impl From<AnswerRow> for OfficialAnswer {
    fn from(row: AnswerRow) -> Self {
        Self {
            id: row.id,
            unit: row.unit,
            unit_slug: row.unit_slug,
            html: Html::from_clean(row.html),
            at: Instant(row.created_at),
            edited: row.edited_at.map(Instant),
        }
    }
}

/// Until which day a unit is to answer.
pub fn day_of(row: &HandoverRow) -> Day {
    Day::parse(&row.due).unwrap_or_else(|| Day::of(Instant(row.created_at)))
}

impl From<HandoverRow> for Passed {
    fn from(row: HandoverRow) -> Self {
        Self { due: day_of(&row), unit: row.unit, at: Instant(row.created_at) }
    }
}

/// Puts below comments what units said to them; `followed` are the ids of those that have something.
///
/// # Errors
/// When the database fails.
pub async fn pin_answers(session: &mut Session, followed: &[i64], comments: Vec<&mut Comment>) -> Result<(), AppError> {
    if followed.is_empty() {
        return Ok(());
    }
    let answers = db::list_answers(session, followed).await?;
    let handovers = db::list_open_handovers(session, followed).await?;
    for comment in comments.into_iter().filter(|comment| !comment.gone) {
        let own = answers.iter().filter(|row| row.comment_id == comment.id);
        comment.official = own.cloned().map(OfficialAnswer::from).collect();
        comment.passed = handovers.iter().find(|row| row.comment_id == comment.id).cloned().map(Passed::from);
    }
    Ok(())
}

/// A comment that is public, held until the end of the transaction.
async fn find_public(session: &mut Session, id: i64) -> Result<DeskCommentRow, AppError> {
    let row = desk::find(session, id).await?.ok_or(AppError::NotFound)?;
    comment::hold_discussion(session, row.discussion_id).await?;
    let row = desk::find(session, id).await?.ok_or(AppError::NotFound)?;
    if row.state == "published" { Ok(row) } else { Err(AppError::Conflict) }
}

async fn record(
    session: &mut Session,
    actor_id: i64,
    id: i64,
    action: &str,
    reason: Option<&str>,
    at: Instant,
) -> Result<(), AppError> {
    let decision = Decision { subject_kind: "comment", subject_id: id, action, reason, reason_id: None };
    Ok(log::add_decision(session, actor_id, at, decision).await?)
}

/// What a comment's page shows has changed.
async fn changed(session: &mut Session, row: &DeskCommentRow) -> Result<(), AppError> {
    db::note_followed(session, row.id).await?;
    session.note_change(Thing::Comments(row.announcement_id));
    // The policy page counts answers.
    session.note_change(Thing::RecentComments);
    Ok(())
}

/// To whom a comment is passed, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedHandover {
    /// The unit's slug.
    pub unit: String,
    /// The day until which it is to answer; a week from now where it is empty.
    pub due: String,
    /// For the unit alone.
    pub note: String,
}

/// Passes a public comment to a unit. Whoever was asked before is no longer.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Conflict` where it is not public, `Invalid` for the unit, the day or an over-long note.
pub async fn hand_over(store: &Store, actor: &Actor, id: i64, typed: &TypedHandover) -> Result<(), AppError> {
    actor.require(Permission::ModerateComments)?;
    let (at, today) = (now(), Day::of(now()));
    let mut session = store.db.write().await?;
    let row = find_public(&mut session, id).await?;
    actor.require_in(Permission::ModerateComments, Scope::of(row.unit_id))?;
    let units = list_units(&mut session).await?;
    let unit = units.iter().find(|unit| unit.slug == typed.unit && !unit.is_over(today));
    let unit = unit.ok_or_else(|| invalid(Field::Unit, Problem::Missing))?;
    let due = match typed.due.trim() {
        "" => today.plus_days(DUE_DAYS),
        typed => Day::parse(typed).ok_or_else(|| invalid(Field::Due, Problem::NoDay))?,
    };
    if due < today || today.days_until(due) > i64::from(DUE_MOST) {
        return Err(invalid(Field::Due, Problem::NotAhead(DUE_MOST)));
    }
    let note = clean_lines(&compose(&typed.note));
    if !note.is_empty() {
        check_text(&note, APPEAL_MOST, count).map_err(AppError::Invalid)?;
    }
    let actor_id = actor.find_or_add(&mut session, at).await?;
    db::end_handover(&mut session, id, at).await?;
    db::add_handover(&mut session, id, unit.id, &due.iso(), &note, actor_id, at).await?;
    let told = format!("{} ({})", unit.name, due.show(Lang::Vi));
    record(&mut session, actor_id, id, "hand-over", Some(&told), at).await?;
    notice::tell(&mut session, id, Event::HandedOver, at).await?;
    changed(&mut session, &row).await?;
    session.commit().await?;
    Ok(())
}

/// Nobody is asked to answer any longer.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Conflict` where nobody was.
pub async fn take_back_handover(store: &Store, actor: &Actor, id: i64) -> Result<(), AppError> {
    actor.require(Permission::ModerateComments)?;
    let at = now();
    let mut session = store.db.write().await?;
    let row = find_public(&mut session, id).await?;
    actor.require_in(Permission::ModerateComments, Scope::of(row.unit_id))?;
    if !db::end_handover(&mut session, id, at).await? {
        return Err(AppError::Conflict);
    }
    let actor_id = actor.find_or_add(&mut session, at).await?;
    record(&mut session, actor_id, id, "take-back-handover", None, at).await?;
    changed(&mut session, &row).await?;
    session.commit().await?;
    Ok(())
}

/// Whether an actor answers a comment in a unit's name: for a unit of its own that was asked, or whose page it is; or as
/// the page's moderator for whichever unit was asked.
fn may_answer(actor: &Actor, row: &DeskCommentRow, asked: &[i64], unit_id: i64) -> bool {
    let moderates = actor.may(Permission::ModerateComments, Scope::of(row.unit_id));
    let own = actor.may(Permission::AnswerComments, Scope::Unit(unit_id));
    let is_asked = asked.contains(&unit_id);
    own && (is_asked || row.unit_id == Some(unit_id) || moderates) || (moderates && is_asked)
}

/// The units that were asked about a comment: the one that is now, and those that have answered.
fn asked_units(asked: Option<&HandoverRow>, answers: &[AnswerRow]) -> Vec<i64> {
    asked.map(|asked| asked.unit_id).into_iter().chain(answers.iter().map(|answer| answer.unit_id)).collect()
}

fn check_answer(text: &str) -> Result<(String, String), AppError> {
    let text = check_text(&compose(text), ANSWER_MOST, count).map_err(AppError::Invalid)?;
    // What an authority says is not masked: it gives its own telephone number.
    let html = render_comment(&text).as_str().to_owned();
    Ok((text, html))
}

/// Answers a public comment in a unit's name; it stands below the comment at once. A second answer needs that the sender
/// found the first one wanting.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Conflict` where the comment is not public or has its answer, `Invalid` for the text or unit.
pub async fn answer_comment(store: &Store, actor: &Actor, id: i64, unit: &str, text: &str) -> Result<(), AppError> {
    actor.require(Permission::AnswerComments)?;
    let at = now();
    let mut session = store.db.write().await?;
    let row = find_public(&mut session, id).await?;
    let asked = db::list_open_handovers(&mut session, &[id]).await?.into_iter().next();
    let units = list_units(&mut session).await?;
    let unit = units.iter().find(|known| known.slug == unit).ok_or_else(|| invalid(Field::Unit, Problem::Missing))?;
    let answers = db::list_answers(&mut session, &[id]).await?;
    if !may_answer(actor, &row, &asked_units(asked.as_ref(), &answers), unit.id) {
        return Err(AppError::Forbidden);
    }
    let (text, html) = check_answer(text)?;
    // A second answer without anybody asking would be two people answering at the same time.
    if asked.is_none() && !answers.is_empty() {
        return Err(AppError::Conflict);
    }
    let actor_id = actor.find_or_add(&mut session, at).await?;
    db::add_answer(&mut session, id, unit.id, &text, &html, actor_id, at).await?;
    db::end_handover(&mut session, id, at).await?;
    record(&mut session, actor_id, id, "answer", Some(&unit.name), at).await?;
    notice::tell(&mut session, id, Event::Answered, at).await?;
    changed(&mut session, &row).await?;
    session.commit().await?;
    Ok(())
}

async fn find_answer(session: &mut Session, id: i64, answer_id: i64) -> Result<AnswerRow, AppError> {
    let answers = db::list_answers(session, &[id]).await?;
    answers.into_iter().find(|answer| answer.id == answer_id).ok_or(AppError::NotFound)
}

/// Corrects an answer; it is marked so, and what it said before is kept.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Invalid`, `Conflict` where somebody else corrected it since it was read.
pub async fn correct_answer(
    store: &Store,
    actor: &Actor,
    id: i64,
    (answer_id, version): (i64, i64),
    text: &str,
) -> Result<(), AppError> {
    actor.require(Permission::AnswerComments)?;
    let at = now();
    let mut session = store.db.write().await?;
    let row = find_public(&mut session, id).await?;
    let answer = find_answer(&mut session, id, answer_id).await?;
    actor.require_in(Permission::AnswerComments, Scope::Unit(answer.unit_id))?;
    let (text, html) = check_answer(text)?;
    if text == answer.text {
        return Ok(());
    }
    let actor_id = actor.find_or_add(&mut session, at).await?;
    if !db::correct_answer(&mut session, answer_id, version, &text, &html, actor_id, at).await? {
        return Err(AppError::Conflict);
    }
    record(&mut session, actor_id, id, "correct-answer", Some(&answer.unit), at).await?;
    changed(&mut session, &row).await?;
    session.commit().await?;
    Ok(())
}

/// Takes an answer away, for a reason that the log keeps.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Invalid` without a reason.
pub async fn withdraw_answer(
    store: &Store,
    actor: &Actor,
    id: i64,
    answer_id: i64,
    reason: &str,
) -> Result<(), AppError> {
    actor.require(Permission::AnswerComments)?;
    let at = now();
    let mut session = store.db.write().await?;
    let row = find_public(&mut session, id).await?;
    let answer = find_answer(&mut session, id, answer_id).await?;
    actor.require_in(Permission::AnswerComments, Scope::Unit(answer.unit_id))?;
    let reason = crate::domain::comment::check_reason(&compose(reason), count).map_err(AppError::Invalid)?;
    db::withdraw_answer(&mut session, answer_id, at).await?;
    let actor_id = actor.find_or_add(&mut session, at).await?;
    record(&mut session, actor_id, id, "withdraw-answer", Some(&reason), at).await?;
    changed(&mut session, &row).await?;
    session.commit().await?;
    Ok(())
}

/// What units of an actor are to answer, what is due first.
///
/// # Errors
/// `Forbidden`.
pub async fn list_to_answer(store: &Store, actor: &Actor) -> Result<Vec<DueRow>, AppError> {
    actor.require(Permission::AnswerComments)?;
    let units = actor.units_between_commas(Permission::AnswerComments);
    Ok(desk::list_due(&mut store.db.read().await?, &units).await?)
}

/// A comment with what somebody needs who answers it.
#[derive(Clone, Debug)]
pub struct ToAnswer {
    /// The comment.
    pub row: DeskCommentRow,
    /// The unit that is asked, its day and what it is told.
    pub asked: Option<HandoverRow>,
    /// What was answered.
    pub answers: Vec<AnswerRow>,
    /// Why the sender found that wanting, and when.
    pub reopening: Option<(String, i64)>,
    /// The units in whose name the actor can answer: slug and name.
    pub units: Vec<(String, String)>,
    /// The answers that the actor can correct, by their ids.
    pub own: Vec<i64>,
    /// Whether the actor moderates the page.
    pub moderates: bool,
}

/// A public comment for whoever answers it.
///
/// # Errors
/// `Forbidden` where the actor has nothing to do with it, `NotFound`.
pub async fn read_to_answer(store: &Store, actor: &Actor, id: i64) -> Result<ToAnswer, AppError> {
    actor.require(Permission::AnswerComments)?;
    let today = Day::of(now());
    let mut session = store.db.read().await?;
    let row = desk::find(&mut session, id).await?.ok_or(AppError::NotFound)?;
    let asked = db::list_open_handovers(&mut session, &[id]).await?.into_iter().next();
    let answers = db::list_answers(&mut session, &[id]).await?;
    let unit = asked.as_ref().map(|asked| asked.unit_id);
    let concerned = asked_units(asked.as_ref(), &answers);
    let all = list_units(&mut session).await?;
    let mut units: Vec<_> =
        all.iter().filter(|one| !one.is_over(today) && may_answer(actor, &row, &concerned, one.id)).collect();
    // Whom it was passed to comes first.
    units.sort_by_key(|one| Some(one.id) != unit);
    let own: Vec<i64> = answers
        .iter()
        .filter(|answer| actor.may(Permission::AnswerComments, Scope::Unit(answer.unit_id)))
        .map(|answer| answer.id)
        .collect();
    let moderates = actor.may(Permission::ModerateComments, Scope::of(row.unit_id));
    if units.is_empty() && own.is_empty() && !moderates {
        return Err(AppError::Forbidden);
    }
    let units = units.into_iter().map(|unit| (unit.slug.clone(), unit.name.clone())).collect();
    let reopening = db::find_reopening(&mut session, id).await?;
    Ok(ToAnswer { row, asked, answers, reopening, units, own, moderates })
}

/// Whoever sent a comment finds its answer wanting: once, and the unit is asked again.
///
/// # Errors
/// `NotFound`, `Invalid` for a wrong code or an empty text, `Conflict` where there is no answer or it was done before.
pub async fn reopen_comment(
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
    let row = find_public(&mut session, own.id).await?;
    let text = check_text(&compose(text), APPEAL_MOST, count).map_err(AppError::Invalid)?;
    let answers = db::list_answers(&mut session, &[own.id]).await?;
    let last = answers.last().ok_or(AppError::Conflict)?;
    if !db::add_reopening(&mut session, own.id, &text, at).await? {
        return Err(AppError::Conflict);
    }
    let actor_id = Actor::Citizen.find_or_add(&mut session, at).await?;
    let due = Day::of(at).plus_days(DUE_DAYS).iso();
    if db::list_open_handovers(&mut session, &[own.id]).await?.is_empty() {
        db::add_handover(&mut session, own.id, last.unit_id, &due, "", actor_id, at).await?;
    }
    record(&mut session, actor_id, own.id, "reopen", None, at).await?;
    changed(&mut session, &row).await?;
    session.commit().await?;
    Ok(())
}

/// Whoever sent a comment says what its last answer is worth; said again, it takes the place of what was said before.
///
/// # Errors
/// `NotFound`, `Invalid` for a wrong code or no rating, `Conflict` where there is no answer.
pub async fn rate_answer(
    store: &Store,
    code: &str,
    typed: &str,
    rating: Option<Rating>,
    origin: Origin<'_>,
) -> Result<(), AppError> {
    let at = now();
    let code = check_own(store, code, typed, origin)?;
    let mut session = store.db.write().await?;
    let own = find_own(&mut session, &code).await?;
    find_public(&mut session, own.id).await?;
    let rating = rating.ok_or_else(|| invalid(Field::Reason, Problem::Missing))?;
    let answers = db::list_answers(&mut session, &[own.id]).await?;
    let last = answers.last().ok_or(AppError::Conflict)?;
    db::rate(&mut session, last.id, rating.number(), at).await?;
    session.note_change(Thing::RecentComments);
    session.commit().await?;
    Ok(())
}
