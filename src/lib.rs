//! Recruiters forward a candidate's e-mail reply to a dedicated mailbox, with the application's reference number at the
//! start of the subject; `reply-import` **fetches** the mail, **understands** it, **decides** what it means, **records**
//! it in the application's history with its files, **files it away** in an archive folder and **notifies** the people
//! responsible.
//!
//! # The map
//!
//! Read in this order: [`service`] is the outermost loop, [`import`] is one mail's path, and what the path passes
//! through are [`mail`] (what a mail says), [`decision`] (the business rule) and [`notification`] (who is told). These,
//! [`application`], [`retention`] (how long what is kept) and [`retry`] are pure: they know no network, no database, no
//! file and no clock.
//!
//! The edges are [`imap`], [`store`], [`objects`], [`clamd`], [`smtp`], [`mod@oauth2`], [`certificate`], [`webhook`] and
//! [`web`]. An edge knows no other, but for one: where the content of a file lies is a part of the record's truth, so
//! [`store`] puts, gets and removes what lies in an object store through [`objects`]. [`cli`] is what may be typed,
//! [`settings`] what may be written.
//!
//! On the ground lie what several of them share: [`https`] is how secrets go to other servers, [`monitoring`] the names by
//! which is counted, where it happens, for those who watch the service; `progress` counts what gets on, so that a step that
//! hangs is told from one that takes long; `tls_words` says why a protected connection cannot be made, `why_unsent` why
//! something could not be sent, and `fail_point` names the places where tests kill the program.
//!
//! Imports point one way; a test reads this drawing and fails on any other arrow:
//!
//! ```text
//! main         -> cli
//! cli          -> service, import, settings, store, objects, smtp, imap, oauth2, clamd, certificate, retention, decision, mail, application
//! service      -> import, notify, web, webhook, monitoring, settings, store, smtp, imap, oauth2, certificate, notification, retention, decision, retry, application, fail_point, progress
//! import       -> settings, store, imap, oauth2, clamd, notification, decision, mail, application, retry, monitoring, fail_point, progress
//! notify       -> store, smtp, notification, application, retry, monitoring, fail_point
//! web          -> settings, store, notification, decision, mail, application
//! smtp         -> settings, notification, why_unsent, tls_words
//! webhook      -> settings, https, why_unsent, fail_point
//! clamd        -> settings
//! certificate  -> settings
//! imap         -> application, fail_point, progress, tls_words
//! oauth2       -> settings, https, fail_point
//! objects      -> settings
//! store        -> objects, notification, retention, decision, mail, application, why_unsent, fail_point
//! settings     -> retention, decision, mail, application
//! notification -> decision, mail, application
//! retention    -> decision, application
//! decision     -> mail, application
//! mail         -> application
//! application  ->
//! retry        ->
//! progress     ->
//! why_unsent   ->
//! tls_words    ->
//! https        ->
//! monitoring   ->
//! fail_point   ->
//! ```

pub mod application;
mod certificate;
pub mod clamd;
pub mod cli;
pub mod decision;
mod fail_point;
mod https;
pub mod imap;
pub mod import;
pub mod mail;
mod monitoring;
pub mod notification;
pub mod notify;
pub mod oauth2;
pub mod objects;
mod progress;
pub mod retention;
mod retry;
mod service;
pub mod settings;
pub mod smtp;
pub mod store;
mod tls_words;
pub mod web;
mod webhook;
mod why_unsent;
