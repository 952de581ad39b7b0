-- Authority files: what was loaded, from which bytes, so that their graphs can be made again.
CREATE TABLE authority (
    name TEXT PRIMARY KEY,
    licence TEXT NOT NULL,
    loaded TEXT NOT NULL,
    complete INTEGER NOT NULL
) STRICT;
CREATE TABLE authority_file (
    authority TEXT NOT NULL REFERENCES authority (name),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    original TEXT NOT NULL,
    format TEXT NOT NULL,
    parameters TEXT NOT NULL,
    PRIMARY KEY (authority, position)
) STRICT, WITHOUT ROWID
