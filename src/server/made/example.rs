//! The pages of examples: all of them, the story of one with who took it up, and the form by which anybody sends one in.

use leptos::prelude::use_context;
use maud::{Markup, html};

use super::{Asked, made};
use crate::components::announcement::{MayEdit, change_notes, lead_figure, share};
use crate::components::escape::clean_html;
use crate::components::figure::{figure_view, picture_view};
use crate::components::head::absolute;
use crate::components::teaser::lang_of;
use crate::components::unit::ended_banner;
use crate::domain::cursor::Cursor;
use crate::domain::error::{AppError, Field};
use crate::domain::lang::Lang;
use crate::domain::site::MadePage;
use crate::domain::time::Instant;
use crate::server::db::campaign::CampaignRow;
use crate::server::db::desk::unit::UnitRow;
use crate::server::db::example::ExampleRow;
use crate::server::db::upload::stored_picture;
use crate::server::desk::frame::{Input, field_id, input, text_area};
use crate::server::services::example::{
    ExamplePage, KINDS, KeptPicture, PICTURES_MOST, TEXT_MOST, TypedExample, list_examples, list_running, read_example,
};
use crate::server::thing::Read;
use crate::text::Text;

/// The path of the form.
pub const FORM_PATH: &str = "/dien-hinh/gui";

/// A refused form with why, for the page that is shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefusedExample {
    /// What was typed.
    pub typed: TypedExample,
    /// The pictures that were chosen.
    pub kept: Vec<KeptPicture>,
    /// Why it was not taken.
    pub error: Option<AppError>,
}

/// What a kind is called.
pub fn kind_name(kind: &str, t: Text) -> &'static str {
    match kind {
        "person" => t.example_person(),
        "initiative" => t.example_initiative(),
        _ => t.example_collective(),
    }
}

/// What stands for a kind in an address.
fn kind_code(kind: &str) -> &'static str {
    match kind {
        "person" => "ca-nhan",
        "initiative" => "sang-kien",
        _ => "tap-the",
    }
}

fn count(n: i64) -> usize {
    usize::try_from(n).unwrap_or_default()
}

/// `/dien-hinh`.
///
/// # Errors
/// `BadAddress` for a kind or a cursor that is none.
pub async fn list(asked: &Asked<'_>) -> Result<Read<MadePage>, AppError> {
    let t = asked.t;
    let typed = asked.query.get("loai");
    let kind = KINDS.into_iter().find(|kind| kind_code(kind) == typed);
    let after = asked.query.get("truoc");
    let cursor = if after.is_empty() { None } else { Some(Cursor::parse(after).ok_or(AppError::BadAddress)?) };
    if kind.is_none() && !typed.is_empty() {
        return Err(AppError::BadAddress);
    }
    let Read { value: (rows, next), things } = list_examples(&asked.state.store, kind, cursor).await?;
    let path = t.0.href("/dien-hinh");
    let of_kind = |kind: Option<&str>| kind.map_or(path.clone(), |kind| format!("{path}?loai={}", kind_code(kind)));
    let markup = html! {
        div class="list-page" {
            h1 { (t.examples()) }
            p class="examples-intro" { (t.examples_intro()) }
            p { a class="button" href=(t.0.href(FORM_PATH)) { (t.example_send()) } }
            nav class="example-filter" aria-label=(t.example_kind()) {
                ul {
                    li { a href=(of_kind(None)) aria-current=[kind.is_none().then_some("page")] { (t.example_all()) } }
                    @for one in KINDS { li { a href=(of_kind(Some(one))) aria-current=[(kind == Some(one)).then_some("page")] { (kind_name(one, t)) } } }
                }
            }
            @if rows.is_empty() { p class="empty" { (t.examples_none()) } }
            ol class="example-list" { @for row in &rows { li { (card(row, t)) } } }
            @if let Some(next) = next {
                @let from = of_kind(kind);
                p { a class="button button--quiet" rel="next" href=(format!("{from}{}truoc={next}", if from.contains('?') { '&' } else { '?' })) { (t.older()) } }
            }
        }
    };
    let value = MadePage {
        title: t.examples().to_owned(),
        description: t.examples_intro().to_owned(),
        path: "/dien-hinh".to_owned(),
        translated: true,
        markup: made(markup),
        ..MadePage::default()
    };
    Ok(Read { value, things })
}

