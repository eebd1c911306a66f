//! Units ranked within their clusters, and who has reported.

use maud::{Markup, html};

use super::choice::{Choice, Order, Shown, UNITS_MOST, Way, cluster_code, ways};
use super::words::{hundredths, period_name, period_short};
use crate::components::teaser::lang_of;
use crate::domain::lang::Lang;
use crate::server::services::result::{ReportStanding, Results, UnitResult};
use crate::text::Text;

/// Where the page of a unit in a campaign is.
pub fn unit_href(results: &Results, unit: &UnitResult, t: Text) -> String {
    t.0.href(&format!("/thi-dua/{}/don-vi/{}", results.campaign.slug, unit.part.slug))
}

fn unit_link(results: &Results, unit: &UnitResult, t: Text) -> Markup {
    html! { a href=(unit_href(results, unit, t)) lang=[lang_of(Lang::Vi, t.0)] { (unit.part.name) } }
}

/// The section of units: what to see of them, and a table for each cluster.
pub fn ranking(results: &Results, choice: &Choice, t: Text) -> Markup {
    let shown = choice.shown(results);
    html! {
        section class="result-section" aria-labelledby="don-vi" {
            h2 class="section-title" id="don-vi" { (t.result_units()) }
            @if results.units.is_empty() {
                p class="hint" { (t.result_no_units()) }
            } @else {
                @if results.table.is_some() { p { (t.result_ranked_by_cluster()) " " a href="#cach-tinh-diem" rel="external" { (t.result_how_scored()) } } }
                (narrowing(results, choice, t))
                @if shown.all == 0 { p class="empty" { (t.result_no_late_units()) } }
                @for (name, units) in &shown.clusters { (cluster(results, choice, name, units, t)) }
                (pages(results, choice, &shown, "don-vi", t))
            }
        }
    }
}

/// Which units of how many stand here, and the way to the others; nothing where these are all.
fn pages(results: &Results, choice: &Choice, shown: &Shown<'_>, place: &str, t: Text) -> Markup {
    let last = (shown.before + UNITS_MOST).min(shown.all);
    let to = |page: usize| Choice { page, ..choice.clone() }.href(&results.campaign.slug, place, t);
    html! {
        @if shown.all > UNITS_MOST {
            nav class="choices result-pages" aria-label=(t.result_units_shown(shown.before + 1, shown.all, last)) {
                span class="choices-label" aria-hidden="true" { (t.result_units_shown(shown.before + 1, shown.all, last)) }
                ul {
                    @if choice.page > 1 { li { a href=(to(choice.page - 1)) rel="prev" { (t.previous_page()) } } }
                    @if last < shown.all { li { a href=(to(choice.page + 1)) rel="next" { (t.next_page()) } } }
                }
            }
        }
    }
}

fn narrowing(results: &Results, choice: &Choice, t: Text) -> Markup {
    let way = |to: Choice, text: &str, lang: Option<&'static str>| Way {
        href: to.href(&results.campaign.slug, "don-vi", t),
        text: text.to_owned(),
        current: to == Choice { page: 1, ..choice.clone() },
        lang,
    };
    // Whatever else one asks for begins on the first page.
    let first = Choice { page: 1, ..choice.clone() };
    let all = Choice { order: Order::Name, ..Choice::default() };
    let clusters = all.clusters(results);
    let mut of_cluster = vec![way(Choice { cluster: None, ..first.clone() }, t.result_all_clusters(), None)];
    for (name, _) in &clusters {
        let (text, lang) = cluster_name(name, t);
        of_cluster.push(way(Choice { cluster: Some(cluster_code(name)), ..first.clone() }, text, lang));
    }
    let orders = Order::ALL.into_iter().filter(|order| *order != Order::Score || results.table.is_some());
    let orders: Vec<Way> =
        orders.map(|order| way(Choice { order, ..first.clone() }, order_name(order, t), None)).collect();
    let filters = [
        way(Choice { late: false, ..first.clone() }, t.result_show_all(), None),
        way(Choice { late: true, ..first.clone() }, t.result_show_late(), None),
    ];
    html! {
        div class="choices-group" {
            @if clusters.len() > 1 { (ways(t.result_cluster(), &of_cluster)) }
            (ways(t.result_order(), &orders))
            (ways(t.result_show(), &filters))
        }
    }
}

