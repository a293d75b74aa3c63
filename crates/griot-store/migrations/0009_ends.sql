-- When an account stops working unless a person connects it anew, where its network names such a day.
ALTER TABLE account ADD COLUMN ends_at INTEGER;
