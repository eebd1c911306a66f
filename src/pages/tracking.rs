//! What became of a comment.

use leptos::prelude::*;
use leptos_meta::Meta;
use leptos_router::hooks::use_params_map;

use crate::api::comment::track_comment;
use crate::components::head::{PageHead, use_lang};
use crate::domain::comment::{CommentState, Tracking};
use crate::domain::lang::Lang;
use crate::pages::loaded;
use crate::text::Text;

/// `/theo-doi/{receipt}`.
#[component]
pub fn TrackingPage() -> impl IntoView {
    let lang = use_lang();
    let params = use_params_map();
    let data = Resource::new(move || params.read().get("receipt").unwrap_or_default(), track_comment);
    loaded(data, move |tracking| view! { <TrackingView tracking lang /> }.into_any())
}

#[component]
fn TrackingView(tracking: Tracking, lang: Lang) -> impl IntoView {
    let t = Text(lang);
    let page = lang.href(&format!("/tin/{}", tracking.slug));
    let (class, state, reason) = match &tracking.state {
        CommentState::Waiting => ("receipt receipt--waiting", t.tracking_waiting().to_owned(), String::new()),
        CommentState::Published { at } => {
            ("receipt receipt--published", t.tracking_published(at.minute(lang)), String::new())
        }
        CommentState::Rejected { at, reason } => {
            ("receipt receipt--rejected", t.tracking_rejected(at.minute(lang)), reason.clone())
        }
    };
    let waiting = tracking.state == CommentState::Waiting;
    let last = match tracking.state {
        CommentState::Waiting => {
            view! { <li class="step--now" aria-current="step"><p class="step-name">{t.tracking_in_queue()}</p></li> }
                .into_any()
        }
        _ => view! { <li class="step--done"><p class="step-name">{state.clone()}</p></li> }.into_any(),
    };
    let shown = tracking.comment.map(|id| format!("{page}#phan-hoi-{id}"));
    view! {
        <PageHead title=t.tracking_title().to_owned() />
        <Meta name="robots" content="noindex" />
        <div class="tracking">
            <h1>{t.tracking_title()}</h1>
            <section class=class aria-label=t.tracking_code() data-acknowledged=format!("/tin/{}", tracking.slug)>
                <p class="receipt-state" role=waiting.then_some("status")>{state}</p>
                <p class="receipt-label">{t.tracking_code()}</p>
                <p class="receipt-code">{tracking.code.to_string()}</p>
                <p class="hint">{t.tracking_keep()}</p>
                {(!reason.is_empty()).then(|| view! {
                    <div class="reason"><p class="reason-label">{t.tracking_reason()}</p><p>{reason}</p></div>
                })}
            </section>
            <ol class="timeline">
                <li class="step--done"><p class="step-name">{t.tracking_received(tracking.received.minute(lang))}</p></li>
                {last}
            </ol>
            {shown.map(|href| view! { <p><a href=href>{t.tracking_see()}</a></p> })}
            <p><a href=format!("{page}#gui-phan-hoi")>{t.tracking_back()}</a> ": " {tracking.title}</p>
        </div>
    }
}
