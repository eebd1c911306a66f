//! Taking part: units register for a campaign, sign its covenant, and write their plan with their own targets.

use std::collections::{BTreeMap, HashSet};

use crate::domain::campaign::{AnswerKind, Question};
use crate::domain::comment::check_reason;
use crate::domain::day::Day;
use crate::domain::error::AppError;
use crate::domain::figure::{self, Figure, Reading};
use crate::domain::lang::Lang;
use crate::domain::report::Cells;
use crate::domain::text::{clean_line, compose, count};
use crate::server::clock::now;
use crate::server::db::campaign::{self as public, CampaignRow, PeriodRow, PhaseRow, TargetRow};
use crate::server::db::desk::draft::{DecisionRow, find_own, list_decisions};
use crate::server::db::desk::registration::{self as db, OpenRow, RegistrationColumns, RegistrationRow};
use crate::server::db::desk::report;
use crate::server::db::desk::unit::{UnitRow, find_unit, list_units};
use crate::server::db::log::{self, Decision};
use crate::server::db::{Session, announcement};
use crate::server::markdown;
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::services::library;
use crate::server::services::report::{figure_of, is_late};
use crate::server::state::Store;
use crate::server::thing::Thing;

/// The name of who signs, in forms.
pub const SIGNER: &str = "ho-ten";
/// As what.
pub const SIGNER_TITLE: &str = "chuc-vu";
/// The plan.
pub const PLAN: &str = "ke-hoach";
/// For whom staff enters it.
pub const BEHALF: &str = "dai-dien";
/// That the covenant is agreed to.
pub const AGREED: &str = "dong-y";
/// The longest plan that is kept, in characters.
const PLAN_MOST: usize = 50_000;
/// The longest other cell that is kept, in characters.
const CELL_MOST: usize = 5_000;

/// The name of a unit's own goal for a target.
pub fn goal_name(code: &str) -> String {
    format!("muc-{code}")
}

/// The name of the answer to a question.
pub fn answer_name(code: &str) -> String {
    format!("hoi-{code}")
}

/// A unit of somebody who reports, with the campaigns that it takes part in or can.
#[derive(Clone, Debug)]
pub struct OwnUnit {
    /// The unit.
    pub unit: UnitRow,
    /// The campaigns, the latest first.
    pub campaigns: Vec<OpenRow>,
}

/// So many units of somebody are shown at most.
const UNITS_MOST: usize = 200;

/// The units that somebody reports for by name (not those of whoever may do it for all), with their campaigns.
///
/// # Errors
/// `Forbidden`.
pub async fn list_own_units(store: &Store, actor: &Actor) -> Result<Vec<OwnUnit>, AppError> {
    actor.require(Permission::ReportForUnit)?;
    let units: Option<HashSet<i64>> = match actor {
        Actor::Account(official) => official.units_for(Permission::ReportForUnit),
        _ => None,
    };
    let Some(units) = units else { return Ok(Vec::new()) };
    let today = Day::of(now());
    let mut session = store.db.read().await?;
    let mut own = Vec::new();
    let rows = list_units(&mut session).await?;
    for unit in rows.into_iter().filter(|unit| units.contains(&unit.id) && !unit.is_over(today)).take(UNITS_MOST) {
        let mut campaigns = db::list_open(&mut session, unit.id).await?;
        // What is over is kept for whoever took part in it, and offered to nobody else.
        campaigns.retain(|open| open.state.is_some() || open.ends >= today.iso());
        own.push(OwnUnit { unit, campaigns });
    }
    Ok(own)
}

impl OwnUnit {
    /// The campaigns that it could still register in.
    pub fn to_register(&self) -> impl Iterator<Item = &OpenRow> {
        let today = Day::of(now()).iso();
        let undecided = |open: &&OpenRow| matches!(open.state.as_deref(), None | Some("draft"));
        self.campaigns.iter().filter(undecided).filter(move |open| open.ends >= today)
    }
}

/// A report that a unit still owes.
#[derive(Clone, Debug)]
pub struct DueReport {
    /// The registration.
    pub registration_id: i64,
    /// The campaign's title.
    pub campaign: String,
    /// The unit's name.
    pub unit: String,
    /// The period.
    pub period: PeriodRow,
    /// `draft`, `returned`, or empty where nothing was begun.
    pub state: String,
    /// Whether its day has passed.
    pub late: bool,
}

