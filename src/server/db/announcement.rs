//! Announcements, their revisions, and the lists that readers page through.

use super::upload::StoredSize;
use super::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};
use crate::domain::announcement::{ChangeNote, Label, Picture, PictureSize, Teaser};
use crate::domain::cursor::Cursor;
use crate::domain::lang::Lang;
use crate::domain::time::Instant;

/// Where public pictures are served from; the file's hash follows.
pub const PICTURE_PATH: &str = "/tep/";

/// An announcement with its published revision, as the page of one needs it.
#[derive(Debug, sqlx::FromRow)]
pub struct AnnouncementRow {
    /// The announcement's id.
    pub id: i64,
    /// Its slug.
    pub slug: String,
    /// `published` or `withdrawn`.
    pub state: String,
    /// When it was withdrawn.
    pub withdrawn_at: Option<i64>,
    /// Why it was withdrawn.
    pub withdrawn_reason: Option<String>,
    /// First published.
    pub first_published_at: i64,
    /// Publicly updated.
    pub publicly_updated_at: Option<i64>,
    /// Its category.
    pub category_id: i64,
    /// The category's slug.
    pub category_slug: String,
    /// The category's name.
    pub category_name: String,
    /// The published revision.
    pub revision_id: i64,
    /// The title.
    pub title: String,
    /// The lead.
    pub lead: String,
    /// The body, clean.
    pub body_html: String,
    /// Who wrote it.
    pub author_line: String,
    /// Where it comes from.
    pub source: String,
    /// The picture's caption.
    pub image_caption: String,
    /// Who made the picture.
    pub image_credit: String,
    /// What the picture shows.
    pub image_alt: String,
    /// JSON of the picture's sizes.
    pub image_sizes: Option<String>,
    /// The language tag.
    pub language: String,
}

/// What is public, or was until it was withdrawn, under a slug.
///
/// # Errors
/// When the database fails.
pub async fn find_public(session: &mut Session, slug: &str) -> DbResult<Option<AnnouncementRow>> {
    fetch_optional!(
        session,
        AnnouncementRow,
        "SELECT a.id, a.slug, a.state, a.withdrawn_at, a.withdrawn_reason, a.first_published_at, a.publicly_updated_at,
                c.id AS category_id, c.slug AS category_slug, c.name AS category_name, r.id AS revision_id,
                r.title, r.lead, r.body_html, r.author_line, r.source, r.image_caption, r.image_credit, r.image_alt,
                u.sizes AS image_sizes, r.language
         FROM announcement a
         JOIN revision r ON r.id = a.published_revision_id
         JOIN category c ON c.id = r.category_id
         LEFT JOIN upload u ON u.id = r.image_id
         WHERE a.slug = $1 AND a.state IN ('published', 'withdrawn')",
        slug,
    )
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct TeaserRow {
    id: i64,
    slug: String,
    title: String,
    lead: String,
    language: String,
    category_slug: String,
    category_name: String,
    first_published_at: i64,
    comments: i64,
    image_alt: String,
    image_sizes: Option<String>,
}

/// A teaser with the place it has in a list.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Its announcement's id and instant.
    pub cursor: Cursor,
    /// The teaser.
    pub teaser: Teaser,
}

impl From<TeaserRow> for Placed {
    fn from(row: TeaserRow) -> Self {
        let published = Instant(row.first_published_at);
        Placed {
            cursor: Cursor { at: published, id: row.id },
            teaser: Teaser {
                slug: row.slug,
                title: row.title,
                lead: row.lead,
                language: Lang::parse(&row.language).unwrap_or_default(),
                category: Label { slug: row.category_slug, name: row.category_name },
                published,
                comments: u32::try_from(row.comments).unwrap_or_default(),
                picture: row.image_sizes.and_then(|sizes| picture(&sizes, &row.image_alt)),
            },
        }
    }
}

