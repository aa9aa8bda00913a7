drop table object_store;
