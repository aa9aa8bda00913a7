-- A file that a virus scanner does not let through is listed without its content, which stays in the archived mail only.
alter table files
    alter column sha256 drop not null, -- null: its content is withheld
    add column withheld        text,   -- why its content is not kept; null: it is
    add column virus           text,   -- what the scanner found in it, in the scanner's words
    add column withheld_sha256 text,   -- digest of the content not kept: the same file, forwarded again, is the same
    add column withheld_size   bigint, -- octets of the content not kept
    add constraint ck_files_withheld check (withheld in ('infected', 'too_large_to_scan', 'not_scannable')),
    add constraint ck_files_content check ((sha256 is null) = (withheld is not null)),
    add constraint ck_files_virus check ((virus is not null) = (withheld is not null and withheld = 'infected')),
    add constraint ck_files_withheld_sha256 check ((withheld_sha256 is null) = (withheld is null)),
    add constraint ck_files_withheld_size
        check ((withheld_size is null) = (withheld is null) and (withheld_size is null or withheld_size >= 0));
