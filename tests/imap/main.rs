//! The mailbox layer against a real Dovecot, and against a peer that misbehaves as no real server can be made to.

#![expect(unreachable_pub, reason = "a test binary exports nothing")]
#![expect(clippy::unwrap_used, reason = "what cannot be done fails the test")]

#[path = "../harness/mod.rs"]
mod harness;

mod dovecot_fetching;
mod dovecot_filing;
mod dovecot_folders;
mod dovecot_idling;
mod dovecot_login;
mod dovecot_session;
mod dovecot_tokens;
mod flights;
mod large_folders;
mod marking;
mod peer_breaks;
mod peer_idling;
mod peer_oddities;
mod peer_refuses;
mod peer_vanishing;
mod scripted_peer;
