//! Sets of mails: made once, kept in `target/bench/sets` with the server's indexes, and given to a mailbox by hard links.

use crate::harness::account::{Account, runs_as_root};
use crate::harness::installed::{output_of, program};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// All that is made and installed for the measuring.
pub fn place() -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("bench");
    fs::create_dir_all(&place).unwrap();
    place
}

/// Programs and data that stand in the repository beside this file.
pub fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/job").join(name)
}

/// A set that is there.
#[derive(Clone)]
pub struct Set {
    pub name: String,
    pub folder: PathBuf,
    pub mails: u32,
    pub seen: u32,
    pub files: u32,
    pub octets: u64,
}

impl Set {
    /// `mix-N`, `small-N`, `tiny-N`, `file:OCTETS-N`, each with `-SEEN` at the end if so many of them are seen.
    pub fn named(name: &str) -> Self {
        let words: Vec<&str> = name.split('-').collect();
        let [mix, count, ref seen @ ..] = words[..] else { panic!("{name}: a set is called such as mix-500") };
        let seen = seen.first().map_or(0, |seen| seen.parse().expect("how many are seen"));
        let mails: u32 = count.parse().expect("how many mails a set has");
        let folder = place().join("sets").join(name);
        let about = folder.with_extension("json");
        if !about.is_file() {
            make(&folder, mix, mails, seen);
        }
        let about: Value = serde_json::from_str(&fs::read_to_string(about).unwrap()).unwrap();
        let number = |key: &str| u32::try_from(about[key].as_u64().unwrap()).unwrap();
        Self {
            name: name.to_owned(),
            folder,
            mails: number("count"),
            seen,
            files: number("files"),
            octets: about["octets"].as_u64().unwrap(),
        }
    }

    /// How many mails wait to be imported.
    pub fn unseen(&self) -> u32 {
        self.mails - self.seen
    }

    /// The mails' own files.
    pub fn mail_files(&self) -> PathBuf {
        self.folder.join("cur")
    }

    /// Its mails' files in their order.
    pub fn sorted_mails(&self) -> Vec<PathBuf> {
        let mut mails = entries(&self.mail_files());
        mails.sort();
        mails
    }

    /// Puts the set into a Maildir that is not there yet.
    pub fn put_into(&self, maildir: &Path, owner: &Account) {
        put_mails(&entries(&self.mail_files()), maildir, owner);
        for index in entries(&self.folder).iter().filter(|path| is_index(path)) {
            copy(index, &maildir.join(index.file_name().unwrap()), owner);
        }
    }

    pub fn has_indexes(&self) -> bool {
        entries(&self.folder).iter().any(|path| is_index(path))
    }

    /// Keeps what the server wrote about the mails when it looked at them first.
    pub fn keep_indexes(&self, maildir: &Path) {
        for index in entries(maildir).iter().filter(|path| is_index(path)) {
            fs::copy(index, self.folder.join(index.file_name().unwrap())).unwrap();
        }
    }
}

/// Makes a Maildir with these mails.
pub fn put_mails(mails: &[PathBuf], maildir: &Path, owner: &Account) {
    for folder in [maildir.to_owned(), maildir.join("cur"), maildir.join("new"), maildir.join("tmp")] {
        fs::create_dir(&folder).unwrap();
        owner.own(&folder);
    }
    for mail in mails {
        let there = maildir.join("cur").join(mail.file_name().unwrap());
        // Where the server's folder is on another disk.
        if fs::hard_link(mail, &there).is_err() {
            copy(mail, &there, owner);
        }
    }
}

/// Users, candidates and applications to which the mails of all sets belong.
pub fn directory() -> PathBuf {
    let file = place().join("directory.jsonl");
    if !file.is_file() {
        let nothing = place().join("sets/nothing");
        output_of(generator(&nothing, "tiny", 0, 0).arg("--directory").arg(&file));
    }
    file
}

fn make(folder: &Path, mix: &str, mails: u32, seen: u32) {
    eprintln!("bench: making {mails} mails ({mix})");
    let half = folder.with_extension("half");
    let _ = fs::remove_dir_all(&half);
    let _ = fs::remove_dir_all(folder);
    let mix = if mix == "mix" { "reply" } else { mix };
    let about = output_of(&mut generator(&half, mix, mails, seen));
    fs::rename(&half, folder).unwrap();
    fs::write(folder.with_extension("json"), about).unwrap();
}

fn generator(maildir: &Path, mix: &str, mails: u32, seen: u32) -> Command {
    let mut command = Command::new(program("python3", "python3"));
    command.arg(source("make_mailbox.py")).arg(maildir).args(["--mix", mix]);
    command.args(["--count", &mails.to_string(), "--seen", &seen.to_string()]);
    if runs_as_root() {
        let owner = Account::for_servers();
        command.args(["--owner", &format!("{}:{}", owner.user_id, owner.group_id)]);
    }
    command
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn is_index(path: &Path) -> bool {
    path.is_file() && path.file_name().unwrap().to_string_lossy().starts_with("dovecot")
}

fn copy(from: &Path, to: &Path, owner: &Account) {
    fs::copy(from, to).unwrap();
    owner.own(to);
}
