//! Reviews (*sơ kết, tổng kết*): begun from the figures of a campaign up to a day, which are frozen; read by everybody
//! once they are published; and asked whether their text still says what was frozen.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::domain::day::Day;
use crate::domain::draft::DraftText;
use crate::domain::error::{AppError, Withdrawal};
use crate::domain::lang::Lang;
use crate::domain::progress::Standing;
use crate::domain::review::{
    Corrected, FrozenCorrection, FrozenPeriod, FrozenTarget, FrozenUnit, Place, ReviewKind, Since, Snapshot, says,
};
use crate::domain::slug::Slug;
use crate::domain::time::Instant;
use crate::server::check::{Field, Finding, FindingKind, Severity, read_links};
use crate::server::clock::now;
use crate::server::db::campaign::CampaignRow;
use crate::server::db::desk::draft::find_own;
use crate::server::db::desk::review::{self as db, ListedReview, ReviewColumns};
use crate::server::db::example::{ExampleRow, list_of_campaign};
use crate::server::db::result::CorrectionRow;
use crate::server::db::review::{self as public, ReviewRow};
use crate::server::db::{Session, announcement, campaign, label};
use crate::server::error::internal;
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::services::draft::{TextKind, add_text, read_within};
use crate::server::services::publication::{begin_demonstration, publish_demonstration};
use crate::server::services::registration::{record, require_managing};
use crate::server::services::report::figure_of;
use crate::server::services::result::{ReportStanding, Results, TargetResult, UnitResult, gather_until};
use crate::server::state::Store;
use crate::server::thing::{Read, Thing};

mod body;

/// A second click within so long is the same click, in milliseconds.
const DOUBLE_CLICK: i64 = 5_000;
/// Corrections that were under way while figures were taken are looked at as well, in milliseconds. One that is in the
/// figures already changes nothing.
const UNDER_WAY: i64 = 60_000;
/// So many examples a review begins with at most, the latest.
const EXAMPLES_MOST: i64 = 50;
/// Where the pages of frozen figures stand below a campaign.
const PLACE: &str = "so-lieu-chot";

/// The path of the page of frozen figures.
pub fn path_of(campaign_slug: &str, id: i64) -> String {
    format!("/thi-dua/{campaign_slug}/{PLACE}/{id}")
}

/// Why no review is begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewProblem {
    /// The day is no day.
    NoDay,
    /// The day is to come.
    ToCome,
    /// No period had ended by then.
    TooEarly,
    /// No report up to then is accepted.
    NothingAccepted,
}

/// What became of beginning a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// Its announcement.
    Done(i64),
    /// Nothing was begun.
    Refused(ReviewProblem),
}

/// Freezes the figures of a campaign up to a day and begins the announcement that is written from them.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn begin_review(
    store: &Store,
    actor: &Actor,
    campaign_id: i64,
    kind: ReviewKind,
    cut_off: &str,
) -> Result<Begun, AppError> {
    let (at, today) = (now(), Day::of(now()));
    let mut session = store.db.write().await?;
    require_managing(&mut session, actor, campaign_id).await?;
    let Some(cut_off) = Day::parse(cut_off) else { return Ok(Begun::Refused(ReviewProblem::NoDay)) };
    if cut_off > today {
        return Ok(Begun::Refused(ReviewProblem::ToCome));
    }
    let same = db::find_since(&mut session, campaign_id, kind, cut_off, at.plus_ms(-DOUBLE_CLICK)).await?;
    if let Some(id) = same {
        return Ok(Begun::Done(id));
    }
    let row = campaign::find_by_id(&mut session, campaign_id).await?.ok_or(AppError::NotFound)?;
    let taken = match Taken::take(&mut session, row, kind, cut_off, at).await? {
        Ok(taken) => taken,
        Err(problem) => return Ok(Begun::Refused(problem)),
    };
    let unit_id = taken.unit_id;
    let id = add_text(&mut session, actor, TextKind::Announcement, unit_id, |id| taken.text(id)).await?;
    taken.add(&mut session, id).await?;
    record(&mut session, actor, campaign_id, "begin-review", &cut_off.iso()).await?;
    session.commit().await?;
    Ok(Begun::Done(id))
}

