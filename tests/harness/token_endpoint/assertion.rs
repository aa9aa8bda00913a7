//! A client's certificate, and the check of what was signed with its key.

use super::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::asn1::Asn1Time;
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::{Padding, Rsa};
use openssl::sign::{RsaPssSaltlen, Verifier};
use openssl::x509::{X509, X509Name};
use serde_json::Value;
use std::time::{SystemTime, UNIX_EPOCH};

/// A certificate with its key.
#[derive(Clone)]
pub struct ClientCertificate {
    certificate: X509,
    key: PKey<Private>,
}

impl ClientCertificate {
    /// One that lasts so many days.
    pub fn lasting(days: u32) -> Self {
        let key = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
        let mut name = X509Name::builder().unwrap();
        name.append_entry_by_text("CN", "test client").unwrap();
        let name = name.build();
        let mut builder = X509::builder().unwrap();
        builder.set_version(2).unwrap();
        builder.set_subject_name(&name).unwrap();
        builder.set_issuer_name(&name).unwrap();
        builder.set_pubkey(&key).unwrap();
        builder.set_not_before(&Asn1Time::days_from_now(0).unwrap()).unwrap();
        builder.set_not_after(&Asn1Time::days_from_now(days).unwrap()).unwrap();
        builder.sign(&key, MessageDigest::sha256()).unwrap();
        Self { certificate: builder.build(), key }
    }

    /// As PEM.
    pub fn certificate_pem(&self) -> Vec<u8> {
        self.certificate.to_pem().unwrap()
    }

    /// As PEM.
    pub fn key_pem(&self) -> Vec<u8> {
        self.key.private_key_to_pem_pkcs8().unwrap()
    }

    /// The assertion's id, if it is signed with the key and says what it must.
    pub(super) fn check(&self, request: &Request, audience: &str) -> Result<String, &'static str> {
        if request.field("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" {
            return Err("wrong client_assertion_type");
        }
        let assertion = request.field("client_assertion");
        let (signed, signature) = assertion.rsplit_once('.').ok_or("no JWT")?;
        let (head, claims) = signed.split_once('.').ok_or("no JWT")?;
        let (head, claims) = (read(head).ok_or("no head")?, read(claims).ok_or("no claims")?);
        let thumbprint = |digest| URL_SAFE_NO_PAD.encode(self.certificate.digest(digest).unwrap());
        if head["x5t#S256"] != thumbprint(MessageDigest::sha256()) || head["x5t"] != thumbprint(MessageDigest::sha1()) {
            return Err("AADSTS700027: wrong thumbprint");
        }
        let public = self.certificate.public_key().unwrap();
        let mut verifier = Verifier::new(MessageDigest::sha256(), &public).unwrap();
        match head["alg"].as_str() {
            Some("PS256") => {
                verifier.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
                verifier.set_rsa_mgf1_md(MessageDigest::sha256()).unwrap();
                verifier.set_rsa_pss_saltlen(RsaPssSaltlen::DIGEST_LENGTH).unwrap();
            }
            Some("RS256") => {}
            _ => return Err("unknown algorithm"),
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| "no signature")?;
        if !verifier.verify_oneshot(&signature, signed.as_bytes()).unwrap_or(false) {
            return Err("AADSTS700027: wrong signature");
        }
        let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
        let time = |name: &str| claims[name].as_i64().unwrap_or_default();
        let client = request.field("client_id");
        let says_what_it_must = claims["iss"] == client
            && claims["sub"] == client
            && claims["aud"] == audience
            && time("nbf") <= now
            && (now..=now + 600).contains(&time("exp"));
        let id = claims["jti"].as_str().filter(|id| id.len() >= 16).ok_or("no jti")?;
        if says_what_it_must { Ok(id.to_owned()) } else { Err("wrong claims") }
    }
}

fn read(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
