//! The candidate's profile as people see it: the running service, its mail, its database, and a real browser.
//!
//! What programs see of it is looked at by `api`, which needs no mail server.
//!
//! A Chromium takes a second to start and a gigabyte of memory, so the tests in a browser are few and long.

#![expect(unreachable_pub, reason = "a test binary exports nothing")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is not there fails the test")]

#[path = "../harness/browser/mod.rs"]
mod browser;
#[path = "../harness/mod.rs"]
mod harness;
#[allow(dead_code, reason = "the mails of the service's tests, of which these send some")]
#[path = "../service/mails.rs"]
mod mails;

mod api;
mod directory;
mod files_away;
mod frame;
mod house;
mod inbox;
mod pages;
mod people;
mod routes;
mod sign_in;
mod states;
mod visitor;
