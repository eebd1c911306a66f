//! The style sheet, the script, the client, the icon and pictures.
//!
//! `make run` puts style sheet, script and client together in one folder that is named by the hash of all their bytes
//! (`tools/package.mjs`), and keeps the folder of the build before for pages that are still open somewhere. Without
//! such a folder, in tests, the style sheet and the script that are part of the program are served, and no client.

use std::path::{Path as FilePath, PathBuf};
use std::sync::LazyLock;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri, header};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use super::error::Failure;
use super::policy::CachePolicy;
use super::secret::sha256_hex;
use super::services::library::read_document;
use super::state::AppState;
use crate::app::Assets;
use crate::domain::html::percent_encode;

macro_rules! style_parts {
    ($($name:literal),*) => {
        const STYLE_NAMES: [&str; [$($name),*].len()] = [$($name),*];
        const STYLE_PARTS: [&str; STYLE_NAMES.len()] = [$(include_str!(concat!("../../style/", $name))),*];
    };
}
// In the order of `style/main.css`.
style_parts!(
    "tokens.css",
    "base.css",
    "layout.css",
    "list.css",
    "announcement.css",
    "form.css",
    "notice.css",
    "campaign.css",
    "example.css",
    "print.css"
);
/// Of the pages with figures, in the order of `style/results.css`.
const RESULT_STYLE: &str = concat!(
    include_str!("../../style/review.css"),
    include_str!("../../style/chart.css"),
    include_str!("../../style/result.css")
);
/// Of discussions.
const DISCUSSION_STYLE: &str = include_str!("../../style/discussion.css");
const SCRIPT: &str = include_str!("../../client/loader.js");
const DESK_SCRIPT: &str = include_str!("../../client/desk.js");
const DESK_STYLE: &str = include_str!("../../style/desk.css");
const ICON: &str = include_str!("../../public/favicon.svg");

static STYLE: LazyLock<String> = LazyLock::new(|| STYLE_PARTS.join("\n"));

/// What a page loads besides its HTML.
#[derive(Clone, Debug)]
pub struct Site {
    /// The folder of builds; `None` where no client was built.
    folder: Option<PathBuf>,
    /// The present build.
    version: String,
    /// Whether the build changes while the program runs (`make dev`).
    watched: bool,
}

impl Site {
    /// What is part of the program, and no client.
    pub fn built_in() -> Self {
        let version = sha256_hex(format!("{}{SCRIPT}{RESULT_STYLE}{DESK_STYLE}{DESK_SCRIPT}", *STYLE).as_bytes())[..16]
            .to_owned();
        Self { folder: None, version, watched: false }
    }

    /// The build in a folder, or beside the program, or what cargo-leptos builds anew while it watches.
    ///
    /// # Errors
    /// A sentence that names the setting, for a folder that was named and holds no build.
    pub fn open(folder: Option<&FilePath>) -> Result<Self, Failure> {
        if let (Ok(_), Ok(root)) = (std::env::var("LEPTOS_WATCH"), std::env::var("LEPTOS_SITE_ROOT")) {
            return Ok(Self { folder: Some(root.into()), version: String::new(), watched: true });
        }
        let beside =
            || std::env::current_exe().ok().and_then(|program| program.parent().map(|folder| folder.join("site")));
        let Some(place) = folder.map(FilePath::to_owned).or_else(beside) else { return Ok(Self::built_in()) };
        let version = std::fs::read_to_string(place.join("current")).unwrap_or_default().trim().to_owned();
        if is_version(&version) && place.join("pkg").join(&version).is_dir() {
            return Ok(Self { folder: Some(place.join("pkg")), version, watched: false });
        }
        match folder {
            Some(place) => Err(Failure::new(format!(
                "THIDUA_SITE: the folder {} holds no built client; make run builds one.",
                place.display()
            ))),
            None => Ok(Self::built_in()),
        }
    }

    /// Where the parts of the present build lie.
    pub fn addresses(&self) -> Assets {
        let folder = if self.watched { "/pkg".to_owned() } else { format!("/pkg/{}", self.version) };
        let script = if self.watched { "/loader.js".to_owned() } else { format!("{folder}/loader.js") };
        Assets {
            style: format!("{folder}/thidua.css"),
            script,
            watched: self.watched,
            client: self.folder.is_some().then(|| format!("{folder}/thidua")),
        }
    }

    /// The style sheet and the script that the desk's pages load besides the style sheet of all pages.
    pub fn desk_addresses(&self) -> (String, String) {
        let folder = if self.watched { "/pkg".to_owned() } else { format!("/pkg/{}", self.version) };
        (format!("{folder}/desk.css"), format!("{folder}/desk.js"))
    }

    /// The style sheet of charts and results, which only pages with figures load.
    pub fn result_style(&self) -> String {
        if self.watched { "/pkg/results.css".to_owned() } else { format!("/pkg/{}/results.css", self.version) }
    }

    /// The style sheet of discussions, which only pages with one load.
    pub fn discussion_style(&self) -> String {
        if self.watched { "/pkg/discussion.css".to_owned() } else { format!("/pkg/{}/discussion.css", self.version) }
    }

    /// Whether pages reload themselves when something was built anew.
    pub fn is_watched(&self) -> bool {
        self.watched
    }
}

