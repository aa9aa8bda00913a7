//! What lies in the people's mailboxes while the demonstration runs: there is no mail program to look with.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use mail_parser::{Addr, MessageParser};

use crate::background::Background;
use crate::harness::Dovecot;

/// The file that says where the mailboxes are.
const PLACE: &str = "mailboxes";

/// Keeps in mind where they are.
pub fn note(folder: &Path, dovecot: &Dovecot) {
    fs::write(folder.join(PLACE), dovecot.folder().join("mail").to_str().unwrap()).unwrap();
}

/// Prints the newest mail in each inbox, or in those of `who`.
pub fn show(demo: &Background, who: &[&str]) -> ExitCode {
    let place = demo.folder().and_then(|folder| fs::read_to_string(folder.join(PLACE)).ok());
    let Some(place) = place.map(PathBuf::from) else {
        eprintln!("No demo is running: `make demo` starts it.");
        return ExitCode::FAILURE;
    };
    let mut names: Vec<String> = entries(&place).iter().map(|path| name(path)).collect();
    names.sort();
    if let Some(unknown) = who.iter().find(|who| !names.iter().any(|name| name == *who)) {
        eprintln!("There is no mailbox {unknown}; there are: {}", names.join(", "));
        return ExitCode::FAILURE;
    }
    let mut shown = String::new();
    for name in names.iter().filter(|name| who.is_empty() || who.contains(&name.as_str())) {
        let mails = ["cur", "new"].map(|folder| entries(&place.join(name).join("Maildir").join(folder))).concat();
        let newest = mails.iter().max_by_key(|path| self::name(path)).map(|path| fs::read(path).unwrap());
        let mails_word = if mails.len() == 1 { "mail" } else { "mails" };
        writeln!(shown, "──── {name}: {} {mails_word}\n", mails.len()).unwrap();
        if let Some(mail) = newest.as_deref().and_then(|mail| MessageParser::default().parse(mail)) {
            let from = mail.from().and_then(|from| from.first()).and_then(Addr::address).unwrap_or_default();
            let text = mail.body_text(0).unwrap_or_default();
            writeln!(shown, "From: {from}\nSubject: {}\n\n{}\n", mail.subject().unwrap_or_default(), text.trim_end())
                .unwrap();
        }
    }
    // Whoever stops reading has seen enough.
    let _ = std::io::stdout().lock().write_all(shown.as_bytes());
    ExitCode::SUCCESS
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect()).unwrap_or_default()
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
