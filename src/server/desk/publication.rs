//! The way to the public: checks, the second pair of eyes, hour and publication; withdrawal, archive, address.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use maud::{Markup, html};

use super::campaign::part_sentence;
use super::form::Fields;
use super::frame::{Desk, Extra, Input, form_errors, hidden, input, text_area};
use super::guard::answer_error;
use super::history::differences;
use super::writing::tabs;
use crate::domain::account::Permission;
use crate::domain::draft::{DraftText, RevisionState, Step};
use crate::domain::error::AppError;
use crate::domain::time::Instant;
use crate::server::check::{self, Finding, FindingKind, Severity};
use crate::server::db::upload::PICTURE_PATH;
use crate::server::markdown::list_figures;
use crate::server::services::actor::Actor;
use crate::server::services::draft::{Own, find_emergency, read_published_text};
use crate::server::services::publication as service;
use crate::server::state::AppState;
use crate::text::Text;

/// GET: everything about the way to the public.
pub async fn show(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, uri: http::Uri) -> Response {
    let done = uri.query().is_some_and(|query| query == "xong");
    desk.end(page(&desk, &state, id, StatusCode::OK, None, &Fields::default(), done).await)
}

fn official_addresses(state: &AppState) -> Vec<String> {
    // What the portal itself names as its contact is nobody's personal data.
    state.contact.split_whitespace().map(|word| word.trim_matches([',', ';', '(', ')', '<', '>']).to_owned()).collect()
}

async fn page(
    desk: &Desk,
    state: &AppState,
    id: i64,
    status: StatusCode,
    error: Option<&AppError>,
    typed: &Fields,
    done: bool,
) -> Result<Response, AppError> {
    let actor = desk.actor();
    let official = official_addresses(state);
    let official: Vec<&str> = official.iter().map(String::as_str).collect();
    let (own, findings) = service::check_text(&state.store, &actor, id, &state.base_url, &official).await?;
    let own_text = service::is_own_text(&state.store, &actor, &own).await?;
    let emergency = find_emergency(&state.store, &actor, id).await?;
    let before = read_published_text(&state.store, &actor, id).await?;
    let t = desk.t();
    let action = desk.href(&format!("/quan-tri/tin/{id}/xuat-ban"));
    let publishes = actor.may(Permission::PublishAnnouncements, own.scope());
    let content = html! {
        h1 { @if own.text.title.is_empty() { (t.untitled()) } @else { (own.text.title) } }
        (tabs(desk, &own))
        @if done { p class="flash flash--good" role="status" { (t.done()) } }
        (form_errors(error, t))
        @if let Some(emergency) = emergency.as_ref().filter(|_| publishes) {
            section class="flash flash--bad" aria-labelledby="khan-cap" {
                h2 id="khan-cap" { (t.waiting_emergencies()) }
                @if !emergency.reason.is_empty() { p { (t.emergency_reason()) ": " q { (emergency.reason) } } }
                @if emergency.own { p { (t.emergency_own()) } }
                @else {
                    form method="post" action=(action) {
                        (hidden("viec", "da-xem"))
                        div class="form-actions" { button class="button" type="submit" { (t.emergency_looked_at()) } }
                    }
                }
            }
        }
        @if let Some(open) = &own.open {
            // What refuses a publication leads to the body, which on this page is what was found in it.
            section id="body" aria-labelledby="kiem-tra" {
                h2 id="kiem-tra" class="section-title" { (t.checks()) }
                (finding_list(desk, &own, &findings))
                (described_pictures(&own, t))
            }
            @if let Some(before) = &before {
                section aria-labelledby="thay-doi" {
                    h2 id="thay-doi" class="section-title" { (t.changes_against_public()) }
                    @if !own.text.change_note.is_empty() { p { strong { (t.public_note(&own.text.change_note)) } } }
                    (differences(before, &own.text, t))
                }
            }
            details class="preview preview--whole" open[publishes && !own_text] {
                summary { (t.tab_preview()) }
                iframe src=(desk.href(&format!("/quan-tri/tin/{id}/xem-truoc/trang"))) title=(t.tab_preview()) loading="lazy" {}
            }
            section aria-labelledby="buoc-tiep" {
                h2 id="buoc-tiep" class="section-title" { (t.next_step()) }
                @if own.is_example() && own.row.first_published_at.is_none() {
                    p { (t.example_decided_elsewhere()) " " a href=(desk.href(&format!("/quan-tri/dien-hinh/{id}"))) { (t.examples_check()) } }
                } @else {
                    @let must = findings.iter().filter(|finding| finding.severity == Severity::Must).count();
                    @if must > 0 { p class="flash flash--bad" { a href="#kiem-tra" { (t.must_mend_first(must)) } } }
                    (steps(desk, &own, open.state(), Deciding { publishes, own_text, mended: must == 0 }, &action, typed))
                }
            }
        } @else {
            p { (t.nothing_under_way()) }
        }
        @if publishes { (public_side(desk, &own, &action, typed)) }
    };
    Ok(desk.page_with(status, t.tab_publish(), Extra::default(), &content))
}