/// Publishes a review of the demonstration at a past time, from the figures as they were at another; `write` makes what
/// people add to the text.
///
/// # Errors
/// `Conflict` where nothing was accepted by then, `Invalid` for a text that could not be published.
pub(in crate::server) async fn publish_demonstration_review(
    session: &mut Session,
    row: CampaignRow,
    slug: &Slug,
    (kind, cut_off): (ReviewKind, Day),
    (taken_at, at): (Instant, Instant),
    write: impl FnOnce(DraftText) -> DraftText,
) -> Result<i64, AppError> {
    let taken = Taken::take(session, row, kind, cut_off, taken_at).await?.map_err(|_| AppError::Conflict)?;
    let id = begin_demonstration(session, TextKind::Announcement, slug, at).await?;
    taken.add(session, id).await?;
    publish_demonstration(session, id, &write(taken.text(id)), at).await?;
    Ok(id)
}

/// The figures of a campaign as they were taken, and what the text is written from besides.
struct Taken {
    campaign_id: i64,
    slug: String,
    unit_id: Option<i64>,
    kind: ReviewKind,
    cut_off: Day,
    taken_at: Instant,
    snapshot: Snapshot,
    examples: Vec<ExampleRow>,
    tags: String,
    category: String,
}

impl Taken {
    async fn take(
        session: &mut Session,
        row: CampaignRow,
        kind: ReviewKind,
        cut_off: Day,
        taken_at: Instant,
    ) -> Result<Result<Self, ReviewProblem>, AppError> {
        let (campaign_id, slug) = (row.id, row.slug.clone());
        let snapshot = freeze(&gather_until(session, row, Day::of(taken_at), Some(cut_off)).await?);
        if snapshot.periods.is_empty() {
            return Ok(Err(ReviewProblem::TooEarly));
        }
        if snapshot.units.iter().all(|unit| unit.accepted == 0) {
            return Ok(Err(ReviewProblem::NothingAccepted));
        }
        let own = find_own(session, campaign_id).await?.ok_or(AppError::NotFound)?;
        let tags = match own.published_revision_id {
            Some(revision) => label::list_revision_tags(session, revision).await?,
            None => Vec::new(),
        };
        Ok(Ok(Self {
            examples: list_of_campaign(session, campaign_id, last_moment(cut_off), EXAMPLES_MOST).await?,
            tags: tags.into_iter().map(|tag| tag.name).collect::<Vec<_>>().join(", "),
            category: find_category(session).await?,
            unit_id: own.unit_id,
            campaign_id,
            slug,
            kind,
            cut_off,
            taken_at,
            snapshot,
        }))
    }

    /// The text that the review begins with, under the id of its announcement.
    fn text(&self, id: i64) -> DraftText {
        let review = body::Written {
            snapshot: &self.snapshot,
            examples: &self.examples,
            kind: self.kind,
            cut_off: self.cut_off,
            taken_at: self.taken_at,
            path: path_of(&self.slug, id),
        };
        let (title, lead, body) = (review.title(), review.lead(), review.body());
        let (tags, category) = (self.tags.clone(), self.category.clone());
        DraftText { title, lead, body, tags, category, ..DraftText::default() }
    }

    /// Keeps the figures with the announcement.
    async fn add(&self, session: &mut Session, id: i64) -> Result<(), AppError> {
        let json = serde_json::to_string(&self.snapshot).map_err(|error| internal(error.to_string()))?;
        let Self { campaign_id, kind, cut_off, taken_at, .. } = *self;
        db::add(session, id, &ReviewColumns { campaign_id, kind, cut_off, taken_at, snapshot: &json }).await?;
        Ok(())
    }
}

/// Where reviews stand among announcements: with the results, if there is such a category.
async fn find_category(session: &mut Session) -> Result<String, AppError> {
    for slug in ["so-ket-tong-ket", "ket-qua"] {
        if label::find_category(session, slug).await?.is_some() {
            return Ok(slug.to_owned());
        }
    }
    Ok(String::new())
}

