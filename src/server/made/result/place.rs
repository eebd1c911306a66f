//! Results by unit: a map where it is known where units lie, and the table behind it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use maud::{Markup, html};

use super::choice::{Choice, UNITS_MOST, Way, ways};
use super::ranking::unit_href;
use super::words::{amount, percent};
use crate::components::teaser::lang_of;
use crate::domain::error::AppError;
use crate::domain::figure::Figure;
use crate::domain::lang::Lang;
use crate::server::chart::{Area, Outline, Polygons, commune_map, data_table, fit, outline};
use crate::server::error::internal;
use crate::server::services::result::{Results, TargetResult, UnitResult, list_boundaries};
use crate::server::state::Store;
use crate::text::Text;

/// A unit in the drawing.
#[derive(Clone, Debug)]
pub struct Place {
    /// The unit.
    pub unit_id: i64,
    /// Its name.
    name: String,
    /// Where in the drawing it lies, by its place among all outlines.
    outline: usize,
}

/// The units that are drawn, with their outlines.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The units.
    pub units: Vec<Place>,
    outlines: Arc<Vec<Outline>>,
}

/// The outlines that were drawn last, with the hash of the boundaries that they were made of: boundaries seldom change,
/// and every page of results has the same ones.
static DRAWN: Mutex<Option<(u64, Arc<Vec<Outline>>)>> = Mutex::new(None);

/// Where units lie that are there today.
///
/// # Errors
/// When the database fails.
pub async fn read_places(store: &Store) -> Result<Places, AppError> {
    let rows = list_boundaries(store).await?;
    let mut hasher = DefaultHasher::new();
    let (mut units, mut geometries) = (Vec::new(), Vec::new());
    for (place, (unit_id, _, name, geometry)) in rows.into_iter().enumerate() {
        (unit_id, &geometry).hash(&mut hasher);
        units.push(Place { unit_id, name, outline: place });
        geometries.push(geometry);
    }
    let key = hasher.finish();
    let known = DRAWN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some((_, outlines)) = known.filter(|(known, _)| *known == key) {
        return Ok(Places { units, outlines });
    }
    let outlines = Arc::new(tokio::task::spawn_blocking(move || draw(&geometries)).await.map_err(internal)?);
    *DRAWN.lock().unwrap_or_else(PoisonError::into_inner) = Some((key, outlines.clone()));
    Ok(Places { units, outlines })
}

fn draw(geometries: &[String]) -> Vec<Outline> {
    // What can't be read is nowhere, and nothing of it is drawn.
    let polygons: Vec<Polygons> = geometries.iter().map(|geometry| outline(geometry).unwrap_or_default()).collect();
    fit(&polygons)
}

/// The section of results by unit, for one target.
pub fn by_unit(results: &Results, places: &Places, choice: &Choice, t: Text) -> Markup {
    let chosen = choice.target.as_ref();
    let place = results.targets.iter().position(|result| chosen.is_none_or(|code| result.target.code == *code));
    let Some((place, result)) = place.and_then(|place| Some((place, results.targets.get(place)?))) else {
        return Markup::default();
    };
    html! {
        @if !results.units.is_empty() {
            section class="result-section" aria-labelledby="ban-do" {
                h2 class="section-title" id="ban-do" { (t.result_by_unit()) }
                (targets(results, place, choice, t))
                // Where there are links of which one is chosen, paper still has to say which.
                p class=(if results.targets.len() > 1 { "result-chosen result-chosen--linked" } else { "result-chosen" })
                    lang=[lang_of(Lang::Vi, t.0)] { (result.target.name) }
                @if !places.units.is_empty() { (map(results, place, result, places, t)) }
                (table(results, choice, place, result, t))
            }
        }
    }
}

