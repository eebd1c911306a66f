//! The files behind a report: added, taken away, given out to whom they are for.

use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::{EVIDENCE, PUBLIC, REMOVED, Shown, page, save_beside, send_with_files};
use crate::domain::error::{AppError, Field, Problem};
use crate::server::desk::attachment::stored_file;
use crate::server::desk::frame::Desk;
use crate::server::desk::library::read_upload;
use crate::server::desk::participation::report_path;
use crate::server::services::account::invalid;
use crate::server::services::report::{self as service, ReportForm};
use crate::server::state::AppState;

/// The files behind a report.
pub fn evidence_list(desk: &Desk, form: &ReportForm, removable: bool) -> Markup {
    let t = desk.t();
    let path = desk.href(&report_path(form.registration.id, form.period.id));
    html! {
        @if form.evidence.is_empty() { p class="hint" { (t.evidence_none()) } }
        ul class="desk-list" {
            @for row in &form.evidence {
                li {
                    div {
                        a href=(format!("/bang-chung/{}", row.id)) download { (row.name) }
                        p class="hint" {
                            @if row.public { (t.evidence_is_public()) } @else { (t.evidence_is_internal()) }
                            " · " (t.evidence_checksum(row.sha256.chars().take(16).collect::<String>()))
                        }
                    }
                    @if removable {
                        (send_with_files(&format!("{path}/tep"), "button button--quiet", Some(row.id), t.evidence_remove()))
                    }
                }
            }
        }
    }
}

/// POST: a file behind the report, or that one is taken away.
pub async fn take_evidence(
    desk: Desk,
    State(state): State<AppState>,
    Path((id, period)): Path<(i64, i64)>,
    form: Multipart,
) -> Response {
    let (store, actor) = (&state.store, desk.actor());
    let mut uploaded = match read_upload(form).await {
        Ok(uploaded) => uploaded,
        Err(error) => return desk.failure(&error),
    };
    if let Err(answer) = save_beside(&desk, &state, (id, period), &uploaded.fields).await {
        return *answer;
    }
    let done = async {
        if let Some(evidence) = uploaded.fields.number(REMOVED) {
            return service::remove_evidence(store, &actor, id, period, evidence).await;
        }
        let file = uploaded.take(EVIDENCE)?;
        if file.bytes.is_empty() {
            return Err(invalid(Field::File, Problem::Missing));
        }
        let public = uploaded.fields.has(PUBLIC);
        service::add_evidence(store, &actor, id, period, (&file.name, file.bytes), public).await
    };
    match done.await {
        Ok(()) => desk.redirect(&format!("{}?da-luu#bang-chung", report_path(id, period))),
        Err(error @ (AppError::Invalid(_) | AppError::TooLarge | AppError::Conflict)) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            let shown = Shown { error: Some(error), ..Shown::default() };
            desk.end(page(&desk, &state, id, period, status, &shown).await)
        }
        Err(error) => desk.failure(&error),
    }
}

/// GET: a file behind a report, for whoever may see it: always as a file to keep.
pub async fn give_evidence(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>) -> Response {
    match service::read_evidence(&state.store, &desk.actor(), id).await {
        Ok((row, bytes)) => stored_file(&row.name, &row.media_type, bytes),
        Err(error) => desk.failure(&error),
    }
}
