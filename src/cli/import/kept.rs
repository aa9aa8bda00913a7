//! The mails of an mbox file or a Maildir folder, one after the other.

use super::mbox::{FROM_LINE, Mails, Taken};
use crate::import::{BEGINNING, Content, MailInHand};
use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::iter::Peekable;
use std::path::{Path, PathBuf};

/// How another system keeps mail.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum Form {
    /// One file, in which each mail begins with a line `From ADDRESS DATE`
    Mbox,
    /// A folder with `new` and `cur` in it, and a file for each mail
    Maildir,
}

/// A mail and how a person finds it; or, in its place, why it cannot be had.
pub(super) type Found = (String, Result<MailInHand>);

/// The mails there, each when it is wanted: those of a Maildir by the time they came in, those of an mbox in its order.
///
/// # Errors
///
/// It is not there, cannot be read, or has another form.
pub(super) fn mails(form: Form, path: &Path, max_size: u64) -> Result<Box<dyn Iterator<Item = Found>>> {
    match form {
        Form::Mbox => Ok(Box::new(Mbox::open(path, max_size)?)),
        Form::Maildir => {
            let files = maildir_files(path)?;
            Ok(Box::new(files.into_iter().map(move |file| (file.display().to_string(), from_file(&file, max_size)))))
        }
    }
}

/// All files of a Maildir, by name: a name begins with the second in which the mail came in.
fn maildir_files(path: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in ["new", "cur"] {
        let folder = path.join(folder);
        let entries = fs::read_dir(&folder).with_context(|| {
            format!("{} is no Maildir: its folder {} cannot be read", path.display(), folder.display())
        })?;
        for entry in entries {
            let entry = entry.with_context(|| format!("Cannot read {}", folder.display()))?;
            // Files that begin with a dot are no mail.
            let is_mail = !entry.file_name().as_encoded_bytes().starts_with(b".");
            if is_mail && !entry.path().is_dir() {
                files.push(entry.path());
            }
        }
    }
    files.sort_by(|one, next| one.file_name().cmp(&next.file_name()));
    Ok(files)
}

fn from_file(path: &Path, max_size: u64) -> Result<MailInHand> {
    let file = File::open(path).with_context(|| format!("Cannot read {}", path.display()))?;
    let about = file.metadata()?;
    let size = about.len();
    let mut bytes = Vec::new();
    let wanted = if size > max_size { u64::from(BEGINNING) } else { size };
    file.take(wanted).read_to_end(&mut bytes).with_context(|| format!("Cannot read {}", path.display()))?;
    let content = if size > max_size { Content::Beginning(bytes) } else { Content::Whole(bytes) };
    let received_at = match path.file_name().and_then(second_of) {
        Some(time) => time,
        None => about.modified()?.into(),
    };
    Ok(MailInHand { place: None, content, size, received_at, attempt: 1 })
}

fn second_of(name: &OsStr) -> Option<DateTime<Utc>> {
    let (second, _) = name.to_str()?.split_once('.')?;
    DateTime::from_timestamp(second.parse().ok()?, 0)
}

/// The mails of an mbox file.
struct Mbox {
    path: PathBuf,
    mails: Peekable<Mails<BufReader<File>>>,
    max_size: u64,
    /// How many were taken, and where the last of them was cut wrongly the next is its rest.
    taken: u64,
    is_rest: bool,
}

impl Mbox {
    fn open(path: &Path, max_size: u64) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("Cannot read {}", path.display()))?;
        if file.metadata()?.is_dir() {
            bail!("{} is a folder and no mbox file; is it a Maildir (`--from maildir`)?", path.display());
        }
        let mut reader = BufReader::new(file);
        let begins = reader.fill_buf()?;
        if !begins.is_empty() && !begins.starts_with(FROM_LINE) {
            bail!("{} is no mbox file: it does not begin with a line `From ADDRESS DATE`", path.display());
        }
        let mails = Mails::of(reader).peekable();
        Ok(Self { path: path.to_owned(), mails, max_size, taken: 0, is_rest: false })
    }

    fn in_hand(&self, received_at: DateTime<Utc>, mut bytes: Vec<u8>) -> MailInHand {
        // The empty line before the next mail is none of this one's.
        let blank: &[u8] = if bytes.ends_with(b"\r\n\r\n") { b"\r\n" } else { b"\n" };
        if bytes.ends_with(b"\n\n") || blank.len() == 2 {
            bytes.truncate(bytes.len().saturating_sub(blank.len()));
        }
        let size = bytes.len() as u64;
        let content = if size > self.max_size {
            bytes.truncate(BEGINNING as usize);
            Content::Beginning(bytes)
        } else {
            Content::Whole(bytes)
        };
        MailInHand { place: None, content, size, received_at, attempt: 1 }
    }
}

