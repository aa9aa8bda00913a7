//! A server that is spoken to.

use super::{Login, Tls};
use std::path::PathBuf;

/// A server and how to log in to it.
#[derive(Clone, Debug)]
pub struct Server {
    /// Name or address.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// Certificates to trust instead of the system's, as PEM.
    pub ca_file: Option<PathBuf>,
    /// Who logs in; `None` where the server wants no log-in (SMTP only).
    pub login: Option<Login>,
}

impl Server {
    /// What is one mail server as far as limits go: host, in small letters, and port.
    pub fn host_and_port(&self) -> (String, u16) {
        (self.host.to_ascii_lowercase(), self.port)
    }
}
