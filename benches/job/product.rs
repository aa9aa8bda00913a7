//! The program that is measured: as it is released, unlike the one that tests start, which can be made to kill itself.

use crate::harness::Folder;
use crate::harness::installed::output_of;
use crate::mail_server::{MailServer, PASSWORD, USER};
use crate::sets;
use crate::wanted::Wanted;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The program, and a folder for its settings.
pub struct Product {
    program: PathBuf,
    folder: Folder,
}

/// One mailbox of its settings.
pub struct Mailbox {
    user: String,
    port: u16,
    ca_file: Option<PathBuf>,
    more: String,
}

impl Mailbox {
    pub fn plain(server: &MailServer) -> Self {
        Self::at(server.dovecot.imap_port())
    }

    pub fn at(port: u16) -> Self {
        Self { user: USER.to_owned(), port, ca_file: None, more: String::new() }
    }

    pub fn tls(server: &MailServer) -> Self {
        Self { ca_file: Some(server.dovecot.ca_file().to_owned()), ..Self::at(server.dovecot.imaps_port()) }
    }

    /// Of another user.
    pub fn of(mut self, user: &str) -> Self {
        user.clone_into(&mut self.user);
        self
    }

    /// With more lines.
    pub fn with(mut self, lines: &str) -> Self {
        self.more.push_str(lines);
        self.more.push('\n');
        self
    }

    fn written(&self) -> String {
        let tls = match &self.ca_file {
            Some(file) => format!("tls = \"implicit\"\nca_file = \"{}\"", file.display()),
            None => "tls = \"none\"".to_owned(),
        };
        format!(
            "[[mailbox]]\ntenant = \"bench\"\naddress = \"{user}@jobs.example.com\"\nhost = \"127.0.0.1\"\n\
             port = {port}\n{tls}\nusername = \"{user}\"\npassword_file = \"password\"\n{more}",
            user = self.user,
            port = self.port,
            more = self.more
        )
    }
}

impl Product {
    /// Builds it, unless one was named.
    pub fn get(wanted: &Wanted) -> Self {
        let folder = Folder::create();
        let program = folder.join("reply-import");
        let built = wanted.program.clone().unwrap_or_else(build);
        // Nobody builds another one in its place meanwhile.
        fs::copy(built, &program).unwrap();
        folder.write("password", format!("{PASSWORD}\n"));
        Self { program, folder }
    }

    /// A command of it on this database, with these mailboxes and nothing set that need not be.
    pub fn command(&self, url: &str, mailboxes: &[Mailbox], words: &[&str]) -> Command {
        self.command_with("", url, mailboxes, words)
    }

    /// The section with which it keeps so many connections to one mail server; nothing for a program that has no limit.
    pub fn connections(&self, count: usize) -> String {
        let file = self.folder.join("template.toml");
        let _ = fs::remove_file(&file);
        output_of(Command::new(&self.program).arg("--config").arg(&file).arg("init"));
        let has_limit = fs::read_to_string(file).unwrap().contains("[connections]");
        if has_limit { format!("[connections]\nper_host = {count}\nkept_open = {count}\n") } else { String::new() }
    }

    /// As [`Product::command`], with more sections.
    pub fn command_with(&self, sections: &str, url: &str, mailboxes: &[Mailbox], words: &[&str]) -> Command {
        let mut settings = format!(
            "[database]\nurl = \"{url}\"\n[[tenant]]\nname = \"bench\"\nreference_shapes = [\"{{4}}-{{5}}\"]\n\
             staff_domains = [\"personal.example.com\"]\n"
        );
        settings.push_str(sections);
        for mailbox in mailboxes {
            write!(settings, "{}", mailbox.written()).unwrap();
        }
        let file = self.folder.write("reply-import.toml", settings);
        let mut command = Command::new(&self.program);
        command.arg("--config").arg(file).args(words).current_dir(self.folder.path()).stdin(Stdio::null());
        // As the unit file of systemd has it.
        command.env("MALLOC_ARENA_MAX", "2");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("REPLY_IMPORT_") {
                command.env_remove(name);
            }
        }
        command
    }

    /// Runs a command to its end.
    pub fn run(&self, url: &str, mailboxes: &[Mailbox], words: &[&str]) -> String {
        output_of(&mut self.command(url, mailboxes, words))
    }
}

fn build() -> PathBuf {
    eprintln!("bench: building the program as it is released");
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let status = Command::new(cargo).args(["build", "--release", "--locked", "--quiet"]).status().unwrap();
    assert!(status.success(), "the program cannot be built");
    sets::place().parent().unwrap().join("release/reply-import")
}

/// Builds the floors and the skeleton.
pub fn build_floor() -> PathBuf {
    let target = sets::place().join("floor");
    let cargo = std::env::var_os("CARGO").unwrap_or("cargo".into());
    let mut command = Command::new(cargo);
    command.args(["build", "--release", "--locked", "--quiet", "--manifest-path"]);
    command.arg(sets::source("floor/Cargo.toml")).arg("--target-dir").arg(&target);
    assert!(command.status().unwrap().success(), "the floors cannot be built");
    target.join("release/floor")
}
