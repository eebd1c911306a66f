//! Comments: `/api/comment/…`.

#![expect(
    missing_docs,
    reason = "the macro makes public fields of arguments and gives them no place for documentation"
)]

use leptos::prelude::*;
use server_fn::codec::GetUrl;

use crate::api::{Answer, JsonBody, Wire};
use crate::domain::comment::{CommentForm, Tracking};
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::receipt::ReceiptCode;

/// Takes a comment. Permitted to everybody, within the limit by sender.
///
/// # Errors
/// `Invalid`, `TooMany`, `NotFound`.
#[server(prefix = "/api", endpoint = "comment/send", protocol = Wire<JsonBody>)]
pub async fn send_comment(slug: String, language: Lang, form: CommentForm) -> Result<Answer<ReceiptCode>, AppError> {
    use crate::api::answer::{respond, state};
    use crate::server::services::comment::{Origin, send_comment};
    let state = state()?;
    let sender = use_context().ok_or_else(|| crate::server::error::internal("no sender in the context"))?;
    let origin = Origin { sender, limit: state.sender_limit.as_ref(), language };
    respond(send_comment(&state.store, &slug, &form, origin).await)
}

/// What has become of a comment. Permitted to whoever has the code.
///
/// # Errors
/// `NotFound`.
#[server(prefix = "/api", endpoint = "comment/track", protocol = Wire<GetUrl>)]
pub async fn track_comment(code: String) -> Result<Answer<Tracking>, AppError> {
    use crate::api::answer::{respond, state};
    let state = state()?;
    respond(crate::server::services::comment::track_comment(&state.store, &code).await)
}
