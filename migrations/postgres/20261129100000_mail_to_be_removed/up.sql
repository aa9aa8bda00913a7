-- Archived mail of erased records that may still lie on its server. The record goes at once; what stands here finds the
-- mail again, and goes when the mail is gone. No subject, name or address.
create table removals (
    id           bigint generated always as identity,
    mailbox_id   bigint    not null, -- in which mailbox it lies
    mail_id      bigint    not null, -- the number that its record had: audit names it
    folder       text      not null, -- where it lay, as far as known
    uid_validity bigint,             -- with uid: its place in that folder, if the server told
    uid          bigint,             -- see uid_validity
    is_filed     boolean   not null, -- if not it lies in the inbox, in an archive folder, or in both
    size         bigint    not null, -- octets as the server states them: it is searched by size and day
    received_at  timestamp not null, -- when it came in, see size
    processed_at timestamp not null, -- tells the month of an archive folder that has one
    message_id   text,               -- its Message-ID, only where its place is not known
    digest       text      not null, -- SHA-256 of its content: no other mail is removed
    since        timestamp not null, -- when its record was erased
    attempts     integer   not null, -- how often it could not be removed
    next_at      timestamp not null, -- not to be tried before
    last_error   text,               -- why the last attempt failed, in words for operations
    constraint pk_removals primary key (id),
    constraint uq_removals_mail unique (mail_id),
    -- A mailbox stays known as long as erased mail lies in it.
    constraint fk_removals_mailbox foreign key (mailbox_id) references mailboxes (id) on delete restrict,
    constraint ck_removals_place check ((uid is null) = (uid_validity is null)),
    constraint ck_removals_size check (size >= 0),
    constraint ck_removals_attempts check (attempts >= 0)
);
-- What is to be removed from a mailbox now: asked at the start of every round.
create index ix_removals_mailbox on removals (mailbox_id, next_at);
