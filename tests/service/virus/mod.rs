//! Files are shown to a real virus scanner before they are recorded: nothing is waved through, and nothing is lost.

mod trouble;

use crate::harness::Clamd;
use crate::harness::clamd::{FILE_FOUND, INFECTED_FILE, MARKER, MARKER_FOUND, STREAM_MAX_LENGTH, zip};
use crate::house::{House, builder, house};
use crate::mails::{Mail, forward, forward_of};
use serde_json::Value;

impl House {
    /// Adds `[virus_scan]` to the settings, or changes where the scanner is.
    pub fn scan_at(&self, clamd: &str, more: &str) {
        let settings = self.settings();
        let before = settings.split("\n[virus_scan]").next().unwrap();
        self.service.set_settings(&format!("{before}\n[virus_scan]\nclamd = \"{clamd}\"\n{more}\n"));
    }

    pub fn scan_with(&self, clamd: &Clamd) {
        self.scan_at(clamd.socket().to_str().unwrap(), "");
    }
}

pub fn infected() -> String {
    format!("%PDF-1.4\n{MARKER}\n%%EOF\n")
}

/// The first notification of a person, its long lines whole.
pub fn told(house: &House, user: &str) -> String {
    house.notifications(user, 1).remove(0).replace("=\r\n", "").replace("=\n", "")
}

/// Name, why it is withheld, and what was found, of each file of a mail.
fn files(mail: &Value) -> Vec<(String, String, String)> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let files = mail["files"].as_array().unwrap();
    files.iter().map(|file| (word(&file["name"]), word(&file["withheld"]), word(&file["virus"]))).collect()
}

fn file(name: &str, withheld: &str, virus: &str) -> (String, String, String) {
    (name.to_owned(), withheld.to_owned(), virus.to_owned())
}

#[test]
fn infected_files_are_withheld_and_named_and_the_others_come_in() {
    let clamd = Clamd::start();
    let house = builder().on_postgres(true).build();
    for place in [clamd.socket().display().to_string(), format!("127.0.0.1:{}", clamd.port())] {
        house.scan_at(&place, "");
        let packed = zip("Lebenslauf.txt", format!("{MARKER} ").repeat(50).as_bytes());
        let mail = forward("482137 Unterlagen").file("Lebenslauf.pdf", infected()).pdf("Zeugnis.pdf");
        house.deliver(&mail.file("Unterlagen.zip", packed).file("Anschreiben.txt", INFECTED_FILE));
        house.once();
        let mail = house.show(&house.only_mail());
        assert_eq!(mail["outcome"], "imported");
        let expected = [
            file("Lebenslauf.pdf", "infected", MARKER_FOUND),
            file("Zeugnis.pdf", "", ""),
            file("Unterlagen.zip", "infected", MARKER_FOUND),
            file("Anschreiben.txt", "infected", FILE_FOUND),
        ];
        assert_eq!(files(&mail), expected, "{place}");
        let kept = house.query("select count(*) from blobs");
        assert_eq!(kept.trim(), "1", "no content of an infected file is kept");
        assert_eq!((house.count("INBOX"), house.count("Archive/Imported")), (0, 1), "the original is in the archive");
        house.start_over();
    }
}

#[test]
fn whoever_is_told_of_the_mail_hears_how_many_files_were_withheld_and_so_does_its_forwarder() {
    let (clamd, house) = (Clamd::start(), house());
    house.scan_with(&clamd);
    house.deliver(&forward("482137 Unterlagen").file("Lebenslauf-Beispiel.pdf", infected()).pdf("Zeugnis.pdf"));
    house.once();
    let hears = |user: &str| {
        let lines = told(&house, user);
        assert!(!lines.contains("Lebenslauf-Beispiel") && !lines.contains("ReplyImport"), "{lines}");
        lines
    };
    assert!(hears("karl").contains("Eine Datei wurde nicht"));
    assert!(hears("vera").contains("One file was left out"));
    let forwarder = hears("ruth");
    assert!(forwarder.contains("482137") && forwarder.contains("Virenscanner"), "{forwarder}");
    let text = house.service.succeed(&["show", &house.only_mail()["id"].to_string()]);
    assert!(text.contains(&format!("withheld: the virus scanner found {MARKER_FOUND}")), "{text}");
    let database = std::fs::read(house.service.join("test.db")).unwrap();
    assert!(!database.windows(MARKER.len()).any(|part| part == MARKER.as_bytes()), "the content is in the database");
}

