//! Units: who writes and reports, where roles are limited to, and what became of them.

use crate::domain::day::Day;
use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};

/// A unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct UnitRow {
    /// Its id.
    pub id: i64,
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The unit that it belongs to.
    pub parent_id: Option<i64>,
    /// Its number in a register.
    pub code: Option<String>,
    /// What it is called by where it stands; empty where nobody said.
    pub level: String,
    /// The first day on which it is there.
    pub begins: Option<String>,
    /// The last one.
    pub ends: Option<String>,
}

impl UnitRow {
    /// Whether it is no longer there on a day.
    pub fn is_over(&self, day: Day) -> bool {
        self.ends.as_ref().is_some_and(|ends| *ends < day.iso())
    }

    /// Its last day.
    pub fn last_day(&self) -> Option<Day> {
        self.ends.as_deref().and_then(Day::parse)
    }

    /// Its first day.
    pub fn first_day(&self) -> Option<Day> {
        self.begins.as_deref().and_then(Day::parse)
    }
}

macro_rules! select_unit {
    () => {
        "SELECT u.id, u.slug, u.name, u.parent_id, u.code, COALESCE(l.name, '') AS level, u.begins, u.ends
         FROM unit u LEFT JOIN unit_level l ON l.id = u.level_id "
    };
}

/// Every unit, in Vietnamese order.
///
/// # Errors
/// When the database fails.
pub async fn list_units(session: &mut Session) -> DbResult<Vec<UnitRow>> {
    fetch_all!(session, UnitRow, concat!(select_unit!(), "ORDER BY u.sort_key, u.id"))
}

/// A unit by its slug.
///
/// # Errors
/// When the database fails.
pub async fn find_unit(session: &mut Session, slug: &str) -> DbResult<Option<UnitRow>> {
    fetch_optional!(session, UnitRow, concat!(select_unit!(), "WHERE u.slug = $1"), slug)
}

/// What a unit is made of.
#[derive(Clone, Debug, Default)]
pub struct UnitColumns<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is sorted by.
    pub sort_key: &'a str,
    /// Its number in a register.
    pub code: Option<&'a str>,
    /// Its level.
    pub level_id: Option<i64>,
    /// The unit that it belongs to.
    pub parent_id: Option<i64>,
    /// Its first day.
    pub begins: Option<Day>,
    /// Its last day.
    pub ends: Option<Day>,
}

/// Adds a unit.
///
/// # Errors
/// When the slug (`unit_slug_key`) or the code (`unit_code_key`) is taken, or the database fails.
pub async fn add_unit(session: &mut Session, slug: &str, unit: &UnitColumns<'_>, at: Instant) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO unit (slug, name, sort_key, code, level_id, parent_id, begins, ends, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        slug,
        unit.name,
        unit.sort_key,
        unit.code,
        unit.level_id,
        unit.parent_id,
        unit.begins.map(Day::iso),
        unit.ends.map(Day::iso),
        at.0
    )?;
    Ok(id)
}

/// Changes a unit.
///
/// # Errors
/// When the code is taken (`unit_code_key`), or the database fails.
pub async fn change_unit(session: &mut Session, id: i64, unit: &UnitColumns<'_>) -> DbResult<()> {
    execute!(
        session,
        "UPDATE unit SET name = $2, sort_key = $3, code = $4, level_id = $5, parent_id = $6, begins = $7, ends = $8
         WHERE id = $1",
        id,
        unit.name,
        unit.sort_key,
        unit.code,
        unit.level_id,
        unit.parent_id,
        unit.begins.map(Day::iso),
        unit.ends.map(Day::iso)
    )?;
    Ok(())
}

/// Says which day was the last of a unit.
///
/// # Errors
/// When the database fails.
pub async fn end_unit(session: &mut Session, id: i64, last: Day) -> DbResult<()> {
    execute!(session, "UPDATE unit SET ends = $2 WHERE id = $1", id, last.iso())?;
    Ok(())
}

