-- What has ended goes after a while, oldest first; the index holds nothing that still waits.
CREATE INDEX deliveries_finished ON deliveries (finished_at, id) WHERE finished_at IS NOT NULL;
