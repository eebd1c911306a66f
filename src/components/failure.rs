//! What stands in a page's place when it can't be shown: a sentence, a search field, the latest.

use leptos::prelude::*;
use maud::{Markup, html};

use crate::components::at_once::at_once;
use crate::components::head::Head;
use crate::components::search::search_form;
use crate::components::teaser::{TeaserStyle, teaser_list};
use crate::domain::announcement::Teaser;
use crate::domain::error::AppError;
use crate::text::Text;

/// What an error's page says of itself.
pub fn failure_head(error: &AppError, t: Text) -> Head {
    hidden_head(t.error_title(error))
}

/// What a page says of itself that nobody is to find, but for its title.
pub fn hidden_head(title: &str) -> Head {
    Head { title: title.to_owned(), hidden: true, ..Head::default() }
}

/// An error as a whole page, with the latest announcements where they could be had.
pub fn failure(error: &AppError, latest: &[Teaser], t: Text) -> Markup {
    let reason = match error {
        AppError::Gone(gone) => gone.reason.as_str(),
        _ => "",
    };
    let instead = match error {
        AppError::Gone(gone) => gone.replaced_by.as_ref().map(|slug| format!("/tin/{slug}")),
        AppError::Moved { path } => Some(path.clone()),
        _ => None,
    };
    html! {
        div class="error-page" {
            p class="error-code" { (error.status()) }
            h1 { (t.error_title(error)) }
            p { (t.error(error)) }
            @if !reason.is_empty() {
                div class="withdrawn-reason" { p class="reason-label" { (t.tracking_reason()) } p { (reason) } }
            }
            @if let Some(path) = instead {
                p { a class="button" href=(t.0.href(&path)) { (t.read_instead()) } }
            }
            (search_form("", t))
            @if !latest.is_empty() {
                h2 class="section-title" { (t.latest()) }
                (teaser_list(latest, TeaserStyle::Small, 3, t))
            }
        }
    }
}

/// What stands in a page's place when the server could not be reached from a page that is open.
#[component]
pub fn Unreachable(
    /// The words of the interface.
    t: Text,
    /// Asks the server again.
    #[prop(into)]
    retry: Callback<()>,
) -> impl IntoView {
    at_once(view! {
        <div class="failure" role="alert">
            <h1>{t.error_503_title()}</h1>
            <p>{t.unreachable_page()}</p>
            <p>
                <button class="button" type="button" on:click=move |_| retry.run(())>{t.retry()}</button>
                " "
                <a href="" rel="external">{t.reload()}</a>
            </p>
        </div>
    })
}
