-- What tells the object store that the record speaks of from any other: the same is written in an object in it. Without that an
-- empty folder, where another should be mounted, would be taken for the store.
create table object_store (
    id     integer not null, -- 1: there is one row
    mark   text    not null, -- at random, when the store was first used
    is_put integer not null, -- 1: it lies in the store; 0: not yet, it may be put there still
    constraint pk_object_store primary key (id),
    constraint ck_object_store_put check (is_put in (0, 1)),
    constraint ck_object_store_id check (id = 1)
) strict;
