-- Fails where contents lie outside, or may: bring them into the database first, and let what is no longer needed be removed.
create table counted (
    objects integer not null constraint ck_contents_lie_in_the_object_store_move_them_back_first check (objects = 0)
) strict;
insert into counted select count(*) from objects;
drop table counted;
drop index uq_blobs_object;
-- As on the way up, in capital letters for VACUUM; a column goes only when no constraint names it.
pragma writable_schema = on;
update sqlite_schema set sql = 'CREATE TABLE blobs (
    sha256    text    not null, -- of the content, in hex
    size      integer not null, -- octets, so that lists need not read the content
    content   blob    not null, -- the bytes
    object_id integer,
    constraint pk_blobs primary key (sha256),
    constraint ck_blobs_size check (size = length(content))
) strict' where type = 'table' and name = 'blobs';
pragma writable_schema = reset;
alter table blobs drop column object_id;
drop table objects;
