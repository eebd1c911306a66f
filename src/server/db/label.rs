//! Categories and tags.

use super::{DbResult, Session, fetch_all, fetch_one, fetch_optional};
use crate::domain::announcement::Label;

#[derive(sqlx::FromRow)]
struct LabelRow {
    slug: String,
    name: String,
}

impl From<LabelRow> for Label {
    fn from(row: LabelRow) -> Self {
        Label { slug: row.slug, name: row.name }
    }
}

/// A category by its slug, with its id.
///
/// # Errors
/// When the database fails.
pub async fn find_category(session: &mut Session, slug: &str) -> DbResult<Option<(i64, String)>> {
    fetch_optional!(session, (i64, String), "SELECT id, name FROM category WHERE slug = $1", slug)
}

/// A tag by its slug, with its id.
///
/// # Errors
/// When the database fails.
pub async fn find_tag(session: &mut Session, slug: &str) -> DbResult<Option<(i64, String)>> {
    fetch_optional!(session, (i64, String), "SELECT id, name FROM tag WHERE slug = $1", slug)
}

/// Adds a category, or gives the one that has its slug.
///
/// # Errors
/// When the database fails.
pub async fn find_or_add_category(session: &mut Session, slug: &str, name: &str, sort_key: &str) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO category (slug, name, sort_key) VALUES ($1, $2, $3)
         ON CONFLICT (slug) DO UPDATE SET slug = excluded.slug RETURNING id",
        slug,
        name,
        sort_key,
    )?;
    Ok(id)
}

/// Adds a tag, or gives the one that has its slug.
///
/// # Errors
/// When the database fails.
pub async fn find_or_add_tag(session: &mut Session, slug: &str, name: &str, sort_key: &str) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO tag (slug, name, sort_key) VALUES ($1, $2, $3)
         ON CONFLICT (slug) DO UPDATE SET slug = excluded.slug RETURNING id",
        slug,
        name,
        sort_key,
    )?;
    Ok(id)
}

/// Categories with something published, in Vietnamese order.
///
/// # Errors
/// When the database fails.
pub async fn list_used_categories(session: &mut Session) -> DbResult<Vec<Label>> {
    let rows = fetch_all!(
        session,
        LabelRow,
        "SELECT slug, name FROM category
         WHERE (SELECT a.id FROM announcement a
                WHERE a.category_id = category.id AND a.state = 'published' AND a.kind = 'announcement'
                ORDER BY a.first_published_at DESC, a.id DESC LIMIT 1) IS NOT NULL
         ORDER BY sort_key, id",
    )?;
    Ok(rows.into_iter().map(Label::from).collect())
}

/// The tags of a revision, in Vietnamese order.
///
/// # Errors
/// When the database fails.
pub async fn list_revision_tags(session: &mut Session, revision_id: i64) -> DbResult<Vec<Label>> {
    let rows = fetch_all!(
        session,
        LabelRow,
        "SELECT t.slug, t.name FROM revision_tag rt JOIN tag t ON t.id = rt.tag_id
         WHERE rt.revision_id = $1 ORDER BY t.sort_key, t.id",
        revision_id,
    )?;
    Ok(rows.into_iter().map(Label::from).collect())
}
