//! Does the host that a tenant trusts write what the tenant waits for? Shown by the mail that is there.

use crate::application::FolderName;
use crate::decision::ImportOutcome;
use crate::imap::{ImapError, Mode, Session};
use crate::mail::{self, NotProven, ReadingRules, SenderProof};
use crate::settings::{Mailbox, Settings};
use anyhow::Result;
use chrono::Utc;
use std::collections::{BTreeMap, HashSet};

/// So many of the newest mails are looked at.
const LOOKED_AT: u32 = 10;
/// So much of each, in octets: its header.
const BEGINNING: u32 = 64 << 10;

/// What speaks against the tenant's settings of its receiving host, if they ask for a proof and none of the newest mails
/// bears a result at a place where it counts. Nothing is changed.
///
/// # Errors
///
/// The mailbox cannot be read.
pub(super) async fn doubts(session: &mut Session, settings: &Settings, mailbox: &Mailbox) -> Result<Option<String>> {
    let tenant = settings.tenant(&mailbox.tenant)?;
    if tenant.sender_proof.is_none() {
        return Ok(None);
    }
    let rules = settings.reading_rules(tenant, HashSet::new());
    let archive = [ImportOutcome::Unassigned, ImportOutcome::Imported];
    let archive = archive.map(|outcome| FolderName::parse(&mailbox.archive.folder(outcome, Utc::now())));
    let mut missing: BTreeMap<String, u32> = BTreeMap::new();
    let mut looked_at = 0;
    for folder in std::iter::once(Ok(mailbox.folder.clone())).chain(archive) {
        for begun in newest(session, &folder?, LOOKED_AT - looked_at).await? {
            looked_at += 1;
            let Some(why) = no_result_that_counts(&begun, &rules) else { return Ok(None) };
            *missing.entry(why).or_default() += 1;
        }
    }
    let seen: Vec<String> = missing.into_iter().map(|(why, mails)| format!("{why} ({mails})")).collect();
    Ok((looked_at > 0).then(|| {
        format!(
            "none of the {looked_at} newest mails bears a result that counts: {}; as long as that is so, all mail waits as \
             `not_proven`. Compare the header of one with `trusted_authserv`, `receiving_hosts` and `inner_hops` \
             of tenant {} (`reply-import explain FILE`)",
            seen.join(", "),
            tenant.name
        )
    }))
}

/// The beginnings of the newest mails of a folder, if there is one; at most so many.
async fn newest(session: &mut Session, folder: &FolderName, most: u32) -> Result<Vec<Vec<u8>>, ImapError> {
    if most == 0 || session.folders().await?.find_open(folder).is_none() {
        return Ok(Vec::new());
    }
    session.open(folder, Mode::ReadOnly).await?;
    let mut mails = Vec::new();
    for uid in session.newest_uids(most).await? {
        mails.extend(session.head(uid, BEGINNING).await?);
    }
    Ok(mails)
}

/// Why there is no result in this mail that is weighed; what it says of the sender does not matter here. Results that
/// cannot be read, or contradict or repeat each other, may be one sender's doing, but of all mails they are the host's.
fn no_result_that_counts(mail: &[u8], rules: &ReadingRules) -> Option<String> {
    let proof = mail::understand(mail, rules).proof;
    let SenderProof::Missing(why) = proof else { return None };
    let missing = matches!(why, NotProven::NoReceived | NotProven::NoResult | NotProven::WrongPlace);
    let unweighed = matches!(why, NotProven::Unreadable | NotProven::Contradicting);
    (missing || unweighed).then(|| proof.to_string())
}
