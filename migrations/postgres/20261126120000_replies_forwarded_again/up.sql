-- A candidate's reply that is forwarded again, by somebody else or in another mail, adds to the entry that it made.
alter table mails
    add column adds_to bigint, -- the entry to which the mail adds its forwarder, note and further files
    add constraint fk_mails_adds_to foreign key (adds_to) references history_entries (id) on delete set null,
    -- It is a repeat of the mail that made the entry, though another mail: the entry may be taken back, the mail stays.
    add constraint ck_mails_adds_to check (adds_to is null or repeat_of is not null);
-- The further forwarders and files of an entry.
create index ix_mails_adds_to on mails (adds_to) where adds_to is not null;
-- Was it recorded before as a further forward: asked where no first record has the identity.
create index ix_mails_repeated_identity on mails (tenant_id, identity) where repeat_of is not null;

-- What tells the replies of an application from each other: a reply has several keys, of what forwards may show of it.
create table reply_keys (
    application_id bigint  not null, -- in whose history the reply stands: only there is it looked for
    key            text    not null, -- a digest, with the word of what it is over
    position       integer not null, -- counts replies that have the same key and are not the same: a race ends here
    entry_id       bigint  not null, -- the entry that the reply made
    constraint pk_reply_keys primary key (application_id, key, position),
    constraint fk_reply_keys_application foreign key (application_id) references applications (id) on delete cascade,
    constraint fk_reply_keys_entry foreign key (entry_id) references history_entries (id) on delete cascade,
    constraint ck_reply_keys_position check (position >= 0)
);
-- The keys of an entry: deleted with it.
create index ix_reply_keys_entry on reply_keys (entry_id);

alter table outbox
    drop constraint ck_outbox_occasion,
    add constraint ck_outbox_occasion
        check (occasion in ('reply', 'waiting', 'not_imported', 'forwarded_before', 'files_added'));
