//! The number in a path.

use super::state::Web;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use std::convert::Infallible;

/// No row has this number.
const NOTHING: i64 = 0;

/// The number in a path. What is none, or cannot be one, is the number of nothing: whoever asks for it must be somebody and
/// have a form of ours as with any other, and gets the answer of an unknown one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id(pub(super) i64);

impl FromRequestParts<Web> for Id {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Infallible> {
        let written = Path::<String>::from_request_parts(parts, web).await;
        Ok(Self(written.ok().and_then(|Path(text)| number(&text)).unwrap_or(NOTHING)))
    }
}

/// A number as our own links write it.
fn number(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn a_number_is_digits_that_a_row_can_have() {
        assert_eq!(number("17"), Some(17));
        assert_eq!(number("9223372036854775807"), Some(i64::MAX));
        for none in ["", "abc", "-1", "+1", "1.0", " 1", "1e3", "9223372036854775808", "0x10", "١"] {
            assert_eq!(number(none), None, "{none}");
        }
    }
}
