//! What stands in a page's place when it can't be shown: a sentence, a search field, the latest.

use leptos::prelude::*;

use crate::components::head::{PageHead, use_lang};
use crate::components::teaser::{TeaserList, TeaserStyle};
use crate::domain::announcement::Teaser;
use crate::domain::error::AppError;
use crate::text::Text;

/// A form that searches.
#[component]
pub fn SearchForm(
    /// What was asked for.
    #[prop(optional, into)]
    query: String,
) -> impl IntoView {
    let lang = use_lang();
    let t = Text(lang);
    view! {
        <form class="search-form" role="search" aria-label=t.search_label() action=lang.href("/tim-kiem") method="get">
            <div class="field">
                <label for="q">{t.search_label()}</label>
                <input id="q" name="q" type="search" value=query autocomplete="off" enterkeyhint="search" />
                <p class="hint">{t.search_hint()}</p>
            </div>
            <button class="button" type="submit">{t.search_button()}</button>
        </form>
    }
}

/// An error as a whole page.
#[component]
pub fn Failure(
    /// What happened.
    error: AppError,
    /// The latest announcements, where they could be had.
    #[prop(optional)]
    latest: Vec<Teaser>,
) -> impl IntoView {
    let t = Text(use_lang());
    let reason = match &error {
        AppError::Gone(gone) => gone.reason.clone(),
        _ => String::new(),
    };
    let status = error.status();
    view! {
        <PageHead title=t.error_title(&error).to_owned() />
        <leptos_meta::Meta name="robots" content="noindex" />
        <div class="error-page">
            <p class="error-code">{status}</p>
            <h1>{t.error_title(&error)}</h1>
            <p>{t.error(&error)}</p>
            {(!reason.is_empty()).then(|| view! {
                <div class="withdrawn-reason"><p class="reason-label">{t.tracking_reason()}</p><p>{reason}</p></div>
            })}
            <SearchForm />
            {(!latest.is_empty()).then(|| view! {
                <h2 class="section-title">{t.latest()}</h2>
                <TeaserList items=latest style=TeaserStyle::Small />
            })}
        </div>
    }
    .into_any()
}
