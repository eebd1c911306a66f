-- What becomes of a comment after it was decided: units that answer it, and whoever sent it does not leave it at that.
-- Instants are milliseconds since 1970 in UTC, days are text.

-- Whether a unit was asked about it or has answered it: pages look for that of these only.
ALTER TABLE comment ADD COLUMN followed BOOLEAN NOT NULL DEFAULT FALSE;

-- A comment was passed to a unit, which answers until a day. One at a time stands open.
CREATE TABLE handover (
    id INTEGER PRIMARY KEY,
    comment_id BIGINT NOT NULL REFERENCES comment (id) ON DELETE CASCADE,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    due TEXT NOT NULL,
    -- For the unit, never for the public.
    note TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    actor_id BIGINT NOT NULL REFERENCES actor (id),
    -- Answered, or passed to somebody else, or taken back.
    ended_at BIGINT
);
CREATE UNIQUE INDEX handover_open_key ON handover (comment_id) WHERE ended_at IS NULL;
CREATE INDEX handover_unit_index ON handover (unit_id, due, id) WHERE ended_at IS NULL;
CREATE INDEX handover_comment_index ON handover (comment_id, id);

-- A unit's answer below a comment. What is corrected keeps its place; a second one follows a reopening.
CREATE TABLE official_answer (
    id INTEGER PRIMARY KEY,
    comment_id BIGINT NOT NULL REFERENCES comment (id) ON DELETE CASCADE,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    actor_id BIGINT NOT NULL REFERENCES actor (id),
    version BIGINT NOT NULL DEFAULT 1,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    withdrawn_at BIGINT,
    -- What whoever sent the comment thinks of it: 1 not satisfied, 2 fair, 3 satisfied.
    rating BIGINT CHECK (rating BETWEEN 1 AND 3),
    rated_at BIGINT
);
CREATE INDEX official_answer_index ON official_answer (comment_id, id);
CREATE INDEX official_answer_time_index ON official_answer (created_at) WHERE withdrawn_at IS NULL;
CREATE INDEX official_answer_unit_index ON official_answer (unit_id, created_at, id);

-- What an answer said before it was corrected.
CREATE TABLE official_answer_version (
    answer_id BIGINT NOT NULL REFERENCES official_answer (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    text TEXT NOT NULL,
    actor_id BIGINT NOT NULL REFERENCES actor (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (answer_id, version)
);

-- Whoever sent a comment finds the answer wanting: once for each comment.
CREATE TABLE reopening (
    comment_id BIGINT PRIMARY KEY REFERENCES comment (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Whoever sent a comment asks for the rejection to be looked at again: once for each, by somebody else.
CREATE TABLE appeal (
    id INTEGER PRIMARY KEY,
    comment_id BIGINT NOT NULL REFERENCES comment (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'granted', 'refused', 'withdrawn')),
    text TEXT NOT NULL,
    -- Who rejected it, and so does not decide about the appeal.
    rejected_by BIGINT NOT NULL REFERENCES actor (id),
    reason_id BIGINT REFERENCES moderation_reason (id),
    reason TEXT,
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    CONSTRAINT appeal_comment_key UNIQUE (comment_id)
);

-- The queue knows floods.
CREATE TABLE queue_item_new (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('comment', 'edit', 'report', 'appeal', 'example', 'flood')),
    -- Of a comment or its reports: the comment; of an edit, an appeal, an example, a flood: that.
    subject_id BIGINT NOT NULL,
    comment_id BIGINT REFERENCES comment (id) ON DELETE CASCADE,
    -- The page.
    announcement_id BIGINT NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    since BIGINT NOT NULL,
    set_aside BOOLEAN NOT NULL DEFAULT FALSE,
    -- Who has it open, and until when that is believed.
    taken_by BIGINT REFERENCES account (id) ON DELETE SET NULL,
    taken_until BIGINT,
    decided_at BIGINT,
    decided_by BIGINT REFERENCES actor (id)
);
INSERT INTO queue_item_new SELECT id, kind, subject_id, comment_id, announcement_id, since, set_aside, taken_by, taken_until, decided_at, decided_by FROM queue_item;
DROP TABLE queue_item;
ALTER TABLE queue_item_new RENAME TO queue_item;
CREATE UNIQUE INDEX queue_item_open_key ON queue_item (kind, subject_id) WHERE decided_at IS NULL;
CREATE INDEX queue_item_open_index ON queue_item (set_aside, since, id) WHERE decided_at IS NULL;
CREATE INDEX queue_item_page_index ON queue_item (announcement_id, since, id) WHERE decided_at IS NULL;
CREATE INDEX queue_item_comment_index ON queue_item (comment_id) WHERE comment_id IS NOT NULL;
CREATE INDEX queue_item_decided_index ON queue_item (decided_at) WHERE decided_at IS NOT NULL;
