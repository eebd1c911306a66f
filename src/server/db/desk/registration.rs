//! Registrations as units write them: who takes part in a campaign, with which plan.

use crate::domain::figure::Figure;
use crate::domain::time::Instant;
use crate::server::db::desk::campaign::columns_of;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_one, fetch_optional};

/// A registration.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct RegistrationRow {
    /// Its id.
    pub id: i64,
    /// The campaign.
    pub campaign_id: i64,
    /// The unit.
    pub unit_id: i64,
    /// The unit's slug.
    pub unit_slug: String,
    /// The unit's name.
    pub unit_name: String,
    /// `draft`, `registered` or `withdrawn`.
    pub state: String,
    /// Who signed.
    pub signer_name: String,
    /// As what.
    pub signer_title: String,
    /// What was signed, word by word.
    pub covenant: String,
    /// When.
    pub signed_at: Option<i64>,
    /// JSON: the plan as it was typed.
    pub content: String,
    /// Counts its savings.
    pub version: i64,
    /// For whom staff entered it.
    pub on_behalf_of: String,
    /// When its part was ended, where it is `withdrawn`.
    pub ended_at: Option<i64>,
    /// Why.
    pub ended_reason: String,
}

macro_rules! select_registration {
    () => {
        "SELECT g.id, g.campaign_id, g.unit_id, u.slug AS unit_slug, u.name AS unit_name, g.state, g.signer_name, g.signer_title,
                g.covenant, g.signed_at, g.content, g.version, g.on_behalf_of, g.ended_at, g.ended_reason
         FROM registration g JOIN unit u ON u.id = g.unit_id "
    };
}

/// The registration of a unit in a campaign.
///
/// # Errors
/// When the database fails.
pub async fn find(session: &mut Session, campaign_id: i64, unit_id: i64) -> DbResult<Option<RegistrationRow>> {
    fetch_optional!(
        session,
        RegistrationRow,
        concat!(select_registration!(), "WHERE g.campaign_id = $1 AND g.unit_id = $2"),
        campaign_id,
        unit_id
    )
}

/// A registration by its id.
///
/// # Errors
/// When the database fails.
pub async fn find_by_id(session: &mut Session, id: i64) -> DbResult<Option<RegistrationRow>> {
    fetch_optional!(session, RegistrationRow, concat!(select_registration!(), "WHERE g.id = $1"), id)
}

/// The registrations of a campaign, by the units' names.
///
/// # Errors
/// When the database fails.
pub async fn list(session: &mut Session, campaign_id: i64) -> DbResult<Vec<RegistrationRow>> {
    fetch_all!(
        session,
        RegistrationRow,
        concat!(select_registration!(), "WHERE g.campaign_id = $1 ORDER BY u.sort_key, u.id"),
        campaign_id
    )
}

/// What a registration is saved with.
#[derive(Clone, Debug)]
pub struct RegistrationColumns<'a> {
    /// Who signs.
    pub signer_name: &'a str,
    /// As what.
    pub signer_title: &'a str,
    /// JSON: the plan as it was typed.
    pub content: &'a str,
    /// For whom staff enters it.
    pub on_behalf_of: &'a str,
}

/// Begins a registration; gives the one that is there already, with `false`.
///
/// # Errors
/// When the database fails.
pub async fn find_or_add(
    session: &mut Session,
    campaign_id: i64,
    unit_id: i64,
    actor_id: i64,
    at: Instant,
) -> DbResult<i64> {
    let (id,) = fetch_one!(
        session,
        (i64,),
        "INSERT INTO registration (campaign_id, unit_id, state, actor_id, created_at) VALUES ($1, $2, 'draft', $3, $4)
         ON CONFLICT (campaign_id, unit_id) DO UPDATE SET unit_id = excluded.unit_id RETURNING id",
        campaign_id,
        unit_id,
        actor_id,
        at.0
    )?;
    Ok(id)
}

/// Saves a registration that is at this version: `false` where somebody else has saved since.
///
/// # Errors
/// When the database fails.
pub async fn save(
    session: &mut Session,
    id: i64,
    version: i64,
    columns: &RegistrationColumns<'_>,
    plan_html: &str,
) -> DbResult<bool> {
    let saved = execute!(
        session,
        "UPDATE registration SET signer_name = $3, signer_title = $4, content = $5, on_behalf_of = $6, plan_html = $7, version = version + 1
         WHERE id = $1 AND version = $2",
        id,
        version,
        columns.signer_name,
        columns.signer_title,
        columns.content,
        columns.on_behalf_of,
        plan_html
    )?;
    Ok(saved == 1)
}

