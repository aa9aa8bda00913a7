//! The newest refresh token, kept in a file: an authorization server may give another one with each use, and take no
//! earlier one again.
//!
//! A file lock lets one process at a time use a token, so that two never rotate against each other. The file is written
//! anew and renamed into its place, and its folder is proven writable before the token in it is used up: killed at any
//! moment, there is a whole file. What cannot be avoided is a process killed between the server's answer and the rename:
//! servers that allow for it take the earlier token for some time.

use super::error::Why;
use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, fchown};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Another process is waited for this long; its own request ends before.
const PATIENCE: Duration = Duration::from_secs(45);

const LOOK: Duration = Duration::from_millis(20);

/// What the file holds.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    /// SHA-256 of the token that a person had put there when this one was given: if they put another one, it counts.
    seed: String,
    refresh_token: String,
    /// When the server last took a refresh token: from then on its life counts.
    renewed_at: DateTime<Utc>,
}

/// The newest token in the hand of this process alone.
pub(super) struct Newest {
    state: PathBuf,
    seed: String,
    token: SecretString,
    fresh_file: File,
    _lock: File,
}

impl Newest {
    /// Takes the newest token, and sees that its successor can be kept. `unsaved` is what could not be kept before.
    pub(super) fn take(seed: &Path, state: &Path, unsaved: Option<&Kept>) -> Result<Self, Why> {
        let put_there = read_seed(seed)?;
        let seed = digest(&put_there);
        let lock = lock(&beside(state, ".lock"))?;
        let kept = read(state)?;
        let newer = unsaved.filter(|unsaved| {
            unsaved.seed == seed && kept.as_ref().is_none_or(|kept| kept.renewed_at <= unsaved.renewed_at)
        });
        let kept = newer.cloned().or(kept).filter(|kept| kept.seed == seed);
        let token = kept.map_or(put_there, |kept| kept.refresh_token.into());
        let fresh = beside(state, ".new");
        let fresh_file = create(&fresh)
            .with_context(|| format!("The newest refresh token cannot be kept in {}", state.display()))?;
        Ok(Self { state: state.to_owned(), seed, token, fresh_file, _lock: lock })
    }

    pub(super) fn token(&self) -> &SecretString {
        &self.token
    }

    /// Keeps what is to be used from now on: another token, or the same one, which the server took at `now`.
    ///
    /// # Errors
    ///
    /// With what could not be kept, so that it is not lost as long as the process lives.
    pub(super) fn keep(
        mut self,
        newer: Option<&SecretString>,
        now: DateTime<Utc>,
    ) -> Result<(), (Kept, anyhow::Error)> {
        let token = newer.unwrap_or(&self.token).expose_secret().to_owned();
        let kept = Kept { seed: self.seed.clone(), refresh_token: token, renewed_at: now };
        self.write(&kept).map_err(|error| (kept, error))
    }

    fn write(&mut self, kept: &Kept) -> Result<()> {
        let named = || format!("The newest refresh token cannot be kept in {}", self.state.display());
        let text = serde_json::to_vec_pretty(kept)?;
        self.fresh_file.write_all(&text).with_context(named)?;
        self.fresh_file.sync_all().with_context(named)?;
        std::fs::rename(beside(&self.state, ".new"), &self.state).with_context(named)?;
        File::open(folder_of(&self.state)).and_then(|folder| folder.sync_all()).with_context(named)
    }
}

/// When the server last took a refresh token; `None` if it was never asked.
pub(super) fn used_at(seed: &Path, state: &Path) -> Result<Option<DateTime<Utc>>, Why> {
    let digest = digest(&read_seed(seed)?);
    Ok(read(state)?.filter(|kept| kept.seed == digest).map(|kept| kept.renewed_at))
}

/// The same; for a token that was never used, when it was put there.
pub(super) fn renewed_at(seed: &Path, state: &Path) -> Result<DateTime<Utc>, Why> {
    if let Some(used_at) = used_at(seed, state)? {
        return Ok(used_at);
    }
    let put_there = std::fs::metadata(seed).and_then(|metadata| metadata.modified());
    let put_there = put_there.with_context(|| format!("Cannot see the age of {}", seed.display()))?;
    Ok(put_there.into())
}

fn read_seed(seed: &Path) -> Result<SecretString> {
    crate::settings::Secret::File(seed.to_owned()).read_as("refresh token")
}

fn digest(token: &SecretString) -> String {
    hex::encode(Sha256::digest(token.expose_secret()))
}

