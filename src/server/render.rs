//! Rendering pages: Leptos makes the HTML, and the content security policy of our own scripts goes with it.

use axum::body::Body;
use axum::response::Response;
use base64::Engine;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use leptos::nonce::Nonce;
use leptos::prelude::provide_context;
use sha2::{Digest, Sha256};

use super::cache::Rendered;
use super::error::internal;
use super::made::comment::RefusedReport;
use super::made::discussion::RefusedForm;
use super::made::example::RefusedExample;
use super::made::tracking::own::OpenedComment;
use super::policy::CachePolicy;
use super::sender::Sender;
use super::state::AppState;
use super::thing::Shown;
use crate::app::{FailedBefore, shell};
use crate::components::announcement::MayEdit;
use crate::components::head::HeadSlot;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;

/// What a page is rendered with besides its address.
#[derive(Clone, Debug, Default)]
pub struct PageContext {
    /// A refused form that the page shows again.
    pub refused: Option<RefusedForm>,
    /// A refused form of an example, in the same way.
    pub refused_example: Option<RefusedExample>,
    /// A refused report of a comment, in the same way.
    pub refused_report: Option<RefusedReport>,
    /// A comment that its sender has opened to change it.
    pub opened: Option<OpenedComment>,
    /// An error in the page's place.
    pub failed: Option<AppError>,
    /// Who asks.
    pub sender: Option<Sender>,
    /// Where it collects what it shows.
    pub shown: Shown,
    /// Whether who asks may write announcements: then the page shows the way to the desk, and no client takes it over,
    /// which would not know that.
    pub may_edit: bool,
}