fn order_name(order: Order, t: Text) -> &'static str {
    match order {
        Order::Score => t.result_by_score(),
        Order::Name => t.result_by_name(),
        Order::Late => t.result_by_late(),
    }
}

fn cluster_name(name: &str, t: Text) -> (&str, Option<&'static str>) {
    if name.is_empty() { (t.result_no_cluster(), None) } else { (name, lang_of(Lang::Vi, t.0)) }
}

fn cluster(results: &Results, choice: &Choice, name: &str, units: &[&UnitResult], t: Text) -> Markup {
    let scored = results.table.is_some();
    let (name, lang) = cluster_name(name, t);
    let sorted = |order: Order, how: &'static str| (choice.order == order).then_some(how);
    html! {
        section class="table-scroll" aria-label=(t.result_table_of(name)) tabindex="0" {
            table class="result-table" {
                caption lang=[lang] { (name) }
                thead {
                    tr {
                        @if scored { th scope="col" { (t.result_rank()) } }
                        th scope="col" class="result-text" aria-sort=[sorted(Order::Name, "ascending")] { (t.result_unit()) }
                        @if scored { th scope="col" aria-sort=[sorted(Order::Score, "descending")] { (t.result_score()) } }
                        th scope="col" { (t.result_accepted_reports()) }
                        th scope="col" aria-sort=[sorted(Order::Late, "descending")] { (t.result_late_reports()) }
                    }
                }
                tbody { @for unit in units { (unit_row(results, unit, scored, t)) } }
            }
        }
    }
}

fn unit_row(results: &Results, unit: &UnitResult, scored: bool, t: Text) -> Markup {
    html! {
        tr {
            @if scored { td { @if let Some(rank) = unit.rank { (rank) } @else { "–" } } }
            th scope="row" class="result-text" { (unit_link(results, unit, t)) }
            @if scored { td class="result-score" { @if let Some(score) = &unit.score { (hundredths(score.total, t)) } @else { "–" } } }
            td { (t.result_n_of_m(due(unit), unit.accepted())) }
            td { (unit.late()) }
        }
    }
}

/// So many of its reports were due so far, or came before they were.
pub fn due(unit: &UnitResult) -> usize {
    let owed = |standing: &&ReportStanding| !matches!(standing, ReportStanding::NotDue | ReportStanding::NotOwed);
    unit.reports.iter().filter(owed).count()
}

/// The sign and the words of where a report stands.
pub fn standing_words(standing: ReportStanding, t: Text) -> (&'static str, &'static str) {
    match standing {
        ReportStanding::Accepted { late: false, .. } => ("✓", t.standing_accepted()),
        ReportStanding::Accepted { late: true, .. } => ("✓", t.standing_accepted_late()),
        ReportStanding::Sent { late: false } => ("…", t.standing_waiting()),
        ReportStanding::Sent { late: true } => ("…", t.standing_waiting_late()),
        ReportStanding::Missing => ("✗", t.standing_missing()),
        ReportStanding::NotDue => ("–", t.standing_not_due()),
        ReportStanding::NotOwed => ("·", t.standing_not_owed()),
    }
}

const fn standing_class(standing: ReportStanding) -> &'static str {
    match standing {
        ReportStanding::Accepted { late: false, .. } => "report-cell report-cell--accepted",
        ReportStanding::Accepted { .. } | ReportStanding::Sent { late: true } => "report-cell report-cell--late",
        ReportStanding::Sent { .. } | ReportStanding::NotDue | ReportStanding::NotOwed => "report-cell",
        ReportStanding::Missing => "report-cell report-cell--missing",
    }
}

