//! Several commands in one flight: sent in one write and answered one after the other, so that the way to the server and
//! back is waited for once (RFC 3501, section 5.5).
//!
//! Only commands may fly together of which none depends on what another answers, and none asks for more.

use async_imap::imap_proto::Response;

use super::command::{Command, Wire, completion};
use super::error::{Answer, ImapError};
use super::link::{Failure, Link, Patience};

/// Most commands in one flight: what they are answered with is in memory together.
pub(super) const MOST: usize = 16;

impl Wire {
    /// Runs commands in one flight and says what came of each, in their order. `each` sees every response, in the server's
    /// order: to which command an untagged one belongs is not certain, since a server may send the data of one before the
    /// tagged OK of the one before.
    ///
    /// Each command has its time, so the flight has it all together.
    ///
    /// # Errors
    ///
    /// [`ImapError::Lost`] if not every command was answered. A NO is one command's own; so is a BAD that follows it (a
    /// command for a folder that was not opened). Any other BAD ends the connection, as ever.
    pub(super) async fn run_together(
        &mut self,
        commands: &[Command],
        mut each: impl FnMut(&Response<'_>),
    ) -> Result<Vec<Result<(), ImapError>>, ImapError> {
        let Some(first) = commands.first() else { return Ok(Vec::new()) };
        let patience = self.patience_with(commands.iter().map(|command| command.transfer));
        let mut link = self.take(&first.purpose)?;
        let answers = match self.fly(&mut link, commands, patience, &mut each).await {
            Ok(answers) => answers,
            Err(failure) => return self.settle(link, first.name, &first.purpose, Err(failure)),
        };
        let (mut refused, mut is_usable) = (false, true);
        for answer in &answers {
            refused |= matches!(answer, Err(Failure::No(_)));
            is_usable &= refused || answer.is_ok();
        }
        let mut results = Vec::with_capacity(answers.len());
        for (command, answer) in commands.iter().zip(answers) {
            results.push(self.note_end(command.name, &command.purpose, answer));
        }
        if is_usable {
            self.attach(link);
        }
        Ok(results)
    }

    async fn fly(
        &mut self,
        link: &mut Link,
        commands: &[Command],
        patience: Patience,
        each: &mut impl FnMut(&Response<'_>),
    ) -> Result<Vec<Result<(), Failure>>, Failure> {
        let tags: Vec<String> = commands.iter().map(|_| self.next_tag()).collect();
        let lines: Vec<String> =
            tags.iter().zip(commands).map(|(tag, command)| format!("{tag} {}", command.line)).collect();
        link.send(&lines.join("\r\n"), patience).await?;
        let mut answers: Vec<Option<Result<(), Failure>>> = tags.iter().map(|_| None).collect();
        while answers.iter().any(Option::is_none) {
            let answered = link.receive(patience, |response| {
                self.note(response);
                each(response);
                read(response, &tags)
            });
            if let Some((at, answer)) = answered.await??
                && let Some(slot) = answers.get_mut(at)
            {
                *slot = Some(answer);
            }
        }
        Ok(answers.into_iter().flatten().collect())
    }
}

/// The end of one of the commands, if this is it.
type End = Option<(usize, Result<(), Failure>)>;

fn read(response: &Response<'_>, tags: &[String]) -> Result<End, Failure> {
    match response {
        Response::Done { tag, status, outcome } => {
            let at = tags.iter().position(|ours| *ours == tag.0);
            Ok(at.map(|at| (at, completion(status, Answer::read(outcome)))))
        }
        Response::Continue { .. } => Err(Failure::Broken("the server asks for more where nothing is to follow".into())),
        _ => Ok(None),
    }
}
