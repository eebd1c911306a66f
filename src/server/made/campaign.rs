//! The pages of campaigns: all of them, and the one that tells a campaign's story in order.

use maud::{Markup, html};

use super::announcement::{aside, columns, edit_link, title_of};
use super::discussion::{self, Place};
use super::{Asked, made, result_style};
use crate::components::announcement::{change_notes, lead_figure, share};
use crate::components::escape::clean_html;
use crate::components::head::absolute;
use crate::components::teaser::lang_of;
use crate::components::unit::ended_banner;
use crate::domain::campaign::PhaseKind;
use crate::domain::day::Day;
use crate::domain::error::AppError;
use crate::domain::html::Html;
use crate::domain::lang::Lang;
use crate::domain::site::MadePage;
use crate::server::clock::now;
use crate::server::db::campaign::{CampaignRow, LegalRow, PhaseRow};
use crate::server::made::example::{FORM_PATH, lines as example_lines};
use crate::server::made::result::progress::progress_summary;
use crate::server::services::campaign::{CampaignPage, Sections, list_campaigns, read_campaign};
use crate::server::services::result::{Results, read_results};
use crate::server::services::review::path_of as review_path;
use crate::server::thing::{Read, Thing};
use crate::text::Text;

/// A stored day as readers write it; empty for none.
pub fn day(text: &str, t: Text) -> String {
    Day::parse(text).map(|day| day.show(t.0)).unwrap_or_default()
}

/// Where a campaign stands today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its first day is to come.
    ToCome,
    /// It is under way.
    UnderWay,
    /// Its last day has passed.
    Over,
}

/// Where a campaign of these days stands on a day.
pub fn stage(begins: &str, ends: &str, today: Day) -> Stage {
    match (Day::parse(begins), Day::parse(ends)) {
        (Some(begins), _) if today < begins => Stage::ToCome,
        (_, Some(ends)) if today > ends => Stage::Over,
        _ => Stage::UnderWay,
    }
}

fn stage_badge(row: &CampaignRow, t: Text) -> Markup {
    let (class, word) = match stage(&row.begins, &row.ends, Day::of(now())) {
        Stage::ToCome => ("stage stage--to-come", t.campaign_to_come()),
        Stage::UnderWay => ("stage stage--under-way", t.campaign_under_way()),
        Stage::Over => ("stage stage--over", t.campaign_over()),
    };
    html! { span class=(class) { (word) } }
}

fn kind_name(kind: &str, t: Text) -> &'static str {
    if kind == "thematic" { t.campaign_thematic() } else { t.campaign_regular() }
}

/// A campaign in a list.
fn card(row: &CampaignRow, level: u8, t: Text) -> Markup {
    let link = html! { a href=(t.0.href(&format!("/thi-dua/{}", row.slug))) { (row.title) } };
    html! {
        article class="campaign-card" lang=[lang_of(crate::domain::lang::Lang::Vi, t.0)] {
            p class="campaign-card-meta" lang=(t.0.code()) {
                (stage_badge(row, t)) " " (t.campaign_days(day(&row.begins, t), day(&row.ends, t)))
            }
            @if level == 2 { h2 class="teaser-title" { (link) } } @else { h3 class="teaser-title" { (link) } }
            @if !row.theme.is_empty() { p class="campaign-theme" { (row.theme) } }
            p class="teaser-meta" lang=(t.0.code()) {
                span { (t.campaign_units(usize::try_from(row.registered).unwrap_or_default())) }
                a href=(t.0.href(&format!("/thi-dua/{}/ket-qua", row.slug))) { (t.campaign_results()) }
            }
        }
    }
}

/// The campaigns of the home page: those that are under way, else the latest.
pub fn front_campaigns(rows: &[CampaignRow], t: Text) -> Markup {
    let today = Day::of(now());
    let running: Vec<&CampaignRow> =
        rows.iter().filter(|row| stage(&row.begins, &row.ends, today) == Stage::UnderWay).take(3).collect();
    let shown: Vec<&CampaignRow> = if running.is_empty() { rows.iter().take(1).collect() } else { running };
    html! {
        @if shown.is_empty() { p { (t.campaigns_place()) } }
        @for row in shown { (card(row, 3, t)) }
    }
}

