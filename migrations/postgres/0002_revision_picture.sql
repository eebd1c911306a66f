-- The pictures in a revision's body; its lead picture is a column of the revision.
CREATE TABLE revision_picture (
    revision_id BIGINT NOT NULL REFERENCES revision (id) ON DELETE CASCADE,
    upload_id BIGINT NOT NULL REFERENCES upload (id),
    PRIMARY KEY (revision_id, upload_id)
);
