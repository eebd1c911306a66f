//! A unit as readers meet it.

use maud::{Markup, html};

use crate::domain::announcement::{Label, UnitFacts};
use crate::text::Text;

/// A day in milliseconds.
const DAY: i64 = 24 * 3_600_000;

/// That a unit is no longer there, and who goes on with its work.
pub fn ended_banner(unit: &UnitFacts, t: Text) -> Markup {
    html! {
        @if let Some(at) = unit.ended {
            p class="archived" lang=(t.0.code()) {
                @if unit.renamed { (t.unit_is_renamed(at.plus_ms(DAY).day(t.0), &unit.label.name)) " " (links(&unit.successors, t)) "." }
                @else { (t.unit_is_over(at.day(t.0), &unit.label.name)) }
                @if !unit.renamed && !unit.successors.is_empty() { " " (t.unit_is_followed_by()) " " (links(&unit.successors, t)) "." }
            }
        }
    }
}

/// A link to a unit's page.
pub fn link(unit: &Label, t: Text) -> Markup {
    html! { a href=(t.0.href(&format!("/don-vi/{}", unit.slug))) { (unit.name) } }
}

/// The same, one after the other.
pub fn links(units: &[Label], t: Text) -> Markup {
    html! { @for (index, unit) in units.iter().enumerate() { @if index > 0 { ", " } (link(unit, t)) } }
}
