//! Reports: filled in by units, sent, looked at, accepted or returned; accepted figures are corrected in the open.

use crate::domain::comment::check_reason;
use crate::domain::day::Day;
use crate::domain::error::{AppError, Field, Problem};
use crate::domain::figure::{self, Figure, Reading};
use crate::domain::lang::Lang;
use crate::domain::progress::{Counting, value_of_unit};
use crate::domain::report::{
    AskedFigure, CellState, Cells, MergedCells, SUMMARY, check_cell, figure_name, merge_cells, reason_name,
};
use crate::domain::text::{compose, count};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::Session;
use crate::server::db::campaign::{self as public, CampaignRow, PeriodRow, TargetRow};
use crate::server::db::desk::registration::{self as registration, RegistrationRow};
use crate::server::db::desk::report::{self as db, EvidenceRow, NewCorrection, ReportRow};
use crate::server::error::OnConstraint;
use crate::server::services::account::invalid;
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::services::library;
use crate::server::services::registration::{BEHALF, is_staff, record, require_managing};
use crate::server::state::Store;
use crate::server::thing::Thing;

/// The longest cell of a report that is kept, in characters.
const CELL_MOST: usize = 10_000;
/// So many files are behind a report at most.
const EVIDENCE_MOST: usize = 20;
/// Savings of reports are kept for so long, in milliseconds: 14 days.
const SAVES_TIME: i64 = 14 * 24 * 3_600_000;

/// A figure that a report asks for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The target.
    pub target: TargetRow,
    /// What the rules know of it.
    pub figure: AskedFigure,
}

impl Asked {
    /// The figure of the period before.
    pub fn before(&self) -> Option<Figure> {
        self.figure.earlier.last().copied().flatten()
    }
}

/// What was reported so far adds up to, with this period's figure if there is one; nothing where figures do not add up, or
/// nothing was reported before.
pub fn together(figure: &AskedFigure, now: Option<Figure>) -> Option<Figure> {
    let counting = figure.counting.filter(|counting| *counting == Counting::Sum)?;
    figure.earlier.iter().flatten().next()?;
    let figures: Vec<Option<Figure>> = figure.earlier.iter().copied().chain([now]).collect();
    value_of_unit(counting, &figures)
}

/// A report with everything that its form needs.
#[derive(Clone, Debug)]
pub struct ReportForm {
    /// The campaign.
    pub campaign: CampaignRow,
    /// The unit's registration.
    pub registration: RegistrationRow,
    /// The period.
    pub period: PeriodRow,
    /// What is stored of it.
    pub report: Option<ReportRow>,
    /// What was typed.
    pub cells: Cells,
    /// The figures that it asks for.
    pub asked: Vec<Asked>,
    /// The files behind it.
    pub evidence: Vec<EvidenceRow>,
}

impl ReportForm {
    /// Where it stands.
    pub fn state(&self) -> &str {
        self.report.as_ref().map_or("draft", |report| report.state.as_str())
    }

    /// Whether its cells may be changed by the unit.
    pub fn is_open(&self) -> bool {
        matches!(self.state(), "draft" | "returned")
    }

    /// What each cell says, by the target's code.
    pub fn states(&self, cells: &Cells) -> Vec<(String, CellState)> {
        let text = |name: String| cells.get(&name).map_or("", String::as_str);
        let state = |asked: &Asked| {
            let code = &asked.target.code;
            check_cell(&asked.figure, text(figure_name(code)), text(reason_name(code)))
        };
        self.asked.iter().map(|asked| (asked.target.code.clone(), state(asked))).collect()
    }
}

/// A report, for whoever reports for the unit or runs the campaign.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn read_report(
    store: &Store,
    actor: &Actor,
    registration_id: i64,
    period_id: i64,
) -> Result<ReportForm, AppError> {
    actor.require(Permission::ReportForUnit)?;
    read_within(&mut store.db.read().await?, actor, registration_id, period_id).await
}

