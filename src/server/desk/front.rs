//! Categories, tags and the lead story.

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use maud::{Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, Input, form_errors, hidden, input};
use crate::domain::error::AppError;
use crate::server::db::desk::front::LabelRow;
use crate::server::services::front::{self as service, LabelKind};
use crate::server::state::AppState;

/// GET: everything there is to manage.
pub async fn show(desk: Desk, State(state): State<AppState>, uri: http::Uri) -> Response {
    let done = uri.query().is_some_and(|query| query == "xong");
    desk.end(page(&desk, &state, StatusCode::OK, None, done).await)
}

async fn page(
    desk: &Desk,
    state: &AppState,
    status: StatusCode,
    error: Option<&AppError>,
    done: bool,
) -> Result<Response, AppError> {
    let front = service::read_front(&state.store, &desk.actor()).await?;
    let t = desk.t();
    let action = desk.href("/quan-tri/trang-chu");
    let content = html! {
        h1 { (t.desk_front()) }
        @if done { p class="flash flash--good" role="status" { (t.done()) } }
        (form_errors(error, t))
        section aria-labelledby="tin-chinh" {
            h2 id="tin-chinh" class="section-title" { (t.lead_story()) }
            form method="post" action=(action) {
                (hidden("viec", "tin-chinh"))
                (input(&Input { id: "dia-chi", name: "slug", label: t.lead_story_address(), value: front.lead.as_deref().unwrap_or_default(), hint: t.lead_story_hint(), ..Input::default() }))
                div class="form-actions" { button class="button" type="submit" { (t.save()) } }
            }
        }
        (labels(desk, "chuyen-muc", t.categories(), &front.categories, &action))
        (labels(desk, "nhan", t.tags(), &front.tags, &action))
    };
    Ok(desk.page_with(status, t.desk_front(), Extra::default(), &content))
}

fn labels(desk: &Desk, kind: &str, title: &str, rows: &[LabelRow], action: &str) -> Markup {
    let t = desk.t();
    html! {
        section aria-labelledby=(kind) {
            h2 id=(kind) class="section-title" { (title) }
            ul class="desk-list desk-list--labels" {
                @for row in rows {
                    li {
                        form method="post" action=(action) class="desk-label" {
                            (hidden("loai", kind)) (hidden("id", &row.id.to_string()))
                            label class="visually-hidden" for=(format!("{kind}-{}", row.id)) { (t.label_name()) }
                            input id=(format!("{kind}-{}", row.id)) name="name" value=(row.name) autocomplete="off";
                            button class="button button--quiet" name="viec" value="doi-ten" { (t.rename()) }
                            @if row.used == 0 || kind == "nhan" {
                                button class="button button--quiet" name="viec" value="bo" { (t.remove()) }
                            }
                            span class="hint" { (t.label_used(usize::try_from(row.used).unwrap_or_default())) }
                        }
                    }
                }
            }
            form method="post" action=(action) class="desk-label" {
                (hidden("loai", kind))
                label for=(format!("them-{kind}")) { (t.new_name()) }
                input id=(format!("them-{kind}")) name="name" autocomplete="off";
                button class="button" name="viec" value="them" { (t.add()) }
            }
        }
    }
}

/// POST: one of the page's forms.
pub async fn take(desk: Desk, State(state): State<AppState>, fields: Fields) -> Response {
    let (store, actor) = (&state.store, desk.actor());
    let kind = if fields.get("loai") == "nhan" { LabelKind::Tag } else { LabelKind::Category };
    let id = fields.number("id").unwrap_or_default();
    let done = match fields.get("viec") {
        "tin-chinh" => service::set_lead(store, &actor, fields.get("slug")).await,
        "them" => service::add_label(store, &actor, kind, fields.get("name")).await,
        "doi-ten" => service::rename_label(store, &actor, kind, id, fields.get("name")).await,
        "bo" => service::remove_label(store, &actor, kind, id).await,
        _ => Err(AppError::BadAddress),
    };
    match done {
        Ok(()) => desk.redirect("/quan-tri/trang-chu?xong"),
        Err(AppError::Forbidden) => desk.failure(&AppError::Forbidden),
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            desk.end(page(&desk, &state, status, Some(&error), false).await)
        }
    }
}
