//! The style sheet, the script and the icon, part of the program, served under a name that changes with their bytes.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use super::secret::sha256_hex;

/// The parts of the style sheet, in the order of `style/main.css`.
const STYLE_PARTS: [&str; 9] = [
    include_str!("../../style/tokens.css"),
    include_str!("../../style/base.css"),
    include_str!("../../style/layout.css"),
    include_str!("../../style/announcement.css"),
    include_str!("../../style/comment.css"),
    include_str!("../../style/form.css"),
    include_str!("../../style/list.css"),
    include_str!("../../style/notice.css"),
    include_str!("../../style/print.css"),
];
const SCRIPT: &str = include_str!("../../client/loader.js");
const ICON: &str = include_str!("../../public/favicon.svg");

static STYLE: LazyLock<String> = LazyLock::new(|| STYLE_PARTS.join("\n"));
static VERSION: LazyLock<String> =
    LazyLock::new(|| sha256_hex(format!("{}{SCRIPT}", *STYLE).as_bytes())[..16].to_owned());

/// Where the style sheet lies.
pub fn style_address() -> String {
    format!("/pkg/{}/thidua.css", *VERSION)
}

/// Where the script lies.
pub fn script_address() -> String {
    format!("/pkg/{}/thidua.js", *VERSION)
}

/// What was asked for by its present name is kept for good; a page of an older program still gets something.
fn caching(version: &str) -> &'static str {
    if version == *VERSION { "public, max-age=31536000, immutable" } else { "no-cache" }
}

/// The script.
pub async fn script(Path(version): Path<String>) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, caching(&version))];
    (headers, SCRIPT).into_response()
}

/// The style sheet.
pub async fn style(Path(version): Path<String>) -> Response {
    let caching = caching(&version);
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, caching)], STYLE.as_str())
        .into_response()
}

/// The icon.
pub async fn icon() -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml"), (header::CACHE_CONTROL, "public, max-age=86400")], ICON).into_response()
}

/// What a file name of a public picture says of its type; `None` for a name that this program would not have given.
pub fn picture_type(name: &str) -> Option<&'static str> {
    let (hash, ending) = name.split_once('.')?;
    let hashed = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    match ending {
        "webp" if hashed => Some("image/webp"),
        "jpg" if hashed => Some("image/jpeg"),
        _ => None,
    }
}

/// A public picture by the hash of its content.
pub async fn picture(
    axum::extract::State(state): axum::extract::State<super::state::AppState>,
    Path(name): Path<String>,
) -> Response {
    let Some(media_type) = picture_type(&name) else { return StatusCode::NOT_FOUND.into_response() };
    match tokio::fs::read(state.store.picture_file(&name)).await {
        Ok(bytes) => (
            [(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")],
            bytes,
        )
            .into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_folder_of_pictures() {
        let hash = "a".repeat(64);
        assert_eq!(picture_type(&format!("{hash}.webp")), Some("image/webp"));
        for name in [
            "",
            "..",
            "../secret",
            "a.webp",
            &format!("{hash}.html"),
            &format!("{hash}/../x.jpg"),
            &format!("{}.jpg", "A".repeat(64)),
        ] {
            assert_eq!(picture_type(name), None, "{name}");
        }
    }
}
