//! The page of one announcement: its text, its discussion, what else there is to read.

use leptos::prelude::use_context;
use maud::{Markup, html};

use super::discussion::{self, Place, RefusedForm};
use super::{Asked, made};
use crate::components::announcement::{MayEdit, article};
use crate::components::head::absolute;
use crate::components::teaser::{TeaserStyle, teaser_list};
use crate::domain::announcement::{Announcement, AnnouncementPage, Teaser};
use crate::domain::error::AppError;
use crate::domain::site::MadePage;
use crate::server::services::announcement::read_announcement;
use crate::server::thing::Read;
use crate::text::Text;

/// `/tin/{slug}`.
///
/// # Errors
/// `NotFound`, `Gone`, `Moved`, or `BadAddress` for a bad cursor or order.
pub async fn show(asked: &Asked<'_>, slug: &str) -> Result<Read<MadePage>, AppError> {
    let wanted = discussion::wanted(&asked.query)?;
    let Read { value: page, things } = read_announcement(&asked.state.store, slug, wanted).await?;
    Ok(Read { value: whole(&page, &asked.state.site.discussion_style(), asked.t), things })
}

fn whole(page: &AnnouncementPage, style: &str, t: Text) -> MadePage {
    let announcement = &page.announcement;
    let path = format!("/tin/{}", announcement.slug);
    let picture = announcement.figure.as_ref().and_then(|figure| figure.picture.as_ref());
    let picture = picture.map(|picture| picture.fallback.url.clone());
    let text = article(announcement, edit_link(&announcement.slug, t), t);
    let discussion = discussion::section(&Place { path: &path, comments: &page.comments, style }, t);
    MadePage {
        title: title_of(&announcement.title, t),
        description: announcement.lead.clone(),
        data: Some(linked_data(announcement, &path, picture.as_deref())),
        picture,
        article: true,
        markup: made(html! { (breadcrumb(t)) (columns(&text, &discussion, &asides(page, t))) }),
        path,
        ..MadePage::default()
    }
}

/// The title of a page with a discussion: whoever listens to it hears first that nothing was sent.
pub fn title_of(title: &str, t: Text) -> String {
    let refused = use_context::<RefusedForm>().is_some_and(|refused| refused.error.is_some());
    if refused { t.refused_title(title) } else { title.to_owned() }
}

/// The text and its discussion beside what else there is to read.
pub fn columns(text: &Markup, discussion: &Markup, side: &Markup) -> Markup {
    html! {
        div class="columns" {
            div class="columns-main" { (text) (discussion) }
            div class="columns-side" { (side) }
        }
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

/// The way to the desk, for those who may write.
pub fn edit_link(slug: &str, t: Text) -> Option<Markup> {
    use_context::<MayEdit>()?;
    let target = t.0.href(&format!("/quan-tri/sua/{slug}"));
    Some(html! { a class="edit-link" href=(target) rel="external" { (t.edit()) } })
}

fn asides(page: &AnnouncementPage, t: Text) -> Markup {
    html! {
        (aside("others", "cac-tin-khac", t.others(), &page.others, t))
        (aside("newest", "moi-nhat", t.latest(), &page.newest, t))
    }
}

/// A short list beside a text.
pub fn aside(class: &str, id: &str, title: &str, items: &[Teaser], t: Text) -> Markup {
    html! {
        aside class=(class) aria-labelledby=(id) {
            h2 class="section-title" id=(id) { (title) }
            @if items.is_empty() { p class="hint" { (t.empty_aside()) } }
            @else { (teaser_list(items, TeaserStyle::Small, 3, t)) }
        }
    }
}

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
