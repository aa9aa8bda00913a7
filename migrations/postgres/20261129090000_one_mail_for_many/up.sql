-- One mail may tell a person of many things: of the mails of an hour, or of all that wait.
alter table outbox
    alter column mail_id drop not null, -- null: it tells of many, as they stand when it is sent
    add column hour_ends timestamp, -- it counts among those the person is told of singly until then; null: not weighed yet
    add column held boolean not null default false, -- the person is told of it together with others, at its due time
    add column bundle bigint, -- the row whose mail tells of this one too; settled together with it
    -- Where the row that led is gone, the others wait for the next one to lead.
    add constraint fk_outbox_bundle foreign key (bundle) references outbox (id) on delete set null,
    drop constraint ck_outbox_occasion,
    add constraint ck_outbox_occasion
        check (
            occasion in (
                'reply', 'waiting', 'not_imported', 'forwarded_before', 'files_added', 'files_refused', 'waiting_digest'
            )
        ),
    add constraint ck_outbox_mail check ((occasion = 'waiting_digest') = (mail_id is null)),
    add constraint ck_outbox_weighed check (not held or hour_ends is null),
    add constraint ck_outbox_bundle check (bundle is null or held);
-- What may be sent now, and when the next one may.
drop index ix_outbox_pending;
create index ix_outbox_pending on outbox (due_at) where state = 'pending' and not held;
-- Those that wait for their hour to end.
create index ix_outbox_held on outbox (due_at) where state = 'pending' and held and bundle is null;
-- Those that one mail tells of: settled with it.
create index ix_outbox_bundle on outbox (bundle, id) where bundle is not null;
-- What stands in a person's way to be told of another one: open mails, or parts of one, about an application.
create index ix_outbox_before_held
    on outbox (application_id, address, id) where state = 'pending' and (not held or bundle is not null);
-- How many a person is told of singly in this hour.
create index ix_outbox_hour on outbox (tenant_id, address, hour_ends) where hour_ends is not null;
-- How many mails to a person are open.
create index ix_outbox_person on outbox (tenant_id, address) where state = 'pending' and not held;
