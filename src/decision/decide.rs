//! The business rule.

use super::sender_match::{SenderMatch, sender_match};
use super::{Check, CheckName, DecisionRules, Known, KnownUser, Reach, WhySetAside, WhyUnassigned};
use crate::application::DocumentKind;
use crate::application::id::{ApplicationId, HistoryEntryId, MailId};
use crate::decision::ImportOutcome;
use crate::mail::{AutomaticKind, IncomingMail, NumberReading, SenderProof, Topic};

/// What shall be done with a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The mail becomes an entry of the application's history.
    AddToHistory {
        /// The application.
        application: ApplicationId,
        /// Whether the original's sender is the candidate.
        sender: SenderMatch,
    },
    /// The candidate's reply stands in the application's history already, forwarded by somebody else or in another mail:
    /// this forwarder, their note and further files are added to its entry.
    AddForwarder {
        /// The application.
        application: ApplicationId,
        /// The entry.
        entry: HistoryEntryId,
        /// The mail that made the entry.
        earlier: MailId,
    },
    /// The mail waits for a person.
    KeepForAPerson {
        /// Why.
        why: WhyUnassigned,
    },
    /// The same mail was recorded before.
    SkipRepeat {
        /// The earlier record.
        earlier: MailId,
    },
    /// A robot wrote it.
    IgnoreAutomatic {
        /// What kind of robot.
        kind: AutomaticKind,
    },
    /// It cannot be processed.
    SetAside {
        /// Why.
        why: WhySetAside,
    },
}

/// A decision with the checks that led to it, the deciding one last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// What shall be done.
    pub decision: Decision,
    /// What every check saw, in order.
    pub checks: Vec<Check>,
}

impl Decision {
    /// What comes of the mail if the decision is carried out.
    pub fn outcome(self) -> ImportOutcome {
        match self {
            Self::AddToHistory { .. } => ImportOutcome::Imported,
            Self::KeepForAPerson { .. } => ImportOutcome::Unassigned,
            Self::AddForwarder { .. } | Self::SkipRepeat { .. } => ImportOutcome::Repeated,
            Self::IgnoreAutomatic { .. } => ImportOutcome::Automatic,
            Self::SetAside { .. } => ImportOutcome::SetAside,
        }
    }

    /// The stored word for the reason, where the outcome has one.
    pub fn why(self) -> Option<&'static str> {
        match self {
            Self::AddToHistory { .. } | Self::AddForwarder { .. } | Self::SkipRepeat { .. } => None,
            Self::KeepForAPerson { why } => Some(why.as_str()),
            Self::IgnoreAutomatic { kind } => Some(kind.as_str()),
            Self::SetAside { why } => Some(why.as_str()),
        }
    }

    /// The word for what a known forwarder is told instead of an import; `None` where they are told nothing.
    pub fn answer(self) -> Option<&'static str> {
        match self {
            Self::KeepForAPerson { why } => why.answer(),
            Self::SetAside { why } => why.answer(),
            Self::AddToHistory { .. }
            | Self::AddForwarder { .. }
            | Self::SkipRepeat { .. }
            | Self::IgnoreAutomatic { .. } => None,
        }
    }

    /// Whether the number led to no application that the forwarder may import for: whether there is one makes no
    /// difference to what they are told.
    pub fn found_no_application(self) -> bool {
        let why = [WhyUnassigned::UnknownNumber, WhyUnassigned::NotResponsible];
        matches!(self, Self::KeepForAPerson { why: this } if why.contains(&this))
    }
}

impl Decided {
    /// A mail that is set aside without a look at what it says.
    pub fn set_aside(why: WhySetAside) -> Self {
        let saw = match why {
            WhySetAside::TooLarge { size, max_size } => format!("{size} octets, at most {max_size} are taken"),
            WhySetAside::FailedTooOften { attempts } => format!("processing failed {attempts} times"),
            WhySetAside::Unreadable(_) => why.to_string(),
        };
        let check = Check::failed(CheckName::CanBeProcessed, saw);
        Self { decision: Decision::SetAside { why }, checks: vec![check] }
    }
}

/// Decides what a mail means. The first check that fails decides; what comes after it is not looked at.
pub fn decide(mail: &IncomingMail, known: &Known, rules: &DecisionRules) -> Decided {
    let mut checks = Vec::new();
    let decision = walk(mail, known, rules, &mut Record(&mut checks));
    Decided { decision, checks }
}

fn walk(mail: &IncomingMail, known: &Known, rules: &DecisionRules, record: &mut Record<'_>) -> Decision {
    if let Some(earlier) = &known.earlier {
        record.failed(CheckName::Repeated, format!("recorded before as mail {}", earlier.mail));
        return Decision::SkipRepeat { earlier: earlier.mail };
    }
    record.passed(CheckName::Repeated, "not seen before");
    if let Some(kind) = mail.automatic {
        record.failed(CheckName::WrittenByAPerson, kind.as_str());
        return Decision::IgnoreAutomatic { kind };
    }
    record.passed(CheckName::WrittenByAPerson, "no sign of a robot");
    if let Some(unreadable) = mail.unreadable {
        let why = WhySetAside::Unreadable(unreadable);
        record.failed(CheckName::Readable, why.to_string());
        return Decision::SetAside { why };
    }
    record.passed(CheckName::Readable, readable(mail));
    if mail.marks.in_text || known.own_notice {
        record.failed(CheckName::NoNoticeOfOurs, "it bears the mark of one, or the Message-ID");
        return Decision::KeepForAPerson { why: WhyUnassigned::OwnNotice };
    }
    match assign(mail, known, rules, record) {
        Ok(application) => application,
        Err(why) => Decision::KeepForAPerson { why },
    }
}

