//! The results of a campaign: progress, units, reports, a map, corrections, downloads.

use maud::{Markup, html};

use self::choice::Choice;
use self::place::{Places, read_places};
use self::words::period_name;
use super::{Asked, made, result_style};
use crate::components::teaser::lang_of;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::site::MadePage;
use crate::server::db::campaign::CampaignRow;
use crate::server::db::result::CorrectionRow;
use crate::server::services::result::{ReportStanding, Results, read_results};
use crate::server::thing::{Read, Thing};
use crate::text::Text;

pub mod choice;
pub mod notes;
pub mod place;
pub mod progress;
pub mod ranking;
#[cfg(test)]
mod tests;
pub mod trend;
pub mod words;

/// `/thi-dua/{slug}/ket-qua`.
///
/// # Errors
/// `NotFound`, `Moved`, or `BadAddress` for a cluster, an order or a target that there is not.
pub async fn show(asked: &Asked<'_>, slug: &str) -> Result<Read<MadePage>, AppError> {
    let Read { value: results, mut things } = read_results(&asked.state.store, slug).await?;
    let choice = Choice::read(&asked.query, &results).ok_or(AppError::BadAddress)?;
    let places = read_places(&asked.state.store).await?;
    things.push(Thing::Boundaries);
    things.extend(places.units.iter().map(|place| Thing::Unit(place.unit_id)));
    things.extend(results.units.iter().map(|unit| Thing::Unit(unit.part.unit_id)));
    let t = asked.t;
    let value = MadePage {
        title: t.result_title(&results.campaign.title),
        description: as_of(&results, t),
        path: format!("/thi-dua/{}/ket-qua", results.campaign.slug),
        translated: false,
        markup: made(html! { (result_style(asked.state)) (whole(&results, &places, &choice, t)) }),
        ..MadePage::default()
    };
    Ok(Read { value, things })
}

fn whole(results: &Results, places: &Places, choice: &Choice, t: Text) -> Markup {
    let corrections: Vec<&CorrectionRow> = results.corrections.iter().collect();
    html! {
        div class="result-page" {
            (breadcrumb(&results.campaign, None, t))
            h1 { (t.campaign_results()) ": " span lang=[lang_of(Lang::Vi, t.0)] { (results.campaign.title) } }
            p class="result-as-of" { (as_of(results, t)) }
            (contents(results, t))
            (progress::progress(results, t))
            (ranking::ranking(results, choice, t))
            (ranking::reports(results, choice, t))
            (place::by_unit(results, places, choice, t))
            (notes::corrections(results, &corrections, true, t))
            (notes::score_table(results, t))
            (notes::downloads(results, t))
        }
    }
}

/// The way back: to the campaign, and from a unit to all results.
pub fn breadcrumb(campaign: &CampaignRow, results: Option<&str>, t: Text) -> Markup {
    html! {
        nav class="breadcrumb" aria-label=(t.breadcrumb()) {
            ol {
                li { a href=(t.0.href("/")) { (t.home()) } }
                li { a href=(t.0.href("/thi-dua")) { (t.campaigns()) } }
                li { a href=(t.0.href(&format!("/thi-dua/{}", campaign.slug))) lang=[lang_of(Lang::Vi, t.0)] { (campaign.title) } }
                @if let Some(path) = results { li { a href=(t.0.href(path)) { (t.campaign_results()) } } }
            }
        }
    }
}

/// Until when what is shown was reported.
pub fn as_of(results: &Results, t: Text) -> String {
    let accepted = |place: &usize| {
        results.units.iter().any(|unit| matches!(unit.reports.get(*place), Some(ReportStanding::Accepted { .. })))
    };
    let last = (0..results.periods.len()).rev().find(accepted).and_then(|place| results.periods.get(place));
    match last {
        Some(period) => t.result_as_of(period_name(&period.begins, &period.ends, t)),
        None => t.result_as_of_nothing().to_owned(),
    }
}

/// What the page has, and the way to the campaign.
fn contents(results: &Results, t: Text) -> Markup {
    let reports = !results.periods.is_empty() && !results.units.is_empty();
    let by_unit = !results.targets.is_empty() && !results.units.is_empty();
    let sections = [
        (true, "tien-do", t.result_progress_of_all()),
        (true, "don-vi", t.result_units()),
        (reports, "bao-cao", t.result_reports()),
        (by_unit, "ban-do", t.result_by_unit()),
        (true, "dinh-chinh", t.result_corrections()),
        (results.table.is_some(), "cach-tinh-diem", t.result_how_scored()),
        (true, "tai-ve", t.result_downloads()),
    ];
    html! {
        nav class="result-contents" aria-label=(t.result_contents()) {
            ul {
                li { a href=(t.0.href(&format!("/thi-dua/{}", results.campaign.slug))) { (t.result_to_campaign()) } }
                @for (_, id, name) in sections.iter().filter(|(there, ..)| *there) {
                    li { a href={ "#" (id) } rel="external" { (name) } }
                }
            }
        }
    }
}
