//! The head of a profile, and its tabs.

use crate::application::Role;
use crate::application::id::ApplicationId;
use crate::settings::{DocumentsTab, Settings};
use crate::store::{Profile, Viewer};
use serde::Serialize;

/// A tab of the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    History,
    Files,
    Documents,
}

/// What the template shows above every tab.
#[derive(Debug, Serialize)]
pub(super) struct Head {
    #[serde(flatten)]
    profile: Profile,
    tabs: Vec<TabLink>,
    /// The reader may forward replies, and there is an address for it.
    may_forward: bool,
}

#[derive(Debug, Serialize)]
struct TabLink {
    word: &'static str,
    address: String,
    is_current: bool,
}

impl Tab {
    fn word(self) -> &'static str {
        match self {
            Self::History => "history",
            Self::Files => "files",
            Self::Documents => "documents",
        }
    }

    /// Where it is found.
    pub(super) fn address(self, application: ApplicationId) -> String {
        match self {
            Self::History => format!("/applications/{application}"),
            Self::Files | Self::Documents => format!("/applications/{application}/{}", self.word()),
        }
    }
}

impl Head {
    /// `may_import`: whether replies that the reader forwards are imported.
    pub(super) fn new(profile: Profile, viewer: Viewer, may_import: bool, current: Tab) -> Self {
        let tabs = [Tab::History, Tab::Files, Tab::Documents];
        let tabs = tabs.into_iter().filter(|tab| *tab != Tab::Documents || viewer.sees_documents_tab());
        let tabs =
            tabs.map(|tab| TabLink { word: tab.word(), address: tab.address(profile.id), is_current: tab == current });
        let may_forward = may_import && !profile.import_addresses.is_empty();
        Self { tabs: tabs.collect(), may_forward, profile }
    }
}

/// Whether mail of users with this role is imported.
pub(super) fn may_import(tenant: &str, role: Role, settings: &Settings) -> bool {
    settings.tenant(tenant).is_ok_and(|tenant| tenant.import_roles.contains(&role))
}

/// The tenant's rule for the tab Dokumente.
pub(super) fn documents_tab(tenant: &str, settings: &Settings) -> DocumentsTab {
    settings.tenant(tenant).map_or(DocumentsTab::None, |tenant| tenant.documents_tab)
}
