//! How the candidate's profile is served, and who vouches for the people who sign in.

use super::checker::Checker;
use crate::settings::this_machine::is_this_machine;
use crate::settings::web::{SignIn, Web};
use crate::settings::written;
use std::net::{IpAddr, SocketAddr};

/// What a header's name consists of, beside letters and digits (RFC 9110, section 5.6.2).
const OF_TOKENS: &str = "!#$%&'*+-.^_`|~";

impl Checker<'_> {
    pub(super) fn web(&mut self, web: &written::Web, public_url: Option<&str>, sends_mail: bool) -> Option<Web> {
        let trusted_proxies = self.trusted_proxies(&web.trusted_proxies);
        let sign_in = self.sign_in(web);
        let text = web.listen.as_deref()?;
        let listen: Option<SocketAddr> = text.parse().ok();
        if listen.is_none() {
            let text = format!("`{text}` is no address with a port; write one such as \"127.0.0.1:8025\"");
            self.fault("web.listen", text);
        }
        if sign_in == Some(SignIn::Mail) && !sends_mail {
            let text = "People sign in by a link in a mail, which needs [smtp]; or write `sign_in = \"proxy_header\"`";
            self.fault("web.sign_in", text);
        }
        match public_url {
            Some(url) => self.public_url(url),
            None if listen.is_some_and(|listen| !listen.ip().is_loopback()) => {
                let text = "Where others than this machine look at the pages, write how they reach them, such as \
                            \"https://recruiting.example.com\"";
                self.fault("web.public_url", text);
            }
            None => {}
        }
        Some(Web { listen: listen?, sign_in: sign_in?, trusted_proxies })
    }

    fn sign_in(&mut self, web: &written::Web) -> Option<SignIn> {
        match (web.sign_in, web.proxy_header.as_deref()) {
            (written::SignInBy::Mail, None) => Some(SignIn::Mail),
            (written::SignInBy::Mail, Some(_)) => {
                self.fault("web.proxy_header", "Only with `sign_in = \"proxy_header\"` a header says who somebody is");
                None
            }
            (written::SignInBy::ProxyHeader, header) => {
                if web.trusted_proxies.is_empty() {
                    let text = "Write the addresses from which the header is believed, such as [\"127.0.0.1\"]; anybody \
                                else could write it too";
                    self.fault("web.trusted_proxies", text);
                }
                let header = header.unwrap_or("X-Remote-User");
                if header.is_empty() || !header.chars().all(|c| c.is_ascii_alphanumeric() || OF_TOKENS.contains(c)) {
                    self.fault("web.proxy_header", format!("`{header}` is no name of a header"));
                    return None;
                }
                Some(SignIn::ProxyHeader(header.to_ascii_lowercase()))
            }
        }
    }

    fn trusted_proxies(&mut self, written: &[String]) -> Vec<IpAddr> {
        let mut addresses = Vec::new();
        for text in written {
            if let Ok(address) = text.parse::<IpAddr>() {
                addresses.push(address.to_canonical());
            } else {
                let text = format!("`{text}` is no IP address; write one such as \"127.0.0.1\" or \"::1\"");
                self.fault("web.trusted_proxies", text);
            }
        }
        addresses
    }

    /// Cookies of signed-in people go over TLS only, and all our addresses begin at the root of the host.
    fn public_url(&mut self, url: &str) {
        let Some((scheme, rest)) = url.split_once("://") else {
            self.fault("web.public_url", format!("`{url}` does not begin with \"https://\""));
            return;
        };
        let host = host_of(rest);
        if rest.contains(['/', '?', '#', '@', ' ']) || host.is_empty() {
            let text = format!("`{url}` is not only scheme and host; write it as \"https://recruiting.example.com\"");
            self.fault("web.public_url", text);
        } else if scheme != "https" && !(scheme == "http" && is_this_machine(host)) {
            let text = format!(
                "People who are signed in need TLS: begin with \"https://\" (`{scheme}://` is allowed for this machine only)"
            );
            self.fault("web.public_url", text);
        }
    }
}

/// The host without a port.
fn host_of(authority: &str) -> &str {
    if let Some(rest) = authority.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    authority.split(':').next().unwrap_or_default()
}

#[cfg(test)]
#[path = "web_tests.rs"]
mod tests;