fn card(row: &ExampleRow, t: Text) -> Markup {
    let language = Lang::parse(&row.language).unwrap_or_default();
    let alt = if row.image_alt.is_empty() { &row.title } else { &row.image_alt };
    let picture = row.image_sizes.as_deref().and_then(|sizes| stored_picture(sizes, alt));
    html! {
        article class=(if picture.is_some() { "example-card example-card--pictured" } else { "example-card" }) lang=[lang_of(language, t.0)] {
            @if let Some(picture) = &picture {
                div class="example-card-picture" { (picture_view(picture, "(min-width: 40rem) 13rem, calc(100vw - 2rem)", None, false)) }
            }
            div class="example-card-text" {
                p class="example-card-kind" lang=(t.0.code()) { (kind_name(&row.kind, t)) }
                h2 class="teaser-title" { a href=(t.0.href(&format!("/dien-hinh/{}", row.slug))) { (row.title) } }
                p class="example-who" { (row.person) @if !row.unit_name.is_empty() && row.unit_name != row.person { ", " (row.unit_name) } }
                @if !row.lead.is_empty() { p class="teaser-lead" { (row.lead) } }
                p class="teaser-meta" lang=(t.0.code()) {
                    span { (Instant(row.decided_at).day(t.0)) }
                    @if let Some(campaign) = &row.campaign_title { span lang="vi" { (campaign) } }
                    @if row.taken_up > 0 { strong { (t.example_taken_up(count(row.taken_up))) } }
                }
            }
        }
    }
}

/// Examples in short: each with whose it is and how many took it up.
pub fn lines(rows: &[ExampleRow], t: Text) -> Markup {
    html! {
        ul class="campaign-lines example-lines" {
            @for row in rows {
                li {
                    (link(row, t))
                    @if !row.unit_name.is_empty() { " · " span lang=[lang_of(Lang::Vi, t.0)] { (row.unit_name) } }
                    @if row.taken_up > 0 { " · " (t.example_taken_up(count(row.taken_up))) }
                }
            }
        }
    }
}

/// The title of an example, which leads to it.
pub fn link(row: &ExampleRow, t: Text) -> Markup {
    let language = Lang::parse(&row.language).unwrap_or_default();
    html! { a href=(t.0.href(&format!("/dien-hinh/{}", row.slug))) lang=[lang_of(language, t.0)] { (row.title) } }
}

/// `/dien-hinh/{slug}`.
///
/// # Errors
/// `NotFound`, `Gone`, or `Moved`.
pub async fn show(asked: &Asked<'_>, slug: &str) -> Result<Read<MadePage>, AppError> {
    let Read { value: page, things } = read_example(&asked.state.store, slug).await?;
    let announcement = &page.announcement;
    let path = format!("/dien-hinh/{}", announcement.slug);
    let picture = announcement.figure.as_ref().and_then(|figure| figure.picture.as_ref());
    let picture = picture.map(|picture| picture.fallback.url.clone());
    let mut data = serde_json::json!({
        "@context": "https://schema.org", "@type": "Article", "headline": announcement.title,
        "description": announcement.lead, "inLanguage": announcement.language.code(),
        "datePublished": announcement.published.rfc3339(), "mainEntityOfPage": absolute(&path),
    });
    if let Some(picture) = &picture {
        data["image"] = absolute(picture).into();
    }
    let value = MadePage {
        title: announcement.title.clone(),
        description: announcement.lead.clone(),
        data: Some(data),
        picture,
        article: true,
        markup: made(html! { (breadcrumb(asked.t)) (story(&page, &path, asked.t)) }),
        path,
        ..MadePage::default()
    };
    Ok(Read { value, things })
}

fn breadcrumb(t: Text) -> Markup {
    html! {
        nav class="breadcrumb" aria-label=(t.breadcrumb()) {
            ol {
                li { a href=(t.0.href("/")) { (t.home()) } }
                li { a href=(t.0.href("/dien-hinh")) { (t.examples()) } }
            }
        }
    }
}

