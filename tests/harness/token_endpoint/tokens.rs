//! Tokens as Dovecot's OAuth 2 check takes them (RFC 7519, HS256).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use serde_json::json;
use std::time::{SystemTime, UNIX_EPOCH};

/// Who gives the tokens.
pub const ISSUER: &str = "https://issuer.test";

/// What they are signed with.
pub const KEY: &[u8] = b"what only the token endpoint and the mail server know";

/// A token for a user that lasts so many seconds.
pub fn token(user: &str, lasts: i64) -> String {
    signed(user, lasts, KEY)
}

/// A token with a signature that no mail server takes.
pub fn foreign_token(user: &str, lasts: i64) -> String {
    signed(user, lasts, b"what somebody else knows")
}

fn signed(user: &str, lasts: i64, key: &[u8]) -> String {
    let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap();
    let head = json!({"alg": "HS256", "typ": "JWT"});
    let email = format!("{user}@example.test");
    let claims = json!({"iss": ISSUER, "sub": user, "email": email, "iat": now, "exp": now + lasts});
    let text = [head, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
    let key = PKey::hmac(key).unwrap();
    let signature = Signer::new(MessageDigest::sha256(), &key).unwrap().sign_oneshot_to_vec(text.as_bytes()).unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}
