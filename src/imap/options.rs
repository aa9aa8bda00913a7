//! What must be known to reach a mailbox, and how long each wait may last.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::SecretString;

/// Where a mailbox lies and how to get into it. Printing it never shows the password or token.
#[derive(Debug, Clone)]
pub struct ConnectOptions {
    /// Host name or IP address; with TLS it must stand in the server's certificate.
    pub host: String,
    /// TCP port, usually 993 for [`Tls::Implicit`] and 143 otherwise.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// A PEM file with one or several certificates. If given, only these are trusted, and the system's roots are not.
    pub ca_file: Option<PathBuf>,
    /// Login name, as the server wants it.
    pub username: String,
    /// What proves that we may.
    pub proof: Proof,
    /// How long each wait may last.
    pub deadlines: Deadlines,
}

impl ConnectOptions {
    /// The server as error texts and logs name it.
    pub(super) fn peer(&self) -> Peer {
        Peer { host: self.host.clone(), port: self.port }
    }
}

/// What a log-in is proven by. Printing it never shows it.
#[derive(Debug, Clone)]
pub enum Proof {
    /// A password, without a line end.
    Password(SecretString),
    /// An access token (OAuth 2).
    Token {
        /// The token.
        secret: SecretString,
        /// How it is shown; `None`: as the server offers it, by XOAUTH2 first.
        mechanism: Option<TokenMechanism>,
        /// When it ends, by this machine's clock: then the server may end the session.
        ends_at: DateTime<Utc>,
    },
}

impl Proof {
    /// When the log-in ends by itself.
    pub(super) fn ends_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Token { ends_at, .. } => Some(*ends_at),
            Self::Password(_) => None,
        }
    }

    /// The secret, to be kept out of texts.
    pub(super) fn secret(&self) -> &SecretString {
        match self {
            Self::Password(secret) | Self::Token { secret, .. } => secret,
        }
    }
}

/// How an access token is shown to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenMechanism {
    /// Google's and Microsoft's own way.
    XOAuth2,
    /// RFC 7628.
    OAuthBearer,
}

/// How the connection is protected. The protection asked for is never given up silently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// TLS from the first byte (RFC 8314, section 3.2).
    Implicit,
    /// Plain greeting, then STARTTLS before anything else; a server that does not offer it is refused.
    StartTls,
    /// No protection; only to an address of this machine.
    None,
}

/// How long each wait on the server may last. No wait is without end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// TCP connection to one address, TLS handshake, and greeting; each by itself.
    pub connect: Duration,
    /// One whole command from sending to its tagged answer. Where mail is transferred, the time that the announced
    /// size needs at [`Deadlines::SLOWEST_TRANSFER`] is added.
    pub command: Duration,
    /// No byte at all while an answer is awaited.
    pub silence: Duration,
    /// The answer to LOGOUT, and to DONE when the service is being stopped.
    pub goodbye: Duration,
}

impl Deadlines {
    /// The slowest transfer that is waited for, in bytes a second: 8 MB then take some eight minutes.
    pub const SLOWEST_TRANSFER: u64 = 16 * 1024;
}

impl Default for Deadlines {
    /// Generous where a server may work (a MOVE out of a folder of 100,000 mails took 0.25 s, a SEARCH in headers that
    /// are not indexed reads every mail), short where only politeness is at stake.
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(20),
            command: Duration::from_mins(2),
            silence: Duration::from_mins(1),
            goodbye: Duration::from_secs(3),
        }
    }
}

/// `host:port` for people.
#[derive(Debug, Clone)]
pub(super) struct Peer {
    pub(super) host: String,
    pub(super) port: u16,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}
