//! Importing announcements from files, with their pictures: all of a file, or nothing.

use std::collections::HashMap;

use crate::domain::error::AppError;
use crate::domain::slug::Slug;
use crate::domain::text::{clean_line, compose, fold, sort_key};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::announcement as db;
use crate::server::db::announcement::revision::{self, NewRevision};
use crate::server::db::desk::draft::keep_open_revision;
use crate::server::db::{Session, label, upload};
use crate::server::error::internal;
use crate::server::image::{self, BadPicture, Prepared};
use crate::server::markdown;
use crate::server::paper::{Paper, Unreadable};
use crate::server::secret::sha256_hex;
use crate::server::services::actor::{Actor, Permission};
use crate::server::services::announcement::{publish_announcement, publish_within};
use crate::server::state::Store;
use crate::text::Text;

/// Where an announcement without a category goes.
pub const DEFAULT_CATEGORY: &str = "Tin tức";

/// How a file is imported.
#[derive(Clone, Debug, Default)]
pub struct ImportOptions {
    /// The category's name, before the file's own.
    pub category: Option<String>,
    /// Whether it is published at once; otherwise it is a draft.
    pub publish: bool,
    /// Whether it belongs to the demonstration.
    pub demonstration: bool,
    /// The announcement that the file says anew, instead of being one of its own.
    pub revise: Option<Revise>,
}

/// Which announcement a file says anew.
#[derive(Clone, Debug)]
pub struct Revise {
    /// Its slug.
    pub slug: String,
    /// What was corrected, for the public; empty for what readers need not be told.
    pub note: String,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Imported {
    /// It is stored under this slug.
    New(String),
    /// The same text was there already, under this slug, as a draft, published or withdrawn.
    Already(String, String),
    /// The same text was there as a draft, under this slug, and is published now.
    DraftPublished(String),
}

/// Why a file was not imported; nothing of it is stored.
#[derive(Clone, Debug)]
pub enum ImportError {
    /// The file can't be taken as it is.
    Unreadable(Unreadable),
    /// Something else.
    App(AppError),
}

impl<E: Into<AppError>> From<E> for ImportError {
    fn from(error: E) -> Self {
        ImportError::App(error.into())
    }
}

/// Reads a picture that a text names by its path, or says why it can't be read.
pub type ReadPicture<'a> = &'a (dyn Fn(&str) -> Result<Vec<u8>, String> + Sync);

/// Stores an announcement with the pictures that it names.
///
/// # Errors
/// Why nothing was stored.
pub async fn import_announcement(
    store: &Store,
    actor: &Actor,
    paper: &Paper,
    read_picture: ReadPicture<'_>,
    options: &ImportOptions,
) -> Result<Imported, ImportError> {
    actor.require(Permission::PublishAnnouncements)?;
    let category = options.category.as_deref().or(paper.category.as_deref()).unwrap_or(DEFAULT_CATEGORY);
    let category = clean_line(&compose(category));
    let category_slug =
        Slug::from_folded(&fold(&category)).ok_or_else(|| refuse("The category's name has no letter."))?;
    let content_hash = sha256_hex([paper.title.as_str(), &paper.lead, &paper.body].join("\n").as_bytes());

    let arrived = now();
    if options.publish && paper.published.is_some_and(|at| at > arrived) {
        let why = "This time is still to come: leave it out, or publish the announcement then.".to_owned();
        return Err(ImportError::Unreadable(Unreadable { line: paper.published_line, why }));
    }
    let mut session = store.db.read().await?;
    if let Some(there) = find_same(&mut session, &content_hash, options).await? {
        drop(session);
        return meet_same(store, actor, there, options).await;
    }
    drop(session);
    let lead = match &paper.image {
        Some((path, line)) => Some(prepare_picture(store, read_picture, path, *line).await?),
        None => None,
    };
    let (mut pictures, mut prepared) = (HashMap::new(), Vec::new());
    let mut body: Vec<String> = paper.body.split('\n').map(str::to_owned).collect();
    for figure in markdown::list_figures(&paper.body) {
        let line = paper.body_line + figure.line - 1;
        let picture = prepare_picture(store, read_picture, &figure.path, line).await?;
        if let Some(shown) = upload::picture_of(&picture.upload.sizes, &figure.alt) {
            // Kept as the library names it: where the file came from, nobody can look it up later.
            let stored = shown.fallback.url.clone();
            if let Some(line) = body.get_mut(figure.line - 1) {
                *line = line.replacen(&format!("]({}", figure.path), &format!("]({stored}"), 1);
            }
            pictures.insert(figure.path, shown.clone());
            pictures.insert(stored, shown);
        }
        prepared.push(picture);
    }

    let body = body.join("\n");
    let at = paper.published.filter(|_| options.publish && options.revise.is_none()).unwrap_or(arrived);
    let mut session = store.db.write().await?;
    // Two imports of the same text at once: the second one sees the first one's here.
    if let Some(there) = find_same(&mut session, &content_hash, options).await? {
        drop(session);
        return meet_same(store, actor, there, options).await;
    }
    let actor_id = actor.find_or_add(&mut session, arrived).await?;
    let category_id =
        label::find_or_add_category(&mut session, category_slug.as_str(), &category, &sort_key(&category)).await?;
    let image_id = match &lead {
        Some(prepared) => Some(upload::add_public(&mut session, &prepared.upload, actor_id, arrived).await?),
        None => None,
    };
    let mut picture_ids = Vec::new();
    for picture in &prepared {
        picture_ids.push(upload::add_public(&mut session, &picture.upload, actor_id, arrived).await?);
    }
    let (slug, id) = match &options.revise {
        Some(revise) => {
            let (id, _) = db::find_state(&mut session, &revise.slug).await?.ok_or(AppError::NotFound)?;
            (revise.slug.clone(), id)
        }
        None => {
            let slug = free_slug(&mut session, paper).await?;
            (
                slug.to_string(),
                db::add(&mut session, "announcement", slug.as_str(), options.demonstration, arrived).await?,
            )
        }
    };
    let parts = RevisionParts { tags: &paper.tags, picture_ids: &picture_ids };
    let mut revision = NewRevision {
        title: paper.title.clone(),
        lead: paper.lead.clone(),
        body_html: markdown::render_with_pictures(&body, &pictures, Text(paper.language)).as_str().to_owned(),
        body_markdown: body,
        category_id,
        author_line: paper.author_line.clone(),
        source: paper.source.clone(),
        image_id,
        image_caption: paper.caption.clone(),
        image_credit: paper.credit.clone(),
        image_alt: if paper.alt.is_empty() { paper.caption.clone() } else { paper.alt.clone() },
        language: paper.language,
        change_note: options.revise.as_ref().map(|revise| clean_line(&compose(&revise.note))).unwrap_or_default(),
        content_hash,
    };
    store_revision(&mut session, actor, id, &revision, parts, actor_id, at, options.publish).await?;
    // A correction that the file tells of is a revision of its own, at its own time.
    let told = options.publish && options.revise.is_none() && !paper.change_note.is_empty();
    if let Some(updated) = paper.updated.filter(|_| told) {
        revision.change_note.clone_from(&paper.change_note);
        store_revision(&mut session, actor, id, &revision, parts, actor_id, updated, true).await?;
    }
    session.commit().await?;
    Ok(Imported::New(slug))
}

/// The slug and the state of what says the same already; of the very announcement, if one is said anew.
async fn find_same(
    session: &mut Session,
    content_hash: &str,
    options: &ImportOptions,
) -> Result<Option<(String, String)>, AppError> {
    let same = db::find_by_content(session, content_hash).await?;
    Ok(same.filter(|(slug, _)| options.revise.as_ref().is_none_or(|revise| revise.slug == *slug)))
}

/// What was brought again is not stored again; a draft is published if that was asked for.
async fn meet_same(
    store: &Store,
    actor: &Actor,
    (slug, state): (String, String),
    options: &ImportOptions,
) -> Result<Imported, ImportError> {
    if options.publish && state == "draft" {
        publish_announcement(store, actor, &slug).await?;
        return Ok(Imported::DraftPublished(slug));
    }
    Ok(Imported::Already(slug, state))
}

async fn prepare_picture(
    store: &Store,
    read_picture: ReadPicture<'_>,
    path: &str,
    line: usize,
) -> Result<Prepared, ImportError> {
    let unreadable = |why: String| ImportError::Unreadable(Unreadable { line, why });
    let bytes = read_picture(path).map_err(unreadable)?;
    let prepared = tokio::task::spawn_blocking(move || image::prepare(&bytes)).await.map_err(internal)?;
    let prepared = prepared.map_err(|why| unreadable(explain(why).to_owned()))?;
    prepared.write(store)?;
    Ok(prepared)
}

/// What hangs on a revision besides its columns.
#[derive(Clone, Copy)]
struct RevisionParts<'a> {
    tags: &'a [String],
    picture_ids: &'a [i64],
}

