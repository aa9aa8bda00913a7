//! The tabs Dateien and Dokumente: the files of an application, by kind.

use super::head::{Head, Tab, documents_tab, may_import};
use crate::application::DocumentKind;
use crate::application::id::ApplicationId;
use crate::store::ListedFile;
use crate::web::fault::Fault;
use crate::web::files::FileLine;
use crate::web::id::Id;
use crate::web::signed_in::SignedIn;
use crate::web::state::Web;
use axum::extract::State;
use axum::response::Response;
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

pub(super) async fn files(State(web): State<Web>, signed_in: SignedIn, Id(application): Id) -> Result<Response, Fault> {
    page(&web, &signed_in, ApplicationId(application), Tab::Files).await
}

pub(super) async fn documents(
    State(web): State<Web>,
    signed_in: SignedIn,
    Id(application): Id,
) -> Result<Response, Fault> {
    if !signed_in.viewer.sees_documents_tab() {
        return Err(Fault::NotFound);
    }
    page(&web, &signed_in, ApplicationId(application), Tab::Documents).await
}

async fn page(web: &Web, signed_in: &SignedIn, application: ApplicationId, tab: Tab) -> Result<Response, Fault> {
    let viewer = signed_in.viewer;
    let found = web
        .ask(move |store| Ok(store.profile(viewer, application)?.zip(store.application_files(viewer, application)?)))
        .await?;
    let (profile, mut files) = found.ok_or(Fault::NotFound)?;
    if tab == Tab::Documents {
        let rule = documents_tab(&profile.tenant, &web.settings);
        files.retain(|file| rule.shows(file.kind));
    }
    let may_import = may_import(&profile.tenant, viewer.role, &web.settings);
    let head = Head::new(profile, viewer, may_import, tab);
    let values = values(&head, files, tab, viewer.may_correct_kinds());
    Ok(web.page(&signed_in.reader(), "applications/files.html", values)?)
}

/// What the template shows.
pub(super) fn values(head: &Head, files: Vec<ListedFile>, tab: Tab, may_correct: bool) -> Value {
    context! {
        head => Serde(head),
        count => files.len(),
        groups => Serde(groups(files)),
        is_documents => tab == Tab::Documents,
        kinds => Serde(DocumentKind::ALL),
        may_correct,
    }
}

/// The files of one kind.
#[derive(Debug, Serialize)]
struct Group {
    kind: DocumentKind,
    files: Vec<FileLine>,
}

/// The files by kind, in the kinds' order; within a kind as they came.
fn groups(files: Vec<ListedFile>) -> Vec<Group> {
    let mut groups: Vec<Group> = DocumentKind::ALL.iter().map(|&kind| Group { kind, files: Vec::new() }).collect();
    for file in files {
        if let Some(group) = groups.iter_mut().find(|group| group.kind == file.kind) {
            group.files.push(FileLine::new(file));
        }
    }
    groups.retain(|group| !group.files.is_empty());
    groups
}