/// 16 hexadecimal digits: nothing that leads out of the folder.
fn is_version(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// A file of a build. What was asked for by a build's name is kept for good.
pub async fn built(
    State(state): State<AppState>,
    Path((version, file)): Path<(String, String)>,
    request: Request,
) -> Response {
    let site = &state.site;
    let known = is_version(&version);
    if let Some(folder) = &site.folder
        && known
    {
        let answer = serve_file(&folder.join(&version), &file, request).await;
        if answer.status() != StatusCode::NOT_FOUND {
            return CachePolicy::Immutable.of(answer);
        }
    }
    // A page of an older build than are kept gets the present style and script, and does without a client.
    let present = site.folder.is_none() && version == site.version;
    let part = match file.as_str() {
        "thidua.css" => ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE.as_str()).into_response(),
        "loader.js" => ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT).into_response(),
        "results.css" => ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], RESULT_STYLE).into_response(),
        "discussion.css" => ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], DISCUSSION_STYLE).into_response(),
        "desk.css" => ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], DESK_STYLE).into_response(),
        "desk.js" => ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], DESK_SCRIPT).into_response(),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    if present { CachePolicy::Immutable } else { CachePolicy::Fresh }.of(part)
}

/// A file that cargo-leptos has just built, while it watches.
pub async fn watched(State(state): State<AppState>, Path(file): Path<String>, request: Request) -> Response {
    // cargo-leptos copies the list of the style sheet's parts, not the parts: they are read where one edits them.
    if state.site.watched && file == "thidua.css" {
        let parts: Result<Vec<_>, _> =
            STYLE_NAMES.map(|name| std::fs::read_to_string(format!("style/{name}"))).into_iter().collect();
        let style = parts.map_or_else(|_| STYLE.clone(), |parts| parts.join("\n"));
        return ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], style).into_response();
    }
    match file.as_str() {
        "results.css" => return ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], RESULT_STYLE).into_response(),
        "discussion.css" => {
            return ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], DISCUSSION_STYLE).into_response();
        }
        "desk.css" => return ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], DESK_STYLE).into_response(),
        "desk.js" => return ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], DESK_SCRIPT).into_response(),
        _ => {}
    }
    match &state.site.folder {
        Some(folder) if state.site.watched => serve_file(&folder.join("pkg"), &file, request).await,
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A part of the desk's script as one edits it, while cargo-leptos watches; the visual editor itself is only built by
/// `make build`.
pub async fn watched_editor(Path(file): Path<String>, request: Request) -> Response {
    serve_file(FilePath::new("client/editor"), &file, request).await
}

/// The parts of the desk's script, while cargo-leptos watches.
pub async fn watched_desk(Path(file): Path<String>, request: Request) -> Response {
    serve_file(FilePath::new("client/desk"), &file, request).await
}

/// The script, while cargo-leptos watches.
pub async fn loader() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT).into_response()
}

/// The script of discussions, while cargo-leptos watches.
pub async fn discussion() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], "export * from '/pkg/discussion/index.js';")
        .into_response()
}

/// Its parts.
pub async fn watched_discussion(Path(file): Path<String>, request: Request) -> Response {
    serve_file(FilePath::new("client/discussion"), &file, request).await
}

async fn serve_file(folder: &FilePath, file: &str, mut request: Request) -> Response {
    let Ok(uri) = format!("/{file}").parse::<Uri>() else { return StatusCode::NOT_FOUND.into_response() };
    *request.uri_mut() = uri;
    let files = ServeDir::new(folder).precompressed_br().precompressed_gzip();
    match files.oneshot(request).await {
        Ok(answer) => answer.map(Body::new),
        Err(never) => match never {},
    }
}

/// The icon.
pub async fn icon() -> Response {
    CachePolicy::Day.of(([(header::CONTENT_TYPE, "image/svg+xml")], ICON).into_response())
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
pub async fn picture(State(state): State<AppState>, Path(name): Path<String>) -> Response {
    let Some(media_type) = picture_type(&name) else { return StatusCode::NOT_FOUND.into_response() };
    match tokio::fs::read(state.store.picture_file(&name)).await {
        Ok(bytes) => CachePolicy::Immutable.of(([(header::CONTENT_TYPE, media_type)], bytes).into_response()),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// An attached document, always as a file to keep: what somebody uploaded is never shown as a page of the portal.
pub async fn document(State(state): State<AppState>, Path(name): Path<String>) -> Response {
    let Ok((row, bytes)) = read_document(&state.store, &name).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let shown = if row.name.is_empty() { &name } else { &row.name };
    let disposition = format!("attachment; filename*=UTF-8''{}", percent_encode(shown));
    let headers = [(header::CONTENT_TYPE, row.media_type), (header::CONTENT_DISPOSITION, disposition)];
    CachePolicy::Immutable.of((headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_is_found_by_its_hash_and_a_folder_without_one_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(Site::open(Some(folder.path())).is_err_and(|why| why.0.starts_with("THIDUA_SITE")));
        let version = "0123456789abcdef";
        std::fs::create_dir_all(folder.path().join("pkg").join(version)).expect("made");
        std::fs::write(folder.path().join("current"), version).expect("written");
        let addresses = Site::open(Some(folder.path())).expect("a site").addresses();
        assert_eq!(addresses.client.as_deref(), Some("/pkg/0123456789abcdef/thidua"));
        std::fs::write(folder.path().join("current"), "../../etc").expect("written");
        assert!(Site::open(Some(folder.path())).is_err());
        assert_eq!(Site::built_in().addresses().client, None);
    }

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
