//! Two services that are fed each other's notices, as forwarding rules and gateways that take headers away can do.

use crate::harness::{Service, wait_for};
use crate::house::{House, SOON, builder};
use crate::mails::forward;
use std::fmt::Write;

/// Karl's and Ruth's roles are exchanged: what Karl forwards here is told to Ruth.
const OTHER_DIRECTORY: &str = r#"
{"kind": "user", "tenant": "muster", "address": "ruth@example.test", "addresses": [], "name": "Ruth Muster", "role": "fachbereich", "language": "de", "active": true}
{"kind": "user", "tenant": "muster", "address": "karl@example.test", "addresses": [], "name": "Karl Probe", "role": "personalmanager", "language": "de", "active": true}
{"kind": "candidate", "tenant": "muster", "id": "K1", "name": "Erika Beispiel", "addresses": ["erika@example.org"]}
{"kind": "application", "tenant": "muster", "number": "482137", "candidate": "K1", "post": "Lagerist", "responsible": ["ruth@example.test"], "state": "open", "state_since": "2024-01-02"}
"#;

/// More rounds than any loop may take.
const MOST: usize = 20;

/// A house, and a second service with another database and another import address on the same servers.
fn two_services(notify: &str) -> (House, Service) {
    let house = builder().build();
    house.service.set_settings(&format!("{}\n[notify]\n{notify}\n", house.settings()));
    let other = Service::new(
        &house
            .settings()
            .replace("import@example.test", "other@example.test")
            .replace("username = \"import\"", "username = \"other\""),
    );
    other.write("imap-password", "o\n");
    other.write("smtp-password", "leise\n");
    let directory = other.write("directory.jsonl", OTHER_DIRECTORY.trim_start());
    other.succeed(&["directory", "import", directory.to_str().unwrap()]);
    (house, other)
}

/// A person's rule: every notice goes to an import address, from the person, with nothing of its header but subject and
/// type. Says how many went.
struct Rule<'a> {
    person: &'a str,
    import: &'a str,
    /// What a gateway does to the text.
    change: fn(String, usize) -> String,
    seen: usize,
}

impl Rule<'_> {
    fn pass_on(&mut self, house: &House) -> usize {
        let mails = house.dovecot.messages(self.person, "INBOX");
        let new = mails.get(self.seen..).unwrap_or_default();
        for mail in new {
            let mail = String::from_utf8_lossy(mail).replace("\r\n", "\n");
            let (head, body) = mail.split_once("\n\n").unwrap();
            let mut kept = String::new();
            let mut keeps = false;
            for line in head.lines() {
                let goes_on = line.starts_with([' ', '\t']);
                keeps = if goes_on { keeps } else { line.starts_with("Content-") || line.starts_with("MIME-") };
                if keeps {
                    writeln!(kept, "{line}").unwrap();
                }
            }
            self.seen += 1;
            let (person, number) = (self.person, self.seen);
            let body = (self.change)(body.to_owned(), number);
            let passed_on = format!(
                "From: {person}@example.test\nTo: {0}@example.test\nSubject: 482137 Mitteilung {number}\n\
                 Message-ID: <{person}-{number}@gateway.test>\nDate: Wed, 13 Mar 2024 10:02:11 +0100\n{kept}\n{body}",
                self.import
            );
            self.house_delivers(house, &passed_on);
        }
        new.len()
    }

    fn house_delivers(&self, house: &House, mail: &str) {
        house.dovecot.deliver(self.import, mail.replace('\n', "\r\n").into_bytes());
    }
}

/// Passes notices to and fro until nothing moves any more; says how many moved in each round.
fn until_it_rests(house: &House, other: &Service, change: fn(String, usize) -> String) -> Vec<usize> {
    let mut karl = Rule { person: "karl", import: "other", change, seen: 0 };
    let mut ruth = Rule { person: "ruth", import: "import", change, seen: 0 };
    house.deliver(&forward("482137 Unterlagen"));
    let mut moved = Vec::new();
    while moved.len() < MOST {
        house.once();
        delivered(house);
        let to_other = karl.pass_on(house);
        other.succeed(&["once"]);
        delivered(house);
        let back = ruth.pass_on(house);
        if to_other + back == 0 {
            return moved;
        }
        moved.push(to_other + back);
    }
    panic!("it goes on and on: {moved:?}");
}

/// What the mail server has taken lies in people's mailboxes.
fn delivered(house: &House) {
    wait_for("Postfix to deliver", SOON, || (house.postfix.queued() == 0).then_some(()));
}

#[test]
fn a_notice_that_comes_back_without_its_headers_is_kept_and_answered_to_nobody() {
    let (house, other) = two_services("digest_after = 0");
    assert_eq!(until_it_rests(&house, &other, |body, _| body), [1]);
    let kept = crate::house::json_lines(&other.succeed(&["mails", "--json"]));
    assert_eq!((kept.len(), &kept[0]["outcome"], &kept[0]["why"]), (1, &"unassigned".into(), &"own_notice".into()));
    assert!(house.dovecot.messages("office", "INBOX").is_empty(), "nobody is told of it singly");
    assert_eq!(house.dovecot.messages("other", "Archive/Unassigned").len(), 1);
}

#[test]
fn without_any_mark_a_loop_ends_with_what_a_person_is_told_within_an_hour() {
    let (house, other) = two_services("digest_after = 3");
    let moved = until_it_rests(&house, &other, |body, number| {
        body.replace("RI-", "").replace("eingegangen", &format!("eingegangen ({number})"))
    });
    assert!(moved.iter().sum::<usize>() <= 6 && moved.len() <= 4, "three to each of both: {moved:?}");
    assert!(moved.len() >= 3, "it was a loop: {moved:?}");
}

#[test]
fn what_refers_to_a_notice_of_ours_is_kept() {
    let (house, _other) = two_services("digest_after = 0");
    house.deliver(&forward("482137 Unterlagen"));
    house.once();
    let notice = house.notifications("karl", 1).remove(0);
    let id = notice.lines().find_map(|line| line.strip_prefix("Message-ID: ")).unwrap().trim().to_owned();
    house.deliver(&forward("482137 Danke").header("In-Reply-To", &id));
    house.deliver(&forward("482137 Danke").header("In-Reply-To", &id.replace('@', "0@")));
    house.once();
    let mails = house.mails();
    assert_eq!((&mails[1]["why"], &mails[2]["outcome"]), (&"own_notice".into(), &"imported".into()), "{mails:#?}");
}

#[test]
fn an_import_address_is_nobodys() {
    let (house, _other) = two_services("digest_after = 0");
    let user = |address: &str| {
        let directory = OTHER_DIRECTORY.trim_start().replace("ruth@example.test", address);
        let file = house.service.write("users.jsonl", directory);
        house.service.command(&["directory", "import", file.to_str().unwrap()])
    };
    let refused = user("Import+ruth@example.test");
    assert_eq!(refused.code, Some(1), "{refused:#?}");
    assert!(refused.stderr.contains("Line 1: `import+ruth@example.test` is an import address"), "{refused:#?}");
    let office = house.settings().replace("office@example.test", "import+office@example.test");
    house.service.set_settings(&office);
    assert_eq!(house.service.command(&["status"]).code, Some(78));
}
