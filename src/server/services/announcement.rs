//! Announcements: reading them, listing them, searching them, publishing and withdrawing them.

use crate::domain::announcement::{
    ASIDE_SIZE, Announcement, AnnouncementList, AnnouncementPage, Figure, LIST_SIZE, Label, SearchPage, Shelf,
    ShelfPage, Teaser,
};
use crate::domain::comment::{CommentsWanted, RecentComment, check_reason};
use crate::domain::cursor::{Cursor, Step};
use crate::domain::error::{AppError, Withdrawal};
use crate::domain::guard::mask;
use crate::domain::html::Html;
use crate::domain::lang::Lang;
use crate::domain::site::{CategoryBlock, Home};
use crate::domain::slug::Slug;
use crate::domain::text::{clean_line, compose, count, fold, shorten};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::announcement::list::{self, Narrowing, Placed};
use crate::server::db::announcement::revision::{self, LatestRevision};
use crate::server::db::announcement::{self as db, AnnouncementRow, Standing};
use crate::server::db::comment::{DiscussionRow, RecentRow};
use crate::server::db::log::{self, Decision};
use crate::server::db::search::{self, Terms};
use crate::server::db::unit;
use crate::server::db::upload::stored_picture;
use crate::server::db::{DbResult, Session, comment, label};
use crate::server::made::campaign::front_campaigns;
use crate::server::services::actor::{Actor, Permission};
use crate::server::services::campaign::list_campaigns;
use crate::server::services::comment::read_comments;
use crate::server::services::front::find_lead;
use crate::server::services::mode::{hide_closed, is_closed};
use crate::server::services::unit_profile::unit_facts;
use crate::server::state::Store;
use crate::server::thing::{Read, Thing};
use crate::text::Text;

/// To the first page of a list.
pub(super) const FIRST: Step = Step::Older(Cursor { at: Instant(i64::MAX), id: i64::MAX });
/// How many announcements the home page shows beside the lead story.
const HOME_LATEST: usize = 6;
/// How many comments it shows.
const RECENT: usize = 5;

/// Everything on the page of one announcement. Permitted to everybody.
///
/// # Errors
/// `NotFound`, or `Gone` where it was withdrawn.
pub async fn read_announcement(
    store: &Store,
    slug: &str,
    wanted: CommentsWanted,
) -> Result<Read<AnnouncementPage>, AppError> {
    let slug = Slug::parse(slug).ok_or(AppError::NotFound)?;
    let mut session = store.db.read().await?;
    let Some(row) = db::find_public(&mut session, slug.as_str(), "announcement").await? else {
        let moved = db::find_moved(&mut session, slug.as_str(), "announcement").await?;
        return Err(moved.map_or(AppError::NotFound, |path| AppError::Moved { path }));
    };
    if row.state == "withdrawn" {
        if let Some(slug) = row.replaced_by.clone().filter(|_| row.moved) {
            return Err(AppError::Moved { path: format!("/tin/{slug}") });
        }
        let reason = row.withdrawn_reason.unwrap_or_default();
        return Err(AppError::Gone(Withdrawal {
            title: row.title,
            reason,
            at: Instant(row.withdrawn_at.unwrap_or_default()),
            replaced_by: row.replaced_by,
        }));
    }
    let discussion = DiscussionRow { id: row.discussion_id, published_count: row.published_count };
    let Read { value: comments, things: standing } = read_comments(&mut session, row.id, discussion, wanted).await?;
    let related = list::list_related(&mut session, row.id, row.category_id).await?;
    let newest = list::list_page(&mut session, Narrowing::Everything, FIRST).await?;
    let newest: Vec<Placed> = newest.into_iter().filter(|placed| placed.cursor.id != row.id).collect();
    let mut others = related;
    for placed in &newest {
        if others.len() < ASIDE_SIZE && others.iter().all(|other| other.cursor.id != placed.cursor.id) {
            others.push(placed.clone());
        }
    }
    let aside = |placed: &Placed| without_lead(placed.teaser.clone());
    let newest = &newest[..newest.len().min(ASIDE_SIZE)];
    // Which ones are related depends on what is public, in which category and with which tags.
    let mut things = vec![Thing::Announcement(row.id), Thing::Comments(row.id), Thing::Everything];
    things.extend(standing);
    things.extend(others.iter().chain(newest).map(|placed| Thing::Announcement(placed.cursor.id)));
    let (others, newest) = (others.iter().map(aside).collect(), newest.iter().map(aside).collect());
    let announcement = whole(&mut session, row, &mut things).await?;
    Ok(Read { value: AnnouncementPage { announcement, comments, others, newest }, things })
}

