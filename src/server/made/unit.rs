//! One unit in a campaign: what it signed and planned, what it reached, where its points come from, what it reported.

use maud::{Markup, html};

use super::result::breadcrumb;
use super::result::notes::{corrections, rule};
use super::result::progress::{bar, pillars};
use super::result::ranking::{due, standing_words};
use super::result::trend::{Trend, trend};
use super::result::words::{Reached, amount, percent, period_name};
use super::{Asked, made, result_style};
use crate::components::escape::clean_html;
use crate::components::teaser::lang_of;
use crate::components::unit::link as unit_link;
use crate::domain::error::AppError;
use crate::domain::figure::Figure;
use crate::domain::html::Html;
use crate::domain::lang::Lang;
use crate::domain::progress::{Aim, Counting, standing, value_of_unit};
use crate::domain::score::{Because, Criterion, Score, ScoreLine};
use crate::domain::site::MadePage;
use crate::domain::time::Instant;
use crate::server::db::campaign::PeriodRow;
use crate::server::db::example::ExampleRow;
use crate::server::db::result::{CorrectionRow, CovenantRow};
use crate::server::made::campaign::day;
use crate::server::made::example::{lines as example_lines, link as example_link};
use crate::server::services::result::{
    EndedPart, ReportStanding, TargetResult, UnitInCampaign, UnitPage, UnitResult, read_unit,
};
use crate::server::thing::Read;
use crate::text::Text;

/// `/thi-dua/{slug}/don-vi/{unit}`.
///
/// # Errors
/// `NotFound` for a unit that does not take part, or `Moved`.
pub async fn show(asked: &Asked<'_>, slug: &str, unit: &str) -> Result<Read<MadePage>, AppError> {
    let read = read_unit(&asked.state.store, slug, unit).await;
    // A campaign that moved takes its units along.
    let to_unit = |error| match error {
        AppError::Moved { path } if !path.contains("/don-vi/") => {
            AppError::Moved { path: format!("{}/don-vi/{unit}", path.trim_end_matches("/ket-qua")) }
        }
        other => other,
    };
    let Read { value, things } = read.map_err(to_unit)?;
    let t = asked.t;
    let page = match value {
        UnitInCampaign::Part(page) => page,
        UnitInCampaign::Ended(part) => return Ok(Read { value: ended(asked, &part), things }),
    };
    let Some(unit) = page.results.units.get(page.index) else { return Err(AppError::NotFound) };
    let value = MadePage {
        title: t.unit_in_campaign(&page.results.campaign.title, &unit.part.name),
        description: t.unit_in_campaign_about(&page.results.campaign.title, &unit.part.name),
        path: format!("/thi-dua/{}/don-vi/{}", page.results.campaign.slug, unit.part.slug),
        translated: false,
        markup: made(html! { (result_style(asked.state)) (whole(&page, unit, t)) }),
        ..MadePage::default()
    };
    Ok(Read { value, things })
}

/// A unit whose part was ended: when, why, and where to read on.
fn ended(asked: &Asked<'_>, part: &EndedPart) -> MadePage {
    let t = asked.t;
    let lang = lang_of(Lang::Vi, t.0);
    let (campaign, unit) = (&part.campaign, &part.unit);
    let results = format!("/thi-dua/{}/ket-qua", campaign.slug);
    let markup = html! {
        (result_style(asked.state))
        div class="result-page" {
            (breadcrumb(campaign, Some(&results), t))
            h1 lang=[lang] { (unit.name) }
            p class="lead" lang=[lang] { (campaign.title) }
            p class="archived" { @match part.at { Some(at) => (t.part_ended_on(at.day(t.0))), None => (t.part_ended()) } }
            @if !part.reason.is_empty() { p { strong { (t.correction_why()) } " " span lang=[lang] { (part.reason) } } }
            ul {
                li { a href=(t.0.href(&results)) { (t.campaign_results()) } }
                li { (unit_link(unit, t)) }
            }
        }
    };
    MadePage {
        title: t.unit_in_campaign(&campaign.title, &unit.name),
        path: format!("/thi-dua/{}/don-vi/{}", campaign.slug, unit.slug),
        hidden: true,
        markup: made(markup),
        ..MadePage::default()
    }
}

