//! Units as readers meet them.

use crate::server::db::{DbResult, Session, fetch_all, fetch_optional};

/// A unit with what stands above it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PublicUnitRow {
    /// Its id.
    pub id: i64,
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it is called by where it stands.
    pub level: String,
    /// Its first day.
    pub begins: Option<String>,
    /// Its last day.
    pub ends: Option<String>,
    /// The unit that it belongs to.
    pub parent_id: Option<i64>,
    /// The slug of that one.
    pub parent_slug: Option<String>,
    /// The name of that one.
    pub parent_name: Option<String>,
}

macro_rules! select_unit {
    () => {
        "SELECT u.id, u.slug, u.name, COALESCE(l.name, '') AS level, u.begins, u.ends, u.parent_id,
                p.slug AS parent_slug, p.name AS parent_name
         FROM unit u LEFT JOIN unit_level l ON l.id = u.level_id LEFT JOIN unit p ON p.id = u.parent_id "
    };
}

/// A unit by its slug.
///
/// # Errors
/// When the database fails.
pub async fn find_by_slug(session: &mut Session, slug: &str) -> DbResult<Option<PublicUnitRow>> {
    fetch_optional!(session, PublicUnitRow, concat!(select_unit!(), "WHERE u.slug = $1"), slug)
}

/// A unit by its id.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, id: i64) -> DbResult<Option<PublicUnitRow>> {
    fetch_optional!(session, PublicUnitRow, concat!(select_unit!(), "WHERE u.id = $1"), id)
}

/// A unit in the list of all.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ListedUnitRow {
    /// Its id.
    pub id: i64,
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it is called by where it stands.
    pub level: String,
    /// The unit that it belongs to.
    pub parent_id: Option<i64>,
    /// Its last day.
    pub ends: Option<String>,
}

/// The units that are there on a day, or were before, in Vietnamese order.
///
/// # Errors
/// When the database fails.
pub async fn list_all(session: &mut Session, day: &str) -> DbResult<Vec<ListedUnitRow>> {
    fetch_all!(
        session,
        ListedUnitRow,
        "SELECT u.id, u.slug, u.name, COALESCE(l.name, '') AS level, u.parent_id, u.ends
         FROM unit u LEFT JOIN unit_level l ON l.id = u.level_id
         WHERE u.begins IS NULL OR u.begins <= $1 ORDER BY u.sort_key, u.id",
        day
    )
}

/// A unit on one side of a succession.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct NeighbourRow {
    /// Its id.
    pub id: i64,
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its last day.
    pub ends: Option<String>,
    /// How the one became the other: `rename`, `merge` or `split`.
    pub kind: String,
}

/// What came out of a unit.
///
/// # Errors
/// When the database fails.
pub async fn list_successors(session: &mut Session, id: i64) -> DbResult<Vec<NeighbourRow>> {
    fetch_all!(
        session,
        NeighbourRow,
        "SELECT u.id, u.slug, u.name, u.ends, s.kind FROM unit_succession s JOIN unit u ON u.id = s.successor_id
         WHERE s.predecessor_id = $1 ORDER BY s.successor_id",
        id
    )
}

/// A campaign that a unit takes part in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct UnitCampaignRow {
    /// Its id.
    pub id: i64,
    /// Its slug.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its first day.
    pub begins: String,
    /// Its last day.
    pub ends: String,
}

/// The campaigns that a unit takes part in and the public reads, in no order, at most 200.
///
/// # Errors
/// When the database fails.
pub async fn list_campaigns(session: &mut Session, id: i64) -> DbResult<Vec<UnitCampaignRow>> {
    fetch_all!(
        session,
        UnitCampaignRow,
        "SELECT c.id, a.slug, r.title, c.begins, c.ends
         FROM registration g JOIN campaign c ON c.id = g.campaign_id JOIN announcement a ON a.id = c.id
         JOIN revision r ON r.id = a.published_revision_id
         WHERE g.unit_id = $1 AND g.state = 'registered' AND a.state IN ('published', 'archived') LIMIT 200",
        id
    )
}

/// The published examples of a unit in no order, at most 200: id, slug, title, when they were published.
///
/// # Errors
/// When the database fails.
pub async fn list_examples(session: &mut Session, id: i64) -> DbResult<Vec<(i64, String, String, i64)>> {
    fetch_all!(
        session,
        (i64, String, String, i64),
        // Said so that no index of what is published is taken for the one of the unit.
        "SELECT e.id, a.slug, r.title, e.decided_at FROM example e JOIN announcement a ON a.id = e.id
         JOIN revision r ON r.id = a.published_revision_id
         WHERE e.unit_id = $1 AND e.state <> 'waiting' AND e.state <> 'rejected' AND a.state = 'published' LIMIT 200",
        id
    )
}

/// The units right below one in no order, each with the key of its place in Vietnamese order.
///
/// # Errors
/// When the database fails.
pub async fn list_members(
    session: &mut Session,
    id: i64,
) -> DbResult<Vec<(i64, String, String, Option<String>, String)>> {
    fetch_all!(
        session,
        (i64, String, String, Option<String>, String),
        "SELECT u.id, u.slug, u.name, u.ends, u.sort_key FROM unit u WHERE u.parent_id = $1",
        id
    )
}

/// What a unit came out of.
///
/// # Errors
/// When the database fails.
pub async fn list_predecessors(session: &mut Session, id: i64) -> DbResult<Vec<NeighbourRow>> {
    fetch_all!(
        session,
        NeighbourRow,
        "SELECT u.id, u.slug, u.name, u.ends, s.kind FROM unit_succession s JOIN unit u ON u.id = s.predecessor_id
         WHERE s.successor_id = $1",
        id
    )
}
