//! The queue: everything that waits for a moderator, decided one by one or many at once, with a key or a thumb.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use maud::{Markup, html};
use serde_json::json;

use super::attachment::attachment;
use super::block;
use super::flood;
use super::form::Fields;
use super::frame::{Desk, Extra, form_errors, hidden, text_area};
use super::guard::{answer_error, is_for_script};
use super::history::decision;
use super::rule::{fired, marked};
use crate::domain::account::Permission;
use crate::domain::cursor::Cursor;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::comment::report::ReasonRow;
use crate::server::db::desk::queue::{QueueRow, ReportRow};
use crate::server::db::desk::rule::HitRow;
use crate::server::services::actor::Scope;
use crate::server::services::arrival::Words;
use crate::server::services::comment::Rejection;
use crate::server::services::moderation::{
    self as service, Chosen, Context, Decided, LATE, Queue, QueueVerdict, QueueWanted,
};
use crate::server::sheet::{Cell, write_csv};
use crate::server::state::AppState;
use crate::text::Text;

pub(super) const PATH: &str = "/quan-tri/phan-hoi";
/// Where the log of decisions is.
const LOG: &str = "/quan-tri/nhat-ky-kiem-duyet.csv";
/// What can wait.
const KINDS: [&str; 6] = ["comment", "edit", "report", "appeal", "example", "flood"];

fn wanted(query: &Fields) -> QueueWanted {
    QueueWanted {
        kind: KINDS.into_iter().find(|kind| *kind == query.get("loai")).unwrap_or_default().to_owned(),
        announcement_id: query.number("trang").unwrap_or_default(),
        campaign_id: query.number("phong-trao").unwrap_or_default(),
        unit_id: query.number("don-vi").unwrap_or_default(),
        hours: query.number("tuoi").unwrap_or_default(),
        set_aside: query.get("don") == "1",
        rule_id: query.number("luat").unwrap_or_default(),
        after: Cursor::parse(query.get("tu")),
    }
}

/// The address of a page of the queue.
fn address(wanted: &QueueWanted, after: Option<Cursor>) -> String {
    let number = |number: i64| if number > 0 { number.to_string() } else { String::new() };
    let pairs = [
        ("loai", wanted.kind.clone()),
        ("trang", number(wanted.announcement_id)),
        ("phong-trao", number(wanted.campaign_id)),
        ("don-vi", number(wanted.unit_id)),
        ("tuoi", number(wanted.hours)),
        ("luat", number(wanted.rule_id)),
        ("don", if wanted.set_aside { "1".to_owned() } else { String::new() }),
        ("tu", after.map(|after| after.to_string()).unwrap_or_default()),
    ];
    let pairs: Vec<_> = pairs.iter().filter(|(_, value)| !value.is_empty()).collect();
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") }
}

/// How long something has waited, in words.
pub(super) fn waited(since: i64, t: Text) -> String {
    let minutes = u64::try_from((now().0 - since) / 60_000).unwrap_or_default();
    match minutes {
        0..=59 => t.waited_minutes(usize::try_from(minutes).unwrap_or_default()),
        60..=2879 => t.waited_hours(usize::try_from(minutes / 60).unwrap_or_default()),
        _ => t.waited_days(usize::try_from(minutes / 1440).unwrap_or_default()),
    }
}

fn kind_name(kind: &str, t: Text) -> &'static str {
    match kind {
        "edit" => t.queue_edit(),
        "report" => t.queue_report(),
        "appeal" => t.queue_appeal(),
        "example" => t.queue_example(),
        "flood" => t.queue_flood(),
        _ => t.queue_comment(),
    }
}

/// A reason in the language of the interface.
fn reason_name(reason: &ReasonRow, t: Text) -> &str {
    match t.0 {
        Lang::Vi => &reason.name_vi,
        Lang::En => &reason.name_en,
    }
}