/// Renders the page of a request.
pub async fn render_page(state: &AppState, request: Request<Body>, context: PageContext) -> Response {
    let nonce = make_nonce();
    let (status, retry) = status_of(&context);
    let (refused, may_edit, path) = (
        context.refused.is_some()
            || context.refused_example.is_some()
            || context.refused_report.is_some()
            || context.opened.is_some(),
        context.may_edit,
        request.uri().path().to_owned(),
    );
    let (provided, own_nonce) = (state.clone(), nonce.clone());
    let (lang, slot) = (Lang::of_path(request.uri().path()), HeadSlot::default());
    let own_slot = slot.clone();
    let provide = move || {
        provide_context(provided.clone());
        provide_context(lang);
        provide_context(own_slot.clone());
        provide_context(context.shown.clone());
        let mut assets = provided.site.addresses();
        if context.may_edit {
            assets.client = None;
            provide_context(MayEdit);
        }
        provide_context(assets);
        provide_context(Nonce::from_value(own_nonce.clone()));
        if let Some(sender) = context.sender {
            provide_context(sender);
        }
        if let Some(refused) = &context.refused {
            provide_context(refused.clone());
        }
        if let Some(refused) = &context.refused_example {
            provide_context(refused.clone());
        }
        if let Some(refused) = &context.refused_report {
            provide_context(refused.clone());
        }
        if let Some(opened) = &context.opened {
            provide_context(opened.clone());
        }
        if let Some(error) = &context.failed {
            provide_context(FailedBefore(error.clone()));
        }
    };
    let answer = leptos_axum::render_app_async_with_context(provide, shell)(request).await;
    let mut answer = finish(answer, &nonce, &slot, state.site.is_watched()).await;
    if let Some(status) = status {
        *answer.status_mut() = status;
    }
    if let Some(seconds) = retry {
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    let of_one = refused || may_edit || Lang::strip(&path).starts_with("/theo-doi");
    if of_one { CachePolicy::Private } else { CachePolicy::Fresh }.of(answer)
}

/// Renders the page at an address for everybody who asks for it, with what it shows.
pub async fn render_for_all(state: &AppState, address: &str) -> Rendered {
    let request = Request::builder().uri(address).body(Body::empty()).unwrap_or_default();
    let shown = Shown::default();
    let context = PageContext { shown: shown.clone(), ..PageContext::default() };
    let (parts, body) = render_page(state, request, context).await.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    Rendered { status: parts.status, headers: parts.headers, body, things: shown.take() }
}

fn status_of(context: &PageContext) -> (Option<StatusCode>, Option<u32>) {
    let refused = context.refused.as_ref().and_then(|refused| refused.error.as_ref());
    let refused = refused.or(context.refused_example.as_ref().and_then(|refused| refused.error.as_ref()));
    let refused = refused.or(context.refused_report.as_ref().and_then(|refused| refused.error.as_ref()));
    let refused = refused.or(context.opened.as_ref().and_then(|opened| opened.error.as_ref()));
    let Some(error) = context.failed.as_ref().or(refused) else { return (None, None) };
    let retry = match error {
        AppError::TooMany { retry_after_seconds } => Some(*retry_after_seconds),
        _ => None,
    };
    (StatusCode::from_u16(error.status()).ok(), retry)
}

/// An error found before any page, as a whole page in the language of the address.
pub async fn render_failure(state: &AppState, path: &str, error: AppError) -> Response {
    let uri = if Lang::of_path(path) == Lang::En { "/en" } else { "/" };
    let request = Request::builder().uri(uri).body(Body::empty()).unwrap_or_default();
    render_page(state, request, PageContext { failed: Some(error), ..PageContext::default() }).await
}

/// A request for the page at the same address, as a browser's GET would be.
pub fn as_get(method: &Method, uri: &http::Uri, headers: &HeaderMap) -> Request<Body> {
    let mut request = Request::builder().method(Method::GET).uri(uri.clone()).body(Body::empty()).unwrap_or_default();
    debug_assert!(*method == Method::POST);
    if let Some(host) = headers.get(header::HOST) {
        request.headers_mut().insert(header::HOST, host.clone());
    }
    request
}

fn make_nonce() -> String {
    let mut bytes = [0_u8; 16];
    // Without randomness the nonce is known, and the policy below still holds: it names hashes, not nonces.
    let _ = getrandom::fill(&mut bytes);
    hex::encode(bytes)
}

/// Hashes the scripts that carry our nonce into the policy, and takes the nonce out of the page: what stands in a
/// page that is kept for others must not be a secret of one reader.
async fn finish(answer: Response, nonce: &str, slot: &HeadSlot, watched: bool) -> Response {
    let (mut parts, body) = answer.into_parts();
    let body = body.collect().await.ok().and_then(|body| String::from_utf8(body.to_bytes().into()).ok());
    let Some(html) = body else {
        let _ = internal("a page could not be rendered");
        return Response::builder().status(StatusCode::INTERNAL_SERVER_ERROR).body(Body::empty()).unwrap_or_default();
    };
    let (html, hashes) = own_document(&html, nonce, &slot.html());
    if let Ok(value) = HeaderValue::from_str(&content_security_policy(&hashes, watched)) {
        parts.headers.insert(header::CONTENT_SECURITY_POLICY, value);
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(html))
}

/// The document with what belongs in its head and without the nonce, and the hashes of the inline scripts that carried
/// it. One that somebody smuggled in carries none.
fn own_document(html: &str, nonce: &str, head: &str) -> (String, Vec<String>) {
    let (mut document, mut hashes) = (String::with_capacity(html.len() + head.len()), Vec::new());
    let (start, rest) = html.split_once("</head>").map_or(("", html), |(start, _)| (start, &html[start.len()..]));
    for (part, head) in [(start, head), (rest, "")] {
        let mut written = 0;
        for (at, _) in part.match_indices(nonce) {
            // Leptos writes it as the nonce of scripts, and as another attribute of links.
            let names = [" nonce=\"", " crossorigin=\""];
            let Some(name) = names.into_iter().find(|name| part[..at].ends_with(name)) else { continue };
            document.push_str(&part[written..at - name.len()]);
            written = at + nonce.len() + 1;
            hashes.extend(inline_script(part, at).map(hash_of));
        }
        document.push_str(&part[written.min(part.len())..]);
        document.push_str(head);
    }
    (document, hashes)
}

/// The inline script in whose tag something stands.
fn inline_script(html: &str, within: usize) -> Option<&str> {
    let begin = html[..within].rfind('<')?;
    let (tag, rest) = html[begin..].split_once('>')?;
    let inline = tag.starts_with("<script") && !tag.contains("src=");
    inline.then(|| rest.split_once("</script>").map(|(script, _)| script)).flatten()
}

fn hash_of(script: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(Sha256::digest(script.as_bytes()))
}

/// The policy, line by line.
fn content_security_policy(hashes: &[String], watched: bool) -> String {
    let scripts: String = hashes.iter().map(|hash| format!(" 'sha256-{hash}'")).collect();
    [
        // Whatever is not named below is not loaded.
        "default-src 'none'".to_owned(),
        // Our own files, the inline scripts of this very page by their hashes, and WebAssembly.
        format!("script-src 'self' 'wasm-unsafe-eval'{scripts}"),
        "style-src 'self'".to_owned(),
        "img-src 'self' data:".to_owned(),
        // While one works on the portal, the page is told of new builds on another port.
        format!("connect-src 'self'{}", if watched { " ws://127.0.0.1:3001 ws://localhost:3001" } else { "" }),
        "manifest-src 'self'".to_owned(),
        // Forms are sent to us only, nobody frames us, no base element redirects our links.
        "form-action 'self'".to_owned(),
        "frame-ancestors 'none'".to_owned(),
        "base-uri 'none'".to_owned(),
    ]
    .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scripts_with_our_nonce_are_in_the_policy_and_no_page_shows_it() {
        let html = "<head></head><script nonce=\"n1\">a()</script><script>evil()</script><script nonce=\"n2\">evil()</script><script nonce=\"n1\" src=\"/x.js\"></script>";
        let (document, hashes) = own_document(html, "n1", "<title>T</title>");
        assert_eq!(hashes, [hash_of("a()")]);
        assert_eq!(
            document,
            "<head><title>T</title></head><script>a()</script><script>evil()</script><script nonce=\"n2\">evil()</script><script src=\"/x.js\"></script>"
        );
    }
}
