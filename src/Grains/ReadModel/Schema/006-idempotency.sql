-- Who may repeat what: one row per caller, method, path and Idempotency-Key. status, location and body once it has succeeded.
CREATE TABLE idempotency_keys (
    key          TEXT   NOT NULL PRIMARY KEY,
    request_hash TEXT   NOT NULL,
    seed         TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    status       BIGINT,
    location     TEXT,
    body         TEXT
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
