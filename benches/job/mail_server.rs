//! The mail server: Dovecot as people install it, with mailboxes that are put back before each run.

use crate::harness::Dovecot;
use crate::harness::account::Account;
use crate::measured::sessions_of;
use crate::sets::{Set, put_mails};
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// The user of whom there is always a mailbox.
pub const USER: &str = "bench";
pub const PASSWORD: &str = "bench";

/// Nothing is written that a server in use would not write, and there is room for everybody.
const AS_INSTALLED: &str = "mail_fsync = optimized\nmail_max_userip_connections = 20000\n\
    protocol imap {\n rawlog_dir =\n}\n\
    service imap-login {\n process_limit = 4000\n client_limit = 5000\n}\n\
    service imap {\n process_limit = 10000\n}\n\
    service auth {\n client_limit = 30000\n}\nservice anvil {\n client_limit = 30000\n}\n";

pub struct MailServer {
    pub dovecot: Dovecot,
    owner: Account,
}

impl MailServer {
    pub fn start() -> Self {
        Self::with_users(&[])
    }

    /// With more users, all with the same password.
    pub fn with_users(more: &[String]) -> Self {
        let builder = Dovecot::builder().user(USER, PASSWORD).extra(AS_INSTALLED);
        let builder = more.iter().fold(builder, |builder, user| builder.user(user, PASSWORD));
        let dovecot = builder.start();
        Self { dovecot, owner: Account::for_servers() }
    }

    /// Gives the user's mailbox this content, as if nothing had happened to it since the server saw it first.
    pub fn put(&self, user: &str, set: &Set) {
        self.put_fresh(user, set);
        if !set.has_indexes() {
            self.look_at_all(user);
            set.keep_indexes(&self.maildir(user));
            self.put_fresh(user, set);
        }
    }

    /// Gives the user's mailbox some mails that the server has never seen.
    pub fn put_mails(&self, user: &str, mails: &[PathBuf]) {
        self.make_home(user);
        put_mails(mails, &self.maildir(user), &self.owner);
    }

    /// Puts a set into the archive folder of imported mail, which is not there yet.
    pub fn put_into_archive(&self, user: &str, set: &Set) {
        // The server keeps a list of folders for each user, in which this one is missing.
        for entry in fs::read_dir(self.maildir(user)).unwrap().map(Result::unwrap) {
            if entry.file_name().to_string_lossy().starts_with("dovecot.list") {
                fs::remove_file(entry.path()).unwrap();
            }
        }
        let folder = self.maildir(user).join(".Archive.Imported");
        put_mails(&set.sorted_mails(), &folder, &self.owner);
        let marker = folder.join("maildirfolder");
        fs::write(&marker, "").unwrap();
        self.owner.own(&marker);
        let counted = self.dovecot.doveadm(&["mailbox", "status", "-u", user, "messages", "Archive/Imported"]);
        assert!(counted.contains(&format!("messages={}", set.mails)), "the server does not see the archive: {counted}");
    }

    fn put_fresh(&self, user: &str, set: &Set) {
        self.make_home(user);
        set.put_into(&self.maildir(user), &self.owner);
    }

    fn make_home(&self, user: &str) {
        let home = self.home(user);
        let _ = fs::remove_dir_all(&home);
        fs::create_dir(&home).unwrap();
        self.owner.own(&home);
    }

    /// How many sessions there are now, of all users.
    pub fn open_sessions(&self) -> usize {
        sessions_of(self.dovecot.process_id().unwrap()).len()
    }

    /// How many mails are in the inbox.
    pub fn in_inbox(&self, user: &str) -> u32 {
        in_folder(&self.maildir(user))
    }

    /// How many mails are in the archive and the folders below it.
    pub fn in_archive(&self, user: &str) -> u32 {
        let entries = fs::read_dir(self.maildir(user)).unwrap().map(|entry| entry.unwrap());
        let archive = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(".Archive"));
        archive.map(|entry| in_folder(&entry.path())).sum()
    }

    pub fn maildir(&self, user: &str) -> PathBuf {
        self.home(user).join("Maildir")
    }

    fn home(&self, user: &str) -> PathBuf {
        self.dovecot.folder().join("mail").join(user)
    }

    /// Lets an hour pass over the user's inbox, in which the server looked at it. A Maildir that was written to just now it
    /// reads anew at each command, to be sure of what came in within the second.
    pub fn let_settle(&self, user: &str) {
        let earlier = SystemTime::now() - Duration::from_hours(1);
        for folder in ["cur", "new"] {
            fs::File::open(self.maildir(user).join(folder)).unwrap().set_modified(earlier).unwrap();
        }
        self.look(user, "NOOP");
    }

    /// What makes the server index a mailbox.
    fn look_at_all(&self, user: &str) {
        self.look(user, "UID FETCH 1:* (FLAGS RFC822.SIZE)");
    }

    fn look(&self, user: &str, command: &str) {
        let mut connection = TcpStream::connect((Ipv4Addr::LOCALHOST, self.dovecot.imap_port())).unwrap();
        let commands = format!("a LOGIN {user} {PASSWORD}\r\nb SELECT INBOX\r\nc {command}\r\nd LOGOUT\r\n");
        connection.write_all(commands.as_bytes()).unwrap();
        let mut answers = String::new();
        connection.read_to_string(&mut answers).unwrap();
        assert!(answers.contains("\r\nc OK"), "the server cannot look at the mailbox");
    }
}

/// How many mails are in a Maildir.
pub fn in_folder(maildir: &Path) -> u32 {
    let folders = ["cur", "new"].into_iter().filter_map(|folder| fs::read_dir(maildir.join(folder)).ok());
    u32::try_from(folders.map(Iterator::count).sum::<usize>()).unwrap()
}
