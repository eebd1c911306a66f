//! The picture library, and what scripts and forms upload: pictures and documents.

use axum::extract::{Multipart, State};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use maud::{Markup, html};

use super::UPLOAD_MOST;
use super::form::Fields;
use super::frame::{Desk, Extra, form_errors, hidden};
use super::guard::answer_error;
use crate::domain::error::{AppError, Field, Problem};
use crate::domain::time::Instant;
use crate::server::db::desk::library::UploadRow;
use crate::server::db::upload::{PICTURE_PATH, stored_picture};
use crate::server::services::account::invalid;
use crate::server::services::library as service;
use crate::server::state::AppState;
use crate::text::Text;

/// An uploaded file with the fields that came beside it.
#[derive(Debug, Default)]
pub struct Uploaded {
    /// The file's name.
    pub name: String,
    /// Its bytes; empty where none was chosen.
    pub bytes: Vec<u8>,
    /// The other fields.
    pub fields: Fields,
}

/// Reads a form with a file, to its end also where it is too large.
///
/// # Errors
/// `TooLarge`, or `BadAddress` for what no browser sends.
pub async fn read_upload(mut form: Multipart) -> Result<Uploaded, AppError> {
    let (mut uploaded, mut size) = (Uploaded::default(), 0);
    let explain = |error: &axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
        _ => AppError::BadAddress,
    };
    while let Some(mut part) = form.next_field().await.map_err(|error| explain(&error))? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(str::to_owned);
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(|error| explain(&error))? {
            size += chunk.len();
            if size <= UPLOAD_MOST {
                bytes.extend_from_slice(&chunk);
            }
        }
        if name == "file" {
            (uploaded.name, uploaded.bytes) = (file.unwrap_or_default(), bytes);
        } else {
            uploaded.fields.0.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    if size > UPLOAD_MOST { Err(AppError::TooLarge) } else { Ok(uploaded) }
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
        let uploaded = read_upload(form).await?;
        let alt = uploaded.fields.get("alt");
        if let Some(id) = uploaded.fields.number("id") {
            return service::describe_picture(store, &actor, id, alt).await;
        }
        if uploaded.bytes.is_empty() {
            return Err(invalid(Field::File, Problem::Missing));
        }
        let stored = service::add_picture(store, &actor, &uploaded.name, uploaded.bytes).await?;
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
        let uploaded = read_upload(form).await?;
        service::add_picture(&state.store, &desk.actor(), &uploaded.name, uploaded.bytes).await
    };
    match stored.await {
        Ok(stored) => axum::Json(serde_json::json!({ "path": stored.path, "alt": stored.alt })).into_response(),
        Err(error) => told(&error, desk.t()),
    }
}

/// POST: a document, from the editor.
pub async fn upload_document(desk: Desk, State(state): State<AppState>, form: Multipart) -> Response {
    let stored = async {
        let uploaded = read_upload(form).await?;
        service::add_document(&state.store, &desk.actor(), &uploaded.name, uploaded.bytes).await
    };
    match stored.await {
        Ok(path) => axum::Json(serde_json::json!({ "path": path })).into_response(),
        Err(error) => told(&error, desk.t()),
    }
}
