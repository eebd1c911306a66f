//! One announcement with its discussion.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use maud::{Markup, html};

use crate::api::announcement::read_announcement;
use crate::api::comment::send_comment;
use crate::components::announcement::article;
use crate::components::at_once::at_once;
use crate::components::comment::discussion;
use crate::components::comment_form::{CommentFormView, RefusedForm};
use crate::components::escape::Inert;
#[cfg(feature = "ssr")]
use crate::components::head::absolute;
use crate::components::head::{Head, use_lang};
use crate::components::teaser::{TeaserStyle, teaser_list};
use crate::domain::announcement::{Announcement, AnnouncementPage as Whole, Teaser};
use crate::domain::error::AppError;
use crate::pages::chunk::{Material, make};
use crate::pages::made::{self, wanted_of};
use crate::pages::{Fetch, MakePage, Page, PageData, Parts, Wanted, loaded, page_data};
use crate::text::Text;

/// `/tin/{slug}`.
#[component]
pub fn AnnouncementPage() -> AnyView {
    let (params, query) = (use_params_map(), use_query_map());
    let wanted = move || [params.read().get("slug"), query.read().get("thu-tu"), query.read().get("tu")];
    discussed("/tin/", page_data(wanted, FETCH))
}

/// `/thi-dua/{slug}`.
#[component]
pub fn CampaignPage() -> AnyView {
    let (params, query, lang) = (use_params_map(), use_query_map(), use_lang());
    let path = move || format!("thi-dua/{}", params.read().get("slug").unwrap_or_default());
    discussed("/thi-dua/", page_data(move || wanted_of(path(), query.read().to_query_string(), lang), made::FETCH))
}

/// A page with a discussion: what stands above the columns, the text, the comments, the side.
fn discussed(place: &'static str, data: PageData) -> AnyView {
    let refused: SharedValue<RefusedForm, RefusedForm> =
        SharedValue::new_with_encoding(|| use_context::<RefusedForm>().unwrap_or_default());
    let refused = refused.into_inner();
    let params = use_params_map();
    let show = move |mut parts: Parts| {
        let slug = params.read_untracked().get("slug").unwrap_or_default();
        at_once(view! {
            <Inert markup=parts.next_part() />
            <div class="columns">
                <div class="columns-main">
                    <Inert markup=parts.next_part() />
                    <section class="discussion" id="phan-hoi" aria-labelledby="phan-hoi-tieu-de">
                        <Inert markup=parts.next_part() />
                        <CommentFormView place slug refused=refused.clone()
                            send=|slug, lang, form| Box::pin(async move { send_comment(slug, lang, form).await?.value() }) />
                    </section>
                </div>
                <Inert markup=parts.next_part() class="columns-side" />
            </div>
        })
    };
    loaded(data, Arc::new(show))
}

/// Fetches the page's data.
pub(super) static FETCH: Fetch = |wanted| Box::pin(read(wanted));

async fn read([slug, order, after]: Wanted) -> Result<MakePage, AppError> {
    make(Material::Announcement(read_announcement(slug.unwrap_or_default(), order, after).await?)).await
}

pub(super) fn page(page: &Whole, t: Text) -> Page {
    let announcement = &page.announcement;
    let discussion = discussion(&page.comments, &format!("/tin/{}", announcement.slug), t);
    let mut head = head(announcement);
    // Whoever listens to the page hears first that nothing was sent.
    if use_context::<RefusedForm>().is_some_and(|refused| refused.error.is_some()) {
        head.title = t.refused_title(&head.title);
    }
    Page {
        head: Some(head),
        parts: vec![breadcrumb(t), article(announcement, edit_link(announcement, t), t), discussion, asides(page, t)],
    }
}

fn head(announcement: &Announcement) -> Head {
    let path = format!("/tin/{}", announcement.slug);
    let picture = announcement.figure.as_ref().and_then(|figure| figure.picture.as_ref());
    let picture = picture.map(|picture| picture.fallback.url.clone());
    Head {
        title: announcement.title.clone(),
        description: announcement.lead.clone(),
        #[cfg(feature = "ssr")]
        data: Some(linked_data(announcement, &path, picture.as_deref())),
        path,
        picture,
        article: true,
        ..Head::default()
    }
}

fn breadcrumb(t: Text) -> Markup {
    html! {
        nav class="breadcrumb" aria-label=(t.breadcrumb()) {
            ol {
                li { a href=(t.0.href("/")) { (t.home()) } }
                li { a href=(t.0.href("/tin")) { (t.all_news()) } }
            }
        }
    }
}

/// The way to the desk, for those who may write: only the server knows who asks.
fn edit_link(announcement: &Announcement, t: Text) -> Option<Markup> {
    #[cfg(feature = "ssr")]
    if use_context::<crate::components::announcement::MayEdit>().is_some() {
        let target = t.0.href(&format!("/quan-tri/sua/{}", announcement.slug));
        return Some(html! { a class="edit-link" href=(target) rel="external" { (t.edit()) } });
    }
    let _ = (announcement, t);
    None
}

fn asides(page: &Whole, t: Text) -> Markup {
    let aside = |class: &str, id: &str, title: &str, items: &[Teaser]| {
        html! {
            aside class=(class) aria-labelledby=(id) {
                h2 class="section-title" id=(id) { (title) }
                @if items.is_empty() { p class="hint" { (t.empty_aside()) } }
                @else { (teaser_list(items, TeaserStyle::Small, 3, t)) }
            }
        }
    };
    html! {
        (aside("others", "cac-tin-khac", t.others(), &page.others))
        (aside("newest", "moi-nhat", t.latest(), &page.newest))
    }
}

#[cfg(feature = "ssr")]
fn linked_data(announcement: &Announcement, path: &str, picture: Option<&str>) -> serde_json::Value {
    let mut data = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": announcement.title,
        "description": announcement.lead,
        "inLanguage": announcement.language.code(),
        "datePublished": announcement.published.rfc3339(),
        "dateModified": announcement.updated.unwrap_or(announcement.published).rfc3339(),
        "mainEntityOfPage": absolute(path),
        "articleSection": announcement.category.name,
    });
    if let Some(picture) = picture {
        data["image"] = absolute(picture).into();
    }
    if !announcement.author_line.is_empty() {
        data["author"] = serde_json::json!({ "@type": "Organization", "name": announcement.author_line });
    }
    data
}
