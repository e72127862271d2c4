-- What orders are searched by. email: case-folded; whatever stands in its place when its owner was erased. payments: how many of the
-- order's stand in order_transactions.
ALTER TABLE orders ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN payments BIGINT NOT NULL DEFAULT 0;
CREATE INDEX orders_by_email ON orders (merchant, email, created_at, id);

-- Lists sorted by payment. They hold what was paid and nothing else, so a checkout writes none of them.
CREATE INDEX orders_paid ON orders (merchant, paid_at, id) WHERE paid_at IS NOT NULL;
CREATE INDEX orders_paid_by_status ON orders (merchant, status, paid_at, id) WHERE paid_at IS NOT NULL;
CREATE INDEX orders_paid_by_product ON orders (merchant, product, paid_at, id) WHERE paid_at IS NOT NULL;
CREATE INDEX orders_paid_by_customer ON orders (merchant, customer, paid_at, id) WHERE paid_at IS NOT NULL;
CREATE INDEX orders_paid_by_email ON orders (merchant, email, paid_at, id) WHERE paid_at IS NOT NULL;

-- Which orders a transaction pays. An address needs no row: its script stands in scripts with the order it was shown for.
CREATE TABLE order_transactions (
    merchant TEXT NOT NULL,
    tx_id    TEXT NOT NULL,
    order_id TEXT NOT NULL,
    PRIMARY KEY (merchant, tx_id, order_id)
);

-- An order shows what became of its events.
CREATE INDEX deliveries_by_event ON deliveries (event, id);
