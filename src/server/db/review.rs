//! Reviews as the public reads them: the frozen figures behind an announcement, and what was corrected since.

use super::{DbResult, Session, fetch_all, fetch_optional};
use crate::domain::time::Instant;

/// A review with the announcement that it is and the campaign that it is of.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReviewRow {
    /// Its id, that of its announcement.
    pub id: i64,
    /// The campaign.
    pub campaign_id: i64,
    /// The slug of the campaign.
    pub campaign_slug: String,
    /// Whether the campaign is `published`, `withdrawn` or `archived`.
    pub campaign_state: String,
    /// `interim` or `final`.
    pub kind: String,
    /// The last day whose reports count.
    pub cut_off: String,
    /// When its figures were taken.
    pub taken_at: i64,
    /// JSON: the figures.
    pub snapshot: String,
    /// The slug of its announcement.
    pub slug: String,
    /// `draft`, `published`, `withdrawn` or `archived`.
    pub state: String,
    /// The title that the public reads; empty where it reads none.
    pub title: String,
    /// When it was withdrawn.
    pub withdrawn_at: Option<i64>,
    /// Why.
    pub withdrawn_reason: Option<String>,
    /// What takes its place.
    pub replaced_by: Option<String>,
}

/// A review by its id, whether or not it is public.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, id: i64) -> DbResult<Option<ReviewRow>> {
    fetch_optional!(
        session,
        ReviewRow,
        "SELECT v.id, v.campaign_id, c.slug AS campaign_slug, c.state AS campaign_state, v.kind, v.cut_off, v.taken_at, v.snapshot,
                a.slug, a.state, COALESCE(r.title, '') AS title, a.withdrawn_at, a.withdrawn_reason, a.replaced_by
         FROM review v JOIN announcement a ON a.id = v.id JOIN announcement c ON c.id = v.campaign_id
         LEFT JOIN revision r ON r.id = a.published_revision_id WHERE v.id = $1",
        id
    )
}

/// A review in a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ReviewLink {
    /// Its id.
    pub id: i64,
    /// `interim` or `final`.
    pub kind: String,
    /// The last day whose reports count.
    pub cut_off: String,
    /// The slug of its announcement.
    pub slug: String,
    /// Its title.
    pub title: String,
}

/// The public reviews of a campaign, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list_published(session: &mut Session, campaign_id: i64) -> DbResult<Vec<ReviewLink>> {
    fetch_all!(
        session,
        ReviewLink,
        "SELECT v.id, v.kind, v.cut_off, a.slug, r.title
         FROM review v JOIN announcement a ON a.id = v.id JOIN revision r ON r.id = a.published_revision_id
         WHERE v.campaign_id = $1 AND a.state IN ('published', 'archived') ORDER BY v.cut_off DESC, v.id DESC",
        campaign_id
    )
}

/// A correction: report, target, and the figure with its scale that stands there from then on.
pub type CorrectedRow = (i64, i64, Option<i64>, Option<i64>);

/// The corrections of a campaign from a moment on, the earliest first.
///
/// # Errors
/// When the database fails.
pub async fn list_corrected(session: &mut Session, campaign_id: i64, from: Instant) -> DbResult<Vec<CorrectedRow>> {
    fetch_all!(
        session,
        CorrectedRow,
        "SELECT report_id, target_id, new_value, new_scale FROM correction
         WHERE campaign_id = $1 AND at >= $2 ORDER BY at, id",
        campaign_id,
        from.0
    )
}
