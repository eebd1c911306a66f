//! The reports of the demonstration: sent, sometimes returned, accepted, and some figures corrected later.

use std::collections::HashMap;

use super::content::{CorrectionLine, FigureLine, ReportLine, read_lines};
use super::{Frame, at, typed};
use crate::domain::day::Day;
use crate::domain::error::AppError;
use crate::domain::figure::Figure;
use crate::domain::report::{Cells, SUMMARY, figure_name};
use crate::domain::time::Instant;
use crate::server::db::Session;
use crate::server::db::desk::report::{self as db, NewCorrection};
use crate::server::db::log::{self, Decision};
use crate::server::error::{Failure, internal};
use crate::server::state::Store;
use crate::server::thing::Thing;

/// Why a report came late, as its unit says it; no page shows it.
const LATE_REASON: &str = "ly-do-muon";
/// So many days after it was sent a report is returned, if it is.
const DAYS_TO_RETURN: i64 = 2;
/// So many days after it was accepted a figure is corrected.
const DAYS_TO_CORRECT: i64 = 21;

/// A period of a unit, as the files name it.
type Place<'a> = (&'a str, usize);

/// Loads the reports of the registrations that have none, and the corrections of them.
pub(super) async fn load(store: &Store, frame: &Frame, registered: HashMap<String, i64>) -> Result<(), Failure> {
    let reports: Vec<ReportLine> = read_lines("campaigns/reports.csv")?;
    let lines: Vec<FigureLine> = read_lines("campaigns/figures.csv")?;
    let corrections: Vec<CorrectionLine> = read_lines("campaigns/corrections.csv")?;
    let mut figures: HashMap<Place<'_>, Vec<&FigureLine>> = HashMap::new();
    for line in &lines {
        figures.entry((line.unit.as_str(), line.period)).or_default().push(line);
    }
    let mut session = store.db.write().await?;
    let registered = without_reports(&mut session, registered).await?;
    let mut stored: HashMap<Place<'_>, (i64, &ReportLine)> = HashMap::new();
    for (turn, line) in reports.iter().enumerate() {
        let Some(registration_id) = registered.get(&line.unit) else { continue };
        let place = (line.unit.as_str(), line.period);
        let own = figures.get(&place).map_or(&[][..], Vec::as_slice);
        let id = add_report(&mut session, frame, *registration_id, line, own, turn).await?;
        stored.insert(place, (id, line));
    }
    for line in &corrections {
        if let Some((id, report)) = stored.get(&(line.unit.as_str(), line.period)) {
            correct(&mut session, frame, *id, report, line).await?;
        }
    }
    if !stored.is_empty() {
        session.note_change(Thing::Whole);
    }
    session.commit().await?;
    Ok(())
}

async fn without_reports(
    session: &mut Session,
    registered: HashMap<String, i64>,
) -> Result<HashMap<String, i64>, Failure> {
    let mut without = HashMap::new();
    for (unit, id) in registered {
        if db::list_states(session, id).await?.is_empty() {
            without.insert(unit, id);
        }
    }
    Ok(without)
}

/// Adds a report on its way from the first sending to where it stands, and gives its id.
async fn add_report(
    session: &mut Session,
    frame: &Frame,
    registration_id: i64,
    line: &ReportLine,
    lines: &[&FigureLine],
    turn: usize,
) -> Result<i64, Failure> {
    let sent = at(line.sent, 8, turn);
    let period_id = frame.period(line.period)?.id;
    let id = db::add(session, frame.campaign.id, registration_id, period_id, frame.actor_id, sent).await?;
    db::save(session, id, 1, &cells_of(line, lines)?, &line.text, "", sent).await?;
    let mut figures: Vec<(i64, Figure, String)> = Vec::new();
    for line in lines {
        figures.push((frame.target(&line.target)?, line.figure, String::new()));
    }
    db::put_figures(session, id, &figures).await?;
    db::send(session, id, sent).await?;
    let Some(accepted) = line.accepted else { return Ok(id) };
    if !line.returned_note.is_empty() {
        let returned = at(line.sent.plus_days(DAYS_TO_RETURN), 14, turn);
        db::decide(session, id, "sent", "returned", &line.returned_note, returned).await?;
        record(session, frame, line, "return-report", &line.returned_note, returned).await?;
        db::send(session, id, at(accepted.before(), 8, turn)).await?;
    }
    db::decide(session, id, "sent", "accepted", "", at(accepted, 14, turn)).await?;
    Ok(id)
}

/// What the unit typed, as JSON.
fn cells_of(line: &ReportLine, figures: &[&FigureLine]) -> Result<String, AppError> {
    let mut cells: Cells = figures.iter().map(|figure| (figure_name(&figure.target), typed(figure.figure))).collect();
    cells.insert(SUMMARY.to_owned(), line.text.clone());
    if !line.late_reason.is_empty() {
        cells.insert(LATE_REASON.to_owned(), line.late_reason.clone());
    }
    serde_json::to_string(&cells).map_err(internal)
}

async fn correct(
    session: &mut Session,
    frame: &Frame,
    report_id: i64,
    report: &ReportLine,
    line: &CorrectionLine,
) -> Result<(), Failure> {
    let accepted: Day = report.accepted.ok_or(AppError::Conflict)?;
    let at = at(accepted.plus_days(DAYS_TO_CORRECT), 9, line.period);
    let target_id = frame.target(&line.target)?;
    db::put_figure(session, report_id, target_id, line.new, &line.reason).await?;
    let correction = NewCorrection {
        campaign_id: frame.campaign.id,
        report_id,
        target_id,
        old: Some(line.old),
        new: Some(line.new),
        reason: &line.reason,
        unit_id: None,
        role: "campaign-officer",
    };
    db::add_correction(session, &correction, frame.actor_id, at).await?;
    record(session, frame, report, "correct-figure", &format!("{}: {}", line.target, line.reason), at).await
}

/// Writes into the decision log what stands nowhere else: a report that is accepted forgets why it was returned.
async fn record(
    session: &mut Session,
    frame: &Frame,
    line: &ReportLine,
    action: &str,
    told: &str,
    at: Instant,
) -> Result<(), Failure> {
    let period = frame.period(line.period)?;
    let told = format!("{}, {}–{}: {told}", frame.name(&line.unit), period.begins, period.ends);
    let subject_id = frame.campaign.id;
    let decision = Decision { subject_kind: "campaign", subject_id, action, reason: Some(&told), reason_id: None };
    log::add_decision(session, frame.actor_id, at, decision).await?;
    Ok(())
}
