//! The mails of an office: replies forwarded with text and HTML, six in ten without a file, three with one of 100 to 300
//! KB, one with several of 1 to 3 MB together.
//!
//! The same mails on every machine: each depends on its number alone.

use crate::clock::time;
use base64::Engine;
use reply_import::mail::{ReadingRules, Verdict, understand, verdict};
use std::fmt::Write;
use std::hint::black_box;

const MAILS: u64 = 200;
/// All are read so often, and the fastest round counts: what slows a round down is the machine.
const ROUNDS: usize = 5;

const WORDS: &str = "application interview position please find attached regarding your request from last week we have \
    not received any confirmation so far could you check the status and let me know when the talk will take place Grüße \
    über Bewerbung Unterlagen für Straße Bestätigung möglich nächste Änderung café déjà reçu naïve año señor";

pub fn measure(rules: &ReadingRules, is_wanted: &dyn Fn(&str) -> bool) {
    println!("{:<28} {:>9} {:>9} {:>9}", "office mails, one core", "mails", "MB", "MB/s");
    for (name, files) in [("office: as they come", None), ("office: text only", Some(0)), ("office: one file", Some(1))]
    {
        if !is_wanted(name) {
            continue;
        }
        let mails: Vec<Vec<u8>> = (0..MAILS).map(|number| mail(number, files)).collect();
        for mail in &mails {
            assert_eq!(verdict(&understand(mail, rules)), Verdict::Import, "a mail that is not what it is meant to be");
        }
        let octets: usize = mails.iter().map(Vec::len).sum();
        let megabytes = f64::from(u32::try_from(octets).unwrap()) / 1e6;
        let fastest = (0..ROUNDS).map(|_| time(|| read_all(&mails, rules)).0).min().unwrap();
        println!("{name:<28} {:>9} {megabytes:>9.1} {:>9.0}", mails.len(), megabytes / fastest.as_secs_f64());
    }
    println!();
}

fn read_all(mails: &[Vec<u8>], rules: &ReadingRules) {
    for mail in mails {
        black_box(understand(black_box(mail), rules));
    }
}

/// One mail; with so many files, or with those that its number gives it.
fn mail(number: u64, files: Option<u64>) -> Vec<u8> {
    let mut chance = Chance(number);
    let drawn = match chance.below(10) {
        0..6 => 0,
        6..9 => 1,
        _ => 3,
    };
    let sizes = match files.unwrap_or(drawn) {
        0 => Vec::new(),
        1 => vec![chance.between(100_000, 300_000)],
        several => (0..several).map(|_| chance.between(330_000, 1_000_000)).collect(),
    };
    let body = body(number, &mut chance);
    let mut mail = head(number, &mut chance);
    if sizes.is_empty() {
        mail.push_str(&body);
        return mail.into_bytes();
    }
    write!(mail, "Content-Type: multipart/mixed; boundary=\"mix_{number}\"\n\n--mix_{number}\n{body}").unwrap();
    for size in sizes {
        write!(mail, "\n--mix_{number}\n{}", file(size, &mut chance)).unwrap();
    }
    writeln!(mail, "\n--mix_{number}--").unwrap();
    mail.into_bytes()
}

fn head(number: u64, chance: &mut Chance) -> String {
    let mut head = String::from("Return-Path: <user@personal.example.com>\nDelivered-To: import@jobs.example.com\n");
    for hop in 0..3 {
        writeln!(
            head,
            "Received: from mx{hop}.example.net (mx{hop}.example.net [192.0.2.{hop}])\n\tby mail.example.org (Postfix) \
             with ESMTPS id {:010X}\n\tfor <import@jobs.example.com>; Wed, 13 Mar 2024 10:02:11 +0100",
            chance.next() >> 24
        )
        .unwrap();
    }
    let signature = base64(&chance.octets(256), "\n\t ");
    let subject = base64(format!("2024-{number:05} WG: Änderung der Bestätigung").as_bytes(), "");
    writeln!(
        head,
        "DKIM-Signature: v=1; a=rsa-sha256; d=personal.example.com; s=s1;\n\tb={signature}\n\
         From: =?UTF-8?B?SsO8cmdlbiBNw7xsbGVy?= <user@personal.example.com>\nTo: Import <import@jobs.example.com>\n\
         Subject: =?UTF-8?B?{subject}?=\nDate: Wed, 13 Mar 2024 10:02:11 +0100\n\
         Message-ID: <{number}@mx.example.net>\nX-Mailer: Microsoft Outlook 16.0\nMIME-Version: 1.0"
    )
    .unwrap();
    head
}

