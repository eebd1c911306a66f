//! What every page shows of the portal itself.

use std::sync::{PoisonError, RwLock};

use crate::domain::error::AppError;
use crate::domain::site::Site;
use crate::server::db::change::{Changes, Moment};
use crate::server::db::{announcement, label};
use crate::server::state::{AppState, Store};
use crate::server::thing::{Read, Thing};

/// The portal as it was last read, with the moment before: every page shows it, and it seldom changes.
#[derive(Debug, Default)]
pub struct RememberedSite(RwLock<Option<(Moment, Site)>>);

impl RememberedSite {
    fn at(&self, present: Moment, changes: &Changes) -> Option<Site> {
        let remembered = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (moment, site) = remembered.as_ref()?;
        (*moment == present || !changes.changed_since(&[Thing::Site], *moment)).then(|| site.clone())
    }
}

/// The portal as its header and footer show it. While changes can't be followed it is read anew each time.
///
/// # Errors
/// When the database fails.
pub async fn read_site(state: &AppState) -> Result<Read<Site>, AppError> {
    let changes = state.store.db.changes();
    let present = changes.follow().await;
    if let Some(site) = present.and_then(|present| state.remembered_site.at(present, changes)) {
        return Ok(Read { value: site, things: vec![Thing::Site] });
    }
    let mut session = state.store.db.read().await?;
    let site = Site {
        name: state.site_name.to_string(),
        base_url: state.base_url.to_string(),
        categories: label::list_used_categories(&mut session).await?,
        demonstration: announcement::has_demonstration(&mut session).await?,
    };
    if let Some(present) = present {
        *state.remembered_site.0.write().unwrap_or_else(PoisonError::into_inner) = Some((present, site.clone()));
    }
    Ok(Read { value: site, things: vec![Thing::Site] })
}

/// Says that another day has begun, for the pages that show what is to come, under way or late. The server's own work.
///
/// # Errors
/// When the database fails.
pub async fn note_today(store: &Store) -> Result<(), AppError> {
    let mut session = store.db.write().await?;
    session.note_change(Thing::Today);
    session.commit().await?;
    Ok(())
}