async fn read_within(
    session: &mut Session,
    actor: &Actor,
    registration_id: i64,
    period_id: i64,
) -> Result<ReportForm, AppError> {
    let row = registration::find_by_id(session, registration_id).await?.ok_or(AppError::NotFound)?;
    if actor.require_in(Permission::ReportForUnit, Scope::Unit(row.unit_id)).is_err() {
        require_managing(session, actor, row.campaign_id).await?;
    }
    let campaign = public::find_by_id(session, row.campaign_id).await?.ok_or(AppError::NotFound)?;
    let periods = public::list_periods(session, row.campaign_id).await?;
    let period = periods.iter().find(|period| period.id == period_id).cloned().ok_or(AppError::NotFound)?;
    let targets = public::list_targets(session, row.campaign_id).await?;
    let goals = registration::list_plan_targets(session, registration_id).await?;
    let earlier = db::list_earlier(session, registration_id, &period.begins).await?;
    let asked = targets
        .into_iter()
        // Whoever set goals is asked for these, whoever set none for all.
        .filter(|target| goals.is_empty() || goals.iter().any(|(id, ..)| *id == target.id))
        .map(|target| {
            let of_period = |begins: &str| {
                let found = earlier.iter().find(|(day, id, ..)| day == begins && *id == target.id);
                found.and_then(|(_, _, value, scale)| figure_of(*value, *scale))
            };
            let before = periods.iter().filter(|earlier| earlier.begins < period.begins);
            let goal = goals.iter().find(|(id, ..)| *id == target.id);
            let figure = AskedFigure {
                counting: Counting::parse(&target.counting),
                goal: goal.and_then(|(_, value, scale)| figure_of(*value, *scale)),
                earlier: before.map(|earlier| of_period(&earlier.begins)).collect(),
                percent: target.measure.trim() == "%",
            };
            Asked { target, figure }
        })
        .collect();
    let report = db::find(session, registration_id, period_id).await?;
    let evidence = match &report {
        Some(report) => db::list_evidence(session, report.id).await?,
        None => Vec::new(),
    };
    let cells = report.as_ref().and_then(|report| serde_json::from_str(&report.content).ok()).unwrap_or_default();
    Ok(ReportForm { campaign, registration: row, period, report, cells, asked, evidence })
}

/// A figure of its two columns.
pub fn figure_of(value: i64, scale: i64) -> Option<Figure> {
    Figure::new(value, u8::try_from(scale).ok()?)
}

/// Cells that somebody saves.
#[derive(Clone, Debug, Default)]
pub struct TypedReport {
    /// Which saving was read; 0 where there was none.
    pub version: i64,
    /// What was typed on, where that is not what the version says.
    pub base: Option<Cells>,
    /// The cells.
    pub cells: Cells,
}

/// What became of a saving.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SavedReport {
    /// It is saved.
    Done {
        /// The version from now on.
        version: i64,
    },
    /// Somebody else had saved: both changes are saved in one report.
    Merged {
        /// The version from now on.
        version: i64,
        /// What it says.
        cells: Cells,
    },
    /// Somebody else had changed the same cells: nothing is saved, somebody has to look.
    Conflict {
        /// The version that was met.
        version: i64,
        /// What could be merged, with the saver's cells where it could not.
        cells: Cells,
        /// The names of those cells, with what the other one typed.
        others: Vec<(String, String)>,
    },
    /// It has been sent or accepted: nothing is saved.
    Closed,
}

/// Saves a report as a draft. What others saved in between is never overwritten.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Conflict` for a unit that is not registered, or `Invalid` for a cell that is too long.
pub async fn save_report(
    store: &Store,
    actor: &Actor,
    registration_id: i64,
    period_id: i64,
    typed: &TypedReport,
) -> Result<SavedReport, AppError> {
    let mut session = store.db.write().await?;
    let (saved, _) = save_within(&mut session, actor, registration_id, period_id, typed).await?;
    session.commit().await?;
    Ok(saved)
}

