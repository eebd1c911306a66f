//! One announcement with its discussion.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use maud::{Markup, html};

use crate::api::announcement::read_announcement;
use crate::api::comment::send_comment;
use crate::components::at_once::at_once;
use crate::components::comment::discussion;
use crate::components::comment_form::{CommentFormView, RefusedForm};
use crate::components::escape::{Inert, clean_html};
use crate::components::figure::figure_view;
use crate::components::head::{Head, absolute};
use crate::components::teaser::{TeaserStyle, lang_of, teaser_list};
use crate::domain::announcement::{Announcement, AnnouncementPage as Whole, ChangeNote, Figure, Teaser};
use crate::domain::error::AppError;
use crate::domain::html::percent_encode;
use crate::pages::chunk::{Material, make};
use crate::pages::{Fetch, MakePage, Page, Parts, Wanted, loaded, page_data};
use crate::text::Text;

/// `/tin/{slug}`.
#[component]
pub fn AnnouncementPage() -> AnyView {
    let refused: SharedValue<RefusedForm, RefusedForm> =
        SharedValue::new_with_encoding(|| use_context::<RefusedForm>().unwrap_or_default());
    let refused = refused.into_inner();
    let (params, query) = (use_params_map(), use_query_map());
    let wanted = move || [params.read().get("slug"), query.read().get("thu-tu"), query.read().get("tu")];
    let data = page_data(wanted, FETCH);
    let show = move |mut parts: Parts| {
        let slug = params.read_untracked().get("slug").unwrap_or_default();
        at_once(view! {
            <Inert markup=parts.next_part() />
            <div class="columns">
                <div class="columns-main">
                    <Inert markup=parts.next_part() />
                    <section class="discussion" id="phan-hoi" aria-labelledby="phan-hoi-tieu-de">
                        <Inert markup=parts.next_part() />
                        <CommentFormView slug refused=refused.clone()
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
    let discussion = discussion(&page.comments, &announcement.slug, t);
    let mut head = head(announcement);
    // Whoever listens to the page hears first that nothing was sent.
    if use_context::<RefusedForm>().is_some_and(|refused| refused.error.is_some()) {
        head.title = t.refused_title(&head.title);
    }
    Page { head: Some(head), parts: vec![breadcrumb(t), article(announcement, t), discussion, asides(page, t)] }
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

fn article(announcement: &Announcement, t: Text) -> Markup {
    let lang = t.0;
    html! {
        article class="announcement" aria-labelledby="tieu-de" lang=[lang_of(announcement.language, lang)] {
            p class="announcement-category" {
                a href=(lang.href(&format!("/tin/chuyen-muc/{}", announcement.category.slug))) {
                    (announcement.category.name)
                }
            }
            h1 id="tieu-de" tabindex="-1" { (announcement.title) }
            p class="lead" { (announcement.lead) }
            p class="byline" lang=(lang.code()) {
                @if !announcement.author_line.is_empty() { span class="author" { (announcement.author_line) } " " }
                time datetime=(announcement.published.rfc3339()) { (t.published_at(announcement.published.minute(lang))) }
                @if let Some(at) = announcement.updated {
                    " " time datetime=(at.rfc3339()) { (t.updated_at(at.minute(lang))) }
                }
            }
            @if let Some(figure) = &announcement.figure { (lead_figure(figure, t)) }
            div class="prose" { (clean_html(&announcement.html)) }
            @if !announcement.source.is_empty() { p class="source" { (t.source(&announcement.source)) } }
            @if !announcement.changes.is_empty() { (change_notes(&announcement.changes, t)) }
            @if !announcement.tags.is_empty() {
                nav class="tags" aria-label=(t.tags()) {
                    span class="tags-label" aria-hidden="true" { (t.tags()) ": " }
                    @for tag in &announcement.tags {
                        " " a href=(lang.href(&format!("/nhan/{}", tag.slug))) rel="tag" { (tag.name) }
                    }
                }
            }
            (share(announcement, t))
        }
    }
}

fn lead_figure(figure: &Figure, t: Text) -> Markup {
    let class = if figure.picture.is_some() { "lead-figure" } else { "lead-figure lead-figure--caption-only" };
    figure_view(figure.picture.as_ref(), &figure.caption, &figure.credit, class, true, t)
}

fn change_notes(changes: &[ChangeNote], t: Text) -> Markup {
    html! {
        section class="change-notes" aria-labelledby="dinh-chinh" {
            h2 id="dinh-chinh" { (t.changes()) }
            ul {
                @for change in changes {
                    li { time datetime=(change.at.rfc3339()) { (change.at.minute(t.0)) } ": " (change.note) }
                }
            }
        }
    }
}

/// Plain addresses only: nothing here loads another site's script. The phone's share sheet, copying and printing need
/// a script and are shown by it.
fn share(announcement: &Announcement, t: Text) -> Markup {
    let address = percent_encode(&absolute(&format!("/tin/{}", announcement.slug)));
    let mail = format!("mailto:?subject={}&body={address}", percent_encode(&announcement.title));
    let facebook = format!("https://www.facebook.com/sharer/sharer.php?u={address}");
    html! {
        div class="share" role="group" aria-label=(t.share()) lang=(t.0.code()) {
            button type="button" data-action="share" hidden { (t.share_sheet()) }
            button type="button" data-action="copy" data-done=(t.copied()) hidden { (t.share_copy()) }
            a href=(mail) rel="external" { (t.share_mail()) }
            a href=(facebook) rel="external noopener noreferrer" { (t.share_facebook()) }
            button type="button" data-action="print" hidden { (t.share_print()) }
        }
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
