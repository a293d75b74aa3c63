-- Words on their way: what a person is typing, kept at once and in no revision yet. One row a post, replaced by each
-- saving and gone when a revision is made of it. content is JSON; stamp is new with each saving.
CREATE TABLE typing (
    post       TEXT PRIMARY KEY NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    content    TEXT NOT NULL,
    stamp      TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- What those words show: an asset stays while they do.
CREATE TABLE typing_asset (
    post  TEXT NOT NULL REFERENCES typing (post) ON DELETE CASCADE,
    asset TEXT NOT NULL REFERENCES asset (id),
    PRIMARY KEY (post, asset)
) STRICT;
CREATE INDEX typing_asset_asset ON typing_asset (asset);
