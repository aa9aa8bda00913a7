//! Character sets: bytes and the label they were sent with in, text out.
//!
//! The order is fixed: the declared set, else UTF-8, else Windows-1252 (what Western mail programs mean when they say
//! nothing). The sets themselves come from `encoding_rs`; those that browsers dropped but mail still carries (UTF-7,
//! IBM850) from `mail-parser`, IBM852 from a table of ours.

use super::cp852;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;

/// Labels that say nothing about bytes above 127, or that UTF-8 covers.
const PLAIN: [&str; 10] = [
    "utf-8",
    "utf8",
    "us-ascii",
    "ascii",
    "ansi_x3.4-1968",
    "unknown-8bit",
    "8bit",
    "7bit",
    "unicode-1-1-utf-8",
    "x-user-defined",
];

/// Other names of sets. IBM437 has the letters of Western languages where IBM850 has them.
const ALIASES: [(&str, &str); 7] = [
    ("latin9", "iso-8859-15"),
    ("latin-9", "iso-8859-15"),
    ("unicode-1-1-utf-7", "utf-7"),
    ("x-unicode-2-0-utf-7", "utf-7"),
    ("ibm437", "ibm850"),
    ("cp437", "ibm850"),
    ("cp850", "ibm850"),
];

/// A text, and how it was read.
pub(crate) struct Text {
    pub(crate) text: String,
    /// The set that it was read by where the label does not say it or lies; `None` where the label is right.
    pub(crate) fallback: Option<&'static str>,
}

/// Decodes `bytes` by the label they were sent with. Never fails; a byte order mark is dropped.
pub(crate) fn decode(bytes: &[u8], label: Option<&str>) -> String {
    read(bytes, label).text
}

/// The same, and by which set it was.
pub(crate) fn read(bytes: &[u8], label: Option<&str>) -> Text {
    let label = label.map(|label| label.trim_matches(['"', '\'', ' ', '\t']).to_ascii_lowercase());
    let declared = label.as_deref().filter(|label| !PLAIN.contains(label)).and_then(|label| declared(bytes, label));
    let (text, fallback) = match declared {
        Some(text) => (text, None),
        None => undeclared(bytes, label.as_deref()),
    };
    let is_plain = || bytes.is_ascii() && label.as_deref().is_none_or(|label| !label.contains("utf-16"));
    let fallback = fallback.filter(|_| !is_plain());
    match text.strip_prefix('\u{feff}') {
        Some(behind) => Text { text: behind.to_owned(), fallback },
        None => Text { text, fallback },
    }
}

/// The label means UTF-8.
pub(crate) fn is_utf_8(label: &str) -> bool {
    ["utf-8", "utf8"].iter().any(|name| label.eq_ignore_ascii_case(name))
}

/// The declared set, if it is known and fits the bytes better than UTF-8 does.
fn declared(bytes: &[u8], label: &str) -> Option<String> {
    let label = ALIASES.iter().find(|(alias, _)| *alias == label).map_or(label, |&(_, name)| name);
    if matches!(label, "utf-16" | "ucs-2" | "iso-10646-ucs-2" | "utf16" | "unicode") {
        return Some(utf_16(bytes));
    }
    if cp852::is_label(label) {
        return std::str::from_utf8(bytes).is_err().then(|| cp852::decode(bytes));
    }
    let Some(encoding) = Encoding::for_label_no_replacement(label.as_bytes()) else {
        return charset_decoder(label.as_bytes()).map(|decoder| decoder(bytes));
    };
    let (text, malformed) = encoding.decode_with_bom_removal(bytes);
    if malformed && encoding != UTF_8 && std::str::from_utf8(bytes).is_ok() {
        return None;
    }
    Some(text.into_owned())
}

/// UTF-16 without a byte order in its label: by the mark, else by where the zero bytes of Latin letters stand.
fn utf_16(bytes: &[u8]) -> String {
    let zeros = |offset: usize| bytes.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let encoding = match bytes {
        [0xfe, 0xff, ..] => UTF_16BE,
        [0xff, 0xfe, ..] => UTF_16LE,
        _ if zeros(0) > zeros(1) => UTF_16BE,
        _ => UTF_16LE,
    };
    encoding.decode_with_bom_removal(bytes).0.into_owned()
}

/// Reads what was sent without a usable label, and says by which set.
///
/// Bytes that are no UTF-8 are read as Windows-1252 one by one, so that a single foreign line (a footer glued on by a
/// gateway) does not spoil the text around it.
fn undeclared(bytes: &[u8], label: Option<&str>) -> (String, Option<&'static str>) {
    let says_utf_8 = label.is_some_and(is_utf_8);
    let other = if says_utf_8 { "Windows-1252 where it is no UTF-8" } else { "Windows-1252" };
    if matches!(bytes, [0xfe, 0xff, ..] | [0xff, 0xfe, ..]) {
        return (utf_16(bytes), Some(other));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.to_owned(), (!says_utf_8).then_some("UTF-8"));
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    (text, Some(other))
}

