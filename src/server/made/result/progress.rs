//! How far each pillar and each target has come.

use maud::{Markup, html};

use super::trend::{Trend, trend};
use super::words::{Reached, WHOLE};
use crate::components::teaser::lang_of;
use crate::domain::lang::Lang;
use crate::domain::progress::Counting;
use crate::server::chart::{Bar, progress_bar};
use crate::server::made::campaign::day;
use crate::server::services::result::{Results, TargetResult};
use crate::text::Text;

/// The targets by their pillars, in the order of the first of each, with their places.
pub fn pillars(results: &Results) -> Vec<(&str, Vec<(usize, &TargetResult)>)> {
    let mut pillars: Vec<(&str, Vec<(usize, &TargetResult)>)> = Vec::new();
    for (place, result) in results.targets.iter().enumerate() {
        let name = result.target.pillar.as_str();
        match pillars.iter_mut().find(|(known, _)| *known == name) {
            Some((_, targets)) => targets.push((place, result)),
            None => pillars.push((name, vec![(place, result)])),
        }
    }
    pillars
}

/// A bar of what was reached.
pub fn bar(id: &str, label: &str, reached: &Reached<'_>, t: Text) -> Markup {
    let (value_text, mark_text) = (reached.value_text(t), reached.mark_text(t));
    let share = reached.share.map_or(f64::NAN, |share| share as f64 / WHOLE as f64);
    let state = reached.state();
    let bar = Bar { label, value_text: &value_text, share, mark: reached.mark(), mark_text: &mark_text, state };
    progress_bar(id, &bar)
}

/// The section of the results: each target with a sentence, a bar and a chart.
pub fn progress(results: &Results, t: Text) -> Markup {
    html! {
        section class="result-section" aria-labelledby="tien-do" {
            h2 class="section-title" id="tien-do" { (t.result_progress_of_all()) }
            @if results.targets.is_empty() { p class="hint" { (t.result_no_targets()) } }
            @for (pillar, targets) in pillars(results) {
                h3 class="result-pillar" lang=[lang_of(Lang::Vi, t.0)] { (pillar) }
                @for (place, result) in targets { (target(results, place, result, t)) }
            }
        }
    }
}

fn target(results: &Results, place: usize, result: &TargetResult, t: Text) -> Markup {
    let id = format!("chi-tieu-{}", place + 1);
    let reached = Reached::of(result);
    let shown = Trend {
        id: &format!("{id}-bieu-do"),
        name: &result.target.name,
        measure: &result.target.measure,
        goal: Some(result.aim.goal),
        values: &result.series,
        within: None,
    };
    html! {
        article class="result-target" aria-labelledby=(id) {
            div class="result-target-words" {
                h4 id=(id) lang=[lang_of(Lang::Vi, t.0)] { (result.target.name) }
                p class="result-sentence" { (reached.sentence(t)) }
                (bar(&format!("{id}-thanh"), t.result_progress(), &reached, t))
                (about(results, result, t))
            }
            @if let Some(chart) = trend(&shown, &results.periods, t) { div class="result-target-chart" { (chart) } }
        }
    }
}

/// How it is counted, by whom, until when, from what.
fn about(results: &Results, result: &TargetResult, t: Text) -> Markup {
    let counting = match result.aim.counting {
        Counting::Sum => t.result_summed(),
        Counting::Level => t.result_averaged(),
    };
    html! {
        p class="result-about" {
            (t.result_units_reported(results.units.len(), result.units)) " " (counting) " "
            (t.result_until(day(&result.target.due, t)))
            @if !result.target.source.is_empty() { " " (t.source(&result.target.source)) }
        }
    }
}

/// A campaign's targets on its own page: a bar for each, and where there is more.
pub fn progress_summary(results: &Results, t: Text) -> Markup {
    html! {
        @if !results.targets.is_empty() {
            section class="campaign-part" {
                h2 lang=(t.0.code()) { (t.result_targets()) }
                @for (pillar, targets) in pillars(results) {
                    h3 class="result-pillar" { (pillar) }
                    ul class="result-bars" {
                        @for (place, result) in targets {
                            li { (bar(&format!("muc-{}", place + 1), &result.target.name, &Reached::of(result), t)) }
                        }
                    }
                }
                p lang=(t.0.code()) {
                    a class="result-more" href=(t.0.href(&format!("/thi-dua/{}/ket-qua", results.campaign.slug))) { (t.result_all()) }
                }
            }
        }
    }
}
