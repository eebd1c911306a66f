//! A unit's report of a period: figures typed, pasted or read from a file, what was done, the files behind it.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, Input, failure_with_text, form_errors, hidden, input, text_area};
use super::guard::answer_error;
use super::library::{Uploaded, told};
use super::participation::{cells_of, ended_sentence, period_name, report_path, report_state};
use super::writing::script_words_of_saving;
use crate::domain::error::AppError;
use crate::domain::figure::{self, Figure, Reading, Unreadable};
use crate::domain::progress::Doubt;
use crate::domain::report::{CellState, Cells, SUMMARY, figure_name, reason_name};
use crate::domain::time::Instant;
use crate::server::db::desk::report::SignedCorrectionRow;
use crate::server::made::campaign::day;
use crate::server::services::registration::{BEHALF, is_staff};
use crate::server::services::report::{
    self as service, Asked, ReportForm, SavedReport, SentReport, TypedReport, figure_of,
};
use crate::server::state::AppState;
use crate::text::Text;

pub mod evidence;
pub mod table;

use self::evidence::evidence_list;

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
        Some("da-rut") => Some((t.report_taken_back().to_owned(), true)),
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
            div class="flash flash--bad" role="note" { p { strong { (t.report_returned_notes()) } } p { (report.notes) } }
        }
        @if form.period.closed_at.is_some() { p class="flash flash--bad" { (t.period_closed_text()) } }
        @if form.registration.state == "withdrawn" { p class="flash flash--bad" { (ended_sentence(&form.registration, t)) " " (t.registration_ended_ask()) } }
        @else if form.registration.state != "registered" { p class="flash flash--bad" { (t.unit_not_registered()) " " a href=(desk.href(&back)) { (t.registration()) } } }
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
        form id=(FORM) method="post" action=(action) enctype="multipart/form-data" class="report-form" autocomplete="off"
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
            th scope="row" {
                label for=(name) { (asked.target.name) } (own_goal(asked, t))
                @if let Some(before) = service::together(&asked.figure, None) { span class="hint cell-goal" { (t.figures_before()) ": " (before.show(t.0)) } }
            }
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
    html! {
        @if let Some(goal) = asked.figure.goal { span class="hint cell-goal" { (t.own_goal()) ": " (goal.show(t.0)) } }
    }
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
        button class=(class) type="submit" form=(FORM) formaction=(action) name=[removed.map(|_| REMOVED)] value=[removed] { (label) }
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

/// A report that was sent or accepted: as it stands.
fn sent_report(desk: &Desk, form: &ReportForm) -> Markup {
    let t = desk.t();
    html! {
        @if form.state() == "accepted" { p class="flash flash--good" { (t.report_accepted_text()) } }
        @else { p class="flash" { (t.report_sent_text()) } (take_back_form(desk, form)) }
        (cells_table(form, &[], t))
        section aria-labelledby="bang-chung" { h2 id="bang-chung" class="section-title" { (t.evidence()) } (evidence_list(desk, form, false)) }
    }
}

