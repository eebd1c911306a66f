//! Categories, tags and the lead story of the home page.

use crate::domain::account::Permission;
use crate::domain::error::{AppError, Field, Problem};
use crate::domain::slug::Slug;
use crate::domain::text::{clean_line, compose, fold, sort_key};
use crate::server::clock::now;
use crate::server::db::desk::account::{find_setting, set_setting};
use crate::server::db::desk::front::{self as db, LabelRow};
use crate::server::db::log::{self, Decision};
use crate::server::db::{Session, announcement, label};
use crate::server::services::account::invalid;
use crate::server::services::actor::{Actor, Scope};
use crate::server::state::Store;
use crate::server::thing::Thing;

/// The setting that holds the id of the lead story.
const LEAD: &str = "lead-announcement";

/// What the desk manages of the portal's front.
#[derive(Clone, Debug)]
pub struct Front {
    /// Every category.
    pub categories: Vec<LabelRow>,
    /// Tags.
    pub tags: Vec<LabelRow>,
    /// The slug of the lead story, if one was chosen; otherwise it is the latest with a picture.
    pub lead: Option<String>,
}

/// What there is to manage.
///
/// # Errors
/// `Forbidden`.
pub async fn read_front(store: &Store, actor: &Actor) -> Result<Front, AppError> {
    actor.require_in(Permission::ManageFront, Scope::Everywhere)?;
    let mut session = store.db.read().await?;
    let lead = match find_lead(&mut session).await? {
        Some(id) => crate::server::db::desk::draft::find_own(&mut session, id).await?.map(|row| row.slug),
        None => None,
    };
    Ok(Front { categories: db::list_categories(&mut session).await?, tags: db::list_tags(&mut session).await?, lead })
}

/// Every category, for whoever writes.
///
/// # Errors
/// `Forbidden`.
pub async fn list_categories(store: &Store, actor: &Actor) -> Result<Vec<LabelRow>, AppError> {
    actor.require(Permission::SeeDesk)?;
    Ok(db::list_categories(&mut store.db.read().await?).await?)
}

/// The id of the lead story that was chosen.
///
/// # Errors
/// When the database fails.
pub async fn find_lead(session: &mut Session) -> Result<Option<i64>, AppError> {
    Ok(find_setting(session, LEAD).await?.and_then(|value| value.parse().ok()))
}

/// Chooses the lead story by its slug or address; empty for the latest one with a picture.
///
/// # Errors
/// `Forbidden`, or `Invalid` where no such announcement is public.
pub async fn set_lead(store: &Store, actor: &Actor, slug: &str) -> Result<(), AppError> {
    actor.require_in(Permission::ManageFront, Scope::Everywhere)?;
    let slug = slug.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let mut session = store.db.write().await?;
    let value = if slug.is_empty() {
        String::new()
    } else {
        match announcement::find_state(&mut session, &slug).await? {
            Some((id, state)) if state == "published" => id.to_string(),
            _ => return Err(invalid(Field::Slug, Problem::Unknown)),
        }
    };
    set_setting(&mut session, LEAD, &value).await?;
    session.note_change(Thing::Everything);
    record(&mut session, actor, "set-lead", &slug).await?;
    session.commit().await?;
    Ok(())
}

/// Whether labels are categories or tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelKind {
    /// Categories.
    Category,
    /// Tags.
    Tag,
}

/// Adds a category or a tag.
///
/// # Errors
/// `Forbidden`, or `Invalid` for a name without letters or one that is there.
pub async fn add_label(store: &Store, actor: &Actor, kind: LabelKind, name: &str) -> Result<(), AppError> {
    actor.require_in(Permission::ManageFront, Scope::Everywhere)?;
    let (name, slug) = read_name(name)?;
    let mut session = store.db.write().await?;
    let there = match kind {
        LabelKind::Category => label::find_category(&mut session, slug.as_str()).await?.is_some(),
        LabelKind::Tag => label::find_tag(&mut session, slug.as_str()).await?.is_some(),
    };
    if there {
        return Err(invalid(Field::Title, Problem::Taken));
    }
    match kind {
        LabelKind::Category => {
            label::find_or_add_category(&mut session, slug.as_str(), &name, &sort_key(&name)).await?
        }
        LabelKind::Tag => label::find_or_add_tag(&mut session, slug.as_str(), &name, &sort_key(&name)).await?,
    };
    record(&mut session, actor, "add-label", &name).await?;
    session.commit().await?;
    Ok(())
}

fn read_name(name: &str) -> Result<(String, Slug), AppError> {
    let name: String = clean_line(&compose(name)).chars().take(60).collect();
    let slug = Slug::from_folded(&fold(&name)).ok_or_else(|| invalid(Field::Title, Problem::Missing))?;
    Ok((name, slug))
}

/// Gives a category or a tag another name; its address stays.
///
/// # Errors
/// `Forbidden`, `NotFound`, or `Invalid` for a name without letters.
pub async fn rename_label(store: &Store, actor: &Actor, kind: LabelKind, id: i64, name: &str) -> Result<(), AppError> {
    actor.require_in(Permission::ManageFront, Scope::Everywhere)?;
    let (name, _) = read_name(name)?;
    let mut session = store.db.write().await?;
    let renamed = match kind {
        LabelKind::Category => db::rename_category(&mut session, id, &name, &sort_key(&name)).await?,
        LabelKind::Tag => db::rename_tag(&mut session, id, &name, &sort_key(&name)).await?,
    };
    if !renamed {
        return Err(AppError::NotFound);
    }
    // It stands on every page that has something of it.
    session.note_change(Thing::Whole);
    record(&mut session, actor, "rename-label", &name).await?;
    session.commit().await?;
    Ok(())
}

/// Takes a category away that nothing has, or a tag from everything that has it.
///
/// # Errors
/// `Forbidden`, or `Conflict` for a category that something has.
pub async fn remove_label(store: &Store, actor: &Actor, kind: LabelKind, id: i64) -> Result<(), AppError> {
    actor.require_in(Permission::ManageFront, Scope::Everywhere)?;
    let mut session = store.db.write().await?;
    let removed = match kind {
        LabelKind::Category => db::remove_category(&mut session, id).await?,
        LabelKind::Tag => db::remove_tag(&mut session, id).await?,
    };
    if !removed {
        return Err(AppError::Conflict);
    }
    session.note_change(Thing::Whole);
    record(&mut session, actor, "remove-label", &id.to_string()).await?;
    session.commit().await?;
    Ok(())
}

async fn record(session: &mut Session, actor: &Actor, action: &str, what: &str) -> Result<(), AppError> {
    let at = now();
    let actor_id = actor.find_or_add(session, at).await?;
    let decision = Decision { subject_kind: "front", subject_id: 0, action, reason: Some(what), reason_id: None };
    log::add_decision(session, actor_id, at, decision).await?;
    Ok(())
}
