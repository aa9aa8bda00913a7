//! One [[mailbox]] and its archive folders.

use super::checker::Checker;
use super::oauth2::WrittenLogin;
use crate::application::FolderName;
use crate::settings::error::suggestion;
use crate::settings::{Archive, Login, Mailbox, Server, Tenant, Tls, written};
use std::time::Duration;

/// What `by_month` puts behind a folder's name.
const MONTH: &str = "/2000-01";

impl Checker<'_> {
    pub(super) fn mailbox(&mut self, n: usize, mailbox: written::Mailbox, tenants: &[Tenant]) -> Option<Mailbox> {
        let key = |name: &str| format!("mailbox.{n}.{name}");
        if !tenants.iter().any(|tenant| tenant.name == mailbox.tenant) {
            let names: Vec<&str> = tenants.iter().map(|tenant| tenant.name.as_str()).collect();
            let hint = suggestion(&mailbox.tenant, &names);
            self.fault(key("tenant"), format!("There is no [[tenant]] named `{}`{hint}", mailbox.tenant));
        }
        if mailbox.poll_interval < Duration::from_secs(1) {
            self.fault(key("poll_interval"), "Write at least \"1s\"");
        }
        if mailbox.max_attempts == 0 {
            self.fault(key("max_attempts"), "Write at least 1");
        }
        let (password_file, password_command) = (mailbox.password_file, mailbox.password_command);
        if password_file.is_none() && password_command.is_none() && mailbox.oauth2.is_none() {
            let text = "Name a file or a `password_command` that gives the password, or write `oauth2`";
            self.fault(key("password_file"), text);
        }
        let by = self.login(&key(""), WrittenLogin { password_file, password_command, oauth2: mailbox.oauth2 });
        let port = mailbox.port.unwrap_or(if mailbox.tls == Tls::Implicit { 993 } else { 143 });
        self.protected(&key("tls"), mailbox.tls, &mailbox.host);
        let ca_file = mailbox.ca_file.map(|path| self.places.beside(&path));
        self.file(&key("ca_file"), ca_file.as_deref());
        let folder = self.mail_folder(&key("folder"), &mailbox.folder);
        let archive = self.archive(&key("archive"), mailbox.archive, &mailbox.folder);
        let username = mailbox.username.unwrap_or_else(|| mailbox.address.as_str().to_owned());
        Some(Mailbox {
            tenant: mailbox.tenant,
            address: mailbox.address,
            name: mailbox.name,
            server: Server {
                host: mailbox.host,
                port,
                tls: mailbox.tls,
                ca_file,
                login: Some(Login { username, by: by? }),
            },
            folder: folder?,
            poll_interval: mailbox.poll_interval,
            idle: mailbox.idle,
            max_size: mailbox.max_size,
            adopt_seen: mailbox.adopt_seen,
            max_attempts: mailbox.max_attempts,
            archive,
        })
    }

    fn mail_folder(&mut self, key: &str, name: &str) -> Option<FolderName> {
        FolderName::parse(name).map_err(|error| self.fault(key, format!("`{name}` is {error}"))).ok()
    }

    fn archive(&mut self, key: &str, archive: written::Archive, inbox: &str) -> Archive {
        let names = [archive.imported, archive.unassigned, archive.repeated, archive.automatic, archive.set_aside];
        for name in names.iter().chain(std::iter::once(&archive.root)).filter(|name| !name.is_empty()) {
            self.mail_folder(key, name);
        }
        if names.iter().any(String::is_empty) {
            self.fault(key, "Every outcome needs a folder");
        }
        let root = archive.root;
        let full = |name: &String| if root.is_empty() { name.clone() } else { format!("{root}/{name}") };
        if names.iter().any(|name| full(name).eq_ignore_ascii_case(inbox)) {
            self.fault(key, format!("An archive folder must not be the inbox `{inbox}`"));
        }
        let most = FolderName::MAX_CHARS - MONTH.len();
        if names.iter().any(|name| full(name).chars().count() > most) {
            self.fault(key, format!("A folder's name is too long; with `root` it may have {most} letters"));
        }
        Archive { root, names, by_month: archive.by_month }
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::tests::{GOOD, settings};

    #[test]
    fn what_no_folder_can_be_called_is_refused_before_a_server_is_asked() {
        let named = |key: &str, name: &str| settings(GOOD, &[(key, name)]);
        let inbox = named("REPLY_IMPORT_MAILBOX__0__FOLDER", "Inbox/Antworten").unwrap();
        assert_eq!(inbox.mailboxes[0].folder.to_string(), "INBOX/Antworten");
        for name in ["", "INBOX/", "/Antworten", "a//b", "Antworten*", "50%", "a/ b"] {
            let said = named("REPLY_IMPORT_MAILBOX__0__FOLDER", name).unwrap_err().to_string();
            assert!(said.contains(&format!("`mailbox.0.folder`: `{name}` is not a folder name")), "{said}");
        }
        for (key, name) in [("ROOT", "Archiv/"), ("IMPORTED", "a*"), ("SET_ASIDE", "a/ b")] {
            let said = named(&format!("REPLY_IMPORT_MAILBOX__0__ARCHIVE__{key}"), name).unwrap_err().to_string();
            assert!(said.contains(&format!("`mailbox.0.archive`: `{name}` is not a folder name")), "{said}");
        }
        named("REPLY_IMPORT_MAILBOX__0__ARCHIVE__ROOT", "").unwrap();
        // `/SetAside` and the month go behind it.
        named("REPLY_IMPORT_MAILBOX__0__ARCHIVE__ROOT", &"a".repeat(181)).unwrap();
        let said = named("REPLY_IMPORT_MAILBOX__0__ARCHIVE__ROOT", &"a".repeat(182)).unwrap_err().to_string();
        assert!(said.contains("it may have 192 letters"), "{said}");
    }
}