/// GET: what waits.
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
    let wanted = wanted(fields);
    let queue = service::read_queue(&state.store, &desk.actor(), &wanted).await?;
    let t = desk.t();
    let content = html! {
        h1 { (t.queue_title()) }
        nav class="hint" aria-label=(t.queue_more()) {
            a href=(desk.href(super::comment::PATH)) { (t.all_comments()) } " · "
            a href=(desk.href("/chinh-sach/kiem-duyet")) { (t.moderation_policy()) }
            @if desk.actor().may(Permission::ModerateComments, Scope::Everywhere) {
                " · " a href=(desk.href("/quan-tri/ly-do")) { (t.reasons_title()) }
                " · " a href=(desk.href(LOG)) download { (t.queue_log()) }
                " · " a href=(desk.href(super::rule::PATH)) { (t.rules()) }
                " · " a href=(desk.href(super::mode::PATH)) { (t.modes()) }
                " · " a href=(desk.href(block::PATH)) { (t.block_title()) }
            }
        }
        (said(fields, desk))
        (form_errors(error, t))
        (figures(&queue, &wanted, desk))
        (filters(&queue, &wanted, desk))
        @if queue.rows.is_empty() { p class="desk-empty" { (t.queue_empty()) } }
        @else {
            form method="post" action=(desk.href(PATH)) class="queue" data-words=(script_words(t)) data-undo=(service::UNDO_TIME) {
                // What the Enter key would press in a form with many buttons.
                button type="submit" disabled hidden {}
                (hidden("tiep", &address(&wanted, wanted.after)))
                ul class="desk-list" {
                    @for (row, reports) in &queue.rows {
                        @let hits = row.comment_id.and_then(|id| queue.hits.get(&id)).map_or(&[][..], Vec::as_slice);
                        @if let Some(flood) = queue.floods.get(&row.subject_id).filter(|_| row.kind == "flood") { (flood::item(desk, row, flood)) }
                        @else { (item(desk, row, reports, hits, &queue.reasons, fields)) }
                    }
                }
                (bulk(&queue.reasons, desk))
            }
        }
        @if let Some(next) = queue.next { p { a class="more-link" href=(desk.href(&address(&wanted, Some(next)))) rel="next" { (t.queue_next()) } } }
        (super::mode::finder(desk))
    };
    Ok(desk.page_with(status, t.queue_title(), Extra::default(), &content))
}

fn script_words(t: Text) -> String {
    json!({
        "undo": t.queue_undo(), "undone": t.queue_undone(), "approved": t.queue_approved("{n}"), "rejected": t.queue_rejected("{n}"),
        "already": t.queue_already("{who}"), "open": t.queue_taken("{who}"), "keys": t.queue_keys(),
        "unreachable": t.error(&AppError::Unreachable), "empty": t.queue_empty(), "somebody": t.queue_somebody(), "own": t.error(&AppError::OwnDecision),
    })
    .to_string()
}

/// What has just been done, with the way to take it back.
fn said(fields: &Fields, desk: &Desk) -> Markup {
    let t = desk.t();
    let ids: Vec<&str> = fields.get("xong").split('.').filter(|id| id.parse::<i64>().is_ok()).collect();
    let already = fields.number("truoc").unwrap_or_default();
    html! {
        @if !ids.is_empty() {
            form method="post" action=(desk.href(PATH)) class="flash flash--good queue-undo" {
                @let n = ids.len().to_string();
                p role="status" { @if fields.get("la") == "tu-choi" { (t.queue_rejected(n)) } @else { (t.queue_approved(n)) } }
                @for id in &ids { (hidden("muc", id)) }
                button class="button button--quiet" name="viec" value="hoan-tac" { (t.queue_undo()) }
            }
        }
        @if already > 0 { p class="flash flash--bad" role="status" { (t.queue_already(if fields.get("ai").is_empty() { t.queue_somebody() } else { fields.get("ai") })) } }
        @if fields.number("sua").unwrap_or_default() > 0 { p class="flash flash--bad" role="status" { (t.queue_changed()) } }
        @if fields.number("cua-minh").unwrap_or_default() > 0 { p class="flash flash--bad" role="status" { (t.error(&AppError::OwnDecision)) } }
        @if fields.has("hoan-tac") { p class="flash flash--good" role="status" { (t.queue_undone()) } }
    }
}

