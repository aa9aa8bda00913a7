drop index ix_applications_sought;
