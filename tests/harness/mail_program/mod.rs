//! A mailbox as a mail program sees it: puts mail in, looks, moves, marks. The same on every server, and without any of the
//! product's IMAP.
//!
//! Folder names are written as in the product's settings: plain Unicode, `/` between them, no prefix.

mod connection;
mod modified_utf7;

use connection::Connection;
use std::time::Duration;

/// One user's mailbox on a server that runs on this machine.
pub struct MailProgram {
    port: u16,
    user: String,
    password: String,
    separator: char,
    prefix: String,
}

impl MailProgram {
    /// One that logs in without TLS at 127.0.0.1.
    pub fn new(port: u16, (user, password): (&str, &str), (separator, prefix): (char, &str)) -> Self {
        Self { port, user: user.to_owned(), password: password.to_owned(), separator, prefix: prefix.to_owned() }
    }

    /// Appends mails to the inbox, unseen, in this order.
    pub fn deliver<B: AsRef<[u8]>>(&self, mails: impl IntoIterator<Item = B>) {
        let mut connection = self.connect();
        for mail in mails {
            let answer = connection.append("INBOX", mail.as_ref());
            assert!(connection::is_ok(&answer), "APPEND: {}", answer.last().unwrap().escape_ascii());
        }
    }

    /// Appends a mail to the inbox, if the server takes it; says whether it did.
    pub fn try_to_deliver(&self, mail: &[u8]) -> bool {
        connection::is_ok(&self.connect().append("INBOX", mail))
    }

    /// The mails in a folder in the order of their numbers, byte for byte. A folder that is not there has no mails.
    pub fn messages(&self, folder: &str) -> Vec<Vec<u8>> {
        self.fetch(folder, "BODY.PEEK[]").iter().map(|answer| connection::literal_of(answer).to_owned()).collect()
    }

    /// How many mails are in a folder; none if it is not there.
    pub fn count(&self, folder: &str) -> usize {
        self.fetch(folder, "UID").len()
    }

    /// The flags of the mails in a folder, as the server writes them.
    pub fn flags(&self, folder: &str) -> Vec<String> {
        self.fetch(folder, "FLAGS").iter().map(|answer| String::from_utf8_lossy(answer).into_owned()).collect()
    }

    /// Whether mail programs show the folder.
    pub fn is_subscribed(&self, folder: &str) -> bool {
        let name = self.on_wire(folder);
        let listed = self.connect().succeed("LSUB \"\" \"*\"");
        let unquoted = listed.iter().map(|line| String::from_utf8_lossy(line).trim_end().replace('"', ""));
        let mut lines = unquoted;
        lines.any(|line| line.ends_with(&*name))
    }

    /// Whether the folder is there and can hold mail.
    pub fn can_open(&self, folder: &str) -> bool {
        connection::is_ok(&self.connect().run(&format!("EXAMINE \"{}\"", self.on_wire(folder))))
    }

    /// Makes a folder, if the server takes its name; says whether it did.
    pub fn try_to_create(&self, folder: &str) -> bool {
        let name = self.on_wire(folder).replace('\\', r"\\").replace('"', "\\\"");
        connection::is_ok(&self.connect().run(&format!("CREATE \"{name}\"")))
    }

    /// Runs a command of this server's own, with the names as they are on the wire.
    pub fn succeed(&self, command: &str) {
        self.connect().succeed(command);
    }

    /// Makes a folder; what is above it comes as the server does it.
    pub fn create(&self, folder: &str) {
        self.connect().succeed(&format!("CREATE \"{}\"", self.on_wire(folder)));
    }

    /// Removes a folder with its mails.
    pub fn remove(&self, folder: &str) {
        self.connect().succeed(&format!("DELETE \"{}\"", self.on_wire(folder)));
    }

    /// Marks all mails in a folder as read.
    pub fn read_all(&self, folder: &str) {
        self.opened(folder).succeed("STORE 1:* +FLAGS (\\Seen)");
    }

    /// Marks the first mail in a folder as deleted, and leaves it there.
    pub fn mark_first_as_deleted(&self, folder: &str) {
        self.opened(folder).succeed("STORE 1 +FLAGS (\\Deleted)");
    }

    /// Moves all mails to another folder, as an old mail program does: by copying and deleting.
    pub fn move_all(&self, from: &str, to: &str) {
        let mut connection = self.opened(from);
        connection.succeed(&format!("COPY 1:* \"{}\"", self.on_wire(to)));
        connection.succeed("STORE 1:* +FLAGS (\\Deleted)");
        connection.succeed("EXPUNGE");
    }

    /// Deletes all mails in a folder for good.
    pub fn delete_all(&self, folder: &str) {
        let mut connection = self.opened(folder);
        connection.succeed("STORE 1:* +FLAGS (\\Deleted)");
        connection.succeed("EXPUNGE");
    }

    fn fetch(&self, folder: &str, what: &str) -> Vec<Vec<u8>> {
        let (mut connection, opened) = self.examined(folder);
        let is_empty = opened.iter().any(|line| line.starts_with(b"* 0 EXISTS"));
        if is_empty || !connection::is_ok(&opened) {
            return Vec::new();
        }
        let answers = connection.succeed(&format!("FETCH 1:* ({what})"));
        let is_mail = |answer: &Vec<u8>| {
            let words: Vec<&[u8]> = answer.splitn(4, |byte| *byte == b' ').collect();
            matches!(words[..], [b"*", _, b"FETCH", _])
        };
        answers.into_iter().filter(is_mail).collect()
    }

    /// Courier may never answer who opens a folder that is just being made or removed: then it is asked again.
    fn examined(&self, folder: &str) -> (Connection, Vec<Vec<u8>>) {
        let command = format!("EXAMINE \"{}\"", self.on_wire(folder));
        for _ in 0..4 {
            let mut connection = self.connect();
            if let Some(answers) = connection.run_unless_silent(&command, Duration::from_secs(8)) {
                return (connection, answers);
            }
        }
        panic!("the server is silent whenever {folder} is opened");
    }

    fn opened(&self, folder: &str) -> Connection {
        let mut connection = self.connect();
        connection.succeed(&format!("SELECT \"{}\"", self.on_wire(folder)));
        connection
    }

    fn connect(&self) -> Connection {
        Connection::logged_in(self.port, &self.user, &self.password)
    }

    fn on_wire(&self, folder: &str) -> String {
        if folder == "INBOX" {
            return folder.to_owned();
        }
        let separator = self.separator.to_string();
        format!("{}{}", self.prefix, modified_utf7::encoded(folder).replace('/', &separator))
    }
}
