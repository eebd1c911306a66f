//! The files behind a report: added, taken away, given out to whom they are for.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use super::{EVIDENCE, PUBLIC, REMOVED, save_beside, send_with_files, take_files, told_error};
use crate::domain::error::{AppError, Field, Problem};
use crate::server::desk::attachment::stored_file;
use crate::server::desk::form::Fields;
use crate::server::desk::frame::Desk;
use crate::server::desk::library::Uploaded;
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
    mut uploaded: Uploaded,
) -> Response {
    let fields = std::mem::take(&mut uploaded.fields);
    if !uploaded.has(EVIDENCE) && !fields.has(REMOVED) {
        let missing = invalid(Field::File, Problem::Missing);
        return match save_beside(&desk, &state, (id, period), &fields).await {
            Ok(()) => told_error(&desk, &state, (id, period), missing).await,
            Err(answer) => *answer,
        };
    }
    match take_files(&desk, &state, (id, period), uploaded, &fields).await {
        Ok(_) => desk.redirect(&format!("{}?da-luu#bang-chung", report_path(id, period))),
        Err(answer) => *answer,
    }
}

/// Takes the file that was chosen, and away the one that is to go.
///
/// # Errors
/// As [`service::add_evidence`] and [`service::remove_evidence`].
pub async fn take_within(
    desk: &Desk,
    state: &AppState,
    (id, period): (i64, i64),
    uploaded: &mut Uploaded,
    fields: &Fields,
) -> Result<(), AppError> {
    let (store, actor) = (&state.store, desk.actor());
    if let Some(evidence) = fields.number(REMOVED) {
        service::remove_evidence(store, &actor, id, period, evidence).await?;
    }
    let file = uploaded.take(EVIDENCE)?;
    if file.bytes.is_empty() {
        return Ok(());
    }
    service::add_evidence(store, &actor, id, period, (&file.name, file.bytes), fields.has(PUBLIC)).await
}

/// GET: a file behind a report, for whoever may see it: always as a file to keep.
pub async fn give_evidence(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>) -> Response {
    match service::read_evidence(&state.store, &desk.actor(), id).await {
        Ok((row, bytes)) => stored_file(&row.name, &row.media_type, bytes),
        Err(error) => desk.failure(&error),
    }
}
