//! Announcements: their identity and state; what they say is in [`revision`], and readers page through [`list`].

use self::revision::LatestRevision;
use super::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};
use crate::domain::time::Instant;

pub mod list;
pub mod revision;

/// An announcement with its published revision, as the page of one needs it.
#[derive(Debug, sqlx::FromRow)]
pub struct AnnouncementRow {
    /// The announcement's id.
    pub id: i64,
    /// Its slug.
    pub slug: String,
    /// `published`, `withdrawn` or `archived`.
    pub state: String,
    /// What takes its place.
    pub replaced_by: Option<String>,
    /// Whether its address leads there.
    pub moved: bool,
    /// When it was withdrawn.
    pub withdrawn_at: Option<i64>,
    /// Why it was withdrawn.
    pub withdrawn_reason: Option<String>,
    /// First published.
    pub first_published_at: i64,
    /// Publicly updated.
    pub publicly_updated_at: Option<i64>,
    /// The unit whose it is.
    pub unit_id: Option<i64>,
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
    /// Its discussion; 0 where nobody has commented yet.
    pub discussion_id: i64,
    /// How many comments are published.
    pub published_count: i64,
}

/// What is public, or was until it was withdrawn, under a slug: an announcement, or a campaign's page.
///
/// # Errors
/// When the database fails.
pub async fn find_public(session: &mut Session, slug: &str, kind: &str) -> DbResult<Option<AnnouncementRow>> {
    fetch_optional!(
        session,
        AnnouncementRow,
        "SELECT a.id, a.slug, a.state, a.replaced_by, a.moved, a.withdrawn_at, a.withdrawn_reason, a.first_published_at, a.publicly_updated_at, a.unit_id,
                c.id AS category_id, c.slug AS category_slug, c.name AS category_name, r.id AS revision_id,
                r.title, r.lead, r.body_html, r.author_line, r.source, r.image_caption, r.image_credit, r.image_alt,
                u.sizes AS image_sizes, r.language,
                COALESCE(d.id, 0) AS discussion_id, COALESCE(d.published_count, 0) AS published_count
         FROM announcement a
         JOIN revision r ON r.id = a.published_revision_id
         JOIN category c ON c.id = r.category_id
         LEFT JOIN upload u ON u.id = r.image_id
         LEFT JOIN discussion d ON d.subject_kind = 'announcement' AND d.subject_id = a.id
         WHERE a.slug = $1 AND a.kind = $2 AND a.state IN ('published', 'withdrawn', 'archived')",
        slug,
        kind,
    )
}

/// The present path of what was public under a former slug, or is of another kind than the one that was asked for.
///
/// # Errors
/// When the database fails.
pub async fn find_moved(session: &mut Session, slug: &str, asked: &str) -> DbResult<Option<String>> {
    let row = fetch_optional!(
        session,
        (String, String),
        "SELECT a.kind, a.slug FROM former_slug f JOIN announcement a ON a.id = f.announcement_id WHERE f.slug = $1
         UNION ALL
         SELECT kind, slug FROM announcement WHERE slug = $1 AND kind <> $2 AND state IN ('published', 'withdrawn', 'archived') LIMIT 1",
        slug,
        asked
    )?;
    Ok(row.map(|(kind, slug)| path_of(&kind, &slug)))
}

/// The path of an announcement, or of the page of a campaign or an example.
pub fn path_of(kind: &str, slug: &str) -> String {
    match kind {
        "campaign" => format!("/thi-dua/{slug}"),
        "example" => format!("/dien-hinh/{slug}"),
        _ => format!("/tin/{slug}"),
    }
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

/// The slug and the state of an announcement whose newest revision has this content.
///
/// # Errors
/// When the database fails.
pub async fn find_by_content(session: &mut Session, content_hash: &str) -> DbResult<Option<(String, String)>> {
    fetch_optional!(
        session,
        (String, String),
        "SELECT a.slug, a.state FROM revision r JOIN announcement a ON a.id = r.announcement_id
         WHERE r.content_hash = $1
           AND r.number = (SELECT MAX(newest.number) FROM revision newest WHERE newest.announcement_id = a.id)
         ORDER BY r.id LIMIT 1",
        content_hash,
    )
}

/// The id and the state of an announcement by its slug.
///
/// # Errors
/// When the database fails.
pub async fn find_state(session: &mut Session, slug: &str) -> DbResult<Option<(i64, String)>> {
    fetch_optional!(session, (i64, String), "SELECT id, state FROM announcement WHERE slug = $1", slug)
}

/// By what readers find an announcement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Whether it is public.
    pub public: bool,
    /// Its category, once it has been public.
    pub category_id: Option<i64>,
    /// The unit whose it is.
    pub unit_id: Option<i64>,
    /// Its tags, while it is public, in the order of their ids.
    pub tag_ids: Vec<i64>,
}