/// The reports that somebody's units owe today, the one that was due first first: what reminds them.
///
/// # Errors
/// `Forbidden`.
pub async fn list_due_reports(store: &Store, actor: &Actor) -> Result<Vec<DueReport>, AppError> {
    list_due_on(store, actor, Day::of(now())).await
}

/// The same on another day.
///
/// # Errors
/// `Forbidden`.
pub async fn list_due_on(store: &Store, actor: &Actor, today: Day) -> Result<Vec<DueReport>, AppError> {
    let units = list_own_units(store, actor).await?;
    let (day, today) = (today, today.iso());
    let mut session = store.db.read().await?;
    let mut due = Vec::new();
    for own in &units {
        for open in own.campaigns.iter().filter(|open| open.state.as_deref() == Some("registered")) {
            let Some(registration_id) = open.registration_id else { continue };
            let states = report::list_states(&mut session, registration_id).await?;
            for period in public::list_periods(&mut session, open.campaign_id).await? {
                let state = states.iter().find(|(id, ..)| *id == period.id).map_or("", |(.., state)| state.as_str());
                let owed = matches!(state, "" | "draft" | "returned");
                let late = is_late(&period.due, None, open.signed_at, day);
                // A period is reported from its last day on; what was due before the unit took part is not owed. What
                // was begun, taken back or returned waits for the unit whatever the day.
                let begun = matches!(state, "draft" | "returned");
                let asked = period.ends <= today && (late || period.due >= today);
                if owed && period.closed_at.is_none() && (begun || asked) {
                    due.push(DueReport {
                        registration_id,
                        campaign: open.title.clone(),
                        unit: own.unit.name.clone(),
                        late,
                        state: state.to_owned(),
                        period,
                    });
                }
            }
        }
    }
    due.sort_by(|a, b| a.period.due.cmp(&b.period.due));
    Ok(due)
}

/// A unit in a campaign, as its own people see it.
#[derive(Clone, Debug)]
pub struct Participation {
    /// The campaign.
    pub campaign: CampaignRow,
    /// Its targets.
    pub targets: Vec<TargetRow>,
    /// Its phases.
    pub phases: Vec<PhaseRow>,
    /// Its periods.
    pub periods: Vec<PeriodRow>,
    /// What it asks of a plan besides.
    pub form: Vec<Question>,
    /// The unit.
    pub unit: UnitRow,
    /// What it registered.
    pub registration: Option<RegistrationRow>,
    /// Where its reports stand: period, report and state.
    pub reports: Vec<(i64, i64, String)>,
}

impl Participation {
    /// Whether nothing of the registration may be changed: the campaign takes no more part, the unit is over on this day,
    /// or its part was ended, and is taken back by whoever ended it.
    fn is_shut(&self, day: Day) -> bool {
        let ended = self.registration.as_ref().is_some_and(|row| row.state == "withdrawn");
        ended || self.campaign.state != "published" || self.unit.is_over(day)
    }

    /// What the unit typed.
    pub fn cells(&self) -> Cells {
        self.registration.as_ref().and_then(|row| serde_json::from_str(&row.content).ok()).unwrap_or_default()
    }
}

/// A unit in a campaign, for whoever reports for it.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn read_participation(
    store: &Store,
    actor: &Actor,
    campaign_id: i64,
    unit_slug: &str,
) -> Result<Participation, AppError> {
    actor.require(Permission::ReportForUnit)?;
    read_within(&mut store.db.read().await?, actor, campaign_id, unit_slug).await
}

