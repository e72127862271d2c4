CREATE TABLE products (
    id       TEXT   NOT NULL PRIMARY KEY,
    merchant TEXT   NOT NULL,
    version  BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    active   BIGINT NOT NULL,
    deleted  BIGINT NOT NULL,
    view     TEXT   NOT NULL
);
CREATE INDEX products_by_merchant ON products (merchant, id);
CREATE INDEX products_kept ON products (merchant, id) WHERE deleted = 0;
CREATE INDEX products_active ON products (merchant, id) WHERE active = 1 AND deleted = 0;
