//! How comments are taken: for the whole portal, a campaign with its news, or one page.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, Input, field_id, form_errors, input};
use crate::domain::day::Day;
use crate::domain::error::{AppError, Field};
use crate::domain::mode::{Mode, Reach};
use crate::server::db::desk::rule::SetRow;
use crate::server::services::mode::{self as service, ModeForm};
use crate::server::state::AppState;
use crate::text::Text;

/// Where the modes are.
pub const PATH: &str = "/quan-tri/che-do";

/// What a mode is called.
pub fn mode_name(mode: Mode, t: Text) -> &'static str {
    match mode {
        Mode::All => t.mode_all(),
        Mode::First => t.mode_first(),
        Mode::Rules => t.mode_rules(),
        Mode::After => t.mode_after(),
        Mode::ReadOnly => t.mode_read_only(),
        Mode::Closed => t.mode_closed(),
    }
}

/// What it does.
pub fn mode_hint(mode: Mode, t: Text) -> &'static str {
    match mode {
        Mode::All => t.mode_all_hint(),
        Mode::First => t.mode_first_hint(),
        Mode::Rules => t.mode_rules_hint(),
        Mode::After => t.mode_after_hint(),
        Mode::ReadOnly => t.mode_read_only_hint(),
        Mode::Closed => t.mode_closed_hint(),
    }
}

fn path_of(id: i64) -> String {
    if id == 0 { PATH.to_owned() } else { format!("{PATH}/{id}") }
}

/// Where whoever knows the address of a page comes to its mode.
pub fn finder(desk: &Desk) -> Markup {
    let t = desk.t();
    html! {
        form method="get" action=(desk.href(PATH)) class="desk-filter" {
            (input(&Input { id: "dia-chi-trang", name: "trang", label: t.mode_find(), required: true, ..Input::default() }))
            button class="button button--quiet" type="submit" { (t.mode_find_button()) }
        }
    }
}

/// GET: the portal's, or the way to that of the page at an address.
pub async fn show(desk: Desk, State(state): State<AppState>, uri: http::Uri) -> Response {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    if query.has("trang") {
        return match service::find_page(&state.store, &desk.actor(), query.get("trang")).await {
            Ok(id) => desk.redirect(&path_of(id)),
            Err(error) => desk.failure(&error),
        };
    }
    desk.end(page(&desk, &state, 0, StatusCode::OK, None, None, uri.query() == Some("xong")).await)
}

/// GET: a campaign's or a page's.
pub async fn show_one(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, uri: http::Uri) -> Response {
    desk.end(page(&desk, &state, id, StatusCode::OK, None, None, uri.query() == Some("xong")).await)
}

async fn page(
    desk: &Desk,
    state: &AppState,
    id: i64,
    status: StatusCode,
    typed: Option<&Fields>,
    error: Option<&AppError>,
    done: bool,
) -> Result<Response, AppError> {
    let form = service::read_mode(&state.store, &desk.actor(), id).await?;
    let t = desk.t();
    let content = html! {
        p class="breadcrumb" { a href=(desk.href("/quan-tri/phan-hoi")) { (t.queue_title()) } }
        h1 { (t.modes()) }
        @match &form.subject {
            Some(subject) => p { a href=(desk.href(&subject.path)) { (subject.title) } " · " (if form.own.reach == Reach::Campaign { t.mode_of_campaign() } else { t.mode_of_page() }) },
            None => p { (t.mode_of_site()) },
        }
        @if done { p class="flash flash--good" role="status" { (t.done()) } }
        (form_errors(error, t))
        p class="mode-now" { (t.mode_now()) " " strong { (mode_name(form.ruling.mode, t)) }
            @if let Some(day) = form.ruling.closes_on { ". " (t.discussion_until(day.show(t.0))) } }
        (setting(desk, &form, id, typed, error.is_some()))
        (others(desk, &form.others))
        @if id == 0 { (finder(desk)) }
    };
    Ok(desk.page_with(status, t.modes(), Extra::default(), &content))
}

fn setting(desk: &Desk, form: &ModeForm, id: i64, typed: Option<&Fields>, invalid: bool) -> Markup {
    let t = desk.t();
    let chosen = typed.map_or_else(
        || form.own.mode.map(Mode::code).unwrap_or_default().to_owned(),
        |typed| typed.get("che-do").to_owned(),
    );
    let day = typed.map_or_else(
        || form.own.closes_on.map(|day| day.show(crate::domain::lang::Lang::Vi)).unwrap_or_default(),
        |typed| typed.get("den-ngay").to_owned(),
    );
    html! {
        form method="post" action=(desk.href(&path_of(id))) class="mode-form" {
            fieldset {
                legend { (t.modes()) }
                @if id != 0 { label class="check" { input type="radio" name="che-do" value="" checked[chosen.is_empty()]; " " (t.mode_inherited()) } }
                @for mode in Mode::ALL {
                    @let is_chosen = chosen == mode.code() || (id == 0 && chosen.is_empty() && mode == Mode::All);
                    label class="check" { input type="radio" name="che-do" value=(mode.code()) checked[is_chosen]; " " span { strong { (mode_name(mode, t)) } " – " (mode_hint(mode, t)) } }
                }
            }
            p class="hint" { (t.mode_without_work()) }
            (input(&Input { id: field_id(Field::Ends), name: "den-ngay", label: t.mode_closes_on(), value: &day, hint: t.mode_closes_on_hint(), invalid, ..Input::default() }))
            div class="form-actions" { button class="button" type="submit" { (t.save()) } }
        }
    }
}

/// What else is set, wherever.
fn others(desk: &Desk, rows: &[SetRow]) -> Markup {
    let t = desk.t();
    let rows: Vec<_> = rows.iter().filter(|row| row.subject_id != 0).collect();
    html! {
        @if !rows.is_empty() {
            section aria-labelledby="che-do-rieng" {
                h2 id="che-do-rieng" class="section-title" { (t.mode_others()) }
                ul class="desk-list" {
                    @for row in rows {
                        li { div {
                            a class="desk-item" href=(desk.href(&path_of(row.subject_id))) { @if row.title.is_empty() { (t.untitled()) } @else { (row.title) } }
                            p class="hint" {
                                @if let Some(mode) = row.mode.as_deref().and_then(Mode::parse) { (mode_name(mode, t)) " " }
                                @if let Some(day) = row.closes_on.as_deref().and_then(Day::parse) { (t.discussion_until(day.show(t.0))) }
                            }
                        } }
                    }
                }
            }
        }
    }
}

/// POST: the portal's.
pub async fn take(desk: Desk, State(state): State<AppState>, fields: Fields) -> Response {
    take_for(&desk, &state, 0, &fields).await
}

/// POST: a campaign's or a page's.
pub async fn take_one(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, fields: Fields) -> Response {
    // Nothing of the portal's own is at an address with a number.
    if id == 0 {
        return desk.failure(&AppError::NotFound);
    }
    take_for(&desk, &state, id, &fields).await
}

async fn take_for(desk: &Desk, state: &AppState, id: i64, fields: &Fields) -> Response {
    if !fields.has("che-do") {
        return desk.failure(&AppError::BadAddress);
    }
    let (mode, day) = (fields.get("che-do"), fields.get("den-ngay"));
    match service::set_mode(&state.store, &desk.actor(), id, mode, day).await {
        Ok(()) => desk.redirect(&format!("{}?xong", path_of(id))),
        Err(error @ AppError::Invalid(_)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            desk.end(page(desk, state, id, status, Some(fields), Some(&error), false).await)
        }
        Err(error) => desk.failure(&error),
    }
}
