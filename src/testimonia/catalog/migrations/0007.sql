-- What linking took for two and might as well have taken for one: a local entity, and an entity of
-- the archive. Of what is uncertain the least certain is looked up first.
CREATE TABLE near (
    document TEXT NOT NULL,
    key TEXT NOT NULL,
    entity TEXT NOT NULL,
    confidence REAL NOT NULL,
    because TEXT NOT NULL,
    PRIMARY KEY (document, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX near_confidence ON near (confidence);
CREATE INDEX near_entity ON near (entity);
CREATE INDEX profile_confidence ON profile (confidence) WHERE confidence IS NOT NULL;
CREATE INDEX relation_confidence ON relation (confidence);
-- Whether anything was linked by other rules is asked each time that documents come.
CREATE INDEX profile_scheme ON profile (scheme)
