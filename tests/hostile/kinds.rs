//! Mails made to hurt a reader: deep, wide, long, or full of what makes a careless reader start over and over.
//!
//! Each kind grows with one number, so that a series of sizes shows how the time grows. A table of facts.

/// One way to hurt.
#[derive(Clone, Copy)]
pub struct Kind {
    /// What it is full of.
    pub name: &'static str,
    /// A mail of about so many bytes.
    pub make: fn(usize) -> Vec<u8>,
}

const fn kind(name: &'static str, make: fn(usize) -> Vec<u8>) -> Kind {
    Kind { name, make }
}

/// All of them.
pub const KINDS: &[Kind] = &[
    kind("<", |size| html("<", size)),
    kind("&amp;", |size| html("&amp;", size)),
    kind("& without end", |size| html("&ampl", size)),
    kind("nested div", |size| html("<div>", size)),
    kind("end tags", |size| html("</p></div>", size)),
    kind("nested tables", |size| html("<table><tr><td>", size)),
    kind("open comments", |size| html("<!-- <!--> -", size)),
    kind("open scripts", |size| html("<script><style>", size)),
    kind("attributes", |size| html(&format!("<a {}>x", repeat("b=c ", size)), 1)),
    kind("pictures", |size| html("<img src=cid:a@b>", size)),
    kind("rules above labels", |size| html("<hr tabindex=-1>Von: a", size)),
    kind("preformatted blanks", |size| html(&format!("<pre>{}", repeat("<p> ", size)), 1)),
    kind("nested multipart", nested_multipart),
    kind("multipart without boundary", |size| mail("", &repeat("Content-Type: multipart/mixed\n\n--b\n", size))),
    kind("nested message/rfc822", |size| mail("", &repeat(ATTACHED, size))),
    kind("nested digest", nested_digest),
    kind("nested in base64", nested_in_base64),
    kind("base64 in base64", base64_in_base64),
    kind("parts", |size| mixed(&repeat("\n--b\n\nx", size))),
    kind("attached mails", |size| mixed(&repeat(&format!("\n--b\n{ATTACHED}{HEAD}\nText\n"), size))),
    kind("foreign boundaries", foreign_boundaries),
    kind("one header line", |size| mail(&format!("X-Long: {}\n", repeat("x", size)), "")),
    kind("headers", |size| mail(&repeat("X-Many: y\n", size), "")),
    kind("blank folded lines", |size| mail(&format!("X-Folded: y\n{}", repeat(" \n", size)), "")),
    kind("encoded words", |size| subject("=?utf-8?Q?=C3?= =?utf-8?B?vA==?= ", size)),
    kind("encoded words without end", |size| subject("=?a?q?", size)),
    kind("numbers in the subject", |size| subject("2024-00123/2024-00124 ", size)),
    kind("brackets in the subject", |size| subject("[", size)),
    kind("prefixes in the subject", |size| subject("WG: ", size)),
    kind("> in From", |size| from(&format!("<a@b{}", repeat(">", size)))),
    kind("< in From", |size| from(&repeat("<a@b", size))),
    kind("( in From", |size| from(&repeat("(\"", size))),
    kind("parameters", |size| mail(&format!("Content-Type: text/plain{}\n", repeat("; a=b", size)), "Text")),
    kind("pieces of a parameter", pieces_of_a_name),
    kind("one file name", |size| named(&repeat("%2525", size))),
    kind("path", |size| named(&repeat("../", size))),
    kind("pyramid of >", pyramid),
    kind("lines of >", |size| mail("", &repeat("> > > Text\n", size))),
    kind("flowed lines", |size| mail("Content-Type: text/plain; format=flowed\n", &repeat("> Text \n", size))),
    kind("blanks", |size| mail("", &repeat(" ", size))),
    kind("empty lines", |size| mail("", &repeat("\n", size))),
    kind("labels", |size| mail("", &repeat("Von: a\n", size))),
    kind("labels in blocks", |size| mail("", &repeat("Von: a\nGesendet: b\nAn: c\n", size))),
    kind("labels in one line", |size| mail("", &repeat("Von: a Gesendet: b An: c Betreff: d ", size))),
    kind("long values of labels", long_values),
    kind("attributions", |size| mail("", &repeat("Am 12.03.2024 schrieb a <a@example.org>\n", size))),
    kind("markers", |size| mail("", &repeat("-----Original Message-----\n", size))),
    kind("addresses", |size| mail("", &format!("Von: {}", repeat("a@b.example <", size)))),
    kind("uuencoded files", |size| mail("", &repeat("begin 644 a\n`\nend\n", size))),
    kind("begin without file", |size| mail("", &repeat("begin 644 a\n", size))),
    kind("files in winmail.dat", files_in_tnef),
    kind("signed by S/MIME in pieces", |size| smime(&[0x30, 0x80, 0x24, 0x80, 4, 0].repeat(size / 6))),
    kind("UTF-7", |size| mail("Content-Type: text/plain; charset=utf-7\n", &repeat("+AGE", size))),
    kind("UTF-16", |size| mail("Content-Type: text/plain; charset=utf-16\n", &repeat("a\0", size))),
    kind("quoted-printable", |size| encoded("quoted-printable", &repeat("=\n", size))),
    kind("base64 with junk", |size| encoded("base64", &repeat("QQ==!\n", size))),
    kind("carriage returns", |size| repeat("From: a\r", size).into_bytes()),
    kind("zeros", |size| vec![0; size]),
    kind("signatures of PGP", |size| mail("", &repeat("-----BEGIN PGP SIGNED MESSAGE-----\n\n", size))),
];