/// What was read, and what of it was too long to be kept.
fn readable(mail: &IncomingMail) -> String {
    let cut = mail.findings.iter().filter(|finding| finding.about == Topic::Cut);
    let cut: Vec<String> = cut.map(|finding| format!("; {}", finding.says)).collect();
    format!("yes{}", cut.concat())
}

fn assign(
    mail: &IncomingMail,
    known: &Known,
    rules: &DecisionRules,
    record: &mut Record<'_>,
) -> Result<Decision, WhyUnassigned> {
    if looks_like_new_application(mail, known) {
        record.failed(CheckName::Reply, "no reference number, but a curriculum vitae is attached");
        return Err(WhyUnassigned::LooksLikeNewApplication);
    }
    let forwarder = active_forwarder(mail, known, record)?;
    match &mail.proof {
        SenderProof::NotAsked => {}
        SenderProof::Proven(_) => record.passed(CheckName::SenderProven, mail.proof.to_string()),
        SenderProof::Missing(_) => {
            record.failed(CheckName::SenderProven, mail.proof.to_string());
            return Err(WhyUnassigned::NotProven);
        }
    }
    let reach = rules.reach(forwarder.role);
    if reach == Reach::None {
        record.failed(CheckName::Role, format!("{} may not import", forwarder.role));
        return Err(WhyUnassigned::NotEntitled);
    }
    record.passed(CheckName::Role, forwarder.role.as_str());
    match &mail.subject.number {
        NumberReading::None => {
            record.failed(CheckName::Number, "the subject begins with no reference number");
            return Err(WhyUnassigned::NoNumber);
        }
        NumberReading::Several(numbers) => {
            record.failed(CheckName::Number, format!("the subject begins with {} different numbers", numbers.len()));
            return Err(WhyUnassigned::SeveralNumbers);
        }
        NumberReading::One(number) => record.passed(CheckName::Number, number.as_str()),
    }
    let Some(application) = &known.application else {
        record.failed(CheckName::Application, "the tenant has no application of this number");
        return Err(WhyUnassigned::UnknownNumber);
    };
    record.passed(CheckName::Application, application.number.as_str());
    let responsible = application.is_responsible(forwarder.id);
    if !rules.may_import_for(forwarder, application) {
        record.failed(CheckName::Access, format!("a {} who is not responsible for this application", forwarder.role));
        return Err(WhyUnassigned::NotResponsible);
    }
    record.passed(CheckName::Access, if responsible { "responsible for this application" } else { "by role" });
    let sender = sender_match(mail, &application.candidate_addresses);
    record.passed(
        CheckName::Sender,
        match sender {
            SenderMatch::Matches => "the original comes from an address of the candidate",
            SenderMatch::Differs => "the original comes from an address that is not known of the candidate",
            SenderMatch::Unknown => "the original's address or the candidate's addresses are not known",
        },
    );
    let Some(reply) = &known.same_reply else {
        record.passed(CheckName::ForwardedBefore, "this reply was not");
        return Ok(Decision::AddToHistory { application: application.id, sender });
    };
    let further = match reply.further_files.len() {
        0 => String::new(),
        files => format!(", and brings further files: {files}"),
    };
    record.failed(CheckName::ForwardedBefore, format!("the same reply as mail {}{further}", reply.mail));
    Ok(Decision::AddForwarder { application: application.id, entry: reply.entry, earlier: reply.mail })
}

fn active_forwarder<'a>(
    mail: &IncomingMail,
    known: &'a Known,
    record: &mut Record<'_>,
) -> Result<&'a KnownUser, WhyUnassigned> {
    let saw = match (&mail.forwarder, &known.forwarder) {
        (None, _) => "no single readable sender address",
        (Some(_), None) => "no user of the tenant has the sender's address",
        (Some(_), Some(user)) if !user.active => "the user is no longer active",
        (Some(_), Some(user)) => {
            record.passed(CheckName::Forwarder, format!("user {}", user.id));
            return Ok(user);
        }
    };
    record.failed(CheckName::Forwarder, saw);
    Err(WhyUnassigned::ForwarderUnknown)
}

/// New applications belong to another address. A known user who merely forgot the number is told so instead: only a
/// subject that is a job's Kennziffer and nothing else makes their mail a new application.
fn looks_like_new_application(mail: &IncomingMail, known: &Known) -> bool {
    let brings_cv =
        mail.attachments.iter().any(|file| matches!(file.kind, DocumentKind::Cv | DocumentKind::CompleteApplication));
    let mut words = mail.subject.whole.split_whitespace();
    let only_a_code =
        words.next().is_some_and(|word| word.chars().any(|c| c.is_ascii_digit())) && words.next().is_none();
    let from_a_user = known.forwarder.as_ref().is_some_and(|user| user.active);
    mail.subject.number == NumberReading::None && brings_cv && (only_a_code || !from_a_user)
}

/// Writes the decision record.
struct Record<'a>(&'a mut Vec<Check>);

impl Record<'_> {
    fn passed(&mut self, name: CheckName, saw: impl Into<String>) {
        self.0.push(Check::passed(name, saw));
    }

    fn failed(&mut self, name: CheckName, saw: impl Into<String>) {
        self.0.push(Check::failed(name, saw));
    }
}
