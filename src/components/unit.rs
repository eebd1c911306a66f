//! A unit as readers meet it.

use maud::{Markup, html};

use crate::components::teaser::lang_of;
use crate::domain::announcement::{Label, UnitDoings, UnitFacts};
use crate::domain::lang::Lang;
use crate::text::Text;

/// What a unit's page says of it: where it stands, what it came out of, what became of it.
pub fn unit_facts(unit: &UnitFacts, t: Text) -> Markup {
    html! {
        (ended_banner(unit, t))
        @if !unit.level.is_empty() || unit.parent.is_some() {
            p class="hint" {
                (unit.level)
                @if let Some(parent) = &unit.parent { @if !unit.level.is_empty() { ", " } (t.unit_belongs_to()) " " (link(parent, t)) }
            }
        }
        @if !unit.predecessors.is_empty() { p class="hint" { (t.unit_made_of()) " " (links(&unit.predecessors, t)) } }
    }
}

/// That a unit is no longer there, and who goes on with its work.
pub fn ended_banner(unit: &UnitFacts, t: Text) -> Markup {
    html! {
        @if let Some(at) = unit.ended {
            p class="archived" lang=(t.0.code()) {
                (t.unit_is_over(at.day(t.0), &unit.label.name))
                @if !unit.successors.is_empty() { " " (t.unit_is_followed_by()) " " (links(&unit.successors, t)) "." }
            }
        }
    }
}

/// What a unit does besides: the campaigns that it takes part in, each leading to what it reached there, its examples,
/// the units below it; and the title of its announcements, which follow.
pub fn unit_doings(unit: &UnitFacts, doings: &UnitDoings, t: Text) -> Markup {
    let href = |path: String| t.0.href(&path);
    let vi = lang_of(Lang::Vi, t.0);
    html! {
        @if !doings.campaigns.is_empty() {
            h2 class="section-title" { (t.campaigns()) }
            ul { @for campaign in &doings.campaigns {
                li {
                    a href=(href(format!("/thi-dua/{}/don-vi/{}", campaign.label.slug, unit.label.slug))) lang=[vi] { (campaign.label.name) }
                    span class="hint" { " · " (t.campaign_days(campaign.days.0.day(t.0), campaign.days.1.day(t.0))) }
                }
            } }
        }
        @if !doings.examples.is_empty() {
            h2 class="section-title" { (t.examples()) }
            ul { @for example in &doings.examples { li { a href=(href(format!("/dien-hinh/{}", example.slug))) lang=[vi] { (example.name) } } } }
        }
        @if !doings.members.is_empty() {
            h2 class="section-title" { (t.unit_members()) }
            ul class="unit-members" { @for member in &doings.members { li { (link(member, t)) } } }
        }
        h2 class="section-title" { (t.unit_news()) }
    }
}

/// A link to a unit's page.
pub fn link(unit: &Label, t: Text) -> Markup {
    html! { a href=(t.0.href(&format!("/don-vi/{}", unit.slug))) { (unit.name) } }
}

fn links(units: &[Label], t: Text) -> Markup {
    html! { @for (index, unit) in units.iter().enumerate() { @if index > 0 { ", " } (link(unit, t)) } }
}
