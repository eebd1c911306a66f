//! What browsers send about comments: a new one, a change of one's own, agreeing with one, reporting one.

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, Uri, header};
use serde_json::json;

use crate::domain::answer::Rating;
use crate::domain::comment::CommentForm;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::server::desk::form::Fields;
use crate::server::desk::guard::{self, is_for_script};
use crate::server::made::comment::RefusedReport;
use crate::server::made::discussion::{RefusedForm, refusal_for_script};
use crate::server::made::tracking::own::OpenedComment;
use crate::server::policy::CachePolicy;
use crate::server::render::{PageContext, as_get, render_failure, render_page};
use crate::server::sender::Sender;
use crate::server::services::agreement::{Agreed, Voter, set_agreement};
use crate::server::services::answer::{rate_answer, reopen_comment};
use crate::server::services::appeal::send_appeal;
use crate::server::services::comment::{Origin, Sent, challenge_sender, send_comment};
use crate::server::services::comment_edit::{Edited, edit_code, edit_comment, read_own, withdraw_comment};
use crate::server::services::moderation::report_comment;
use crate::server::services::notice::{ask_later, end_by_code};
use crate::server::state::AppState;
use crate::text::Text;

/// A comment from the form of a page: to its tracking page, or to the same page with what was typed and why not. The
/// form's script is told as much in JSON.
pub async fn send(
    State(state): State<AppState>,
    Extension(sender): Extension<Sender>,
    Path(slug): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let language = Lang::of_path(uri.path());
    let Ok(body) = body else { return render_failure(&state, uri.path(), AppError::TooLarge).await };
    // Nothing is asked for on the page itself, which is the same for everybody.
    if is_for_script(&headers) && Fields::parse(&body).get("viec") == "thu-thach" {
        let answer = match challenge_sender(&state.store, &slug, sender).await {
            Ok(challenge) => Json(challenge).into_response(),
            Err(error) => StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST).into_response(),
        };
        return CachePolicy::Private.of(answer);
    }
    let form: CommentForm = serde_urlencoded::from_bytes(&body).unwrap_or_default();
    let (token, new) = match guard::voter_token(&state, &headers) {
        Ok(found) => found,
        Err(error) => return render_failure(&state, uri.path(), error).await,
    };
    // By its name it is known whether a comment of the same browser is shown already.
    let browser = Some((token.as_str(), new.is_none()));
    let origin = Origin { sender, limit: state.sender_limit.as_ref(), language, browser };
    let sent = send_comment(&state.store, &slug, &form, origin).await;
    if is_for_script(&headers) {
        return match sent {
            Ok(Sent { receipt, own }) => {
                let second = edit_code(&state.store.secret, &receipt).ok().filter(|_| own).map(|code| code.to_string());
                let to = language.href(&format!("/theo-doi/{receipt}"));
                let told = Json(json!({ "to": to, "code": receipt.to_string(), "edit": second }));
                let mut answer = told.into_response();
                let named = new.filter(|_| own);
                answer.headers_mut().extend(named.map(|cookie| (header::SET_COOKIE, cookie)));
                answer
            }
            Err(error) => {
                let mut answer = Json(refusal_for_script(&error, Text(language))).into_response();
                *answer.status_mut() = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
                answer
            }
        };
    }
    match sent {
        Ok(Sent { receipt, own }) => {
            let target = language.href(&format!("/theo-doi/{receipt}"));
            let second = edit_code(&state.store.secret, &receipt).ok().filter(|_| own);
            // The page that it is shown on is told by a cookie of that page alone, for as long as the change is free.
            let cookie = second.and_then(|second| guard::shown_once(&state, &target, &second.to_string()));
            let mut answer = (StatusCode::SEE_OTHER, [(header::LOCATION, target)]).into_response();
            answer
                .headers_mut()
                .extend(cookie.into_iter().chain(new.filter(|_| own)).map(|cookie| (header::SET_COOKIE, cookie)));
            answer
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

/// What a sender does with a comment, by its second code: opens it, changes it, takes it back, appeals, says what the
/// answer is worth.
pub async fn change(
    State(state): State<AppState>,
    Extension(sender): Extension<Sender>,
    Path(receipt): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let language = Lang::of_path(uri.path());
    let Ok(body) = body else { return render_failure(&state, uri.path(), AppError::TooLarge).await };
    let fields = Fields::parse(&body);
    let origin = Origin { sender, limit: state.sender_limit.as_ref(), language, browser: None };
    let (code, text, what) = (fields.get("ma-sua"), fields.get("text"), fields.get("viec"));
    let done = match what {
        "sua" => edit_comment(&state.store, &receipt, code, text, origin).await.map(|edited| match edited {
            Edited::Taken => "sua",
            Edited::Waiting => "cho",
        }),
        "rut" => withdraw_comment(&state.store, &receipt, code, origin).await.map(|()| "rut"),
        "khieu-nai" => send_appeal(&state.store, &receipt, code, text, origin).await.map(|()| "khieu-nai"),
        "chua-thoa-dang" => reopen_comment(&state.store, &receipt, code, text, origin).await.map(|()| "chua-thoa-dang"),
        "danh-gia" => {
            let rating = fields.number("muc").and_then(Rating::from_number);
            rate_answer(&state.store, &receipt, code, rating, origin).await.map(|()| "danh-gia")
        }
        "thu" => ask_later(&state.store, &receipt, code, fields.get("email"), origin).await.map(|()| "thu"),
        "tat-thu" => end_by_code(&state.store, &receipt, code, origin).await.map(|()| "tat-thu"),
        "mo" => Ok(""),
        _ => Err(AppError::BadAddress),
    };
    let (what, code) = (what.to_owned(), code.to_owned());
    let opened = match done {
        Ok("") => match read_own(&state.store, &receipt, &code, origin).await {
            Ok(text) => OpenedComment { what, code, text: Some(text), ..OpenedComment::default() },
            Err(error) => OpenedComment { what, code, error: Some(error), ..OpenedComment::default() },
        },
        Ok(done) => {
            let target = format!("{}?xong={done}", uri.path());
            return (StatusCode::SEE_OTHER, [(header::LOCATION, target)]).into_response();
        }
        Err(error) => {
            let text = matches!(what.as_str(), "sua" | "khieu-nai" | "chua-thoa-dang").then(|| text.to_owned());
            let email = matches!(what.as_str(), "thu" | "tat-thu").then(|| fields.get("email").to_owned());
            OpenedComment { what, code, text, email, error: Some(error) }
        }
    };
    if let Some(error) =
        opened.error.clone().filter(|error| !matches!(error, AppError::Invalid(_) | AppError::TooMany { .. }))
    {
        return render_failure(&state, uri.path(), error).await;
    }
    let context = PageContext { opened: Some(opened), sender: Some(sender), ..PageContext::default() };
    render_page(&state, as_get(&method, &uri, &headers), context).await
}

/// What a reader does with a comment: agrees, or does so no longer, or reports it. A browser that has none gets a name
/// of its own, by which nothing but what it agreed with and reported is known.
pub async fn respond(
    State(state): State<AppState>,
    Extension(sender): Extension<Sender>,
    Path(id): Path<i64>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let language = Lang::of_path(uri.path());
    let Ok(body) = body else { return render_failure(&state, uri.path(), AppError::TooLarge).await };
    let fields = Fields::parse(&body);
    let (token, new) = match guard::voter_token(&state, &headers) {
        Ok(found) => found,
        Err(error) => return render_failure(&state, uri.path(), error).await,
    };
    let has_script = guard::is_for_script(&headers);
    let (limit, proof) = (state.sender_limit.as_ref(), fields.get("proof"));
    let voter = Voter { token: &token, proof, has_script, sender, limit };
    let what = fields.get("viec");
    if what == "bao" {
        let (code, note) = (fields.get("ly-do"), fields.get("ghi-chu"));
        return match report_comment(&state.store, id, code, note, voter).await {
            Ok(()) => {
                let target = language.href(&format!("/phan-hoi/{id}?xong=bao"));
                let mut answer = (StatusCode::SEE_OTHER, [(header::LOCATION, target)]).into_response();
                answer.headers_mut().extend(new.map(|cookie| (header::SET_COOKIE, cookie)));
                answer
            }
            Err(error @ AppError::Invalid(_)) => {
                let refused = RefusedReport { code: code.to_owned(), note: note.to_owned(), error: Some(error) };
                let context =
                    PageContext { refused_report: Some(refused), sender: Some(sender), ..PageContext::default() };
                render_page(&state, as_get(&method, &uri, &headers), context).await
            }
            Err(error) => render_failure(&state, uri.path(), error).await,
        };
    }
    let done = match what {
        "dong-tinh" | "rut-dong-tinh" => set_agreement(&state.store, id, what == "dong-tinh", voter).await,
        _ => Err(AppError::BadAddress),
    };
    let mut answer = match done {
        Ok(Agreed::Done { agreed, mine }) if has_script => {
            Json(json!({ "agreed": agreed, "mine": mine })).into_response()
        }
        Ok(Agreed::Prove(challenge)) => Json(json!({ "prove": challenge })).into_response(),
        Ok(Agreed::Done { .. }) => {
            let target = language.href(&format!("/phan-hoi/{id}?xong={what}"));
            (StatusCode::SEE_OTHER, [(header::LOCATION, target)]).into_response()
        }
        Err(error) if has_script => {
            let mut answer = Json(json!({ "sentence": Text(language).error(&error) })).into_response();
            *answer.status_mut() = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
            answer
        }
        Err(error) => return render_failure(&state, uri.path(), error).await,
    };
    if let Some(cookie) = new {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    CachePolicy::Private.of(answer)
}