fn targets(results: &Results, chosen: usize, choice: &Choice, t: Text) -> Markup {
    let way = |(place, result): (usize, &TargetResult)| Way {
        href: Choice { target: Some(result.target.code.clone()), ..choice.clone() }.href(
            &results.campaign.slug,
            "ban-do",
            t,
        ),
        text: result.target.name.clone(),
        current: place == chosen,
        lang: lang_of(Lang::Vi, t.0),
    };
    let all: Vec<Way> = results.targets.iter().enumerate().map(way).collect();
    html! { @if all.len() > 1 { div class="choices-group" { (ways(t.result_target(), &all)) } } }
}

/// The shade of a share: a quarter more each, and all of it.
pub fn shade(share: Option<i64>) -> usize {
    match share {
        None => 0,
        Some(share) if share < 2_500 => 1,
        Some(share) if share < 5_000 => 2,
        Some(share) if share < 7_500 => 3,
        Some(share) if share < 10_000 => 4,
        Some(_) => 5,
    }
}

fn value_text(unit: Option<&UnitResult>, place: usize, measure: &str, t: Text) -> String {
    let Some(unit) = unit else { return t.result_takes_no_part().to_owned() };
    match (at(&unit.values, place), at(&unit.shares, place)) {
        (Some(value), Some(share)) => format!("{} ({})", amount(value, measure, t), percent(share, t)),
        (Some(value), None) => amount(value, measure, t),
        (None, _) => t.result_unknown().to_owned(),
    }
}

fn at<T: Copy>(values: &[Option<T>], place: usize) -> Option<T> {
    values.get(place).copied().flatten()
}

fn map(results: &Results, place: usize, result: &TargetResult, places: &Places, t: Text) -> Markup {
    let drawn: Vec<_> = places
        .units
        .iter()
        .filter_map(|drawn| {
            let unit = results.units.iter().find(|unit| unit.part.unit_id == drawn.unit_id);
            let text = value_text(unit, place, &result.target.measure, t);
            let share = unit.and_then(|unit| at(&unit.shares, place));
            let href = unit.map(|unit| unit_href(results, unit, t));
            Some((drawn.name.as_str(), href, text, shade(share), places.outlines.get(drawn.outline)?))
        })
        .collect();
    let areas: Vec<Area<'_>> = drawn
        .iter()
        .map(|(name, href, text, class, geometry)| Area {
            name,
            href: href.as_deref(),
            value_text: text,
            class: *class,
            geometry,
        })
        .collect();
    let legend =
        [(1, "< 25 %"), (2, "25 – 50 %"), (3, "50 – 75 %"), (4, "75 – 100 %"), (5, "≥ 100 %"), (0, t.result_unknown())];
    let legend = legend.map(|(class, text)| (class, text.to_owned()));
    html! {
        p { (t.result_map_hint()) " " span class="screen-only" { (t.result_map_touch()) } }
        (commune_map("ban-do-xa", &t.result_map(&result.target.name), t.result_map_description(), &areas, &legend))
    }
}

fn table(results: &Results, choice: &Choice, place: usize, result: &TargetResult, t: Text) -> Markup {
    let measure = &result.target.measure;
    let with_measure = |name: &str| if measure.is_empty() { name.to_owned() } else { format!("{name} ({measure})") };
    let head = [
        t.result_unit().to_owned(),
        with_measure(t.result_value()),
        with_measure(t.result_own_goal()),
        t.result_share().to_owned(),
    ];
    let figure = |value: Option<Figure>| value.map_or_else(|| "–".to_owned(), |value| value.show(t.0));
    let row = |unit: &UnitResult| {
        let share = at(&unit.shares, place).map_or_else(|| "–".to_owned(), |share| percent(share, t));
        vec![unit.part.name.clone(), figure(at(&unit.values, place)), figure(at(&unit.goals, place)), share]
    };
    // All of them, or those that stand on the page where they are too many; the files have all.
    let rows: Vec<Vec<String>> = if results.units.len() > UNITS_MOST {
        choice.shown(results).units().into_iter().map(row).collect()
    } else {
        results.units.iter().map(row).collect()
    };
    data_table(t.result_data_by_unit(), &t.result_map(&result.target.name), &head, &rows)
}
