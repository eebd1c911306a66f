//! An example that waits: looked at, edited, published or rejected.

use super::KINDS;
use super::sending::record;
use crate::domain::comment::check_reason;
use crate::domain::day::Day;
use crate::domain::draft::DraftText;
use crate::domain::error::{AppError, Field, Problem};
use crate::domain::text::{clean_line, compose, count, fold};
use crate::server::clock::now;
use crate::server::db::campaign::CampaignRow;
use crate::server::db::desk::example::{self as db, DeskExample, ExampleFacts, ExamplePictureRow};
use crate::server::db::desk::unit::{UnitRow, list_units};
use crate::server::db::desk::{draft, library as uploads, queue};
use crate::server::db::upload::PICTURE_PATH;
use crate::server::db::{Session, campaign as campaigns};
use crate::server::services::account::invalid;
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::services::draft::{Own, Saved, Saving, read_unasked, save_held};
use crate::server::services::library::{read_evidence_file, store_picture};
use crate::server::services::publication::{publish_open, require_publishable};
use crate::server::state::Store;
use crate::server::thing::Thing;

/// The examples that somebody may decide about, in one state.
///
/// # Errors
/// `Forbidden`.
pub async fn list_to_check(store: &Store, actor: &Actor, state: &str) -> Result<Vec<DeskExample>, AppError> {
    actor.require(Permission::CheckExamples)?;
    let mut session = store.db.read().await?;
    let mut rows = match state {
        "published" | "rejected" => db::list_decided(&mut session, state).await?,
        _ => db::list_waiting(&mut session).await?,
    };
    rows.retain(|row| actor.may(Permission::CheckExamples, Scope::of(row.unit_id)));
    Ok(rows)
}

/// What a unit sent, or what was sent about it, for whoever reports for it.
///
/// # Errors
/// `Forbidden`.
pub async fn list_of_unit(store: &Store, actor: &Actor, unit_id: i64) -> Result<Vec<DeskExample>, AppError> {
    actor.require_in(Permission::ReportForUnit, Scope::Unit(unit_id))?;
    let mut rows = db::list_of_unit(&mut store.db.read().await?, unit_id).await?;
    // What citizens sent about it is between them and whoever checks it, until it is public.
    rows.retain(|row| row.actor_kind != "citizen" || row.state == "published");
    Ok(rows)
}

/// An example as whoever checks it sees it.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What is said of it.
    pub row: DeskExample,
    /// Its text.
    pub own: Own,
    /// Its pictures.
    pub pictures: Vec<ExamplePictureRow>,
    /// Every unit that there is today.
    pub units: Vec<UnitRow>,
    /// Every campaign that the public reads.
    pub campaigns: Vec<CampaignRow>,
}

/// An example, for whoever checks it.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn read_to_check(store: &Store, actor: &Actor, id: i64) -> Result<Checked, AppError> {
    actor.require(Permission::CheckExamples)?;
    let mut session = store.db.read().await?;
    let row = find_for(&mut session, actor, id).await?;
    let today = Day::of(now());
    let mut units = list_units(&mut session).await?;
    units.retain(|unit| !unit.is_over(today) || Some(unit.id) == row.unit_id);
    Ok(Checked {
        own: read_unasked(&mut session, id).await?,
        pictures: db::list_pictures(&mut session, id).await?,
        campaigns: campaigns::list(&mut session).await?,
        units,
        row,
    })
}

async fn find_for(session: &mut Session, actor: &Actor, id: i64) -> Result<DeskExample, AppError> {
    let row = db::find(session, id).await?.ok_or(AppError::NotFound)?;
    actor.require_in(Permission::CheckExamples, Scope::of(row.unit_id))?;
    Ok(row)
}

