//! A private Courier IMAP, unpacked by `make setup`: plain text and STARTTLS on one port, TLS from the start on another.
//!
//! It has no MOVE and keeps all folders inside the inbox, `.` between them. Its IDLE looks every 2 s here. Needs root, for
//! a view of the file system of its own.

use std::fs;

use super::account::{Account, runs_as_root};
use super::certificates::{Certificates, LOCALHOST};
use super::folder::Folder;
use super::installed::program;
use super::ports::{Port, greeting_at, is_listened_at};
use super::process::{NotReady, Program, ServerProcess, Signal};
use super::unpacked::Unpacked;

const START: &str = include_str!("start.sh");

/// A running Courier of a test's own.
pub struct Courier {
    // Declared before the folder, hence dropped before it: nothing writes into it any more when it is removed.
    process: Option<ServerProcess>,
    folder: Folder,
    certificates: Certificates,
    unpacked: Unpacked,
    imap: Port,
    imaps: Port,
}

impl Courier {
    /// One with these users and their passwords.
    pub fn start(users: &[(&str, &str)]) -> Self {
        assert!(runs_as_root(), "Courier's paths are compiled in: only root can give it a file system of its own");
        // Somebody else may take a port in the moment between its choice and the start.
        for _ in 0..5 {
            let mut courier = Self::prepare(users);
            if courier.launch().is_ok() {
                return courier;
            }
        }
        panic!("five times in a row somebody else took Courier's port");
    }

    fn prepare(users: &[(&str, &str)]) -> Self {
        let unpacked = Unpacked::find("courier", "courier-imap");
        let folder = Folder::create();
        let certificates = Certificates::create(folder.path(), LOCALHOST);
        let read = |path| fs::read_to_string(path).unwrap();
        let both = read(&certificates.server_certificate) + &read(&certificates.server_key);
        folder.write("both.pem", both);
        let lines = users.iter().map(|(name, password)| format!("{name}:{password}\n"));
        folder.write("users", lines.collect::<String>());
        folder.write("start.sh", START);
        Self { process: None, folder, certificates, unpacked, imap: Port::claim(), imaps: Port::claim() }
    }

    fn launch(&mut self) -> Result<(), NotReady> {
        let owner = Account::for_servers();
        let (imap, imaps) = (self.imap.number(), self.imaps.number());
        let mut process = Program::new(program("unshare", "util-linux"), self.folder.join("courier.log"))
            .arguments("--mount --pid --fork --kill-child /bin/sh")
            .argument(self.folder.join("start.sh"))
            .argument(self.folder.path())
            .argument(self.unpacked.root())
            .argument(self.unpacked.libraries())
            .arguments(&format!("{imap} {imaps} {} {}", owner.user_id, owner.group_id))
            // It does not listen to TERM; with it goes its whole process namespace.
            .if_the_test_dies(Signal::Kill)
            .start();
        process.wait_until_ready(|| {
            is_listened_at(imaps) && greeting_at(imap).is_some_and(|line| line.contains("Courier-IMAP ready"))
        })?;
        self.process = Some(process);
        Ok(())
    }

    /// Cuts all connections and ends the server at once, as a power failure would. The mailboxes stay.
    pub fn stop(&mut self) {
        self.process = None;
    }

    /// Starts it again after [`Courier::stop`], on the same ports.
    pub fn start_again(&mut self) {
        assert!(self.process.is_none(), "Courier runs already");
        self.launch().expect("the ports are claimed and Courier held them before");
    }

    /// Plain text and STARTTLS, on 127.0.0.1.
    pub fn imap_port(&self) -> u16 {
        self.imap.number()
    }

    /// TLS from the start.
    pub fn imaps_port(&self) -> u16 {
        self.imaps.number()
    }

    /// The number of its process, while it runs.
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().map(ServerProcess::id)
    }

    /// The CA (PEM) to trust for `localhost` and `127.0.0.1`, and one that did not issue this server's certificate.
    pub fn certificates(&self) -> &Certificates {
        &self.certificates
    }

    /// What it logged until now.
    pub fn log(&self) -> String {
        self.process.as_ref().map(ServerProcess::log).unwrap_or_default()
    }
}
