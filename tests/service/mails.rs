//! Mails as a recruiter's mail program sends them.

use std::fmt::Write;
use std::sync::atomic::{AtomicU32, Ordering};

/// A mail to be delivered; what is not said is an ordinary forward from Ruth, who may import.
pub struct Mail {
    from: String,
    subject: String,
    headers: String,
    body: String,
    html: Option<String>,
    files: Vec<(String, Vec<u8>)>,
    message_id: String,
}

/// A forward with this subject, each of another mail of the candidate's.
pub fn forward(subject: &str) -> Mail {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    forward_of(&number.to_string(), subject).message_id(&format!("<mail-{number}@example.test>"))
}

/// A forward of the one mail of the candidate's about this point, without a Message-ID.
pub fn forward_of(point: &str, subject: &str) -> Mail {
    Mail {
        from: "Ruth Muster <ruth@example.test>".to_owned(),
        subject: subject.to_owned(),
        headers: String::new(),
        body: format!(
            "Bitte zur Akte.\r\n\r\n\
             Von: Erika Beispiel <erika@example.org>\r\n\
             Gesendet: Mittwoch, 13. März 2024 09:12\r\n\
             An: Ruth Muster <ruth@example.test>\r\n\
             Betreff: Meine Unterlagen\r\n\r\n\
             Guten Tag Frau Muster,\r\nanbei die fehlenden Unterlagen zu Punkt {point}.\r\n"
        ),
        html: None,
        files: Vec::new(),
        message_id: String::new(),
    }
}

impl Mail {
    pub fn from(mut self, address: &str) -> Self {
        address.clone_into(&mut self.from);
        self
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        write!(self.headers, "{name}: {value}\r\n").unwrap();
        self
    }

    pub fn message_id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.message_id);
        self
    }

    pub fn body(mut self, text: &str) -> Self {
        text.clone_into(&mut self.body);
        self
    }

    /// The body as HTML too.
    pub fn html(mut self, html: &str) -> Self {
        self.html = Some(html.to_owned());
        self
    }

    pub fn file(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.files.push((name.to_owned(), content.as_ref().to_owned()));
        self
    }

    pub fn pdf(self, name: &str) -> Self {
        let content = format!("%PDF-1.4\n% {name}\n%%EOF\n");
        self.file(name, content)
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut mail = format!(
            "From: {}\r\nTo: import@example.test\r\nSubject: {}\r\nMessage-ID: {}\r\n\
             Date: Wed, 13 Mar 2024 10:02:11 +0100\r\n{}MIME-Version: 1.0\r\n\
             Content-Type: multipart/mixed; boundary=\"limit\"\r\n\r\n--limit\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{}",
            self.from, self.subject, self.message_id, self.headers, self.body
        );
        if let Some(html) = &self.html {
            write!(mail, "\r\n--limit\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}").unwrap();
        }
        for (name, content) in &self.files {
            write!(
                mail,
                "\r\n--limit\r\nContent-Type: application/octet-stream\r\n\
                 Content-Disposition: attachment; filename=\"{name}\"\r\n\
                 Content-Transfer-Encoding: base64\r\n\r\n{}\r\n",
                in_lines(content)
            )
            .unwrap();
        }
        mail.push_str("\r\n--limit--\r\n");
        mail.into_bytes()
    }
}

fn in_lines(content: &[u8]) -> String {
    use base64::Engine;
    let encoded = base64::engine::general_purpose::STANDARD.encode(content);
    encoded.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line)).collect::<Vec<_>>().join("\r\n")
}
