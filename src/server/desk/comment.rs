//! Comments found again, whatever became of them: decided anew, passed to a unit, erased by law.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, Input, form_errors, input, text_area};
use super::history::decision;
use super::moderation::reason_fields;
use crate::domain::answer::Rating;
use crate::domain::day::Day;
use crate::domain::error::AppError;
use crate::domain::receipt::ReceiptCode;
use crate::domain::text::shorten;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::comment::answer::AnswerRow;
use crate::server::db::desk::comment::DeskCommentRow;
use crate::server::made::tracking::rating_name;
use crate::server::services::answer::{TypedHandover, hand_over, take_back_handover};
use crate::server::services::comment::Rejection;
use crate::server::services::comment_desk::{self as service, DeskComment, STATES};
use crate::server::state::AppState;
use crate::text::Text;

/// Where the list is.
pub const PATH: &str = "/quan-tri/y-kien";

/// The name of a comment's state.
pub fn state_name(state: &str, t: Text) -> &'static str {
    match state {
        "published" => t.comment_published(),
        "rejected" => t.comment_rejected(),
        "withdrawn" => t.comment_withdrawn(),
        "erased" => t.comment_erased(),
        _ => t.comment_waiting(),
    }
}

fn state_badge(state: &str, t: Text) -> Markup {
    let class = match state {
        "published" => "badge badge--published",
        "rejected" | "erased" => "badge badge--bad",
        _ => "badge",
    };
    html! { span class=(class) { (state_name(state, t)) } }
}

/// GET: comments, the latest first, searched and narrowed.
pub async fn show(desk: Desk, State(state): State<AppState>, uri: http::Uri) -> Response {
    let fields = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    desk.end(list(&desk, &state, &fields).await)
}

async fn list(desk: &Desk, state: &AppState, fields: &Fields) -> Result<Response, AppError> {
    let (words, narrowed) = (fields.get("q"), fields.get("trang-thai"));
    let before = fields.number("truoc");
    let (rows, next) = service::list_comments(&state.store, &desk.actor(), words, narrowed, before).await?;
    let t = desk.t();
    let content = html! {
        p class="breadcrumb" { a href=(desk.href("/quan-tri/phan-hoi")) { (t.queue_title()) } }
        h1 { (t.all_comments()) }
        form class="desk-filter" method="get" role="search" {
            div class="field" { label for="q" { (t.search_comments()) } input id="q" name="q" type="search" value=(words) autocomplete="off"; }
            div class="field" {
                label for="trang-thai" { (t.state()) }
                select id="trang-thai" name="trang-thai" {
                    option value="" { (t.all_states()) }
                    @for state in STATES { option value=(state) selected[narrowed == state] { (state_name(state, t)) } }
                }
            }
            button class="button" type="submit" { (t.search_button()) }
        }
        @if rows.is_empty() { p class="desk-empty" { (t.desk_list_empty()) } }
        ul class="desk-list" { @for row in &rows { (listed(desk, row)) } }
        @if let Some(before) = next {
            @let query = [("q", words.to_owned()), ("trang-thai", narrowed.to_owned()), ("truoc", before.to_string())];
            p { a class="more-link" rel="next" href={ (desk.href(PATH)) "?" (serde_urlencoded::to_string(query).unwrap_or_default()) } { (t.older()) } }
        }
    };
    Ok(desk.page_with(StatusCode::OK, t.all_comments(), Extra::default(), &content))
}

fn listed(desk: &Desk, row: &DeskCommentRow) -> Markup {
    let t = desk.t();
    html! {
        li class="desk-comment" {
            p {
                (state_badge(&row.state, t)) " "
                a class="desk-item" href=(desk.href(&format!("{PATH}/{}", row.id))) { (if row.author_name.is_empty() { t.nameless() } else { &row.author_name }) } " "
                span class="hint" { (Instant(row.created_at).minute(desk.lang)) " · " (row.title) }
            }
            @if !row.text.is_empty() { p class="desk-comment-text" { (shorten(&row.text, 200)) } }
        }
    }
}