/// The last moment of a day.
fn last_moment(day: Day) -> Instant {
    day.plus_days(1).begin().plus_ms(-1)
}

/// The results as they are kept for ever.
fn freeze(results: &Results) -> Snapshot {
    let campaign = &results.campaign;
    let period =
        |period: &campaign::PeriodRow| FrozenPeriod { begins: period.begins.clone(), ends: period.ends.clone() };
    let mut units: Vec<&UnitResult> = results.units.iter().collect();
    // Those without a cluster come last; within one, the best first and else in the order of names.
    units.sort_by_key(|unit| {
        (unit.part.cluster.is_empty(), unit.part.cluster_key.clone(), unit.rank.unwrap_or(u32::MAX))
    });
    Snapshot {
        title: campaign.title.clone(),
        theme: campaign.theme.clone(),
        launcher: campaign.launcher.clone(),
        begins: campaign.begins.clone(),
        ends: campaign.ends.clone(),
        demonstration: campaign.demonstration,
        periods: results.periods.iter().map(period).collect(),
        targets: results.targets.iter().map(freeze_target).collect(),
        units: units.into_iter().map(freeze_unit).collect(),
        corrections: results.corrections.iter().filter_map(|row| freeze_correction(row, results)).collect(),
    }
}

fn freeze_target(result: &TargetResult) -> FrozenTarget {
    let target = &result.target;
    FrozenTarget {
        id: target.id,
        code: target.code.clone(),
        pillar: target.pillar.clone(),
        name: target.name.clone(),
        measure: target.measure.clone(),
        counting: target.counting.clone(),
        goal: result.aim.goal,
        source: target.source.clone(),
        value: result.value,
        share: result.share,
        units: result.units,
        reached: result.standing == Standing::Reached,
        behind: result.standing == Standing::Behind,
    }
}

fn freeze_unit(unit: &UnitResult) -> FrozenUnit {
    let count = |is: fn(&ReportStanding) -> bool| unit.reports.iter().filter(|report| is(report)).count();
    let report = |standing: &ReportStanding| match standing {
        ReportStanding::Accepted { id, .. } => Some(*id),
        _ => None,
    };
    FrozenUnit {
        slug: unit.part.slug.clone(),
        name: unit.part.name.clone(),
        cluster: unit.part.cluster.clone(),
        values: unit.values.clone(),
        shares: unit.shares.clone(),
        figures: unit.figures.clone(),
        reports: unit.reports.iter().map(report).collect(),
        score: unit.score.as_ref().map(|score| score.total),
        rank: unit.rank,
        accepted: unit.accepted(),
        late: count(|report| {
            matches!(report, ReportStanding::Sent { late: true } | ReportStanding::Accepted { late: true, .. })
        }),
        missing: count(|report| matches!(report, ReportStanding::Missing)),
        waiting: count(|report| matches!(report, ReportStanding::Sent { .. })),
    }
}

fn freeze_correction(row: &CorrectionRow, results: &Results) -> Option<FrozenCorrection> {
    let target = results.targets.iter().find(|result| result.target.id == row.target_id)?;
    let unit = results.units.iter().find(|unit| unit.part.registration_id == row.registration_id)?;
    if !results.periods.iter().any(|period| period.begins == row.begins && period.ends == row.ends) {
        return None;
    }
    let figure = |value: Option<i64>, scale: Option<i64>| figure_of(value?, scale?);
    Some(FrozenCorrection {
        at: row.at,
        unit: unit.part.name.clone(),
        slug: unit.part.slug.clone(),
        report: row.report_id,
        begins: row.begins.clone(),
        ends: row.ends.clone(),
        target: target.target.name.clone(),
        old: figure(row.old_value, row.old_scale),
        new: figure(row.new_value, row.new_scale),
        reason: row.reason.clone(),
    })
}

/// A review with its frozen figures.
#[derive(Clone, Debug)]
pub struct ReviewPage {
    /// The review.
    pub row: ReviewRow,
    /// Its figures.
    pub snapshot: Snapshot,
    /// What was corrected since.
    pub since: Since,
}

