//! Previews: a text exactly as readers will see it, at the width of a phone and of a desk, and by secret link.

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use maud::{DOCTYPE, Markup, html};

use super::form::Fields;
use super::frame::{Desk, Extra, Input, answer, form_errors, hidden, input};
use super::writing::tabs;
use crate::components::announcement::article;
use crate::components::layout::{masthead, site_footer};
use crate::domain::error::AppError;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::made::campaign::{documents, story};
use crate::server::services::draft::read_own;
use crate::server::services::publication::{self as service, Preview};
use crate::server::services::site::read_site;
use crate::server::state::AppState;

/// The policy of a preview: the desk frames it, and it runs nothing.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none'; frame-ancestors 'self'; base-uri 'none'";

/// The time that a secret link is good for where nobody says another, in milliseconds.
const WEEK: i64 = 7 * 24 * 60 * 60 * 1000;

/// GET: the preview in frames of two widths, and the secret links.
pub async fn show(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>) -> Response {
    desk.end(page(&desk, &state, id, StatusCode::OK, None, None).await)
}

async fn page(
    desk: &Desk,
    state: &AppState,
    id: i64,
    status: StatusCode,
    link: Option<&str>,
    error: Option<&AppError>,
) -> Result<Response, AppError> {
    let actor = desk.actor();
    let own = read_own(&state.store, &actor, id).await?;
    let links = service::list_preview_links(&state.store, &actor, id).await?;
    let t = desk.t();
    let action = desk.href(&format!("/quan-tri/tin/{id}/xem-truoc"));
    let frame = format!("{action}/trang");
    let in_a_week = now().plus_ms(WEEK).local_minute();
    let content = html! {
        h1 { (t.preview_of(if own.text.title.is_empty() { t.untitled() } else { &own.text.title })) }
        (tabs(desk, &own))
        p { a href=(frame) target="_blank" { (t.preview_alone()) } }
        div class="previews" {
            figure class="preview preview--phone" {
                figcaption { (t.preview_phone()) }
                iframe src=(frame) title=(t.preview_phone()) loading="lazy" {}
            }
            figure class="preview preview--desktop" tabindex="0" {
                figcaption { (t.preview_desktop()) }
                iframe src=(frame) title=(t.preview_desktop()) loading="lazy" {}
            }
        }
        section aria-labelledby="lien-ket" {
            h2 id="lien-ket" class="section-title" { (t.secret_link()) }
            p { (t.secret_link_text()) }
            @if let Some(link) = link {
                div class="flash flash--good" role="status" { p { (t.secret_link_made()) } p { code class="secret" data-copy=(t.share_copy()) data-copied=(t.copied()) { (link) } } }
            }
            (form_errors(error, t))
            @if !links.is_empty() {
                ul class="desk-list" { @for link in &links { li { (t.secret_link_until(Instant(link.expires_at).minute(desk.lang))) } } }
                form method="post" action=(action) {
                    (hidden("viec", "thu-hoi"))
                    button class="button button--quiet" type="submit" { (t.secret_links_remove()) }
                }
            }
            form method="post" action=(action) class="desk-filter" {
                (hidden("viec", "tao"))
                (input(&Input { id: "gio", name: "until", label: t.secret_link_end(), value: &in_a_week, kind: "datetime-local", required: true, ..Input::default() }))
                button class="button" type="submit" { (t.secret_link_make()) }
            }
        }
    };
    Ok(desk.page_with(status, t.tab_preview(), Extra { wide: true }, &content))
}

/// POST: makes a secret link, or takes all of them back.
pub async fn take(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>, fields: Fields) -> Response {
    let (store, actor) = (&state.store, desk.actor());
    let result = match fields.get("viec") {
        "tao" => {
            let made = service::make_preview_link(store, &actor, id, fields.hour("until")).await;
            made.map(|token| Some(format!("{}{}", state.base_url, desk.href(&format!("/xem-truoc/{token}")))))
        }
        "thu-hoi" => service::remove_preview_links(store, &actor, id).await.map(|()| None),
        _ => Err(AppError::BadAddress),
    };
    match result {
        Ok(link) => desk.end(page(&desk, &state, id, StatusCode::OK, link.as_deref(), None).await),
        Err(error @ AppError::Invalid(_)) => {
            desk.end(page(&desk, &state, id, StatusCode::UNPROCESSABLE_ENTITY, None, Some(&error)).await)
        }
        Err(error) => desk.failure(&error),
    }
}

/// GET: the page itself.
pub async fn show_page(desk: Desk, State(state): State<AppState>, Path(id): Path<i64>) -> Response {
    let shown = async {
        let preview = service::preview(&state.store, &desk.actor(), id).await?;
        whole(&desk, &state, &preview, None).await
    };
    desk.end(shown.await)
}

/// GET: the page itself, for whoever has the link.
pub async fn show_by_link(desk: Desk, State(state): State<AppState>, Path(token): Path<String>) -> Response {
    let shown = async {
        let preview = service::preview_by_link(&state.store, &token).await?;
        whole(&desk, &state, &preview, Some(desk.t().preview_not_public())).await
    };
    desk.end(shown.await)
}

/// The document of a public page around a text that is not public yet.
async fn whole(desk: &Desk, state: &AppState, preview: &Preview, banner: Option<&str>) -> Result<Response, AppError> {
    let site = read_site(state).await?.value;
    let (t, assets) = (desk.t(), state.site.addresses());
    let body: Markup = html! {
        @if let Some(banner) = banner { div class="demo-banner" role="note" { p { (banner) } } }
        (masthead(&site, "", t))
        main id="noi-dung" class="page" tabindex="-1" {
            div class="columns" { div class="columns-main" {
                @match preview {
                    Preview::Announcement(announcement) => (article(announcement, None, t)),
                    Preview::Campaign(campaign) => { (story(&campaign.0, &campaign.1, "", t)) (documents(&campaign.0.legal, t)) },
                }
            } }
        }
        (site_footer(t))
    };
    let document = html! {
        (DOCTYPE)
        html lang=(desk.lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (preview.title()) }
                link rel="stylesheet" href=(assets.style);
                link rel="stylesheet" href=(state.site.result_style());
                link rel="icon" href="/favicon.svg" type="image/svg+xml";
            }
            body { (body) }
        }
    };
    Ok(answer(StatusCode::OK, document, POLICY))
}
