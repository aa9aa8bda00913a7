//! What tells the same mail from another across folders, UIDs and restarts.

use super::MailIdentity;
use super::byte_lines::byte_lines;
use super::message;
use super::structure::Header;
use sha2::{Digest, Sha256};

/// So many bytes are digested together: line by line the digest would be busier with its buffer than with the bytes.
const PENDING: usize = 16 * 1024;

/// The identity of a mail.
///
/// With a Message-ID the digest covers From, Date, Subject and the body, line ends and blanks at their ends aside, so
/// that neither trace headers nor another way of transport change it. Without one it covers every byte, of line ends as
/// IMAP has them.
pub fn of(bytes: &[u8]) -> MailIdentity {
    let (header, body) = Header::parse(bytes);
    let message_id = header.text("Message-ID").as_deref().and_then(message::message_id);
    let mut hasher = Sha256::new();
    if message_id.is_none() {
        digest_lines(&mut hasher, bytes);
        return MailIdentity { message_id, digest: hex::encode(hasher.finalize()) };
    }
    for name in ["From", "Date", "Subject"] {
        hasher.update(header.raw(name).unwrap_or_default());
        hasher.update(b"\n");
    }
    let body = body.trim_ascii_end();
    if !body.is_empty() {
        let mut pending = Vec::with_capacity(2 * PENDING);
        for line in byte_lines(body) {
            pending.extend_from_slice(line.trim_ascii_end());
            pending.push(b'\n');
            if pending.len() >= PENDING {
                hasher.update(&pending);
                pending.clear();
            }
        }
        hasher.update(&pending);
    }
    MailIdentity { message_id, digest: hex::encode(hasher.finalize()) }
}

/// All bytes; a line that ends without a carriage return, as in a file, as if it had one.
fn digest_lines(hasher: &mut Sha256, bytes: &[u8]) {
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(line) if !line.ends_with(b"\r") => {
                hasher.update(line);
                hasher.update(b"\r\n");
            }
            _ => hasher.update(line),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::of;
    use sha2::{Digest, Sha256};

    const MAIL: &str = "Received: a\nMessage-ID: <1@example.org>\nFrom: a\nSubject: b\n\nText\n";

    #[test]
    fn transport_does_not_change_it() {
        let other = MAIL.replace("Received: a\n", "Received: b\nX-Spam: no\n").replace('\n', "\r\n") + "\r\n";
        assert_eq!(of(MAIL.as_bytes()), of(other.as_bytes()));
    }

    #[test]
    fn the_same_id_with_other_content_is_another_mail() {
        let other = MAIL.replace("Text", "Anderer Text");
        assert_ne!(of(MAIL.as_bytes()), of(other.as_bytes()));
    }

    #[test]
    fn the_digest_is_that_of_the_lines_however_long_the_body_is() {
        let body = format!("{}{}", "Text  \r\n\r\n".repeat(5_000), "x".repeat(40_000));
        let normal = format!("a\n\nb\n{}\n", body.replace("  \r\n", "\n").replace("\r\n", "\n"));
        let digest = hex::encode(Sha256::digest(&normal));
        assert_eq!(of(MAIL.replace("Text", &body).as_bytes()).digest, digest);
    }

    #[test]
    fn without_an_id_every_byte_counts() {
        let without = MAIL.replace("<1@example.org>", "");
        assert_eq!(of(without.as_bytes()).message_id, None);
        assert_ne!(of(without.as_bytes()).digest, of(without.replace("Received: a", "Received: b").as_bytes()).digest);
        let as_fetched = without.replace('\n', "\r\n");
        assert_eq!(of(as_fetched.as_bytes()).digest, hex::encode(Sha256::digest(&as_fetched)));
        assert_eq!(of(without.as_bytes()), of(as_fetched.as_bytes()), "the same mail in a Maildir");
    }
}