/// The way back for whoever sees an error in what was sent, as long as nobody has decided it.
fn take_back_form(desk: &Desk, form: &ReportForm) -> Markup {
    let t = desk.t();
    html! {
        @if service::may_take_back(&desk.actor(), form) {
            details {
                summary { (t.report_take_back()) }
                form method="post" action=(desk.href(&report_path(form.registration.id, form.period.id))) {
                    p { (t.report_take_back_text()) }
                    div class="form-actions" { button class="button" type="submit" name="viec" value="rut-lai" { (t.report_take_back()) } }
                }
            }
        }
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
                                        @if let Some(all) = service::together(&asked.figure, Some(*figure)) { p class="cell-said" { (t.figures_together(all.show(t.0))) } }
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

/// POST: saves the report, sends it, or takes it back.
pub async fn take(
    desk: Desk,
    State(state): State<AppState>,
    Path((id, period)): Path<(i64, i64)>,
    mut uploaded: Uploaded,
) -> Response {
    let fields = std::mem::take(&mut uploaded.fields);
    if fields.get("viec") == "rut-lai" {
        return match service::take_back_report(&state.store, &desk.actor(), id, period).await {
            Ok(()) => desk.redirect(&format!("{}?da-rut", report_path(id, period))),
            Err(error) => told_error(&desk, &state, (id, period), error).await,
        };
    }
    match take_files(&desk, &state, (id, period), uploaded, &fields).await {
        Ok(version) => save_or_send(&desk, &state, (id, period), &fields, version).await,
        Err(answer) => *answer,
    }
}

/// Whatever button was pressed, a file that is chosen is taken, and a table that is chosen or pasted is shown before
/// anything else is done. Gives the version of what was saved with them, or the answer.
async fn take_files(
    desk: &Desk,
    state: &AppState,
    of: (i64, i64),
    mut uploaded: Uploaded,
    fields: &Fields,
) -> Result<Option<i64>, Box<Response>> {
    let tabled = uploaded.has(TABLE) || !fields.get(PASTED).trim().is_empty();
    if !(tabled || uploaded.has(EVIDENCE) || fields.has(REMOVED)) {
        return Ok(None);
    }
    save_beside(desk, state, of, fields).await?;
    if let Err(error) = evidence::take_within(desk, state, of, &mut uploaded, fields).await {
        return Err(Box::new(told_error(desk, state, of, error).await));
    }
    if tabled {
        return Err(Box::new(table::read_within(desk, state, of, uploaded, fields).await));
    }
    match service::read_report(&state.store, &desk.actor(), of.0, of.1).await {
        Ok(form) => Ok(Some(form.report.map_or(0, |report| report.version))),
        Err(error) => Err(Box::new(desk.failure(&error))),
    }
}

/// The form with what is wrong with a file, or the page of an error.
async fn told_error(desk: &Desk, state: &AppState, (id, period): (i64, i64), error: AppError) -> Response {
    if !matches!(error, AppError::Invalid(_) | AppError::TooLarge | AppError::Conflict) {
        return desk.failure(&error);
    }
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    let shown = Shown { error: Some(error), ..Shown::default() };
    desk.end(page(desk, state, id, period, status, &shown).await)
}

async fn save_or_send(
    desk: &Desk,
    state: &AppState,
    (id, period): (i64, i64),
    fields: &Fields,
    version: Option<i64>,
) -> Response {
    let (store, actor, t) = (&state.store, desk.actor(), desk.t());
    let mut typed = typed_report(fields);
    if let Some(version) = version {
        (typed.version, typed.base) = (version, None);
    }
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
        Ok(SentReport::NotSaved(saved)) => not_saved(Ok(saved), fields, &typed),
        Ok(SentReport::Refused(_)) => {
            // What was refused was saved: it is shown as it is stored.
            (StatusCode::UNPROCESSABLE_ENTITY, Ok(Shown { checked: true, ..Shown::default() }))
        }
        Ok(SentReport::NoBehalf) => {
            let notice = Some((t.on_behalf_missing().to_owned(), false));
            (StatusCode::UNPROCESSABLE_ENTITY, Ok(Shown { notice, ..Shown::default() }))
        }
        Ok(SentReport::NotBegun) => {
            let notice = Some((t.period_not_begun().to_owned(), false));
            (StatusCode::CONFLICT, Ok(Shown { notice, ..Shown::default() }))
        }
        Ok(SentReport::PeriodClosed) => (StatusCode::CONFLICT, Ok(Shown::default())),
        Err(error) => not_saved(Err(error), fields, &typed),
    };
    match shown {
        Ok(shown) => desk.end(page(desk, state, id, period, status, &shown).await),
        Err(error) => failure_with_text(desk, &error, &kept_text(&typed.cells, t)),
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
}
