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

    /// The day so many days later, or earlier; the last or first of the calendar at its ends.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        let end = if days < 0 { Date::MIN } else { Date::MAX };
        Self(self.0.checked_add(time::Duration::days(days)).unwrap_or(end))
    }

    /// So many days later another day is; negative where it is earlier.
    pub fn days_until(self, other: Self) -> i64 {
        (other.0 - self.0).whole_days()
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// The month, from 1.
    pub fn month(self) -> u8 {
        u8::from(self.0.month())
    }

    /// The last day of the stretch of so many months that a day lies in: of its month (1), quarter (3), half year (6)
    /// or year (12).
    #[must_use]
    pub fn end_of_stretch(self, months: u8) -> Self {
        let months = months.clamp(1, 12);
        let last = (self.month() - 1) / months * months + months;
        let month = Month::try_from(last).unwrap_or(Month::December);
        let day = month.length(self.0.year());
        Self(Date::from_calendar_date(self.0.year(), month, day).unwrap_or(self.0))
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
    fn days_are_counted_and_months_and_quarters_end_where_the_calendar_says() {
        let day = |text: &str| Day::parse(text).expect("a day");
        assert_eq!(day("28/2/2024").plus_days(2), day("1/3/2024"));
        assert_eq!(day("1/1/2021").plus_days(-1), day("31/12/2020"));
        assert_eq!(day("1/1/2021").days_until(day("1/1/2022")), 365);
        for (from, months, to) in [
            ("10/2/2024", 1, "29/2/2024"),
            ("1/1/2021", 3, "31/3/2021"),
            ("30/6/2021", 6, "30/6/2021"),
            ("1/7/2021", 6, "31/12/2021"),
            ("5/5/2021", 12, "31/12/2021"),
        ] {
            assert_eq!(day(from).end_of_stretch(months), day(to), "{from}");
        }
        assert!(day("1/1/9999").plus_days(i64::from(i32::MAX)) >= day("1/1/9999"));
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