impl ReviewPage {
    /// The path of its page.
    pub fn path(&self) -> String {
        path_of(&self.row.campaign_slug, self.row.id)
    }

    /// What it is of.
    pub fn kind(&self) -> ReviewKind {
        ReviewKind::parse(&self.row.kind).unwrap_or(ReviewKind::Interim)
    }
}

async fn read_row(session: &mut Session, row: ReviewRow) -> Result<ReviewPage, AppError> {
    let snapshot = snapshot_of(&row);
    let from = Instant(row.taken_at - UNDER_WAY);
    let corrected = public::list_corrected(session, row.campaign_id, from).await?;
    let corrected: Vec<Corrected> = corrected
        .into_iter()
        .map(|(report_id, target_id, value, scale)| Corrected {
            report_id,
            target_id,
            new: value.zip(scale).and_then(|(value, scale)| figure_of(value, scale)),
        })
        .collect();
    let since = snapshot.corrected(&corrected);
    Ok(ReviewPage { row, snapshot, since })
}

/// The figures of a review; one that another version of this program wrote has none.
fn snapshot_of(row: &ReviewRow) -> Snapshot {
    serde_json::from_str(&row.snapshot).unwrap_or_default()
}

/// The frozen figures of a published review. Permitted to everybody.
///
/// # Errors
/// `NotFound`, or `Gone` where the review was withdrawn.
pub async fn read_review(store: &Store, id: i64) -> Result<Read<ReviewPage>, AppError> {
    let mut session = store.db.read().await?;
    let row = public::find(&mut session, id).await?.ok_or(AppError::NotFound)?;
    if row.state == "withdrawn" {
        let at = Instant(row.withdrawn_at.unwrap_or_default());
        let reason = row.withdrawn_reason.unwrap_or_default();
        return Err(AppError::Gone(Withdrawal { title: row.title, reason, at, replaced_by: row.replaced_by }));
    }
    let is_public = |state: &str| matches!(state, "published" | "archived");
    if !is_public(&row.state) || !is_public(&row.campaign_state) {
        return Err(AppError::NotFound);
    }
    let things = vec![Thing::Announcement(id), Thing::Campaign(row.campaign_id), Thing::Announcement(row.campaign_id)];
    Ok(Read { value: read_row(&mut session, row).await?, things })
}

/// The same at the address of a campaign; under a former one it leads to the present one.
///
/// # Errors
/// `NotFound`, `Moved`, or `Gone` where the review was withdrawn.
pub async fn read_review_of(store: &Store, campaign_slug: &str, id: i64) -> Result<Read<ReviewPage>, AppError> {
    let read = read_review(store, id).await?;
    if read.value.row.campaign_slug == campaign_slug {
        return Ok(read);
    }
    let moved = announcement::find_moved(&mut store.db.read().await?, campaign_slug, "campaign").await?;
    let own = announcement::path_of("campaign", &read.value.row.campaign_slug);
    Err(if moved == Some(own) { AppError::Moved { path: read.value.path() } } else { AppError::NotFound })
}

/// The frozen figures of a review that may not be public yet, for whoever writes it.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn read_own_review(store: &Store, actor: &Actor, id: i64) -> Result<ReviewPage, AppError> {
    actor.require_in(Permission::WriteAnnouncements, Scope::Somewhere)?;
    let mut session = store.db.read().await?;
    let row = public::find(&mut session, id).await?.ok_or(AppError::NotFound)?;
    read_within(&mut session, actor, id).await?;
    read_row(&mut session, row).await
}

/// The reviews of a campaign, for whoever runs it.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub async fn list_reviews(store: &Store, actor: &Actor, campaign_id: i64) -> Result<Vec<ListedReview>, AppError> {
    let mut session = store.db.read().await?;
    require_managing(&mut session, actor, campaign_id).await?;
    Ok(db::list(&mut session, campaign_id).await?)
}

