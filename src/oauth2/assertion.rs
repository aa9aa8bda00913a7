//! A signature instead of a secret: the client shows that it holds a certificate's key (RFC 7523, as Microsoft Entra and
//! others take it).

use super::error::Why;
use crate::settings::AssertionAlgorithm;
use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::{Id, PKey, Private};
use openssl::rsa::Padding;
use openssl::sign::{RsaPssSaltlen, Signer};
use openssl::x509::X509;
use serde_json::json;
use std::path::Path;

/// What `client_assertion_type` must say (RFC 7523, section 2.2).
pub(super) const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An assertion is used at once; servers refuse long-lived ones.
const LASTS: TimeDelta = TimeDelta::minutes(5);

/// The certificate that an authorization server knows, with its key.
pub(super) struct Signatory {
    certificate: X509,
    key: PKey<Private>,
    algorithm: AssertionAlgorithm,
}

impl Signatory {
    /// Reads both, and sees that they belong together.
    pub(super) fn read(certificate: &Path, key: &Path, algorithm: AssertionAlgorithm) -> Result<Self, Why> {
        let certificate = read_certificate(certificate)?;
        let name = key.display();
        let pem = std::fs::read(key).with_context(|| format!("Cannot read the key file {name}"))?;
        // A key with a passphrase is not asked for it: there is nobody at the terminal.
        let key = PKey::private_key_from_pem_callback(&pem, |_| Ok(0))
            .ok()
            .with_context(|| format!("The key file {name} holds no private key as PEM without a passphrase"))?;
        if key.id() != Id::RSA {
            return Err(Why::Refused(format!("The key in {name} is no RSA key")));
        }
        let belongs = certificate.public_key().is_ok_and(|public| public.public_eq(&key));
        if !belongs {
            return Err(Why::Refused(format!("The key in {name} does not belong to the certificate")));
        }
        Ok(Self { certificate, key, algorithm })
    }

    /// A signed statement that `client` asks the server at `audience` now; `id` must not repeat.
    pub(super) fn assertion(&self, client: &str, audience: &str, id: &str, now: DateTime<Utc>) -> Result<String, Why> {
        let thumbprint = |digest| -> Result<String> {
            Ok(URL_SAFE_NO_PAD.encode(self.certificate.digest(digest).context("Cannot digest the certificate")?))
        };
        let algorithm = match self.algorithm {
            AssertionAlgorithm::PS256 => "PS256",
            AssertionAlgorithm::RS256 => "RS256",
        };
        let head = json!({
            "alg": algorithm,
            "typ": "JWT",
            "x5t": thumbprint(MessageDigest::sha1())?,
            "x5t#S256": thumbprint(MessageDigest::sha256())?,
        });
        let claims = json!({
            "iss": client,
            "sub": client,
            "aud": audience,
            "jti": id,
            "iat": now.timestamp(),
            // Clocks differ by a few seconds.
            "nbf": (now - TimeDelta::seconds(30)).timestamp(),
            "exp": (now + LASTS).timestamp(),
        });
        let signed = [head, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        let signature = self.sign(signed.as_bytes()).context("Cannot sign with the client's key")?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, openssl::error::ErrorStack> {
        let mut signer = Signer::new(MessageDigest::sha256(), &self.key)?;
        if self.algorithm == AssertionAlgorithm::PS256 {
            signer.set_rsa_padding(Padding::PKCS1_PSS)?;
            signer.set_rsa_mgf1_md(MessageDigest::sha256())?;
            signer.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH)?;
        }
        signer.sign_oneshot_to_vec(bytes)
    }
}

/// When a certificate ends.
///
/// # Errors
///
/// The file cannot be read, or holds no certificate.
pub(super) fn certificate_ends(file: &Path) -> Result<DateTime<Utc>> {
    let certificate = read_certificate(file)?;
    let begin = Asn1Time::from_unix(0)?;
    let lasts = begin.diff(certificate.not_after())?;
    let seconds = i64::from(lasts.days) * 86_400 + i64::from(lasts.secs);
    DateTime::from_timestamp(seconds, 0).context("The certificate's end is no time")
}

fn read_certificate(file: &Path) -> Result<X509> {
    let name = file.display();
    let pem = std::fs::read(file).with_context(|| format!("Cannot read the certificate file {name}"))?;
    let mut all = X509::stack_from_pem(&pem).unwrap_or_default();
    ensure!(!all.is_empty(), "The certificate file {name} holds no certificate as PEM");
    // The client's own comes first, its issuers behind it.
    Ok(all.swap_remove(0))
}
