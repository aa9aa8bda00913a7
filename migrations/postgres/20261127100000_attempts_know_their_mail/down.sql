alter table mail_attempts drop column size;
