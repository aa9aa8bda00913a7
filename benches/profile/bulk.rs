//! What is filled in straight into the tables, in words of SQL that both databases know: to record 300,000 mails one by
//! one would take an hour.

use crate::names::{FIRST_NAMES, LAST_NAMES, POSTS};
use crate::office::{DEPARTMENTS, Tenant};
use reply_import::application::id::{MailboxId, TenantId};

const NUMBERS: usize = 300_000;

/// One that few have is given to one of so many candidates.
const FEW: usize = 10_000;

/// Scatters the numbers from 0.
fn scattered(n: &str, salt: u32, below: usize) -> String {
    format!("(({n} + {salt}) * 2654435761 % 4294967296 / 1024 % {below})")
}

/// The numbers, names and posts to choose from.
pub fn prepare() -> String {
    let list = |name: &str, texts: &[&str]| {
        let rows: Vec<String> = texts.iter().enumerate().map(|(n, text)| format!("({n}, '{text}')")).collect();
        format!(
            "create temporary table {name} (n bigint primary key, text text); insert into {name} values {};",
            rows.join(", ")
        )
    };
    format!(
        "create temporary table numbers (n bigint primary key);
         insert into numbers with recursive up (n) as (select 0 union all select n + 1 from up where n < {NUMBERS} - 1)
             select n from up;
         {} {} {}",
        list("first_names", FIRST_NAMES),
        list("last_names", LAST_NAMES),
        list("posts", POSTS),
    )
}

/// What a tenant gets.
pub struct Bulk<'a> {
    pub tenant: &'a Tenant,
    pub id: TenantId,
    pub mailbox: MailboxId,
    pub is_postgres: bool,
}

impl Bulk<'_> {
    /// Candidates with two applications each, somebody of a department responsible for each. One of five applications has
    /// no mail; a mail has one or two files.
    pub fn sql(&self) -> String {
        let (tenant, name, mailbox) = (self.id.0, self.tenant.name, self.mailbox.0);
        let (applications, entries) = (self.tenant.applications, self.tenant.entries);
        let chosen = |list: &str, n: String| format!("(select text from {list} where {list}.n = {n})");
        let first = chosen("first_names", scattered("numbers.n", 1, FIRST_NAMES.len()));
        let last = scattered("numbers.n", 5_000_011, LAST_NAMES.len() - 1);
        let last = chosen(
            "last_names",
            format!("case numbers.n % {FEW} when 33 then {} else {last} end", LAST_NAMES.len() - 1),
        );
        let post = chosen("posts", scattered("numbers.n", 9_000_011, POSTS.len()));
        let department = scattered("numbers.n", 13_000_027, DEPARTMENTS);
        let slot = scattered("numbers.n", 17_000_023, applications / 5 * 4);
        let key = scattered("id", 3, 4_000_000);
        let bytes = if self.is_postgres { "bytea" } else { "blob" };
        let [text, html, content] = [
            "Anbei die Unterlagen, wie besprochen. ".repeat(12),
            "<p>Anbei die Unterlagen, wie besprochen.</p>".repeat(12),
            "%PDF-1.4 obj endobj ".repeat(20),
        ];
        format!(
            "
    insert into candidates (tenant_id, external_id, name, created_at, updated_at)
        select t.id, 'K' || numbers.n, {first} || ' ' || {last}, t.created_at, t.created_at
        from numbers cross join tenants as t
        where numbers.n < {applications} / 2 and t.id = {tenant} order by numbers.n;
    insert into candidate_addresses (candidate_id, position, address)
        select id, 0, lower(external_id) || '@mail.example' from candidates where tenant_id = {tenant};
    insert into applications (tenant_id, candidate_id, number, number_folded, post, state, state_since, created_at, updated_at)
        select c.tenant_id, c.id, cast(100000 + numbers.n * 48271 % 900000 as text),
               cast(100000 + numbers.n * 48271 % 900000 as text), {post}, 'open', c.created_at, c.created_at, c.created_at
        from numbers cross join candidates as c
        where numbers.n < {applications} and c.tenant_id = {tenant} and c.external_id = 'K' || (numbers.n / 2)
        order by numbers.n;
    insert into responsibilities (tenant_id, application_id, user_id)
        select a.tenant_id, a.id,
               (select id from users where tenant_id = {tenant} and address = 'department' || {department} || '@{name}.example')
        from numbers cross join applications as a
        where numbers.n < {applications} and a.tenant_id = {tenant}
            and a.number = cast(100000 + numbers.n * 48271 % 900000 as text);
    insert into mails (tenant_id, mailbox_id, digest, identity, folder, size, received_at, recorded_at, processed_at,
                       filed_at, outcome, claimed_number, attempts, took_ms, checks, decided_by)
        select a.tenant_id, {mailbox}, cast(a.id as text), 'bulk ' || numbers.n, 'Imported', 40000, a.created_at,
               a.created_at, a.created_at, a.created_at, 'imported', a.number, 0, 1, '[]', 'service'
        from numbers cross join applications as a
        where numbers.n < {entries} and a.tenant_id = {tenant}
            and a.number = cast(100000 + ({slot} + 1 + {slot} / 4) * 48271 % 900000 as text)
        order by numbers.n;
    insert into mail_contents (mail_id, subject, subject_rest, forwarder_name, forwarder_address, sent_at,
                               original_from_name, original_from_address, original_date, original_subject, note, text, html,
                               ignored_parts)
        select mails.id, mails.claimed_number || ' Unterlagen', 'Unterlagen', 'Rita Werber', 'rita@{name}.example',
               mails.received_at, c.name, lower(c.external_id) || '@mail.example', mails.received_at, 'Unterlagen', '',
               '{text}', case mails.id % 2 when 0 then '{html}' end, '[]'
        from mails cross join applications as a cross join candidates as c
        where mails.tenant_id = {tenant} and a.tenant_id = {tenant} and a.number = mails.claimed_number
            and c.id = a.candidate_id
        order by mails.id;
    insert into history_entries (tenant_id, mail_id, application_id, sender, created_at)
        select tenant_id, id, cast(digest as bigint), case id % 20 when 0 then 'differs' else 'matches' end, recorded_at
        from mails where tenant_id = {tenant} order by id;
    insert into blobs (sha256, size, content)
        select 'f' || {key} || '-' || id || '-0', {size}, cast('{content}' as {bytes}) from mails where tenant_id = {tenant};
    insert into blobs (sha256, size, content)
        select 'f' || {key} || '-' || id || '-1', {size}, cast('{content}' as {bytes})
        from mails where tenant_id = {tenant} and id % 2 = 1;
    insert into files (mail_id, position, name, kind, kind_rule, mime, sha256, damaged)
        select id, 0, 'Lebenslauf.pdf', 'cv', 'the word `Lebenslauf`', 'application/pdf',
               'f' || {key} || '-' || id || '-0', 1 = 0 from mails where tenant_id = {tenant} order by id;
    insert into files (mail_id, position, name, kind, kind_rule, mime, sha256, damaged)
        select id, 1, 'Zeugnis der Ausbildung.pdf', 'certificate', 'the word `Zeugnis`', 'application/pdf',
               'f' || {key} || '-' || id || '-1', 1 = 0 from mails where tenant_id = {tenant} and id % 2 = 1 order by id;
    ",
            size = content.len(),
        )
    }
}