/// A comment as it was written, with its page.
pub fn told(desk: &Desk, row: &DeskCommentRow) -> Markup {
    let t = desk.t();
    let receipt = ReceiptCode::parse(&row.code).map(|code| code.to_string()).unwrap_or_default();
    html! {
        div class="desk-comment" {
            p { (state_badge(&row.state, t)) " " strong { (if row.author_name.is_empty() { t.nameless() } else { &row.author_name }) } " " span class="hint" { (Instant(row.created_at).minute(desk.lang)) } }
            p class="hint" {
                a href=(desk.href(&row.path)) { (row.title) }
                @if row.state == "published" { " · " a href=(desk.href(&format!("/phan-hoi/{}", row.id))) { (t.queue_thread()) } }
                @if desk.may(crate::domain::account::Permission::ModerateComments) { " · " (t.tracking_code()) " " (receipt) }
            }
            @if !row.text.is_empty() { p class="desk-comment-text" { @for line in row.text.lines() { (line) br; } } }
        }
    }
}

/// Answers with what their askers think of them.
pub fn answered(desk: &Desk, answers: &[AnswerRow]) -> Markup {
    let t = desk.t();
    html! {
        @for answer in answers {
            div class="desk-comment" {
                p {
                    span class="badge badge--published" { (t.official_answer()) } " " strong { (answer.unit) } " "
                    span class="hint" { (Instant(answer.created_at).minute(desk.lang)) @if answer.edited_at.is_some() { " · " (t.edited_mark()) } }
                    @if let Some(rating) = answer.rating.and_then(Rating::from_number) { " " span class="badge" { (t.step_rated(rating_name(rating, t))) } }
                }
                p class="desk-comment-text" { @for line in answer.text.lines() { (line) br; } }
            }
        }
    }
}

/// GET: one comment with what can be decided about it.
pub async fn show_one(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, uri: http::Uri) -> Response {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    desk.end(one_page(&desk, &state, id, StatusCode::OK, &query, None).await)
}

