-- A person says that a mail which waits belongs to no application: it waits no longer, and everything of it stays.
alter table mails add column
    discarded_at text -- since when it waits no longer although it belongs to no application; null: nobody said so
    constraint ck_mails_discarded check (discarded_at is null or outcome in ('unassigned', 'set_aside'));
alter table mails add column
    discarded_by integer -- the user who said so; null where that user is gone
    constraint fk_mails_discarded_by references users (id) on delete set null
    constraint ck_mails_discarded_by check (discarded_by is null or discarded_at is not null);

-- The forwarder of a mail that waits may be asked. SQLite changes no check: the table is made anew, with one more occasion.
-- When the old table goes, what referred to its rows is set to null: it is kept beside, and put back.
create table outbox_bundles (
    id     integer not null, -- the row
    bundle integer not null  -- the row whose mail tells of it
) strict;
insert into outbox_bundles select id, bundle from outbox where bundle is not null;
create table outbox_rebuilt (
    id             integer not null constraint pk_outbox primary key autoincrement,
    tenant_id      integer not null, -- whose notification it is
    mail_id        integer,          -- the mail it tells of; null: it tells of many, as they stand when it is sent
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
    hour_ends      text,             -- it counts among those the person is told of singly until then; null: not weighed yet
    held           integer not null default 0, -- the person is told of it together with others, at its due time
    bundle         integer,          -- the row whose mail tells of this one too; settled together with it
    constraint uq_outbox_message_key unique (message_key), -- the same person is told of the same thing once
    constraint fk_outbox_tenant foreign key (tenant_id) references tenants (id) on delete restrict,
    constraint fk_outbox_mail foreign key (mail_id) references mails (id) on delete cascade,
    constraint fk_outbox_entry foreign key (entry_id) references history_entries (id) on delete cascade,
    constraint fk_outbox_user foreign key (user_id) references users (id) on delete set null,
    -- Where the row that led is gone, the others wait for the next one to lead.
    constraint fk_outbox_bundle foreign key (bundle) references outbox (id) on delete set null,
    constraint ck_outbox_occasion
        check (
            occasion in (
                'reply', 'waiting', 'not_imported', 'forwarded_before', 'files_added', 'files_refused', 'waiting_digest',
                'asked'
            )
        ),
    constraint ck_outbox_mail check ((occasion = 'waiting_digest') = (mail_id is null)),
    constraint ck_outbox_language check (language in ('de', 'en')),
    constraint ck_outbox_state check (state in ('pending', 'sent', 'failed')),
    constraint ck_outbox_sent check ((state = 'sent') = (sent_at is not null)),
    constraint ck_outbox_failed check ((state = 'failed') = (failed_at is not null)),
    constraint ck_outbox_claimed check (claimed_until is null or state = 'pending'),
    constraint ck_outbox_attempts check (attempts >= 0),
    constraint ck_outbox_held check (held in (0, 1)),
    constraint ck_outbox_weighed check (held = 0 or hour_ends is null),
    constraint ck_outbox_bundle check (bundle is null or held = 1)
) strict;
-- Ids are never used again.
insert into sqlite_sequence (name, seq) select 'outbox_rebuilt', seq from sqlite_sequence where name = 'outbox';
insert into outbox_rebuilt select * from outbox;
-- Those that one mail tells of: settled with it. Before the old table goes: for each of its rows SQLite looks for those that
-- refer to it, which without the index is a look at all rows.
create index ix_outbox_rebuilt_bundle on outbox_rebuilt (bundle, id) where bundle is not null;
drop table outbox;
alter table outbox_rebuilt rename to outbox;
update outbox set bundle = outbox_bundles.bundle from outbox_bundles where outbox_bundles.id = outbox.id;
drop table outbox_bundles;
-- Under its own name, which the old table had until now.
drop index ix_outbox_rebuilt_bundle;
-- Those that one mail tells of: settled with it.
create index ix_outbox_bundle on outbox (bundle, id) where bundle is not null;
-- What may be sent now, and when the next one may.
create index ix_outbox_pending on outbox (due_at) where state = 'pending' and not held;
-- Is an earlier one to the same person about the same application still open.
create index ix_outbox_turn on outbox (application_id, address, id) where state = 'pending';
-- How many are in which state: asked by every look at the status.
create index ix_outbox_state on outbox (state);
-- The notifications of a mail: shown with it, and deleted with it.
create index ix_outbox_mail on outbox (mail_id);
-- The notifications of an entry: deleted with it.
create index ix_outbox_entry on outbox (entry_id);
-- Those that wait for their hour to end.
create index ix_outbox_held on outbox (due_at) where state = 'pending' and held and bundle is null;
-- What stands in a person's way to be told of another one: open mails, or parts of one, about an application.
create index ix_outbox_before_held
    on outbox (application_id, address, id) where state = 'pending' and (not held or bundle is not null);
-- How many a person is told of singly in this hour.
create index ix_outbox_hour on outbox (tenant_id, address, hour_ends) where hour_ends is not null;
-- How many mails to a person are open.
create index ix_outbox_person on outbox (tenant_id, address) where state = 'pending' and not held;
