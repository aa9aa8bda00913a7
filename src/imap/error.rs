//! What can go wrong with a mailbox, named by what the caller should do about it.

use std::fmt;

use crate::application::masked;

use async_imap::imap_proto::{Outcome, ResponseCode};

/// A failed wish, with what was wanted of which server. The text never holds a password or a mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImapError {
    /// Only a person can help: refused login, untrusted certificate, wrong host name, TLS not offered, a folder name
    /// that the server cannot have. Trying again changes nothing.
    #[error("{wanted}: {why}")]
    WrongSettings {
        /// `Cannot log in as anna at imap.example.test:993`.
        wanted: String,
        /// The reason, one sentence without a full stop.
        why: String,
        /// What the person is to put right.
        mend: Mend,
    },
    /// The connection broke, stayed silent too long, or the answer made no sense; also a login that is refused for the
    /// time being. The session is of no more use: try again later, with a new one.
    #[error("{wanted}: {why}")]
    Lost {
        /// `Cannot fetch 100 mails at imap.example.test:993`.
        wanted: String,
        /// The reason, one sentence without a full stop.
        why: String,
        /// What the server said, if it was the server that ended the connection (BYE).
        bye: Option<Answer>,
    },
    /// The server does not take the access token: it may have ended before its time. A fresh one is worth one try; if that
    /// is refused too, only a person can help.
    #[error("{wanted}: {why}")]
    TokenRefused {
        /// `Cannot log in as anna at imap.example.test:993`.
        wanted: String,
        /// The reason, one sentence without a full stop.
        why: String,
    },
    /// The server understood and said NO, or said BAD. After a NO the session is usable; after a BAD it is not, since
    /// nobody knows what the server made of the command.
    #[error("{wanted}: the server refused {command}: {answer}")]
    Refused {
        /// `Cannot file 3 mails in Archive/Imported at imap.example.test:993`.
        wanted: String,
        /// The command without its arguments, such as `UID MOVE`.
        command: &'static str,
        /// What the server said.
        answer: Answer,
    },
}

/// What a person is to put right before a mailbox can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mend {
    /// The user name or the password.
    Login,
    /// The server's certificate, or whom `ca_file` trusts.
    Certificate,
    /// What the settings say of the server and its folders, or what the server offers.
    Settings,
}

impl ImapError {
    /// The connection is of no more use, and the server has not said why.
    pub(super) fn lost(wanted: String, why: impl Into<String>) -> Self {
        Self::Lost { wanted, why: why.into(), bye: None }
    }

    /// The response code of a refusal (`TRYCREATE`, `OVERQUOTA` ...), if this is one and the server gave one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { answer, .. } => answer.code.as_deref(),
            Self::WrongSettings { .. } | Self::Lost { .. } | Self::TokenRefused { .. } => None,
        }
    }

    /// Whether the server says, in a session that was let in, that the log-in counts no more: by the codes of RFC 5530, or
    /// in a BYE by the words of servers that end a session with its token (Exchange, Gmail).
    pub(super) fn says_that_the_login_ended(&self) -> bool {
        match self {
            Self::Refused { .. } => {
                ["AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "EXPIRED"].iter().any(|code| self.code() == Some(code))
            }
            Self::Lost { bye: Some(answer), .. } => {
                let said = answer.to_string().to_ascii_lowercase();
                let signs = ["expired", "token", "authenticat", "invalidated", "login again", "log in again"];
                signs.iter().any(|sign| said.contains(sign))
            }
            Self::Lost { bye: None, .. } | Self::WrongSettings { .. } | Self::TokenRefused { .. } => false,
        }
    }
}

/// What a server said with NO, BAD or BYE: response code (RFC 3501, section 7.1, and RFC 5530) and words for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The code's name in capitals, without brackets and arguments.
    pub code: Option<String>,
    /// The words, without addresses, quotations and control characters, at most [`Answer::MAX_CHARS`] long.
    pub text: String,
}

impl Answer {
    /// Servers put stack traces and whole commands into this text.
    pub const MAX_CHARS: usize = 200;

