//! An SMTP server that takes everything at once and keeps it, and counts who is connected: what no real server tells.
//!
//! Without TLS and log-in, on 127.0.0.1. It takes several commands in one flight unless it is told not to know that.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

/// A running one. Its threads end when the connections do.
pub struct SmtpSink {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    knows_pipelining: bool,
}

#[derive(Default)]
struct State {
    mails: Vec<String>,
    connected: usize,
    connections: usize,
    most_connected: usize,
    /// Connections whose mail is there and not answered yet.
    waiting: usize,
    /// Mails are answered once so many wait at the same time.
    gate: usize,
    /// Recipients that are refused.
    refused: Vec<String>,
    /// So many mails are taken over one connection, and how a further one ends.
    limit: Option<(usize, Enough)>,
}

/// How a server says that it has had enough of a connection.
#[derive(Clone, Copy, Debug)]
pub enum Enough {
    /// It refuses the sender of each further mail, and stays.
    RefusesSenders,
    /// It closes the connection at the next mail's recipient.
    ClosesAtRecipient,
}

impl SmtpSink {
    pub fn start() -> Self {
        Self::begin(true)
    }

    /// One that wants to answer each command before the next one comes.
    pub fn without_pipelining() -> Self {
        Self::begin(false)
    }

    fn begin(knows_pipelining: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared { knows_pipelining, ..Shared::default() });
        let sink = Self { port, shared: shared.clone() };
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (stream, shared) = (stream.unwrap(), shared.clone());
                thread::spawn(move || {
                    shared.enter();
                    // Whoever goes away in the middle has not handed over his mail.
                    let _ = serve(&stream, &shared);
                    shared.state.lock().unwrap().connected -= 1;
                });
            }
        });
        sink
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The first mails are answered only when so many connections have brought one each.
    pub fn answer_once_there_are(&self, connections: usize) {
        self.shared.state.lock().unwrap().gate = connections;
    }

    /// Mails that were brought and are not answered yet.
    pub fn waiting(&self) -> usize {
        self.shared.state.lock().unwrap().waiting
    }

    /// Answers all, from now on.
    pub fn answer(&self) {
        self.answer_once_there_are(0);
        self.shared.changed.notify_all();
    }

    /// From now on this recipient is refused for good.
    pub fn refuse(&self, recipient: &str) {
        self.shared.state.lock().unwrap().refused.push(recipient.to_owned());
    }

    /// From now on it takes so many mails over one connection.
    pub fn limit(&self, mails: usize, enough: Enough) {
        self.shared.state.lock().unwrap().limit = Some((mails, enough));
    }

    /// What it took, as it came over the wire.
    pub fn mails(&self) -> Vec<String> {
        self.shared.state.lock().unwrap().mails.clone()
    }

    /// How many it took.
    pub fn taken(&self) -> usize {
        self.shared.state.lock().unwrap().mails.len()
    }

    /// How many connections there were in all.
    pub fn connections(&self) -> usize {
        self.shared.state.lock().unwrap().connections
    }

    /// How many were connected at a time, at most.
    pub fn most_connected(&self) -> usize {
        self.shared.state.lock().unwrap().most_connected
    }
}

impl Shared {
    fn enter(&self) {
        let mut state = self.state.lock().unwrap();
        state.connected += 1;
        state.connections += 1;
        state.most_connected = state.most_connected.max(state.connected);
    }

    /// How it ends if that is enough over one connection.
    fn enough(&self, mails: usize) -> Option<Enough> {
        self.state.lock().unwrap().limit.and_then(|(most, enough)| (mails >= most).then_some(enough))
    }

    fn take(&self, mail: String) {
        let mut state = self.state.lock().unwrap();
        state.waiting += 1;
        if state.waiting >= state.gate {
            state.gate = 0;
            self.changed.notify_all();
        }
        let mut state = self.changed.wait_while(state, |state| state.gate > 0).unwrap();
        state.waiting -= 1;
        state.mails.push(mail);
    }
}

fn serve(stream: &TcpStream, shared: &Shared) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream);
    let mut writer = stream;
    let mut line = String::new();
    writer.write_all(b"220 sink\r\n")?;
    let (mut has_sender, mut is_refused) = (false, false);
    let mut mails = 0;
    loop {
        line.clear();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" if shared.knows_pipelining => "250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
            "EHLO" => "250-sink\r\n250 8BITMIME\r\n",
            "MAIL" if matches!(shared.enough(mails), Some(Enough::RefusesSenders)) => {
                (has_sender, is_refused) = (false, true);
                "452 4.5.3 too many messages\r\n"
            }
            "MAIL" => {
                (has_sender, is_refused) = (true, false);
                "250 2.1.0 fine\r\n"
            }
            "RCPT" if !has_sender => "503 5.5.1 who sends it?\r\n",
            "RCPT" if matches!(shared.enough(mails), Some(Enough::ClosesAtRecipient)) => {
                writer.write_all(b"421 4.7.0 too many messages\r\n")?;
                return Ok(());
            }
            "RCPT" => {
                is_refused = shared.state.lock().unwrap().refused.iter().any(|refused| line.contains(refused));
                if is_refused { "550 5.1.1 no such person\r\n" } else { "250 2.1.5 fine\r\n" }
            }
            "DATA" if is_refused => "554 5.5.1 no valid recipients\r\n",
            "DATA" => {
                writer.write_all(b"354 go on\r\n")?;
                let mut mail = String::new();
                while !mail.ends_with("\r\n.\r\n") {
                    if lines.read_line(&mut mail)? == 0 {
                        return Ok(());
                    }
                }
                shared.take(mail);
                mails += 1;
                "250 2.0.0 taken\r\n"
            }
            "QUIT" => {
                writer.write_all(b"221 2.0.0 goodbye\r\n")?;
                return Ok(());
            }
            _ => "250 2.0.0 fine\r\n",
        };
        writer.write_all(answer.as_bytes())?;
    }
}
