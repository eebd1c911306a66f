//! A unit's report of a period: figures typed, pasted or read from a file, what was done, the files behind it.

use std::collections::HashMap;

use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, Input, failure_with_text, form_errors, hidden, input, text_area};
use super::guard::answer_error;
use super::library::{read_upload, told};
use super::participation::{cells_of, period_name, report_path, report_state};
use super::writing::script_words_of_saving;
use crate::domain::error::{AppError, Field, Problem};
use crate::domain::figure::{self, Figure, Reading, Unreadable};
use crate::domain::lang::Lang;
use crate::domain::progress::Doubt;
use crate::domain::report::{CellState, Cells, SUMMARY, figure_name, reason_name};
use crate::domain::slug::Slug;
use crate::domain::text::fold;
use crate::domain::time::Instant;
use crate::server::db::desk::report::SignedCorrectionRow;
use crate::server::error::internal;
use crate::server::made::campaign::day;
use crate::server::services::account::invalid;
use crate::server::services::registration::{BEHALF, is_staff};
use crate::server::services::report::{
    self as service, Asked, ReportForm, SavedReport, SentReport, TypedReport, figure_of,
};
use crate::server::sheet::{self, Book, Cell, Sheet, SheetProblem};
use crate::server::state::AppState;
use crate::text::Text;

/// The form's own name, by which what stands outside of it belongs to it: files go the same way as what is typed.
const FORM: &str = "bao-cao";
/// The fields that are no cells: a table as a file, or pasted, and a file behind the report, which may be public, or is
/// taken away.
const TABLE: &str = "table";
const PASTED: &str = "pasted";
const EVIDENCE: &str = "file";
const PUBLIC: &str = "public";
const REMOVED: &str = "bo";

/// What the page shows besides what is stored.
#[derive(Debug, Default)]
struct Shown {
    typed: Option<Cells>,
    version: Option<i64>,
    base: String,
    /// Whether each figure says what is wrong with it.
    checked: bool,
    /// What somebody else typed into the same cells.
    others: Vec<(String, String)>,
    notice: Option<(String, bool)>,
    error: Option<AppError>,
}

/// GET: the form.
pub async fn show(
    desk: Desk,
    State(state): State<AppState>,
    Path((id, period)): Path<(i64, i64)>,
    uri: http::Uri,
) -> Response {
    let t = desk.t();
    let notice = match uri.query() {
        Some("da-luu") => Some((t.saved().to_owned(), true)),
        Some("da-tron") => Some((t.merged_notice().to_owned(), true)),
        Some("da-gui") => Some((t.report_sent_notice().to_owned(), true)),
        _ => None,
    };
    desk.end(page(&desk, &state, id, period, StatusCode::OK, &Shown { notice, ..Shown::default() }).await)
}

async fn page(
    desk: &Desk,
    state: &AppState,
    id: i64,
    period: i64,
    status: StatusCode,
    shown: &Shown,
) -> Result<Response, AppError> {
    let form = service::read_report(&state.store, &desk.actor(), id, period).await?;
    let t = desk.t();
    let name = period_name(&form.period, t);
    let back = format!("/quan-tri/tham-gia/{}/{}", form.campaign.id, form.registration.unit_slug);
    let content = html! {
        p class="breadcrumb" { a href=(desk.href("/quan-tri/tham-gia")) { (t.taking_part()) } " › " a href=(desk.href(&back)) { (form.registration.unit_name) } }
        h1 { (t.report_of(&name, &form.registration.unit_name)) }
        p class="hint" {
            (form.campaign.title) " · " span class="badge" { (report_state(form.state(), t)) } " · "
            (t.report_due_on(day(&form.period.due, t)))
            @if let Some(at) = form.report.as_ref().and_then(|report| report.sent_at) { " · " (t.report_sent_at(Instant(at).minute(desk.lang))) }
        }
        @if let Some((notice, good)) = &shown.notice { p class=(if *good { "flash flash--good" } else { "flash flash--bad" }) role="status" { (notice) } }
        (form_errors(shown.error.as_ref(), t))
        @if let Some(report) = form.report.as_ref().filter(|report| report.state == "returned" && !report.notes.is_empty()) {
            div class="flash flash--bad" role="note" { p { strong { (t.returned_with_notes()) } } p { (report.notes) } }
        }
        @if form.period.closed_at.is_some() { p class="flash flash--bad" { (t.period_closed_text()) } }
        @if form.registration.state != "registered" { p class="flash flash--bad" { (t.unit_not_registered()) " " a href=(desk.href(&back)) { (t.registration()) } } }
        @else if form.is_open() { (report_form(desk, &form, shown)) (file_forms(desk, &form)) }
        @else { (sent_report(desk, &form)) }
    };
    Ok(desk.page_with(status, &t.report_of(&name, &form.registration.unit_name), Extra { wide: true }, &content))
}

