-- Sums that are kept by difference: whoever publishes an order adds what its new row counts and takes away what its old one did, in the
-- same transaction. owner: a merchant, or a customer. day: days since 1970-01-01 UTC; 0 where no day matters. item: a product, a chain,
-- or nothing. An amount is high * 10^18 + low with low from 0 to 10^18 - 1, because sums of an asset's atoms exceed 64 bits.
CREATE TABLE totals (
    owner   TEXT   NOT NULL,
    measure TEXT   NOT NULL,
    day     BIGINT NOT NULL,
    item    TEXT   NOT NULL,
    asset   TEXT   NOT NULL,
    number  BIGINT NOT NULL,
    high    BIGINT NOT NULL,
    low     BIGINT NOT NULL,
    PRIMARY KEY (owner, measure, day, item, asset)
);

-- counted: what the row adds to the totals; counted_before: what it added before its last change, which the statement that changes it
-- answers. Null: nothing yet.
ALTER TABLE orders ADD COLUMN expires_at BIGINT;
ALTER TABLE orders ADD COLUMN counted TEXT;
ALTER TABLE orders ADD COLUMN counted_before TEXT;

-- A day that a question cuts is counted from its orders. Those that wait are not in here, so a checkout does not pay for it.
CREATE INDEX orders_expired ON orders (merchant, expires_at) WHERE status = 'expired';