fn story(page: &ExamplePage, path: &str, t: Text) -> Markup {
    let (announcement, row, lang) = (&page.announcement, &page.row, t.0);
    html! {
        article class="announcement example" aria-labelledby="tieu-de" lang=[lang_of(announcement.language, lang)] {
            p class="announcement-category" lang=(lang.code()) {
                a href=(format!("{}?loai={}", lang.href("/dien-hinh"), kind_code(&row.kind))) { (kind_name(&row.kind, t)) }
                " · " time datetime=(announcement.published.rfc3339()) { (announcement.published.minute(lang)) }
            }
            h1 id="tieu-de" tabindex="-1" { (announcement.title) }
            @if use_context::<MayEdit>().is_some() {
                a class="edit-link" href=(lang.href(&format!("/quan-tri/sua/{}", announcement.slug))) rel="external" { (t.edit()) }
            }
            @if let Some(unit) = &announcement.unit { (ended_banner(unit, t)) }
            @if announcement.archived { p class="archived" lang=(lang.code()) { (t.archived_note()) } }
            (facts(row, t))
            @if !announcement.lead.is_empty() && !says_again(&announcement.lead, announcement.html.as_str()) { p class="lead" { (announcement.lead) } }
            @if let Some(figure) = &announcement.figure { (lead_figure(figure, t)) }
            div class="prose" { (clean_html(&announcement.html)) }
            @if !page.pictures.is_empty() {
                div class="example-pictures" {
                    @for figure in &page.pictures { (figure_view(figure.picture.as_ref(), &figure.caption, &figure.credit, "", false, t)) }
                }
            }
            @if !announcement.changes.is_empty() { (change_notes(&announcement.changes, t)) }
            (share(&announcement.title, path, t))
            (takers(page, t))
        }
    }
}

/// Whether a summary is only the beginning of the text, as it is until somebody writes one.
fn says_again(lead: &str, html: &str) -> bool {
    let text: String = html.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.starts_with(lead.trim_end_matches('…').trim_end())
}

fn facts(row: &ExampleRow, t: Text) -> Markup {
    html! {
        dl class="facts" lang=(t.0.code()) {
            div { dt { (t.example_who()) } dd lang="vi" { (row.person) } }
            @if !row.unit_name.is_empty() {
                div {
                    dt { (t.unit()) }
                    dd lang="vi" {
                        @if let Some(slug) = &row.unit_slug { a href=(t.0.href(&format!("/don-vi/{slug}"))) { (row.unit_name) } }
                        @else { (row.unit_name) }
                    }
                }
            }
            @if let (Some(slug), Some(title)) = (&row.campaign_slug, &row.campaign_title) {
                div { dt { (t.example_campaign()) } dd lang="vi" { a href=(t.0.href(&format!("/thi-dua/{slug}"))) { (title) } } }
            }
            div { dt { (t.example_spread()) } dd { a href="#nhan-rong" rel="external" { (t.example_taken_up(count(row.taken_up))) } } }
        }
    }
}

fn takers(page: &ExamplePage, t: Text) -> Markup {
    html! {
        section class="example-takers" aria-labelledby="nhan-rong" lang=(t.0.code()) {
            h2 id="nhan-rong" class="section-title" { (t.example_spread_count(count(page.row.taken_up))) }
            @if page.takers.is_empty() { p class="hint" { (t.example_spread_none()) } }
            @else {
                ul {
                    @for (_, slug, name, note, _) in &page.takers {
                        li lang="vi" { a href=(t.0.href(&format!("/don-vi/{slug}"))) { (name) } @if !note.is_empty() { ": " (note) } }
                    }
                }
            }
            p class="hint" {
                (t.example_spread_yours()) " "
                a href=(format!("{}?dien-hinh={}", t.0.href("/quan-tri/dien-hinh/nhan-rong"), page.row.id)) rel="external nofollow" { (t.example_spread_record()) }
            }
        }
    }
}