fn whole(page: &UnitPage, unit: &UnitResult, t: Text) -> Markup {
    let results = &page.results;
    let lang = lang_of(Lang::Vi, t.0);
    let own = |row: &&CorrectionRow| row.registration_id == unit.part.registration_id;
    let own: Vec<&CorrectionRow> = results.corrections.iter().filter(own).collect();
    html! {
        div class="result-page" {
            (breadcrumb(&results.campaign, Some(&format!("/thi-dua/{}/ket-qua", results.campaign.slug)), t))
            h1 lang=[lang] { (unit.part.name) }
            p class="lead" lang=[lang] { (results.campaign.title) }
            (facts(page, unit, t))
            @if let Some(covenant) = &page.covenant { (signed(covenant, t)) }
            (targets(page, unit, t))
            @if let Some(score) = &unit.score { (trace(page, unit, score, t)) }
            (examples(page, t))
            (reports(page, unit, t))
            (corrections(results, &own, false, t))
        }
    }
}

fn facts(page: &UnitPage, unit: &UnitResult, t: Text) -> Markup {
    let lang = lang_of(Lang::Vi, t.0);
    let beside = page.results.units.iter().filter(|other| other.part.cluster == unit.part.cluster).count();
    html! {
        dl class="facts" {
            @if !unit.part.cluster.is_empty() { div { dt { (t.result_cluster()) } dd lang=[lang] { (unit.part.cluster) } } }
            @if let Some(rank) = unit.rank { div { dt { (t.result_rank()) } dd { (t.result_n_of_m(beside, rank)) } } }
            @if let Some(score) = &unit.score {
                div { dt { (t.result_score()) } dd { a href="#diem" rel="external" { (score.total.show(t.0)) } } }
            }
            div { dt { (t.result_accepted_reports()) } dd { (t.result_n_of_m(due(unit), unit.accepted())) } }
            @if let Some((name, title, _, at, _, on_behalf_of)) = &page.covenant {
                @if let Some(at) = at { div { dt { (t.unit_registered()) } dd { (Instant(*at).day(t.0)) } } }
                @if !name.is_empty() {
                    div { dt { (t.unit_signer()) } dd lang=[lang] { (name) @if !title.is_empty() { ", " (title) } } }
                }
                @if !on_behalf_of.is_empty() { div { dt { (t.unit_entered()) } dd { (t.unit_entered_for()) } } }
            }
        }
    }
}

/// The covenant as it was signed, and the plan.
fn signed((_, _, covenant, _, plan, _): &CovenantRow, t: Text) -> Markup {
    let lang = lang_of(Lang::Vi, t.0);
    html! {
        @if !covenant.trim().is_empty() {
            details class="result-details" {
                summary { (t.unit_covenant()) }
                div class="prose" lang=[lang] { (paragraphs(covenant)) }
            }
        }
        @if !plan.is_empty() {
            details class="result-details" {
                summary { (t.unit_own_plan()) }
                div class="prose" lang=[lang] { (clean_html(&Html::from_clean(plan))) }
            }
        }
    }
}

/// Plain text: an empty line ends a paragraph.
fn paragraphs(text: &str) -> Markup {
    let text = text.replace("\r\n", "\n");
    let lines = |paragraph: &str| paragraph.lines().map(str::trim).map(str::to_owned).collect::<Vec<_>>();
    html! {
        @for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
            p { @for (place, line) in lines(paragraph).iter().enumerate() { @if place > 0 { br; } (line) } }
        }
    }
}

fn targets(page: &UnitPage, unit: &UnitResult, t: Text) -> Markup {
    html! {
        section class="result-section" aria-labelledby="chi-tieu" {
            h2 class="section-title" id="chi-tieu" { (t.result_targets()) }
            @for (pillar, targets) in pillars(&page.results) {
                h3 class="result-pillar" lang=[lang_of(Lang::Vi, t.0)] { (pillar) }
                @for (place, result) in targets { (target(page, unit, place, result, t)) }
            }
        }
    }
}

fn target(page: &UnitPage, unit: &UnitResult, place: usize, result: &TargetResult, t: Text) -> Markup {
    let id = format!("chi-tieu-{}", place + 1);
    let at = |values: &[Option<Figure>]| values.get(place).copied().flatten();
    let (value, goal, share) = (at(&unit.values), at(&unit.goals), unit.shares.get(place).copied().flatten());
    let measure = result.target.measure.as_str();
    let aim = goal.map(|goal| Aim {
        goal,
        baseline: result.aim.baseline.filter(|_| result.aim.counting == Counting::Level),
        ..result.aim
    });
    let reached = aim.as_ref().map(|aim| Reached {
        aim,
        measure,
        value,
        share,
        standing: standing(share, result.expected),
        expected: result.expected,
    });
    html! {
        article class="result-target" aria-labelledby=(id) {
            div class="result-target-words" {
                h4 id=(id) lang=[lang_of(Lang::Vi, t.0)] { (result.target.name) }
                @match &reached {
                    Some(reached) => {
                        p class="result-sentence" { (reached.sentence(t)) }
                        (bar(&format!("{id}-thanh"), t.result_progress(), reached, t))
                    }
                    None => p class="result-sentence" { (without_goal(value, measure, t)) },
                }
            }
            @if let Some(chart) = over_time(unit, place, result, goal, &page.results.periods, t) {
                div class="result-target-chart" { (chart) }
            }
        }
    }
}

