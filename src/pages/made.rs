//! Pages whose markup only the server makes: the client puts it in place. What no other page's route leads to is one of
//! them, or no page at all.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::api::site::read_page;
use crate::components::escape::clean_html;
use crate::components::head::{Head, use_lang};
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::site::MadePage as Made;
use crate::pages::chunk::{Material, make};
use crate::pages::{Fetch, MakePage, Page, Wanted, inert_page, page_data};
use crate::text::Text;

/// Whatever stands at a path.
#[component]
pub fn MadePage() -> AnyView {
    let (params, query, lang) = (use_params_map(), use_query_map(), use_lang());
    let wanted = move || wanted_of(params.read().get("any").unwrap_or_default(), query.read().to_query_string(), lang);
    inert_page(page_data(wanted, FETCH))
}

/// What is asked for a page at a path.
pub(super) fn wanted_of(path: String, query: String, lang: Lang) -> Wanted {
    [Some(path), Some(query), Some(lang.code().to_owned())]
}

/// Fetches the page's data.
pub(super) static FETCH: Fetch = |wanted| Box::pin(read(wanted));

async fn read([path, query, lang]: Wanted) -> Result<MakePage, AppError> {
    let lang = Lang::parse(&lang.unwrap_or_default()).unwrap_or_default();
    make(Material::Made(read_page(path.unwrap_or_default(), query.unwrap_or_default(), lang).await?)).await
}

pub(super) fn page(made: &Made, _: Text) -> Page {
    let head = Head {
        title: made.title.clone(),
        description: made.description.clone(),
        path: made.path.clone(),
        picture: made.picture.clone(),
        article: made.article,
        translated: made.translated,
        hidden: made.hidden,
        newer: None,
        older: None,
        #[cfg(feature = "ssr")]
        data: made.data.clone(),
    };
    #[cfg(feature = "ssr")]
    let head = Head { newer: made.neighbours.0.clone(), older: made.neighbours.1.clone(), ..head };
    Page { head: Some(head), markup: clean_html(&made.markup) }
}
