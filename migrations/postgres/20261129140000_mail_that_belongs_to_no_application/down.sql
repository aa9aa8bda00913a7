delete from outbox where occasion = 'asked';
alter table outbox
    drop constraint ck_outbox_occasion,
    add constraint ck_outbox_occasion
        check (
            occasion in (
                'reply', 'waiting', 'not_imported', 'forwarded_before', 'files_added', 'files_refused', 'waiting_digest'
            )
        );
alter table mails
    drop column discarded_by,
    drop column discarded_at;
