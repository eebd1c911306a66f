//! Taking part, as a unit's people see it: their campaigns, the registration with covenant and plan.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::attachment::stored_file;
use super::example::sent_by_unit;
use super::form::Fields;
use super::frame::{Desk, Extra, Input, hidden, input, text_area};
use super::library::Uploaded;
use super::report::unmistakable;
use crate::domain::account::Permission;
use crate::domain::campaign::{AnswerKind, Question};
use crate::domain::day::Day;
use crate::domain::error::{AppError, Field, Problem};
use crate::domain::report::Cells;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::campaign::PeriodRow;
use crate::server::db::desk::registration::RegistrationRow;
use crate::server::made::campaign::day;
use crate::server::services::account::invalid;
use crate::server::services::actor::Scope;
use crate::server::services::example::list_of_unit;
use crate::server::services::registration::{
    self as service, AGREED, BEHALF, CellProblem, DueReport, PLAN, Participation, Registered, SIGNER, SIGNER_TITLE,
    TypedRegistration, answer_name, goal_name, is_staff,
};
use crate::server::services::report::is_late;
use crate::server::services::result::aim_of;
use crate::server::state::AppState;
use crate::text::Text;

/// The field of the file that answers a question.
fn file_name(code: &str) -> String {
    format!("{FILE_FIELD}{code}")
}

const FILE_FIELD: &str = "tep-";

/// The cells of a form: every field but those that are about the form itself.
pub fn cells_of(fields: &Fields) -> Cells {
    let own = |name: &str| matches!(name, "viec" | "version" | "base") || name.starts_with(FILE_FIELD);
    fields.0.iter().filter(|(name, _)| !own(name)).map(|(name, text)| (name.clone(), text.clone())).collect()
}

/// GET: the campaigns of somebody's units.
pub async fn show(desk: Desk, State(state): State<AppState>) -> Response {
    let page = async {
        let units = service::list_own_units(&state.store, &desk.actor()).await?;
        let due = service::list_due_reports(&state.store, &desk.actor()).await?;
        let mut examples = Vec::new();
        for own in &units {
            examples.push(list_of_unit(&state.store, &desk.actor(), own.unit.id).await?);
        }
        let t = desk.t();
        let content = html! {
            h1 { (t.taking_part()) }
            (due_reports(&desk, &due))
            @if units.is_empty() { p class="desk-empty" { (t.taking_part_none()) } }
            @for (own, examples) in units.iter().zip(&examples) {
                section {
                    h2 class="section-title" { (own.unit.name) }
                    @if own.campaigns.is_empty() { p class="hint" { (t.no_campaigns_yet()) } }
                    ul class="desk-list" {
                        @for open in &own.campaigns {
                            li {
                                div {
                                    a class="desk-list-title" href=(desk.href(&format!("/quan-tri/tham-gia/{}/{}", open.campaign_id, own.unit.slug))) { (open.title) }
                                    p class="hint" { span class="badge" { (registration_state(open.state.as_deref(), t)) } " · " (t.campaign_until(day(&open.ends, t))) }
                                }
                            }
                        }
                    }
                    h3 { (t.examples()) }
                    (sent_by_unit(&desk, examples, &own.unit.slug))
                }
            }
        };
        Ok::<_, AppError>(desk.page(t.taking_part(), &content))
    };
    desk.end(page.await)
}

