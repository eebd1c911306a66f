//! What came of a campaign: progress of each target, scores of units with what they come from, who is late.

use std::collections::HashMap;

use crate::domain::announcement::Label;
use crate::domain::day::Day;
use crate::domain::error::AppError;
use crate::domain::figure::Figure;
use crate::domain::progress::{
    Aim, Counting, Direction, Standing, expected, share, standing, value_of_all, value_of_unit,
};
use crate::domain::score::{ReportRecord, Score, ScoreTable, UnitRecord, rank, score};
use crate::domain::slug::Slug;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::campaign::{self as public, CampaignRow, PeriodRow, TargetRow};
use crate::server::db::example::{ExampleRow, list_of_part};
use crate::server::db::result::{self as db, CorrectionRow, CovenantRow, PartRow};
use crate::server::db::unit::{find_by_slug, list_successors};
use crate::server::db::{Session, announcement};
use crate::server::services::campaign::gone;
use crate::server::services::example::{list_published_by_unit, things_of};
use crate::server::services::report::{figure_of, is_late};
use crate::server::state::Store;
use crate::server::thing::{Read, Thing};

/// The whole, in basis points.
const WHOLE: i64 = 10_000;

/// A target with what was reached of it.
#[derive(Clone, Debug)]
pub struct TargetResult {
    /// The target.
    pub target: TargetRow,
    /// How it is measured.
    pub aim: Aim,
    /// What all units have together.
    pub value: Option<Figure>,
    /// How much of the way that is, in basis points.
    pub share: Option<i64>,
    /// Where one should be by now, in basis points.
    pub expected: i64,
    /// How it stands.
    pub standing: Standing,
    /// What all units had together at the end of each period.
    pub series: Vec<Option<Figure>>,
    /// So many units reported it.
    pub units: usize,
}

/// Where a report of a period stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportStanding {
    /// Its day has not come.
    NotDue,
    /// Its day had passed when the unit took part, or it is of a time after the unit's own.
    NotOwed,
    /// Its day has passed.
    Missing,
    /// It was sent and waits; in time or late.
    Sent {
        /// Whether it came after its day.
        late: bool,
    },
    /// It counts.
    Accepted {
        /// Whether it came after its day.
        late: bool,
        /// The report.
        id: i64,
    },
}

/// A unit with what it reached.
#[derive(Clone, Debug)]
pub struct UnitResult {
    /// The unit.
    pub part: PartRow,
    /// Its values, in the order of the targets.
    pub values: Vec<Option<Figure>>,
    /// Its own goals.
    pub goals: Vec<Option<Figure>>,
    /// How much of the way that is, in basis points.
    pub shares: Vec<Option<i64>>,
    /// Its figures by target and period.
    pub figures: Vec<Vec<Option<Figure>>>,
    /// Where its reports stand, in the order of the periods.
    pub reports: Vec<ReportStanding>,
    /// Its score, where there is a table.
    pub score: Option<Score>,
    /// Its rank within its cluster.
    pub rank: Option<u32>,
}

impl UnitResult {
    /// So many of its reports came late or did not come.
    pub fn late(&self) -> usize {
        let late = |report: &&ReportStanding| {
            matches!(
                report,
                ReportStanding::Missing
                    | ReportStanding::Sent { late: true }
                    | ReportStanding::Accepted { late: true, .. }
            )
        };
        self.reports.iter().filter(late).count()
    }

    /// So many of its reports count.
    pub fn accepted(&self) -> usize {
        self.reports.iter().filter(|report| matches!(report, ReportStanding::Accepted { .. })).count()
    }
}

/// What came of a campaign.
#[derive(Clone, Debug)]
pub struct Results {
    /// The campaign.
    pub campaign: CampaignRow,
    /// Its periods.
    pub periods: Vec<PeriodRow>,
    /// Its targets, in their order.
    pub targets: Vec<TargetResult>,
    /// Its units, in Vietnamese order.
    pub units: Vec<UnitResult>,
    /// How units are scored.
    pub table: Option<ScoreTable>,
    /// What was corrected, the latest first.
    pub corrections: Vec<CorrectionRow>,
}

