-- What the portal keeps from its first day: who decided what, announcements with their revisions, discussions with
-- their comments, receipts, uploads, and the log of what changed. Instants are milliseconds since 1970 in UTC.

-- Who acts: an account, the command line, a job, or staff on behalf of someone.
CREATE TABLE actor (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('account', 'command-line', 'job', 'citizen', 'demonstration')),
    name TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    CONSTRAINT actor_identity_key UNIQUE (kind, name, on_behalf_of)
);

-- Every decision stays: who, what, when, why. Rows are added, never changed.
CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_id BIGINT NOT NULL REFERENCES actor (id),
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    action TEXT NOT NULL,
    reason TEXT
);
CREATE INDEX decision_subject_index ON decision (subject_kind, subject_id, id);

-- What each write changed, written in the same transaction, for whoever follows (page caches, feeds).
CREATE TABLE change_log (
    sequence INTEGER PRIMARY KEY,
    at BIGINT NOT NULL,
    thing_kind TEXT NOT NULL,
    thing_id BIGINT NOT NULL
);

CREATE TABLE category (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    CONSTRAINT category_slug_key UNIQUE (slug)
);

CREATE TABLE tag (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    CONSTRAINT tag_slug_key UNIQUE (slug)
);

-- An uploaded file by the hash of its content; the file itself lies under the data folder.
CREATE TABLE upload (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'internal')),
    media_type TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    -- JSON: in which sizes it is served, each with media type, width, height and hash.
    sizes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    actor_id BIGINT NOT NULL REFERENCES actor (id),
    CONSTRAINT upload_content_key UNIQUE (sha256, visibility)
);

-- An announcement is an identity; its content is in its revisions.
CREATE TABLE announcement (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'scheduled', 'published', 'withdrawn')),
    published_revision_id BIGINT,
    category_id BIGINT REFERENCES category (id),
    first_published_at BIGINT,
    publicly_updated_at BIGINT,
    withdrawn_at BIGINT,
    withdrawn_reason TEXT,
    demonstration BOOLEAN NOT NULL DEFAULT FALSE,
    created_at BIGINT NOT NULL,
    CONSTRAINT announcement_slug_key UNIQUE (slug),
    CONSTRAINT announcement_published_check CHECK (state <> 'published' OR (published_revision_id IS NOT NULL AND first_published_at IS NOT NULL)),
    CONSTRAINT announcement_withdrawn_check CHECK (state <> 'withdrawn' OR (withdrawn_at IS NOT NULL AND withdrawn_reason IS NOT NULL))
);
CREATE INDEX announcement_latest_index ON announcement (first_published_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX announcement_category_index ON announcement (category_id, first_published_at DESC, id DESC) WHERE state = 'published';

CREATE TABLE revision (
    id INTEGER PRIMARY KEY,
    announcement_id BIGINT NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'scheduled', 'published', 'superseded')),
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
    CONSTRAINT revision_number_key UNIQUE (announcement_id, number)
);
CREATE INDEX revision_content_index ON revision (content_hash);

CREATE TABLE revision_tag (
    revision_id BIGINT NOT NULL REFERENCES revision (id) ON DELETE CASCADE,
    tag_id BIGINT NOT NULL REFERENCES tag (id),
    PRIMARY KEY (revision_id, tag_id)
);

-- The tags of what is public now, for the pages of a tag and for related announcements.
CREATE TABLE announcement_tag (
    announcement_id BIGINT NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    tag_id BIGINT NOT NULL REFERENCES tag (id),
    first_published_at BIGINT NOT NULL,
    PRIMARY KEY (tag_id, first_published_at, announcement_id)
);
CREATE INDEX announcement_tag_announcement_index ON announcement_tag (announcement_id);

-- What comments hang on: an announcement now, campaigns and examples alike.
CREATE TABLE discussion (
    id INTEGER PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    published_count BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    CONSTRAINT discussion_subject_key UNIQUE (subject_kind, subject_id)
);

-- What a citizen sent, by a code that shows its status and nothing else.
CREATE TABLE receipt (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT receipt_code_key UNIQUE (code)
);

CREATE TABLE comment (
    id INTEGER PRIMARY KEY,
    discussion_id BIGINT NOT NULL REFERENCES discussion (id) ON DELETE CASCADE,
    receipt_id BIGINT NOT NULL REFERENCES receipt (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'published', 'rejected')),
    -- Over the limit of a flood: accepted, and looked at after the others.
    set_aside BOOLEAN NOT NULL DEFAULT FALSE,
    author_name TEXT NOT NULL,
    email TEXT,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    language TEXT NOT NULL,
    reason TEXT,
    -- A keyed hash of the sender's address, taken away when it expires.
    sender_hash TEXT,
    sender_hash_expires_at BIGINT,
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    CONSTRAINT comment_receipt_key UNIQUE (receipt_id),
    CONSTRAINT comment_decided_check CHECK (state = 'waiting' OR decided_at IS NOT NULL)
);
CREATE INDEX comment_shown_index ON comment (discussion_id, created_at, id) WHERE state = 'published';
CREATE INDEX comment_recent_index ON comment (decided_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX comment_arrival_index ON comment (discussion_id, created_at);
CREATE INDEX comment_queue_index ON comment (set_aside, created_at, id) WHERE state = 'waiting';
CREATE INDEX comment_sender_index ON comment (sender_hash_expires_at) WHERE sender_hash IS NOT NULL;
CREATE INDEX comment_email_index ON comment (decided_at) WHERE email IS NOT NULL;

-- The same sending, twice, is one: a keyed hash of what was sent leads to its receipt until it expires.
CREATE TABLE submission_key (
    key_hash TEXT PRIMARY KEY,
    receipt_id BIGINT NOT NULL REFERENCES receipt (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL
);
CREATE INDEX submission_key_expiry_index ON submission_key (expires_at);

-- Folded text for search, and the text as written for ranking exact accents first.
CREATE VIRTUAL TABLE announcement_search USING fts5 (folded, exact, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3');
