//! Reviews as the desk begins and lists them.

use crate::domain::day::Day;
use crate::domain::review::ReviewKind;
use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_optional};

/// What a review is stored with.
#[derive(Clone, Copy, Debug)]
pub struct ReviewColumns<'a> {
    /// The campaign.
    pub campaign_id: i64,
    /// What it is of.
    pub kind: ReviewKind,
    /// The last day whose reports count.
    pub cut_off: Day,
    /// When its figures were taken.
    pub taken_at: Instant,
    /// JSON: the figures.
    pub snapshot: &'a str,
}

/// Freezes the figures behind an announcement.
///
/// # Errors
/// When the database fails.
pub async fn add(session: &mut Session, id: i64, columns: &ReviewColumns<'_>) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO review (id, campaign_id, kind, cut_off, taken_at, snapshot) VALUES ($1, $2, $3, $4, $5, $6)",
        id,
        columns.campaign_id,
        columns.kind.code(),
        columns.cut_off.iso(),
        columns.taken_at.0,
        columns.snapshot
    )?;
    // What is written of an invented campaign is invented.
    execute!(
        session,
        "UPDATE announcement SET demonstration = (SELECT c.demonstration FROM announcement c WHERE c.id = $2) WHERE id = $1",
        id,
        columns.campaign_id
    )?;
    Ok(())
}

/// The review of a kind and a day whose figures were taken since a moment.
///
/// # Errors
/// When the database fails.
pub async fn find_since(
    session: &mut Session,
    campaign_id: i64,
    kind: ReviewKind,
    cut_off: Day,
    since: Instant,
) -> DbResult<Option<i64>> {
    let row = fetch_optional!(
        session,
        (i64,),
        "SELECT id FROM review WHERE campaign_id = $1 AND kind = $2 AND cut_off = $3 AND taken_at >= $4 ORDER BY id DESC LIMIT 1",
        campaign_id,
        kind.code(),
        cut_off.iso(),
        since.0
    )?;
    Ok(row.map(|(id,)| id))
}

/// A review as whoever runs its campaign sees it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ListedReview {
    /// Its id.
    pub id: i64,
    /// `interim` or `final`.
    pub kind: String,
    /// The last day whose reports count.
    pub cut_off: String,
    /// When its figures were taken.
    pub taken_at: i64,
    /// The slug of its announcement.
    pub slug: String,
    /// `draft`, `published`, `withdrawn` or `archived`.
    pub state: String,
    /// The title of its latest text.
    pub title: String,
    /// Where the text stands that is on its way to the public; empty where none is.
    pub open: String,
}

/// The reviews of a campaign, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session, campaign_id: i64) -> DbResult<Vec<ListedReview>> {
    fetch_all!(
        session,
        ListedReview,
        "SELECT v.id, v.kind, v.cut_off, v.taken_at, a.slug, a.state,
                COALESCE((SELECT r.title FROM revision r WHERE r.announcement_id = v.id ORDER BY r.number DESC LIMIT 1), '') AS title,
                COALESCE((SELECT r.state FROM revision r WHERE r.announcement_id = v.id
                    AND r.state IN ('draft', 'submitted', 'returned', 'approved', 'scheduled') LIMIT 1), '') AS open
         FROM review v JOIN announcement a ON a.id = v.id
         WHERE v.campaign_id = $1 ORDER BY v.cut_off DESC, v.id DESC",
        campaign_id
    )
}
