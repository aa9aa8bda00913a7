delete from outbox where occasion in ('forwarded_before', 'files_added');
alter table outbox
    drop constraint ck_outbox_occasion,
    add constraint ck_outbox_occasion check (occasion in ('reply', 'waiting', 'not_imported'));
drop table reply_keys;
drop index ix_mails_repeated_identity;
alter table mails drop column adds_to;
