//! One's own account: password, second step, open sessions.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, Input, form_errors, hidden, input};
use super::own_mail;
use crate::components::escape::qr_code;
use crate::domain::account::PASSWORD_LEAST;
use crate::domain::error::AppError;
use crate::domain::receipt::ReceiptCode;
use crate::domain::time::Instant;
use crate::server::db::desk::reminder::Wanted;
use crate::server::services::reminder;
use crate::server::services::sign_in::{self as service, SecondStep};
use crate::server::state::AppState;

/// GET: everything about one's own account.
pub async fn show(desk: Desk, State(state): State<AppState>, uri: http::Uri) -> Response {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let asked = Asked { done: query.has("xong"), token: query.get("thu").to_owned(), ..Asked::default() };
    desk.end(page(&desk, &state, asked).await)
}

/// What the page is shown with.
#[derive(Debug, Default)]
struct Asked {
    /// Why something was not done.
    error: Option<AppError>,
    /// Whether something was.
    done: bool,
    /// The link that confirms an address.
    token: String,
}

async fn page(desk: &Desk, state: &AppState, asked: Asked) -> Result<Response, AppError> {
    let Asked { error, done, token } = asked;
    let status = error.as_ref().map_or(200, AppError::status);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let signed_in = desk.signed_in()?;
    let sessions = service::list_sessions(&state.store, signed_in).await?;
    let second = service::read_second_step(&state.store, signed_in, &state.site_name).await?;
    let own_mail = reminder::read_own(&state.store, signed_in).await?;
    let t = desk.t();
    let action = desk.href("/quan-tri/toi");
    let content = html! {
        h1 { (signed_in.official.display_name) }
        @if done { p class="flash flash--good" role="status" { (t.done()) } }
        (form_errors(error.as_ref(), t))
        @if let Some(own) = own_mail.as_ref().filter(|_| !token.is_empty()) { (own_mail::section(desk, own, &token, &action)) }
        section aria-labelledby="doi-mat-khau" {
            h2 id="doi-mat-khau" class="section-title" { (t.change_password()) }
            form method="post" action=(action) {
                (hidden("viec", "mat-khau"))
                input type="hidden" name="username" value=(signed_in.official.name) autocomplete="username";
                (input(&Input { id: "mat-khau", name: "old", label: t.present_password(), kind: "password", autocomplete: "current-password", required: true, ..Input::default() }))
                (input(&Input { id: "mat-khau-moi", name: "new", label: t.new_password(), kind: "password", autocomplete: "new-password", hint: &t.password_hint(PASSWORD_LEAST), required: true, ..Input::default() }))
                div class="form-actions" { button class="button" type="submit" { (t.change_password()) } }
            }
        }
        (second_step(desk, &second, &action))
        @if let Some(own) = own_mail.as_ref().filter(|_| token.is_empty()) { (own_mail::section(desk, own, "", &action)) }
        section aria-labelledby="phien" {
            h2 id="phien" class="section-title" { (t.sessions()) }
            ul class="desk-list" {
                @for session in &sessions {
                    li {
                        div { strong { (session.device) } " "
                            span class="hint" { (t.session_seen(Instant(session.seen_at).minute(desk.lang))) }
                            @if session.id == signed_in.session_id { " " span class="badge" { (t.this_session()) } } }
                        @if session.id != signed_in.session_id {
                            form method="post" action=(action) {
                                (hidden("viec", "ket-thuc")) (hidden("phien", &session.id.to_string()))
                                button class="button button--quiet" type="submit" { (t.end_session()) }
                            }
                        }
                    }
                }
            }
            @if sessions.len() > 1 {
                form method="post" action=(action) {
                    (hidden("viec", "ket-thuc-het"))
                    div class="form-actions" { button class="button" type="submit" { (t.end_other_sessions()) } }
                }
            }
        }
    };
    Ok(desk.page_with(status, t.own_account(), Extra::default(), &content))
}

