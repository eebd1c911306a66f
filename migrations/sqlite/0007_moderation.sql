-- Discussions with threads, and everything that waits for moderators in one queue. Instants are milliseconds since 1970
-- in UTC, days are text.

CREATE TABLE comment_new (
    id INTEGER PRIMARY KEY,
    discussion_id BIGINT NOT NULL REFERENCES discussion (id) ON DELETE CASCADE,
    receipt_id BIGINT NOT NULL REFERENCES receipt (id),
    -- The comment that its thread begins with; none for that one.
    thread_id BIGINT REFERENCES comment (id) ON DELETE CASCADE,
    -- The comment that it answers.
    reply_to_id BIGINT REFERENCES comment (id) ON DELETE SET NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'published', 'rejected', 'withdrawn', 'erased')),
    -- Goes up with each change of the text: whoever decides says which one was read.
    version BIGINT NOT NULL DEFAULT 1,
    -- Whether it has a place on the page: published, or gone with answers that are.
    shown BOOLEAN NOT NULL DEFAULT FALSE,
    -- Whether it is one of the answers that stand below its thread's first comment at once.
    previewed BOOLEAN NOT NULL DEFAULT FALSE,
    -- How many answers of its thread are shown, for the first comment.
    replies BIGINT NOT NULL DEFAULT 0,
    agreed BIGINT NOT NULL DEFAULT 0,
    -- Over the limit of a flood: accepted, and looked at after the others.
    set_aside BOOLEAN NOT NULL DEFAULT FALSE,
    author_name TEXT NOT NULL,
    email TEXT,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    language TEXT NOT NULL,
    -- Why it was rejected: one of the published reasons, and what the moderator added.
    reason_id BIGINT,
    reason TEXT,
    -- A keyed hash of the sender's address, taken away when it expires.
    sender_hash TEXT,
    sender_hash_expires_at BIGINT,
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    edited_at BIGINT,
    CONSTRAINT comment_receipt_key UNIQUE (receipt_id),
    CONSTRAINT comment_decided_check CHECK (state = 'waiting' OR decided_at IS NOT NULL)
);
INSERT INTO comment_new (id, discussion_id, receipt_id, state, shown, set_aside, author_name, email, text, html, language, reason,
                         sender_hash, sender_hash_expires_at, created_at, decided_at)
SELECT id, discussion_id, receipt_id, state, state = 'published', set_aside, author_name, email, text, html, language, reason,
       sender_hash, sender_hash_expires_at, created_at, decided_at FROM comment;
DROP TABLE comment;
ALTER TABLE comment_new RENAME TO comment;
CREATE INDEX comment_shown_index ON comment (discussion_id, created_at, id) WHERE shown AND thread_id IS NULL;
CREATE INDEX comment_agreed_index ON comment (discussion_id, agreed, id) WHERE shown AND thread_id IS NULL;
CREATE INDEX comment_thread_index ON comment (thread_id, created_at, id) WHERE shown AND thread_id IS NOT NULL;
CREATE INDEX comment_preview_index ON comment (thread_id, created_at, id) WHERE previewed;
CREATE INDEX comment_answered_index ON comment (thread_id);
CREATE INDEX comment_reply_index ON comment (reply_to_id) WHERE reply_to_id IS NOT NULL;
CREATE INDEX comment_recent_index ON comment (decided_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX comment_arrival_index ON comment (discussion_id, created_at);
CREATE INDEX comment_sender_index ON comment (sender_hash_expires_at) WHERE sender_hash IS NOT NULL;
CREATE INDEX comment_from_index ON comment (sender_hash, created_at) WHERE sender_hash IS NOT NULL;
CREATE INDEX comment_email_index ON comment (decided_at) WHERE email IS NOT NULL;
CREATE INDEX comment_gone_index ON comment (decided_at) WHERE state = 'withdrawn' AND text <> '';

-- What a sender changed: at once while it waited, or waiting itself while the old text stays.
CREATE TABLE comment_edit (
    id INTEGER PRIMARY KEY,
    comment_id BIGINT NOT NULL REFERENCES comment (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'taken', 'rejected', 'withdrawn')),
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    -- What it takes the place of.
    old_text TEXT NOT NULL,
    old_html TEXT NOT NULL,
    reason_id BIGINT,
    reason TEXT,
    created_at BIGINT NOT NULL,
    decided_at BIGINT
);
CREATE INDEX comment_edit_index ON comment_edit (comment_id, id);
CREATE UNIQUE INDEX comment_edit_waiting_key ON comment_edit (comment_id) WHERE state = 'waiting';

