//! What is kept of a mail, and how much of it was read.

use super::{Check, CheckName, Decision, ImportOutcome};
use strum::IntoStaticStr;

/// How much of a mail was read before it was recorded: what is kept of it is no more than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum WasRead {
    /// As much as of any mail.
    Whole,
    /// Its beginning: it is too large.
    Beginning,
    /// Not all of it: it is encrypted, broken, or beyond a limit.
    Part,
    /// Nothing: processing it failed too often.
    Nothing,
}

impl WasRead {
    /// Told from the record of a mail: what came of it, the stored word of the reason, and the checks, as far as they are at
    /// hand. A mail whose entry was taken back waits for another reason than it once did, and its checks tell that one.
    pub fn of(outcome: ImportOutcome, why: &str, checks: &[Check]) -> Self {
        let stopped = |check: &Check| {
            !check.passed && matches!(check.name(), Some(CheckName::CanBeProcessed | CheckName::Readable))
        };
        match why {
            "too_large" => Self::Beginning,
            "failed_too_often" => Self::Nothing,
            _ if outcome == ImportOutcome::SetAside || checks.iter().any(stopped) => Self::Part,
            _ => Self::Whole,
        }
    }

    /// The word for it by which a page finds its texts.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Decision {
    /// Whether what the mail says is kept: its texts, files and pictures. Nobody reads what a robot wrote, and a repeat says
    /// nothing new, unless it is a further forward of a reply.
    pub fn keeps_contents(&self) -> bool {
        match self {
            Self::AddToHistory { .. }
            | Self::AddForwarder { .. }
            | Self::KeepForAPerson { .. }
            | Self::SetAside { .. } => true,
            Self::SkipRepeat { .. } | Self::IgnoreAutomatic { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::WasRead;
    use crate::decision::{Check, Decided, ImportOutcome, WhySetAside, WhyUnassigned};

    #[test]
    fn what_was_set_aside_was_never_read_whole() {
        for why in WhySetAside::ALL {
            let expected = match why {
                WhySetAside::TooLarge { .. } => WasRead::Beginning,
                WhySetAside::FailedTooOften { .. } => WasRead::Nothing,
                WhySetAside::Unreadable(_) => WasRead::Part,
            };
            assert_eq!(WasRead::of(ImportOutcome::SetAside, why.as_str(), &[]), expected, "{why}");
            let checks = Decided::set_aside(why).checks;
            assert_eq!(WasRead::of(ImportOutcome::Unassigned, "reverted", &checks), WasRead::Part, "{why}");
        }
        let newer = WasRead::of(ImportOutcome::SetAside, "a reason of a newer version", &[]);
        assert_eq!(newer, WasRead::Part);
        let checks = [Check { check: "number".to_owned(), saw: String::new(), passed: false }];
        for why in WhyUnassigned::ALL {
            assert_eq!(WasRead::of(ImportOutcome::Unassigned, why.as_str(), &checks), WasRead::Whole, "{why}");
        }
    }
}