/// The words of the script.
fn script_words(t: Text) -> String {
    let mut words = script_words_of_saving(t);
    words["check"] = serde_json::json!({
        "missing": t.cell_missing(), "nothing": t.cell_nothing(), "unclear": t.cell_unclear("{decimal}", "{thousands}"),
        "unclearThousands": t.cell_choose("{figure}"), "unclearDecimal": t.cell_choose("{figure}"),
        "notANumber": t.no_figure(), "tooLarge": t.figure_too_large(), "tooPrecise": t.figure_too_precise(),
        "negative": t.doubt_negative(), "farAbove": t.doubt_far_above("{times}"), "falls": t.doubt_falls(), "overWhole": t.doubt_over_whole(),
        "explained": t.doubt_explained(), "reads": t.cell_reads("{figure}"), "pasted": t.cells_pasted("{n}"),
        "notPlaced": t.cells_unplaced(), "whichColumn": t.cells_which_column(),
    });
    words.to_string()
}

fn report_form(desk: &Desk, form: &ReportForm, shown: &Shown) -> Markup {
    let t = desk.t();
    let cells = shown.typed.as_ref().unwrap_or(&form.cells);
    let text = |name: &str| cells.get(name).map_or("", String::as_str);
    let states: HashMap<String, CellState> = form.states(cells).into_iter().collect();
    let said = |code: &str| shown.checked.then(|| states.get(code)).flatten().filter(|state| !state.can_be_sent());
    let action = desk.href(&report_path(form.registration.id, form.period.id));
    let version = shown.version.unwrap_or_else(|| form.report.as_ref().map_or(0, |report| report.version));
    let staff = is_staff(&desk.actor(), form.registration.unit_id);
    html! {
        @if shown.checked && form.asked.iter().any(|asked| said(&asked.target.code).is_some()) {
            div class="form-errors" role="alert" tabindex="-1" {
                h2 { (t.report_refused()) }
                ul { @for asked in &form.asked { @if let Some(state) = said(&asked.target.code) {
                    li { a href={ "#" (figure_name(&asked.target.code)) } { (asked.target.name) ": " (state_sentence(state, t)) } }
                } } }
            }
        }
        @if !shown.others.is_empty() {
            div class="conflicts flash flash--bad" role="alert" {
                p { strong { (t.report_conflict()) } }
                ul { @for (name, other) in &shown.others { li { a href={ "#" (if name == SUMMARY { "viec-da-lam" } else { name }) } { (cell_label(form, name, t)) } ": " (t.report_conflict_other(other)) } } }
            }
        }
        form id=(FORM) method="post" action=(action) class="report-form" autocomplete="off"
            data-save=(format!("{action}/tu-luu")) data-id=(format!("report:{}:{}", form.registration.id, form.period.id))
            data-words=(script_words(t)) data-sign-in=(desk.href("/dang-nhap")) data-lang=(desk.lang.code()) {
            (hidden("version", &version.to_string())) (hidden("base", &shown.base))
            p class="save-state" role="status" data-save-state {}
            @if staff {
                p class="flash" role="note" { (t.on_behalf_note()) }
                (input(&Input { id: BEHALF, name: BEHALF, label: t.on_behalf_of(), value: text(BEHALF), hint: t.on_behalf_hint(), ..Input::default() }))
            }
            p class="hint" { (t.report_figures_hint()) }
            div class="table-scroll" tabindex="0" role="region" aria-label=(t.report_figures()) {
                table class="report-table" {
                    thead { tr {
                        th scope="col" { (t.column_target()) } th scope="col" { (t.column_measure()) } th scope="col" { (t.figure_before()) }
                        th scope="col" { (t.figure_now()) } th scope="col" { (t.figure_reason()) }
                    } }
                    tbody { @for asked in &form.asked { (figure_row(asked, &text, said(&asked.target.code), t)) } }
                }
            }
            div class="field" {
                label for="viec-da-lam" { (t.report_summary()) }
                (text_area("viec-da-lam", SUMMARY, 8, text(SUMMARY), false))
                p class="hint" { (t.report_summary_hint()) }
            }
            div class="form-actions save-actions" {
                button class="button" type="submit" name="viec" value="luu" { (t.save_draft()) }
                " " button class="button button--strong" type="submit" name="viec" value="gui" { (t.send_report()) }
            }
        }
    }
}

