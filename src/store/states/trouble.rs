//! Why something could not be sent, without the words of whoever refused it: servers and filters quote mails.

use crate::store::webhooks::FORMER_WEBHOOK;
use crate::why_unsent::Note;
use serde::Serialize;

/// Why something could not be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SendingTrouble {
    /// What kind of reason.
    pub kind: TroubleKind,
    /// The code of the answer, if there was one: SMTP's reply code with the enhanced one, or HTTP's status.
    pub code: Option<String>,
}

/// What kind of reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TroubleKind {
    /// The other side said no.
    Answered,
    /// It did not answer in time.
    NoAnswer,
    /// It could not be used: connection, certificate, log-in.
    Unusable,
    /// Nobody sends it: the settings do not name the webhook.
    Former,
}

impl SendingTrouble {
    /// The reason that a note tells.
    pub(super) fn of(note: &str) -> Self {
        match Note::read(note) {
            Note::Answered(answer) => Self { kind: TroubleKind::Answered, code: code(answer) },
            Note::Silent => Self { kind: TroubleKind::NoAnswer, code: None },
            Note::Other if note == FORMER_WEBHOOK => Self { kind: TroubleKind::Former, code: None },
            Note::Other => Self { kind: TroubleKind::Unusable, code: None },
        }
    }
}

/// `550` or `550 5.1.1`, at the beginning of an answer.
fn code(answer: &str) -> Option<String> {
    let (reply, rest) = answer.split_at_checked(3)?;
    if !reply.bytes().all(|digit| digit.is_ascii_digit()) || rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let word = rest.trim_start_matches([':', ' ', '-']).split_whitespace().next().unwrap_or_default();
    let is_enhanced = word.split('.').count() == 3
        && word.split('.').all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()));
    Some(if is_enhanced { format!("{reply} {word}") } else { reply.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::{SendingTrouble, TroubleKind};

    #[test]
    fn of_what_a_server_said_only_the_code_is_left() {
        for (note, kind, code) in [
            ("The SMTP server answered 550: 5.1.1 <r@x.example>: unknown", TroubleKind::Answered, Some("550 5.1.1")),
            ("The SMTP server answered 451: Subject: Erika", TroubleKind::Answered, Some("451")),
            ("The SMTP server answered 550: 48.21.3777 Erika", TroubleKind::Answered, Some("550")),
            ("The SMTP server answered nothing of use", TroubleKind::Answered, None),
            ("it answers 500 Internal Server Error", TroubleKind::Answered, Some("500")),
            ("it answers 410 Gone: it wants no more of this", TroubleKind::Answered, Some("410")),
            ("No answer within 120s", TroubleKind::NoAnswer, None),
            ("no answer within 15 s", TroubleKind::NoAnswer, None),
            ("The SMTP server cannot be used: Erika", TroubleKind::Unusable, None),
            ("", TroubleKind::Unusable, None),
            ("it stands in the settings no more", TroubleKind::Former, None),
        ] {
            assert_eq!(SendingTrouble::of(note), SendingTrouble { kind, code: code.map(str::to_owned) }, "{note}");
        }
    }
}
