//! Search.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use maud::html;

use crate::api::announcement::search_announcements;
use crate::components::head::Head;
use crate::components::search::search_form;
use crate::components::teaser::{TeaserStyle, teaser_list};
use crate::domain::announcement::SearchPage as Found;
use crate::domain::error::AppError;
use crate::domain::html::percent_encode;
use crate::pages::chunk::{Material, make};
use crate::pages::{MakePage, Page, Wanted, inert_page, page_data};
use crate::text::Text;

/// `/tim-kiem?q=`, with `trang` for the page's number.
#[component]
pub fn SearchPage() -> AnyView {
    let query = use_query_map();
    let wanted = move || [query.read().get("q"), query.read().get("trang"), None];
    inert_page(page_data(wanted, |wanted| Box::pin(read(wanted))))
}

async fn read([query, page, _]: Wanted) -> Result<MakePage, AppError> {
    let page = page.and_then(|page| page.parse().ok()).unwrap_or(1);
    make(Material::Search(search_announcements(query.unwrap_or_default(), page).await?)).await
}

pub(super) fn page(found: &Found, t: Text) -> Page {
    let asked = !found.query.is_empty();
    let title = if asked { t.search_title(&found.query) } else { t.search().to_owned() };
    let encoded = percent_encode(&found.query);
    let address = |page: u32| t.0.href(&format!("/tim-kiem?q={encoded}&trang={page}"));
    let nothing = asked && found.items.is_empty();
    let markup = html! {
        div class="list-page" {
            h1 { (title) }
            (search_form(&found.query, t))
            @if asked && !nothing { p class="search-count" { (t.search_found(found.found)) } }
            @if nothing { p class="empty" { (t.search_none(&found.query)) } }
            @if !found.items.is_empty() { (teaser_list(&found.items, TeaserStyle::Full, 2, t)) }
            @if found.page > 1 || found.more {
                nav class="pagination" aria-label=(t.pages()) {
                    @if found.page > 1 {
                        a class="pagination-prev" href=(address(found.page - 1)) rel="prev" { (t.previous_page()) }
                    }
                    @if found.more { a class="pagination-next" href=(address(found.page + 1)) rel="next" { (t.next_page()) } }
                }
            }
            @if !found.latest.is_empty() {
                h2 class="section-title" { (t.latest()) }
                (teaser_list(&found.latest, TeaserStyle::Small, 3, t))
            }
        }
    };
    Page { head: Some(Head { title, hidden: true, ..Head::default() }), markup }
}
