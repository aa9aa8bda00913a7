//! Recruiters forward a candidate's e-mail reply to a dedicated mailbox; `reply-import` fetches the mail, understands it,
//! decides what it means, records it in the application's history, files it away and notifies the people responsible.

pub mod application;
pub mod decision;
pub mod imap;
pub mod mail;
pub mod notification;
pub mod store;
