//! What lies in the mailboxes, read behind the back of every IMAP client, and mail put there the same way.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Dovecot;
use crate::harness::folder::make_folder;
use crate::harness::installed::{output_of, program};
use crate::harness::waiting::wait_for;

/// How long a client may keep changing a folder that a test looks into.
const CALM: Duration = Duration::from_secs(20);

/// One mail as it lies in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredMail {
    /// Its number in the folder.
    pub uid: u32,
    /// Flags and keywords, sorted, such as `\Seen`; never `\Recent`.
    pub flags: Vec<String>,
    /// The whole mail, byte for byte.
    pub bytes: Vec<u8>,
}

impl Dovecot {
    /// Puts a mail into the user's inbox as it is. Waiting IDLE clients are told at once.
    pub fn deliver(&self, user: &str, mail: impl AsRef<[u8]>) {
        self.deliver_at(user, mail, SystemTime::now());
    }

    /// As [`Dovecot::deliver`], and as if somebody had opened it already.
    pub fn deliver_seen(&self, user: &str, mail: impl AsRef<[u8]>) {
        let maildir = self.maildir(user);
        let name = new_file_name();
        let (written, delivered) = (maildir.join("tmp").join(&name), maildir.join("cur").join(format!("{name}:2,S")));
        fs::write(&written, mail).unwrap();
        self.mail_owner.own(&written);
        fs::rename(written, delivered).unwrap();
    }

    /// As [`Dovecot::deliver`], with the time of arrival (INTERNALDATE).
    pub fn deliver_at(&self, user: &str, mail: impl AsRef<[u8]>, arrival: SystemTime) {
        let maildir = self.maildir(user);
        let name = new_file_name();
        let (written, delivered) = (maildir.join("tmp").join(&name), maildir.join("new").join(&name));
        fs::write(&written, mail).unwrap();
        File::options().write(true).open(&written).unwrap().set_modified(arrival).unwrap();
        self.mail_owner.own(&written);
        fs::rename(written, delivered).unwrap();
    }

    /// The mails in a folder in the order of their UIDs, byte for byte. The name is written as in the settings, in
    /// plain Unicode with `/` and without the server's prefix. A folder that is not there has no mails.
    pub fn messages(&self, user: &str, folder: &str) -> Vec<Vec<u8>> {
        self.stored(user, folder).into_iter().map(|mail| mail.bytes).collect()
    }

    /// The mails in a folder with their numbers and flags.
    pub fn stored(&self, user: &str, folder: &str) -> Vec<StoredMail> {
        wait_for("a look at a folder that nobody changes meanwhile", CALM, || self.look_into(user, folder))
    }

    /// `None` if a mail went away or changed its flags between the list and the file.
    fn look_into(&self, user: &str, folder: &str) -> Option<Vec<StoredMail>> {
        if folder != "INBOX" && !self.folders(user).iter().any(|name| name == folder) {
            return Some(Vec::new());
        }
        let server_name = self.server_name(folder);
        let place = self.doveadm(&looking(&["mailbox", "path", "-u", user, &server_name]));
        let query = ["-f", "tab", "fetch", "-u", user, "uid flags storageid", "mailbox", &server_name, "all"];
        let list = self.doveadm_command(&looking(&query)).output().unwrap();
        if !list.status.success() {
            return None;
        }
        let lines = String::from_utf8(list.stdout).unwrap();
        let mut mails =
            lines.lines().skip(1).map(|line| stored_mail(line, place.trim())).collect::<Option<Vec<_>>>()?;
        mails.sort_by_key(|mail| mail.uid);
        Some(mails)
    }

    /// All folders, sorted, written as for [`Dovecot::messages`]. Those that only hold others are there too.
    pub fn folders(&self, user: &str) -> Vec<String> {
        self.plain_names(&self.doveadm(&looking(&["mailbox", "list", "-u", user])))
    }

    /// The folders that the user's mail program shows.
    pub fn subscriptions(&self, user: &str) -> Vec<String> {
        self.plain_names(&self.doveadm(&looking(&["mailbox", "list", "-s", "-u", user])))
    }

    /// Makes a folder, and those above it.
    pub fn create_folder(&self, user: &str, folder: &str) {
        self.doveadm(&["mailbox", "create", "-u", user, &self.server_name(folder)]);
    }

    /// Gives a folder another UIDVALIDITY and its mails other UIDs, as a restored backup does. Nobody may be logged in.
    pub fn renumber(&self, user: &str, folder: &str) {
        let uid_validity =
            || self.doveadm(&["mailbox", "status", "-u", user, "uidvalidity", &self.server_name(folder)]);
        let before = uid_validity();
        let place = PathBuf::from(self.doveadm(&["mailbox", "path", "-u", user, &self.server_name(folder)]).trim());
        // The number is the present second.
        wait_for("another UIDVALIDITY", CALM, || {
            for entry in fs::read_dir(&place).unwrap().map(Result::unwrap) {
                if entry.file_name().to_string_lossy().starts_with("dovecot") {
                    let _ = fs::remove_file(entry.path());
                }
            }
            (uid_validity() != before).then_some(())
        });
    }