#[test]
fn a_file_too_large_for_the_scanner_is_withheld() {
    let (clamd, house) = (Clamd::start(), house());
    let large = [b"%PDF-1.4\n".as_slice(), &vec![b' '; STREAM_MAX_LENGTH]].concat();
    for more in ["", "max_stream = \"500KiB\""] {
        house.scan_at(clamd.socket().to_str().unwrap(), more);
        house.deliver(&forward("482137 Unterlagen").file("Mappe.pdf", &large).pdf("Zeugnis.pdf"));
        house.once();
        let mail = house.show(&house.only_mail());
        assert_eq!(files(&mail), [file("Mappe.pdf", "too_large_to_scan", ""), file("Zeugnis.pdf", "", "")], "{more}");
        assert_eq!(mail["files"][0]["size"], large.len());
        house.start_over();
    }
}

#[test]
fn each_content_of_a_batch_is_shown_once_and_only_what_would_be_kept() {
    let (clamd, house) = (Clamd::start(), house());
    house.scan_with(&clamd);
    let before = clamd.shown();
    for subject in ["482137 eins", "482138 zwei", "482999 drei"] {
        house.deliver(&forward(subject).pdf("Lebenslauf.pdf"));
    }
    house.deliver(&forward("482137 weg").header("Auto-Submitted", "auto-replied").pdf("Roboter.pdf"));
    house.deliver(&forward("482137 Text").body(&format!("Von Hand: {MARKER}\r\n")));
    house.once();
    assert_eq!(house.mails().len(), 5);
    assert_eq!(
        clamd.shown() - before,
        1 + 1,
        "whether it works, and one content for three mails, none for the robot's and for texts"
    );
    assert_eq!(house.count("Archive/Imported"), 3);
}

#[test]
fn an_infected_picture_is_left_out_of_the_text() {
    let (clamd, house) = (Clamd::start(), house());
    house.scan_with(&clamd);
    let picture = |content: &str| {
        let mut gif = b"GIF89a\x40\x00\x40\x00\x00\x00\x00".to_vec();
        gif.extend(content.as_bytes());
        gif.push(b';');
        base64::Engine::encode(&base64::engine::general_purpose::STANDARD, gif)
    };
    let part = |id: &str, content: &str| {
        format!(
            "--limit\r\nContent-Type: image/gif; name=\"{id}.gif\"\r\nContent-ID: <{id}@x>\r\nContent-Disposition: \
             inline\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            picture(content)
        )
    };
    let mail = format!(
        "From: Ruth Muster <ruth@example.test>\r\nTo: import@example.test\r\nSubject: 482137 WG: Bilder\r\n\
         Message-ID: <pictures@example.test>\r\nDate: Wed, 13 Mar 2024 10:02:11 +0100\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/related; boundary=limit\r\n\r\n--limit\r\nContent-Type: text/html\r\n\r\n\
         <p>Hier: <img src=\"cid:good@x\"> und <img src=\"cid:bad@x\"></p>\r\n{}{}--limit--\r\n",
        part("good", "harmless"),
        part("bad", MARKER)
    );
    house.dovecot.deliver("import", mail.as_bytes());
    house.once();
    let mail = house.show(&house.only_mail());
    assert_eq!((&mail["outcome"], files(&mail).len()), (&"imported".into(), 0));
    let database = std::fs::read(house.service.join("test.db")).unwrap();
    let holds = |words: &str| database.windows(words.len()).any(|part| part == words.as_bytes());
    assert!(holds("harmless") && !holds(MARKER));
    assert!(told(&house, "karl").contains("Eine Datei wurde nicht"), "a picture counts as a file");
}

#[test]
fn a_file_that_was_withheld_by_mistake_comes_in_when_the_mail_is_processed_again() {
    let (mut clamd, house) = (Clamd::start(), house());
    house.scan_with(&clamd);
    house.deliver(&forward("482137 Unterlagen").file("Lebenslauf.pdf", infected()));
    house.once();
    let id = house.only_mail()["id"].to_string();
    house.service.succeed(&["reprocess", &id]);
    assert_eq!(files(&house.show(&house.only_mail())), [file("Lebenslauf.pdf", "infected", MARKER_FOUND)]);
    clamd.forget("ndb");
    house.service.succeed(&["reprocess", &id]);
    assert_eq!(files(&house.show(&house.only_mail())), [file("Lebenslauf.pdf", "", "")]);
    clamd.stop();
    let failed = house.service.command(&["reprocess", &id]);
    assert_eq!(failed.code, Some(1), "{failed:#?}");
    assert!(failed.stderr.contains("virus scanner cannot be used"), "{failed:#?}");
    assert_eq!(files(&house.show(&house.only_mail())), [file("Lebenslauf.pdf", "", "")], "the record stays as it was");
}

