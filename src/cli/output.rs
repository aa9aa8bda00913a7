//! The only place that writes to the terminal.

use anyhow::Result;
use comfy_table::{Attribute, Cell, ContentArrangement, Table, presets};
use serde::Serialize;
use std::io::{self, IsTerminal, Write};

/// Writes a line of data to standard output. A reader that went away (`| head`) is no failure of ours.
pub(super) fn line(text: &str) -> Result<()> {
    match writeln!(io::stdout().lock(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Writes data that is no text of ours to standard output.
pub(super) fn bytes(bytes: &[u8]) -> Result<()> {
    match io::stdout().lock().write_all(bytes) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Writes text for people, which may hold colours: they are left out where nobody would see them (no terminal,
/// `NO_COLOR`).
pub(super) fn coloured(text: &str) -> Result<()> {
    match writeln!(anstream::stdout().lock(), "{text}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Writes a value as one line of JSON.
pub(super) fn json(value: &impl Serialize) -> Result<()> {
    line(&serde_json::to_string(value)?)
}

/// Writes a line to standard error; nobody can be told if that fails too.
pub(super) fn complain(text: &str) {
    let _unheard = writeln!(io::stderr().lock(), "{text}");
}

/// Writes to standard error why the command ended. In the journal each line has the level of an error, so that
/// `journalctl -p warning` shows it.
pub(super) fn failed(error: &anyhow::Error) {
    let level = if std::env::var_os("JOURNAL_STREAM").is_some() { "<3>" } else { "" };
    for line in format!("reply-import: {error:#}").lines() {
        complain(&format!("{level}{line}"));
    }
}

/// Writes a table: with lines where a person looks, with tabs where a program reads.
pub(super) fn table(head: &[&str], rows: &[Vec<String>]) -> Result<()> {
    if !io::stdout().is_terminal() {
        line(&head.join("\t"))?;
        return rows.iter().try_for_each(|row| {
            let cells: Vec<String> = row.iter().map(|cell| cell.replace(['\t', '\n'], " ")).collect();
            line(&cells.join("\t"))
        });
    }
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(head.iter().map(|name| Cell::new(name).add_attribute(Attribute::Bold)));
    table.add_rows(rows);
    line(&table.to_string())
}
