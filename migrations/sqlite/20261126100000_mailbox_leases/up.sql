-- Which worker works on which mailbox, on PostgreSQL. A file of SQLite has one worker, kept alone by a lock on the file
-- beside it; here both tables stay empty and exist so that one program reads both databases.

-- Who could work on a mailbox: every worker says so again and again, and from their number follows each one's fair share.
create table mailbox_workers (
    mailbox_id integer not null, -- which mailbox its settings name
    worker     text    not null, -- host, process and chance: no two workers have the same name
    expires_at text    not null, -- said nothing until then, it is taken for dead
    constraint pk_mailbox_workers primary key (mailbox_id, worker),
    constraint fk_mailbox_workers_mailbox foreign key (mailbox_id) references mailboxes (id) on delete cascade,
    constraint ck_mailbox_workers_worker check (worker <> '')
) strict;

-- Who works on a mailbox now. The row stays when nobody does, so that the token goes on growing.
create table mailbox_leases (
    mailbox_id integer not null, -- which mailbox
    token      integer not null, -- grows each time the mailbox is taken: who comes with an older one writes nothing
    worker     text,             -- who has it; null: given back
    taken_at   text,             -- since when, for whoever looks into it
    renewed_at text,             -- when the worker last said that it lives
    expires_at text,             -- from then on another may take the mailbox
    constraint pk_mailbox_leases primary key (mailbox_id),
    constraint fk_mailbox_leases_mailbox foreign key (mailbox_id) references mailboxes (id) on delete cascade,
    constraint ck_mailbox_leases_token check (token >= 0),
    constraint ck_mailbox_leases_held check (
        (worker is null) = (taken_at is null)
        and (worker is null) = (renewed_at is null)
        and (worker is null) = (expires_at is null)
    )
) strict;
-- A worker's own leases: renewing them all.
create index ix_mailbox_leases_worker on mailbox_leases (worker);
