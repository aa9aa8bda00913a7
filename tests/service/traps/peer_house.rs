//! An installation whose mailboxes lie on peers that do what the test says.

use crate::harness::strict_peer::StrictPeer;
use crate::harness::{Service, service};
use crate::house::{DIRECTORY, json_lines};
use crate::mails::forward;
use serde_json::Value;
use std::collections::BTreeMap;

pub struct PeerHouse {
    pub service: Service,
    pub peer: StrictPeer,
}

/// One mailbox on SQLite, without SMTP.
pub fn peer_house() -> PeerHouse {
    peer_house_with("")
}

/// The same with further lines of `[[mailbox]]`.
pub fn peer_house_with(lines: &str) -> PeerHouse {
    let peer = StrictPeer::start();
    let service = installed(&format!("{}{lines}\n", mailbox("import@example.test", &peer)));
    PeerHouse { service, peer }
}

/// A service that watches these mailboxes.
pub fn installed(mailboxes: &str) -> Service {
    let service = Service::new(&format!(
        "[database]\nurl = \"sqlite:test.db\"\n\
         [[tenant]]\nname = \"muster\"\nreference_shapes = [\"{{6-7}}\"]\nstaff_domains = [\"example.test\"]\n\
         office = [\"office@example.test\"]\n\
         [[tenant]]\nname = \"other\"\nreference_shapes = [\"{{6-7}}\"]\n{mailboxes}"
    ));
    service.write("imap-password", "geheim\n");
    let file = service.write("directory.jsonl", DIRECTORY.trim_start());
    service.succeed(&["directory", "import", file.to_str().unwrap()]);
    service
}

/// The settings of a mailbox on this peer.
pub fn mailbox(address: &str, peer: &StrictPeer) -> String {
    format!(
        "[[mailbox]]\ntenant = \"muster\"\naddress = \"{address}\"\nusername = \"import\"\n\
         password_file = \"imap-password\"\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n",
        peer.port()
    )
}

impl PeerHouse {
    /// Two mails that belong to an application and one that does not say to which.
    pub fn deliver_three(&self) {
        for subject in ["482137 Unterlagen", "482138 Zeugnis", "ohne Nummer"] {
            self.peer.deliver(forward(subject).bytes());
        }
    }

    pub fn once(&self) -> service::Finished {
        self.service.command(&["once"])
    }

    /// A round that ends well.
    pub fn good_round(&self) {
        let finished = self.once();
        assert_eq!(finished.code, Some(0), "{finished:#?}");
        assert_eq!(self.status()["mailboxes"][0]["ok"], true);
    }

    /// A round that does not end well, and says why where a timer's log and where `status` shows it.
    pub fn bad_round(&self, why: &str) {
        let finished = self.once();
        assert_eq!(finished.code, Some(1), "{why}: {finished:#?}");
        assert!(finished.stderr.contains(why), "{why}: {finished:#?}");
        let mailbox = self.status()["mailboxes"][0].clone();
        assert_eq!(mailbox["ok"], false, "{why}: {mailbox:#}");
        assert!(mailbox["error"].as_str().unwrap().contains(why), "{why}: {mailbox:#}");
    }

    pub fn status(&self) -> Value {
        serde_json::from_str(&self.service.succeed(&["status", "--json"])).unwrap()
    }

    /// The records, oldest first.
    pub fn mails(&self) -> Vec<Value> {
        let mut mails = json_lines(&self.service.succeed(&["mails", "--json"]));
        mails.sort_by_key(|mail| mail["id"].as_i64());
        mails
    }

    /// How many records came to which end.
    pub fn outcomes(&self) -> BTreeMap<String, usize> {
        let mut outcomes = BTreeMap::new();
        for mail in self.mails() {
            *outcomes.entry(mail["outcome"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        outcomes
    }

    /// So many times three mails have come to their end: each recorded once, lying once in its folder, and none anywhere
    /// else.
    pub fn assert_done(&self, threes: usize, after: &str) {
        let expected = BTreeMap::from([("imported".to_owned(), 2 * threes), ("unassigned".to_owned(), threes)]);
        assert_eq!(self.outcomes(), expected, "after {after}");
        self.assert_lie(&[("INBOX", 0), ("Archive/Imported", 2 * threes), ("Archive/Unassigned", threes)], after);
        self.peer.assert_content();
    }

    /// How many mails lie where; the other archive folders are empty.
    pub fn assert_lie(&self, expected: &[(&str, usize)], after: &str) {
        let lie = self.peer.with(|store| {
            let filled = store.folders.iter().filter(|(_, folder)| !folder.mails.is_empty());
            filled.map(|(name, folder)| (name.clone(), folder.mails.len())).collect::<BTreeMap<_, _>>()
        });
        let expected =
            expected.iter().filter(|(_, mails)| *mails > 0).map(|(name, mails)| ((*name).to_owned(), *mails));
        assert_eq!(lie, expected.collect(), "after {after}");
    }
}
