//! From a mailbox's settings to a logged-in session.

use crate::imap::{ConnectOptions, Deadlines, Session, Tls as ImapTls};
use crate::settings::{Mailbox, Tls};
use anyhow::{Context, Result};

/// Connects to a mailbox's server and logs in.
///
/// # Errors
///
/// The password cannot be read, or what [`Session::connect`] says.
pub async fn connect(mailbox: &Mailbox) -> Result<Session> {
    let server = &mailbox.server;
    let login = server.login.clone().context("The mailbox has no log-in")?;
    let password = tokio::task::spawn_blocking(move || login.secret.read()).await??;
    let options = ConnectOptions {
        host: server.host.clone(),
        port: server.port,
        tls: match server.tls {
            Tls::Implicit => ImapTls::Implicit,
            Tls::StartTls => ImapTls::StartTls,
            Tls::None => ImapTls::None,
        },
        ca_file: server.ca_file.clone(),
        username: server.login.as_ref().map(|login| login.username.clone()).unwrap_or_default(),
        password,
        deadlines: Deadlines::default(),
    };
    Ok(Session::connect(&options).await?)
}
