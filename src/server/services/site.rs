//! What every page shows of the portal itself.

use std::sync::{PoisonError, RwLock};

use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::site::{Policy, PolicyText, Site};
use crate::server::db::change::{Changes, Moment};
use crate::server::db::{announcement, label};
use crate::server::markdown;
use crate::server::state::AppState;
use crate::server::thing::{Read, Thing};
use crate::text::Text;

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

/// The text of a policy. The one on privacy ends with whom to ask.
pub fn read_policy(state: &AppState, policy: Policy, language: Lang) -> Read<PolicyText> {
    let text = match (policy, language) {
        (Policy::Privacy, Lang::Vi) => include_str!("../../../locales/policy/privacy.vi.md"),
        (Policy::Privacy, Lang::En) => include_str!("../../../locales/policy/privacy.en.md"),
        (Policy::Moderation, Lang::Vi) => include_str!("../../../locales/policy/moderation.vi.md"),
        (Policy::Moderation, Lang::En) => include_str!("../../../locales/policy/moderation.en.md"),
    };
    let contact = match policy {
        Policy::Privacy if !state.contact.is_empty() => format!("\n\n{}\n", Text(language).contact(&state.contact)),
        _ => String::new(),
    };
    Read { value: PolicyText { policy, html: markdown::render(&format!("{text}{contact}")) }, things: Vec::new() }
}
