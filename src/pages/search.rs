//! Search.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api::announcement::search_announcements;
use crate::components::failure::SearchForm;
use crate::components::head::{PageHead, use_lang};
use crate::components::teaser::{TeaserList, TeaserStyle};
use crate::domain::announcement::SearchPage as Found;
use crate::domain::html::percent_encode;
use crate::domain::lang::Lang;
use crate::pages::loaded;
use crate::text::Text;

/// `/tim-kiem?q=`, with `trang` for the page's number.
#[component]
pub fn SearchPage() -> impl IntoView {
    let lang = use_lang();
    let query = use_query_map();
    let source = move || {
        let page = query.read().get("trang").and_then(|page| page.parse().ok()).unwrap_or(1);
        (query.read().get("q").unwrap_or_default(), page)
    };
    let data = Resource::new(source, |(query, page)| search_announcements(query, page));
    loaded(data, move |found| view! { <FoundView found lang /> }.into_any())
}

#[component]
fn FoundView(found: Found, lang: Lang) -> impl IntoView {
    let t = Text(lang);
    let asked = !found.query.is_empty();
    let title = if asked { t.search_title(&found.query) } else { t.search().to_owned() };
    let encoded = percent_encode(&found.query);
    let address = |page: u32| lang.href(&format!("/tim-kiem?q={encoded}&trang={page}"));
    let previous = (found.page > 1).then(|| address(found.page - 1));
    let next = found.more.then(|| address(found.page + 1));
    let nothing = asked && found.items.is_empty();
    view! {
        <PageHead title=title.clone() />
        <leptos_meta::Meta name="robots" content="noindex" />
        <div class="list-page">
            <h1>{title}</h1>
            <SearchForm query=found.query.clone() />
            {(asked && !nothing).then(|| view! { <p class="search-count">{t.search_found(found.found)}</p> })}
            {nothing.then(|| view! { <p class="empty">{t.search_none(&found.query)}</p> })}
            {(!found.items.is_empty()).then(|| view! { <TeaserList items=found.items style=TeaserStyle::Full level=2 /> })}
            {(previous.is_some() || next.is_some()).then(|| view! {
                <nav class="pagination" aria-label=t.pages()>
                    {previous.map(|href| view! { <a class="pagination-prev" href=href rel="prev">{t.previous_page()}</a> })}
                    {next.map(|href| view! { <a class="pagination-next" href=href rel="next">{t.next_page()}</a> })}
                </nav>
            })}
            {(!found.latest.is_empty()).then(|| view! {
                <h2 class="section-title">{t.latest()}</h2>
                <TeaserList items=found.latest style=TeaserStyle::Small />
            })}
        </div>
    }
}