/// Cells as they are kept, whichever way a browser sent them.
fn clean(cells: &Cells) -> Cells {
    let text = |text: &String| compose(&text.replace("\r\n", "\n").replace('\0', ""));
    cells.iter().map(|(name, typed)| (name.clone(), text(typed))).collect()
}

/// Whether each cell typed is as it is kept.
fn says_nothing_new(typed: &Cells, kept: &Cells) -> bool {
    clean(typed).iter().all(|(name, text)| kept.get(name).map_or("", String::as_str) == text)
}

async fn save_within(
    session: &mut Session,
    actor: &Actor,
    registration_id: i64,
    period_id: i64,
    typed: &TypedReport,
) -> Result<(SavedReport, ReportForm), AppError> {
    let mine = clean(&typed.cells);
    if mine.len() > 1000 || mine.values().any(|text| text.len() > CELL_MOST && count(text) > CELL_MOST) {
        let most = u32::try_from(CELL_MOST).unwrap_or(u32::MAX);
        return Err(invalid(Field::Text, Problem::TooLong { most, counted: most + 1 }));
    }
    let at = now();
    db::hold(session, registration_id).await?;
    let form = read_within(session, actor, registration_id, period_id).await?;
    actor.require_in(Permission::ReportForUnit, Scope::Unit(form.registration.unit_id))?;
    if form.registration.state != "registered" {
        return Err(AppError::Conflict);
    }
    if !form.is_open() {
        return Ok((SavedReport::Closed, form));
    }
    let known = form.report.as_ref().map_or(0, |report| report.version);
    let theirs = form.cells.clone();
    let (cells, merged) = if typed.version == known && typed.base.is_none() {
        (mine, false)
    } else {
        let base = match (&typed.base, &form.report) {
            (Some(base), _) => clean(base),
            (None, Some(report)) => {
                let stored = db::find_save(session, report.id, typed.version).await?;
                stored.and_then(|content| serde_json::from_str(&content).ok()).unwrap_or_default()
            }
            (None, None) => Cells::default(),
        };
        let MergedCells { cells, conflicts } = merge_cells(&base, &mine, &theirs);
        if !conflicts.is_empty() {
            let other = |name: String| {
                let text = theirs.get(&name).cloned().unwrap_or_default();
                (name, text)
            };
            let others = conflicts.into_iter().map(other).collect();
            return Ok((SavedReport::Conflict { version: known, cells, others }, form));
        }
        (cells, true)
    };
    if cells == theirs && known > 0 {
        let saved =
            if merged { SavedReport::Merged { version: known, cells } } else { SavedReport::Done { version: known } };
        return Ok((saved, form));
    }
    let actor_id = actor.find_or_add(session, at).await?;
    let id = match &form.report {
        Some(report) => report.id,
        None => {
            let added = db::add(session, form.campaign.id, registration_id, period_id, actor_id, at).await;
            added
                .on_constraint("report_period_key", "report.registration_id, report.period_id", || AppError::Conflict)?
        }
    };
    let version = known + 1;
    let content = serde_json::to_string(&cells).unwrap_or_default();
    let summary = cells.get(SUMMARY).map_or("", |text| text.trim());
    let behalf =
        if is_staff(actor, form.registration.unit_id) { cells.get(BEHALF).map_or("", |text| text.trim()) } else { "" };
    db::save(session, id, version, &content, summary, behalf, at).await?;
    let form = read_within(session, actor, registration_id, period_id).await?;
    let saved = if merged { SavedReport::Merged { version, cells } } else { SavedReport::Done { version } };
    Ok((saved, form))
}

/// What became of a report that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SentReport {
    /// It is sent.
    Done,
    /// It could not be saved as it was typed.
    NotSaved(SavedReport),
    /// These figures keep it from being sent; it is saved as a draft.
    Refused(Vec<(String, CellState)>),
    /// Staff has to say for whom it was entered; it is saved as a draft.
    NoBehalf,
    /// The period takes no more reports; it is saved as a draft.
    PeriodClosed,
    /// The period has not begun; it is saved as a draft.
    NotBegun,
}

