-- A file that a virus scanner does not let through is listed without its content, which stays in the archived mail only.
-- SQLite changes no column: the table is made anew.
create table files_rebuilt (
    id              integer not null constraint pk_files primary key autoincrement,
    mail_id         integer not null, -- with which mail it came
    position        integer not null, -- order in the mail
    name            text    not null, -- decoded, safe name
    kind            text    not null, -- document kind under which it is listed
    kind_rule       text    not null, -- which rule gave the kind, for whoever asks why
    mime            text    not null, -- real type
    sha256          text,             -- its content; null: it is withheld
    danger          text,             -- why it must be handled with care
    damaged         integer not null, -- the mail brought it broken or cut short
    withheld        text,             -- why its content is not kept; null: it is
    virus           text,             -- what the scanner found in it, in the scanner's words
    withheld_sha256 text,             -- digest of the content not kept: the same file, forwarded again, is the same
    withheld_size   integer,          -- octets of the content not kept
    constraint uq_files_position unique (mail_id, position),
    constraint fk_files_mail foreign key (mail_id) references mails (id) on delete cascade,
    constraint fk_files_blob foreign key (sha256) references blobs (sha256) on delete restrict,
    constraint ck_files_kind check (kind in ('cv', 'cover_letter', 'certificate', 'reference', 'photo', 'portfolio',
                                             'complete_application', 'other')),
    constraint ck_files_danger
        check (danger in ('program', 'archive', 'misleading_name', 'misleading_type', 'macros')),
    constraint ck_files_damaged check (damaged in (0, 1)),
    constraint ck_files_withheld check (withheld in ('infected', 'too_large_to_scan', 'not_scannable')),
    constraint ck_files_content check ((sha256 is null) = (withheld is not null)),
    constraint ck_files_virus check ((virus is not null) = (withheld is not null and withheld = 'infected')),
    constraint ck_files_withheld_sha256 check ((withheld_sha256 is null) = (withheld is null)),
    constraint ck_files_withheld_size
        check ((withheld_size is null) = (withheld is null) and (withheld_size is null or withheld_size >= 0))
) strict;
-- Ids are never used again.
insert into sqlite_sequence (name, seq) select 'files_rebuilt', seq from sqlite_sequence where name = 'files';
insert into files_rebuilt (id, mail_id, position, name, kind, kind_rule, mime, sha256, danger, damaged)
    select id, mail_id, position, name, kind, kind_rule, mime, sha256, danger, damaged from files;
drop table files;
alter table files_rebuilt rename to files;
-- Is this content still used: deleting a blob with its last file.
create index ix_files_blob on files (sha256);