/// Says that a unit came out of another.
///
/// # Errors
/// When the database fails.
pub async fn add_succession(session: &mut Session, predecessor: i64, successor: i64, kind: &str) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO unit_succession (predecessor_id, successor_id, kind) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        predecessor,
        successor,
        kind
    )?;
    Ok(())
}

/// Every succession: predecessor, successor and kind.
///
/// # Errors
/// When the database fails.
pub async fn list_successions(session: &mut Session) -> DbResult<Vec<(i64, i64, String)>> {
    fetch_all!(
        session,
        (i64, i64, String),
        "SELECT predecessor_id, successor_id, kind FROM unit_succession ORDER BY predecessor_id, successor_id"
    )
}

/// Puts the units below one below another.
///
/// # Errors
/// When the database fails.
pub async fn move_below(session: &mut Session, from: i64, to: i64) -> DbResult<()> {
    execute!(session, "UPDATE unit SET parent_id = $2 WHERE parent_id = $1 AND id <> $2 AND ends IS NULL", from, to)?;
    Ok(())
}

/// Puts a unit below another one, or at the top.
///
/// # Errors
/// When the database fails.
pub async fn put_below(session: &mut Session, id: i64, parent_id: Option<i64>) -> DbResult<()> {
    execute!(session, "UPDATE unit SET parent_id = $2 WHERE id = $1", id, parent_id)?;
    Ok(())
}

/// Gives whoever holds a role in a unit the same in another.
///
/// # Errors
/// When the database fails.
pub async fn copy_roles(session: &mut Session, from: i64, to: i64) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO account_role (account_id, role, unit_id)
         SELECT account_id, role, CAST($2 AS BIGINT) FROM account_role WHERE unit_id = $1 ON CONFLICT DO NOTHING",
        from,
        to
    )?;
    Ok(())
}

/// The campaigns that a unit takes part in and that are not over on a day: id and first day.
///
/// # Errors
/// When the database fails.
pub async fn list_running_parts(session: &mut Session, unit_id: i64, on: Day) -> DbResult<Vec<(i64, String)>> {
    fetch_all!(
        session,
        (i64, String),
        "SELECT c.id, c.begins FROM registration g JOIN campaign c ON c.id = g.campaign_id
         WHERE g.unit_id = $1 AND c.ends >= $2 ORDER BY c.begins",
        unit_id,
        on.iso()
    )
}

/// Has a unit go on with another's part in a campaign, and with its examples there, which its score counts; unless it takes
/// part itself.
///
/// # Errors
/// When the database fails.
pub async fn move_part(session: &mut Session, campaign_id: i64, from: i64, to: i64) -> DbResult<()> {
    let moved = execute!(
        session,
        "UPDATE registration SET unit_id = $3 WHERE campaign_id = $1 AND unit_id = $2
         AND NOT EXISTS (SELECT 1 FROM registration o WHERE o.campaign_id = $1 AND o.unit_id = $3)",
        campaign_id,
        from,
        to
    )?;
    if moved > 0 {
        execute!(
            session,
            "UPDATE example SET unit_id = $3 WHERE campaign_id = $1 AND unit_id = $2",
            campaign_id,
            from,
            to
        )?;
    }
    Ok(())
}

/// Puts a unit into another's clusters from a year on, where it is in none.
///
/// # Errors
/// When the database fails.
pub async fn copy_clusters(session: &mut Session, from: i64, to: i64, year: i64) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO cluster_unit (year, unit_id, cluster_id)
         SELECT year, CAST($2 AS BIGINT), cluster_id FROM cluster_unit WHERE unit_id = $1 AND year >= $3 ON CONFLICT DO NOTHING",
        from,
        to,
        year
    )?;
    Ok(())
}

