//! An e-mail address, compared without regard to case and masked when printed.

use std::fmt;

/// An address as mail uses it (`local@domain`), kept in small letters.
///
/// [`fmt::Display`] and [`fmt::Debug`] mask the local part, so that an address cannot slip into a log by accident; the
/// whole address is to be asked for by [`EmailAddress::as_str`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmailAddress(String);

/// The text is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address (expected `name@domain` without blanks)")]
pub struct NotAnAddress;

impl EmailAddress {
    /// Longest address that SMTP can carry, in octets (RFC 5321, section 4.5.3.1.3, less the two angle brackets).
    pub const MAX_OCTETS: usize = 254;

    /// Reads an address; blanks around it are dropped, letters become small ones.
    ///
    /// # Errors
    ///
    /// [`NotAnAddress`] if there is not exactly one `@` outside quotation marks with text on both sides, if blanks,
    /// control characters or angle brackets stand inside, or if it is longer than [`Self::MAX_OCTETS`].
    pub fn parse(text: &str) -> Result<Self, NotAnAddress> {
        // In small letters first: some, such as those of `İ`, are longer than the capital or no letters of a domain, and
        // what was parsed once must parse again.
        let text = text.trim().to_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or(NotAnAddress)?;
        let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"');
        let local_fits = !local.is_empty() && (quoted || !local.contains(['@', '"', '(', ')', ',', ';', ':']));
        let domain_fits = !domain.is_empty()
            && !domain.starts_with('.')
            && !domain.ends_with('.')
            && !domain.contains("..")
            && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '[' | ']' | ':'));
        let foreign = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>');
        if !local_fits || !domain_fits || text.len() > Self::MAX_OCTETS || text.contains(foreign) {
            return Err(NotAnAddress);
        }
        Ok(Self(text))
    }

    /// The whole address, in small letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether mail to the other address comes to the mailbox of this one: they are the same, or differ in what stands
    /// behind a `+` (RFC 5233).
    #[must_use]
    pub fn is_mailbox_of(&self, other: &Self) -> bool {
        self.domain() == other.domain() && self.without_detail() == other.without_detail()
    }

    /// The part before the `@`, up to a `+`.
    fn without_detail(&self) -> &str {
        let local = self.0.rsplit_once('@').map_or("", |(local, _)| local);
        if local.starts_with('"') { local } else { local.split('+').next().unwrap_or_default() }
    }

    /// The part behind the `@`.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "***@{}", self.domain())
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for EmailAddress {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = NotAnAddress;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl<'de> serde::Deserialize<'de> for EmailAddress {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(|error| serde::de::Error::custom(format!("`{text}` is {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::EmailAddress;

    #[test]
    fn an_address_is_kept_in_small_letters() {
        assert_eq!(EmailAddress::parse(" Ruth.Muster@Example.COM ").unwrap().as_str(), "ruth.muster@example.com");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "ruth",
            "@example.com",
            "ruth@",
            "a b@example.com",
            "a@b@c",
            "<a@b.example>",
            "a@b..c",
            "a,b@c.example",
            "a@İ.example",
        ] {
            assert!(EmailAddress::parse(text).is_err(), "{text:?} was taken for an address");
        }
    }

    #[test]
    fn printing_shows_the_domain_only() {
        let address = EmailAddress::parse("ruth@example.com").unwrap();
        assert_eq!(format!("{address} {address:?}"), "***@example.com ***@example.com");
    }

    #[test]
    fn what_stands_behind_a_plus_comes_to_the_same_mailbox() {
        let address = |text| EmailAddress::parse(text).unwrap();
        let import = address("import@example.org");
        for same in ["import@example.org", "Import@EXAMPLE.org", "import+office@example.org", "import+@example.org"] {
            assert!(import.is_mailbox_of(&address(same)) && address(same).is_mailbox_of(&import), "{same}");
        }
        for other in ["imports@example.org", "import@example.com", "x+import@example.org", "\"import+x\"@example.org"] {
            assert!(!import.is_mailbox_of(&address(other)), "{other}");
        }
    }
}