/// Saves a report and sends it. A second sending of the same report is the first one.
///
/// # Errors
/// As [`save_report`].
pub async fn send_report(
    store: &Store,
    actor: &Actor,
    registration_id: i64,
    period_id: i64,
    typed: &TypedReport,
) -> Result<SentReport, AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let (saved, form) = save_within(&mut session, actor, registration_id, period_id, typed).await?;
    match saved {
        SavedReport::Closed if form.state() == "sent" && says_nothing_new(&typed.cells, &form.cells) => {
            return Ok(SentReport::Done);
        }
        SavedReport::Closed | SavedReport::Conflict { .. } => return Ok(SentReport::NotSaved(saved)),
        SavedReport::Done { .. } | SavedReport::Merged { .. } => {}
    }
    let states = form.states(&form.cells);
    let wrong: Vec<_> = states.iter().filter(|(_, state)| !state.can_be_sent()).cloned().collect();
    let refused = if form.period.closed_at.is_some() {
        Some(SentReport::PeriodClosed)
    } else if form.period.begins > Day::of(at).iso() {
        Some(SentReport::NotBegun)
    } else if !wrong.is_empty() {
        Some(SentReport::Refused(wrong))
    } else if is_staff(actor, form.registration.unit_id)
        && form.cells.get(BEHALF).is_none_or(|text| text.trim().is_empty())
    {
        Some(SentReport::NoBehalf)
    } else {
        None
    };
    if let Some(refused) = refused {
        session.commit().await?;
        return Ok(refused);
    }
    let report = form.report.as_ref().ok_or(AppError::Conflict)?;
    let figures: Vec<(i64, Figure, String)> = form
        .asked
        .iter()
        .zip(&states)
        .filter_map(|(asked, (code, state))| {
            let reason = form.cells.get(&reason_name(code)).map_or("", |text| text.trim()).to_owned();
            Some((asked.target.id, state.figure()?, reason))
        })
        .collect();
    db::put_figures(&mut session, report.id, &figures).await?;
    db::send(&mut session, report.id, at).await?;
    record_report(&mut session, actor, report, "send-report", "").await?;
    session.note_change(Thing::Campaign(form.campaign.id));
    session.commit().await?;
    Ok(SentReport::Done)
}

/// Whether somebody may take a report back that was sent: whoever reports for the unit, and staff what it entered itself.
/// What is taken back has to be sent anew, which nobody can when the period is closed.
pub fn may_take_back(actor: &Actor, form: &ReportForm) -> bool {
    let unit = form.registration.unit_id;
    let entered = form.report.as_ref().is_some_and(|report| !report.on_behalf_of.is_empty());
    actor.require_in(Permission::ReportForUnit, Scope::Unit(unit)).is_ok()
        && (entered || !is_staff(actor, unit))
        && form.period.closed_at.is_none()
}

/// Takes a report back that was sent and not yet decided: it is a draft again.
///
/// # Errors
/// `NotFound`, `Forbidden`, or `Conflict` where it is not waiting, or is not this person's to take back.
pub async fn take_back_report(
    store: &Store,
    actor: &Actor,
    registration_id: i64,
    period_id: i64,
) -> Result<(), AppError> {
    let mut session = store.db.write().await?;
    db::hold(&mut session, registration_id).await?;
    let form = read_within(&mut session, actor, registration_id, period_id).await?;
    actor.require_in(Permission::ReportForUnit, Scope::Unit(form.registration.unit_id))?;
    let report = may_take_back(actor, &form).then_some(form.report).flatten().ok_or(AppError::Conflict)?;
    // A second click.
    if report.state == "draft" {
        return Ok(());
    }
    if !db::take_back(&mut session, report.id).await? {
        return Err(AppError::Conflict);
    }
    record_report(&mut session, actor, &report, "take-back-report", "").await?;
    session.note_change(Thing::Campaign(form.campaign.id));
    session.commit().await?;
    Ok(())
}

