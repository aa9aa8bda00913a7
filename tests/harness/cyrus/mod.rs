//! A private Cyrus IMAP, unpacked by `make setup`: plain text and STARTTLS on one port, TLS from the start on another.
//!
//! A mailbox appears at its user's first login. Cyrus tells its reasons to syslog alone; where a start fails without a
//! word, run its `imapd` below `strace`.

mod configuration;

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::account::Account;
use super::certificates::{Certificates, LOCALHOST};
use super::folder::Folder;
use super::ports::{Port, greeting_at};
use super::process::{NotReady, Program, ServerProcess, Signal};
use super::unpacked::Unpacked;

/// Where a Cyrus keeps the folders of a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Namespace {
    /// Inside the inbox, `.` between them: what Cyrus calls its standard namespace.
    InsideInbox,
    /// Beside the inbox, `/` between them: `altnamespace` and `unixhierarchysep`.
    BesideInbox,
}

/// A running Cyrus of a test's own.
pub struct Cyrus {
    // Declared before the folder, hence dropped before it: nothing writes into it any more when it is removed.
    process: Option<ServerProcess>,
    folder: Folder,
    certificates: Certificates,
    unpacked: Unpacked,
    imap: Port,
    imaps: Port,
}

impl Cyrus {
    /// One with these users and their passwords.
    pub fn start(namespace: Namespace, users: &[(&str, &str)]) -> Self {
        // Somebody else may take a port in the moment between its choice and the start.
        for _ in 0..5 {
            let mut cyrus = Self::prepare(namespace, users);
            if cyrus.launch().is_ok() {
                return cyrus;
            }
        }
        panic!("five times in a row somebody else took Cyrus's port");
    }

    fn prepare(namespace: Namespace, users: &[(&str, &str)]) -> Self {
        let unpacked = Unpacked::find("cyrus", "cyrus-imapd");
        let (folder, owner) = (Folder::create(), Account::for_servers());
        let certificates = Certificates::create(folder.path(), LOCALHOST);
        for name in ["spool", "run", "tmp", "conf"] {
            folder.make(name, &owner);
        }
        for name in ["socket", "db", "proc", "lock", "log", "msg", "quota", "sieve"] {
            folder.make(&format!("conf/{name}"), &owner);
        }
        for (user, _) in users {
            // Where this is, Cyrus writes down what its clients say.
            folder.make(&format!("conf/log/{user}"), &owner);
        }
        let (imap, imaps) = (Port::claim(), Port::claim());
        folder.write("imapd.conf", configuration::imapd(folder.path(), &owner, &certificates, namespace));
        let binaries = unpacked.join("usr/lib/cyrus/bin");
        folder.write("cyrus.conf", configuration::services(folder.path(), &binaries, imap.number(), imaps.number()));
        let cyrus = Self { process: None, folder, certificates, unpacked, imap, imaps };
        for (user, password) in users {
            cyrus.set_password(user, password);
        }
        owner.own(&cyrus.folder.join("passwords"));
        cyrus
    }

    fn set_password(&self, user: &str, password: &str) {
        let mut command = Command::new(self.unpacked.join("usr/sbin/saslpasswd2"));
        command.args(["-p", "-c", "-u", configuration::REALM, "-f"]).arg(self.folder.join("passwords")).arg(user);
        command.env("LD_LIBRARY_PATH", self.unpacked.libraries()).stdin(Stdio::piped());
        let mut child = command.spawn().expect("sasl2-bin is unpacked with Cyrus");
        child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "saslpasswd2 refused the password of {user}");
    }

    fn launch(&mut self) -> Result<(), NotReady> {
        let libraries: &OsStr = &self.unpacked.libraries();
        let mut process = Program::new(self.unpacked.join("usr/lib/cyrus/bin/master"), self.folder.join("cyrus.out"))
            .argument("-C")
            .argument(self.folder.join("imapd.conf"))
            .argument("-M")
            .argument(self.folder.join("cyrus.conf"))
            .argument("-D")
            .argument("-p")
            .argument(self.folder.join("run/master.pid"))
            .variable("LD_LIBRARY_PATH", libraries)
            // Does not wait for the disk at every step: a mail takes 5 ms instead of 25.
            .variable("LD_PRELOAD", "libeatmydata.so.1")
            .run_as(Account::for_servers())
            .if_the_test_dies(Signal::Term)
            .start();
        let port = self.imap.number();
        process.wait_until_ready(|| greeting_at(port).is_some_and(|line| is_greeting(&line)))?;
        self.process = Some(process);
        Ok(())
    }

    /// Cuts all connections and ends the server at once, as a power failure would. The mailboxes stay.
    pub fn stop(&mut self) {
        self.process = None;
    }

    /// Starts it again after [`Cyrus::stop`], on the same ports.
    pub fn start_again(&mut self) {
        assert!(self.process.is_none(), "Cyrus runs already");
        self.launch().expect("the ports are claimed and Cyrus held them before");
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

    /// What clients of a user said after their logins, and the server's answers: its log of conversations.
    pub fn conversations(&self, user: &str) -> String {
        let logs = std::fs::read_dir(self.folder.join(format!("conf/log/{user}"))).unwrap();
        let mut logs: Vec<PathBuf> = logs.map(|entry| entry.unwrap().path()).collect();
        logs.sort();
        logs.iter().map(read).collect()
    }
}

fn read(path: impl AsRef<Path>) -> String {
    String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned()
}

fn is_greeting(line: &str) -> bool {
    line.starts_with("* OK") && line.contains(" Cyrus IMAP ")
}
