//! The document around every page, and the route table: every URL of the portal's pages in one place.

use std::sync::Arc;

use leptos::config::LeptosOptions;
use leptos::hydration::AutoReload;
use leptos::prelude::*;
use leptos::tachys::view::iterators::StaticVec;
use leptos_router::components::{Outlet, RouteChildren, Router, Routes, RoutesProps};
use leptos_router::hooks::use_location;
use leptos_router::{NestedRoute, PossibleRouteMatch, SsrMode, path};

use crate::api::Answer;
use crate::api::site::read_site;
use crate::browser;
use crate::components::at_once::at_once;
use crate::components::escape::Inert;
use crate::components::head::site_name;
use crate::components::layout::{masthead, site_footer};
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::site::Site;
use crate::pages::home::HomePage;
use crate::pages::list::{AllPage, CategoryPage, TagPage};
use crate::pages::made::MadePage;
use crate::pages::search::SearchPage;
use crate::pages::{FailurePage, MakePage, Page, Waiting, inert_page, page_data};
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
    /// Whether the page loads itself anew when something was built (`make dev`).
    pub watched: bool,
    /// The client without its ending; none for a page that must not be taken over, or where none was built.
    pub client: Option<String>,
}

/// The whole document.
pub fn shell() -> impl IntoView {
    let lang = use_context::<Lang>().unwrap_or_default();
    let assets = use_context::<Assets>().unwrap_or_default();
    let site_name = site_name();
    let client = if use_context::<FailedBefore>().is_some() { None } else { assets.client };
    view! {
        <!DOCTYPE html>
        <html lang=lang.code()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="application-name" content=site_name />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" media="(prefers-color-scheme: light)" content="#fdfcf9" />
                <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#171613" />
                <link rel="stylesheet" href=assets.style />
                <script type="module" src=assets.script data-client=client></script>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="alternate" type="application/rss+xml" title="RSS" href="/rss.xml" />
                {assets.watched.then(|| view! { <AutoReload options=LeptosOptions::builder().output_name("thidua").build() /> })}
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
    let (routing, waiting) = (RwSignal::new(false), RwSignal::new(false));
    provide_context(Waiting(waiting));
    // What is on its way shows in a browser only: the server sends pages that have arrived.
    let under_way = move || cfg!(feature = "hydrate") && (routing.get() || waiting.get());
    view! {
        <Router set_is_routing=routing.write_only()>
            {move || under_way().then(|| at_once(view! { <div class="progress" aria-hidden="true"></div> }))}
            {Routes(RoutesProps::builder().fallback(|| ()).children(RouteChildren::to_children(routes)).build())}
            // The title of each page that a link leads to, for screen readers (client/loader.js writes it).
            <p id="thong-bao" class="visually-hidden" role="status"></p>
        </Router>
    }
}

/// A path as one type. Written as elements of a view, every route would have a type of its own, and the router would
/// stand in the browser's program once for each.
type Path = Arc<dyn PossibleRouteMatch + Send + Sync>;
type Show = fn() -> AnyView;
type PageRoute = NestedRoute<Path, (), (), Show>;
type LanguageRoute = NestedRoute<Path, StaticVec<PageRoute>, (), Show>;

fn routes() -> StaticVec<LanguageRoute> {
    let pages = StaticVec::from(vec![
        route(path!(""), HomePage),
        route(path!("tin"), AllPage),
        route(path!("tin/chuyen-muc/:slug"), CategoryPage),
        route(path!("nhan/:slug"), TagPage),
        route(path!("tim-kiem"), SearchPage),
        route(path!("*any"), MadePage),
    ]);
    vec![
        route(path!("/en"), || layout(Lang::En)).child(pages.clone()),
        route(path!(""), || layout(Lang::Vi)).child(pages),
    ]
    .into()
}

fn route(path: impl PossibleRouteMatch + Send + Sync + 'static, show: Show) -> PageRoute {
    NestedRoute::new(Arc::new(path) as Path, show).ssr_mode(SsrMode::Async)
}

/// Banner, masthead, the page, footer.
fn layout(lang: Lang) -> AnyView {
    provide_context(lang);
    browser::set_language(lang.code());
    let t = Text(lang);
    let failed = use_context::<FailedBefore>();
    // The page that the layout was made for; the script in the browser follows the pages after it.
    let path = match &failed {
        Some(_) => String::new(),
        None => Lang::strip(&use_location().pathname.get_untracked()).to_owned(),
    };
    let page = match failed {
        Some(FailedBefore(error)) => at_once(view! { <FailurePage error /> }),
        None => at_once(view! { <Outlet /> }),
    };
    at_once(view! {
        <a class="skip-link" href="#noi-dung" rel="external">{t.skip_to_content()}</a>
        <Header path />
        <main id="noi-dung" class="page" tabindex="-1">{page}</main>
        <Inert markup=Some(site_footer(t)) />
    })
}

#[component]
fn Header(path: String) -> impl IntoView {
    inert_page(page_data(
        move || [Some(path.clone()), None, None],
        |[path, ..]| {
            Box::pin(async {
                Ok(header_of(read_site().await.and_then(Answer::value).unwrap_or_default(), path.unwrap_or_default()))
            })
        },
    ))
}

fn header_of(site: Site, path: String) -> MakePage {
    Arc::new(move |t| {
        // Search engines are to leave a demonstration out.
        #[cfg(feature = "ssr")]
        if site.demonstration {
            let noindex = r#"<meta name="robots" content="noindex">"#;
            crate::components::head::HeadSlot::change(|parts| noindex.clone_into(&mut parts.site));
        }
        Page { head: None, markup: masthead(&site, &path, t) }
    })
}
