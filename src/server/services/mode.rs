//! How comments are taken (*chế độ kiểm duyệt*): set for the portal, a campaign with its news, or one page.

use crate::domain::announcement::Teaser;
use crate::domain::comment::Standing;
use crate::domain::day::Day;
use crate::domain::error::{AppError, Field, Problem};
use crate::domain::mode::{Mode, Reach, Ruling, Setting};
use crate::domain::slug::Slug;
use crate::server::clock::now;
use crate::server::db::announcement::find_state;
use crate::server::db::comment::mode::{self as db, ModeRow};
use crate::server::db::comment::rule::list_active;
use crate::server::db::desk::rule::{SetRow, SubjectRow, find_subject, list_set};
use crate::server::db::log::{self, Decision};
use crate::server::db::{DbResult, Session};
use crate::server::services::account::invalid;
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::services::arrival::read_settings;
use crate::server::state::Store;
use crate::server::thing::{Read, Thing};

/// How the discussion of an announcement or campaign stands today, and what that depends on.
///
/// # Errors
/// When the database fails.
pub async fn find_standing(session: &mut Session, announcement_id: i64) -> DbResult<(Standing, Vec<Thing>)> {
    let ruling = Ruling::of(&read_settings(&db::list_settings(session, announcement_id).await?));
    Ok(of_today(ruling, Day::of(now())))
}

/// A page that says until when comments are taken is of yesterday tomorrow.
fn of_today(ruling: Ruling, today: Day) -> (Standing, Vec<Thing>) {
    let standing = ruling.standing(today);
    let mut things = vec![Thing::Modes];
    if matches!(standing, Standing::Open { until: Some(_) }) {
        things.push(Thing::Today);
    }
    (standing, things)
}

/// Whether nothing of a page's discussion is shown.
///
/// # Errors
/// When the database fails.
pub async fn is_closed(session: &mut Session, announcement_id: i64) -> DbResult<bool> {
    Ok(find_standing(session, announcement_id).await?.0 == Standing::Closed)
}

/// Leaves out of lists how many comments closed discussions have. Where none is closed, that is all that is asked.
///
/// # Errors
/// When the database fails.
pub async fn hide_closed<'a>(session: &mut Session, teasers: impl Iterator<Item = &'a mut Teaser>) -> DbResult<()> {
    let mut counted: Vec<_> = teasers.filter(|teaser| teaser.comments > 0).collect();
    if counted.is_empty() || !db::has_closed(session).await? {
        return Ok(());
    }
    for teaser in &mut counted {
        let slug = teaser.path.rsplit('/').next().unwrap_or_default();
        let settings = db::list_settings_by_slug(session, slug).await?;
        if Ruling::of(&read_settings(&settings)).mode == Mode::Closed {
            teaser.comments = 0;
        }
    }
    Ok(())
}

/// The mode of the whole portal, and how many rules are on. Permitted to everybody.
///
/// # Errors
/// When the database fails.
pub async fn read_policy(store: &Store) -> Result<Read<(Mode, usize)>, AppError> {
    let mut session = store.db.read().await?;
    // No page has this id.
    let ruling = Ruling::of(&read_settings(&db::list_settings(&mut session, 0).await?));
    let rules = list_active(&mut session).await?.len();
    Ok(Read { value: (ruling.mode, rules), things: vec![Thing::Modes, Thing::Rules] })
}

/// How comments are taken, for whoever may say so.
#[derive(Clone, Debug)]
pub struct ModeForm {
    /// The campaign or page; none for the portal.
    pub subject: Option<SubjectRow>,
    /// What is set for it itself.
    pub own: Setting,
    /// What holds now, with what reaches further.
    pub ruling: Ruling,
    /// Whatever else is set, for the page of the portal.
    pub others: Vec<SetRow>,
}

