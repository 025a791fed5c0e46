-- Whether a repeat was not forwarded because repeats were to be dropped.
ALTER TABLE notifications ADD COLUMN dropped INTEGER NOT NULL DEFAULT 0;
