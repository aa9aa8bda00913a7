//! What the exit code tells.

/// Exit code for a command that failed.
pub(super) const FAILED: u8 = 1;

/// Exit code for what was typed wrongly, as where an option is not known.
pub(super) const WRONG_USAGE: u8 = 2;

/// Exit code for wrong settings (`EX_CONFIG` of sysexits.h): the service manager need not try again.
pub(super) const WRONG_SETTINGS: u8 = 78;
