//! What stands around every page: banner, masthead, navigation, footer. Links of the navigation are marked, and the
//! switch of the language is kept at the present page, by the portal's script once the client changes pages.

use maud::{Markup, html};

use crate::domain::lang::Lang;
use crate::domain::site::Site;
use crate::text::Text;

/// Banner and masthead of the page at a Vietnamese path (empty for an error's page).
pub fn masthead(site: &Site, path: &str, t: Text) -> Markup {
    let lang = t.0;
    let other = if lang == Lang::Vi { Lang::En } else { Lang::Vi };
    let fixed =
        [("/", t.home()), ("/tin", t.all_news()), ("/thi-dua", t.desk_campaigns()), ("/dien-hinh", t.examples())];
    let mut entries: Vec<_> = fixed.map(|(target, name)| (target.to_owned(), name)).into();
    entries.extend(
        site.categories.iter().map(|category| (format!("/tin/chuyen-muc/{}", category.slug), category.name.as_str())),
    );
    html! {
        @if site.demonstration {
            div class="demo-banner" role="region" aria-label=(t.demo_banner()) { p { (t.demo_banner()) } }
        }
        header class="masthead" {
            div class="masthead-inner" {
                p class="site-name" {
                    a href=(lang.href("/")) {
                        (site_mark())
                        span class="site-title" { (site.name) }
                        span class="site-tagline" { (t.tagline()) }
                    }
                }
                form class="masthead-search" role="search" action=(lang.href("/tim-kiem")) method="get" {
                    label class="visually-hidden" for="masthead-q" { (t.search_label()) }
                    input id="masthead-q" name="q" type="search" autocomplete="off" enterkeyhint="search";
                    button type="submit" { (magnifier()) span { (t.search_button()) } }
                }
                a class="language-switch" href=(other.href(if path.is_empty() { "/" } else { path }))
                    hreflang=(other.code()) lang=(other.code()) { (t.other_language()) }
            }
            nav class="main-nav" aria-label=(t.main_navigation()) {
                ul {
                    @for (target, name) in &entries {
                        li { a href=(lang.href(target)) aria-current=[(target == path).then_some("page")] { (name) } }
                    }
                }
            }
        }
    }
}

fn site_mark() -> Markup {
    html! {
        svg class="site-mark" viewBox="0 0 48 48" aria-hidden="true" focusable="false" {
            circle class="site-mark-disc" cx="24" cy="24" r="24" {}
            path class="site-mark-star"
                d="M24 8l3.6 11.1h11.6l-9.4 6.8 3.6 11.1-9.4-6.9-9.4 6.9 3.6-11.1-9.4-6.8h11.6z" {}
        }
    }
}

fn magnifier() -> Markup {
    html! {
        svg viewBox="0 0 20 20" aria-hidden="true" focusable="false" fill="none" stroke="currentColor" stroke-width="2" {
            circle cx="8.5" cy="8.5" r="6" {}
            path d="M13 13l5.5 5.5" {}
        }
    }
}

/// The footer.
pub fn site_footer(t: Text) -> Markup {
    let lang = t.0;
    html! {
        footer class="site-footer" {
            div class="site-footer-inner" {
                p { (t.footer_about()) }
                ul {
                    li { a href=(lang.href("/theo-doi")) { (t.tracking_title()) } }
                    li { a href=(lang.href("/don-vi")) { (t.units()) } }
                    li { a href=(lang.href("/chinh-sach/rieng-tu")) { (t.privacy()) } }
                    li { a href=(lang.href("/chinh-sach/kiem-duyet")) { (t.moderation_policy()) } }
                    li { a href="/rss.xml" rel="external" { (t.feed()) } }
                }
            }
        }
    }
}
