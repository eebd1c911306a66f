//! Everything that runs on the server only: settings, state, router, services, database.

pub mod clock;
pub mod config;
pub mod db;
pub mod error;
pub mod image;
pub mod markdown;
pub mod paper;
pub mod secret;
pub mod sender;
pub mod services;
pub mod state;
