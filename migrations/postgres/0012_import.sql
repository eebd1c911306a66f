-- What a page of a discussion reads is found by the indexes of what is shown, however many comments there are and whatever
-- SQLite knows of them: these two looked as good to it once it had counted rows.

-- Comments that begin threads are not among them: by this one all of the portal would be gone through.
DROP INDEX comment_answered_index;
CREATE INDEX comment_answered_index ON comment (thread_id) WHERE thread_id IS NOT NULL;

-- Backwards, it puts nothing into the order of a page: answers and what is not shown would be passed over one by one.
DROP INDEX comment_arrival_index;
CREATE INDEX comment_arrival_index ON comment (discussion_id, created_at DESC);
