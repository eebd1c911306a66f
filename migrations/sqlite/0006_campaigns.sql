-- Campaigns: the pages of a campaign are texts with revisions like announcements; what the law asks of a launch, the
-- targets, who takes part and what each unit reports stand here. Figures are whole numbers with a scale (1234.5 is
-- 12345 and 1), days are text (2021-01-15).

-- What the identity is one of; both have revisions, history, comments and an address.
ALTER TABLE announcement ADD COLUMN kind TEXT NOT NULL DEFAULT 'announcement' CHECK (kind IN ('announcement', 'campaign', 'example'));
DROP INDEX announcement_latest_index;
DROP INDEX announcement_category_index;
DROP INDEX announcement_unit_index;
CREATE INDEX announcement_latest_index ON announcement (first_published_at DESC, id DESC) WHERE state = 'published' AND kind = 'announcement';
CREATE INDEX announcement_category_index ON announcement (category_id, first_published_at DESC, id DESC) WHERE state = 'published' AND kind = 'announcement';
CREATE INDEX announcement_unit_index ON announcement (unit_id, first_published_at DESC, id DESC) WHERE state = 'published' AND kind = 'announcement';
CREATE INDEX announcement_campaign_index ON announcement (first_published_at DESC, id DESC) WHERE kind = 'campaign' AND state IN ('published', 'archived');

-- Which parts a launch must have, since when and until when, and which rule asks for it: the law changes such lists.
CREATE TABLE required_part (
    part TEXT NOT NULL,
    begins TEXT NOT NULL,
    ends TEXT,
    basis TEXT NOT NULL,
    PRIMARY KEY (part, begins)
);
INSERT INTO required_part (part, begins, ends, basis) VALUES
    ('theme', '2024-01-01', NULL, 'Luật 06/2022/QH15, Điều 17'),
    ('aim', '2024-01-01', NULL, 'Luật 06/2022/QH15, Điều 17'),
    ('scope', '2024-01-01', NULL, 'Luật 06/2022/QH15, Điều 17'),
    ('subjects', '2024-01-01', NULL, 'Luật 06/2022/QH15, Điều 17'),
    ('contents', '2024-01-01', NULL, 'Luật 06/2022/QH15, Điều 17'),
    ('criteria', '2024-01-01', NULL, 'Luật 06/2022/QH15, Điều 17'),
    ('begins', '2024-01-01', NULL, 'Luật 06/2022/QH15, Điều 17'),
    ('ends', '2024-01-01', NULL, 'Luật 06/2022/QH15, Điều 17'),
    ('plan', '2024-01-01', NULL, 'Luật 06/2022/QH15, Điều 17'),
    ('measures', '2024-01-01', NULL, 'Luật 06/2022/QH15, Điều 17'),
    ('launcher', '2024-01-01', NULL, 'Quy định của cổng thông tin'),
    ('targets', '2024-01-01', NULL, 'Quy định của cổng thông tin'),
    ('phases', '2024-01-01', NULL, 'Quy định của cổng thông tin'),
    ('legal', '2024-01-01', NULL, 'Quy định của cổng thông tin');

-- What the public reads of a campaign besides its page: the same id as its identity.
CREATE TABLE campaign (
    id BIGINT PRIMARY KEY REFERENCES announcement (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('regular', 'thematic')),
    theme TEXT NOT NULL,
    slogan TEXT NOT NULL,
    launcher TEXT NOT NULL,
    begins TEXT NOT NULL,
    ends TEXT NOT NULL,
    -- JSON: the clean HTML of each part, contents and criteria as lists.
    sections TEXT NOT NULL,
    -- What a unit signs.
    covenant TEXT NOT NULL,
    -- JSON: how units are scored; empty where they are not.
    score_table TEXT NOT NULL,
    -- JSON: what the officer asks of a unit's plan besides its targets.
    form TEXT NOT NULL
);

-- A figure to reach. One that a later version of the campaign leaves out keeps its figures and is no longer asked for.
CREATE TABLE target (
    id INTEGER PRIMARY KEY,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    pillar TEXT NOT NULL,
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    measure TEXT NOT NULL,
    counting TEXT NOT NULL CHECK (counting IN ('sum', 'level')),
    direction TEXT NOT NULL CHECK (direction IN ('up', 'down')),
    baseline BIGINT,
    baseline_scale BIGINT,
    goal BIGINT NOT NULL,
    goal_scale BIGINT NOT NULL,
    due TEXT NOT NULL,
    source TEXT NOT NULL,
    retired BOOLEAN NOT NULL DEFAULT FALSE,
    CONSTRAINT target_code_key UNIQUE (campaign_id, code)
);

CREATE TABLE phase (
    campaign_id BIGINT NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('registration', 'carrying-out', 'interim-review', 'final-review')),
    name TEXT NOT NULL,
    begins TEXT NOT NULL,
    ends TEXT NOT NULL,
    PRIMARY KEY (campaign_id, position)
);

