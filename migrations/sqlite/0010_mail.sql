-- Notices by e-mail, for who sent a comment and for moderators. Instants are milliseconds since 1970 in UTC, days are text.

-- Somebody wants to hear by e-mail what becomes of a comment: asked by whoever sent it, confirmed by whoever has the address.
CREATE TABLE notice (
    id INTEGER PRIMARY KEY,
    receipt_id BIGINT NOT NULL REFERENCES receipt (id) ON DELETE CASCADE,
    -- The one place of the address; gone when the notice has ended.
    email TEXT,
    language TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'confirmed', 'ended')),
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    -- When it was asked for, confirmed, or told of something last.
    touched_at BIGINT NOT NULL,
    ended_at BIGINT,
    CONSTRAINT notice_email_check CHECK ((state = 'ended') = (email IS NULL))
);
CREATE UNIQUE INDEX notice_open_key ON notice (receipt_id) WHERE state <> 'ended';
CREATE INDEX notice_receipt_index ON notice (receipt_id, id);
CREATE INDEX notice_time_index ON notice (state, touched_at);

-- The address of an official, and after how many hours of waiting it is told of; no hours: it is not.
CREATE TABLE account_mail (
    account_id BIGINT PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    language TEXT NOT NULL,
    hours BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    -- When it was reminded last, and of what that waited longest.
    reminded_at BIGINT,
    reminded_item_id BIGINT
);
CREATE INDEX account_mail_time_index ON account_mail (created_at) WHERE confirmed_at IS NULL;

-- What is to be sent, written together with what it tells of. To whom stands in the notice or with the account, and the
-- words are made when it is sent: nothing of either is kept here.
CREATE TABLE mail (
    id INTEGER PRIMARY KEY,
    purpose TEXT NOT NULL,
    notice_id BIGINT REFERENCES notice (id) ON DELETE CASCADE,
    account_id BIGINT REFERENCES account (id) ON DELETE CASCADE,
    -- A reason, or a number, for the words.
    detail TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    -- When it is due; while it is being sent, when it is believed to have failed.
    next_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    sent_at BIGINT,
    failed_at BIGINT,
    -- Why it was not sent the last time, without the address.
    fault TEXT,
    CONSTRAINT mail_recipient_check CHECK ((notice_id IS NULL) <> (account_id IS NULL))
);
CREATE INDEX mail_due_index ON mail (next_at, id) WHERE sent_at IS NULL AND failed_at IS NULL;
CREATE INDEX mail_notice_index ON mail (notice_id) WHERE notice_id IS NOT NULL;
CREATE INDEX mail_account_index ON mail (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX mail_time_index ON mail (created_at);

-- How many mails that ask for a confirmation went to an address on a day; a keyed hash of the address.
CREATE TABLE mail_allowance (
    address_hash TEXT NOT NULL,
    day TEXT NOT NULL,
    asked BIGINT NOT NULL,
    PRIMARY KEY (address_hash, day)
);
CREATE INDEX mail_allowance_index ON mail_allowance (day);
