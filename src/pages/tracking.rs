//! What became of a comment.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use maud::{Markup, html};

use crate::api::comment::track_comment;
use crate::components::head::Head;
use crate::domain::comment::{CommentState, Tracking};
use crate::domain::time::Instant;
use crate::pages::{Page, inert_page, page_data, page_of};
use crate::text::Text;

/// `/theo-doi/{receipt}`.
#[component]
pub fn TrackingPage() -> impl IntoView {
    let params = use_params_map();
    let wanted = move || [params.read().get("receipt"), None, None];
    inert_page(page_data(wanted, |[code, ..]| {
        Box::pin(async { Ok(page_of(track_comment(code.unwrap_or_default()).await?, tracking_page)) })
    }))
}

fn tracking_page(tracking: &Tracking, t: Text) -> Page {
    let page = t.0.href(&format!("/tin/{}", tracking.slug));
    let (class, state, reason) = match &tracking.state {
        CommentState::Waiting => ("receipt receipt--waiting", t.tracking_waiting().to_owned(), ""),
        CommentState::Published { at } => ("receipt receipt--published", t.tracking_published(at.minute(t.0)), ""),
        CommentState::Rejected { at, reason } => {
            ("receipt receipt--rejected", t.tracking_rejected(at.minute(t.0)), reason.as_str())
        }
    };
    let waiting = tracking.state == CommentState::Waiting;
    let markup = html! {
        div class="tracking" {
            h1 { (t.tracking_title()) }
            section class=(class) aria-label=(t.tracking_code()) data-acknowledged={ "/tin/" (tracking.slug) } {
                p class="receipt-state" role=[waiting.then_some("status")] { (state) }
                p class="receipt-label" { (t.tracking_code()) }
                p class="receipt-code" { (tracking.code.to_string()) }
                p class="hint" { (t.tracking_keep()) }
                @if !reason.is_empty() {
                    div class="reason" { p class="reason-label" { (t.tracking_reason()) } p { (reason) } }
                }
            }
            h2 { (t.tracking_steps()) }
            ol class="timeline" { (step(t.step_received(), tracking.received, t)) (last_step(&tracking.state, t)) }
            @if let Some(id) = tracking.comment { p { a href={ (page) "#phan-hoi-" (id) } { (t.tracking_see()) } } }
            p { a href={ (page) "#gui-phan-hoi" } { (t.tracking_back()) } ": " (tracking.title) }
        }
    };
    let head = Head { title: t.tracking_title().to_owned(), hidden: true, ..Head::default() };
    Page { head: Some(head), parts: vec![markup] }
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
    }
}
