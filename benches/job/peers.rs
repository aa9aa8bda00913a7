//! What people use instead, installed into `target/bench` where it is missing.

use crate::sets::{place, source};
use std::path::PathBuf;
use std::process::Command;

/// Where the peers' packages are, or why they are not there.
pub struct Peers {
    pub node: Result<PathBuf, String>,
    pub python: Result<PathBuf, String>,
}

impl Peers {
    pub fn install() -> Self {
        Self { node: install("node"), python: install("python") }
    }
}

fn install(kind: &str) -> Result<PathBuf, String> {
    let folder = place().join(kind);
    let output = Command::new(source("peers/install")).arg(kind).arg(&folder).output().map_err(|e| e.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr);
    eprint!("{said}");
    if output.status.success() {
        return Ok(folder);
    }
    Err(format!("not installed: {}", said.lines().next_back().unwrap_or("no reason was given")))
}
