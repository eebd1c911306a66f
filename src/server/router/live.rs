//! `/su-kien`: a stream of events that tells an open page of new comments.

use std::convert::Infallible;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::response::{IntoResponse, Response};
use futures::stream::unfold;
use http::{HeaderName, StatusCode, header};
use serde::Deserialize;
use serde_json::json;

use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::server::peer::Silence;
use crate::server::sender::Sender;
use crate::server::services::live::{NoStream, watch_discussions};
use crate::server::state::AppState;
use crate::text::Text;

/// Where the events of discussions are; `client/discussion/live.js` knows it too.
pub const PATH: &str = "/su-kien";
/// Whoever finds all streams taken asks again after so many seconds.
const RETRY_SECONDS: u32 = 60;

/// Which pages are watched: their numbers, between commas.
#[derive(Debug, Deserialize)]
pub struct Asked {
    trang: String,
}

/// The events of some pages, or a sentence that says why there are none.
pub async fn events(
    State(state): State<AppState>,
    Extension(sender): Extension<Sender>,
    silence: Option<Extension<Silence>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let ids: Option<Vec<i64>> =
        asked.ok().and_then(|asked| asked.trang.split(',').map(|id| id.parse().ok().filter(|id| *id > 0)).collect());
    let watching = match watch_discussions(&state, sender, &ids.unwrap_or_default()).await {
        Ok(watching) => watching,
        Err(error) => return refusal(&error),
    };
    // Whoever listens says nothing.
    let allowed = silence.map(|Extension(silence)| silence.allow());
    let events = unfold((watching, allowed), |(mut watching, allowed)| async move {
        let event = watching.next().await?;
        Some((Ok::<_, Infallible>(event), (watching, allowed)))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        // A proxy would wait until it has many of them.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(events)).into_response()
}

fn refusal(error: &NoStream) -> Response {
    let t = Text(Lang::Vi);
    let (status, sentence) = match error {
        NoStream::Full => (StatusCode::SERVICE_UNAVAILABLE, t.live_full().to_owned()),
        NoStream::Refused(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
            (status, if *error == AppError::BadAddress { t.live_query().to_owned() } else { t.error(error) })
        }
    };
    let mut answer = (status, Json(json!({ "sentence": sentence }))).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        answer.headers_mut().insert(header::RETRY_AFTER, RETRY_SECONDS.into());
    }
    answer
}
