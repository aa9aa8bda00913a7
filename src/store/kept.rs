//! What is kept of a mail: enough to decide about it again without fetching it.

use super::error::{Trouble, Work};
use super::record::{AsSeen, SeenRow};
use super::schema::{applications, files, history_entries, mail_contents, mails};
use super::tenancy::address;
use super::time::read;
use super::words::{count, from_json, read_withheld, value};
use super::{Store, StoreError};
use crate::application::ReferenceNumber;
use crate::application::id::{ApplicationId, MailId, MailboxId, TenantId};
use crate::decision::{Check, DecidedBy, ImportOutcome};
use crate::mail::{
    Attachment, IncomingMail, MailIdentity, NumberReading, Original, OwnMarks, Person, SenderProof, Subject,
};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

/// A recorded mail with what is kept of it.
#[derive(Clone, Debug)]
pub struct KeptMail {
    /// The record.
    pub mail: MailId,
    /// Its tenant.
    pub tenant: TenantId,
    /// The mailbox it came in by.
    pub mailbox: MailboxId,
    /// What came of it.
    pub outcome: ImportOutcome,
    /// The reason's word, where the outcome has one.
    pub why: Option<String>,
    /// Who decided so.
    pub decided_by: DecidedBy,
    /// How the record stood, to find out whether somebody decided since.
    pub seen: AsSeen,
    /// The first record of the same mail, if this is a repeat.
    pub repeat_of: Option<MailId>,
    /// The application in whose history it stands, and its number.
    pub application: Option<(ApplicationId, String)>,
    /// Its size in octets.
    pub size: u64,
    /// When it came in, by the server's clock.
    pub received_at: DateTime<Utc>,
    /// How often it was begun before it was recorded.
    pub attempts: u32,
    /// The decision record.
    pub checks: Vec<Check>,
    /// What it says, if that is kept. The bytes of its files and its pictures stay in the database, and findings and
    /// parts left out were not kept: they are empty here.
    pub contents: Option<IncomingMail>,
}

#[derive(Queryable)]
struct Row {
    tenant: i64,
    mailbox: i64,
    outcome: String,
    why: Option<String>,
    seen: SeenRow,
    repeat_of: Option<i64>,
    size: i64,
    received_at: NaiveDateTime,
    attempts: i32,
    checks: String,
    message_id: Option<String>,
    digest: String,
    claimed_number: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = mail_contents)]
struct ContentsRow {
    subject: String,
    subject_rest: String,
    forwarder_name: Option<String>,
    forwarder_address: Option<String>,
    sent_at: Option<NaiveDateTime>,
    original_from_name: Option<String>,
    original_from_address: Option<String>,
    original_date: Option<NaiveDateTime>,
    original_subject: Option<String>,
    original_message_id: Option<String>,
    note: String,
    text: String,
    html: Option<String>,
}

impl Store {
    /// A mail with what is kept of it, or `None` if there is no such mail.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn kept_mail(&self, mail: MailId) -> Result<Option<KeptMail>, StoreError> {
        self.read("Cannot read what is kept of a mail", |connection| {
            let row: Option<Row> = mails::table
                .find(mail.0)
                .select((
                    mails::tenant_id,
                    mails::mailbox_id,
                    mails::outcome,
                    mails::why,
                    (mails::processed_at, mails::decided_by, mails::discarded_at),
                    mails::repeat_of,
                    mails::size,
                    mails::received_at,
                    mails::attempts,
                    mails::checks,
                    mails::message_id,
                    mails::digest,
                    mails::claimed_number,
                ))
                .get_result(connection)
                .optional()?;
            let Some(row) = row else { return Ok(None) };
            let application: Option<(i64, String)> = history_entries::table
                .inner_join(applications::table)
                .filter(history_entries::mail_id.eq(mail.0))
                .select((applications::id, applications::number))
                .get_result(connection)
                .optional()?;
            let contents: Option<ContentsRow> =
                mail_contents::table.find(mail.0).select(ContentsRow::as_select()).get_result(connection).optional()?;
            let files: Vec<FileRow> = files::table
                .filter(files::mail_id.eq(mail.0))
                .order(files::position)
                .select((
                    files::name,
                    files::kind,
                    files::kind_rule,
                    files::mime,
                    files::sha256,
                    files::danger,
                    files::damaged,
                    (files::withheld, files::virus, files::withheld_sha256),
                ))
                .load(connection)?;
            let seen = AsSeen::read(row.seen.clone())?;
            Ok(Some(KeptMail {
                mail,
                tenant: TenantId(row.tenant),
                mailbox: MailboxId(row.mailbox),
                outcome: value(&row.outcome, "an outcome")?,
                why: row.why.clone(),
                decided_by: seen.decided_by,
                seen,
                repeat_of: row.repeat_of.map(MailId),
                application: application.map(|(id, number)| (ApplicationId(id), number)),
                size: count(row.size),
                received_at: read(row.received_at),
                attempts: row.attempts.try_into().unwrap_or_default(),
                checks: from_json(&row.checks, "a decision record")?,
                contents: contents.map(|contents| incoming(&row, contents, files)).transpose()?,
            }))
        })
    }
}

/// Why it is withheld, the signature, and the digest of its content.
type WithheldRow = (Option<String>, Option<String>, Option<String>);

type FileRow = (String, String, String, String, Option<String>, Option<String>, bool, WithheldRow);

fn incoming(row: &Row, contents: ContentsRow, files: Vec<FileRow>) -> Work<IncomingMail> {
    let forwarder = match contents.forwarder_address {
        Some(text) => Some(Person { name: contents.forwarder_name, address: address(text)? }),
        None => None,
    };
    let original = Original {
        from_name: contents.original_from_name,
        from_address: contents.original_from_address.map(address).transpose()?,
        date: contents.original_date.map(|date| read(date).fixed_offset()),
        subject: contents.original_subject,
        message_id: contents.original_message_id,
        beside_another: false,
    };
    let number = row.claimed_number.clone().map(ReferenceNumber::from_store);
    Ok(IncomingMail {
        identity: MailIdentity { message_id: row.message_id.clone(), digest: row.digest.clone() },
        unreadable: None,
        automatic: None,
        // What decides it is in the header, which is not kept; whoever assigns the mail has looked at it.
        answerable: true,
        marks: OwnMarks::default(),
        subject: Subject {
            whole: contents.subject,
            number: number.map_or(NumberReading::None, NumberReading::One),
            rest: contents.subject_rest,
            elsewhere: Vec::new(),
        },
        forwarder,
        proof: SenderProof::NotAsked,
        sent_at: contents.sent_at.map(|date| read(date).fixed_offset()),
        original: (original != Original::default()).then_some(original),
        note: contents.note,
        text: contents.text,
        html: contents.html,
        attachments: files.into_iter().map(attachment).collect::<Result<_, Trouble>>()?,
        pictures: Vec::new(),
        ignored: Vec::new(),
        findings: Vec::new(),
    })
}

fn attachment((name, kind, kind_rule, mime, sha256, danger, damaged, why): FileRow) -> Work<Attachment> {
    let (withheld, virus, withheld_sha256) = why;
    Ok(Attachment {
        name,
        kind: value(kind, "a document kind")?,
        kind_rule,
        mime,
        content: Vec::new(),
        sha256: sha256.or(withheld_sha256).unwrap_or_default(),
        danger: danger.map(|danger| value(danger, "a danger")).transpose()?,
        damaged,
        withheld: read_withheld(withheld, virus)?,
    })
}
