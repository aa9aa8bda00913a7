//! Who and what is meant: never guessed.

use crate::application::id::{MailId, TenantId};
use crate::application::{EmailAddress, ReferenceNumber};
use crate::settings::Settings;
use crate::store::{CandidateFound, Erasure, Store};
use anyhow::{Context, Result, bail};
use chrono::Utc;

/// A tenant's name and row.
type Named = (String, TenantId);

/// What of a person is meant, as it was typed.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("which").required(true).args(["application", "candidate", "candidate_id", "mail"]))]
pub(super) struct Which {
    /// An application by its reference number, with its mails and the mail that waits for it; the candidate too, if it is
    /// their only one
    #[arg(long, value_name = "NUMBER")]
    application: Option<String>,
    /// A person by one of their addresses, with all applications and the mail that waits from any of them
    #[arg(long, value_name = "ADDRESS")]
    candidate: Option<EmailAddress>,
    /// The same by the recruiting system's id
    #[arg(long, value_name = "ID")]
    candidate_id: Option<String>,
    /// Single mails that stand in no history, by their number, as `mails` lists them; with their repeats
    #[arg(long, value_name = "ID")]
    mail: Vec<i64>,
    /// Only of this tenant
    #[arg(long, value_name = "NAME")]
    tenant: Option<String>,
    /// Everybody who has the address, if several candidates do
    #[arg(long, requires = "candidate")]
    all: bool,
}

impl Which {
    /// What is to be erased.
    ///
    /// # Errors
    ///
    /// There is nothing of the kind, or more than one thing may be meant; the text says which. Or the database cannot be used.
    pub(super) fn chosen(&self, settings: &Settings, store: &Store) -> Result<Vec<Erasure>> {
        let tenants = tenants(self.tenant.as_deref(), store)?;
        if let Some(number) = &self.application {
            return Ok(vec![by_number(number, &tenants, settings, store)?]);
        }
        if let Some(address) = &self.candidate {
            return by_address(address, &tenants, self.all, store);
        }
        if let Some(id) = &self.candidate_id {
            let mut found = Vec::new();
            for (name, tenant) in &tenants {
                found.extend(store.candidate_of_external_id(*tenant, id)?.map(|candidate| (name.clone(), candidate)));
            }
            return match found.as_slice() {
                [] => bail!("There is no candidate {id}"),
                [(_, candidate)] => Ok(vec![Erasure::Candidate(candidate.id)]),
                several => bail!("Several tenants have a candidate {id}; name one with `--tenant`:{}", listed(several)),
            };
        }
        Ok(vec![Erasure::Mails(self.mail.iter().copied().map(MailId).collect())])
    }
}

fn tenants(named: Option<&str>, store: &Store) -> Result<Vec<Named>> {
    let all = store.tenants()?;
    let Some(name) = named else { return Ok(all) };
    let known: Vec<String> = all.iter().map(|(name, _)| name.clone()).collect();
    let one = all.into_iter().find(|(known, _)| known == name);
    Ok(vec![one.with_context(|| format!("There is no tenant {name}; there are: {}", known.join(", ")))?])
}

/// An application, or, where there is none (any more), the mail that waits and claims its number.
fn by_number(typed: &str, tenants: &[Named], settings: &Settings, store: &Store) -> Result<Erasure> {
    let mut applications = Vec::new();
    let mut waiting = Vec::new();
    for (name, tenant) in tenants {
        let number = number(typed, name, settings);
        if let Some(application) = store.application_of_number(*tenant, &number)? {
            applications.push((name, Erasure::Application(application)));
            continue;
        }
        let what = Erasure::Number(*tenant, number);
        if !store.erasure_plan(&what, Utc::now())?.is_empty() {
            waiting.push((name, what));
        }
    }
    let mut found = if applications.is_empty() { waiting } else { applications };
    match (found.pop(), found.is_empty()) {
        (Some((_, what)), true) => Ok(what),
        (None, _) => bail!("There is no application {typed}, and no mail waits that claims this number"),
        (Some((last, _)), false) => {
            let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).chain([last.as_str()]).collect();
            bail!("Several tenants have a number {typed}; name one with `--tenant`: {}", names.join(", "))
        }
    }
}

/// The number as the tenant's shapes write it; of a tenant that the settings no longer name, as it was typed.
fn number(typed: &str, tenant: &str, settings: &Settings) -> ReferenceNumber {
    let shapes = settings.tenant(tenant).map(|tenant| tenant.shapes.as_slice()).unwrap_or_default();
    let read = shapes.iter().find_map(|shape| shape.read_whole(typed));
    read.unwrap_or_else(|| ReferenceNumber::from_store(typed.to_owned()))
}

/// The candidate with this address; where there is none, the mail that waits and comes from it.
fn by_address(address: &EmailAddress, tenants: &[Named], all: bool, store: &Store) -> Result<Vec<Erasure>> {
    let mut candidates: Vec<(String, CandidateFound)> = Vec::new();
    let mut waiting = Vec::new();
    for (name, tenant) in tenants {
        let found = store.candidates_of_address(*tenant, address)?;
        if found.is_empty() {
            let what = Erasure::Address(*tenant, address.clone());
            if !store.erasure_plan(&what, Utc::now())?.is_empty() {
                waiting.push((name.clone(), what));
            }
        }
        candidates.extend(found.into_iter().map(|candidate| (name.clone(), candidate)));
    }
    match (candidates.len(), waiting.len()) {
        (0, 0) => bail!("There is no candidate with this address, and no mail waits that comes from it"),
        (1, _) | (0, 1) => {}
        (0, _) if !all => {
            let names: Vec<String> = waiting.into_iter().map(|(name, _)| name).collect();
            bail!(
                "Mail from this address waits at several tenants; name one with `--tenant`, or say `--all`: {}",
                names.join(", ")
            )
        }
        (_, _) if !all => bail!(
            "Several candidates have this address; name one with `--candidate-id` (and `--tenant`), or say `--all`:{}",
            listed(&candidates)
        ),
        _ => {}
    }
    let mut what: Vec<Erasure> =
        candidates.into_iter().map(|(_, candidate)| Erasure::Candidate(candidate.id)).collect();
    // At a tenant where nobody has the address mail may wait all the same; of one candidate alone that is not meant.
    if what.is_empty() || all {
        what.extend(waiting.into_iter().map(|(_, waiting)| waiting));
    }
    Ok(what)
}

fn listed(candidates: &[(String, CandidateFound)]) -> String {
    let line = |(tenant, candidate): &(String, CandidateFound)| {
        let applications = match candidate.applications.as_slice() {
            [] => "no application".to_owned(),
            numbers => format!("applications {}", numbers.join(", ")),
        };
        format!("\n  {} (tenant {tenant}, {applications})", candidate.external_id)
    };
    candidates.iter().map(line).collect()
}
