//! All units: a tree that one opens, or what a word finds in it.

use std::collections::{HashMap, HashSet};

use maud::{Markup, html};

use super::{Asked, made, result_style};
use crate::domain::day::Day;
use crate::domain::error::AppError;
use crate::domain::site::MadePage;
use crate::domain::text::{fold, has_words};
use crate::server::clock::now;
use crate::server::db::unit::ListedUnitRow;
use crate::server::services::unit_profile::list_public_units;
use crate::server::thing::Read;
use crate::text::Text;

/// So many units are all open at once; more are opened by whoever looks for one.
const OPEN_MOST: usize = 60;
/// So many units a word finds at most.
const FOUND_MOST: usize = 200;
/// So deep goes the tree that is shown; deeper ones are found by their names.
const DEEPEST: usize = 12;

/// `/don-vi`.
///
/// # Errors
/// When the database fails.
pub async fn show(asked: &Asked<'_>) -> Result<Read<MadePage>, AppError> {
    let t = asked.t;
    let (units, ended) = list_public_units(&asked.state.store).await?;
    let words = asked.query.get("q").trim();
    let markup = html! {
        (result_style(asked.state))
        div class="list-page" {
            h1 { (t.units()) }
            @if units.is_empty() { p class="empty" { (t.units_none_public()) } } @else {
                form class="search-form" role="search" aria-label=(t.search_units_public()) action=(t.0.href("/don-vi")) method="get" {
                    div class="field" {
                        label for="q" { (t.search_units_public()) }
                        input id="q" name="q" type="search" value=(words) maxlength="200" autocomplete="off" enterkeyhint="search";
                    }
                    button class="button" type="submit" { (t.search_button()) }
                }
                @if words.is_empty() { (tree(&units, t)) } @else { (found(&units, &ended, words, t)) }
            }
        }
    };
    let value = MadePage {
        title: t.units().to_owned(),
        description: t.units_about().to_owned(),
        path: "/don-vi".to_owned(),
        translated: true,
        hidden: !words.is_empty(),
        markup: made(markup),
        ..MadePage::default()
    };
    // Kept nowhere: what a word finds is of whoever asked.
    Ok(Read { value, things: Vec::new() })
}

type Children<'a> = HashMap<i64, Vec<&'a ListedUnitRow>>;

fn tree(units: &[ListedUnitRow], t: Text) -> Markup {
    let there: HashSet<i64> = units.iter().map(|unit| unit.id).collect();
    // What belonged to a unit that has ended stands by itself.
    let above = |unit: &ListedUnitRow| unit.parent_id.filter(|id| there.contains(id));
    let mut children = Children::new();
    for unit in units {
        if let Some(parent) = above(unit) {
            children.entry(parent).or_default().push(unit);
        }
    }
    let open = if units.len() <= OPEN_MOST { DEEPEST } else { 1 };
    html! {
        ul class="unit-tree" {
            @for unit in units.iter().filter(|unit| above(unit).is_none()) { (branch(unit, &children, open, 0, t)) }
        }
    }
}

fn branch(unit: &ListedUnitRow, children: &Children<'_>, open: usize, depth: usize, t: Text) -> Markup {
    let below = children.get(&unit.id).map_or(&[][..], Vec::as_slice);
    html! {
        li {
            @if below.is_empty() || depth >= DEEPEST { (leaf(unit, t)) } @else {
                details open[depth < open] {
                    summary { (leaf(unit, t)) " " span class="hint" { (t.units_below(below.len())) } }
                    ul { @for unit in below { (branch(unit, children, open, depth + 1, t)) } }
                }
            }
        }
    }
}

fn leaf(unit: &ListedUnitRow, t: Text) -> Markup {
    html! { a href=(t.0.href(&format!("/don-vi/{}", unit.slug))) { (unit.name) } }
}

/// What has the words in its name; of what has ended also, since its page leads to what took its place.
fn found(units: &[ListedUnitRow], ended: &[ListedUnitRow], words: &str, t: Text) -> Markup {
    let folded = fold(words);
    let today = Day::of(now());
    let names: HashMap<i64, &str> = units.iter().map(|unit| (unit.id, unit.name.as_str())).collect();
    let found: Vec<_> =
        units.iter().chain(ended).filter(|unit| has_words(&unit.name, &folded)).take(FOUND_MOST).collect();
    html! {
        @if found.is_empty() { p class="empty" role="status" { (t.units_none_found()) } }
        ul class="unit-tree" {
            @for unit in &found {
                li {
                    (leaf(unit, t))
                    @if let Some(last) = unit.ends.as_deref().and_then(Day::parse).filter(|last| *last < today) { " " span class="hint" { (t.unit_ended(last.show(t.0))) } }
                    @if let Some(parent) = unit.parent_id.and_then(|id| names.get(&id)) { " " span class="hint" { (t.unit_belongs_to()) " " (parent) } }
                }
            }
        }
        p { a href=(t.0.href("/don-vi")) { (t.units_all()) } }
    }
}
