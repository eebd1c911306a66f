//! Answering comments in a unit's name.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::comment::{answered, told};
use super::form::Fields;
use super::frame::{Desk, Extra, form_errors, hidden, text_area};
use crate::domain::answer::ANSWER_MOST;
use crate::domain::day::Day;
use crate::domain::error::AppError;
use crate::domain::text::shorten;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::comment::answer::AnswerRow;
use crate::server::db::desk::comment::DueRow;
use crate::server::services::answer::{self as service, ToAnswer};
use crate::server::state::AppState;

/// Where the list is.
const PATH: &str = "/quan-tri/tra-loi";

/// GET: what one's units are to answer.
pub async fn show(desk: Desk, State(state): State<AppState>) -> Response {
    let page = async {
        let rows = service::list_to_answer(&state.store, &desk.actor()).await?;
        let t = desk.t();
        let content = html! {
            h1 { (t.answers_title()) }
            p { (t.answers_text()) }
            @if rows.is_empty() { p class="desk-empty" { (t.answers_none()) } }
            ul class="desk-list" { @for row in &rows { (due(&desk, row)) } }
        };
        Ok(desk.page(t.answers_title(), &content))
    };
    desk.end(page.await)
}

fn due(desk: &Desk, row: &DueRow) -> Markup {
    let t = desk.t();
    let day = Day::parse(&row.due).unwrap_or_else(|| Day::of(now()));
    let late = day < Day::of(now());
    html! {
        li class="desk-comment" {
            p {
                a class="desk-item" href=(desk.href(&format!("{PATH}/{}", row.comment_id))) { (row.author_name) } " "
                span class=(if late { "badge badge--bad" } else { "badge" }) { (t.due_on(day.show(desk.lang))) @if late { " · " (t.overdue()) } }
                @if row.reopened { " " span class="badge" { (t.step_reopened()) } }
                " " span class="hint" { (row.unit) " · " (row.title) }
            }
            p class="desk-comment-text" { (shorten(&row.text, 200)) }
        }
    }
}

/// What waits for answers, for the desk's first page.
pub fn due_section(desk: &Desk, rows: &[DueRow]) -> Markup {
    let t = desk.t();
    html! {
        @if !rows.is_empty() {
            section aria-labelledby="can-tra-loi" {
                h2 id="can-tra-loi" class="section-title" { (t.answers_title()) " (" (rows.len()) ")" }
                ul class="desk-list" { @for row in rows.iter().take(5) { (due(desk, row)) } }
                @if rows.len() > 5 { p { a href=(desk.href(PATH)) { (t.answers_all()) } } }
            }
        }
    }
}

/// GET: one comment with the form of its answer.
pub async fn show_one(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, uri: http::Uri) -> Response {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    desk.end(one_page(&desk, &state, id, StatusCode::OK, &query, None).await)
}

/// POST: an answer, a correction, or that one is taken away.
pub async fn take_one(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, fields: Fields) -> Response {
    let (store, actor) = (&state.store, desk.actor());
    let answer = fields.number("cau").unwrap_or_default();
    let done = match fields.get("viec") {
        "tra-loi" => service::answer_comment(store, &actor, id, fields.get("don-vi"), fields.get("body")).await,
        "sua" => {
            let read = (answer, fields.number("ban").unwrap_or_default());
            service::correct_answer(store, &actor, id, read, fields.get("body")).await
        }
        "rut" => service::withdraw_answer(store, &actor, id, answer, fields.get("ly-do")).await,
        _ => Err(AppError::BadAddress),
    };
    match done {
        Ok(()) => desk.redirect(&format!("{PATH}/{id}?xong")),
        Err(error @ (AppError::Invalid(_) | AppError::Conflict)) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            desk.end(one_page(&desk, &state, id, status, &fields, Some(&error)).await)
        }
        Err(error) => desk.failure(&error),
    }
}

