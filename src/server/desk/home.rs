//! `/quan-tri`: what waits for whoever looks; and the lists of announcements.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::answer::due_section;
use super::example::listed as listed_example;
use super::form::Fields;
use super::frame::{Desk, Extra, hidden};
use super::moderation::waiting_section;
use super::participation::{due_reports, registration_state, reports_for_units};
use crate::domain::account::Permission;
use crate::domain::draft::RevisionState;
use crate::domain::error::AppError;
use crate::domain::time::Instant;
use crate::server::db::desk::campaign::ListedCampaign;
use crate::server::db::desk::draft::ListedRow;
use crate::server::db::desk::example::DeskExample;
use crate::server::made::campaign::day;
use crate::server::services::account::list_units;
use crate::server::services::actor::Scope;
use crate::server::services::answer::list_to_answer;
use crate::server::services::campaign::list_own_campaigns;
use crate::server::services::draft as service;
use crate::server::services::example as examples;
use crate::server::services::moderation::{QueueWanted, read_queue};
use crate::server::services::registration::{OwnUnit, list_due_reports, list_own_units};
use crate::server::state::AppState;
use crate::text::Text;

/// What a browser offers where a Word file is to be chosen.
pub const WORD_FILES: &str = ".docx,application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/// How many waiting examples the first page shows.
const EXAMPLES: usize = 5;

/// The name of a state.
pub fn state_name(state: RevisionState, t: Text) -> &'static str {
    match state {
        RevisionState::Draft => t.state_draft(),
        RevisionState::Submitted => t.state_submitted(),
        RevisionState::Returned => t.state_returned(),
        RevisionState::Approved => t.state_approved(),
        RevisionState::Scheduled => t.state_scheduled(),
        RevisionState::Published => t.state_published(),
        RevisionState::Superseded => t.state_superseded(),
        RevisionState::Kept => t.state_kept(),
    }
}

/// The name of what the public sees of an announcement.
pub fn public_state_name(state: &str, t: Text) -> &'static str {
    match state {
        "published" => t.state_published(),
        "withdrawn" => t.state_withdrawn(),
        "archived" => t.state_archived(),
        _ => t.state_never_public(),
    }
}

/// GET: what waits.
pub async fn show(desk: Desk, State(state): State<AppState>) -> Response {
    desk.end(page(&desk, &state, StatusCode::OK, "").await)
}

/// The same with a sentence about what went wrong on it.
pub async fn show_problem(desk: &Desk, state: &AppState, status: StatusCode, sentence: &str) -> Response {
    desk.end(page(desk, state, status, sentence).await)
}

async fn page(desk: &Desk, state: &AppState, status: StatusCode, problem: &str) -> Result<Response, AppError> {
    let actor = desk.actor();
    let waiting = service::list_waiting(&state.store, &actor).await?;
    let moderates = desk.may(Permission::ModerateComments);
    let queue = if moderates { Some(read_queue(&state.store, &actor, &QueueWanted::default()).await?) } else { None };
    let queue = queue.filter(|queue| queue.waiting + queue.set_aside > 0);
    let checks = desk.may(Permission::CheckExamples);
    let examples = if checks { examples::list_to_check(&state.store, &actor, "waiting").await? } else { vec![] };
    let reports = reports_for_units(desk);
    let due = if reports { list_due_reports(&state.store, &actor).await? } else { vec![] };
    let mut units = if reports { list_own_units(&state.store, &actor).await? } else { vec![] };
    units.retain(|own| own.to_register().next().is_some());
    let manages = desk.may(Permission::ManageCampaigns);
    let mut campaigns = if manages { list_own_campaigns(&state.store, &actor).await? } else { vec![] };
    campaigns.retain(|row| row.waiting > 0);
    let answers = desk.may(Permission::AnswerComments);
    let to_answer = if answers { list_to_answer(&state.store, &actor).await? } else { vec![] };
    let t = desk.t();
    let nothing = waiting.drafts.is_empty()
        && waiting.returned.is_empty()
        && waiting.to_check.as_ref().is_none_or(Vec::is_empty)
        && waiting.to_publish.as_ref().is_none_or(Vec::is_empty)
        && waiting.scheduled.is_empty()
        && waiting.submitted.is_empty()
        && waiting.emergencies.is_empty()
        && due.is_empty()
        && units.is_empty()
        && campaigns.is_empty()
        && to_answer.is_empty()
        && queue.is_none()
        && examples.is_empty();
    let content = html! {
        div class="desk-title" {
            h1 { (t.desk_home()) }
            @if desk.may(Permission::WriteAnnouncements) { (begin_forms(desk)) }
        }
        @if !problem.is_empty() { p class="flash flash--bad" role="alert" { (problem) } }
        @if nothing { p class="desk-empty" { (t.desk_nothing_waits()) } }
        (due_reports(desk, &due))
        (to_register(desk, &units))
        (reports_to_check(desk, &campaigns))
        (due_section(desk, &to_answer))
        (list_of(desk, "tra-lai", t.waiting_returned(), &waiting.returned))
        @if let Some(rows) = &waiting.to_check { (list_of(desk, "cho-duyet", t.waiting_to_check(), rows)) }
        @if let Some(rows) = &waiting.to_publish { (list_of(desk, "da-duyet", t.waiting_to_publish(), rows)) }
        @if !waiting.emergencies.is_empty() {
            (list_of(desk, "khan-cap", t.waiting_emergencies(), &waiting.emergencies))
            p { a href=(desk.href("/quan-tri/khan-cap")) { (t.emergencies_all()) } }
        }
        (list_of(desk, "dang-viet", t.waiting_drafts(), &waiting.drafts))
        (list_of(desk, "da-gui", t.waiting_submitted(), &waiting.submitted))
        (list_of(desk, "hen-gio", t.waiting_scheduled(), &waiting.scheduled))
        @if let Some(queue) = &queue { (waiting_section(desk, queue)) }
        (waiting_examples(desk, &examples))
    };
    Ok(desk.page_with(status, t.desk_home(), Extra::default(), &content))
}