/// The review whose frozen figures an address leads to, with the place in their page.
fn find_place(url: &str) -> Option<(i64, &str)> {
    let (_, rest) = url.split_once(&format!("/{PLACE}/"))?;
    let (id, anchor) = rest.split_once('#')?;
    Some((id.split('?').next()?.trim_end_matches('/').parse().ok()?, anchor))
}

/// Whether the page of frozen figures of a campaign is there, for whoever writes of it.
///
/// # Errors
/// When the database fails.
pub(super) async fn is_there(session: &mut Session, campaign_slug: &str, id: &str) -> Result<bool, AppError> {
    let Ok(id) = id.parse() else { return Ok(false) };
    Ok(public::find(session, id).await?.is_some_and(|row| row.campaign_slug == campaign_slug))
}

/// The places of a body that name another figure than the frozen one that they lead to.
///
/// # Errors
/// When the database fails.
pub(super) async fn find_changed_figures(
    session: &mut Session,
    own_id: i64,
    text: &DraftText,
) -> Result<Vec<Finding>, AppError> {
    let lang = Lang::parse(&text.language).unwrap_or_default();
    let mut known: HashMap<i64, HashMap<String, Place>> = HashMap::new();
    let mut findings = Vec::new();
    for link in read_links(&text.body) {
        let Some((id, anchor)) = find_place(&link.url) else { continue };
        let places = match known.entry(id) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                let row = public::find(session, id).await?;
                entry.insert(row.map(|row| snapshot_of(&row).places()).unwrap_or_default())
            }
        };
        let place = places.get(anchor);
        let changed = matches!(place, Some(Place::Figure(frozen)) if !says(&link.text, *frozen, lang));
        // A place that is not there freezes nothing.
        if changed || (place.is_none() && link.text.contains(char::is_numeric)) {
            findings.push(Finding {
                kind: FindingKind::FrozenFigureChanged,
                severity: Severity::Must,
                line: Some(link.line),
                field: Field::Body,
                excerpt: link.text.chars().take(80).collect(),
            });
        }
    }
    // The tables of a review are of frozen figures: one that leads nowhere may be any.
    if public::find(session, own_id).await?.is_some() {
        findings.extend(unlinked_figures(&text.body).map(|(line, figure)| Finding {
            kind: FindingKind::FigureUnlinked,
            severity: Severity::Must,
            line: Some(line),
            field: Field::Body,
            excerpt: figure.to_owned(),
        }));
    }
    Ok(findings)
}

/// The cells of tables that are a figure and no link, each with its line from 1.
fn unlinked_figures(body: &str) -> impl Iterator<Item = (usize, &str)> {
    let rows = (1..).zip(body.lines()).filter(|(_, line)| line.trim_start().starts_with('|'));
    let cells = rows.flat_map(|(line, row)| row.split('|').map(move |cell| (line, cell.trim().trim_matches('*'))));
    cells.filter(|(_, cell)| {
        cell.chars().any(|c| c.is_ascii_digit()) && !cell.chars().any(|c| c.is_alphabetic() || c == '[')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_of_a_table_that_leads_nowhere_is_found() {
        let body = "Có 5 đơn vị.\n\n| Chỉ tiêu | Kết quả | % |\n| --- | ---: | ---: |\n| Tiêm 2 mũi | [300](/a#b) | **3,5** |\n| B | 3000 | - |\n";
        assert_eq!(unlinked_figures(body).collect::<Vec<_>>(), [(5, "3,5"), (6, "3000")]);
    }

    #[test]
    fn an_address_leads_to_a_place_of_frozen_figures() {
        for url in [
            "/thi-dua/a/so-lieu-chot/7#x",
            "https://a.vn/en/thi-dua/a/so-lieu-chot/7?b#x",
            "/thi-dua/a/so-lieu-chot/7/#x",
        ] {
            assert_eq!(find_place(url), Some((7, "x")), "{url}");
        }
        for url in ["/thi-dua/a/so-lieu-chot/7", "/thi-dua/a#x", "/thi-dua/a/so-lieu-chot/b#x"] {
            assert_eq!(find_place(url), None, "{url}");
        }
    }
}