CREATE TABLE legal_basis (
    campaign_id BIGINT NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    number TEXT NOT NULL,
    issued TEXT NOT NULL,
    title TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (campaign_id, position)
);

-- What is reported together: a month, a quarter. Days are first and last ones; a report is late after the day it is due.
CREATE TABLE period (
    id INTEGER PRIMARY KEY,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    begins TEXT NOT NULL,
    ends TEXT NOT NULL,
    due TEXT NOT NULL,
    -- Nobody reports for it any longer.
    closed_at BIGINT,
    retired BOOLEAN NOT NULL DEFAULT FALSE,
    CONSTRAINT period_days_key UNIQUE (campaign_id, begins, ends)
);

-- That a unit takes part, with the covenant that it signed.
CREATE TABLE registration (
    id INTEGER PRIMARY KEY,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    state TEXT NOT NULL CHECK (state IN ('draft', 'registered', 'withdrawn')),
    signer_name TEXT NOT NULL DEFAULT '',
    signer_title TEXT NOT NULL DEFAULT '',
    -- The covenant word by word as it was signed.
    covenant TEXT NOT NULL DEFAULT '',
    signed_at BIGINT,
    -- JSON: the plan as it was typed, with the answers of the campaign's form.
    content TEXT NOT NULL DEFAULT '{}',
    plan_html TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL DEFAULT 1,
    -- Staff entered it for somebody who came in person.
    on_behalf_of TEXT NOT NULL DEFAULT '',
    actor_id BIGINT NOT NULL REFERENCES actor (id),
    created_at BIGINT NOT NULL,
    CONSTRAINT registration_unit_key UNIQUE (campaign_id, unit_id)
);
CREATE INDEX registration_unit_index ON registration (unit_id);

-- The targets that a unit set itself.
CREATE TABLE plan_target (
    registration_id BIGINT NOT NULL REFERENCES registration (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES target (id) ON DELETE CASCADE,
    goal BIGINT NOT NULL,
    goal_scale BIGINT NOT NULL,
    PRIMARY KEY (registration_id, target_id)
);

-- The file that answers a question of the campaign's form; for officials only.
CREATE TABLE plan_file (
    registration_id BIGINT NOT NULL REFERENCES registration (id) ON DELETE CASCADE,
    question TEXT NOT NULL,
    upload_id BIGINT NOT NULL REFERENCES upload (id),
    name TEXT NOT NULL,
    PRIMARY KEY (registration_id, question)
);
CREATE INDEX plan_file_upload_index ON plan_file (upload_id);

-- What a unit reports of a period.
CREATE TABLE report (
    id INTEGER PRIMARY KEY,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    registration_id BIGINT NOT NULL REFERENCES registration (id) ON DELETE CASCADE,
    period_id BIGINT NOT NULL REFERENCES period (id),
    state TEXT NOT NULL CHECK (state IN ('draft', 'sent', 'returned', 'accepted')),
    -- JSON: every cell as it was typed.
    content TEXT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    saved_at BIGINT NOT NULL,
    -- When it was sent first, which decides whether it was late, and last.
    first_sent_at BIGINT,
    sent_at BIGINT,
    decided_at BIGINT,
    -- What whoever returned it asks for.
    notes TEXT NOT NULL DEFAULT '',
    -- What was done in the period, for the public once it is accepted.
    summary TEXT NOT NULL DEFAULT '',
    on_behalf_of TEXT NOT NULL DEFAULT '',
    actor_id BIGINT NOT NULL REFERENCES actor (id),
    created_at BIGINT NOT NULL,
    CONSTRAINT report_period_key UNIQUE (registration_id, period_id)
);
CREATE INDEX report_campaign_index ON report (campaign_id, state);
CREATE INDEX report_period_index ON report (period_id);

-- Every saving of a report, for a while: what two people typed is merged with what both had read.
CREATE TABLE report_save (
    report_id BIGINT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (report_id, version)
);
CREATE INDEX report_save_age_index ON report_save (at);

-- The figures of what was sent. They count once the report is accepted.
CREATE TABLE figure (
    -- That of its report. It is here too, so that the results of one campaign are read by an index whatever stands beside
    -- them: by way of the reports, PostgreSQL reads the figures of all campaigns.
    campaign_id BIGINT NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    report_id BIGINT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES target (id) ON DELETE CASCADE,
    value BIGINT NOT NULL,
    scale BIGINT NOT NULL,
    -- Why a figure that looks absurd is right.
    reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (report_id, target_id)
);
CREATE INDEX figure_campaign_index ON figure (campaign_id, report_id);

-- Accepted figures that were changed: the old one stays, with who changed it and why.
CREATE TABLE correction (
    id INTEGER PRIMARY KEY,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    report_id BIGINT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    target_id BIGINT NOT NULL REFERENCES target (id) ON DELETE CASCADE,
    old_value BIGINT,
    old_scale BIGINT,
    new_value BIGINT,
    new_scale BIGINT,
    reason TEXT NOT NULL,
    -- The unit and the role that the public reads; the person stands in the decision log.
    unit_id BIGINT REFERENCES unit (id),
    role TEXT NOT NULL,
    actor_id BIGINT NOT NULL REFERENCES actor (id),
    at BIGINT NOT NULL
);
CREATE INDEX correction_campaign_index ON correction (campaign_id, at DESC, id DESC);
CREATE INDEX correction_report_index ON correction (report_id);

-- Files behind a report: stored uploads by their content, public or for officials only.
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY,
    report_id BIGINT NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    upload_id BIGINT NOT NULL REFERENCES upload (id),
    name TEXT NOT NULL,
    public BOOLEAN NOT NULL,
    CONSTRAINT evidence_upload_key UNIQUE (report_id, upload_id)
);
CREATE INDEX evidence_upload_index ON evidence (upload_id);

