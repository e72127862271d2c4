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
CREATE INDEX webhooks_by_merchant ON webhooks (merchant, id) WHERE deleted = 0;

-- The queue: one row per event and subscription, and one more for each redelivery and each ping. Rows of one lane go one after
-- another: a lane is the subject of the event, or the row itself where nothing has to wait. due_at is null while a row is on its way,
-- waits behind an earlier one of its lane, or is finished, so that looking for due rows costs the same however many wait.
CREATE TABLE deliveries (
    id          TEXT   NOT NULL PRIMARY KEY,
    webhook     TEXT   NOT NULL,
    event       TEXT   NOT NULL,
    type        TEXT   NOT NULL,
    lane        TEXT   NOT NULL,
    sequence    BIGINT NOT NULL,
    status      TEXT   NOT NULL,
    attempts    BIGINT NOT NULL,
    attempt_at  BIGINT,
    due_at      BIGINT,
    created_at  BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX deliveries_by_webhook ON deliveries (webhook, id);
CREATE INDEX deliveries_due ON deliveries (webhook, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX deliveries_sending ON deliveries (webhook) WHERE status = 'sending';
CREATE INDEX deliveries_by_lane ON deliveries (webhook, lane, sequence, id) WHERE finished_at IS NULL;

-- Attempts that have ended. One on its way stands in its delivery: status, attempts and attempt_at are written before the POST.
CREATE TABLE delivery_attempts (
    delivery TEXT   NOT NULL,
    number   BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    status   BIGINT,
    duration BIGINT,
    response TEXT,
    request  TEXT,
    PRIMARY KEY (delivery, number)
);