fn figure_row<'a>(asked: &Asked, text: &dyn Fn(&str) -> &'a str, said: Option<&CellState>, t: Text) -> Markup {
    let code = &asked.target.code;
    let (name, reason) = (figure_name(code), reason_name(code));
    let data = serde_json::json!({
        "code": code, "counting": asked.target.counting, "goal": asked.figure.goal.map(Figure::plain), "percent": asked.figure.percent,
        "earlier": asked.figure.earlier.iter().map(|figure| figure.map(Figure::plain)).collect::<Vec<_>>(),
    });
    html! {
        tr data-figure=(data) {
            th scope="row" { label for=(name) { (asked.target.name) } (own_goal(asked, t)) }
            td data-name=(t.column_measure()) { (asked.target.measure) }
            td class="number" data-name=(t.figure_before()) { (asked.before().map_or_else(|| "–".to_owned(), |figure| figure.show(t.0))) }
            td {
                input id=(name) name=(name) type="text" inputmode="decimal" autocomplete="off" value=(text(&name))
                    aria-invalid=[said.map(|_| "true")] aria-describedby={ "noi-" (code) };
                p class=(if said.is_some() { "cell-said cell-said--bad" } else { "cell-said" }) id={ "noi-" (code) } role="status" { @if let Some(state) = said { (state_sentence(state, t)) } }
            }
            td class="cell-reason" {
                label for=(reason) class="cell-reason-label" { (t.figure_reason_of(&asked.target.name)) }
                textarea id=(reason) name=(reason) rows="1" placeholder=" " { "\n" (text(&reason)) }
            }
        }
    }
}

/// What the unit set itself: who fills in a figure, and who looks at it, sees what it is measured by.
fn own_goal(asked: &Asked, t: Text) -> Markup {
    html! { @if let Some(goal) = asked.figure.goal { span class="hint cell-goal" { (t.own_goal()) ": " (goal.show(t.0)) } } }
}

fn cell_label(form: &ReportForm, name: &str, t: Text) -> String {
    let target = form
        .asked
        .iter()
        .find(|asked| figure_name(&asked.target.code) == name || reason_name(&asked.target.code) == name);
    match (target, name) {
        (Some(asked), _) => asked.target.name.clone(),
        (None, BEHALF) => t.on_behalf_of().to_owned(),
        _ => t.report_summary().to_owned(),
    }
}

/// What keeps a figure from being sent, as a sentence.
pub fn state_sentence(state: &CellState, t: Text) -> String {
    match state {
        CellState::Missing => t.cell_missing().to_owned(),
        CellState::Nothing => t.cell_nothing().to_owned(),
        CellState::Unclear { thousands, decimal } => t.cell_unclear(unmistakable(*decimal), unmistakable(*thousands)),
        CellState::Unreadable(Unreadable::TooLarge) => t.figure_too_large().to_owned(),
        CellState::Unreadable(Unreadable::TooPrecise) => t.figure_too_precise().to_owned(),
        CellState::Unreadable(_) => t.no_figure().to_owned(),
        CellState::Figure { doubts, .. } => {
            let sentences: Vec<String> = doubts.iter().map(|doubt| doubt_sentence(*doubt, t)).collect();
            sentences.join(" ")
        }
    }
}

/// What looks absurd, as a sentence.
pub fn doubt_sentence(doubt: Doubt, t: Text) -> String {
    match doubt {
        Doubt::Negative => t.doubt_negative().to_owned(),
        Doubt::FarAbove { times } => t.doubt_far_above(times.to_string()),
        Doubt::Falls => t.doubt_falls().to_owned(),
        Doubt::OverWhole => t.doubt_over_whole().to_owned(),
    }
}