async fn read_within(
    session: &mut Session,
    actor: &Actor,
    campaign_id: i64,
    unit_slug: &str,
) -> Result<Participation, AppError> {
    let unit = find_unit(session, unit_slug).await?.ok_or(AppError::NotFound)?;
    actor.require_in(Permission::ReportForUnit, Scope::Unit(unit.id))?;
    let campaign = public::find_by_id(session, campaign_id).await?.ok_or(AppError::NotFound)?;
    let registration = db::find(session, campaign_id, unit.id).await?;
    let reports = match &registration {
        Some(row) => report::list_states(session, row.id).await?,
        None => Vec::new(),
    };
    Ok(Participation {
        targets: public::list_targets(session, campaign_id).await?,
        phases: public::list_phases(session, campaign_id).await?,
        periods: public::list_periods(session, campaign_id).await?,
        form: serde_json::from_str(&campaign.form).unwrap_or_default(),
        campaign,
        unit,
        registration,
        reports,
    })
}

/// What is wrong with what a unit typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellProblem {
    /// It has to be filled in.
    Missing,
    /// It is no figure.
    NotAFigure,
    /// It can be read in two ways.
    Unclear {
        /// The figure if the separator groups the digits.
        thousands: Figure,
        /// The figure if decimals come after the separator.
        decimal: Figure,
    },
    /// It is below zero.
    Negative,
    /// It is no day.
    NotADay,
    /// It is none of what there is to choose from.
    NotAChoice,
    /// It is longer than what is kept.
    TooLong,
    /// It may not be changed any longer.
    Frozen,
}

/// What became of a registration that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registered {
    /// It is saved, or signed.
    Done,
    /// These cells keep it from being saved, or signed. What could be saved is.
    Refused(Vec<(String, CellProblem)>),
    /// Somebody else has saved since.
    Changed,
}

/// A registration as it was typed.
#[derive(Clone, Debug, Default)]
pub struct TypedRegistration {
    /// Which saving was read; 0 where there was none.
    pub version: i64,
    /// The cells by their names.
    pub cells: Cells,
    /// Whether the covenant is signed with it.
    pub sign: bool,
}

/// Saves a unit's registration as a draft, or signs the covenant with it. Staff who enter it for a unit say for whom.
///
/// # Errors
/// `NotFound`, `Forbidden`, or `Conflict` where the campaign takes no more part.
pub async fn save_registration(
    store: &Store,
    actor: &Actor,
    campaign_id: i64,
    unit_slug: &str,
    typed: &TypedRegistration,
) -> Result<Registered, AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let before = read_within(&mut session, actor, campaign_id, unit_slug).await?;
    if before.is_shut(Day::of(at)) {
        return Err(AppError::Conflict);
    }
    let known = before.registration.as_ref().map_or(0, |row| row.version);
    if before.registration.is_some() && typed.version != known {
        return Ok(Registered::Changed);
    }
    let mut cells: Cells = typed.cells.iter().map(|(name, text)| (name.clone(), compose(text))).collect();
    let frozen = keep_frozen(&before, &mut cells, &Day::of(at).iso());
    let signed = before.registration.as_ref().filter(|row| row.state == "registered");
    if signed.is_some() {
        keep_signature(&before, &mut cells);
    }
    let on_behalf = is_staff(actor, before.unit.id);
    let mut problems = check_cells(&before, &cells, typed.sign, on_behalf);
    problems.extend(frozen);
    if problems.iter().any(|(_, problem)| *problem == CellProblem::TooLong) {
        return Ok(Registered::Refused(problems));
    }
    let actor_id = actor.find_or_add(&mut session, at).await?;
    let id = db::find_or_add(&mut session, campaign_id, before.unit.id, actor_id, at).await?;
    let line = |name: &str| cells.get(name).map(|text| clean_line(text)).unwrap_or_default();
    let (signer_name, signer_title, behalf) = (line(SIGNER), line(SIGNER_TITLE), line(BEHALF));
    let content = serde_json::to_string(&cells).unwrap_or_default();
    let columns = RegistrationColumns {
        signer_name: &signer_name,
        signer_title: &signer_title,
        content: &content,
        on_behalf_of: if on_behalf { &behalf } else { "" },
    };
    let plan = markdown::render(cells.get(PLAN).map_or("", String::as_str));
    let version = db::find_by_id(&mut session, id).await?.map_or(1, |row| row.version);
    if !db::save(&mut session, id, version, &columns, plan.as_str()).await? {
        return Ok(Registered::Changed);
    }
    let goals: Vec<(i64, Figure)> = before
        .targets
        .iter()
        .filter_map(|target| Some((target.id, read_goal(cells.get(&goal_name(&target.code))?)?)))
        .collect();
    let changed = match signed {
        Some(_) => told_changes(&before, &db::list_plan_targets(&mut session, id).await?, &goals),
        None => String::new(),
    };
    db::put_plan_targets(&mut session, id, &goals).await?;
    if !changed.is_empty() {
        let told = format!("{}: {changed}", before.unit.name);
        record(&mut session, actor, campaign_id, "change-goals", &told).await?;
    }
    if typed.sign && problems.is_empty() {
        db::sign(&mut session, id, &before.campaign.covenant, at).await?;
        record(&mut session, actor, campaign_id, "register", &before.unit.name).await?;
        session.note_change(Thing::Campaigns);
    }
    session.note_change(Thing::Campaign(campaign_id));
    session.commit().await?;
    Ok(if problems.is_empty() { Registered::Done } else { Registered::Refused(problems) })
}

