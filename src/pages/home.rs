//! The home page.

use leptos::prelude::*;
use maud::{Markup, html};

use crate::api::announcement::read_home;
use crate::components::escape::clean_html;
use crate::components::head::{Head, use_lang};
use crate::components::teaser::{TeaserStyle, teaser_list, teaser_view};
use crate::domain::comment::RecentComment;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::site::{CategoryBlock, Home};
use crate::pages::chunk::{Material, make};
use crate::pages::{Fetch, MakePage, Page, Wanted, inert_page, page_data};
use crate::text::Text;

/// `/`.
#[component]
pub fn HomePage() -> AnyView {
    let lang = use_lang();
    inert_page(page_data(move || wanted_in(lang), FETCH))
}

/// What is asked for the page in a language.
pub(super) fn wanted_in(lang: Lang) -> Wanted {
    [Some(lang.code().to_owned()), None, None]
}

/// Fetches the page's data.
pub(super) static FETCH: Fetch = |wanted| Box::pin(read(wanted));

async fn read([lang, ..]: Wanted) -> Result<MakePage, AppError> {
    make(Material::Home(read_home(Lang::parse(&lang.unwrap_or_default()).unwrap_or_default()).await?)).await
}

pub(super) fn page(home: &Home, t: Text) -> Page {
    let lang = t.0;
    let head = Head {
        title: t.tagline().to_owned(),
        description: t.footer_about().to_owned(),
        path: "/".to_owned(),
        translated: true,
        ..Head::default()
    };
    let markup = html! {
        h1 class="visually-hidden" { (t.tagline()) }
        @if home.lead.is_none() { p class="empty" { (t.empty_home()) } }
        div class="home" {
            @if let Some(lead) = &home.lead {
                section class="lead-story" aria-label=(t.home()) { (teaser_view(lead, TeaserStyle::Lead, 2, t)) }
            }
            @if !home.latest.is_empty() {
                section class="latest" aria-labelledby="moi-nhat" {
                    h2 class="section-title" id="moi-nhat" { (t.latest()) }
                    (teaser_list(&home.latest, TeaserStyle::Small, 3, t))
                    a class="more-stories" href=(lang.href("/tin")) { (t.all_news()) }
                }
            }
            section class="campaign-place" aria-labelledby="phong-trao" {
                h2 id="phong-trao" { a href=(lang.href("/thi-dua")) { (t.campaigns()) } }
                (clean_html(&home.campaigns))
            }
            div class="category-blocks" { @for block in &home.blocks { (category_block(block, t)) } }
            @if !home.comments.is_empty() { (recent_comments(&home.comments, t)) }
        }
    };
    Page { head: Some(head), markup }
}

fn category_block(block: &CategoryBlock, t: Text) -> Markup {
    let href = t.0.href(&format!("/tin/chuyen-muc/{}", block.category.slug));
    let id = format!("cm-{}", block.category.slug);
    // A block opens with its newest picture; without one, with its newest.
    let mut items = block.items.clone();
    let first = items.iter().position(|teaser| teaser.picture.is_some()).unwrap_or_default();
    let first = (!items.is_empty()).then(|| items.remove(first));
    html! {
        section class="category-block" aria-labelledby=(id) {
            h2 class="section-title" id=(id) { a href=(href) { (block.category.name) } }
            @if let Some(first) = &first { (teaser_view(first, TeaserStyle::Full, 3, t)) }
            @if !items.is_empty() { (teaser_list(&items, TeaserStyle::Small, 3, t)) }
        }
    }
}

fn recent_comments(comments: &[RecentComment], t: Text) -> Markup {
    let lang = t.0;
    html! {
        section class="recent-comments" aria-labelledby="phan-hoi-moi" {
            h2 class="section-title" id="phan-hoi-moi" { (t.recent_comments()) }
            ol {
                @for comment in comments {
                    li {
                        blockquote { p { (comment.text) } }
                        p class="teaser-meta" {
                            strong { (comment.author) } " "
                            time datetime=(comment.sent.rfc3339()) { (comment.sent.day(lang)) } " "
                            (t.comment_on()) " "
                            a href=(lang.href(&format!("{}#phan-hoi-{}", comment.path, comment.id))) { (comment.title) }
                        }
                    }
                }
            }
        }
    }
}
