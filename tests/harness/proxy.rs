//! A wire that can be cut: a TCP proxy between the program and a server, to break what the network breaks.
//!
//! Bytes are counted over all connections, in the order in which they pass, so that a cut can be planned at any byte of a
//! whole exchange. Below TLS the bytes are those of its records.

use std::collections::HashSet;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

/// Which way bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the program to the server.
    Up,
    /// From the server to the program.
    Down,
}

/// How many bytes went each way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// From the program to the server.
    pub up: u64,
    /// From the server to the program.
    pub down: u64,
}

/// A proxy on a port of its own, until dropped. Dropping it cuts all connections.
pub struct Proxy {
    address: SocketAddr,
    wire: Arc<Wire>,
}

/// What both sides' threads share.
struct Wire {
    server: u16,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    passed: Passed,
    cuts: Vec<(Direction, u64)>,
    /// How many of the planned cuts were made.
    cut: usize,
    stall: Option<(Direction, u64)>,
    delay: Duration,
    refuses: bool,
    is_over: bool,
    connections: Vec<TcpStream>,
    accepted: u64,
    most_open: usize,
}

impl Proxy {
    /// A wire to a port of 127.0.0.1 that passes everything on.
    pub fn to(server: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let wire = Arc::new(Wire { server, state: Mutex::default(), changed: Condvar::new() });
        let address = listener.local_addr().unwrap();
        let (proxy, port) = (Self { address, wire: Arc::clone(&wire) }, address.port());
        thread::spawn(move || {
            let mut taken = HashSet::new();
            loop {
                let connection = listener.accept();
                if wire.state().is_over {
                    return;
                }
                let Ok((connection, program)) = connection else { continue };
                taken.insert(program.port());
                taken = still_open(&taken, port);
                let most = wire.state().most_open.max(taken.len());
                wire.state().most_open = most;
                connect(&wire, connection);
            }
        });
        proxy
    }

    /// The port to be given to the program.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Cuts all connections as soon as so many more bytes have gone this way. Those before the cut arrive. Of several cuts
    /// each counts from now.
    pub fn cut_after(&self, direction: Direction, bytes: u64) {
        let mut state = self.wire.state();
        let at = state.passed.of(direction) + bytes;
        state.cuts.push((direction, at));
    }

    /// Lets no byte through this way as soon as so many more have gone; connections stay open, and what is sent is taken.
    pub fn stall_after(&self, direction: Direction, bytes: u64) {
        let mut state = self.wire.state();
        state.stall = Some((direction, state.passed.of(direction) + bytes));
    }

    /// Every piece takes so much longer.
    pub fn delay(&self, by: Duration) {
        self.wire.state().delay = by;
    }

    /// Cuts all connections and takes no new ones, until [`Proxy::come_back`].
    pub fn refuse(&self) {
        let mut state = self.wire.state();
        state.refuses = true;
        state.cut_all();
        self.wire.changed.notify_all();
    }

    /// From now on everything passes; what was stalled goes on, unless its connection was given up.
    pub fn come_back(&self) {
        let mut state = self.wire.state();
        (state.refuses, state.stall, state.delay) = (false, None, Duration::ZERO);
        state.cuts.clear();
        self.wire.changed.notify_all();
    }

    /// How many bytes have gone until now.
    pub fn passed(&self) -> Passed {
        self.wire.state().passed
    }

    /// How many of the planned cuts were made.
    pub fn cuts(&self) -> usize {
        self.wire.state().cut
    }

    /// Whether bytes wait for [`Proxy::come_back`] because of [`Proxy::stall_after`].
    pub fn is_stalled(&self) -> bool {
        let state = self.wire.state();
        state.stall.is_some_and(|(direction, at)| state.passed.of(direction) >= at)
    }

    /// How many connections were taken, refused ones included.
    pub fn accepted(&self) -> u64 {
        self.wire.state().accepted
    }

    /// How many of the connections taken until then programs had open at most when one more was taken, that one included.
    pub fn most_open(&self) -> usize {
        self.wire.state().most_open
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let mut state = self.wire.state();
        state.is_over = true;
        state.cut_all();
        self.wire.changed.notify_all();
        drop(state);
        // Wakes the listening thread, so that it ends.
        let _ = TcpStream::connect(self.address);
    }
}

