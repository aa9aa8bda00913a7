//! The same original by different programs and people, and originals that only look alike.

use super::{RecordedReply, ReplyIdentity, of};
use crate::application::{EmailAddress, ReferenceShape};
use crate::mail::{Limits, ReadingRules, understand};
use base64::Engine;
use std::collections::HashSet;

const TEXT: &str = "Sehr geehrte Frau Muster,\n\nanbei sende ich Ihnen wie besprochen die noch fehlenden Unterlagen für \
                    die Stelle als Lagerist.\n\nMit freundlichen Grüßen\nErika Beispiel\n";

fn rules() -> ReadingRules {
    ReadingRules {
        shapes: vec![ReferenceShape::parse("{6-7}").unwrap()],
        staff_domains: vec!["firma.example".to_owned()],
        staff_addresses: HashSet::from([EmailAddress::parse("chef@zuhause.example").unwrap()]),
        own_addresses: Vec::new(),
        sender_proof: None,
        timezone: chrono_tz::Europe::Berlin,
        limits: Limits::default(),
    }
}

/// A mail with this body part and these files.
fn mail(body: &str, files: &[(&str, &str)]) -> ReplyIdentity {
    let mut mail = format!(
        "From: Ruth Muster <ruth@firma.example>\nTo: import@firma.example\nSubject: 482137 WG: Unterlagen\n\
         Message-ID: <{}@firma.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=limit\n\n\
         --limit\n{body}\n",
        body.len()
    );
    for (name, content) in files {
        mail.push_str(&part(name, content, "limit"));
    }
    mail.push_str("--limit--\n");
    let understood = understand(mail.as_bytes(), &rules());
    assert!(understood.original.is_some(), "{mail}");
    of(&understood)
}

fn part(name: &str, content: &str, limit: &str) -> String {
    let encoded = base64::engine::general_purpose::STANDARD.encode(format!("%PDF-1.4\n{content}\n%%EOF\n"));
    format!(
        "--{limit}\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\
         Content-Disposition: attachment; filename=\"{name}\"\n\n{encoded}\n"
    )
}

fn plain(text: &str) -> String {
    format!("Content-Type: text/plain; charset=utf-8\n\n{text}")
}

/// As Outlook in German forwards it.
fn outlook(note: &str, date: &str, text: &str, files: &[(&str, &str)]) -> ReplyIdentity {
    let head = format!(
        "{note}\n\nVon: Erika Beispiel <erika@example.org>\nGesendet: {date}\nAn: Ruth Muster <ruth@firma.example>\n\
         Betreff: Unterlagen\n\n{text}"
    );
    mail(&plain(&head), files)
}

const WEDNESDAY: &str = "Mittwoch, 13. März 2024 09:12";

/// As Apple Mail forwards it.
fn apple(text: &str, files: &[(&str, &str)]) -> ReplyIdentity {
    let quoted = format!("> {}\n", text.trim_end().replace('\n', "\n> "));
    let head = format!(
        "Siehe unten\n\n> Anfang der weitergeleiteten Nachricht:\n> \n> Von: Erika Beispiel <erika@example.org>\n\
         > Betreff: Unterlagen\n> Datum: 13. März 2024 um 09:12:33 MEZ\n> An: Ruth Muster <ruth@firma.example>\n> \n{quoted}"
    );
    mail(&plain(&head), files)
}

/// The original attached whole.
fn attached(id: &str, time: &str, text: &str, files: &[(&str, &str)]) -> ReplyIdentity {
    mail(&format!("{}\n\n{}", plain("Siehe Anhang."), message(id, time, text, files)), &[])
}

fn message(id: &str, time: &str, text: &str, files: &[(&str, &str)]) -> String {
    let mut message = format!(
        "--limit\nContent-Type: message/rfc822\n\nFrom: Erika Beispiel <Erika@Example.org>\nTo: ruth@firma.example\n\
         Date: Wed, 13 Mar 2024 {time}\nSubject: Unterlagen\nMessage-ID: <{id}>\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=inner\n\n--inner\n{}\n",
        plain(text)
    );
    for (name, content) in files {
        message.push_str(&part(name, content, "inner"));
    }
    message + "--inner--\n"
}

