//! How comments are taken: what is set for the portal, for campaigns and for pages.

use crate::domain::time::Instant;
use crate::server::db::{DbResult, Session, execute, fetch_all, fetch_one};

/// Something that is set.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ModeRow {
    /// `site`, `campaign` or `announcement`.
    pub scope: String,
    /// The mode; none is as with what reaches further.
    pub mode: Option<String>,
    /// The last day; none likewise.
    pub closes_on: Option<String>,
}

/// What is set for the announcement whose id an expression gives. News has the settings of the campaigns whose tags it
/// carries, as their pages list it.
macro_rules! settings_of {
    ($id:literal) => {
        concat!(
            "SELECT scope, mode, closes_on FROM moderation_mode WHERE scope = 'site' AND subject_id = 0
             UNION ALL SELECT scope, mode, closes_on FROM moderation_mode WHERE scope = 'announcement' AND subject_id = ", $id, "
             UNION ALL SELECT scope, mode, closes_on FROM moderation_mode WHERE scope = 'campaign' AND subject_id = ", $id, "
             UNION ALL SELECT m.scope, m.mode, m.closes_on
             FROM moderation_mode m JOIN announcement k ON k.id = m.subject_id
             WHERE m.scope = 'campaign' AND m.subject_id <> ", $id, " AND EXISTS (
                 SELECT 1 FROM announcement n JOIN revision_tag own ON own.revision_id = n.published_revision_id
                 JOIN revision_tag its ON its.revision_id = k.published_revision_id AND its.tag_id = own.tag_id
                 WHERE n.id = ", $id, " AND n.kind = 'announcement')"
        )
    };
}
pub(super) use settings_of;

/// What is set for an announcement or a campaign's page.
///
/// # Errors
/// When the database fails.
pub async fn list_settings(session: &mut Session, announcement_id: i64) -> DbResult<Vec<ModeRow>> {
    fetch_all!(session, ModeRow, settings_of!("$1"), announcement_id)
}

/// The same by its slug.
///
/// # Errors
/// When the database fails.
pub async fn list_settings_by_slug(session: &mut Session, slug: &str) -> DbResult<Vec<ModeRow>> {
    fetch_all!(session, ModeRow, settings_of!("(SELECT s.id FROM announcement s WHERE s.slug = $1)"), slug)
}

/// Whether any discussion may be closed, so that it has to be found out which ones are.
///
/// # Errors
/// When the database fails.
pub async fn has_closed(session: &mut Session) -> DbResult<bool> {
    let (count,) = fetch_one!(session, (i64,), "SELECT COUNT(*) FROM moderation_mode WHERE mode = 'closed'")?;
    Ok(count > 0)
}

/// Sets how comments are taken.
///
/// # Errors
/// When the database fails.
pub async fn put_setting(
    session: &mut Session,
    setting: &ModeRow,
    subject_id: i64,
    actor_id: i64,
    at: Instant,
) -> DbResult<()> {
    execute!(
        session,
        "INSERT INTO moderation_mode (scope, subject_id, mode, closes_on, set_at, actor_id) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (scope, subject_id) DO UPDATE SET mode = excluded.mode, closes_on = excluded.closes_on,
             set_at = excluded.set_at, actor_id = excluded.actor_id",
        &setting.scope,
        subject_id,
        setting.mode.as_deref(),
        setting.closes_on.as_deref(),
        at.0,
        actor_id
    )?;
    Ok(())
}
