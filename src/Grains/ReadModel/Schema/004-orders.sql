-- Orders as lists show them; view: the merchant's. Sorted by creation and id, so each filter has an index that ends in the two.
CREATE TABLE orders (
    id         TEXT   NOT NULL PRIMARY KEY,
    merchant   TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    status     TEXT   NOT NULL,
    product    TEXT   NOT NULL,
    customer   TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    paid_at    BIGINT,
    view       TEXT   NOT NULL
);
CREATE INDEX orders_by_merchant ON orders (merchant, created_at, id);
CREATE INDEX orders_by_status ON orders (merchant, status, created_at, id);
CREATE INDEX orders_by_product ON orders (merchant, product, created_at, id);
CREATE INDEX orders_by_customer ON orders (merchant, customer, created_at, id);

-- What orders have granted, or are about to; written with the order's row. email: case-folded.
CREATE TABLE entitlements (
    id       TEXT   NOT NULL PRIMARY KEY,
    merchant TEXT   NOT NULL,
    order_id TEXT   NOT NULL,
    version  BIGINT NOT NULL,
    email    TEXT   NOT NULL,
    status   TEXT   NOT NULL,
    view     TEXT   NOT NULL
);
CREATE INDEX entitlements_by_email ON entitlements (email, id);
CREATE INDEX entitlements_by_order ON entitlements (order_id);

CREATE TABLE customers (
    id         TEXT   NOT NULL PRIMARY KEY,
    merchant   TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    grain_key  TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    view       TEXT   NOT NULL
);
CREATE INDEX customers_by_merchant ON customers (merchant, id);