/// The bytes and the media type of a picture that waits.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn read_picture(store: &Store, actor: &Actor, id: i64, position: i64) -> Result<(String, Vec<u8>), AppError> {
    let mut session = store.db.read().await?;
    find_for(&mut session, actor, id).await?;
    let pictures = db::list_pictures(&mut session, id).await?;
    drop(session);
    let picture = pictures.into_iter().find(|picture| picture.position == position).ok_or(AppError::NotFound)?;
    let bytes = if picture.visibility == "public" {
        let file = store.picture_file(&format!("{}.jpg", picture.fallback));
        return Ok(("image/jpeg".to_owned(), tokio::fs::read(file).await.map_err(|_| AppError::NotFound)?));
    } else {
        read_evidence_file(store, &picture.sha256).await?
    };
    Ok((picture.media_type, bytes))
}

/// What whoever checks an example makes of it.
#[derive(Clone, Debug, Default)]
pub struct Edits {
    /// The revision that was read.
    pub revision_id: i64,
    /// Its version then.
    pub version: i64,
    /// Its title.
    pub title: String,
    /// Its summary.
    pub lead: String,
    /// Its text.
    pub body: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// Who it is about.
    pub person: String,
    /// The unit's slug; empty for none, or for one that is none of ours.
    pub unit: String,
    /// The campaign; none for empty.
    pub campaign: Option<i64>,
    /// By position: whether it is left out, caption, who made it.
    pub pictures: Vec<(i64, bool, String, String)>,
}

/// Saves what somebody changed in an example that waits. What others saved in between is never overwritten.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid`, or `Conflict` where others changed the same or it is decided already.
pub async fn save_edits(store: &Store, actor: &Actor, id: i64, edits: &Edits) -> Result<(), AppError> {
    let mut session = store.db.write().await?;
    draft::hold_announcement(&mut session, id).await?;
    let row = find_for(&mut session, actor, id).await?;
    if row.state == "published" {
        return Err(AppError::Conflict);
    }
    let line = |text: &str| clean_line(&compose(&text.replace('\0', "")));
    let person = line(&edits.person);
    if person.is_empty() {
        return Err(invalid(Field::Person, Problem::Missing));
    }
    let kind =
        KINDS.into_iter().find(|kind| *kind == edits.kind).ok_or_else(|| invalid(Field::Kind, Problem::Missing))?;
    let unit = list_units(&mut session).await?.into_iter().find(|unit| unit.slug == edits.unit);
    let unit_id = unit.as_ref().map(|unit| unit.id);
    // Nobody gives an example away to where they could not decide about it.
    actor.require_in(Permission::CheckExamples, Scope::of(unit_id))?;
    let unit_name = if unit.is_some() { "" } else { row.unit_name.as_str() };
    let unit_name = if row.unit_id.is_some() { "" } else { unit_name };
    let campaign_id = match edits.campaign {
        Some(id) => campaigns::find_by_id(&mut session, id).await?.map(|row| row.id),
        None => None,
    };
    db::set_facts(&mut session, id, ExampleFacts { kind, person: &person, unit_id, unit_name, campaign_id }).await?;
    draft::set_unit(&mut session, id, unit_id).await?;
    for (position, _, caption, credit) in &edits.pictures {
        db::describe_picture(&mut session, id, *position, &line(caption), &line(credit)).await?;
    }
    let own = read_unasked(&mut session, id).await?;
    let text = DraftText {
        title: edits.title.clone(),
        lead: edits.lead.clone(),
        body: edits.body.clone(),
        ..own.text.clone()
    };
    let saving = Saving { revision_id: edits.revision_id, version: edits.version, base: None, text };
    match save_held(&mut session, actor, own, saving).await? {
        Saved::Done { .. } | Saved::Merged { .. } => {}
        Saved::Conflict { .. } | Saved::Closed(_) => return Err(AppError::Conflict),
    }
    session.commit().await?;
    Ok(())
}

