//! Tokens for programs that use `/api/v1`.

use super::{connect, named, output};
use crate::application::id::ApiTokenId;
use crate::settings::Settings;
use crate::store::ApiToken;
use anyhow::{Context, Result};
use chrono::Utc;
use secrecy::ExposeSecret;
use std::process::ExitCode;

/// A name is not longer.
const LONGEST: usize = 60;

/// Tokens by which programs, such as the recruiting system, use `/api/v1`
#[derive(Debug, clap::Args)]
pub(super) struct Token {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Debug, clap::Subcommand)]
enum TokenCommand {
    Add(AddToken),
    List(ListTokens),
    Revoke(RevokeToken),
}

/// Make a token for a tenant's data, and print it: it cannot be shown again
#[derive(Debug, clap::Args)]
struct AddToken {
    /// Whose data it is for
    #[arg(long, value_name = "NAME")]
    tenant: String,
    /// What it is for, such as "recruiting system"
    #[arg(long, value_name = "TEXT", value_parser = name)]
    name: String,
}

/// List all tokens, revoked ones too
#[derive(Debug, clap::Args)]
struct ListTokens {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

/// Make a token useless, from the next request on
#[derive(Debug, clap::Args)]
struct RevokeToken {
    /// Its number in the list
    #[arg(value_name = "ID")]
    id: i64,
}

impl Token {
    pub(super) fn run(&self, settings: &Settings) -> Result<ExitCode> {
        match &self.command {
            TokenCommand::Add(command) => command.run(settings)?,
            TokenCommand::List(command) => command.run(settings)?,
            TokenCommand::Revoke(command) => command.run(settings)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl AddToken {
    fn run(&self, settings: &Settings) -> Result<()> {
        let tenant = named::tenant(settings, &self.tenant)?;
        let store = connect::ready_store(settings, false)?;
        let now = Utc::now();
        let made = store.add_api_token(store.ensure_tenant(&tenant.name, now)?, &self.name, now)?;
        let made = made.with_context(|| {
            format!("{} has a token \"{}\" already; revoke it first, or choose another name", tenant.name, self.name)
        })?;
        output::complain(&format!("Token {} of {}. It cannot be shown again:", made.id, tenant.name));
        output::line(made.token.expose_secret())
    }
}

impl ListTokens {
    fn run(&self, settings: &Settings) -> Result<()> {
        let tokens = connect::store_to_read(settings)?.api_tokens()?;
        if self.json {
            return tokens.iter().try_for_each(output::json);
        }
        let rows: Vec<Vec<String>> = tokens.iter().map(row).collect();
        output::table(&["id", "tenant", "name", "made", "last used", "revoked"], &rows)
    }
}

impl RevokeToken {
    fn run(&self, settings: &Settings) -> Result<()> {
        let store = connect::ready_store(settings, false)?;
        let since = store.revoke_api_token(ApiTokenId(self.id), Utc::now())?;
        output::line(&format!("Token {}: revoked since {}", self.id, since.format("%Y-%m-%d %H:%M:%S")))
    }
}

fn row(token: &ApiToken) -> Vec<String> {
    let time = |time: Option<chrono::DateTime<Utc>>| time.map(|at| at.format("%Y-%m-%d %H:%M").to_string());
    vec![
        token.id.to_string(),
        token.tenant.clone(),
        token.name.clone(),
        time(Some(token.created_at)).unwrap_or_default(),
        time(token.last_used_at).unwrap_or_else(|| "never".to_owned()),
        time(token.revoked_at).unwrap_or_default(),
    ]
}

fn name(text: &str) -> Result<String, String> {
    let text = text.trim();
    let is_one = !text.is_empty() && !text.chars().any(char::is_control) && text.chars().count() <= LONGEST;
    if is_one { Ok(text.to_owned()) } else { Err(format!("write a name of at most {LONGEST} characters")) }
}