-- Somebody agrees: one row for each browser.
CREATE TABLE agreement (
    comment_id BIGINT NOT NULL REFERENCES comment (id) ON DELETE CASCADE,
    voter_hash TEXT NOT NULL,
    -- A keyed hash of the address, of that day: for the work that further voters from there do.
    address_hash TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (comment_id, voter_hash)
);
CREATE INDEX agreement_address_index ON agreement (address_hash, created_at) WHERE address_hash IS NOT NULL;

-- Work that a browser has shown and can't show again.
CREATE TABLE spent_proof (
    hash TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX spent_proof_expiry_index ON spent_proof (expires_at);

-- Why a comment can be rejected or reported. A changed reason is a new row; the old one ends.
CREATE TABLE moderation_reason (
    id INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    place BIGINT NOT NULL,
    begins BIGINT NOT NULL,
    ends BIGINT,
    actor_id BIGINT REFERENCES actor (id)
);
CREATE UNIQUE INDEX moderation_reason_code_key ON moderation_reason (code) WHERE ends IS NULL;
INSERT INTO moderation_reason (code, name_vi, name_en, place, begins) VALUES
    ('off-topic', 'Không liên quan đến nội dung của trang', 'Has nothing to do with the page', 1, 0),
    ('insult', 'Xúc phạm, đe doạ hoặc kích động chia rẽ', 'Insults, threatens or incites', 2, 0),
    ('personal-data', 'Lộ thông tin cá nhân của người viết hoặc người khác', 'Reveals personal data of the writer or of others', 3, 0),
    ('advertising', 'Quảng cáo, mua bán hoặc dẫn sang trang lạ', 'Advertises, sells, or leads to strange sites', 4, 0),
    ('repeated', 'Lặp lại phản hồi đã gửi', 'Repeats a comment that was sent', 5, 0),
    ('false', 'Thông tin sai sự thật đã được kiểm chứng', 'Says what has been shown to be false', 6, 0),
    ('unlawful', 'Vi phạm pháp luật', 'Breaks the law', 7, 0),
    ('other', 'Lý do khác, ghi rõ ở dưới', 'Another reason, written below', 8, 0);

-- Somebody thinks that a comment should not stand: one row for each browser.
CREATE TABLE comment_report (
    id INTEGER PRIMARY KEY,
    comment_id BIGINT NOT NULL REFERENCES comment (id) ON DELETE CASCADE,
    reason_id BIGINT NOT NULL REFERENCES moderation_reason (id),
    note TEXT NOT NULL,
    voter_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    CONSTRAINT comment_report_key UNIQUE (comment_id, voter_hash)
);
CREATE INDEX comment_report_open_index ON comment_report (comment_id, id) WHERE decided_at IS NULL;

-- What waits for a moderator, whatever it is.
CREATE TABLE queue_item (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('comment', 'edit', 'report', 'appeal', 'example')),
    -- Of a comment or its reports: the comment; of an edit, an appeal, an example: that.
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
CREATE UNIQUE INDEX queue_item_open_key ON queue_item (kind, subject_id) WHERE decided_at IS NULL;
CREATE INDEX queue_item_open_index ON queue_item (set_aside, since, id) WHERE decided_at IS NULL;
CREATE INDEX queue_item_page_index ON queue_item (announcement_id, since, id) WHERE decided_at IS NULL;
CREATE INDEX queue_item_comment_index ON queue_item (comment_id) WHERE comment_id IS NOT NULL;
CREATE INDEX queue_item_decided_index ON queue_item (decided_at) WHERE decided_at IS NOT NULL;
INSERT INTO queue_item (kind, subject_id, comment_id, announcement_id, since, set_aside)
SELECT 'comment', c.id, c.id, d.subject_id, c.created_at, c.set_aside
FROM comment c JOIN discussion d ON d.id = c.discussion_id AND d.subject_kind = 'announcement' WHERE c.state = 'waiting';

INSERT INTO queue_item (kind, subject_id, announcement_id, since) SELECT 'example', id, id, sent_at FROM example WHERE state = 'waiting';

-- Which of the reasons a decision was made for, and on what page, for figures and the log.
ALTER TABLE decision ADD COLUMN reason_id BIGINT REFERENCES moderation_reason (id);
CREATE INDEX decision_time_index ON decision (subject_kind, at, id);

-- What was decided stays as it was written.
CREATE TRIGGER decision_is_not_changed BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'a decision is not changed'); END;
CREATE TRIGGER decision_is_not_deleted BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'a decision is not deleted'); END;
