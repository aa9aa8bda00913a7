//! One connection to clamd, on which every step must be done by the same moment.

use crate::settings::ClamdAddress;
use socket2::{Domain, SockAddr, Socket, Type};
use std::io::{self, Error, ErrorKind, Read, Write};
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// Octets in one piece of a stream: the length before it is sent with a statement of its own, so the fewer the better.
const PIECE: usize = 256 * 1024;
/// Longer answers are none.
const LONGEST_ANSWER: usize = 4096;

pub(super) struct Wire {
    socket: Socket,
    until: Instant,
}

impl Wire {
    /// Connects; from now on everything must be done within this time.
    pub(super) fn connect(address: &ClamdAddress, within: Duration) -> io::Result<Self> {
        let until = Instant::now() + within;
        match address {
            ClamdAddress::Socket(path) => Self::to(Domain::UNIX, &SockAddr::unix(path)?, until),
            ClamdAddress::Host(host, port) => {
                let mut last = Error::new(ErrorKind::NotFound, "the name has no address");
                for address in resolve(host, *port, until)? {
                    match Self::to(Domain::for_address(address), &address.into(), until) {
                        Ok(wire) => {
                            // The last piece must not wait for the network to acknowledge the one before.
                            wire.socket.set_tcp_nodelay(true)?;
                            return Ok(wire);
                        }
                        Err(error) => last = error,
                    }
                }
                Err(last)
            }
        }
    }

    fn to(domain: Domain, address: &SockAddr, until: Instant) -> io::Result<Self> {
        let socket = Socket::new(domain, Type::STREAM, None)?;
        socket.connect_timeout(address, left(until)?)?;
        Ok(Self { socket, until })
    }

    pub(super) fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    /// Sends a content as INSTREAM wants it: pieces with their lengths, and a piece of no length.
    pub(super) fn send_stream(&mut self, content: &[u8]) -> io::Result<()> {
        self.write_all(b"zINSTREAM\0")?;
        for piece in content.chunks(PIECE) {
            let length = u32::try_from(piece.len()).unwrap_or_default();
            self.write_all(&length.to_be_bytes())?;
            self.write_all(piece)?;
        }
        self.write_all(&0_u32.to_be_bytes())
    }

    /// The answer without the NUL that ends it: one that was cut off is none.
    pub(super) fn answer(&mut self) -> io::Result<String> {
        let mut answer = Vec::new();
        let mut piece = [0; 512];
        while answer.len() < LONGEST_ANSWER {
            let read = self.read(&mut piece)?;
            if read == 0 {
                return Err(Error::new(ErrorKind::UnexpectedEof, "the connection was closed"));
            }
            answer.extend(piece.iter().take(read));
            if let Some(end) = answer.iter().position(|byte| *byte == 0) {
                answer.truncate(end);
                return Ok(String::from_utf8_lossy(&answer).into_owned());
            }
        }
        Err(Error::new(ErrorKind::InvalidData, "the answer does not end"))
    }
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.socket.set_read_timeout(Some(left(self.until)?))?;
        self.socket.read(buffer).map_err(in_time)
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.set_write_timeout(Some(left(self.until)?))?;
        self.socket.write(bytes).map_err(in_time)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn left(until: Instant) -> io::Result<Duration> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(too_late()) } else { Ok(left) }
}

/// A socket whose time is over says "would block".
fn in_time(error: Error) -> Error {
    if error.kind() == ErrorKind::WouldBlock { too_late() } else { error }
}

fn too_late() -> Error {
    Error::new(ErrorKind::TimedOut, "it took too long")
}

/// The addresses of a host. The system's resolver knows no deadline of ours: it is left behind where it takes longer, and
/// ends by its own.
fn resolve(host: &str, port: u16, until: Instant) -> io::Result<Vec<SocketAddr>> {
    let (found, wanted) = mpsc::channel();
    let host = host.to_owned();
    thread::Builder::new().name("resolving".to_owned()).spawn(move || {
        // Nobody waits any more if it took too long.
        let _ = found.send((host.as_str(), port).to_socket_addrs().map(Iterator::collect));
    })?;
    wanted.recv_timeout(left(until)?).map_err(|_| too_late())?
}
