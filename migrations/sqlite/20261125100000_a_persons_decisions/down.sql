drop index ix_mails_refile;
alter table mails drop column refile_since;
alter table mails drop column decided_by;
