//! What every page shows of the portal itself, and the home page.

use serde::{Deserialize, Serialize};

use super::announcement::{Label, Teaser};
use super::comment::RecentComment;
use super::html::Html;

/// The portal as its header and footer show it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The portal's name, from `THIDUA_SITE_NAME`.
    pub name: String,
    /// The address for absolute links, from `THIDUA_BASE_URL`, without a slash at its end.
    pub base_url: String,
    /// Categories that have something to read, in Vietnamese order.
    pub categories: Vec<Label>,
    /// Whether demonstration content is loaded, which every page then says.
    pub demonstration: bool,
}

/// A category with its latest announcements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryBlock {
    /// The category.
    pub category: Label,
    /// Its latest announcements.
    pub items: Vec<Teaser>,
}

/// Everything on the home page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// The newest announcement with a picture, or just the newest.
    pub lead: Option<Teaser>,
    /// The latest others.
    pub latest: Vec<Teaser>,
    /// Each category's latest.
    pub blocks: Vec<CategoryBlock>,
    /// The comments that were published last.
    pub comments: Vec<RecentComment>,
}

/// The text of such a page in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyText {
    /// Which page.
    pub policy: Policy,
    /// Its text.
    pub html: Html,
}

/// A page that says how the portal works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Policy {
    /// What is kept of whom, why, and for how long.
    Privacy,
    /// How comments are moderated.
    Moderation,
}

impl Policy {
    /// Where it stands.
    pub const fn path(self) -> &'static str {
        match self {
            Policy::Privacy => "/chinh-sach/rieng-tu",
            Policy::Moderation => "/chinh-sach/kiem-duyet",
        }
    }
}
