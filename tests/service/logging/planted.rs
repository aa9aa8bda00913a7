//! Mails and a directory with a marker in every field, and a mail for each thing that may become of one.

use crate::mails::{Mail, forward};
use std::fmt::Write;

/// Everybody's name and address, and a post.
pub const DIRECTORY: &str = r#"
{"kind": "user", "tenant": "muster", "address": "zq7marker-ruth@example.test", "addresses": ["zq7marker-ruth@example.test"], "name": "Ruth Zq7Marker", "role": "personalmanager", "language": "de", "active": true}
{"kind": "user", "tenant": "muster", "address": "zq7marker-karl@example.test", "addresses": [], "name": "Karl Zq7Marker", "role": "fachbereich_plus", "language": "de", "active": true}
{"kind": "user", "tenant": "muster", "address": "zq7marker-vera@example.test", "addresses": [], "name": "Vera Zq7Marker", "role": "fachbereich", "language": "en", "active": true}
{"kind": "candidate", "tenant": "muster", "id": "K-Zq7Marker", "name": "Erika Zq7Marker", "addresses": ["zq7marker-erika@example.org"]}
{"kind": "application", "tenant": "muster", "number": "482137", "candidate": "K-Zq7Marker", "post": "Zq7Marker (m/w/d)", "responsible": ["zq7marker-karl@example.test", "zq7marker-vera@example.test", "karl@example.test"], "state": "open", "state_since": "2024-01-02"}
"#;

const RUTH: &str = "Ruth Zq7Marker <zq7marker-ruth@example.test>";

/// The mails, raw.
pub fn mails() -> Vec<Vec<u8>> {
    let twice = planted("482137 Zq7Marker zweimal", RUTH).bytes();
    let robot = planted("Zq7Marker Abwesenheit", RUTH).header("Auto-Submitted", "auto-replied");
    let encrypted = "From: Ruth Zq7Marker <zq7marker-ruth@example.test>\r\nSubject: 482137 Zq7Marker\r\n\
        Message-ID: <zq7marker-encrypted@example.org>\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=zq7marker\r\n\r\n\
        --zq7marker\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--zq7marker\r\n\
        Content-Type: application/octet-stream; name=\"zq7marker.asc\"\r\n\r\n-----BEGIN PGP MESSAGE-----\r\n\r\n\
        Zq7Marker\r\n-----END PGP MESSAGE-----\r\n--zq7marker--\r\n";
    let mut broken = b"From Zq7Marker\0\xff\xfe: Zq7Marker\r\nSubject: =?zq7marker?Q?Zq7Marker=?=\r\n".to_vec();
    broken.extend(b"Content-Type: multipart/mixed; boundary=\"zq7marker\r\n\r\n--zq7marker\r\nZq7Marker");
    let deep = {
        let mut deep = "From: zq7marker-ruth@example.test\r\nSubject: 482137 Zq7Marker\r\n".to_owned();
        for level in 0..300 {
            write!(
                deep,
                "Content-Type: multipart/mixed; boundary=\"zq7marker-{level}\"\r\n\r\n--zq7marker-{level}\r\n"
            )
            .unwrap();
        }
        deep + "\r\nZq7Marker\r\n"
    };
    let large = planted("482137 Zq7Marker", RUTH).file("Zq7Marker.pdf", vec![b'x'; 250_000]);
    let stranger = "\"Zq7Marker, Fremd\" <zq7marker-fremd@example.com>";
    let application =
        planted("Bewerbung Zq7Marker als Lagerist", stranger).file("Lebenslauf Zq7Marker.pdf", b"%PDF-1.4 Zq7Marker");
    vec![
        planted("482137 Zq7Marker Unterlagen", RUTH).bytes(),
        twice.clone(),
        twice,
        planted("482999 Zq7Marker", RUTH).bytes(),
        planted("999111 Zq7Marker", RUTH).bytes(),
        planted("ohne Nummer Zq7Marker", RUTH).bytes(),
        planted("482137 482138 Zq7Marker", RUTH).bytes(),
        planted("482137 Zq7Marker", stranger).bytes(),
        planted("482137 Zq7Marker", "zq7marker-vera@example.test").bytes(),
        application.bytes(),
        robot.bytes(),
        large.bytes(),
        encrypted.into(),
        broken,
        deep.into_bytes(),
        planted("482137 Gift Zq7Marker", RUTH).bytes(),
        planted("482137 Regel Zq7Marker", RUTH).bytes(),
    ]
}

/// A forward with a marker in every field.
fn planted(subject: &str, from: &str) -> Mail {
    let nested = "From: =?utf-8?Q?Erika_Zq7Marker?= <zq7marker-erika@example.org>\r\nTo: zq7marker-ruth@example.test\r\n\
        Subject: Zq7Marker\r\nMessage-ID: <zq7marker-nested@example.org>\r\n\r\nZq7Marker\r\n";
    let html = "<html><head><title>Zq7Marker</title></head><body class=\"zq7marker\"><p onclick=\"zq7marker()\">Von: Erika \
        Zq7Marker &lt;zq7marker-erika@example.org&gt;<table><tr>Zq7Marker</p><a href=\"http://zq7marker.example\">Zq7Marker\
        </a></body></html>";
    forward(subject)
        .from(from)
        .header("Cc", "\"Cc Zq7Marker\" <zq7marker-cc@example.org>")
        .header("Reply-To", "zq7marker-reply@example.org")
        .header("In-Reply-To", "<zq7marker-before@example.org>")
        .header("References", "<zq7marker-before@example.org> <zq7marker@example.org>")
        .header("X-Zq7Marker", "Zq7Marker =?utf-8?B?WnE3TWFya2Vy?=")
        .header("Received", "from zq7marker (zq7marker [192.0.2.7]) by zq7marker for <zq7marker@example.org>; Wed, 13 Mar 2024 10:02:11 +0100 (Zq7Marker)")
        .body(
            "Notiz von Zq7Marker.\r\n\r\nVon: Erika Zq7Marker <zq7marker-erika@example.org>\r\n\
             Gesendet: Mittwoch, 13. März 2024 09:12\r\nAn: Ruth Zq7Marker <zq7marker-ruth@example.test>\r\n\
             Betreff: Zq7Marker\r\n\r\nGuten Tag, Zq7Marker.\r\n",
        )
        .file("Zeugnis Zq7Marker.pdf", b"%PDF-1.4\nZq7Marker\n%%EOF\n")
        .file("zq7marker.exe", b"MZ Zq7Marker")
        .file("Zq7Marker.html", html)
        .file("Zq7Marker.eml", nested)
        .html(html)
}