impl Wire {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// How many of `wanted` bytes may go now; waits while the wire is stalled. `None`: the connection is to end.
    fn allow(&self, direction: Direction, wanted: usize) -> Option<usize> {
        let mut state = self.state();
        loop {
            if state.is_over || state.refuses {
                return None;
            }
            let passed = state.passed.of(direction);
            let is_stalled = state.stall.is_some_and(|(stalled, at)| stalled == direction && passed >= at);
            if !is_stalled {
                break;
            }
            state = self.changed.wait(state).unwrap();
        }
        let passed = state.passed.of(direction);
        let stops = state.cuts.iter().chain(&state.stall).filter(|(stop, at)| *stop == direction && *at > passed);
        let room = stops.map(|(_, at)| at - passed).min().unwrap_or(u64::MAX);
        Some(wanted.min(usize::try_from(room).unwrap_or(usize::MAX)))
    }

    /// Counts what went, and cuts if that was the byte.
    fn count(&self, direction: Direction, bytes: usize) {
        let mut state = self.state();
        let before = state.passed.of(direction);
        let now = before + bytes as u64;
        match direction {
            Direction::Up => state.passed.up = now,
            Direction::Down => state.passed.down = now,
        }
        let planned = state.cuts.len();
        state.cuts.retain(|(cut, at)| *cut != direction || *at > now);
        let due = planned - state.cuts.len();
        if due > 0 {
            state.cut += due;
            state.cut_all();
        }
    }
}

impl State {
    fn cut_all(&mut self) {
        for connection in self.connections.drain(..) {
            let _ = connection.shutdown(Shutdown::Both);
        }
    }
}

impl Passed {
    fn of(self, direction: Direction) -> u64 {
        match direction {
            Direction::Up => self.up,
            Direction::Down => self.down,
        }
    }
}

/// Those of the programs' ports from which a connection to this port is not closed yet. Asked of the system, since what was
/// closed just now has not been read from here.
///
/// The table is no picture of one moment: while it is read, connections end and others begin. Of those that were there before,
/// none can come again: what is still in it was open when the reading began.
fn still_open(programs: &HashSet<u16>, port: u16) -> HashSet<u16> {
    const ESTABLISHED: &str = "01";
    const NOT_CLOSED_HERE: &str = "08";
    let here = format!("0100007F:{port:04X}");
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let open = table.lines().filter_map(|line| {
        let mut columns = line.split_whitespace().skip(1);
        let (local, remote, state) = (columns.next()?, columns.next()?, columns.next()?);
        let is_open = remote == here && matches!(state, ESTABLISHED | NOT_CLOSED_HERE);
        is_open.then(|| u16::from_str_radix(local.rsplit_once(':')?.1, 16).ok())?
    });
    open.filter(|program| programs.contains(program)).collect()
}

fn connect(wire: &Arc<Wire>, program: TcpStream) {
    let mut state = wire.state();
    state.accepted += 1;
    if state.refuses {
        return;
    }
    let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, wire.server)) else { return };
    for stream in [&program, &server] {
        stream.set_nodelay(true).unwrap();
        state.connections.push(stream.try_clone().unwrap());
    }
    let (program_again, server_again) = (program.try_clone().unwrap(), server.try_clone().unwrap());
    let (up, down) = (Arc::clone(wire), Arc::clone(wire));
    thread::spawn(move || pass(&up, Direction::Up, program, server));
    thread::spawn(move || pass(&down, Direction::Down, server_again, program_again));
}

fn pass(wire: &Wire, direction: Direction, mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = vec![0; 16 * 1024];
    'wire: loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(_) => break,
        };
        let delay = wire.state().delay;
        if !delay.is_zero() {
            // What a slow network does; no test waits for it.
            thread::sleep(delay);
        }
        let mut rest = &buffer[..read];
        while !rest.is_empty() {
            let Some(allowed) = wire.allow(direction, rest.len()) else { break 'wire };
            let (now, later) = rest.split_at(allowed);
            if to.write_all(now).is_err() {
                break 'wire;
            }
            wire.count(direction, now.len());
            rest = later;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
