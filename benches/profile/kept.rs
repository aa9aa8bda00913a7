//! Filling takes minutes: it is done once for each schema, and each measuring works on a copy.

use crate::filled::fill;
use crate::harness::{Folder, Postgres};
use std::fs;
use std::path::{Path, PathBuf};

/// To be counted up when what is filled in changes.
const VERSION: u32 = 1;
const BEGINNING: &str = "profile-";
const DATABASE: &str = "fresh_1";

/// A filled SQLite database in this file.
pub fn sqlite(file: &Path) {
    let kept = place("sqlite");
    if !kept.is_file() {
        let folder = Folder::create();
        let fresh = folder.join("record.db");
        fill(&format!("sqlite:{}", fresh.display()));
        copy(&fresh, &kept);
    }
    fs::copy(&kept, file).unwrap();
}

/// A server with a filled database, and the address of that.
pub fn postgres() -> (Postgres, String) {
    let kept = place("postgres");
    if !kept.is_dir() {
        let mut server = Postgres::start_as_installed(None);
        fill(&server.fresh_database_url());
        let half = kept.with_extension("half");
        let _ = fs::remove_dir_all(&half);
        server.keep(&half);
        fs::rename(half, &kept).unwrap();
    }
    let server = Postgres::start_as_installed(Some(&kept));
    let url = server.url(DATABASE);
    (server, url)
}

/// Nobody else sees half of it.
fn copy(from: &Path, to: &Path) {
    let half = to.with_extension("half");
    fs::copy(from, &half).unwrap();
    fs::rename(half, to).unwrap();
}

/// Where it is kept for the present schema. Those of other schemas go.
fn place(database: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(folder).unwrap();
    let mine = format!("{BEGINNING}{database}-{VERSION}-{}", newest_migration(database));
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with(&format!("{BEGINNING}{database}-")) && name != mine {
            let _ =
                if entry.path().is_dir() { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) };
        }
    }
    folder.join(mine)
}

fn newest_migration(database: &str) -> String {
    let names = fs::read_dir(Path::new("migrations").join(database)).unwrap();
    let newest = names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).max().unwrap();
    newest.split('_').next().unwrap().to_owned()
}
