//! Use cases and permissions: every page, form, function and command does what it does through these.

pub mod actor;
pub mod announcement;
pub mod comment;
pub mod import;
pub mod intake;
pub mod limit;
pub mod site;