/// Whose the thing is that a mode is set for.
async fn find_for(session: &mut Session, actor: &Actor, id: i64) -> Result<(Reach, Option<SubjectRow>), AppError> {
    if id == 0 {
        actor.require_in(Permission::ModerateComments, Scope::Everywhere)?;
        return Ok((Reach::Site, None));
    }
    let subject = find_subject(session, id).await?.ok_or(AppError::NotFound)?;
    actor.require_in(Permission::ModerateComments, Scope::of(subject.unit_id))?;
    let reach = if subject.kind == "campaign" { Reach::Campaign } else { Reach::Announcement };
    Ok((reach, Some(subject)))
}

/// How comments are taken, for the form that sets it; 0 is the portal.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn read_mode(store: &Store, actor: &Actor, id: i64) -> Result<ModeForm, AppError> {
    actor.require(Permission::ModerateComments)?;
    let mut session = store.db.read().await?;
    let (reach, subject) = find_for(&mut session, actor, id).await?;
    let settings = read_settings(&db::list_settings(&mut session, id).await?);
    let own = settings.iter().find(|setting| setting.reach == reach).copied();
    let others = if id == 0 { list_set(&mut session).await? } else { Vec::new() };
    let own = own.unwrap_or(Setting { reach, mode: None, closes_on: None });
    Ok(ModeForm { subject, own, ruling: Ruling::of(&settings), others })
}

/// The id of the announcement or campaign at an address, as somebody pastes it.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn find_page(store: &Store, actor: &Actor, address: &str) -> Result<i64, AppError> {
    actor.require(Permission::ModerateComments)?;
    let path = address.split(['?', '#']).next().unwrap_or_default().trim().trim_end_matches('/');
    let slug = path.rsplit('/').next().and_then(Slug::parse).ok_or(AppError::NotFound)?;
    let found = find_state(&mut store.db.read().await?, slug.as_str()).await?;
    found.map(|(id, _)| id).ok_or(AppError::NotFound)
}

/// Sets how comments are taken; an empty mode or day is as with what reaches further.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Invalid` for what is no mode or no day.
pub async fn set_mode(store: &Store, actor: &Actor, id: i64, mode: &str, closes_on: &str) -> Result<(), AppError> {
    actor.require(Permission::ModerateComments)?;
    let mut session = store.db.write().await?;
    let (reach, _) = find_for(&mut session, actor, id).await?;
    let mode = match mode {
        "" => None,
        code => Some(Mode::parse(code).ok_or(AppError::BadAddress)?),
    };
    let closes_on = match closes_on.trim() {
        "" => None,
        typed => Some(Day::parse(typed).ok_or_else(|| invalid(Field::Ends, Problem::NoDay))?),
    };
    let at = now();
    let actor_id = actor.find_or_add(&mut session, at).await?;
    let mode = mode.map(|mode| mode.code().to_owned());
    let setting = ModeRow { scope: reach.code().to_owned(), mode, closes_on: closes_on.map(Day::iso) };
    db::put_setting(&mut session, &setting, id, actor_id, at).await?;
    let said: Vec<&str> = [setting.mode.as_deref(), setting.closes_on.as_deref()].into_iter().flatten().collect();
    let said = said.join(", ");
    let reason = (!said.is_empty()).then_some(said.as_str());
    let subject_kind = if reach == Reach::Site { "site" } else { "announcement" };
    let decision = Decision { subject_kind, subject_id: id, action: "set-mode", reason, reason_id: None };
    log::add_decision(&mut session, actor_id, at, decision).await?;
    session.note_change(Thing::Modes);
    session.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_closes_turns_over_with_the_day() {
        let day = |text: &str| Day::parse(text).expect("a day");
        let ruling = Ruling { mode: Mode::All, closes_on: Some(day("1/6/2026")) };
        assert!(of_today(ruling, day("1/6/2026")).1.contains(&Thing::Today));
        assert!(!of_today(ruling, day("2/6/2026")).1.contains(&Thing::Today), "it stays over");
        assert_eq!(of_today(Ruling::default(), day("2/6/2026")).1, [Thing::Modes]);
    }
}
