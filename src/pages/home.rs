//! The home page.

use leptos::prelude::*;

use crate::api::announcement::read_home;
use crate::components::head::{PageHead, use_lang};
use crate::components::teaser::{TeaserList, TeaserStyle, TeaserView};
use crate::domain::comment::RecentComment;
use crate::domain::lang::Lang;
use crate::domain::site::{CategoryBlock, Home};
use crate::pages::loaded;
use crate::text::Text;

/// `/`.
#[component]
pub fn HomePage() -> impl IntoView {
    let lang = use_lang();
    let data = Resource::new(|| (), |()| read_home());
    loaded(data, move |home| view! { <HomeView home lang /> }.into_any())
}

#[component]
fn HomeView(home: Home, lang: Lang) -> impl IntoView {
    let t = Text(lang);
    let empty = home.lead.is_none();
    let lead = home.lead.map(|teaser| view! {
        <section class="lead-story" aria-label=t.home()><TeaserView teaser style=TeaserStyle::Lead level=2 /></section>
    });
    let blocks: Vec<_> = home.blocks.into_iter().map(|block| view! { <BlockView block lang /> }).collect();
    view! {
        <PageHead title=t.home().to_owned() description=t.footer_about() path="/" />
        <h1 class="visually-hidden">{t.tagline()}</h1>
        {empty.then(|| view! { <p class="empty">{t.empty_home()}</p> })}
        <div class="home">
            {lead}
            <section class="latest" aria-labelledby="moi-nhat">
                <h2 class="section-title" id="moi-nhat">{t.latest()}</h2>
                <TeaserList items=home.latest style=TeaserStyle::Small />
                <a class="more-stories" href=lang.href("/tin")>{t.all_news()}</a>
            </section>
            <section class="campaign-place" aria-labelledby="phong-trao">
                <h2 id="phong-trao">{t.campaigns()}</h2>
                <p>{t.campaigns_place()}</p>
            </section>
            <div class="category-blocks">{blocks}</div>
            <RecentComments comments=home.comments lang />
        </div>
    }
}

#[component]
fn BlockView(block: CategoryBlock, lang: Lang) -> impl IntoView {
    let href = lang.href(&format!("/tin/chuyen-muc/{}", block.category.slug));
    let id = format!("cm-{}", block.category.slug);
    let mut items = block.items;
    // A block opens with its newest picture; without one, with its newest.
    let first = items.iter().position(|teaser| teaser.picture.is_some()).unwrap_or_default();
    let first = (!items.is_empty()).then(|| items.remove(first));
    view! {
        <section class="category-block" aria-labelledby=id.clone()>
            <h2 class="section-title" id=id.clone()><a href=href>{block.category.name}</a></h2>
            {first.map(|teaser| view! { <TeaserView teaser style=TeaserStyle::Full /> })}
            {(!items.is_empty()).then(|| view! { <TeaserList items style=TeaserStyle::Small /> })}
        </section>
    }
    .into_any()
}

#[component]
fn RecentComments(comments: Vec<RecentComment>, lang: Lang) -> impl IntoView {
    let t = Text(lang);
    if comments.is_empty() {
        return ().into_any();
    }
    let items: Vec<_> = comments
        .into_iter()
        .map(|comment| {
            let href = lang.href(&format!("/tin/{}#phan-hoi-{}", comment.slug, comment.id));
            view! {
                <li>
                    <blockquote><p>{comment.text}</p></blockquote>
                    <p class="teaser-meta">
                        <strong>{comment.author}</strong> " "
                        <time datetime=comment.sent.rfc3339()>{comment.sent.day(lang)}</time> " "
                        {t.comment_on()} " " <a href=href>{comment.title}</a>
                    </p>
                </li>
            }
        })
        .collect();
    view! {
        <section class="recent-comments" aria-labelledby="phan-hoi-moi">
            <h2 class="section-title" id="phan-hoi-moi">{t.recent_comments()}</h2>
            <ol>{items}</ol>
        </section>
    }
    .into_any()
}
