-- What a person changed in a picture or film for one post, as JSON; nothing changed is an empty object.
ALTER TABLE attachment ADD COLUMN edit TEXT NOT NULL DEFAULT '{}';

-- The point that a picture's content suggests, until a person chooses one; shares of the upright width and height.
ALTER TABLE asset ADD COLUMN suggested_x REAL;
ALTER TABLE asset ADD COLUMN suggested_y REAL;
