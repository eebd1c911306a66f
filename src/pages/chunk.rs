//! Pages whose code is fetched when somebody opens them by a link. Leptos's own lazy routes panic when that fails, which
//! would stop the whole page; here it is an error like any other failed fetch. A page that the server sent needs no
//! chunk: its markup is in place already.

use std::future::Future;

use leptos::task::spawn_local;
use leptos::wasm_split::SplitLoaderError;

use crate::domain::error::AppError;

impl From<SplitLoaderError> for AppError {
    fn from(_: SplitLoaderError) -> Self {
        AppError::Unreachable
    }
}

/// Begins to fetch a chunk, while the page's data is on its way. That it failed shows when the code is wanted.
pub fn begin_fetching(preload: impl Future<Output = Result<(), SplitLoaderError>> + 'static) {
    // The server has all of its code.
    if cfg!(feature = "hydrate") {
        spawn_local(async move {
            let _ = preload.await;
        });
    }
}
