alter table mailbox_rounds add column
    login_ends_at timestamp; -- until when the access token lasts that the last log-in was by; null: it was by a password
