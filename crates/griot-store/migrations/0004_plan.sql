-- What a person has in mind for a draft: accounts (a JSON list of ids, as they were chosen) and time. One row a post,
-- gone when the post is scheduled. mode is now, at or draft; at is a wall time as it was typed so far.
CREATE TABLE plan (
    post     TEXT PRIMARY KEY NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    accounts TEXT NOT NULL,
    mode     TEXT NOT NULL,
    at       TEXT,
    zone     TEXT,
    late     TEXT NOT NULL
) STRICT;
