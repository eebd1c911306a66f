//! The frozen figures of a review: their page, where each has an address, and their table to download.

use axum::extract::{Path, State};
use axum::response::Response;
use http::Uri;
use maud::{Markup, html};

use super::campaign::day;
use super::{Asked, made, result_style};
use crate::components::announcement::share;
use crate::domain::day::Day;
use crate::domain::error::AppError;
use crate::domain::figure::Figure;
use crate::domain::lang::Lang;
use crate::domain::review::{
    CORRECTIONS, FrozenTarget, FrozenUnit, OfAll, OfTarget, OfUnit, ReviewKind, Snapshot, percent, unit_anchor,
    value_anchor,
};
use crate::domain::site::MadePage;
use crate::domain::time::Instant;
use crate::server::desk::attachment::{XLSX, attachment};
use crate::server::desk::participation::days_name;
use crate::server::error::internal;
use crate::server::render::render_failure;
use crate::server::services::review::{ReviewPage, read_review, read_review_of};
use crate::server::sheet::{Book, Cell, write_csv, write_xlsx};
use crate::server::state::AppState;
use crate::server::thing::Read;
use crate::text::Text;

/// What the files of frozen figures are called.
const FILE: &str = "so-lieu-chot";

/// `/thi-dua/{slug}/so-lieu-chot/{id}`.
///
/// # Errors
/// `NotFound`, `Moved`, or `Gone` where the review was withdrawn.
pub async fn show(asked: &Asked<'_>, slug: &str, id: &str) -> Result<Read<MadePage>, AppError> {
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    let Read { value: page, things } = read_review_of(&asked.state.store, slug, id).await?;
    let t = asked.t;
    let markup = html! {
        (breadcrumb(&page, t))
        article class="review" aria-labelledby="tieu-de" {
            (head(&page, t))
            p class="review-files" {
                @for (ending, name) in [("csv", t.review_csv()), ("xlsx", t.review_xlsx())] {
                    a href=(format!("/tai-xuong/{FILE}/{id}/{FILE}.{ending}")) rel="external" download { (name) }
                }
            }
            (figures(&page, t))
            (share(&title(&page, t), &page.path(), t))
        }
    };
    let value = MadePage {
        title: title(&page, t),
        description: page.row.title.clone(),
        path: page.path(),
        translated: true,
        markup: made(html! { (result_style(asked.state)) (markup) }),
        ..MadePage::default()
    };
    Ok(Read { value, things })
}

/// What the page of frozen figures is called.
pub fn title(page: &ReviewPage, t: Text) -> String {
    t.review_frozen_title(day(&page.row.cut_off, t))
}

/// What a review is called.
pub fn kind_name(kind: ReviewKind, t: Text) -> &'static str {
    match kind {
        ReviewKind::Interim => t.review_interim(),
        ReviewKind::Final => t.review_final(),
    }
}

fn breadcrumb(page: &ReviewPage, t: Text) -> Markup {
    let campaign = format!("/thi-dua/{}", page.row.campaign_slug);
    html! {
        nav class="breadcrumb" aria-label=(t.breadcrumb()) {
            ol {
                li { a href=(t.0.href("/")) { (t.home()) } }
                li { a href=(t.0.href("/thi-dua")) { (t.campaigns()) } }
                li { a href=(t.0.href(&campaign)) lang="vi" { (page.snapshot.title) } }
            }
        }
    }
}

fn head(page: &ReviewPage, t: Text) -> Markup {
    let review = format!("/tin/{}", page.row.slug);
    html! {
        p class="announcement-category" { (kind_name(page.kind(), t)) }
        h1 id="tieu-de" tabindex="-1" { (title(page, t)) }
        p class="review-of" { (t.review_frozen_of()) " " a href=(t.0.href(&review)) lang="vi" { (page.row.title) } }
    }
}

