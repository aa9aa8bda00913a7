//! What is said of an erasure.

use crate::cli::output;
use crate::service::OnServer;
use crate::store::{Erased, ErasurePlan, Held, Swept};
use anyhow::Result;
use serde::Serialize;

/// What went, or would go, and what could not be reached.
#[derive(Serialize)]
pub(super) struct Report {
    /// `planned` or `erased`.
    result: &'static str,
    #[serde(flatten)]
    plan: ErasurePlan,
    /// The servers on which mail lay, or still lies.
    servers: Vec<OnServer>,
    /// What was removed from the object store, and what still lies there.
    object_store: Swept,
    /// Why the files of the database may still hold traces of what was erased.
    traces: Option<String>,
}

impl Report {
    pub(super) fn planned(plan: ErasurePlan) -> Self {
        Self { result: "planned", plan, servers: Vec::new(), object_store: Swept::default(), traces: None }
    }

    pub(super) fn done(
        erased: Erased,
        plan: ErasurePlan,
        (servers, object_store): (Vec<OnServer>, Swept),
        traces: Option<String>,
    ) -> Self {
        Self { result: "erased", plan: ErasurePlan { erased, ..plan }, servers, object_store, traces }
    }

    pub(super) fn say(&self, json: bool) -> Result<()> {
        if json {
            return output::json(self);
        }
        output::table(&["what", self.result], &rows(&self.plan.erased))?;
        let elsewhere = self.servers.iter().flat_map(server_lines).chain(store_lines(&self.object_store));
        for line in lines(&self.plan).into_iter().chain(elsewhere) {
            output::line(&line)?;
        }
        if let Some(traces) = &self.traces {
            output::complain(&format!(
                "The rows are erased, but traces of them may be left in the database's files: {traces}"
            ));
        }
        Ok(())
    }
}

/// A plan, for a person who is asked.
pub(super) fn in_words(plan: &ErasurePlan) -> String {
    let rows = rows(&plan.erased).into_iter().map(|row| format!("  {}", row.join("  ")));
    rows.chain(lines(plan)).collect::<Vec<_>>().join("\n")
}

fn rows(erased: &Erased) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = [
        ("candidates", erased.candidates),
        ("applications", erased.applications),
        ("mails", erased.mails),
        ("history entries", erased.entries),
        ("files", erased.files),
        ("pictures", erased.pictures),
        ("contents of files and pictures", erased.contents),
        ("octets of these", erased.octets),
        ("notifications", erased.notifications),
    ]
    .into_iter()
    .map(|(what, n)| vec![what.to_owned(), n.to_string()])
    .collect();
    for (mailbox, folders) in &erased.archived {
        for (folder, mails) in folders {
            rows.push(vec![format!("mails on the server: {mailbox}, {folder}"), mails.to_string()]);
        }
    }
    rows
}

/// What people should know beside the numbers.
fn lines(plan: &ErasurePlan) -> Vec<String> {
    let mut lines = Vec::new();
    if plan.erased.in_hand > 0 {
        lines.push(format!("{} notifications are being sent at this moment", plan.erased.in_hand));
    }
    for mention in &plan.mentions {
        let where_it_stands = mention.application.map_or_else(
            || "it waits".to_owned(),
            |application| format!("it stands in the history of another application ({application})"),
        );
        let mail = mention.mail;
        lines.push(format!("not erased: mail {mail} mentions an address of the person; {where_it_stands}"));
    }
    lines.extend(plan.left.iter().map(|mail| format!("not erased: mail {mail} is not there, or stands in a history")));
    if let Some(held) = &plan.erased.held {
        lines.push(format!("not erased: {}", self::held(held)));
    }
    lines
}

/// Why nothing more may be erased.
pub(super) fn held(held: &Held) -> String {
    let since = held.since.format("%Y-%m-%d");
    match held.mail {
        None => format!("application {} is under legal hold since {since}", held.number),
        Some(mail) => {
            format!("mail {mail} may belong to application {}, which is under legal hold since {since}", held.number)
        }
    }
}

fn server_lines(server: &OnServer) -> Vec<String> {
    let mailbox = &server.mailbox;
    let mut lines: Vec<String> = server
        .removed
        .iter()
        .map(|(folder, mails)| format!("{mailbox}: {mails} mails removed from {folder}"))
        .collect();
    if server.missing > 0 {
        lines.push(format!("{mailbox}: {} mails were in no folder any more", server.missing));
    }
    if server.waiting > 0 {
        let why = server.error.as_deref().unwrap_or("they were not found in time");
        let waiting = server.waiting;
        lines.push(format!("{mailbox}: {waiting} mails could not be removed yet; the service tries again: {why}"));
    }
    lines
}

fn store_lines(swept: &Swept) -> Vec<String> {
    let mut lines = Vec::new();
    if swept.removed > 0 {
        lines.push(format!("object store: {} contents removed", swept.removed));
    }
    if swept.waiting > 0 {
        let why = swept.error.as_deref().unwrap_or("it took too long");
        lines.push(format!(
            "object store: {} contents could not be removed yet; the service tries again: {why}",
            swept.waiting
        ));
    }
    lines
}