impl Iterator for Mbox {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        let mail = self.mails.next()?;
        self.taken += 1;
        let name = format!("{}, mail {}", self.path.display(), self.taken);
        let Taken { received_at, bytes } = match mail {
            Ok(mail) => mail,
            Err(error) => return Some((name, Err(error))),
        };
        // A line of its text that begins with `From ` and was not marked cuts a mail; such a line has no date.
        let was_rest = std::mem::take(&mut self.is_rest);
        let is_cut = matches!(self.mails.peek(), Some(Ok(next)) if next.received_at.is_none());
        self.is_rest = is_cut;
        let Some(received_at) = received_at.filter(|_| !was_rest && !is_cut) else {
            let why = "a line in it begins with `From ` and is not marked with `>`, so that its end cannot be told; \
                       take it by itself (`import FILE.eml`)";
            return Some((name, Err(anyhow::anyhow!(why))));
        };
        let mail = self.in_hand(received_at, bytes);
        Some((name, Ok(mail)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, mails};
    use crate::import::Content;
    use std::fs;

    fn found(form: Form, path: &std::path::Path, max_size: u64) -> Vec<(String, Option<(String, i64)>)> {
        let found = mails(form, path, max_size).unwrap().map(|(name, mail)| {
            let mail = mail.ok().map(|mail| {
                let mark = if matches!(mail.content, Content::Beginning(_)) { "cut " } else { "" };
                let text = String::from_utf8_lossy(mail.content.bytes()).into_owned();
                (format!("{mark}{text}"), mail.received_at.timestamp())
            });
            (name, mail)
        });
        found.collect()
    }

    fn of_mbox(text: &str) -> Vec<Option<(String, i64)>> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("box");
        fs::write(&path, text).unwrap();
        found(Form::Mbox, &path, 1000).into_iter().map(|(_, mail)| mail).collect()
    }

    #[test]
    fn an_mbox_is_read_mail_by_mail_with_the_times_of_its_lines() {
        let text = "From a@example.org Sat Jan  3 01:05:34 1998\nSubject: a\n\nText\n>From here\n\n\
                    From b@example.org Sun Jan  4 01:05:34 1998\nSubject: b\n\nLast\n";
        let first = Some(("Subject: a\n\nText\nFrom here\n".to_owned(), 883_789_534));
        assert_eq!(of_mbox(text), [first, Some(("Subject: b\n\nLast\n".to_owned(), 883_875_934))]);
        assert_eq!(of_mbox(""), []);
    }

    #[test]
    fn a_mail_that_an_unmarked_line_cuts_is_not_taken_in_parts_and_those_beside_it_are() {
        let text = "From a@example.org Sat Jan  3 01:05:34 1998\nSubject: a\n\nText\n\nFrom here it goes on\n\n\
                    From b@example.org Sun Jan  4 01:05:34 1998\nSubject: b\n\nLast\n";
        let [cut, rest, whole] = <[_; 3]>::try_from(of_mbox(text)).unwrap();
        assert_eq!((cut, rest), (None, None));
        assert!(whole.is_some());
    }

    #[test]
    fn what_is_no_mbox_or_maildir_is_said_before_anything_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mail.eml");
        fs::write(&path, "Subject: no mbox\n\nText\n").unwrap();
        let wrong = |form, path| mails(form, path, 1000).err().unwrap().to_string();
        assert!(wrong(Form::Mbox, &path).contains("`From ADDRESS DATE`"));
        assert!(wrong(Form::Mbox, folder.path()).contains("--from maildir"));
        assert!(wrong(Form::Maildir, &path).contains("no Maildir"));
    }

    #[test]
    fn a_maildir_is_read_by_the_times_in_its_names_and_of_what_is_too_large_only_the_beginning() {
        let folder = tempfile::tempdir().unwrap();
        for (name, size) in [("cur/1700000002.M1.host:2,S", 10), ("new/1700000001.M9.host", 20), ("cur/.hidden", 5)] {
            fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
            fs::write(folder.path().join(name), "x".repeat(size)).unwrap();
        }
        let mails: Vec<_> =
            found(Form::Maildir, folder.path(), 15).into_iter().map(|(_, mail)| mail.unwrap()).collect();
        assert_eq!(mails, [(format!("cut {}", "x".repeat(20)), 1_700_000_001), ("x".repeat(10), 1_700_000_002)]);
    }
}
