//! Revisions: what an announcement says, each time that it was written anew.

use crate::domain::announcement::ChangeNote;
use crate::domain::lang::Lang;
use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};

/// The content of a revision about to be stored.
#[derive(Clone, Debug)]
pub struct NewRevision {
    /// The title.
    pub title: String,
    /// The lead.
    pub lead: String,
    /// The body as it was written.
    pub body_markdown: String,
    /// The body, clean.
    pub body_html: String,
    /// Its category.
    pub category_id: i64,
    /// Who wrote it.
    pub author_line: String,
    /// Where it comes from.
    pub source: String,
    /// The lead picture.
    pub image_id: Option<i64>,
    /// Its caption.
    pub image_caption: String,
    /// Who made it.
    pub image_credit: String,
    /// What it shows.
    pub image_alt: String,
    /// The language.
    pub language: Lang,
    /// What was corrected, for the public.
    pub change_note: String,
    /// A hash of the content as it came.
    pub content_hash: String,
}

/// Adds the next revision of an announcement, as a draft.
///
/// # Errors
/// When the database fails.
pub async fn add_revision(
    session: &mut Session,
    announcement_id: i64,
    new: &NewRevision,
    actor_id: i64,
    at: Instant,
) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO revision (announcement_id, number, state, title, lead, body_markdown, body_html, category_id, author_line, source,
                               image_id, image_caption, image_credit, image_alt, language, change_note, content_hash, actor_id, created_at, saved_at)
         VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM revision WHERE announcement_id = $1), 'draft',
                 $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17) RETURNING id",
        announcement_id,
        new.title.as_str(),
        new.lead.as_str(),
        new.body_markdown.as_str(),
        new.body_html.as_str(),
        new.category_id,
        new.author_line.as_str(),
        new.source.as_str(),
        new.image_id,
        new.image_caption.as_str(),
        new.image_credit.as_str(),
        new.image_alt.as_str(),
        new.language.code(),
        new.change_note.as_str(),
        new.content_hash.as_str(),
        actor_id,
        at.0,
    )?;
    Ok(id)
}

/// Ties a tag to a revision.
///
/// # Errors
/// When the database fails.
pub async fn add_revision_tag(session: &mut Session, revision_id: i64, tag_id: i64) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO revision_tag (revision_id, tag_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        revision_id,
        tag_id
    )?;
    Ok(())
}

/// Says that a picture stands in a revision's body.
///
/// # Errors
/// When the database fails.
pub async fn add_revision_picture(session: &mut Session, revision_id: i64, upload_id: i64) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO revision_picture (revision_id, upload_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        revision_id,
        upload_id
    )?;
    Ok(())
}

/// What publishing needs of a revision.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LatestRevision {
    /// Its id.
    pub id: i64,
    /// The title.
    pub title: String,
    /// The lead.
    pub lead: String,
    /// The body as it was written.
    pub body_markdown: String,
    /// Its category.
    pub category_id: i64,
    /// What was corrected, for the public.
    pub change_note: String,
}

/// The newest revision of an announcement.
///
/// # Errors
/// When the database fails.
pub async fn find_latest_revision(session: &mut Session, announcement_id: i64) -> DbResult<Option<LatestRevision>> {
    fetch_optional!(
        session,
        LatestRevision,
        "SELECT id, title, lead, body_markdown, category_id, change_note FROM revision WHERE announcement_id = $1 ORDER BY number DESC LIMIT 1",
        announcement_id,
    )
}

/// Public corrections of an announcement, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_change_notes(session: &mut Session, id: i64) -> DbResult<Vec<ChangeNote>> {
    let rows = fetch_all!(
        session,
        (i64, String),
        "SELECT COALESCE(published_at, created_at), change_note FROM revision
         WHERE announcement_id = $1 AND state IN ('published', 'superseded') AND change_note <> '' ORDER BY number DESC",
        id,
    )?;
    Ok(rows.into_iter().map(|(at, note)| ChangeNote { at: Instant(at), note }).collect())
}
