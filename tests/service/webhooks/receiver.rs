//! A program that listens for webhooks: a small HTTP server that checks what it is told and answers as the test says.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use serde_json::Value;
use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// What messages are signed with: 32 octets.
pub const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// What it was told.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: String,
    pub at: String,
    pub signature: String,
    pub text: String,
    pub body: Value,
}

impl Message {
    /// Whether it comes from somebody who knows the secret.
    pub fn is_signed(&self) -> bool {
        let secret = STANDARD.decode(SECRET.strip_prefix("whsec_").unwrap()).unwrap();
        let key = PKey::hmac(&secret).unwrap();
        let mut signer = Signer::new(MessageDigest::sha256(), &key).unwrap();
        signer.update(format!("{}.{}.{}", self.id, self.at, self.text).as_bytes()).unwrap();
        let expected = format!("v1,{}", STANDARD.encode(signer.sign_to_vec().unwrap()));
        self.signature == expected && self.at.parse::<i64>().is_ok() && !self.id.is_empty()
    }
}

#[derive(Default)]
struct Shared {
    plan: Mutex<VecDeque<String>>,
    messages: Mutex<Vec<Message>>,
    is_over: AtomicBool,
}

/// A running receiver, until dropped.
pub struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Receiver {
    pub fn start() -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    /// One where another was before.
    pub fn start_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let of_thread = shared.clone();
        let thread = thread::spawn(move || {
            for connection in listener.incoming() {
                if of_thread.is_over.load(Ordering::SeqCst) {
                    return;
                }
                of_thread.answer(connection.unwrap());
            }
        });
        Self { address, shared, thread: Some(thread) }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hooks", self.address)
    }

    /// The first requests get these answers, all others a 204.
    pub fn answer_first(&self, heads: &[String]) {
        self.shared.plan.lock().unwrap().extend(heads.iter().cloned());
    }

    pub fn messages(&self) -> Vec<Message> {
        self.shared.messages.lock().unwrap().clone()
    }

    /// Goes away, and says where it was.
    pub fn stop(mut self) -> SocketAddr {
        self.end();
        self.address
    }

    fn end(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        // Wakes the thread, which closes the listener.
        let _woken = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.end();
    }
}

impl Shared {
    fn answer(&self, mut connection: TcpStream) {
        connection.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        let mut reader = BufReader::new(connection.try_clone().unwrap());
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        assert!(line.starts_with("POST /hooks HTTP/1.1"), "{line}");
        let mut headers = HashMap::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.insert(name.to_lowercase(), value.to_owned());
        }
        let header = |name: &str| headers.get(name).cloned().unwrap_or_default();
        let mut text = vec![0; header("content-length").parse().unwrap()];
        reader.read_exact(&mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(header("content-type"), "application/json");
        let message = Message {
            id: header("webhook-id"),
            at: header("webhook-timestamp"),
            signature: header("webhook-signature"),
            body: serde_json::from_str(&text).unwrap(),
            text,
        };
        self.messages.lock().unwrap().push(message);
        let head = self.plan.lock().unwrap().pop_front().unwrap_or_else(|| "HTTP/1.1 204 No Content\r\n".to_owned());
        let length = if head.contains(" 204 ") { "" } else { "Content-Length: 0\r\n" };
        // It may have been killed meanwhile.
        let _answered = connection.write_all(format!("{head}{length}Connection: close\r\n\r\n").as_bytes());
    }
}
