-- Foreign readers' answers: archives of version 1 may have the table.
CREATE TABLE IF NOT EXISTS answer (
    key TEXT PRIMARY KEY,
    extractor TEXT NOT NULL,
    answer TEXT NOT NULL,
    received TEXT NOT NULL
) STRICT;
-- Paths under the base of IRIs that were published and are no more: the same.
CREATE TABLE IF NOT EXISTS retired (path TEXT PRIMARY KEY, successor TEXT) STRICT, WITHOUT ROWID;
-- Where texts stand on pages, and what they came with: the same.
CREATE TABLE IF NOT EXISTS layout (
    document TEXT PRIMARY KEY REFERENCES document (id),
    regions TEXT NOT NULL,
    part_of TEXT NOT NULL
) STRICT;
-- Documents: the order of arrival has a column, reading can fail for good, and what was stored is
-- known by its digest.
CREATE TABLE document_2 (
    arrival INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    text_hash TEXT NOT NULL REFERENCES text (hash),
    original TEXT NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    encoding TEXT,
    metadata TEXT NOT NULL,
    added TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('recorded', 'stored', 'rejected', 'failed', 'removed')),
    fingerprint TEXT NOT NULL DEFAULT '',
    run TEXT,
    report TEXT,
    graph_digest TEXT NOT NULL DEFAULT ''
) STRICT;
INSERT INTO document_2
    SELECT rowid, id, text_hash, original, name, media_type, encoding, metadata, added, state,
           fingerprint, run, report, ''
    FROM document ORDER BY rowid;
DROP TABLE document;
ALTER TABLE document_2 RENAME TO document;
CREATE INDEX document_text ON document (text_hash);
-- What was marked last: to be compared with the graphs after an unclean stop.
CREATE TABLE marked (document TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
-- When it was found that a run had not come to its end.
ALTER TABLE run ADD COLUMN interrupted TEXT;
-- What an ingestion set out to read and has not reached.
CREATE TABLE plan (
    id INTEGER PRIMARY KEY,
    made TEXT NOT NULL,
    parameters TEXT NOT NULL
) STRICT;
CREATE TABLE planned (
    plan INTEGER NOT NULL REFERENCES plan (id),
    position INTEGER NOT NULL,
    source BLOB NOT NULL,
    PRIMARY KEY (plan, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX planned_source ON planned (source);
-- MinHash signatures of texts, and where equal parts of them are found.
CREATE TABLE signature (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE REFERENCES text (hash),
    scheme TEXT NOT NULL,
    minima BLOB NOT NULL
) STRICT;
CREATE TABLE band (
    key INTEGER NOT NULL,
    signature INTEGER NOT NULL REFERENCES signature (id) ON DELETE CASCADE,
    PRIMARY KEY (key, signature)
) STRICT, WITHOUT ROWID;
CREATE INDEX band_signature ON band (signature)