/// Says that a unit takes part, with the covenant word by word.
///
/// # Errors
/// When the database fails.
pub async fn sign(session: &mut Session, id: i64, covenant: &str, at: Instant) -> DbResult<()> {
    execute!(
        session,
        "UPDATE registration SET state = 'registered', covenant = $2, signed_at = $3 WHERE id = $1",
        id,
        covenant,
        at.0
    )?;
    Ok(())
}

/// Says that a unit no longer takes part, and why; `false` where it does not.
///
/// # Errors
/// When the database fails.
pub async fn end(session: &mut Session, id: i64, reason: &str, at: Instant) -> DbResult<bool> {
    let changed = execute!(
        session,
        "UPDATE registration SET state = 'withdrawn', ended_at = $3, ended_reason = $2 WHERE id = $1 AND state = 'registered'",
        id,
        reason,
        at.0
    )?;
    Ok(changed == 1)
}

/// Says that a unit whose part was ended takes part again; `false` where it was not ended.
///
/// # Errors
/// When the database fails.
pub async fn reinstate(session: &mut Session, id: i64) -> DbResult<bool> {
    let changed = execute!(
        session,
        "UPDATE registration SET state = 'registered', ended_at = NULL, ended_reason = '' WHERE id = $1 AND state = 'withdrawn'",
        id
    )?;
    Ok(changed == 1)
}

/// Puts the targets that a unit set itself in place of those before.
///
/// # Errors
/// When the database fails.
pub async fn put_plan_targets(session: &mut Session, id: i64, goals: &[(i64, Figure)]) -> DbResult<()> {
    execute!(session, "DELETE FROM plan_target WHERE registration_id = $1", id)?;
    for (target_id, goal) in goals {
        let (value, scale) = columns_of(*goal);
        execute!(
            session,
            "INSERT INTO plan_target (registration_id, target_id, goal, goal_scale) VALUES ($1, $2, $3, $4)",
            id,
            target_id,
            value,
            scale
        )?;
    }
    Ok(())
}

/// The targets that a unit set itself: target, goal and its scale.
///
/// # Errors
/// When the database fails.
pub async fn list_plan_targets(session: &mut Session, id: i64) -> DbResult<Vec<(i64, i64, i64)>> {
    fetch_all!(
        session,
        (i64, i64, i64),
        "SELECT target_id, goal, goal_scale FROM plan_target WHERE registration_id = $1 ORDER BY target_id",
        id
    )
}

/// A unit that somebody reports for, with a campaign that it can take part in.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OpenRow {
    /// The campaign.
    pub campaign_id: i64,
    /// Its slug.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its last day.
    pub ends: String,
    /// The registration's id, if there is one.
    pub registration_id: Option<i64>,
    /// Its state.
    pub state: Option<String>,
    /// When its covenant was signed.
    pub signed_at: Option<i64>,
}

/// The campaigns that a unit can take part in or takes part in, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list_open(session: &mut Session, unit_id: i64) -> DbResult<Vec<OpenRow>> {
    fetch_all!(
        session,
        OpenRow,
        "SELECT c.id AS campaign_id, a.slug, r.title, c.ends, g.id AS registration_id, g.state, g.signed_at
         FROM announcement a JOIN campaign c ON c.id = a.id JOIN revision r ON r.id = a.published_revision_id
         LEFT JOIN registration g ON g.campaign_id = c.id AND g.unit_id = $1
         WHERE a.kind = 'campaign' AND a.state IN ('published', 'archived')
         ORDER BY a.first_published_at DESC, a.id DESC LIMIT 100",
        unit_id
    )
}

/// Puts a file in the place of the one that answered a question before.
///
/// # Errors
/// When the database fails.
pub async fn put_file(session: &mut Session, id: i64, question: &str, upload_id: i64, name: &str) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO plan_file (registration_id, question, upload_id, name) VALUES ($1, $2, $3, $4)
         ON CONFLICT (registration_id, question) DO UPDATE SET upload_id = excluded.upload_id, name = excluded.name",
        id,
        question,
        upload_id,
        name
    )?;
    Ok(())
}

/// The file that answers a question: its name, the hash of its content, its type.
///
/// # Errors
/// When the database fails.
pub async fn find_file(session: &mut Session, id: i64, question: &str) -> DbResult<Option<(String, String, String)>> {
    fetch_optional!(
        session,
        (String, String, String),
        "SELECT f.name, u.sha256, u.media_type FROM plan_file f JOIN upload u ON u.id = f.upload_id
         WHERE f.registration_id = $1 AND f.question = $2",
        id,
        question
    )
}

/// Says what a registration holds, without counting a saving: what was typed beside it stays valid.
///
/// # Errors
/// When the database fails.
pub async fn set_content(session: &mut Session, id: i64, content: &str) -> DbResult<()> {
    execute!(session, "UPDATE registration SET content = $2 WHERE id = $1", id, content)?;
    Ok(())
}
