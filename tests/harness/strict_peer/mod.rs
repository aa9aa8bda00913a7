//! An IMAP server of a test's own that keeps to the letter of RFC 3501 and, at one place, does what the test says: what no
//! real server can be made to do.
//!
//! It complains of commands that a careful client never sends (a plain EXPUNGE, CLOSE, what was not offered, what does
//! not fit the state of the connection). User `import`, password `geheim`, plain text on 127.0.0.1.

mod answers;
mod conversation;
mod mail_store;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use self::conversation::Conversation;

pub use self::mail_store::{Folder, Kept, MailStore};

/// What the peer does with a command, one after the other.
#[derive(Clone, Debug)]
pub enum Act {
    /// Does what was asked and answers as it should.
    Obey,
    /// Does what was asked and sends only so many lines of the answer.
    ObeyInPart(usize),
    /// Sends this line; `TAG` becomes the command's tag.
    Say(String),
    /// Sends this line over and over, until the client says something.
    Repeat(&'static str),
    /// Says nothing more until the client goes away.
    Silence,
    /// Ends the connection.
    Close,
}

/// Sends one line.
pub fn say(line: &str) -> Act {
    Act::Say(line.to_owned())
}

/// A command that came in.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Without its tag; `GREETING` for the connection itself.
    pub command: String,
    /// Its name: one word, or two for UID commands.
    pub verb: String,
    /// The folder that is open.
    pub folder: Option<String>,
}

/// What is done with a command; `None` is to obey.
pub type Trick = Box<dyn FnMut(&Seen, &mut MailStore) -> Option<Vec<Act>> + Send>;

/// A running peer, until dropped.
pub struct StrictPeer {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    store: Mutex<MailStore>,
    trick: Mutex<Option<Trick>>,
    seen: Mutex<Vec<Seen>>,
    complaints: Mutex<Vec<String>>,
    is_over: AtomicBool,
}

impl StrictPeer {
    /// With an empty inbox, all archive folders missing, and MOVE, UIDPLUS and IDLE.
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let shared = Arc::new(Shared {
            store: Mutex::new(MailStore::new()),
            trick: Mutex::new(None),
            seen: Mutex::default(),
            complaints: Mutex::default(),
            is_over: AtomicBool::new(false),
        });
        let peer = Self { address: listener.local_addr().unwrap(), shared: Arc::clone(&shared) };
        thread::spawn(move || {
            for connection in listener.incoming() {
                if shared.is_over.load(Ordering::Relaxed) {
                    return;
                }
                let (connection, shared) = (connection.unwrap(), Arc::clone(&shared));
                // How a connection ends is the client's business.
                thread::spawn(move || -> io::Result<()> { Conversation::new(connection, shared)?.hold() });
            }
        });
        peer
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// From now on commands are dealt with so.
    pub fn play(&self, trick: impl FnMut(&Seen, &mut MailStore) -> Option<Vec<Act>> + Send + 'static) {
        *self.shared.trick.lock().unwrap() = Some(Box::new(trick));
    }

    /// From now on every command of this name is dealt with so.
    pub fn play_at(&self, verb: &'static str, acts: Vec<Act>) {
        self.play(move |seen, _| (seen.verb == verb).then(|| acts.clone()));
    }

    /// From now on it obeys again.
    pub fn behave(&self) {
        *self.shared.trick.lock().unwrap() = None;
    }

    /// Looks into the mailbox, or changes it as another client would.
    pub fn with<T>(&self, change: impl FnOnce(&mut MailStore) -> T) -> T {
        change(&mut self.shared.store.lock().unwrap())
    }

    /// Puts a mail into the inbox, unseen, and gives its UID.
    pub fn deliver(&self, mail: impl Into<Vec<u8>>) -> u32 {
        self.with(|store| store.deliver(mail.into()))
    }

    /// How many mails lie in a folder; none in one that is not there.
    pub fn count(&self, folder: &str) -> usize {
        self.with(|store| store.folders.get(folder).map_or(0, |folder| folder.mails.len()))
    }

    /// The commands until now, without tags; `GREETING` is a connection.
    pub fn commands(&self) -> Vec<String> {
        self.shared.seen.lock().unwrap().iter().map(|seen| seen.command.clone()).collect()
    }

    /// How often a command of this name came in until now.
    pub fn heard(&self, verb: &str) -> usize {
        self.shared.seen.lock().unwrap().iter().filter(|seen| seen.verb == verb).count()
    }

    /// Fails the test if a command came in that no careful client sends.
    pub fn assert_content(&self) {
        let complaints = self.shared.complaints.lock().unwrap();
        assert!(complaints.is_empty(), "{complaints:#?}");
    }
}

impl Drop for StrictPeer {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::Relaxed);
        // Wakes the thread that accepts; should this fail it ends with the process.
        let _ = TcpStream::connect(self.address);
    }
}

impl Seen {
    fn new(command: &str, folder: Option<String>) -> Self {
        let mut words = command.split(' ');
        let first = words.next().unwrap_or_default().to_ascii_uppercase();
        let verb = if first == "UID" { format!("UID {}", words.next().unwrap_or_default()) } else { first };
        Self { command: command.to_owned(), verb, folder }
    }

    /// Whether it asks for the body of this mail of this folder, alone or among others.
    pub fn asks_for_body(&self, store: &MailStore, folder: &str, uid: u32) -> bool {
        let is_open = self.folder.as_deref() == Some(folder);
        is_open && self.command.contains("BODY.PEEK") && store.folders[folder].in_range(&self.command, uid)
    }
}

impl Shared {
    fn acts_on(&self, seen: &Seen) -> Vec<Act> {
        self.seen.lock().unwrap().push(seen.clone());
        let mut trick = self.trick.lock().unwrap();
        let acts = trick.as_mut().and_then(|trick| trick(seen, &mut self.store.lock().unwrap()));
        acts.unwrap_or_else(|| vec![Act::Obey])
    }

    fn complain(&self, of: &str) {
        self.complaints.lock().unwrap().push(of.to_owned());
    }
}