    /// Cuts all sessions of a user: `* BYE`, and the end. Says whether there was any.
    pub fn kick(&self, user: &str) -> bool {
        // Exit code 68: nobody of that name was connected.
        let status = self.doveadm_command(&["kick", user]).output().unwrap().status;
        assert!(matches!(status.code(), Some(0 | 68)), "doveadm kick ended with {status}");
        status.success()
    }

    /// How many sessions a user has right now.
    pub fn sessions(&self, user: &str) -> usize {
        let lines = self.doveadm(&["-f", "tab", "who", "-1", user]);
        lines.lines().skip(1).count()
    }

    /// Runs `doveadm` on this instance and gives what it printed.
    pub fn doveadm(&self, arguments: &[&str]) -> String {
        // It is sometimes aborted by a check of its own while another program is just changing the mailbox (seen with
        // search and with lists of folders, Dovecot 2.3.19); asking again is what a person would do.
        for _ in 0..4 {
            let output = self.doveadm_command(arguments).output().unwrap();
            if output.status.success() {
                return String::from_utf8_lossy(&output.stdout).into_owned();
            }
            if output.status.code().is_some() {
                break;
            }
        }
        output_of(&mut self.doveadm_command(arguments))
    }

    fn doveadm_command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(program("doveadm", "dovecot-core"));
        command.arg("-c").arg(self.folder.join("dovecot.conf")).args(arguments);
        command
    }

    /// The user's Maildir, made if nobody has logged in yet.
    fn maildir(&self, user: &str) -> PathBuf {
        let home = self.folder.join("mail").join(user);
        let maildir = home.join("Maildir");
        for folder in [&home, &maildir, &maildir.join("tmp"), &maildir.join("cur"), &maildir.join("new")] {
            make_folder(folder, &self.mail_owner);
        }
        maildir
    }

    fn server_name(&self, folder: &str) -> String {
        if folder == "INBOX" {
            return folder.to_owned();
        }
        format!("{}{}", self.prefix, folder.replace('/', &self.separator.to_string()))
    }

    fn plain_names(&self, lines: &str) -> Vec<String> {
        let plain = |name: &str| name.strip_prefix(&*self.prefix).unwrap_or(name).replace(self.separator, "/");
        // The prefix itself is listed as a folder by the name `INBOX`.
        let mut names = lines.lines().map(plain).collect::<Vec<_>>();
        names.sort();
        names.dedup();
        names
    }
}

/// Arguments of a `doveadm` that only looks. Who looks while a session makes its first folders could end that session: both
/// lock the index of the folders, and `imap` panics with "Resource deadlock avoided" (Dovecot 2.3.19).
fn looking<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&["-o", "mailbox_list_index=no"], arguments].concat()
}

/// From a line `uid TAB flags TAB storageid`; that is the file's name up to the colon before its flags. (The guid is so
/// only until the mail is moved.)
fn stored_mail(line: &str, place: &str) -> Option<StoredMail> {
    let fields = line.split('\t').collect::<Vec<_>>();
    let [uid, flags, name] = fields[..] else { panic!("doveadm answered {line:?}") };
    let mut flags = flags.split(' ').filter(|flag| !flag.is_empty() && *flag != "\\Recent").collect::<Vec<_>>();
    flags.sort_unstable();
    let flags = flags.into_iter().map(str::to_owned).collect();
    Some(StoredMail { uid: uid.parse().unwrap(), flags, bytes: read_mail(place, name)? })
}

fn read_mail(place: &str, name: &str) -> Option<Vec<u8>> {
    let is_it = |path: &PathBuf| {
        let file = path.file_name().unwrap().to_str().unwrap();
        file.split(':').next() == Some(name)
    };
    let files = ["cur", "new"].into_iter().filter_map(|folder| fs::read_dir(PathBuf::from(place).join(folder)).ok());
    fs::read(files.flatten().map(|entry| entry.unwrap().path()).find(is_it)?).ok()
}

/// Dovecot numbers new files by the time in their names: each is later than the one before by a microsecond at least.
fn new_file_name() -> String {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let now = u64::try_from(now.as_micros()).unwrap();
    let before = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(now.max(last + 1))).unwrap();
    let micros = now.max(before + 1);
    format!("{}.M{:06}P{}.localhost", micros / 1_000_000, micros % 1_000_000, std::process::id())
}
