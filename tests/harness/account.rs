//! The system user a server runs as: an unprivileged one when the tests run as root, else the user of the tests.

use std::env;
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::Path;

/// A user of this system with its main group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Name in `/etc/passwd`.
    pub user: String,
    /// Name of the main group in `/etc/group`.
    pub group: String,
    /// Number of the user.
    pub user_id: u32,
    /// Number of the main group.
    pub group_id: u32,
}

impl Account {
    /// Who runs the tests; where that is root, whoever became root for it (unpacked servers lie in their home, where perhaps
    /// nobody else may look), else `nobody`.
    pub fn for_servers() -> Self {
        if !runs_as_root() {
            return Self::with_id(own_user_id());
        }
        Self::who_called_sudo().unwrap_or_else(|| Self::named("nobody"))
    }

    /// Whoever became root by sudo to run the tests.
    pub fn who_called_sudo() -> Option<Self> {
        let user_id: u32 = env::var("SUDO_UID").ok()?.parse().ok()?;
        (runs_as_root() && user_id != 0).then(|| Self::with_id(user_id))
    }

    /// The user of that name, which its Debian package must have made.
    pub fn named(name: &str) -> Self {
        Self::find(|fields| fields[0] == name).unwrap_or_else(|| panic!("there is no system user {name}"))
    }

    fn with_id(user_id: u32) -> Self {
        Self::find(|fields| fields[2] == user_id.to_string())
            .unwrap_or_else(|| panic!("/etc/passwd has no user {user_id}"))
    }

    fn find(is_wanted: impl Fn(&[&str]) -> bool) -> Option<Self> {
        let users = fs::read_to_string("/etc/passwd").unwrap();
        let fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| is_wanted(fields))?;
        let group_id = fields[3].parse().unwrap();
        let group = group_name(group_id);
        Some(Self { user: fields[0].to_owned(), group, user_id: fields[2].parse().unwrap(), group_id })
    }

    /// Makes this user the owner of one file or folder. Without root everything is the user's own already.
    pub fn own(&self, path: &Path) {
        if runs_as_root() {
            chown(path, Some(self.user_id), Some(self.group_id)).unwrap();
        }
    }
}

/// True if the tests run as root.
pub fn runs_as_root() -> bool {
    own_user_id() == 0
}

fn own_user_id() -> u32 {
    fs::metadata("/proc/self").unwrap().uid()
}

/// The number of a system group, which the Debian package that needs it must have made.
pub fn group_id(name: &str) -> u32 {
    group(|fields| fields[0] == name).map_or_else(|| panic!("there is no group {name}"), |(_, id)| id)
}

fn group_name(id: u32) -> String {
    group(|fields| fields[2] == id.to_string()).map_or_else(|| panic!("/etc/group has no group {id}"), |(name, _)| name)
}

fn group(is_wanted: impl Fn(&[&str]) -> bool) -> Option<(String, u32)> {
    let groups = fs::read_to_string("/etc/group").unwrap();
    let fields = groups.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| is_wanted(fields))?;
    Some((fields[0].to_owned(), fields[2].parse().unwrap()))
}