/// Everything that is frozen, each figure at its own address.
pub fn figures(page: &ReviewPage, t: Text) -> Markup {
    let snapshot = &page.snapshot;
    html! {
        p class="review-taken" { (t.review_frozen_text(Instant(page.row.taken_at).minute(t.0))) }
        (totals(snapshot, t))
        section aria-labelledby="theo-muc-tieu" {
            h2 id="theo-muc-tieu" { (t.review_by_target()) }
            @for (index, target) in snapshot.targets.iter().enumerate() {
                @let first = index == 0 || snapshot.targets[index - 1].pillar != target.pillar;
                @if first { h3 class="review-pillar" lang="vi" { (target.pillar) } }
                (target_section(page, index, target, t))
            }
        }
        section aria-labelledby="theo-don-vi" {
            h2 id="theo-don-vi" { (t.review_by_unit()) }
            @for units in snapshot.clusters() { (cluster(page, units, t)) }
        }
        (corrections(page, t))
    }
}

fn totals(snapshot: &Snapshot, t: Text) -> Markup {
    let name = |of: OfAll| match of {
        OfAll::Units => t.campaign_taking_part(),
        OfAll::Targets => t.review_targets(),
        OfAll::Reached => t.review_reached(),
        OfAll::Accepted => t.review_accepted(),
        OfAll::Late => t.review_late(),
        OfAll::Missing => t.review_missing(),
        OfAll::Waiting => t.review_waiting(),
    };
    html! {
        dl class="review-totals" {
            @for of in OfAll::ALL { div id=(of.anchor()) { dt { (name(of)) } dd { (shown(of.of(snapshot), t)) } } }
        }
    }
}

fn shown(figure: Option<Figure>, t: Text) -> String {
    figure.map_or_else(|| "–".to_owned(), |figure| figure.show(t.0))
}

/// A frozen figure, and beside it what stands in its place since it was corrected.
fn frozen(figure: Option<Figure>, since: Option<&Option<Figure>>, t: Text) -> Markup {
    html! {
        span class="review-figure" { (shown(figure, t)) }
        @if let Some(now) = since { " " span class="review-since" { (t.review_corrected_since(shown(*now, t))) } }
    }
}

/// The page of a unit in the campaign, where its reports stand.
fn report_link(page: &ReviewPage, unit: &str, report: i64, t: Text) -> String {
    t.0.href(&format!("/thi-dua/{}/don-vi/{unit}#bao-cao-{report}", page.row.campaign_slug))
}

fn target_section(page: &ReviewPage, index: usize, target: &FrozenTarget, t: Text) -> Markup {
    html! {
        section class="review-target" id=(OfTarget::Value.anchor(target)) {
            h4 lang="vi" { (target.name) " " span class="review-measure" { "(" (target.measure) ")" } }
            dl class="review-line" {
                div { dt { (t.review_value()) } dd { (frozen(target.value, page.since.targets.get(&index), t)) } }
                div id=(OfTarget::Goal.anchor(target)) { dt { (t.column_goal()) } dd { (shown(Some(target.goal), t)) } }
                div id=(OfTarget::Share.anchor(target)) { dt { (t.review_share()) } dd { (shown(OfTarget::Share.of(target), t)) } }
                div id=(OfTarget::Units.anchor(target)) { dt { (t.review_units_with()) } dd { (shown(OfTarget::Units.of(target), t)) } }
            }
            @if !target.source.is_empty() { p class="hint" lang="vi" { (t.source(&target.source)) } }
            @if target.units > 0 { (values(page, index, target, t)) }
        }
    }
}

/// What each unit has of a target, with the reports behind it.
fn values(page: &ReviewPage, index: usize, target: &FrozenTarget, t: Text) -> Markup {
    let units = page.snapshot.units.iter().enumerate();
    let with = units.filter(|(_, unit)| unit.reports_of(index).next().is_some());
    html! {
        div class="table-scroll" tabindex="0" role="region" aria-label=(target.name) {
            table class="review-table" {
                thead { tr { th scope="col" { (t.review_unit()) } th scope="col" class="number" { (t.review_value()) } th scope="col" class="number" { (t.review_own_share()) } th scope="col" { (t.review_reports()) } } }
                tbody {
                    @for (place, unit) in with {
                        tr id=(value_anchor(unit, target)) {
                            th scope="row" lang="vi" { a href=(format!("#{}", unit_anchor(unit))) rel="external" { (unit.name) } }
                            td class="number" { (frozen(unit.values.get(index).copied().flatten(), page.since.units.get(&(place, index)), t)) }
                            td class="number" { (shown(unit.shares.get(index).copied().flatten().and_then(percent), t)) }
                            td { (reports(page, unit, unit.reports_of(index), t)) }
                        }
                    }
                }
            }
        }
    }
}

