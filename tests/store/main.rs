//! The record, on both databases: every fact is tested on SQLite and on PostgreSQL.

#![expect(unreachable_pub, reason = "a test binary exports nothing")]
#![expect(clippy::unwrap_used, clippy::wildcard_imports, reason = "what cannot be done fails the test")]

#[path = "../harness/mod.rs"]
mod harness;

#[macro_use]
mod world;
mod server;

mod again;
mod directory;
mod feed;
mod known;
mod lists;
mod migrations;
mod opening;
mod outbox;
mod places;
mod recording;
mod schema;
mod throughput;
