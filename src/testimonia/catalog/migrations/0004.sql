-- What is compared across documents: of each document the accounts that it gives and the statements
-- that it holds, where they are found again, and how statements stand to one another. The number of
-- an item is its document's arrival times 1,048,576, and its place in the document.
CREATE TABLE compared (
    arrival INTEGER PRIMARY KEY,
    document TEXT NOT NULL UNIQUE REFERENCES document (id),
    day TEXT NOT NULL,
    topic TEXT NOT NULL,
    digest TEXT NOT NULL
) STRICT;
CREATE TABLE telling (
    item INTEGER PRIMARY KEY,
    features TEXT NOT NULL,
    event TEXT NOT NULL,
    because TEXT NOT NULL,
    blocks BLOB NOT NULL
) STRICT;
CREATE INDEX telling_event ON telling (event);
CREATE TABLE telling_block (
    block INTEGER NOT NULL,
    item INTEGER NOT NULL,
    PRIMARY KEY (block, item)
) STRICT, WITHOUT ROWID;
CREATE TABLE claim (
    item INTEGER PRIMARY KEY,
    statement TEXT NOT NULL,
    features TEXT NOT NULL,
    blocks BLOB NOT NULL
) STRICT;
CREATE TABLE claim_block (
    block INTEGER NOT NULL,
    item INTEGER NOT NULL,
    PRIMARY KEY (block, item)
) STRICT, WITHOUT ROWID;
CREATE TABLE relation (
    source INTEGER NOT NULL,
    target INTEGER NOT NULL,
    kind TEXT NOT NULL,
    confidence REAL NOT NULL,
    because TEXT NOT NULL,
    PRIMARY KEY (source, target, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX relation_target ON relation (target)
