-- Without its content a file cannot be listed: the archived mail has it.
delete from files where sha256 is null;
alter table files
    drop column withheld,
    drop column virus,
    drop column withheld_sha256,
    drop column withheld_size,
    alter column sha256 set not null;
