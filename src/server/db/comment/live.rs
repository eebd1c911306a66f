//! How discussions stand, for pages that are open while it changes.

use crate::server::db::{DbResult, Session, fetch_all, fetch_optional};

/// How many comments of a page are published; none where there is no such page, or it is not public.
///
/// # Errors
/// When the database fails.
pub async fn find_published_count(session: &mut Session, announcement_id: i64) -> DbResult<Option<i64>> {
    let row = fetch_optional!(
        session,
        (i64,),
        "SELECT COALESCE(d.published_count, 0) FROM announcement a
         LEFT JOIN discussion d ON d.subject_kind = 'announcement' AND d.subject_id = a.id
         WHERE a.id = $1 AND a.state IN ('published', 'archived')",
        announcement_id,
    )?;
    Ok(row.map(|(count,)| count))
}

/// The five hundred comments that were published last, wherever, the latest first: the page's id and the comment's.
///
/// # Errors
/// When the database fails.
pub async fn list_last_published(session: &mut Session) -> DbResult<Vec<(i64, i64)>> {
    // Joined at once, SQLite would sort all there are.
    fetch_all!(
        session,
        (i64, i64),
        "SELECT COALESCE((SELECT d.subject_id FROM discussion d WHERE d.id = c.discussion_id AND d.subject_kind = 'announcement'), 0), c.id
         FROM comment c WHERE c.state = 'published' ORDER BY c.decided_at DESC, c.id DESC LIMIT 500",
    )
}
