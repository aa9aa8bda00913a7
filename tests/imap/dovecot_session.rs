//! How the tests reach their Dovecot, and the mails they put into it.

use std::path::PathBuf;

use reply_import::application::FolderName;
use reply_import::imap::{ConnectOptions, Deadlines, Mode, Proof, Session, Tls, Uid};

use crate::harness::Dovecot;

/// Anna's login by TLS, trusting this Dovecot's CA.
pub fn options(dovecot: &Dovecot) -> ConnectOptions {
    ConnectOptions {
        host: "localhost".into(),
        port: dovecot.imaps_port(),
        tls: Tls::Implicit,
        ca_file: Some(PathBuf::from(dovecot.ca_file())),
        username: "anna".into(),
        proof: Proof::Password("geheim".into()),
        deadlines: Deadlines::default(),
    }
}

/// Anna's session.
pub async fn log_in(dovecot: &Dovecot) -> Session {
    Session::connect(&options(dovecot)).await.unwrap()
}

/// Anna's session with her inbox open.
pub async fn open_inbox(dovecot: &Dovecot, mode: Mode) -> Session {
    let mut session = log_in(dovecot).await;
    session.open(&FolderName::inbox(), mode).await.unwrap();
    session
}

/// A mail of at least `bytes` bytes that differs from every other number's.
pub fn mail(number: u32, bytes: usize) -> Vec<u8> {
    let mut mail = format!("Message-ID: <{number}@example.test>\r\nSubject: {number}\r\n\r\n").into_bytes();
    while mail.len() < bytes {
        mail.extend_from_slice(format!("{number} Grüße aus dem Bewerbungsgespräch\r\n").as_bytes());
    }
    mail
}

/// Puts that many mails of `bytes` bytes into Anna's inbox.
pub fn fill(dovecot: &Dovecot, count: u32, bytes: usize) {
    for number in 1..=count {
        dovecot.deliver("anna", mail(number, bytes));
    }
}

/// A folder of that name.
pub fn folder(name: &str) -> FolderName {
    FolderName::parse(name).unwrap()
}

/// The numbers of UIDs.
pub fn numbers(uids: &[Uid]) -> Vec<u32> {
    uids.iter().map(|uid| uid.get()).collect()
}
