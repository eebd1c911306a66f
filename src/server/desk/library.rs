//! The picture library, and what scripts and forms upload: pictures and documents.

use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, form_errors, hidden};
use super::guard::answer_error;
use super::{FORM_MOST, UPLOAD_MOST};
use crate::domain::error::{AppError, Field, Problem};
use crate::domain::time::Instant;
use crate::server::db::desk::library::UploadRow;
use crate::server::db::upload::{PICTURE_PATH, stored_picture};
use crate::server::render::render_failure;
use crate::server::services::account::invalid;
use crate::server::services::library as service;
use crate::server::state::AppState;
use crate::text::Text;

/// An uploaded file.
#[derive(Debug, Default)]
pub struct UploadedFile {
    /// Its name.
    pub name: String,
    /// Its bytes; empty where none was chosen.
    pub bytes: Vec<u8>,
}

/// A form with files in it.
#[derive(Debug, Default)]
pub struct Uploaded {
    /// The files by the name of their field.
    files: Vec<(String, UploadedFile)>,
    /// The other fields, also where the files were too large.
    pub fields: Fields,
    is_too_large: bool,
}

impl Uploaded {
    /// Whether a file was chosen in a field, also one that is too large.
    pub fn has(&self, field: &str) -> bool {
        self.is_too_large || self.files.iter().any(|(name, file)| name == field && !file.bytes.is_empty())
    }

    /// The fields in which a file was chosen.
    pub fn chosen(&self) -> Vec<String> {
        self.files.iter().filter(|(_, file)| !file.bytes.is_empty()).map(|(name, _)| name.clone()).collect()
    }

    /// Takes the file of a field.
    ///
    /// # Errors
    /// `TooLarge`, which nothing of the other fields is lost by.
    pub fn take(&mut self, field: &str) -> Result<UploadedFile, AppError> {
        if self.is_too_large {
            return Err(AppError::TooLarge);
        }
        let found = self.files.iter().position(|(name, file)| name == field && !file.bytes.is_empty());
        Ok(found.map(|at| self.files.swap_remove(at).1).unwrap_or_default())
    }
}

/// Reads a form with files, to its end also where they are too large: what was typed before them is there all the same.
///
/// # Errors
/// `BadAddress` for what no browser sends.
pub async fn read_upload(form: Multipart) -> Result<Uploaded, AppError> {
    read_parts(form, true).await
}

/// What was typed in a form with files, of somebody whose files nobody waits for.
pub async fn read_typed(form: Multipart) -> Fields {
    read_parts(form, false).await.unwrap_or_default().fields
}

/// A form, whether it came with files or without.
impl FromRequest<AppState> for Uploaded {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        if !is_with_files(request.headers()) {
            let fields = Fields::from_request(request, state).await?;
            return Ok(Self { fields, ..Self::default() });
        }
        let path = request.uri().path().to_owned();
        let read = async {
            let form = Multipart::from_request(request, state).await.map_err(|_| AppError::BadAddress)?;
            read_upload(form).await
        };
        match read.await {
            Ok(uploaded) => Ok(uploaded),
            Err(error) => Err(render_failure(state, &path, error).await),
        }
    }
}

/// Whether a form with files is sent.
pub fn is_with_files(headers: &http::HeaderMap) -> bool {
    let kind = headers.get(http::header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data"))
}

async fn read_parts(mut form: Multipart, keep_files: bool) -> Result<Uploaded, AppError> {
    let (mut uploaded, mut size) = (Uploaded::default(), 0);
    loop {
        match read_part(&mut form, keep_files, &mut size).await {
            Ok(Some((name, Some(file), bytes))) => {
                uploaded.files.push((name, UploadedFile { name: file, bytes }));
            }
            Ok(Some((name, None, bytes))) => {
                uploaded.fields.0.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            }
            Ok(None) => break,
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                uploaded.is_too_large = true;
                break;
            }
            Err(_) => return Err(AppError::BadAddress),
        }
    }
    uploaded.is_too_large |= size > UPLOAD_MOST;
    Ok(uploaded)
}