/// Who signed a covenant, with the title if one was given.
pub fn signer(row: &RegistrationRow) -> String {
    let parts = [row.signer_name.as_str(), row.signer_title.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// What a state of a registration is called.
pub fn registration_state(state: Option<&str>, t: Text) -> &'static str {
    match state {
        Some("registered") => t.registered(),
        Some("withdrawn") => t.registration_withdrawn(),
        Some(_) => t.registration_begun(),
        None => t.not_registered(),
    }
}

/// The reports that are owed, with those whose day has passed marked.
pub fn due_reports(desk: &Desk, due: &[DueReport]) -> Markup {
    let t = desk.t();
    html! {
        @if !due.is_empty() {
            section aria-labelledby="den-han" {
                h2 id="den-han" class="section-title" { (t.reports_due()) }
                ul class="desk-list" {
                    @for report in due {
                        li {
                            div {
                                a class="desk-list-title" href=(desk.href(&report_path(report.registration_id, report.period.id))) {
                                    (t.report_of(period_name(&report.period, t), &report.unit))
                                }
                                p class="hint" {
                                    (report.campaign) " · "
                                    @if report.late { span class="badge badge--bad" { (t.report_late_since(day(&report.period.due, t))) } }
                                    @else { (t.report_due_on(day(&report.period.due, t))) }
                                    @if !report.state.is_empty() { " " span class="badge" { (report_state(&report.state, t)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The path of a report's form.
pub fn report_path(registration_id: i64, period_id: i64) -> String {
    format!("/quan-tri/bao-cao/{registration_id}/{period_id}")
}

/// What a period is called: its month, or its days.
pub fn period_name(period: &PeriodRow, t: Text) -> String {
    days_name(&period.begins, &period.ends, t)
}

/// What the time between two stored days is called: a month by its name, else the days.
pub fn days_name(begins: &str, ends: &str, t: Text) -> String {
    match (Day::parse(begins), Day::parse(ends)) {
        (Some(first), Some(last)) if first.end_of_stretch(1) == last => {
            t.period_month(u32::from(first.month()), last.year().to_string())
        }
        _ => t.campaign_days(day(begins, t), day(ends, t)),
    }
}

/// That a unit's part was ended, when and why.
pub fn ended_sentence(row: &RegistrationRow, t: Text) -> String {
    match row.ended_at {
        Some(at) => t.registration_ended(Instant(at).day(t.0), &row.ended_reason),
        // Of what was ended before reasons were asked for none is known.
        None => t.registration_withdrawn().to_owned(),
    }
}

/// What a state of a report is called.
pub fn report_state(state: &str, t: Text) -> &'static str {
    match state {
        "sent" => t.report_sent(),
        "returned" => t.report_returned(),
        "accepted" => t.report_accepted(),
        "draft" => t.report_draft(),
        _ => t.report_missing(),
    }
}

/// What is wrong with a cell, as a sentence.
pub fn cell_problem(problem: CellProblem, t: Text) -> String {
    let sentence = match problem {
        CellProblem::Unclear { thousands, decimal } => {
            return t.unclear_choice(unmistakable(decimal), unmistakable(thousands));
        }
        CellProblem::Missing => t.field_missing(),
        CellProblem::NotAFigure => t.no_figure(),
        CellProblem::Negative => t.goal_negative(),
        CellProblem::NotADay => t.no_day(),
        CellProblem::NotAChoice => t.no_choice(),
        CellProblem::TooLong => t.cell_too_long(),
        CellProblem::Frozen => t.cell_frozen(),
    };
    sentence.to_owned()
}

/// What the page of a registration shows besides what is stored.
#[derive(Debug, Default)]
struct Shown {
    typed: Option<Cells>,
    problems: Vec<(String, CellProblem)>,
    notice: Option<String>,
    bad: bool,
}

/// GET: a unit in a campaign.
pub async fn show_one(
    desk: Desk,
    State(state): State<AppState>,
    Path((id, slug)): Path<(i64, String)>,
    uri: http::Uri,
) -> Response {
    let notice = match uri.query() {
        Some("da-luu") => Some(desk.t().saved().to_owned()),
        Some("da-ky") => Some(desk.t().registration_done().to_owned()),
        _ => None,
    };
    let shown = Shown { notice, ..Shown::default() };
    desk.end(page(&desk, &state, id, &slug, StatusCode::OK, &shown).await)
}

async fn page(
    desk: &Desk,
    state: &AppState,
    id: i64,
    slug: &str,
    status: StatusCode,
    shown: &Shown,
) -> Result<Response, AppError> {
    let own = service::read_participation(&state.store, &desk.actor(), id, slug).await?;
    let t = desk.t();
    let content = html! {
        p class="breadcrumb" { a href=(desk.href("/quan-tri/tham-gia")) { (t.taking_part()) } }
        h1 { (own.unit.name) }
        p { (own.campaign.title) " " span class="badge" { (registration_state(own.registration.as_ref().map(|row| row.state.as_str()), t)) } }
        @if let Some(notice) = &shown.notice { p class=(if shown.bad { "flash flash--bad" } else { "flash flash--good" }) role="status" { (notice) } }
        @if own.registration.as_ref().is_some_and(|row| row.state == "registered") { (reports(desk, &own)) }
        @if let Some(row) = own.registration.as_ref().filter(|row| row.state == "withdrawn") {
            p class="flash flash--bad" { (ended_sentence(row, t)) " " (t.registration_ended_ask()) }
        } @else { (registration_form(desk, &own, shown)) }
    };
    Ok(desk.page_with(status, &own.campaign.title, Extra::default(), &content))
}

/// The reports of a unit, period by period.
fn reports(desk: &Desk, own: &Participation) -> Markup {
    let t = desk.t();
    let registration = own.registration.as_ref().map_or(0, |row| row.id);
    let signed_at = own.registration.as_ref().and_then(|row| row.signed_at);
    let today = Day::of(now());
    let state =
        |period: i64| own.reports.iter().find(|(id, ..)| *id == period).map_or("", |(.., state)| state.as_str());
    html! {
        section aria-labelledby="cac-bao-cao" {
            h2 id="cac-bao-cao" class="section-title" { (t.reports()) }
            @if own.periods.is_empty() { p class="hint" { (t.no_periods()) } }
            ul class="desk-list" {
                @for period in &own.periods {
                    @let standing = state(period.id);
                    @let late = matches!(standing, "" | "draft" | "returned") && is_late(&period.due, None, signed_at, today);
                    li {
                        div {
                            a class="desk-list-title" href=(desk.href(&report_path(registration, period.id))) { (period_name(period, t)) }
                            p class="hint" {
                                span class=(if standing == "returned" { "badge badge--bad" } else { "badge" }) { (report_state(standing, t)) }
                                " " @if late { span class="badge badge--bad" { (t.report_late_since(day(&period.due, t))) } } @else { (t.report_due_on(day(&period.due, t))) }
                                @if period.closed_at.is_some() { " · " (t.period_closed()) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn registration_form(desk: &Desk, own: &Participation, shown: &Shown) -> Markup {
    let t = desk.t();
    let stored = own.cells();
    let cells = shown.typed.as_ref().unwrap_or(&stored);
    let text = |name: &str| cells.get(name).map_or("", String::as_str);
    let problem = |name: &str| shown.problems.iter().find(|(known, _)| known == name).map(|(_, problem)| *problem);
    let signed = own.registration.as_ref().filter(|row| row.state == "registered");
    let open = own.campaign.state == "published";
    let staff = is_staff(&desk.actor(), own.unit.id);
    let version = own.registration.as_ref().map_or(0, |row| row.version);
    let action = desk.href(&format!("/quan-tri/tham-gia/{}/{}", own.campaign.id, own.unit.slug));
    html! {
        section aria-labelledby="dang-ky" {
            h2 id="dang-ky" class="section-title" { (t.registration()) }
            @if !open { p class="flash" { (t.registration_closed()) } }
            (problem_list(&shown.problems, own, t))
            form method="post" action=(action) enctype="multipart/form-data" class="registration-form" {
                // What the Enter key presses: the first button of the form, which would else be one that adds a file.
                button class="visually-hidden" type="submit" name="viec" value="luu" tabindex="-1" aria-hidden="true" { (t.save()) }
                (hidden("version", &version.to_string()))
                @if staff {
                    p class="flash" role="note" { (t.on_behalf_note()) }
                    (line(BEHALF, t.on_behalf_of(), text(BEHALF), t.on_behalf_hint(), problem(BEHALF), t))
                }
                div class="field" {
                    label for=(PLAN) { (t.unit_plan()) }
                    (text_area(PLAN, PLAN, 10, text(PLAN), problem(PLAN).is_some()))
                    (said(PLAN, problem(PLAN), t))
                    p class="hint" { (t.unit_plan_hint()) }
                }
                @if !own.targets.is_empty() { (goals(own, &text, &problem, t)) }
                @if !own.form.is_empty() {
                    fieldset { legend { (t.form_questions()) } @for question in &own.form { (answer(&action, question, text(&answer_name(&question.code)), problem(&answer_name(&question.code)), t)) } }
                }
                fieldset class="covenant" {
                    legend { (t.part_covenant()) }
                    @let covenant = signed.map_or(own.campaign.covenant.as_str(), |row| row.covenant.as_str());
                    @if covenant.is_empty() { p class="hint" { (t.covenant_none()) } }
                    @for paragraph in covenant.lines().filter(|line| !line.trim().is_empty()) { p { (paragraph) } }
                    @if let Some(row) = signed {
                        p class="flash flash--good" { (t.signed_by(row.signed_at.map(|at| Instant(at).minute(desk.lang)).unwrap_or_default(), signer(row))) }
                    }
                    div class="field-row" {
                        (line(SIGNER, t.signer_name(), text(SIGNER), "", problem(SIGNER), t))
                        (line(SIGNER_TITLE, t.signer_title(), text(SIGNER_TITLE), "", problem(SIGNER_TITLE), t))
                    }
                    @if signed.is_none() {
                        label class="check" { input type="checkbox" id=(AGREED) name=(AGREED) value="1" checked[cells.contains_key(AGREED)]; " " (t.covenant_agree()) }
                        (said(AGREED, problem(AGREED), t))
                    } @else { (hidden(AGREED, "1")) }
                }
                @if open {
                    div class="form-actions" {
                        button class="button" type="submit" name="viec" value="luu" { @if signed.is_some() { (t.save()) } @else { (t.save_draft()) } }
                        @if signed.is_none() { " " button class="button button--strong" type="submit" name="viec" value="ky" { (t.sign_and_register()) } }
                    }
                }
            }
        }
    }
}

/// What a refused form lacks, each leading to its field.
fn problem_list(problems: &[(String, CellProblem)], own: &Participation, t: Text) -> Markup {
    let label = |name: &str| -> String {
        if let Some(target) = own.targets.iter().find(|target| goal_name(&target.code) == name) {
            return target.name.clone();
        }
        if let Some(question) = own.form.iter().find(|question| answer_name(&question.code) == name) {
            return question.label.clone();
        }
        match name {
            SIGNER => t.signer_name(),
            SIGNER_TITLE => t.signer_title(),
            AGREED => t.covenant_agree(),
            BEHALF => t.on_behalf_of(),
            _ => t.unit_plan(),
        }
        .to_owned()
    };
    html! {
        @if !problems.is_empty() {
            div class="form-errors" role="alert" tabindex="-1" {
                h2 { (t.registration_refused()) }
                ul { @for (name, problem) in problems { li { a href={ "#" (name) } { (label(name)) ": " (cell_problem(*problem, t)) } } } }
            }
        }
    }
}

fn line(name: &str, label: &str, value: &str, hint: &str, problem: Option<CellProblem>, t: Text) -> Markup {
    html! {
        (input(&Input { id: name, name, label, value, hint, invalid: problem.is_some(), ..Input::default() }))
        (said(name, problem, t))
    }
}

fn said(name: &str, problem: Option<CellProblem>, t: Text) -> Markup {
    html! { @if let Some(problem) = problem { p class="field-error" id={ "loi-" (name) } { (cell_problem(problem, t)) } } }
}

/// A unit's own goal for each target of the campaign.
fn goals<'a>(
    own: &Participation,
    text: &dyn Fn(&str) -> &'a str,
    problem: &dyn Fn(&str) -> Option<CellProblem>,
    t: Text,
) -> Markup {
    html! {
        fieldset {
            legend { (t.own_goals()) }
            p class="hint" { (t.own_goals_hint()) }
            div class="table-scroll" tabindex="0" role="region" aria-label=(t.own_goals()) {
                table class="report-table" {
                    thead { tr { th scope="col" { (t.column_target()) } th scope="col" { (t.column_measure()) } th scope="col" { (t.campaign_goal()) } th scope="col" { (t.own_goal()) } } }
                    tbody {
                        @for target in &own.targets {
                            @let name = goal_name(&target.code);
                            tr {
                                th scope="row" { label for=(name) { (target.name) } }
                                td data-name=(t.column_measure()) { (target.measure) }
                                td class="number" data-name=(t.campaign_goal()) { (aim_of(target).map(|aim| aim.goal.show(t.0)).unwrap_or_default()) }
                                td {
                                    input id=(name) name=(name) type="text" inputmode="decimal" autocomplete="off" value=(text(&name)) aria-invalid=[problem(&name).map(|_| "true")];
                                    (said(&name, problem(&name), t))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn answer(action: &str, question: &Question, value: &str, problem: Option<CellProblem>, t: Text) -> Markup {
    let name = answer_name(&question.code);
    let frozen = !question.freeze_after.is_empty() && question.freeze_after < Day::of(now()).iso();
    let label = if question.required { format!("{} *", question.label) } else { question.label.clone() };
    let mut hint = question.help.clone();
    if !question.freeze_after.is_empty() {
        let until = t.frozen_after(day(&question.freeze_after, t));
        hint = if hint.is_empty() { until } else { format!("{hint} {until}") };
    }
    let help = (!hint.is_empty()).then(|| format!("{name}-goi-y"));
    html! {
        div class="field" {
            label for=(name) { (label) }
            @match question.kind {
                AnswerKind::Choice => select id=(name) name=(name) disabled[frozen] aria-describedby=[help.as_deref()] {
                    option value="" { (t.choose_one()) }
                    @for choice in &question.choices { option value=(choice) selected[choice == value] { (choice) } }
                },
                // A file is sent with what is typed, which is saved with it.
                AnswerKind::File => {
                    (hidden(&name, value))
                    @if !value.is_empty() { p { a href=(format!("{action}/tep/{}", question.code)) download { (value) } } }
                    @if !frozen {
                        input id=(name) name=(file_name(&question.code)) type="file" accept="image/*,.pdf,.docx,.xlsx" aria-describedby=[help.as_deref()];
                        " " button class="button button--quiet" type="submit" formaction={ (action) "/tep/" (question.code) } { (t.evidence_add()) }
                    }
                },
                AnswerKind::Table => {
                    @if !question.choices.is_empty() { p class="hint" { (question.choices.join(" | ")) } }
                    textarea id=(name) name=(name) rows="5" readonly[frozen] aria-describedby=[help.as_deref()] { "\n" (value) }
                },
                AnswerKind::Text => textarea id=(name) name=(name) rows="3" readonly[frozen] aria-describedby=[help.as_deref()] { "\n" (value) },
                _ => input id=(name) name=(name) type=(if question.kind == AnswerKind::Date { "date" } else { "text" }) value=(date_value(question.kind, value)) readonly[frozen] autocomplete="off" aria-describedby=[help.as_deref()];,
            }
            @if let Some(id) = &help { p class="hint" id=(id) { (hint) } }
            (said(&name, problem, t))
        }
    }
}

/// Browsers show a day only in their own form.
fn date_value(kind: AnswerKind, value: &str) -> String {
    match (kind, Day::parse(value)) {
        (AnswerKind::Date, Some(day)) => day.iso(),
        _ => value.to_owned(),
    }
}

/// POST: saves a registration, or signs the covenant with it. Whatever button was pressed, the files that are chosen are
/// taken first.
pub async fn take_one(
    desk: Desk,
    State(state): State<AppState>,
    Path((id, slug)): Path<(i64, String)>,
    mut uploaded: Uploaded,
) -> Response {
    let mut fields = std::mem::take(&mut uploaded.fields);
    let sign = fields.get("viec") == "ky";
    let done = if sign { "da-ky" } else { "da-luu" };
    let codes: Vec<String> =
        uploaded.chosen().iter().filter_map(|name| Some(name.strip_prefix(FILE_FIELD)?.to_owned())).collect();
    for code in codes {
        match put_file(&desk, &state, (id, &slug, &code), &mut uploaded, &fields).await {
            Ok((version, name)) => {
                let answer = answer_name(&code);
                fields.0.retain(|(name, _)| *name != answer && name != "version");
                fields.0.push((answer, name));
                fields.0.push(("version".to_owned(), version.to_string()));
            }
            Err(answer) => return *answer,
        }
    }
    match save(&desk, &state, id, &slug, &fields, sign).await {
        Ok(problems) if problems.is_empty() => desk.redirect(&format!("/quan-tri/tham-gia/{id}/{slug}?{done}")),
        Ok(problems) => {
            let shown = Shown { typed: Some(cells_of(&fields)), problems, ..Shown::default() };
            desk.end(page(&desk, &state, id, &slug, StatusCode::UNPROCESSABLE_ENTITY, &shown).await)
        }
        Err(answer) => *answer,
    }
}

/// Saves what was typed, signed or not, and gives what is wrong with it; what could not be saved is the answer.
async fn save(
    desk: &Desk,
    state: &AppState,
    id: i64,
    slug: &str,
    fields: &Fields,
    sign: bool,
) -> Result<Vec<(String, CellProblem)>, Box<Response>> {
    let version = fields.number("version").unwrap_or_default();
    let typed = TypedRegistration { version, cells: cells_of(fields), sign };
    let sentence = match service::save_registration(&state.store, &desk.actor(), id, slug, &typed).await {
        Ok(Registered::Done) => return Ok(Vec::new()),
        Ok(Registered::Refused(problems)) => return Ok(problems),
        Ok(Registered::Changed) => desk.t().registration_changed(),
        Err(AppError::Conflict) => desk.t().registration_closed(),
        Err(error) => return Err(Box::new(desk.failure(&error))),
    };
    let shown = Shown { typed: Some(typed.cells), notice: Some(sentence.to_owned()), bad: true, ..Shown::default() };
    Err(Box::new(desk.end(page(desk, state, id, slug, StatusCode::CONFLICT, &shown).await)))
}

/// POST: the file that answers a question, with what was typed beside it.
pub async fn take_file(
    desk: Desk,
    State(state): State<AppState>,
    Path((id, slug, code)): Path<(i64, String, String)>,
    mut uploaded: Uploaded,
) -> Response {
    let fields = std::mem::take(&mut uploaded.fields);
    match put_file(&desk, &state, (id, &slug, &code), &mut uploaded, &fields).await {
        Ok(_) => desk.redirect(&format!("/quan-tri/tham-gia/{id}/{slug}?da-luu#{}", answer_name(&code))),
        Err(answer) => *answer,
    }
}

/// Saves what was typed, then stores the file that answers a question. Gives the version that is there now and the file's
/// name, or the answer that says why not.
async fn put_file(
    desk: &Desk,
    state: &AppState,
    (id, slug, code): (i64, &str, &str),
    uploaded: &mut Uploaded,
    fields: &Fields,
) -> Result<(i64, String), Box<Response>> {
    if fields.has("version") {
        let problems = save(desk, state, id, slug, fields, false).await?;
        // What is too long is not saved, so that the form has to stay.
        if problems.iter().any(|(_, problem)| *problem == CellProblem::TooLong) {
            let shown = Shown { typed: Some(cells_of(fields)), problems, ..Shown::default() };
            return Err(Box::new(
                desk.end(page(desk, state, id, slug, StatusCode::UNPROCESSABLE_ENTITY, &shown).await),
            ));
        }
    }
    let done = async {
        let file = uploaded.take(&file_name(code))?;
        if file.bytes.is_empty() {
            return Err(invalid(Field::File, Problem::Missing));
        }
        service::put_plan_file(&state.store, &desk.actor(), id, slug, code, (&file.name, file.bytes)).await?;
        let own = service::read_participation(&state.store, &desk.actor(), id, slug).await?;
        let name = own.cells().get(&answer_name(code)).cloned().unwrap_or_default();
        Ok((own.registration.map_or(0, |row| row.version), name))
    };
    let error = match done.await {
        Ok(done) => return Ok(done),
        Err(error) => error,
    };
    let sentence = match &error {
        AppError::Invalid(errors) => {
            errors.0.first().map(|(field, problem)| desk.t().problem(*field, *problem)).unwrap_or_default()
        }
        AppError::Conflict => desk.t().cell_frozen().to_owned(),
        AppError::TooLarge => desk.t().file_too_large().to_owned(),
        _ => return Err(Box::new(desk.failure(&error))),
    };
    let shown = Shown { notice: Some(sentence), bad: true, ..Shown::default() };
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    Err(Box::new(desk.end(page(desk, state, id, slug, status, &shown).await)))
}

/// GET: the file that answers a question.
pub async fn give_file(
    desk: Desk,
    State(state): State<AppState>,
    Path((id, slug, code)): Path<(i64, String, String)>,
) -> Response {
    match service::read_plan_file(&state.store, &desk.actor(), id, &slug, &code).await {
        Ok((name, media_type, bytes)) => stored_file(&name, &media_type, bytes),
        Err(error) => desk.failure(&error),
    }
}

/// Whether somebody reports for units by name, so that the desk shows them what is due.
pub fn reports_for_units(desk: &Desk) -> bool {
    desk.actor().may(Permission::ReportForUnit, Scope::Somewhere)
}
