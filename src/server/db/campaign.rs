//! Campaigns as the public reads them: what a launch said, and the lists of campaigns.

use super::{DbResult, Session, fetch_all, fetch_optional};

/// What a campaign's page shows besides its text.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CampaignRow {
    /// Its id, that of its text's identity.
    pub id: i64,
    /// The slug of its page.
    pub slug: String,
    /// `published`, `withdrawn` or `archived`.
    pub state: String,
    /// The title of its page.
    pub title: String,
    /// The summary of its page.
    pub lead: String,
    /// `regular` or `thematic`.
    pub kind: String,
    /// *Chủ đề*.
    pub theme: String,
    /// *Khẩu hiệu*.
    pub slogan: String,
    /// Which body launched it.
    pub launcher: String,
    /// The first day, as `2021-01-15`.
    pub begins: String,
    /// The last day.
    pub ends: String,
    /// JSON: the clean HTML of its parts.
    pub sections: String,
    /// What a unit signs.
    pub covenant: String,
    /// JSON: how units are scored; empty where they are not.
    pub score_table: String,
    /// JSON: what a plan is asked besides.
    pub form: String,
    /// When it was launched.
    pub launched_at: i64,
    /// Whether it is of the demonstration.
    pub demonstration: bool,
    /// So many units take part.
    pub registered: i64,
}

macro_rules! select_campaign {
    () => {
        "SELECT c.id, a.slug, a.state, r.title, r.lead, c.kind, c.theme, c.slogan, c.launcher, c.begins, c.ends, c.sections, c.covenant,
                c.score_table, c.form, a.first_published_at AS launched_at, a.demonstration,
                (SELECT COUNT(*) FROM registration g WHERE g.campaign_id = c.id AND g.state = 'registered') AS registered
         FROM announcement a
         JOIN campaign c ON c.id = a.id
         JOIN revision r ON r.id = a.published_revision_id "
    };
}

/// A campaign that the public reads, by its slug.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, slug: &str) -> DbResult<Option<CampaignRow>> {
    fetch_optional!(
        session,
        CampaignRow,
        concat!(
            select_campaign!(),
            "WHERE a.slug = $1 AND a.kind = 'campaign' AND a.state IN ('published', 'archived')"
        ),
        slug
    )
}

/// A launched campaign by its id.
///
/// # Errors
/// When the database fails.
pub async fn find_by_id(session: &mut Session, id: i64) -> DbResult<Option<CampaignRow>> {
    fetch_optional!(session, CampaignRow, concat!(select_campaign!(), "WHERE a.id = $1 AND a.kind = 'campaign'"), id)
}

/// The campaigns that the public reads, the one that was launched last first, at most a hundred.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session) -> DbResult<Vec<CampaignRow>> {
    fetch_all!(
        session,
        CampaignRow,
        concat!(
            select_campaign!(),
            "WHERE a.kind = 'campaign' AND a.state IN ('published', 'archived')
             ORDER BY a.first_published_at DESC, a.id DESC LIMIT 100"
        )
    )
}

/// A target.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct TargetRow {
    /// Its id.
    pub id: i64,
    /// Its code.
    pub code: String,
    /// Its pillar.
    pub pillar: String,
    /// What is counted.
    pub name: String,
    /// In what.
    pub measure: String,
    /// `sum` or `level`.
    pub counting: String,
    /// `up` or `down`.
    pub direction: String,
    /// Where one began.
    pub baseline: Option<i64>,
    /// Its scale.
    pub baseline_scale: Option<i64>,
    /// Where one wants to get.
    pub goal: i64,
    /// Its scale.
    pub goal_scale: i64,
    /// Until when.
    pub due: String,
    /// Where the figures come from.
    pub source: String,
}

/// The targets of a campaign, in their order.
///
/// # Errors
/// When the database fails.
pub async fn list_targets(session: &mut Session, campaign_id: i64) -> DbResult<Vec<TargetRow>> {
    fetch_all!(
        session,
        TargetRow,
        "SELECT id, code, pillar, name, measure, counting, direction, baseline, baseline_scale, goal, goal_scale, due, source
         FROM target WHERE campaign_id = $1 AND NOT retired ORDER BY position, id",
        campaign_id
    )
}

/// A phase.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PhaseRow {
    /// A code of its kind.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// The first day.
    pub begins: String,
    /// The last day.
    pub ends: String,
}

/// The phases of a campaign, in their order.
///
/// # Errors
/// When the database fails.
pub async fn list_phases(session: &mut Session, campaign_id: i64) -> DbResult<Vec<PhaseRow>> {
    fetch_all!(
        session,
        PhaseRow,
        "SELECT kind, name, begins, ends FROM phase WHERE campaign_id = $1 ORDER BY position",
        campaign_id
    )
}

/// A document that a campaign stands on.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LegalRow {
    /// Its number.
    pub number: String,
    /// Its day; empty where none is known.
    pub issued: String,
    /// What it is called.
    pub title: String,
    /// The address of its file.
    pub address: String,
}

/// The documents that a campaign stands on, in their order.
///
/// # Errors
/// When the database fails.
pub async fn list_legal(session: &mut Session, campaign_id: i64) -> DbResult<Vec<LegalRow>> {
    fetch_all!(
        session,
        LegalRow,
        "SELECT number, issued, title, address FROM legal_basis WHERE campaign_id = $1 ORDER BY position",
        campaign_id
    )
}

/// A period that is reported.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PeriodRow {
    /// Its id.
    pub id: i64,
    /// The first day.
    pub begins: String,
    /// The last day.
    pub ends: String,
    /// The day until which its report is in time.
    pub due: String,
    /// When it was closed.
    pub closed_at: Option<i64>,
}

/// The periods of a campaign, the earliest first.
///
/// # Errors
/// When the database fails.
pub async fn list_periods(session: &mut Session, campaign_id: i64) -> DbResult<Vec<PeriodRow>> {
    fetch_all!(
        session,
        PeriodRow,
        "SELECT id, begins, ends, due, closed_at FROM period WHERE campaign_id = $1 AND NOT retired ORDER BY begins, ends",
        campaign_id
    )
}
