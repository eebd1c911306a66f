//! Signing in: `/dang-nhap`, the second step, one-time links, signing out.

use axum::extract::{Extension, Path, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, header};
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, Input, form_errors, hidden, input};
use super::guard::{browser_token, session_token, set_browser, set_session};
use crate::domain::account::PASSWORD_LEAST;
use crate::domain::error::{AppError, Field};
use crate::server::sender::Sender;
use crate::server::services::sign_in::{self as service, Admission, BROWSER_TIME, Place};
use crate::server::state::AppState;

/// What the sign-in page is asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Where to go on.
    pub next: String,
    /// What was posted there when the session had ended.
    pub kept: Fields,
    /// The name that was typed.
    pub name: String,
    /// Why it was refused.
    pub error: Option<AppError>,
}

impl Asked {
    fn of(fields: &Fields) -> Self {
        Self {
            next: fields.get("tiep").to_owned(),
            kept: Fields::parse(fields.get("giu").as_bytes()),
            name: fields.get("name").to_owned(),
            error: None,
        }
    }
}

/// A path of the desk to go on at; never another site.
fn safe_next(next: &str) -> &str {
    let path = next.strip_prefix("/en").unwrap_or(next);
    let own = path == "/quan-tri" || path.starts_with("/quan-tri/") || path.starts_with("/quan-tri?");
    if own && !next.contains(['\\', '\r', '\n']) { next } else { "/quan-tri" }
}

/// The sign-in page.
pub fn page(desk: &Desk, status: StatusCode, asked: &Asked) -> Response {
    let t = desk.t();
    let wrong = asked.error.is_some();
    let content = html! {
        div class="sign-in" {
            h1 { (t.sign_in()) }
            @if !asked.kept.0.is_empty() { p class="flash" role="status" { (t.session_ended_text_kept()) } }
            (form_errors(asked.error.as_ref(), t))
            form method="post" action=(desk.href("/dang-nhap")) {
                (input(&Input { id: "ten-dang-nhap", name: "name", label: t.account_name(), value: &asked.name, autocomplete: "username", required: true, invalid: wrong, ..Input::default() }))
                (input(&Input { id: "mat-khau", name: "password", label: t.password(), kind: "password", autocomplete: "current-password", required: true, invalid: wrong, ..Input::default() }))
                (hidden("tiep", &asked.next))
                @if !asked.kept.0.is_empty() { (hidden("giu", &asked.kept.encode())) }
                div class="form-actions" { button class="button" type="submit" { (t.sign_in_button()) } }
            }
            p class="hint" { (t.sign_in_hint()) }
        }
    };
    let mut answer = desk.page_with(status, t.sign_in(), Extra::default(), &content);
    if let Some(AppError::TooMany { retry_after_seconds }) = asked.error {
        answer.headers_mut().insert(header::RETRY_AFTER, retry_after_seconds.into());
    }
    answer
}

