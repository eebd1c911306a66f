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
use crate::domain::site::{Policy, PolicyText, Site};

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

/// The text of a policy. Permitted to everybody.
///
/// # Errors
/// `Internal`.
#[server(prefix = "/api", endpoint = "site/policy", protocol = Wire<GetUrl>)]
pub async fn read_policy(policy: Policy, language: Lang) -> Result<Answer<PolicyText>, AppError> {
    use crate::api::answer::{respond_read, state};
    let state = state()?;
    respond_read(Ok(crate::server::services::site::read_policy(&state, policy, language)))
}
