//! What can go wrong with the database, told by what the caller should do.
//!
//! Foreign errors are translated here and nowhere else. The texts hold no personal data: neither a row's values nor the
//! password of a database URL.

use super::error_words::{DEADLOCK, GIVES_WAY, LASTING, PASSING};
use crate::application::masked;
use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// Why the store could not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database is away, busy or full: nothing was changed, and the same may be tried again later.
    #[error("{wanted}: the database is not available ({cause})")]
    Unavailable {
        /// What was wanted.
        wanted: &'static str,
        /// What the database said.
        cause: String,
    },
    /// The object store with the contents of files is away, or lacks one: nothing was recorded, and the same may be tried
    /// again later.
    #[error("{wanted}: the object store with the files is not available ({cause})")]
    FilesAway {
        /// What was wanted.
        wanted: &'static str,
        /// What it said, or what is missing.
        cause: String,
    },
    /// The database refused the data themselves: nothing was changed, and trying the same again will not help. A batch
    /// is to be repeated mail by mail, so that only the mail at fault is held back.
    #[error("{wanted}: the database refused the data ({cause})")]
    Refused {
        /// What was wanted.
        wanted: &'static str,
        /// What the database said.
        cause: String,
    },
    /// The settings or the state of the database must be put right by a person: URL, permissions, schema.
    #[error("{wanted}: {cause}")]
    WrongSettings {
        /// What was wanted.
        wanted: &'static str,
        /// What is wrong, and how it should be.
        cause: String,
    },
    /// A newer version of the program has changed the schema in ways that this one does not know: nothing was changed.
    #[error(
        "{wanted}: this program is older than the database: install the newer one (the database has {has}, which this one \
         does not know)"
    )]
    ProgramTooOld {
        /// What was wanted.
        wanted: &'static str,
        /// The migrations that this program does not know.
        has: String,
    },
    /// A line of the recruiting system's feed is at fault: nothing of the file was applied.
    #[error("Line {line}: {fault}")]
    BadLine {
        /// The number of the line, the first being 1.
        line: usize,
        /// What is wrong, and what was wanted.
        fault: String,
    },
    /// Another worker has taken over the mailbox: nothing was changed, and the mailbox is no longer ours to work on.
    #[error("{wanted}: another worker has taken over the mailbox")]
    LeaseLost {
        /// What was wanted.
        wanted: &'static str,
    },
    /// Another process works on this database and must be alone: nothing was changed.
    #[error("{wanted}: {cause}")]
    InUse {
        /// What was wanted.
        wanted: &'static str,
        /// Who works on it.
        cause: String,
    },
    /// What the decision about a mail rests on has changed since it was looked up: nothing was changed, and the mails are
    /// to be looked up and decided again.
    #[error("{wanted}: what was looked up is no longer so")]
    Overtaken {
        /// What was wanted.
        wanted: &'static str,
    },
    /// There is no such row.
    #[error("{wanted}: there is no such row")]
    Missing {
        /// What was wanted.
        wanted: &'static str,
    },
}

impl StoreError {
    /// Whether two had waited for each other's rows, of whom this one gave way: the same may be tried again at once.
    pub(super) fn is_deadlock(&self) -> bool {
        matches!(self, Self::Unavailable { cause, .. } if says_any(cause, DEADLOCK))
    }
}

/// What a unit of work gives back: Diesel's errors become a [`StoreError`] when the unit ends.
pub(super) type Work<T> = Result<T, Trouble>;

