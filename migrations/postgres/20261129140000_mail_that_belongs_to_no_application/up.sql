-- A person says that a mail which waits belongs to no application: it waits no longer, and everything of it stays.
alter table mails
    add column discarded_at timestamp, -- since when it waits no longer although it belongs to no application; null: nobody said so
    add column discarded_by bigint, -- the user who said so; null where that user is gone
    add constraint fk_mails_discarded_by foreign key (discarded_by) references users (id) on delete set null,
    add constraint ck_mails_discarded check (discarded_at is null or outcome in ('unassigned', 'set_aside')),
    add constraint ck_mails_discarded_by check (discarded_by is null or discarded_at is not null);

-- The forwarder of a mail that waits may be asked.
alter table outbox
    drop constraint ck_outbox_occasion,
    add constraint ck_outbox_occasion
        check (
            occasion in (
                'reply', 'waiting', 'not_imported', 'forwarded_before', 'files_added', 'files_refused', 'waiting_digest',
                'asked'
            )
        );