/// `/dien-hinh/gui`, also after it was refused.
///
/// # Errors
/// When the database fails.
pub async fn form(asked: &Asked<'_>) -> Result<Read<MadePage>, AppError> {
    let t = asked.t;
    let Read { value: campaigns, things } = list_running(&asked.state.store).await?;
    let refused = use_context::<RefusedExample>();
    let is_refused = refused.as_ref().is_some_and(|refused| refused.error.is_some());
    let refused = refused.unwrap_or_else(|| RefusedExample {
        typed: TypedExample { campaign: asked.query.get("phong-trao").to_owned(), ..TypedExample::default() },
        ..RefusedExample::default()
    });
    let markup = html! {
        div class="example-send" {
            h1 id="gui-dien-hinh-tieu-de" { (t.example_send()) }
            p { (t.example_send_text()) }
            (example_form(&refused, &campaigns, None, &t.0.href(FORM_PATH), t))
        }
    };
    let title = t.example_send().to_owned();
    let value = MadePage {
        // Whoever listens to the page hears first that nothing was sent.
        title: if is_refused { t.refused_title(&title) } else { title },
        description: t.example_send_text().to_owned(),
        path: FORM_PATH.to_owned(),
        translated: true,
        markup: made(html! { (breadcrumb(t)) (markup) }),
        ..MadePage::default()
    };
    Ok(Read { value, things })
}

/// The form, for citizens, or for the desk with its units to choose from.
pub fn example_form(
    of: &RefusedExample,
    campaigns: &[CampaignRow],
    units: Option<&[UnitRow]>,
    action: &str,
    t: Text,
) -> Markup {
    let typed = &of.typed;
    let public = units.is_none();
    html! {
        form class="example-form" method="post" action=(action) enctype="multipart/form-data" novalidate
            data-draft=[public.then_some(FORM_PATH)] {
            (refusal(of, t))
            (kinds(of, t))
            (line(of, Field::Title, "title", t.example_title(), &typed.title, "", true, t))
            (line(of, Field::Person, "person", t.example_who(), &typed.person, t.example_who_hint(), true, t))
            @match units {
                None => { (line(of, Field::Unit, "unit", t.example_unit(), &typed.unit, t.example_unit_hint(), false, t)) }
                Some(units) => {
                    div class="field" {
                        label for=(field_id(Field::Unit)) { (t.unit()) }
                        select id=(field_id(Field::Unit)) name="unit" {
                            option value="" { (t.example_no_unit()) }
                            @for unit in units { option value=(unit.slug) selected[typed.unit == unit.slug] { (unit.name) } }
                        }
                    }
                }
            }
            @if !campaigns.is_empty() {
                div class="field" {
                    label for="phong-trao" { (t.example_campaign()) " " span class="optional" { (t.optional()) } }
                    select id="phong-trao" name="campaign" {
                        option value="" { (t.example_no_campaign()) }
                        @for row in campaigns { option value=(row.slug) lang="vi" selected[typed.campaign == row.slug] { (row.title) } }
                    }
                }
            }
            (problem_of(of, Field::Body, t, |wrong, said| html! {
                label for=(field_id(Field::Body)) { (t.example_text()) }
                p class="hint" { (t.example_text_hint(TEXT_MOST)) }
                (said)
                (text_area(field_id(Field::Body), "text", 12, &typed.text, wrong))
            }))
            (pictures(of, t))
            (problem_of(of, Field::Consent, t, |_, said| html! {
                (said)
                label class="check" { input type="checkbox" id=(field_id(Field::Consent)) name="consent" value="1" checked[typed.consent]; " " (t.example_consent()) }
                p class="hint" { (t.example_consent_hint()) }
            }))
            (line(of, Field::Name, "name", if public { t.name_label() } else { t.example_sender() }, &typed.name, if public { t.example_name_hint() } else { t.example_sender_hint() }, true, t))
            (line(of, Field::Contact, "contact", t.example_contact(), &typed.contact, t.example_contact_hint(), false, t))
            @if public {
                div class="leave-empty" aria-hidden="true" {
                    label for="website" { (t.website_label()) }
                    input id="website" name="website" type="text" tabindex="-1" autocomplete="off";
                }
            }
            input type="hidden" name="key" value=(typed.key);
            div class="form-actions" {
                button class="button" type="submit" { (t.example_send_go()) }
                @if public { a href=(t.0.href("/chinh-sach/kiem-duyet")) { (t.moderation_policy()) } }
            }
            p class="privacy-line" { (t.example_privacy()) " " a href=(t.0.href("/chinh-sach/rieng-tu")) { (t.privacy()) } }
        }
    }
}

