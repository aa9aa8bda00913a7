//! What signs requests: OpenSSL, which is here for TLS already, instead of one more library for the same.

use object_store::client::{CryptoProvider, DigestAlgorithm, DigestContext, HmacContext, Signer, SigningAlgorithm};
use object_store::{Error, Result};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use sha2::{Digest, Sha256};

/// Digests and signatures by OpenSSL.
#[derive(Debug)]
pub(super) struct OpenSsl;

fn not_supported(what: &str) -> Error {
    Error::NotSupported { source: format!("{what} is not supported").into() }
}

fn failed(error: openssl::error::ErrorStack) -> Error {
    Error::Generic { store: "OpenSSL", source: Box::new(error) }
}

impl CryptoProvider for OpenSsl {
    fn digest(&self, algorithm: DigestAlgorithm) -> Result<Box<dyn DigestContext>> {
        match algorithm {
            DigestAlgorithm::Sha256 => Ok(Box::new(InHand { hash: Sha256::new(), done: Vec::new() })),
            other => Err(not_supported(&format!("{other:?}"))),
        }
    }

    fn hmac(&self, algorithm: DigestAlgorithm, secret: &[u8]) -> Result<Box<dyn HmacContext>> {
        match algorithm {
            DigestAlgorithm::Sha256 => {
                Ok(Box::new(Keyed { key: PKey::hmac(secret).map_err(failed)?, text: Vec::new(), done: Vec::new() }))
            }
            other => Err(not_supported(&format!("{other:?}"))),
        }
    }

    fn sign(&self, algorithm: SigningAlgorithm, pem: &[u8]) -> Result<Box<dyn Signer>> {
        match algorithm {
            SigningAlgorithm::RS256 => Ok(Box::new(Rsa(PKey::private_key_from_pem(pem).map_err(failed)?))),
            other => Err(not_supported(&format!("{other:?}"))),
        }
    }
}

struct InHand {
    hash: Sha256,
    done: Vec<u8>,
}

impl DigestContext for InHand {
    fn update(&mut self, data: &[u8]) {
        Digest::update(&mut self.hash, data);
    }

    fn finish(&mut self) -> Result<&[u8]> {
        self.done = self.hash.finalize_reset().to_vec();
        Ok(&self.done)
    }
}

/// What is signed with a secret is short: a request's head.
struct Keyed {
    key: PKey<Private>,
    text: Vec<u8>,
    done: Vec<u8>,
}

impl HmacContext for Keyed {
    fn update(&mut self, data: &[u8]) {
        self.text.extend_from_slice(data);
    }

    fn finish(&mut self) -> Result<&[u8]> {
        self.done = signed(&self.key, &self.text)?;
        Ok(&self.done)
    }
}

struct Rsa(PKey<Private>);

impl Signer for Rsa {
    fn sign(&self, string_to_sign: &[u8]) -> Result<Vec<u8>> {
        signed(&self.0, string_to_sign)
    }
}

fn signed(key: &PKey<Private>, text: &[u8]) -> Result<Vec<u8>> {
    let mut signer = openssl::sign::Signer::new(MessageDigest::sha256(), key).map_err(failed)?;
    signer.sign_oneshot_to_vec(text).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::OpenSsl;
    use object_store::client::{CryptoProvider, DigestAlgorithm, SigningAlgorithm};
    use openssl::pkey::PKey;
    use openssl::rsa::Rsa;

    #[test]
    fn a_digest_is_that_of_all_parts() {
        let mut digest = OpenSsl.digest(DigestAlgorithm::Sha256).unwrap();
        digest.update(b"a");
        digest.update(b"bc");
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex::encode(digest.finish().unwrap()), expected);
    }

    /// The second case of RFC 4231.
    #[test]
    fn a_keyed_digest_is_the_one_of_the_standard() {
        let mut hmac = OpenSsl.hmac(DigestAlgorithm::Sha256, b"Jefe").unwrap();
        hmac.update(b"what do ya want ");
        hmac.update(b"for nothing?");
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex::encode(hmac.finish().unwrap()), expected);
    }

    #[test]
    fn a_signature_is_one_that_the_key_proves() {
        let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
        let signer = OpenSsl.sign(SigningAlgorithm::RS256, &key.private_key_to_pem_pkcs8().unwrap()).unwrap();
        let signature = signer.sign(b"text").unwrap();
        let mut verifier = openssl::sign::Verifier::new(openssl::hash::MessageDigest::sha256(), &key).unwrap();
        assert!(verifier.verify_oneshot(&signature, b"text").unwrap());
    }
}
