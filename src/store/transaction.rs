//! The kinds of transaction. A unit of work is one transaction on one connection. Nothing here knows a table.

use super::access::Connections;
use super::clock::InHand;
use super::connection::{AnyConnection, on};
use super::error::{Trouble, Work, connecting_failed};
use super::{Store, StoreError};
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};

/// How a transaction begins. On SQLite each that writes sets its connection up, as others on it may have wanted otherwise.
#[derive(Clone, Copy)]
struct Begin {
    postgres: &'static str,
    sqlite: &'static str,
}

const WHOLE: Begin = Begin {
    postgres: "BEGIN ISOLATION LEVEL READ COMMITTED",
    sqlite: "PRAGMA synchronous = FULL; PRAGMA temp_store = DEFAULT; BEGIN IMMEDIATE",
};
const BATCH: Begin =
    Begin { sqlite: "PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; BEGIN IMMEDIATE", ..WHOLE };
const NOTE: Begin = Begin {
    postgres: "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL synchronous_commit = off",
    sqlite: "PRAGMA synchronous = NORMAL; PRAGMA temp_store = DEFAULT; BEGIN IMMEDIATE",
};
const READ: Begin = Begin { postgres: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", sqlite: "BEGIN" };

impl Store {
    /// Runs a unit of work that writes, in one transaction. SQLite takes the write lock at once, so that two processes
    /// wait for each other instead of failing in the middle. Under a lease that is lost nothing is written.
    pub(super) fn write<T>(
        &self,
        wanted: &'static str,
        work: impl FnOnce(&mut AnyConnection) -> Work<T>,
    ) -> Result<T, StoreError> {
        self.write_beginning(WHOLE, wanted, work)
    }

    /// As [`Self::write`], for a batch of mails: what each of its statements would need to be taken back is kept in memory,
    /// which the batch bounds, and not in a file beside the database.
    pub(super) fn write_batch<T>(
        &self,
        wanted: &'static str,
        work: impl FnOnce(&mut AnyConnection) -> Work<T>,
    ) -> Result<T, StoreError> {
        self.write_beginning(BATCH, wanted, work)
    }

    /// As [`Self::write`], for a note that may be lost when the machine loses its power or the database server dies, but not
    /// when this process ends: what is not the record itself and is found out again. It does not wait for the disk.
    pub(super) fn write_soon<T>(
        &self,
        wanted: &'static str,
        work: impl FnOnce(&mut AnyConnection) -> Work<T>,
    ) -> Result<T, StoreError> {
        self.write_beginning(NOTE, wanted, work)
    }

    fn write_beginning<T>(
        &self,
        begin: Begin,
        wanted: &'static str,
        work: impl FnOnce(&mut AnyConnection) -> Work<T>,
    ) -> Result<T, StoreError> {
        in_transaction(&self.connections.pools(wanted)?.writers, wanted, begin, |connection| {
            if let Some(lease) = &self.lease {
                lease.hold(connection, wanted)?;
            }
            work(connection)
        })
    }

    /// Runs a unit of work that only reads, on one snapshot.
    pub(super) fn read<T>(
        &self,
        wanted: &'static str,
        work: impl FnOnce(&mut AnyConnection) -> Work<T>,
    ) -> Result<T, StoreError> {
        in_transaction(&self.connections.pools(wanted)?.readers, wanted, READ, work)
    }

    /// Runs what a database refuses inside of a transaction and what may take hours, on the connection that writes.
    pub(super) fn outside_of_transactions<T>(
        &self,
        wanted: &'static str,
        work: impl FnOnce(&mut AnyConnection) -> Work<T>,
    ) -> Result<T, StoreError> {
        let _in_hand = InHand::begin_long(wanted)?;
        let pool = self.connections.pools(wanted)?.writers;
        let mut pooled = pool.get().map_err(|error| connecting_failed(wanted, &error.to_string()))?;
        if let AnyConnection::Sqlite(inner) = &mut *pooled {
            // VACUUM puts a copy of the whole database into the temporary store.
            let set_up = inner.batch_execute("PRAGMA synchronous = FULL; PRAGMA temp_store = DEFAULT");
            set_up.map_err(|error| Trouble::from(error).while_wanting(wanted))?;
        }
        work(&mut pooled).map_err(|trouble| trouble.while_wanting(wanted))
    }
}

fn in_transaction<T>(
    pool: &Connections,
    wanted: &'static str,
    begin: Begin,
    work: impl FnOnce(&mut AnyConnection) -> Work<T>,
) -> Result<T, StoreError> {
    let in_hand = InHand::begin(wanted)?;
    let mut pooled = pool.get().map_err(|error| connecting_failed(wanted, &error.to_string()))?;
    let connection: &mut AnyConnection = &mut pooled;
    let begun = match connection {
        AnyConnection::Postgres(inner) => AnsiTransactionManager::begin_transaction_sql(inner, begin.postgres),
        AnyConnection::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, begin.sqlite),
    };
    begun.map_err(|error| Trouble::from(error).while_wanting(wanted))?;
    let done = work(connection).and_then(|value| {
        in_hand.may_commit(wanted)?;
        on!(connection, inner => AnsiTransactionManager::commit_transaction(inner))?;
        Ok(value)
    });
    done.map_err(|trouble| {
        // A connection that cannot be rolled back is thrown away by the pool, and the database ends the transaction.
        let _ = on!(connection, inner => AnsiTransactionManager::rollback_transaction(inner));
        trouble.while_wanting(wanted)
    })
}