/// A figure as it can be typed and read in one way only: digits without separators, with a decimal comma.
pub fn unmistakable(figure: Figure) -> String {
    let typed = figure.plain().replace('.', ",");
    match figure::read(&typed) {
        Ok(Reading::One(_)) => typed,
        // Three decimals look like thousands; four do not.
        _ => format!("{typed}0"),
    }
}

/// A button that sends the whole form with its files elsewhere.
fn send_with_files(action: &str, class: &str, removed: Option<i64>, label: &str) -> Markup {
    html! {
        button class=(class) type="submit" form=(FORM) formaction=(action) formenctype="multipart/form-data"
            name=[removed.map(|_| REMOVED)] value=[removed] { (label) }
    }
}

/// What stands below the form: a table from a file, the files behind the report.
fn file_forms(desk: &Desk, form: &ReportForm) -> Markup {
    let t = desk.t();
    let path = desk.href(&report_path(form.registration.id, form.period.id));
    html! {
        section class="editor-more" aria-labelledby="tu-bang" {
            h2 id="tu-bang" class="section-title" { (t.report_from_table()) }
            p { (t.report_from_table_text()) " " a href=(format!("{path}/mau")) download { (t.report_template()) } }
            div class="field" { label for="tep-bang" { (t.report_table_file()) } input id="tep-bang" name=(TABLE) form=(FORM) type="file" accept=".xlsx,.csv,.txt,.tsv"; }
            div class="field" { label for="dan-bang" { (t.report_table_pasted()) } textarea id="dan-bang" name=(PASTED) form=(FORM) rows="4" { "\n" } }
            (send_with_files(&format!("{path}/bang"), "button", None, t.report_table_read()))
        }
        section class="editor-more" aria-labelledby="bang-chung" {
            h2 id="bang-chung" class="section-title" { (t.evidence()) }
            (evidence_list(desk, form, true))
            div class="field" {
                label for="tep" { (t.evidence_file()) }
                input id="tep" name=(EVIDENCE) form=(FORM) type="file" accept="image/*,.pdf,.docx,.xlsx";
                p class="hint" { (t.evidence_hint()) }
            }
            label class="check" { input type="checkbox" name=(PUBLIC) form=(FORM) value="1"; " " (t.evidence_public()) }
            div class="form-actions" { (send_with_files(&format!("{path}/tep"), "button", None, t.evidence_add())) }
        }
    }
}

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

/// A report that was sent or accepted: as it stands.
fn sent_report(desk: &Desk, form: &ReportForm) -> Markup {
    let t = desk.t();
    html! {
        @if form.state() == "accepted" { p class="flash flash--good" { (t.report_accepted_text()) } }
        @else { p class="flash" { (t.report_sent_text()) } }
        (cells_table(form, &[], t))
        section aria-labelledby="bang-chung" { h2 id="bang-chung" class="section-title" { (t.evidence()) } (evidence_list(desk, form, false)) }
    }
}

/// What a report says, cell by cell.
pub fn cells_table(form: &ReportForm, corrections: &[SignedCorrectionRow], t: Text) -> Markup {
    // The latest stands first.
    let corrected = |id: i64| {
        let row = corrections.iter().find(|row| row.target_id == id)?;
        figure_of(row.new_value?, row.new_scale?)
    };
    let text = |name: String| form.cells.get(&name).map_or("", String::as_str);
    html! {
        div class="table-scroll" tabindex="0" role="region" aria-label=(t.report_figures()) {
            table class="report-table" {
                thead { tr { th scope="col" { (t.column_target()) } th scope="col" { (t.column_measure()) } th scope="col" { (t.figure_before()) } th scope="col" { (t.figure_now()) } th scope="col" { (t.figure_reason()) } } }
                tbody {
                    @for (asked, (code, state)) in form.asked.iter().zip(form.states(&form.cells)) {
                        tr {
                            th scope="row" { (asked.target.name) (own_goal(asked, t)) }
                            td data-name=(t.column_measure()) { (asked.target.measure) }
                            td class="number" data-name=(t.figure_before()) { (asked.before().map(|figure| figure.show(t.0)).unwrap_or_default()) }
                            td class="number" data-name=(t.figure_now()) {
                                @match &state {
                                    CellState::Figure { figure, doubts, .. } => {
                                        (figure.show(t.0))
                                        @for doubt in doubts { p class="cell-said cell-said--doubt" { (doubt_sentence(*doubt, t)) } }
                                    },
                                    _ => (text(figure_name(&code))),
                                }
                                @if let Some(figure) = corrected(asked.target.id) { p class="cell-said" { (t.corrected_to(figure.show(t.0))) } }
                            }
                            @let reason = text(reason_name(&code));
                            td data-name=[(!reason.is_empty()).then(|| t.figure_reason())] { (reason) }
                        }
                    }
                }
            }
        }
        @let summary = text(SUMMARY.to_owned());
        @if !summary.is_empty() { h2 class="section-title" { (t.report_summary()) } @for line in summary.lines().filter(|line| !line.trim().is_empty()) { p { (line) } } }
    }
}

