-- What people decide, by text, stretch and words. A decision is never deleted but with its text.
CREATE TABLE decision (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('merge', 'split', 'confirm', 'reject', 'correct')),
    what TEXT NOT NULL CHECK (what IN ('statement', 'mention', 'time', 'account', 'relation')),
    field TEXT NOT NULL,
    value TEXT NOT NULL,
    stands TEXT NOT NULL,
    scope TEXT,
    who TEXT NOT NULL,
    made TEXT NOT NULL,
    why TEXT NOT NULL,
    withdrawn_who TEXT,
    withdrawn TEXT,
    withdrawn_why TEXT,
    published INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE decision_target (
    decision INTEGER NOT NULL REFERENCES decision (number),
    side INTEGER NOT NULL CHECK (side IN (0, 1)),
    text_hash TEXT NOT NULL,
    source TEXT NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    words TEXT NOT NULL,
    cue TEXT,
    PRIMARY KEY (decision, side)
) STRICT, WITHOUT ROWID;
CREATE INDEX decision_target_text ON decision_target (text_hash);
CREATE INDEX decision_target_source ON decision_target (source);
-- What each does now, document by document: derived, and written anew with the document's graph.
CREATE TABLE decision_effect (
    document TEXT NOT NULL,
    decision TEXT NOT NULL,
    standing TEXT NOT NULL,
    told TEXT NOT NULL,
    paths TEXT NOT NULL,
    part TEXT NOT NULL CHECK (part IN ('reading', 'linking', 'relating')),
    PRIMARY KEY (document, decision, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX decision_effect_decision ON decision_effect (decision);
-- What a decision would settle most: derived likewise.
CREATE TABLE doubt (
    document TEXT NOT NULL,
    what TEXT NOT NULL,
    start INTEGER NOT NULL,
    stop INTEGER NOT NULL,
    words TEXT NOT NULL,
    path TEXT NOT NULL,
    confidence REAL NOT NULL,
    dependents INTEGER NOT NULL,
    score REAL NOT NULL,
    PRIMARY KEY (document, what, start, stop)
) STRICT, WITHOUT ROWID;
CREATE INDEX doubt_score ON doubt (score DESC);
-- What linking by itself says of entities that people merged or split.
CREATE TABLE own_identity (
    document TEXT NOT NULL,
    key TEXT NOT NULL,
    entity TEXT NOT NULL,
    PRIMARY KEY (document, key)
) STRICT, WITHOUT ROWID;
-- Who published a text: the first of what Metadata.identity looks at.
CREATE INDEX document_source ON document (
    COALESCE(json_extract(metadata, '$.source'), json_extract(metadata, '$.identifier'))
)
