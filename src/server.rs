//! Everything that runs on the server only: settings, state, router, services, database.

pub mod accept;
pub mod assets;
pub mod cache;
pub mod check;
pub mod clock;
pub mod command;
pub mod config;
pub mod db;
pub mod demo;
pub mod desk;
pub mod docx;
pub mod error;
pub mod feed;
pub mod image;
pub mod markdown;
pub mod middleware;
pub mod paper;
pub mod password;
pub mod policy;
pub mod render;
pub mod router;
pub mod secret;
pub mod sender;
pub mod services;
pub mod state;
pub mod thing;