/// The character set that an HTML page names for itself, looked for in its first 4 KiB.
pub(crate) fn named_in_html(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let named = |&end: &usize| head.get(..end).is_some_and(|before| ends_with(before, b"charset"));
    let behind = memchr::memchr_iter(b'=', head).find(named).and_then(|end| head.get(end + 1..))?;
    let start = behind.iter().position(|byte| !matches!(byte, b'"' | b'\'' | b' ')).unwrap_or(behind.len());
    let letters = behind.iter().skip(start).map(|&byte| char::from(byte.to_ascii_lowercase()));
    let label: String =
        letters.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '.')).collect();
    (!label.is_empty()).then_some(label)
}

/// The bytes end with this word, in letters of either size.
fn ends_with(bytes: &[u8], word: &[u8]) -> bool {
    bytes.len().checked_sub(word.len()).and_then(|at| bytes.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// Text as it may be stored and shown: `\n` line ends (a lone CR counts as one), no NUL and no other control letters.
pub(crate) fn tidy(text: String) -> String {
    // Control letters, and the first byte of those above 127 (and of others); most texts have none of these.
    let is_odd = |byte: u8| byte < b' ' && byte != b'\n' && byte != b'\t' || byte == 0x7f || byte == 0xc2;
    // Without a branch for each byte, many are looked at at once.
    if !text.bytes().fold(false, |odd, byte| odd | is_odd(byte)) {
        return text;
    }
    let mut tidied = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\r' => {
                letters.next_if_eq(&'\n');
                tidied.push('\n');
            }
            '\n' | '\t' => tidied.push(letter),
            letter if letter.is_control() => {}
            letter => tidied.push(letter),
        }
    }
    tidied
}

/// A Windows code page as a character set's label.
pub(crate) fn code_page_label(number: u32) -> String {
    match number {
        65001 => "utf-8".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        number => format!("windows-{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, named_in_html, read, tidy};

    #[test]
    fn latin_1_means_windows_1252() {
        assert_eq!(decode(b"2.500 \x80 \x84gut\x93", Some("ISO-8859-1")), "2.500 € „gut“");
    }

    #[test]
    fn unlabelled_and_unknown_bytes_are_utf_8_or_windows_1252() {
        for label in [None, Some("x-nonsense"), Some("us-ascii"), Some("unknown-8bit")] {
            assert_eq!(decode("Größe".as_bytes(), label), "Größe");
            assert_eq!(decode(b"Gr\xf6\xdfe", label), "Größe");
        }
    }

    #[test]
    fn sets_have_several_names() {
        assert_eq!(decode(b"5 \xa4", Some("Latin9")), "5 €");
        assert_eq!(decode(b"Gr\x94\xe1e", Some("IBM437")), "Größe");
        assert_eq!(decode(b"Gr\x94\xe1e", Some("cp850")), "Größe");
        assert_eq!(decode(b"Gr\x94\xe1e", Some("CP852")), "Größe");
        assert_eq!(decode("Größe".as_bytes(), Some("x-user-defined")), "Größe");
    }

    #[test]
    fn one_foreign_line_does_not_spoil_the_rest() {
        assert_eq!(decode(b"Gr\xc3\xb6\xc3\x9fe\nGr\xf6\xdfe", Some("utf-8")), "Größe\nGröße");
    }

    #[test]
    fn utf_7_and_utf_16_are_read() {
        assert_eq!(decode(b"Gr+APYA3w-e", Some("utf-7")), "Größe");
        assert_eq!(decode(b"Gr+APYA3w-e", Some("UNICODE-1-1-UTF-7")), "Größe");
        assert_eq!(decode(b"\xff\xfeG\x00r\x00\xf6\x00", Some("utf-16")), "Grö");
        assert_eq!(decode(b"\x00G\x00r\x00\xf6", Some("utf-16")), "Grö");
    }

    #[test]
    fn a_label_that_lies_about_utf_8_gives_way() {
        assert_eq!(decode("Größe".as_bytes(), Some("euc-jp")), "Größe");
    }

    #[test]
    fn another_set_than_the_declared_is_told() {
        let fallback = |bytes: &[u8], label| read(bytes, label).fallback;
        let latin = b"Gr\xf6\xdfe";
        assert_eq!(fallback(latin, Some("iso-8859-1")), None);
        assert_eq!(fallback("Größe".as_bytes(), Some("UTF-8")), None);
        assert_eq!(fallback(b"Ort", None), None);
        assert_eq!(fallback(latin, Some("x-nonsense")), Some("Windows-1252"));
        assert_eq!(fallback("Größe".as_bytes(), Some("euc-jp")), Some("UTF-8"));
        assert_eq!(fallback(latin, Some("utf-8")), Some("Windows-1252 where it is no UTF-8"));
    }

    #[test]
    fn html_names_its_own_set() {
        assert_eq!(named_in_html(b"<meta charset=\"ISO-8859-2\">").as_deref(), Some("iso-8859-2"));
        assert_eq!(named_in_html(b"<p>charset</p>"), None);
    }

    #[test]
    fn stored_text_has_line_feeds_and_no_control_letters() {
        assert_eq!(tidy("a\rb\r\nc\0\u{7}d\u{85}\te".to_owned()), "a\nb\ncd\te");
    }
}
