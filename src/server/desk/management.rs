//! A launched campaign, as whoever runs it sees it: who takes part, periods, reports to look at, figures to correct.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, Input, form_errors, hidden, input, text_area};
use super::history::{decision, who_name};
use super::participation::{days_name, ended_sentence, period_name, registration_state, report_state, signer};
use super::report::cells_table;
use super::report::evidence::evidence_list;
use super::review::{self, ReviewForm};
use crate::domain::day::Day;
use crate::domain::error::AppError;
use crate::domain::figure::Figure;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::desk::report::{ReportRow, SignedCorrectionRow};
use crate::server::made::campaign::day;
use crate::server::made::result::notes::by;
use crate::server::services::registration::{self as registration, Managed, path_of};
use crate::server::services::report::{self as service, ReportForm, ReviewedReport, figure_of, is_late};
use crate::server::services::review::list_reviews;
use crate::server::state::AppState;

/// What the page of a campaign shows besides what is stored.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// That what was asked for is done.
    pub done: bool,
    /// What was typed to begin a review.
    pub review: ReviewForm,
    /// The registration that was not ended, what was typed as the reason, and why not.
    pub not_ended: Option<(i64, String, AppError)>,
}

/// GET: everything that waits in a campaign.
pub async fn show(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, uri: http::Uri) -> Response {
    let done = uri.query().is_some_and(|query| query == "xong");
    desk.end(page(&desk, &state, id, StatusCode::OK, &Shown { done, ..Shown::default() }).await)
}

/// Everything that waits in a campaign.
///
/// # Errors
/// `NotFound`, or `Forbidden`.
pub(super) async fn page(
    desk: &Desk,
    state: &AppState,
    id: i64,
    status: StatusCode,
    shown: &Shown,
) -> Result<Response, AppError> {
    let managed = registration::read_managed(&state.store, &desk.actor(), id).await?;
    let reviews = list_reviews(&state.store, &desk.actor(), id).await?;
    let t = desk.t();
    let content = html! {
        p class="breadcrumb" { a href=(desk.href("/quan-tri/thi-dua")) { (t.campaigns()) } }
        h1 { (managed.campaign.title) }
        p class="desk-tabs-inline" {
            a href=(desk.href(&format!("/quan-tri/tin/{id}"))) { (t.campaign_write()) } " · "
            a href=(desk.href(&path_of(&managed.campaign))) { (t.see_public_page()) } " · "
            a href=(desk.href(&format!("{}/ket-qua", path_of(&managed.campaign)))) { (t.campaign_results()) }
        }
        @if shown.done { p class="flash flash--good" role="status" { (t.done()) } }
        (waiting(desk, id, &managed.waiting))
        (periods(desk, id, &managed))
        (review::section(desk, id, &reviews, &managed.periods, &shown.review))
        (registrations(desk, id, &managed, shown))
        @if !managed.decisions.is_empty() {
            section aria-labelledby="ai-da-lam-gi" {
                h2 id="ai-da-lam-gi" class="section-title" { (t.decisions()) }
                ul class="desk-list" { @for row in &managed.decisions { (decision(desk, row)) } }
            }
        }
    };
    Ok(desk.page_with(status, &managed.campaign.title, Extra::default(), &content))
}

