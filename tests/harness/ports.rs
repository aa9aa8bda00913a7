//! Ports that no other test takes, in this process or another one.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

/// Below Linux' range for outgoing connections (32768 and up), so that no client takes a port between the choice and
/// the server's start.
const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// A TCP port of 127.0.0.1 to listen on, claimed until dropped.
pub struct Port {
    number: u16,
    // The claim: whoever holds the UDP port of the same number has the TCP port. The kernel gives it back by itself
    // when the process dies, and the server can still listen, as the two are independent.
    _claim: UdpSocket,
}

impl Port {
    /// Claims a port that nobody listens on.
    pub fn claim() -> Self {
        // RandomState is random for each process, so that tests starting together do not all try the same ports.
        let start = RandomState::new().build_hasher().finish();
        (0..u64::from(COUNT))
            .map(|step| FIRST + u16::try_from((start.wrapping_add(step)) % u64::from(COUNT)).unwrap())
            .find_map(Self::claim_number)
            .expect("a port is free")
    }

    /// Claims this port if nobody has it, else another one.
    pub fn claim_first(wanted: u16) -> Self {
        Self::claim_number(wanted).unwrap_or_else(Self::claim)
    }

    fn claim_number(number: u16) -> Option<Self> {
        let claim = UdpSocket::bind((Ipv4Addr::LOCALHOST, number)).ok()?;
        let _nobody_listens = TcpListener::bind((Ipv4Addr::LOCALHOST, number)).ok()?;
        Some(Self { number, _claim: claim })
    }

    /// The port.
    pub fn number(&self) -> u16 {
        self.number
    }
}

/// The first line that a server sends by itself; `None` if there is no server or it says nothing in 2 s.
pub fn greeting_at(port: u16) -> Option<String> {
    let connection = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    connection.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    let mut greeting = String::new();
    BufReader::new(connection).read_line(&mut greeting).ok()?;
    Some(greeting)
}

/// Whether somebody takes connections there.
pub fn is_listened_at(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}