/// A picture of its stored sizes; `None` where they can't be read.
pub fn picture(sizes: &str, alt: &str) -> Option<Picture> {
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

/// The columns of a teaser and where they come from.
macro_rules! select_teaser {
    () => {
        "SELECT a.id, a.slug, r.title, r.lead, r.language, c.slug AS category_slug, c.name AS category_name,
                a.first_published_at, COALESCE(d.published_count, 0) AS comments, r.image_alt, u.sizes AS image_sizes
         FROM announcement a
         JOIN revision r ON r.id = a.published_revision_id
         JOIN category c ON c.id = a.category_id
         LEFT JOIN upload u ON u.id = r.image_id
         LEFT JOIN discussion d ON d.subject_kind = 'announcement' AND d.subject_id = a.id "
    };
}
pub(crate) use select_teaser;

fn placed(rows: Vec<TeaserRow>) -> Vec<Placed> {
    rows.into_iter().map(Placed::from).collect()
}

/// Published announcements older than a cursor, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_older(session: &mut Session, than: Cursor, most: i64) -> DbResult<Vec<Placed>> {
    let rows = fetch_all!(
        session,
        TeaserRow,
        concat!(
            select_teaser!(),
            "WHERE a.state = 'published' AND (a.first_published_at, a.id) < ($1, $2)
             ORDER BY a.first_published_at DESC, a.id DESC LIMIT $3"
        ),
        than.at.0,
        than.id,
        most,
    )?;
    Ok(placed(rows))
}

/// Published announcements newer than a cursor, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_newer(session: &mut Session, than: Cursor, most: i64) -> DbResult<Vec<Placed>> {
    let rows = fetch_all!(
        session,
        TeaserRow,
        concat!(
            select_teaser!(),
            "WHERE a.state = 'published' AND (a.first_published_at, a.id) > ($1, $2)
             ORDER BY a.first_published_at, a.id LIMIT $3"
        ),
        than.at.0,
        than.id,
        most,
    )?;
    Ok(placed(rows))
}

/// The same as [`list_older`] within a category.
///
/// # Errors
/// When the database fails.
pub async fn list_category_older(
    session: &mut Session,
    category_id: i64,
    than: Cursor,
    most: i64,
) -> DbResult<Vec<Placed>> {
    let rows = fetch_all!(
        session,
        TeaserRow,
        concat!(
            select_teaser!(),
            "WHERE a.category_id = $1 AND a.state = 'published' AND (a.first_published_at, a.id) < ($2, $3)
             ORDER BY a.first_published_at DESC, a.id DESC LIMIT $4"
        ),
        category_id,
        than.at.0,
        than.id,
        most,
    )?;
    Ok(placed(rows))
}

/// The same as [`list_newer`] within a category.
///
/// # Errors
/// When the database fails.
pub async fn list_category_newer(
    session: &mut Session,
    category_id: i64,
    than: Cursor,
    most: i64,
) -> DbResult<Vec<Placed>> {
    let rows = fetch_all!(
        session,
        TeaserRow,
        concat!(
            select_teaser!(),
            "WHERE a.category_id = $1 AND a.state = 'published' AND (a.first_published_at, a.id) > ($2, $3)
             ORDER BY a.first_published_at, a.id LIMIT $4"
        ),
        category_id,
        than.at.0,
        than.id,
        most,
    )?;
    Ok(placed(rows))
}

/// The same as [`list_older`] with a tag.
///
/// # Errors
/// When the database fails.
pub async fn list_tag_older(session: &mut Session, tag_id: i64, than: Cursor, most: i64) -> DbResult<Vec<Placed>> {
    let rows = fetch_all!(
        session,
        TeaserRow,
        concat!(
            select_teaser!(),
            "JOIN announcement_tag at ON at.announcement_id = a.id
             WHERE at.tag_id = $1 AND (at.first_published_at, at.announcement_id) < ($2, $3)
             ORDER BY at.first_published_at DESC, at.announcement_id DESC LIMIT $4"
        ),
        tag_id,
        than.at.0,
        than.id,
        most,
    )?;
    Ok(placed(rows))
}

/// The same as [`list_newer`] with a tag.
///
/// # Errors
/// When the database fails.
pub async fn list_tag_newer(session: &mut Session, tag_id: i64, than: Cursor, most: i64) -> DbResult<Vec<Placed>> {
    let rows = fetch_all!(
        session,
        TeaserRow,
        concat!(
            select_teaser!(),
            "JOIN announcement_tag at ON at.announcement_id = a.id
             WHERE at.tag_id = $1 AND (at.first_published_at, at.announcement_id) > ($2, $3)
             ORDER BY at.first_published_at, at.announcement_id LIMIT $4"
        ),
        tag_id,
        than.at.0,
        than.id,
        most,
    )?;
    Ok(placed(rows))
}

