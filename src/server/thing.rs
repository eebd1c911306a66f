//! Things: what pages show and writes change. A page that is kept knows which things it shows; a write notes which
//! things it changed, and so whoever keeps pages knows which of them are of yesterday.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// A thing that pages show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Thing {
    /// What an announcement says in its page and in lists, by its id.
    Announcement(i64),
    /// The published comments of an announcement, and how many they are.
    Comments(i64),
    /// The comments that were published last, wherever.
    RecentComments,
    /// Which announcements are public, in which order.
    Everything,
    /// Which announcements a category has, by its id.
    Category(i64),
    /// Which announcements a tag has, by its id.
    Tag(i64),
    /// What a unit is called and what became of it, and which announcements it has, by its id.
    Unit(i64),
    /// What a campaign says besides its page, who takes part in it, and what came of it, by its id.
    Campaign(i64),
    /// Which campaigns are public, in which order.
    Campaigns,
    /// What is said of an example besides its text, and who took it up, by its id.
    Example(i64),
    /// Which examples are public, in which order.
    Examples,
    /// Of which units it is known where they lie, and where.
    Boundaries,
    /// Which day it is: what was to come is under way, what was due is late.
    Today,
    /// How comments are taken, in the whole portal, on campaigns and pages.
    Modes,
    /// By which rules comments are tried.
    Rules,
    /// What stands around every page: the categories in use, the banner of the demonstration.
    Site,
    /// Whatever there is: much was changed at once, or this program does not know what.
    Whole,
}

impl Thing {
    /// As it stands in the change log: a word and an id, 0 where there is only one such thing.
    pub const fn as_stored(self) -> (&'static str, i64) {
        match self {
            Thing::Announcement(id) => ("announcement", id),
            Thing::Comments(id) => ("comments", id),
            Thing::RecentComments => ("recent-comments", 0),
            Thing::Everything => ("everything", 0),
            Thing::Category(id) => ("category", id),
            Thing::Tag(id) => ("tag", id),
            Thing::Unit(id) => ("unit", id),
            Thing::Campaign(id) => ("campaign", id),
            Thing::Campaigns => ("campaigns", 0),
            Thing::Example(id) => ("example", id),
            Thing::Examples => ("examples", 0),
            Thing::Boundaries => ("boundaries", 0),
            Thing::Today => ("today", 0),
            Thing::Modes => ("modes", 0),
            Thing::Rules => ("rules", 0),
            Thing::Site => ("site", 0),
            Thing::Whole => ("whole", 0),
        }
    }

    /// Reads it from the change log; a word that another version of this program wrote stands for everything.
    pub fn from_stored(kind: &str, id: i64) -> Self {
        match kind {
            "announcement" => Thing::Announcement(id),
            "comments" => Thing::Comments(id),
            "recent-comments" => Thing::RecentComments,
            "everything" => Thing::Everything,
            "category" => Thing::Category(id),
            "tag" => Thing::Tag(id),
            "unit" => Thing::Unit(id),
            "campaign" => Thing::Campaign(id),
            "campaigns" => Thing::Campaigns,
            "example" => Thing::Example(id),
            "examples" => Thing::Examples,
            "boundaries" => Thing::Boundaries,
            "today" => Thing::Today,
            "modes" => Thing::Modes,
            "rules" => Thing::Rules,
            "site" => Thing::Site,
            _ => Thing::Whole,
        }
    }
}

/// A value with the things that it was made of.
#[derive(Clone, Debug)]
pub struct Read<T> {
    /// The value.
    pub value: T,
    /// What it shows.
    pub things: Vec<Thing>,
}

/// Collects what a page shows while it is rendered.
#[derive(Clone, Debug, Default)]
pub struct Shown(Arc<Mutex<BTreeSet<Thing>>>);

impl Shown {
    /// The page shows these too.
    pub fn add(&self, things: impl IntoIterator<Item = Thing>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(things);
    }

    /// What has been collected.
    pub fn take(&self) -> Vec<Thing> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_change_log_is_read_as_it_was_written_and_a_strange_word_is_everything() {
        for thing in [
            Thing::Announcement(7),
            Thing::Comments(7),
            Thing::RecentComments,
            Thing::Everything,
            Thing::Category(1),
            Thing::Tag(2),
            Thing::Unit(3),
            Thing::Campaign(4),
            Thing::Campaigns,
            Thing::Example(5),
            Thing::Examples,
            Thing::Boundaries,
            Thing::Today,
            Thing::Modes,
            Thing::Rules,
            Thing::Site,
            Thing::Whole,
        ] {
            let (kind, id) = thing.as_stored();
            assert_eq!(Thing::from_stored(kind, id), thing);
        }
        assert_eq!(Thing::from_stored("discussion", 3), Thing::Whole);
    }
}