/// What a period is called where there is little place: a month by its name, else its last day.
fn period_name(begins: &str, ends: &str, t: Text) -> String {
    let month = Day::parse(begins).zip(Day::parse(ends)).is_some_and(|(first, last)| first.end_of_stretch(1) == last);
    if month { days_name(begins, ends, t) } else { t.review_period_until(day(ends, t)) }
}

fn reports(page: &ReviewPage, unit: &FrozenUnit, reports: impl Iterator<Item = (i64, usize)>, t: Text) -> Markup {
    let reports: Vec<(i64, usize)> = reports.collect();
    let links = html! {
        @for (place, (report, period)) in reports.iter().enumerate() {
            @if place > 0 { ", " }
            a href=(report_link(page, &unit.slug, *report, t)) {
                @if let Some(period) = page.snapshot.periods.get(*period) { (period_name(&period.begins, &period.ends, t)) } @else { (t.review_reports()) }
            }
        }
    };
    // A year of links would make every line of the table a dozen lines high.
    html! { @if reports.len() > 2 { details { summary { (t.review_n_reports(reports.len())) } (links) } } @else { (links) } }
}

fn cluster(page: &ReviewPage, units: &[FrozenUnit], t: Text) -> Markup {
    let name = units.first().map(|unit| unit.cluster.as_str()).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| t.review_no_cluster());
    let columns = [
        (OfUnit::Rank, t.review_rank()),
        (OfUnit::Score, t.column_points()),
        (OfUnit::Accepted, t.review_accepted()),
        (OfUnit::Late, t.review_late()),
        (OfUnit::Missing, t.review_missing()),
        (OfUnit::Waiting, t.review_waiting()),
    ];
    let known = |unit: &FrozenUnit| -> Vec<(i64, usize)> {
        let reports = unit.reports.iter().enumerate();
        reports.filter_map(|(period, report)| report.map(|report| (report, period))).collect()
    };
    html! {
        h3 lang="vi" { (name) }
        div class="table-scroll" tabindex="0" role="region" aria-label=(name) {
            table class="review-table" {
                thead { tr { th scope="col" { (t.review_unit()) } @for (_, name) in columns { th scope="col" class="number" { (name) } } th scope="col" { (t.review_reports()) } } }
                tbody {
                    @for unit in units {
                        tr id=(unit_anchor(unit)) {
                            th scope="row" lang="vi" { (unit.name) }
                            @for (of, _) in columns { td class="number" id=(of.anchor(unit)) { (shown(of.of(unit), t)) } }
                            td { (reports(page, unit, known(unit).into_iter(), t)) }
                        }
                    }
                }
            }
        }
    }
}

