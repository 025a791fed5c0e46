-- What was found out about each notification, in short rows: lists read nothing else.
CREATE TABLE notifications (
    -- Never used twice, also after the newest was pruned.
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Milliseconds since 1970, UTC.
    received_at  INTEGER NOT NULL,
    rid          TEXT,
    environment  TEXT,
    version      TEXT NOT NULL,
    -- [{"eid","name","id_user","id_external"}]
    events       TEXT NOT NULL,
    verdict      TEXT NOT NULL,
    reason       TEXT,
    body_binding TEXT,
    valid        INTEGER NOT NULL,
    duplicate_of INTEGER,
    answered     INTEGER,
    refused      TEXT
) STRICT;

-- The request of each notification, byte for byte.
CREATE TABLE requests (
    id      INTEGER PRIMARY KEY,
    method  TEXT NOT NULL,
    target  TEXT NOT NULL,
    -- [[name, value]], and the bytes in hexadecimal as a third item where the value is not UTF-8.
    headers TEXT NOT NULL,
    body    BLOB NOT NULL
) STRICT;

-- Each notification on its way to each target.
CREATE TABLE deliveries (
    notification INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    target       TEXT NOT NULL,
    -- waiting, delivered or failed
    state        TEXT NOT NULL,
    -- The run of `listen` that sees to it.
    run          INTEGER,
    -- Whether it waits here alone, and not in the memory of its run as well.
    parked       INTEGER NOT NULL DEFAULT 0,
    replayed     INTEGER NOT NULL DEFAULT 0,
    attempts     INTEGER NOT NULL DEFAULT 0,
    status       INTEGER,
    error        TEXT,
    PRIMARY KEY (notification, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX waiting ON deliveries (target, notification) WHERE state = 'waiting';

CREATE TABLE attempts (
    notification INTEGER NOT NULL,
    delivery     INTEGER NOT NULL,
    attempt      INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    url          TEXT NOT NULL,
    status       INTEGER,
    error        TEXT,
    latency_ms   REAL NOT NULL,
    -- {"headers":[[name, value]],"body":"…"}
    answer       TEXT,
    PRIMARY KEY (notification, delivery, attempt)
) STRICT, WITHOUT ROWID;

-- Each `listen` that uses this file. Whether it lives is told by the lock on a file beside this one.
CREATE TABLE runs (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at INTEGER NOT NULL
) STRICT;

-- What makes the pseudonyms of this history its own.
CREATE TABLE salt (value BLOB NOT NULL) STRICT;
INSERT INTO salt VALUES (randomblob(16));
