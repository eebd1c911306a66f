//! Units: who writes, and where roles are limited to.

use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, fetch_all, fetch_one, fetch_optional};

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct UnitRow {
    /// Its id.
    pub id: i64,
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The unit that it belongs to.
    pub parent_id: Option<i64>,
}

/// Every unit, in Vietnamese order.
///
/// # Errors
/// When the database fails.
pub async fn list_units(session: &mut Session) -> DbResult<Vec<UnitRow>> {
    fetch_all!(session, UnitRow, "SELECT id, slug, name, parent_id FROM unit ORDER BY sort_key, id")
}

/// A unit by its slug.
///
/// # Errors
/// When the database fails.
pub async fn find_unit(session: &mut Session, slug: &str) -> DbResult<Option<UnitRow>> {
    fetch_optional!(session, UnitRow, "SELECT id, slug, name, parent_id FROM unit WHERE slug = $1", slug)
}

/// Adds a unit.
///
/// # Errors
/// When the slug is taken (`unit_slug_key`), or the database fails.
pub async fn add_unit(
    session: &mut Session,
    slug: &str,
    name: &str,
    sort_key: &str,
    parent_id: Option<i64>,
    at: Instant,
) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO unit (slug, name, sort_key, parent_id, created_at) VALUES ($1, $2, $3, $4, $5) RETURNING id",
        slug,
        name,
        sort_key,
        parent_id,
        at.0
    )?;
    Ok(id)
}
