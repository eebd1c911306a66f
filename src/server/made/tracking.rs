//! What became of a comment.

use http::StatusCode;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use maud::{Markup, html};

use super::discussion::{official_answer, passed_line};
use super::{Asked, discussion_style, made, notice};
use crate::domain::answer::{Rating, Step, StepKind};
use crate::domain::error::AppError;
use crate::domain::site::MadePage;
use crate::domain::tracking::{CommentState, EditState, Tracking};
use crate::server::desk::guard::code_to_show;
use crate::server::services::comment_edit::edit_code;
use crate::server::services::tracking::track_comment;
use crate::server::thing::{Read, Shown};
use crate::text::Text;

pub mod own;

/// `/theo-doi/{receipt}`, and `/theo-doi?ma=`, where somebody types the code.
///
/// # Errors
/// When the database fails.
pub async fn show(asked: &Asked<'_>, code: Option<&str>) -> Result<Read<MadePage>, AppError> {
    let code = code.unwrap_or_else(|| asked.query.get("ma"));
    let tracked = if code.is_empty() {
        Err(AppError::NotFound)
    } else {
        track_comment(&asked.state.store, code, asked.t.0).await
    };
    let style = discussion_style(asked.state);
    let value = match tracked {
        Ok(tracking) => {
            // What the browser was given with the answer to its sending.
            let told = use_context::<http::request::Parts>().and_then(|parts| code_to_show(&parts.headers));
            let right = edit_code(&asked.state.store.secret, &tracking.code)?.to_string();
            let told = told.filter(|told| *told == right).unwrap_or_default();
            let follow = notice::section(asked, &tracking, &told).await?;
            let parts = Parts { told: &told, done: asked.query.get("xong"), style, follow };
            tracking_page(&tracking, &parts, asked.t)
        }
        Err(AppError::NotFound) => {
            // With its status, and with the code in the field; the client, which asks for markup, gets it as it is.
            let is_page = use_context::<Shown>().is_some() && !code.is_empty();
            if let Some(options) = use_context::<ResponseOptions>().filter(|_| is_page) {
                options.set_status(StatusCode::NOT_FOUND);
            }
            ask_page(code, &style, asked.t)
        }
        Err(error) => return Err(error),
    };
    Ok(Read { value, things: Vec::new() })
}

fn mine_words(t: Text) -> String {
    serde_json::json!({ "path": t.0.href("/theo-doi/"), "forget": t.mine_forget(), "forgotten": t.mine_forgotten() })
        .to_string()
}

/// Asks for a code: for the first time, or because nothing has the one that was given.
fn ask_page(code: &str, style: &Markup, t: Text) -> MadePage {
    let unknown = !code.is_empty();
    let markup = html! {
        (style)
        div class="tracking" {
            h1 { (t.tracking_title()) }
            form class="search-form" action=(t.0.href("/theo-doi")) method="get" {
                div class="field" {
                    label for="ma" { (t.tracking_code()) }
                    @if unknown { p class="field-error" id="ma-loi" role="alert" { (t.track_unknown(code)) } }
                    input id="ma" name="ma" value=(code) required autocomplete="off" autocapitalize="characters"
                        spellcheck="false" maxlength="64" aria-invalid=[unknown.then_some("true")]
                        aria-describedby=(if unknown { "ma-loi ma-goi-y" } else { "ma-goi-y" });
                    p class="hint" id="ma-goi-y" { (t.track_intro()) }
                }
                button class="button" type="submit" { (t.track_button()) }
            }
            // For `client/discussion/own.js`: the codes that this device keeps.
            section class="my-comments" aria-labelledby="phan-hoi-cua-toi" hidden data-words=(mine_words(t)) {
                h2 class="section-title" id="phan-hoi-cua-toi" { (t.mine_title()) }
                p class="hint" { (t.mine_text()) }
                ul {}
                button class="button button--quiet" type="button" { (t.mine_forget_all()) }
            }
        }
    };
    MadePage { title: t.tracking_title().to_owned(), hidden: true, markup: made(markup), ..MadePage::default() }
}

/// What stands on a tracking page besides what became of the comment.
struct Parts<'a> {
    told: &'a str,
    done: &'a str,
    style: Markup,
    follow: Markup,
}

