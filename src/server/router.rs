//! Every address of the server: pages, forms, server functions, files, machines.

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Extension, Path, Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderMap, Method, StatusCode, Uri, header};
use leptos::prelude::provide_context;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::trace::TraceLayer;

use super::cache::key::PageKey;
use super::error::internal;
use super::middleware::{self as own, BODY_MOST};
use super::render::{PageContext, as_get, render_failure, render_for_all, render_page};
use super::sender::Sender;
use super::services::comment::{Origin, send_comment};
use super::state::AppState;
use super::{assets, feed};
use crate::app::App;
use crate::components::comment_form::RefusedForm;
use crate::domain::comment::CommentForm;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;

/// How hard answers are compressed that are made for one reader: the last tenth costs as much as rendering the page.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(4);

/// The whole server.
pub fn router(state: AppState) -> Router {
    let mut router = Router::new()
        .route("/healthz", get(feed::health))
        .route("/readyz", get(feed::ready))
        .route("/rss.xml", get(feed::rss))
        .route("/sitemap.xml", get(feed::sitemap))
        .route("/robots.txt", get(feed::robots))
        .route("/favicon.svg", get(assets::icon))
        .route("/pkg/{version}/{*file}", get(assets::built))
        .route("/tep/{name}", get(assets::picture))
        .route("/api/{*function}", get(server_function).post(server_function));
    if state.site.is_watched() {
        router = router.route("/pkg/{file}", get(assets::watched)).route("/loader.js", get(assets::loader));
    }
    for listing in leptos_axum::generate_route_list(App) {
        // Where no page's route leads is the fallback's.
        if !listing.path().contains('*') {
            router = router.route(listing.path(), get(page));
        }
    }
    router
        .route("/tin/{slug}", post(comment_form))
        .route("/en/tin/{slug}", post(comment_form))
        .fallback(page_or_refusal)
        .layer(DefaultBodyLimit::max(BODY_MOST))
        .layer(CatchPanicLayer::new())
        .layer(own_origin(&state.base_url))
        .layer(from_fn_with_state(state.clone(), own::dress_refusals))
        .layer(from_fn_with_state(state.clone(), own::limit_time))
        .layer(from_fn_with_state(state.clone(), own::check_address))
        .layer(from_fn_with_state(state.clone(), own::find_sender))
        .layer(CompressionLayer::new().quality(COMPRESSION))
        .layer(from_fn(own::add_headers))
        .layer(TraceLayer::new_for_http().make_span_with(span).on_response(log_answer))
        .with_state(state)
}

/// A kept page that is still true, without the layers: they have nothing to add to it, and they take longer than it
/// does. It is logged at `debug` only, for the same reason.
pub fn answer_kept<B>(state: &AppState, request: &http::Request<B>) -> Option<Response> {
    let pages = state.pages.as_ref()?;
    let uri = request.uri();
    if uri.path_and_query().is_some_and(|all| all.as_str().len() > own::ADDRESS_MOST) {
        return None;
    }
    let key = PageKey::of(request.method(), uri, request.headers())?;
    let changes = state.store.db.changes();
    let kept = pages.find(&key, changes, changes.present()?)?;
    let mut answer = kept.answer(request.headers());
    own::dress(&mut answer);
    tracing::debug!(path = uri.path(), status = answer.status().as_u16(), "answered from memory");
    Some(answer)
}

/// Refuses what other sites make a browser send. Behind a proxy the address for absolute links is trusted too.
fn own_origin(base_url: &str) -> CsrfLayer {
    CsrfLayer::new().add_trusted_origin(base_url).unwrap_or_else(|_| CsrfLayer::new())
}

/// A line of the log says which page, never what was asked for in its query.
fn span(request: &Request<Body>) -> tracing::Span {
    tracing::info_span!("request", method = %request.method(), path = request.uri().path())
}

fn log_answer(answer: &http::Response<impl Sized>, took: std::time::Duration, _: &tracing::Span) {
    tracing::info!(
        status = answer.status().as_u16(),
        ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
}

/// A page: a kept one that is still true, or rendered anew. While changes can't be followed nothing is kept.
async fn page(State(state): State<AppState>, Extension(sender): Extension<Sender>, request: Request) -> Response {
    let changes = state.store.db.changes();
    if let Some(pages) = &state.pages
        && let Some(key) = PageKey::of(request.method(), request.uri(), request.headers())
        && let Some(present) = changes.follow().await
    {
        if let Some(kept) = pages.find(&key, changes, present) {
            return kept.answer(request.headers());
        }
        let (own, address) = (state.clone(), key.clone());
        let rendering = async move { render_for_all(&own, address.as_str()).await };
        return match pages.render(key, present, request.headers(), rendering).await {
            Some(answer) => answer,
            None => render_failure(&state, request.uri().path(), internal("the rendering of a page panicked")).await,
        };
    }
    render_page(&state, request, PageContext { sender: Some(sender), ..PageContext::default() }).await
}

async fn page_or_refusal(State(state): State<AppState>, request: Request) -> Response {
    let error = if matches!(*request.method(), Method::GET | Method::HEAD) {
        AppError::NotFound
    } else {
        AppError::WrongMethod
    };
    render_failure(&state, request.uri().path(), error).await
}

/// Calls a server function with the state and the sender in its context.
async fn server_function(
    State(state): State<AppState>,
    Extension(sender): Extension<Sender>,
    request: Request,
) -> Response {
    let provide = move || {
        provide_context(state.clone());
        provide_context(sender);
    };
    leptos_axum::handle_server_fns_with_context(provide, request).await.into_response()
}

/// A comment from the form of a page: to its tracking page, or to the same page with what was typed and why not.
async fn comment_form(
    State(state): State<AppState>,
    Extension(sender): Extension<Sender>,
    Path(slug): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Result<bytes::Bytes, axum::extract::rejection::BytesRejection>,
) -> Response {
    let language = Lang::of_path(uri.path());
    let Ok(body) = body else { return render_failure(&state, uri.path(), AppError::TooLarge).await };
    let form: CommentForm = serde_urlencoded::from_bytes(&body).unwrap_or_default();
    let origin = Origin { sender, limit: state.sender_limit.as_ref(), language };
    match send_comment(&state.store, &slug, &form, origin).await {
        Ok(code) => {
            (StatusCode::SEE_OTHER, [(header::LOCATION, language.href(&format!("/theo-doi/{code}")))]).into_response()
        }
        Err(error @ (AppError::NotFound | AppError::Gone(_))) => {
            let _ = error;
            render_page(
                &state,
                as_get(&method, &uri, &headers),
                PageContext { sender: Some(sender), ..PageContext::default() },
            )
            .await
        }
        Err(error) => {
            let refused = RefusedForm { form, error: Some(error) };
            let context = PageContext { refused: Some(refused), sender: Some(sender), ..PageContext::default() };
            render_page(&state, as_get(&method, &uri, &headers), context).await
        }
    }
}
