//! From where a request comes, and how often from there somebody may try to sign in.

use crate::settings::Web;
use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So often one address may try within [`COUNTED`].
const TRIES: u32 = 20;
const COUNTED: Duration = Duration::from_mins(1);

/// So many addresses are told apart; when there are more, the others wait.
const MOST_ADDRESSES: usize = 20_000;

/// The address at the other end of the connection.
pub(super) fn connected_from(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical())
}

/// The address that a request comes from: that of the connection, or what a trusted reverse proxy says.
pub(super) fn comes_from(web: Option<&Web>, parts: &Parts) -> IpAddr {
    let connected = connected_from(parts).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let is_trusted = |address: IpAddr| web.is_some_and(|web| web.trusted_proxies.contains(&address));
    if !is_trusted(connected) {
        return connected;
    }
    // Each proxy adds whom it was asked by at the end: what stands before the last one that we trust may be anybody's.
    let named = parts.headers.get_all("x-forwarded-for").into_iter().filter_map(|value| value.to_str().ok());
    let named: Vec<&str> = named.flat_map(|value| value.split(',')).collect();
    let mut from = connected;
    for text in named.into_iter().rev() {
        let Ok(address) = text.trim().parse::<IpAddr>() else { break };
        from = address.to_canonical();
        if !is_trusted(from) {
            break;
        }
    }
    from
}

/// Who tried to sign in within the current minute, and how often.
#[derive(Debug, Default)]
pub(super) struct Tries(Mutex<Option<Minute>>);

#[derive(Debug)]
struct Minute {
    since: Instant,
    counts: HashMap<IpAddr, u32>,
}

impl Tries {
    /// Counts a try; whether it may be made.
    pub(super) fn count(&self, from: IpAddr, now: Instant) -> bool {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let current = minute.take().filter(|minute| now.duration_since(minute.since) < COUNTED);
        let current = minute.insert(current.unwrap_or_else(|| Minute { since: now, counts: HashMap::new() }));
        let network = network_of(from);
        if current.counts.len() >= MOST_ADDRESSES && !current.counts.contains_key(&network) {
            return false;
        }
        let tries = current.counts.entry(network).or_default();
        *tries = tries.saturating_add(1);
        *tries <= TRIES
    }
}

/// Who has one IPv6 address has all of its network.
pub(super) fn network_of(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
    }
}

#[cfg(test)]
mod tests {
    use super::{TRIES, Tries, comes_from};
    use crate::settings::{SignIn, Web};
    use axum::extract::ConnectInfo;
    use axum::http::Request;
    use std::net::{IpAddr, SocketAddr};
    use std::time::{Duration, Instant};

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_has_its_tries_and_gets_new_ones_a_minute_later() {
        let (tries, now) = (Tries::default(), Instant::now());
        for _ in 0..TRIES {
            assert!(tries.count(ip("192.0.2.1"), now));
        }
        assert!(!tries.count(ip("192.0.2.1"), now));
        assert!(tries.count(ip("192.0.2.2"), now));
        assert!(!tries.count(ip("192.0.2.1"), now + Duration::from_secs(59)));
        assert!(tries.count(ip("192.0.2.1"), now + Duration::from_mins(1)));
    }

    #[test]
    fn a_network_of_version_six_counts_as_one() {
        let (tries, now) = (Tries::default(), Instant::now());
        let made = (0..=TRIES).filter(|n| tries.count(ip(&format!("2001:db8::{n:x}")), now)).count();
        assert_eq!(made, 20);
        assert!(tries.count(ip("2001:db8:0:1::1"), now));
    }

    #[test]
    fn only_what_trusted_proxies_say_counts() {
        let web = Web {
            listen: "127.0.0.1:8025".parse().unwrap(),
            sign_in: SignIn::Mail,
            trusted_proxies: vec![ip("127.0.0.1"), ip("10.0.0.1")],
        };
        let from = |peer: &str, forwarded: &str| {
            let peer: SocketAddr = peer.parse().unwrap();
            let request = Request::builder().header("x-forwarded-for", forwarded).extension(ConnectInfo(peer));
            comes_from(Some(&web), &request.body(()).unwrap().into_parts().0)
        };
        assert_eq!(from("192.0.2.7:1", "203.0.113.5"), ip("192.0.2.7"));
        assert_eq!(from("127.0.0.1:1", "203.0.113.5"), ip("203.0.113.5"));
        assert_eq!(from("[::ffff:127.0.0.1]:1", "203.0.113.5"), ip("203.0.113.5"));
        assert_eq!(
            from("127.0.0.1:1", "198.51.100.9, 203.0.113.5, 10.0.0.1"),
            ip("203.0.113.5"),
            "the first is made up"
        );
        assert_eq!(from("127.0.0.1:1", "nonsense"), ip("127.0.0.1"));
        assert_eq!(from("127.0.0.1:1", "203.0.113.5, nonsense, 10.0.0.1"), ip("10.0.0.1"));
    }
}
