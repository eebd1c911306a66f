//! Announcements (*tin, thông báo*) as readers see them.

use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::comment::CommentPage;
use super::cursor::Cursor;
use super::html::Html;
use super::lang::Lang;
use super::time::Instant;

/// The longest title, in characters.
pub const TITLE_MOST: usize = 200;
/// The longest lead, in characters.
pub const LEAD_MOST: usize = 2000;
/// How many announcements a list shows at once.
pub const LIST_SIZE: usize = 20;
/// How many links *Các tin khác* and *Mới nhất* have.
pub const ASIDE_SIZE: usize = 10;

/// A category or a tag: a name with its slug.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// The part of the URL.
    pub slug: String,
    /// The name as people read it.
    pub name: String,
}

/// One size of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PictureSize {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Where it is.
    pub url: String,
}

/// A picture in its sizes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// What it shows, for who can't see it.
    pub alt: String,
    /// WebP, the narrowest first; never empty.
    pub webp: Vec<PictureSize>,
    /// JPEG, for browsers without WebP and for share cards.
    pub fallback: PictureSize,
}

impl Picture {
    /// The `srcset` of the WebP sizes.
    pub fn srcset(&self) -> String {
        let sizes: Vec<_> = self.webp.iter().map(|size| format!("{} {}w", size.url, size.width)).collect();
        sizes.join(", ")
    }
}

/// The lead picture with its caption; a caption is kept even where there is no picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// The picture, if there is one.
    pub picture: Option<Picture>,
    /// What stands below it.
    pub caption: String,
    /// Who made it.
    pub credit: String,
}

/// A public correction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeNote {
    /// When.
    pub at: Instant,
    /// What was corrected.
    pub note: String,
}

/// A unit as readers meet it: who it is, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitFacts {
    /// Its address and name.
    pub label: Label,
    /// What it is called by where it stands; may be empty.
    pub level: String,
    /// The unit that it belongs to.
    pub parent: Option<Label>,
    /// Its last day, if that has passed.
    pub ended: Option<Instant>,
    /// What goes on with its work today, where it has ended.
    pub successors: Vec<Label>,
    /// Whether it goes on as it was under another name, which is its successor's.
    pub renamed: bool,
    /// What it came out of.
    pub predecessors: Vec<Label>,
    /// What it took over while it was there already.
    pub absorbed: Vec<Label>,
}

/// Everything on a unit's own page.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitProfile {
    /// Who it is.
    pub facts: UnitFacts,
    /// What it does, on the first page.
    pub doings: Option<UnitDoings>,
    /// Its announcements.
    pub list: AnnouncementList,
}

/// What a unit's own page says besides its announcements.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitDoings {
    /// The campaigns that it takes part in, the latest first.
    pub campaigns: Vec<UnitCampaign>,
    /// Its published examples, the newest first.
    pub examples: Vec<Label>,
    /// The units right below it that are there today, in Vietnamese order.
    pub members: Vec<Label>,
}

/// A campaign that a unit takes part in.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitCampaign {
    /// Its address and title.
    pub label: Label,
    /// Its first day and its last.
    pub days: (Instant, Instant),
}

/// One announcement, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announcement {
    /// The part of the URL.
    pub slug: String,
    /// The title.
    pub title: String,
    /// *Sapo*: the opening summary.
    pub lead: String,
    /// The body, cleaned by the server.
    pub html: Html,
    /// The language it is written in.
    pub language: Lang,
    /// Its category.
    pub category: Label,
    /// Its tags.
    pub tags: Vec<Label>,
    /// The unit whose it is; none where it is of the whole portal.
    pub unit: Option<UnitFacts>,
    /// Who wrote it.
    pub author_line: String,
    /// Where it comes from.
    pub source: String,
    /// The lead picture.
    pub figure: Option<Figure>,
    /// First published.
    pub published: Instant,
    /// Publicly updated, if it was.
    pub updated: Option<Instant>,
    /// Public corrections, the newest first.
    pub changes: Vec<ChangeNote>,
    /// Whether it is kept for who looks for it only, in no list.
    pub archived: bool,
}

/// An announcement in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Teaser {
    /// The path of its page.
    pub path: String,
    /// The title.
    pub title: String,
    /// The opening summary; empty where a list shows titles only.
    pub lead: String,
    /// The language it is written in.
    pub language: Lang,
    /// Its category.
    pub category: Label,
    /// First published.
    pub published: Instant,
    /// How many comments are published on it.
    pub comments: u32,
    /// The lead picture, where the list shows one.
    pub picture: Option<Picture>,
}

/// Everything on the page of one announcement.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnouncementPage {
    /// The announcement.
    pub announcement: Announcement,
    /// Its comments.
    pub comments: CommentPage,
    /// *Các tin khác*: the same category or tags first.
    pub others: Vec<Teaser>,
    /// *Mới nhất*.
    pub newest: Vec<Teaser>,
}

/// Some announcements, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnouncementList {
    /// At most [`LIST_SIZE`].
    pub items: Vec<Teaser>,
    /// Where the newer ones end, if there are any.
    pub newer: Option<Cursor>,
    /// Where the older ones begin, if there are any.
    pub older: Option<Cursor>,
    /// Whether this is the list's first page.
    pub first: bool,
}

/// What a list is narrowed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shelf {
    /// Everything, at `/tin`.
    All,
    /// One category, by its slug.
    Category(String),
    /// One tag, by its slug.
    Tag(String),
}

impl Shelf {
    /// The Vietnamese path of the list.
    pub fn path(&self) -> String {
        match self {
            Shelf::All => "/tin".to_owned(),
            Shelf::Category(slug) => format!("/tin/chuyen-muc/{slug}"),
            Shelf::Tag(slug) => format!("/nhan/{slug}"),
        }
    }
}

/// A list with the name of what it is narrowed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShelfPage {
    /// What it is narrowed to.
    pub shelf: Shelf,
    /// The category's or tag's name; empty for everything.
    pub name: String,
    /// The announcements.
    pub list: AnnouncementList,
}

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchPage {
    /// What was asked for, cleaned.
    pub query: String,
    /// How many were found, counted up to a limit.
    pub found: u32,
    /// The page's number, from 1.
    pub page: u32,
    /// Whether more follow.
    pub more: bool,
    /// The announcements, exact accents first, then the newest.
    pub items: Vec<Teaser>,
    /// The latest ones, where nothing was found or asked for.
    pub latest: Vec<Teaser>,
}
