//! Modes of moderation (*chế độ kiểm duyệt*): which comments are shown at once, which wait, and until when any are taken.

use super::comment::Standing;
use super::day::Day;

/// How the comments of a page are taken, the strictest last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mode {
    /// They are shown at once, and looked at afterwards.
    After,
    /// They are shown at once where no rule has something against it.
    Rules,
    /// Those are shown at once of whose sender one is shown already.
    First,
    /// All wait.
    #[default]
    All,
    /// None are taken.
    ReadOnly,
    /// None are taken, and none are shown.
    Closed,
}

impl Mode {
    /// All of them, as forms offer them.
    pub const ALL: [Self; 6] = [Mode::All, Mode::First, Mode::Rules, Mode::After, Mode::ReadOnly, Mode::Closed];

    /// As forms and the database write it.
    pub const fn code(self) -> &'static str {
        match self {
            Mode::All => "all",
            Mode::First => "first",
            Mode::Rules => "rules",
            Mode::After => "after",
            Mode::ReadOnly => "read-only",
            Mode::Closed => "closed",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.code() == code)
    }
}

/// How far a setting reaches, the widest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// The whole portal.
    Site,
    /// A campaign's page and its news.
    Campaign,
    /// One page.
    Announcement,
}

impl Reach {
    /// As the database writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Reach::Site => "site",
            Reach::Campaign => "campaign",
            Reach::Announcement => "announcement",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        [Reach::Site, Reach::Campaign, Reach::Announcement].into_iter().find(|reach| reach.code() == code)
    }
}

/// What somebody has set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// How far it reaches.
    pub reach: Reach,
    /// The mode; none is as with the next wider one.
    pub mode: Option<Mode>,
    /// The last day on which comments are taken; none likewise.
    pub closes_on: Option<Day>,
}

/// How comments are taken on one page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ruling {
    /// The mode.
    pub mode: Mode,
    /// The last day on which comments are taken.
    pub closes_on: Option<Day>,
}

impl Ruling {
    /// What holds of all that is set for one page: what reaches less far goes before. News of several campaigns follows
    /// the strictest mode and the earliest day.
    pub fn of(settings: &[Setting]) -> Self {
        let nearest = |reach: Reach| settings.iter().filter(move |setting| setting.reach == reach);
        let order = [Reach::Announcement, Reach::Campaign, Reach::Site];
        let mode = order.into_iter().find_map(|reach| nearest(reach).filter_map(|setting| setting.mode).max());
        let closes_on =
            order.into_iter().find_map(|reach| nearest(reach).filter_map(|setting| setting.closes_on).min());
        Self { mode: mode.unwrap_or_default(), closes_on }
    }

    /// How a page's discussion stands on a day.
    pub fn standing(self, today: Day) -> Standing {
        match (self.mode, self.closes_on) {
            (Mode::Closed, _) => Standing::Closed,
            (Mode::ReadOnly, _) => Standing::Over { since: None },
            (_, Some(last)) if last < today => Standing::Over { since: Some(last.begin()) },
            (_, last) => Standing::Open { until: last.map(Day::begin) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).expect("a day")
    }

    fn setting(reach: Reach, mode: Option<Mode>, closes_on: Option<&str>) -> Setting {
        Setting { reach, mode, closes_on: closes_on.map(day) }
    }

    #[test]
    fn what_reaches_less_far_goes_before() {
        let site = setting(Reach::Site, Some(Mode::After), Some("1/6/2026"));
        let campaign = setting(Reach::Campaign, Some(Mode::First), None);
        let own = setting(Reach::Announcement, None, Some("1/9/2026"));
        assert_eq!(Ruling::of(&[]), Ruling { mode: Mode::All, closes_on: None });
        assert_eq!(Ruling::of(&[site]).mode, Mode::After);
        let ruling = Ruling::of(&[own, site, campaign]);
        assert_eq!(ruling, Ruling { mode: Mode::First, closes_on: Some(day("1/9/2026")) });
        let two = [campaign, setting(Reach::Campaign, Some(Mode::Closed), Some("2/6/2026")), site];
        assert_eq!(Ruling::of(&two), Ruling { mode: Mode::Closed, closes_on: Some(day("2/6/2026")) });
    }

    #[test]
    fn a_closing_day_has_its_evening() {
        let ruling = Ruling { mode: Mode::After, closes_on: Some(day("1/6/2026")) };
        assert_eq!(ruling.standing(day("1/6/2026")), Standing::Open { until: Some(day("1/6/2026").begin()) });
        assert_eq!(ruling.standing(day("2/6/2026")), Standing::Over { since: Some(day("1/6/2026").begin()) });
        let closed = Ruling { mode: Mode::Closed, ..ruling };
        assert_eq!(closed.standing(day("1/6/2026")), Standing::Closed);
        for mode in Mode::ALL {
            assert_eq!(Mode::parse(mode.code()), Some(mode));
        }
        assert_eq!((Mode::parse("none"), Reach::parse("all")), (None, None));
    }
}
