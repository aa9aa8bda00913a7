drop index ix_outbox_pending;
create index ix_outbox_pending on outbox (due_at) where state = 'pending' and not held;
