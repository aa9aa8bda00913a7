alter table mail_attempts drop column withheld;
alter table mail_attempts drop column unfetched;
