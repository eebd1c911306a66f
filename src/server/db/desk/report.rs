//! Reports as units write them and officers look at them: cells, figures, evidence, corrections.

use crate::domain::figure::Figure;
use crate::domain::time::Instant;
use crate::server::db::desk::campaign::columns_of;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};

/// A report whole, with the unit and the period that it is of.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ReportRow {
    /// Its id.
    pub id: i64,
    /// The campaign.
    pub campaign_id: i64,
    /// The registration of the unit.
    pub registration_id: i64,
    /// The unit.
    pub unit_id: i64,
    /// Its slug.
    pub unit_slug: String,
    /// Its name.
    pub unit_name: String,
    /// The period.
    pub period_id: i64,
    /// Its first day.
    pub begins: String,
    /// Its last day.
    pub ends: String,
    /// The day until which it is in time.
    pub due: String,
    /// Whether nobody reports for the period any longer.
    pub closed_at: Option<i64>,
    /// `draft`, `sent`, `returned` or `accepted`.
    pub state: String,
    /// JSON: every cell as it was typed.
    pub content: String,
    /// Counts its savings.
    pub version: i64,
    /// When it was sent first.
    pub first_sent_at: Option<i64>,
    /// When it was sent last.
    pub sent_at: Option<i64>,
    /// When it was accepted or returned.
    pub decided_at: Option<i64>,
    /// What whoever returned it asks for.
    pub notes: String,
    /// What was done in the period.
    pub summary: String,
    /// For whom staff entered it.
    pub on_behalf_of: String,
    /// When the unit signed the covenant.
    pub signed_at: Option<i64>,
}

macro_rules! select_report {
    () => {
        "SELECT p.id, p.campaign_id, p.registration_id, g.unit_id, u.slug AS unit_slug, u.name AS unit_name, p.period_id, d.begins,
                d.ends, d.due, d.closed_at, p.state, p.content, p.version, p.first_sent_at, p.sent_at, p.decided_at, p.notes, p.summary,
                p.on_behalf_of, g.signed_at
         FROM report p JOIN registration g ON g.id = p.registration_id JOIN unit u ON u.id = g.unit_id
         JOIN period d ON d.id = p.period_id "
    };
}

/// The report of a registration for a period.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, registration_id: i64, period_id: i64) -> DbResult<Option<ReportRow>> {
    fetch_optional!(
        session,
        ReportRow,
        concat!(select_report!(), "WHERE p.registration_id = $1 AND p.period_id = $2"),
        registration_id,
        period_id
    )
}

/// A report by its id.
///
/// # Errors
/// When the database fails.
pub async fn find_by_id(session: &mut Session, id: i64) -> DbResult<Option<ReportRow>> {
    fetch_optional!(session, ReportRow, concat!(select_report!(), "WHERE p.id = $1"), id)
}

/// The reports of a campaign that wait to be looked at, those sent first first, at most 500.
///
/// # Errors
/// When the database fails.
pub async fn list_sent(session: &mut Session, campaign_id: i64) -> DbResult<Vec<ReportRow>> {
    fetch_all!(
        session,
        ReportRow,
        concat!(select_report!(), "WHERE p.campaign_id = $1 AND p.state = 'sent' ORDER BY p.sent_at, p.id LIMIT 500"),
        campaign_id
    )
}

/// Where the reports of a registration stand: period, report and state.
///
/// # Errors
/// When the database fails.
pub async fn list_states(session: &mut Session, registration_id: i64) -> DbResult<Vec<(i64, i64, String)>> {
    fetch_all!(
        session,
        (i64, i64, String),
        "SELECT period_id, id, state FROM report WHERE registration_id = $1",
        registration_id
    )
}

/// Has others who change the reports of a registration wait until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn hold(session: &mut Session, registration_id: i64) -> DbResult<()> {
    execute!(session, "UPDATE registration SET state = state WHERE id = $1", registration_id)?;
    Ok(())
}

