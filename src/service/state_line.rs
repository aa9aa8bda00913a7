//! The line that `systemctl status` shows: when a mailbox was last looked at, what the last round did, and how many
//! mailboxes cannot be used. Numbers only.

use crate::import::RoundReport;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

static STATE: LazyLock<Mutex<State>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct State {
    /// Each mailbox that is watched here, and whether it can be used.
    mailboxes: BTreeMap<String, bool>,
    looked: Option<DateTime<Utc>>,
    round: Option<(DateTime<Utc>, String)>,
    /// What was last said.
    said: String,
}

/// The mailboxes are others from now on: the settings were read anew.
pub(super) fn forget_mailboxes() {
    state().mailboxes.clear();
}

/// A look found nothing to do.
pub(super) fn looked(mailbox: &str) {
    state().looked(mailbox, Utc::now());
}

/// A round ended well.
pub(super) fn went_round(mailbox: &str, report: &RoundReport) {
    let mut state = state();
    let now = Utc::now();
    state.looked(mailbox, now);
    state.round = Some((now, report.to_string()));
}

/// A mailbox cannot be used for now.
pub(super) fn failed(mailbox: &str) {
    state().note(mailbox, false);
}

/// A mailbox is another worker's from now on.
pub(super) fn left(mailbox: &str) {
    state().mailboxes.remove(mailbox);
}

/// The line, if it says something new.
pub(super) fn news() -> Option<String> {
    let mut state = state();
    let line = state.line();
    (line != state.said).then(|| {
        state.said.clone_from(&line);
        line
    })
}

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn looked(&mut self, mailbox: &str, now: DateTime<Utc>) {
        self.looked = Some(now);
        self.note(mailbox, true);
    }

    fn note(&mut self, mailbox: &str, can_be_used: bool) {
        match self.mailboxes.get_mut(mailbox) {
            Some(noted) => *noted = can_be_used,
            None => drop(self.mailboxes.insert(mailbox.to_owned(), can_be_used)),
        }
    }

    fn line(&self) -> String {
        let at = |time: &DateTime<Utc>| time.format("%Y-%m-%d %H:%M:%S UTC").to_string();
        let out_of_use = self.mailboxes.values().filter(|can_be_used| !**can_be_used).count();
        let mailboxes = match (self.mailboxes.len(), out_of_use) {
            (0, _) => "no mailbox yet".to_owned(),
            (all, 0) => format!("mailboxes: {all}"),
            (all, out_of_use) => format!("mailboxes: {all}, {out_of_use} of them cannot be used"),
        };
        let looked = self.looked.as_ref().map(|time| format!("; last look {}", at(time)));
        let round = self.round.as_ref().map(|(time, did)| format!("; last round {}: {did}", at(time)));
        format!("{mailboxes}{}{}", looked.unwrap_or_default(), round.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::State;
    use chrono::{DateTime, Utc};

    #[test]
    fn the_line_says_when_and_what_and_how_many_cannot_be_used() {
        let mut state = State::default();
        assert_eq!(state.line(), "no mailbox yet");
        let time: DateTime<Utc> = "2026-11-29T07:30:00Z".parse().unwrap();
        state.looked("a@example.test", time);
        assert_eq!(state.line(), "mailboxes: 1; last look 2026-11-29 07:30:00 UTC");
        state.round = Some((time, "3 imported".to_owned()));
        state.note("b@example.test", false);
        assert_eq!(
            state.line(),
            "mailboxes: 2, 1 of them cannot be used; last look 2026-11-29 07:30:00 UTC; last round 2026-11-29 07:30:00 UTC: 3 imported"
        );
        state.note("b@example.test", true);
        assert!(state.line().starts_with("mailboxes: 2; "));
    }
}
