-- Units as data: since when and until when each is there, what became of it, where it lies, and with which others it is
-- compared.

-- What units are called by where they stand (province, department, commune …): data, not code.
CREATE TABLE unit_level (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    CONSTRAINT unit_level_slug_key UNIQUE (slug)
);

-- The number of a register, such as that of administrative units. A successor may take over that of a predecessor.
ALTER TABLE unit ADD COLUMN code TEXT;
ALTER TABLE unit ADD COLUMN level_id BIGINT REFERENCES unit_level (id);
-- The first and the last day on which it is there (2025-07-01); without one it always was, or still is.
ALTER TABLE unit ADD COLUMN begins TEXT;
ALTER TABLE unit ADD COLUMN ends TEXT;
CREATE UNIQUE INDEX unit_code_key ON unit (code) WHERE ends IS NULL;

-- What became of a unit: it was renamed, merged into another, or split.
CREATE TABLE unit_succession (
    predecessor_id BIGINT NOT NULL REFERENCES unit (id),
    successor_id BIGINT NOT NULL REFERENCES unit (id),
    kind TEXT NOT NULL CHECK (kind IN ('rename', 'merge', 'split')),
    PRIMARY KEY (predecessor_id, successor_id),
    CONSTRAINT unit_succession_other_check CHECK (predecessor_id <> successor_id)
);
CREATE INDEX unit_succession_successor_index ON unit_succession (successor_id);

-- Where it lies: a GeoJSON geometry.
CREATE TABLE unit_boundary (
    unit_id BIGINT PRIMARY KEY REFERENCES unit (id) ON DELETE CASCADE,
    geometry TEXT NOT NULL
);

-- Units that are compared with each other in a year (cụm, khối thi đua); each is in one.
CREATE TABLE cluster (
    id INTEGER PRIMARY KEY,
    year BIGINT NOT NULL,
    name TEXT NOT NULL,
    sort_key TEXT NOT NULL,
    CONSTRAINT cluster_name_key UNIQUE (year, sort_key)
);
CREATE TABLE cluster_unit (
    year BIGINT NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    cluster_id BIGINT NOT NULL REFERENCES cluster (id) ON DELETE CASCADE,
    PRIMARY KEY (year, unit_id)
);
CREATE INDEX cluster_unit_cluster_index ON cluster_unit (cluster_id);

-- The announcements of a unit, the newest first.
CREATE INDEX announcement_unit_index ON announcement (unit_id, first_published_at DESC, id DESC) WHERE state = 'published';
