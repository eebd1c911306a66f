//! The demonstration content: loaded into the database, and taken away again.

use include_dir::{Dir, include_dir};
use serde::Deserialize;

pub use self::campaign::load_campaigns;
use super::db::comment::arrival::{SentComment, WaitingComment, add_waiting};
use super::db::comment::{count_of_demonstration, find_or_add_discussion};
use super::db::{announcement, desk, search, upload};
use super::error::Failure;
use super::markdown::render_comment;
use super::paper;
use super::services::actor::Actor;
use super::services::comment::{Verdict, decide_within, make_code};
use super::services::import::{ImportError, ImportOptions, Imported, import_announcement};
use super::state::Store;
use super::thing::Thing;
use crate::domain::error::AppError;
use crate::domain::guard::mask;
use crate::domain::lang::Lang;
use crate::domain::text::compose;
use crate::domain::time::Instant;

mod campaign;

static CONTENT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/demo");

const MINUTE: i64 = 60_000;

#[derive(Deserialize)]
struct DemoComment {
    announcement: String,
    author: String,
    text: String,
    minutes_after: i64,
    state: String,
    #[serde(default)]
    reason: String,
}

/// How much of the demonstration was added or taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// Announcements.
    pub announcements: usize,
    /// Comments.
    pub comments: usize,
    /// Campaigns.
    pub campaigns: usize,
    /// Examples.
    pub examples: usize,
    /// Units.
    pub units: usize,
}

/// Loads the demonstration content; what is there already is left as it is.
///
/// # Errors
/// A sentence with the file that could not be loaded.
pub async fn load(store: &Store) -> Result<Amount, Failure> {
    let comments = read_comments()?;
    let mut added = Amount::default();
    let mut files: Vec<_> = CONTENT.get_dir("announcements").map(|folder| folder.files().collect()).unwrap_or_default();
    files.sort_by_key(|file| file.path());
    for file in files {
        let name = file.path().display().to_string();
        let paper = paper::read(file.contents())
            .map_err(|why| Failure::new(format!("demo/{name}, line {}: {}", why.line, why.why)))?;
        let read_picture = |path: &str| {
            let picture = CONTENT.get_file(path).map(|picture| picture.contents().to_vec());
            picture.ok_or_else(|| format!("There is no picture {path}."))
        };
        let options = ImportOptions { publish: true, demonstration: true, ..ImportOptions::default() };
        let imported = import_announcement(store, &Actor::Demonstration, &paper, &read_picture, &options)
            .await
            .map_err(|error| match error {
                ImportError::Unreadable(why) => Failure::new(format!("demo/{name}, line {}: {}", why.line, why.why)),
                ImportError::App(error) => error.into(),
            })?;
        if let Imported::New(slug) = imported {
            added.announcements += 1;
            let published = paper.published.unwrap_or_default();
            let asked = paper.slug.as_ref().map_or(slug.as_str(), |asked| asked.as_str());
            added.comments += add_comments(store, &comments, asked, &slug, published).await?;
        }
    }
    let loaded = load_campaigns(store).await?;
    Ok(Amount { comments: added.comments + loaded.comments, announcements: added.announcements, ..loaded })
}

fn read_comments() -> Result<Vec<DemoComment>, Failure> {
    let comments = CONTENT.get_file("comments.json").map(include_dir::File::contents).unwrap_or_default();
    serde_json::from_slice(comments).map_err(|error| Failure::new(format!("demo/comments.json: {error}.")))
}

/// Adds the comments on a text that was published at a moment under a slug, and gives how many that were. They name it
/// by the slug that its file asks for.
async fn add_comments(
    store: &Store,
    comments: &[DemoComment],
    asked: &str,
    slug: &str,
    published: Instant,
) -> Result<usize, Failure> {
    let mut added = 0;
    for comment in comments.iter().filter(|comment| comment.announcement == asked) {
        add_comment(store, slug, comment, published.plus_ms(comment.minutes_after * MINUTE)).await?;
        added += 1;
    }
    Ok(added)
}

async fn add_comment(store: &Store, slug: &str, demo: &DemoComment, at: Instant) -> Result<(), Failure> {
    let mut session = store.db.write().await?;
    let (id, _) = announcement::find_state(&mut session, slug).await?.ok_or(AppError::NotFound)?;
    let code = make_code()?;
    let discussion_id = find_or_add_discussion(&mut session, "announcement", id, at).await?;
    let text = compose(&demo.text);
    let html = render_comment(&mask(&text));
    let sent = SentComment {
        code: code.as_stored().to_owned(),
        thread_id: None,
        reply_to_id: None,
        // Nobody sends it a second time.
        key_hash: code.as_stored().to_owned(),
        remembered_until: at.0,
        author_name: compose(&demo.author),
        email: None,
        html: html.as_str().to_owned(),
        text,
        language: Lang::Vi.code(),
        sender_hash: None,
        sender_hash_expires_at: None,
        sender_hashes: Vec::new(),
        counted: false,
        proof_hash: None,
        proof_expires_at: None,
        created_at: at.0,
    };
    let waiting =
        WaitingComment { announcement_id: id, discussion_id, flood_id: None, proven: false, rush: false, sent: &sent };
    add_waiting(&mut session, &[waiting], at).await?;
    let verdict = match demo.state.as_str() {
        "published" => Some(Verdict::Approve),
        "rejected" => Some(Verdict::Reject { reason: demo.reason.clone() }),
        _ => None,
    };
    if let Some(verdict) = verdict {
        decide_within(&mut session, &Actor::Demonstration, &code, &verdict, at.plus_ms(30 * MINUTE)).await?;
    }
    session.commit().await?;
    Ok(())
}

/// Takes the demonstration content away, with every comment on it, every registration and every report, and gives how much
/// that was. A unit stays that something else hangs on.
///
/// # Errors
/// When the database fails.
pub async fn remove(store: &Store) -> Result<Amount, Failure> {
    let mut session = store.db.write().await?;
    let number = |count: i64| usize::try_from(count).unwrap_or_default();
    let comments = number(count_of_demonstration(&mut session).await?);
    let campaigns = number(desk::demo::count_campaigns(&mut session).await?);
    let examples = number(desk::demo::count_examples(&mut session).await?);
    let texts = usize::try_from(announcement::remove_demonstration(&mut session).await?).unwrap_or_default();
    desk::demo::remove_clusters(&mut session).await?;
    let units = usize::try_from(desk::demo::remove_units(&mut session).await?).unwrap_or_default();
    search::remove_orphans(&mut session).await?;
    upload::remove_unused(&mut session).await?;
    session.note_change(Thing::Whole);
    session.commit().await?;
    let announcements = texts.saturating_sub(campaigns + examples);
    Ok(Amount { announcements, comments, campaigns, examples, units })
}

/// Whether the database holds no announcement at all.
///
/// # Errors
/// When the database fails.
pub async fn is_empty(store: &Store) -> Result<bool, Failure> {
    let mut session = store.db.read().await?;
    Ok(announcement::count(&mut session).await? == 0)
}
