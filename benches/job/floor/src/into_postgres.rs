//! Rows into PostgreSQL by COPY: nothing is quicker there.

use crate::reading::Row;
use postgres::binary_copy::BinaryCopyInWriter;
use postgres::types::Type;
use postgres::{Client, NoTls};

/// The other importers use these tables too.
pub const TABLES: &str = "
    drop table if exists attachment; drop table if exists message;
    create table message(id bigint primary key, message_id text not null, sender text, subject text, date bigint,
        body_text text, body_html text);
    create unique index message_mid on message(message_id);
    create table attachment(message bigint not null, pos int not null, name text, ctype text, size bigint, content bytea,
        primary key(message, pos));";

pub fn connect() -> Client {
    Client::connect(&std::env::var("PG_DSN").expect("PG_DSN"), NoTls).unwrap()
}

pub fn make_tables(client: &mut Client) {
    client.batch_execute(TABLES).unwrap();
    // Files do not get smaller by being packed; without this the server tries.
    client.batch_execute("alter table attachment alter content set storage external").unwrap();
    client.batch_execute("checkpoint").unwrap();
}

pub fn copy(client: &mut Client, rows: &[Row]) {
    let mut transaction = client.transaction().unwrap();
    let types = [Type::INT8, Type::TEXT, Type::TEXT, Type::TEXT, Type::INT8, Type::TEXT, Type::TEXT];
    let writer = transaction.copy_in("copy message from stdin binary").unwrap();
    let mut writer = BinaryCopyInWriter::new(writer, &types);
    for row in rows {
        let (id, text) = (i64::from(row.uid), [&row.message_id, &row.from, &row.subject, &row.text, &row.html]);
        writer.write(&[&id, text[0], text[1], text[2], &row.date, text[3], text[4]]).unwrap();
    }
    writer.finish().unwrap();
    let types = [Type::INT8, Type::INT4, Type::TEXT, Type::TEXT, Type::INT8, Type::BYTEA];
    let writer = transaction.copy_in("copy attachment from stdin binary").unwrap();
    let mut writer = BinaryCopyInWriter::new(writer, &types);
    for row in rows {
        for (position, file) in (0_i32..).zip(&row.files) {
            let (id, size) = (i64::from(row.uid), file.content.len() as i64);
            writer.write(&[&id, &position, &file.name, &file.kind, &size, &file.content]).unwrap();
        }
    }
    writer.finish().unwrap();
    transaction.commit().unwrap();
}
