//! How the candidate's profile is served.

use std::net::{IpAddr, SocketAddr};

/// How the candidate's profile is served.
#[derive(Clone, Debug)]
pub struct Web {
    /// The address and port that browsers, or a reverse proxy, connect to.
    pub listen: SocketAddr,
    /// Who vouches for the people who sign in.
    pub sign_in: SignIn,
    /// Reverse proxies of whose requests the header says who somebody is, and `X-Forwarded-For` where they come from.
    pub trusted_proxies: Vec<IpAddr>,
}

/// Who vouches for the people who sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// Their mailbox: they are sent a link.
    Mail,
    /// A trusted reverse proxy, by the header with this name, in small letters.
    ProxyHeader(String),
}

/// What is said of pages behind a proxy that the settings do not name.
pub const UNNAMED_PROXY: &str = "`[web] trusted_proxies` is empty, and people come by https: if a reverse proxy stands before the \
                                 pages, write its address there, or all people together have the connections and the tries to sign in that one has";