fn read(state: &Path) -> Result<Option<Kept>, Why> {
    match std::fs::read(state) {
        Ok(text) => serde_json::from_slice(&text).map(Some).map_err(|_| {
            // Nothing of its content, which is a secret.
            let name = state.display();
            Why::Refused(format!(
                "{name} is not what was written there; remove it, and put a new refresh token in place"
            ))
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Why::Refused(format!("{} cannot be read: {error}", state.display()))),
    }
}

fn lock(path: &Path) -> Result<File, Why> {
    let file = create(path).with_context(|| format!("Cannot make {}", path.display()))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => std::thread::sleep(LOOK),
            Err(TryLockError::WouldBlock) => {
                return Err(Why::Away(format!("another process has held {} for too long", path.display())));
            }
            Err(TryLockError::Error(error)) => {
                return Err(Why::Refused(format!("{} cannot be locked: {error}", path.display())));
            }
        }
    }
}

/// An empty file for nobody but us; or, if the administrator runs a command, for whom the folder belongs to.
fn create(path: &Path) -> Result<File> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    let owner = std::fs::metadata(folder_of(path))?;
    if file.metadata()?.uid() != owner.uid() {
        // Only root can; for others it stays theirs.
        let _unchanged = fchown(&file, Some(owner.uid()), Some(owner.gid()));
    }
    Ok(file)
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::{Newest, renewed_at};
    use crate::oauth2::error::Why;
    use chrono::{DateTime, TimeDelta, Utc};
    use secrecy::ExposeSecret as _;
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::PathBuf;

    struct Place {
        folder: tempfile::TempDir,
    }

    impl Place {
        fn with_seed(seed: &str) -> Self {
            let place = Self { folder: tempfile::tempdir().unwrap() };
            std::fs::write(place.seed(), seed).unwrap();
            place
        }

        fn seed(&self) -> PathBuf {
            self.folder.path().join("seed")
        }

        fn state(&self) -> PathBuf {
            self.folder.path().join("seed.newest")
        }

        fn take(&self) -> Result<Newest, Why> {
            Newest::take(&self.seed(), &self.state(), None)
        }

        fn token(&self) -> String {
            self.take().unwrap().token().expose_secret().to_owned()
        }
    }

    #[test]
    fn the_newest_token_counts_until_a_person_puts_another_one_there() {
        let place = Place::with_seed("first\n");
        assert_eq!(place.token(), "first");
        place.take().unwrap().keep(Some(&"second".into()), Utc::now()).unwrap_or_else(|(_, error)| panic!("{error}"));
        assert_eq!(place.token(), "second");
        std::fs::write(place.seed(), "by hand\n").unwrap();
        assert_eq!(place.token(), "by hand");
        assert_eq!(std::fs::metadata(place.state()).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_token_that_stays_the_same_is_noted_as_used() {
        let place = Place::with_seed("first");
        let later = DateTime::UNIX_EPOCH + TimeDelta::days(30_000);
        place.take().unwrap().keep(None, later).unwrap_or_else(|(_, error)| panic!("{error}"));
        assert_eq!(place.token(), "first");
        assert_eq!(renewed_at(&place.seed(), &place.state()).unwrap(), later);
    }

    #[test]
    fn where_the_successor_could_not_be_kept_the_token_is_not_used_up() {
        let mut place = Place::with_seed("first");
        let folder = std::mem::replace(&mut place.folder, tempfile::tempdir().unwrap());
        let state = folder.path().join("no such folder/seed.newest");
        assert!(matches!(Newest::take(&folder.path().join("seed"), &state, None), Err(Why::Refused(_))));
    }

    #[test]
    fn a_successor_that_could_not_be_kept_counts_at_the_next_try() {
        let place = Place::with_seed("first");
        let taken = place.take().unwrap();
        std::fs::remove_file(place.folder.path().join("seed.newest.new")).unwrap();
        std::fs::create_dir(place.state()).unwrap();
        let (unsaved, error) = taken.keep(Some(&"second".into()), Utc::now()).unwrap_err();
        assert!(!format!("{error:#}").contains("second"));
        std::fs::remove_dir(place.state()).unwrap();
        let taken = Newest::take(&place.seed(), &place.state(), Some(&unsaved)).unwrap();
        assert_eq!(taken.token().expose_secret(), "second");
    }

    #[test]
    fn a_file_cut_in_half_is_named_and_not_quoted() {
        let place = Place::with_seed("first");
        std::fs::write(place.state(), r#"{"seed":"x","refresh_token":"gehei"#).unwrap();
        let Err(Why::Refused(why)) = place.take() else { panic!("it was taken") };
        assert!(why.contains("seed.newest") && !why.contains("gehei"), "{why}");
    }

    #[test]
    fn one_at_a_time_uses_a_token() {
        let place = Place::with_seed("first");
        let held = place.take().unwrap();
        std::thread::scope(|threads| {
            let second = threads.spawn(|| place.token());
            held.keep(Some(&"second".into()), Utc::now()).unwrap_or_else(|(_, error)| panic!("{error}"));
            assert_eq!(second.join().unwrap(), "second");
        });
    }
}
