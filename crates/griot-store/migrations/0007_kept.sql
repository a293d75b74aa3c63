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