fn typed_report(fields: &Fields) -> TypedReport {
    let base = fields.get("base");
    let mut cells = cells_of(fields);
    for name in [TABLE, PASTED, EVIDENCE, PUBLIC, REMOVED] {
        cells.remove(name);
    }
    TypedReport {
        version: fields.number("version").unwrap_or_default(),
        base: (!base.is_empty()).then(|| serde_json::from_str(base).ok()).flatten(),
        cells,
    }
}

/// Saves what came with a file as a draft, so that nothing typed is lost by it; where that can't be done the answer
/// says why, with what was typed.
async fn save_beside(
    desk: &Desk,
    state: &AppState,
    (id, period): (i64, i64),
    fields: &Fields,
) -> Result<(), Box<Response>> {
    let typed = typed_report(fields);
    let says_nothing = typed.cells.values().all(|text| text.trim().is_empty());
    if !fields.has("version") || (typed.version == 0 && says_nothing) {
        return Ok(());
    }
    let (status, shown) = match service::save_report(&state.store, &desk.actor(), id, period, &typed).await {
        Ok(SavedReport::Done { .. } | SavedReport::Merged { .. }) => return Ok(()),
        saved => not_saved(saved, fields, &typed),
    };
    Err(Box::new(match shown {
        Ok(shown) => desk.end(page(desk, state, id, period, status, &shown).await),
        Err(error) => failure_with_text(desk, &error, &kept_text(&typed.cells, desk.t())),
    }))
}

/// What is shown where a report could not be saved as it was typed: the form, or an error beside the text.
fn not_saved(
    saved: Result<SavedReport, AppError>,
    fields: &Fields,
    typed: &TypedReport,
) -> (StatusCode, Result<Shown, AppError>) {
    match saved {
        Ok(SavedReport::Conflict { version, cells, others }) => {
            let shown = Shown { typed: Some(cells), version: Some(version), others, ..Shown::default() };
            (StatusCode::CONFLICT, Ok(shown))
        }
        Ok(_) => (StatusCode::CONFLICT, Err(AppError::Conflict)),
        Err(error @ AppError::Invalid(_)) => {
            let shown = Shown {
                typed: Some(typed.cells.clone()),
                version: Some(typed.version),
                base: fields.get("base").to_owned(),
                error: Some(error),
                ..Shown::default()
            };
            (StatusCode::UNPROCESSABLE_ENTITY, Ok(shown))
        }
        Err(error) => (StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), Err(error)),
    }
}

/// POST: saves the report, or sends it.
pub async fn take(
    desk: Desk,
    State(state): State<AppState>,
    Path((id, period)): Path<(i64, i64)>,
    fields: Fields,
) -> Response {
    let (store, actor, t) = (&state.store, desk.actor(), desk.t());
    let typed = typed_report(&fields);
    let here = report_path(id, period);
    let done = match fields.get("viec") {
        "gui" => service::send_report(store, &actor, id, period, &typed).await,
        "luu" => service::save_report(store, &actor, id, period, &typed).await.map(SentReport::NotSaved),
        _ => Err(AppError::BadAddress),
    };
    let (status, shown) = match done {
        Ok(SentReport::Done) => return desk.redirect(&format!("{here}?da-gui")),
        Ok(SentReport::NotSaved(SavedReport::Done { .. })) => return desk.redirect(&format!("{here}?da-luu")),
        Ok(SentReport::NotSaved(SavedReport::Merged { .. })) => return desk.redirect(&format!("{here}?da-tron")),
        Ok(SentReport::NotSaved(saved)) => not_saved(Ok(saved), &fields, &typed),
        Ok(SentReport::Refused(_)) => {
            // What was refused was saved: it is shown as it is stored.
            (StatusCode::UNPROCESSABLE_ENTITY, Ok(Shown { checked: true, ..Shown::default() }))
        }
        Ok(SentReport::NoBehalf) => {
            let notice = Some((t.on_behalf_missing().to_owned(), false));
            (StatusCode::UNPROCESSABLE_ENTITY, Ok(Shown { notice, ..Shown::default() }))
        }
        Ok(SentReport::PeriodClosed) => (StatusCode::CONFLICT, Ok(Shown::default())),
        Err(error) => not_saved(Err(error), &fields, &typed),
    };
    match shown {
        Ok(shown) => desk.end(page(&desk, &state, id, period, status, &shown).await),
        Err(error) => failure_with_text(&desk, &error, &kept_text(&typed.cells, t)),
    }
}

