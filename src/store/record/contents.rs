//! What a mail says: its texts, its files and its pictures. Kept of mails that became an entry or wait for a person.

use super::mail_record::{Kept, contents_of, pictures_of};
use super::reply::further_files;
use crate::application::Withheld;
use crate::application::id::MailId;
use crate::mail::Attachment;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::many_rows::{ROWS, insert_all, insert_missing};
use crate::store::outside::{Put, without_known};
use crate::store::schema::{blobs, files, mail_contents, pictures};
use crate::store::time::plausible;
use crate::store::words::{json, storable, whole_number};
use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde_json::json as object;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Octets of files that one statement carries, give or take one file. The database's library holds copies of them.
const OCTETS: usize = 1024 * 1024;

#[derive(Insertable)]
#[diesel(table_name = mail_contents, treat_none_as_default_value = false)]
struct NewContents<'a> {
    mail_id: i64,
    subject: Cow<'a, str>,
    subject_rest: Cow<'a, str>,
    forwarder_name: Option<Cow<'a, str>>,
    forwarder_address: Option<Cow<'a, str>>,
    sent_at: Option<NaiveDateTime>,
    original_from_name: Option<Cow<'a, str>>,
    original_from_address: Option<Cow<'a, str>>,
    original_date: Option<NaiveDateTime>,
    original_subject: Option<Cow<'a, str>>,
    original_message_id: Option<Cow<'a, str>>,
    note: Cow<'a, str>,
    text: Cow<'a, str>,
    html: Option<Cow<'a, str>>,
    ignored_parts: String,
}

#[derive(Insertable)]
#[diesel(table_name = blobs, treat_none_as_default_value = false)]
struct NewBlob<'a> {
    sha256: &'a str,
    size: i64,
    content: &'a [u8],
}

#[derive(Insertable)]
#[diesel(table_name = files, treat_none_as_default_value = false)]
struct NewFile<'a> {
    mail_id: i64,
    position: i32,
    name: Cow<'a, str>,
    kind: &'static str,
    kind_rule: Cow<'a, str>,
    mime: Cow<'a, str>,
    sha256: Option<Cow<'a, str>>,
    danger: Option<Cow<'a, str>>,
    damaged: bool,
    withheld: Option<Cow<'a, str>>,
    virus: Option<Cow<'a, str>>,
    withheld_sha256: Option<Cow<'a, str>>,
    withheld_size: Option<i64>,
}

#[derive(Insertable)]
#[diesel(table_name = pictures, treat_none_as_default_value = false)]
struct NewPicture<'a> {
    mail_id: i64,
    position: i32,
    content_id: Cow<'a, str>,
    mime: Cow<'a, str>,
    sha256: &'a str,
}

/// Keeps what these mails say, as far as it is to be kept.
pub(super) fn insert(connection: &mut AnyConnection, mails: &[Kept<'_>], put: &Put) -> Work<()> {
    let mails: Vec<Kept<'_>> =
        mails.iter().copied().filter(|kept| kept.record.decided.decision.keeps_contents()).collect();
    insert_texts(connection, &mails)?;
    insert_blobs(connection, &mails, put)?;
    insert_files(connection, &mails)?;
    insert_pictures(connection, &mails)
}

/// Removes what this mail says. The contents of its files stay, in case they are still used.
pub(super) fn remove(connection: &mut AnyConnection, mail: MailId) -> Work<()> {
    diesel::delete(mail_contents::table.filter(mail_contents::mail_id.eq(mail.0))).execute(connection)?;
    diesel::delete(files::table.filter(files::mail_id.eq(mail.0))).execute(connection)?;
    diesel::delete(pictures::table.filter(pictures::mail_id.eq(mail.0))).execute(connection)?;
    Ok(())
}

/// The contents of this mail's files and pictures, by their digests.
pub(super) fn digests(connection: &mut AnyConnection, mail: MailId) -> Work<Vec<String>> {
    let files = files::table.filter(files::mail_id.eq(mail.0)).select(files::sha256);
    let pictures = pictures::table.filter(pictures::mail_id.eq(mail.0)).select(pictures::sha256);
    let mut digests: Vec<String> = files.load::<Option<String>>(connection)?.into_iter().flatten().collect();
    digests.extend(pictures.load::<String>(connection)?);
    Ok(digests)
}

fn insert_texts(connection: &mut AnyConnection, mails: &[Kept<'_>]) -> Work<()> {
    let rows = mails.iter().map(new_contents).collect::<Work<Vec<_>>>()?;
    insert_all!(connection, mail_contents::table, rows.as_slice())?;
    Ok(())
}

fn new_contents<'a>(kept: &Kept<'a>) -> Work<NewContents<'a>> {
    let mail = &kept.record.mail;
    let forwarder = mail.forwarder.as_ref();
    let original = mail.original.as_ref();
    let ignored = mail.ignored.iter().map(|part| object!({ "name": storable(&part.name), "why": part.why }));
    let withheld = mail.pictures.iter().filter_map(|picture| Some((picture, picture.withheld.as_ref()?)));
    let withheld = withheld.map(|(picture, why)| object!({ "name": picture.mime, "why": storable(&why.to_string()) }));
    let ignored: Vec<_> = ignored.chain(withheld).collect();
    Ok(NewContents {
        mail_id: kept.mail.0,
        subject: storable(&mail.subject.whole),
        subject_rest: storable(&mail.subject.rest),
        forwarder_name: forwarder.and_then(|person| person.name.as_deref()).map(storable),
        forwarder_address: forwarder.map(|person| storable(person.address.as_str())),
        sent_at: mail.sent_at.as_ref().and_then(plausible),
        original_from_name: original.and_then(|original| original.from_name.as_deref()).map(storable),
        original_from_address: original
            .and_then(|original| original.from_address.as_ref())
            .map(|address| storable(address.as_str())),
        original_date: original.and_then(|original| original.date.as_ref()).and_then(plausible),
        original_subject: original.and_then(|original| original.subject.as_deref()).map(storable),
        original_message_id: original.and_then(|original| original.message_id.as_deref()).map(storable),
        note: storable(&mail.note),
        text: storable(&mail.text),
        html: mail.html.as_deref().map(storable),
        ignored_parts: json(&ignored)?,
    })
}

