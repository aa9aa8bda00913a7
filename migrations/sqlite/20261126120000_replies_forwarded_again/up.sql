-- A candidate's reply that is forwarded again, by somebody else or in another mail, adds to the entry that it made.
alter table mails add column
    adds_to integer -- the entry to which the mail adds its forwarder, note and further files
    constraint fk_mails_adds_to references history_entries (id) on delete set null
    -- It is a repeat of the mail that made the entry, though another mail: the entry may be taken back, the mail stays.
    constraint ck_mails_adds_to check (adds_to is null or repeat_of is not null);
-- The further forwarders and files of an entry.
create index ix_mails_adds_to on mails (adds_to) where adds_to is not null;
-- Was it recorded before as a further forward: asked where no first record has the identity.
create index ix_mails_repeated_identity on mails (tenant_id, identity) where repeat_of is not null;

-- What tells the replies of an application from each other: a reply has several keys, of what forwards may show of it.
create table reply_keys (
    application_id integer not null, -- in whose history the reply stands: only there is it looked for
    key            text    not null, -- a digest, with the word of what it is over
    position       integer not null, -- counts replies that have the same key and are not the same: a race ends here
    entry_id       integer not null, -- the entry that the reply made
    constraint pk_reply_keys primary key (application_id, key, position),
    constraint fk_reply_keys_application foreign key (application_id) references applications (id) on delete cascade,
    constraint fk_reply_keys_entry foreign key (entry_id) references history_entries (id) on delete cascade,
    constraint ck_reply_keys_position check (position >= 0)
) strict;
-- The keys of an entry: deleted with it.
create index ix_reply_keys_entry on reply_keys (entry_id);

-- SQLite changes no check: the table is made anew, with two more occasions.
create table outbox_rebuilt (
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
    constraint ck_outbox_occasion
        check (occasion in ('reply', 'waiting', 'not_imported', 'forwarded_before', 'files_added')),
    constraint ck_outbox_language check (language in ('de', 'en')),
    constraint ck_outbox_state check (state in ('pending', 'sent', 'failed')),
    constraint ck_outbox_sent check ((state = 'sent') = (sent_at is not null)),
    constraint ck_outbox_failed check ((state = 'failed') = (failed_at is not null)),
    constraint ck_outbox_claimed check (claimed_until is null or state = 'pending'),
    constraint ck_outbox_attempts check (attempts >= 0)
) strict;
-- Ids are never used again.
insert into sqlite_sequence (name, seq) select 'outbox_rebuilt', seq from sqlite_sequence where name = 'outbox';
insert into outbox_rebuilt select * from outbox;
drop table outbox;
alter table outbox_rebuilt rename to outbox;
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
