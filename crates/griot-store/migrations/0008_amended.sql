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
