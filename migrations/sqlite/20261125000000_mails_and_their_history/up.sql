-- The same tables as for PostgreSQL. Times are UTC without a zone, written so that their texts sort. States are words,
-- tied to their times by checks. JSON is text, because both databases keep the same rows. Foreign keys delete along
-- only where the row means nothing without its parent. Ids are never used again (autoincrement): audit names them.

-- A customer with its own import addresses. Every look-up stays inside one tenant.
create table tenants (
    id         integer not null constraint pk_tenants primary key autoincrement,
    name       text    not null, -- the name in the settings and in the recruiting system's feed
    created_at text    not null, -- when it was first heard of
    constraint uq_tenants_name unique (name),
    constraint ck_tenants_name check (name <> '')
) strict;

-- A person who works with the recruiting system; only they may import, and they are told of imports.
create table users (
    id         integer not null constraint pk_users primary key autoincrement,
    tenant_id  integer not null, -- users of another tenant are strangers
    address    text    not null, -- first address, in small letters: the feed's key, and where notices go
    name       text    not null, -- to greet with
    role       text    not null, -- decides whether their forwards are imported
    language   text    not null, -- language of notices
    active     integer not null, -- a user who left stays, because entries name them, but may nothing
    created_at text    not null, -- when the feed first named the user
    updated_at text    not null, -- when the feed last changed something
    constraint uq_users_tenant_id unique (tenant_id, id), -- target of foreign keys that keep tenants apart
    constraint uq_users_address unique (tenant_id, address),
    constraint fk_users_tenant foreign key (tenant_id) references tenants (id) on delete restrict,
    constraint ck_users_role
        check (role in ('personalmanager', 'recruiter', 'fachbereich_plus', 'fachbereich', 'administrator')),
    constraint ck_users_language check (language in ('de', 'en')),
    constraint ck_users_active check (active in (0, 1))
) strict;

-- All addresses a user writes from, the first one included: a mail's sender is looked up here.
create table user_addresses (
    tenant_id integer not null, -- one address means one user of a tenant, or nobody could say who forwarded
    address   text    not null, -- in small letters
    user_id   integer not null, -- whose address it is
    position  integer not null, -- order in the feed, to tell a change from none
    constraint pk_user_addresses primary key (tenant_id, address),
    constraint fk_user_addresses_user
        foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
) strict;
-- The addresses of one user: the feed's upsert, and deleting a user.
create index ix_user_addresses_user on user_addresses (tenant_id, user_id);

-- A person who applies.
create table candidates (
    id          integer not null constraint pk_candidates primary key autoincrement,
    tenant_id   integer not null, -- the same person at two tenants is two candidates
    external_id text    not null, -- the recruiting system's own id: the feed's key
    name        text    not null, -- shown on the profile
    created_at  text    not null, -- when the feed first named the candidate
    updated_at  text    not null, -- when the feed last changed something
    constraint uq_candidates_tenant_id unique (tenant_id, id), -- target of foreign keys that keep tenants apart
    constraint uq_candidates_external_id unique (tenant_id, external_id),
    constraint fk_candidates_tenant foreign key (tenant_id) references tenants (id) on delete restrict
) strict;

-- All addresses known of a candidate: tells whether a forwarded mail is theirs. Two candidates may share one.
create table candidate_addresses (
    candidate_id integer not null, -- whose address it is
    position     integer not null, -- order in the feed, to tell a change from none
    address      text    not null, -- in small letters
    constraint pk_candidate_addresses primary key (candidate_id, position),
    constraint uq_candidate_addresses_address unique (candidate_id, address),
    constraint fk_candidate_addresses_candidate
        foreign key (candidate_id) references candidates (id) on delete cascade
) strict;
-- Whose address is this: erasing by a candidate's address.
create index ix_candidate_addresses_address on candidate_addresses (address);

