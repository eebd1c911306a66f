//! What is done about a notice by the link in its mail: it is confirmed, or ended, also by a mail program (RFC 8058).

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, Uri, header};

use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::receipt::ReceiptCode;
use crate::server::desk::form::Fields;
use crate::server::policy::CachePolicy;
use crate::server::render::{PageContext, as_get, render_failure, render_page};
use crate::server::sender::Sender;
use crate::server::services::notice::{answer_link, notice_link};
use crate::server::state::AppState;

/// POST: a button of the page, or a mail program with one click. Such a program sends no `Origin` and no cookies, so it
/// passes the layer that refuses other sites; and it follows no redirect, so it is answered with the page itself.
pub async fn answer(
    State(state): State<AppState>,
    Extension(sender): Extension<Sender>,
    Path(receipt): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let language = Lang::of_path(uri.path());
    let Ok(body) = body else { return render_failure(&state, uri.path(), AppError::TooLarge).await };
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let token = query.get("ma");
    let fields = Fields::parse(&body);
    // As a form, or as one with parts.
    let one_click = fields.get("List-Unsubscribe") == "One-Click"
        || String::from_utf8_lossy(&body).contains("name=\"List-Unsubscribe\"");
    let confirm = match fields.get("viec") {
        "xac-nhan" => true,
        "tat" => false,
        _ if one_click => false,
        _ => return render_failure(&state, uri.path(), AppError::BadAddress).await,
    };
    if let Err(error) = answer_link(&state.store, &receipt, token, confirm).await {
        return render_failure(&state, uri.path(), error).await;
    }
    if one_click {
        let context = PageContext { sender: Some(sender), ..PageContext::default() };
        return render_page(&state, as_get(&method, &uri, &headers), context).await;
    }
    let code = ReceiptCode::parse(&receipt);
    let target = code.map_or_else(|| uri.path().to_owned(), |code| language.href(&notice_link(&code, token)));
    CachePolicy::Private.of((StatusCode::SEE_OTHER, [(header::LOCATION, target)]).into_response())
}