async fn record_report(
    session: &mut Session,
    actor: &Actor,
    report: &ReportRow,
    action: &str,
    told: &str,
) -> Result<(), AppError> {
    let shown = |day: &str| Day::parse(day).map_or_else(|| day.to_owned(), |day| day.show(Lang::Vi));
    let of = format!("{}, {}–{}", report.unit_name, shown(&report.begins), shown(&report.ends));
    let told = if told.is_empty() { of } else { format!("{of}: {told}") };
    record(session, actor, report.campaign_id, action, &told).await
}

/// A report as whoever runs its campaign sees it.
#[derive(Clone, Debug)]
pub struct ReviewedReport {
    /// What was filled in.
    pub form: ReportForm,
    /// How it stands.
    pub row: ReportRow,
    /// Its figures: target, figure, reason.
    pub figures: Vec<(i64, Figure, String)>,
    /// Its corrections with the persons' names, the latest first.
    pub corrections: Vec<db::SignedCorrectionRow>,
}

/// A report, for whoever runs its campaign.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn read_for_review(
    store: &Store,
    actor: &Actor,
    campaign_id: i64,
    id: i64,
) -> Result<ReviewedReport, AppError> {
    let mut session = store.db.read().await?;
    require_managing(&mut session, actor, campaign_id).await?;
    let row = find_in(&mut session, campaign_id, id).await?;
    let form = read_within(&mut session, actor, row.registration_id, row.period_id).await?;
    let figures = db::list_figures(&mut session, id).await?;
    let figures = figures.into_iter().filter_map(|row| Some((row.target_id, row.figure()?, row.reason))).collect();
    let corrections = db::list_corrections(&mut session, id).await?;
    Ok(ReviewedReport { form, row, figures, corrections })
}

async fn find_in(session: &mut Session, campaign_id: i64, id: i64) -> Result<ReportRow, AppError> {
    let report = db::find_by_id(session, id).await?.ok_or(AppError::NotFound)?;
    if report.campaign_id == campaign_id { Ok(report) } else { Err(AppError::NotFound) }
}

/// Accepts a report that was sent, or returns it with notes.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` for a return without notes, or `Conflict` where it is not waiting.
pub async fn decide_report(
    store: &Store,
    actor: &Actor,
    campaign_id: i64,
    id: i64,
    notes: Option<&str>,
) -> Result<(), AppError> {
    let notes = notes.map(|notes| check_reason(&compose(notes), count)).transpose()?;
    let at = now();
    let mut session = store.db.write().await?;
    require_managing(&mut session, actor, campaign_id).await?;
    let report = find_in(&mut session, campaign_id, id).await?;
    let (to, action) = if notes.is_some() { ("returned", "return-report") } else { ("accepted", "accept-report") };
    let notes = notes.unwrap_or_default();
    if !db::decide(&mut session, id, "sent", to, &notes, at).await? {
        return Err(AppError::Conflict);
    }
    record_report(&mut session, actor, &report, action, &notes).await?;
    session.note_change(Thing::Campaign(campaign_id));
    session.commit().await?;
    Ok(())
}

