//! A folder's name as people write it: plain Unicode, with `/` between a folder and those in it.

use std::fmt;
use std::str::FromStr;

/// A folder's name: `INBOX`, `Archiv/Übernommen`. Which separator and prefix the server wants is found out later.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FolderName(Vec<String>);

/// The text cannot name a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a folder name (expected names with `/` between them, at most {max} letters, without control characters, `*` \
     and `%`)",
    max = FolderName::MAX_CHARS
)]
pub struct NotAFolderName;

impl FolderName {
    /// Longest name. Servers keep folders as files, whose names may have 255 bytes.
    pub const MAX_CHARS: usize = 200;

    /// Reads a name; `inbox` in any case is the inbox.
    ///
    /// # Errors
    ///
    /// [`NotAFolderName`] if it is empty or too long, if a part between two `/` is empty or has blanks around it, or if
    /// it holds a control character or one of the wildcards of LIST.
    pub fn parse(text: &str) -> Result<Self, NotAFolderName> {
        let fits = |part: &str| {
            !part.is_empty()
                && part.trim() == part
                && !part.contains(|c: char| c.is_control() || matches!(c, '*' | '%'))
        };
        let mut parts: Vec<String> = text.split('/').map(str::to_owned).collect();
        if text.chars().count() > Self::MAX_CHARS || !parts.iter().all(|part| fits(part)) {
            return Err(NotAFolderName);
        }
        if let Some(first) = parts.first_mut().filter(|first| first.eq_ignore_ascii_case("INBOX")) {
            "INBOX".clone_into(first);
        }
        Ok(Self(parts))
    }

    /// The inbox, which every mailbox has.
    #[must_use]
    pub fn inbox() -> Self {
        Self(vec!["INBOX".into()])
    }

    /// Whether this is the inbox itself.
    #[must_use]
    pub fn is_inbox(&self) -> bool {
        self.is_below_inbox() && self.0.len() == 1
    }

    /// Whether the name begins with the inbox.
    #[must_use]
    pub fn is_below_inbox(&self) -> bool {
        self.0.first().is_some_and(|first| first == "INBOX")
    }

    /// The folders from the outermost to this one.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for FolderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("/"))
    }
}

impl FromStr for FolderName {
    type Err = NotAFolderName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::FolderName;

    #[test]
    fn the_inbox_is_the_inbox_in_any_case() {
        assert!(FolderName::parse("inbox").unwrap().is_inbox());
        assert_eq!(FolderName::parse("Inbox/Archiv").unwrap().to_string(), "INBOX/Archiv");
        assert!(!FolderName::parse("Archiv/INBOX").unwrap().is_below_inbox());
    }

    #[test]
    fn what_cannot_be_a_folder_is_refused() {
        let long = "x".repeat(FolderName::MAX_CHARS + 1);
        for text in ["", "/", "Archiv/", "/Archiv", "a//b", " a", "a/ b", "a*", "50%", "a\nb", "a\0", long.as_str()] {
            assert!(FolderName::parse(text).is_err(), "{text:?} was taken for a folder name");
        }
    }
}
