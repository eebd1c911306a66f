//! Pages: each fetches what it shows and composes it of components.

use leptos::prelude::*;

use crate::components::failure::Failure;
use crate::domain::error::AppError;

pub mod announcement;
pub mod home;
pub mod list;
pub mod policy;
pub mod search;
pub mod tracking;

/// Waits for a page's data and shows it, or the error in its place.
pub fn loaded<T>(
    data: Resource<Result<T, AppError>>,
    render: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + 'static,
{
    view! {
        <Suspense fallback=|| ()>
            {move || {
                let render = render.clone();
                Suspend::new(async move {
                    match data.await {
                        Ok(value) => render(value),
                        Err(error) => view! { <FailurePage error /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

/// An error as a whole page, with the latest announcements if they can be had.
#[component]
pub fn FailurePage(
    /// What happened.
    error: AppError,
) -> impl IntoView {
    let latest = Resource::new(|| (), |()| crate::api::announcement::list_latest());
    view! {
        <Suspense fallback=|| ()>
            {move || {
                let error = error.clone();
                Suspend::new(async move {
                    let latest = latest.await.unwrap_or_default();
                    view! { <Failure error latest /> }
                })
            }}
        </Suspense>
    }
    .into_any()
}

/// What stands where no route leads.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(http::StatusCode::NOT_FOUND);
    }
    view! { <FailurePage error=AppError::NotFound /> }
}
