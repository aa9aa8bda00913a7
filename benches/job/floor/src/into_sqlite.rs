//! Rows into SQLite, as safe as the product writes them: WAL, and every transaction on the disk (FULL).

use crate::into_postgres::TABLES;
use crate::reading::Row;
use rusqlite::Connection;

pub fn open() -> Connection {
    let path = std::env::var("SQLITE").expect("SQLITE");
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{path}{end}"));
    }
    let connection = Connection::open(&path).unwrap();
    let settings = "pragma page_size = 8192; pragma journal_mode = wal; pragma synchronous = full;";
    connection.execute_batch(settings).unwrap();
    connection.execute_batch(TABLES).unwrap();
    connection
}

pub fn insert(connection: &mut Connection, rows: &[Row]) {
    let transaction = connection.transaction().unwrap();
    {
        let mut mail = transaction.prepare_cached("insert into message values (?, ?, ?, ?, ?, ?, ?)").unwrap();
        let mut content = transaction.prepare_cached("insert into attachment values (?, ?, ?, ?, ?, ?)").unwrap();
        for row in rows {
            let text = [&row.message_id, &row.from, &row.subject, &row.text, &row.html];
            mail.execute((row.uid, text[0], text[1], text[2], row.date, text[3], text[4])).unwrap();
            for (position, file) in (0_i64..).zip(&row.files) {
                let size = file.content.len() as i64;
                content.execute((row.uid, position, &file.name, &file.kind, size, &file.content)).unwrap();
            }
        }
    }
    transaction.commit().unwrap();
}