#[test]
fn a_file_in_which_something_is_found_later_is_withheld_when_the_mail_is_processed_again() {
    let (clamd, house) = (Clamd::start(), builder().on_postgres(true).build());
    house.deliver(&forward("482137 Unterlagen").file("Lebenslauf.pdf", infected()).pdf("Zeugnis.pdf"));
    house.once();
    assert_eq!(house.query("select count(*) from blobs").trim(), "2");
    house.scan_with(&clamd);
    house.service.succeed(&["reprocess", &house.only_mail()["id"].to_string()]);
    let expected = [file("Lebenslauf.pdf", "infected", MARKER_FOUND), file("Zeugnis.pdf", "", "")];
    assert_eq!(files(&house.show(&house.only_mail())), expected);
    assert_eq!(house.query("select count(*) from blobs").trim(), "1", "its content is kept no longer");
}

#[test]
fn a_withheld_file_of_a_mail_that_waits_stays_withheld_when_a_person_assigns_it() {
    let (clamd, house) = (Clamd::start(), house());
    house.scan_with(&clamd);
    house.deliver(&forward("Unterlagen").file("Lebenslauf.pdf", infected()).pdf("Zeugnis.pdf"));
    house.once();
    let waiting = house.only_mail();
    assert_eq!(waiting["outcome"], "unassigned");
    assert!(told(&house, "office").contains("Eine Datei wurde nicht"));
    house.service.succeed(&["assign", &waiting["id"].to_string(), "482137"]);
    let mail = house.show(&house.only_mail());
    assert_eq!(mail["outcome"], "imported");
    assert_eq!(files(&mail), [file("Lebenslauf.pdf", "infected", MARKER_FOUND), file("Zeugnis.pdf", "", "")]);
    house.once();
    assert!(told(&house, "karl").contains("Eine Datei wurde nicht"));
}

#[test]
fn a_reply_forwarded_again_brings_its_withheld_file_no_second_time() {
    let (clamd, house) = (Clamd::start(), house());
    house.scan_with(&clamd);
    let forwarded =
        |id: &str| -> Mail { forward_of("7", "482137 Unterlagen").message_id(id).file("Lebenslauf.pdf", infected()) };
    house.deliver(&forwarded("<one@example.test>"));
    house.once();
    house.deliver(&forwarded("<two@example.test>").from("Karl Probe <karl@example.test>"));
    house.once();
    let mails = house.mails();
    assert_eq!((&mails[0]["outcome"], &mails[1]["outcome"]), (&"imported".into(), &"repeated".into()));
    assert_eq!(files(&house.show(&mails[0])), [file("Lebenslauf.pdf", "infected", MARKER_FOUND)]);
    let occasions: Vec<String> = house.show(&mails[1])["notifications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["occasion"].to_string())
        .collect();
    assert_eq!(occasions, ["\"forwarded_before\""], "nobody is told of a further file");
}

#[test]
fn a_mail_from_disk_is_scanned_too() {
    let (mut clamd, house) = (Clamd::start(), house());
    house.scan_with(&clamd);
    let mail = house.service.write("mail.eml", forward("482137 Unterlagen").file("Lebenslauf.pdf", infected()).bytes());
    let import = ["import", mail.to_str().unwrap(), "--mailbox", "import@example.test"];
    clamd.stop();
    assert_eq!(house.service.command(&import).code, Some(1));
    assert_eq!(house.mails().len(), 0);
    clamd.start_again();
    house.service.succeed(&import);
    assert_eq!(files(&house.show(&house.only_mail())), [file("Lebenslauf.pdf", "infected", MARKER_FOUND)]);
}

#[test]
fn check_tells_whether_the_scanner_can_be_used() {
    let (mut clamd, house) = (Clamd::start(), house());
    house.scan_with(&clamd);
    let said = house.service.succeed(&["check"]);
    let line = said.lines().find(|line| line.contains("virus scanner")).unwrap();
    assert!(line.starts_with("ok") && line.contains("ClamAV ") && line.contains("StreamMaxLength"), "{line}");
    house.scan_at(clamd.socket().to_str().unwrap(), "max_stream = \"1MiB\"");
    assert!(!house.service.succeed(&["check"]).contains("StreamMaxLength"));
    clamd.stop();
    let failed = house.service.command(&["check"]);
    assert_eq!(failed.code, Some(1));
    assert!(failed.stdout.contains("FAIL  virus scanner"), "{failed:#?}");
}
