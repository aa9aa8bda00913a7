//! Rich text as winmail.dat carries a mail's text ([MS-OXRTFCP], [MS-OXRTFEX]): unpacked, and its text or the HTML
//! wrapped in it taken out. Formatting is not kept.

mod packing;

use crate::mail::encoding::{charset, quoted_printable};

/// Deepest nesting of groups; Outlook has about ten.
const MOST_GROUPS: usize = 500;
/// Groups that hold no text of the mail.
const WITHOUT_TEXT: [&str; 12] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "footer",
    "footnote",
    "mhtmltag",
    "listtext",
    "themedata",
];
/// Words that stand for a letter.
const LETTERS: [(&str, &str); 14] = [
    ("par", "\n"),
    ("line", "\n"),
    ("sect", "\n"),
    ("page", "\n"),
    ("row", "\n"),
    ("cell", "\t"),
    ("tab", "\t"),
    ("lquote", "‘"),
    ("rquote", "’"),
    ("ldblquote", "“"),
    ("rdblquote", "”"),
    ("bullet", "•"),
    ("endash", "–"),
    ("emdash", "—"),
];

/// What a rich text was made of.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Content {
    Text(String),
    Html(String),
}

/// Unpacks rich text and takes its content out; `None` where it is damaged or empty.
pub(super) fn read(packed: &[u8]) -> Option<Content> {
    let rtf = packing::unpack(packed)?;
    if !rtf.trim_ascii_start().starts_with(b"{\\rtf") {
        return None;
    }
    let (text, is_html) = Writer::default().write(&rtf);
    if text.trim().is_empty() {
        return None;
    }
    Some(if is_html { Content::Html(text) } else { Content::Text(text) })
}

/// What holds inside a group.
#[derive(Clone, Copy)]
struct Group {
    /// It holds no text.
    skipped: bool,
    /// It holds formatting for programs that do not know the HTML.
    formatting: bool,
    /// So many letters behind a `\u` stand for programs that do not know it.
    replacements: usize,
}

/// Takes the content out of rich text.
struct Writer {
    text: String,
    /// Octets in the code page, and units of UTF-16, that are not yet text.
    octets: Vec<u8>,
    units: Vec<u16>,
    code_page: Option<String>,
    is_html: bool,
    group: Group,
    outer: Vec<Group>,
    /// So many letters are still to be skipped behind a `\u`.
    to_skip: usize,
}

impl Default for Writer {
    fn default() -> Self {
        Self {
            text: String::new(),
            octets: Vec::new(),
            units: Vec::new(),
            code_page: None,
            is_html: false,
            group: Group { skipped: false, formatting: false, replacements: 1 },
            outer: Vec::new(),
            to_skip: 0,
        }
    }
}

impl Writer {
    fn write(mut self, mut rtf: &[u8]) -> (String, bool) {
        while let [letter, rest @ ..] = rtf {
            rtf = rest;
            match letter {
                b'{' if self.outer.len() == MOST_GROUPS => break,
                b'{' => self.outer.push(self.group),
                b'}' => {
                    self.to_skip = 0;
                    match self.outer.pop() {
                        Some(outer) if !self.outer.is_empty() => self.group = outer,
                        _ => break,
                    }
                }
                b'\\' => rtf = self.control(rest),
                b'\r' | b'\n' | 0 => {}
                letter => self.octet(*letter),
            }
        }
        self.flush();
        (self.text, self.is_html)
    }

    /// What stands behind a backslash; gives what is behind that.
    fn control<'a>(&mut self, rtf: &'a [u8]) -> &'a [u8] {
        let [first, rest @ ..] = rtf else { return rtf };
        match first {
            b'\'' => {
                if let Some(octet) = quoted_printable::hex_pair(rest) {
                    self.octet(octet);
                    return rest.get(2..).unwrap_or_default();
                }
                rest
            }
            b'*' => {
                // A group that may be left out by whoever does not know it; only this one is known.
                self.group.skipped |= !rest.trim_ascii_start().starts_with(b"\\htmltag");
                rest
            }
            b'~' => self.letters("\u{a0}", rest),
            b'_' => self.letters("-", rest),
            b'\r' | b'\n' => self.letters("\n", rest),
            letter if letter.is_ascii_alphabetic() => self.word(rtf),
            letter if b"\\{}".contains(letter) => {
                self.octet(*letter);
                rest
            }
            _ => rest,
        }
    }

    /// A word, its number, and the one blank that may end it.
    fn word<'a>(&mut self, rtf: &'a [u8]) -> &'a [u8] {
        let length = rtf.iter().take_while(|letter| letter.is_ascii_alphabetic()).count();
        let (word, rest) = rtf.split_at_checked(length).unwrap_or((rtf, b""));
        let digits = rest.strip_prefix(b"-").unwrap_or(rest);
        let length = digits.iter().take_while(|letter| letter.is_ascii_digit()).count();
        let behind = digits.get(length..).unwrap_or_default();
        let behind = if length == 0 { rest } else { behind };
        let number = rest.strip_suffix(behind).and_then(|number| std::str::from_utf8(number).ok()?.parse::<i64>().ok());
        let behind = behind.strip_prefix(b" ").unwrap_or(behind);
        match std::str::from_utf8(word).unwrap_or_default() {
            "u" => {
                if let Some(number) = number.filter(|_| self.is_shown()) {
                    self.flush_octets();
                    self.units.push(u16::try_from(number & 0xffff).unwrap_or(0xfffd));
                }
                self.to_skip = self.group.replacements;
            }
            "uc" => self.group.replacements = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(16),
            "ansicpg" => {
                let number = number.and_then(|number| u32::try_from(number).ok());
                self.code_page = number.map(charset::code_page_label);
            }
            "fromhtml" => self.is_html = true,
            "htmlrtf" => self.group.formatting = number != Some(0),
            "bin" => return behind.get(usize::try_from(number.unwrap_or(0)).unwrap_or(0)..).unwrap_or_default(),
            word if WITHOUT_TEXT.contains(&word) => self.group.skipped = true,
            "pntext" => self.group.skipped |= self.is_html,
            word => {
                if let Some((_, letters)) = LETTERS.iter().find(|(known, _)| *known == word) {
                    return self.letters(letters, behind);
                }
            }
        }
        behind
    }

    fn is_shown(&self) -> bool {
        !(self.group.skipped || self.is_html && self.group.formatting)
    }

    /// A letter in the code page, or part of one.
    fn octet(&mut self, octet: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else if self.is_shown() {
            self.flush_units();
            self.octets.push(octet);
        }
    }

    fn letters<'a>(&mut self, letters: &str, rest: &'a [u8]) -> &'a [u8] {
        if self.is_shown() {
            self.flush();
            self.text.push_str(letters);
        }
        rest
    }

    fn flush(&mut self) {
        self.flush_octets();
        self.flush_units();
    }

    fn flush_octets(&mut self) {
        if !self.octets.is_empty() {
            self.flush_units();
            self.text.push_str(&charset::decode(&self.octets, self.code_page.as_deref()));
            self.octets.clear();
        }
    }

    fn flush_units(&mut self) {
        if !self.units.is_empty() {
            self.text.push_str(&String::from_utf16_lossy(&self.units));
            self.units.clear();
        }
    }
}

#[cfg(test)]
mod tests;
