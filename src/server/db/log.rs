//! Actors and the decision log.

use super::{DbResult, Session, execute, fetch_one, fetch_optional};
use crate::domain::time::Instant;

/// The id of an actor, added if it is new.
///
/// # Errors
/// When the database fails.
pub async fn find_or_add_actor(session: &mut Session, kind: &str, name: &str, at: Instant) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO actor (kind, name, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (kind, name, on_behalf_of) DO UPDATE SET kind = excluded.kind RETURNING id",
        kind,
        name,
        at.0,
    )?;
    Ok(id)
}

/// The id of an actor who has done something.
///
/// # Errors
/// When the database fails.
pub async fn find_actor(session: &mut Session, kind: &str, name: &str) -> DbResult<Option<i64>> {
    let row = fetch_optional!(
        session,
        (i64,),
        "SELECT id FROM actor WHERE kind = $1 AND name = $2 AND on_behalf_of = ''",
        kind,
        name
    )?;
    Ok(row.map(|(id,)| id))
}

/// What was decided about what.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// `announcement`, `comment` …
    pub subject_kind: &'a str,
    /// Its id.
    pub subject_id: i64,
    /// `publish`, `approve` …
    pub action: &'a str,
    /// Why.
    pub reason: Option<&'a str>,
    /// For which of the published reasons.
    pub reason_id: Option<i64>,
}

/// Adds a decision to the log.
///
/// # Errors
/// When the database fails.
pub async fn add_decision(session: &mut Session, actor_id: i64, at: Instant, decision: Decision<'_>) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO decision (at, actor_id, subject_kind, subject_id, action, reason, reason_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        at.0,
        actor_id,
        decision.subject_kind,
        decision.subject_id,
        decision.action,
        decision.reason,
        decision.reason_id,
    )?;
    Ok(())
}
