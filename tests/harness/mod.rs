//! Real servers for tests: private instances in folders of their own, on ports of their own, several side by side.
//!
//! A test holds what it started; dropping it ends the server and removes its folder, also when the test panics, and
//! when the test process itself is killed. Nothing here knows the product: what is started is Dovecot, Cyrus,
//! Courier, PostgreSQL, Postfix, clamd, an object store, Prometheus or the built program, and what is read back is what lies on their disks or what a mail
//! program sees.
//!
//! Used by a test binary through `#[path = "../harness/mod.rs"] mod harness;`.

#![allow(dead_code, unused_imports, reason = "each test binary uses a part of the harness")]
#![allow(unreachable_pub, reason = "a test binary exports nothing")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stderr,
    reason = "a harness that cannot do its work fails the test, loudly and at once"
)]

pub mod account;
pub mod calm_zone;
pub mod certificates;
pub mod clamd;
pub mod courier;
pub mod cyrus;
pub mod dovecot;
pub mod folder;
pub mod installed;
pub mod mail_program;
pub mod object_store;
pub mod policy;
pub mod ports;
pub mod postfix;
pub mod postgres;
pub mod process;
pub mod prometheus;
pub mod proxy;
pub mod service;
pub mod signal;
pub mod smtp_sink;
pub mod strict_peer;
pub mod token_endpoint;
pub mod unpacked;
pub mod waiting;

pub use calm_zone::{calm_zone, calm_zone_at};
pub use certificates::Certificates;
pub use clamd::Clamd;
pub use courier::Courier;
pub use cyrus::Cyrus;
pub use dovecot::Dovecot;
pub use folder::Folder;
pub use mail_program::MailProgram;
pub use object_store::ObjectStore;
pub use postfix::Postfix;
pub use postgres::Postgres;
pub use prometheus::Prometheus;
pub use proxy::{Direction, Proxy};
pub use service::Service;
pub use smtp_sink::{Enough, SmtpSink};
pub use strict_peer::StrictPeer;
pub use token_endpoint::TokenEndpoint;
pub use waiting::wait_for;
