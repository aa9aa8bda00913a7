//! What lies on this machine: nobody reads along on the way, and no proxy stands there.

use ::oauth2::url::Url;
use std::net::IpAddr;

/// Whether what goes to this host does not leave the machine; an IPv6 address may stand in brackets.
pub(super) fn is_this_machine(host: &str) -> bool {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// The same of an address such as `https://HOST/PATH`.
pub fn leads_to_this_machine(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| url.host_str().is_some_and(is_this_machine))
}

#[cfg(test)]
mod tests {
    use super::{is_this_machine, leads_to_this_machine};

    #[test]
    fn this_machine_is_known_by_name_and_by_address() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "::1", "[::1]"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["localhost.example.com", "10.0.0.1", "[2001:db8::1]", "[localhost", ""] {
            assert!(!is_this_machine(host), "{host}");
        }
        assert!(leads_to_this_machine("https://[::1]:8443/hook") && leads_to_this_machine("http://localhost/"));
        assert!(!leads_to_this_machine("https://example.com/?to=localhost") && !leads_to_this_machine("localhost"));
    }
}
