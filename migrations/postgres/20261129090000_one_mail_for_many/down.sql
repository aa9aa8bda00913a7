delete from outbox where occasion in ('files_refused', 'waiting_digest');
drop index ix_outbox_pending;
drop index ix_outbox_held;
drop index ix_outbox_bundle;
drop index ix_outbox_before_held;
drop index ix_outbox_hour;
drop index ix_outbox_person;
alter table outbox
    alter column mail_id set not null,
    drop constraint ck_outbox_bundle,
    drop constraint ck_outbox_weighed,
    drop constraint ck_outbox_mail,
    drop constraint fk_outbox_bundle,
    drop column bundle,
    drop column held,
    drop column hour_ends,
    drop constraint ck_outbox_occasion,
    add constraint ck_outbox_occasion
        check (occasion in ('reply', 'waiting', 'not_imported', 'forwarded_before', 'files_added'));
-- What may be sent now, and when the next one may.
create index ix_outbox_pending on outbox (due_at) where state = 'pending';
