//! The candidate's profile as people see it: the running service, its mail, its database, and a real browser.
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

mod frame;
#[allow(dead_code, reason = "what uses all of it comes with the pages")]
mod house;
mod pages;
mod sign_in;
