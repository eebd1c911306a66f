//! Uploaded pictures, by the hash of their content.

use serde::{Deserialize, Serialize};

use super::{DbResult, Session, execute, fetch_one, fetch_optional};
use crate::domain::announcement::{Picture, PictureSize};
use crate::domain::time::Instant;

/// Where public pictures are served from; the file's hash follows.
pub const PICTURE_PATH: &str = "/tep/";

/// One stored file of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredSize {
    /// `image/webp` or `image/jpeg`.
    pub media_type: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The file's name below the uploads, without its ending.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// A picture of its stored sizes; `None` where they can't be read.
pub fn stored_picture(sizes: &str, alt: &str) -> Option<Picture> {
    picture_of(&serde_json::from_str::<Vec<StoredSize>>(sizes).ok()?, alt)
}

/// A picture of its sizes; `None` where there is none for every browser.
pub fn picture_of(sizes: &[StoredSize], alt: &str) -> Option<Picture> {
    let served = |size: &StoredSize, ending: &str| PictureSize {
        width: size.width,
        height: size.height,
        url: format!("{PICTURE_PATH}{}.{ending}", size.sha256),
    };
    let webp: Vec<_> =
        sizes.iter().filter(|size| size.media_type == "image/webp").map(|size| served(size, "webp")).collect();
    let fallback = sizes.iter().find(|size| size.media_type == "image/jpeg").map(|size| served(size, "jpg"))?;
    (!webp.is_empty()).then(|| Picture { alt: alt.to_owned(), webp, fallback })
}

/// A picture about to be recorded.
#[derive(Clone, Debug)]
pub struct NewUpload {
    /// The hash of the file as it came.
    pub sha256: String,
    /// What its content is.
    pub media_type: &'static str,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Bytes as it came.
    pub bytes: u64,
    /// What it is served as.
    pub sizes: Vec<StoredSize>,
}

/// The id of a public picture with this content, if it was stored before.
///
/// # Errors
/// When the database fails.
pub async fn find_public(session: &mut Session, sha256: &str) -> DbResult<Option<i64>> {
    let row =
        fetch_optional!(session, (i64,), "SELECT id FROM upload WHERE sha256 = $1 AND visibility = 'public'", sha256)?;
    Ok(row.map(|(id,)| id))
}

/// Records a public picture.
///
/// # Errors
/// When the database fails.
pub async fn add_public(session: &mut Session, upload: &NewUpload, actor_id: i64, at: Instant) -> DbResult<i64> {
    let fallback = upload.sizes.iter().find(|size| size.media_type == "image/jpeg");
    let fallback = fallback.map(|size| size.sha256.as_str()).unwrap_or_default();
    let sizes = serde_json::to_string(&upload.sizes).unwrap_or_else(|_| "[]".to_owned());
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO upload (sha256, visibility, media_type, width, height, bytes, sizes, created_at, actor_id, fallback)
         VALUES ($1, 'public', $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (sha256, visibility) DO UPDATE SET sha256 = excluded.sha256 RETURNING id",
        upload.sha256.as_str(),
        upload.media_type,
        i64::from(upload.width),
        i64::from(upload.height),
        i64::try_from(upload.bytes).unwrap_or(i64::MAX),
        sizes,
        at.0,
        actor_id,
        fallback,
    )?;
    Ok(id)
}

/// Forgets pictures of the demonstration that nothing uses any more (their files stay until the data folder is tidied).
///
/// # Errors
/// When the database fails.
pub async fn remove_unused(session: &mut Session) -> DbResult<u64> {
    execute!(
        session,
        "DELETE FROM upload WHERE NOT EXISTS (SELECT 1 FROM revision r WHERE r.image_id = upload.id)
         AND NOT EXISTS (SELECT 1 FROM revision_picture p WHERE p.upload_id = upload.id)
         AND actor_id IN (SELECT id FROM actor WHERE kind = 'demonstration')"
    )
}
