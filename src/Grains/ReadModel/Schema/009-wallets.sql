-- The highest address of each key that was ever paid. It outlives the payments' own rows, which go when they are settled.
CREATE TABLE paid_keys (
    key_id        TEXT   NOT NULL PRIMARY KEY,
    highest_index BIGINT NOT NULL
);
