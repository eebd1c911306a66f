//! Pages are made in a chunk of the client of its own, which is fetched when somebody first follows a link: a page that
//! the server sent needs no such code, since its markup is in place already. Leptos's own lazy routes panic when that
//! fails, which would stop the whole page; here it is an error like any other failed fetch.

use leptos::task::spawn_local;
use leptos::wasm_split::{SplitLoaderError, wasm_split};

use crate::api::Answer;
use crate::domain::announcement::{SearchPage, ShelfPage, Teaser};
use crate::domain::error::AppError;
use crate::domain::site::{Home, MadePage};
use crate::pages::{MakePage, error_page, home, list, made, page_of, search};

impl From<SplitLoaderError> for AppError {
    fn from(_: SplitLoaderError) -> Self {
        AppError::Unreachable
    }
}

/// What a page is made of.
#[derive(Debug)]
pub(super) enum Material {
    /// The home page.
    Home(Answer<Home>),
    /// A list.
    List(Answer<ShelfPage>),
    /// What a search found.
    Search(Answer<SearchPage>),
    /// A page whose markup the server made.
    Made(Answer<MadePage>),
    /// An error, with the latest announcements.
    Error(AppError, Result<Answer<Vec<Teaser>>, AppError>),
}

/// Makes a page.
///
/// # Errors
/// When the chunk can't be fetched or an answer can't be read.
#[wasm_split(pages, wasm_split_path = leptos::wasm_split, preload(preload), fallible)]
pub(super) fn make(material: Material) -> Result<MakePage, AppError> {
    match material {
        Material::Home(answer) => page_of(answer, home::page),
        Material::List(answer) => page_of(answer, list::page),
        Material::Search(answer) => page_of(answer, search::page),
        Material::Made(answer) => page_of(answer, made::page),
        Material::Error(error, latest) => Ok(error_page(error, latest.and_then(Answer::value).unwrap_or_default())),
    }
}

/// Begins to fetch the chunk, while a page's data is on its way. That it failed shows when the page is made.
pub(super) fn begin_fetching() {
    // The server has all of its code.
    if cfg!(feature = "hydrate") {
        spawn_local(async {
            let _ = preload().await;
        });
    }
}