/// Publishes an example: its pictures go to the library, its text gets its address.
///
/// # Errors
/// `NotFound`, `Forbidden`, `OwnText` for whoever entered it, `Invalid` for a text that can't be published, or
/// `Conflict` where it is public already.
pub async fn approve(store: &Store, actor: &Actor, id: i64, edits: &Edits) -> Result<(), AppError> {
    save_edits(store, actor, id, edits).await?;
    let mut session = store.db.read().await?;
    let row = find_for(&mut session, actor, id).await?;
    if actor.find_id(&mut session).await? == Some(row.actor_id) && matches!(actor, Actor::Account(_)) {
        return Err(AppError::OwnText);
    }
    require_publishable(&read_unasked(&mut session, id).await?.text)?;
    let pictures = db::list_pictures(&mut session, id).await?;
    drop(session);
    let left_out = |position: i64| edits.pictures.iter().any(|(known, out, ..)| *known == position && *out);
    let mut shown = Vec::new();
    for picture in pictures.into_iter().filter(|picture| !left_out(picture.position)) {
        // Whoever approves a rejected one again may meet pictures whose time is over.
        let Ok(bytes) = read_evidence_file(store, &picture.sha256).await else { continue };
        let stored = store_picture(store, actor, &picture.name, bytes).await?;
        shown.push((picture, stored));
    }
    let at = now();
    let mut session = store.db.write().await?;
    draft::hold_announcement(&mut session, id).await?;
    let row = find_for(&mut session, actor, id).await?;
    if row.state == "published" || !db::decide(&mut session, id, &row.state, "published", None, at).await? {
        return Err(AppError::Conflict);
    }
    db::remove_pictures(&mut session, id).await?;
    for (position, (picture, stored)) in (0_i64..).zip(&shown) {
        db::add_picture(&mut session, id, position, stored.id).await?;
        db::describe_picture(&mut session, id, position, &picture.caption, &picture.credit).await?;
    }
    let own = read_unasked(&mut session, id).await?;
    if let Some((picture, stored)) = shown.first() {
        let alt = if picture.caption.is_empty() { own.text.title.clone() } else { picture.caption.clone() };
        uploads::describe_picture(&mut session, stored.id, &alt, &fold(&alt)).await?;
        let text = DraftText {
            image: stored.path.clone(),
            image_alt: alt,
            image_caption: picture.caption.clone(),
            image_credit: picture.credit.clone(),
            ..own.text.clone()
        };
        debug_assert!(text.image.starts_with(PICTURE_PATH));
        let open = own.open.as_ref().ok_or(AppError::Conflict)?;
        let saving = Saving { revision_id: open.id, version: open.version, base: None, text };
        save_held(&mut session, actor, own, saving).await?;
    }
    let own = read_unasked(&mut session, id).await?;
    let open = own.open.clone().ok_or(AppError::Conflict)?;
    publish_open(&mut session, actor, &own, &open, at).await?;
    note_example(&mut session, &row);
    let actor_id = actor.find_or_add(&mut session, at).await?;
    queue::close(&mut session, "example", id, actor_id, at).await?;
    record(&mut session, actor_id, id, "approve-example", None, at).await?;
    session.commit().await?;
    Ok(())
}

pub(super) fn note_example(session: &mut Session, row: &DeskExample) {
    session.note_change(Thing::Example(row.id));
    session.note_change(Thing::Examples);
    if let Some(campaign) = row.campaign_id {
        session.note_change(Thing::Campaign(campaign));
    }
}

/// Rejects an example for a reason that its sender reads.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` without a reason, or `Conflict` where it is decided already.
pub async fn reject(store: &Store, actor: &Actor, id: i64, reason: &str) -> Result<(), AppError> {
    let reason = check_reason(&compose(reason), count)?;
    let at = now();
    let mut session = store.db.write().await?;
    find_for(&mut session, actor, id).await?;
    if !db::decide(&mut session, id, "waiting", "rejected", Some(&reason), at).await? {
        return Err(AppError::Conflict);
    }
    let actor_id = actor.find_or_add(&mut session, at).await?;
    queue::close(&mut session, "example", id, actor_id, at).await?;
    record(&mut session, actor_id, id, "reject-example", Some(&reason), at).await?;
    session.commit().await?;
    Ok(())
}
