//! Promises of the running server, over HTTP: each is kept on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it must be")]

#[path = "server/harness.rs"]
mod harness;

#[path = "server/caching.rs"]
mod caching;
#[path = "server/commenting.rs"]
mod commenting;
#[path = "server/demonstrating.rs"]
mod demonstrating;
#[path = "server/desk.rs"]
mod desk;
#[path = "server/discussing.rs"]
mod discussing;
#[path = "server/house.rs"]
mod house;
#[path = "server/importing.rs"]
mod importing;
#[path = "server/live.rs"]
mod live;
#[path = "server/mailing.rs"]
mod mailing;
#[path = "server/reading.rs"]
mod reading;
#[path = "server/safety.rs"]
mod safety;
#[path = "server/transferring.rs"]
mod transferring;