/// What was typed, as one text to be copied from the page of an error.
fn kept_text(cells: &Cells, t: Text) -> Fields {
    let lines: Vec<String> = cells
        .iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(name, text)| format!("{name}: {text}"))
        .collect();
    let title = if lines.is_empty() { String::new() } else { t.report_typed().to_owned() };
    Fields(vec![("title".to_owned(), title), ("body".to_owned(), lines.join("\n"))])
}

/// POST: a saving by the script.
pub async fn save_by_script(
    desk: Desk,
    State(state): State<AppState>,
    Path((id, period)): Path<(i64, i64)>,
    fields: Fields,
) -> Response {
    let answer = match service::save_report(&state.store, &desk.actor(), id, period, &typed_report(&fields)).await {
        Ok(SavedReport::Done { version }) => serde_json::json!({ "saved": "done", "version": version }),
        Ok(SavedReport::Merged { version, cells }) => {
            serde_json::json!({ "saved": "merged", "version": version, "cells": cells })
        }
        Ok(SavedReport::Conflict { cells, others, .. }) => {
            let names: Vec<&String> = others.iter().map(|(name, _)| name).collect();
            serde_json::json!({ "saved": "conflict", "cells": cells, "conflicts": names })
        }
        Ok(SavedReport::Closed) => serde_json::json!({ "saved": "closed" }),
        Err(error @ AppError::Invalid(_)) => return told(&error, desk.t()),
        Err(error) => return answer_error(&error),
    };
    axum::Json(answer).into_response()
}

/// GET: an empty table to fill in, as a workbook.
pub async fn template(desk: Desk, State(state): State<AppState>, Path((id, period)): Path<(i64, i64)>) -> Response {
    let made = async {
        let form = service::read_report(&state.store, &desk.actor(), id, period).await?;
        let t = desk.t();
        let text = |text: &str| Cell::Text(text.to_owned());
        let mut rows = vec![vec![
            text(t.column_code()),
            text(t.column_target()),
            text(t.column_measure()),
            text(t.figure_now()),
            text(t.figure_reason()),
        ]];
        for asked in &form.asked {
            rows.push(vec![
                text(&asked.target.code),
                text(&asked.target.name),
                text(&asked.target.measure),
                Cell::Empty,
                Cell::Empty,
            ]);
        }
        let name = period_name(&form.period, Text(Lang::Vi));
        sheet::write_xlsx(&Book { sheets: vec![(name, rows)] }).map_err(|problem| internal(format!("{problem:?}")))
    };
    match made.await {
        Ok(bytes) => attachment(bytes, XLSX, "mau-bao-cao.xlsx"),
        Err(error) => desk.failure(&error),
    }
}

/// The type of a workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file to keep.
pub fn attachment(bytes: Vec<u8>, media_type: &'static str, name: &str) -> Response {
    let mut answer = Response::new(axum::body::Body::from(bytes));
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    crate::server::policy::CachePolicy::Private.of(answer)
}

/// A line of a table that was read.
struct ReadLine {
    /// Which line, from 1.
    line: usize,
    /// What stood in it.
    shown: String,
    /// The target with its figure, as it is to be typed, or what is wrong.
    read: Result<(String, String), String>,
}

