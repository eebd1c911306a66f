//! Types and rules of the portal, compiled for the server and for the browser; no framework is named here.

pub mod announcement;
pub mod comment;
pub mod cursor;
pub mod error;
pub mod html;
pub mod lang;
pub mod number;
pub mod receipt;
pub mod site;
pub mod slug;
pub mod text;
pub mod time;
