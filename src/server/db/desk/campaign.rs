//! Campaigns as the desk writes them: what a launch says, in tables.

use crate::domain::campaign::{LegalBasis, Period, Phase, Target};
use crate::domain::day::Day;
use crate::domain::figure::Figure;
use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_optional};

/// The names of the parts that a launch on a day must have.
///
/// # Errors
/// When the database fails.
pub async fn list_required_parts(session: &mut Session, on: Day) -> DbResult<Vec<String>> {
    let rows = fetch_all!(
        session,
        (String,),
        "SELECT part FROM required_part WHERE begins <= $1 AND (ends IS NULL OR ends >= $1) ORDER BY part",
        on.iso()
    )?;
    Ok(rows.into_iter().map(|(part,)| part).collect())
}

/// What a campaign is stored with besides its lists.
#[derive(Clone, Debug)]
pub struct CampaignColumns<'a> {
    /// `regular` or `thematic`.
    pub kind: &'a str,
    /// *Chủ đề*.
    pub theme: &'a str,
    /// *Khẩu hiệu*.
    pub slogan: &'a str,
    /// Which body launches it.
    pub launcher: &'a str,
    /// The first day.
    pub begins: Day,
    /// The last day.
    pub ends: Day,
    /// JSON: the clean HTML of its parts.
    pub sections: &'a str,
    /// What a unit signs.
    pub covenant: &'a str,
    /// JSON: how units are scored.
    pub score_table: &'a str,
    /// JSON: what a plan is asked besides.
    pub form: &'a str,
}

/// Says what a campaign says, in place of what it said before.
///
/// # Errors
/// When the database fails.
pub async fn put(session: &mut Session, id: i64, columns: &CampaignColumns<'_>) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO campaign (id, kind, theme, slogan, launcher, begins, ends, sections, covenant, score_table, form)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, theme = excluded.theme, slogan = excluded.slogan,
             launcher = excluded.launcher, begins = excluded.begins, ends = excluded.ends, sections = excluded.sections,
             covenant = excluded.covenant, score_table = excluded.score_table, form = excluded.form",
        id,
        columns.kind,
        columns.theme,
        columns.slogan,
        columns.launcher,
        columns.begins.iso(),
        columns.ends.iso(),
        columns.sections,
        columns.covenant,
        columns.score_table,
        columns.form
    )?;
    Ok(())
}

/// The two columns of a figure.
pub fn columns_of(figure: Figure) -> (i64, i64) {
    (figure.mantissa(), i64::from(figure.scale()))
}

/// Puts the targets of a campaign in place of those before: one that goes on keeps its figures, one that is left out
/// keeps them too and is no longer asked for.
///
/// # Errors
/// When the database fails.
pub async fn put_targets(session: &mut Session, campaign_id: i64, targets: &[Target]) -> DbResult<()> {
    execute!(session, "UPDATE target SET retired = TRUE WHERE campaign_id = $1", campaign_id)?;
    for (position, target) in (1_i64..).zip(targets) {
        let (goal, goal_scale) = columns_of(target.aim.goal);
        let baseline = target.aim.baseline.map(columns_of);
        execute!(
            session,
            "INSERT INTO target (campaign_id, code, pillar, position, name, measure, counting, direction, baseline, baseline_scale, goal,
                                 goal_scale, due, source)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
             ON CONFLICT (campaign_id, code) DO UPDATE SET pillar = excluded.pillar, position = excluded.position,
                 name = excluded.name, measure = excluded.measure, counting = excluded.counting, direction = excluded.direction,
                 baseline = excluded.baseline, baseline_scale = excluded.baseline_scale, goal = excluded.goal,
                 goal_scale = excluded.goal_scale, due = excluded.due, source = excluded.source, retired = FALSE",
            campaign_id,
            target.code.as_str(),
            target.pillar.as_str(),
            position,
            target.name.as_str(),
            target.measure.as_str(),
            target.aim.counting.code(),
            target.aim.direction.code(),
            baseline.map(|(value, _)| value),
            baseline.map(|(_, scale)| scale),
            goal,
            goal_scale,
            target.due.iso(),
            target.source.as_str()
        )?;
    }
    Ok(())
}