/// POST: a table from a file or pasted: what was read is shown before anything is taken.
pub async fn read_table(
    desk: Desk,
    State(state): State<AppState>,
    Path((id, period)): Path<(i64, i64)>,
    form: Multipart,
) -> Response {
    let t = desk.t();
    let mut uploaded = match read_upload(form).await {
        Ok(uploaded) => uploaded,
        Err(error) => return desk.failure(&error),
    };
    if let Err(answer) = save_beside(&desk, &state, (id, period), &uploaded.fields).await {
        return *answer;
    }
    let read = async {
        let bytes = uploaded.take(TABLE)?.bytes;
        let stored = service::read_report(&state.store, &desk.actor(), id, period).await?;
        let pasted = uploaded.fields.get(PASTED).to_owned();
        if bytes.is_empty() && pasted.trim().is_empty() {
            return Err(invalid(Field::File, Problem::Missing));
        }
        let reading = move || if bytes.is_empty() { sheet::read_pasted(&pasted) } else { sheet::read(&bytes) };
        let sheet = tokio::task::spawn_blocking(reading).await.map_err(internal)?;
        Ok((stored, sheet))
    };
    match read.await {
        Ok((stored, Ok(sheet))) => {
            let lines = read_lines(&stored, &sheet, t);
            preview(&desk, &stored, &lines)
        }
        Ok((_, Err(problem))) => {
            let notice = Some((sheet_problem(problem, t).to_owned(), false));
            let shown = Shown { notice, ..Shown::default() };
            desk.end(page(&desk, &state, id, period, StatusCode::UNPROCESSABLE_ENTITY, &shown).await)
        }
        Err(error @ (AppError::Invalid(_) | AppError::TooLarge)) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            let shown = Shown { error: Some(error), ..Shown::default() };
            desk.end(page(&desk, &state, id, period, status, &shown).await)
        }
        Err(error) => desk.failure(&error),
    }
}

fn sheet_problem(problem: SheetProblem, t: Text) -> &'static str {
    match problem {
        SheetProblem::TooLarge => t.file_too_large(),
        SheetProblem::NotASheet => t.sheet_none(),
        SheetProblem::Unreadable => t.sheet_unreadable(),
        SheetProblem::Empty => t.sheet_empty(),
        SheetProblem::TooManyRows => t.sheet_too_long(),
    }
}

fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.trim().to_owned(),
        Cell::Number(figure) => unmistakable(*figure),
    }
}

/// The name of a column as spreadsheets have it.
fn column_name(index: usize) -> String {
    let mut name = String::new();
    let mut rest = index + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).unwrap_or_default();
        name.insert(0, char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    name
}

/// Finds in each line the target that it names, and its figure: in the column that is called so, or in the first cell
/// after the name that reads like one.
fn read_lines(form: &ReportForm, sheet: &Sheet, t: Text) -> Vec<ReadLine> {
    let named = |row: &[Cell]| row.iter().position(|cell| find_target(form, &cell_text(cell)).is_some());
    let is_heading = |text: &str| {
        let folded = fold(text);
        [t.figure_now(), Text(Lang::Vi).figure_now(), Text(Lang::En).figure_now()]
            .iter()
            .any(|name| fold(name) == folded)
    };
    let heading = sheet.rows.iter().take(10).find_map(|row| row.iter().position(|cell| is_heading(&cell_text(cell))));
    let mut lines = Vec::new();
    for (index, row) in sheet.rows.iter().enumerate() {
        let texts: Vec<String> = row.iter().map(cell_text).collect();
        if texts.iter().all(String::is_empty) || row.iter().any(|cell| is_heading(&cell_text(cell))) {
            continue;
        }
        let shown = texts.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join(" | ");
        let read = match named(row) {
            None => Err(t.table_no_target().to_owned()),
            Some(at) => {
                let asked = find_target(form, &texts[at]);
                let column = heading.or_else(|| (at + 1..row.len()).find(|column| reads_like_figure(&row[*column])));
                let column = column.unwrap_or(row.len());
                let cell = texts.get(column).map_or("", String::as_str);
                match (asked, figure::read(cell)) {
                    (Some(asked), Ok(Reading::One(figure))) => Ok((asked.target.code.clone(), unmistakable(figure))),
                    (Some(asked), Err(Unreadable::Empty)) if !cell.is_empty() => {
                        Ok((asked.target.code.clone(), "-".to_owned()))
                    }
                    (_, Ok(Reading::Either { thousands, decimal })) => {
                        let sentence = t.unclear_choice(unmistakable(decimal), unmistakable(thousands));
                        Err(t.table_cell(format!("{}{}", column_name(column), index + 1), sentence, cell))
                    }
                    (_, Err(Unreadable::Empty)) => Err(t.table_cell_empty().to_owned()),
                    _ => Err(t.table_cell(format!("{}{}", column_name(column), index + 1), t.no_figure(), cell)),
                }
            }
        };
        lines.push(ReadLine { line: index + 1, shown, read });
    }
    lines
}

