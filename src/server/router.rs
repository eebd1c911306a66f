//! Every address of the server: pages, forms, server functions, files, machines.

use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Extension, Multipart, Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use http::{HeaderMap, Method, StatusCode, Uri, header};
use leptos::prelude::provide_context;
use tokio::sync::Semaphore;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::trace::TraceLayer;

use super::cache::key::PageKey;
use super::desk::Access;
use super::desk::example::read_example_form;
use super::error::internal;
use super::made::example::RefusedExample;
use super::middleware::{self as own, BODY_MOST};
use super::render::{PageContext, as_get, render_failure, render_for_all, render_page};
use super::sender::Sender;
use super::services::actor::Actor;
use super::services::comment::Origin;
use super::services::example::{NotTaken, send_example};
use super::state::AppState;
use super::{assets, desk, download, feed, made};
use crate::app::App;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;

mod comment;
mod live;
mod notice;

/// How hard answers are compressed that are made for one reader: the last tenth costs as much as rendering the page.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(4);

/// The paths of pages, read off the route table once for the process: while Leptos does that, no page anywhere in the
/// process gets its data, and one that asks at that moment waits for ever.
static PAGES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let listings = leptos_axum::generate_route_list(App);
    // Where no page's route leads is the fallback's.
    listings.iter().map(|listing| listing.path().to_owned()).filter(|path| !path.contains('*')).collect()
});

/// A route outside the desk: the most of them are for everybody, and each says so.
#[derive(Debug)]
pub struct Route {
    /// Its path, with places in braces.
    pub path: String,
    /// Who may use it.
    pub access: Access,
    handler: MethodRouter<AppState>,
}

fn route(path: impl Into<String>, access: Access, handler: MethodRouter<AppState>) -> Route {
    Route { path: path.into(), access, handler }
}

/// Every route outside the desk (`desk::routes` has the others): there is no other way to add one.
pub fn routes(state: &AppState) -> Vec<Route> {
    use Access::Everybody;
    let mut routes = vec![
        route("/healthz", Everybody, get(feed::health)),
        route("/readyz", Everybody, get(feed::ready)),
        route(live::PATH, Everybody, get(live::events)),
        route("/rss.xml", Everybody, get(feed::rss)),
        route("/sitemap.xml", Everybody, get(feed::sitemap)),
        route("/robots.txt", Everybody, get(feed::robots)),
        route("/favicon.svg", Everybody, get(assets::icon)),
        route("/pkg/{version}/{*file}", Everybody, get(assets::built)),
        route("/tep/{name}", Everybody, get(assets::picture)),
        route("/tai-lieu/{name}", Everybody, get(assets::document)),
        route("/tai-xuong/thi-dua/{slug}/{file}", Everybody, get(download::results)),
        route("/tai-xuong/so-lieu-chot/{id}/{file}", Everybody, get(made::review::download)),
        // Each server function states its own in `FUNCTIONS`.
        route("/api/{*function}", Everybody, get(server_function).post(server_function)),
        route("/tin/{slug}", Everybody, post(comment::send)),
        route("/en/tin/{slug}", Everybody, post(comment::send)),
        route("/thi-dua/{slug}", Everybody, post(comment::send)),
        route("/en/thi-dua/{slug}", Everybody, post(comment::send)),
        route("/phan-hoi/{id}", Everybody, post(comment::respond)),
        route("/theo-doi/{receipt}", Everybody, post(comment::change)),
        route("/en/theo-doi/{receipt}", Everybody, post(comment::change)),
        route("/theo-doi/{receipt}/thu", Everybody, post(notice::answer)),
        route("/en/theo-doi/{receipt}/thu", Everybody, post(notice::answer)),
        route("/en/phan-hoi/{id}", Everybody, post(comment::respond)),
        route(made::example::FORM_PATH, Everybody, example_handler()),
        route(format!("/en{}", made::example::FORM_PATH), Everybody, example_handler()),
    ];
    if state.site.is_watched() {
        routes.push(route("/pkg/{file}", Everybody, get(assets::watched)));
        routes.push(route("/loader.js", Everybody, get(assets::loader)));
        routes.push(route("/pkg/editor/{file}", Everybody, get(assets::watched_editor)));
        routes.push(route("/pkg/desk/{file}", Everybody, get(assets::watched_desk)));
        routes.push(route("/discussion.js", Everybody, get(assets::discussion)));
        routes.push(route("/pkg/discussion/{file}", Everybody, get(assets::watched_discussion)));
    }
    for path in made::PATHS {
        routes.push(route(path, Everybody, get(page)));
        routes.push(route(format!("/en{path}"), Everybody, get(page)));
    }
    routes.extend(PAGES.iter().map(|path| route(path, Everybody, get(page))));
    routes
}

