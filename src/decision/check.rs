//! What the rule looked at.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// What is asked of a mail, in the order in which the rule asks. The words stand in the decision record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, EnumString, VariantArray)]
pub enum CheckName {
    /// Whether it is small enough, and processing it does not fail again and again.
    #[strum(serialize = "can be processed")]
    CanBeProcessed,
    /// Whether it is not recorded yet.
    #[strum(serialize = "repeated")]
    Repeated,
    /// Whether no robot wrote it.
    #[strum(serialize = "written by a person")]
    WrittenByAPerson,
    /// Whether a program can read it.
    #[strum(serialize = "readable")]
    Readable,
    /// Whether it is none of our own notices.
    #[strum(serialize = "no notice of ours")]
    NoNoticeOfOurs,
    /// Whether it is no new application.
    #[strum(serialize = "a reply, not a new application")]
    Reply,
    /// Whether an active user forwarded it.
    #[strum(serialize = "forwarder")]
    Forwarder,
    /// Whether the sender is proven, where the tenant asks for it.
    #[strum(serialize = "sender proven")]
    SenderProven,
    /// Whether the forwarder's role may import.
    #[strum(serialize = "role")]
    Role,
    /// Whether the subject begins with one number.
    #[strum(serialize = "number")]
    Number,
    /// Whether the tenant has an application of this number.
    #[strum(serialize = "application")]
    Application,
    /// Whether the forwarder may import for it.
    #[strum(serialize = "access")]
    Access,
    /// Whose address the original comes from.
    #[strum(serialize = "sender")]
    Sender,
    /// Whether the reply was not forwarded before.
    #[strum(serialize = "forwarded before")]
    ForwardedBefore,
    /// That the forwarder may be told what came of it.
    #[strum(serialize = "answer")]
    Answer,
    /// What a person decided.
    #[strum(serialize = "a person")]
    Person,
}

/// One check of the decision record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was asked, such as `forwarder`: the word of a [`CheckName`], or what another version of the program asked.
    pub check: String,
    /// What the check saw, in plain words.
    pub saw: String,
    /// Whether the mail may go on.
    pub passed: bool,
}

impl Check {
    /// A check after which the mail may go on.
    pub fn passed(name: CheckName, saw: impl Into<String>) -> Self {
        Self { check: <&str>::from(name).to_owned(), saw: saw.into(), passed: true }
    }

    /// A check at which the mail stops.
    pub fn failed(name: CheckName, saw: impl Into<String>) -> Self {
        Self { passed: false, ..Self::passed(name, saw) }
    }

    /// What was asked; `None` if another version of the program did.
    pub fn name(&self) -> Option<CheckName> {
        self.check.parse().ok()
    }
}
