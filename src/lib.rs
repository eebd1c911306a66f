//! Thi Đua: a public portal for emulation campaigns. One crate for the server and for the browser.

pub mod domain;
#[cfg(feature = "ssr")]
pub mod server;
