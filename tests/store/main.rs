//! The record, on both databases: every fact is tested on SQLite and on PostgreSQL.

#![expect(unreachable_pub, reason = "a test binary exports nothing")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "what cannot be done fails the test"
)]
#![expect(clippy::print_stdout, reason = "a measurement is read by the person who runs it")]

#[path = "../harness/mod.rs"]
mod harness;

#[macro_use]
mod world;
mod server;

mod again;
mod answers;
mod api_tokens;
mod attic;
mod bundles;
mod digests;
mod directory;
mod discarding;
mod entitlement;
mod erasing;
mod erasing_meanwhile;
mod errands;
mod feed;
mod holds;
mod known;
mod leases;
mod lists;
mod meanwhile;
mod migrating;
mod migrations;
mod narrowing;
mod opening;
mod openings;
mod outbox;
mod outside;
mod outside_moving;
mod outside_trouble;
mod person;
mod places;
mod profile;
mod profile_corrections;
mod profile_list;
mod profile_people;
mod recording;
mod replies;
mod retention;
mod schema;
mod signing_in;
mod silent;
mod states;
mod throughput;
mod waiting;
mod webhooks;
mod withheld;
