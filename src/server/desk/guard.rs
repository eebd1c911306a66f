//! Who may use a route of the desk, asked before its handler; and what happens to a text whose session has ended.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{self, HeaderMap};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use http_body_util::BodyExt;

use super::form::{Fields, read_form};
use super::frame::{Desk, failure_with_text};
use super::library::{is_with_files, read_typed};
use super::{Access, UPLOAD_MOST, sign_in};
use crate::domain::account::Permission;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::server::error::internal;
use crate::server::policy::CachePolicy;
use crate::server::services::actor::Scope;
use crate::server::services::sign_in::{SignedIn, find_signed_in};
use crate::server::state::AppState;

/// The name of the cookie of a session; over `https` it can't be set by another host.
fn session_cookie(state: &AppState) -> &'static str {
    if is_https(state) { "__Host-thidua-phien" } else { "thidua-phien" }
}

/// The name of the cookie of a browser in which somebody has signed in.
fn browser_cookie(state: &AppState) -> &'static str {
    if is_https(state) { "__Host-thidua-may" } else { "thidua-may" }
}

fn is_https(state: &AppState) -> bool {
    state.base_url.starts_with("https://")
}

/// The name of the cookie of a browser that has agreed with something. It does not begin as the others do: pages are the
/// same with and without it.
fn voter_cookie(state: &AppState) -> &'static str {
    if is_https(state) { "__Host-y-kien" } else { "y-kien" }
}

/// So long a browser is known to have agreed, in seconds: a year.
const VOTER_SECONDS: i64 = 365 * 24 * 60 * 60;

/// The random name under which a browser agrees, and the cookie that gives it one if it had none.
///
/// # Errors
/// When the system gives no random bytes.
pub fn voter_token(state: &AppState, headers: &HeaderMap) -> Result<(String, Option<HeaderValue>), AppError> {
    if let Some(token) = find_cookie(headers, voter_cookie(state)).filter(|token| token.len() == 32) {
        return Ok((token, None));
    }
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).map_err(internal)?;
    let token = hex::encode(random);
    let set = cookie(state, voter_cookie(state), &token, Some(VOTER_SECONDS));
    Ok((token, set))
}

/// The cookie by which one page shows the second code of a receipt: for that page alone, and for a quarter of an hour.
pub fn shown_once(state: &AppState, path: &str, code: &str) -> Option<HeaderValue> {
    let secure = if is_https(state) { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("ma-sua={code}; Path={path}; Max-Age=900; HttpOnly; SameSite=Strict{secure}")).ok()
}

/// The second code that a page was told to show.
pub fn code_to_show(headers: &HeaderMap) -> Option<String> {
    find_cookie(headers, "ma-sua")
}

fn find_cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// The token of the session that a request carries.
pub fn session_token(state: &AppState, headers: &HeaderMap) -> Option<String> {
    find_cookie(headers, session_cookie(state)).filter(|token| token.len() == 64)
}

/// The token of the browser that a request comes from.
pub fn browser_token(state: &AppState, headers: &HeaderMap) -> Option<String> {
    find_cookie(headers, browser_cookie(state)).filter(|token| token.len() == 64)
}

/// A cookie that only the server reads; an age of 0 takes it away, none ends with the browser.
fn cookie(state: &AppState, name: &str, value: &str, seconds: Option<i64>) -> Option<HeaderValue> {
    let secure = if is_https(state) { "; Secure" } else { "" };
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}")).ok()
}

/// Sets the cookie of a session, or takes it away.
pub fn set_session(state: &AppState, answer: &mut Response, token: Option<&str>) {
    let value = cookie(state, session_cookie(state), token.unwrap_or_default(), token.is_none().then_some(0));
    answer.headers_mut().extend(value.map(|value| (header::SET_COOKIE, value)));
}

