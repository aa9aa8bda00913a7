-- A server that rebuilds a folder may give a UID to another mail, under the old UIDVALIDITY even.
alter table mail_attempts add column
    size integer -- in octets, as the server states it: a mail of another size has had none of these attempts; null: counted before
    constraint ck_mail_attempts_size check (size >= 0);
