//! What is kept of a mail.

use super::Decision;

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
