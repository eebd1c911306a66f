//! Pages: each fetches what it shows and composes it of components.
//!
//! Most of a page is markup that needs no program. The server writes it; in the browser it is left as it is when the
//! client takes over, so that neither its text nor its data travels twice, and is made anew by the same functions when
//! a link leads to another page.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::server::codee::{Decoder, Encoder};
use maud::Markup;
use serde::de::DeserializeOwned;

use crate::api::Answer;
use crate::api::announcement::list_latest;
use crate::browser;
use crate::components::at_once::at_once;
use crate::components::escape::Inert;
use crate::components::failure::{Unreachable, failure, failure_head, hidden_head};
use crate::components::head::{Head, use_text};
use crate::domain::announcement::Teaser;
use crate::domain::error::AppError;
use crate::pages::ahead::take_or_fetch;
use crate::pages::chunk::{Material, begin_fetching, make};
use crate::text::Text;

pub mod ahead;
mod chunk;
pub mod home;
pub mod list;
pub mod made;
pub mod search;

/// Whether the page waits for its data, for the bar at the top edge.
#[derive(Clone, Copy, Debug)]
pub struct Waiting(pub RwSignal<bool>);

/// A page: its head and its markup.
#[derive(Clone, Debug)]
pub struct Page {
    /// What stands in the document's head, if it says anything of the document.
    pub head: Option<Head>,
    /// The markup.
    pub markup: Markup,
}

/// Makes a page out of data that is here. One type for the data of all pages: each further one would cost a citizen
/// some ten kilobytes of program.
pub type MakePage = Arc<dyn Fn(Text) -> Page + Send + Sync>;

/// What has become of a page's data.
#[derive(Clone)]
pub enum Loaded {
    /// It is here.
    Value(MakePage),
    /// There is an error's page in its place.
    Failed(MakePage),
    /// The server could not be reached.
    Unreachable,
    /// The page stands in the document already.
    ValueInPlace,
    /// An error's page stands in the document already.
    FailureInPlace,
}

/// The data of a page.
pub type PageData = Resource<Loaded, InPlace>;

/// What of the address the data of a page depends on: parts of the path, then of the query.
pub type Wanted = [Option<String>; 3];

/// Fetches the data of a page.
pub type Fetch = fn(Wanted) -> Pin<Box<dyn Future<Output = Result<MakePage, AppError>> + Send>>;

/// What the document says of data that it shows: only that it does.
#[derive(Clone, Copy, Debug)]
pub struct InPlace;

impl Encoder<Loaded> for InPlace {
    type Error = Infallible;
    type Encoded = String;

    fn encode(loaded: &Loaded) -> Result<String, Infallible> {
        let failed = matches!(loaded, Loaded::Failed(_) | Loaded::Unreachable | Loaded::FailureInPlace);
        Ok(if failed { "failure" } else { "value" }.to_owned())
    }
}

impl Decoder<Loaded> for InPlace {
    type Error = Infallible;
    type Encoded = str;

    fn decode(state: &str) -> Result<Loaded, Infallible> {
        Ok(if state == "failure" { Loaded::FailureInPlace } else { Loaded::ValueInPlace })
    }
}

/// How an answer becomes a page.
///
/// # Errors
/// When the answer can't be read.
pub fn page_of<T: DeserializeOwned + Send + Sync + 'static>(
    answer: Answer<T>,
    page: fn(&T, Text) -> Page,
) -> Result<MakePage, AppError> {
    let data = answer.value()?;
    Ok(Arc::new(move |t| page(&data, t)))
}

/// Fetches a page's data, again whenever what it depends on changes.
pub fn page_data(source: impl Fn() -> Wanted + Send + Sync + 'static, fetch: Fetch) -> PageData {
    page_resource(Box::new(source), Arc::new(move |wanted| Box::pin(load(Box::pin(take_or_fetch(fetch, wanted))))))
}

type Source = Box<dyn Fn() -> Wanted + Send + Sync>;
type Load = Arc<dyn Fn(Wanted) -> Pin<Box<dyn Future<Output = Loaded> + Send>> + Send + Sync>;

fn page_resource(source: Source, load: Load) -> PageData {
    Resource::new_with_options(source, move |wanted| load(wanted), false)
}

async fn load(fetched: Pin<Box<dyn Future<Output = Result<MakePage, AppError>> + Send>>) -> Loaded {
    begin_fetching();
    let made = match fetched.await {
        Ok(page) => return Loaded::Value(page),
        Err(AppError::Unreachable) => return Loaded::Unreachable,
        Err(error) => make(Material::Error(error, list_latest().await)).await,
    };
    made.map_or(Loaded::Unreachable, Loaded::Failed)
}

fn error_page(error: AppError, latest: Vec<Teaser>) -> MakePage {
    Arc::new(move |t| Page { head: Some(failure_head(&error, t)), markup: failure(&error, &latest, t) })
}

/// Waits for a page's data and shows it, or the error in its place. While other data is awaited, for the next page of
/// a list for example, what was there stays.
pub fn inert_page(data: PageData) -> AnyView {
    let t = use_text();
    let Waiting(waiting) = use_context().unwrap_or_else(|| Waiting(RwSignal::new(false)));
    let content = move || {
        Suspend::new(async move {
            let made = |page: MakePage| {
                let page = page(t);
                if let Some(head) = page.head {
                    head.put(t.0);
                }
                inert(Some(page.markup))
            };
            let view = match data.await {
                Loaded::Value(page) | Loaded::Failed(page) => made(page),
                Loaded::ValueInPlace | Loaded::FailureInPlace => inert(None),
                Loaded::Unreachable => {
                    hidden_head(t.error_503_title()).put(t.0);
                    at_once(view! { <Unreachable t retry=move || data.refetch() /> })
                }
            };
            browser::tell_arrival();
            view
        })
    };
    // On the server nobody looks at what is pending, and the effect that would tell it outlives the page and panics.
    if cfg!(feature = "ssr") {
        return at_once(view! { <Transition fallback=|| ()>{content}</Transition> });
    }
    at_once(view! { <Transition fallback=|| () set_pending=waiting.write_only()>{content}</Transition> })
}

fn inert(markup: Option<Markup>) -> AnyView {
    at_once(view! { <Inert markup class="page-content" /> })
}

/// An error that was found before any page, in its place. Such a document is never taken over by the client.
#[component]
pub fn FailurePage(
    /// What happened.
    error: AppError,
) -> impl IntoView {
    let fail = move |_: Wanted| -> Pin<Box<dyn Future<Output = Loaded> + Send>> {
        let error = error.clone();
        Box::pin(load(Box::pin(async move { Err(error) })))
    };
    inert_page(page_resource(Box::new(Wanted::default), Arc::new(fail)))
}
