//! Types and rules of the portal, compiled for the server and for the browser; no framework is named here.

#[cfg(feature = "ssr")]
pub mod account;
pub mod announcement;
#[cfg(feature = "ssr")]
pub mod campaign;
#[cfg(test)]
pub mod chance;
pub mod comment;
pub mod cursor;
#[cfg(feature = "ssr")]
pub mod day;
#[cfg(feature = "ssr")]
pub mod diff;
#[cfg(feature = "ssr")]
pub mod draft;
pub mod error;
#[cfg(feature = "ssr")]
pub mod figure;
pub mod html;
pub mod lang;
#[cfg(feature = "ssr")]
pub mod merge;
pub mod number;
#[cfg(feature = "ssr")]
pub mod progress;
pub mod receipt;
#[cfg(feature = "ssr")]
pub mod report;
#[cfg(feature = "ssr")]
pub mod review;
#[cfg(feature = "ssr")]
pub mod score;
pub mod site;
pub mod slug;
pub mod text;
pub mod time;
