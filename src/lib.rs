//! Thi Đua: a public portal for emulation campaigns. One crate for the server and for the browser.
#![recursion_limit = "256"]

pub mod api;
pub mod app;
pub mod browser;
pub mod components;
pub mod domain;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod server;
pub mod text;

/// Fetches the data of the page at an address, since its link is pointed at; `client/loader.js` calls it.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn fetch_ahead(path: &str, query: &str) {
    pages::ahead::begin(path, query);
}

/// Takes over the page that the server sent; `client/loader.js` calls it once the client has been fetched.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|panic| web_sys::console::error_1(&panic.to_string().into())));
    leptos::mount::hydrate_body(app::App);
}
