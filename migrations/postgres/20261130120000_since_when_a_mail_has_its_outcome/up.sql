-- What time makes due is counted since a mail came to wait, and not since it came in: it may have stood in a history before.
alter table mails
    add column outcome_since timestamp; -- since when its outcome is what it is; null: since it was recorded
update mails set outcome_since = processed_at where decided_by = 'person';
