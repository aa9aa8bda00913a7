//! The ways to one database: its address, its pools of connections, and how long an answer is waited for.

use super::StoreError;
use super::database_url::DatabaseUrl;
use super::opener::Opener;
use diesel::r2d2::{NopErrorHandler, Pool};
use std::os::unix::fs::MetadataExt;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

pub(super) type Connections = Pool<Opener>;

/// Connections to one PostgreSQL server.
const POSTGRES_CONNECTIONS: u32 = 8;
/// Connections that only read one SQLite file; the one that writes comes on top.
const SQLITE_READERS: u32 = 4;
/// How long to wait for a free connection, or for a lost server to come back, before the round ends.
const PATIENCE: Duration = Duration::from_secs(10);

/// The ways to one database.
pub(super) struct Access {
    url: DatabaseUrl,
    deadline: Duration,
    pools: Mutex<Pools>,
    /// Device and number of the SQLite file, as it was used first.
    file: OnceLock<Option<(u64, u64)>>,
}

#[derive(Clone)]
pub(super) struct Pools {
    pub(super) writers: Connections,
    pub(super) readers: Connections,
}

impl Access {
    pub(super) fn to(url: DatabaseUrl, deadline: Duration) -> Self {
        let pools = Mutex::new(Pools::to(&url, deadline));
        Self { url, deadline, pools, file: OnceLock::new() }
    }

    pub(super) fn with_deadline(&self, deadline: Duration) -> Self {
        Self::to(self.url.clone(), deadline)
    }

    pub(super) fn deadline(&self) -> Duration {
        self.deadline
    }

    /// Whoever comes next gets a new connection. Those in use are closed when they are given back.
    pub(super) fn throw_away(&self) {
        let fresh = Pools::to(&self.url, self.deadline);
        *self.pools.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
    }

    /// # Errors
    ///
    /// [`StoreError::WrongSettings`] if the SQLite file is not the one any more that was used before: what goes on to be written
    /// into a removed file is lost when the process ends.
    pub(super) fn pools(&self, wanted: &'static str) -> Result<Pools, StoreError> {
        if let DatabaseUrl::Sqlite(path) = &self.url {
            let there = std::fs::metadata(path).ok().map(|about| (about.dev(), about.ino()));
            if there.is_none() || *self.file.get_or_init(|| there) != there {
                let cause = format!(
                    "somebody has removed or replaced the file {} while it was in use; nothing is written until the right one \
                     is there and the program was started anew",
                    path.display()
                );
                return Err(StoreError::WrongSettings { wanted, cause });
            }
        }
        Ok(self.pools.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    pub(super) fn opener(&self, reads_only: bool) -> Opener {
        Opener { url: self.url.clone(), deadline: self.deadline, reads_only }
    }
}

impl Pools {
    fn to(url: &DatabaseUrl, deadline: Duration) -> Self {
        let opener = |reads_only| Opener { url: url.clone(), deadline, reads_only };
        match url {
            DatabaseUrl::Postgres(_) => {
                let pool = pool(opener(false), POSTGRES_CONNECTIONS);
                Self { writers: pool.clone(), readers: pool }
            }
            DatabaseUrl::Sqlite(_) => {
                Self { writers: pool(opener(false), 1), readers: pool(opener(true), SQLITE_READERS) }
            }
        }
    }
}

fn pool(opener: Opener, size: u32) -> Connections {
    // Connections are made when they are needed; a server that is away is told by the unit of work that wants one.
    Pool::builder()
        .max_size(size)
        .min_idle(Some(0))
        .connection_timeout(PATIENCE)
        .error_handler(Box::new(NopErrorHandler))
        .build_unchecked(opener)
}
