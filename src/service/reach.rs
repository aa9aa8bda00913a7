//! Which mailboxes this process can use.

use crate::application::id::MailboxId;
use crate::monitoring::Fault;
use crate::settings::Mailbox;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How the mailboxes stand that this process watches.
#[derive(Debug, Default)]
pub(super) struct Reach(Mutex<HashMap<String, Option<Fault>>>);

/// What stands for a mailbox where its address may not: its name in the settings, or the number of its row, which `status`
/// shows too.
pub(super) fn label(mailbox: &Mailbox, id: Option<MailboxId>) -> String {
    let row = || id.map_or_else(|| "unknown".to_owned(), |id| id.0.to_string());
    mailbox.name.clone().unwrap_or_else(row)
}

impl Reach {
    /// A look, or a round, went through the mailbox.
    pub(super) fn is_good(&self, mailbox: &Mailbox) {
        self.note(mailbox, None);
    }

    /// So many in a row failed. What fails once it is connected may be the fault of a single mail, until there were more
    /// attempts than any mail has.
    pub(super) fn failed(
        &self,
        mailbox: &Mailbox,
        id: Option<MailboxId>,
        (failures, was_connected): (u32, bool),
        what: &str,
    ) {
        if !was_connected || failures > mailbox.max_attempts {
            let fault = Fault { of: format!("mailbox {}", label(mailbox, id)), what: what.to_owned() };
            self.note(mailbox, Some(fault));
        } else if let Some(Some(fault)) = self.mailboxes().get_mut(mailbox.address.as_str()) {
            // What was wrong before is over, and it cannot be used all the same.
            what.clone_into(&mut fault.what);
        }
    }

    /// It is another worker's now.
    pub(super) fn leave(&self, mailbox: &Mailbox) {
        self.mailboxes().remove(mailbox.address.as_str());
    }

    /// What is wrong if none can be used; nothing as long as one can, or none was tried yet.
    pub(super) fn faults_of_all(&self) -> Vec<Fault> {
        let mailboxes = self.mailboxes();
        let mut faults: Vec<Fault> = mailboxes.values().map_while(Clone::clone).collect();
        if faults.len() < mailboxes.len() {
            return Vec::new();
        }
        drop(mailboxes);
        faults.sort_by(|one, other| one.of.cmp(&other.of));
        faults.truncate(MOST_FAULTS);
        faults
    }

    fn note(&self, mailbox: &Mailbox, fault: Option<Fault>) {
        self.mailboxes().insert(mailbox.address.as_str().to_owned(), fault);
    }

    fn mailboxes(&self) -> MutexGuard<'_, HashMap<String, Option<Fault>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// So many are told at most.
const MOST_FAULTS: usize = 10;

#[cfg(test)]
mod tests {
    use super::Reach;
    use crate::application::id::MailboxId;
    use crate::settings::{Mailbox, read};
    use std::io::Write;
    use std::sync::Arc;

    fn mailboxes() -> Vec<Arc<Mailbox>> {
        let mailbox = |address: &str, more: &str| {
            format!(
                "[[mailbox]]\ntenant = \"muster\"\naddress = \"{address}\"\nhost = \"h\"\npassword_file = \"/dev/null\"\n{more}\n"
            )
        };
        let text = format!(
            "[database]\nurl = \"sqlite:x\"\n[[tenant]]\nname = \"muster\"\nreference_shapes = [\"{{6}}\"]\n{}{}",
            mailbox("a@example.test", "name = \"first\"\nmax_attempts = 2"),
            mailbox("b@example.test", "")
        );
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        read(file.path(), std::iter::empty()).unwrap().mailboxes
    }

    #[test]
    fn only_if_no_mailbox_can_be_used_something_is_wrong_and_never_for_a_single_mail() {
        let [first, second] = mailboxes().try_into().unwrap();
        let (reach, row) = (Reach::default(), Some(MailboxId(7)));
        assert!(reach.faults_of_all().is_empty(), "none was tried yet");
        reach.failed(&first, row, (1, false), "no route");
        assert_eq!(reach.faults_of_all().len(), 1, "the other was not tried yet");
        reach.is_good(&second);
        assert!(reach.faults_of_all().is_empty());
        reach.failed(&second, row, (1, true), "the server went away at a mail");
        assert!(reach.faults_of_all().is_empty(), "that may be the mail's fault");
        reach.failed(&second, row, (1, false), "refused");
        let faults = reach.faults_of_all();
        assert_eq!(faults.iter().map(|fault| fault.of.as_str()).collect::<Vec<_>>(), ["mailbox 7", "mailbox first"]);
        reach.failed(&second, row, (2, true), "the scanner is away");
        assert_eq!(reach.faults_of_all()[0].what, "the scanner is away", "what is wrong now, and not what was");
        reach.is_good(&first);
        for failures in 1..=2 {
            reach.failed(&first, row, (failures, true), "the server goes away");
            assert!(reach.faults_of_all().is_empty());
        }
        reach.failed(&first, row, (3, true), "the server goes away");
        assert_eq!(reach.faults_of_all().len(), 2, "no mail has so many attempts");
        reach.leave(&first);
        reach.leave(&second);
        assert!(reach.faults_of_all().is_empty(), "others have them");
    }
}