/// The pictures of a text with what is said of each: whoever answers for a text sees that nowhere else.
fn described_pictures(own: &Own, t: Text) -> Markup {
    let figures = list_figures(&own.text.body);
    let lead = (!own.text.image.is_empty()).then_some((own.text.image.as_str(), own.text.image_alt.as_str()));
    let all: Vec<(&str, &str)> =
        lead.into_iter().chain(figures.iter().map(|figure| (figure.path.as_str(), figure.alt.as_str()))).collect();
    html! {
        @if !all.is_empty() {
            details {
                summary { (t.described_pictures(all.len())) }
                ul class="described" {
                    @for (path, alt) in all {
                        li { @if path.starts_with(PICTURE_PATH) { img class="finding-picture" src=(path) alt=""; } " " (alt) }
                    }
                }
            }
        }
    }
}

/// What was found, each leading to the place in the editor.
fn finding_list(desk: &Desk, own: &Own, findings: &[Finding]) -> Markup {
    let t = desk.t();
    html! {
        @if findings.is_empty() { p class="flash flash--good" { (t.checks_found_nothing()) } }
        ul class="findings" {
            @for finding in findings {
                li class=(if finding.severity == Severity::Must { "finding finding--must" } else { "finding" }) {
                    a href=(finding_link(desk, own, finding)) { (finding_sentence(finding, t)) }
                    @if let Some(line) = finding.line { " " span class="hint" { (t.line_number(line)) } }
                    @if let Some(picture) = undescribed_picture(finding) { img class="finding-picture" src=(picture) alt=""; }
                    @else if !finding.excerpt.is_empty() { " " q { (finding.excerpt) } }
                    @if finding.severity == Severity::Must { " " span class="badge badge--bad" { (t.must_be_mended()) } }
                }
            }
        }
    }
}

/// The picture of which nobody said what it shows: it is shown itself, its address says nothing.
fn undescribed_picture(finding: &Finding) -> Option<&str> {
    let is_one = finding.kind == FindingKind::AltMissing && finding.excerpt.starts_with(PICTURE_PATH);
    is_one.then_some(finding.excerpt.as_str())
}

fn finding_link(desk: &Desk, own: &Own, finding: &Finding) -> String {
    let base = desk.href(&format!("/quan-tri/tin/{}", own.row.id));
    match (finding.field, finding.line) {
        (check::Field::Title, _) => format!("{base}#title"),
        (check::Field::Lead, _) => format!("{base}#lead"),
        (check::Field::Image, _) => format!("{base}#image_alt"),
        (check::Field::ChangeNote, _) => format!("{base}#change_note"),
        (check::Field::Part(field), _) => format!("{base}#{}", field.name()),
        (check::Field::Body, Some(line)) if undescribed_picture(finding).is_some() => {
            format!("{base}?mo-ta#dong-{line}")
        }
        (check::Field::Body, Some(line)) => format!("{base}#dong-{line}"),
        (check::Field::Body, None) => format!("{base}#body"),
    }
}

/// What was found, as a sentence.
pub fn finding_sentence(finding: &Finding, t: Text) -> String {
    let sentence = match finding.kind {
        FindingKind::Part(kind) => {
            let check::Field::Part(field) = finding.field else { return String::new() };
            return part_sentence(field, kind, &finding.excerpt, t);
        }
        FindingKind::TitleMissing => t.check_title_missing(),
        FindingKind::TitleTooLong => t.check_title_long(),
        FindingKind::TitleTaken => t.check_title_taken(),
        FindingKind::TitleInCapitals => t.check_title_capitals(),
        FindingKind::LeadMissing => t.check_lead_missing(),
        FindingKind::LeadTooLong => t.check_lead_long(),
        FindingKind::BodyEmpty => t.check_body_empty(),
        FindingKind::AltMissing => t.check_alt_missing(),
        FindingKind::HeadingSkipped => t.check_heading_skipped(),
        FindingKind::HeadingEmpty => t.check_heading_empty(),
        FindingKind::HeadingTopLevel => t.check_heading_top(),
        FindingKind::TableHeaderMissing => t.check_table_header(),
        FindingKind::ParagraphTooLong => t.check_paragraph_long(),
        FindingKind::ConflictMark => t.check_conflict_mark(),
        FindingKind::Placeholder => t.check_placeholder(),
        FindingKind::PlaceLeft => t.check_place_left(),
        FindingKind::LinkTargetMissing => t.check_link_empty(),
        FindingKind::LinkLocalhost => t.check_link_localhost(),
        FindingKind::LinkTextBare => t.check_link_bare(),
        FindingKind::LinkBroken => t.check_link_broken(),
        FindingKind::ChangeNoteMissing => t.check_change_note(),
        FindingKind::FrozenFigureChanged => t.check_frozen_figure(),
        FindingKind::FigureUnlinked => t.check_figure_unlinked(),
        FindingKind::PictureMissing => t.check_picture_missing(),
        FindingKind::PersonalPhone => t.check_phone(),
        FindingKind::PersonalNumber => t.check_citizen_number(),
        FindingKind::PersonalEmail => t.check_email(),
        FindingKind::PersonalAccount => t.check_bank_account(),
    };
    sentence.to_owned()
}