fn waiting(desk: &Desk, id: i64, reports: &[ReportRow]) -> Markup {
    let (t, today) = (desk.t(), Day::of(now()));
    html! {
        section aria-labelledby="cho-xem" {
            h2 id="cho-xem" class="section-title" { (t.reports_waiting()) }
            @if reports.is_empty() { p class="desk-empty" { (t.reports_waiting_none()) } }
            ul class="desk-list" {
                @for report in reports {
                    li {
                        div {
                            a class="desk-list-title" href=(desk.href(&format!("/quan-tri/thi-dua/{id}/bao-cao/{}", report.id))) {
                                (t.report_of(days_name(&report.begins, &report.ends, t), &report.unit_name))
                            }
                            p class="hint" {
                                @if let Some(at) = report.sent_at { (t.report_sent_at(Instant(at).minute(desk.lang))) }
                                @if is_late(&report.due, report.first_sent_at, report.signed_at, today) { " " span class="badge badge--bad" { (t.report_was_late()) } }
                                @if !report.on_behalf_of.is_empty() { " · " (t.entered_on_behalf(&report.on_behalf_of)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn periods(desk: &Desk, id: i64, managed: &Managed) -> Markup {
    let t = desk.t();
    let registered = managed.registrations.iter().filter(|row| row.state == "registered").count();
    let count = |n: i64| usize::try_from(n).unwrap_or_default();
    html! {
        section aria-labelledby="ky-bao-cao" {
            h2 id="ky-bao-cao" class="section-title" { (t.periods()) }
            @if managed.periods.is_empty() { p class="desk-empty" { (t.no_periods()) } }
            ul class="desk-list" {
                @for period in &managed.periods {
                    @let (accepted, sent) = managed.counts.iter().find(|(known, ..)| *known == period.id).map_or((0, 0), |(_, accepted, sent)| (*accepted, *sent));
                    li {
                        div {
                            strong { (period_name(period, t)) }
                            p class="hint" {
                                (t.report_due_on(day(&period.due, t))) " · " (t.period_counts(count(accepted), registered, count(sent)))
                                @if period.closed_at.is_some() { " · " span class="badge" { (t.period_closed()) } }
                            }
                        }
                        form method="post" action=(desk.href(&format!("/quan-tri/thi-dua/{id}"))) {
                            (hidden("period", &period.id.to_string()))
                            @if period.closed_at.is_some() { button class="button button--quiet" name="viec" value="mo-ky" { (t.period_open()) } }
                            @else { button class="button button--quiet" name="viec" value="dong-ky" { (t.period_close()) } }
                        }
                    }
                }
            }
        }
    }
}

fn registrations(desk: &Desk, id: i64, managed: &Managed, shown: &Shown) -> Markup {
    let t = desk.t();
    let not_ended = |row: i64| shown.not_ended.as_ref().filter(|(known, ..)| *known == row);
    html! {
        section aria-labelledby="don-vi" {
            h2 id="don-vi" class="section-title" { (t.campaign_taking_part()) }
            @if managed.registrations.is_empty() { p class="desk-empty" { (t.registrations_none()) } }
            ul class="desk-list" {
                @for row in &managed.registrations {
                    li {
                        div {
                            a class="desk-list-title" href=(desk.href(&format!("/quan-tri/tham-gia/{id}/{}", row.unit_slug))) { (row.unit_name) }
                            p class="hint" {
                                span class="badge" { (registration_state(Some(&row.state), t)) }
                                @if let Some(at) = row.signed_at { " " (t.signed_by(Instant(at).minute(desk.lang), signer(row))) }
                                @if !row.on_behalf_of.is_empty() { " · " (t.entered_on_behalf(&row.on_behalf_of)) }
                            }
                            @if row.state == "withdrawn" { p class="hint" { (ended_sentence(row, t)) } }
                        }
                        @if row.state == "registered" {
                            @let refused = not_ended(row.id);
                            details open[refused.is_some()] {
                                summary { (t.registration_end()) }
                                form method="post" action=(desk.href(&format!("/quan-tri/thi-dua/{id}"))) {
                                    (hidden("registration", &row.id.to_string()))
                                    p { (t.registration_end_text()) }
                                    // What was refused is what the sentence above leads to.
                                    @let reason = refused.map_or_else(|| format!("ly-do-{}", row.id), |_| "ly-do".to_owned());
                                    (form_errors(refused.map(|(.., error)| error), t))
                                    div class="field" {
                                        label for=(reason) { (t.withdraw_reason()) }
                                        (text_area(&reason, "ly-do", 2, refused.map_or("", |(_, typed, _)| typed.as_str()), refused.is_some()))
                                    }
                                    button class="button button--quiet" name="viec" value="rut" { (t.registration_end()) }
                                }
                            }
                        } @else if row.state == "withdrawn" {
                            form method="post" action=(desk.href(&format!("/quan-tri/thi-dua/{id}"))) {
                                (hidden("registration", &row.id.to_string()))
                                button class="button button--quiet" name="viec" value="nhan-lai" { (t.registration_again()) }
                            }
                        }
                    }
                }
            }
            form class="desk-filter" method="post" action=(desk.href(&format!("/quan-tri/thi-dua/{id}"))) {
                div class="field" {
                    label for="nhap-thay" { (t.enter_for_unit()) }
                    select id="nhap-thay" name="unit" { @for unit in &managed.units { option value=(unit.slug) { (unit.name) } } }
                }
                button class="button button--quiet" type="submit" name="viec" value="nhap-thay" { (t.enter_for_unit_go()) }
            }
        }
    }
}

/// POST: closes or opens a period, ends a registration, or leads to entering for a unit.
pub async fn take(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, fields: Fields) -> Response {
    let (store, actor) = (&state.store, desk.actor());
    let (period, of) = (fields.number("period").unwrap_or_default(), fields.number("registration").unwrap_or_default());
    let done = match fields.get("viec") {
        "dong-ky" => service::set_period_closed(store, &actor, id, period, true).await,
        "mo-ky" => service::set_period_closed(store, &actor, id, period, false).await,
        "rut" => registration::set_ended(store, &actor, id, of, Some(fields.get("ly-do"))).await,
        "nhan-lai" => registration::set_ended(store, &actor, id, of, None).await,
        "nhap-thay" => return desk.redirect(&format!("/quan-tri/tham-gia/{id}/{}", fields.get("unit"))),
        _ => Err(AppError::BadAddress),
    };
    match done {
        Ok(()) => desk.redirect(&format!("/quan-tri/thi-dua/{id}?xong")),
        Err(error @ AppError::Invalid(_)) => {
            let not_ended = Some((of, fields.get("ly-do").to_owned(), error));
            let shown = Shown { not_ended, ..Shown::default() };
            desk.end(page(&desk, &state, id, StatusCode::UNPROCESSABLE_ENTITY, &shown).await)
        }
        Err(error) => desk.failure(&error),
    }
}

/// GET: a report to look at.
pub async fn show_report(
    desk: Desk,
    State(state): State<AppState>,
    Path((id, report)): Path<(i64, i64)>,
    uri: http::Uri,
) -> Response {
    let done = uri.query().is_some_and(|query| query == "xong");
    desk.end(report_page(&desk, &state, id, report, StatusCode::OK, None, &Fields::default(), done).await)
}

#[expect(clippy::too_many_arguments, reason = "what a page shows after each of its forms")]
async fn report_page(
    desk: &Desk,
    state: &AppState,
    id: i64,
    report: i64,
    status: StatusCode,
    error: Option<&AppError>,
    typed: &Fields,
    done: bool,
) -> Result<Response, AppError> {
    let ReviewedReport { form, row, figures, corrections } =
        service::read_for_review(&state.store, &desk.actor(), id, report).await?;
    let t = desk.t();
    let name = t.report_of(days_name(&row.begins, &row.ends, t), &row.unit_name);
    let action = desk.href(&format!("/quan-tri/thi-dua/{id}/bao-cao/{report}"));
    let content = html! {
        p class="breadcrumb" { a href=(desk.href(&format!("/quan-tri/thi-dua/{id}"))) { (form.campaign.title) } }
        h1 { (name) }
        p class="hint" {
            span class="badge" { (report_state(&row.state, t)) } " " (t.report_due_on(day(&row.due, t)))
            @if let Some(at) = row.sent_at { " · " (t.report_sent_at(Instant(at).minute(desk.lang))) }
            @if is_late(&row.due, row.first_sent_at, row.signed_at, Day::of(now())) { " " span class="badge badge--bad" { (t.report_was_late()) } }
            @if !row.on_behalf_of.is_empty() { " · " (t.entered_on_behalf(&row.on_behalf_of)) }
        }
        @if done { p class="flash flash--good" role="status" { (t.done()) } }
        (form_errors(error, t))
        @if row.state == "returned" && !row.notes.is_empty() { p class="flash" { (t.report_returned_notes()) " " q { (row.notes) } } }
        (cells_table(&form, &corrections, t))
        section aria-labelledby="bang-chung" { h2 id="bang-chung" class="section-title" { (t.evidence()) } (evidence_list(desk, &form, false)) }
        @if row.state == "sent" {
            section aria-labelledby="quyet-dinh" {
                h2 id="quyet-dinh" class="section-title" { (t.next_step()) }
                form method="post" action=(action) class="desk-step" { button class="button button--strong" name="viec" value="nhan" { (t.accept_report()) } }
                form method="post" action=(action) class="desk-step" {
                    div class="field" { label for="ly-do" { (t.return_report_notes()) } (text_area("ly-do", "notes", 4, typed.get("notes"), false)) }
                    button class="button button--quiet" name="viec" value="tra-lai" { (t.return_report()) }
                }
            }
        }
        @if row.state == "accepted" { (correction_form(&form, &figures, &action, typed, desk)) }
        @if !corrections.is_empty() { (corrected(&form, &corrections, desk)) }
    };
    Ok(desk.page_with(status, &name, Extra::default(), &content))
}

/// What was corrected before and, other than on the public page, by whom in person.
fn corrected(form: &ReportForm, corrections: &[SignedCorrectionRow], desk: &Desk) -> Markup {
    let t = desk.t();
    let name =
        |id: i64| form.asked.iter().find(|asked| asked.target.id == id).map_or("", |asked| asked.target.name.as_str());
    let written = |value: Option<i64>, scale: Option<i64>| {
        let figure = value.zip(scale).and_then(|(value, scale)| figure_of(value, scale));
        figure.map_or_else(|| t.result_unknown().to_owned(), |figure| figure.show(desk.lang))
    };
    html! {
        section aria-labelledby="dinh-chinh" {
            h2 id="dinh-chinh" class="section-title" { (t.corrected_before()) }
            ul class="desk-list" {
                @for row in corrections {
                    li {
                        div {
                            p {
                                time datetime=(Instant(row.at).rfc3339()) { (Instant(row.at).minute(desk.lang)) } " · " (name(row.target_id)) ": "
                                del { (written(row.old_value, row.old_scale)) } " → " ins { (written(row.new_value, row.new_scale)) }
                            }
                            p { (t.correction_why()) " " (row.reason) }
                            p class="hint" { (t.correction_by()) " " strong { (who_name(&row.who, t)) } ", " (by(&row.role, &row.by_unit, t)) }
                        }
                    }
                }
            }
        }
    }
}

fn correction_form(
    form: &ReportForm,
    figures: &[(i64, Figure, String)],
    action: &str,
    typed: &Fields,
    desk: &Desk,
) -> Markup {
    let t = desk.t();
    let stands = |target: i64| figures.iter().find(|(id, ..)| *id == target).map(|(_, figure, _)| *figure);
    html! {
        section aria-labelledby="sua-so" {
            h2 id="sua-so" class="section-title" { (t.correct_figure()) }
            p class="hint" { (t.correct_figure_hint()) }
            form method="post" action=(action) {
                div class="field" {
                    label for="chi-tieu" { (t.column_target()) }
                    select id="chi-tieu" name="code" {
                        @for asked in &form.asked {
                            option value=(asked.target.code) selected[typed.get("code") == asked.target.code] {
                                (asked.target.name) @if let Some(figure) = stands(asked.target.id) { " (" (figure.show(desk.lang)) ")" }
                            }
                        }
                    }
                }
                (input(&Input { id: "so", name: "figure", label: t.figure_new(), value: typed.get("figure"), hint: t.figure_new_hint(), required: true, ..Input::default() }))
                div class="field" { label for="ly-do-sua" { (t.correct_reason()) } (text_area("ly-do-sua", "reason", 3, typed.get("reason"), false)) }
                button class="button" name="viec" value="sua" { (t.correct_figure()) }
            }
        }
    }
}

/// POST: accepts or returns a report, or corrects a figure of an accepted one.
pub async fn take_report(
    desk: Desk,
    State(state): State<AppState>,
    Path((id, report)): Path<(i64, i64)>,
    fields: Fields,
) -> Response {
    let (store, actor) = (&state.store, desk.actor());
    let task = fields.get("viec");
    let done = match task {
        "nhan" => service::decide_report(store, &actor, id, report, None).await,
        "tra-lai" => service::decide_report(store, &actor, id, report, Some(fields.get("notes"))).await,
        "sua" => {
            let (code, figure, reason) = (fields.get("code"), fields.get("figure"), fields.get("reason"));
            service::correct_figure(store, &actor, id, report, code, figure, reason).await
        }
        _ => Err(AppError::BadAddress),
    };
    match done {
        // Whoever has looked at one goes on to the next.
        Ok(()) if task == "nhan" || task == "tra-lai" => desk.redirect(&format!("/quan-tri/thi-dua/{id}?xong")),
        Ok(()) => desk.redirect(&format!("/quan-tri/thi-dua/{id}/bao-cao/{report}?xong")),
        Err(error @ (AppError::Invalid(_) | AppError::Conflict)) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
            desk.end(report_page(&desk, &state, id, report, status, Some(&error), &fields, false).await)
        }
        Err(error) => desk.failure(&error),
    }
}
