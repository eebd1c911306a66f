//! Instants and the one formatter of dates: Vietnam time (UTC+7), the same on the server and in the browser.

use serde::{Deserialize, Serialize};
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

use super::lang::Lang;

/// A moment, in milliseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instant(pub i64);

const VIETNAM: UtcOffset = match UtcOffset::from_hms(7, 0, 0) {
    Ok(offset) => offset,
    Err(_) => panic!("+07:00 is an offset"),
};
const ENGLISH_MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Instant {
    /// A minute of Vietnam time written `2021-06-01T08:00`, as front matter has it.
    pub fn parse_local(text: &str) -> Option<Self> {
        let (day, minute) = text.split_once('T').unwrap_or((text, "00:00"));
        let mut day = day.splitn(3, '-').map(str::parse::<u16>);
        let mut minute = minute.splitn(2, ':').map(str::parse::<u8>);
        let (year, month, day) = (day.next()?.ok()?, day.next()?.ok()?, day.next()?.ok()?);
        let (hour, minute) = (minute.next()?.ok()?, minute.next()?.ok()?);
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        let date = Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()?;
        let time = Time::from_hms(hour, minute, 0).ok()?;
        let seconds = date.with_time(time).assume_offset(VIETNAM).unix_timestamp();
        Some(Self(seconds * 1000))
    }

    /// This many milliseconds later.
    #[must_use]
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    fn local(self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1000))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
            .to_offset(VIETNAM)
    }

    /// The minute as inputs of browsers have it, and as [`Instant::parse_local`] reads it: `2026-11-23T08:05`.
    pub fn local_minute(self) -> String {
        self.rfc3339().chars().take(16).collect()
    }

    /// The day: `23/11/2026` in Vietnamese, `23 Nov 2026` in English.
    pub fn day(self, lang: Lang) -> String {
        let at = self.local();
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        match lang {
            Lang::Vi => format!("{}/{}/{year}", two(day), two(month)),
            Lang::En => format!("{day} {} {year}", ENGLISH_MONTHS[usize::from(month - 1)]),
        }
    }

    /// The day and the minute: `23/11/2026, 08:05`.
    pub fn minute(self, lang: Lang) -> String {
        let at = self.local();
        format!("{}, {}:{}", self.day(lang), two(at.hour()), two(at.minute()))
    }

    /// For the `datetime` attribute and for machines: `2026-11-23T08:05:00+07:00`.
    pub fn rfc3339(self) -> String {
        let at = self.local();
        format!(
            "{}-{}-{}T{}:{}:{}+07:00",
            at.year(),
            two(u8::from(at.month())),
            two(at.day()),
            two(at.hour()),
            two(at.minute()),
            two(at.second()),
        )
    }
}

fn two(number: u8) -> String {
    if number < 10 { format!("0{number}") } else { number.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_days_of_vietnam() {
        // 2026-11-22 17:30 in UTC is already the 23rd in Hà Nội.
        let at = Instant(1_795_368_600_000);
        assert_eq!(at.day(Lang::Vi), "23/11/2026");
        assert_eq!(at.minute(Lang::En), "23 Nov 2026, 00:30");
        assert_eq!(at.rfc3339(), "2026-11-23T00:30:00+07:00");
    }

    #[test]
    fn local_minutes_are_read_back_as_written() {
        let at = Instant::parse_local("2021-06-01T08:05").expect("a minute");
        assert_eq!(at.minute(Lang::Vi), "01/06/2021, 08:05");
        assert_eq!(
            Instant::parse_local("2021-06-01").map(|at| at.minute(Lang::Vi)).as_deref(),
            Some("01/06/2021, 00:00")
        );
    }

    #[test]
    fn what_is_no_date_is_refused_and_absurd_instants_do_not_panic() {
        for text in ["", "2021", "2021-13-01", "2021-02-30", "2021-02-03T25:00", "x-y-z", "2021-02-03T10"] {
            assert_eq!(Instant::parse_local(text), None, "{text}");
        }
        for ms in [i64::MIN, -1, i64::MAX] {
            assert!(!Instant(ms).minute(Lang::Vi).is_empty());
        }
    }
}