impl Results {
    /// Those of a campaign in which nobody has taken part.
    pub(super) fn empty(campaign: CampaignRow, targets: &[TargetRow]) -> Self {
        let aims: Vec<Option<Aim>> = targets.iter().map(aim_of).collect();
        let today = Day::of(now());
        let frame = Frame { periods: &[], targets, aims: &aims, table: None, today };
        let targets = frame.totals(&[], 0);
        Self { targets, campaign, periods: Vec::new(), units: Vec::new(), table: None, corrections: Vec::new() }
    }
}

/// How a stored target is measured.
pub fn aim_of(target: &TargetRow) -> Option<Aim> {
    Some(Aim {
        counting: Counting::parse(&target.counting)?,
        direction: Direction::parse(&target.direction)?,
        baseline: target.baseline.and_then(|value| figure_of(value, target.baseline_scale?)),
        goal: figure_of(target.goal, target.goal_scale)?,
    })
}

/// What came of a campaign, by its slug. Permitted to everybody.
///
/// # Errors
/// `NotFound`, or `Moved`.
pub async fn read_results(store: &Store, slug: &str) -> Result<Read<Results>, AppError> {
    let slug = Slug::parse(slug).ok_or(AppError::NotFound)?;
    let mut session = store.db.read().await?;
    let Some(campaign) = public::find(&mut session, slug.as_str()).await? else {
        let text = announcement::find_public(&mut session, slug.as_str(), "campaign").await?;
        if let Some(text) = text.filter(|text| text.state == "withdrawn") {
            return Err(gone(text));
        }
        let moved = announcement::find_moved(&mut session, slug.as_str(), "campaign").await?;
        let moved = moved.filter(|path| path.starts_with("/thi-dua/") && *path != format!("/thi-dua/{slug}"));
        return Err(moved.map_or(AppError::NotFound, |path| AppError::Moved { path: format!("{path}/ket-qua") }));
    };
    let id = campaign.id;
    let value = gather(&mut session, campaign, Day::of(now())).await?;
    Ok(Read { value, things: vec![Thing::Campaign(id), Thing::Announcement(id), Thing::Examples, Thing::Today] })
}

/// What came of a campaign, as far as reports have it on a day.
///
/// # Errors
/// When the database fails.
pub(super) async fn gather(session: &mut Session, campaign: CampaignRow, today: Day) -> Result<Results, AppError> {
    gather_until(session, campaign, today, None).await
}

/// The same of the periods alone that ended by a day.
///
/// # Errors
/// When the database fails.
pub(super) async fn gather_until(
    session: &mut Session,
    campaign: CampaignRow,
    today: Day,
    until: Option<Day>,
) -> Result<Results, AppError> {
    let id = campaign.id;
    let year = Day::parse(&campaign.begins).map_or(0, |day| i64::from(day.year()));
    let mut periods = public::list_periods(session, id).await?;
    // What is to be expected is a part of all periods, also of those that are left out.
    let elapsed = elapsed(&campaign, &periods, until.map_or(today, |until| until.plus_days(1).min(today)));
    periods.retain(|period| until.is_none_or(|until| period.ends <= until.iso()));
    let targets = public::list_targets(session, id).await?;
    let parts = db::list_parts(session, id, year).await?;
    let facts = Facts::read(session, id, until, &periods, &targets).await?;
    let table: Option<ScoreTable> = serde_json::from_str(&campaign.score_table).ok();
    let aims: Vec<Option<Aim>> = targets.iter().map(aim_of).collect();
    let frame = Frame { periods: &periods, targets: &targets, aims: &aims, table: table.as_ref(), today };
    let mut units: Vec<UnitResult> = parts.into_iter().map(|part| frame.unit(part, &facts)).collect();
    // Who signed after the day was not there by then, unless it reported what was before.
    let signed_by =
        |signed_at: Option<i64>| signed_at.is_none_or(|at| until.is_none_or(|day| Day::of(Instant(at)) <= day));
    units.retain(|unit| signed_by(unit.part.signed_at) || unit.accepted() > 0);
    rank_in_clusters(&mut units);
    let totals = frame.totals(&units, elapsed);
    let corrections = db::list_corrections(session, id).await?;
    Ok(Results { targets: totals, campaign, periods, units, table, corrections })
}