fn figures(queue: &Queue, wanted: &QueueWanted, desk: &Desk) -> Markup {
    let t = desk.t();
    let late = queue.oldest.is_some_and(|oldest| oldest.0 < now().0 - LATE);
    html! {
        dl class="desk-figures" {
            div { dt { (t.queue_waiting()) } dd class="queue-waiting" { (crate::domain::number::whole(u64::try_from(queue.waiting).unwrap_or_default(), t.0)) } }
            @if let Some(oldest) = queue.oldest {
                div { dt { (t.queue_oldest()) } dd class=(if late { "is-late" } else { "" }) { (waited(oldest.0, t)) } }
            }
            div { dt { (t.queue_decided_today()) } dd {
                (queue.decided.iter().map(|(_, n)| *n).sum::<i64>())
                @if !queue.decided.is_empty() { span class="hint" { " (" @for (index, (who, n)) in queue.decided.iter().enumerate() { @if index > 0 { ", " } (super::history::who_name(who, t)) ": " (n) } ")" } }
            } }
        }
        @if queue.set_aside > 0 && !wanted.set_aside {
            p { a href=(desk.href(&address(&QueueWanted { set_aside: true, ..QueueWanted::default() }, None))) { (t.queue_set_aside(usize::try_from(queue.set_aside).unwrap_or_default())) } }
        }
        @if wanted.set_aside { p { a href=(desk.href(PATH)) { (t.queue_not_set_aside()) } } }
    }
}

fn filters(queue: &Queue, wanted: &QueueWanted, desk: &Desk) -> Markup {
    let t = desk.t();
    html! {
        form method="get" action=(desk.href(PATH)) class="desk-filter" {
            @if wanted.set_aside { (hidden("don", "1")) }
            div class="field" {
                label for="loai" { (t.queue_kind()) }
                select id="loai" name="loai" {
                    option value="" { (t.queue_every_kind()) }
                    @for kind in KINDS {
                        option value=(kind) selected[wanted.kind == kind] { (kind_name(kind, t)) }
                    }
                }
            }
            div class="field" {
                label for="trang" { (t.queue_page()) }
                select id="trang" name="trang" {
                    option value="" { (t.queue_every_page()) }
                    @for (id, title, n) in &queue.pages {
                        option value=(id) selected[wanted.announcement_id == *id] { (title) " (" (n) ")" }
                    }
                }
            }
            @if !queue.campaigns.is_empty() {
                div class="field" {
                    label for="phong-trao" { (t.queue_campaign()) }
                    select id="phong-trao" name="phong-trao" {
                        option value="" { (t.queue_every_campaign()) }
                        @for (id, title) in &queue.campaigns { option value=(id) selected[wanted.campaign_id == *id] { (title) } }
                    }
                }
            }
            @if !queue.units.is_empty() {
                div class="field" {
                    label for="don-vi" { (t.unit()) }
                    select id="don-vi" name="don-vi" {
                        option value="" { (t.queue_every_unit()) }
                        @for (id, name, n) in &queue.units {
                            option value=(id) selected[wanted.unit_id == *id] { (name) " (" (n) ")" }
                        }
                    }
                }
            }
            div class="field" {
                label for="tuoi" { (t.queue_age()) }
                select id="tuoi" name="tuoi" {
                    option value="" { (t.queue_every_age()) }
                    @for hours in [6_usize, 12, 24] {
                        option value=(hours) selected[wanted.hours == i64::try_from(hours).unwrap_or_default()] { (t.queue_over_hours(hours)) }
                    }
                }
            }
            @if !queue.rules.is_empty() || wanted.rule_id > 0 {
                div class="field" {
                    label for="luat" { (t.queue_rule()) }
                    select id="luat" name="luat" {
                        option value="" { (t.queue_every_rule()) }
                        @for (id, name, n) in &queue.rules {
                            option value=(id) selected[wanted.rule_id == *id] { (name) " (" (n) ")" }
                        }
                    }
                }
            }
            button class="button" type="submit" { (t.queue_filter()) }
        }
    }
}

