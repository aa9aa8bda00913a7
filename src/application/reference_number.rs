//! Reference numbers of applications.

use std::fmt;

/// An application's reference number in its shape's own form, such as `2024-00123`.
///
/// Comes into being by reading a text against a [`super::ReferenceShape`] only, or from the store, which holds nothing
/// else.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReferenceNumber(String);

impl ReferenceNumber {
    /// The number that a shape has read and printed in its own form.
    pub(super) fn in_own_form(text: String) -> Self {
        Self(text)
    }

    /// The number as the store holds it: it was read against a shape before it was stored.
    #[must_use]
    pub(crate) fn from_store(text: String) -> Self {
        Self(text)
    }

    /// The number as it is printed and stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number with the zeros at the start of each of its groups of digits left out: `0482137` and `482137` give
    /// the same. Only for a second look-up, and only if that finds a single application; a group of zeros keeps one.
    #[must_use]
    pub fn without_leading_zeros(&self) -> String {
        let mut short = String::with_capacity(self.0.len());
        let mut inside_group = false;
        let mut rest = self.0.chars().peekable();
        while let Some(c) = rest.next() {
            let more_digits = rest.peek().is_some_and(char::is_ascii_digit);
            if c != '0' || inside_group || !more_digits {
                short.push(c);
                inside_group = c.is_ascii_digit();
            }
        }
        short
    }
}

impl fmt::Display for ReferenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::ReferenceNumber;

    #[test]
    fn leading_zeros_are_left_out_of_each_group_of_digits() {
        for (whole, short) in [
            ("482137", "482137"),
            ("0482137", "482137"),
            ("000", "0"),
            ("2024-00123", "2024-123"),
            ("BEW-00120", "BEW-120"),
            ("A0B00C100", "A0B0C100"),
        ] {
            assert_eq!(ReferenceNumber::from_store(whole.to_owned()).without_leading_zeros(), short);
        }
    }
}