-- One person's application for one post.
create table applications (
    id            integer not null constraint pk_applications primary key autoincrement,
    tenant_id     integer not null, -- another tenant's number reads as unknown
    candidate_id  integer not null, -- who applies
    number        text    not null, -- reference number in its shape's own form: what a subject must claim
    number_folded text    not null, -- the same without leading zeros, for the second look-up
    post          text    not null, -- what they apply for; shown
    state         text    not null, -- where the application stands; retention hangs on it
    state_since   text    not null, -- since when: the feed's word, else when the feed first said so
    created_at    text    not null, -- when the feed first named the application
    updated_at    text    not null, -- when the feed last changed something
    constraint uq_applications_tenant_id unique (tenant_id, id), -- target of foreign keys that keep tenants apart
    constraint uq_applications_number unique (tenant_id, number),
    constraint fk_applications_tenant foreign key (tenant_id) references tenants (id) on delete restrict,
    constraint fk_applications_candidate
        foreign key (tenant_id, candidate_id) references candidates (tenant_id, id) on delete restrict,
    constraint ck_applications_state check (state in ('open', 'rejected', 'hired', 'withdrawn'))
) strict;
-- The number without leading zeros: the second look-up of a claimed number.
create index ix_applications_number_folded on applications (tenant_id, number_folded);
-- A candidate's applications: the profile, and erasing a candidate.
create index ix_applications_candidate on applications (tenant_id, candidate_id);

-- Who is responsible for an application: they are told of its replies.
create table responsibilities (
    tenant_id      integer not null, -- user and application belong to the same tenant
    application_id integer not null, -- for which application
    user_id        integer not null, -- who
    constraint pk_responsibilities primary key (application_id, user_id),
    constraint fk_responsibilities_application
        foreign key (tenant_id, application_id) references applications (tenant_id, id) on delete cascade,
    constraint fk_responsibilities_user
        foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
) strict;
-- What a user is responsible for: the list a user sees, and deleting a user.
create index ix_responsibilities_user on responsibilities (tenant_id, user_id);

-- An import address.
create table mailboxes (
    id         integer not null constraint pk_mailboxes primary key autoincrement,
    tenant_id  integer not null, -- the tenant whose numbers and users count for mail to this address
    address    text    not null, -- in small letters; one address belongs to one tenant
    created_at text    not null, -- when the settings first named it
    constraint uq_mailboxes_tenant_id unique (tenant_id, id), -- target of foreign keys that keep tenants apart
    constraint uq_mailboxes_address unique (address),
    constraint fk_mailboxes_tenant foreign key (tenant_id) references tenants (id) on delete restrict
) strict;

-- What the last round through a mailbox found; no row before the first.
create table mailbox_rounds (
    mailbox_id   integer not null, -- which mailbox
    finished_at  text    not null, -- when the last round ended, well or not
    last_good_at text,             -- when one last ended well: its age is what monitoring watches
    state        text    not null, -- how the last one ended
    error        text,             -- why it failed, in words for operations, without personal data
    waiting      integer not null, -- unseen mails still in the inbox
    stranded     integer not null, -- mails in the inbox that somebody opened and nobody recorded
    constraint pk_mailbox_rounds primary key (mailbox_id),
    constraint fk_mailbox_rounds_mailbox foreign key (mailbox_id) references mailboxes (id) on delete cascade,
    constraint ck_mailbox_rounds_state check (state in ('good', 'failed')),
    constraint ck_mailbox_rounds_good check (state <> 'good' or (last_good_at is not null and error is null)),
    constraint ck_mailbox_rounds_failed check (state <> 'failed' or error is not null)
) strict;

-- Attempts at mails that have no record yet: a mail that fails again and again is set aside. The row is written before
-- the mail is parsed, so that a mail that kills the process is counted too, and goes when the mail is recorded.
create table mail_attempts (
    mailbox_id   integer not null, -- in which mailbox
    uid_validity integer not null, -- under which UIDVALIDITY the UID counts
    uid          integer not null, -- which mail
    attempts     integer not null, -- how often it was begun
    first_at     text    not null, -- first attempt, for whoever looks into it
    last_at      text    not null, -- last attempt
    constraint pk_mail_attempts primary key (mailbox_id, uid_validity, uid),
    constraint fk_mail_attempts_mailbox foreign key (mailbox_id) references mailboxes (id) on delete cascade,
    constraint ck_mail_attempts_attempts check (attempts > 0)
) strict;