/// The campaigns that somebody's units have not registered in yet.
fn to_register(desk: &Desk, units: &[OwnUnit]) -> Markup {
    let t = desk.t();
    html! {
        @if !units.is_empty() {
            section aria-labelledby="cho-dang-ky" {
                h2 id="cho-dang-ky" class="section-title" { (t.campaigns_to_register()) }
                ul class="desk-list" {
                    @for (own, open) in units.iter().flat_map(|own| own.to_register().map(move |open| (own, open))) {
                        li { div {
                            a class="desk-list-title" href=(desk.href(&format!("/quan-tri/tham-gia/{}/{}", open.campaign_id, own.unit.slug))) { (open.title) }
                            p class="hint" { (own.unit.name) " · " span class="badge" { (registration_state(open.state.as_deref(), t)) } " " (t.campaign_until(day(&open.ends, t))) }
                        } }
                    }
                }
            }
        }
    }
}

/// The campaigns in which units have sent reports that nobody has looked at.
fn reports_to_check(desk: &Desk, campaigns: &[ListedCampaign]) -> Markup {
    let t = desk.t();
    html! {
        @if !campaigns.is_empty() {
            section aria-labelledby="bao-cao-cho" {
                h2 id="bao-cao-cho" class="section-title" { (t.reports_waiting()) }
                ul class="desk-list" {
                    @for row in campaigns {
                        li { div {
                            a class="desk-list-title" href=(desk.href(&format!("/quan-tri/thi-dua/{}", row.id))) { (row.title) }
                            p class="hint" { (t.campaign_waiting_reports(usize::try_from(row.waiting).unwrap_or_default())) }
                        } }
                    }
                }
            }
        }
    }
}

fn waiting_examples(desk: &Desk, rows: &[DeskExample]) -> Markup {
    let t = desk.t();
    html! {
        @if !rows.is_empty() {
            section aria-labelledby="dien-hinh-cho" {
                h2 id="dien-hinh-cho" class="section-title" { (t.waiting_examples()) }
                ul class="desk-list" { @for row in rows.iter().take(EXAMPLES) { (listed_example(desk, row)) } }
                @if rows.len() > EXAMPLES { p { a href=(desk.href("/quan-tri/dien-hinh")) { (t.all_waiting_examples()) } } }
            }
        }
    }
}

/// The buttons that begin an announcement: with an empty page, or with a Word file. With scripts the file that is chosen
/// is sent at once.
fn begin_forms(desk: &Desk) -> Markup {
    let t = desk.t();
    html! {
        div class="desk-begin" {
            form method="post" action=(desk.href("/quan-tri/tin")) {
                button class="button" type="submit" { (t.write_announcement()) }
            }
            form class="begin-with-word" method="post" action=(desk.href("/quan-tri/word/tin-moi")) enctype="multipart/form-data" data-send-chosen=(t.word_being_read()) {
                label for="tep-word" { (t.word_file_label()) }
                input id="tep-word" name="file" type="file" required accept=(WORD_FILES);
                button class="button" type="submit" { (t.write_from_word()) }
            }
        }
    }
}

fn list_of(desk: &Desk, id: &str, title: &str, rows: &[ListedRow]) -> Markup {
    html! {
        @if !rows.is_empty() {
            section aria-labelledby=(id) {
                h2 id=(id) class="section-title" { (title) }
                ul class="desk-list" { @for row in rows { (listed(desk, row)) } }
            }
        }
    }
}

/// An announcement in a list: its title leads to where somebody goes on with it.
fn listed(desk: &Desk, row: &ListedRow) -> Markup {
    let t = desk.t();
    let open = RevisionState::parse(&row.open_state);
    let target = if open.is_writable() || !open.is_open() {
        format!("/quan-tri/tin/{}", row.id)
    } else {
        format!("/quan-tri/tin/{}/xuat-ban", row.id)
    };
    html! {
        li {
            div {
                a class="desk-item" href=(desk.href(&target)) { @if row.title.trim().is_empty() { (t.untitled()) } @else { (row.title) } }
                p class="hint" {
                    span class=(format!("badge badge--{}", row.open_state)) { (state_name(open, t)) }
                    @if row.state != "draft" && open.is_open() { " " span class="badge" { (public_state_name(&row.state, t)) } }
                    @if matches!(row.state.as_str(), "withdrawn" | "archived") && !open.is_open() { " " span class="badge" { (public_state_name(&row.state, t)) } }
                    @if !row.writer.is_empty() { " " (row.writer) "," } " "
                    @if let Some(at) = row.scheduled_at { (t.scheduled_for(Instant(at).minute(desk.lang))) }
                    @else { (Instant(row.at).minute(desk.lang)) }
                }
            }
        }
    }
}