async fn one_page(
    desk: &Desk,
    state: &AppState,
    id: i64,
    status: StatusCode,
    fields: &Fields,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let read = service::read_to_answer(&state.store, &desk.actor(), id).await?;
    let t = desk.t();
    let open =
        read.row.state == "published" && !read.units.is_empty() && (read.asked.is_some() || read.answers.is_empty());
    let content = html! {
        p class="breadcrumb" { a href=(desk.href(PATH)) { (t.answers_title()) } }
        h1 { (t.answer_it()) }
        @if error.is_none() && fields.has("xong") { p class="flash flash--good" role="status" { (t.answer_done()) } }
        (form_errors(error, t))
        @if error == Some(&AppError::Conflict) && !fields.get("body").is_empty() {
            div class="field" { label for="da-go" { (t.answer_typed()) } (text_area("da-go", "da-go", 6, fields.get("body"), false)) }
        }
        (told(desk, &read.row))
        @if let Some(asked) = &read.asked {
            p { (t.passed_to(Day::parse(&asked.due).map(|due| due.show(desk.lang)).unwrap_or_default(), &asked.unit)) }
            @if !asked.note.is_empty() { p { (t.pass_on_note_is()) " " q { (asked.note) } } }
        }
        (answered(desk, &read.answers))
        @if let Some((why, at)) = &read.reopening {
            p class="hint" { (t.step_reopened()) ", " (Instant(*at).minute(desk.lang)) }
            @if !why.is_empty() { p class="desk-comment-text" { @for line in why.lines() { (line) br; } } }
        }
        @if open { (answer_form(desk, &read, fields)) }
        @for answer in read.answers.iter().filter(|answer| read.own.contains(&answer.id)) { (correction(desk, id, answer, fields)) }
        @if read.moderates { p { a href=(desk.href(&format!("{}/{id}", super::comment::PATH))) { (t.comment_desk()) } } }
    };
    Ok(desk.page_with(status, t.answer_it(), Extra::default(), &content))
}

fn answer_form(desk: &Desk, read: &ToAnswer, typed: &Fields) -> Markup {
    let t = desk.t();
    let text = if typed.get("viec") == "tra-loi" { typed.get("body") } else { "" };
    html! {
        form method="post" action=(desk.href(&format!("{PATH}/{}", read.row.id))) {
            @if let [(slug, name)] = read.units.as_slice() {
                (hidden("don-vi", slug))
                p { (t.answer_as()) " " strong { (name) } }
            } @else {
                div class="field" {
                    label for="don-vi" { (t.answer_as()) }
                    select id="don-vi" name="don-vi" {
                        @for (slug, name) in &read.units { option value=(slug) selected[typed.get("don-vi") == slug.as_str()] { (name) } }
                    }
                }
            }
            div class="field" { label for="body" { (t.answer_label(ANSWER_MOST)) } (text_area("body", "body", 8, text, false)) }
            p class="hint" { (t.answer_public()) }
            button class="button" name="viec" value="tra-loi" { (t.answer_send()) }
        }
    }
}

fn correction(desk: &Desk, id: i64, answer: &AnswerRow, typed: &Fields) -> Markup {
    let t = desk.t();
    let own = typed.number("cau") == Some(answer.id) && !typed.has("xong");
    let text = if own && typed.get("viec") == "sua" { typed.get("body") } else { &answer.text };
    html! {
        details open[own] {
            summary { (t.answer_correct()) }
            form method="post" action=(desk.href(&format!("{PATH}/{id}"))) {
                (hidden("cau", &answer.id.to_string()))
                (hidden("ban", &answer.version.to_string()))
                @let field = format!("sua-{}", answer.id);
                div class="field" { label for=(field) { (t.answer_label(ANSWER_MOST)) } (text_area(&field, "body", 8, text, false)) }
                button class="button" name="viec" value="sua" { (t.answer_correct_send()) }
            }
            form method="post" action=(desk.href(&format!("{PATH}/{id}"))) {
                (hidden("cau", &answer.id.to_string()))
                @let field = format!("ly-do-rut-{}", answer.id);
                div class="field" { label for=(field) { (t.answer_withdraw_reason()) } (text_area(&field, "ly-do", 2, if own { typed.get("ly-do") } else { "" }, false)) }
                button class="button button--quiet" name="viec" value="rut" { (t.answer_withdraw()) }
            }
        }
    }
}
