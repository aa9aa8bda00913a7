//! Contents of files and pictures that no mail has any more.

use super::WANTED;
use super::tally::Erased;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::outside::{coming_goes, going};
use crate::store::schema::{blobs, files, pictures};
use crate::store::words::count;
use crate::store::{Store, StoreError};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

/// So many are looked for at a time, and so many are erased in one transaction: one may have as many octets as a mail.
const LOOKED_FOR: i64 = 5_000;
const AT_ONCE: usize = 50;

impl Store {
    /// Erases those of these contents that no mail has: a virus scanner may have found something in one that was kept.
    pub(in crate::store) fn erase_if_unused(&self, contents: &[String]) -> Result<(), StoreError> {
        for part in contents.chunks(AT_ONCE) {
            let unused: Vec<String> = self.read(WANTED, |connection| {
                Ok(unused().filter(blobs::sha256.eq_any(part)).select(blobs::sha256).load(connection)?)
            })?;
            if !unused.is_empty() {
                self.write(WANTED, |connection| erase(connection, &unused))?;
            }
        }
        Ok(())
    }

    /// Erases all contents that no mail has. Those of a mail that was read anew may have been left by others, too.
    pub(in crate::store) fn erase_unused_contents(&self, erased: &mut Erased) -> Result<(), StoreError> {
        loop {
            let unused = self.read(WANTED, |connection| {
                Ok(unused().select(blobs::sha256).limit(LOOKED_FOR).load::<String>(connection)?)
            })?;
            let mut gone = 0;
            for part in unused.chunks(AT_ONCE) {
                let (contents, octets) = self.write(WANTED, |connection| erase(connection, part))?;
                gone += contents;
                erased.contents += contents;
                erased.octets += octets;
            }
            if gone == 0 {
                return Ok(());
            }
        }
    }
}

/// Whoever records a file with one of these contents has it locked, and is waited for; whoever comes later finds it gone.
fn erase(connection: &mut AnyConnection, part: &[String]) -> Work<(u64, u64)> {
    if let AnyConnection::Postgres(inner) = connection {
        blobs::table
            .filter(blobs::sha256.eq_any(part))
            .order(blobs::sha256)
            .select(blobs::sha256)
            .for_update()
            .load::<String>(inner)?;
    }
    let rows: Vec<(String, i64, Option<i64>)> = unused()
        .filter(blobs::sha256.eq_any(part))
        .select((blobs::sha256, blobs::size, blobs::object_id))
        .load(connection)?;
    let octets = rows.iter().map(|(_, size, _)| count(*size)).sum();
    let keys: Vec<&String> = rows.iter().map(|(sha256, ..)| sha256).collect();
    let gone = diesel::delete(blobs::table.filter(blobs::sha256.eq_any(&keys))).execute(connection)?;
    // What lies outside is removed there later.
    let outside: Vec<i64> = rows.iter().filter_map(|(.., object)| *object).collect();
    going(connection, &outside)?;
    coming_goes(connection, &keys)?;
    Ok((gone as u64, octets))
}

#[diesel::dsl::auto_type]
fn unused() -> _ {
    blobs::table
        .filter(not(exists(files::table.filter(files::sha256.eq(blobs::sha256.nullable())))))
        .filter(not(exists(pictures::table.filter(pictures::sha256.eq(blobs::sha256)))))
}