fn without_goal(value: Option<Figure>, measure: &str, t: Text) -> String {
    match value {
        Some(value) => t.unit_no_goal_value(amount(value, measure, t)),
        None => t.unit_no_goal().to_owned(),
    }
}

/// What the unit had at the end of each period; what adds up also within each.
fn over_time(
    unit: &UnitResult,
    place: usize,
    result: &TargetResult,
    goal: Option<Figure>,
    periods: &[PeriodRow],
    t: Text,
) -> Option<Markup> {
    let figures = unit.figures.get(place)?;
    let adds_up = result.aim.counting == Counting::Sum;
    let by_then = |(last, figure): (usize, &Option<Figure>)| {
        // A period without a figure says nothing.
        (*figure)?;
        value_of_unit(result.aim.counting, figures.get(..=last)?)
    };
    let values: Vec<Option<Figure>> = figures.iter().enumerate().map(by_then).collect();
    let shown = Trend {
        id: &format!("chi-tieu-{}-bieu-do", place + 1),
        name: &result.target.name,
        measure: &result.target.measure,
        goal,
        values: &values,
        within: adds_up.then_some(figures.as_slice()),
    };
    trend(&shown, periods, t)
}

/// Where the points come from: each line with why, and the reports behind it.
fn trace(page: &UnitPage, unit: &UnitResult, score: &Score, t: Text) -> Markup {
    let criteria = page.results.table.as_ref().map_or(&[][..], |table| &table.criteria);
    html! {
        section class="result-section" aria-labelledby="diem" {
            h2 class="section-title" id="diem" { (t.unit_score(score.total.show(t.0))) }
            ol class="score-lines" {
                @for line in &score.lines {
                    @if let Some(criterion) = criteria.iter().find(|criterion| criterion.code == line.code) {
                        (score_line(page, unit, criterion, line, t))
                    }
                }
            }
        }
    }
}

fn score_line(page: &UnitPage, unit: &UnitResult, criterion: &Criterion, line: &ScoreLine, t: Text) -> Markup {
    let reports = reports_behind(&line.because);
    let known: Vec<(i64, String)> =
        reports.iter().filter_map(|id| Some((*id, period_of(page, unit, *id, t)?))).collect();
    html! {
        li {
            p class="score-line-head" {
                strong lang=[lang_of(Lang::Vi, t.0)] { (criterion.name) }
                span class="score-line-points" { (points(line, t)) }
            }
            p { (because(&line.because, t)) }
            p class="hint" { (rule(&page.results, criterion, t)) }
            @if !known.is_empty() {
                p {
                    (t.unit_reports_behind()) " "
                    @for (place, (id, name)) in known.iter().enumerate() {
                        @if place > 0 { ", " }
                        a href={ "#bao-cao-" (id) } rel="external" { (name) }
                    }
                }
            }
            (examples_behind(page, &line.because, t))
        }
    }
}

/// The examples that a bonus is for.
fn examples_behind(page: &UnitPage, because: &Because, t: Text) -> Markup {
    let ids = if let Because::Bonus { examples, .. } = because { examples.as_slice() } else { &[] };
    let known: Vec<&ExampleRow> = page.examples.iter().filter(|row| ids.contains(&row.id)).collect();
    html! {
        @if !known.is_empty() {
            p {
                (t.unit_examples_behind()) " "
                @for (place, row) in known.iter().enumerate() {
                    @if place > 0 { ", " }
                    (example_link(row, t))
                }
            }
        }
    }
}

/// A deduction has no most, and a cap may allow more than all.
fn points(line: &ScoreLine, t: Text) -> String {
    let points = line.points.show(t.0);
    if line.points > line.most || line.most == Figure::ZERO {
        t.unit_points_off(points)
    } else {
        t.unit_points(line.most.show(t.0), points)
    }
}

fn reports_behind(because: &Because) -> &[i64] {
    match because {
        Because::Target { reports, .. } | Because::OnTime { reports, .. } | Because::Late { reports, .. } => reports,
        Because::Bonus { .. } => &[],
    }
}

