//! Secrets that let somebody in: chance from the system, of which the database keeps the SHA-256 only.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::fmt;

/// So many octets of chance: nobody guesses one, so that a plain digest of it is as good as a slow one.
const OCTETS: usize = 32;

/// A secret of 256 bits, as it stands in a link or a cookie. Does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretToken(String);

/// The system gave no chance.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("The system gives no random numbers")]
pub struct NoChance;

impl SecretToken {
    /// A new one.
    ///
    /// # Errors
    ///
    /// [`NoChance`] if the system gives no random numbers.
    pub fn new() -> Result<Self, NoChance> {
        let mut octets = [0; OCTETS];
        openssl::rand::rand_bytes(&mut octets).map_err(|_| NoChance)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(octets)))
    }

    /// What somebody brings; `None` if it cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // Read and written again: only one text means these octets.
        let octets = URL_SAFE_NO_PAD.decode(text).ok().filter(|octets| octets.len() == OCTETS)?;
        Some(Self(URL_SAFE_NO_PAD.encode(octets)))
    }

    /// The secret itself, for the link or the cookie: letters, digits, `-` and `_`.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the database keeps of it: SHA-256 in hexadecimal digits.
    pub(super) fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for SecretToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretToken(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::SecretToken;

    #[test]
    fn a_token_is_read_as_it_is_written_and_does_not_print() {
        let token = SecretToken::new().unwrap();
        assert_eq!(SecretToken::parse(token.expose()), Some(token.clone()));
        assert_ne!(SecretToken::new().unwrap(), token);
        assert_eq!(format!("{token:?}"), "SecretToken(***)");
        assert_eq!((token.expose().len(), token.hash().len()), (43, 64));
    }

    #[test]
    fn what_is_no_token_is_none() {
        let long = "A".repeat(44);
        let padded = format!("{}=", "A".repeat(43));
        // The last digit bears four bits only.
        let ambiguous = format!("{}B", "A".repeat(42));
        for text in ["", "A", &long, &padded, &ambiguous, "ä", "../../etc"] {
            assert_eq!(SecretToken::parse(text), None, "{text}");
        }
    }
}
