-- When the worker may look at a delivery: at next_at where that is set; else at its due time while nothing began; else
-- at once. Nothing for what waits for a person or another delivery, and for what the worker has no more to do with. The
-- index holds only what moves, so that a long past costs the worker nothing.
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

-- What is over, by when it moved last: the foot of the queue's screen, and how many there are.
CREATE INDEX delivery_done ON delivery (updated_at, id) WHERE state IN ('published', 'cancelled');