/// The next part of a form: its field, the name of its file, what is in it.
async fn read_part(
    form: &mut Multipart,
    keep_files: bool,
    size: &mut usize,
) -> Result<Option<(String, Option<String>, Vec<u8>)>, MultipartError> {
    let Some(mut part) = form.next_field().await? else { return Ok(None) };
    let name = part.name().unwrap_or_default().to_owned();
    let file = part.file_name().map(str::to_owned);
    let mut bytes = Vec::new();
    while let Some(chunk) = part.chunk().await? {
        *size += chunk.len();
        let most = if file.is_some() || keep_files { UPLOAD_MOST } else { FORM_MOST };
        if *size <= most && (file.is_none() || keep_files) {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok(Some((name, file, bytes)))
}

/// GET: the pictures, searched.
pub async fn show(desk: Desk, State(state): State<AppState>, uri: http::Uri, headers: http::HeaderMap) -> Response {
    let fields = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    if headers.get(http::header::ACCEPT).is_some_and(|accept| accept.as_bytes() == b"application/json") {
        return list_for_script(&desk, &state, &fields).await;
    }
    desk.end(page(&desk, &state, StatusCode::OK, &fields, None).await)
}

async fn list_for_script(desk: &Desk, state: &AppState, fields: &Fields) -> Response {
    match service::list_pictures(&state.store, &desk.actor(), fields.get("q"), fields.number("truoc")).await {
        Ok((rows, more)) => {
            let pictures: Vec<_> = rows
                .iter()
                .filter_map(|row| {
                    let picture = stored_picture(&row.sizes, &row.alt)?;
                    let small = picture.webp.first()?.url.clone();
                    let path = format!("{PICTURE_PATH}{}.jpg", row.fallback);
                    Some(serde_json::json!({ "path": path, "small": small, "alt": row.alt, "name": row.name }))
                })
                .collect();
            axum::Json(serde_json::json!({ "pictures": pictures, "before": more })).into_response()
        }
        Err(error) => answer_error(&error),
    }
}

async fn page(
    desk: &Desk,
    state: &AppState,
    status: StatusCode,
    fields: &Fields,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let words = fields.get("q");
    let (rows, more) = service::list_pictures(&state.store, &desk.actor(), words, fields.number("truoc")).await?;
    let t = desk.t();
    let action = desk.href("/quan-tri/anh");
    let content = html! {
        h1 { (t.desk_pictures()) }
        (form_errors(error, t))
        form method="post" action=(action) enctype="multipart/form-data" class="desk-upload" {
            div class="field" {
                label for="tep" { (t.choose_picture()) }
                input id="tep" name="file" type="file" accept="image/*" required;
                p class="hint" { (t.picture_limits()) }
            }
            div class="field" {
                label for="alt" { (t.picture_alt()) }
                input id="alt" name="alt" type="text" autocomplete="off" aria-describedby="alt-goi-y";
                p class="hint" id="alt-goi-y" { (t.picture_alt_hint()) }
            }
            button class="button" type="submit" { (t.upload()) }
        }
        form class="desk-filter" method="get" role="search" {
            div class="field" { label for="q" { (t.search_pictures()) } input id="q" name="q" type="search" value=(words) autocomplete="off"; }
            button class="button button--quiet" type="submit" { (t.search_button()) }
        }
        @if rows.is_empty() { p class="desk-empty" { @if words.is_empty() { (t.pictures_none()) } @else { (t.pictures_none_found()) } } }
        ul class="desk-pictures" { @for row in &rows { (picture_item(desk, row, &action)) } }
        @if let Some(before) = more {
            p { a class="button button--quiet" href=(format!("{}?{}", desk.path, serde_urlencoded::to_string([("q", words), ("truoc", &before.to_string())]).unwrap_or_default())) { (t.older()) } }
        }
    };
    Ok(desk.page_with(status, t.desk_pictures(), Extra::default(), &content))
}

fn picture_item(desk: &Desk, row: &UploadRow, action: &str) -> Markup {
    let t = desk.t();
    let picture = stored_picture(&row.sizes, &row.alt);
    let id = format!("alt-{}", row.id);
    html! {
        li {
            @if let Some(picture) = &picture {
                @if let Some(small) = picture.webp.first() {
                    img src=(small.url) width=(small.width) height=(small.height) alt=(row.alt) loading="lazy";
                }
            }
            p class="hint" { (row.name) br; (row.width) "×" (row.height) ", " (Instant(row.created_at).day(desk.lang)) }
            form method="post" action=(action) enctype="multipart/form-data" {
                (hidden("id", &row.id.to_string()))
                label for=(id) { (t.picture_alt()) }
                input id=(id) name="alt" type="text" value=(row.alt) autocomplete="off";
                button class="button button--quiet" type="submit" { (t.save()) }
            }
        }
    }
}

/// POST: a new picture, or what one shows.
pub async fn take(desk: Desk, State(state): State<AppState>, form: Multipart) -> Response {
    let (store, actor) = (&state.store, desk.actor());
    let done = async {
        let mut uploaded = read_upload(form).await?;
        let file = uploaded.take("file")?;
        let alt = uploaded.fields.get("alt");
        if let Some(id) = uploaded.fields.number("id") {
            return service::describe_picture(store, &actor, id, alt).await;
        }
        if file.bytes.is_empty() {
            return Err(invalid(Field::File, Problem::Missing));
        }
        let stored = service::add_picture(store, &actor, &file.name, file.bytes).await?;
        if !alt.trim().is_empty() {
            service::describe_picture(store, &actor, stored.id, alt).await?;
        }
        Ok(())
    };
    match done.await {
        Ok(()) => desk.redirect("/quan-tri/anh"),
        Err(AppError::Forbidden) => desk.failure(&AppError::Forbidden),
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            desk.end(page(&desk, &state, status, &Fields::default(), Some(&error)).await)
        }
    }
}

/// An error of an upload for a script, with its sentence.
pub fn told(error: &AppError, t: Text) -> Response {
    let sentence = match error {
        AppError::TooLarge => t.file_too_large().to_owned(),
        AppError::Invalid(errors) => {
            errors.0.first().map(|(field, problem)| t.problem(*field, *problem)).unwrap_or_default()
        }
        error => t.error(error),
    };
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(serde_json::json!({ "error": error, "sentence": sentence }))).into_response()
}

/// POST: a picture, from the editor.
pub async fn upload_by_script(desk: Desk, State(state): State<AppState>, form: Multipart) -> Response {
    let stored = async {
        let file = read_upload(form).await?.take("file")?;
        service::add_picture(&state.store, &desk.actor(), &file.name, file.bytes).await
    };
    match stored.await {
        Ok(stored) => axum::Json(serde_json::json!({ "path": stored.path, "alt": stored.alt })).into_response(),
        Err(error) => told(&error, desk.t()),
    }
}

/// POST: a document, from the editor.
pub async fn upload_document(desk: Desk, State(state): State<AppState>, form: Multipart) -> Response {
    let stored = async {
        let file = read_upload(form).await?.take("file")?;
        service::add_document(&state.store, &desk.actor(), &file.name, file.bytes).await
    };
    match stored.await {
        Ok(path) => axum::Json(serde_json::json!({ "path": path })).into_response(),
        Err(error) => told(&error, desk.t()),
    }
}