/// A block in the text, and the original attached whole below it.
fn above_an_attached_mail(from: &str, date: &str, text: &str) -> ReplyIdentity {
    let head = format!(
        "Zur Akte, bitte.\n\nVon: {from}\nGesendet: {date}\nAn: Ruth Muster <ruth@firma.example>\n\
         Betreff: Unterlagen\n\n{text}"
    );
    let attached = message("1@example.org", "09:12:33 +0100", TEXT, &[]);
    mail(&format!("{}\n\n{attached}", plain(&head)), &[])
}

/// Whether the second is recognised after the first was recorded.
fn is_same(first: &ReplyIdentity, second: &ReplyIdentity) -> bool {
    let recorded = RecordedReply {
        message_id: first.message_id.clone(),
        sender: first.sender.clone(),
        sent_at: first.sent_at,
        first_files: first.files.clone(),
        files: first.files.clone(),
    };
    let shared: Vec<&str> = second.keys.iter().filter(|key| first.keys.contains(key)).map(String::as_str).collect();
    !shared.is_empty() && second.is_in(&recorded, shared)
}

fn assert_same(one: &ReplyIdentity, other: &ReplyIdentity) {
    assert!(is_same(one, other) && is_same(other, one), "{one:#?}\n{other:#?}");
}

fn assert_different(one: &ReplyIdentity, other: &ReplyIdentity) {
    assert!(!is_same(one, other) && !is_same(other, one), "{one:#?}\n{other:#?}");
}

#[test]
fn two_people_forward_the_same_mail_from_outlook_with_other_notes() {
    let files = [("Lebenslauf.pdf", "cv")];
    let first = outlook("Bitte zur Akte.", WEDNESDAY, TEXT, &files);
    assert_same(&first, &outlook("", WEDNESDAY, TEXT, &files));
    assert_same(&first, &outlook("Zur Kenntnis\n\nKarl Probe\nFirma", WEDNESDAY, TEXT, &files));
}

#[test]
fn programs_that_print_the_same_mail_differently_are_seen_through() {
    let wrapped = "Sehr geehrte Frau Muster,\n\nanbei sende ich Ihnen wie\nbesprochen die noch fehlenden\nUnterlagen für \
                   die Stelle als Lagerist.\n\n\nMit freundlichen Grüßen\nErika Beispiel\n";
    let first = outlook("Bitte zur Akte.", WEDNESDAY, TEXT, &[]);
    assert_same(&first, &apple(wrapped, &[]));
    assert_same(&first, &attached("1@example.org", "08:12:33 +0000", TEXT, &[]));
    assert_same(&apple(TEXT, &[]), &attached("1@example.org", "09:12:33 +0100", wrapped, &[]));
}

#[test]
fn links_pictures_and_typography_do_not_matter() {
    let one =
        "Meine Seite: https://erika.example.org – „Proben“ finden Sie dort … [cid:image001.png@01DA7]\nGruß Erika\n";
    let other = "Meine Seite: https://erika.example.org<https://erika.example.org/> - \"Proben\" finden Sie dort... \
                 [cid:ABC-1]\nGruß Erika\n";
    let scanned = "Meine Seite:\nhttps://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Ferika.example.org\
                   &data=05%7Cruth&reserved=0 - \"Proben\" finden Sie dort...\nGruß Erika\n";
    let first = outlook("", WEDNESDAY, one, &[]);
    assert_same(&first, &outlook("", WEDNESDAY, other, &[]));
    assert_same(&first, &outlook("", WEDNESDAY, scanned, &[]));
}

#[test]
fn a_signature_below_the_forward_is_the_forwarders() {
    let signed = format!("{TEXT}\n-- \nRuth Muster\nPersonal\n");
    assert_same(&outlook("", WEDNESDAY, TEXT, &[]), &outlook("", WEDNESDAY, &signed, &[]));
    let her_own = format!("{TEXT}\n-- \nErika Beispiel\nMusterweg 1\n");
    let both = format!("{her_own}\n-- \nRuth Muster\nPersonal\n");
    assert_same(&outlook("", WEDNESDAY, &her_own, &[]), &outlook("", WEDNESDAY, &both, &[]));
}