/// How much of the time has passed, in basis points: by periods that ended, or by days where nobody reports.
fn elapsed(campaign: &CampaignRow, periods: &[PeriodRow], today: Day) -> i64 {
    let count = |n: usize| i64::try_from(n).unwrap_or_default();
    if !periods.is_empty() {
        let today = today.iso();
        let over = periods.iter().filter(|period| period.ends < today).count();
        return count(over) * WHOLE / count(periods.len());
    }
    let (Some(begins), Some(ends)) = (Day::parse(&campaign.begins), Day::parse(&campaign.ends)) else { return WHOLE };
    let all = begins.days_until(ends).max(1);
    (begins.days_until(today) * WHOLE / all).clamp(0, WHOLE)
}

/// What is stored of a campaign's reports, to be looked up.
struct Facts {
    /// By registration: the figures with their reports, for each target a row of all periods.
    figures: HashMap<i64, Vec<Option<(Figure, i64)>>>,
    /// By registration and period: state, report, when it was sent first.
    reports: HashMap<(i64, i64), (String, i64, Option<i64>)>,
    /// By registration and target.
    goals: HashMap<(i64, i64), Figure>,
    /// The registrations that set goals.
    planned: std::collections::HashSet<i64>,
    /// Published examples by unit.
    examples: HashMap<i64, Vec<i64>>,
}

impl Facts {
    async fn read(
        session: &mut Session,
        id: i64,
        until: Option<Day>,
        periods: &[PeriodRow],
        targets: &[TargetRow],
    ) -> Result<Self, AppError> {
        let mut facts = Self {
            figures: HashMap::new(),
            reports: HashMap::new(),
            goals: HashMap::new(),
            planned: std::collections::HashSet::new(),
            examples: HashMap::new(),
        };
        for (unit, example) in list_published_by_unit(session, id, until).await? {
            facts.examples.entry(unit).or_default().push(example);
        }
        let period_places: HashMap<i64, usize> = periods.iter().map(|period| period.id).zip(0..).collect();
        let target_places: HashMap<i64, usize> = targets.iter().map(|target| target.id).zip(0..).collect();
        let mut accepted: HashMap<i64, (i64, usize)> = HashMap::new();
        for (registration, period, report, state, first) in db::list_sent(session, id).await? {
            if let Some(place) = period_places.get(&period).filter(|_| state == "accepted") {
                accepted.insert(report, (registration, *place));
            }
            facts.reports.insert((registration, period), (state, report, first));
        }
        for (report, packed) in db::list_figures(session, id).await? {
            let Some((registration, period)) = accepted.get(&report) else { continue };
            let empty = || vec![None; targets.len() * periods.len()];
            let figures = facts.figures.entry(*registration).or_insert_with(empty);
            for (target, value, scale) in db::unpack(&packed) {
                if let Some((target, figure)) = target_places.get(&target).zip(figure_of(value, scale)) {
                    figures[target * periods.len() + period] = Some((figure, report));
                }
            }
        }
        for (registration, target, goal, scale) in db::list_goals(session, id).await? {
            facts.planned.insert(registration);
            if let Some(goal) = figure_of(goal, scale) {
                facts.goals.insert((registration, target), goal);
            }
        }
        Ok(facts)
    }
}

/// What all units of a campaign are measured by.
struct Frame<'a> {
    periods: &'a [PeriodRow],
    targets: &'a [TargetRow],
    aims: &'a [Option<Aim>],
    table: Option<&'a ScoreTable>,
    today: Day,
}

