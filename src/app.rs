//! The document around every page, and the route table: every URL of the portal's pages in one place.

use leptos::prelude::*;
use leptos_meta::{Html, MetaTags, provide_meta_context};
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::{MatchNestedRoutes, SsrMode, path};

use crate::api::site::read_site;
use crate::components::layout::{Masthead, SiteFooter};
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::pages::announcement::AnnouncementPage;
use crate::pages::home::HomePage;
use crate::pages::list::{AllPage, CategoryPage, TagPage};
use crate::pages::policy::{ModerationPage, PrivacyPage};
use crate::pages::search::SearchPage;
use crate::pages::tracking::TrackingPage;
use crate::pages::{FailurePage, NotFoundPage};
use crate::text::Text;

/// An error that was found before any page: it is shown in every page's place, and such a page is not hydrated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedBefore(pub AppError);

/// Where the style sheet and the script lie; their addresses change with their bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// The style sheet.
    pub style: String,
    /// The script.
    pub script: String,
}

/// The whole document.
pub fn shell() -> impl IntoView {
    let assets = use_context::<Assets>().unwrap_or_default();
    view! {
        <!DOCTYPE html>
        <html>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#fdfcf9" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#171613" />
                <link rel="stylesheet" href=assets.style />
                <script type="module" src=assets.script></script>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="alternate" type="application/rss+xml" title="RSS" href="/rss.xml" />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The application: the same routes below `/` in Vietnamese and below `/en` in English.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=Fallback>
                <ParentRoute path=path!("/en") view=|| view! { <Layout lang=Lang::En /> } ssr=SsrMode::Async>
                    <PublicRoutes />
                </ParentRoute>
                <ParentRoute path=path!("") view=|| view! { <Layout lang=Lang::Vi /> } ssr=SsrMode::Async>
                    <PublicRoutes />
                </ParentRoute>
            </Routes>
        </Router>
    }
}

#[component(transparent)]
fn PublicRoutes() -> impl MatchNestedRoutes + Clone {
    let mode = SsrMode::Async;
    view! {
        <Route path=path!("") view=HomePage ssr=mode.clone() />
        <Route path=path!("tin") view=AllPage ssr=mode.clone() />
        <Route path=path!("tin/chuyen-muc/:slug") view=CategoryPage ssr=mode.clone() />
        <Route path=path!("tin/:slug") view=AnnouncementPage ssr=mode.clone() />
        <Route path=path!("nhan/:slug") view=TagPage ssr=mode.clone() />
        <Route path=path!("tim-kiem") view=SearchPage ssr=mode.clone() />
        <Route path=path!("theo-doi/:receipt") view=TrackingPage ssr=mode.clone() />
        <Route path=path!("chinh-sach/rieng-tu") view=PrivacyPage ssr=mode.clone() />
        <Route path=path!("chinh-sach/kiem-duyet") view=ModerationPage ssr=mode.clone() />
        <Route path=path!("*any") view=NotFoundPage ssr=mode />
    }
    .into_inner()
}

#[component]
fn Fallback() -> impl IntoView {
    view! { <p>"404"</p> }
}

/// Banner, masthead, the page, footer.
#[component]
fn Layout(lang: Lang) -> impl IntoView {
    provide_context(lang);
    let t = Text(lang);
    let site = Resource::new(|| (), |()| read_site());
    let location = use_location();
    let failed = use_context::<FailedBefore>();
    let here = failed.is_none();
    let page = match failed {
        Some(FailedBefore(error)) => view! { <FailurePage error /> }.into_any(),
        None => view! { <Outlet /> }.into_any(),
    };
    view! {
        <Html attr:lang=lang.code() />
        <a class="skip-link" href="#noi-dung">{t.skip_to_content()}</a>
        <Suspense fallback=|| ()>
            {move || {
                let path = if here { Lang::strip(&location.pathname.get()).to_owned() } else { String::new() };
                Suspend::new(async move {
                    let site = site.await.unwrap_or_default();
                    view! { <Masthead site lang path /> }
                })
            }}
        </Suspense>
        <main id="noi-dung" class="page" tabindex="-1">{page}</main>
        <SiteFooter lang />
    }
    .into_any()
}
