//! What a mail says: its subject, the reply forwarded in it, its text and its attachments.
//!
//! Pure: bytes and the tenant's rules in, an [`IncomingMail`] out. Nothing here knows a database, a network, a file or
//! the clock, nothing trusts the bytes, and every size and depth has a bound.
//!
//! In reading order: [`structure`] finds the parts, [`encoding`] decodes them, [`container`] opens what wraps others,
//! [`message`] puts one mail together; [`forward`], [`dates`] and [`original`] find the candidate's mail in it; [`text`]
//! makes text and clean HTML; [`attachment`] decides about files; [`automatic`] tells robots from people and
//! [`authenticity`] a proven sender from a claimed one; [`identity`]
//! tells one mail from another, and [`reply_identity`] one reply from another, whoever forwards it.

mod address;
mod attachment;
mod authenticity;
mod automatic;
mod automatic_table;
mod byte_lines;
mod container;
mod dates;
mod encoding;
mod finding;
mod forward;
mod identity;
pub mod incoming;
mod left_out;
mod limits;
mod message;
mod note;
mod note_table;
mod original;
mod own_mark;
mod reply_identity;
mod scrub;
mod structure;
pub mod subject;
mod subject_markers;
mod text;
mod unread;
pub mod verdict;

pub use authenticity::{NotProven, ProvenBy, SenderProof, TrustedReceiver};
pub use finding::{Finding, Topic};
pub use identity::of as identity_of;
pub use incoming::{
    Attachment, AutomaticKind, IgnoredPart, IncomingMail, InlinePicture, MailIdentity, NumberReading, Original, Person,
    ReadingRules, Subject, Unreadable,
};
pub use left_out::REASONS_TO_LEAVE_OUT;
pub use limits::Limits;
pub use own_mark::{OwnMarks, mark_of};
pub use reply_identity::{RecordedReply, ReplyIdentity, of as reply_identity_of};
pub use scrub::scrub;
pub use unread::is_of_never_seen;
pub use verdict::{Explanation, Verdict, explanation, verdict};

use attachment::Files;
use byte_lines::lines;
use message::{Head, Message};
use original::Content;
use std::collections::HashSet;
use structure::{Header, header, opening};
use text::clean;
pub(crate) use text::clean::REMOTE_PICTURE;

/// Longest text that is kept, in bytes.
const MAX_TEXT: usize = 1 << 20;

/// Reads one mail. Never fails: what cannot be read is said in [`IncomingMail::unreadable`].
#[must_use]
pub fn understand(bytes: &[u8], rules: &ReadingRules) -> IncomingMail {
    let identity = identity::of(bytes);
    let bytes = opening::open(bytes);
    let message = message::read(&bytes, &rules.limits);
    let header = Header::parse_within(&bytes, rules.limits.header_size).header;
    let subject = subject::read_subject(message.head.subject.as_deref().unwrap_or_default(), &rules.shapes);
    let content = original::choose(&message, rules, &subject.rest);
    let evidence = automatic::Evidence {
        header: &header,
        message: &message,
        subject: &subject,
        original: content.original.as_ref(),
        rules,
    };
    let automatic = automatic::kind(&evidence);
    let answerable = automatic.is_none() && automatic::is_answerable(&evidence);
    let mut findings = subject::how_read(&subject, &rules.shapes);
    findings.extend(content.found_by.iter().map(|how| Finding::new(Topic::Original, how)));
    let text = tidy(&message::without_clear_signatures(&content.text));
    if content.text.len() > MAX_TEXT {
        findings.push(Finding::new(Topic::Cut, "the text is longer than is kept: its end is missing"));
    }
    let nothing = !header::KNOWN.iter().any(|name| header.has(name));
    let unreadable = if nothing { Some(Unreadable::NoMail) } else { unreadable(&message, &text) };
    let (forwarder, sent_at) = (forwarder(&message.head), original::sent_at(&message.head, rules));
    let proof = authenticity::prove(&authenticity::Asked {
        header: &header,
        forwarder: forwarder.as_ref().map(|forwarder| &forwarder.address),
        trusted: rules.sender_proof.as_ref(),
        staff_domains: &rules.staff_domains,
    });
    let shown = original::shown_pictures(&message);
    let files = attachment::sort(message, &shown);
    findings.extend(files.findings.iter().cloned());
    let (html, html_is_cut) = cleaned_html(&content, &files);
    if html_is_cut {
        findings.push(Finding::new(Topic::Cut, "the HTML is longer than is kept: its end is missing"));
    }
    IncomingMail {
        identity,
        unreadable,
        automatic,
        answerable,
        marks: own_mark::read(&header, [&content.note, &text]),
        subject,
        forwarder,
        proof,
        sent_at,
        html,
        note: note::own_words(&content.note),
        text,
        original: content.original,
        attachments: files.listed,
        pictures: files.pictures,
        ignored: files.ignored,
        findings,
    }
}

/// Why the mail or a mail attached to it cannot be read.
fn unreadable(message: &Message, text: &str) -> Option<Unreadable> {
    let by_structure = message.with_attached().into_iter().find_map(|message| message.unreadable);
    by_structure.or_else(|| message::holds_encrypted(text).then_some(Unreadable::EncryptedPgp))
}

/// The one who passed the mail on.
fn forwarder(head: &Head) -> Option<Person> {
    let mailbox = head.resent_from.as_ref().unwrap_or(&head.from);
    Some(Person { name: mailbox.name.clone(), address: mailbox.address.clone()? })
}

/// The HTML of the kept part, with those of its pictures that are kept too; and whether its end is missing.
fn cleaned_html(content: &Content, files: &Files) -> (Option<String>, bool) {
    let kept: HashSet<&str> = files.pictures.iter().map(|picture| picture.content_id.as_str()).collect();
    let pages = content.pages.iter().map(|(outline, start)| clean::clean(outline, *start, &|id| kept.contains(id)));
    let (pages, cut): (Vec<String>, Vec<bool>) = pages.map(|page| (page.html, page.is_cut)).unzip();
    let html = pages.join("<hr>");
    ((!html.trim().is_empty()).then_some(html), cut.contains(&true))
}

/// Text without blanks at line ends and empty lines around it, cut to a bearable length.
fn tidy(text: &str) -> String {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut tidied = String::with_capacity(end);
    for line in lines(text.get(..end).unwrap_or_default()) {
        // Empty lines above the first that says something are none.
        if !tidied.is_empty() {
            tidied.push('\n');
        }
        tidied.push_str(line.trim_end());
    }
    tidied.truncate(tidied.trim_end_matches('\n').len());
    if tidied.contains('\u{feff}') { tidied.replace('\u{feff}', "") } else { tidied }
}