/// An error inside a unit of work, before it is known what was wanted.
#[derive(Debug)]
pub(super) enum Trouble {
    /// From the database.
    Database(DieselError),
    /// Stored data that this program cannot read.
    Unreadable(&'static str),
    /// Already told in the store's own words.
    Told(StoreError),
}

impl From<DieselError> for Trouble {
    fn from(error: DieselError) -> Self {
        Self::Database(error)
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Told(error)
    }
}

impl Trouble {
    /// The same for the caller, saying what was wanted.
    pub(super) fn while_wanting(self, wanted: &'static str) -> StoreError {
        match self {
            Self::Told(error) => error,
            Self::Database(error) => translate(wanted, &error),
            Self::Unreadable(what) => StoreError::WrongSettings {
                wanted,
                cause: format!("the database holds {what} that this version of the program does not know"),
            },
        }
    }
}

/// Diesel keeps no SQLSTATE for most errors, and PostgreSQL's texts come in the server's language. What cannot be told
/// apart therefore counts as refused: a batch is then tried mail by mail and nothing is lost, whereas a mail at fault
/// that was taken for an outage would block those behind it for ever.
fn translate(wanted: &'static str, error: &DieselError) -> StoreError {
    let unavailable = |cause: String| StoreError::Unavailable { wanted, cause };
    match error {
        DieselError::NotFound => StoreError::Missing { wanted },
        DieselError::DatabaseError(kind, information) => {
            let cause = match information.constraint_name() {
                Some(constraint) => format!("constraint {constraint}"),
                None => without_values(information.message().lines().next().unwrap_or_default()),
            };
            match kind {
                DatabaseErrorKind::SerializationFailure
                | DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::ReadOnlyTransaction => unavailable(cause),
                DatabaseErrorKind::Unknown if says_any(&cause, PASSING) || says_any(&cause, DEADLOCK) => {
                    unavailable(cause)
                }
                DatabaseErrorKind::Unknown if says_any(&cause, LASTING) => StoreError::WrongSettings { wanted, cause },
                _ => StoreError::Refused { wanted, cause },
            }
        }
        DieselError::BrokenTransactionManager | DieselError::RollbackErrorOnCommit { .. } => {
            unavailable("the connection was lost inside a transaction".to_owned())
        }
        DieselError::SerializationError(_) | DieselError::QueryBuilderError(_) | DieselError::InvalidCString(_) => {
            StoreError::Refused { wanted, cause: "a value that cannot be written".to_owned() }
        }
        DieselError::DeserializationError(_) => StoreError::WrongSettings {
            wanted,
            cause: "the database holds a value that this version of the program does not know".to_owned(),
        },
        _ => unavailable("unexpected answer".to_owned()),
    }
}

/// As [`translate`], of an error of which only the text is left; [`StoreError::InUse`] where the statement was given up so that
/// others may go on: its time to wait for a lock was over, or it would never have ended.
pub(super) fn translate_text(wanted: &'static str, cause: String) -> StoreError {
    if says_any(&cause, GIVES_WAY) || says_any(&cause, DEADLOCK) {
        StoreError::InUse { wanted, cause }
    } else if says_any(&cause, PASSING) {
        StoreError::Unavailable { wanted, cause }
    } else {
        StoreError::WrongSettings { wanted, cause }
    }
}

/// What PostgreSQL says without the values that it quotes: they stand behind a colon, and are anything, whereas tables,
/// columns and types are words in small letters.
fn without_values(text: &str) -> String {
    masked(text, |before, quoted| {
        let is_value = before.trim_end_matches(['"', '»', '„', '“', '«']).trim_end().ends_with(':');
        !is_value && quoted.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    })
}

/// Why no connection could be made; `cause` no longer holds the password.
pub(super) fn connecting_failed(wanted: &'static str, cause: &str) -> StoreError {
    // PostgreSQL's words go on in lines below, and a line of the log is one.
    let cause = cause.split_whitespace().collect::<Vec<_>>().join(" ");
    if says_any(&cause, LASTING) {
        StoreError::WrongSettings { wanted, cause }
    } else {
        StoreError::Unavailable { wanted, cause }
    }
}

fn says_any(text: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| text.contains(part))
}

#[cfg(test)]
mod tests {
    use super::{DatabaseErrorKind, DieselError, StoreError, connecting_failed, translate, without_values};

    #[test]
    fn who_gave_way_in_a_deadlock_is_told_apart_from_another_outage() {
        for (said, is_deadlock) in [
            ("deadlock detected", true),
            ("Verklemmung (Deadlock) entdeckt", true),
            ("terminating connection due to administrator command", false),
            ("storniere Anfrage wegen Zeitüberschreitung der Anfrage", false),
        ] {
            let error = DieselError::DatabaseError(DatabaseErrorKind::Unknown, Box::new(said.to_owned()));
            let error = translate("Cannot erase", &error);
            assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
            assert_eq!(error.is_deadlock(), is_deadlock, "{said}");
        }
    }

    #[test]
    fn values_that_the_database_quotes_are_left_out_and_its_own_words_stay() {
        for (said, kept) in [
            ("relation \"mails\" does not exist", "relation \"mails\" does not exist"),
            (
                "null value in column \"note\" of relation \"mail_contents\" violates not-null constraint",
                "null value in column \"note\" of relation \"mail_contents\" violates not-null constraint",
            ),
            ("invalid input syntax for type bigint: \"erika\"", "invalid input syntax for type bigint: \"…\""),
            ("ungültige Eingabesyntax für Typ bigint: »Erika«", "ungültige Eingabesyntax für Typ bigint: »…«"),
            ("the row of \"Erika Beispiel\" is bad", "the row of \"…\" is bad"),
            ("erika@example.org is bad", "…@… is bad"),
        ] {
            assert_eq!(without_values(said), kept);
        }
    }

    #[test]
    fn what_postgresql_says_in_several_lines_is_one() {
        let said = "connection to server at \"::1\", port 1 failed: Connection refused\n\tIs the server running?\n";
        assert_eq!(
            connecting_failed("Cannot open the database", said).to_string(),
            "Cannot open the database: the database is not available (connection to server at \"::1\", port 1 failed: \
             Connection refused Is the server running?)"
        );
    }
}
