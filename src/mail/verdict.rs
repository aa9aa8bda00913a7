//! What a mail says by itself, in one word and as the object that the command line prints.

use super::{Attachment, AutomaticKind, Finding, IncomingMail, NumberReading, SenderProof};
use crate::application::{Danger, DocumentKind};
use serde::Serialize;
use strum::IntoStaticStr;

/// What a mail is, before anybody looks into the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    /// It claims a number and can be read.
    Import,
    /// It claims no number, or several.
    Unmatched,
    /// An automatic answer or a receipt.
    AutoReply,
    /// A delivery report.
    Bounce,
    /// Our own notice or a list's robot.
    Loop,
    /// A person has to look at it.
    Unreadable,
}

impl Verdict {
    /// The word for it in JSON and for people.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The verdict on a mail.
#[must_use]
pub fn verdict(mail: &IncomingMail) -> Verdict {
    let unnumbered = !matches!(mail.subject.number, NumberReading::One(_));
    match (mail.automatic, mail.unreadable) {
        (Some(AutomaticKind::OwnNotice), _) => Verdict::Loop,
        (Some(AutomaticKind::Bounce), _) => Verdict::Bounce,
        (Some(AutomaticKind::AutomaticAnswer | AutomaticKind::Receipt), _) => Verdict::AutoReply,
        (_, Some(_)) => Verdict::Unreadable,
        _ if unnumbered => Verdict::Unmatched,
        (Some(AutomaticKind::MailingList), None) => Verdict::Loop,
        (None, None) => Verdict::Import,
    }
}

/// What was understood of a mail, for people and programs that ask about one.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The mail in one word.
    pub verdict: Verdict,
    /// The claimed number in its printed form.
    pub reference: Option<String>,
    /// The subject behind it.
    pub subject_rest: String,
    /// The forwarder's address.
    pub forwarder: Option<String>,
    /// Whether the forwarder is proven; `null` where the tenant asks for no proof.
    pub sender_proof: Option<ExplainedProof>,
    /// The head of the candidate's mail.
    pub original: Option<ExplainedOriginal>,
    /// The forwarder's own words.
    pub note: String,
    /// The kept text.
    pub text: String,
    /// The cleaned HTML.
    pub html: Option<String>,
    /// The files to be listed.
    pub attachments: Vec<ExplainedAttachment>,
    /// The names of the parts that are not listed.
    pub ignored_parts: Vec<String>,
    /// How all that was found.
    pub findings: Vec<Finding>,
}

/// The head of the candidate's mail, its date in RFC 3339.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ExplainedOriginal {
    pub from_name: Option<String>,
    pub from_address: Option<String>,
    pub date: Option<String>,
    pub subject: Option<String>,
}

/// Whether the forwarder is proven, and what was seen.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ExplainedProof {
    pub proven: bool,
    pub saw: String,
}

/// One file; its size in bytes.
#[derive(Clone, Debug, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct ExplainedAttachment {
    pub name: String,
    pub kind: DocumentKind,
    pub kind_rule: String,
    pub mime: String,
    pub size: usize,
    pub sha256: String,
    pub danger: Option<Danger>,
    pub damaged: bool,
}

/// Everything that can be told about a mail without its bytes.
#[must_use]
pub fn explanation(mail: &IncomingMail) -> Explanation {
    let reference = match &mail.subject.number {
        NumberReading::One(number) => Some(number.as_str().to_owned()),
        NumberReading::None | NumberReading::Several(_) => None,
    };
    let original = mail.original.as_ref().map(|original| ExplainedOriginal {
        from_name: original.from_name.clone(),
        from_address: original.from_address.as_ref().map(|address| address.as_str().to_owned()),
        date: original.date.map(|date| date.to_rfc3339()),
        subject: original.subject.clone(),
    });
    Explanation {
        verdict: verdict(mail),
        reference,
        subject_rest: mail.subject.rest.clone(),
        forwarder: mail.forwarder.as_ref().map(|forwarder| forwarder.address.as_str().to_owned()),
        sender_proof: (mail.proof != SenderProof::NotAsked)
            .then(|| ExplainedProof { proven: mail.proof.suffices(), saw: mail.proof.to_string() }),
        original,
        note: mail.note.clone(),
        text: mail.text.clone(),
        html: mail.html.clone(),
        attachments: mail.attachments.iter().map(explained).collect(),
        ignored_parts: mail.ignored.iter().map(|part| part.name.clone()).collect(),
        findings: mail.findings.clone(),
    }
}

fn explained(attachment: &Attachment) -> ExplainedAttachment {
    ExplainedAttachment {
        name: attachment.name.clone(),
        kind: attachment.kind,
        kind_rule: attachment.kind_rule.clone(),
        mime: attachment.mime.clone(),
        size: attachment.content.len(),
        sha256: attachment.sha256.clone(),
        danger: attachment.danger,
        damaged: attachment.damaged,
    }
}