/// An aside shows titles only: what it does not show does not travel.
pub(super) fn without_lead(mut teaser: Teaser) -> Teaser {
    teaser.lead.clear();
    teaser.picture = None;
    teaser.comments = 0;
    teaser
}

pub(super) async fn whole(
    session: &mut Session,
    row: AnnouncementRow,
    things: &mut Vec<Thing>,
) -> DbResult<Announcement> {
    let of_unit = match row.unit_id {
        Some(id) => unit::find(session, id).await?,
        None => None,
    };
    let unit = match of_unit {
        Some(row) => {
            let (facts, shown) = unit_facts(session, row).await?;
            things.extend(shown);
            Some(facts)
        }
        None => None,
    };
    let picture = row.image_sizes.as_deref().and_then(|sizes| stored_picture(sizes, &row.image_alt));
    let figure = (picture.is_some() || !row.image_caption.is_empty()).then_some(Figure {
        picture,
        caption: row.image_caption,
        credit: row.image_credit,
    });
    Ok(Announcement {
        unit,
        tags: label::list_revision_tags(session, row.revision_id).await?,
        changes: match row.publicly_updated_at {
            Some(_) => revision::list_change_notes(session, row.id).await?,
            None => Vec::new(),
        },
        slug: row.slug,
        title: row.title,
        lead: row.lead,
        html: Html::from_clean(row.body_html),
        language: Lang::parse(&row.language).unwrap_or_default(),
        category: Label { slug: row.category_slug, name: row.category_name },
        author_line: row.author_line,
        source: row.source,
        figure,
        published: Instant(row.first_published_at),
        updated: row.publicly_updated_at.map(Instant),
        archived: row.state == "archived",
    })
}

/// A page of a list. Permitted to everybody.
///
/// # Errors
/// `NotFound` where there is no such category or tag.
pub async fn list_shelf(store: &Store, shelf: &Shelf, step: Option<Step>) -> Result<Read<ShelfPage>, AppError> {
    // What is no slug is not asked of the database, which takes not every sign.
    if let Shelf::Category(slug) | Shelf::Tag(slug) = shelf {
        Slug::parse(slug).ok_or(AppError::NotFound)?;
    }
    let mut session = store.db.read().await?;
    let (narrowing, name) = match shelf {
        Shelf::All => (Narrowing::Everything, String::new()),
        Shelf::Category(slug) => {
            let (id, name) = label::find_category(&mut session, slug).await?.ok_or(AppError::NotFound)?;
            (Narrowing::Category(id), name)
        }
        Shelf::Tag(slug) => {
            let (id, name) = label::find_tag(&mut session, slug).await?.ok_or(AppError::NotFound)?;
            (Narrowing::Tag(id), name)
        }
    };
    let Read { value: list, things } = read_list(&mut session, narrowing, step).await?;
    Ok(Read { value: ShelfPage { shelf: shelf.clone(), name, list }, things })
}

