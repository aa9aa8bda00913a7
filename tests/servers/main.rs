//! The servers of the harness themselves: each starts, answers over TLS with its CA, and leaves nothing behind.

#![expect(unreachable_pub, reason = "a test binary exports nothing")]
#![expect(clippy::unwrap_used, reason = "what cannot be done fails the test")]

#[path = "../harness/mod.rs"]
mod harness;

#[path = "../harness/browser/mod.rs"]
mod browser;

mod chromium;
mod clamd;
mod dovecot;
mod imap_client;
mod leaving;
mod postfix;
mod postgres;
mod service;
