-- One set of SQL for SQLite and PostgreSQL: TEXT and BIGINT only; times are Unix milliseconds, booleans 0 and 1.

-- Grains that have written, or are about to, and have not published since. Their sweeper wakes them.
CREATE TABLE unpublished (
    kind      TEXT   NOT NULL,
    grain_key TEXT   NOT NULL,
    marked_at BIGINT NOT NULL,
    PRIMARY KEY (kind, grain_key)
);
CREATE INDEX unpublished_by_age ON unpublished (marked_at);

-- Everything that was told, in the order of a merchant's counter: nothing appears behind a position that was read.
CREATE TABLE events (
    id         TEXT   NOT NULL PRIMARY KEY,
    merchant   TEXT   NOT NULL,
    position   BIGINT NOT NULL,
    type       TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    sequence   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    body       TEXT   NOT NULL
);
CREATE UNIQUE INDEX events_by_position ON events (merchant, position);
CREATE INDEX events_by_subject ON events (subject, sequence);

CREATE TABLE event_counters (
    merchant TEXT   NOT NULL PRIMARY KEY,
    last     BIGINT NOT NULL
);
