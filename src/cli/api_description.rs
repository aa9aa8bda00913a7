//! The description of the interface for programs.

use super::output;
use crate::service;
use anyhow::Result;
use std::process::ExitCode;

/// Print the description of `/api/v1` (`OpenAPI` 3.1, JSON)
#[derive(Debug, clap::Args)]
pub(super) struct ApiDescription {}

impl ApiDescription {
    pub(super) fn run() -> Result<ExitCode> {
        output::line(&service::api_description()?)?;
        Ok(ExitCode::SUCCESS)
    }
}