    /// Reads a response's outcome. The parser knows few codes; the others come as the beginning of the text.
    pub(super) fn read(outcome: &Outcome<'_>) -> Self {
        let text = outcome.information.as_deref().unwrap_or_default();
        if let Some(code) = outcome.code.as_ref().map(code_name) {
            return Self { code: Some(code.to_owned()), text: bounded(text) };
        }
        let bracketed = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        match bracketed {
            Some((inner, rest)) if !inner.is_empty() => {
                let name = inner.split(' ').next().unwrap_or_default().to_ascii_uppercase();
                Self { code: Some(bounded(&name)), text: bounded(rest) }
            }
            _ => Self::saying(text),
        }
    }

    /// Words without a code.
    pub(super) fn saying(text: &str) -> Self {
        Self { code: None, text: bounded(text) }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.code, self.text.is_empty()) {
            (Some(code), true) => write!(f, "[{code}]"),
            (Some(code), false) => write!(f, "[{code}] {}", self.text),
            (None, true) => f.write_str("(no words given)"),
            (None, false) => f.write_str(&self.text),
        }
    }
}

/// Foreign text made fit for one line of a log: servers quote addresses, folders and mail.
pub(super) fn bounded(text: &str) -> String {
    let text = masked(text.trim(), |_, _| false);
    let mut chars = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut kept: String = chars.by_ref().take(Answer::MAX_CHARS).collect();
    if chars.next().is_some() {
        kept.push('…');
    }
    kept
}

fn code_name(code: &ResponseCode<'_>) -> &'static str {
    match code {
        ResponseCode::Alert => "ALERT",
        ResponseCode::BadCharset(_) => "BADCHARSET",
        ResponseCode::Capabilities(_) => "CAPABILITY",
        ResponseCode::Parse => "PARSE",
        ResponseCode::ReadOnly => "READ-ONLY",
        ResponseCode::ReadWrite => "READ-WRITE",
        ResponseCode::TryCreate => "TRYCREATE",
        ResponseCode::UidNotSticky => "UIDNOTSTICKY",
        _ => "OTHER",
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, ImapError};
    use async_imap::imap_proto::{Outcome, ResponseCode};

    fn said(text: &str) -> Answer {
        Answer::read(&Outcome { code: None, information: Some(text.into()) })
    }

    #[test]
    fn a_code_that_the_parser_does_not_know_is_read_from_the_text() {
        let answer = said("[OVERQUOTA] Quota exceeded (mailbox for user is full)");
        assert_eq!(answer.code.as_deref(), Some("OVERQUOTA"));
        assert_eq!(answer.text, "Quota exceeded (mailbox for user is full)");
        assert_eq!(said("[UNAVAILABLE 5] Later").code.as_deref(), Some("UNAVAILABLE"));
        assert_eq!(said("Plain words").code, None);
        assert_eq!(said("[] odd").code, None);
    }

    #[test]
    fn a_code_that_the_parser_knows_keeps_its_name() {
        let outcome = Outcome { code: Some(ResponseCode::TryCreate), information: Some("No such folder".into()) };
        assert_eq!(Answer::read(&outcome).to_string(), "[TRYCREATE] No such folder");
    }

    #[test]
    fn long_and_wild_text_is_cut_to_one_line() {
        let answer = said(&"ä\u{1b}[31m\t".repeat(10_000));
        assert_eq!(answer.text.chars().count(), Answer::MAX_CHARS + 1);
        assert!(!answer.text.contains('\u{1b}'));
    }

    #[test]
    fn what_the_server_quotes_is_left_out() {
        let answer = said("[SERVERBUG] Cannot copy \"482137 Zeugnis\" of erika@example.org for now");
        assert_eq!(answer.to_string(), "[SERVERBUG] Cannot copy \"…\" of …@… for now");
    }

    #[test]
    fn an_error_says_what_was_wanted_of_which_server() {
        let error = ImapError::Refused {
            wanted: "Cannot file 3 mails in Archive/Imported at imap.example.test:993".into(),
            command: "UID MOVE",
            answer: said("[NOPERM] Permission denied"),
        };
        assert_eq!(
            error.to_string(),
            "Cannot file 3 mails in Archive/Imported at imap.example.test:993: the server refused UID MOVE: [NOPERM] \
             Permission denied"
        );
        assert_eq!(error.code(), Some("NOPERM"));
    }
}
