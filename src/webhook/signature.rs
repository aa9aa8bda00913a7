//! The signature of a message: HMAC-SHA256 over its id, its time and its text.

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::sign::Signer;
use secrecy::{ExposeSecret, SecretString};

/// What a secret begins with.
const BEGINNING: &str = "whsec_";

/// Octets of a secret.
const LENGTHS: std::ops::RangeInclusive<usize> = 24..=64;

/// What messages to one webhook are signed with.
pub(super) struct Key(PKey<Private>);

impl Key {
    /// Reads a secret as it is written.
    pub(super) fn read(secret: &SecretString) -> Result<Self> {
        const WANTED: &str = "The webhook secret is none: write `whsec_` and 24 to 64 octets in Base64, as this makes it: \
                              echo whsec_$(openssl rand -base64 32)";
        let secret = secret.expose_secret().trim().strip_prefix(BEGINNING).context(WANTED)?;
        let octets = STANDARD.decode(secret).ok().filter(|octets| LENGTHS.contains(&octets.len())).context(WANTED)?;
        Ok(Self(PKey::hmac(&octets).context("The webhook secret cannot be used")?))
    }

    /// The value of `webhook-signature`.
    pub(super) fn sign(&self, id: &str, at: &str, body: &str) -> Result<String> {
        ensure!(!id.contains('.') && !at.contains('.'), "A dot in a webhook-id would make the signature ambiguous");
        let mut signer = Signer::new(MessageDigest::sha256(), &self.0)?;
        signer.update(format!("{id}.{at}.{body}").as_bytes())?;
        Ok(format!("v1,{}", STANDARD.encode(signer.sign_to_vec()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    /// Computed with Python's hmac and base64 from the secret, id, time and text of the specification's example.
    #[test]
    fn the_signature_is_what_another_program_computes() {
        let key = Key::read(&"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()).ok().unwrap();
        let signed = key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}").unwrap();
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn what_is_no_secret_is_told_without_showing_it() {
        for wrong in ["geheim", "whsec_", "whsec_AAAA", "whsec_!!!!", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            let error = Key::read(&wrong.into()).err().unwrap();
            assert!(error.to_string().contains("openssl rand"), "{error:#}");
            assert!(!format!("{error:#}").contains("geheim"), "{error:#}");
        }
    }
}
