//! Files that commands read. Who runs them as the service's user cannot read its own folder through it, but can hand a
//! file over: `-` is standard input.

use anyhow::{Context, Result};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A file that was named, opened, and what people call it.
pub(super) struct Input {
    pub(super) read: Box<dyn Read>,
    pub(super) name: String,
}

/// Opens the file, `what` it is to be.
pub(super) fn open(what: &str, path: &Path) -> Result<Input> {
    if path == Path::new("-") {
        return Ok(Input { read: Box::new(io::stdin()), name: "standard input".to_owned() });
    }
    let name = path.display().to_string();
    let file = File::open(path).with_context(|| format!("Cannot read {what} {name}"))?;
    Ok(Input { read: Box::new(file), name })
}

/// The same, read to its end.
pub(super) fn read(what: &str, path: &Path) -> Result<(Vec<u8>, String)> {
    let mut input = open(what, path)?;
    let mut bytes = Vec::new();
    input.read.read_to_end(&mut bytes).with_context(|| format!("Cannot read {what} {}", input.name))?;
    Ok((bytes, input.name))
}