/// `/thi-dua`.
///
/// # Errors
/// When the database fails.
pub async fn list(asked: &Asked<'_>) -> Result<Read<MadePage>, AppError> {
    let t = asked.t;
    let Read { value: rows, things } = list_campaigns(&asked.state.store).await?;
    let today = Day::of(now());
    let of =
        |wanted: Stage| rows.iter().filter(|row| stage(&row.begins, &row.ends, today) == wanted).collect::<Vec<_>>();
    let groups = [
        (t.campaigns_under_way(), of(Stage::UnderWay)),
        (t.campaigns_to_come(), of(Stage::ToCome)),
        (t.campaigns_over(), of(Stage::Over)),
    ];
    let markup = html! {
        div class="list-page" {
            h1 { (t.campaigns()) }
            p { a href=(t.0.href("/dien-hinh")) { (t.examples_of_campaign()) } }
            @if rows.is_empty() { p class="empty" { (t.campaigns_place()) } }
            @for (name, rows) in groups.iter().filter(|(_, rows)| !rows.is_empty()) {
                section class="campaign-group" {
                    h2 class="section-title" { (name) }
                    @for row in rows { (card(row, 3, t)) }
                }
            }
        }
    };
    let title = t.campaigns().to_owned();
    let value = MadePage {
        description: t.list_description(&title),
        title,
        path: "/thi-dua".to_owned(),
        translated: true,
        markup: made(markup),
        ..MadePage::default()
    };
    Ok(Read { value, things })
}

/// `/thi-dua/{slug}`.
///
/// # Errors
/// `NotFound`, `Gone`, `Moved`, or `BadAddress` for a bad cursor or order.
pub async fn show(asked: &Asked<'_>, slug: &str) -> Result<Read<MadePage>, AppError> {
    let wanted = discussion::wanted(&asked.query)?;
    let Read { value: page, mut things } = read_campaign(&asked.state.store, slug, wanted).await?;
    things.push(Thing::Today);
    let results = read_results(&asked.state.store, slug).await?.value;
    Ok(Read { value: whole(asked, &page, &results), things })
}

fn whole(asked: &Asked<'_>, page: &CampaignPage, results: &Results) -> MadePage {
    let t = asked.t;
    let announcement = &page.page.announcement;
    let path = format!("/thi-dua/{}", announcement.slug);
    let picture = announcement.figure.as_ref().and_then(|figure| figure.picture.as_ref());
    let picture = picture.map(|picture| picture.fallback.url.clone());
    let text = story(page, results, &path, t);
    let style = asked.state.site.discussion_style();
    let place = Place { path: &path, comments: &page.page.comments, style: &style };
    let discussion = discussion::section(&place, t);
    MadePage {
        title: title_of(&announcement.title, t),
        description: announcement.lead.clone(),
        data: Some(linked_data(page, &path, picture.as_deref())),
        picture,
        article: true,
        markup: made(html! {
            (result_style(asked.state)) (breadcrumb(t)) (columns(&text, &discussion, &asides(page, t)))
        }),
        path,
        ..MadePage::default()
    }
}

/// The way back to all campaigns.
pub fn breadcrumb(t: Text) -> Markup {
    html! {
        nav class="breadcrumb" aria-label=(t.breadcrumb()) {
            ol {
                li { a href=(t.0.href("/")) { (t.home()) } }
                li { a href=(t.0.href("/thi-dua")) { (t.campaigns()) } }
            }
        }
    }
}

