//! What every page shows of the portal itself.

use crate::domain::error::AppError;
use crate::domain::site::Site;
use crate::server::db::{announcement, label};
use crate::server::state::AppState;
use crate::server::thing::{Read, Thing};

/// The portal as its header and footer show it.
///
/// # Errors
/// When the database fails.
pub async fn read_site(state: &AppState) -> Result<Read<Site>, AppError> {
    let mut session = state.store.db.read().await?;
    let site = Site {
        name: state.site_name.to_string(),
        base_url: state.base_url.to_string(),
        categories: label::list_used_categories(&mut session).await?,
        demonstration: announcement::has_demonstration(&mut session).await?,
    };
    Ok(Read { value: site, things: vec![Thing::Site] })
}