/// Corrects a figure of an accepted report: the old one stays, with the reason, for everybody to see.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` for a figure that can't be read or a missing reason, or `Conflict` where the
/// report is not accepted.
pub async fn correct_figure(
    store: &Store,
    actor: &Actor,
    campaign_id: i64,
    id: i64,
    code: &str,
    typed: &str,
    reason: &str,
) -> Result<(), AppError> {
    let reason = check_reason(&compose(reason), count)?;
    let new = match figure::read(typed) {
        Ok(Reading::One(figure)) => Some(figure),
        Ok(Reading::Either { .. }) => return Err(invalid(Field::Figure, Problem::UnclearFigure)),
        Err(figure::Unreadable::Empty) if !typed.trim().is_empty() => None,
        Err(_) => return Err(invalid(Field::Figure, Problem::NoFigure)),
    };
    let at = now();
    let mut session = store.db.write().await?;
    require_managing(&mut session, actor, campaign_id).await?;
    let report = find_in(&mut session, campaign_id, id).await?;
    if report.state != "accepted" {
        return Err(AppError::Conflict);
    }
    let targets = public::list_targets(&mut session, campaign_id).await?;
    let target = targets.iter().find(|target| target.code == code).ok_or(AppError::NotFound)?;
    let rows = db::list_figures(&mut session, id).await?;
    let old = rows.iter().find(|row| row.target_id == target.id).and_then(db::FigureRow::figure);
    if old == new {
        return Ok(());
    }
    match new {
        Some(figure) => db::put_figure(&mut session, id, target.id, figure, &reason).await?,
        None => db::remove_figure(&mut session, id, target.id).await?,
    }
    let actor_id = actor.find_or_add(&mut session, at).await?;
    let own = actor_unit(actor);
    let correction = NewCorrection {
        campaign_id,
        report_id: id,
        target_id: target.id,
        old,
        new,
        reason: &reason,
        unit_id: own,
        role: "campaign-officer",
    };
    db::add_correction(&mut session, &correction, actor_id, at).await?;
    record_report(&mut session, actor, &report, "correct-figure", &format!("{code}: {reason}")).await?;
    session.note_change(Thing::Campaign(campaign_id));
    session.commit().await?;
    Ok(())
}

/// The unit that somebody's role is in, where it is one.
fn actor_unit(actor: &Actor) -> Option<i64> {
    match actor {
        Actor::Account(official) => {
            official.units_for(Permission::ManageCampaigns).and_then(|units| units.into_iter().min())
        }
        _ => None,
    }
}

/// Closes a period, or opens it again.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn set_period_closed(
    store: &Store,
    actor: &Actor,
    campaign_id: i64,
    period_id: i64,
    closed: bool,
) -> Result<(), AppError> {
    let mut session = store.db.write().await?;
    require_managing(&mut session, actor, campaign_id).await?;
    let at = closed.then(now);
    let days = crate::server::db::desk::campaign::set_closed(&mut session, campaign_id, period_id, at).await?;
    let (begins, ends) = days.ok_or(AppError::NotFound)?;
    record(
        &mut session,
        actor,
        campaign_id,
        if closed { "close-period" } else { "open-period" },
        &format!("{begins}–{ends}"),
    )
    .await?;
    session.note_change(Thing::Campaign(campaign_id));
    session.commit().await?;
    Ok(())
}

/// Puts a file behind a report: a picture (encoded anew) or a document, by its content.
///
/// # Errors
/// `NotFound`, `Forbidden`, `TooLarge`, `Conflict` where the report can't be changed, `Invalid` for what is no such file
/// or one too many.
pub async fn add_evidence(
    store: &Store,
    actor: &Actor,
    registration_id: i64,
    period_id: i64,
    file: (&str, Vec<u8>),
    public_file: bool,
) -> Result<(), AppError> {
    let form = read_report(store, actor, registration_id, period_id).await?;
    actor.require_in(Permission::ReportForUnit, Scope::Unit(form.registration.unit_id))?;
    if !form.is_open() || form.registration.state != "registered" {
        return Err(AppError::Conflict);
    }
    if form.evidence.len() >= EVIDENCE_MOST {
        return Err(invalid(Field::File, Problem::TooMany));
    }
    let (name, bytes) = file;
    let upload_id = library::store_evidence(store, actor, name, bytes).await?;
    let at = now();
    let mut session = store.db.write().await?;
    db::hold(&mut session, registration_id).await?;
    let report_id = match db::find(&mut session, registration_id, period_id).await? {
        Some(report) if matches!(report.state.as_str(), "draft" | "returned") => report.id,
        Some(_) => return Err(AppError::Conflict),
        None => {
            let actor_id = actor.find_or_add(&mut session, at).await?;
            db::add(&mut session, form.campaign.id, registration_id, period_id, actor_id, at).await?
        }
    };
    let name: String = crate::domain::text::clean_line(&compose(name)).chars().take(120).collect();
    db::add_evidence(&mut session, report_id, upload_id, &name, public_file).await?;
    session.commit().await?;
    Ok(())
}

