//! Answers Postfix's question "may this recipient have mail?" from the test itself, so that a test can say at any time
//! who is refused how.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// A policy service on a port of its own, until dropped.
pub struct Policy {
    address: SocketAddr,
    rules: Arc<Shared>,
    is_over: Arc<AtomicBool>,
}

#[derive(Default)]
struct Shared {
    rules: Mutex<Rules>,
    /// A recipient is held no longer.
    changed: Condvar,
}

#[derive(Default)]
struct Rules {
    /// Recipients that get no answer for now.
    held: HashSet<String>,
    /// Recipients that got none.
    waiting: HashSet<String>,
    /// Recipient → the SMTP reply to RCPT.
    refused: HashMap<String, String>,
    /// Sender and recipient of the greylisted pairs that have tried once.
    tried: HashSet<(String, String)>,
}

impl Policy {
    /// Starts answering.
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let (rules, is_over) = (Arc::<Shared>::default(), Arc::<AtomicBool>::default());
        let policy = Self { address: listener.local_addr().unwrap(), rules, is_over };
        let (rules, is_over) = (Arc::clone(&policy.rules), Arc::clone(&policy.is_over));
        thread::spawn(move || {
            for connection in listener.incoming() {
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
                let (connection, rules) = (connection.unwrap(), Arc::clone(&rules));
                thread::spawn(move || answer_all(connection, &rules));
            }
        });
        policy
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// From now on this recipient is answered so, such as `451 4.3.0 try later`.
    pub fn refuse(&self, recipient: &str, reply: &str) {
        self.rules.rules.lock().unwrap().refused.insert(recipient.to_owned(), reply.to_owned());
    }

    /// From now on this recipient is accepted again.
    pub fn accept(&self, recipient: &str) {
        self.rules.rules.lock().unwrap().refused.remove(recipient);
    }

    /// From now on this recipient gets no answer until [`Policy::let_go`]: the server is slow about it.
    pub fn hold(&self, recipient: &str) {
        self.rules.rules.lock().unwrap().held.insert(recipient.to_owned());
    }

    /// Ends what [`Policy::hold`] began.
    pub fn let_go(&self, recipient: &str) {
        self.rules.rules.lock().unwrap().held.remove(recipient);
        self.rules.changed.notify_all();
    }

    /// Whether mail for a recipient on hold came in.
    pub fn keeps_waiting(&self, recipient: &str) -> bool {
        self.rules.rules.lock().unwrap().waiting.contains(recipient)
    }
}

impl Drop for Policy {
    fn drop(&mut self) {
        self.rules.rules.lock().unwrap().held.clear();
        self.rules.changed.notify_all();
        self.is_over.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts; should this fail it ends with the process.
        let _ = TcpStream::connect(self.address);
    }
}

/// One connection: questions of `name=value` lines that end with an empty line, answers likewise (Postfix' file
/// `SMTPD_POLICY_README`). Ends when Postfix closes.
fn answer_all(connection: TcpStream, shared: &Shared) {
    let mut answers = connection.try_clone().unwrap();
    let mut asked = HashMap::new();
    for line in BufReader::new(connection).lines().map_while(Result::ok) {
        if let Some((name, value)) = line.split_once('=') {
            asked.insert(name.to_owned(), value.to_owned());
            continue;
        }
        let recipient = asked.get("recipient").cloned().unwrap_or_default();
        let mut rules = shared.rules.lock().unwrap();
        while rules.held.contains(&recipient) {
            rules.waiting.insert(recipient.clone());
            rules = shared.changed.wait(rules).unwrap();
        }
        let action = rules.action(&asked);
        drop(rules);
        asked.clear();
        if write!(answers, "action={action}\n\n").is_err() {
            return;
        }
    }
}

impl Rules {
    fn action(&mut self, asked: &HashMap<String, String>) -> String {
        let [sender, recipient] = ["sender", "recipient"].map(|name| asked.get(name).cloned().unwrap_or_default());
        if let Some(reply) = self.refused.get(&recipient) {
            return reply.clone();
        }
        let is_greylisted = recipient.starts_with("grau") && self.tried.insert((sender, recipient));
        if is_greylisted { "451 4.7.1 greylisted, try again".to_owned() } else { "DUNNO".to_owned() }
    }
}