#[cfg(test)]
mod tests {
    use crate::store::Store;
    use crate::store::connection::AnyConnection;
    use diesel::sql_types::BigInt;
    use diesel::{QueryableByName, RunQueryDsl, sql_query};

    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        value: i64,
    }

    #[test]
    fn nothing_is_written_into_a_file_that_was_removed_or_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let store = Store::open(&format!("sqlite:{}", path("record.db").display())).unwrap();
        store.migrate().unwrap();
        let fault = || store.check_schema().unwrap_err().to_string();
        std::fs::rename(path("record.db"), path("moved.db")).unwrap();
        assert!(fault().contains("somebody has removed or replaced the file"), "{}", fault());
        assert!(!path("record.db").exists(), "no other is made in its place");
        std::fs::copy(path("moved.db"), path("record.db")).unwrap();
        assert!(fault().contains("somebody has removed or replaced the file"), "{}", fault());
        std::fs::rename(path("moved.db"), path("record.db")).unwrap();
        store.check_schema().unwrap();
    }

    #[test]
    fn every_sqlite_connection_is_set_up_and_readers_cannot_write() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite:{}/record.db", folder.path().display())).unwrap();
        let settings = [
            ("foreign_keys", 1, 1),
            ("synchronous", 2, 2),
            ("secure_delete", 1, 1),
            ("query_only", 0, 1),
            ("page_size", 8192, 8192),
            ("cache_size", -8000, -2000),
            ("temp_store", 0, 0),
        ];
        for (name, writing, reading) in settings {
            let ask = || sql_query(format!("SELECT {name} AS value FROM pragma_{name}"));
            let writer = store.write("test", |connection| Ok(ask().get_result::<Row>(connection)?.value)).unwrap();
            let reader = store.read("test", |connection| Ok(ask().get_result::<Row>(connection)?.value)).unwrap();
            assert_eq!((writer, reader), (writing, reading), "{name}");
        }
    }

    #[test]
    fn only_notes_do_not_wait_for_the_disk_and_only_batches_keep_in_memory_what_they_may_take_back() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&format!("sqlite:{}/record.db", folder.path().display())).unwrap();
        let ask = |connection: &mut AnyConnection| {
            let both = "SELECT synchronous * 10 + temp_store AS value FROM pragma_synchronous, pragma_temp_store";
            Ok(sql_query(both).get_result::<Row>(connection)?.value)
        };
        // One connection for all of them: 1 is NORMAL and 2 FULL, 0 the usual place and 2 memory.
        for _ in 0..2 {
            assert_eq!(store.write_batch("test", ask).unwrap(), 22);
            assert_eq!(store.outside_of_transactions("test", ask).unwrap(), 20);
            assert_eq!(store.write_soon("test", ask).unwrap(), 10);
            assert_eq!(store.write_batch("test", ask).unwrap(), 22);
            assert_eq!(store.write("test", ask).unwrap(), 20);
            assert_eq!(store.write_soon("test", ask).unwrap(), 10);
            assert_eq!(store.outside_of_transactions("test", ask).unwrap(), 20);
        }
    }
}
