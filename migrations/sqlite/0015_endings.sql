-- When a unit's part in a campaign was ended, and why: readers of its page in the campaign are told.
ALTER TABLE registration ADD COLUMN ended_at BIGINT;
ALTER TABLE registration ADD COLUMN ended_reason TEXT NOT NULL DEFAULT '';
