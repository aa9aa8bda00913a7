//! Mails of one person in which a word stands wherever a word can stand, and the search for it.

use crate::harness::postgres::query;
use crate::house::House;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// A person of whom mail comes in.
pub struct Planted {
    /// Stands in names, addresses, subjects, texts, notes, file names and files.
    pub word: &'static str,
    pub number: &'static str,
    pub external_id: &'static str,
}

pub const DOOMED: Planted = Planted { word: "Quittengelee", number: "482200", external_id: "K7" };
pub const OTHER: Planted = Planted { word: "Holundersaft", number: "482201", external_id: "K8" };

impl Planted {
    pub fn address(&self) -> String {
        format!("{}@example.org", self.word.to_lowercase())
    }

    /// Candidate and application, as the recruiting system's feed has them.
    pub fn directory(&self) -> String {
        let Self { word, number, external_id } = self;
        let address = self.address();
        format!(
            r#"{{"kind": "candidate", "tenant": "muster", "id": "{external_id}", "name": "Erna {word}", "addresses": ["{address}"]}}
{{"kind": "application", "tenant": "muster", "number": "{number}", "candidate": "{external_id}", "post": "Köchin {word}", "responsible": ["karl@example.test", "vera@example.test"], "state": "open", "state_since": "2024-01-02"}}
"#
        )
    }

    /// A forward of one of the person's mails, about this point, with the word everywhere.
    pub fn forward(&self, from: &str, subject: &str, point: &str) -> Vec<u8> {
        let Self { word, .. } = self;
        let address = self.address();
        let original = format!(
            "Von: Erna {word} <{address}>\r\nGesendet: Mittwoch, 13. März 2024 09:12\r\nAn: Ruth Muster <ruth@example.test>\r\n\
             Betreff: {word} und Unterlagen\r\n\r\nGuten Tag,\r\nanbei {word}, die Unterlagen zu Punkt {point}.\r\n"
        );
        let html = format!(
            "<p>Notiz {word}</p><hr><p>{}</p><img src=\"cid:bild\">",
            original.replace('<', "&lt;").replace("\r\n", "<br>\r\n")
        );
        let mut mail = format!(
            "From: {from}\r\nTo: import@example.test\r\nSubject: {subject}\r\nMessage-ID: <{point}-{word}@example.test>\r\n\
             Date: Wed, 13 Mar 2024 10:02:11 +0100\r\nX-Note: {word}\r\nMIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=\"limit\"\r\n\r\n--limit\r\n\
             Content-Type: multipart/alternative; boundary=\"inner\"\r\n\r\n--inner\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nNotiz {word}\r\n\r\n{original}\r\n\
             --inner\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{html}\r\n--inner--\r\n"
        );
        let pdf = format!("%PDF-1.4\n% {word} {point}\n%%EOF\n");
        let zip = format!("PK\u{3}\u{4} {word} {point} in an archive");
        let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (name, content) in [("pdf", pdf.into_bytes()), ("zip", zip.into_bytes()), ("txt", wide)] {
            write!(
                mail,
                "--limit\r\nContent-Type: application/octet-stream\r\n\
                 Content-Disposition: attachment; filename=\"{word} {point}.{name}\"\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
                STANDARD.encode(content)
            )
            .unwrap();
        }
        mail.push_str("--limit--\r\n");
        mail.into_bytes()
    }
}

/// The word as it may stand in a file: in any case, in UTF-16, in base64 at any place, in hexadecimal digits.
pub fn forms(word: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![word.to_lowercase().into_bytes()];
    for wide in [u16::to_le_bytes, u16::to_be_bytes] {
        forms.push(word.to_lowercase().encode_utf16().flat_map(wide).collect());
    }
    for word in [word.to_owned(), word.to_lowercase()] {
        for before in 0..3 {
            let mut bytes = vec![b'.'; before];
            bytes.extend(word.as_bytes());
            let encoded = STANDARD.encode(&bytes[..bytes.len() / 3 * 3]).to_lowercase();
            // The first four letters depend on what stands before the word.
            let own = encoded.into_bytes().into_iter().skip(if before == 0 { 0 } else { 4 });
            forms.push(own.collect());
        }
        forms.push(word.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")).into_bytes());
    }
    forms
}

fn holds(bytes: &[u8], forms: &[Vec<u8>]) -> bool {
    let bytes = bytes.to_ascii_lowercase();
    forms.iter().any(|form| memchr::memmem::find(&bytes, form).is_some())
}

/// The files below a folder in which the word stands in one form or another, or in whose names it does.
pub fn files_with(word: &str, folder: &Path) -> Vec<PathBuf> {
    let forms = forms(word);
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if holds(&fs::read(&path).unwrap_or_default(), &forms)
                || holds(path.file_name().unwrap().as_encoded_bytes(), &forms)
            {
                found.push(path);
            }
        }
    }
    found
}

/// Where the word stands: files of the service's folder, those of the import mailbox, tables of the PostgreSQL database.
pub fn places_of(word: &str, house: &House) -> Vec<String> {
    // The feed is the recruiting system's.
    let _ = fs::remove_file(house.service.join("directory.jsonl"));
    let files = files_with(word, house.service.folder()).into_iter();
    let mailbox = files_with(word, &house.dovecot.folder().join("mail/import")).into_iter();
    let mut places: Vec<String> = files.chain(mailbox).map(|path| path.display().to_string()).collect();
    places.extend(tables_with(word, house));
    places
}

/// The tables of the PostgreSQL database in which the word stands.
pub fn tables_with(word: &str, house: &House) -> Vec<String> {
    if house.postgres.is_none() {
        return Vec::new();
    }
    let url = house.database_url();
    let tables = query(&url, "select tablename from pg_tables where schemaname = 'public'");
    let forms = forms(word);
    let rows = |table: &str| query(&url, &format!("select t::text from {table} t"));
    tables.lines().filter(|table| holds(rows(table).as_bytes(), &forms)).map(str::to_owned).collect()
}
