//! A flood: what came at once and waits together, with one decision for all of it and a way out for what is good.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::block;
use super::form::Fields;
use super::frame::{Desk, Extra, form_errors, hidden};
use super::moderation::{PATH as QUEUE, joined, reason_fields, waited};
use crate::domain::account::Permission;
use crate::domain::cursor::Cursor;
use crate::domain::error::AppError;
use crate::domain::text::shorten;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::desk::flood::MemberRow;
use crate::server::db::desk::queue::QueueRow;
use crate::server::services::actor::Scope;
use crate::server::services::comment::Rejection;
use crate::server::services::flood::{self as service, Flood, FloodDecided, FloodSummary, FloodVerdict};
use crate::server::services::moderation::{Chosen, LATE, UNDO_TIME};
use crate::server::state::AppState;

/// So much of a comment is shown for a glance.
const GLANCE: usize = 200;

/// The address of a flood.
pub(super) fn path(id: i64) -> String {
    format!("/quan-tri/gui-don/{id}")
}

fn number(n: i64) -> usize {
    usize::try_from(n).unwrap_or_default()
}

/// What is known of a flood in numbers.
fn facts(desk: &Desk, flood: &FloodSummary) -> Markup {
    let (t, row) = (desk.t(), &flood.row);
    let why = if row.kind == "blocked" { t.flood_by_blocked() } else { t.flood_by_rush() };
    let minute = |at: i64| Instant(at).minute(desk.lang);
    let each = flood.senders.iter().take(5).map(i64::to_string).collect::<Vec<_>>().join(", ");
    html! {
        p { (why) }
        p class="hint" {
            a href=(desk.href(&row.path)) { (row.title) } " · " (t.flood_span(minute(row.began_at), minute(row.last_at)))
            @if !flood.senders.is_empty() { " · " (t.flood_senders(flood.senders.len())) " (" (t.flood_each(each)) ")" }
            " · " (t.flood_proven(number(row.proven)))
        }
    }
}

/// A flood among what waits.
pub(super) fn item(desk: &Desk, row: &QueueRow, flood: &FloodSummary) -> Markup {
    let t = desk.t();
    let late = row.since < now().0 - LATE;
    html! {
        li class="desk-comment queue-item" id={ "muc-" (row.id) } tabindex="-1" data-item=(row.id) {
            p {
                span class="badge" { (t.queue_flood()) } " " strong { (t.flood_waiting(number(flood.row.waiting))) } " "
                span class=(if late { "badge badge--bad" } else { "hint" }) { (waited(row.since, t)) }
                @if row.set_aside { " " span class="badge" { (t.set_aside()) } }
            }
            (facts(desk, flood))
            @for sample in &flood.samples {
                p class="queue-report" { strong { (sample.author_name) } ": " q { (shorten(&sample.text, GLANCE)) } }
            }
            p class="queue-open hint" role="status" {}
            p { a class="button" href=(desk.href(&path(flood.row.id))) { (t.flood_look()) } }
        }
    }
}

/// GET: a flood, with what waits in it.
pub async fn show(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, uri: http::Uri) -> Response {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    desk.end(page(&desk, &state, id, StatusCode::OK, &query, None).await)
}

async fn page(
    desk: &Desk,
    state: &AppState,
    id: i64,
    status: StatusCode,
    fields: &Fields,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let t = desk.t();
    let flood = service::read_flood(&state.store, &desk.actor(), id, Cursor::parse(fields.get("tu"))).await?;
    let row = &flood.summary.row;
    let content = html! {
        p class="breadcrumb" { a href=(desk.href(QUEUE)) { (t.queue_title()) } }
        h1 { (t.flood_title()) ": " (row.title) }
        (said(desk, &flood, fields))
        (form_errors(error, t))
        (facts(desk, &flood.summary))
        (frequent(desk, &flood))
        @if row.decided_at.is_some() {}
        @else if flood.members.is_empty() { p class="desk-empty" { (t.flood_none()) } (whole(desk, &flood, fields)) }
        @else { (whole(desk, &flood, fields)) (members(desk, &flood)) }
    };
    Ok(desk.page_with(status, t.flood_title(), Extra::default(), &content))
}

/// What has just been done, or was before, with the way to take it back.
fn said(desk: &Desk, flood: &Flood, fields: &Fields) -> Markup {
    let (t, row) = (desk.t(), &flood.summary.row);
    let n = number(fields.number("so").unwrap_or_default());
    let somebody = |who: &str| if who.is_empty() { t.queue_somebody().to_owned() } else { who.to_owned() };
    let fresh = row.decided_at.is_some_and(|at| at >= now().0 - UNDO_TIME);
    html! {
        @match (fields.get("xong"), row.decided_at) {
            (what @ ("tu-choi" | "tha"), Some(_)) => form method="post" action=(desk.href(&path(row.id))) class="flash flash--good queue-undo" {
                p role="status" { @if what == "tha" { (t.flood_released(n)) } @else { (t.flood_rejected(n)) } }
                @if fresh { button class="button button--quiet" name="viec" value="hoan-tac" { (t.queue_undo()) } }
            },
            ("truoc", _) => p class="flash flash--bad" role="status" { (t.flood_already(somebody(row.who.as_deref().unwrap_or_default()))) },
            (_, Some(at)) => p class="flash" { (t.flood_decided(Instant(at).minute(desk.lang), somebody(row.who.as_deref().unwrap_or_default()))) },
            ("hoan-tac", _) => p class="flash flash--good" role="status" { (t.flood_undone(n)) },
            ("ra", _) => p class="flash flash--good" role="status" { (t.flood_taken_out(n)) },
            _ => {},
        }
        @if fields.number("sua").unwrap_or_default() > 0 { p class="flash flash--bad" role="status" { (t.queue_changed()) } }
    }
}