/// What had been corrected before the figures were taken.
fn corrections(page: &ReviewPage, t: Text) -> Markup {
    let corrections = &page.snapshot.corrections;
    html! {
        section {
            h2 id=(CORRECTIONS) { (t.review_corrections()) }
            @if corrections.is_empty() { p { (t.review_no_corrections()) } }
            @else {
                div class="table-scroll" tabindex="0" role="region" aria-label=(t.review_corrections()) {
                    table class="review-table" {
                        thead { tr {
                            th scope="col" { (t.column_day()) } th scope="col" { (t.review_unit()) } th scope="col" { (t.review_reports()) }
                            th scope="col" { (t.column_target()) } th scope="col" class="number" { (t.review_old()) } th scope="col" class="number" { (t.figure_new()) }
                            th scope="col" { (t.review_reason()) }
                        } }
                        tbody {
                            @for correction in corrections {
                                tr {
                                    td { (Day::of(Instant(correction.at)).show(t.0)) }
                                    td lang="vi" { (correction.unit) }
                                    td { a href=(report_link(page, &correction.slug, correction.report, t)) { (period_name(&correction.begins, &correction.ends, t)) } }
                                    td lang="vi" { (correction.target) }
                                    td class="number" { (shown(correction.old, t)) }
                                    td class="number" { (shown(correction.new, t)) }
                                    td lang="vi" { (correction.reason) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// `/tai-xuong/so-lieu-chot/{id}/{file}`: the frozen figures as a table.
pub async fn download(State(state): State<AppState>, Path((id, file)): Path<(String, String)>, uri: Uri) -> Response {
    match table(&state, &id, &file).await {
        Ok(answer) => answer,
        Err(error) => render_failure(&state, uri.path(), error).await,
    }
}

async fn table(state: &AppState, id: &str, file: &str) -> Result<Response, AppError> {
    let ending = file.strip_prefix(FILE).and_then(|rest| rest.strip_prefix('.'));
    let ending = ending.filter(|ending| matches!(*ending, "csv" | "xlsx")).ok_or(AppError::NotFound)?;
    let id = id.parse().map_err(|_| AppError::NotFound)?;
    let page = read_review(&state.store, id).await?.value;
    // Tables are of their content, which is Vietnamese.
    let t = Text(Lang::Vi);
    let rows = rows(&page, t);
    if ending == "csv" {
        return Ok(attachment(write_csv(&rows), "text/csv; charset=utf-8", file));
    }
    let book = Book { sheets: vec![(t.review_frozen_sheet().to_owned(), rows)] };
    let bytes = write_xlsx(&book).map_err(|problem| internal(format!("{problem:?}")))?;
    Ok(attachment(bytes, XLSX, file))
}

/// The frozen figures line by line: those of all, then those of each unit.
fn rows(page: &ReviewPage, t: Text) -> Vec<Vec<Cell>> {
    let (snapshot, text) = (&page.snapshot, |text: &str| Cell::Text(text.to_owned()));
    let number = |figure: Option<Figure>| figure.map_or(Cell::Empty, Cell::Number);
    let mut rows = Vec::new();
    // Whoever meets the file without the portal sees that all of it is invented.
    if snapshot.demonstration {
        rows.push(vec![text(t.demo_banner())]);
    }
    let head = [
        t.review_cluster(),
        t.review_unit(),
        t.column_code(),
        t.column_target(),
        t.column_measure(),
        t.review_value(),
        t.column_goal(),
        t.review_share(),
        t.review_rank(),
        t.column_points(),
        t.review_accepted(),
        t.review_late(),
        t.review_missing(),
        t.review_reports(),
        t.review_cut_off(),
    ];
    rows.push(head.map(text).to_vec());
    let cut_off = || text(&day(&page.row.cut_off, t));
    let named = |target: &FrozenTarget| [text(&target.code), text(&target.name), text(&target.measure)];
    for target in &snapshot.targets {
        let mut row = vec![Cell::Empty, text(t.review_all_units())];
        row.extend(named(target));
        row.extend([number(target.value), number(Some(target.goal)), number(OfTarget::Share.of(target))]);
        row.extend(std::iter::repeat_n(Cell::Empty, 6));
        row.push(cut_off());
        rows.push(row);
    }
    for unit in &snapshot.units {
        for (index, target) in snapshot.targets.iter().enumerate() {
            let mut row = vec![text(&unit.cluster), text(&unit.name)];
            row.extend(named(target));
            let share = unit.shares.get(index).copied().flatten().and_then(percent);
            row.extend([number(unit.values.get(index).copied().flatten()), Cell::Empty, number(share)]);
            row.extend(
                [OfUnit::Rank, OfUnit::Score, OfUnit::Accepted, OfUnit::Late, OfUnit::Missing]
                    .map(|of| number(of.of(unit))),
            );
            let reports: Vec<String> = unit.reports_of(index).map(|(report, _)| report.to_string()).collect();
            row.extend([text(&reports.join(" ")), cut_off()]);
            rows.push(row);
        }
    }
    rows
}