-- What belongs to the demonstration, as announcements say it of themselves.
ALTER TABLE unit ADD COLUMN demonstration BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE cluster ADD COLUMN demonstration BOOLEAN NOT NULL DEFAULT FALSE;

-- An interim or a final review: an announcement with the figures that it was written from, frozen as they were taken.
CREATE TABLE review (
    id BIGINT PRIMARY KEY REFERENCES announcement (id) ON DELETE CASCADE,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('interim', 'final')),
    -- The last day whose reports count.
    cut_off TEXT NOT NULL,
    taken_at BIGINT NOT NULL,
    -- JSON: the figures with the reports behind them. It is never changed.
    snapshot TEXT NOT NULL
);
CREATE INDEX review_campaign_index ON review (campaign_id, cut_off DESC, id DESC);

-- Examples (điển hình): texts with revisions too. What is said of one besides its text, who sent it, and what was decided.
CREATE TABLE example (
    id BIGINT PRIMARY KEY REFERENCES announcement (id) ON DELETE CASCADE,
    campaign_id BIGINT REFERENCES campaign (id) ON DELETE SET NULL,
    unit_id BIGINT REFERENCES unit (id),
    -- The unit as it was typed, where no unit is called that.
    unit_name TEXT NOT NULL DEFAULT '',
    kind TEXT NOT NULL CHECK (kind IN ('collective', 'person', 'initiative')),
    -- Who it is about.
    person TEXT NOT NULL,
    consent BOOLEAN NOT NULL,
    -- Who sent it and how they are reached: for officials only; the second is taken away some time after the decision.
    sender_name TEXT NOT NULL,
    sender_contact TEXT,
    -- Staff entered it for somebody who came in person.
    on_behalf_of TEXT NOT NULL DEFAULT '',
    actor_id BIGINT NOT NULL REFERENCES actor (id),
    receipt_id BIGINT REFERENCES receipt (id),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'published', 'rejected')),
    reason TEXT,
    sent_at BIGINT NOT NULL,
    decided_at BIGINT,
    -- A keyed hash of the sender's address, taken away when it expires.
    sender_hash TEXT,
    sender_hash_expires_at BIGINT,
    CONSTRAINT example_receipt_key UNIQUE (receipt_id),
    CONSTRAINT example_decided_check CHECK (state = 'waiting' OR decided_at IS NOT NULL)
);
CREATE INDEX example_latest_index ON example (decided_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX example_kind_index ON example (kind, decided_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX example_waiting_index ON example (sent_at, id) WHERE state = 'waiting';
CREATE INDEX example_campaign_index ON example (campaign_id, unit_id, id);
CREATE INDEX example_campaign_latest_index ON example (campaign_id, decided_at DESC, id DESC) WHERE state = 'published';
CREATE INDEX example_unit_index ON example (unit_id);
CREATE INDEX example_sender_index ON example (sender_hash_expires_at) WHERE sender_hash IS NOT NULL;
CREATE INDEX example_contact_index ON example (decided_at) WHERE sender_contact IS NOT NULL;

-- The photographs of an example: internal uploads until it is published. The first one becomes the text's lead picture.
CREATE TABLE example_picture (
    example_id BIGINT NOT NULL REFERENCES example (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    upload_id BIGINT NOT NULL REFERENCES upload (id),
    caption TEXT NOT NULL DEFAULT '',
    credit TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (example_id, position)
);
CREATE INDEX example_picture_upload_index ON example_picture (upload_id);

-- Nhân rộng: that a unit did the same.
CREATE TABLE take_up (
    example_id BIGINT NOT NULL REFERENCES example (id) ON DELETE CASCADE,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    note TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor_id BIGINT NOT NULL REFERENCES actor (id),
    PRIMARY KEY (example_id, unit_id)
);
CREATE INDEX take_up_unit_index ON take_up (unit_id);