/// A campaign's text with what its launch says: what, why, until when, who takes part, what is asked, how far it is.
pub fn story(page: &CampaignPage, results: &Results, path: &str, t: Text) -> Markup {
    let announcement = &page.page.announcement;
    let lang = t.0;
    html! {
        article class="announcement campaign" aria-labelledby="tieu-de" lang=[lang_of(announcement.language, lang)] {
            p class="announcement-category" lang=(lang.code()) {
                a href=(lang.href("/thi-dua")) { (kind_name(&page.row.kind, t)) } " " (stage_badge(&page.row, t))
            }
            h1 id="tieu-de" tabindex="-1" { (announcement.title) }
            @if let Some(edit) = edit_link(&announcement.slug, t) { (edit) }
            @if let Some(unit) = &announcement.unit { (ended_banner(unit, t)) }
            @if announcement.archived { p class="archived" lang=(lang.code()) { (t.archived_note()) } }
            p class="lead" { (announcement.lead) }
            (facts(page, t))
            @if let Some(latest) = announcement.changes.first() {
                p class="update-note" lang=(lang.code()) { a href="#dinh-chinh" rel="external" { (t.public_note(&latest.note)) } }
            }
            @if let Some(figure) = &announcement.figure { (lead_figure(figure, t)) }
            @if !page.row.slogan.is_empty() { p class="slogan" { q { (page.row.slogan) } } }
            div class="prose" { (clean_html(&announcement.html)) }
            (parts(&page.sections, t))
            (phases(&page.phases, t))
            (progress_summary(results, t))
            (examples(page, t))
            (reviews(page, t))
            @if !announcement.source.is_empty() { p class="source" { (t.source(&announcement.source)) } }
            @if !announcement.changes.is_empty() { (change_notes(&announcement.changes, t)) }
            (share(&announcement.title, path, t))
        }
    }
}

fn facts(page: &CampaignPage, t: Text) -> Markup {
    let row = &page.row;
    html! {
        dl class="facts" lang=(t.0.code()) {
            @if !row.theme.is_empty() { div { dt { (t.campaign_theme()) } dd lang="vi" { (row.theme) } } }
            @if !row.launcher.is_empty() { div { dt { (t.campaign_launcher()) } dd lang="vi" { (row.launcher) } } }
            div { dt { (t.campaign_period()) } dd { (t.campaign_days(day(&row.begins, t), day(&row.ends, t))) } }
            // A preview is of what is written; who takes part is no part of it.
            @if row.id > 0 {
                div {
                    dt { (t.campaign_taking_part()) }
                    dd { a href=(t.0.href(&format!("/thi-dua/{}/ket-qua#don-vi", row.slug))) { (t.campaign_units(usize::try_from(row.registered).unwrap_or_default())) } }
                }
                div { dt { (t.campaign_results()) } dd { a href=(t.0.href(&format!("/thi-dua/{}/ket-qua", row.slug))) { (t.result_all()) } } }
            }
        }
    }
}

fn parts(sections: &Sections, t: Text) -> Markup {
    let texts = |entries: &[(&str, &Html)]| {
        html! {
            @for (name, text) in entries.iter().filter(|(_, text)| !text.as_str().is_empty()) {
                section class="campaign-part" { h2 lang=(t.0.code()) { (name) } div class="prose" { (clean_html(text)) } }
            }
        }
    };
    let lines = |name: &str, lines: &[String]| {
        html! {
            @if !lines.is_empty() {
                section class="campaign-part" { h2 lang=(t.0.code()) { (name) } ol class="campaign-lines" { @for line in lines { li { (line) } } } }
            }
        }
    };
    html! {
        (texts(&[(t.campaign_aim(), &sections.aim), (t.campaign_scope(), &sections.scope), (t.campaign_subjects(), &sections.subjects)]))
        (lines(t.campaign_contents(), &sections.contents))
        (lines(t.campaign_criteria(), &sections.criteria))
        (texts(&[(t.campaign_plan(), &sections.plan), (t.campaign_measures(), &sections.measures)]))
    }
}

/// *Điển hình*: who shines, and how others are sent in.
fn examples(page: &CampaignPage, t: Text) -> Markup {
    let send = format!("{}?phong-trao={}", t.0.href(FORM_PATH), page.page.announcement.slug);
    html! {
        section class="campaign-part" lang=(t.0.code()) {
            h2 { (t.examples()) }
            @if !page.examples.is_empty() { (example_lines(&page.examples, t)) }
            p class="example-link" {
                a href=(t.0.href("/dien-hinh")) { (t.examples_all()) } " · " a href=(send) { (t.example_send()) }
            }
        }
    }
}

