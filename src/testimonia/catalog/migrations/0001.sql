-- The first schema.
CREATE TABLE archive (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE text (hash TEXT PRIMARY KEY, content TEXT NOT NULL) STRICT;
CREATE TABLE document (
    id TEXT PRIMARY KEY,
    text_hash TEXT NOT NULL REFERENCES text (hash),
    original TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    encoding TEXT,
    metadata TEXT NOT NULL,
    added TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('recorded', 'stored', 'rejected', 'removed')),
    fingerprint TEXT NOT NULL DEFAULT '',
    run TEXT,
    report TEXT
) STRICT;
CREATE TABLE run (
    id TEXT PRIMARY KEY,
    started TEXT NOT NULL,
    ended TEXT,
    extractor TEXT NOT NULL,
    settings TEXT NOT NULL
) STRICT;
CREATE TABLE outcome (
    run TEXT NOT NULL REFERENCES run (id),
    name TEXT NOT NULL,
    document TEXT,
    result TEXT NOT NULL,
    message TEXT NOT NULL
) STRICT;
CREATE TABLE entity (id TEXT PRIMARY KEY, kind TEXT NOT NULL, label TEXT NOT NULL) STRICT;
CREATE TABLE identity (
    document TEXT NOT NULL REFERENCES document (id),
    key TEXT NOT NULL,
    entity TEXT NOT NULL REFERENCES entity (id),
    PRIMARY KEY (document, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX identity_entity ON identity (entity)
