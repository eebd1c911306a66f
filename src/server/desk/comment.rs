//! Waiting comments, to be approved or rejected with a reason.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, form_errors, hidden};
use crate::domain::error::AppError;
use crate::domain::receipt::ReceiptCode;
use crate::domain::time::Instant;
use crate::server::db::comment::QueueRow;
use crate::server::services::comment::{self as service, Verdict};
use crate::server::state::AppState;

/// How many are shown at once.
const MOST: i64 = 50;

/// A waiting comment with what can be done about it; `back` is where to go on.
pub fn waiting_comment(desk: &Desk, row: &QueueRow, back: &str) -> Markup {
    let t = desk.t();
    let code = ReceiptCode::parse(&row.code).map_or_else(|| row.code.clone(), |code| code.to_string());
    let id = format!("ly-do-{}", row.code);
    html! {
        li class="desk-comment" {
            p { strong { (row.author_name) } " " span class="hint" { (Instant(row.created_at).minute(desk.lang)) " " (t.comment_on()) " " }
                a href=(desk.href(&row.path)) { (row.path) }
                @if row.set_aside { " " span class="badge" { (t.set_aside()) } } }
            p class="desk-comment-text" { @for line in row.text.lines() { (line) br; } }
            form method="post" action=(desk.href("/quan-tri/phan-hoi")) class="desk-decision" {
                (hidden("code", &code)) (hidden("tiep", back))
                button class="button" name="viec" value="duyet" { (t.approve()) }
                details {
                    summary class="button button--quiet" { (t.reject()) }
                    div class="field" {
                        label for=(id) { (t.reason_for_sender()) }
                        input id=(id) name="reason" type="text" autocomplete="off" list="ly-do-mau";
                    }
                    button class="button" name="viec" value="tu-choi" { (t.reject()) }
                }
            }
        }
    }
}

/// GET: the waiting comments, the oldest first.
pub async fn show(desk: Desk, State(state): State<AppState>) -> Response {
    desk.end(page(&desk, &state, StatusCode::OK, None).await)
}

async fn page(
    desk: &Desk,
    state: &AppState,
    status: StatusCode,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let rows = service::list_waiting(&state.store, &desk.actor(), MOST).await?;
    let t = desk.t();
    let content = html! {
        h1 { (t.waiting_comments()) }
        (form_errors(error, t))
        @if rows.is_empty() { p class="desk-empty" { (t.no_comment_waits()) } }
        ul class="desk-list" { @for row in &rows { (waiting_comment(desk, row, "/quan-tri/phan-hoi")) } }
        datalist id="ly-do-mau" {
            @for reason in [t.reason_off_topic(), t.reason_insult(), t.reason_personal_data(), t.reason_advertising(), t.reason_repeated()] {
                option value=(reason) {}
            }
        }
        p class="hint" { a href=(desk.href("/chinh-sach/kiem-duyet")) { (t.moderation_policy()) } }
    };
    Ok(desk.page_with(status, t.waiting_comments(), Extra::default(), &content))
}

/// POST: a decision.
pub async fn take(desk: Desk, State(state): State<AppState>, fields: Fields) -> Response {
    let verdict = match fields.get("viec") {
        "duyet" => Verdict::Approve,
        _ => Verdict::Reject { reason: fields.get("reason").to_owned() },
    };
    match service::decide_comment(&state.store, &desk.actor(), fields.get("code"), &verdict).await {
        // Who clicks twice, or second, has what they wanted.
        Ok(()) | Err(AppError::Conflict) => {
            desk.redirect(if fields.get("tiep") == "/quan-tri" { "/quan-tri" } else { "/quan-tri/phan-hoi" })
        }
        Err(AppError::Forbidden) => desk.failure(&AppError::Forbidden),
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            desk.end(page(&desk, &state, status, Some(&error)).await)
        }
    }
}
