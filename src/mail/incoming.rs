//! The values that understanding a mail gives.

use super::{Finding, Limits, OwnMarks, SenderProof, TrustedReceiver};
use crate::application::{Danger, DocumentKind, EmailAddress, ReferenceNumber, ReferenceShape, Withheld};
use chrono::{DateTime, FixedOffset};
use std::collections::HashSet;
use strum::IntoStaticStr;

/// What must be known of a tenant to read its mail.
#[derive(Clone, Debug)]
pub struct ReadingRules {
    /// The shapes of the tenant's reference numbers; the first that fits wins.
    pub shapes: Vec<ReferenceShape>,
    /// Domains of the tenant's own people, in small letters; a subdomain counts too.
    pub staff_domains: Vec<String>,
    /// Addresses of the tenant's users, wherever they are; together with the domains they tell a colleague who passed
    /// a forward on from the outside person whose mail it is.
    pub staff_addresses: HashSet<EmailAddress>,
    /// The service's own addresses: the import address and the sender of its notices.
    pub own_addresses: Vec<EmailAddress>,
    /// Who must have proven the From of a mail; `None` where no proof is asked for.
    pub sender_proof: Option<TrustedReceiver>,
    /// Clock for printed dates without a zone.
    pub timezone: chrono_tz::Tz,
    /// How much of a mail is read.
    pub limits: Limits,
}

/// What was understood of one fetched mail.
#[derive(Clone, Debug)]
pub struct IncomingMail {
    /// Tells this mail from another, wherever it lies.
    pub identity: MailIdentity,
    /// Why the mail cannot be read, if so; the fields below then hold what could be read all the same.
    pub unreadable: Option<Unreadable>,
    /// What kind of robot wrote it, if one did.
    pub automatic: Option<AutomaticKind>,
    /// Whether an answer may be sent for it: no sign that a program or a list sent it, it returns somewhere, and it does
    /// not ask for none. A mail may be a person's and still not be answered, such as one that a rule passes on.
    pub answerable: bool,
    /// Signs that it is one of our notices, sent back by somebody's rule.
    pub marks: OwnMarks,
    /// The subject, and the number it begins with.
    pub subject: Subject,
    /// Who passed the mail on: the outer From, or Resent-From of a redirected mail; `None` where no address can be
    /// read or several contradict each other.
    pub forwarder: Option<Person>,
    /// Whether it is proven that the forwarder's address is theirs.
    pub proof: SenderProof,
    /// The outer Date, if it can be read.
    pub sent_at: Option<DateTime<FixedOffset>>,
    /// The candidate's mail inside; `None` where nothing was forwarded and the mail itself is taken.
    pub original: Option<Original>,
    /// The forwarder's own words above the forward, without signature noise; empty where there are none.
    pub note: String,
    /// The text of the original (of the mail itself where there is no original), line breaks as `\n`.
    pub text: String,
    /// The same as HTML, cleaned of scripts, styles, forms and remote content; pictures are named `cid:...`.
    pub html: Option<String>,
    /// The files to be listed, in the order of the mail.
    pub attachments: Vec<Attachment>,
    /// Pictures that the HTML shows; kept beside the entry and not listed.
    pub pictures: Vec<InlinePicture>,
    /// Parts that are kept in the archived mail only.
    pub ignored: Vec<IgnoredPart>,
    /// How all that was found, in the order of reading; shown to whoever asks and not stored.
    pub findings: Vec<Finding>,
}

impl IncomingMail {
    /// How many contents that a virus scanner was shown it did not let through: files, and pictures that are no files.
    pub fn withheld(&self) -> usize {
        let files: HashSet<&str> = withheld(self.attachments.iter().map(|file| (&file.sha256, &file.withheld)));
        let pictures = withheld(self.pictures.iter().map(|picture| (&picture.sha256, &picture.withheld)));
        let listed = self.attachments.iter().filter(|file| file.withheld.is_some()).count();
        listed + pictures.difference(&files).count()
    }
}

fn withheld<'a>(contents: impl Iterator<Item = (&'a String, &'a Option<Withheld>)>) -> HashSet<&'a str> {
    contents.filter(|(_, why)| why.is_some()).map(|(sha256, _)| sha256.as_str()).collect()
}

/// Tells the same mail from another across folders, UIDs and restarts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MailIdentity {
    /// The Message-ID without its angle brackets, if it is present and well formed (RFC 5322, section 3.6.4).
    pub message_id: Option<String>,
    /// SHA-256, in hex: with a Message-ID over From, Date, Subject and the body (so that another way of transport does
    /// not change it), without one over the whole mail. Of a mail of which nobody has seen a byte it is made of its place,
    /// and recognisable ([`is_of_never_seen`](super::is_of_never_seen)).
    pub digest: String,
}

