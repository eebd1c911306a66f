//! Examples as the public reads them: the list, one of them with its pictures and who took it up, and what became of one.

use super::{DbResult, Session, fetch_all, fetch_optional};
use crate::domain::cursor::Cursor;
use crate::domain::time::Instant;

/// What is said of a published example besides its text.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ExampleRow {
    /// Its id, that of its text's identity.
    pub id: i64,
    /// Its slug.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its summary.
    pub lead: String,
    /// The language tag.
    pub language: String,
    /// `collective`, `person` or `initiative`.
    pub kind: String,
    /// Who it is about.
    pub person: String,
    /// When it was published.
    pub decided_at: i64,
    /// What its picture shows.
    pub image_alt: String,
    /// JSON of its picture's sizes.
    pub image_sizes: Option<String>,
    /// The unit whose it is.
    pub unit_id: Option<i64>,
    /// Its slug.
    pub unit_slug: Option<String>,
    /// Its name, or what was typed where no unit is called that; empty for none.
    pub unit_name: String,
    /// The campaign in which it was sent.
    pub campaign_id: Option<i64>,
    /// The slug of its page, while the public reads that.
    pub campaign_slug: Option<String>,
    /// Its title.
    pub campaign_title: Option<String>,
    /// So many units took it up.
    pub taken_up: i64,
}

macro_rules! select_example {
    () => {
        "SELECT e.id, a.slug, r.title, r.lead, r.language, e.kind, e.person, e.decided_at, r.image_alt, u.sizes AS image_sizes,
                e.unit_id, n.slug AS unit_slug, COALESCE(n.name, e.unit_name) AS unit_name,
                e.campaign_id, ca.slug AS campaign_slug, cr.title AS campaign_title,
                (SELECT COUNT(*) FROM take_up t WHERE t.example_id = e.id) AS taken_up
         FROM example e
         JOIN announcement a ON a.id = e.id
         JOIN revision r ON r.id = a.published_revision_id
         LEFT JOIN upload u ON u.id = r.image_id
         LEFT JOIN unit n ON n.id = e.unit_id
         LEFT JOIN announcement ca ON ca.id = e.campaign_id AND ca.state IN ('published', 'archived')
         LEFT JOIN revision cr ON cr.id = ca.published_revision_id "
    };
}

/// So many a list gives at most: a page, and one that says whether there are more. It is in the statements.
pub const PAGE_MOST: usize = 21;

/// Published examples after a cursor, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session, after: Cursor) -> DbResult<Vec<ExampleRow>> {
    fetch_all!(
        session,
        ExampleRow,
        concat!(
            select_example!(),
            "WHERE e.state = 'published' AND a.state = 'published' AND (e.decided_at, e.id) < ($1, $2)
             ORDER BY e.decided_at DESC, e.id DESC LIMIT 21"
        ),
        after.at.0,
        after.id
    )
}

/// The same of one kind.
///
/// # Errors
/// When the database fails.
pub async fn list_of_kind(session: &mut Session, kind: &str, after: Cursor) -> DbResult<Vec<ExampleRow>> {
    fetch_all!(
        session,
        ExampleRow,
        concat!(
            select_example!(),
            "WHERE e.kind = $3 AND e.state = 'published' AND a.state = 'published' AND (e.decided_at, e.id) < ($1, $2)
             ORDER BY e.decided_at DESC, e.id DESC LIMIT 21"
        ),
        after.at.0,
        after.id,
        kind
    )
}

/// The published examples of a campaign up to a moment, the newest first, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn list_of_campaign(
    session: &mut Session,
    campaign_id: i64,
    until: Instant,
    most: i64,
) -> DbResult<Vec<ExampleRow>> {
    fetch_all!(
        session,
        ExampleRow,
        concat!(
            select_example!(),
            "WHERE e.campaign_id = $1 AND e.state = 'published' AND a.state = 'published' AND e.decided_at <= $2
             ORDER BY e.decided_at DESC, e.id DESC LIMIT $3"
        ),
        campaign_id,
        until.0,
        most
    )
}

