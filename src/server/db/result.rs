//! What came of a campaign, as the public reads it: who takes part, what was reported and accepted, what was corrected.

use super::{DbResult, Session, fetch_all, fetch_optional};

/// A unit that takes part.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PartRow {
    /// The registration.
    pub registration_id: i64,
    /// The unit.
    pub unit_id: i64,
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The name of its cluster in the campaign's year; empty for none.
    pub cluster: String,
    /// Its cluster's place in Vietnamese order; empty for none.
    pub cluster_key: String,
    /// When it signed the covenant.
    pub signed_at: Option<i64>,
    /// Its last day, where it has one.
    pub ends: Option<String>,
}

/// The units that take part in a campaign, in Vietnamese order, with their clusters of a year.
///
/// # Errors
/// When the database fails.
pub async fn list_parts(session: &mut Session, campaign_id: i64, year: i64) -> DbResult<Vec<PartRow>> {
    fetch_all!(
        session,
        PartRow,
        "SELECT g.id AS registration_id, u.id AS unit_id, u.slug, u.name, COALESCE(k.name, '') AS cluster,
                COALESCE(k.sort_key, '') AS cluster_key, g.signed_at, u.ends
         FROM registration g JOIN unit u ON u.id = g.unit_id
         LEFT JOIN cluster_unit cu ON cu.unit_id = u.id AND cu.year = $2
         LEFT JOIN cluster k ON k.id = cu.cluster_id
         WHERE g.campaign_id = $1 AND g.state = 'registered' ORDER BY u.sort_key, u.id",
        campaign_id,
        year
    )
}

/// When and why the part of a unit in a campaign was ended, with the unit's id and name.
///
/// # Errors
/// When the database fails.
pub async fn find_ended(
    session: &mut Session,
    campaign_id: i64,
    slug: &str,
) -> DbResult<Option<(i64, String, Option<i64>, String)>> {
    fetch_optional!(
        session,
        (i64, String, Option<i64>, String),
        "SELECT u.id, u.name, g.ended_at, g.ended_reason FROM unit u JOIN registration g ON g.unit_id = u.id
         WHERE u.slug = $2 AND g.campaign_id = $1 AND g.state = 'withdrawn'",
        campaign_id,
        slug
    )
}

/// A report that was sent: registration, period, report, state, and when it was sent first.
pub type SentRow = (i64, i64, i64, String, Option<i64>);

/// The reports of a campaign that were sent, but for those that were returned.
///
/// # Errors
/// When the database fails.
pub async fn list_sent(session: &mut Session, campaign_id: i64) -> DbResult<Vec<SentRow>> {
    fetch_all!(
        session,
        SentRow,
        "SELECT registration_id, period_id, id, state, first_sent_at FROM report
         WHERE campaign_id = $1 AND state IN ('sent', 'accepted')",
        campaign_id
    )
}

/// The figures of a report, packed: see [`unpack`].
pub type FiguresRow = (i64, String);

/// The figures of a campaign, by report; a report that is not accepted has none that count. They come packed, since a row
/// for each of a million figures costs more than everything else that is done with them.
///
/// # Errors
/// When the database fails.
pub async fn list_figures(session: &mut Session, campaign_id: i64) -> DbResult<Vec<FiguresRow>> {
    fetch_all!(
        session,
        FiguresRow,
        "SELECT report_id, string_agg((target_id * 32 + scale) || ' ' || value, ' ') FROM figure
         WHERE campaign_id = $1 GROUP BY report_id",
        campaign_id
    )
}

/// The figures of a report as [`list_figures`] packs them: target, value, scale.
pub fn unpack(packed: &str) -> impl Iterator<Item = (i64, i64, i64)> {
    let mut numbers = packed.split(' ').map(str::parse::<i64>);
    std::iter::from_fn(move || {
        let (key, value) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
        Some((key / 32, value, key % 32))
    })
}

/// The targets that the units of a campaign set themselves: registration, target, goal, scale.
///
/// # Errors
/// When the database fails.
pub async fn list_goals(session: &mut Session, campaign_id: i64) -> DbResult<Vec<(i64, i64, i64, i64)>> {
    fetch_all!(
        session,
        (i64, i64, i64, i64),
        "SELECT t.registration_id, t.target_id, t.goal, t.goal_scale
         FROM registration g JOIN plan_target t ON t.registration_id = g.id WHERE g.campaign_id = $1",
        campaign_id
    )
}