/// Why a mail cannot be read by a program and must be read by a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Nested deeper than any honest mail.
    TooNested,
    /// More parts than any honest mail.
    TooManyParts,
    /// A header longer than any honest mail's.
    HeaderTooLarge,
    /// More parameters of one field than any honest mail has.
    TooManyParameters,
    /// More content than the service is willing to hold.
    TooMuchContent,
    /// Encrypted by S/MIME.
    EncryptedSmime,
    /// An S/MIME envelope that is broken.
    BrokenSmime,
    /// S/MIME certificates and nothing else.
    OnlyCertificates,
    /// Encrypted by PGP.
    EncryptedPgp,
    /// Neither header nor body could be made out.
    NoMail,
}

/// What kind of robot wrote a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum AutomaticKind {
    /// Out-of-office and other automatic answers (RFC 3834).
    AutomaticAnswer,
    /// A receipt that a mail was read or delivered (RFC 8098).
    Receipt,
    /// A mail could not be delivered, or not yet (RFC 3464, and older forms).
    Bounce,
    /// A mailing list's robot or a newsletter.
    MailingList,
    /// One of our own notices, come back.
    OwnNotice,
}

impl AutomaticKind {
    /// The word for it in the database and in JSON.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A mail's subject and what it says about the application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The decoded subject, unfolded.
    pub whole: String,
    /// The number it begins with.
    pub number: NumberReading,
    /// Everything behind the number and its separators, trimmed; the whole subject where there is no number.
    pub rest: String,
    /// Numbers of the tenant's shapes that stand later in the subject: no claim, only a suggestion for a person.
    pub elsewhere: Vec<ReferenceNumber>,
}

/// The number at the start of a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberReading {
    /// The subject begins with no number of the tenant's shapes.
    None,
    /// It claims this one.
    One(ReferenceNumber),
    /// Several different ones stand side by side: not ours to choose.
    Several(Vec<ReferenceNumber>),
}

/// Somebody named in a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The display name, if there is one that is not the address itself.
    pub name: Option<String>,
    /// The address.
    pub address: EmailAddress,
}

/// The head of the candidate's mail, as the forward shows it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Original {
    /// The sender's name, if it is printed.
    pub from_name: Option<String>,
    /// The sender's address, if it is printed.
    pub from_address: Option<EmailAddress>,
    /// When it was sent; an unreadable date is unknown, never today.
    pub date: Option<DateTime<FixedOffset>>,
    /// Its subject.
    pub subject: Option<String>,
    /// Its Message-ID, where the original is attached whole and no other beside it.
    pub message_id: Option<String>,
    /// It is attached, and the text shows another mail from outside that may be the newer one: nobody can say which of the
    /// two is the reply. Not kept in the record.
    pub beside_another: bool,
}

/// A file that came with the mail and shall be listed.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// The decoded, safe name: last path element, NFC, no control or direction characters, at most 255 bytes.
    pub name: String,
    /// The document kind its name tells.
    pub kind: DocumentKind,
    /// The rule that gave the kind, for the decision record.
    pub kind_rule: String,
    /// The real type, sniffed from the content where it can be, else the declared one.
    pub mime: String,
    /// The decoded bytes.
    pub content: Vec<u8>,
    /// SHA-256 of the content, in hex.
    pub sha256: String,
    /// Why it must be handled with care, if so.
    pub danger: Option<Danger>,
    /// The transport encoding was broken or cut short: the content may be incomplete.
    pub damaged: bool,
    /// Why the content must not be kept, if a virus scanner was asked and did not let it through.
    pub withheld: Option<Withheld>,
}

/// A picture that the HTML shows by its content id.
#[derive(Clone, Debug)]
pub struct InlinePicture {
    /// The Content-ID without its angle brackets.
    pub content_id: String,
    /// The sniffed type, always `image/...`.
    pub mime: String,
    /// The decoded bytes.
    pub content: Vec<u8>,
    /// SHA-256 of the content, in hex.
    pub sha256: String,
    /// Why it must not be kept, if a virus scanner was asked and did not let it through.
    pub withheld: Option<Withheld>,
}

/// A part that stays in the archived mail only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoredPart {
    /// Its decoded name, or its type where it has none.
    pub name: String,
    /// Why it is not listed, for the decision record.
    pub why: String,
}