/// What is known of an item, without what can be done about it.
fn facts(desk: &Desk, row: &QueueRow, reports: &[ReportRow], hits: &[HitRow]) -> Markup {
    let t = desk.t();
    let words: Vec<Words> = hits.iter().flat_map(|hit| Words::read(&hit.words)).collect();
    let late = row.since < now().0 - LATE;
    let open = row.taken_name.as_ref().filter(|_| {
        row.taken_until.is_some_and(|until| until > now().0)
            && row.taken_by != desk.signed_in.as_ref().map(|signed_in| signed_in.official.id)
    });
    html! {
        p {
            span class="badge" { (kind_name(&row.kind, t)) } " "
            strong { @if let Some(name) = &row.author_name { (marked(name, "name", &words)) } @else { (row.title) } } " "
            span class=(if late { "badge badge--bad" } else { "hint" }) { (waited(row.since, t)) }
            @if row.set_aside { " " span class="badge" { (t.set_aside()) } }
            @if row.shown { " " span class="badge" { (t.queue_shown()) } }
        }
        p class="hint" {
            a href=(desk.href(&row.path)) { (row.title) }
            @if let Some(thread) = row.thread_id { " · " a href=(desk.href(&format!("/phan-hoi/{thread}"))) { (t.queue_thread()) } }
            @if row.kind != "example" { " · " a href=(desk.href(&format!("{PATH}/{}", row.id))) { (t.queue_context()) } }
            @if let Some(id) = row.comment_id { " · " a href=(desk.href(&format!("{}/{id}", super::comment::PATH))) { (t.comment_desk()) } }
            @if row.kind != "example" { " · " a href=(desk.href(&format!("{}/{}", super::mode::PATH, row.announcement_id))) { (t.mode_of_page()) } }
        }
        @if let (Some(name), Some(text)) = (&row.answered_name, &row.answered_text) {
            p class="queue-answered hint" { (t.comment_answers(name)) ": " q { (crate::domain::text::shorten(text, 200)) } }
        }
        @if let Some(edit) = &row.edit_text {
            p class="hint" { (t.queue_edit_from()) }
            p class="desk-comment-text queue-old" { @for line in row.text.as_deref().unwrap_or_default().lines() { (line) br; } }
            p class="hint" { (t.queue_edit_to()) }
            p class="desk-comment-text" { @for line in edit.lines() { (line) br; } }
        } @else if let Some(text) = &row.text { p class="desk-comment-text" { (marked(text, "text", &words)) } }
        @for hit in hits { (fired(hit, t)) }
        @if let Some(appeal) = &row.appeal_text {
            (rejection(row, t))
            p class="hint" { (t.queue_appeal_says()) }
            p class="desk-comment-text" { @for line in appeal.lines() { (line) br; } }
        }
        @for report in reports {
            p class="queue-report" { strong { (t.queue_reported()) } " " (if t.0 == Lang::Vi { &report.name_vi } else { &report.name_en }) @if !report.note.is_empty() { ": " q { (report.note) } } }
        }
        p class="queue-open hint" role="status" { @if let Some(name) = open { (t.queue_taken(name)) } }
    }
}

/// What somebody appeals against: who rejected the comment, and with which reason.
fn rejection(row: &QueueRow, t: Text) -> Markup {
    let who = row.rejected_name.as_deref().map_or(t.queue_somebody(), |name| super::history::who_name(name, t));
    html! {
        p class="hint" { (t.queue_rejected_by(who)) }
        p class="desk-comment-text queue-old" { (row.reason_in(t.0)) }
    }
}

