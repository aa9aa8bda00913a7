create table files_rebuilt (
    id        integer not null constraint pk_files primary key autoincrement,
    mail_id   integer not null, -- with which mail it came
    position  integer not null, -- order in the mail
    name      text    not null, -- decoded, safe name
    kind      text    not null, -- document kind under which it is listed
    kind_rule text    not null, -- which rule gave the kind, for whoever asks why
    mime      text    not null, -- real type
    sha256    text    not null, -- its content
    danger    text,             -- why it must be handled with care
    damaged   integer not null, -- the mail brought it broken or cut short
    constraint uq_files_position unique (mail_id, position),
    constraint fk_files_mail foreign key (mail_id) references mails (id) on delete cascade,
    constraint fk_files_blob foreign key (sha256) references blobs (sha256) on delete restrict,
    constraint ck_files_kind check (kind in ('cv', 'cover_letter', 'certificate', 'reference', 'photo', 'portfolio',
                                             'complete_application', 'other')),
    constraint ck_files_danger
        check (danger in ('program', 'archive', 'misleading_name', 'misleading_type', 'macros')),
    constraint ck_files_damaged check (damaged in (0, 1))
) strict;
-- Ids are never used again.
insert into sqlite_sequence (name, seq) select 'files_rebuilt', seq from sqlite_sequence where name = 'files';
-- Without its content a file cannot be listed: the archived mail has it.
insert into files_rebuilt
    select id, mail_id, position, name, kind, kind_rule, mime, sha256, danger, damaged from files
    where sha256 is not null;
drop table files;
alter table files_rebuilt rename to files;
-- Is this content still used: deleting a blob with its last file.
create index ix_files_blob on files (sha256);