/// Takes a file from a report that can be changed.
///
/// # Errors
/// `NotFound`, `Forbidden`, or `Conflict`.
pub async fn remove_evidence(
    store: &Store,
    actor: &Actor,
    registration_id: i64,
    period_id: i64,
    id: i64,
) -> Result<(), AppError> {
    let mut session = store.db.write().await?;
    let form = read_within(&mut session, actor, registration_id, period_id).await?;
    actor.require_in(Permission::ReportForUnit, Scope::Unit(form.registration.unit_id))?;
    let report = form.report.as_ref().filter(|_| form.is_open()).ok_or(AppError::Conflict)?;
    if !db::remove_evidence(&mut session, report.id, id).await? {
        return Err(AppError::NotFound);
    }
    session.commit().await?;
    Ok(())
}

/// A file behind a report, for whoever may see it: everybody where it is public and the report accepted, else whoever
/// reports for the unit or runs the campaign.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn read_evidence(store: &Store, actor: &Actor, id: i64) -> Result<(EvidenceRow, Vec<u8>), AppError> {
    let mut session = store.db.read().await?;
    let row = db::find_evidence(&mut session, id).await?.ok_or(AppError::NotFound)?;
    let report = db::find_by_id(&mut session, row.report_id).await?.ok_or(AppError::NotFound)?;
    if !(row.public && report.state == "accepted") {
        let own = actor.require_in(Permission::ReportForUnit, Scope::Unit(report.unit_id));
        if own.is_err() {
            require_managing(&mut session, actor, report.campaign_id).await.map_err(|_| AppError::NotFound)?;
        }
    }
    drop(session);
    let bytes = library::read_evidence_file(store, &row.sha256).await?;
    Ok((row, bytes))
}

/// Forgets old savings; the server's own work.
///
/// # Errors
/// When the database fails.
pub async fn forget_old_saves(store: &Store) -> Result<(), AppError> {
    let mut session = store.db.write().await?;
    db::remove_old_saves(&mut session, now().plus_ms(-SAVES_TIME)).await?;
    session.commit().await?;
    Ok(())
}

/// Whether a report was sent after the day that it was due on, or, not sent yet, that day has passed. What was due before
/// a unit had signed the covenant was not due from it.
pub fn is_late(due: &str, first_sent_at: Option<i64>, signed_at: Option<i64>, today: Day) -> bool {
    let Some(due) = Day::parse(due) else { return false };
    if signed_at.is_some_and(|at| Day::of(Instant(at)) > due) {
        return false;
    }
    first_sent_at.map_or(today, |at| Day::of(Instant(at))) > due
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_reported_adds_up_where_it_can_be_added() {
        let whole = Figure::whole;
        let asked = |counting, earlier: &[Option<Figure>]| AskedFigure {
            counting: Some(counting),
            goal: None,
            earlier: earlier.to_vec(),
            percent: false,
        };
        let three = [whole(5), None, whole(7)];
        assert_eq!(together(&asked(Counting::Sum, &three), whole(1)), whole(13));
        assert_eq!(together(&asked(Counting::Sum, &three), None), whole(12));
        assert_eq!(together(&asked(Counting::Level, &three), whole(1)), None, "a level is the latest figure");
        assert_eq!(together(&asked(Counting::Sum, &[None, None]), whole(1)), None, "the first figure is all there is");
    }
}
