-- Grain records. A table with its own rowid: a record is larger than what fits into a node of a key-ordered table, and
-- new records go to the end, so those of one batch share pages.
CREATE TABLE grain_state (
    id          INTEGER PRIMARY KEY,
    state_name  TEXT NOT NULL,
    grain_key   TEXT NOT NULL,
    etag        INTEGER NOT NULL,
    payload     TEXT NOT NULL,
    modified_at INTEGER NOT NULL, -- milliseconds since 1970, UTC
    UNIQUE (state_name, grain_key)
);

-- Times are .NET ticks (100 ns since year 1, UTC), so a registration reads back exactly as it was written.
CREATE TABLE reminders (
    grain_type TEXT NOT NULL,
    grain_key  TEXT NOT NULL,
    name       TEXT NOT NULL,
    start_at   INTEGER NOT NULL,
    period     INTEGER NOT NULL,
    next_due   INTEGER NOT NULL,
    etag       INTEGER NOT NULL,
    PRIMARY KEY (grain_type, grain_key, name)
) WITHOUT ROWID;

CREATE INDEX reminders_by_due ON reminders (next_due, grain_type, grain_key, name);

-- ETags come from one sequence of the whole file, so a record that is removed and made anew never repeats one. The
-- writer reserves them in blocks; a crash burns what is left of a block.
CREATE TABLE etag_sequence (reserved INTEGER NOT NULL);
INSERT INTO etag_sequence (reserved) VALUES (0);
