-- A workspace as version 10 left it, with a row in every table, a live post that is to be removed, an account whose network tells when it ends, and a late post that was let go. Never edited: it is what people have on their disks.
BEGIN TRANSACTION;
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
) STRICT;
INSERT INTO "account" VALUES('01a229f1-2800-7101-8101-010101010101','mastodon','https://mastodon.example','@person1@mastodon.example','1','Person 1','connected',NULL,1796000000000,0);
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
INSERT INTO "asset" VALUES('01a229f1-2800-7101-8101-010101010101','0101010101010101010101010101010101010101010101010101010101010101','Photo 1.jpg','image','{"kind":"image","format":"jpeg","width":4000,"height":3000,"bytes":2000000,"animated":false,"alpha":false,"duration_ms":null,"video_codec":null,"audio_codec":null,"fps":null,"metadata":["exif"]}','',NULL,NULL,'[]',1796000001000,0.25,0.75);
INSERT INTO "asset" VALUES('01a229f1-2800-7202-8202-020202020202','0202020202020202020202020202020202020202020202020202020202020202','Photo 2.jpg','image','{"kind":"image","format":"jpeg","width":4000,"height":3000,"bytes":2000000,"animated":false,"alpha":false,"duration_ms":null,"video_codec":null,"audio_codec":null,"fps":null,"metadata":["exif"]}','Le fleuve',0.25,0.5,'["fleuve"]',1796000002000,NULL,NULL);
CREATE TABLE attachment (
    revision TEXT NOT NULL REFERENCES post_revision (id) ON DELETE CASCADE,
    network  TEXT NOT NULL,
    position INTEGER NOT NULL,
    asset    TEXT NOT NULL REFERENCES asset (id),
    alt      TEXT NOT NULL, edit TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (revision, network, position)
) STRICT;
INSERT INTO "attachment" VALUES('01a229f1-2800-7101-8101-010101010101','',0,'01a229f1-2800-7202-8202-020202020202','the second first','{}');
INSERT INTO "attachment" VALUES('01a229f1-2800-7101-8101-010101010101','',1,'01a229f1-2800-7101-8101-010101010101','','{}');
INSERT INTO "attachment" VALUES('01a229f1-2800-7101-8101-010101010101','bluesky',0,'01a229f1-2800-7101-8101-010101010101','for the blue','{}');
INSERT INTO "attachment" VALUES('01a229f1-2800-7202-8202-020202020202','',0,'01a229f1-2800-7202-8202-020202020202','the second first','{"turn":1,"flip":false,"straighten":-150,"adjust":{"brightness":10,"contrast":0,"saturation":0,"warmth":0},"overlays":[],"frames":{"bluesky":{"preset":null,"fit":"blur","focus":null,"crop":null}},"trim":null,"cover_ms":null,"subtitles":null,"mute":false,"level":false,"max_megabytes":null}');
INSERT INTO "attachment" VALUES('01a229f1-2800-7202-8202-020202020202','',1,'01a229f1-2800-7101-8101-010101010101','','{}');
INSERT INTO "attachment" VALUES('01a229f1-2800-7202-8202-020202020202','bluesky',0,'01a229f1-2800-7101-8101-010101010101','for the blue','{}');
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
INSERT INTO "attempt" VALUES('01a229f1-2800-7101-8101-010101010101','01a229f1-2800-7101-8101-010101010101',1,'publish','armed',1796000000000,NULL,NULL,NULL,'{"at":"2026-11-30T00:53:25.000Z","server_date":"2026-11-30T00:53:24.000Z","newest_own":null,"key":"3kfixture","fingerprint":"abababababababababababababababababababababababababababababababab","body":{"text":"Bonjour"},"maybe_sent":true,"sent_at":"2026-11-30T00:53:25.000Z","absent_at":null,"resends":0}');
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
INSERT INTO "attempt_event" VALUES(1,'01a229f1-2800-7101-8101-010101010101',NULL,1796000000000,'scheduled',NULL,'{"n":0}','0000000000000000000000000000000000000000000000000000000000000000','7f3c556c4c6855aafd7276b242a491aa8bbad99726da5eb3fd00776c09035d1c');
INSERT INTO "attempt_event" VALUES(2,'01a229f1-2800-7101-8101-010101010101','01a229f1-2800-7101-8101-010101010101',1796000001000,'started',NULL,'{"n":1}','7f3c556c4c6855aafd7276b242a491aa8bbad99726da5eb3fd00776c09035d1c','f4219e281190e0b78a39bc1a5971f5c9cd9ea4da22328d3928c27e947b4f391d');
INSERT INTO "attempt_event" VALUES(3,'01a229f1-2800-7101-8101-010101010101','01a229f1-2800-7101-8101-010101010101',1796000002000,'armed','abababababababababababababababababababababababababababababababab','{"n":2}','f4219e281190e0b78a39bc1a5971f5c9cd9ea4da22328d3928c27e947b4f391d','f137e66ad7eb48229d2de5efae867822f9f3771ec8b0d25014855298d41cf8f2');
INSERT INTO "attempt_event" VALUES(4,'01a229f1-2800-7101-8101-010101010101','01a229f1-2800-7101-8101-010101010101',1796000003000,'sent','abababababababababababababababababababababababababababababababab','{"n":3}','f137e66ad7eb48229d2de5efae867822f9f3771ec8b0d25014855298d41cf8f2','bfc5893a213ec6489a38dcec52b74875160b24a68136978bc6b17e0586f1f0d7');
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
) STRICT;
INSERT INTO "delivery" VALUES('01a229f1-2800-7101-8101-010101010101','01a229f1-2800-7101-8101-010101010101','01a229f1-2800-7101-8101-010101010101','mastodon','armed',NULL,NULL,NULL,NULL,NULL,'hold','01a229f1-2800-7202-8202-020202020202',0,NULL,NULL,0,0,0,NULL,NULL,1796000000000,1796000000000);
INSERT INTO "delivery" VALUES('01a229f1-2800-7202-8202-020202020202','01a229f1-2800-7101-8101-010101010101','01a229f1-2800-7101-8101-010101010101','mastodon','scheduled',NULL,NULL,NULL,1796112000000,'{"local":"2026-12-01T09:00","zone":"Africa/Casablanca","tzdata":"2025b"}','hold',NULL,0,NULL,NULL,0,0,0,NULL,NULL,1796000000000,1796000000000);
CREATE TABLE delivery_rendition (
    delivery  TEXT NOT NULL REFERENCES delivery (id),
    rendition TEXT NOT NULL REFERENCES rendition (id) ON DELETE CASCADE,
    PRIMARY KEY (delivery, rendition)
) STRICT;
INSERT INTO "delivery_rendition" VALUES('01a229f1-2800-7101-8101-010101010101','01a229f1-2800-7101-8101-010101010101');
CREATE TABLE post (
    id         TEXT PRIMARY KEY NOT NULL,
    current    TEXT NOT NULL REFERENCES post_revision (id) DEFERRABLE INITIALLY DEFERRED,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
INSERT INTO "post" VALUES('01a229f1-2800-7101-8101-010101010101','01a229f1-2800-7202-8202-020202020202',1796000001000,1796000002000);
CREATE TABLE post_revision (
    id         TEXT PRIMARY KEY NOT NULL,
    post       TEXT NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    text       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (post, number)
) STRICT;
INSERT INTO "post_revision" VALUES('01a229f1-2800-7101-8101-010101010101','01a229f1-2800-7101-8101-010101010101',1,'Hello',1796000001000);
INSERT INTO "post_revision" VALUES('01a229f1-2800-7202-8202-020202020202','01a229f1-2800-7101-8101-010101010101',2,'Bonjour Bamako — ߒߞߏ',1796000002000);
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
INSERT INTO "rendition" VALUES('01a229f1-2800-7101-8101-010101010101','01a229f1-2800-7101-8101-010101010101','0101010101010101010101010101010101010101010101010101010101010101','media/renditions/01.jpg','0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f',1080,1350,300000,'jpeg',82,NULL,NULL,NULL,1796000001000);
CREATE TABLE setting (
    key   TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;
INSERT INTO "setting" VALUES('zone','"Africa/Bamako"');
CREATE TABLE step (
    delivery   TEXT NOT NULL REFERENCES delivery (id),
    name       TEXT NOT NULL,
    value      TEXT NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (delivery, name)
) STRICT;
INSERT INTO "step" VALUES('01a229f1-2800-7101-8101-010101010101','blob:1','{"cid":"bafy"}',1796003600000);
CREATE TABLE typing (
    post       TEXT PRIMARY KEY NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    content    TEXT NOT NULL,
    stamp      TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
INSERT INTO "typing" VALUES('01a229f1-2800-7101-8101-010101010101','{"text":"Bonjour Bamako, bonjour Ségou","media":[{"asset":"01a229f1-2800-7101-8101-010101010101","alt":""}],"variants":{}}','00112233445566778899',1796000002000);
CREATE TABLE typing_asset (
    post  TEXT NOT NULL REFERENCES typing (post) ON DELETE CASCADE,
    asset TEXT NOT NULL REFERENCES asset (id),
    PRIMARY KEY (post, asset)
) STRICT;
INSERT INTO "typing_asset" VALUES('01a229f1-2800-7101-8101-010101010101','01a229f1-2800-7101-8101-010101010101');
CREATE TABLE undo (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    op        TEXT NOT NULL,
    at        INTEGER NOT NULL,
    entry     TEXT NOT NULL,
    undone_at INTEGER
) STRICT;
INSERT INTO "undo" VALUES(1,'edit_post',1796000002000,'{"current":{}}',NULL);
CREATE TABLE variant (
    revision  TEXT NOT NULL REFERENCES post_revision (id) ON DELETE CASCADE,
    network   TEXT NOT NULL,
    text      TEXT,
    own_media INTEGER NOT NULL CHECK (own_media IN (0, 1)),
    fields    TEXT NOT NULL,
    PRIMARY KEY (revision, network)
) STRICT;
INSERT INTO "variant" VALUES('01a229f1-2800-7101-8101-010101010101','bluesky',NULL,1,'{}');
INSERT INTO "variant" VALUES('01a229f1-2800-7101-8101-010101010101','mastodon','',1,'{"visibility":"unlisted"}');
INSERT INTO "variant" VALUES('01a229f1-2800-7202-8202-020202020202','bluesky',NULL,1,'{}');
INSERT INTO "variant" VALUES('01a229f1-2800-7202-8202-020202020202','mastodon','',1,'{"visibility":"unlisted"}');
CREATE TABLE workspace (
    one          INTEGER PRIMARY KEY CHECK (one = 1),
    id           TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    owner_device TEXT,
    owner_epoch  INTEGER,
    CHECK ((owner_device IS NULL) = (owner_epoch IS NULL))
) STRICT;
INSERT INTO "workspace" VALUES(1,'01a229f1-2800-7000-8000-000000000000',1796000000000,'01a229f1-2800-7101-8101-010101010101',3);
CREATE INDEX asset_imported ON asset (imported_at, id);
CREATE INDEX rendition_asset ON rendition (asset);
CREATE TABLE upload (
    delivery TEXT NOT NULL REFERENCES delivery (id),
    at       INTEGER NOT NULL,
    bytes    INTEGER NOT NULL
) STRICT;
INSERT INTO upload VALUES('01a229f1-2800-7101-8101-010101010101',1764576000000,48213);
CREATE TABLE plan (
    post     TEXT PRIMARY KEY NOT NULL REFERENCES post (id) ON DELETE CASCADE,
    accounts TEXT NOT NULL,
    mode     TEXT NOT NULL,
    at       TEXT,
    zone     TEXT,
    late     TEXT NOT NULL
) STRICT;
INSERT INTO plan VALUES('01a229f1-2800-7101-8101-010101010101','["01a229f1-2800-7101-8101-010101010101"]','at','2026-12-01T09:00','Africa/Bamako','publish:30');
CREATE UNIQUE INDEX account_identity ON account (network, server, remote_id)
    WHERE removed = 0 AND remote_id <> '';
CREATE INDEX post_updated ON post (updated_at, id);
CREATE INDEX post_current ON post (current);
CREATE INDEX attachment_asset ON attachment (asset);
CREATE TRIGGER post_revision_is_final BEFORE UPDATE ON post_revision
BEGIN SELECT RAISE (ABORT, 'a revision is never changed'); END;
CREATE TRIGGER variant_is_final BEFORE UPDATE ON variant
BEGIN SELECT RAISE (ABORT, 'a revision is never changed'); END;
CREATE TRIGGER attachment_is_final BEFORE UPDATE ON attachment
BEGIN SELECT RAISE (ABORT, 'a revision is never changed'); END;
CREATE TRIGGER post_revision_stays BEFORE DELETE ON post_revision
WHEN EXISTS (SELECT 1 FROM post WHERE id = OLD.post)
BEGIN SELECT RAISE (ABORT, 'a revision goes only with its post'); END;
CREATE TRIGGER variant_stays BEFORE DELETE ON variant
WHEN EXISTS (SELECT 1 FROM post_revision WHERE id = OLD.revision)
BEGIN SELECT RAISE (ABORT, 'a revision goes only with its post'); END;
CREATE TRIGGER attachment_stays BEFORE DELETE ON attachment
WHEN EXISTS (SELECT 1 FROM post_revision WHERE id = OLD.revision)
BEGIN SELECT RAISE (ABORT, 'a revision goes only with its post'); END;
CREATE INDEX delivery_post ON delivery (post);
CREATE INDEX delivery_account ON delivery (account, state);
CREATE INDEX delivery_revision ON delivery (revision);
CREATE INDEX delivery_previous ON delivery (previous);
CREATE INDEX delivery_open ON delivery (state) WHERE state NOT IN ('published', 'cancelled');
CREATE INDEX delivery_rendition_rendition ON delivery_rendition (rendition);
CREATE UNIQUE INDEX attempt_open ON attempt (delivery) WHERE ended IS NULL;
CREATE TRIGGER attempt_stays_armed BEFORE UPDATE ON attempt WHEN OLD.armed IS NOT NULL AND NEW.armed IS NULL
BEGIN SELECT RAISE (ABORT, 'what was armed is never forgotten'); END;
CREATE INDEX attempt_event_delivery ON attempt_event (delivery, seq);
CREATE INDEX attempt_event_attempt ON attempt_event (attempt);
CREATE TRIGGER attempt_event_is_final BEFORE UPDATE ON attempt_event
BEGIN SELECT RAISE (ABORT, 'the journal is never changed'); END;
CREATE TRIGGER attempt_event_stays BEFORE DELETE ON attempt_event
BEGIN SELECT RAISE (ABORT, 'the journal is never cut'); END;
CREATE INDEX typing_asset_asset ON typing_asset (asset);
CREATE INDEX upload_at ON upload (at, bytes);
CREATE INDEX upload_delivery ON upload (delivery);
ALTER TABLE delivery ADD COLUMN wakes INTEGER GENERATED ALWAYS AS (
    CASE
        WHEN state NOT IN ('scheduled', 'waiting', 'preparing', 'uploading', 'processing', 'armed', 'publishing') THEN NULL
        WHEN next_at IS NOT NULL THEN next_at
        WHEN state = 'waiting' THEN NULL
        WHEN state = 'scheduled' THEN coalesce(due, 0)
        ELSE 0
    END
) VIRTUAL;
CREATE INDEX delivery_wakes ON delivery (wakes) WHERE wakes IS NOT NULL;
CREATE INDEX delivery_done ON delivery (updated_at, id) WHERE state IN ('published', 'cancelled');
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('undo',1);
-- What a person asked of the network that keeps a delivery (or is to keep it), and what the network keeps.
ALTER TABLE delivery ADD COLUMN wish TEXT;
ALTER TABLE delivery ADD COLUMN kept TEXT;

-- What a network keeps is looked at, too: at next_at. The generated column cannot be changed in place.
DROP INDEX delivery_wakes;
ALTER TABLE delivery DROP COLUMN wakes;
ALTER TABLE delivery ADD COLUMN wakes INTEGER GENERATED ALWAYS AS (
    CASE
        WHEN state NOT IN ('scheduled', 'waiting', 'preparing', 'uploading', 'processing', 'armed', 'publishing', 'handed_over')
            THEN NULL
        WHEN next_at IS NOT NULL THEN next_at
        WHEN state IN ('waiting', 'handed_over') THEN NULL
        WHEN state = 'scheduled' THEN coalesce(due, 0)
        ELSE 0
    END
) VIRTUAL;
CREATE INDEX delivery_wakes ON delivery (wakes) WHERE wakes IS NOT NULL;
UPDATE delivery SET state = 'handed_over', wish = 'move', next_at = 1796108460000,
    kept = '{"id":"42","at":"2026-12-01T08:00:00.000Z","missing":null}'
WHERE id = '01a229f1-2800-7202-8202-020202020202';
-- What became of a post after it was live: the text that was asked for, the one that is there now, when it was removed.
ALTER TABLE delivery ADD COLUMN amended TEXT;

-- What is live and is to be changed or removed is looked at, too: at next_at.
DROP INDEX delivery_wakes;
ALTER TABLE delivery DROP COLUMN wakes;
ALTER TABLE delivery ADD COLUMN wakes INTEGER GENERATED ALWAYS AS (
    CASE
        WHEN state = 'published' AND wish IS NULL THEN NULL
        WHEN state NOT IN ('scheduled', 'waiting', 'preparing', 'uploading', 'processing', 'armed', 'publishing', 'handed_over', 'published')
            THEN NULL
        WHEN next_at IS NOT NULL THEN next_at
        WHEN state IN ('waiting', 'handed_over', 'published') THEN NULL
        WHEN state = 'scheduled' THEN coalesce(due, 0)
        ELSE 0
    END
) VIRTUAL;
CREATE INDEX delivery_wakes ON delivery (wakes) WHERE wakes IS NOT NULL;

-- What was removed from its network is over.
DROP INDEX delivery_open;
CREATE INDEX delivery_open ON delivery (state) WHERE state NOT IN ('published', 'deleted', 'cancelled');
DROP INDEX delivery_done;
CREATE INDEX delivery_done ON delivery (updated_at, id) WHERE state IN ('published', 'deleted', 'cancelled');
UPDATE delivery SET state = 'published', wish = 'delete', kept = NULL, next_at = 1796108460000, remote_id = '42', url = 'https://mastodon.example/@person1/42',
    amended = '{"asked":null,"text":"Corrected","edited":"2026-11-30T08:00:00.000Z","deleted":null,"answered":null,"missing":null}'
WHERE id = '01a229f1-2800-7202-8202-020202020202';
-- When an account stops working unless a person connects it anew, where its network names such a day.
ALTER TABLE account ADD COLUMN ends_at INTEGER;
UPDATE account SET ends_at = 1796299200000 WHERE id = '01a229f1-2800-7101-8101-010101010101';

-- When a person let a late delivery go: that was for then, and is asked again once its margin has passed.
ALTER TABLE delivery ADD COLUMN released_at INTEGER;
UPDATE delivery SET released_at = updated_at WHERE released = 1;

-- The next delivery of one account, and the first pause of one kind to end: found at once, however many wait behind.
CREATE INDEX delivery_turn ON delivery (account, wakes, created_at, part, id) WHERE wakes IS NOT NULL;
CREATE INDEX delivery_pause ON delivery (state, waiting_for, next_at) WHERE next_at IS NOT NULL;

-- What follows a post shows that post's time, and is not late by itself: what was held for that waits for its post.
UPDATE delivery SET (due, wall, late) = (SELECT lead.due, lead.wall, lead.late FROM delivery AS lead WHERE lead.id = delivery.previous)
WHERE previous IS NOT NULL AND state NOT IN ('published', 'deleted', 'cancelled');
UPDATE delivery SET waiting_for = 'previous_part', next_at = 0
WHERE previous IS NOT NULL AND state = 'waiting' AND waiting_for = 'late';

-- One of them was let go.
UPDATE delivery SET released = 1, released_at = 1796112000000 WHERE id = (SELECT id FROM delivery WHERE state <> 'published' ORDER BY id LIMIT 1);
COMMIT;
PRAGMA user_version = 10;
PRAGMA application_id = 1196575055;
