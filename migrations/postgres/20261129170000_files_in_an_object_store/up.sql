-- The contents of files and pictures may lie in an object store. Every object that is there, or may be, has a row here: it is
-- written before the object is put there, and goes after the object is removed. No name, no subject, no address.
create table objects (
    id         bigint generated always as identity, -- a part of the object's name, never used again
    sha256     text      not null,           -- of the content, in hex; with the id the object's name
    state      text      not null,           -- coming: about to be put there; kept: a content lies there; going: to be removed
    since      timestamp not null,           -- when it was about to be put there
    next_at    timestamp not null,           -- coming: nobody records it any more after this; going: not to be tried before
    attempts   integer   not null default 0, -- how often it could not be removed
    last_error text,                         -- why the last attempt failed, in words for operations
    constraint pk_objects primary key (id),
    constraint ck_objects_state check (state in ('coming', 'kept', 'going')),
    constraint ck_objects_attempts check (attempts >= 0)
);
-- What is to be removed, or was never recorded: asked every minute, and hardly ever anything.
create index ix_objects_next on objects (next_at) where state <> 'kept';

alter table blobs
    add column object_id bigint, -- where the content lies outside; null: it is here
    add constraint uq_blobs_object unique (object_id), -- an object is one content's
    add constraint fk_blobs_object foreign key (object_id) references objects (id) on delete restrict,
    alter column content drop not null, -- null: it lies outside
    add constraint ck_blobs_place check ((content is null) <> (object_id is null));