/// Begins the report of a period.
///
/// # Errors
/// When there is one (`report_period_key`), or the database fails.
pub async fn add(
    session: &mut Session,
    campaign_id: i64,
    registration_id: i64,
    period_id: i64,
    actor_id: i64,
    at: Instant,
) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO report (campaign_id, registration_id, period_id, state, content, version, saved_at, actor_id, created_at)
         VALUES ($1, $2, $3, 'draft', '{}', 0, $5, $4, $5) RETURNING id",
        campaign_id,
        registration_id,
        period_id,
        actor_id,
        at.0
    )?;
    Ok(id)
}

/// Saves the cells of a report, as its next version.
///
/// # Errors
/// When the database fails.
pub async fn save(
    session: &mut Session,
    id: i64,
    version: i64,
    content: &str,
    summary: &str,
    on_behalf_of: &str,
    at: Instant,
) -> DbResult<()> {
    execute!(
        session,
        "UPDATE report SET content = $2, summary = $3, on_behalf_of = $4, version = $5, saved_at = $6 WHERE id = $1",
        id,
        content,
        summary,
        on_behalf_of,
        version,
        at.0
    )?;
    execute!(
        session,
        "INSERT INTO report_save (report_id, version, at, content) VALUES ($1, $2, $3, $4) ON CONFLICT (report_id, version) DO NOTHING",
        id,
        version,
        at.0,
        content
    )?;
    Ok(())
}

/// What was saved as a version.
///
/// # Errors
/// When the database fails.
pub async fn find_save(session: &mut Session, report_id: i64, version: i64) -> DbResult<Option<String>> {
    let row = fetch_optional!(
        session,
        (String,),
        "SELECT content FROM report_save WHERE report_id = $1 AND version = $2",
        report_id,
        version
    )?;
    Ok(row.map(|(content,)| content))
}

/// Forgets savings older than a moment, but for the present one of each report.
///
/// # Errors
/// When the database fails.
pub async fn remove_old_saves(session: &mut Session, before: Instant) -> DbResult<u64> {
    execute!(
        session,
        "DELETE FROM report_save WHERE at < $1 AND version <> (SELECT p.version FROM report p WHERE p.id = report_save.report_id)",
        before.0
    )
}

/// Says that a report was sent; the first time stays.
///
/// # Errors
/// When the database fails.
pub async fn send(session: &mut Session, id: i64, at: Instant) -> DbResult<()> {
    execute!(
        session,
        "UPDATE report SET state = 'sent', sent_at = $2, first_sent_at = COALESCE(first_sent_at, $2), notes = '' WHERE id = $1",
        id,
        at.0
    )?;
    Ok(())
}

/// Makes a report that was sent a draft again; `false` where nobody waits for it any longer. One that nobody has ever
/// decided counts as never sent: whether it is in time is a matter of its next sending.
///
/// # Errors
/// When the database fails.
pub async fn take_back(session: &mut Session, id: i64) -> DbResult<bool> {
    let changed = execute!(
        session,
        "UPDATE report SET state = 'draft', sent_at = NULL, first_sent_at = CASE WHEN decided_at IS NULL THEN NULL ELSE first_sent_at END
         WHERE id = $1 AND state = 'sent'",
        id
    )?;
    Ok(changed == 1)
}

/// Says where a report stands after somebody looked at it; `false` where it does not stand there any longer.
///
/// # Errors
/// When the database fails.
pub async fn decide(session: &mut Session, id: i64, from: &str, to: &str, notes: &str, at: Instant) -> DbResult<bool> {
    let changed = execute!(
        session,
        "UPDATE report SET state = $3, notes = $4, decided_at = $5 WHERE id = $1 AND state = $2",
        id,
        from,
        to,
        notes,
        at.0
    )?;
    Ok(changed == 1)
}

/// Puts the figures of a report in place of those before: target, figure, reason.
///
/// # Errors
/// When the database fails.
pub async fn put_figures(session: &mut Session, report_id: i64, figures: &[(i64, Figure, String)]) -> DbResult<()> {
    execute!(session, "DELETE FROM figure WHERE report_id = $1", report_id)?;
    for (target_id, figure, reason) in figures {
        put_figure(session, report_id, *target_id, *figure, reason).await?;
    }
    Ok(())
}

