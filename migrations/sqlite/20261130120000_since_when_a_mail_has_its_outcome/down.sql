alter table mails drop column outcome_since;
