//! Floods: when a comment that comes in waits together with others for one decision, instead of for one of its own.
//!
//! Nobody is refused and nothing is lost. On the day of a launch thousands may write to one page within an hour, and
//! thousands share one carrier's address; so a comment with a proof of work from an address that is not busy never joins a
//! flood, however many there are, and without a proof it does so only once a page has many of these.

use std::collections::{BTreeMap, BTreeSet};

/// A time window of a page, in milliseconds.
pub const PAGE_WINDOW: i64 = 60 * 60_000;
/// So many comments without a proof come to a page within its window before further ones wait together.
pub const PAGE_MOST: i64 = 200;
/// A time window of a sender, in milliseconds.
pub const SENDER_WINDOW: i64 = 10 * 60_000;
/// So many comments come from one address within its window before further ones without a proof wait together.
pub const SENDER_MOST: i64 = 60;
/// The same for those with a proof: a carrier's address on a busy day.
pub const SENDER_MOST_PROVEN: i64 = 120;

/// How many zero bits a browser looks for before it sends a comment: a tenth of a second of an ordinary phone.
pub const BITS: u32 = 16;
/// The same while there is a flood: half a second.
pub const BITS_IN_FLOOD: u32 = 18;

/// Why comments of a page wait together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FloodKind {
    /// Too many came at once without a proof of work, or from one address.
    Rush,
    /// They come from blocked senders.
    Blocked,
}

impl FloodKind {
    /// As it is stored.
    pub const fn code(self) -> &'static str {
        match self {
            FloodKind::Rush => "rush",
            FloodKind::Blocked => "blocked",
        }
    }
}

/// What is known of a comment that comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Whether it comes with a proof of work.
    pub proven: bool,
    /// Whether its sender is blocked.
    pub blocked: bool,
    /// How many came from its sender within [`SENDER_WINDOW`], this one among them.
    pub from_sender: i64,
    /// How many without a proof, of senders that were not busy, came to its page within [`PAGE_WINDOW`], without this one.
    pub on_page: i64,
}

impl Arrival {
    /// How many of its kind an address may send within [`SENDER_WINDOW`].
    pub const fn sender_most(proven: bool) -> i64 {
        if proven { SENDER_MOST_PROVEN } else { SENDER_MOST }
    }

    /// Whether its sender has sent too much.
    pub const fn is_busy(&self) -> bool {
        self.from_sender > Self::sender_most(self.proven)
    }

    /// Whether it counts towards a flood of its page. What a blocked or busy sender sends does not, or one sender could
    /// have those who have no script set aside.
    pub const fn is_rush(&self) -> bool {
        !self.proven && !self.blocked && !self.is_busy()
    }

    /// In which flood it waits, if in any.
    pub const fn flood(&self) -> Option<FloodKind> {
        if self.blocked {
            Some(FloodKind::Blocked)
        } else if self.is_busy() || (!self.proven && self.on_page >= PAGE_MOST) {
            Some(FloodKind::Rush)
        } else {
            None
        }
    }
}

/// Whether a comment waits for a moderator whatever the rules of its page say: one without a proof of work always does,
/// and so does one in a flood.
pub const fn must_wait(proven: bool, in_flood: bool) -> bool {
    !proven || in_flood
}

/// Where the links in some texts lead, and how many of the texts have one there: the three that are most frequent.
pub fn count_hosts<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<(String, usize)> {
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for text in texts {
        let words = text.split(|sign: char| sign.is_whitespace() || "()[]<>\",;".contains(sign));
        let hosts: BTreeSet<String> = words.filter_map(host_of).collect();
        for host in hosts {
            *counted.entry(host).or_default() += 1;
        }
    }
    let mut counted: Vec<_> = counted.into_iter().collect();
    counted.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    counted.truncate(3);
    counted
}

fn host_of(word: &str) -> Option<String> {
    let lower = word.to_lowercase();
    let is_link = lower.starts_with("http://") || lower.starts_with("https://") || lower.starts_with("www.");
    let rest = lower.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default().trim_end_matches('.');
    (is_link && host.contains('.') && host.len() <= 253).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Arrival = Arrival { proven: true, blocked: false, from_sender: 1, on_page: 0 };

    #[test]
    fn proven_comments_of_many_addresses_are_never_a_flood() {
        for on_page in [0, PAGE_MOST, 100_000] {
            for from_sender in [1, SENDER_MOST, SENDER_MOST_PROVEN] {
                let arrival = Arrival { on_page, from_sender, ..QUIET };
                assert_eq!((arrival.flood(), arrival.is_rush()), (None, false), "{arrival:?}");
            }
        }
    }

    #[test]
    fn what_is_too_much_joins_the_flood_of_its_kind() {
        let bare = Arrival { proven: false, ..QUIET };
        assert_eq!(Arrival { on_page: PAGE_MOST - 1, ..bare }.flood(), None);
        assert_eq!(Arrival { on_page: PAGE_MOST, ..bare }.flood(), Some(FloodKind::Rush));
        assert_eq!(Arrival { from_sender: SENDER_MOST, ..bare }.flood(), None);
        assert_eq!(Arrival { from_sender: SENDER_MOST + 1, ..bare }.flood(), Some(FloodKind::Rush));
        assert_eq!(Arrival { from_sender: SENDER_MOST_PROVEN + 1, ..QUIET }.flood(), Some(FloodKind::Rush));
        assert_eq!(Arrival { blocked: true, ..QUIET }.flood(), Some(FloodKind::Blocked));
    }

    #[test]
    fn a_busy_or_blocked_sender_makes_no_flood_of_a_page() {
        let bare = Arrival { proven: false, ..QUIET };
        assert!(bare.is_rush());
        assert!(!Arrival { from_sender: SENDER_MOST + 1, ..bare }.is_rush());
        assert!(!Arrival { blocked: true, ..bare }.is_rush());
    }

    #[test]
    fn the_hosts_that_links_lead_to_are_counted_once_for_each_text() {
        let texts = [
            "Mua ở https://Ban-Dat.vn/x https://ban-dat.vn/y",
            "(www.ban-dat.vn)",
            "http://khac.vn:80?a",
            "không. có",
            "",
        ];
        assert_eq!(count_hosts(texts.into_iter()), [("ban-dat.vn".to_owned(), 2), ("khac.vn".to_owned(), 1)]);
        assert!(count_hosts(["https://", "http://x", "www.", "ftp://a.vn"].into_iter()).is_empty());
    }

    #[test]
    fn what_shows_no_work_or_is_in_a_flood_always_waits() {
        assert_eq!(
            [(true, false), (true, true), (false, false), (false, true)].map(|(p, f)| must_wait(p, f)),
            [false, true, true, true]
        );
    }
}
