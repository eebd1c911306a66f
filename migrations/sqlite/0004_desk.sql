-- no-transaction
-- The desk: accounts with their roles, the states of an announcement on its way to the public, and what keeps a text
-- from being lost. Two tables get new rules, and SQLite takes those only with a new table; without foreign keys, or
-- dropping the old one would take everything that hangs on it along.
PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;

-- Offices, departments, communes: who writes, and where roles are limited to.
CREATE TABLE unit (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    parent_id BIGINT REFERENCES unit (id),
    created_at BIGINT NOT NULL,
    CONSTRAINT unit_slug_key UNIQUE (slug)
);
CREATE INDEX unit_parent_index ON unit (parent_id);

CREATE TABLE account (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    -- Argon2id in the usual text form; empty until the owner has chosen a password.
    password_hash TEXT NOT NULL DEFAULT '',
    totp_secret TEXT,
    totp_confirmed_at BIGINT,
    -- The last step of thirty seconds whose code was taken: no code counts twice.
    totp_step BIGINT NOT NULL DEFAULT 0,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    CONSTRAINT account_name_key UNIQUE (name)
);

-- What an account may do, in a unit and those below it; without a unit everywhere.
CREATE TABLE account_role (
    id INTEGER PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('editor', 'publisher', 'moderator', 'campaign-officer', 'unit-contributor', 'administrator')),
    unit_id BIGINT REFERENCES unit (id)
);
CREATE UNIQUE INDEX account_role_key ON account_role (account_id, role, COALESCE(unit_id, 0));

CREATE TABLE recovery_code (
    id INTEGER PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL,
    used_at BIGINT
);
CREATE INDEX recovery_code_account_index ON recovery_code (account_id);

-- Who is signed in, by the hash of what the cookie holds.
CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    token_hash TEXT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    -- The password was right, the second step is still to come.
    awaits_second_step BOOLEAN NOT NULL,
    device TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT session_token_key UNIQUE (token_hash)
);
CREATE INDEX session_account_index ON session (account_id);
CREATE INDEX session_expiry_index ON session (expires_at);

-- Browsers in which the owner has signed in before: guessing elsewhere does not slow them down.
CREATE TABLE known_browser (
    token_hash TEXT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX known_browser_expiry_index ON known_browser (expires_at);

-- Wrong passwords in a row, by a keyed hash of whom they were for and where they came from.
CREATE TABLE sign_in_failure (
    key_hash TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sign_in_failure_expiry_index ON sign_in_failure (expires_at);

-- Links that let an owner choose a password, once.
CREATE TABLE account_link (
    token_hash TEXT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);

-- What administrators and publishers set in the desk.
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE announcement_new (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL,
    -- A draft has never been public; what is archived is still there to read, in no list.
    state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'withdrawn', 'archived')),
    published_revision_id BIGINT,
    category_id BIGINT REFERENCES category (id),
    unit_id BIGINT REFERENCES unit (id),
    first_published_at BIGINT,
    publicly_updated_at BIGINT,
    withdrawn_at BIGINT,
    withdrawn_reason TEXT,
    -- What takes its place, by the slug: linked from its page, or, if it has moved, led to.
    replaced_by TEXT,
    moved BOOLEAN NOT NULL DEFAULT FALSE,
    demonstration BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    CONSTRAINT announcement_slug_key UNIQUE (slug),
    CONSTRAINT announcement_published_check CHECK (state NOT IN ('published', 'archived') OR (published_revision_id IS NOT NULL AND first_published_at IS NOT NULL)),
    CONSTRAINT announcement_withdrawn_check CHECK (state <> 'withdrawn' OR (withdrawn_at IS NOT NULL AND withdrawn_reason IS NOT NULL))
);
INSERT INTO announcement_new (id, slug, state, published_revision_id, category_id, first_published_at, publicly_updated_at, withdrawn_at, withdrawn_reason, demonstration, created_at)
SELECT id, slug, CASE state WHEN 'scheduled' THEN 'draft' ELSE state END, published_revision_id, category_id, first_published_at, publicly_updated_at, withdrawn_at, withdrawn_reason, demonstration, created_at FROM announcement;
DROP TABLE announcement;
ALTER TABLE announcement_new RENAME TO announcement;
CREATE INDEX announcement_latest_index ON announcement (first_published_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX announcement_category_index ON announcement (category_id, first_published_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX announcement_demonstration_index ON announcement (id) WHERE demonstration;

CREATE TABLE revision_new (
    id INTEGER PRIMARY KEY,
    announcement_id BIGINT NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    -- draft: being written; kept: a draft of an earlier day, under a name.
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'approved', 'scheduled', 'published', 'superseded', 'kept')),
    title TEXT NOT NULL,
    lead TEXT NOT NULL,
    body_markdown TEXT NOT NULL,
    body_html TEXT NOT NULL,
    category_id BIGINT NOT NULL REFERENCES category (id),
    author_line TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT '',
    image_id BIGINT REFERENCES upload (id),
    image_caption TEXT NOT NULL DEFAULT '',
    image_credit TEXT NOT NULL DEFAULT '',
    image_alt TEXT NOT NULL DEFAULT '',
    language TEXT NOT NULL,
    change_note TEXT NOT NULL DEFAULT '',
    scheduled_at BIGINT,
    content_hash TEXT NOT NULL,
    actor_id BIGINT NOT NULL REFERENCES actor (id),
    created_at BIGINT NOT NULL,
    -- Counts the savings of a draft: who saves says which one was read.
    version BIGINT NOT NULL DEFAULT 1,
    saved_at BIGINT NOT NULL DEFAULT 0,
    published_at BIGINT,
    published_by BIGINT REFERENCES actor (id),
    -- What whoever returned it asks for.
    notes TEXT NOT NULL DEFAULT '',
    name TEXT NOT NULL DEFAULT '',
    -- Published without a second pair of eyes, until somebody has looked.
    emergency BOOLEAN NOT NULL DEFAULT FALSE,
    emergency_seen_by BIGINT REFERENCES actor (id),
    CONSTRAINT revision_number_key UNIQUE (announcement_id, number)
);
INSERT INTO revision_new (id, announcement_id, number, state, title, lead, body_markdown, body_html, category_id, author_line, source, image_id, image_caption, image_credit, image_alt, language, change_note, scheduled_at, content_hash, actor_id, created_at, saved_at, published_at, published_by)
SELECT id, announcement_id, number, CASE state WHEN 'scheduled' THEN 'draft' ELSE state END, title, lead, body_markdown, body_html, category_id, author_line, source, image_id, image_caption, image_credit, image_alt, language, change_note, NULL, content_hash, actor_id, created_at, created_at,
       CASE WHEN state IN ('published', 'superseded') THEN created_at END, CASE WHEN state IN ('published', 'superseded') THEN actor_id END FROM revision;