/// A page of the announcements of something.
pub(super) async fn read_list(
    session: &mut Session,
    narrowing: Narrowing,
    step: Option<Step>,
) -> DbResult<Read<AnnouncementList>> {
    let newer = matches!(step, Some(Step::Newer(_)));
    let mut placed = list::list_page(session, narrowing, step.unwrap_or(FIRST)).await?;
    let more = placed.len() > LIST_SIZE;
    placed.truncate(LIST_SIZE);
    hide_closed(session, placed.iter_mut().map(|placed| &mut placed.teaser)).await?;
    if newer {
        placed.reverse();
    }
    // Going to newer ones and finding no more of them means that this is the first page.
    let first = step.is_none() || (newer && !more);
    let end = |placed: Option<&Placed>| placed.map(|placed| placed.cursor);
    let mut things = vec![match narrowing {
        Narrowing::Everything => Thing::Everything,
        Narrowing::Category(id) => Thing::Category(id),
        Narrowing::Tag(id) => Thing::Tag(id),
        Narrowing::Unit(id) => Thing::Unit(id),
    }];
    things.push(Thing::Modes);
    things.extend(placed.iter().flat_map(shown_whole));
    let value = AnnouncementList {
        newer: end(placed.first()).filter(|_| !first),
        older: end(placed.last()).filter(|_| more || newer),
        first,
        items: placed.into_iter().map(|placed| placed.teaser).collect(),
    };
    Ok(Read { value, things })
}

/// What a teaser shows that stands with its lead and the number of its comments.
fn shown_whole(placed: &Placed) -> [Thing; 2] {
    [Thing::Announcement(placed.cursor.id), Thing::Comments(placed.cursor.id)]
}

/// Everything on the home page. Permitted to everybody.
///
/// # Errors
/// When the database fails.
pub async fn read_home(store: &Store, language: Lang) -> Result<Read<Home>, AppError> {
    let mut session = store.db.read().await?;
    let mut latest = list::list_page(&mut session, Narrowing::Everything, FIRST).await?;
    latest.truncate(HOME_LATEST + 1);
    let mut lead = match find_lead_story(&mut session).await? {
        Some(chosen) => {
            latest.retain(|placed| placed.cursor.id != chosen.cursor.id);
            latest.truncate(HOME_LATEST);
            Some(chosen)
        }
        None => {
            let pictured = latest.iter().position(|placed| placed.teaser.picture.is_some()).unwrap_or_default();
            (!latest.is_empty()).then(|| latest.remove(pictured))
        }
    };
    let mut fronts = list::list_category_fronts(&mut session).await?;
    // Nobody is told the lead story twice.
    fronts.retain(|placed| lead.as_ref().is_none_or(|lead| lead.cursor.id != placed.cursor.id));
    hide_closed(&mut session, lead.iter_mut().chain(&mut fronts).map(|placed| &mut placed.teaser)).await?;
    let recent = list_recent(&mut session).await?;

    let mut things = vec![Thing::Everything, Thing::RecentComments, Thing::Modes];
    things.extend(lead.iter().chain(&fronts).flat_map(shown_whole));
    things.extend(latest.iter().map(|placed| Thing::Announcement(placed.cursor.id)));
    things.extend(recent.iter().map(|row| Thing::Announcement(row.announcement_id)));
    let mut blocks: Vec<CategoryBlock> = Vec::new();
    for Placed { teaser, .. } in fronts {
        match blocks.last_mut() {
            Some(block) if block.category == teaser.category => block.items.push(teaser),
            _ => blocks.push(CategoryBlock { category: teaser.category.clone(), items: vec![teaser] }),
        }
    }
    let comments = recent
        .into_iter()
        .map(|row| RecentComment {
            id: row.id,
            author: row.author_name,
            text: shorten(&clean_line(&mask(&row.text)), 160),
            sent: Instant(row.created_at),
            path: row.path,
            title: row.title,
        })
        .collect();
    let latest = latest.into_iter().map(|placed| without_lead(placed.teaser)).collect();
    drop(session);
    let running = list_campaigns(store).await?;
    things.extend(running.things);
    let campaigns = Html::from_clean(front_campaigns(&running.value, Text(language)).into_string());
    let lead = lead.map(|placed| placed.teaser);
    Ok(Read { value: Home { lead, latest, blocks, comments, campaigns }, things })
}

/// The five comments that were published last, on what is public and not closed.
async fn list_recent(session: &mut Session) -> DbResult<Vec<RecentRow>> {
    let mut recent = Vec::new();
    for row in comment::list_recent(session).await? {
        if recent.len() < RECENT && !is_closed(session, row.announcement_id).await? {
            recent.push(row);
        }
    }
    Ok(recent)
}