/// Sets the cookie of a known browser.
pub fn set_browser(state: &AppState, answer: &mut Response, token: &str, seconds: i64) {
    let value = cookie(state, browser_cookie(state), token, Some(seconds));
    if let Some(value) = value {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Whether whoever asks for a public page may write announcements, which shows them the way to the desk.
pub async fn may_write(state: &AppState, headers: &HeaderMap) -> bool {
    let Some(token) = session_token(state, headers) else { return false };
    match find_signed_in(&state.store, &token).await {
        Ok(Some(signed_in)) => {
            !signed_in.awaits_second_step && signed_in.official.may(Permission::WriteAnnouncements, Scope::Somewhere)
        }
        _ => false,
    }
}

/// Lets a request through to its handler, or says why not.
pub async fn guard(State((state, access)): State<(AppState, Access)>, mut request: Request, next: Next) -> Response {
    let (signed_in, failed) = match session_token(&state, request.headers()) {
        Some(token) => match find_signed_in(&state.store, &token).await {
            Ok(signed_in) => (signed_in, None),
            Err(error) => (None, Some(error)),
        },
        None => (None, None),
    };
    let whole = signed_in.clone().filter(|signed_in| !signed_in.awaits_second_step);
    let lang = Lang::of_path(request.uri().path());
    let desk = Desk { state: state.clone(), lang, path: request.uri().path().to_owned(), signed_in: whole.clone() };
    let permitted = failed.map_or_else(|| permit(access, signed_in.as_ref(), whole.as_ref()), Err);
    if let Err(error) = permitted {
        if is_for_script(request.headers()) {
            drain(request).await;
            return answer_error(&error);
        }
        if error == AppError::SignedOut {
            return ask_to_sign_in(&desk, access, request).await;
        }
        // What was typed is in the page that refuses it.
        let typed = if is_form(&request) {
            read_form(request, whole.is_some()).await.unwrap_or_default()
        } else {
            drain(request).await;
            Fields::default()
        };
        return failure_with_text(&desk, &error, &typed);
    }
    request.extensions_mut().insert(desk);
    CachePolicy::Private.of(next.run(request).await)
}

/// The one place that compares what a route needs with who asks.
fn permit(access: Access, any: Option<&SignedIn>, whole: Option<&SignedIn>) -> Result<(), AppError> {
    match access {
        Access::Everybody | Access::SecretLink => Ok(()),
        Access::SecondStep => any.filter(|any| any.awaits_second_step).map(|_| ()).ok_or(AppError::SignedOut),
        Access::Needs(permission) => {
            let signed_in = whole.ok_or(AppError::SignedOut)?;
            // One's own account is open to everybody who is signed in, or a second step could not be set up.
            if permission == Permission::SeeDesk || signed_in.official.may(permission, Scope::Somewhere) {
                return Ok(());
            }
            Err(AppError::Forbidden)
        }
    }
}

/// Whether a script asks, which reads JSON.
pub fn is_for_script(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes() == b"application/json")
}

/// Whether a form without a file is sent.
fn is_form(request: &Request) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"))
}

/// Reads what is refused to its end: a browser that still sends does not read why.
async fn drain(request: Request) {
    let mut body = http_body_util::Limited::new(request.into_body(), UPLOAD_MOST);
    while let Some(Ok(_)) = body.frame().await {}
}

/// An error for a script.
pub fn answer_error(error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = (status, axum::Json(serde_json::json!({ "error": error }))).into_response();
    if let AppError::TooMany { retry_after_seconds } = error {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after_seconds));
    }
    CachePolicy::Private.of(answer)
}

/// The way to the sign-in page and back. What was posted comes along: nobody loses a text because a session has ended.
async fn ask_to_sign_in(desk: &Desk, access: Access, request: Request<Body>) -> Response {
    let target = request.uri().path_and_query().map_or("/quan-tri", |all| all.as_str()).to_owned();
    if request.method() == Method::GET || access == Access::SecondStep {
        let target = serde_urlencoded::to_string([("tiep", target)]).unwrap_or_default();
        return desk.redirect(&format!("/dang-nhap?{target}"));
    }
    let (next, kept) = if is_form(&request) {
        match read_form(request, false).await {
            Ok(fields) => (target, fields),
            Err(error) => return desk.failure(&error),
        }
    } else {
        // A file can't be kept: back to the page that it was to be sent from, where what was typed beside it is saved.
        let typed = read_typed_of(request, desk).await;
        (page_of_form(&target, typed.0.is_empty()), typed)
    };
    sign_in::page(desk, StatusCode::UNAUTHORIZED, &sign_in::Asked { next, kept, ..sign_in::Asked::default() })
}

/// What was typed in a form with files, to be saved; nothing where the form is about its file alone.
async fn read_typed_of(request: Request<Body>, desk: &Desk) -> Fields {
    if !is_with_files(request.headers()) {
        drain(request).await;
        return Fields::default();
    }
    let Ok(form) = Multipart::from_request(request, &desk.state).await else { return Fields::default() };
    let mut typed = read_typed(form).await;
    if !typed.has("version") {
        return Fields::default();
    }
    // Not sent: whoever chose a file wanted it sent along.
    typed.0.retain(|(name, _)| name != "viec");
    typed.0.push(("viec".to_owned(), "luu".to_owned()));
    typed
}

/// The page of a form whose files are sent to an address of their own.
fn page_of_form(target: &str, about_a_file: bool) -> String {
    let own = ["/bang", "/word", "/tep"].iter().find_map(|own| target.strip_suffix(own));
    let page = own.or_else(|| target.split_once("/tep/").map(|(page, _)| page));
    match page {
        Some(page) => page.to_owned(),
        None if about_a_file => target.rsplit_once('/').map_or_else(String::new, |(page, _)| page.to_owned()),
        None => target.to_owned(),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Desk {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        // Every route of the desk is behind the guard, which puts it there.
        parts.extensions.get::<Desk>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
