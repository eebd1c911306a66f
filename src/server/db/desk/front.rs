//! Categories and tags as the desk manages them, with how often they are used.

use crate::server::db::{DbResult, Session, execute, fetch_all};

/// A category or a tag.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LabelRow {
    /// Its id.
    pub id: i64,
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// How many public announcements have it.
    pub used: i64,
}

/// Every category, in Vietnamese order.
///
/// # Errors
/// When the database fails.
pub async fn list_categories(session: &mut Session) -> DbResult<Vec<LabelRow>> {
    fetch_all!(
        session,
        LabelRow,
        "SELECT c.id, c.slug, c.name, (SELECT COUNT(*) FROM announcement a WHERE a.category_id = c.id AND a.state = 'published' AND a.kind = 'announcement') AS used
         FROM category c ORDER BY c.sort_key, c.id"
    )
}

/// Tags in Vietnamese order, at most a thousand.
///
/// # Errors
/// When the database fails.
pub async fn list_tags(session: &mut Session) -> DbResult<Vec<LabelRow>> {
    fetch_all!(
        session,
        LabelRow,
        "SELECT t.id, t.slug, t.name, (SELECT COUNT(*) FROM announcement_tag x WHERE x.tag_id = t.id) AS used
         FROM tag t ORDER BY t.sort_key, t.id LIMIT 1000"
    )
}

/// Gives a category another name.
///
/// # Errors
/// When the database fails.
pub async fn rename_category(session: &mut Session, id: i64, name: &str, sort_key: &str) -> DbResult<bool> {
    Ok(execute!(session, "UPDATE category SET name = $2, sort_key = $3 WHERE id = $1", id, name, sort_key)? == 1)
}

/// Gives a tag another name.
///
/// # Errors
/// When the database fails.
pub async fn rename_tag(session: &mut Session, id: i64, name: &str, sort_key: &str) -> DbResult<bool> {
    Ok(execute!(session, "UPDATE tag SET name = $2, sort_key = $3 WHERE id = $1", id, name, sort_key)? == 1)
}

/// Takes a category away that no text has ever had; `false` where one has.
///
/// # Errors
/// When the database fails.
pub async fn remove_category(session: &mut Session, id: i64) -> DbResult<bool> {
    let removed = execute!(
        session,
        "DELETE FROM category WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM revision r WHERE r.category_id = $1)
         AND NOT EXISTS (SELECT 1 FROM announcement a WHERE a.category_id = $1)",
        id
    )?;
    Ok(removed == 1)
}

/// Takes a tag away from everything.
///
/// # Errors
/// When the database fails.
pub async fn remove_tag(session: &mut Session, id: i64) -> DbResult<bool> {
    execute!(session, "DELETE FROM announcement_tag WHERE tag_id = $1", id)?;
    execute!(session, "DELETE FROM revision_tag WHERE tag_id = $1", id)?;
    Ok(execute!(session, "DELETE FROM tag WHERE id = $1", id)? == 1)
}
