//! Announcements: `/api/announcement/…`. All of it is permitted to everybody.

#![expect(
    missing_docs,
    reason = "the macro makes public fields of arguments and gives them no place for documentation"
)]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::api::{Answer, Wire};
use crate::domain::announcement::{SearchPage, Shelf, ShelfPage, Teaser};
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::site::Home;

/// The home page.
///
/// # Errors
/// `Internal`.
#[server(prefix = "/api", endpoint = "announcement/home", protocol = Wire<GetUrl>)]
pub async fn read_home(language: Lang) -> Result<Answer<Home>, AppError> {
    use crate::api::answer::{respond_read, state};
    let state = state()?;
    respond_read(crate::server::services::announcement::read_home(&state.store, language).await)
}

/// A page of a list.
///
/// # Errors
/// `BadAddress` for a bad cursor, `NotFound` for an unknown category or tag.
#[server(prefix = "/api", endpoint = "announcement/list", protocol = Wire<GetUrl>)]
pub async fn list_announcements(
    shelf: Shelf,
    older: Option<String>,
    newer: Option<String>,
) -> Result<Answer<ShelfPage>, AppError> {
    use crate::api::answer::{respond, respond_read, state};
    use crate::domain::cursor::Step;
    let state = state()?;
    let step = match Step::from_query(older.as_deref(), newer.as_deref()) {
        Ok(step) => step,
        Err(_) => return respond(Err(AppError::BadAddress)),
    };
    respond_read(crate::server::services::announcement::list_shelf(&state.store, &shelf, step).await)
}

/// A page of what a search finds.
///
/// # Errors
/// `Internal`.
#[server(prefix = "/api", endpoint = "announcement/search", protocol = Wire<GetUrl>)]
pub async fn search_announcements(query: String, page: u32) -> Result<Answer<SearchPage>, AppError> {
    use crate::api::answer::{respond, state};
    let state = state()?;
    respond(crate::server::services::announcement::search_announcements(&state.store, &query, page).await)
}

/// The latest announcements, for pages that have nothing else to show.
///
/// # Errors
/// `Internal`.
#[server(prefix = "/api", endpoint = "announcement/latest", protocol = Wire<GetUrl>)]
pub async fn list_latest() -> Result<Answer<Vec<Teaser>>, AppError> {
    use crate::api::answer::{respond, state};
    let state = state()?;
    respond(crate::server::services::announcement::list_latest(&state.store).await)
}
