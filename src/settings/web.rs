//! How the candidate's profile is served.

use super::Settings;
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

impl Settings {
    /// Whether a proxy must stand before the pages that is not named: then all people seem to come from one place.
    pub fn has_unnamed_proxy(&self) -> bool {
        let comes_by_tls = self.public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
        let is_behind = |web: &Web| web.listen.ip().is_loopback() && web.trusted_proxies.is_empty();
        comes_by_tls && self.web.as_ref().is_some_and(is_behind)
    }

    /// What stands before the path in links to the pages: as people reach them, or where they are served.
    pub fn pages_url(&self) -> Option<String> {
        let served = || self.web.as_ref().map(|web| format!("http://{}", web.listen));
        self.public_url.clone().or_else(served)
    }
}
