//! Lists of announcements: all of them, one category, one tag.

use leptos::prelude::*;
use leptos_meta::Link;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::api::announcement::list_announcements;
use crate::components::head::{PageHead, absolute, use_lang};
use crate::components::teaser::{TeaserList, TeaserStyle};
use crate::domain::announcement::{Shelf, ShelfPage};
use crate::domain::lang::Lang;
use crate::pages::loaded;
use crate::text::Text;

/// `/tin`.
#[component]
pub fn AllPage() -> impl IntoView {
    shelf_page(|_| Shelf::All)
}

/// `/tin/chuyen-muc/{slug}`.
#[component]
pub fn CategoryPage() -> impl IntoView {
    shelf_page(Shelf::Category)
}

/// `/nhan/{tag}`.
#[component]
pub fn TagPage() -> impl IntoView {
    shelf_page(Shelf::Tag)
}

fn shelf_page(shelf: fn(String) -> Shelf) -> AnyView {
    let lang = use_lang();
    let (params, query) = (use_params_map(), use_query_map());
    let source = move || {
        let slug = params.read().get("slug").unwrap_or_default();
        (shelf(slug), query.read().get("truoc"), query.read().get("sau"))
    };
    let data = Resource::new(source, |(shelf, older, newer)| list_announcements(shelf, older, newer));
    loaded(data, move |page| view! { <ShelfView page lang /> }.into_any())
}

#[component]
fn ShelfView(page: ShelfPage, lang: Lang) -> impl IntoView {
    let t = Text(lang);
    let title = match &page.shelf {
        Shelf::All => t.list_title().to_owned(),
        Shelf::Category(_) => t.category_title(&page.name),
        Shelf::Tag(_) => t.tag_title(&page.name),
    };
    let path = page.shelf.path();
    let newer = page.list.newer.map(|cursor| format!("{path}?sau={cursor}"));
    let older = page.list.older.map(|cursor| format!("{path}?truoc={cursor}"));
    let empty = page.list.items.is_empty();
    view! {
        <PageHead title=title.clone() path=path.clone() />
        {newer.as_ref().map(|path| view! { <Link rel="prev" href=absolute(&lang.href(path)) /> })}
        {older.as_ref().map(|path| view! { <Link rel="next" href=absolute(&lang.href(path)) /> })}
        <div class="list-page">
            <h1>{title}</h1>
            {empty.then(|| view! { <p class="empty">{t.empty_list()}</p> })}
            {(!empty).then(|| view! { <TeaserList items=page.list.items style=TeaserStyle::Full level=2 /> })}
            {(newer.is_some() || older.is_some()).then(|| view! {
                <nav class="pagination" aria-label=t.pages()>
                    {newer.map(|path| view! { <a class="pagination-prev" href=lang.href(&path) rel="prev">{t.newer()}</a> })}
                    {older.map(|path| view! { <a class="pagination-next" href=lang.href(&path) rel="next">{t.older()}</a> })}
                </nav>
            })}
        </div>
    }
}
