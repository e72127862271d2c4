-- Sessions that were signed out; kept until the token would have ended by itself.
CREATE TABLE ended_sessions (
    key        TEXT   NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX ended_sessions_by_age ON ended_sessions (expires_at);