#[test]
fn a_forward_may_lack_files_or_bring_further_ones() {
    let both = [("Lebenslauf.pdf", "cv"), ("Zeugnis.pdf", "certificate")];
    let first = outlook("", WEDNESDAY, TEXT, &both);
    assert_same(&first, &outlook("", WEDNESDAY, TEXT, &both[..1]));
    assert_same(&first, &outlook("", WEDNESDAY, TEXT, &[]));
}

#[test]
fn each_with_a_file_that_the_other_lacks_are_two_mails() {
    let with = |name: &str| outlook("", WEDNESDAY, TEXT, &[("Scan.pdf", name)]);
    assert_different(&with("first page"), &with("second page"));
    let together = outlook("", WEDNESDAY, TEXT, &[("Scan.pdf", "first page"), ("Logo.pdf", "logo")]);
    assert_different(&together, &outlook("", WEDNESDAY, TEXT, &[("Scan.pdf", "second page"), ("Logo.pdf", "logo")]));
}

#[test]
fn what_an_entry_got_from_later_forwards_counts_beside_what_it_had_at_first() {
    let files = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let recorded = RecordedReply { first_files: files(&["a"]), files: files(&["a", "b"]), ..RecordedReply::default() };
    let brings = |names: &[&str]| ReplyIdentity { files: files(names), ..ReplyIdentity::default() };
    for (names, same) in [(&["a"][..], true), (&["a", "b"], true), (&["a", "c"], true), (&["b"], true), (&["c"], false)]
    {
        assert_eq!(brings(names).is_in(&recorded, ["text:1"]), same, "{names:?}");
    }
}

#[test]
fn another_sender_minute_or_text_is_another_mail() {
    let first = outlook("", WEDNESDAY, TEXT, &[]);
    assert_different(&first, &outlook("", "Mittwoch, 13. März 2024 09:13", TEXT, &[]));
    assert_different(&first, &outlook("", WEDNESDAY, &TEXT.replace("Lagerist", "Gärtner"), &[]));
    let other = mail(
        &plain(&format!(
            "Von: Erika Beispiel <e.b@example.com>\nGesendet: {WEDNESDAY}\nAn: Ruth\nBetreff: Unterlagen\n\n{TEXT}"
        )),
        &[],
    );
    assert_different(&first, &other);
}

#[test]
fn two_attached_mails_with_other_ids_or_seconds_are_two() {
    let first = attached("1@example.org", "09:12:33 +0100", TEXT, &[]);
    assert_same(&first, &attached("1@example.org", "09:12:33 +0100", TEXT, &[]));
    assert_different(&first, &attached("2@example.org", "09:12:33 +0100", TEXT, &[]));
    assert_different(&first, &attached("1@example.org", "09:14:20 +0100", TEXT, &[]));
    let later = ReplyIdentity { message_id: None, ..attached("2@example.org", "09:12:34 +0100", TEXT, &[]) };
    assert_different(&first, &later);
}

#[test]
fn the_same_mail_attached_whole_is_the_same_whatever_a_gateway_made_of_it() {
    let first = attached("1@example.org", "09:12:33 +0100", TEXT, &[("Lebenslauf.pdf", "cv")]);
    let changed = format!("ACHTUNG: externe E-Mail\n\n{TEXT}");
    assert_same(&first, &attached("1@example.org", "09:12:33 +0100", &changed, &[("Hinweis.pdf", "removed")]));
}

#[test]
fn a_mail_with_two_originals_is_not_the_first_of_them() {
    let one = attached("1@example.org", "09:12:33 +0100", TEXT, &[]);
    let first = message("1@example.org", "09:12:33 +0100", TEXT, &[]);
    let second = message("2@example.org", "09:40:00 +0100", "Das hatte ich noch vergessen.", &[]);
    let two = mail(&format!("{}\n\n{first}{second}", plain("Siehe Anhang.")), &[]);
    assert_eq!(two.message_id, None);
    assert_different(&one, &two);
}

