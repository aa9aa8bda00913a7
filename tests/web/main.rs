//! The pages as browsers and programs see them: the built program, real mail servers, HTTP.

#![expect(unreachable_pub, reason = "a test binary exports nothing")]
#![expect(clippy::unwrap_used, reason = "what cannot be done fails the test")]

#[path = "../harness/mod.rs"]
mod harness;

mod sign_in;
