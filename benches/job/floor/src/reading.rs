//! What is read of a mail.

use mail_parser::{MessageParser, MimeHeaders};

pub struct File {
    pub name: String,
    pub kind: String,
    pub content: Vec<u8>,
}

pub struct Row {
    pub uid: u32,
    pub message_id: String,
    pub from: String,
    pub subject: String,
    pub date: i64,
    pub text: String,
    pub html: String,
    pub files: Vec<File>,
}

pub fn parse(uid: u32, mail: &[u8]) -> Row {
    let mail = MessageParser::default().parse(mail).unwrap();
    let from = mail.from().and_then(|from| from.first()).and_then(|from| from.address());
    let files = mail.attachments().map(|file| File {
        name: file.attachment_name().unwrap_or_default().into(),
        kind: file.content_type().map(|kind| kind.ctype().to_owned()).unwrap_or_default(),
        content: file.contents().to_vec(),
    });
    Row {
        uid,
        message_id: mail.message_id().unwrap_or_default().into(),
        from: from.unwrap_or_default().into(),
        subject: mail.subject().unwrap_or_default().into(),
        date: mail.date().map(mail_parser::DateTime::to_timestamp).unwrap_or_default(),
        text: mail.body_text(0).unwrap_or_default().into(),
        html: mail.body_html(0).unwrap_or_default().into(),
        files: files.collect(),
    }
}

/// The mails of a folder, in order, with the line ends they have on the wire.
pub fn files(folder: &str) -> Vec<Vec<u8>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path| {
        let mail = std::fs::read(path).unwrap();
        let mut wire = Vec::with_capacity(mail.len() + mail.len() / 60);
        for octet in mail {
            if octet == b'\n' {
                wire.push(b'\r');
            }
            wire.push(octet);
        }
        wire
    };
    paths.iter().map(read).collect()
}
