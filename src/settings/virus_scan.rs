//! The virus scanner of the settings.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// The virus scanner that files are shown before they are recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VirusScan {
    /// Where it is.
    pub clamd: ClamdAddress,
    /// One look at one file takes no longer.
    pub timeout: Duration,
    /// Larger files are not sent to it and withheld, in octets; not more than clamd's `StreamMaxLength`.
    pub max_stream: u64,
}

/// Where clamd listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClamdAddress {
    /// At a Unix socket.
    Socket(PathBuf),
    /// At a host's port.
    Host(String, u16),
}

impl ClamdAddress {
    /// Reads an absolute path, or a host with a port; an IPv6 address stands in brackets.
    pub fn parse(text: &str) -> Option<Self> {
        if text.starts_with('/') {
            return Some(Self::Socket(PathBuf::from(text)));
        }
        let (host, port) = text.rsplit_once(':')?;
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let port = port.parse().ok().filter(|port| *port > 0)?;
        let host = bare.or(Some(host).filter(|host| !host.contains([':', '/', ' ']) && !host.is_empty()))?;
        Some(Self::Host(host.to_owned(), port))
    }
}

impl fmt::Display for ClamdAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(path) => write!(f, "{}", path.display()),
            Self::Host(host, port) if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Host(host, port) => write!(f, "{host}:{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ClamdAddress;

    #[test]
    fn an_address_is_a_path_or_a_host_with_a_port() {
        for text in ["/run/clamav/clamd.ctl", "localhost:3310", "127.0.0.1:3310", "[::1]:3310", "scan.example.com:1"] {
            assert_eq!(ClamdAddress::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "clamd.ctl", "localhost", "localhost:", ":3310", "localhost:0", "localhost:70000", "::1:3310"]
        {
            assert_eq!(ClamdAddress::parse(text), None, "{text}");
        }
    }
}