/// *Sơ kết, tổng kết*: the texts, each with its frozen figures.
fn reviews(page: &CampaignPage, t: Text) -> Markup {
    let figures = |id: i64| t.0.href(&review_path(&page.row.slug, id));
    html! {
        @if !page.reviews.is_empty() {
            section class="campaign-part" lang=(t.0.code()) {
                h2 { (t.reviews()) }
                ul class="campaign-lines" {
                    @for review in &page.reviews {
                        li {
                            a href=(t.0.href(&format!("/tin/{}", review.slug))) lang="vi" { (review.title) }
                            " · " a href=(figures(review.id)) { (t.review_frozen_title(day(&review.cut_off, t))) }
                        }
                    }
                }
            }
        }
    }
}

/// What a kind of phase is called.
pub fn phase_name(kind: &str, t: Text) -> &'static str {
    match PhaseKind::parse(kind) {
        Some(PhaseKind::Registration) => t.phase_registration(),
        Some(PhaseKind::InterimReview) => t.phase_interim_review(),
        Some(PhaseKind::FinalReview) => t.phase_final_review(),
        _ => t.phase_carrying_out(),
    }
}

fn phases(phases: &[PhaseRow], t: Text) -> Markup {
    let today = Day::of(now());
    html! {
        @if !phases.is_empty() {
            section class="campaign-part" lang=(t.0.code()) {
                h2 { (t.campaign_phases()) }
                ol class="phases" {
                    @for phase in phases {
                        @let present = stage(&phase.begins, &phase.ends, today);
                        li class=(match present { Stage::Over => "phase phase--over", Stage::UnderWay => "phase phase--under-way", Stage::ToCome => "phase" }) aria-current=[(present == Stage::UnderWay).then_some("step")] {
                            // A name that says the kind itself says it once.
                            @let says_kind = phase.name.to_lowercase().starts_with(&phase_name(&phase.kind, Text(Lang::Vi)).to_lowercase());
                            @if says_kind && t.0 == Lang::Vi { strong { (phase.name) } }
                            @else {
                                strong { (phase_name(&phase.kind, t)) }
                                @if !phase.name.is_empty() { " " span lang="vi" { (phase.name) } }
                            }
                            span class="phase-days" { (t.campaign_days(day(&phase.begins, t), day(&phase.ends, t))) }
                        }
                    }
                }
            }
        }
    }
}

/// *Căn cứ pháp lý*: the documents that a campaign stands on.
pub fn documents(legal: &[LegalRow], t: Text) -> Markup {
    html! {
        @if !legal.is_empty() {
            section class="campaign-documents" aria-labelledby="van-ban" {
                h2 class="section-title" id="van-ban" { (t.campaign_legal()) }
                ul lang=[lang_of(Lang::Vi, t.0)] {
                    @for basis in legal {
                        li {
                            @if basis.address.starts_with('/') || basis.address.starts_with("https://") {
                                a href=(basis.address) rel="external" { (basis.title) }
                            } @else { (basis.title) }
                            @if !basis.number.is_empty() { ", " (t.campaign_number(&basis.number)) }
                            @if !basis.issued.is_empty() { ", " (day(&basis.issued, t)) }
                        }
                    }
                }
            }
        }
    }
}

fn asides(page: &CampaignPage, t: Text) -> Markup {
    html! {
        (aside("others", "tin-phong-trao", t.campaign_news(), &page.page.others, t))
        (documents(&page.legal, t))
        (aside("newest", "moi-nhat", t.latest(), &page.page.newest, t))
    }
}

fn linked_data(page: &CampaignPage, path: &str, picture: Option<&str>) -> serde_json::Value {
    let announcement = &page.page.announcement;
    let mut data = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "name": announcement.title,
        "description": announcement.lead,
        "inLanguage": announcement.language.code(),
        "startDate": page.row.begins,
        "endDate": page.row.ends,
        "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
        "organizer": { "@type": "GovernmentOrganization", "name": page.row.launcher },
        "url": absolute(path),
    });
    if let Some(picture) = picture {
        data["image"] = absolute(picture).into();
    }
    data
}
