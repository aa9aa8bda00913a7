-- Archived mail of erased records that may still lie on its server. The record goes at once; what stands here finds the
-- mail again, and goes when the mail is gone. No subject, name or address.
create table removals (
    id           integer not null constraint pk_removals primary key autoincrement,
    mailbox_id   integer not null, -- in which mailbox it lies
    mail_id      integer not null, -- the number that its record had: audit names it
    folder       text    not null, -- where it lay, as far as known
    uid_validity integer,          -- with uid: its place in that folder, if the server told
    uid          integer,          -- see uid_validity
    is_filed     integer not null, -- if not it lies in the inbox, in an archive folder, or in both
    size         integer not null, -- octets as the server states them: it is searched by size and day
    received_at  text    not null, -- when it came in, see size
    processed_at text    not null, -- tells the month of an archive folder that has one
    message_id   text,             -- its Message-ID, only where its place is not known
    digest       text    not null, -- SHA-256 of its content: no other mail is removed
    since        text    not null, -- when its record was erased
    attempts     integer not null, -- how often it could not be removed
    next_at      text    not null, -- not to be tried before
    last_error   text,             -- why the last attempt failed, in words for operations
    constraint uq_removals_mail unique (mail_id),
    -- A mailbox stays known as long as erased mail lies in it.
    constraint fk_removals_mailbox foreign key (mailbox_id) references mailboxes (id) on delete restrict,
    constraint ck_removals_filed check (is_filed in (0, 1)),
    constraint ck_removals_place check ((uid is null) = (uid_validity is null)),
    constraint ck_removals_size check (size >= 0),
    constraint ck_removals_attempts check (attempts >= 0)
) strict;
-- What is to be removed from a mailbox now: asked at the start of every round.
create index ix_removals_mailbox on removals (mailbox_id, next_at);
