//! Short values that stand for long ones.

use crate::mail::MailIdentity;
use sha2::{Digest, Sha256};

/// Characters of an outbox row's key: 128 bits of a digest, in hex.
const KEY_LENGTH: usize = 32;

/// The identity as one short value: a Message-ID may be longer than an index takes.
pub(super) fn identity_key(identity: &MailIdentity) -> String {
    digest([identity.message_id.as_deref().unwrap_or_default(), &identity.digest])
}

/// The key of a notice that is about no single mail: the same for the same texts.
pub(super) fn notice_key<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut key = digest(texts);
    key.truncate(KEY_LENGTH);
    key
}

/// SHA-256, in hex, over texts and their lengths, so that no two lists of texts give the same.
fn digest<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hex::encode(hash.finalize())
}
