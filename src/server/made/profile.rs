//! A unit's own page: who it is, what became of it, the campaigns that it takes part in, its examples, the units below
//! it, its announcements.

use maud::{Markup, html};

use super::{Asked, made};
use crate::components::teaser::lang_of;
use crate::components::unit::{ended_banner, link, links};
use crate::domain::announcement::{UnitDoings, UnitFacts};
use crate::domain::cursor::Step;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::site::MadePage;
use crate::pages::list::{announcements, neighbours};
use crate::server::services::unit_profile::read_unit_profile;
use crate::server::thing::Read;
use crate::text::Text;

/// `/don-vi/{slug}`.
///
/// # Errors
/// `NotFound`, or `BadAddress` for a bad cursor.
pub async fn show(asked: &Asked<'_>, slug: &str) -> Result<Read<MadePage>, AppError> {
    let t = asked.t;
    let end = |name: &str| asked.query.has(name).then(|| asked.query.get(name));
    let step = Step::from_query(end("truoc"), end("sau")).map_err(|_| AppError::BadAddress)?;
    let Read { value: profile, things } = read_unit_profile(&asked.state.store, slug, step).await?;
    let unit = &profile.facts;
    let path = format!("/don-vi/{}", unit.label.slug);
    let neighbours = neighbours(&profile.list, &path);
    let markup = html! {
        div class="list-page" {
            nav class="breadcrumb" aria-label=(t.breadcrumb()) { ol {
                li { a href=(t.0.href("/")) { (t.home()) } }
                li { a href=(t.0.href("/don-vi")) { (t.units()) } }
            } }
            h1 { (unit.label.name) }
            (facts(unit, t))
            @if let Some(doings) = &profile.doings { (doings_of(unit, doings, t)) }
            (announcements(&profile.list, [&neighbours.0, &neighbours.1], t.unit_no_announcements(), t))
        }
    };
    let value = MadePage {
        title: unit.label.name.clone(),
        description: t.list_description(&unit.label.name),
        path,
        markup: made(markup),
        neighbours,
        ..MadePage::default()
    };
    Ok(Read { value, things })
}

/// What a unit's page says of it: where it stands, what it came out of, what became of it.
fn facts(unit: &UnitFacts, t: Text) -> Markup {
    html! {
        (ended_banner(unit, t))
        @if !unit.level.is_empty() || unit.parent.is_some() {
            p class="hint" {
                (unit.level)
                @if let Some(parent) = &unit.parent { @if !unit.level.is_empty() { ", " } (t.unit_belongs_to()) " " (link(parent, t)) }
            }
        }
        @if !unit.predecessors.is_empty() { p class="hint" { (t.unit_made_of()) " " (links(&unit.predecessors, t)) } }
        @if !unit.absorbed.is_empty() { p class="hint" { (t.unit_took_over()) " " (links(&unit.absorbed, t)) } }
    }
}

/// What a unit does besides: the campaigns that it takes part in, each leading to what it reached there, its examples,
/// the units below it; and the title of its announcements, which follow.
fn doings_of(unit: &UnitFacts, doings: &UnitDoings, t: Text) -> Markup {
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