/// The lead story that was chosen in the desk, while it is public.
async fn find_lead_story(session: &mut Session) -> Result<Option<Placed>, AppError> {
    match find_lead(session).await? {
        Some(id) => Ok(list::find_placed(session, id).await?),
        None => Ok(None),
    }
}

/// The latest announcements, for pages that have nothing else to show.
///
/// # Errors
/// When the database fails.
pub async fn list_latest(store: &Store) -> Result<Vec<Teaser>, AppError> {
    let mut session = store.db.read().await?;
    let latest = list::list_page(&mut session, Narrowing::Everything, FIRST).await?;
    Ok(latest.into_iter().take(ASIDE_SIZE).map(|placed| without_lead(placed.teaser)).collect())
}

/// The words of a query: at most twelve, since more narrow nothing down.
fn terms(query: &str) -> Terms {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(12).map(str::to_owned).collect()
    };
    Terms { folded: words(&fold(query)), exact: words(&compose(query).to_lowercase()) }
}

/// A page of what a search finds, from page 1. Permitted to everybody.
///
/// # Errors
/// When the database fails.
pub async fn search_announcements(store: &Store, query: &str, page: u32) -> Result<SearchPage, AppError> {
    let query: String = clean_line(&compose(query)).chars().take(200).collect();
    let terms = terms(&query);
    let mut session = store.db.read().await?;
    let most_pages = u32::try_from(search::FOUND_MOST).unwrap_or_default() / u32::try_from(LIST_SIZE).unwrap_or(1);
    let page = page.clamp(1, most_pages);
    let mut found = SearchPage { query, found: 0, page, more: false, items: Vec::new(), latest: Vec::new() };
    if !terms.folded.is_empty() {
        let size = i64::try_from(LIST_SIZE).unwrap_or_default();
        search::plan_for_words(&mut session, true).await?;
        let counted = search::count(&mut session, &terms).await?;
        found.items = search::find(&mut session, &terms, size, size * i64::from(page - 1)).await?;
        search::plan_for_words(&mut session, false).await?;
        hide_closed(&mut session, found.items.iter_mut()).await?;
        found.found = u32::try_from(counted).unwrap_or_default();
        found.more = i64::from(page) * size < counted;
    }
    drop(session);
    if found.items.is_empty() {
        found.latest = list_latest(store).await?;
    }
    Ok(found)
}

/// The addresses of what is published with the times of their last change, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_addresses(store: &Store, most: i64) -> Result<Vec<(String, Instant)>, AppError> {
    let mut session = store.db.read().await?;
    let rows = db::list_addresses(&mut session, most).await?;
    Ok(rows.into_iter().map(|(slug, at)| (slug, Instant(at))).collect())
}

/// Makes the newest revision of an announcement public, within a transaction and at a given moment.
///
/// # Errors
/// `Forbidden`, or when the database fails.
pub async fn publish_within(
    session: &mut Session,
    actor: &Actor,
    announcement_id: i64,
    revision: &LatestRevision,
    at: Instant,
) -> Result<(), AppError> {
    actor.require(Permission::PublishAnnouncements)?;
    make_public(session, actor, announcement_id, revision, at).await
}

/// The same for who has been asked already: an example is published by whoever checks examples.
pub(super) async fn make_public(
    session: &mut Session,
    actor: &Actor,
    announcement_id: i64,
    revision: &LatestRevision,
    at: Instant,
) -> Result<(), AppError> {
    let before = Shown::read(session, announcement_id).await?;
    let actor_id = actor.find_or_add(session, at).await?;
    db::publish(session, announcement_id, revision, actor_id, at).await?;
    note_changes(session, announcement_id, before).await?;
    let text = format!("{}\n{}\n{}", revision.title, revision.lead, revision.body_markdown);
    search::index(session, announcement_id, &fold(&text), &compose(&text).to_lowercase()).await?;
    record(session, actor, announcement_id, "publish", None, at).await
}

