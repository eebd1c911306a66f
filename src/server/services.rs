//! Use cases and permissions: every page, form, function and command does what it does through these.

pub mod account;
pub mod actor;
pub mod agreement;
pub mod announcement;
pub mod block;
pub mod campaign;
pub mod comment;
pub mod comment_edit;
pub mod draft;
pub mod example;
pub mod flood;
pub mod front;
pub mod import;
pub mod intake;
pub mod library;
pub mod limit;
pub mod moderation;
pub mod proof;
pub mod publication;
pub mod registration;
pub mod report;
pub mod result;
pub mod review;
pub mod sign_in;
pub mod site;
pub mod unit;
