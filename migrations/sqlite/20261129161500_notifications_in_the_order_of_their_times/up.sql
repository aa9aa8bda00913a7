-- What may be sent now is read in the order of its times: a few of many that are pending, without sorting them or passing
-- those that were sent. The state stands first although it is always the same: SQLite would take the index on it alone.
drop index ix_outbox_pending;
create index ix_outbox_pending on outbox (state, due_at, id) where state = 'pending' and not held;