/// The fields of an ordinary mail.
const HEAD: &str =
    "From: ruth@personal.example.com\nSubject: 2024-00123 WG: Unterlagen\nDate: Wed, 13 Mar 2024 10:02:11 +0100\n";
/// Makes the part behind it a mail.
const ATTACHED: &str = "Content-Type: message/rfc822\n\n";

fn repeat(text: &str, size: usize) -> String {
    text.repeat(size.div_ceil(text.len()))
}

/// A mail; a body that begins with a field goes on with the header.
fn mail(fields: &str, body: &str) -> Vec<u8> {
    let empty_line = if body.starts_with("Content-Type") { "" } else { "\n" };
    format!("{HEAD}{fields}{empty_line}{body}").into_bytes()
}

fn html(text: &str, size: usize) -> Vec<u8> {
    mail("Content-Type: text/html\n", &repeat(text, size))
}

fn mixed(body: &str) -> Vec<u8> {
    mail("Content-Type: multipart/mixed; boundary=b\n", body)
}

fn encoded(encoding: &str, body: &str) -> Vec<u8> {
    mail(&format!("Content-Transfer-Encoding: {encoding}\n"), body)
}

fn subject(text: &str, size: usize) -> Vec<u8> {
    format!("From: ruth@personal.example.com\nSubject: {}\n\nText\n", repeat(text, size)).into_bytes()
}

fn from(value: &str) -> Vec<u8> {
    format!("From: {value}\nSubject: 2024-00123\n\nText\n").into_bytes()
}

fn named(name: &str) -> Vec<u8> {
    mixed(&format!("\n--b\nContent-Disposition: attachment; filename=\"a{name}.pdf\"\n\nInhalt\n--b--\n"))
}

fn long_values(size: usize) -> Vec<u8> {
    let people = repeat("a@b ", size / 2);
    mail("", &format!("Von: {people}\nAn: {people}\nBetreff: x"))
}

fn pieces_of_a_name(size: usize) -> Vec<u8> {
    let pieces = (0..size / 18).map(|number| format!("; filename*{number:06}*=%C3"));
    mixed(&format!("\n--b\nContent-Disposition: attachment{}\n\nInhalt\n--b--\n", pieces.collect::<String>()))
}

fn nested_multipart(size: usize) -> Vec<u8> {
    let levels =
        (0..size / 66).map(|level| format!("Content-Type: multipart/mixed; boundary=b{level:07}\n\n--b{level:07}\n"));
    mail("", &levels.collect::<String>())
}

fn nested_digest(size: usize) -> Vec<u8> {
    let levels =
        (0..size / 66).map(|level| format!("Content-Type: multipart/digest; boundary=b{level:07}\n\n--b{level:07}\n"));
    mail("", &levels.collect::<String>())
}

/// One part in base64 that is a mail of nested mails.
fn nested_in_base64(size: usize) -> Vec<u8> {
    in_base64(&mail("", &repeat(ATTACHED, size / 4 * 3)))
}

/// Each mail holds the next one in base64.
fn base64_in_base64(size: usize) -> Vec<u8> {
    let mut inner = mail("", "Text");
    while inner.len() * 4 / 3 + 200 < size {
        inner = in_base64(&inner);
    }
    inner
}

fn in_base64(mail: &[u8]) -> Vec<u8> {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(mail);
    format!("{HEAD}Content-Transfer-Encoding: base64\n{ATTACHED}{text}\n").into_bytes()
}

/// Lines that look like boundaries of many open multiparts and are of none.
fn foreign_boundaries(size: usize) -> Vec<u8> {
    let open = (0..150).map(|level| format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"));
    mail("", &format!("{}\n{}", open.collect::<String>(), repeat("--b\n", size)))
}

/// Each line quoted one level deeper than the one above.
fn pyramid(size: usize) -> Vec<u8> {
    let lines = (0usize..).scan(0, |written, level| {
        *written += level + 2;
        (*written < size).then(|| format!("{}x\n", ">".repeat(level)))
    });
    mail("", &lines.collect::<String>())
}

/// A container of empty files, each a single attribute without content.
fn files_in_tnef(size: usize) -> Vec<u8> {
    let begin = [2, 2, 0x90, 6, 0, 0, 0, 0, 0, 0, 0];
    let container = [&[0x78, 0x9f, 0x3e, 0x22, 1, 0][..], &begin.repeat(size / begin.len())].concat();
    let head = format!("{HEAD}Content-Type: application/ms-tnef\nContent-Transfer-Encoding: binary\n\n");
    [head.as_bytes(), &container].concat()
}

fn smime(envelope: &[u8]) -> Vec<u8> {
    let head = format!("{HEAD}Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: binary\n\n");
    [head.as_bytes(), envelope].concat()
}
