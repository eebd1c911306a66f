//! The demonstration content: loaded into the database, and taken away again.

use include_dir::{Dir, include_dir};

pub use self::campaign::load_campaigns;
use self::comment::{add_comments, hold_conversations, read_comments};
use super::db::comment::count_of_demonstration;
use super::db::{announcement, desk, search, upload};
use super::error::Failure;
use super::paper;
use super::services::actor::Actor;
use super::services::import::{ImportError, ImportOptions, Imported, import_announcement};
use super::state::Store;
use super::thing::Thing;

mod campaign;
mod comment;

static CONTENT: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/demo");

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
    let mut conversations = Vec::new();
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
            conversations.extend(add_comments(store, &comments, asked, &slug, published).await?);
        }
    }
    let loaded = load_campaigns(store).await?;
    // Units answer, which came with the campaigns.
    let comments = hold_conversations(store, &conversations).await?;
    let announcements = added.announcements + loaded.announcements;
    Ok(Amount { comments: comments + loaded.comments, announcements, ..loaded })
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
