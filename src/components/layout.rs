//! What stands around every page: banner, masthead, navigation, footer.

use leptos::prelude::*;

use crate::domain::lang::Lang;
use crate::domain::site::Site;
use crate::text::Text;

/// The masthead: name, search, language, categories.
#[component]
pub fn Masthead(
    /// The portal.
    site: Site,
    /// The language of the interface.
    lang: Lang,
    /// The path of this page in Vietnamese, for the switch and for the mark of the current category.
    path: String,
) -> impl IntoView {
    let t = Text(lang);
    let other = if lang == Lang::Vi { Lang::En } else { Lang::Vi };
    let current = |target: &str| (path == target).then_some("page");
    let entry = |target: String, name: String| {
        let mark = current(&target);
        view! { <li><a href=lang.href(&target) aria-current=mark>{name}</a></li> }
    };
    let entries: Vec<_> = [("/".to_owned(), t.home().to_owned()), ("/tin".to_owned(), t.all_news().to_owned())]
        .into_iter()
        .chain(
            site.categories
                .iter()
                .map(|category| (format!("/tin/chuyen-muc/{}", category.slug), category.name.clone())),
        )
        .map(|(target, name)| entry(target, name))
        .collect();
    view! {
        {site.demonstration.then(|| view! {
            <div class="demo-banner" role="region" aria-label=t.demo_banner()><p>{t.demo_banner()}</p></div>
            <leptos_meta::Meta name="robots" content="noindex" />
        })}
        <header class="masthead">
            <div class="masthead-inner">
                <p class="site-name">
                    <a href=lang.href("/")>
                        <svg class="site-mark" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
                            <circle class="site-mark-disc" cx="24" cy="24" r="24"></circle>
                            <path class="site-mark-star" d="M24 8l3.6 11.1h11.6l-9.4 6.8 3.6 11.1-9.4-6.9-9.4 6.9 3.6-11.1-9.4-6.8h11.6z"></path>
                        </svg>
                        <span class="site-title">{site.name}</span>
                        <span class="site-tagline">{t.tagline()}</span>
                    </a>
                </p>
                <form class="masthead-search" role="search" action=lang.href("/tim-kiem") method="get">
                    <label class="visually-hidden" for="masthead-q">{t.search_label()}</label>
                    <input id="masthead-q" name="q" type="search" autocomplete="off" enterkeyhint="search" />
                    <button type="submit">
                        <svg viewBox="0 0 20 20" aria-hidden="true" focusable="false" fill="none" stroke="currentColor" stroke-width="2">
                            <circle cx="8.5" cy="8.5" r="6"></circle>
                            <path d="M13 13l5.5 5.5"></path>
                        </svg>
                        <span>{t.search_button()}</span>
                    </button>
                </form>
                <a class="language-switch" href=other.href(if path.is_empty() { "/" } else { &path }) hreflang=other.code() lang=other.code()>{t.other_language()}</a>
            </div>
            <nav class="main-nav" aria-label=t.main_navigation()><ul>{entries}</ul></nav>
        </header>
    }
    .into_any()
}

/// The footer.
#[component]
pub fn SiteFooter(
    /// The language of the interface.
    lang: Lang,
) -> impl IntoView {
    let t = Text(lang);
    view! {
        <footer class="site-footer">
            <div class="site-footer-inner">
                <p>{t.footer_about()}</p>
                <ul>
                    <li><a href=lang.href("/chinh-sach/rieng-tu")>{t.privacy()}</a></li>
                    <li><a href=lang.href("/chinh-sach/kiem-duyet")>{t.moderation_policy()}</a></li>
                    <li><a href="/rss.xml" rel="external">{t.feed()}</a></li>
                </ul>
            </div>
        </footer>
    }
    .into_any()
}
