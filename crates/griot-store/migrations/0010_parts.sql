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
WHERE previous IS NOT NULL AND state = 'waiting' AND waiting_for = 'late'
  -- Under a post that is out already a person may have answered by hand since: they are still asked.
  AND (SELECT lead.state FROM delivery AS lead WHERE lead.id = delivery.previous) <> 'published';
