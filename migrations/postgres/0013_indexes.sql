-- A comment that comes in writes a page of each index: two that no query needs, or needs beside another, are gone.

-- By this one it is counted how much makes a rush of a page, and found what belongs to a discussion.
DROP INDEX comment_arrival_index;
DROP INDEX comment_rush_index;
CREATE INDEX comment_discussion_index ON comment (discussion_id, rush, created_at);

-- What waits is read in the order in which it came, and narrowed as it is read.
DROP INDEX queue_item_page_index;