/// Published announcements that share the category or a tag with one, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_related(session: &mut Session, id: i64, category_id: i64, most: i64) -> DbResult<Vec<Placed>> {
    let rows = fetch_all!(
        session,
        TeaserRow,
        concat!(
            select_teaser!(),
            "WHERE a.id IN (
                 SELECT id FROM (SELECT id FROM announcement WHERE category_id = $1 AND state = 'published' AND id <> $2
                                 ORDER BY first_published_at DESC, id DESC LIMIT $3) AS same_category
                 UNION
                 SELECT announcement_id FROM (SELECT announcement_id FROM announcement_tag
                                 WHERE tag_id IN (SELECT tag_id FROM announcement_tag WHERE announcement_id = $2) AND announcement_id <> $2
                                 ORDER BY first_published_at DESC, announcement_id DESC LIMIT $3) AS same_tag)
             ORDER BY a.first_published_at DESC, a.id DESC LIMIT $3"
        ),
        category_id,
        id,
        most,
    )?;
    Ok(placed(rows))
}

/// The four latest announcements of every category, by category in Vietnamese order.
///
/// # Errors
/// When the database fails.
pub async fn list_category_fronts(session: &mut Session) -> DbResult<Vec<Teaser>> {
    macro_rules! nth {
        ($n:literal) => {
            concat!(
                "SELECT sort_key, (SELECT x.id FROM announcement x WHERE x.category_id = category.id AND x.state = 'published'
                                   ORDER BY x.first_published_at DESC, x.id DESC LIMIT 1 OFFSET ",
                $n,
                ") AS announcement_id FROM category"
            )
        };
    }
    let rows = fetch_all!(
        session,
        TeaserRow,
        concat!(
            select_teaser!(),
            "JOIN (",
            nth!("0"),
            " UNION ALL ",
            nth!("1"),
            " UNION ALL ",
            nth!("2"),
            " UNION ALL ",
            nth!("3"),
            ") AS front ON front.announcement_id = a.id ORDER BY front.sort_key, a.first_published_at DESC, a.id DESC"
        ),
    )?;
    Ok(rows.into_iter().map(|row| Placed::from(row).teaser).collect())
}

/// Whether there is an announcement of the demonstration.
///
/// # Errors
/// When the database fails.
pub async fn has_demonstration(session: &mut Session) -> DbResult<bool> {
    let row = fetch_optional!(session, (i64,), "SELECT id FROM announcement WHERE demonstration LIMIT 1")?;
    Ok(row.is_some())
}

/// How many announcements there are, in any state.
///
/// # Errors
/// When the database fails.
pub async fn count(session: &mut Session) -> DbResult<i64> {
    Ok(fetch_one!(session, (i64,), "SELECT COUNT(*) FROM announcement")?.0)
}

/// Public corrections of an announcement, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list_change_notes(session: &mut Session, id: i64) -> DbResult<Vec<ChangeNote>> {
    let rows = fetch_all!(
        session,
        (i64, String),
        "SELECT created_at, change_note FROM revision
         WHERE announcement_id = $1 AND state IN ('published', 'superseded') AND change_note <> '' ORDER BY number DESC",
        id,
    )?;
    Ok(rows.into_iter().map(|(at, note)| ChangeNote { at: Instant(at), note }).collect())
}

/// A slug with what has the same content, in any state but superseded.
///
/// # Errors
/// When the database fails.
pub async fn find_by_content(session: &mut Session, content_hash: &str) -> DbResult<Option<String>> {
    let row = fetch_optional!(
        session,
        (String,),
        "SELECT a.slug FROM revision r JOIN announcement a ON a.id = r.announcement_id WHERE r.content_hash = $1 ORDER BY r.id LIMIT 1",
        content_hash,
    )?;
    Ok(row.map(|(slug,)| slug))
}

/// The id and the state of an announcement by its slug.
///
/// # Errors
/// When the database fails.
pub async fn find_state(session: &mut Session, slug: &str) -> DbResult<Option<(i64, String)>> {
    fetch_optional!(session, (i64, String), "SELECT id, state FROM announcement WHERE slug = $1", slug)
}

