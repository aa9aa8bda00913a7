//! Was a mail written by a person or by a program?
//!
//! By the headers that the RFCs name (3834, 3464, 8098) and those that programs really set. A header that only *asks*
//! (`X-Auto-Response-Suppress`) proves nothing, a subject alone neither; and a mail that a server's rule forwarded is
//! marked as generated although a person's mail stands in it.

use super::automatic_table::{ANSWER_HEADERS, ANSWER_SUBJECTS, BOUNCE_SUBJECTS, DAEMONS, RECEIPT_SUBJECTS};
use super::message::Message;
use super::structure::{Header, Parameterised};
use super::{AutomaticKind, NumberReading, Original, ReadingRules, Subject};

/// What is known about the mail.
pub(crate) struct Evidence<'a> {
    pub(crate) header: &'a Header<'a>,
    pub(crate) message: &'a Message,
    pub(crate) subject: &'a Subject,
    pub(crate) original: Option<&'a Original>,
    pub(crate) rules: &'a ReadingRules,
}

/// The kind of robot, the more certain ones first.
pub(crate) fn kind(evidence: &Evidence<'_>) -> Option<AutomaticKind> {
    if evidence.is_own_notice() {
        Some(AutomaticKind::OwnNotice)
    } else if evidence.is_bounce() {
        Some(AutomaticKind::Bounce)
    } else if evidence.is_receipt() {
        Some(AutomaticKind::Receipt)
    } else if evidence.is_answer() {
        Some(AutomaticKind::AutomaticAnswer)
    } else if evidence.is_list() {
        Some(AutomaticKind::MailingList)
    } else {
        None
    }
}

impl Evidence<'_> {
    /// `X-Loop` names one of our addresses, or the mail comes from one. A person who forwards our notice is not one.
    fn is_own_notice(&self) -> bool {
        let ours =
            |address: &str| self.rules.own_addresses.iter().any(|own| own.as_str().eq_ignore_ascii_case(address));
        let looped = self.header.all("X-Loop").any(|value| ours(String::from_utf8_lossy(&value).trim()));
        looped || self.message.head.from.address.as_ref().is_some_and(|from| ours(from.as_str()))
    }

    fn is_bounce(&self) -> bool {
        let reported = self.report_type() == "delivery-status" || self.has_report("delivery-status");
        let daemon = self
            .message
            .head
            .from
            .address
            .as_ref()
            .is_some_and(|from| DAEMONS.contains(&from.as_str().split('@').next().unwrap_or_default()));
        let worded = self.subject_begins(&BOUNCE_SUBJECTS);
        let marked = self.header.has("X-MS-Exchange-Message-Is-Ndr") || self.header.has("X-Failed-Recipients");
        // A report of its own accord says so at the top; one that a person forwards is a part among others.
        (reported && (self.is_report() || daemon || self.returns_nowhere()))
            || marked
            || (daemon && (worded || self.returns_nowhere()))
            || (self.returns_nowhere() && worded)
    }

    fn is_receipt(&self) -> bool {
        let reported = self.report_type() == "disposition-notification"
            || (self.is_report() && self.has_report("disposition-notification"));
        reported
            || (self.subject_begins(&RECEIPT_SUBJECTS)
                && (self.has_sign() || self.header.has("References") || self.header.has("In-Reply-To")))
    }

    fn is_answer(&self) -> bool {
        let submitted = self.header.word("Auto-Submitted");
        let submitted = submitted.split([';', ' ', '(']).next().unwrap_or_default();
        if submitted == "auto-replied" || submitted == "auto-notified" {
            return true;
        }
        let set = |name: &&str| {
            self.header.has(name) && !matches!(self.header.word(name).as_str(), "" | "no" | "none" | "false")
        };
        if ANSWER_HEADERS.iter().any(set) || self.header.word("Precedence") == "auto_reply" {
            return true;
        }
        let generated = !matches!(submitted, "" | "no");
        if generated && self.holds_a_persons_mail() {
            return false;
        }
        generated || (self.subject_begins(&ANSWER_SUBJECTS) && (self.has_sign() || self.header.has("In-Reply-To")))
    }

    /// What a list sends, unless somebody forwarded a numbered mail through it.
    fn is_list(&self) -> bool {
        let precedence = self.header.word("Precedence");
        let listed = ["List-Id", "List-Unsubscribe", "List-Post"].iter().any(|name| self.header.has(name))
            || matches!(precedence.as_str(), "list" | "bulk" | "junk");
        listed && (self.subject.number == NumberReading::None || self.original.is_none())
    }

    /// A forward stands in it whose sender is known and whose subject is no automatic one.
    fn holds_a_persons_mail(&self) -> bool {
        self.original.is_some_and(|original| {
            let subject = original.subject.as_deref().unwrap_or_default().to_lowercase();
            let automatic = ANSWER_SUBJECTS.iter().chain(&BOUNCE_SUBJECTS).any(|start| subject.starts_with(start));
            (original.from_address.is_some() || original.from_name.is_some()) && !automatic
        })
    }

    /// Signs that fit automatic answers but prove nothing alone.
    fn has_sign(&self) -> bool {
        self.returns_nowhere()
            || self.header.has("X-Auto-Response-Suppress")
            || matches!(self.header.word("Precedence").as_str(), "bulk" | "junk")
    }

    /// `Return-Path: <>` (RFC 5321, section 4.5.5).
    fn returns_nowhere(&self) -> bool {
        self.header.word("Return-Path").replace(' ', "") == "<>"
    }

    fn subject_begins(&self, words: &[&str]) -> bool {
        let subject = self.subject.whole.trim().to_lowercase();
        words.iter().any(|word| subject.starts_with(word))
    }

    fn is_report(&self) -> bool {
        self.content_type().word == "multipart/report"
    }

    fn report_type(&self) -> String {
        let content_type = self.content_type();
        let report = content_type.word == "multipart/report";
        report.then(|| content_type.plain("report-type")).flatten().unwrap_or_default().to_ascii_lowercase()
    }

    fn has_report(&self, kind: &str) -> bool {
        self.message.reports.iter().any(|report| report.ends_with(kind))
    }

    fn content_type(&self) -> Parameterised {
        Parameterised::parse(&self.header.raw("Content-Type").unwrap_or_default(), self.rules.limits.parameter_pieces)
    }
}