/// Stores the file that answers a question of the campaign's form, in place of the one before.
///
/// # Errors
/// `NotFound`, `Forbidden`, `TooLarge`, `Invalid` for what is no such file, or `Conflict` where the answer may not be
/// changed any longer.
pub async fn put_plan_file(
    store: &Store,
    actor: &Actor,
    campaign_id: i64,
    unit_slug: &str,
    code: &str,
    file: (&str, Vec<u8>),
) -> Result<(), AppError> {
    let at = now();
    let before = read_participation(store, actor, campaign_id, unit_slug).await?;
    let question = before.form.iter().find(|question| question.code == code && question.kind == AnswerKind::File);
    let question = question.ok_or(AppError::NotFound)?;
    let over = !question.freeze_after.is_empty() && question.freeze_after < Day::of(at).iso();
    if over || before.is_shut(Day::of(at)) {
        return Err(AppError::Conflict);
    }
    let (name, bytes) = file;
    let upload_id = library::store_evidence(store, actor, name, bytes).await?;
    let name: String = clean_line(&compose(name)).chars().take(120).collect();
    let mut session = store.db.write().await?;
    let actor_id = actor.find_or_add(&mut session, at).await?;
    let id = db::find_or_add(&mut session, campaign_id, before.unit.id, actor_id, at).await?;
    db::put_file(&mut session, id, code, upload_id, &name).await?;
    let row = db::find_by_id(&mut session, id).await?.ok_or(AppError::NotFound)?;
    let mut cells: Cells = serde_json::from_str(&row.content).unwrap_or_default();
    cells.insert(answer_name(code), name);
    let content = serde_json::to_string(&cells).unwrap_or_default();
    db::set_content(&mut session, id, &content).await?;
    session.commit().await?;
    Ok(())
}

/// The file that answers a question, for whoever reports for the unit or runs the campaign: name, type, bytes.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn read_plan_file(
    store: &Store,
    actor: &Actor,
    campaign_id: i64,
    unit_slug: &str,
    code: &str,
) -> Result<(String, String, Vec<u8>), AppError> {
    let own = read_participation(store, actor, campaign_id, unit_slug).await?;
    let registration = own.registration.ok_or(AppError::NotFound)?;
    let found = db::find_file(&mut store.db.read().await?, registration.id, code).await?;
    let (name, sha256, media_type) = found.ok_or(AppError::NotFound)?;
    Ok((name, media_type, library::read_evidence_file(store, &sha256).await?))
}

/// Whether somebody acts for a unit that is not their own: their role is one for all units.
pub fn is_staff(actor: &Actor, unit_id: i64) -> bool {
    match actor {
        Actor::Account(official) => !official.grants.iter().any(|grant| {
            grant.role == crate::domain::account::Role::UnitContributor
                && grant.units.as_ref().is_none_or(|units| units.contains(&unit_id))
        }),
        _ => true,
    }
}

/// A covenant was signed by one person on one day: who signed it stays.
fn keep_signature(before: &Participation, cells: &mut Cells) {
    let stored = before.cells();
    for name in [SIGNER, SIGNER_TITLE] {
        match stored.get(name) {
            Some(text) => cells.insert(name.to_owned(), text.clone()),
            None => cells.remove(name),
        };
    }
}

