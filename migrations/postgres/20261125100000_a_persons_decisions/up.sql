-- What a person decided about a mail stays until a person decides otherwise.
alter table mails add column
    decided_by text not null default 'service' -- who decided last: a run over all mails leaves a person's word alone
    constraint ck_mails_decided_by check (decided_by in ('service', 'person'));
alter table mails add column
    refile_since timestamp -- since when it belongs into another archive folder than it lies in; null: it lies where it belongs
    constraint ck_mails_refile check (refile_since is null or filed_at is not null);
-- Filed, and to be moved on: asked at the start of every round.
create index ix_mails_refile on mails (mailbox_id) where refile_since is not null;