/// POST: a decision about one.
pub async fn take_one(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, fields: Fields) -> Response {
    let (store, actor) = (&state.store, desk.actor());
    let done = match fields.get("viec") {
        "duyet" => service::decide_again(store, &actor, id, None).await,
        "tu-choi" => {
            let rejection = Rejection { code: fields.get("ly-do").to_owned(), note: fields.get("ghi-chu").to_owned() };
            service::decide_again(store, &actor, id, Some(&rejection)).await
        }
        "chuyen" => {
            let typed = TypedHandover {
                unit: fields.get("don-vi").to_owned(),
                due: fields.get("den-ngay").to_owned(),
                note: fields.get("loi-nhan").to_owned(),
            };
            hand_over(store, &actor, id, &typed).await
        }
        "rut-chuyen" => take_back_handover(store, &actor, id).await,
        "xoa" => service::erase_comment(store, &actor, id, fields.get("can-cu")).await,
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
    let comment = service::read_comment(&state.store, &desk.actor(), id).await?;
    let t = desk.t();
    let row = &comment.row;
    let content = html! {
        p class="breadcrumb" { a href=(desk.href("/quan-tri/phan-hoi")) { (t.queue_title()) } " › " a href=(desk.href(PATH)) { (t.all_comments()) } }
        h1 { (t.comment_of(if row.author_name.is_empty() { t.nameless() } else { &row.author_name })) }
        @if error.is_none() && fields.has("xong") { p class="flash flash--good" role="status" { (t.saved()) } }
        (form_errors(error, t))
        (told(desk, row))
        @if let Some(appeal) = &comment.appeal {
            @if !appeal.text.is_empty() {
                p class="hint" { (t.queue_appeal()) ", " (Instant(appeal.created_at).minute(desk.lang)) }
                p class="desk-comment-text" { @for line in appeal.text.lines() { (line) br; } }
            }
        }
        (answered(desk, &comment.answers))
        @if row.state == "published" { (passing(desk, &comment, fields)) }
        @else if row.state == "waiting" { p class="hint" { (t.pass_on_later()) } }
        (deciding(desk, &comment, fields))
        @if !comment.decisions.is_empty() {
            section aria-labelledby="da-quyet-dinh" {
                h2 id="da-quyet-dinh" class="section-title" { (t.decisions()) }
                ul class="desk-list" { @for row in &comment.decisions { (decision(desk, row)) } }
            }
        }
    };
    Ok(desk.page_with(status, t.all_comments(), Extra::default(), &content))
}

/// To whom it was passed, and to whom it can be.
fn passing(desk: &Desk, comment: &DeskComment, typed: &Fields) -> Markup {
    let t = desk.t();
    let path = format!("{PATH}/{}", comment.row.id);
    let due = match typed.get("den-ngay") {
        "" => Day::of(now()).plus_days(crate::domain::answer::DUE_DAYS).iso(),
        typed => typed.to_owned(),
    };
    html! {
        section aria-labelledby="chuyen" {
            h2 id="chuyen" class="section-title" { (t.pass_on_title()) }
            @if let Some(asked) = &comment.asked {
                p { (t.passed_to(Day::parse(&asked.due).map(|due| due.show(desk.lang)).unwrap_or_default(), &asked.unit)) }
            }
            p { a class="button button--quiet" href=(desk.href(&format!("/quan-tri/tra-loi/{}", comment.row.id))) { (t.answer_it()) } }
            form method="post" action=(desk.href(&path)) {
                div class="field" {
                    label for="don-vi" { (t.pass_on_to()) }
                    select id="don-vi" name="don-vi" {
                        option value="" { (t.choose_unit()) }
                        @for unit in &comment.units { option value=(unit.slug) selected[typed.get("don-vi") == unit.slug] { (unit.name) } }
                    }
                }
                (input(&Input { id: "den-ngay", name: "den-ngay", label: t.pass_on_due(), value: &due, kind: "date", ..Input::default() }))
                div class="field" { label for="body" { (t.pass_on_note()) } (text_area("body", "loi-nhan", 2, typed.get("loi-nhan"), false)) }
                button class="button" name="viec" value="chuyen" { (t.pass_on()) }
                @if comment.asked.is_some() { " " button class="button button--quiet" name="viec" value="rut-chuyen" { (t.pass_on_take_back()) } }
            }
        }
    }
}

/// What can be decided anew, and the erasure by law.
fn deciding(desk: &Desk, comment: &DeskComment, typed: &Fields) -> Markup {
    let t = desk.t();
    let path = format!("{PATH}/{}", comment.row.id);
    let state = comment.row.state.as_str();
    html! {
        @if matches!(state, "waiting" | "published" | "rejected") {
            section aria-labelledby="quyet-dinh" {
                @if state == "waiting" { h2 id="quyet-dinh" class="section-title" { (t.decide()) } }
                @else {
                    h2 id="quyet-dinh" class="section-title" { (t.decide_again()) }
                    p class="hint" { (t.decide_again_text()) }
                }
                form method="post" action=(desk.href(&path)) {
                    @if state != "published" { p { button class="button" name="viec" value="duyet" { (t.approve()) } } }
                    @if state != "rejected" {
                        (reason_fields("", &comment.reasons, typed, t))
                        button class="button" name="viec" value="tu-choi" { @if state == "published" { (t.queue_take_down()) } @else { (t.reject()) } }
                    }
                }
            }
        }
        @if comment.may_erase && state != "erased" {
            details class="desk-erase" open[typed.get("viec") == "xoa"] {
                summary { (t.erase_title()) }
                p { (t.erase_text()) }
                form method="post" action=(desk.href(&path)) {
                    div class="field" { label for="can-cu" { (t.erase_basis()) } (text_area("can-cu", "can-cu", 2, typed.get("can-cu"), false)) }
                    button class="button" name="viec" value="xoa" { (t.erase_do()) }
                }
            }
        }
    }
}
