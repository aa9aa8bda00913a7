//! The log: to standard error, where journald picks it up.

use crate::imap::SILENCED_LOG_TARGETS;
use std::io::IsTerminal;
use tracing_subscriber::EnvFilter;

/// These libraries log whole commands and answers at their lowest level, passwords and mail included, as do those that
/// [`SILENCED_LOG_TARGETS`] names. Whatever is asked for, they stay silent.
const SILENT: [&str; 5] = ["lettre", "async_native_tls", "native_tls", "ureq", "ureq_proto"];

/// Starts the log. `REPLY_IMPORT_LOG` sets its level (`error`, `warn`, `info`, `debug`), `info` if it is not set.
pub(super) fn start() {
    let wanted = std::env::var("REPLY_IMPORT_LOG").unwrap_or_default();
    let mut filter = EnvFilter::builder().parse(&wanted).unwrap_or_default();
    if wanted.is_empty() || filter.to_string().is_empty() {
        filter = EnvFilter::new("info");
    }
    let silent = SILENT.iter().chain(&SILENCED_LOG_TARGETS).map(|target| format!("{target}=off"));
    for directive in silent.filter_map(|directive| directive.parse().ok()) {
        filter = filter.add_directive(directive);
    }
    // Where journald listens it adds the time itself.
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    if std::env::var_os("JOURNAL_STREAM").is_some() {
        log.without_time().with_ansi(false).init();
    } else {
        log.with_ansi(std::io::stderr().is_terminal()).init();
    }
}
