-- Fails where contents lie outside, or may: bring them into the database first, and let what is no longer needed be removed.
alter table objects add constraint ck_contents_lie_in_the_object_store_move_them_back_first check (false);
alter table blobs
    drop constraint ck_blobs_place,
    drop constraint fk_blobs_object,
    drop constraint uq_blobs_object,
    drop column object_id,
    alter column content set not null;
drop table objects;
