CREATE TABLE account (
    id         TEXT PRIMARY KEY NOT NULL,
    network    TEXT NOT NULL,
    server     TEXT NOT NULL,
    handle     TEXT NOT NULL,
    remote_id  TEXT NOT NULL,
    name       TEXT NOT NULL,
    state      TEXT NOT NULL,
    limits     TEXT,
    added_at   INTEGER NOT NULL,
    removed    INTEGER NOT NULL DEFAULT 0 CHECK (removed IN (0, 1))
, ends_at INTEGER) STRICT;

CREATE UNIQUE INDEX account_identity ON account (network, server, remote_id)
    WHERE removed = 0 AND remote_id <> '';

CREATE TABLE asset (
    id          TEXT PRIMARY KEY NOT NULL,
    hash        TEXT NOT NULL UNIQUE CHECK (length (hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    facts       TEXT NOT NULL,
    alt         TEXT NOT NULL,
    focus_x     REAL,
    focus_y     REAL,
    tags        TEXT NOT NULL,
    imported_at INTEGER NOT NULL, suggested_x REAL, suggested_y REAL,
    CHECK ((focus_x IS NULL) = (focus_y IS NULL))
) STRICT;

CREATE INDEX asset_imported ON asset (imported_at, id);

CREATE TABLE attachment (
    revision TEXT NOT NULL REFERENCES post_revision (id) ON DELETE CASCADE,
    network  TEXT NOT NULL,
    position INTEGER NOT NULL,
    asset    TEXT NOT NULL REFERENCES asset (id),
    alt      TEXT NOT NULL, edit TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (revision, network, position)
) STRICT;

CREATE INDEX attachment_asset ON attachment (asset);

CREATE TRIGGER attachment_is_final BEFORE UPDATE ON attachment
BEGIN SELECT RAISE (ABORT, 'a revision is never changed'); END;

CREATE TRIGGER attachment_stays BEFORE DELETE ON attachment
WHEN EXISTS (SELECT 1 FROM post_revision WHERE id = OLD.revision)
BEGIN SELECT RAISE (ABORT, 'a revision goes only with its post'); END;

CREATE TABLE attempt (
    id       TEXT PRIMARY KEY NOT NULL,
    delivery TEXT NOT NULL REFERENCES delivery (id),
    n        INTEGER NOT NULL,
    op       TEXT NOT NULL,
    phase    TEXT NOT NULL,
    started  INTEGER NOT NULL,
    ended    INTEGER,
    outcome  TEXT,
    detail   TEXT,
    armed    TEXT,
    UNIQUE (delivery, n)
) STRICT;

CREATE TABLE attempt_event (
    seq         INTEGER PRIMARY KEY NOT NULL,
    delivery    TEXT NOT NULL REFERENCES delivery (id),
    attempt     TEXT REFERENCES attempt (id),
    at          INTEGER NOT NULL,
    phase       TEXT NOT NULL,
    fingerprint TEXT,
    detail      TEXT NOT NULL,
    previous    TEXT NOT NULL UNIQUE,
    hash        TEXT NOT NULL UNIQUE
) STRICT;

CREATE INDEX attempt_event_attempt ON attempt_event (attempt);

CREATE INDEX attempt_event_delivery ON attempt_event (delivery, seq);

CREATE TRIGGER attempt_event_is_final BEFORE UPDATE ON attempt_event
BEGIN SELECT RAISE (ABORT, 'the journal is never changed'); END;

CREATE TRIGGER attempt_event_stays BEFORE DELETE ON attempt_event
BEGIN SELECT RAISE (ABORT, 'the journal is never cut'); END;

CREATE UNIQUE INDEX attempt_open ON attempt (delivery) WHERE ended IS NULL;

CREATE TRIGGER attempt_stays_armed BEFORE UPDATE ON attempt WHEN OLD.armed IS NOT NULL AND NEW.armed IS NULL
BEGIN SELECT RAISE (ABORT, 'what was armed is never forgotten'); END;

CREATE TABLE delivery (
    id          TEXT PRIMARY KEY NOT NULL,
    post        TEXT NOT NULL REFERENCES post (id),
    account     TEXT NOT NULL REFERENCES account (id),
    network     TEXT NOT NULL,
    state       TEXT NOT NULL,
    waiting_for TEXT,
    failed      TEXT,
    reason      TEXT,
    due         INTEGER,
    wall        TEXT,
    late        TEXT NOT NULL,
    revision    TEXT REFERENCES post_revision (id),
    part        INTEGER NOT NULL,
    previous    TEXT REFERENCES delivery (id),
    next_at     INTEGER,
    tries       INTEGER NOT NULL,
    released    INTEGER NOT NULL CHECK (released IN (0, 1)),
    moved       INTEGER NOT NULL CHECK (moved IN (0, 1)),
    url         TEXT,
    remote_id   TEXT,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
, wish TEXT, kept TEXT, amended TEXT, wakes INTEGER GENERATED ALWAYS AS (
    CASE
        WHEN state = 'published' AND wish IS NULL THEN NULL
        WHEN state NOT IN ('scheduled', 'waiting', 'preparing', 'uploading', 'processing', 'armed', 'publishing', 'handed_over', 'published')
            THEN NULL
        WHEN next_at IS NOT NULL THEN next_at
        WHEN state IN ('waiting', 'handed_over', 'published') THEN NULL
        WHEN state = 'scheduled' THEN coalesce(due, 0)
        ELSE 0
    END
) VIRTUAL, released_at INTEGER) STRICT;

CREATE INDEX delivery_account ON delivery (account, state);

CREATE INDEX delivery_done ON delivery (updated_at, id) WHERE state IN ('published', 'deleted', 'cancelled');

CREATE INDEX delivery_open ON delivery (state) WHERE state NOT IN ('published', 'deleted', 'cancelled');

CREATE INDEX delivery_pause ON delivery (state, waiting_for, next_at) WHERE next_at IS NOT NULL;

CREATE INDEX delivery_post ON delivery (post);

CREATE INDEX delivery_previous ON delivery (previous);

CREATE TABLE delivery_rendition (
    delivery  TEXT NOT NULL REFERENCES delivery (id),
    rendition TEXT NOT NULL REFERENCES rendition (id) ON DELETE CASCADE,
    PRIMARY KEY (delivery, rendition)
) STRICT;

CREATE INDEX delivery_rendition_rendition ON delivery_rendition (rendition);

CREATE INDEX delivery_revision ON delivery (revision);

CREATE INDEX delivery_turn ON delivery (account, wakes, created_at, part, id) WHERE wakes IS NOT NULL;

CREATE INDEX delivery_wakes ON delivery (wakes) WHERE wakes IS NOT NULL;

CREATE TABLE plan (
    post     TEXT PRIMARY KEY NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    accounts TEXT NOT NULL,
    mode     TEXT NOT NULL,
    at       TEXT,
    zone     TEXT,
    late     TEXT NOT NULL
) STRICT;

CREATE TABLE post (
    id         TEXT PRIMARY KEY NOT NULL,
    current    TEXT NOT NULL REFERENCES post_revision (id) DEFERRABLE INITIALLY DEFERRED,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX post_current ON post (current);

CREATE TABLE post_revision (
    id         TEXT PRIMARY KEY NOT NULL,
    post       TEXT NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    text       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (post, number)
) STRICT;

CREATE TRIGGER post_revision_is_final BEFORE UPDATE ON post_revision
BEGIN SELECT RAISE (ABORT, 'a revision is never changed'); END;

CREATE TRIGGER post_revision_stays BEFORE DELETE ON post_revision
WHEN EXISTS (SELECT 1 FROM post WHERE id = OLD.post)
BEGIN SELECT RAISE (ABORT, 'a revision goes only with its post'); END;

CREATE INDEX post_updated ON post (updated_at, id);

CREATE TABLE rendition (
    id          TEXT PRIMARY KEY NOT NULL,
    asset       TEXT NOT NULL REFERENCES asset (id),
    key         TEXT NOT NULL UNIQUE CHECK (length (key) = 64 AND key NOT GLOB '*[^0-9a-f]*'),
    path        TEXT NOT NULL,
    hash        TEXT NOT NULL,
    width       INTEGER NOT NULL,
    height      INTEGER NOT NULL,
    bytes       INTEGER NOT NULL,
    format      TEXT NOT NULL,
    quality     INTEGER,
    duration_ms INTEGER,
    video       TEXT,
    audio       TEXT,
    made_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX rendition_asset ON rendition (asset);

CREATE TABLE setting (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE sqlite_sequence(name,seq);

CREATE TABLE step (
    delivery   TEXT NOT NULL REFERENCES delivery (id),
    name       TEXT NOT NULL,
    value      TEXT NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (delivery, name)
) STRICT;

CREATE TABLE typing (
    post       TEXT PRIMARY KEY NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    content    TEXT NOT NULL,
    stamp      TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE typing_asset (
    post  TEXT NOT NULL REFERENCES typing (post) ON DELETE CASCADE,
    asset TEXT NOT NULL REFERENCES asset (id),
    PRIMARY KEY (post, asset)
) STRICT;

CREATE INDEX typing_asset_asset ON typing_asset (asset);

CREATE TABLE undo (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    op        TEXT NOT NULL,
    at        INTEGER NOT NULL,
    entry     TEXT NOT NULL,
    undone_at INTEGER
) STRICT;

CREATE TABLE upload (
    delivery TEXT NOT NULL REFERENCES delivery (id),
    at       INTEGER NOT NULL,
    bytes    INTEGER NOT NULL
) STRICT;

CREATE INDEX upload_at ON upload (at, bytes);

CREATE INDEX upload_delivery ON upload (delivery);

CREATE TABLE variant (
    revision  TEXT NOT NULL REFERENCES post_revision (id) ON DELETE CASCADE,
    network   TEXT NOT NULL,
    text      TEXT,
    own_media INTEGER NOT NULL CHECK (own_media IN (0, 1)),
    fields    TEXT NOT NULL,
    PRIMARY KEY (revision, network)
) STRICT;

CREATE TRIGGER variant_is_final BEFORE UPDATE ON variant
BEGIN SELECT RAISE (ABORT, 'a revision is never changed'); END;

CREATE TRIGGER variant_stays BEFORE DELETE ON variant
WHEN EXISTS (SELECT 1 FROM post_revision WHERE id = OLD.revision)
BEGIN SELECT RAISE (ABORT, 'a revision goes only with its post'); END;

CREATE TABLE workspace (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    id           TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    owner_device TEXT,
    owner_epoch  INTEGER,
    CHECK ((owner_device IS NULL) = (owner_epoch IS NULL))
) STRICT;
