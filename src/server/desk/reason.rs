//! The list of reasons for which comments are rejected: added, changed, ended.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, Input, form_errors, hidden, input};
use crate::domain::error::AppError;
use crate::domain::time::Instant;
use crate::server::db::comment::report::DatedReasonRow;
use crate::server::services::reason::{self as service, TypedReason};
use crate::server::state::AppState;

const PATH: &str = "/quan-tri/ly-do";

/// GET: every reason.
pub async fn show(desk: Desk, State(state): State<AppState>, uri: http::Uri) -> Response {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    desk.end(page(&desk, &state, StatusCode::OK, &query, None).await)
}

/// POST: one is added, changed or ended.
pub async fn take(desk: Desk, State(state): State<AppState>, fields: Fields) -> Response {
    let (store, actor, id) = (&state.store, desk.actor(), fields.number("id"));
    let typed = TypedReason {
        name_vi: fields.get("title").to_owned(),
        name_en: fields.get("body").to_owned(),
        place: fields.number("thu-tu"),
    };
    let done = match fields.get("viec") {
        "luu" => service::save_reason(store, &actor, id, &typed).await,
        "dung" => service::end_reason(store, &actor, id.unwrap_or_default()).await,
        _ => Err(AppError::BadAddress),
    };
    match done {
        Ok(()) => desk.redirect(&format!("{PATH}?xong")),
        Err(error @ (AppError::Invalid(_) | AppError::Conflict)) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            desk.end(page(&desk, &state, status, &fields, Some(&error)).await)
        }
        Err(error) => desk.failure(&error),
    }
}

async fn page(
    desk: &Desk,
    state: &AppState,
    status: StatusCode,
    fields: &Fields,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let rows = service::list_all(&state.store, &desk.actor()).await?;
    let t = desk.t();
    let (now, before): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.ends.is_none());
    let typed = error.map(|_| fields);
    let content = html! {
        p class="breadcrumb" { a href=(desk.href("/quan-tri/phan-hoi")) { (t.queue_title()) } }
        h1 { (t.reasons_title()) }
        p { (t.reasons_text()) }
        @if error.is_none() && fields.has("xong") { p class="flash flash--good" role="status" { (t.saved()) } }
        (form_errors(error, t))
        ul class="desk-list" {
            @for row in &now { li class="desk-comment" { (form(desk, Some(row), typed.filter(|typed| typed.number("id") == Some(row.id)))) } }
        }
        section aria-labelledby="them-ly-do" {
            h2 class="section-title" id="them-ly-do" { (t.reason_add()) }
            (form(desk, None, typed.filter(|typed| typed.number("id").is_none())))
        }
        @if !before.is_empty() {
            section aria-labelledby="ly-do-cu" {
                h2 class="section-title" id="ly-do-cu" { (t.reasons_ended()) }
                ul class="desk-list" {
                    @for row in &before {
                        li { div { (row.name_vi) " / " (row.name_en) p class="hint" { (Instant(row.begins).day(desk.lang)) " – " (Instant(row.ends.unwrap_or_default()).day(desk.lang)) } } }
                    }
                }
            }
        }
    };
    Ok(desk.page_with(status, t.reasons_title(), Extra::default(), &content))
}

fn form(desk: &Desk, row: Option<&DatedReasonRow>, typed: Option<&Fields>) -> Markup {
    let t = desk.t();
    let suffix = row.map(|row| format!("-{}", row.id)).unwrap_or_default();
    let (name_vi, name_en, place) = match (typed, row) {
        (Some(typed), _) => {
            (typed.get("title").to_owned(), typed.get("body").to_owned(), typed.get("thu-tu").to_owned())
        }
        (None, Some(row)) => (row.name_vi.clone(), row.name_en.clone(), row.place.to_string()),
        (None, None) => <(String, String, String)>::default(),
    };
    // What a refusal links to is the form that was refused.
    let id = |name: &str| if typed.is_some() { name.to_owned() } else { format!("{name}{suffix}") };
    html! {
        form method="post" action=(desk.href(PATH)) {
            @if let Some(row) = row { (hidden("id", &row.id.to_string())) }
            (input(&Input { id: &id("title"), name: "title", label: t.reason_vi(), value: &name_vi, required: true, ..Input::default() }))
            (input(&Input { id: &id("body"), name: "body", label: t.reason_en(), value: &name_en, required: true, ..Input::default() }))
            (input(&Input { id: &format!("thu-tu{suffix}"), name: "thu-tu", label: t.reason_place(), value: &place, kind: "number", ..Input::default() }))
            button class="button" name="viec" value="luu" { @if row.is_some() { (t.save()) } @else { (t.reason_add()) } }
            @if row.is_some_and(service::can_end) { " " button class="button button--quiet" name="viec" value="dung" formnovalidate { (t.reason_end()) } }
        }
    }
}
