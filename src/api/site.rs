//! The portal itself: `/api/site/…`.

#![expect(
    missing_docs,
    reason = "the macro makes public fields of arguments and gives them no place for documentation"
)]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::api::{Answer, Wire};
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::site::{MadePage, Site};

/// The portal as its header and footer show it. Permitted to everybody.
///
/// # Errors
/// `Internal`.
#[server(prefix = "/api", endpoint = "site/read", protocol = Wire<GetUrl>)]
pub async fn read_site() -> Result<Answer<Site>, AppError> {
    use crate::api::answer::{respond_read, state};
    let state = state()?;
    respond_read(crate::server::services::site::read_site(&state).await)
}

/// A page whose markup only the server makes, by its Vietnamese path and its query. Permitted to everybody.
///
/// # Errors
/// `NotFound`, `Gone`, `BadAddress` for a query that says nothing.
#[server(prefix = "/api", endpoint = "page/read", protocol = Wire<GetUrl>)]
pub async fn read_page(path: String, query: String, language: Lang) -> Result<Answer<MadePage>, AppError> {
    use crate::api::answer::{respond_read, state};
    let state = state()?;
    respond_read(crate::server::made::make(&state, &path, &query, language).await)
}
