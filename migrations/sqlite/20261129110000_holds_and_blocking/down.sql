drop index ix_mails_recorded;
drop index ix_audit_mail;
alter table audit drop column actor;
drop index ix_applications_state;
alter table applications drop column blocked_since;
drop table holds;
