-- One row, written to see whether writes are taken.
CREATE TABLE store_probe (
    id         BIGINT NOT NULL PRIMARY KEY,
    written_at BIGINT NOT NULL
);
