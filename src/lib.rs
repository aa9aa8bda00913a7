//! Recruiters forward a candidate's e-mail reply to a dedicated mailbox; `reply-import` fetches the mail, understands it,
//! decides what it means, records it in the application's history, files it away and notifies the people responsible.
//!
//! # Which module may know which
//!
//! `tests/architecture` reads this list and fails on any other arrow.
//!
//! ```text
//! main -> cli
//! cli -> service, import, notify, settings, store, smtp, imap, notification, decision, mail, application
//! service -> import, notify, settings, store, smtp, imap, retry
//! import -> settings, store, imap, notification, decision, mail, application
//! notify -> settings, store, smtp, notification, retry
//! store -> settings, notification, decision, mail, application
//! smtp -> settings, notification, application
//! imap -> settings, application
//! settings -> mail, application
//! notification -> decision, mail, application
//! decision -> mail, application
//! mail -> application
//! ```

pub mod application;
pub mod decision;
pub mod imap;
pub mod mail;
pub mod notification;
