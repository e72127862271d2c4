-- What lists show of subscription keys. The hash that a key is known by stays in its grain's record.
CREATE TABLE subscription_keys (
    id       TEXT   NOT NULL PRIMARY KEY,
    merchant TEXT   NOT NULL,
    version  BIGINT NOT NULL,
    revoked  BIGINT NOT NULL,
    view     TEXT   NOT NULL
);
CREATE INDEX subscription_keys_in_use ON subscription_keys (merchant, id) WHERE revoked = 0;
