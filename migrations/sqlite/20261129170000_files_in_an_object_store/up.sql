-- The contents of files and pictures may lie in an object store. Every object that is there, or may be, has a row here: it is
-- written before the object is put there, and goes after the object is removed. No name, no subject, no address.
create table objects (
    id         integer not null constraint pk_objects primary key autoincrement, -- a part of the object's name, never used again
    sha256     text    not null,           -- of the content, in hex; with the id the object's name
    state      text    not null,           -- coming: about to be put there; kept: a content lies there; going: to be removed
    since      text    not null,           -- when it was about to be put there
    next_at    text    not null,           -- coming: nobody records it any more after this; going: not to be tried before
    attempts   integer not null default 0, -- how often it could not be removed
    last_error text,                       -- why the last attempt failed, in words for operations
    constraint ck_objects_state check (state in ('coming', 'kept', 'going')),
    constraint ck_objects_attempts check (attempts >= 0)
) strict;
-- What is to be removed, or was never recorded: asked every minute, and hardly ever anything.
create index ix_objects_next on objects (next_at) where state <> 'kept';

alter table blobs add column object_id integer constraint fk_blobs_object references objects (id) on delete restrict;
-- An object is one content's.
create unique index uq_blobs_object on blobs (object_id);
-- SQLite lets no constraint of a column go. Making the table anew would write all contents twice; what it says of itself is
-- written anew instead, as https://www.sqlite.org/lang_altertable.html#otheralter describes. Every row satisfies it.
-- VACUUM knows a table only by capital letters.
pragma writable_schema = on;
update sqlite_schema set sql = 'CREATE TABLE blobs (
    sha256    text    not null, -- of the content, in hex
    size      integer not null, -- octets, so that lists need not read the content
    content   blob,             -- the bytes; null: they lie outside
    object_id integer,          -- where the content lies outside; null: it is here
    constraint pk_blobs primary key (sha256),
    constraint fk_blobs_object foreign key (object_id) references objects (id) on delete restrict,
    constraint ck_blobs_size check (size = length(content)),
    constraint ck_blobs_place check ((content is null) <> (object_id is null))
) strict' where type = 'table' and name = 'blobs';
pragma writable_schema = reset;