/// The published examples of a unit in a campaign, also those that have left the lists: the ones that its score counts.
///
/// # Errors
/// When the database fails.
pub async fn list_of_part(session: &mut Session, campaign_id: i64, unit_id: i64) -> DbResult<Vec<ExampleRow>> {
    fetch_all!(
        session,
        ExampleRow,
        concat!(
            select_example!(),
            "WHERE e.campaign_id = $1 AND e.unit_id = $2 AND e.state = 'published' AND a.state IN ('published', 'archived')
             ORDER BY e.id LIMIT 100"
        ),
        campaign_id,
        unit_id
    )
}

/// A published example by its id, also one that has left the lists.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, id: i64) -> DbResult<Option<ExampleRow>> {
    fetch_optional!(
        session,
        ExampleRow,
        concat!(
            select_example!(),
            // Said so that no index of what is published is taken for the one of the id.
            "WHERE e.id = $1 AND e.state <> 'waiting' AND e.state <> 'rejected' AND a.state IN ('published', 'archived')"
        ),
        id
    )
}

/// The further pictures of an example that is published: JSON of the sizes, caption, who made it.
///
/// # Errors
/// When the database fails.
pub async fn list_pictures(session: &mut Session, id: i64) -> DbResult<Vec<(String, String, String)>> {
    fetch_all!(
        session,
        (String, String, String),
        "SELECT u.sizes, p.caption, p.credit FROM example_picture p JOIN upload u ON u.id = p.upload_id
         WHERE p.example_id = $1 AND p.position > 0 AND u.visibility = 'public' ORDER BY p.position",
        id
    )
}

/// A unit that took an example up: its id, slug, name, what it did, and when it said so.
pub type TakerRow = (i64, String, String, String, i64);

/// The units that took an example up, in Vietnamese order, at most 500.
///
/// # Errors
/// When the database fails.
pub async fn list_takers(session: &mut Session, id: i64) -> DbResult<Vec<TakerRow>> {
    fetch_all!(
        session,
        TakerRow,
        "SELECT n.id, n.slug, n.name, t.note, t.at FROM take_up t JOIN unit n ON n.id = t.unit_id
         WHERE t.example_id = $1 ORDER BY n.sort_key, n.id LIMIT 500",
        id
    )
}

/// The published examples of a campaign that are some unit's: unit, example, when it was published.
///
/// # Errors
/// When the database fails.
pub async fn list_by_unit(session: &mut Session, campaign_id: i64) -> DbResult<Vec<(i64, i64, i64)>> {
    fetch_all!(
        session,
        (i64, i64, i64),
        "SELECT e.unit_id, e.id, COALESCE(e.decided_at, 0) FROM example e JOIN announcement a ON a.id = e.id
         WHERE e.campaign_id = $1 AND e.unit_id IS NOT NULL AND e.state = 'published' AND a.state IN ('published', 'archived')
         ORDER BY e.unit_id, e.id",
        campaign_id
    )
}

/// What a receipt leads to.
#[derive(Debug, sqlx::FromRow)]
pub struct TrackedExample {
    /// `waiting`, `published` or `rejected`.
    pub state: String,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// When it came.
    pub sent_at: i64,
    /// When it was decided.
    pub decided_at: Option<i64>,
    /// Its slug.
    pub slug: String,
    /// Its title, empty while nothing of it is public.
    pub title: String,
}

/// The example of a receipt.
///
/// # Errors
/// When the database fails.
pub async fn find_by_receipt(session: &mut Session, code: &str) -> DbResult<Option<TrackedExample>> {
    fetch_optional!(
        session,
        TrackedExample,
        "SELECT e.state, e.reason, e.sent_at, e.decided_at, a.slug, COALESCE(r.title, '') AS title
         FROM receipt rc JOIN example e ON e.receipt_id = rc.id JOIN announcement a ON a.id = e.id
         LEFT JOIN revision r ON r.id = a.published_revision_id
         WHERE rc.code = $1",
        code
    )
}
