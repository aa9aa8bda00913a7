//! The mark that each of our notices bears in its text, and how a notice that came back is known by it.
//!
//! Headers say it too, but a gateway may take them away, and a person's rule may send a notice on under their own name:
//! imported, it would make the next notice, and so on for ever. The mark is the same in every installation, so that two
//! of them that feed each other fall silent.

use super::structure::Header;

/// What stands before the digits.
const BEGINS: &str = "RI-";

/// How many digits of the key stand in the mark.
const DIGITS: usize = 20;

/// Letters of the left side of a notice's Message-ID.
const KEY: usize = 32;

/// Message-IDs looked at in one field: an honest conversation has fewer.
const MOST_IDS: usize = 200;

/// Signs that a mail is one of our notices, come back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnMarks {
    /// The mail's own words bear the mark of a notice; what is quoted in them does not count.
    pub in_text: bool,
    /// Left sides of Message-IDs such as our notices have: whether they are ours, the store knows.
    pub keys: Vec<String>,
}

/// The mark of the notice with this key, the left side of its Message-ID.
#[must_use]
pub fn mark_of(key: &str) -> String {
    format!("{BEGINS}{}", key.chars().take(DIGITS).collect::<String>())
}

/// Reads the marks of a mail, of which these are the words.
pub(super) fn read(header: &Header<'_>, texts: [&str; 2]) -> OwnMarks {
    let mut keys: Vec<String> = Vec::new();
    for field in ["Message-ID", "In-Reply-To", "References"] {
        let value = header.text(field).unwrap_or_default();
        for id in value.split(['<', '>']).filter(|id| !id.trim().is_empty()).take(MOST_IDS) {
            let key = id.split('@').next().unwrap_or_default().trim();
            if id.contains('@') && key.len() == KEY && is_hex(key) && keys.iter().all(|known| known != key) {
                keys.push(key.to_owned());
            }
        }
    }
    OwnMarks { in_text: texts.into_iter().any(bears_mark), keys }
}

/// Whether a mark stands in the text itself, above whatever is quoted in it.
fn bears_mark(text: &str) -> bool {
    // Hardly any text does.
    memchr::memmem::find(text.as_bytes(), BEGINS.as_bytes()).is_some()
        && text.lines().map(str::trim_start).take_while(|line| !opens_quotation(line)).any(|line| {
            line.split(BEGINS).skip(1).any(|behind| {
                let digits: String = behind.chars().take(DIGITS).collect();
                let next = behind.chars().nth(DIGITS);
                digits.len() == DIGITS && is_hex(&digits) && !next.is_some_and(|next| next.is_ascii_alphanumeric())
            })
        })
}

/// An older mail begins: there our notice is what somebody talks about.
fn opens_quotation(line: &str) -> bool {
    ["Von:", "From:", "-----"].iter().any(|start| line.starts_with(start)) || line.starts_with('>')
}

fn is_hex(text: &str) -> bool {
    text.chars().all(|digit| matches!(digit, '0'..='9' | 'a'..='f'))
}

#[cfg(test)]
mod tests {
    use super::{OwnMarks, mark_of, read};
    use crate::mail::structure::Header;

    const KEY: &str = "0123456789abcdef0123456789abcdef";

    fn marks(header: &str, text: &str) -> OwnMarks {
        let bytes = format!("{header}\r\n\r\n");
        read(&Header::parse(bytes.as_bytes()).0, ["", text])
    }

    #[test]
    fn a_notice_is_known_by_the_mark_in_its_text() {
        assert_eq!(mark_of(KEY), "RI-0123456789abcdef0123");
        for text in ["Kennung: RI-0123456789abcdef0123\n", "x\n\n  Kennung: RI-0123456789abcdef0123."] {
            assert!(marks("Subject: x", text).in_text, "{text}");
        }
    }

    #[test]
    fn what_is_quoted_or_only_looks_like_a_mark_is_none() {
        for text in [
            "> Kennung: RI-0123456789abcdef0123",
            "Gut.\n-----Original Message-----\nKennung: RI-0123456789abcdef0123",
            "Gut.\nVon: reply-import\nKennung: RI-0123456789abcdef0123",
            "RI-0123",
            "RI-0123456789abcdef01234567",
            "RI-0123456789ABCDEFGHIJ",
            "Kennung: äöü RI-ääääääääääääääääääää",
        ] {
            assert!(!marks("Subject: x", text).in_text, "{text}");
        }
    }

    #[test]
    fn message_ids_such_as_ours_are_asked_for_once_each() {
        let header = format!(
            "Message-ID: <{KEY}@a.example>\r\nReferences: <other@b.example> <{KEY}@a.example>\r\n <{}@a.example>\r\n\
             In-Reply-To: <{KEY}1@a.example>",
            KEY.replace('0', "1")
        );
        assert_eq!(marks(&header, "").keys, [KEY.to_owned(), KEY.replace('0', "1")]);
    }
}