/// A correction as everybody reads it: no person's name.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct CorrectionRow {
    /// When.
    pub at: i64,
    /// The report.
    pub report_id: i64,
    /// The registration of the unit whose report it is.
    pub registration_id: i64,
    /// The first day of its period.
    pub begins: String,
    /// Its last day.
    pub ends: String,
    /// The target.
    pub target_id: i64,
    /// What stood there.
    pub old_value: Option<i64>,
    /// Its scale.
    pub old_scale: Option<i64>,
    /// What stands there now.
    pub new_value: Option<i64>,
    /// Its scale.
    pub new_scale: Option<i64>,
    /// Why.
    pub reason: String,
    /// The unit of whoever corrected it; empty for the whole portal.
    pub by_unit: String,
    /// Their role.
    pub role: String,
}

/// The corrections of a campaign, the latest first, at most 500.
///
/// # Errors
/// When the database fails.
pub async fn list_corrections(session: &mut Session, campaign_id: i64) -> DbResult<Vec<CorrectionRow>> {
    fetch_all!(
        session,
        CorrectionRow,
        "SELECT x.at, x.report_id, p.registration_id, d.begins, d.ends, x.target_id, x.old_value, x.old_scale, x.new_value, x.new_scale,
                x.reason, COALESCE(u.name, '') AS by_unit, x.role
         FROM correction x JOIN report p ON p.id = x.report_id JOIN period d ON d.id = p.period_id
         JOIN registration g ON g.id = p.registration_id LEFT JOIN unit u ON u.id = x.unit_id
         WHERE x.campaign_id = $1 AND g.state = 'registered' ORDER BY x.at DESC, x.id DESC LIMIT 500",
        campaign_id
    )
}

/// The accepted reports of a unit with what was done: period, summary, report.
///
/// # Errors
/// When the database fails.
pub async fn list_summaries(session: &mut Session, registration_id: i64) -> DbResult<Vec<(i64, String, i64)>> {
    fetch_all!(
        session,
        (i64, String, i64),
        "SELECT period_id, summary, id FROM report WHERE registration_id = $1 AND state = 'accepted'",
        registration_id
    )
}

/// The public files behind the accepted reports of a unit: report, id, name.
///
/// # Errors
/// When the database fails.
pub async fn list_public_evidence(session: &mut Session, registration_id: i64) -> DbResult<Vec<(i64, i64, String)>> {
    fetch_all!(
        session,
        (i64, i64, String),
        "SELECT e.report_id, e.id, e.name FROM report p JOIN evidence e ON e.report_id = p.id
         WHERE p.registration_id = $1 AND p.state = 'accepted' AND e.public",
        registration_id
    )
}

/// What a unit signed and planned: signer, title, covenant, when, plan as HTML, for whom staff entered it.
pub type CovenantRow = (String, String, String, Option<i64>, String, String);

/// What a unit signed and planned.
///
/// # Errors
/// When the database fails.
pub async fn list_covenant(session: &mut Session, registration_id: i64) -> DbResult<Vec<CovenantRow>> {
    fetch_all!(
        session,
        CovenantRow,
        "SELECT signer_name, signer_title, covenant, signed_at, plan_html, on_behalf_of FROM registration WHERE id = $1",
        registration_id
    )
}

/// Where units lie that are there on a day: unit, slug, name, GeoJSON geometry.
///
/// # Errors
/// When the database fails.
pub async fn list_boundaries(session: &mut Session, on: &str) -> DbResult<Vec<(i64, String, String, String)>> {
    fetch_all!(
        session,
        (i64, String, String, String),
        "SELECT u.id, u.slug, u.name, b.geometry FROM unit_boundary b JOIN unit u ON u.id = b.unit_id
         WHERE u.ends IS NULL OR u.ends >= $1",
        on
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_come_out_as_they_were_packed() {
        let packed = [(1, 0, 0), (60, -12_345, 3), (i64::from(u32::MAX), 999_999_999_999_999, 31)];
        let text: Vec<String> =
            packed.iter().map(|(target, value, scale)| format!("{} {value}", target * 32 + scale)).collect();
        assert_eq!(unpack(&text.join(" ")).collect::<Vec<_>>(), packed);
        assert_eq!(unpack("").count(), 0);
        assert_eq!(unpack("1 x 2").count(), 0);
    }
}