fn approve_name(kind: &str, stays: bool, t: Text) -> &'static str {
    match kind {
        _ if stays => t.queue_keep(),
        "appeal" => t.queue_grant(),
        _ => t.approve(),
    }
}

fn reject_name(kind: &str, stays: bool, t: Text) -> &'static str {
    match kind {
        _ if stays => t.queue_take_down(),
        "appeal" => t.queue_refuse(),
        _ => t.reject(),
    }
}

/// Whether it is an appeal against what whoever reads this decided.
fn is_own_rejection(desk: &Desk, row: &QueueRow) -> bool {
    row.rejected_account.is_some()
        && row.rejected_account.as_deref() == desk.signed_in.as_ref().map(|signed_in| signed_in.official.name.as_str())
}

/// Something that waits with what can be done about it.
fn item(
    desk: &Desk,
    row: &QueueRow,
    reports: &[ReportRow],
    hits: &[HitRow],
    reasons: &[ReasonRow],
    typed: &Fields,
) -> Markup {
    let t = desk.t();
    let id = row.id;
    html! {
        li class="desk-comment queue-item" id={ "muc-" (id) } tabindex="-1" data-item=(id) {
            (facts(desk, row, reports, hits))
            @let stays = row.kind == "report" || row.shown;
            @if row.kind == "example" {
                p { a class="button" href=(desk.href(&format!("/quan-tri/dien-hinh/{}", row.subject_id))) { (t.queue_check_example()) } }
            } @else if is_own_rejection(desk, row) {
                p class="hint" { (t.queue_own_rejection()) }
            } @else {
                @if let Some(version) = row.version_read() { (hidden(&format!("ban-{id}"), &version.to_string())) }
                div class="desk-decision" {
                    label class="check queue-choose" { input type="checkbox" name="muc" value=(id); " " (t.queue_choose()) }
                    button class="button" name="duyet" value=(id) { (approve_name(&row.kind, stays, t)) }
                    details {
                        summary class="button button--quiet" { (reject_name(&row.kind, stays, t)) }
                        (reason_fields(&format!("-{id}"), reasons, typed, t))
                        button class="button" name="tu-choi" value=(id) { (reject_name(&row.kind, stays, t)) }
                    }
                }
            }
        }
    }
}

/// One of the published reasons, and what is added.
pub(super) fn reason_fields(suffix: &str, reasons: &[ReasonRow], typed: &Fields, t: Text) -> Markup {
    let (code, note) = (format!("ly-do{suffix}"), format!("ghi-chu{suffix}"));
    html! {
        div class="field" {
            label for=(code) { (t.reason_for_sender()) }
            select id=(code) name=(code) {
                option value="" { (t.queue_choose_reason()) }
                @for reason in reasons { option value=(reason.code) selected[typed.get(&code) == reason.code] { (reason_name(reason, t)) } }
            }
        }
        div class="field" {
            label for=(note) { (t.queue_note()) }
            (text_area(&note, &note, 2, typed.get(&note), false))
        }
    }
}

/// Many at once.
fn bulk(reasons: &[ReasonRow], desk: &Desk) -> Markup {
    let t = desk.t();
    html! {
        fieldset class="queue-bulk" {
            legend { (t.queue_bulk()) }
            div class="desk-decision" {
                button class="button" name="viec" value="duyet" { (t.queue_approve_chosen()) }
                details {
                    summary class="button button--quiet" { (t.queue_reject_chosen()) }
                    (reason_fields("", reasons, &Fields::default(), t))
                    button class="button" name="viec" value="tu-choi" { (t.queue_reject_chosen()) }
                }
            }
        }
    }
}

