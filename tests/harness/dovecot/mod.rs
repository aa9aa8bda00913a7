//! A private Dovecot: IMAP in plain text, by STARTTLS and by TLS from the start, and LMTP on a Unix socket.
//!
//! Folder names are written as in the product's settings: plain Unicode, `/` between them, no prefix.

mod configuration;
mod mailboxes;
mod rawlog;

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use self::configuration::Placement;
use super::account::Account;
use super::certificates::Certificates;
use super::folder::Folder;
use super::installed::{missing, program};
use super::ports::Port;
use super::process::{NotReady, Program, ServerProcess};
use super::token_endpoint;

pub use self::configuration::Builder;
pub use self::mailboxes::StoredMail;

/// The users there are unless a test names its own, with their passwords.
pub const USERS: [(&str, &str); 2] = [("anna", "geheim"), ("uta", "Grüße, Straße 7")];

/// A running Dovecot of a test's own.
pub struct Dovecot {
    // Declared before the folder, hence dropped before it: nothing writes into it any more when it is removed.
    process: Option<ServerProcess>,
    folder: Folder,
    certificates: Certificates,
    mail_owner: Account,
    imap: Port,
    imaps: Port,
    separator: char,
    prefix: String,
}

impl Dovecot {
    /// One with the users of [`USERS`], `/` as separator and all its capabilities.
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// For a test that wants something special.
    pub fn builder() -> Builder {
        Builder::default()
    }

    fn start_built(mut wanted: Builder) -> Self {
        if wanted.users.is_empty() {
            wanted = USERS.iter().fold(wanted, |wanted, (name, password)| wanted.user(name, password));
        }
        // Somebody else may take a port in the moment between its choice and the start.
        for _ in 0..5 {
            if let Ok(dovecot) = Self::try_to_start(&wanted) {
                return dovecot;
            }
        }
        panic!("five times in a row somebody else took Dovecot's port");
    }

    fn try_to_start(wanted: &Builder) -> Result<Self, NotReady> {
        let (folder, mail_owner) = (Folder::create(), Account::for_servers());
        let (imap, imaps) = (Port::claim(), Port::claim());
        let certificates = Certificates::that_last(wanted.certificate_days, folder.path(), &wanted.certificate_names);
        folder.write("users", wanted.user_lines());
        folder.write("acls", wanted.rights_lines());
        if wanted.takes_tokens {
            folder.write("oauth2.conf", configuration::token_check_file(folder.path()));
            fs::create_dir_all(folder.join("keys/default/HS256")).unwrap();
            folder.write("keys/default/HS256/default", STANDARD.encode(token_endpoint::KEY));
        }
        for name in ["mail", "raw"] {
            folder.make(name, &mail_owner);
        }
        let placement = Placement {
            folder: folder.path(),
            certificates: &certificates,
            mail_owner: mail_owner.clone(),
            imap: imap.number(),
            imaps: imaps.number(),
        };
        folder.write("dovecot.conf", wanted.configuration(&placement));
        let (separator, prefix) = (wanted.separator, wanted.prefix.clone());
        let mut dovecot = Self { process: None, folder, certificates, mail_owner, imap, imaps, separator, prefix };
        dovecot.launch()?;
        Ok(dovecot)
    }

    /// Cuts all connections and ends the server at once, as a power failure would. The mailboxes stay.
    pub fn stop(&mut self) {
        self.process = None;
    }

    /// Starts it again after [`Dovecot::stop`], on the same ports.
    pub fn start_again(&mut self) {
        assert!(self.process.is_none(), "Dovecot runs already");
        self.launch().expect("the ports are claimed and Dovecot held them before");
    }

    fn launch(&mut self) -> Result<(), NotReady> {
        self.make_run_folders();
        require_plugin("imap", "dovecot-imapd");
        require_plugin("lmtp", "dovecot-lmtpd");
        let mut process = Program::new(program("dovecot", "dovecot-imapd"), self.folder.join("dovecot.out"))
            .arguments("-F -c")
            .argument(self.folder.join("dovecot.conf"))
            .start()
            .also_logs_to(self.folder.join("dovecot.log"));
        process.wait_until_ready(|| self.greets())?;
        self.process = Some(process);
        Ok(())
    }

    /// Fresh for each start: a socket left behind by the run before makes Dovecot wait for 5 s.
    fn make_run_folders(&self) {
        for name in ["run", "state"] {
            let path = self.folder.join(name);
            let _ = fs::remove_dir_all(&path);
            fs::create_dir(&path).unwrap();
        }
    }

    /// A connection alone proves little: with a broken part behind it Dovecot greets with `* BYE`.
    fn greets(&self) -> bool {
        let Ok(connection) = TcpStream::connect((Ipv4Addr::LOCALHOST, self.imap_port())) else { return false };
        connection.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
        let mut greeting = String::new();
        let is_read = BufReader::new(connection).read_line(&mut greeting).is_ok();
        is_read && greeting.starts_with("* OK") && greeting.contains(self.folder.name())
    }

    /// Plain text and STARTTLS, on 127.0.0.1.
    pub fn imap_port(&self) -> u16 {
        self.imap.number()
    }

    /// TLS from the start.
    pub fn imaps_port(&self) -> u16 {
        self.imaps.number()
    }

    /// The CA (PEM) to trust for `localhost` and `127.0.0.1`.
    pub fn ca_file(&self) -> &Path {
        &self.certificates.ca_file
    }

    /// A CA that did not issue this server's certificate.
    pub fn other_ca_file(&self) -> &Path {
        &self.certificates.other_ca_file
    }

    /// All its certificates and keys.
    pub fn certificates(&self) -> &Certificates {
        &self.certificates
    }

    /// Where LMTP is spoken, mode 0666. Recipients are users, with or without a domain.
    pub fn lmtp_socket(&self) -> PathBuf {
        self.folder.join("run/lmtp")
    }

    /// Where an SMTP server has its users' logins checked, with Dovecot's protocol for that.
    pub fn login_socket(&self) -> PathBuf {
        self.folder.join("run/auth-smtp")
    }

    /// Its folder, which is gone when it is dropped.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The number of its process, while it runs.
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().map(ServerProcess::id)
    }

    /// What it logged until now.
    pub fn log(&self) -> String {
        self.process.as_ref().map(ServerProcess::log).unwrap_or_default()
    }
}

/// Dovecot's packages hold its protocols apart; without one it starts and then fails in a way nobody understands.
fn require_plugin(name: &str, package: &str) {
    if !Path::new("/usr/lib/dovecot").join(name).is_file() {
        missing(&format!("Dovecot's {name}"), package);
    }
}