fn status_of(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// GET: the form, or on to the desk for who is signed in.
pub async fn show(desk: Desk, uri: http::Uri) -> Response {
    let fields = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    if desk.signed_in.is_some() {
        return desk.redirect(safe_next(fields.get("tiep")));
    }
    page(&desk, StatusCode::OK, &Asked::of(&fields))
}

fn place<'a>(headers: &'a HeaderMap, sender: Sender, browser: Option<&'a str>) -> Place<'a> {
    let user_agent = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Place { sender: Some(sender), user_agent, browser }
}

/// POST: name and password.
pub async fn take(
    desk: Desk,
    State(state): State<AppState>,
    Extension(sender): Extension<Sender>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let browser = browser_token(&state, &headers);
    let place = place(&headers, sender, browser.as_deref());
    let mut asked = Asked::of(&fields);
    match service::sign_in(&state.store, &asked.name, fields.get("password"), place).await {
        Ok(admission) => admit(&desk, &admission, &asked),
        Err(error) => {
            let status = status_of(&error);
            asked.error = Some(error);
            page(&desk, status, &asked)
        }
    }
}

/// On to where somebody wanted to go; what was posted there before is offered again.
fn admit(desk: &Desk, admission: &Admission, asked: &Asked) -> Response {
    let mut answer = if admission.awaits_second_step {
        second_step_page(desk, StatusCode::OK, asked)
    } else if asked.kept.0.is_empty() {
        desk.redirect(safe_next(&asked.next))
    } else {
        go_on_page(desk, asked)
    };
    set_session(&desk.state, &mut answer, Some(&admission.token));
    if let Some(browser) = &admission.browser {
        set_browser(&desk.state, &mut answer, browser, BROWSER_TIME / 1000);
    }
    answer
}

/// What was posted when the session had ended, to be sent now.
fn go_on_page(desk: &Desk, asked: &Asked) -> Response {
    let t = desk.t();
    let content = html! {
        div class="sign-in" {
            h1 { (t.signed_in_again()) }
            p { (t.signed_in_again_text()) }
            form method="post" action=(safe_next(&asked.next)) {
                @for (name, value) in &asked.kept.0 { (hidden(name, value)) }
                div class="form-actions" { button class="button" type="submit" { (t.go_on()) } }
            }
        }
    };
    desk.page(t.signed_in_again(), &content)
}

fn second_step_page(desk: &Desk, status: StatusCode, asked: &Asked) -> Response {
    let t = desk.t();
    let content = html! {
        div class="sign-in" {
            h1 { (t.second_step()) }
            p { (t.second_step_hint()) }
            (form_errors(asked.error.as_ref(), t))
            form method="post" action=(desk.href("/dang-nhap/hai-buoc")) {
                (input(&Input { id: "ma", name: "code", label: t.code(), autocomplete: "one-time-code", required: true, invalid: asked.error.is_some(), ..Input::default() }))
                (hidden("tiep", &asked.next))
                @if !asked.kept.0.is_empty() { (hidden("giu", &asked.kept.encode())) }
                div class="form-actions" { button class="button" type="submit" { (t.go_on()) } }
            }
        }
    };
    desk.page_with(status, t.second_step(), Extra::default(), &content)
}

/// GET: the second step, for who comes back to it.
pub async fn show_second_step(desk: Desk) -> Response {
    second_step_page(&desk, StatusCode::OK, &Asked::default())
}

/// POST: the code.
pub async fn take_second_step(
    desk: Desk,
    State(state): State<AppState>,
    Extension(sender): Extension<Sender>,
    headers: HeaderMap,
    fields: Fields,
) -> Response {
    let token = session_token(&state, &headers).unwrap_or_default();
    let mut asked = Asked::of(&fields);
    match service::take_second_step(&state.store, &token, fields.get("code"), place(&headers, sender, None)).await {
        Ok(admission) => admit(&desk, &admission, &asked),
        Err(error) => {
            let status = status_of(&error);
            asked.error = Some(error);
            second_step_page(&desk, status, &asked)
        }
    }
}

/// POST: ends the session.
pub async fn sign_out(desk: Desk, State(state): State<AppState>) -> Response {
    let ended = match &desk.signed_in {
        Some(signed_in) => service::sign_out(&state.store, signed_in).await,
        None => Ok(()),
    };
    if let Err(error) = ended {
        return desk.failure(&error);
    }
    let mut answer = desk.redirect("/dang-nhap");
    set_session(&state, &mut answer, None);
    answer
}

fn link_form(desk: &Desk, name: &str, error: Option<&AppError>) -> Markup {
    let t = desk.t();
    html! {
        div class="sign-in" {
            h1 { (t.choose_password()) }
            p { (t.choose_password_for(name)) }
            (form_errors(error, t))
            form method="post" action=(desk.path) {
                input type="hidden" name="username" value=(name) autocomplete="username";
                (input(&Input { id: "mat-khau-moi", name: "password", label: t.new_password(), kind: "password", autocomplete: "new-password", hint: &t.password_hint(PASSWORD_LEAST), required: true, invalid: error.is_some(), ..Input::default() }))
                div class="form-actions" { button class="button" type="submit" { (t.choose_password()) } }
            }
        }
    }
}

/// GET: chooses a password with a one-time link.
pub async fn show_link(desk: Desk, State(state): State<AppState>, Path(token): Path<String>) -> Response {
    match service::find_link(&state.store, &token).await {
        Ok(name) => desk.page(desk.t().choose_password(), &link_form(&desk, &name, None)),
        Err(AppError::NotFound) => desk.failure(&AppError::Expired),
        Err(error) => desk.failure(&error),
    }
}

/// POST: the password.
pub async fn take_link(
    desk: Desk,
    State(state): State<AppState>,
    Path(token): Path<String>,
    fields: Fields,
) -> Response {
    let name = match service::find_link(&state.store, &token).await {
        Ok(name) => name,
        Err(AppError::NotFound) => return desk.failure(&AppError::Expired),
        Err(error) => return desk.failure(&error),
    };
    match service::use_link(&state.store, &token, fields.get("password")).await {
        Ok(()) => {
            let t = desk.t();
            let content = html! {
                div class="sign-in" {
                    h1 { (t.password_chosen()) }
                    p { a class="button" href=(desk.href("/dang-nhap")) { (t.sign_in()) } }
                }
            };
            desk.page(t.password_chosen(), &content)
        }
        Err(error @ AppError::Invalid(_)) => {
            let form = link_form(&desk, &name, Some(&error));
            desk.page_with(status_of(&error), desk.t().choose_password(), Extra::default(), &form)
        }
        Err(AppError::NotFound) => desk.failure(&AppError::Expired),
        Err(error) => desk.failure(&error),
    }
}

/// Whether an error is about a field.
pub fn is_about(error: Option<&AppError>, field: Field) -> bool {
    matches!(error, Some(AppError::Invalid(errors)) if errors.of(field).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_nowhere_but_into_the_desk() {
        for own in ["/quan-tri", "/quan-tri/tin/3?a=b", "/en/quan-tri/tin"] {
            assert_eq!(safe_next(own), own);
        }
        for other in [
            "",
            "/",
            "//evil.example",
            "/quan-tri.evil",
            "https://evil.example/quan-tri/",
            "/\\evil",
            "/quan-tri/\r\nx",
        ] {
            assert_eq!(safe_next(other), "/quan-tri", "{other}");
        }
    }
}