/// POST: a decision about one, or about those that are chosen, or taking one back.
pub async fn take(desk: Desk, State(state): State<AppState>, headers: http::HeaderMap, fields: Fields) -> Response {
    let actor = desk.actor();
    let one = |name: &str| fields.number(name).map(|id| vec![id]);
    let chosen = || fields.all("muc").filter_map(|id| id.parse().ok()).collect::<Vec<i64>>();
    let (ids, rejects, suffix) = match (one("duyet"), one("tu-choi"), fields.get("viec")) {
        (Some(ids), ..) => (ids, false, String::new()),
        (None, Some(ids), _) => {
            let suffix = format!("-{}", ids[0]);
            (ids, true, suffix)
        }
        (.., what) => (chosen(), what == "tu-choi", String::new()),
    };
    let next = if fields.get("tiep").starts_with("/quan-tri") { fields.get("tiep") } else { PATH };
    if fields.get("viec") == "hoan-tac" {
        return match service::undo(&state.store, &actor, &ids).await {
            Ok(_) if is_for_script(&headers) => axum::Json(json!({ "undone": ids })).into_response(),
            Ok(_) => desk.redirect(&joined(next, "hoan-tac")),
            Err(error) if is_for_script(&headers) => answer_error(&error),
            Err(error) => desk.failure(&error),
        };
    }
    let verdict = if rejects {
        let (code, note) = (fields.get(&format!("ly-do{suffix}")), fields.get(&format!("ghi-chu{suffix}")));
        QueueVerdict::Reject(Rejection { code: code.to_owned(), note: note.to_owned() })
    } else {
        QueueVerdict::Approve
    };
    let chosen: Vec<Chosen> =
        ids.iter().map(|id| Chosen { id: *id, version: fields.number(&format!("ban-{id}")) }).collect();
    let done = service::decide_items(&state.store, &actor, &chosen, &verdict).await;
    if is_for_script(&headers) {
        return match done {
            Ok(Decided { done, already, changed, own }) => {
                axum::Json(json!({ "done": done, "already": already, "changed": changed, "own": own })).into_response()
            }
            Err(error) => {
                let mut answer = axum::Json(json!({ "sentence": sentence(&error, desk.t()) })).into_response();
                *answer.status_mut() = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
                answer
            }
        };
    }
    match done {
        Ok(Decided { done, already, changed, own }) => {
            let ids = done.iter().map(i64::to_string).collect::<Vec<_>>().join(".");
            let what = if rejects { "tu-choi" } else { "duyet" };
            let who = already.first().map(|(_, who)| who.clone()).unwrap_or_default();
            let told = [
                ("xong", ids),
                ("la", what.to_owned()),
                ("truoc", already.len().to_string()),
                ("ai", who),
                ("sua", changed.len().to_string()),
                ("cua-minh", own.len().to_string()),
            ];
            desk.redirect(&joined(next, &serde_urlencoded::to_string(told).unwrap_or_default()))
        }
        Err(error @ AppError::Invalid(_)) => {
            desk.end(page(&desk, &state, StatusCode::UNPROCESSABLE_ENTITY, &fields, Some(&error)).await)
        }
        Err(error) => desk.failure(&error),
    }
}

/// What is wrong, as a sentence.
fn sentence(error: &AppError, t: Text) -> String {
    match error {
        AppError::Invalid(errors) => {
            errors.0.iter().map(|(field, problem)| t.problem(*field, *problem)).collect::<Vec<_>>().join(" ")
        }
        error => t.error(error),
    }
}

pub(super) fn joined(path: &str, query: &str) -> String {
    format!("{path}{}{query}", if path.contains('?') { '&' } else { '?' })
}

/// POST: somebody has an item open; answers who else has.
pub async fn touch(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>) -> Response {
    match service::take(&state.store, &desk.actor(), id).await {
        Ok(who) => axum::Json(json!({ "who": who })).into_response(),
        Err(error) => answer_error(&error),
    }
}