fn reads_like_figure(cell: &Cell) -> bool {
    match cell {
        Cell::Number(_) => true,
        Cell::Text(text) => text.chars().any(|c| c.is_ascii_digit()) && !text.chars().any(char::is_alphabetic),
        Cell::Empty => false,
    }
}

fn find_target<'a>(form: &'a ReportForm, text: &str) -> Option<&'a Asked> {
    if text.is_empty() {
        return None;
    }
    let folded = fold(text);
    form.asked.iter().find(|asked| asked.target.code.eq_ignore_ascii_case(text) || fold(&asked.target.name) == folded)
}

fn preview(desk: &Desk, form: &ReportForm, lines: &[ReadLine]) -> Response {
    let t = desk.t();
    let action = desk.href(&report_path(form.registration.id, form.period.id));
    let mut cells = form.cells.clone();
    for (code, typed) in lines.iter().filter_map(|line| line.read.as_ref().ok()) {
        cells.insert(figure_name(code), typed.clone());
    }
    let (good, bad) =
        (lines.iter().filter(|line| line.read.is_ok()).count(), lines.iter().filter(|line| line.read.is_err()).count());
    let version = form.report.as_ref().map_or(0, |report| report.version);
    let name = |code: &str| {
        form.asked.iter().find(|asked| asked.target.code == code).map_or("", |asked| asked.target.name.as_str())
    };
    let content = html! {
        h1 { (t.table_preview()) }
        p { (t.table_counts(bad, good)) }
        div class="table-scroll" tabindex="0" role="region" aria-label=(t.table_preview()) {
            table class="report-table" {
                thead { tr { th scope="col" { (t.table_line()) } th scope="col" { (t.table_content()) } th scope="col" { (t.column_target()) } th scope="col" { (t.figure_now()) } } }
                tbody {
                    @for line in lines {
                        tr {
                            th scope="row" { (line.line) }
                            td { (line.shown) }
                            @match &line.read {
                                Ok((code, typed)) => { td { (name(code)) } td class="number" { (typed) } },
                                Err(problem) => td colspan="2" { span class="cell-said cell-said--bad" { (problem) } },
                            }
                        }
                    }
                }
            }
        }
        form method="post" action=(action) {
            (hidden("version", &version.to_string()))
            @for (name, text) in &cells { (hidden(name, text)) }
            div class="form-actions" {
                @if good > 0 { button class="button button--strong" type="submit" name="viec" value="luu" { (t.table_take(good)) } " " }
                a class="button button--quiet" href=(action) { (t.go_back()) }
            }
        }
    };
    desk.page(t.table_preview(), &content)
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

/// A stored file to keep, under a name that every system takes.
pub fn stored_file(name: &str, media_type: &str, bytes: Vec<u8>) -> Response {
    let (media_type, ending) = match media_type {
        "application/pdf" => ("application/pdf", "pdf"),
        "image/jpeg" => ("image/jpeg", "jpg"),
        XLSX => (XLSX, "xlsx"),
        _ => ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    };
    let plain = name.rsplit_once('.').map_or(name, |(plain, _)| plain);
    let slug = Slug::from_folded(&fold(plain)).map_or_else(|| "tep".to_owned(), |slug| slug.to_string());
    attachment(bytes, media_type, &format!("{slug}.{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_written_so_that_it_is_read_in_one_way() {
        for (mantissa, scale, typed) in [
            (1234, 0, "1234"),
            (12_345, 1, "1234,5"),
            (1234, 3, "1,2340"),
            (-1234, 3, "-1,2340"),
            (125, 3, "0,125"),
            (0, 0, "0"),
        ] {
            let figure = Figure::new(mantissa, scale).expect("a figure");
            assert_eq!(unmistakable(figure), typed);
            assert_eq!(figure::read(&unmistakable(figure)), Ok(Reading::One(figure)), "{typed}");
        }
    }

    #[test]
    fn columns_are_called_as_spreadsheets_call_them() {
        for (index, name) in [(0, "A"), (3, "D"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(column_name(index), name);
        }
    }
}