/// Who may call which server function; one that does not stand here is not called.
pub const FUNCTIONS: [(&str, Access); 6] = [
    ("/api/announcement/home", Access::Everybody),
    ("/api/announcement/list", Access::Everybody),
    ("/api/announcement/search", Access::Everybody),
    ("/api/announcement/latest", Access::Everybody),
    ("/api/site/read", Access::Everybody),
    ("/api/page/read", Access::Everybody),
];

/// The whole server.
pub fn router(state: AppState) -> Router {
    let mut router = Router::new();
    for route in routes(&state) {
        router = router.route(&route.path, route.handler);
    }
    router
        .merge(desk::router(&state))
        .fallback(page_or_refusal)
        .layer(DefaultBodyLimit::max(BODY_MOST))
        .layer(CatchPanicLayer::new())
        .layer(own_origin(&state.base_url))
        .layer(from_fn_with_state(state.clone(), own::dress_refusals))
        .layer(from_fn_with_state(state.clone(), own::limit_time))
        .layer(from_fn_with_state(state.clone(), own::check_address))
        .layer(from_fn_with_state(state.clone(), own::find_sender))
        .layer(CompressionLayer::new().quality(COMPRESSION))
        .layer(from_fn(own::answer_on_the_tick))
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
    let may_edit = desk::guard::may_write(&state, request.headers()).await;
    render_page(&state, request, PageContext { sender: Some(sender), may_edit, ..PageContext::default() }).await
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
    if !FUNCTIONS.iter().any(|(path, _)| *path == request.uri().path()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let provide = move || {
        provide_context(state.clone());
        provide_context(sender);
    };
    leptos_axum::handle_server_fns_with_context(provide, request).await.into_response()
}

/// Pictures come along: the body may be as large as an upload of the desk.
fn example_handler() -> MethodRouter<AppState> {
    post(example_form).layer(DefaultBodyLimit::max(desk::DRAINED_MOST))
}

/// So many forms with pictures of people who are not signed in are read at once.
static EXAMPLES: Semaphore = Semaphore::const_new(8);

/// An example from its form: to its tracking page, or to the form with what was typed, what was chosen, and why not.
async fn example_form(
    State(state): State<AppState>,
    Extension(sender): Extension<Sender>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let language = Lang::of_path(uri.path());
    let Ok(form) = form else { return render_failure(&state, uri.path(), AppError::BadAddress).await };
    let read = match EXAMPLES.acquire().await {
        Ok(_turn) => read_example_form(form).await,
        Err(error) => Err(internal(error)),
    };
    let (typed, pictures) = match read {
        Ok(read) => read,
        Err(error) => return render_failure(&state, uri.path(), error).await,
    };
    let origin = Origin { sender, limit: state.sender_limit.as_ref(), language, browser: None };
    match send_example(&state.store, &Actor::Citizen, &typed, pictures, origin).await {
        Ok(code) => {
            (StatusCode::SEE_OTHER, [(header::LOCATION, language.href(&format!("/theo-doi/{code}")))]).into_response()
        }
        Err(NotTaken { error, kept }) => {
            let refused = RefusedExample { typed, kept, error: Some(error) };
            let context =
                PageContext { refused_example: Some(refused), sender: Some(sender), ..PageContext::default() };
            render_page(&state, as_get(&method, &uri, &headers), context).await
        }
    }
}
