-- Subscriptions as the fan-out reads them. events: names between spaces, ` order.paid order.expired `, or ` * `.
CREATE TABLE webhooks (
    id         TEXT   NOT NULL PRIMARY KEY,
    merchant   TEXT   NOT NULL,
    version    BIGINT NOT NULL,
    events     TEXT   NOT NULL,
    active     BIGINT NOT NULL,
    deleted    BIGINT NOT NULL,
    view       TEXT   NOT NULL
);
CREATE INDEX webhooks_by_merchant ON webhooks (merchant, id);

-- The queue: one row per event and subscription, and one more for each redelivery.
CREATE TABLE deliveries (
    id         TEXT   NOT NULL PRIMARY KEY,
    webhook    TEXT   NOT NULL,
    event      TEXT   NOT NULL,
    type       TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    sequence   BIGINT NOT NULL,
    status     TEXT   NOT NULL,
    attempts   BIGINT NOT NULL,
    due_at     BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX deliveries_by_webhook ON deliveries (webhook, id);
CREATE INDEX deliveries_due ON deliveries (webhook, due_at, id) WHERE due_at IS NOT NULL;