/// Puts the phases of a campaign in place of those before.
///
/// # Errors
/// When the database fails.
pub async fn put_phases(session: &mut Session, campaign_id: i64, phases: &[Phase]) -> DbResult<()> {
    execute!(session, "DELETE FROM phase WHERE campaign_id = $1", campaign_id)?;
    for (position, phase) in (1_i64..).zip(phases) {
        execute!(
            session,
            "INSERT INTO phase (campaign_id, position, kind, name, begins, ends) VALUES ($1, $2, $3, $4, $5, $6)",
            campaign_id,
            position,
            phase.kind.code(),
            phase.name.as_str(),
            phase.begins.iso(),
            phase.ends.iso()
        )?;
    }
    Ok(())
}

/// Puts the documents that a campaign stands on in place of those before.
///
/// # Errors
/// When the database fails.
pub async fn put_legal(session: &mut Session, campaign_id: i64, legal: &[LegalBasis]) -> DbResult<()> {
    execute!(session, "DELETE FROM legal_basis WHERE campaign_id = $1", campaign_id)?;
    for (position, basis) in (1_i64..).zip(legal) {
        execute!(
            session,
            "INSERT INTO legal_basis (campaign_id, position, number, issued, title, address) VALUES ($1, $2, $3, $4, $5, $6)",
            campaign_id,
            position,
            basis.number.as_str(),
            basis.issued.map(Day::iso).unwrap_or_default(),
            basis.title.as_str(),
            basis.address.as_str()
        )?;
    }
    Ok(())
}

/// Puts the periods of a campaign in place of those before: one with the same days stays, with what was reported.
///
/// # Errors
/// When the database fails.
pub async fn put_periods(session: &mut Session, campaign_id: i64, periods: &[Period]) -> DbResult<()> {
    execute!(
        session,
        "UPDATE period SET retired = NOT EXISTS (SELECT 1 FROM report r WHERE r.period_id = period.id) WHERE campaign_id = $1",
        campaign_id
    )?;
    for period in periods {
        execute!(
            session,
            "INSERT INTO period (campaign_id, begins, ends, due) VALUES ($1, $2, $3, $4)
             ON CONFLICT (campaign_id, begins, ends) DO UPDATE SET due = excluded.due, retired = FALSE",
            campaign_id,
            period.begins.iso(),
            period.ends.iso(),
            period.due.iso()
        )?;
    }
    Ok(())
}

/// Closes a period, or opens it again: closed ones take no more reports. Its first and last day, if it is there.
///
/// # Errors
/// When the database fails.
pub async fn set_closed(
    session: &mut Session,
    campaign_id: i64,
    period_id: i64,
    at: Option<Instant>,
) -> DbResult<Option<(String, String)>> {
    fetch_optional!(
        session,
        (String, String),
        "UPDATE period SET closed_at = $3 WHERE id = $2 AND campaign_id = $1 RETURNING begins, ends",
        campaign_id,
        period_id,
        at.map(|at| at.0)
    )
}

/// A campaign in the desk's list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ListedCampaign {
    /// Its id.
    pub id: i64,
    /// Its slug.
    pub slug: String,
    /// `draft`, `published`, `withdrawn` or `archived`.
    pub state: String,
    /// The title of its newest text.
    pub title: String,
    /// Whose it is.
    pub unit_id: Option<i64>,
    /// Whether it has been launched.
    pub launched: bool,
    /// So many units take part.
    pub registered: i64,
    /// So many reports wait to be looked at.
    pub waiting: i64,
}

/// Every campaign, the newest first, at most 200.
///
/// # Errors
/// When the database fails.
pub async fn list_all(session: &mut Session) -> DbResult<Vec<ListedCampaign>> {
    fetch_all!(
        session,
        ListedCampaign,
        "SELECT a.id, a.slug, a.state, r.title, a.unit_id, (SELECT COUNT(*) FROM campaign c WHERE c.id = a.id) > 0 AS launched,
                (SELECT COUNT(*) FROM registration g WHERE g.campaign_id = a.id AND g.state = 'registered') AS registered,
                (SELECT COUNT(*) FROM report p WHERE p.campaign_id = a.id AND p.state = 'sent') AS waiting
         FROM announcement a JOIN revision r ON r.announcement_id = a.id
         WHERE a.kind = 'campaign' AND r.number = (SELECT MAX(newest.number) FROM revision newest WHERE newest.announcement_id = a.id)
         ORDER BY a.id DESC LIMIT 200"
    )
}