/// By what readers find an announcement now.
///
/// # Errors
/// When the database fails.
pub async fn find_standing(session: &mut Session, id: i64) -> DbResult<Standing> {
    let (state, category_id, unit_id) = fetch_one!(
        session,
        (String, Option<i64>, Option<i64>),
        "SELECT state, category_id, unit_id FROM announcement WHERE id = $1",
        id
    )?;
    let tags = fetch_all!(
        session,
        (i64,),
        "SELECT tag_id FROM announcement_tag WHERE announcement_id = $1 ORDER BY tag_id",
        id
    )?;
    Ok(Standing {
        public: state == "published",
        category_id,
        unit_id,
        tag_ids: tags.into_iter().map(|(id,)| id).collect(),
    })
}

/// Adds an announcement or a campaign without content, as a draft.
///
/// # Errors
/// When the slug is taken (`announcement_slug_key`), or the database fails.
pub async fn add(session: &mut Session, kind: &str, slug: &str, demonstration: bool, at: Instant) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO announcement (kind, slug, state, demonstration, created_at) VALUES ($4, $1, 'draft', $2, $3) RETURNING id",
        slug,
        demonstration,
        at.0,
        kind,
    )?;
    Ok(id)
}

/// Makes a revision the public one.
///
/// # Errors
/// When the database fails.
pub async fn publish(
    session: &mut Session,
    announcement_id: i64,
    revision: &LatestRevision,
    actor_id: i64,
    at: Instant,
) -> DbResult<()> {
    execute!(
        session,
        "UPDATE revision SET state = 'superseded' WHERE announcement_id = $1 AND state = 'published' AND id <> $2",
        announcement_id,
        revision.id,
    )?;
    execute!(
        session,
        "UPDATE revision SET state = 'published', scheduled_at = NULL, published_by = COALESCE(published_by, $2),
                published_at = COALESCE(published_at, $3) WHERE id = $1",
        revision.id,
        actor_id,
        at.0,
    )?;
    execute!(
        session,
        "UPDATE announcement SET state = 'published', published_revision_id = $2, category_id = $3, withdrawn_at = NULL, withdrawn_reason = NULL,
                replaced_by = NULL, moved = FALSE,
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
         WHERE a.id = $1 AND a.kind = 'announcement'",
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

/// Takes everything of the demonstration away and gives how many announcements, campaigns and examples that were.
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
    let rows = fetch_all!(
        session,
        (String, String, i64),
        "SELECT kind, slug, COALESCE(publicly_updated_at, first_published_at) FROM announcement
         WHERE kind = 'campaign' AND state IN ('published', 'archived') ORDER BY first_published_at DESC, id DESC LIMIT 1000"
    )?;
    let mut addresses: Vec<_> = rows.into_iter().map(|(kind, slug, at)| (path_of(&kind, &slug), at)).collect();
    let rows = fetch_all!(
        session,
        (String, String, i64),
        "SELECT a.kind, a.slug, COALESCE(a.publicly_updated_at, e.decided_at) FROM example e JOIN announcement a ON a.id = e.id
         WHERE e.state = 'published' AND a.state IN ('published', 'archived') ORDER BY e.decided_at DESC, e.id DESC LIMIT 5000"
    )?;
    addresses.extend(rows.into_iter().map(|(kind, slug, at)| (path_of(&kind, &slug), at)));
    let rows = fetch_all!(
        session,
        (String, String, i64),
        "SELECT kind, slug, COALESCE(publicly_updated_at, first_published_at) FROM announcement
         WHERE state = 'published' AND kind = 'announcement' ORDER BY first_published_at DESC, id DESC LIMIT $1",
        most - i64::try_from(addresses.len()).unwrap_or_default(),
    )?;
    addresses.extend(rows.into_iter().map(|(kind, slug, at)| (path_of(&kind, &slug), at)));
    Ok(addresses)
}