/// Where an announcement is shown, and what stands around every page.
pub(super) struct Shown {
    standing: Standing,
    categories: Vec<Label>,
    demonstration: bool,
}

impl Shown {
    /// Where it is shown now.
    pub(super) async fn read(session: &mut Session, id: i64) -> DbResult<Self> {
        Ok(Self {
            standing: db::find_standing(session, id).await?,
            categories: label::list_used_categories(session).await?,
            demonstration: db::has_demonstration(session).await?,
        })
    }
}

/// Notes which things a write to an announcement has changed, by where it was shown before.
pub(super) async fn note_changes(session: &mut Session, id: i64, before: Shown) -> DbResult<()> {
    let after = Shown::read(session, id).await?;
    session.note_change(Thing::Announcement(id));
    if (&before.categories, before.demonstration) != (&after.categories, after.demonstration) {
        session.note_change(Thing::Site);
    }
    let (before, after) = (before.standing, after.standing);
    if before == after {
        return Ok(());
    }
    session.note_change(Thing::Everything);
    if before.public != after.public {
        session.note_change(Thing::RecentComments);
        session.note_change(Thing::Campaigns);
        session.note_change(Thing::Examples);
    }
    for unit in [before.unit_id, after.unit_id].into_iter().flatten() {
        session.note_change(Thing::Unit(unit));
    }
    let moved = before.public != after.public || before.category_id != after.category_id;
    for category in [before.category_id, after.category_id].into_iter().flatten().filter(|_| moved) {
        session.note_change(Thing::Category(category));
    }
    for tag in before.tag_ids.iter().chain(&after.tag_ids) {
        if before.tag_ids.contains(tag) != after.tag_ids.contains(tag) {
            session.note_change(Thing::Tag(*tag));
        }
    }
    Ok(())
}

pub(super) async fn record(
    session: &mut Session,
    actor: &Actor,
    id: i64,
    action: &str,
    reason: Option<&str>,
    at: Instant,
) -> Result<(), AppError> {
    let actor_id = actor.find_or_add(session, at).await?;
    log::add_decision(
        session,
        actor_id,
        at,
        Decision { subject_kind: "announcement", subject_id: id, action, reason, reason_id: None },
    )
    .await?;
    Ok(())
}

/// Makes the newest revision of an announcement public.
///
/// # Errors
/// `Forbidden`, or `NotFound`.
pub async fn publish_announcement(store: &Store, actor: &Actor, slug: &str) -> Result<(), AppError> {
    actor.require(Permission::PublishAnnouncements)?;
    let mut session = store.db.write().await?;
    let (id, _) = db::find_state(&mut session, slug).await?.ok_or(AppError::NotFound)?;
    let revision = revision::find_latest_revision(&mut session, id).await?.ok_or(AppError::NotFound)?;
    publish_within(&mut session, actor, id, &revision, now()).await?;
    session.commit().await?;
    Ok(())
}

/// Takes an announcement away from the public; its page says why.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Invalid` without a reason, or `Conflict` where it is not public.
pub async fn withdraw_announcement(store: &Store, actor: &Actor, slug: &str, reason: &str) -> Result<(), AppError> {
    actor.require(Permission::PublishAnnouncements)?;
    let reason = check_reason(&compose(reason), count)?;
    let at = now();
    let mut session = store.db.write().await?;
    let (id, state) = db::find_state(&mut session, slug).await?.ok_or(AppError::NotFound)?;
    if state != "published" {
        return Err(AppError::Conflict);
    }
    let before = Shown::read(&mut session, id).await?;
    db::withdraw(&mut session, id, &reason, at).await?;
    note_changes(&mut session, id, before).await?;
    search::remove(&mut session, id).await?;
    record(&mut session, actor, id, "withdraw", Some(&reason), at).await?;
    session.commit().await?;
    Ok(())
}

/// What pages need of a list at once is what the statements give.
const _: () =
    assert!(list::PAGE_MOST == LIST_SIZE + 1 && list::PAGE_MOST > ASIDE_SIZE * 2 && list::PAGE_MOST > HOME_LATEST);