fn tracking_page(tracking: &Tracking, parts: &Parts<'_>, t: Text) -> MadePage {
    let Parts { told, done, style, follow } = parts;
    let page = t.0.href(&tracking.path);
    // An example's story, or its form: it has a page of its own and no place on another.
    let example = tracking.path.starts_with("/dien-hinh");
    let (class, state, reason) = match &tracking.state {
        CommentState::Waiting => {
            let waiting = if example { t.example_tracking_waiting() } else { t.tracking_waiting() };
            ("receipt receipt--waiting", waiting.to_owned(), "")
        }
        CommentState::Published { at } => ("receipt receipt--published", t.tracking_published(at.minute(t.0)), ""),
        CommentState::Rejected { at, reason } => {
            ("receipt receipt--rejected", t.tracking_rejected(at.minute(t.0)), reason.as_str())
        }
        CommentState::Withdrawn { at } => ("receipt receipt--withdrawn", t.tracking_withdrawn(at.minute(t.0)), ""),
        CommentState::Erased { at } => ("receipt receipt--withdrawn", t.tracking_erased(at.minute(t.0)), ""),
    };
    let waiting = tracking.state == CommentState::Waiting;
    let markup = html! {
        (style)
        div class="tracking" {
            h1 { (t.tracking_title()) }
            @if let Some(problem) = own::problem(t) { p class="flash flash--bad" role="alert" { (problem) } }
            @if let Some(said) = said(done, t) { p class="flash flash--good" role="status" { (said) } }
            section class=(class) aria-label=(t.tracking_code()) data-acknowledged=(tracking.draft) {
                p class="receipt-state" role=[waiting.then_some("status")] { (state) }
                p class="receipt-label" { (t.tracking_code()) }
                p class="receipt-code" { (tracking.code.to_string()) }
                p class="hint" { (if example { t.example_tracking_keep() } else { t.tracking_keep() }) }
                (remember(tracking, t))
                @if !reason.is_empty() {
                    div class="reason" { p class="reason-label" { (t.tracking_reason()) } p { (reason) } }
                }
            }
            @if let Some(edit) = &tracking.edit {
                @match edit {
                    EditState::Waiting { at } => { p { (t.tracking_edit_waiting(at.minute(t.0))) } },
                    EditState::Rejected { at, reason } => { div class="reason" { p class="reason-label" { (t.tracking_edit_rejected(at.minute(t.0))) } p { (reason) } } },
                }
            }
            @if let Some(passed) = &tracking.passed { (passed_line(passed, t)) }
            @for answer in &tracking.official { (official_answer(answer, t)) }
            h2 { (t.tracking_steps()) }
            ol class="timeline" {
                @for step in &tracking.steps { (step_line(step, t)) }
                @if waiting { li class="step--now" aria-current="step" { p class="step-name" { (t.tracking_in_queue()) } } }
            }
            @if !example { (own::section(tracking, told, t)) }
            (follow)
            @if let Some(id) = tracking.comment { p { a href={ (page) "#phan-hoi-" (id) } { (t.tracking_see()) } } }
            @if !example { p { a href={ (page) "#gui-phan-hoi" } { (t.tracking_back()) } ": " (tracking.title) } }
            @else if !tracking.title.is_empty() { p { a href=(page) { (t.example_tracking_see()) } ": " (tracking.title) } }
            @else { p { a href=(t.0.href("/dien-hinh")) { (t.example_tracking_back()) } } }
        }
    };
    MadePage { title: t.tracking_title().to_owned(), hidden: true, markup: made(markup), ..MadePage::default() }
}

/// For `client/discussion/own.js`, which shows it: the device keeps the code, or forgets it.
fn remember(tracking: &Tracking, t: Text) -> Markup {
    html! {
        p class="remember" hidden data-receipt=(tracking.code.to_string()) data-title=(tracking.title) {
            button class="button button--quiet" type="button" data-remembered=(t.mine_forget()) { (t.mine_remember()) }
            " " span class="hint" role="status" data-kept=(t.mine_kept()) { (t.mine_shared()) }
        }
    }
}

fn said(done: &str, t: Text) -> Option<&'static str> {
    match done {
        "sua" => Some(t.edit_done()),
        "cho" => Some(t.edit_waits()),
        "rut" => Some(t.edit_withdrawn_done()),
        "khieu-nai" => Some(t.appeal_done()),
        "chua-thoa-dang" => Some(t.reopen_done()),
        "danh-gia" => Some(t.rate_done()),
        "thu" => Some(t.notice_asked_done()),
        "tat-thu" => Some(t.notice_ended_done()),
        _ => None,
    }
}

/// What a rating is called.
pub fn rating_name(rating: Rating, t: Text) -> &'static str {
    match rating {
        Rating::Satisfied => t.rating_satisfied(),
        Rating::Fair => t.rating_fair(),
        Rating::NotSatisfied => t.rating_not_satisfied(),
    }
}

fn step_line(step: &Step, t: Text) -> Markup {
    let (name, reason) = match &step.kind {
        StepKind::Received => (t.step_received().to_owned(), ""),
        StepKind::Published => (t.step_published().to_owned(), ""),
        StepKind::Rejected { reason } => (t.step_rejected().to_owned(), reason.as_str()),
        StepKind::Withdrawn => (t.step_withdrawn().to_owned(), ""),
        StepKind::Erased => (t.step_erased().to_owned(), ""),
        StepKind::EditSent => (t.step_edit_sent().to_owned(), ""),
        StepKind::Edited => (t.step_edited().to_owned(), ""),
        StepKind::EditRejected { reason } => (t.step_edit_rejected().to_owned(), reason.as_str()),
        StepKind::Appealed => (t.step_appealed().to_owned(), ""),
        StepKind::AppealGranted => (t.step_appeal_granted().to_owned(), ""),
        StepKind::AppealRefused { reason } => (t.step_appeal_refused().to_owned(), reason.as_str()),
        StepKind::Passed { unit, due } => (t.passed_to(due.show(t.0), unit), ""),
        StepKind::Answered { unit } => (t.step_answered(unit), ""),
        StepKind::Reopened => (t.step_reopened().to_owned(), ""),
        StepKind::Rated { rating } => (t.step_rated(rating_name(*rating, t)), ""),
    };
    html! {
        li class="step--done" {
            p class="step-name" { (name) }
            @if !reason.is_empty() { p { (reason) } }
            p class="hint" { time datetime=(step.at.rfc3339()) { (step.at.minute(t.0)) } }
        }
    }
}
