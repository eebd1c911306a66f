//! Who is blocked, until when and why; and blocking whoever sent a comment.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, form_errors, hidden, text_area};
use super::moderation::PATH as QUEUE;
use crate::domain::error::AppError;
use crate::domain::text::shorten;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::desk::block::{BlockRow, SourceRow};
use crate::server::services::block::{self as service, BLOCK_HOURS, is_in_force};
use crate::server::state::AppState;
use crate::text::Text;

/// Where the blocks are.
pub(super) const PATH: &str = "/quan-tri/chan";

/// Where the sender of a comment is blocked.
pub(super) fn path(comment_id: i64) -> String {
    format!("{PATH}?phan-hoi={comment_id}")
}

/// GET: the blocks; above them, if a comment is named, what is known of its sender and a form.
pub async fn show(desk: Desk, State(state): State<AppState>, uri: http::Uri) -> Response {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    desk.end(page(&desk, &state, StatusCode::OK, &query, None).await)
}

async fn page(
    desk: &Desk,
    state: &AppState,
    status: StatusCode,
    fields: &Fields,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let (t, actor) = (desk.t(), desk.actor());
    let source = match fields.number("phan-hoi") {
        Some(id) => Some(service::read_source(&state.store, &actor, id).await?),
        None => None,
    };
    let blocks = service::list_blocks(&state.store, &actor).await?;
    let content = html! {
        p class="breadcrumb" { a href=(desk.href(QUEUE)) { (t.queue_title()) } }
        h1 { (t.block_title()) }
        @match fields.get("xong") {
            "chan" => p class="flash flash--good" role="status" { (t.block_done()) },
            "go" => p class="flash flash--good" role="status" { (t.block_gone()) },
            _ => {},
        }
        (form_errors(error, t))
        @if let Some(source) = &source { (form(desk, source, fields)) }
        p class="hint" { (t.block_hint()) }
        @if blocks.is_empty() { p class="desk-empty" { (t.block_none()) } }
        ul class="desk-list" { @for block in &blocks { (line(desk, block)) } }
    };
    Ok(desk.page_with(status, t.block_title(), Extra::default(), &content))
}

fn time_name(hours: i64, t: Text) -> String {
    if hours < 24 {
        t.block_one_hour().to_owned()
    } else {
        t.block_days(usize::try_from(hours / 24).unwrap_or_default())
    }
}

/// What is known of where a comment came from, and for how long it is to be blocked.
fn form(desk: &Desk, source: &SourceRow, typed: &Fields) -> Markup {
    let t = desk.t();
    let hours = typed.number("thoi-han").unwrap_or(24);
    html! {
        section aria-labelledby="chan" {
            h2 id="chan" class="section-title" { (t.block_form()) }
            p class="desk-comment-text" { strong { (source.author_name) } ": " q { (shorten(&source.text, 200)) } }
            @if source.sender_hash.is_none() { p class="flash flash--bad" { (t.block_unknown()) } }
            @else {
                p class="flash" role="note" { (t.block_warning()) }
                p {
                    (t.block_known(source.names, source.published, source.sent))
                    @if source.published > 0 { " " strong { (t.block_shared()) } }
                }
                form method="post" action=(desk.href(PATH)) class="queue block-form" {
                    (hidden("phan-hoi", &source.id.to_string()))
                    div class="field" {
                        label for="thoi-han" { (t.block_for()) }
                        select id="thoi-han" name="thoi-han" {
                            @for one in BLOCK_HOURS { option value=(one) selected[one == hours] { (time_name(one, t)) } }
                        }
                    }
                    div class="field" {
                        label for="ly-do" { (t.block_reason()) }
                        (text_area("ly-do", "ly-do", 2, typed.get("ly-do"), false))
                    }
                    button class="button" name="viec" value="chan" { (t.block_do()) }
                }
            }
        }
    }
}

fn line(desk: &Desk, block: &BlockRow) -> Markup {
    let t = desk.t();
    let minute = |at: i64| Instant(at).minute(desk.lang);
    let in_force = is_in_force(block, now());
    html! {
        li class="desk-comment" {
            p {
                strong { (t.block_until(minute(block.until))) } " "
                @if let Some(at) = block.ended_at { span class="badge" { (t.block_ended(minute(at))) } }
                @else if !in_force { span class="badge" { (t.block_over()) } }
            }
            p class="desk-comment-text" { @for line in block.reason.lines() { (line) br; } }
            p class="hint" {
                (t.block_by(minute(block.created_at), &block.who))
                @if let Some(name) = &block.author_name { " · " (t.block_because_of(name)) }
                " · " a href={ (desk.href(QUEUE)) "?don=1" } { (t.block_caught(usize::try_from(block.caught).unwrap_or_default())) }
            }
            @if in_force {
                form method="post" action=(desk.href(PATH)) {
                    (hidden("muc", &block.id.to_string()))
                    button class="button button--quiet" name="viec" value="go" { (t.block_end()) }
                }
            }
        }
    }
}

/// POST: blocks the sender of a comment, or ends a block.
pub async fn take(desk: Desk, State(state): State<AppState>, fields: Fields) -> Response {
    let actor = desk.actor();
    let what = fields.get("viec");
    let done = match what {
        "chan" => {
            let (comment, hours) = (fields.number("phan-hoi"), fields.number("thoi-han"));
            let (comment, hours) = (comment.unwrap_or_default(), hours.unwrap_or_default());
            service::block_sender(&state.store, &actor, comment, hours, fields.get("ly-do")).await
        }
        "go" => service::end_block(&state.store, &actor, fields.number("muc").unwrap_or_default()).await,
        _ => Err(AppError::BadAddress),
    };
    match done {
        Ok(()) => desk.redirect(&format!("{PATH}?xong={what}")),
        Err(error @ AppError::Invalid(_)) => {
            desk.end(page(&desk, &state, StatusCode::UNPROCESSABLE_ENTITY, &fields, Some(&error)).await)
        }
        Err(error) => desk.failure(&error),
    }
}