/// Puts one figure of a report in place of the one before.
///
/// # Errors
/// When the database fails.
pub async fn put_figure(
    session: &mut Session,
    report_id: i64,
    target_id: i64,
    figure: Figure,
    reason: &str,
) -> DbResult<()> {
    let (value, scale) = columns_of(figure);
    execute!(
        session,
        "INSERT INTO figure (campaign_id, report_id, target_id, value, scale, reason)
         VALUES ((SELECT campaign_id FROM report WHERE id = $1), $1, $2, $3, $4, $5)
         ON CONFLICT (report_id, target_id) DO UPDATE SET value = excluded.value, scale = excluded.scale, reason = excluded.reason",
        report_id,
        target_id,
        value,
        scale,
        reason
    )?;
    Ok(())
}

/// Takes one figure of a report away.
///
/// # Errors
/// When the database fails.
pub async fn remove_figure(session: &mut Session, report_id: i64, target_id: i64) -> DbResult<()> {
    execute!(session, "DELETE FROM figure WHERE report_id = $1 AND target_id = $2", report_id, target_id)?;
    Ok(())
}

/// A figure of a report.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct FigureRow {
    /// The target.
    pub target_id: i64,
    /// The figure.
    pub value: i64,
    /// Its scale.
    pub scale: i64,
    /// Why it is right, where it looks absurd.
    pub reason: String,
}

impl FigureRow {
    /// The figure.
    pub fn figure(&self) -> Option<Figure> {
        Figure::new(self.value, u8::try_from(self.scale).ok()?)
    }
}

/// The figures of a report.
///
/// # Errors
/// When the database fails.
pub async fn list_figures(session: &mut Session, report_id: i64) -> DbResult<Vec<FigureRow>> {
    fetch_all!(
        session,
        FigureRow,
        "SELECT target_id, value, scale, reason FROM figure WHERE report_id = $1 ORDER BY target_id",
        report_id
    )
}

/// What a registration has reported for the periods before one, but for drafts: first day of the period, target, figure
/// and its scale; the earliest first.
///
/// # Errors
/// When the database fails.
pub async fn list_earlier(
    session: &mut Session,
    registration_id: i64,
    before: &str,
) -> DbResult<Vec<(String, i64, i64, i64)>> {
    fetch_all!(
        session,
        (String, i64, i64, i64),
        "SELECT d.begins, f.target_id, f.value, f.scale
         FROM report p JOIN period d ON d.id = p.period_id JOIN figure f ON f.report_id = p.id
         WHERE p.registration_id = $1 AND d.begins < $2 AND p.state IN ('sent', 'accepted')
         ORDER BY d.begins, f.target_id",
        registration_id,
        before
    )
}

/// A correction of an accepted figure about to be stored.
#[derive(Clone, Debug)]
pub struct NewCorrection<'a> {
    /// The campaign.
    pub campaign_id: i64,
    /// The report.
    pub report_id: i64,
    /// The target.
    pub target_id: i64,
    /// What stood there.
    pub old: Option<Figure>,
    /// What stands there now.
    pub new: Option<Figure>,
    /// Why.
    pub reason: &'a str,
    /// The unit of whoever corrected it.
    pub unit_id: Option<i64>,
    /// Their role.
    pub role: &'a str,
}

/// Remembers a correction.
///
/// # Errors
/// When the database fails.
pub async fn add_correction(
    session: &mut Session,
    correction: &NewCorrection<'_>,
    actor_id: i64,
    at: Instant,
) -> DbResult<()> {
    let (old, new) = (correction.old.map(columns_of), correction.new.map(columns_of));
    execute!(
        session,
        "INSERT INTO correction (campaign_id, report_id, target_id, old_value, old_scale, new_value, new_scale, reason, unit_id, role,
                                 actor_id, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        correction.campaign_id,
        correction.report_id,
        correction.target_id,
        old.map(|(value, _)| value),
        old.map(|(_, scale)| scale),
        new.map(|(value, _)| value),
        new.map(|(_, scale)| scale),
        correction.reason,
        correction.unit_id,
        correction.role,
        actor_id,
        at.0
    )?;
    Ok(())
}