impl Frame<'_> {
    fn unit(&self, part: PartRow, facts: &Facts) -> UnitResult {
        let id = part.registration_id;
        let mut result = UnitResult {
            values: Vec::new(),
            goals: Vec::new(),
            shares: Vec::new(),
            figures: Vec::new(),
            reports: self
                .periods
                .iter()
                .map(|period| self.report(period, facts.reports.get(&(id, period.id)), &part))
                .collect(),
            score: None,
            rank: None,
            part,
        };
        let examples = facts.examples.get(&result.part.unit_id).cloned().unwrap_or_default();
        let mut record = UnitRecord { examples, ..UnitRecord::default() };
        let reported = facts.figures.get(&id);
        for (place, (target, aim)) in self.targets.iter().zip(self.aims).enumerate() {
            let of_target = place * self.periods.len()..(place + 1) * self.periods.len();
            let by_period = reported.and_then(|known| known.get(of_target));
            let figures: Vec<Option<Figure>> = by_period.map_or_else(
                || vec![None; self.periods.len()],
                |known| known.iter().map(|cell| cell.map(|(figure, _)| figure)).collect(),
            );
            let own_goal = facts.goals.get(&(id, target.id)).copied();
            let value = aim.and_then(|aim| value_of_unit(aim.counting, &figures));
            // What the unit set itself; for one that set nothing a level is the same for all.
            let goal = match aim {
                Some(aim) if aim.counting == Counting::Level && !facts.planned.contains(&id) => Some(aim.goal),
                _ => own_goal,
            };
            let own_aim = aim.zip(goal).map(|(aim, goal)| Aim {
                goal,
                baseline: aim.baseline.filter(|_| aim.counting == Counting::Level),
                ..aim
            });
            let own_share = own_aim.zip(value).and_then(|(aim, value)| share(&aim, value));
            if own_aim.is_some() {
                let reports = by_period.map(|known| {
                    let mut reports: Vec<i64> = known.iter().flatten().map(|(_, report)| *report).collect();
                    reports.sort_unstable();
                    reports
                });
                record.targets.push((target.code.clone(), own_share, reports.unwrap_or_default()));
            }
            result.values.push(value);
            result.goals.push(goal);
            result.shares.push(own_share);
            result.figures.push(figures);
        }
        self.note_reports(&result.reports, &mut record);
        result.score = self.table.map(|table| score(table, &record));
        result
    }

    fn report(&self, period: &PeriodRow, known: Option<&(String, i64, Option<i64>)>, part: &PartRow) -> ReportStanding {
        let signed_at = part.signed_at;
        match known {
            Some((state, id, first)) => {
                let late = is_late(&period.due, *first, signed_at, self.today);
                if state == "accepted" {
                    ReportStanding::Accepted { late, id: *id }
                } else {
                    ReportStanding::Sent { late }
                }
            }
            // A unit that is no longer there reports nothing any longer.
            None if part.ends.as_ref().is_some_and(|last| *last < period.ends) => ReportStanding::NotOwed,
            None if is_late(&period.due, None, signed_at, self.today) => ReportStanding::Missing,
            None if is_late(&period.due, None, None, self.today) => ReportStanding::NotOwed,
            None => ReportStanding::NotDue,
        }
    }

    fn note_reports(&self, reports: &[ReportStanding], record: &mut UnitRecord) {
        for report in reports {
            match report {
                ReportStanding::Accepted { late, id } => {
                    record.reports.push(ReportRecord { id: *id, in_time: !late, accepted: true });
                }
                ReportStanding::NotDue
                | ReportStanding::NotOwed
                | ReportStanding::Missing
                | ReportStanding::Sent { .. } => {}
            }
            // What waits to be looked at is no unit's fault and counts neither way.
            if matches!(report, ReportStanding::Accepted { .. } | ReportStanding::Missing) {
                record.reports_due += 1;
            }
        }
    }

    fn totals(&self, units: &[UnitResult], elapsed: i64) -> Vec<TargetResult> {
        let total = |(index, (target, aim)): (usize, (&TargetRow, &Option<Aim>))| {
            let aim = (*aim)?;
            // What each unit has by a period comes of what it had before: summed anew, a million figures take long. A sum
            // that has become too large for a figure stays without one.
            let mut so_far: Vec<Result<Option<Figure>, ()>> = vec![Ok(None); units.len()];
            let mut series = Vec::with_capacity(self.periods.len());
            for period in 0..self.periods.len() {
                let mut reported = false;
                for (unit, so_far) in units.iter().zip(&mut so_far) {
                    let figure = unit.figures[index][period];
                    if figure.is_some() {
                        reported = true;
                        *so_far = so_far
                            .and_then(|before| value_of_unit(aim.counting, &[before, figure]).map(Some).ok_or(()));
                    }
                }
                // A period for which nothing is accepted yet says nothing.
                let all = || value_of_all(aim.counting, so_far.iter().copied().filter_map(Result::ok).flatten());
                series.push(reported.then(all).flatten());
            }
            let of_units = || units.iter().filter_map(|unit| unit.values.get(index).copied().flatten());
            let value = value_of_all(aim.counting, of_units());
            let reached = value.and_then(|value| share(&aim, value));
            let due = expected(&aim, elapsed);
            Some(TargetResult {
                target: target.clone(),
                aim,
                value,
                share: reached,
                expected: due,
                standing: standing(reached, due),
                series,
                units: of_units().count(),
            })
        };
        self.targets.iter().zip(self.aims).enumerate().filter_map(total).collect()
    }
}

