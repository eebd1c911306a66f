//! The library: uploaded pictures and documents by their names.

use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};

/// An uploaded file.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UploadRow {
    /// Its id.
    pub id: i64,
    /// The hash of the file as it came.
    pub sha256: String,
    /// What its content is.
    pub media_type: String,
    /// Pixels across; 0 for a document.
    pub width: i64,
    /// Pixels down.
    pub height: i64,
    /// Bytes as it came.
    pub bytes: i64,
    /// JSON of the sizes that it is served in.
    pub sizes: String,
    /// When it came.
    pub created_at: i64,
    /// The file's name, as it came.
    pub name: String,
    /// What it shows.
    pub alt: String,
    /// The name of the JPEG.
    pub fallback: String,
}

macro_rules! select_upload {
    () => {
        "SELECT id, sha256, media_type, width, height, bytes, sizes, created_at, name, alt, fallback FROM upload "
    };
}

/// A picture by the name of its JPEG.
///
/// # Errors
/// When the database fails.
pub async fn find_picture(session: &mut Session, fallback: &str) -> DbResult<Option<UploadRow>> {
    fetch_optional!(
        session,
        UploadRow,
        concat!(select_upload!(), "WHERE fallback = $1 AND visibility = 'public' ORDER BY id LIMIT 1"),
        fallback
    )
}

/// An upload by its id.
///
/// # Errors
/// When the database fails.
pub async fn find_upload(session: &mut Session, id: i64) -> DbResult<Option<UploadRow>> {
    fetch_optional!(session, UploadRow, concat!(select_upload!(), "WHERE id = $1 AND visibility = 'public'"), id)
}

/// A document by the hash of its content.
///
/// # Errors
/// When the database fails.
pub async fn find_document(session: &mut Session, sha256: &str) -> DbResult<Option<UploadRow>> {
    fetch_optional!(
        session,
        UploadRow,
        concat!(select_upload!(), "WHERE sha256 = $1 AND width = 0 AND visibility = 'public'"),
        sha256
    )
}

/// Pictures with some words in their names or in what they show, the newest first, at most 61.
///
/// # Errors
/// When the database fails.
pub async fn list_pictures(session: &mut Session, words: &str, before: i64) -> DbResult<Vec<UploadRow>> {
    fetch_all!(
        session,
        UploadRow,
        concat!(
            select_upload!(),
            "WHERE width > 0 AND visibility = 'public' AND id < $2 AND ($1 = '' OR search_text LIKE $1) ORDER BY id DESC LIMIT 61"
        ),
        words,
        before
    )
}

/// Says under what name a file is found and what it shows, if nothing was said yet.
///
/// # Errors
/// When the database fails.
pub async fn name_upload(
    session: &mut Session,
    id: i64,
    name: &str,
    fallback: &str,
    search_text: &str,
) -> DbResult<()> {
    execute!(
        session,
        "UPDATE upload SET name = CASE WHEN name = '' THEN $2 ELSE name END,
                search_text = CASE WHEN search_text = '' THEN $4 ELSE search_text END,
                fallback = CASE WHEN fallback = '' THEN $3 ELSE fallback END
         WHERE id = $1",
        id,
        name,
        fallback,
        search_text
    )?;
    Ok(())
}

/// Says what a picture shows.
///
/// # Errors
/// When the database fails.
pub async fn describe_picture(session: &mut Session, id: i64, alt: &str, search_text: &str) -> DbResult<()> {
    execute!(session, "UPDATE upload SET alt = $2, search_text = $3 WHERE id = $1", id, alt, search_text)?;
    Ok(())
}

/// Records a document.
///
/// # Errors
/// When the database fails.
pub async fn add_document(
    session: &mut Session,
    sha256: &str,
    media_type: &str,
    bytes: i64,
    actor_id: i64,
    at: Instant,
) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO upload (sha256, visibility, media_type, width, height, bytes, sizes, created_at, actor_id)
         VALUES ($1, 'public', $2, 0, 0, $3, '[]', $4, $5) ON CONFLICT (sha256, visibility) DO NOTHING",
        sha256,
        media_type,
        bytes,
        at.0,
        actor_id
    )?;
    Ok(())
}

/// Adds a file that is not public, and gives its id; the same content twice is once.
///
/// # Errors
/// When the database fails.
pub async fn add_internal(
    session: &mut Session,
    sha256: &str,
    media_type: &str,
    bytes: i64,
    actor_id: i64,
    at: Instant,
) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO upload (sha256, visibility, media_type, width, height, bytes, sizes, created_at, actor_id)
         VALUES ($1, 'internal', $2, 0, 0, $3, '[]', $4, $5)
         ON CONFLICT (sha256, visibility) DO UPDATE SET sha256 = excluded.sha256 RETURNING id",
        sha256,
        media_type,
        bytes,
        at.0,
        actor_id
    )?;
    Ok(id)
}
