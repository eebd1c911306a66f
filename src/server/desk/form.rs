//! Forms of the desk: fields by their names, as they were typed.

use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use http_body_util::BodyExt;
use tokio::sync::Semaphore;

use super::FORM_MOST;
use super::frame::Desk;
use crate::domain::draft::{DraftField, DraftText};
use crate::domain::error::AppError;
use crate::domain::time::Instant;
use crate::server::error::internal;
use crate::server::render::render_failure;
use crate::server::state::AppState;

/// The fields of a form.
#[derive(Clone, Debug, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// Reads what a browser sends.
    pub fn parse(body: &[u8]) -> Self {
        Self(serde_urlencoded::from_bytes(body).unwrap_or_default())
    }

    /// The form of a text, as a browser would send it.
    pub fn of_text(text: &DraftText, revision_id: i64, version: i64) -> Self {
        let typed = DraftField::ALL.map(|field| (field.name().to_owned(), text.get(field).clone()));
        let mut fields =
            vec![("revision".to_owned(), revision_id.to_string()), ("version".to_owned(), version.to_string())];
        fields.extend(typed);
        Self(fields)
    }

    /// The first value of a field; empty where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Every value of a field.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box is ticked or a button was pressed.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// A number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.get(name).trim().parse().ok()
    }

    /// An hour of Vietnam time, as browsers write it.
    pub fn hour(&self, name: &str) -> Option<Instant> {
        Some(self.get(name).trim()).filter(|text| !text.is_empty()).and_then(Instant::parse_local)
    }

    /// As a browser would send it.
    pub fn encode(&self) -> String {
        serde_urlencoded::to_string(&self.0).unwrap_or_default()
    }
}

/// So many large forms of people who are not signed in are read at once: texts whose session has ended, hardly more.
static LARGE: Semaphore = Semaphore::const_new(4);
/// From so many bytes on a form is a large one.
const LARGE_FROM: u64 = 512 * 1024;

/// Reads a form.
///
/// # Errors
/// `TooLarge`.
pub async fn read_form(request: Request<Body>, signed_in: bool) -> Result<Fields, AppError> {
    let small = request.body().size_hint().upper().is_some_and(|most| most < LARGE_FROM);
    let _turn = if signed_in || small { None } else { Some(LARGE.acquire().await.map_err(internal)?) };
    match http_body_util::Limited::new(request.into_body(), FORM_MOST).collect().await {
        Ok(body) => Ok(Fields::parse(&body.to_bytes())),
        Err(_) => Err(AppError::TooLarge),
    }
}

impl FromRequest<AppState> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request<Body>, state: &AppState) -> Result<Self, Response> {
        let path = request.uri().path().to_owned();
        let signed_in = request.extensions().get::<Desk>().is_some_and(|desk| desk.signed_in.is_some());
        match read_form(request, signed_in).await {
            Ok(fields) => Ok(fields),
            Err(error) => Err(render_failure(state, &path, error).await),
        }
    }
}
