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
    /// The campaigns that are under way, as markup; empty where none is.
    pub campaigns: Html,
}

/// A page whose markup only the server makes: few citizens open it first, so its program is not worth their bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadePage {
    /// The title as people read it.
    pub title: String,
    /// One or two sentences.
    pub description: String,
    /// The Vietnamese path of the page, which is its canonical address.
    pub path: String,
    /// An absolute path of a picture for share cards.
    pub picture: Option<String>,
    /// Whether it stands in both languages.
    pub translated: bool,
    /// Whether it is an article.
    pub article: bool,
    /// Whether search engines are asked to leave it out.
    pub hidden: bool,
    /// The markup.
    pub markup: Html,
    /// The paths of the pages of newer and of older things, for machines, which read what the server sends.
    #[cfg(feature = "ssr")]
    #[serde(skip)]
    pub neighbours: (Option<String>, Option<String>),
    /// schema.org data, for machines as well.
    #[cfg(feature = "ssr")]
    #[serde(skip)]
    pub data: Option<serde_json::Value>,
}
