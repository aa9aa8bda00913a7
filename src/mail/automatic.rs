//! Was a mail written by a person or by a program?
//!
//! By the headers that the RFCs name (3834, 3464, 8098) and those that programs really set. A header that only *asks*
//! (`X-Auto-Response-Suppress`) proves nothing, a subject alone neither; and a mail that a server's rule forwarded is
//! marked as generated although a person's mail stands in it.

use super::automatic_table::{
    ANSWER_HEADERS, ANSWER_SUBJECTS, ANSWER_WORDS, BOUNCE_SUBJECTS, DAEMONS, EXCHANGE_DAEMON, LIST_HEADERS,
    RECEIPT_SUBJECTS, RULE_HEADERS,
};
use super::forward;
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
    } else if evidence.is_declared_answer() {
        Some(AutomaticKind::AutomaticAnswer)
    } else if evidence.is_returned_notice() {
        Some(AutomaticKind::OwnNotice)
    } else if evidence.is_answer() {
        Some(AutomaticKind::AutomaticAnswer)
    } else if evidence.is_list() {
        Some(AutomaticKind::MailingList)
    } else {
        None
    }
}

/// Whether an answer may be sent for a mail that no robot wrote (RFC 3834, section 2): here every sign counts alone, since
/// an answer too few costs less than a loop.
pub(crate) fn is_answerable(evidence: &Evidence<'_>) -> bool {
    !(evidence.is_sent_by_rule()
        || evidence.is_declared_answer()
        || evidence.is_report()
        || evidence.is_spread()
        || evidence.any_word("Return-Path", |word| word.replace(' ', "") == "<>")
        || evidence.any_word("Auto-Submitted", |word| !word.starts_with("no"))
        || evidence.any_word("X-Auto-Response-Suppress", |word| {
            word.split([',', ';', ' ']).any(|kind| matches!(kind, "all" | "autoreply"))
        }))
}

impl Evidence<'_> {
    /// A list or a gateway spread the mail, whoever wrote it.
    fn is_spread(&self) -> bool {
        LIST_HEADERS.iter().any(|name| self.header.has(name))
            || self.any_word("Precedence", |word| matches!(word, "list" | "bulk" | "junk" | "auto_reply"))
    }

    /// One of the fields of this name says this, in small letters; an empty one says nothing.
    fn any_word(&self, name: &str, says: impl Fn(&str) -> bool) -> bool {
        let mut words = self.header.all(name).map(|value| String::from_utf8_lossy(&value).trim().to_lowercase());
        words.any(|word| !word.is_empty() && says(&word))
    }

    /// `X-Loop` names one of our addresses, or the mail comes from one and says that a program sent it, as each notice
    /// does. A person who forwards our notice, or writes from the mailbox that notices come from, is not one.
    fn is_own_notice(&self) -> bool {
        let looped = self.header.all("X-Loop").any(|value| {
            let value = String::from_utf8_lossy(&value).to_lowercase();
            value.split([',', ' ']).any(|address| self.is_ours(address.trim_matches(['<', '>'])))
        });
        looped || self.is_from_us(self.message) && self.any_word("Auto-Submitted", |word| !word.starts_with("no"))
    }

    /// A rule sends back what came from us: imported, it would make the next notice.
    fn is_returned_notice(&self) -> bool {
        self.is_sent_by_rule()
            && self.original.is_none()
            && !self.subject_begins(&ANSWER_SUBJECTS)
            && self.holds_notice()
    }

    /// A mail of ours is attached, or the text names us as the sender of what a rule sends on. That it mentions our
    /// address proves nothing: people write it down for each other.
    fn holds_notice(&self) -> bool {
        let names_us = |text: &str| forward::names_as_sender(text, |address| self.is_ours(address.as_str()));
        let mut texts = self.message.body.iter().flat_map(|piece| {
            let page = piece.page.as_ref().map(|page| page.plain.text.as_str());
            piece.plain.as_deref().into_iter().chain(page)
        });
        self.message.with_attached().into_iter().any(|message| self.is_from_us(message)) || texts.any(names_us)
    }

    fn is_from_us(&self, message: &Message) -> bool {
        message.head.from.address.as_ref().is_some_and(|from| self.is_ours(from.as_str()))
    }

    fn is_ours(&self, address: &str) -> bool {
        self.rules.own_addresses.iter().any(|own| own.as_str().eq_ignore_ascii_case(address))
    }

    /// A program sent the mail on, not a person.
    fn is_sent_by_rule(&self) -> bool {
        !matches!(self.submitted().as_str(), "" | "no") || RULE_HEADERS.iter().any(|name| self.header.has(name))
    }

    /// The keyword of `Auto-Submitted` (RFC 3834, section 5).
    fn submitted(&self) -> String {
        let submitted = self.header.word("Auto-Submitted");
        submitted.split([';', ' ', '(']).next().unwrap_or_default().to_owned()
    }

    fn is_bounce(&self) -> bool {
        let reported = self.report_type() == "delivery-status" || self.has_report("delivery-status");
        let daemon = self.message.head.from.address.as_ref().is_some_and(|from| {
            let local = from.as_str().split('@').next().unwrap_or_default();
            DAEMONS.contains(&local) || local.starts_with(EXCHANGE_DAEMON)
        });
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

    /// The header says that a program answered.
    fn is_declared_answer(&self) -> bool {
        let set = |name: &&str| {
            self.header.has(name) && !matches!(self.header.word(name).as_str(), "" | "no" | "none" | "false" | "0")
        };
        let says =
            |&(name, wanted): &(&str, &str)| self.header.word(name).split([';', ',', ' ']).any(|word| word == wanted);
        matches!(self.submitted().as_str(), "auto-replied" | "auto-notified")
            || ANSWER_HEADERS.iter().any(set)
            || ANSWER_WORDS.iter().any(says)
    }

    /// A program wrote the mail, or subject and signs together are those of an answer.
    fn is_answer(&self) -> bool {
        let generated = !matches!(self.submitted().as_str(), "" | "no");
        if generated && self.holds_a_persons_mail() {
            return false;
        }
        generated || (self.subject_begins(&ANSWER_SUBJECTS) && (self.has_sign() || self.header.has("In-Reply-To")))
    }

    /// What a list sends, unless somebody sent a numbered mail through it: one with a forward in it, or a colleague's.
    /// `Precedence: bulk` and `junk` are set by gateways too and say nothing of a numbered mail.
    fn is_list(&self) -> bool {
        let precedence = self.header.word("Precedence");
        let listed = ["List-Id", "List-Unsubscribe", "List-Post"].iter().any(|name| self.header.has(name))
            || precedence == "list";
        if self.subject.number == NumberReading::None {
            return listed || matches!(precedence.as_str(), "bulk" | "junk");
        }
        let by_colleague = self.message.head.from.address.as_ref().is_some_and(|from| self.rules.is_staff(from));
        listed && self.original.is_none() && !by_colleague
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

#[cfg(test)]
#[path = "automatic_tests.rs"]
mod tests;