/// Text and HTML together: a word of the forwarder, the head of the candidate's mail, prose and a quotation.
fn body(number: u64, chance: &mut Chance) -> String {
    let lines = prose(chance);
    let quoted: String = lines.iter().rev().take(12).fold(String::new(), |all, line| all + "> " + line + "\n");
    let block = [
        ("Von:", format!("Candidate {number} <candidate{number}@example.org>")),
        ("Gesendet:", "Mittwoch, 13. März 2024 09:12".to_owned()),
        ("An:", "Jürgen Müller <user@personal.example.com>".to_owned()),
        ("Betreff:", "Ihre Einladung".to_owned()),
    ];
    let plain_block: Vec<String> = block.iter().map(|(label, value)| format!("{label} {value}")).collect();
    let plain = format!(
        "Zur Akte.\n\n{}\n\n{}\n\nAm 12.03.2024 schrieb Jürgen Müller:\n{quoted}",
        plain_block.join("\n"),
        lines.join("\n")
    );
    let html_block: Vec<String> =
        block.iter().map(|(label, value)| format!("<b>{label}</b> {}", value.replace('<', "&lt;"))).collect();
    let paragraphs: Vec<String> =
        lines.iter().map(|line| format!("<p style=\"font-family:Calibri\">{line}</p>")).collect();
    let html = format!(
        "<html><head><meta charset=\"utf-8\"><style>p{{margin:0}}</style></head><body><p>Zur Akte.</p><div \
         style=\"border:none;border-top:solid #E1E1E1 1.0pt\"><p>{}</p></div>\n{}\n<blockquote>{}</blockquote>\
         </body></html>\n",
        html_block.join("<br>"),
        paragraphs.join("\n"),
        quoted.replace("> ", "&gt; ")
    );
    format!(
        "Content-Type: multipart/alternative; boundary=\"alt_{number}\"\n\n--alt_{number}\n{}\n--alt_{number}\n{}\n\
         --alt_{number}--\n",
        text_part("plain", &plain, chance),
        text_part("html", &html, chance)
    )
}

fn prose(chance: &mut Chance) -> Vec<String> {
    let words: Vec<&str> = WORDS.split(' ').collect();
    let wanted = chance.between(1_700, 6_700);
    let mut lines: Vec<String> = Vec::new();
    let mut written = 0;
    while written < wanted {
        let line = (0..chance.between(8, 14)).filter_map(|_| words.get(chance.below(words.len())).copied());
        let line = line.collect::<Vec<_>>().join(" ");
        written += line.len() + 1;
        lines.push(line);
    }
    lines
}

/// Quoted-printable, or as it is once in five.
fn text_part(kind: &str, text: &str, chance: &mut Chance) -> String {
    let (encoding, text) =
        if chance.below(5) == 0 { ("8bit", text.to_owned()) } else { ("quoted-printable", quoted_printable(text)) };
    format!("Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{text}")
}

fn quoted_printable(text: &str) -> String {
    let mut encoded = String::new();
    let mut column = 0;
    for byte in text.bytes() {
        if column >= 72 && byte != b'\n' {
            encoded.push_str("=\n");
            column = 0;
        }
        if matches!(byte, b'\n' | b' '..=b'<' | b'>'..=b'~') {
            encoded.push(char::from(byte));
            column = if byte == b'\n' { 0 } else { column + 1 };
        } else {
            write!(encoded, "={byte:02X}").unwrap();
            column += 3;
        }
    }
    encoded
}

/// Noise behind the head of a PDF; one name in four is written as RFC 2231 has it.
fn file(size: usize, chance: &mut Chance) -> String {
    let content = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), chance.octets(size)].concat();
    let name = if chance.below(4) == 0 {
        "\n filename*=UTF-8''Lebenslauf%20M%C3%BCller.pdf"
    } else {
        " filename=\"Zeugnisse.pdf\""
    };
    format!(
        "Content-Type: application/pdf\nContent-Disposition: attachment;{name}\nContent-Transfer-Encoding: base64\n\n{}",
        base64(&content, "\n")
    )
}

/// In lines of 76 letters.
fn base64(octets: &[u8], line_end: &str) -> String {
    let lines = octets.chunks(57).map(|line| base64::engine::general_purpose::STANDARD.encode(line));
    lines.collect::<Vec<_>>().join(line_end)
}

/// Numbers without order that are the same each time (splitmix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % bound
    }

    fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least)
    }

    fn octets(&mut self, count: usize) -> Vec<u8> {
        (0..count.div_ceil(8)).flat_map(|_| self.next().to_le_bytes()).take(count).collect()
    }
}
