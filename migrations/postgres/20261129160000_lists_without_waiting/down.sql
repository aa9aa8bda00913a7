drop index ix_applications_blocked;