-- Every mail that was seen, whatever came of it.
create table mails (
    id             integer not null constraint pk_mails primary key autoincrement,
    tenant_id      integer not null, -- inside which everything about it was looked up
    mailbox_id     integer not null, -- where it came in
    message_id     text,             -- its Message-ID, if well formed: finds it on the server again
    digest         text    not null, -- SHA-256 of its content, in hex
    identity       text    not null, -- SHA-256 over both: what tells it from another mail
    repeat_of      integer,          -- the first record of the same mail, for a repeat
    folder         text,             -- where it lies on the server, as far as known; null for a mail from a file
    uid_validity   integer,          -- with uid: its place in that folder, if the server told
    uid            integer,          -- see uid_validity
    size           integer not null, -- octets as the server states them
    received_at    text    not null, -- when it came in, by the server's clock
    recorded_at    text    not null, -- when it was first recorded
    processed_at   text    not null, -- when its outcome was last decided
    filed_at       text,             -- when it was moved to its archive folder; null: the round only moves it
    outcome        text    not null, -- what came of it
    why            text,             -- the reason's word, where the outcome has one
    claimed_number text,             -- the one reference number its subject claims
    forwarder_id   integer,          -- the user who passed it on
    attempts       integer not null, -- how often it was begun before it was recorded
    took_ms        integer not null, -- from the fetched bytes to the decision, in milliseconds
    checks         text    not null, -- decision record: what every check saw, as JSON
    constraint fk_mails_mailbox
        foreign key (tenant_id, mailbox_id) references mailboxes (tenant_id, id) on delete restrict,
    -- Who erases a mail must first deal with its repeats: they lie on the server too.
    constraint fk_mails_repeat_of foreign key (repeat_of) references mails (id) on delete restrict,
    constraint fk_mails_forwarder foreign key (forwarder_id) references users (id) on delete set null,
    constraint ck_mails_outcome check (outcome in ('imported', 'unassigned', 'repeated', 'automatic', 'set_aside')),
    constraint ck_mails_why check ((outcome in ('imported', 'repeated')) = (why is null)),
    constraint ck_mails_repeat_of check ((outcome = 'repeated') = (repeat_of is not null)),
    constraint ck_mails_place check ((uid is null) = (uid_validity is null) and (uid is null or folder is not null)),
    constraint ck_mails_filed check (filed_at is null or folder is not null),
    constraint ck_mails_size check (size >= 0)
) strict;
-- The same mail is recorded once; a race ends here. Also answers "was it recorded before".
create unique index uq_mails_identity on mails (tenant_id, identity) where repeat_of is null;
-- Recorded but still in the inbox: asked at the start of every round.
create index ix_mails_unfiled on mails (mailbox_id, uid_validity, uid) where filed_at is null;
-- The list of mails by outcome, newest first, and the counts.
create index ix_mails_outcome on mails (outcome, id);
-- The list of mails by mailbox, newest first.
create index ix_mails_mailbox on mails (mailbox_id, id);
-- The repeats of a mail: erasing.
create index ix_mails_repeat_of on mails (repeat_of) where repeat_of is not null;

