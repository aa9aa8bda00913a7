//! Values as the database writes them: words as they stand everywhere else, JSON, and texts without NUL.

use super::error::{Trouble, Work};
use crate::application::Withheld;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::str::FromStr;

/// The value with this word, of those that are one of several, such as a document kind.
pub(super) fn value<T: FromStr>(word: impl AsRef<str>, what: &'static str) -> Work<T> {
    word.as_ref().parse().map_err(|_| Trouble::Unreadable(what))
}

/// Why a file is withheld, if it is.
pub(super) fn read_withheld(word: Option<String>, virus: Option<String>) -> Work<Option<Withheld>> {
    let read =
        |word: String| Withheld::from_word(&word, virus).ok_or(Trouble::Unreadable("a reason to withhold a file"));
    word.map(read).transpose()
}

/// A value as JSON.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Work<String> {
    serde_json::to_string(value).map_err(|error| diesel::result::Error::SerializationError(Box::new(error)).into())
}

/// The value of a JSON text.
pub(super) fn from_json<T: DeserializeOwned>(text: &str, what: &'static str) -> Work<T> {
    serde_json::from_str(text).map_err(|_| Trouble::Unreadable(what))
}

/// A foreign text that both databases take: PostgreSQL refuses NUL in texts.
pub(super) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

/// A size or a count as the databases keep it.
pub(super) fn whole_number(value: impl TryInto<i64>) -> i64 {
    value.try_into().unwrap_or(i64::MAX)
}

/// A count as the program uses it.
pub(super) fn count(value: i64) -> u64 {
    value.try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::value;
    use crate::application::{ApplicationState, Danger, DocumentKind, Language, Role};
    use crate::decision::{ImportOutcome, WebhookEvent};
    use crate::notification::Occasion;
    use serde::Serialize;
    use std::fmt::Debug;
    use std::str::FromStr;
    use strum::VariantArray;

    fn one_word<T: VariantArray + Serialize + FromStr + Copy + PartialEq + Debug + Into<&'static str>>() {
        for &known in T::VARIANTS {
            let word: &str = known.into();
            assert_eq!(serde_json::to_value(known).unwrap(), word);
            assert_eq!(value::<T>(word, "a word").unwrap(), known);
        }
    }

    #[test]
    fn the_database_and_json_know_a_value_by_the_same_word() {
        one_word::<ApplicationState>();
        one_word::<Danger>();
        one_word::<DocumentKind>();
        one_word::<ImportOutcome>();
        one_word::<Language>();
        one_word::<Occasion>();
        one_word::<Role>();
        one_word::<WebhookEvent>();
    }
}