/// Which of a unit's own goals are others than before, in words: they decide about its points.
fn told_changes(before: &Participation, stored: &[(i64, i64, i64)], goals: &[(i64, Figure)]) -> String {
    let shown = |figure: Option<Figure>| figure.map_or_else(|| "–".to_owned(), |figure| figure.show(Lang::Vi));
    let mut told = Vec::new();
    for target in &before.targets {
        let found = stored.iter().find(|(id, ..)| *id == target.id);
        let old = found.and_then(|(_, value, scale)| figure_of(*value, *scale));
        let new = goals.iter().find(|(id, _)| *id == target.id).map(|(_, goal)| *goal);
        if old != new {
            told.push(format!("{}: {} → {}", target.name, shown(old), shown(new)));
        }
    }
    told.join("; ")
}

/// Puts back what may not be changed any longer, and names what somebody tried to change.
fn keep_frozen(before: &Participation, cells: &mut Cells, today: &str) -> Vec<(String, CellProblem)> {
    let stored = before.cells();
    let mut tried = Vec::new();
    for question in &before.form {
        if question.freeze_after.is_empty() || question.freeze_after.as_str() >= today {
            continue;
        }
        let name = answer_name(&question.code);
        let kept = stored.get(&name).cloned().unwrap_or_default();
        if cells.insert(name.clone(), kept.clone()).is_some_and(|typed| typed.trim() != kept.trim()) {
            tried.push((name, CellProblem::Frozen));
        }
    }
    tried
}

fn read_goal(text: &str) -> Option<Figure> {
    match figure::read(text) {
        Ok(Reading::One(figure)) => Some(figure),
        _ => None,
    }
}

fn check_cells(before: &Participation, cells: &Cells, sign: bool, on_behalf: bool) -> Vec<(String, CellProblem)> {
    let text = |name: &str| cells.get(name).map_or("", |text| text.trim());
    let mut problems: BTreeMap<String, CellProblem> = BTreeMap::new();
    for (name, typed) in cells {
        let most = if name == PLAN { PLAN_MOST } else { CELL_MOST };
        if typed.len() > most && count(typed) > most {
            problems.insert(name.clone(), CellProblem::TooLong);
        }
    }
    for target in &before.targets {
        let name = goal_name(&target.code);
        match figure::read(text(&name)) {
            Ok(Reading::One(goal)) if goal < Figure::ZERO => {
                problems.insert(name, CellProblem::Negative);
            }
            Ok(Reading::One(_)) | Err(figure::Unreadable::Empty) => {}
            Ok(Reading::Either { thousands, decimal }) => {
                problems.insert(name, CellProblem::Unclear { thousands, decimal });
            }
            Err(_) => {
                problems.insert(name, CellProblem::NotAFigure);
            }
        }
    }
    for question in &before.form {
        let name = answer_name(&question.code);
        if let Some(problem) = check_answer(question, text(&name), sign) {
            problems.insert(name, problem);
        }
    }
    if sign {
        let needed = [(SIGNER, true), (AGREED, true), (PLAN, true), (BEHALF, on_behalf)];
        for (name, _) in needed.into_iter().filter(|(name, needed)| *needed && text(name).is_empty()) {
            problems.insert(name.to_owned(), CellProblem::Missing);
        }
    }
    problems.into_iter().collect()
}

fn check_answer(question: &Question, text: &str, sign: bool) -> Option<CellProblem> {
    if text.is_empty() {
        return (question.required && sign).then_some(CellProblem::Missing);
    }
    match question.kind {
        AnswerKind::Number => match figure::read(text) {
            Ok(Reading::One(_)) => None,
            Ok(Reading::Either { thousands, decimal }) => Some(CellProblem::Unclear { thousands, decimal }),
            Err(_) => Some(CellProblem::NotAFigure),
        },
        AnswerKind::Date => Day::parse(text).is_none().then_some(CellProblem::NotADay),
        AnswerKind::Choice => {
            (!question.choices.iter().any(|choice| choice == text)).then_some(CellProblem::NotAChoice)
        }
        AnswerKind::Text | AnswerKind::Table | AnswerKind::File => None,
    }
}

