-- Every script that was ever shown as an address, with who wants to hear of it. Two orders never share one.
CREATE TABLE scripts (
    chain      TEXT   NOT NULL,
    script     TEXT   NOT NULL,
    listener   TEXT   NOT NULL,
    key_id     TEXT   NOT NULL,
    key_index  BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (chain, script)
);
CREATE INDEX scripts_by_listener ON scripts (listener);

-- The followers' journal: headers of the last blocks, so that a reorg finds its fork. read_at: our clock when it was matched.
CREATE TABLE blocks (
    chain   TEXT   NOT NULL,
    height  BIGINT NOT NULL,
    hash    TEXT   NOT NULL,
    time    BIGINT NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (chain, height)
);

-- Payments to watched scripts, until they are settled and below the journal. unheard: the listener has yet to acknowledge what
-- the row says. settled: deep enough for its listener, or gone, and heard. wanted: the depth it asked for; null until it has answered.
CREATE TABLE chain_payments (
    chain         TEXT   NOT NULL,
    id            TEXT   NOT NULL,
    script        TEXT   NOT NULL,
    listener      TEXT   NOT NULL,
    atoms         TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    first_seen_at BIGINT NOT NULL,
    height        BIGINT,
    block_time    BIGINT,
    wanted        BIGINT,
    unheard       BIGINT NOT NULL,
    settled       BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL,
    PRIMARY KEY (chain, id)
);
CREATE INDEX chain_payments_by_height ON chain_payments (chain, height);
CREATE INDEX chain_payments_open ON chain_payments (chain, id) WHERE settled = 0;

-- The chain inside the service: blocks and transactions in Bitcoin's serialization, in hex. height: null while unconfirmed.
CREATE TABLE sandbox_blocks (
    height BIGINT NOT NULL PRIMARY KEY,
    hash   TEXT   NOT NULL,
    raw    TEXT   NOT NULL
);
CREATE UNIQUE INDEX sandbox_blocks_by_hash ON sandbox_blocks (hash);

CREATE TABLE sandbox_transactions (
    number BIGINT NOT NULL PRIMARY KEY,
    id     TEXT   NOT NULL,
    raw    TEXT   NOT NULL,
    height BIGINT
);
CREATE UNIQUE INDEX sandbox_transactions_by_id ON sandbox_transactions (id);
CREATE INDEX sandbox_transactions_by_height ON sandbox_transactions (height, number);

CREATE TABLE sandbox_counters (
    name TEXT   NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