DROP TABLE revision;
ALTER TABLE revision_new RENAME TO revision;
CREATE INDEX revision_content_index ON revision (content_hash);
-- Of several drafts the newest is the one that is being written.
UPDATE revision SET state = 'kept' WHERE state = 'draft'
    AND number < (SELECT MAX(newest.number) FROM revision newest WHERE newest.announcement_id = revision.announcement_id);
-- One text at a time is on its way to the public.
CREATE UNIQUE INDEX revision_open_key ON revision (announcement_id) WHERE state IN ('draft', 'submitted', 'returned', 'approved', 'scheduled');
CREATE INDEX revision_state_index ON revision (state, saved_at) WHERE state IN ('draft', 'submitted', 'returned', 'approved', 'scheduled');
CREATE INDEX revision_due_index ON revision (scheduled_at) WHERE state = 'scheduled';
CREATE INDEX revision_emergency_index ON revision (id) WHERE emergency AND emergency_seen_by IS NULL;

-- Every saving of a draft, for a while: what two people wrote is merged with what both had read.
CREATE TABLE draft_save (
    revision_id BIGINT NOT NULL REFERENCES revision (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_id BIGINT NOT NULL REFERENCES actor (id),
    -- JSON: every field as it was typed.
    content TEXT NOT NULL,
    PRIMARY KEY (revision_id, version)
);
CREATE INDEX draft_save_age_index ON draft_save (at);

-- Who has a text open, told by their browser every few seconds.
CREATE TABLE editing (
    announcement_id BIGINT NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    tab TEXT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    seen_at BIGINT NOT NULL,
    PRIMARY KEY (announcement_id, tab)
);
CREATE INDEX editing_age_index ON editing (seen_at);

-- Links that show a draft to people without an account, until a day.
CREATE TABLE preview_link (
    id INTEGER PRIMARY KEY,
    token_hash TEXT NOT NULL,
    announcement_id BIGINT NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    actor_id BIGINT NOT NULL REFERENCES actor (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT preview_link_token_key UNIQUE (token_hash)
);
CREATE INDEX preview_link_announcement_index ON preview_link (announcement_id);

-- Where an announcement was to be found before.
CREATE TABLE former_slug (
    slug TEXT PRIMARY KEY,
    announcement_id BIGINT NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    at BIGINT NOT NULL
);
CREATE INDEX former_slug_announcement_index ON former_slug (announcement_id);

-- The library: pictures and documents by their names; in a text a picture goes by the hash of its fallback.
ALTER TABLE upload ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE upload ADD COLUMN alt TEXT NOT NULL DEFAULT '';
ALTER TABLE upload ADD COLUMN search_text TEXT NOT NULL DEFAULT '';
ALTER TABLE upload ADD COLUMN fallback TEXT NOT NULL DEFAULT '';
UPDATE upload SET fallback = COALESCE((SELECT json_extract(size.value, '$.sha256') FROM json_each(upload.sizes) size
    WHERE json_extract(size.value, '$.media_type') = 'image/jpeg' LIMIT 1), '');
CREATE INDEX upload_fallback_index ON upload (fallback);
CREATE INDEX upload_latest_index ON upload (created_at DESC, id DESC);

COMMIT;
PRAGMA foreign_keys = ON;