/// Each content once. In one order for all workers, so that two that bring the same files do not block each other.
fn insert_blobs(connection: &mut AnyConnection, mails: &[Kept<'_>], put: &Put) -> Work<()> {
    let mut contents = contents_of(mails.iter().map(|kept| kept.record));
    if put.is_outside() {
        return put.insert(connection, &contents);
    }
    if let AnyConnection::Postgres(_) = connection {
        // The picture below all mails of a company need not be sent again.
        let new: BTreeSet<&String> = without_known(connection, contents.keys().copied())?.into_iter().collect();
        contents.retain(|sha256, _| new.contains(sha256));
    }
    let mut part: Vec<NewBlob<'_>> = Vec::new();
    let mut octets = 0;
    for (sha256, content) in contents {
        part.push(NewBlob { sha256, size: whole_number(content.len()), content });
        octets += content.len();
        if octets >= OCTETS || part.len() >= ROWS {
            insert_missing!(connection, blobs::table, part.as_slice())?;
            part.clear();
            octets = 0;
        }
    }
    insert_missing!(connection, blobs::table, part.as_slice())?;
    Ok(())
}

fn insert_files(connection: &mut AnyConnection, mails: &[Kept<'_>]) -> Work<()> {
    let mut rows = Vec::new();
    // An entry has each file once.
    let mut further = further_files(connection, mails)?;
    for kept in mails {
        let mut only = further.get_mut(&kept.mail);
        let files = kept.record.mail.attachments.iter();
        let files = files.filter(|file| only.as_mut().is_none_or(|only| only.remove(&file.sha256)));
        for (position, file) in (0..).zip(files) {
            rows.push(new_file(kept.mail, position, file));
        }
    }
    insert_all!(connection, files::table, rows.as_slice())?;
    Ok(())
}

/// Of a file that is withheld everything but its content is kept.
fn new_file(mail: MailId, position: i32, file: &Attachment) -> NewFile<'_> {
    let withheld = file.withheld.as_ref();
    let (kept, left) = if withheld.is_some() { (None, Some(file)) } else { (Some(file), None) };
    NewFile {
        mail_id: mail.0,
        position,
        name: storable(&file.name),
        kind: file.kind.as_str(),
        kind_rule: storable(&file.kind_rule),
        mime: storable(&file.mime),
        sha256: kept.map(|file| file.sha256.as_str().into()),
        danger: file.danger.map(|danger| danger.as_str().into()),
        damaged: file.damaged,
        withheld: withheld.map(|why| why.as_str().into()),
        virus: withheld.and_then(Withheld::signature).map(storable),
        withheld_sha256: left.map(|file| file.sha256.as_str().into()),
        withheld_size: left.map(|file| whole_number(file.content.len())),
    }
}

fn insert_pictures(connection: &mut AnyConnection, mails: &[Kept<'_>]) -> Work<()> {
    let mut rows = Vec::new();
    for kept in mails {
        for (position, picture) in (0..).zip(pictures_of(kept.record)) {
            rows.push(NewPicture {
                mail_id: kept.mail.0,
                position,
                content_id: storable(&picture.content_id),
                mime: storable(&picture.mime),
                sha256: &picture.sha256,
            });
        }
    }
    insert_all!(connection, pictures::table, rows.as_slice())?;
    Ok(())
}
