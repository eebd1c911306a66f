//! Pages whose markup only the server makes, at the addresses that no route of the client has: the client puts them in
//! place. What few citizens open first, or what is large, so costs nobody a program.

use crate::domain::error::AppError;
use crate::domain::html::Html;
use crate::domain::lang::Lang;
use crate::domain::site::MadePage;
use crate::server::desk::form::Fields;
use crate::server::state::AppState;
use crate::server::thing::Read;
use crate::text::Text;

pub mod announcement;
pub mod campaign;
pub mod comment;
pub mod discussion;
pub mod example;
pub mod notice;
pub mod policy;
pub mod profile;
pub mod result;
pub mod review;
pub mod tracking;
pub mod unit;
pub mod unit_list;

/// The paths of these pages, as the router writes them.
pub const PATHS: [&str; 17] = [
    "/phan-hoi/{id}",
    "/tin/{slug}",
    "/theo-doi",
    "/theo-doi/{receipt}",
    "/theo-doi/{receipt}/thu",
    "/chinh-sach/rieng-tu",
    "/chinh-sach/kiem-duyet",
    "/thi-dua",
    "/thi-dua/{slug}",
    "/thi-dua/{slug}/ket-qua",
    "/thi-dua/{slug}/don-vi/{unit}",
    "/thi-dua/{slug}/so-lieu-chot/{id}",
    "/dien-hinh",
    "/dien-hinh/{slug}",
    "/don-vi",
    "/don-vi/{slug}",
    example::FORM_PATH,
];

/// What a page is made with.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The server.
    pub state: &'a AppState,
    /// The query.
    pub query: Fields,
    /// The words of the interface.
    pub t: Text,
}

/// Makes the page at a Vietnamese path.
///
/// # Errors
/// `NotFound`, and what the page itself says.
pub async fn make(state: &AppState, path: &str, query: &str, lang: Lang) -> Result<Read<MadePage>, AppError> {
    let query = Fields::parse(query.trim_start_matches('?').as_bytes());
    let asked = Asked { state, query, t: Text(lang) };
    let parts: Vec<&str> = Lang::strip(path).trim_matches('/').split('/').collect();
    match parts.as_slice() {
        ["chinh-sach", "rieng-tu"] => Ok(policy::privacy(&asked)),
        ["chinh-sach", "kiem-duyet"] => policy::moderation(&asked).await,
        ["tin", slug] => announcement::show(&asked, slug).await,
        ["phan-hoi", id] => comment::show(&asked, id).await,
        ["theo-doi"] => tracking::show(&asked, None).await,
        ["theo-doi", code] => tracking::show(&asked, Some(code)).await,
        ["theo-doi", code, "thu"] => notice::show(&asked, code).await,
        ["thi-dua"] => campaign::list(&asked).await,
        ["thi-dua", slug] => campaign::show(&asked, slug).await,
        ["thi-dua", slug, "ket-qua"] => result::show(&asked, slug).await,
        ["thi-dua", slug, "don-vi", unit] => unit::show(&asked, slug, unit).await,
        ["thi-dua", slug, "so-lieu-chot", id] => review::show(&asked, slug, id).await,
        ["dien-hinh"] => example::list(&asked).await,
        ["dien-hinh", "gui"] => example::form(&asked).await,
        ["dien-hinh", slug] => example::show(&asked, slug).await,
        ["don-vi"] => unit_list::show(&asked).await,
        ["don-vi", slug] => profile::show(&asked, slug).await,
        _ => Err(AppError::NotFound),
    }
}

/// The style sheet of charts and results, before what it is for: it is in place before that is shown.
pub fn result_style(state: &AppState) -> maud::Markup {
    maud::html! { link rel="stylesheet" href=(state.site.result_style()); }
}

/// The same of discussions, and of the pages about comments.
pub fn discussion_style(state: &AppState) -> maud::Markup {
    maud::html! { link rel="stylesheet" href=(state.site.discussion_style()); }
}

/// Markup that was made here, where every text is escaped.
pub fn made(markup: maud::Markup) -> Html {
    Html::from_clean(markup.into_string())
}