/// The names of levels, as they were first used.
///
/// # Errors
/// When the database fails.
pub async fn list_levels(session: &mut Session) -> DbResult<Vec<String>> {
    let rows = fetch_all!(session, (String,), "SELECT name FROM unit_level ORDER BY id")?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// A level by its slug, added if it is new.
///
/// # Errors
/// When the database fails.
pub async fn find_or_add_level(session: &mut Session, slug: &str, name: &str) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO unit_level (slug, name) VALUES ($1, $2) ON CONFLICT (slug) DO UPDATE SET slug = excluded.slug RETURNING id",
        slug,
        name
    )?;
    Ok(id)
}

/// Says where a unit lies.
///
/// # Errors
/// When the database fails.
pub async fn set_boundary(session: &mut Session, unit_id: i64, geometry: &str) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO unit_boundary (unit_id, geometry) VALUES ($1, $2)
         ON CONFLICT (unit_id) DO UPDATE SET geometry = excluded.geometry",
        unit_id,
        geometry
    )?;
    Ok(())
}

/// The units of which it is known where they lie.
///
/// # Errors
/// When the database fails.
pub async fn list_bounded(session: &mut Session) -> DbResult<Vec<i64>> {
    let rows = fetch_all!(session, (i64,), "SELECT unit_id FROM unit_boundary ORDER BY unit_id")?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// A group of units that are compared with each other in a year.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ClusterRow {
    /// Its id.
    pub id: i64,
    /// The year.
    pub year: i64,
    /// Its name.
    pub name: String,
}

/// The clusters of a year, in Vietnamese order.
///
/// # Errors
/// When the database fails.
pub async fn list_clusters(session: &mut Session, year: i64) -> DbResult<Vec<ClusterRow>> {
    fetch_all!(session, ClusterRow, "SELECT id, year, name FROM cluster WHERE year = $1 ORDER BY sort_key, id", year)
}

/// The years that have clusters, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list_cluster_years(session: &mut Session) -> DbResult<Vec<i64>> {
    let rows = fetch_all!(session, (i64,), "SELECT DISTINCT year FROM cluster ORDER BY year DESC")?;
    Ok(rows.into_iter().map(|(year,)| year).collect())
}

/// Which unit is in which cluster in a year.
///
/// # Errors
/// When the database fails.
pub async fn list_cluster_units(session: &mut Session, year: i64) -> DbResult<Vec<(i64, i64)>> {
    fetch_all!(
        session,
        (i64, i64),
        "SELECT cluster_id, unit_id FROM cluster_unit WHERE year = $1 ORDER BY unit_id",
        year
    )
}

/// Adds a cluster.
///
/// # Errors
/// When its name is taken in the year (`cluster_name_key`), or the database fails.
pub async fn add_cluster(session: &mut Session, year: i64, name: &str, sort_key: &str) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO cluster (year, name, sort_key) VALUES ($1, $2, $3) RETURNING id",
        year,
        name,
        sort_key
    )?;
    Ok(id)
}

/// Takes a cluster away.
///
/// # Errors
/// When the database fails.
pub async fn remove_cluster(session: &mut Session, id: i64) -> DbResult<u64> {
    execute!(session, "DELETE FROM cluster WHERE id = $1", id)
}

/// Takes every unit out of a cluster.
///
/// # Errors
/// When the database fails.
pub async fn clear_cluster(session: &mut Session, id: i64) -> DbResult<()> {
    execute!(session, "DELETE FROM cluster_unit WHERE cluster_id = $1", id)?;
    Ok(())
}

/// Puts a unit into a cluster, out of the one that it was in that year.
///
/// # Errors
/// When the database fails.
pub async fn put_in_cluster(session: &mut Session, year: i64, unit_id: i64, cluster_id: i64) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO cluster_unit (year, unit_id, cluster_id) VALUES ($1, $2, $3)
         ON CONFLICT (year, unit_id) DO UPDATE SET cluster_id = excluded.cluster_id",
        year,
        unit_id,
        cluster_id
    )?;
    Ok(())
}
