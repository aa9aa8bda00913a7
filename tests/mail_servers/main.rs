//! The whole path against different mail servers: each test here runs against Dovecot, Cyrus (in both its namespaces) and
//! Courier, which differ in separators, prefixes, capabilities and in how they word their answers.
//!
//! What does not depend on the server is in `tests/service`.

#![expect(unreachable_pub, reason = "a test binary exports nothing")]
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is not there fails the test")]

#[path = "../harness/mod.rs"]
mod harness;
#[allow(dead_code, reason = "each test binary uses a part of it")]
#[path = "../service/mails.rs"]
mod mails;

/// Makes a test for each server of functions that take a [`server::Kind`].
macro_rules! on_every_server {
    ($($test:ident),+ $(,)?) => {
        on_every_server! { @on dovecot Dovecot $($test)+ }
        on_every_server! { @on cyrus CyrusInsideInbox $($test)+ }
        on_every_server! { @on cyrus_beside_inbox CyrusBesideInbox $($test)+ }
        on_every_server! { @on courier Courier $($test)+ }
    };
    (@on $module:ident $kind:ident $($test:ident)+) => {
        mod $module {
            $(#[test]
            fn $test() {
                super::$test(crate::server::Kind::$kind);
            })+
        }
    };
}

mod again;
mod cyrus;
mod folders;
mod house;
mod interrupted;
mod login;
mod noticed;
mod other_people;
mod outcomes;
mod server;