/// Gives each unit its rank among those of its cluster.
fn rank_in_clusters(units: &mut [UnitResult]) {
    let mut clusters: HashMap<String, Vec<(i64, Figure)>> = HashMap::new();
    for (index, unit) in (0_i64..).zip(units.iter()) {
        if let Some(score) = &unit.score {
            clusters.entry(unit.part.cluster.clone()).or_default().push((index, score.total));
        }
    }
    for scores in clusters.values() {
        for (index, place) in rank(scores) {
            if let Some(unit) = usize::try_from(index).ok().and_then(|index| units.get_mut(index)) {
                unit.rank = Some(place);
            }
        }
    }
}

/// One unit in a campaign, with what it signed, planned and did.
#[derive(Clone, Debug)]
pub struct UnitPage {
    /// The campaign's results, with this unit among the others.
    pub results: Results,
    /// Where it stands in them.
    pub index: usize,
    /// What it signed.
    pub covenant: Option<CovenantRow>,
    /// Its accepted reports: period, what was done, report.
    pub summaries: Vec<(i64, String, i64)>,
    /// The public files behind them: report, id, name.
    pub evidence: Vec<(i64, i64, String)>,
    /// Its examples in this campaign.
    pub examples: Vec<ExampleRow>,
}

/// What is told of a unit in a campaign.
#[derive(Clone, Debug)]
pub enum UnitInCampaign {
    /// It takes part.
    Part(Box<UnitPage>),
    /// It took part, until that was ended.
    Ended(Box<EndedPart>),
}

/// A unit whose part in a campaign was ended.
#[derive(Clone, Debug)]
pub struct EndedPart {
    /// The campaign.
    pub campaign: CampaignRow,
    /// The unit.
    pub unit: Label,
    /// When it was ended; of what was ended long ago it is not known.
    pub at: Option<Instant>,
    /// Why.
    pub reason: String,
}

/// One unit in a campaign. Permitted to everybody.
///
/// # Errors
/// `NotFound` for one that never took part, `Moved` where another has taken its place.
pub async fn read_unit(store: &Store, slug: &str, unit: &str) -> Result<Read<UnitInCampaign>, AppError> {
    let Read { value: results, mut things } = read_results(store, slug).await?;
    let place = |slug: &str| results.units.iter().position(|known| known.part.slug == slug);
    let Some(index) = place(unit) else {
        let mut session = store.db.read().await?;
        if let Some((id, name, at, reason)) = db::find_ended(&mut session, results.campaign.id, unit).await? {
            things.push(Thing::Unit(id));
            let label = Label { slug: unit.to_owned(), name };
            let ended = EndedPart { campaign: results.campaign, unit: label, at: at.map(Instant), reason };
            return Ok(Read { value: UnitInCampaign::Ended(Box::new(ended)), things });
        }
        // What took its place may have gone on with its part.
        let former = find_by_slug(&mut session, unit).await?.ok_or(AppError::NotFound)?;
        let successors = list_successors(&mut session, former.id).await?;
        let successor = successors.into_iter().find(|row| place(&row.slug).is_some()).ok_or(AppError::NotFound)?;
        return Err(AppError::Moved { path: format!("/thi-dua/{}/don-vi/{}", results.campaign.slug, successor.slug) });
    };
    let part = &results.units[index].part;
    things.push(Thing::Unit(part.unit_id));
    let registration_id = part.registration_id;
    let mut session = store.db.read().await?;
    let examples = list_of_part(&mut session, results.campaign.id, part.unit_id).await?;
    examples.iter().for_each(|row| things.extend(things_of(row)));
    let page = UnitPage {
        covenant: db::list_covenant(&mut session, registration_id).await?.into_iter().next(),
        summaries: db::list_summaries(&mut session, registration_id).await?,
        evidence: db::list_public_evidence(&mut session, registration_id).await?,
        examples,
        results,
        index,
    };
    Ok(Read { value: UnitInCampaign::Part(Box::new(page)), things })
}

/// Where units lie that are there today: unit, slug, name, GeoJSON geometry. Permitted to everybody.
///
/// # Errors
/// When the database fails.
pub async fn list_boundaries(store: &Store) -> Result<Vec<(i64, String, String, String)>, AppError> {
    Ok(db::list_boundaries(&mut store.db.read().await?, &Day::of(now()).iso()).await?)
}