-- What a mail says, for reading and for assigning it later without guessing. Only of mails that became an entry or
-- wait for a person.
create table mail_contents (
    mail_id               integer not null, -- of which mail
    subject               text    not null, -- whole decoded subject
    subject_rest          text    not null, -- what stands behind the number
    forwarder_name        text,             -- who passed it on, as the mail says
    forwarder_address     text,             -- see forwarder_name; a known user is in mails.forwarder_id
    sent_at               text,             -- when it was passed on, as the mail says
    original_from_name    text,             -- who wrote the original, as the forward shows it
    original_from_address text,             -- see original_from_name
    original_date         text,             -- when the original was sent, if that can be read
    original_subject      text,             -- the original's subject
    original_message_id   text,             -- the original's Message-ID, where it is attached whole
    note                  text    not null, -- the forwarder's own words above the original
    text                  text    not null, -- the original's text
    html                  text,             -- the same as cleaned HTML
    ignored_parts         text    not null, -- parts kept in the archived mail only, with the reason, as JSON
    constraint pk_mail_contents primary key (mail_id),
    constraint fk_mail_contents_mail foreign key (mail_id) references mails (id) on delete cascade
) strict;

-- The bytes of files and pictures, each content once.
create table blobs (
    sha256  text    not null, -- of the content, in hex
    size    integer not null, -- octets, so that lists need not read the content
    content blob    not null, -- the bytes
    constraint pk_blobs primary key (sha256),
    constraint ck_blobs_size check (size = length(content))
) strict;
-- A file that came with a mail, to be listed.
create table files (
    id        integer not null constraint pk_files primary key autoincrement,
    mail_id   integer not null, -- with which mail it came
    position  integer not null, -- order in the mail
    name      text    not null, -- decoded, safe name
    kind      text    not null, -- document kind under which it is listed
    kind_rule text    not null, -- which rule gave the kind, for whoever asks why
    mime      text    not null, -- real type
    sha256    text    not null, -- its content
    danger    text,             -- why it must be handled with care
    damaged   integer not null, -- the mail brought it broken or cut short
    constraint uq_files_position unique (mail_id, position),
    constraint fk_files_mail foreign key (mail_id) references mails (id) on delete cascade,
    constraint fk_files_blob foreign key (sha256) references blobs (sha256) on delete restrict,
    constraint ck_files_kind check (kind in ('cv', 'cover_letter', 'certificate', 'reference', 'photo', 'portfolio',
                                             'complete_application', 'other')),
    constraint ck_files_danger
        check (danger in ('program', 'archive', 'misleading_name', 'misleading_type', 'macros')),
    constraint ck_files_damaged check (damaged in (0, 1))
) strict;
-- Is this content still used: deleting a blob with its last file.
create index ix_files_blob on files (sha256);

-- A picture that the HTML of a mail shows by its content id; not listed.
create table pictures (
    mail_id    integer not null, -- of which mail
    position   integer not null, -- order in the mail; a content id need not be unique there
    content_id text    not null, -- how the HTML names it
    mime       text    not null, -- its type
    sha256     text    not null, -- its content
    constraint pk_pictures primary key (mail_id, position),
    constraint fk_pictures_mail foreign key (mail_id) references mails (id) on delete cascade,
    constraint fk_pictures_blob foreign key (sha256) references blobs (sha256) on delete restrict
) strict;
-- Is this content still used: deleting a blob with its last picture.
create index ix_pictures_blob on pictures (sha256);

-- A line of a candidate's history; what it says is the mail's contents.
create table history_entries (
    id             integer not null constraint pk_history_entries primary key autoincrement,
    tenant_id      integer not null, -- mail and application belong to the same tenant
    mail_id        integer not null, -- the mail that made it
    application_id integer not null, -- in whose history it stands
    sender         text    not null, -- whether the original's sender is the candidate
    forwarder_id   integer,          -- the user who passed the mail on
    created_at     text    not null, -- when it came into the history
    constraint uq_history_entries_mail unique (mail_id), -- one mail makes one entry
    constraint fk_history_entries_mail foreign key (mail_id) references mails (id) on delete cascade,
    -- An application goes only by erasing, which takes its entries and their archived mails first.
    constraint fk_history_entries_application
        foreign key (tenant_id, application_id) references applications (tenant_id, id) on delete restrict,
    constraint fk_history_entries_forwarder foreign key (forwarder_id) references users (id) on delete set null,
    constraint ck_history_entries_sender check (sender in ('matches', 'differs', 'unknown'))
) strict;
-- The history of an application, newest last.
create index ix_history_entries_application on history_entries (application_id, id);