/// Adds an announcement without content, as a draft.
///
/// # Errors
/// When the slug is taken (`announcement_slug_key`), or the database fails.
pub async fn add(session: &mut Session, slug: &str, demonstration: bool, at: Instant) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO announcement (slug, state, demonstration, created_at) VALUES ($1, 'draft', $2, $3) RETURNING id",
        slug,
        demonstration,
        at.0,
    )?;
    Ok(id)
}

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
                               image_id, image_caption, image_credit, image_alt, language, change_note, content_hash, actor_id, created_at)
         VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM revision WHERE announcement_id = $1), 'draft',
                 $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) RETURNING id",
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

/// The newest revision of an announcement: id, title, lead, clean body, category, change note.
#[derive(Debug, sqlx::FromRow)]
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

/// Makes a revision the public one.
///
/// # Errors
/// When the database fails.
pub async fn publish(
    session: &mut Session,
    announcement_id: i64,
    revision: &LatestRevision,
    at: Instant,
) -> DbResult<()> {
    execute!(
        session,
        "UPDATE revision SET state = 'superseded' WHERE announcement_id = $1 AND state = 'published' AND id <> $2",
        announcement_id,
        revision.id,
    )?;
    execute!(session, "UPDATE revision SET state = 'published' WHERE id = $1", revision.id)?;
    execute!(
        session,
        "UPDATE announcement SET state = 'published', published_revision_id = $2, category_id = $3, withdrawn_at = NULL, withdrawn_reason = NULL,
                publicly_updated_at = CASE WHEN $4 THEN $5 ELSE publicly_updated_at END,
                first_published_at = COALESCE(first_published_at, $5)
         WHERE id = $1",
        announcement_id,
        revision.id,
        revision.category_id,
        !revision.change_note.is_empty(),
        at.0,
    )?;
    execute!(session, "DELETE FROM announcement_tag WHERE announcement_id = $1", announcement_id)?;
    execute!(
        session,
        "INSERT INTO announcement_tag (announcement_id, tag_id, first_published_at)
         SELECT a.id, rt.tag_id, a.first_published_at FROM announcement a JOIN revision_tag rt ON rt.revision_id = a.published_revision_id
         WHERE a.id = $1",
        announcement_id,
    )?;
    Ok(())
}

/// Takes an announcement away from the public, with the reason that its page will give.
///
/// # Errors
/// When the database fails.
pub async fn withdraw(session: &mut Session, announcement_id: i64, reason: &str, at: Instant) -> DbResult<()> {
    execute!(
        session,
        "UPDATE announcement SET state = 'withdrawn', withdrawn_at = $2, withdrawn_reason = $3 WHERE id = $1",
        announcement_id,
        at.0,
        reason,
    )?;
    execute!(session, "DELETE FROM announcement_tag WHERE announcement_id = $1", announcement_id)?;
    Ok(())
}

/// Takes everything of the demonstration away and gives how many announcements that were.
///
/// # Errors
/// When the database fails.
pub async fn remove_demonstration(session: &mut Session) -> DbResult<u64> {
    execute!(
        session,
        "DELETE FROM comment WHERE discussion_id IN (SELECT d.id FROM discussion d JOIN announcement a ON a.id = d.subject_id
                                                     WHERE d.subject_kind = 'announcement' AND a.demonstration)",
    )?;
    execute!(
        session,
        "DELETE FROM receipt WHERE subject_kind = 'comment' AND NOT EXISTS (SELECT 1 FROM comment c WHERE c.receipt_id = receipt.id)"
    )?;
    execute!(
        session,
        "DELETE FROM discussion WHERE subject_kind = 'announcement' AND subject_id IN (SELECT id FROM announcement WHERE demonstration)",
    )?;
    execute!(session, "DELETE FROM announcement WHERE demonstration")
}

/// The addresses and times of what is published, the newest first, for machines.
///
/// # Errors
/// When the database fails.
pub async fn list_addresses(session: &mut Session, most: i64) -> DbResult<Vec<(String, i64)>> {
    fetch_all!(
        session,
        (String, i64),
        "SELECT slug, COALESCE(publicly_updated_at, first_published_at) FROM announcement WHERE state = 'published'
         ORDER BY first_published_at DESC, id DESC LIMIT $1",
        most,
    )
}
