-- An attempt that ended before the mail was here says nothing of the mail, unless others were handed over meanwhile.
alter table mail_attempts add column
    unfetched integer not null default 0 -- so many of the attempts ended before the mail was here
    constraint ck_mail_attempts_unfetched check (unfetched >= 0);
alter table mail_attempts add column
    withheld integer not null default 0 -- so many of these while others were handed over
    constraint ck_mail_attempts_withheld check (withheld >= 0);
