//! A long wire to the mail server: every octet arrives so much later, and as many pass at a time as ever. What is read is
//! put into a queue with the time at which it is due, so that waiting holds nothing up.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A wire on a port of its own, until dropped.
pub struct Wire {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    server: u16,
    one_way: Duration,
    is_over: AtomicBool,
    connected: Mutex<Vec<Instant>>,
}

impl Wire {
    /// To a port of this machine; there and back takes `round_trip` longer.
    pub fn to(server: u16, round_trip: Duration) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let (is_over, connected) = (AtomicBool::new(false), Mutex::default());
        let shared = Arc::new(Shared { server, one_way: round_trip / 2, is_over, connected });
        let wire = Self { port, shared: Arc::clone(&shared) };
        thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                if shared.is_over.load(Ordering::Relaxed) {
                    return;
                }
                shared.connect(connection);
            }
        });
        wire
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// When the first connection was made.
    pub fn first_connected(&self) -> Option<Instant> {
        self.shared.connected.lock().unwrap().first().copied()
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::Relaxed);
        // Wakes the listening thread, so that it ends.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

impl Shared {
    fn connect(&self, program: TcpStream) {
        self.connected.lock().unwrap().push(Instant::now());
        let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, self.server)) else { return };
        for stream in [&program, &server] {
            stream.set_nodelay(true).unwrap();
        }
        self.pass(program.try_clone().unwrap(), server.try_clone().unwrap());
        self.pass(server, program);
    }

    fn pass(&self, mut from: TcpStream, to: TcpStream) {
        let (queue, due) = channel();
        let one_way = self.one_way;
        thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            while let Ok(read @ 1..) = from.read(&mut buffer) {
                if queue.send((Instant::now() + one_way, buffer[..read].to_vec())).is_err() {
                    break;
                }
            }
            let _ = from.shutdown(Shutdown::Read);
        });
        thread::spawn(move || deliver(&due, to));
    }
}

fn deliver(due: &Receiver<(Instant, Vec<u8>)>, mut to: TcpStream) {
    for (when, octets) in due {
        thread::sleep(when.saturating_duration_since(Instant::now()));
        if to.write_all(&octets).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}
