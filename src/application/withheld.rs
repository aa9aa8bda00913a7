//! Files whose content a virus scanner did not let through, and files that a browser may show.

use super::Danger;
use std::fmt;

/// Why the content of a file is not kept: it is listed all the same, and stays in the archived mail only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Withheld {
    /// The scanner found something in it.
    Infected {
        /// What it found, in the scanner's words.
        signature: String,
    },
    /// It is larger than what the scanner looks at.
    TooLargeToScan,
    /// The scanner failed at it again and again, and not at others.
    NotScannable,
}

impl Withheld {
    /// The word for it in the database and in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Infected { .. } => "infected",
            Self::TooLargeToScan => "too_large_to_scan",
            Self::NotScannable => "not_scannable",
        }
    }

    /// What the scanner found, if it found something.
    pub fn signature(&self) -> Option<&str> {
        match self {
            Self::Infected { signature } => Some(signature),
            Self::TooLargeToScan | Self::NotScannable => None,
        }
    }

    /// The one with this word, if there is one; the signature counts only where something was found.
    pub fn from_word(word: &str, signature: Option<String>) -> Option<Self> {
        match word {
            "infected" => Some(Self::Infected { signature: signature? }),
            "too_large_to_scan" => Some(Self::TooLargeToScan),
            "not_scannable" => Some(Self::NotScannable),
            _ => None,
        }
    }
}

impl fmt::Display for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Infected { signature } => write!(f, "the virus scanner found {signature}"),
            Self::TooLargeToScan => f.write_str("too large for the virus scanner"),
            Self::NotScannable => f.write_str("the virus scanner fails at it"),
        }
    }
}

/// The real types that a browser may show by itself: none of them runs anything. SVG and HTML are pages with scripts, and
/// what an office program opens is no matter of the browser's.
const SHOWN_INLINE: [&str; 6] = ["application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain"];

/// Whether a file may be shown in the browser; every other one is handed out as a download only. `mime` is the real type,
/// as it was sniffed from the content; parameters behind it do not matter.
pub fn may_be_shown_inline(mime: &str, danger: Option<Danger>, withheld: Option<&Withheld>) -> bool {
    let plain = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    danger.is_none() && withheld.is_none() && SHOWN_INLINE.contains(&plain.as_str())
}

#[cfg(test)]
mod tests {
    use super::{Withheld, may_be_shown_inline};
    use crate::application::Danger;

    #[test]
    fn only_what_runs_nothing_is_shown_in_the_browser() {
        for mime in ["application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain"] {
            assert!(may_be_shown_inline(mime, None, None), "{mime}");
        }
        assert!(may_be_shown_inline("Text/Plain; charset=utf-8", None, None));
        for mime in [
            "text/html",
            "text/xml",
            "application/xhtml+xml",
            "image/svg+xml",
            "image/tiff",
            "application/javascript",
            "text/javascript",
            "application/octet-stream",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/pdf2",
            "",
        ] {
            assert!(!may_be_shown_inline(mime, None, None), "{mime}");
        }
    }

    #[test]
    fn nothing_dangerous_and_nothing_withheld_is_shown_whatever_its_type() {
        for &danger in Danger::ALL {
            assert!(!may_be_shown_inline("application/pdf", Some(danger), None), "{danger:?}");
        }
        assert!(!may_be_shown_inline("application/pdf", None, Some(&Withheld::TooLargeToScan)));
    }

    #[test]
    fn each_reason_is_read_back_from_its_word() {
        let infected = Withheld::Infected { signature: "Test.Marker".to_owned() };
        for why in [infected, Withheld::TooLargeToScan, Withheld::NotScannable] {
            assert_eq!(Withheld::from_word(why.as_str(), why.signature().map(str::to_owned)), Some(why));
        }
        assert_eq!(Withheld::from_word("infected", None), None, "nobody knows by what");
        assert_eq!(Withheld::from_word("clean", None), None);
    }
}
