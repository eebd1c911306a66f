//! What became of a comment.

use http::StatusCode;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use maud::{Markup, html};

use super::{Asked, made, notice};
use crate::domain::comment::{CommentState, EditState, Tracking};
use crate::domain::error::{AppError, Field};
use crate::domain::site::MadePage;
use crate::domain::time::Instant;
use crate::server::desk::frame::text_area;
use crate::server::desk::guard::code_to_show;
use crate::server::services::comment::track_comment;
use crate::server::services::comment_edit::edit_code;
use crate::server::thing::{Read, Shown};
use crate::text::Text;

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
    let value = match tracked {
        Ok(tracking) => {
            // What the browser was given with the answer to its sending.
            let told = use_context::<http::request::Parts>().and_then(|parts| code_to_show(&parts.headers));
            let right = edit_code(&asked.state.store.secret, &tracking.code)?.to_string();
            let told = told.filter(|told| *told == right).unwrap_or_default();
            let follow = notice::section(asked, &tracking, &told).await?;
            tracking_page(&tracking, &told, asked.query.get("xong"), &follow, asked.t)
        }
        Err(AppError::NotFound) => {
            // With its status, and with the code in the field; the client, which asks for markup, gets it as it is.
            let is_page = use_context::<Shown>().is_some() && !code.is_empty();
            if let Some(options) = use_context::<ResponseOptions>().filter(|_| is_page) {
                options.set_status(StatusCode::NOT_FOUND);
            }
            ask_page(code, asked.t)
        }
        Err(error) => return Err(error),
    };
    Ok(Read { value, things: Vec::new() })
}

/// Asks for a code: for the first time, or because nothing has the one that was given.
fn ask_page(code: &str, t: Text) -> MadePage {
    let unknown = !code.is_empty();
    let markup = html! {
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
        }
    };
    MadePage { title: t.tracking_title().to_owned(), hidden: true, markup: made(markup), ..MadePage::default() }
}

fn tracking_page(tracking: &Tracking, told: &str, done: &str, follow: &Markup, t: Text) -> MadePage {
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
    };
    let waiting = tracking.state == CommentState::Waiting;
    let markup = html! {
        div class="tracking" {
            h1 { (t.tracking_title()) }
            @if let Some(said) = said(done, t) { p class="flash flash--good" role="status" { (said) } }
            section class=(class) aria-label=(t.tracking_code()) data-acknowledged=(tracking.draft) {
                p class="receipt-state" role=[waiting.then_some("status")] { (state) }
                p class="receipt-label" { (t.tracking_code()) }
                p class="receipt-code" { (tracking.code.to_string()) }
                p class="hint" { (if example { t.example_tracking_keep() } else { t.tracking_keep() }) }
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
            h2 { (t.tracking_steps()) }
            ol class="timeline" { (step(t.step_received(), tracking.received, t)) (last_step(&tracking.state, t)) }
            @if !example && matches!(tracking.state, CommentState::Waiting | CommentState::Published { .. }) { (own_form(tracking, told, t)) }
            (follow)
            @if let Some(id) = tracking.comment { p { a href={ (page) "#phan-hoi-" (id) } { (t.tracking_see()) } } }
            @if !example { p { a href={ (page) "#gui-phan-hoi" } { (t.tracking_back()) } ": " (tracking.title) } }
            @else if !tracking.title.is_empty() { p { a href=(page) { (t.example_tracking_see()) } ": " (tracking.title) } }
            @else { p { a href=(t.0.href("/dien-hinh")) { (t.example_tracking_back()) } } }
        }
    };
    MadePage { title: t.tracking_title().to_owned(), hidden: true, markup: made(markup), ..MadePage::default() }
}

/// A comment that its sender has opened, for the page that is shown again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenedComment {
    /// The second code as it was typed.
    pub code: String,
    /// The text to change, or what was typed in its place.
    pub text: Option<String>,
    /// The address for notices as it was typed, where these were meant.
    pub email: Option<String>,
    /// Why it was not done.
    pub error: Option<AppError>,
}

impl OpenedComment {
    /// What was wrong, as a sentence.
    pub fn problem(&self, t: Text) -> Option<String> {
        self.error.as_ref().map(|error| match error {
            AppError::Invalid(errors) if errors.of(Field::Code).is_some() => t.edit_wrong_code().to_owned(),
            AppError::Invalid(errors) => {
                errors.0.iter().map(|(field, problem)| t.problem(*field, *problem)).collect::<Vec<_>>().join(" ")
            }
            error => t.error(error),
        })
    }
}

fn said(done: &str, t: Text) -> Option<&'static str> {
    match done {
        "sua" => Some(t.edit_done()),
        "cho" => Some(t.edit_waits()),
        "rut" => Some(t.edit_withdrawn_done()),
        "thu" => Some(t.notice_asked_done()),
        "tat-thu" => Some(t.notice_ended_done()),
        _ => None,
    }
}

/// What the sender does with the second code.
fn own_form(tracking: &Tracking, told: &str, t: Text) -> Markup {
    let opened = use_context::<OpenedComment>().filter(|opened| opened.email.is_none());
    let code = opened.as_ref().map_or(told, |opened| opened.code.as_str());
    let text = opened.as_ref().and_then(|opened| opened.text.as_deref());
    let wrong = opened.as_ref().and_then(|opened| opened.problem(t));
    html! {
        section class="own-comment" aria-labelledby="sua-rut" {
            h2 id="sua-rut" { (t.edit_title()) }
            p class="edit-code-line" hidden[told.is_empty()] { (t.edit_code_shown()) " " strong class="edit-code" { (told) } }
            @if let Some(wrong) = &wrong { p class="flash flash--bad" role="alert" { (wrong) } }
            form method="post" action=(t.0.href(&format!("/theo-doi/{}", tracking.code))) data-receipt=(tracking.code.to_string()) {
                @if let Some(text) = text {
                    input type="hidden" name="ma-sua" value=(code);
                    div class="field" { label for="sua-noi-dung" { (t.text_label()) } (text_area("sua-noi-dung", "text", 6, text, wrong.is_some())) }
                    button class="button" type="submit" name="viec" value="sua" { (t.edit_save()) }
                } @else {
                    p class="hint" { (t.edit_text()) }
                    div class="field field--short" { label for="ma-sua" { (t.edit_code_label()) } input id="ma-sua" name="ma-sua" value=(code) autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="64"; }
                    button class="button" type="submit" name="viec" value="mo" { (t.edit_open()) }
                }
                " " button class="button button--quiet" type="submit" name="viec" value="rut" { (t.edit_withdraw()) }
            }
        }
    }
}

fn step(name: &str, at: Instant, t: Text) -> Markup {
    html! {
        li class="step--done" {
            p class="step-name" { (name) }
            p class="hint" { time datetime=(at.rfc3339()) { (at.minute(t.0)) } }
        }
    }
}

fn last_step(state: &CommentState, t: Text) -> Markup {
    match state {
        CommentState::Waiting => {
            html! { li class="step--now" aria-current="step" { p class="step-name" { (t.tracking_in_queue()) } } }
        }
        CommentState::Published { at } => step(t.step_published(), *at, t),
        CommentState::Rejected { at, .. } => step(t.step_rejected(), *at, t),
        CommentState::Withdrawn { at } => step(t.step_withdrawn(), *at, t),
    }
}
