-- Against abuse: floods that cost one decision, senders that are blocked for a while. Instants are milliseconds since 1970
-- in UTC.

-- Too much at once on a page: its comments wait together, for one decision. One of a kind is open on a page at a time.
CREATE TABLE flood (
    id INTEGER PRIMARY KEY,
    announcement_id BIGINT NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    -- Too many without a proof of work or from one address, or what comes from blocked senders.
    kind TEXT NOT NULL CHECK (kind IN ('rush', 'blocked')),
    began_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    -- How many have come.
    arrived BIGINT NOT NULL DEFAULT 0,
    -- Those that waited were rejected, or got items of their own in the queue.
    decision TEXT CHECK (decision IN ('rejected', 'released')),
    decided_at BIGINT,
    decided_by BIGINT REFERENCES actor (id)
);
CREATE UNIQUE INDEX flood_open_key ON flood (announcement_id, kind) WHERE decided_at IS NULL;

-- Whose comments are set aside until a moment. What is theirs is told by keyed hashes of the address, which change.
CREATE TABLE blocked_sender (
    id INTEGER PRIMARY KEY,
    -- As it was when it was blocked; taken away once the block is over.
    sender_hash TEXT,
    -- The comment that it was blocked for.
    comment_id BIGINT REFERENCES comment (id) ON DELETE SET NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    actor_id BIGINT NOT NULL REFERENCES actor (id),
    until BIGINT NOT NULL,
    ended_at BIGINT,
    -- How many comments were set aside for it.
    caught BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX blocked_sender_hash_index ON blocked_sender (sender_hash) WHERE sender_hash IS NOT NULL;

-- The flood that it waits in, or waited.
ALTER TABLE comment ADD COLUMN flood_id BIGINT REFERENCES flood (id) ON DELETE SET NULL;
-- Whether the browser showed work.
ALTER TABLE comment ADD COLUMN proven BOOLEAN NOT NULL DEFAULT FALSE;
-- Whether it counts towards a flood of its page: without a proof, and its sender had not sent too much already.
ALTER TABLE comment ADD COLUMN rush BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX comment_flood_index ON comment (flood_id, created_at, id) WHERE flood_id IS NOT NULL;
CREATE INDEX comment_rush_index ON comment (discussion_id, created_at) WHERE rush;

-- What was set aside one by one waits like the others; a queue item is set aside now where it is of blocked senders.
UPDATE queue_item SET set_aside = FALSE WHERE set_aside;
ALTER TABLE comment DROP COLUMN set_aside;