/// GET: the log of decisions, as a table without what was said in the comments.
pub async fn log(desk: Desk, State(state): State<AppState>) -> Response {
    let rows = match service::read_log(&state.store, &desk.actor()).await {
        Ok(rows) => rows,
        Err(error) => return desk.failure(&error),
    };
    let text = |text: &str| Cell::Text(text.to_owned());
    let head = ["at", "who", "kind", "number", "action", "reason", "note", "about"];
    let mut table = vec![head.map(text).to_vec()];
    table.extend(rows.iter().map(|row| {
        vec![
            text(&Instant(row.at).rfc3339()),
            text(&row.who),
            text(&row.kind),
            text(&row.subject_id.to_string()),
            text(&row.action),
            text(row.code.as_deref().unwrap_or_default()),
            text(row.reason.as_deref().unwrap_or_default()),
            text(&row.subject),
        ]
    }));
    attachment(write_csv(&table), "text/csv; charset=utf-8", "nhat-ky-kiem-duyet.csv")
}

/// GET: what is known around an item.
pub async fn show_context(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>) -> Response {
    let page = async {
        let context = service::read_context(&state.store, &desk.actor(), id).await?;
        if context.row.kind == "flood" {
            return Ok(desk.redirect(&flood::path(context.row.subject_id)));
        }
        Ok(desk.page(desk.t().queue_context(), &context_page(&desk, &context)))
    };
    desk.end(page.await)
}

fn context_page(desk: &Desk, context: &Context) -> Markup {
    let t = desk.t();
    let row = &context.row;
    html! {
        p class="breadcrumb" { a href=(desk.href(PATH)) { (t.queue_title()) } }
        h1 { (t.queue_context()) }
        @if row.decided_at.is_some() { p class="flash" { (t.queue_is_decided()) } }
        form method="post" action=(desk.href(PATH)) class="queue" {
            button type="submit" disabled hidden {}
            (hidden("tiep", PATH))
            ul class="desk-list" {
                @if row.decided_at.is_none() { (item(desk, row, &context.reports, &context.hits, &context.reasons, &Fields::default())) }
                @else { li class="desk-comment" { (facts(desk, row, &context.reports, &context.hits)) } }
            }
        }
        section aria-labelledby="cung-noi-gui" {
            h2 id="cung-noi-gui" class="section-title" { (t.queue_same_sender()) }
            p class="hint" {
                (t.queue_same_sender_hint())
                @if let Some(id) = row.comment_id && desk.actor().may(Permission::ModerateComments, Scope::Everywhere) {
                    " " a href=(desk.href(&block::path(id))) { (t.block_sender()) }
                }
            }
            @if context.earlier.is_empty() { p class="desk-empty" { (t.queue_same_sender_none()) } }
            ul class="desk-list" {
                @for earlier in &context.earlier {
                    li class="desk-comment" {
                        p { span class="badge" { (super::comment::state_name(&earlier.state, t)) } " " strong { (earlier.author_name) } " " span class="hint" { (Instant(earlier.created_at).minute(desk.lang)) " · " a href=(desk.href(&earlier.path)) { (earlier.path) } } }
                        p class="desk-comment-text" { @for line in earlier.text.lines() { (line) br; } }
                    }
                }
            }
        }
        @if !context.decisions.is_empty() {
            section aria-labelledby="da-quyet-dinh" {
                h2 id="da-quyet-dinh" class="section-title" { (t.decisions()) }
                ul class="desk-list" { @for row in &context.decisions { (decision(desk, row)) } }
            }
        }
    }
}

/// A few things that wait, for the desk's first page.
pub fn waiting_section(desk: &Desk, queue: &Queue) -> Markup {
    let t = desk.t();
    html! {
        section aria-labelledby="phan-hoi-cho" {
            h2 id="phan-hoi-cho" class="section-title" { (t.queue_title()) }
            (figures(queue, &QueueWanted::default(), desk))
            p { a class="button" href=(desk.href(PATH)) { (t.queue_go()) } }
        }
    }
}
