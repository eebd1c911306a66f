//! Lists of announcements: all of them, one category, one tag.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use maud::{Markup, html};

use crate::api::announcement::list_announcements;
use crate::components::head::Head;
use crate::components::teaser::{TeaserStyle, teaser_list};
use crate::domain::announcement::{AnnouncementList, Shelf, ShelfPage};
use crate::domain::error::AppError;
use crate::pages::chunk::{Material, make};
use crate::pages::{Fetch, MakePage, Page, Wanted, inert_page, page_data};
use crate::text::Text;

/// `/tin`.
#[component]
pub fn AllPage() -> AnyView {
    shelf_page(FETCH_ALL)
}

/// `/tin/chuyen-muc/{slug}`.
#[component]
pub fn CategoryPage() -> AnyView {
    shelf_page(FETCH_CATEGORY)
}

/// `/nhan/{tag}`.
#[component]
pub fn TagPage() -> AnyView {
    shelf_page(FETCH_TAG)
}

fn shelf_page(fetch: Fetch) -> AnyView {
    let (params, query) = (use_params_map(), use_query_map());
    let wanted = move || [params.read().get("slug"), query.read().get("truoc"), query.read().get("sau")];
    inert_page(page_data(wanted, fetch))
}

/// Fetches a page of the list of everything.
pub(super) static FETCH_ALL: Fetch = |wanted| Box::pin(read_shelf(|_| Shelf::All, wanted));
/// Fetches a page of a category.
pub(super) static FETCH_CATEGORY: Fetch = |wanted| Box::pin(read_shelf(Shelf::Category, wanted));
/// Fetches a page of a tag.
pub(super) static FETCH_TAG: Fetch = |wanted| Box::pin(read_shelf(Shelf::Tag, wanted));

async fn read_shelf(shelf: fn(String) -> Shelf, [slug, older, newer]: Wanted) -> Result<MakePage, AppError> {
    make(Material::List(list_announcements(shelf(slug.unwrap_or_default()), older, newer).await?)).await
}

pub(super) fn page(page: &ShelfPage, t: Text) -> Page {
    let title = match &page.shelf {
        Shelf::All => t.all_news().to_owned(),
        Shelf::Category(_) => t.category_title(&page.name),
        Shelf::Tag(_) => t.tag_title(&page.name),
    };
    let path = page.shelf.path();
    let (newer, older) = neighbours(&page.list, &path);
    let markup = html! {
        div class="list-page" {
            h1 { (title) }
            (announcements(&page.list, [&newer, &older], t.empty_list(), t))
        }
    };
    let description = t.list_description(&title);
    Page { head: Some(Head { title, description, path, newer, older, ..Head::default() }), markup }
}

/// The addresses of the newer ones and of the older ones than a page of a list shows.
pub(crate) fn neighbours(list: &AnnouncementList, path: &str) -> (Option<String>, Option<String>) {
    let newer = list.newer.as_ref().map(|cursor| format!("{path}?sau={cursor}"));
    let older = list.older.as_ref().map(|cursor| format!("{path}?truoc={cursor}"));
    (newer, older)
}

/// The announcements of a page of a list, or that there are none, and the ways to newer and to older ones.
pub(crate) fn announcements(
    list: &AnnouncementList,
    [newer, older]: [&Option<String>; 2],
    empty: &str,
    t: Text,
) -> Markup {
    html! {
        @if list.items.is_empty() { p class="empty" { (empty) } } @else {
            (teaser_list(&list.items, TeaserStyle::Full, 2, t))
        }
        @if newer.is_some() || older.is_some() {
            nav class="pagination" aria-label=(t.pages()) {
                @if let Some(path) = newer { a class="pagination-prev" href=(t.0.href(path)) rel="prev" { (t.newer()) } }
                @if let Some(path) = older { a class="pagination-next" href=(t.0.href(path)) rel="next" { (t.older()) } }
            }
        }
    }
}
