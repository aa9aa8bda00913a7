alter table mailbox_rounds drop column login_ends_at;
