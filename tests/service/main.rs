//! The whole path on real servers: a mail lies in a mailbox, one command later it stands in the application's history,
//! those responsible have their notification, and the mail lies in its archive folder.

#![expect(unreachable_pub, reason = "a test binary exports nothing")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is not there fails the test")]

#[path = "../harness/mod.rs"]
mod harness;

mod answers;
mod assigning;
mod attempts;
mod backing_up;
mod checking;
mod coming_back;
mod commands;
mod connections;
mod cut_wires;
mod digests;
mod erasing;
mod exporting;
mod fifty;
mod flooding;
mod folders;
mod holding;
mod house;
mod interrupted;
mod killed;
mod logging;
mod loops;
mod mails;
mod many;
mod moving_in;
mod notifications;
mod oauth2;
mod object_store;
mod outbox;
mod outcomes;
mod proof;
mod reloading;
mod reprocessing;
mod retention;
mod reverting;
mod running;
mod soaking;
mod stranded;
mod telling;
mod traps;
mod twice;
mod upgrading;
mod virus;
mod watched;
mod webhooks;
mod workers;
