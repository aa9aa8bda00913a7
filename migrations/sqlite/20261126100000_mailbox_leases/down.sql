drop table mailbox_leases;
drop table mailbox_workers;