/// A correction as officials read it: with the name of whoever made it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct SignedCorrectionRow {
    /// When.
    pub at: i64,
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
    /// The person.
    pub who: String,
    /// Their role.
    pub role: String,
    /// Their unit; empty for the whole portal.
    pub by_unit: String,
}

/// The corrections of a report, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list_corrections(session: &mut Session, report_id: i64) -> DbResult<Vec<SignedCorrectionRow>> {
    fetch_all!(
        session,
        SignedCorrectionRow,
        "SELECT x.at, x.target_id, x.old_value, x.old_scale, x.new_value, x.new_scale, x.reason,
                COALESCE(a.display_name, y.name) AS who, x.role, COALESCE(u.name, '') AS by_unit
         FROM correction x JOIN actor y ON y.id = x.actor_id
         LEFT JOIN account a ON y.kind = 'account' AND a.name = y.name
         LEFT JOIN unit u ON u.id = x.unit_id
         WHERE x.report_id = $1 ORDER BY x.at DESC, x.id DESC",
        report_id
    )
}

/// A file behind a report.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EvidenceRow {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Whether everybody may see it.
    pub public: bool,
    /// The hash of its content.
    pub sha256: String,
    /// Its type.
    pub media_type: String,
    /// Its size.
    pub bytes: i64,
    /// The report.
    pub report_id: i64,
}

macro_rules! select_evidence {
    () => {
        "SELECT e.id, e.name, e.public, u.sha256, u.media_type, u.bytes, e.report_id FROM evidence e JOIN upload u ON u.id = e.upload_id "
    };
}

/// The files behind a report.
///
/// # Errors
/// When the database fails.
pub async fn list_evidence(session: &mut Session, report_id: i64) -> DbResult<Vec<EvidenceRow>> {
    fetch_all!(session, EvidenceRow, concat!(select_evidence!(), "WHERE e.report_id = $1 ORDER BY e.id"), report_id)
}

/// A file behind a report, by its id.
///
/// # Errors
/// When the database fails.
pub async fn find_evidence(session: &mut Session, id: i64) -> DbResult<Option<EvidenceRow>> {
    fetch_optional!(session, EvidenceRow, concat!(select_evidence!(), "WHERE e.id = $1"), id)
}

/// Puts a file behind a report; the same one twice is once.
///
/// # Errors
/// When the database fails.
pub async fn add_evidence(
    session: &mut Session,
    report_id: i64,
    upload_id: i64,
    name: &str,
    public: bool,
) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO evidence (report_id, upload_id, name, public) VALUES ($1, $2, $3, $4)
         ON CONFLICT (report_id, upload_id) DO UPDATE SET name = excluded.name",
        report_id,
        upload_id,
        name,
        public
    )?;
    Ok(())
}

/// Takes a file from a report.
///
/// # Errors
/// When the database fails.
pub async fn remove_evidence(session: &mut Session, report_id: i64, id: i64) -> DbResult<bool> {
    Ok(execute!(session, "DELETE FROM evidence WHERE id = $1 AND report_id = $2", id, report_id)? == 1)
}

/// For each period of a campaign: how many reports were accepted, and how many wait.
///
/// # Errors
/// When the database fails.
pub async fn count_by_period(session: &mut Session, campaign_id: i64) -> DbResult<Vec<(i64, i64, i64)>> {
    fetch_all!(
        session,
        (i64, i64, i64),
        "SELECT p.period_id, COUNT(CASE WHEN p.state = 'accepted' THEN 1 END), COUNT(CASE WHEN p.state = 'sent' THEN 1 END)
         FROM report p JOIN registration g ON g.id = p.registration_id
         WHERE p.campaign_id = $1 AND g.state = 'registered' GROUP BY p.period_id",
        campaign_id
    )
}