fn step_form(action: &str, version: i64, inner: &Markup) -> Markup {
    html! { form method="post" action=(action) class="desk-step" { (hidden("version", &version.to_string())) (inner) } }
}

/// What decides which steps are offered.
#[derive(Clone, Copy)]
struct Deciding {
    /// Whether one may publish.
    publishes: bool,
    /// Whether the text is one's own.
    own_text: bool,
    /// Whether nothing is left that must be mended first.
    mended: bool,
}

fn steps(
    desk: &Desk,
    own: &Own,
    state: RevisionState,
    Deciding { publishes, own_text, mended }: Deciding,
    action: &str,
    typed: &Fields,
) -> Markup {
    let t = desk.t();
    let version = own.open.as_ref().map_or(0, |open| open.version);
    let writes = desk.actor().may(Permission::WriteAnnouncements, own.scope());
    let hour = own.open.as_ref().and_then(|open| open.scheduled_at).map(|at| Instant(at).local_minute());
    let hour = if typed.has("hour") { typed.get("hour").to_owned() } else { hour.unwrap_or_default() };
    let decide = publishes && !own_text && state.after(Step::Publish).is_some();
    let offered = decide && mended;
    html! {
        @if writes && state.after(Step::Submit).is_some() {
            (step_form(action, version, &html! { p { (t.step_submit_text()) } button class="button" name="viec" value="gui-duyet" { (t.submit_for_review()) } }))
        }
        @if publishes && own_text && state.after(Step::Publish).is_some() { p class="flash" role="note" { (t.own_text_note()) } }
        @if !publishes && state == RevisionState::Submitted { p { (t.waits_for_publisher()) } }
        @if offered {
            (step_form(action, version, &html! { button class="button button--strong" name="viec" value="xuat-ban" { @if own.is_campaign() && own.row.first_published_at.is_none() { (t.launch()) } @else { (t.publish()) } }
                @if state.after(Step::Approve).is_some() { " " button class="button" name="viec" value="duyet" { (t.approve()) } } }))
            (step_form(action, version, &html! {
                (input(&Input { id: "gio", name: "hour", label: t.publish_at(), value: &hour, kind: "datetime-local", hint: t.publish_at_hint(), ..Input::default() }))
                button class="button" name="viec" value="hen-gio" { (t.schedule()) } }))
        }
        @if publishes && state.after(Step::Return).is_some() {
            (step_form(action, version, &html! {
                div class="field" { label for="ly-do" { (t.return_notes()) } (text_area("ly-do", "notes", 4, typed.get("notes"), false)) }
                button class="button button--quiet" name="viec" value="tra-lai" { (t.return_to_writer()) } }))
        }
        @if writes && state.after(Step::TakeBack).is_some() {
            (step_form(action, version, &html! { button class="button button--quiet" name="viec" value="lay-lai" { (t.take_back()) } }))
        }
        // A campaign is launched with everything that the law asks of it: there is no emergency in which it is not.
        @if publishes && !decide && !own.is_campaign() && state.after(Step::PublishInEmergency).is_some() {
            details class="emergency" {
                summary { (t.publish_in_emergency()) }
                (step_form(action, version, &html! {
                    p { (t.publish_in_emergency_text()) }
                    div class="field" { label for="ly-do-khan" { (t.emergency_reason()) } (text_area("ly-do-khan", "notes", 3, "", false)) }
                    button class="button" name="viec" value="khan-cap" { (t.publish_in_emergency()) } }))
            }
        }
    }
}