fn second_step(desk: &Desk, second: &SecondStep, action: &str) -> Markup {
    let t = desk.t();
    html! {
        section aria-labelledby="hai-buoc" {
            h2 id="hai-buoc" class="section-title" { (t.second_step()) }
            @if second.confirmed {
                p { (t.second_step_is_on()) " " (t.recovery_codes_left(usize::try_from(second.recovery_codes).unwrap_or_default())) }
                form method="post" action=(action) {
                    (hidden("viec", "bo-hai-buoc"))
                    (input(&Input { id: "mat-khau-bo", name: "old", label: t.present_password(), kind: "password", autocomplete: "current-password", required: true, ..Input::default() }))
                    div class="form-actions" { button class="button button--quiet" type="submit" { (t.second_step_remove()) } }
                }
            } @else if let (Some(secret), Some(address)) = (&second.secret, &second.address) {
                p { (t.second_step_scan()) }
                (qr_code(address, t.qr_code()))
                p { (t.second_step_secret()) " " code class="secret" { (grouped(secret)) } }
                form method="post" action=(action) {
                    (hidden("viec", "xac-nhan-hai-buoc"))
                    (input(&Input { id: "ma", name: "code", label: t.code(), autocomplete: "one-time-code", required: true, ..Input::default() }))
                    div class="form-actions" { button class="button" type="submit" { (t.second_step_confirm()) } }
                }
            } @else {
                p { (t.second_step_why()) }
                form method="post" action=(action) {
                    (hidden("viec", "hai-buoc"))
                    div class="form-actions" { button class="button" type="submit" { (t.second_step_set_up()) } }
                }
            }
        }
    }
}

/// A secret in groups of four, to be typed.
fn grouped(secret: &str) -> String {
    let groups: Vec<String> =
        secret.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect();
    groups.join(" ")
}

/// POST: one of the page's forms.
pub async fn take(desk: Desk, State(state): State<AppState>, fields: Fields) -> Response {
    let signed_in = match desk.signed_in() {
        Ok(signed_in) => signed_in,
        Err(error) => return desk.failure(&error),
    };
    let store = &state.store;
    let done = match fields.get("viec") {
        "mat-khau" => service::change_password(store, signed_in, fields.get("old"), fields.get("new")).await,
        "ket-thuc" => service::end_sessions(store, signed_in, fields.number("phien")).await,
        "ket-thuc-het" => service::end_sessions(store, signed_in, None).await,
        "hai-buoc" => match service::begin_second_step(store, signed_in).await {
            Ok(()) => return desk.redirect("/quan-tri/toi#hai-buoc"),
            Err(error) => Err(error),
        },
        "xac-nhan-hai-buoc" => match service::confirm_second_step(store, signed_in, fields.get("code")).await {
            Ok(codes) => return recovery_codes(&desk, &codes),
            Err(error) => Err(error),
        },
        "bo-hai-buoc" => service::remove_second_step(store, signed_in, fields.get("old")).await,
        "thu" => {
            let hours = fields.number("hours").unwrap_or_default();
            let wanted = Wanted { hours, reports: fields.has("bao-cao") };
            reminder::set_own(store, signed_in, fields.get("email"), wanted, desk.lang).await
        }
        "xac-nhan-thu" => reminder::confirm_own(store, signed_in, fields.get("token")).await,
        "bo-thu" => reminder::remove_own(store, signed_in).await,
        _ => Err(AppError::BadAddress),
    };
    match done {
        Ok(()) => desk.redirect("/quan-tri/toi?xong"),
        Err(error) => desk.end(page(&desk, &state, Asked { error: Some(error), ..Asked::default() }).await),
    }
}

fn recovery_codes(desk: &Desk, codes: &[ReceiptCode]) -> Response {
    let t = desk.t();
    let content = html! {
        h1 { (t.second_step_is_on()) }
        p { (t.recovery_codes_keep()) }
        ol class="recovery-codes" { @for code in codes { li { code { (code) } } } }
        p { a class="button" href=(desk.href("/quan-tri")) { (t.recovery_codes_kept()) } }
    };
    desk.page(t.second_step_is_on(), &content)
}
