//! A folder's name as people write it: plain Unicode, with `/` between a folder and those in it.

use std::fmt;
use std::str::FromStr;

use super::modified_utf7;

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
    pub(super) fn is_below_inbox(&self) -> bool {
        self.0.first().is_some_and(|first| first == "INBOX")
    }

    /// The name as the server writes it, without prefix; an error text if this server cannot have such a name.
    pub(super) fn on_wire(&self, separator: Option<char>) -> Result<String, String> {
        let Some(separator) = separator else {
            return match self.0.as_slice() {
                [only] => Ok(modified_utf7::encode(only)),
                _ => Err(format!("the server has no folders in folders, so `{self}` cannot be")),
            };
        };
        if self.0.iter().any(|part| part.contains(separator)) {
            return Err(format!("the server takes `{separator}` for a separator, so `{self}` cannot be"));
        }
        let parts: Vec<String> = self.0.iter().map(|part| modified_utf7::encode(part)).collect();
        Ok(parts.join(&separator.to_string()))
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
    fn a_name_goes_out_with_the_separator_of_the_server() {
        let name = FolderName::parse("Archiv/Übernommen").unwrap();
        assert_eq!(name.on_wire(Some('/')).unwrap(), "Archiv/&ANw-bernommen");
        assert_eq!(name.on_wire(Some('.')).unwrap(), "Archiv.&ANw-bernommen");
        assert!(name.on_wire(None).is_err());
        assert_eq!(FolderName::parse("Archiv").unwrap().on_wire(None).unwrap(), "Archiv");
    }

    #[test]
    fn a_name_that_holds_the_separator_is_refused_instead_of_becoming_two() {
        let name = FolderName::parse("Archiv/2024.05").unwrap();
        assert_eq!(name.on_wire(Some('/')).unwrap(), "Archiv/2024.05");
        assert!(name.on_wire(Some('.')).unwrap_err().contains("`.`"));
    }

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
