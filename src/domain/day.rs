//! Days of the calendar, for what has no hour: when a unit began, until when something is due.

use time::{Date, Month};

use super::lang::Lang;
use super::time::Instant;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// Reads a day as forms and databases write it (`2026-11-25`) or as people do (`25/11/2026`, `25-11-2026`,
    /// `25.11.2026`). `None` for what is no day of the calendar.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.trim().split(['-', '/', '.']).map(str::trim).collect();
        let [first, middle, last] = parts.as_slice() else { return None };
        let number =
            |part: &str| (!part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok());
        let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
        if year.len() != 4 || day.len() > 2 || middle.len() > 2 {
            return None;
        }
        let (year, month, day): (u16, u16, u16) = (number(year)??, number(middle)??, number(day)??);
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok().map(Self)
    }

    /// The day of Vietnam time in which a moment lies.
    pub fn of(at: Instant) -> Self {
        let iso: String = at.rfc3339().chars().take(10).collect();
        Self::parse(&iso).unwrap_or(Self(Date::MIN))
    }

    /// Its beginning in Vietnam time.
    pub fn begin(self) -> Instant {
        Instant::parse_local(&self.iso()).unwrap_or_default()
    }

    /// The day before.
    #[must_use]
    pub fn before(self) -> Self {
        Self(self.0.previous_day().unwrap_or(self.0))
    }

    /// `2026-11-25`, which sorts by time.
    pub fn iso(self) -> String {
        format!("{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day())
    }

    /// `25/11/2026` in Vietnamese, `25 Nov 2026` in English.
    pub fn show(self, lang: Lang) -> String {
        self.begin().day(lang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them() {
        for text in ["2026-11-05", "05/11/2026", "5/11/2026", " 5.11.2026 ", "5-11-2026"] {
            assert_eq!(Day::parse(text).map(Day::iso).as_deref(), Some("2026-11-05"), "{text}");
        }
        for text in [
            "",
            "31/02/2026",
            "2026-13-01",
            "5/11/26",
            "11/2026",
            "1/2/3/2026",
            "+5/11/2026",
            "５/11/2026",
            "00/11/2026",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
        assert_eq!(Day::parse("1/3/2024").map(Day::before).map(Day::iso).as_deref(), Some("2024-02-29"));
    }

    #[test]
    fn a_day_is_one_of_vietnam() {
        // 2026-11-22 17:30 in UTC is already the 23rd in Hà Nội.
        let day = Day::of(Instant(1_795_368_600_000));
        assert_eq!((day.iso().as_str(), day.show(Lang::Vi).as_str()), ("2026-11-23", "23/11/2026"));
        assert_eq!(Day::of(day.begin()), day);
        assert!(day.before() < day);
    }
}
