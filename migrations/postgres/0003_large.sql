-- So that pages are as fast with a hundred thousand announcements as with a thousand.

-- Every page asks whether there is a demonstration.
CREATE INDEX announcement_demonstration_index ON announcement (id) WHERE demonstration;
