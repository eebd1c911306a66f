//! What only the desk asks of the database: its answers go to a few officials, not to everybody, and are made anew.

pub mod account;
pub mod block;
pub mod campaign;
pub mod comment;
pub mod comment_file;
pub mod demo;
pub mod draft;
pub mod example;
pub mod flood;
pub mod front;
pub mod library;
pub mod queue;
pub mod reason;
pub mod registration;
pub mod reminder;
pub mod report;
pub mod review;
pub mod rule;
pub mod session;
pub mod unit;
