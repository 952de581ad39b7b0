-- Entities across documents: what is known of each local entity that may be linked, and why it is
-- the canonical one that it is.
CREATE TABLE profile (
    document TEXT NOT NULL REFERENCES document (id),
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    names TEXT NOT NULL,
    traits TEXT NOT NULL,
    stated INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    confidence REAL,
    because TEXT NOT NULL,
    PRIMARY KEY (document, key)
) STRICT, WITHOUT ROWID;
-- Canonical entities that have profiles, with the sums of these.
CREATE TABLE canonical (
    number INTEGER PRIMARY KEY,
    entity TEXT NOT NULL UNIQUE REFERENCES entity (id),
    members INTEGER NOT NULL
) STRICT;
CREATE TABLE canonical_trait (
    canonical INTEGER NOT NULL REFERENCES canonical (number),
    trait TEXT NOT NULL,
    members INTEGER NOT NULL,
    PRIMARY KEY (canonical, trait)
) STRICT, WITHOUT ROWID;
-- Where candidates are looked up.
CREATE TABLE canonical_key (
    key TEXT NOT NULL,
    canonical INTEGER NOT NULL REFERENCES canonical (number),
    members INTEGER NOT NULL,
    PRIMARY KEY (key, canonical)
) STRICT, WITHOUT ROWID;
-- In how many documents a trait of the surroundings stands. The empty trait is every document's.
CREATE TABLE trait (trait TEXT PRIMARY KEY, documents INTEGER NOT NULL) STRICT, WITHOUT ROWID;
-- Documents whose links in the graph may be behind the record.
CREATE TABLE relinked (document TEXT PRIMARY KEY) STRICT, WITHOUT ROWID
