-- Which comments wait for a moderator: modes, and rules as data. Instants are milliseconds since 1970 in UTC, days are text.

-- How comments are taken: in the whole portal (subject 0), on a campaign's page and its news, on one page. What is empty
-- is as where one is next below.
CREATE TABLE moderation_mode (
    scope TEXT NOT NULL CHECK (scope IN ('site', 'campaign', 'announcement')),
    subject_id BIGINT NOT NULL,
    mode TEXT CHECK (mode IN ('all', 'first', 'rules', 'after', 'read-only', 'closed')),
    -- The last day on which comments are taken.
    closes_on TEXT,
    set_at BIGINT NOT NULL,
    actor_id BIGINT NOT NULL REFERENCES actor (id),
    PRIMARY KEY (scope, subject_id)
);

-- What comments are tried for as they come in. What has fired is not changed: a changed rule is a row of its own.
CREATE TABLE moderation_rule (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    -- A kind of condition, and what it needs (src/domain/rule.rs).
    kind TEXT NOT NULL,
    parameter TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('flag', 'hold', 'reject')),
    -- What the sender of a rejected comment reads.
    reason_id BIGINT REFERENCES moderation_reason (id),
    state TEXT NOT NULL CHECK (state IN ('trial', 'on', 'ended')),
    -- The rule that ends when this one is switched on.
    replaces_id BIGINT REFERENCES moderation_rule (id),
    -- When it was switched on first, and when it ended.
    begins BIGINT,
    ends BIGINT,
    created_at BIGINT NOT NULL,
    actor_id BIGINT NOT NULL REFERENCES actor (id),
    CONSTRAINT moderation_rule_reason_check CHECK (action <> 'reject' OR reason_id IS NOT NULL)
);

-- A rule fired on a comment as it came in.
CREATE TABLE rule_hit (
    id INTEGER PRIMARY KEY,
    comment_id BIGINT NOT NULL REFERENCES comment (id) ON DELETE CASCADE,
    rule_id BIGINT NOT NULL REFERENCES moderation_rule (id),
    -- What was done for it.
    action TEXT NOT NULL,
    -- JSON: [["text", from, to, "words"], …], bytes of the text or the name as it was.
    words TEXT NOT NULL,
    CONSTRAINT rule_hit_key UNIQUE (comment_id, rule_id)
);
CREATE INDEX rule_hit_rule_index ON rule_hit (rule_id, id);

-- Keyed hashes of the browser's random name, and of the letters and digits of the text; both go with sender_hash.
ALTER TABLE comment ADD COLUMN author_key TEXT;
ALTER TABLE comment ADD COLUMN text_key TEXT;
CREATE INDEX comment_author_index ON comment (author_key, created_at) WHERE author_key IS NOT NULL;
CREATE INDEX comment_text_index ON comment (text_key, created_at) WHERE text_key IS NOT NULL;

-- It is shown already, and looked at afterwards.
ALTER TABLE queue_item ADD COLUMN shown BOOLEAN NOT NULL DEFAULT FALSE;

-- When the rules changed last.
CREATE INDEX change_log_rules_index ON change_log (sequence) WHERE thing_kind = 'rules';
