//! Announcements in lists.

use leptos::prelude::*;

use crate::components::head::use_lang;
use crate::domain::announcement::{Picture, Teaser};
use crate::domain::lang::Lang;
use crate::text::Text;

/// A picture in its sizes: WebP, and JPEG for browsers without it.
#[component]
pub fn PictureView(
    /// The picture.
    picture: Picture,
    /// How wide it will stand, as the attribute `sizes` says it.
    sizes: &'static str,
    /// The class of the image.
    #[prop(optional)]
    class: &'static str,
    /// Whether it is on the first screen; the others wait until they are near.
    #[prop(optional)]
    eager: bool,
) -> impl IntoView {
    let srcset = picture.srcset();
    let fallback = picture.fallback;
    view! {
        <picture>
            <source type="image/webp" srcset=srcset sizes=sizes />
            <img
                class=class
                src=fallback.url
                alt=picture.alt
                width=fallback.width.to_string()
                height=fallback.height.to_string()
                loading=if eager { "eager" } else { "lazy" }
                fetchpriority=eager.then_some("high")
                decoding="async"
            />
        </picture>
    }
}

/// The attribute `lang` where content is not in the language of the interface.
pub fn lang_of(content: Lang, interface: Lang) -> Option<&'static str> {
    (content != interface).then(|| content.code())
}

/// How a teaser stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TeaserStyle {
    /// Title and day only.
    Small,
    /// With lead, and picture if it has one.
    Full,
    /// The first one of the home page.
    Lead,
}

/// One announcement in a list.
#[component]
pub fn TeaserView(
    /// The announcement.
    teaser: Teaser,
    /// How it stands.
    style: TeaserStyle,
    /// The level of its heading, 2 or 3.
    #[prop(optional, default = 3)]
    level: u8,
) -> impl IntoView {
    let lang = use_lang();
    let t = Text(lang);
    let small = style == TeaserStyle::Small;
    let class = match (small, teaser.picture.is_some()) {
        (true, _) => "teaser teaser--small",
        (false, true) => "teaser teaser--pictured",
        (false, false) => "teaser",
    };
    let link = view! { <a href=lang.href(&format!("/tin/{}", teaser.slug))>{teaser.title}</a> };
    let title = if level == 2 {
        view! { <h2 class="teaser-title">{link}</h2> }.into_any()
    } else {
        view! { <h3 class="teaser-title">{link}</h3> }.into_any()
    };
    let at = teaser.published;
    let eager = style == TeaserStyle::Lead;
    let sizes = if eager {
        "(min-width: 64rem) 49rem, 100vw"
    } else {
        "(min-width: 64rem) 23rem, (min-width: 40rem) 13rem, 6.5rem"
    };
    view! {
        <article class=class lang=lang_of(teaser.language, lang)>
            {title}
            {(!small && !teaser.lead.is_empty()).then(|| view! { <p class="teaser-lead">{teaser.lead}</p> })}
            <p class="teaser-meta">
                <time datetime=at.rfc3339()>{if small { at.day(lang) } else { at.minute(lang) }}</time>
                {(!small).then(|| view! {
                    <a href=lang.href(&format!("/tin/chuyen-muc/{}", teaser.category.slug))>{teaser.category.name}</a>
                })}
                {(teaser.comments > 0).then(|| view! { <span lang=lang.code()>{t.comment_count(teaser.comments)}</span> })}
            </p>
            {(!small)
                .then(|| teaser.picture.map(|picture| view! {
                    <PictureView picture sizes class="teaser-image" eager />
                }))
                .flatten()}
        </article>
    }
    .into_any()
}

/// A list of announcements.
#[component]
pub fn TeaserList(
    /// The announcements.
    items: Vec<Teaser>,
    /// How they stand.
    style: TeaserStyle,
    /// The level of their headings.
    #[prop(optional, default = 3)]
    level: u8,
) -> impl IntoView {
    let items: Vec<_> = items.into_iter().map(|teaser| view! { <li><TeaserView teaser style level /></li> }).collect();
    view! { <ol class="teaser-list">{items}</ol> }.into_any()
}