/// Says that a unit no longer takes part, for a reason that the public reads, or, without one, that it does again; what
/// it reported stays.
///
/// # Errors
/// `NotFound`, `Forbidden`, `Invalid` for an end without a reason, or `Conflict` where it does not stand there.
pub async fn set_ended(
    store: &Store,
    actor: &Actor,
    campaign_id: i64,
    registration_id: i64,
    reason: Option<&str>,
) -> Result<(), AppError> {
    let reason = reason.map(|reason| check_reason(&compose(reason), count)).transpose()?;
    let mut session = store.db.write().await?;
    require_managing(&mut session, actor, campaign_id).await?;
    let row = db::find_by_id(&mut session, registration_id).await?.ok_or(AppError::NotFound)?;
    if row.campaign_id != campaign_id {
        return Err(AppError::NotFound);
    }
    let (changed, action, told) = match &reason {
        Some(reason) => {
            let ended = db::end(&mut session, registration_id, reason, now()).await?;
            (ended, "withdraw-registration", format!("{}: {reason}", row.unit_name))
        }
        None => (db::reinstate(&mut session, registration_id).await?, "reinstate-registration", row.unit_name),
    };
    if !changed {
        return Err(AppError::Conflict);
    }
    record(&mut session, actor, campaign_id, action, &told).await?;
    session.note_change(Thing::Campaign(campaign_id));
    session.note_change(Thing::Campaigns);
    session.commit().await?;
    Ok(())
}

/// Asks whether somebody runs a campaign.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub(super) async fn require_managing(session: &mut Session, actor: &Actor, campaign_id: i64) -> Result<(), AppError> {
    let own = find_own(session, campaign_id).await?.ok_or(AppError::NotFound)?;
    actor.require_in(Permission::ManageCampaigns, Scope::of(own.unit_id))
}

/// Writes a decision about a campaign into the log.
pub(super) async fn record(
    session: &mut Session,
    actor: &Actor,
    campaign_id: i64,
    action: &str,
    told: &str,
) -> Result<(), AppError> {
    let at = now();
    let actor_id = actor.find_or_add(session, at).await?;
    let reason = (!told.is_empty()).then_some(told);
    log::add_decision(
        session,
        actor_id,
        at,
        Decision { subject_kind: "campaign", subject_id: campaign_id, action, reason, reason_id: None },
    )
    .await?;
    Ok(())
}

/// A campaign as whoever runs it sees it.
#[derive(Clone, Debug)]
pub struct Managed {
    /// The campaign.
    pub campaign: CampaignRow,
    /// Who registered, began to, or no longer takes part.
    pub registrations: Vec<RegistrationRow>,
    /// Its periods.
    pub periods: Vec<PeriodRow>,
    /// The reports that wait to be looked at.
    pub waiting: Vec<report::ReportRow>,
    /// For each period: how many were accepted, and how many were sent.
    pub counts: Vec<(i64, i64, i64)>,
    /// Every unit that could be entered for, by slug and name.
    pub units: Vec<UnitRow>,
    /// Who did what in it, the latest first, at most 200.
    pub decisions: Vec<DecisionRow>,
}

/// A campaign with all that waits in it.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn read_managed(store: &Store, actor: &Actor, campaign_id: i64) -> Result<Managed, AppError> {
    let mut session = store.db.read().await?;
    require_managing(&mut session, actor, campaign_id).await?;
    let campaign = public::find_by_id(&mut session, campaign_id).await?.ok_or(AppError::NotFound)?;
    let today = Day::of(now());
    let units = list_units(&mut session).await?;
    Ok(Managed {
        registrations: db::list(&mut session, campaign_id).await?,
        periods: public::list_periods(&mut session, campaign_id).await?,
        waiting: report::list_sent(&mut session, campaign_id).await?,
        counts: report::count_by_period(&mut session, campaign_id).await?,
        units: units.into_iter().filter(|unit| !unit.is_over(today)).collect(),
        decisions: list_decisions(&mut session, "campaign", campaign_id).await?,
        campaign,
    })
}

/// The path of a campaign's page.
pub fn path_of(campaign: &CampaignRow) -> String {
    announcement::path_of("campaign", &campaign.slug)
}
