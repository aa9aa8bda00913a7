//! What `check` says: a line for each thing, and below one that is red what to do.

use crate::cli::output;
use anyhow::Result;
use serde::Serialize;

/// How a thing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// It can be used.
    Ok,
    /// It can be used, and a person should know something.
    Note,
    /// It cannot be used.
    Fail,
}

/// What was found of a thing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Finding {
    state: State,
    says: String,
    what_to_do: Option<&'static str>,
}

impl Finding {
    pub(super) fn green(says: String) -> Self {
        Self { state: State::Ok, says, what_to_do: None }
    }

    pub(super) fn noted(says: String) -> Self {
        Self { state: State::Note, says, what_to_do: None }
    }

    pub(super) fn red(says: String, what_to_do: &'static str) -> Self {
        Self { state: State::Fail, says, what_to_do: Some(what_to_do) }
    }
}

/// What is said, in words or as JSON lines, and whether all is well so far.
pub(super) struct Lines {
    pub(super) as_json: bool,
    pub(super) all_can: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    state: State,
    about: &'a str,
    says: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    what_to_do: Option<&'a str>,
}

impl Lines {
    pub(super) fn ok(&self, about: &str, says: &str) -> Result<()> {
        self.say(&Line { state: State::Ok, about, says, what_to_do: None })
    }

    pub(super) fn note(&self, about: &str, says: &str) -> Result<()> {
        self.say(&Line { state: State::Note, about, says, what_to_do: None })
    }

    /// A note that says by itself what it is about.
    pub(super) fn remark(&self, about: &str, says: &str) -> Result<()> {
        if self.as_json { self.note(about, says) } else { output::line(&format!("note  {says}")) }
    }

    pub(super) fn fail(&mut self, about: &str, says: &str, what_to_do: &str) -> Result<()> {
        self.all_can = false;
        self.say(&Line { state: State::Fail, about, says, what_to_do: Some(what_to_do) })
    }

    pub(super) fn find(&mut self, about: &str, found: &Finding) -> Result<()> {
        self.all_can &= found.state != State::Fail;
        self.say(&Line { state: found.state, about, says: &found.says, what_to_do: found.what_to_do })
    }

    /// Good news as it is; of bad news what to do.
    pub(super) fn result(&mut self, about: &str, result: Result<String>, what_to_do: &str) -> Result<()> {
        match result {
            Ok(says) => self.ok(about, &says),
            Err(error) => self.fail(about, &format!("{error:#}"), what_to_do),
        }
    }

    fn say(&self, line: &Line<'_>) -> Result<()> {
        if self.as_json {
            return output::json(line);
        }
        let Line { state, about, says, what_to_do } = line;
        let word = match state {
            State::Ok => "ok   ",
            State::Note => "note ",
            State::Fail => "FAIL ",
        };
        let colon = if says.is_empty() { "" } else { ": " };
        output::line(&format!("{word} {about}{colon}{says}"))?;
        match what_to_do {
            Some(what_to_do) => output::line(&format!("      what to do: {what_to_do}")),
            None => Ok(()),
        }
    }
}
