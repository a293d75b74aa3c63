-- What went up: one row for each file that a network took, with its size. Read for "sent today"; it is no evidence.
CREATE TABLE upload (
    delivery TEXT NOT NULL REFERENCES delivery (id),
    at       INTEGER NOT NULL,
    bytes    INTEGER NOT NULL
) STRICT;
CREATE INDEX upload_at ON upload (at, bytes);
CREATE INDEX upload_delivery ON upload (delivery);