fn problem_in(of: &RefusedExample, field: Field) -> Option<crate::domain::error::Problem> {
    match &of.error {
        Some(AppError::Invalid(errors)) => errors.of(field),
        _ => None,
    }
}

/// A field with what is wrong with it.
fn problem_of(of: &RefusedExample, field: Field, t: Text, inner: impl Fn(bool, Markup) -> Markup) -> Markup {
    let problem = problem_in(of, field);
    let said = html! { @if let Some(problem) = problem { p class="field-error" id=(format!("{}-loi", field_id(field))) { (t.problem(field, problem)) } } };
    html! { div class="field" { (inner(problem.is_some(), said)) } }
}

#[expect(clippy::too_many_arguments, reason = "what a line of the form is made of")]
fn line(
    of: &RefusedExample,
    field: Field,
    name: &str,
    label: &str,
    value: &str,
    hint: &str,
    required: bool,
    t: Text,
) -> Markup {
    let problem = problem_in(of, field);
    html! {
        @if let Some(problem) = problem { p class="field-error field-error--above" { (label) ": " (t.problem(field, problem)) } }
        (input(&Input {
            id: field_id(field), name, label, value, hint, required, invalid: problem.is_some(),
            autocomplete: if name == "name" { "name" } else { "" }, ..Input::default()
        }))
    }
}

fn kinds(of: &RefusedExample, t: Text) -> Markup {
    html! {
        fieldset class="example-kinds" id=(field_id(Field::Kind)) {
            legend { (t.example_kind()) }
            @if let Some(problem) = problem_in(of, Field::Kind) { p class="field-error" { (t.problem(Field::Kind, problem)) } }
            @for kind in KINDS {
                label class="check" { input type="radio" name="kind" value=(kind) checked[of.typed.kind == kind]; " " (kind_name(kind, t)) }
            }
        }
    }
}

fn pictures(of: &RefusedExample, t: Text) -> Markup {
    problem_of(of, Field::File, t, |_, said| {
        html! {
            @if !of.kept.is_empty() {
                p class="example-kept-title" { (t.example_pictures_kept()) }
                @for picture in &of.kept {
                    label class="check" { input type="checkbox" name="anh" value=(picture.token) checked; " " (picture.name) }
                }
            }
            label for=(field_id(Field::File)) { (t.example_pictures()) " " span class="optional" { (t.optional()) } }
            p class="hint" id="tep-goi-y" { (t.example_pictures_hint(PICTURES_MOST)) }
            (said)
            input id=(field_id(Field::File)) name="file" type="file" accept="image/jpeg,image/png,image/webp" multiple aria-describedby="tep-goi-y";
        }
    })
}

fn field_name(field: Field, t: Text) -> &'static str {
    match field {
        Field::Kind => t.example_kind(),
        Field::Title => t.example_title(),
        Field::Person => t.example_who(),
        Field::Unit => t.example_unit(),
        Field::Body => t.example_text(),
        Field::File => t.example_pictures(),
        Field::Contact => t.example_contact(),
        Field::Consent => t.example_consent_short(),
        _ => t.name_label(),
    }
}

/// Why the form was not taken, with links to its fields.
fn refusal(of: &RefusedExample, t: Text) -> Markup {
    html! {
        @if let Some(error) = &of.error {
            div class="form-errors" role="alert" tabindex="-1" autofocus {
                h2 { (t.example_form_errors()) }
                ul {
                    @if let AppError::Invalid(errors) = error {
                        @for (field, problem) in &errors.0 {
                            // Not the router's: the browser moves the focus into the field.
                            li { a href={ "#" (field_id(*field)) } rel="external" { (field_name(*field, t)) ": " (t.problem(*field, *problem)) } }
                        }
                    } @else if *error == AppError::TooLarge { li { (t.example_too_large()) } }
                    @else { li { (t.error(error)) } }
                }
            }
        }
    }
}