-- Notifications and what became of them. A row exists exactly if its entry (or its waiting mail) does.
create table outbox (
    id             integer not null constraint pk_outbox primary key autoincrement,
    tenant_id      integer not null, -- whose notification it is
    mail_id        integer not null, -- the mail it tells of
    entry_id       integer,          -- the history entry it tells of, if there is one
    application_id integer,          -- whose notifications go out in order
    occasion       text    not null, -- why the person is told
    user_id        integer,          -- the person, if a user; null for an office address
    recipient_name text,             -- the name to greet with
    address        text    not null, -- where it goes
    language       text    not null, -- language it is written in
    facts          text    not null, -- what the texts need to know, as JSON
    message_key    text    not null, -- left side of the Message-ID: the same however often it is sent
    state          text    not null, -- pending until sent or given up
    attempts       integer not null, -- how often sending failed
    created_at     text    not null, -- when it was written
    due_at         text    not null, -- not to be tried before
    claimed_until  text,             -- a sender has it in hand until then; a dead sender's row comes back
    sent_at        text,             -- when the server took it
    failed_at      text,             -- when it was given up
    last_error     text,             -- what the server said last
    constraint uq_outbox_message_key unique (message_key), -- the same person is told of the same thing once
    constraint fk_outbox_tenant foreign key (tenant_id) references tenants (id) on delete restrict,
    constraint fk_outbox_mail foreign key (mail_id) references mails (id) on delete cascade,
    constraint fk_outbox_entry foreign key (entry_id) references history_entries (id) on delete cascade,
    constraint fk_outbox_user foreign key (user_id) references users (id) on delete set null,
    constraint ck_outbox_occasion check (occasion in ('reply', 'waiting', 'not_imported')),
    constraint ck_outbox_language check (language in ('de', 'en')),
    constraint ck_outbox_state check (state in ('pending', 'sent', 'failed')),
    constraint ck_outbox_sent check ((state = 'sent') = (sent_at is not null)),
    constraint ck_outbox_failed check ((state = 'failed') = (failed_at is not null)),
    constraint ck_outbox_claimed check (claimed_until is null or state = 'pending'),
    constraint ck_outbox_attempts check (attempts >= 0)
) strict;
-- What may be sent now, and when the next one may.
create index ix_outbox_pending on outbox (due_at) where state = 'pending';
-- Is an earlier one to the same person about the same application still open.
create index ix_outbox_turn on outbox (application_id, address, id) where state = 'pending';
-- How many are in which state: asked by every look at the status.
create index ix_outbox_state on outbox (state);
-- The notifications of a mail: shown with it, and deleted with it.
create index ix_outbox_mail on outbox (mail_id);
-- The notifications of an entry: deleted with it.
create index ix_outbox_entry on outbox (entry_id);

-- Who did what, when: append-only, and without personal data, so that it may outlive an erasure. It therefore has no
-- foreign keys: the ids it names may be gone.
create table audit (
    id             integer not null constraint pk_audit primary key autoincrement,
    at             text    not null, -- when
    what           text    not null, -- the deed, as a word
    tenant_id      integer,          -- inside which tenant
    user_id        integer,          -- the user who brought it about; null for the service itself
    mail_id        integer,          -- on which mail
    entry_id       integer,          -- on which history entry
    application_id integer,          -- on which application
    outcome        text,             -- what came of it, for a mail
    detail         text,             -- the rule or the counts: never a name, address, subject or file name
    constraint ck_audit_what check (what <> '')
) strict;
-- The deeds on one application.
create index ix_audit_application on audit (application_id) where application_id is not null;

create trigger tr_audit_no_update before update on audit
begin
    select raise(abort, 'audit is append-only');
end;
create trigger tr_audit_no_delete before delete on audit
begin
    select raise(abort, 'audit is append-only');
end;
