-- Secrets that the instance makes for itself, once: the key of its token issuer and the like.
CREATE TABLE instance_secrets (
    name       varchar(100) NOT NULL PRIMARY KEY,
    value      text         NOT NULL,
    created_at timestamptz  NOT NULL DEFAULT now()
);