#[test]
fn an_older_mail_attached_to_a_reply_is_not_the_reply() {
    let with_block = |date: &str, text: &str| above_an_attached_mail("Erika Beispiel <erika@example.org>", date, text);
    let first = attached("1@example.org", "09:12:33 +0100", TEXT, &[]);
    let monday = "Montag, 18. März 2024 10:00";
    let reply = with_block(monday, "Hiermit ziehe ich meine Bewerbung zurück.\n");
    assert_different(&first, &reply);
    assert_different(&reply, &with_block(monday, "Das Zeugnis aus der Mail unten gilt nicht mehr.\n"));
    assert_different(&first, &with_block("demnächst", "Hiermit ziehe ich meine Bewerbung zurück.\n"));
    assert_same(&reply, &with_block(monday, "Hiermit ziehe ich meine Bewerbung zurück.\n"));
    // What stands in the text and is the same mail, or what that answers, is no other reply.
    assert_same(&first, &with_block(WEDNESDAY, TEXT));
    assert_same(&first, &with_block("Mittwoch, 13. März 2024 11:12", &format!("{TEXT}\nRuth Muster, Firma\n")));
    assert_same(&first, &with_block("Dienstag, 12. März 2024 17:00", "Welche Unterlagen fehlen denn noch?\n"));
}

#[test]
fn somebody_elses_mail_attached_to_two_replies_makes_them_one_neither_by_its_id_nor_by_its_text() {
    let reply =
        |text: &str| above_an_attached_mail("Jonte Probst <jonte@example.net>", "Montag, 18. März 2024 10:00", text);
    let first = reply("Diese Anzeige meine ich, anbei.\n");
    assert_different(&first, &reply("Ich ziehe meine Bewerbung zurück.\n"));
    assert_different(&first, &attached("1@example.org", "09:12:33 +0100", TEXT, &[]));
}

#[test]
fn a_short_text_is_recognised_only_with_the_same_files() {
    let with = |files: &[(&str, &str)]| outlook("", WEDNESDAY, "anbei", files);
    assert_same(&with(&[("Scan.pdf", "first")]), &with(&[("Scan.pdf", "first")]));
    assert_different(&with(&[("Scan.pdf", "first")]), &with(&[("Scan.pdf", "second")]));
    assert_different(&with(&[("Scan.pdf", "first")]), &with(&[]));
    assert_same(&with(&[]), &with(&[]));
    let thumbs = |text: &str| outlook("", WEDNESDAY, text, &[]);
    assert_different(&thumbs("Passt 👍"), &thumbs("Passt 👎"));
}

#[test]
fn without_an_address_the_name_counts_only_with_the_same_files() {
    let named = |files: &[(&str, &str)]| {
        let text =
            format!("Von: Erika Beispiel\nGesendet: {WEDNESDAY}\nAn: Ruth Muster\nBetreff: Unterlagen\n\n{TEXT}");
        mail(&plain(&text), files)
    };
    let file = [("Lebenslauf.pdf", "cv")];
    assert_same(&named(&file), &named(&file));
    assert_same(&named(&file), &outlook("", WEDNESDAY, TEXT, &file));
    assert_different(&named(&file), &named(&[]));
}

#[test]
fn without_a_date_there_must_be_files_and_a_text() {
    let undated = |text: &str, files: &[(&str, &str)]| outlook("", "demnächst", text, files);
    let file = [("Lebenslauf.pdf", "cv")];
    assert_same(&undated(TEXT, &file), &undated(TEXT, &file));
    assert_different(&undated(TEXT, &[]), &undated(TEXT, &[]));
    assert_different(&undated("anbei", &file), &undated("anbei", &file));
}

#[test]
fn a_mail_that_forwards_nothing_has_no_reply_in_it() {
    let mail = format!("From: Ruth <ruth@firma.example>\nSubject: 482137 Notiz\n\n{TEXT}");
    let identity = of(&understand(mail.as_bytes(), &rules()));
    assert!(identity.keys.is_empty(), "{identity:?}");
}

#[test]
fn a_huge_text_of_brackets_is_read_once() {
    let text = "<".repeat(100_000);
    assert_eq!(super::normal_text::normal(&text), "");
}