/// What its comments have in common.
fn frequent(desk: &Desk, flood: &Flood) -> Markup {
    let t = desk.t();
    let hosts = flood.hosts.iter().map(|(host, n)| format!("{host} ({n})")).collect::<Vec<_>>().join(", ");
    html! {
        @if !hosts.is_empty() { p class="hint" { (t.flood_links(hosts)) } }
        @for (text, n) in &flood.repeated { p class="hint" { (t.flood_repeated(number(*n))) " " q { (shorten(text, GLANCE)) } } }
    }
}

/// The decision about all of it.
fn whole(desk: &Desk, flood: &Flood, typed: &Fields) -> Markup {
    let (t, waiting) = (desk.t(), number(flood.summary.row.waiting));
    html! {
        form method="post" action=(desk.href(&path(flood.summary.row.id))) class="queue flood-whole" {
            fieldset {
                legend { (t.flood_whole()) }
                p class="hint" { (t.flood_hint()) }
                (reason_fields("", &flood.reasons, typed, t))
                div class="desk-decision" {
                    button class="button" name="viec" value="tu-choi" { (t.flood_reject(waiting)) }
                    button class="button button--quiet" name="viec" value="tha" { (t.flood_release(waiting)) }
                }
            }
        }
    }
}

/// What waits in it, one by one.
fn members(desk: &Desk, flood: &Flood) -> Markup {
    let (t, id) = (desk.t(), flood.summary.row.id);
    let may_block = desk.actor().may(Permission::ModerateComments, Scope::Everywhere);
    html! {
        form method="post" action=(desk.href(&path(id))) class="queue flood-members" {
            h2 class="section-title" { (t.flood_members()) }
            ul class="desk-list" { @for member in &flood.members { (one(desk, member, may_block)) } }
            fieldset class="queue-bulk" {
                legend { (t.flood_chosen()) }
                div class="desk-decision" {
                    button class="button" name="viec" value="duyet" { (t.flood_approve_chosen()) }
                    button class="button button--quiet" name="viec" value="ra" { (t.flood_take_out()) }
                }
            }
        }
        @if let Some(next) = flood.next {
            p { a class="more-link" href=(desk.href(&format!("{}?tu={next}", path(id)))) rel="next" { (t.queue_next()) } }
        }
    }
}

fn one(desk: &Desk, member: &MemberRow, may_block: bool) -> Markup {
    let t = desk.t();
    html! {
        li class="desk-comment" {
            (hidden(&format!("ban-{}", member.id), &member.version.to_string()))
            p {
                label class="check queue-choose" { input type="checkbox" name="muc" value=(member.id); " " strong { (member.author_name) } } " "
                span class="hint" {
                    (Instant(member.created_at).minute(desk.lang))
                    @if member.proven { " · " (t.flood_proven_one()) }
                    @if may_block { " · " a href=(desk.href(&block::path(member.id))) { (t.block_sender()) } }
                }
            }
            p class="desk-comment-text" { @for line in member.text.lines() { (line) br; } }
        }
    }
}

/// POST: a decision about all of it or about some, or taking one back.
pub async fn take(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, fields: Fields) -> Response {
    let (actor, store) = (desk.actor(), &state.store);
    let back = |what: &str, n: u64| desk.redirect(&joined(&path(id), &format!("xong={what}&so={n}")));
    let what = fields.get("viec");
    let decided = match what {
        "tu-choi" => {
            let rejection = Rejection { code: fields.get("ly-do").to_owned(), note: fields.get("ghi-chu").to_owned() };
            service::decide_flood(store, &actor, id, &FloodVerdict::Reject(rejection)).await
        }
        "tha" => service::decide_flood(store, &actor, id, &FloodVerdict::Release).await,
        "hoan-tac" => match service::undo_flood(store, &actor, id).await {
            Ok(n) => return back(what, n),
            Err(error) => Err(error),
        },
        "duyet" | "ra" => {
            let ids = fields.all("muc").filter_map(|id| id.parse::<i64>().ok());
            let chosen: Vec<Chosen> =
                ids.map(|id| Chosen { id, version: fields.number(&format!("ban-{id}")) }).collect();
            match service::take_out(store, &actor, id, &chosen, what == "duyet").await {
                Ok(done) => {
                    let query = format!("xong=ra&so={}&sua={}", done.done.len(), done.changed.len());
                    return desk.redirect(&joined(&path(id), &query));
                }
                Err(AppError::Conflict) => return back("truoc", 0),
                Err(error) => Err(error),
            }
        }
        _ => Err(AppError::BadAddress),
    };
    match decided {
        Ok(FloodDecided::Done(n)) => back(what, n),
        Ok(FloodDecided::Already(_)) => back("truoc", 0),
        Err(error @ AppError::Invalid(_)) => {
            desk.end(page(&desk, &state, id, StatusCode::UNPROCESSABLE_ENTITY, &fields, Some(&error)).await)
        }
        Err(error) => desk.failure(&error),
    }
}
