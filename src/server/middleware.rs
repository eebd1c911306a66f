//! What happens to every request before a page and to every answer after it.

use std::net::SocketAddr;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, Uri, header};

use super::policy::CachePolicy;
use super::render::render_failure;
use super::sender::Sender;
use super::state::AppState;
use crate::domain::error::AppError;

/// The longest address that is read.
pub const ADDRESS_MOST: usize = 2048;
/// The largest body that is read: 2,000 characters can be 150 KB on the wire.
pub const BODY_MOST: usize = 256 * 1024;
/// What is asked about a receipt is answered at so much after it was asked, or at a multiple of it.
const TICK: Duration = Duration::from_millis(10);

/// Finds who sends, for limits.
pub async fn find_sender(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    mut request: Request,
    next: Next,
) -> Response {
    let sender = Sender::of(peer.ip(), request.headers(), &state.trusted_proxies);
    request.extensions_mut().insert(sender);
    next.run(request).await
}

/// Addresses over the limit, and addresses that end in a slash.
pub async fn check_address(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let uri = request.uri();
    if uri.path_and_query().map_or(0, |all| all.as_str().len()) > ADDRESS_MOST {
        return render_failure(&state, &uri.path().chars().take(4).collect::<String>(), AppError::AddressTooLong).await;
    }
    if let Some(target) = without_slash(uri) {
        return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, target)]).into_response();
    }
    next.run(request).await
}

/// The same address without slashes at its end. Slashes at its beginning become one, or it would lead to another site.
fn without_slash(uri: &Uri) -> Option<String> {
    let path = uri.path();
    if path == "/" || !path.ends_with('/') {
        return None;
    }
    let inner = path.trim_matches('/');
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("/{inner}{query}"))
}

/// A request that takes too long is answered, and its work dropped.
pub async fn limit_time(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    // A picture of a phone takes its time on the way; a peer that sends nothing is let go by the accept loop.
    let patience =
        if kind.starts_with(b"multipart/form-data") { state.patience.upload } else { state.patience.request };
    match tokio::time::timeout(patience, next.run(request)).await {
        Ok(answer) => answer,
        Err(_) => render_failure(&state, &path, AppError::TooSlow).await,
    }
}

/// What is asked about a receipt takes as long whether there is one with its code or not: nobody learns from the clock
/// which codes are near.
pub async fn answer_on_the_tick(request: Request, next: Next) -> Response {
    let is_asked = request.uri().path_and_query().is_some_and(|all| all.as_str().contains("theo-doi"));
    let begun = tokio::time::Instant::now();
    let answer = next.run(request).await;
    if is_asked {
        let ticks = begun.elapsed().as_millis() / TICK.as_millis() + 1;
        tokio::time::sleep_until(begun + TICK * u32::try_from(ticks).unwrap_or(u32::MAX)).await;
    }
    answer
}

/// Refusals that the router or a layer gave without a page get one.
pub async fn dress_refusals(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let machine = path.starts_with("/api/") || path.starts_with("/tep/") || path.starts_with("/pkg/");
    let answer = next.run(request).await;
    let kind = answer.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let bare = !answer.headers().contains_key(header::CONTENT_SECURITY_POLICY) && kind != b"application/json";
    let error = match answer.status() {
        StatusCode::NOT_FOUND => AppError::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => AppError::WrongMethod,
        // From the layer that refuses what other sites make a browser send.
        StatusCode::FORBIDDEN => AppError::Forbidden,
        StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
        StatusCode::INTERNAL_SERVER_ERROR => AppError::Internal { reference: "-".to_owned() },
        _ => return answer,
    };
    if machine || !bare { answer } else { render_failure(&state, &path, error).await }
}

/// Headers that every answer carries.
pub async fn add_headers(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    dress(&mut answer);
    answer
}

/// Puts them on an answer.
pub fn dress(answer: &mut Response) {
    CachePolicy::write(answer);
    let headers = answer.headers_mut();
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        // With no-referrer the Origin of a form would become null.
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
        );
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_receipt_is_answered_on_the_tick_whether_there_is_one_or_not() {
        let answer = async |uri: Uri| {
            let ms = uri.query().and_then(|query| query.rsplit('=').next()?.parse().ok()).unwrap_or_default();
            tokio::time::sleep(Duration::from_millis(ms)).await;
        };
        let router = Router::new()
            .route("/theo-doi/{receipt}", get(answer))
            .route("/en/theo-doi/{receipt}", get(answer))
            .route("/api/page/read", get(answer))
            .route("/tin/{slug}", get(answer))
            .layer(from_fn(answer_on_the_tick));
        for (address, took) in [
            ("/theo-doi/K7QM?ms=0", 10),
            ("/theo-doi/K7QM?ms=3", 10),
            ("/en/theo-doi/K7QM?ms=9", 10),
            ("/theo-doi/K7QM?ms=14", 20),
            ("/api/page/read?path=%2Ftheo-doi%2FK7QM&ms=2", 10),
            ("/tin/a?ms=2", 2),
        ] {
            let begun = tokio::time::Instant::now();
            let request = Request::get(address).body(Body::empty()).expect("a request");
            router.clone().oneshot(request).await.expect("an answer");
            assert_eq!(begun.elapsed().as_millis(), took, "{address}");
        }
    }

    #[test]
    fn a_slash_at_the_end_goes_and_no_redirect_leaves_the_site() {
        for (from, to) in [
            ("/tin/", Some("/tin")),
            ("/tin/?a=b", Some("/tin?a=b")),
            ("//evil.example/", Some("/evil.example")),
            ("/", None),
            ("/tin", None),
        ] {
            let uri = Uri::builder().path_and_query(from).build().expect("an address");
            assert_eq!(without_slash(&uri).as_deref(), to, "{from}");
        }
    }
}