/// What can be done with what the public sees.
fn public_side(desk: &Desk, own: &Own, action: &str, typed: &Fields) -> Markup {
    let t = desk.t();
    let public = matches!(own.row.state.as_str(), "published" | "archived");
    html! {
        @if public || own.row.state == "withdrawn" {
            section aria-labelledby="cong-khai" {
                h2 id="cong-khai" class="section-title" { (t.public_side()) }
                @if public {
                    (step_form(action, 0, &html! {
                        (input(&Input { id: "dia-chi", name: "slug", label: t.field_slug(), value: &own.row.slug, hint: t.slug_change_hint(), ..Input::default() }))
                        button class="button button--quiet" name="viec" value="dia-chi" { (t.change_slug()) } }))
                    (step_form(action, 0, &html! {
                        @if own.row.state == "published" { p { (t.archive_text()) } button class="button button--quiet" name="viec" value="luu-tru" { (t.archive()) } }
                        @else { p { (t.archived_note()) } button class="button button--quiet" name="viec" value="bo-luu-tru" { (t.unarchive()) } } }))
                    details open[typed.get("viec") == "rut"] {
                        summary { (t.withdraw()) }
                        (step_form(action, 0, &html! {
                            p { (t.withdraw_text()) }
                            div class="field" { label for="ly-do-rut" { (t.withdraw_reason()) } (text_area("ly-do-rut", "reason", 3, typed.get("reason"), false)) }
                            (input(&Input { id: "thay-bang", name: "replaced_by", label: t.withdraw_replacement(), value: typed.get("replaced_by"), hint: t.withdraw_replacement_hint(), ..Input::default() }))
                            label { input type="checkbox" name="moved" value="1" checked[typed.has("moved")]; " " (t.withdraw_moved()) }
                            div class="form-actions" { button class="button" name="viec" value="rut" { (t.withdraw()) } } }))
                    }
                } @else {
                    p { (t.withdrawn_with_reason(own.row.withdrawn_reason.as_deref().unwrap_or_default())) }
                    (step_form(action, 0, &html! { button class="button button--quiet" name="viec" value="cong-khai-lai" { (t.reinstate()) } }))
                }
            }
        }
    }
}

/// POST: a step, or a change of what the public sees.
pub async fn take(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, fields: Fields) -> Response {
    let done = act(&state, &desk.actor(), id, &fields).await;
    match done {
        Ok(()) => desk.redirect(&format!("/quan-tri/tin/{id}/xuat-ban?xong")),
        Err(error @ (AppError::Forbidden | AppError::NotFound | AppError::BadAddress)) => desk.failure(&error),
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            desk.end(page(&desk, &state, id, status, Some(&error), &fields, false).await)
        }
    }
}

async fn act(state: &AppState, actor: &Actor, id: i64, fields: &Fields) -> Result<(), AppError> {
    let store = &state.store;
    let version = fields.number("version").filter(|version| *version > 0);
    let notes = fields.get("notes");
    let step = match fields.get("viec") {
        "gui-duyet" => Step::Submit,
        "lay-lai" => Step::TakeBack,
        "tra-lai" => Step::Return,
        "duyet" => Step::Approve,
        "hen-gio" => Step::Schedule,
        "xuat-ban" => Step::Publish,
        "khan-cap" => Step::PublishInEmergency,
        "da-xem" => return service::look_at_emergency(store, actor, id).await,
        "dia-chi" => return service::change_slug(store, actor, id, fields.get("slug")).await,
        "luu-tru" => return service::archive(store, actor, id, true).await,
        "bo-luu-tru" => return service::archive(store, actor, id, false).await,
        "cong-khai-lai" => return service::reinstate(store, actor, id).await,
        "rut" => {
            let (reason, by) = (fields.get("reason"), fields.get("replaced_by"));
            return service::withdraw(store, actor, id, reason, by, fields.has("moved")).await;
        }
        _ => return Err(AppError::BadAddress),
    };
    service::take_step(store, actor, id, version, step, fields.hour("hour"), notes).await
}

/// The name of a field, for the script.
fn field_word(field: check::Field) -> String {
    match field {
        check::Field::Part(field) => field.name().to_owned(),
        other => format!("{other:?}").to_lowercase(),
    }
}

/// POST: checks a text that is being written, for the editor.
pub async fn check_by_script(
    desk: Desk,
    State(state): State<AppState>,
    Path(id): Path<i64>,
    fields: Fields,
) -> Response {
    let mut text = DraftText::default();
    for field in crate::domain::draft::DraftField::ALL {
        fields.get(field.name()).clone_into(text.get_mut(field));
    }
    let official = official_addresses(&state);
    let official: Vec<&str> = official.iter().map(String::as_str).collect();
    match service::check_typed(&state.store, &desk.actor(), id, &text, &state.base_url, &official).await {
        Ok(findings) => {
            let t = desk.t();
            let findings: Vec<_> = findings
                .iter()
                .map(|finding| {
                    serde_json::json!({
                        "sentence": finding_sentence(finding, t), "line": finding.line, "excerpt": finding.excerpt,
                        "picture": undescribed_picture(finding), "must": finding.severity == Severity::Must, "field": field_word(finding.field),
                    })
                })
                .collect();
            axum::Json(serde_json::json!({ "findings": findings })).into_response()
        }
        Err(error) => answer_error(&error),
    }
}