/// The states by which the list is narrowed: those of texts on their way, and those that the public sees.
const STATES: [&str; 8] =
    ["submitted", "returned", "approved", "scheduled", "draft", "published", "withdrawn", "archived"];

fn narrowing_name(state: &str, t: Text) -> &'static str {
    match RevisionState::parse(state) {
        open @ (RevisionState::Submitted
        | RevisionState::Returned
        | RevisionState::Approved
        | RevisionState::Scheduled) => state_name(open, t),
        _ => public_state_name(state, t),
    }
}

/// GET: every announcement, searched and narrowed.
pub async fn list(desk: Desk, State(state): State<AppState>, uri: http::Uri) -> Response {
    desk.end(list_page(&desk, &state, &Fields::parse(uri.query().unwrap_or_default().as_bytes())).await)
}

async fn list_page(desk: &Desk, state: &AppState, fields: &Fields) -> Result<Response, AppError> {
    let (words, narrowed) = (fields.get("q"), fields.get("trang-thai"));
    let known = STATES.contains(&narrowed);
    let narrowed = if known { narrowed } else { "" };
    let actor = desk.actor();
    let (rows, more) = service::list_all(&state.store, &actor, words, narrowed, fields.number("truoc")).await?;
    // Only where one may write.
    let mut units = list_units(&state.store, &actor).await?;
    units.retain(|unit| actor.may(Permission::WriteAnnouncements, Scope::Unit(unit.id)));
    let everywhere = actor.may(Permission::WriteAnnouncements, Scope::Everywhere);
    let t = desk.t();
    let content = html! {
        div class="desk-title" { h1 { (t.desk_announcements()) } (begin_forms(desk)) }
        form class="desk-filter" method="get" role="search" {
            div class="field" { label for="q" { (t.search_label()) } input id="q" name="q" type="search" value=(words) autocomplete="off"; }
            div class="field" {
                label for="trang-thai" { (t.state()) }
                select id="trang-thai" name="trang-thai" {
                    option value="" { (t.all_states()) }
                    @for state in STATES {
                        option value=(state) selected[narrowed == state] { (narrowing_name(state, t)) }
                    }
                }
            }
            button class="button" type="submit" { (t.search_button()) }
        }
        @if rows.is_empty() { p class="desk-empty" { (t.desk_list_empty()) } }
        ul class="desk-list" { @for row in &rows { (listed(desk, row)) } }
        @if let Some(before) = more {
            p { a class="button button--quiet" rel="next" href=(format!("{}?{}", desk.path, more_query(words, narrowed, before))) { (t.older()) } }
        }
        @if !units.is_empty() {
            section aria-labelledby="cho-don-vi" {
                h2 id="cho-don-vi" class="section-title" { (t.write_for_unit()) }
                form class="desk-filter" method="post" action=(desk.href("/quan-tri/tin")) {
                    div class="field" {
                        label for="don-vi" { (t.unit()) }
                        select id="don-vi" name="unit" {
                            @if everywhere { option value="" { (t.whole_portal()) } }
                            @for unit in &units { option value=(unit.id) { (unit.name) } }
                        }
                    }
                    button class="button button--quiet" type="submit" { (t.write_announcement()) }
                }
            }
        }
    };
    Ok(desk.page(t.desk_announcements(), &content))
}

fn more_query(words: &str, state: &str, before: i64) -> String {
    serde_urlencoded::to_string([("q", words), ("trang-thai", state), ("truoc", &before.to_string())])
        .unwrap_or_default()
}

/// GET: what was published by one person alone and nobody else has looked at.
pub async fn show_emergencies(desk: Desk, State(state): State<AppState>) -> Response {
    let page = async {
        let waiting = service::list_waiting(&state.store, &desk.actor()).await?;
        let t = desk.t();
        let content = html! {
            h1 { (t.waiting_emergencies()) }
            @if waiting.emergencies.is_empty() { p class="desk-empty" { (t.desk_nothing_waits()) } }
            ul class="desk-list" {
                @for row in &waiting.emergencies {
                    (listed(&desk, row))
                    li {
                        @if row.published_by == waiting.me { p class="hint" { (t.emergency_own()) } }
                        @else {
                            form method="post" action=(desk.href(&format!("/quan-tri/tin/{}/xuat-ban", row.id))) {
                                (hidden("viec", "da-xem"))
                                button class="button button--quiet" type="submit" { (t.emergency_looked_at()) }
                            }
                        }
                    }
                }
            }
        };
        Ok(desk.page(t.waiting_emergencies(), &content))
    };
    desk.end(page.await)
}