/// The section of reports: units by periods.
pub fn reports(results: &Results, choice: &Choice, t: Text) -> Markup {
    let shown = choice.shown(results);
    html! {
        @if !results.periods.is_empty() && !results.units.is_empty() {
            section class="result-section" aria-labelledby="bao-cao" {
                h2 class="section-title" id="bao-cao" { (t.result_reports()) }
                p { (summary(results, t)) }
                section class="table-scroll" aria-label=(t.result_reports_table()) tabindex="0" { (matrix(results, &shown.units(), t)) }
                (pages(results, choice, &shown, "bao-cao", t))
                (legend(results, t))
            }
        }
    }
}

/// How it stands with the last period that was due.
fn summary(results: &Results, t: Text) -> String {
    let due = |place: &usize| {
        results.units.iter().any(|unit| unit.reports.get(*place) == Some(&ReportStanding::Missing))
            || results.units.iter().all(|unit| unit.reports.get(*place) != Some(&ReportStanding::NotDue))
    };
    let Some((place, period)) =
        (0..results.periods.len()).rev().find(due).and_then(|place| Some((place, results.periods.get(place)?)))
    else {
        return t.result_none_due().to_owned();
    };
    let of = |wanted: fn(&ReportStanding) -> bool| {
        results.units.iter().filter_map(|unit| unit.reports.get(place)).filter(|standing| wanted(standing)).count()
    };
    let sent = of(|standing| matches!(standing, ReportStanding::Accepted { .. } | ReportStanding::Sent { .. }));
    let accepted = of(|standing| matches!(standing, ReportStanding::Accepted { .. }));
    let name = period_name(&period.begins, &period.ends, t);
    t.result_last_due(accepted, results.units.len(), sent, name)
}

fn matrix(results: &Results, units: &[&UnitResult], t: Text) -> Markup {
    html! {
        table class="report-matrix" {
            caption class="visually-hidden" { (t.result_reports_table()) }
            thead {
                tr {
                    th scope="col" class="result-text" { (t.result_unit()) }
                    @for period in &results.periods {
                        th scope="col" {
                            span aria-hidden="true" { (period_short(&period.begins, &period.ends)) }
                            span class="visually-hidden" { (period_name(&period.begins, &period.ends, t)) }
                        }
                    }
                }
            }
            tbody {
                @for unit in units {
                    tr {
                        th scope="row" class="result-text" { (unit_link(results, unit, t)) }
                        @for standing in &unit.reports { (report_cell(*standing, t)) }
                    }
                }
            }
        }
    }
}

const fn is_late(standing: ReportStanding) -> bool {
    matches!(standing, ReportStanding::Accepted { late: true, .. } | ReportStanding::Sent { late: true })
}

fn report_cell(standing: ReportStanding, t: Text) -> Markup {
    let (sign, words) = standing_words(standing, t);
    html! {
        td class=(standing_class(standing)) {
            span aria-hidden="true" { (sign) @if is_late(standing) { " " (t.standing_late()) } }
            span class="visually-hidden" { (words) }
        }
    }
}

fn legend(results: &Results, t: Text) -> Markup {
    let mut standings = vec![
        ReportStanding::Accepted { late: false, id: 0 },
        ReportStanding::Accepted { late: true, id: 0 },
        ReportStanding::Sent { late: false },
        ReportStanding::Sent { late: true },
        ReportStanding::Missing,
        ReportStanding::NotDue,
    ];
    if results.units.iter().any(|unit| unit.reports.contains(&ReportStanding::NotOwed)) {
        standings.push(ReportStanding::NotOwed);
    }
    html! {
        ul class="report-legend" aria-hidden="true" {
            @for standing in standings {
                @let (sign, words) = standing_words(standing, t);
                li { span class=(standing_class(standing)) { (sign) @if is_late(standing) { " " (t.standing_late()) } } ": " (words) }
            }
        }
    }
}
