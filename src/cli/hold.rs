//! Legal holds.

use super::{connect, named, output};
use crate::application::ReferenceNumber;
use crate::application::id::ApplicationId;
use crate::settings::{Settings, Tenant};
use crate::store::{Actor, Hold as Held, Store};
use anyhow::{Context, Result, bail, ensure};
use chrono::Utc;
use std::process::ExitCode;

/// A file number is not longer.
const LONGEST: usize = 60;

/// Keep an application, and its candidate, from being erased, by time or by hand; or release it
///
/// What time or `erase` would erase is blocked instead: it is kept and not shown, also after the hold is released.
#[derive(Debug, clap::Args)]
pub(super) struct Hold {
    /// The application's reference number
    #[arg(long, value_name = "NUMBER", required_unless_present = "list")]
    application: Option<String>,
    /// The tenant, where several have applications
    #[arg(long, value_name = "NAME")]
    tenant: Option<String>,
    /// The file number under which the matter is looked after, such as "AZ 12/2026"; no names
    #[arg(long, value_name = "TEXT", value_parser = file_number)]
    file_number: Option<String>,
    /// End the hold
    #[arg(long, conflicts_with_all = ["file_number", "list"])]
    release: bool,
    /// List all holds
    #[arg(long, conflicts_with_all = ["application", "file_number"])]
    list: bool,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

impl Hold {
    pub(super) fn run(&self, settings: &Settings) -> Result<ExitCode> {
        let store = connect::ready_store(settings, false)?;
        match &self.application {
            Some(number) => self.one(settings, &store, number)?,
            None => self.all(&store)?,
        }
        Ok(ExitCode::SUCCESS)
    }

    fn one(&self, settings: &Settings, store: &Store, number: &str) -> Result<()> {
        let application = find_application(settings, store, self.tenant.as_deref(), number)?;
        let now = Utc::now();
        if self.release {
            let since = store.release_hold(application, Actor::Cli, now)?;
            let since = since.with_context(|| format!("{number} is not held"))?;
            output::line(&format!("{number}: released; it was held since {}", since.format("%Y-%m-%d")))?;
            return match store.blocked_since(application)? {
                Some(since) => output::line(&format!(
                    "{number}: blocked since {}, and stays so until it is erased, or a feed says anew that it is open",
                    since.format("%Y-%m-%d")
                )),
                None => Ok(()),
            };
        }
        let since = store.hold(application, self.file_number.as_deref(), Actor::Cli, now)?;
        output::line(&format!("{number}: held since {}; nothing of it is erased", since.format("%Y-%m-%d")))
    }

    fn all(&self, store: &Store) -> Result<()> {
        let holds = store.holds()?;
        if self.json {
            return holds.iter().try_for_each(output::json);
        }
        let rows: Vec<Vec<String>> = holds.iter().map(row).collect();
        output::table(&["tenant", "reference", "held since", "blocked since", "file number"], &rows)
    }
}

fn row(hold: &Held) -> Vec<String> {
    vec![
        hold.tenant.clone(),
        hold.reference.clone(),
        hold.since.format("%Y-%m-%d").to_string(),
        hold.blocked_since.map(|since| since.format("%Y-%m-%d").to_string()).unwrap_or_default(),
        hold.file_number.clone().unwrap_or_default(),
    ]
}

/// Text without a digit is no number, and addresses are personal.
fn file_number(text: &str) -> Result<String, String> {
    let text = text.trim();
    let is_one = text.chars().any(|letter| letter.is_ascii_digit())
        && !text.contains('@')
        && !text.chars().any(char::is_control)
        && text.chars().count() <= LONGEST;
    if is_one { Ok(text.to_owned()) } else { Err("write a file number, such as \"AZ 12/2026\"".to_owned()) }
}

/// The application with this number, of the named tenant, or of the only one whose applications have it.
pub(super) fn find_application(
    settings: &Settings,
    store: &Store,
    tenant: Option<&str>,
    number: &str,
) -> Result<ApplicationId> {
    let tenants: Vec<&Tenant> = match tenant {
        Some(name) => vec![named::tenant(settings, name)?],
        None => settings.tenants.iter().collect(),
    };
    let mut found = Vec::new();
    let mut is_one = false;
    for tenant in tenants {
        let Some(number) = read_number(tenant, number) else { continue };
        is_one = true;
        if let Some(id) = store.tenant(&tenant.name)?
            && let Some(application) = store.application_of_number(id, &number)?
        {
            found.push((tenant.name.as_str(), application));
        }
    }
    ensure!(is_one, "{number} is no reference number{}", tenant.map(|name| format!(" of {name}")).unwrap_or_default());
    match found.as_slice() {
        [(_, application)] => Ok(*application),
        [] => bail!("There is no application {number} (any more)"),
        several => {
            let names: Vec<&str> = several.iter().map(|(name, _)| *name).collect();
            bail!("Several tenants have an application {number}; say which by `--tenant`: {}", names.join(", "))
        }
    }
}

fn read_number(tenant: &Tenant, number: &str) -> Option<ReferenceNumber> {
    tenant.shapes.iter().find_map(|shape| shape.read_whole(number))
}
