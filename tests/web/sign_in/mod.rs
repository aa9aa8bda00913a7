//! Signing in and out, over HTTP and by real mail.

#![expect(clippy::string_slice, reason = "what is not there fails the test")]

mod by_mail;
mod by_proxy;
mod ending;
mod forms;