#[expect(
    clippy::too_many_arguments,
    reason = "a private step of one use case, told everything that its two calls share"
)]
async fn store_revision(
    session: &mut Session,
    actor: &Actor,
    id: i64,
    revision: &NewRevision,
    parts: RevisionParts<'_>,
    actor_id: i64,
    at: Instant,
    publish: bool,
) -> Result<(), ImportError> {
    keep_open_revision(session, id).await?;
    let revision_id = revision::add_revision(session, id, revision, actor_id, at).await?;
    for picture_id in parts.picture_ids {
        revision::add_revision_picture(session, revision_id, *picture_id).await?;
    }
    for tag in parts.tags {
        if let Some(slug) = Slug::from_folded(&fold(tag)) {
            let tag_id = label::find_or_add_tag(session, slug.as_str(), tag, &sort_key(tag)).await?;
            revision::add_revision_tag(session, revision_id, tag_id).await?;
        }
    }
    if publish {
        let latest = revision::find_latest_revision(session, id).await?.ok_or(AppError::NotFound)?;
        publish_within(session, actor, id, &latest, at).await?;
    }
    Ok(())
}

fn refuse(why: &str) -> ImportError {
    ImportError::Unreadable(Unreadable { line: 1, why: why.to_owned() })
}

fn explain(why: BadPicture) -> &'static str {
    match why {
        BadPicture::TooLarge => "The picture is too large: at most 20 MB and 12,000 pixels along a side are taken.",
        BadPicture::Unreadable => "The picture can't be read: JPEG, PNG and WebP are taken.",
    }
}

/// The slug that the file asks for, which must be free, or one made of the title, with a number if it is taken.
async fn free_slug(session: &mut Session, paper: &Paper) -> Result<Slug, ImportError> {
    if let Some(asked) = &paper.slug {
        return match db::find_state(session, asked.as_str()).await? {
            None => Ok(asked.clone()),
            Some(_) => Err(refuse(&format!(
                "The slug {asked} is taken: give another one, or correct that announcement with thidua announcement revise."
            ))),
        };
    }
    let made = Slug::from_folded(&fold(&paper.title));
    let made =
        made.ok_or_else(|| refuse("The title has no letter to make an address of: give a slug in front matter."))?;
    for number in 1_u32.. {
        let slug = if number == 1 { made.clone() } else { made.numbered(number) };
        if db::find_state(session, slug.as_str()).await?.is_none() {
            return Ok(slug);
        }
    }
    Err(ImportError::App(AppError::Conflict))
}
