//! What databases say of their troubles, where they give no code.

/// What SQLite (`sqlite3ErrStr`) and PostgreSQL, in English or German (`lc_messages`), say of a state that passes by itself
/// or by operations' help. Its codes (SQLSTATE) are not given on.
pub(super) const PASSING: &[&str] = &[
    "is locked",
    "disk I/O error",
    "database or disk is full",
    "interrupted",
    "canceling statement",
    "terminating connection",
    "could not extend file",
    "No space left",
    "out of memory",
    "out of shared memory",
    "connection",
    "storniere Anfrage",
    "Verbindung wird abgebrochen",
    "nicht erweitern",
    "aufgebraucht",
    "nicht serialisieren",
    "Datenbanksystem startet",
    "Datenbanksystem fährt herunter",
    "zu viele Verbindungen",
];

/// What PostgreSQL says, in English or German, of a statement that did not get its locks.
pub(super) const GIVES_WAY: &[&str] = &["due to lock timeout", "Zeitüberschreitung einer Sperre"];

/// What it says to one of two that wait for each other.
pub(super) const DEADLOCK: &[&str] = &["deadlock detected", "Verklemmung (Deadlock) entdeckt"];

/// What they say of a state that only a person changes.
pub(super) const LASTING: &[&str] = &[
    "unable to open database file",
    "readonly database",
    "file is not a database",
    "malformed",
    "no such table",
    "no such column",
    "has no column named",
    "permission denied",
    "must be owner",
    "authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "does not exist",
    "invalid connection option",
    "invalid port number",
    "invalid sslmode",
    "keine Berechtigung",
    "existiert nicht",
    "Passwort-Authentifizierung",
    "pg_hba.conf",
];