/// The name of the period of a report that counts.
fn period_of(page: &UnitPage, unit: &UnitResult, report: i64, t: Text) -> Option<String> {
    let is_it = |standing: &ReportStanding| matches!(standing, ReportStanding::Accepted { id, .. } if *id == report);
    let period = page.results.periods.get(unit.reports.iter().position(is_it)?)?;
    Some(period_name(&period.begins, &period.ends, t))
}

fn because(because: &Because, t: Text) -> String {
    let (text, capped) = match because {
        Because::Target { share: Some(share), capped, .. } => (t.because_target(percent(*share, t)), *capped),
        Because::Target { share: None, .. } => (t.because_nothing().to_owned(), false),
        Because::OnTime { due: 0, .. } => (t.because_none_due().to_owned(), false),
        Because::OnTime { in_time, due, .. } => (t.because_on_time(*due, *in_time), false),
        Because::Bonus { examples, capped } => (t.because_examples(examples.len()), *capped),
        Because::Late { reports, capped } => (t.because_late(reports.len()), *capped),
    };
    if capped { format!("{text} {}", t.because_capped()) } else { text }
}

/// Its examples in this campaign.
fn examples(page: &UnitPage, t: Text) -> Markup {
    html! {
        @if !page.examples.is_empty() {
            section class="result-section" aria-labelledby="dien-hinh" {
                h2 class="section-title" id="dien-hinh" { (t.examples()) }
                (example_lines(&page.examples, t))
            }
        }
    }
}

/// Every period with its report, the latest first.
fn reports(page: &UnitPage, unit: &UnitResult, t: Text) -> Markup {
    let periods: Vec<(&PeriodRow, &ReportStanding)> = page.results.periods.iter().zip(&unit.reports).rev().collect();
    html! {
        @if !periods.is_empty() {
            section class="result-section" aria-labelledby="bao-cao" {
                h2 class="section-title" id="bao-cao" { (t.unit_reports()) }
                ol class="unit-reports" {
                    @for (period, standing) in periods {
                        @match standing {
                            ReportStanding::Accepted { id, .. } => (report(page, unit, period, *standing, *id, t)),
                            _ => li { (report_head(period, *standing, t)) },
                        }
                    }
                }
            }
        }
    }
}

fn report_head(period: &PeriodRow, standing: ReportStanding, t: Text) -> Markup {
    let (sign, words) = standing_words(standing, t);
    html! {
        h3 { (period_name(&period.begins, &period.ends, t)) }
        p class="report-standing" {
            span aria-hidden="true" { (sign) " " } (words) " · " (t.unit_report_due(day(&period.due, t)))
        }
    }
}

fn report(
    page: &UnitPage,
    unit: &UnitResult,
    period: &PeriodRow,
    standing: ReportStanding,
    id: i64,
    t: Text,
) -> Markup {
    let lang = lang_of(Lang::Vi, t.0);
    let summary = page.summaries.iter().find(|(_, _, report)| *report == id).map_or("", |(_, summary, _)| summary);
    let evidence: Vec<_> = page.evidence.iter().filter(|(report, ..)| *report == id).collect();
    html! {
        li id={ "bao-cao-" (id) } tabindex="-1" {
            (report_head(period, standing, t))
            (report_figures(page, unit, period, t))
            @if !summary.trim().is_empty() { div class="prose" lang=[lang] { (paragraphs(summary)) } }
            @if !evidence.is_empty() {
                p { (t.unit_evidence()) }
                ul class="downloads" {
                    @for (_, file, name) in evidence {
                        li { a href={ "/bang-chung/" (file) } rel="external" download lang=[lang] { (name) } }
                    }
                }
            }
        }
    }
}

fn report_figures(page: &UnitPage, unit: &UnitResult, period: &PeriodRow, t: Text) -> Markup {
    let place = page.results.periods.iter().position(|known| known.id == period.id);
    let figure = |target: usize| unit.figures.get(target)?.get(place?).copied().flatten();
    let figures =
        page.results.targets.iter().enumerate().filter_map(|(at, result)| Some((&result.target, figure(at)?)));
    let figures: Vec<_> = figures.collect();
    html! {
        @if !figures.is_empty() {
            dl class="report-figures" {
                @for (target, figure) in figures {
                    div {
                        dt lang=[lang_of(Lang::Vi, t.0)] { (target.name) }
                        dd { (amount(figure, &target.measure, t)) }
                    }
                }
            }
        }
    }
}
