//! A folder as object store: what lies in it, how it goes away and comes back, and how the record reads and removes what is
//! there.

use crate::harness::Folder;
use crate::profile_people::alpha;
use crate::world::{World, later, start};
use chrono::{DateTime, Utc};
use reply_import::application::id::FileId;
use reply_import::objects::{MARK, Objects};
use reply_import::settings::{FileStore, Files};
use reply_import::store::{Actor, Erasure, Store, StoreError, Swept, Viewer};
use std::path::PathBuf;
use std::time::Duration;

/// A folder with contents.
pub struct Attic {
    folder: Folder,
}

impl Attic {
    pub fn new() -> Self {
        Self { folder: Folder::create() }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.join("attic")
    }

    /// The world's database with this attic.
    pub fn of(&self, world: &World, takes_new: bool) -> Store {
        world.store.clone().with_objects(Objects::new(&self.settings(takes_new)).unwrap(), takes_new)
    }

    pub fn settings(&self, takes_new: bool) -> Files {
        Files {
            written: "file:///attic".to_owned(),
            takes_new,
            store: FileStore::Folder(self.path()),
            prefix: String::new(),
            timeout: Duration::from_secs(20),
        }
    }

    /// All files in it, whatever they are called; not the mark.
    pub fn files(&self) -> Vec<PathBuf> {
        let (mut files, mut folders) = (Vec::new(), vec![self.path()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with(MARK) {
                    files.push(path);
                }
            }
        }
        files.sort();
        files
    }

    /// From now on it cannot be used, until [`Attic::come_back`].
    pub fn go_away(&self) {
        std::fs::rename(self.path(), self.folder.join("hidden")).unwrap();
        std::fs::write(self.path(), "no folder").unwrap();
    }

    pub fn come_back(&self) {
        std::fs::remove_file(self.path()).unwrap();
        std::fs::rename(self.folder.join("hidden"), self.path()).unwrap();
    }
}

/// When a removal that failed is tried again.
pub fn again(_attempts: u32) -> DateTime<Utc> {
    later(60)
}

pub fn removed(store: &Store, now: DateTime<Utc>) -> Swept {
    store.remove_objects(now, false, again).unwrap()
}

/// A viewer who sees everything of the tenant.
pub fn viewer(world: &World) -> Viewer {
    alpha(world, "ruth@alpha.example")
}

pub fn content_of_only_file(world: &World, store: &Store) -> Result<Option<Vec<u8>>, StoreError> {
    let file = FileId(world.number("select max(id) from files"));
    Ok(store.file_content(viewer(world), file, start())?.and_then(|file| file.content))
}

pub fn erase(store: &Store, world: &World, number: &str) {
    let application = world.application(number).id;
    store.erase(&Erasure::Application(application), Actor::Cli, start()).unwrap();
}
