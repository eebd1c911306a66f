//! Moments as files have them.

use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serializer};
use time::{Date, Month, OffsetDateTime, Time, UtcOffset};

use crate::domain::time::Instant;

/// A moment as files have it: `2021-06-01T08:00:00Z`, with or without fractions of a second, with any offset, which is
/// UTC if there is none.
pub(super) fn read_time(text: &str) -> Option<Instant> {
    let text = text.trim();
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (time, offset) = rest.split_at_checked(at)?;
    let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let offset = match offset.split_at_checked(1) {
        None | Some(("Z" | "z", "")) => 0,
        Some((sign @ ("+" | "-"), offset)) => {
            let [hours, minutes] = numbers(offset, ':', [2, 2])?;
            (hours * 60 + minutes) * if sign == "-" { -60 } else { 60 }
        }
        Some(_) => return None,
    };
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths: String = fraction.chars().chain("00".chars()).take(3).collect();
    let byte = |number: i32| u8::try_from(number).ok();
    let date = Date::from_calendar_date(year, Month::try_from(byte(month)?).ok()?, byte(day)?).ok()?;
    let time = Time::from_hms_milli(byte(hour)?, byte(minute)?, byte(second)?, thousandths.parse().ok()?).ok()?;
    let offset = UtcOffset::from_whole_seconds(offset).ok()?;
    let moment = date.with_time(time).assume_offset(offset);
    let ms = moment.unix_timestamp().checked_mul(1000)?.checked_add(i64::from(moment.millisecond()))?;
    // Before it there were no comments: such a time means that there is none.
    (ms >= 0).then_some(Instant(ms))
}

/// Numbers of so many digits between separators.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[i32; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split(separator);
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part =
            parts.next().filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

/// A moment as the portal's files have it: `2021-06-01T01:00:00.000Z`. `None` if it is none that is read again.
fn written(instant: Instant) -> Option<String> {
    let seconds = instant.0.div_euclid(1000);
    let at = OffsetDateTime::from_unix_timestamp(seconds).ok().filter(|at| seconds >= 0 && at.year() <= 9999)?;
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    let (hour, minute, second) = (at.hour(), at.minute(), at.second());
    let ms = instant.0.rem_euclid(1000);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z"))
}

/// Writes a moment.
pub(super) fn serialize<S: Serializer>(instant: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    let text = written(*instant).ok_or_else(|| S::Error::custom("a time is none of the calendar"))?;
    serializer.serialize_str(&text)
}

/// Reads a moment.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
    instant(&String::deserialize(deserializer)?)
}

/// The same for moments that may be missing.
pub(super) mod optional {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::{Instant, instant};

    /// Writes a moment, if there is one.
    pub fn serialize<S: Serializer>(instant: &Option<Instant>, serializer: S) -> Result<S::Ok, S::Error> {
        match instant {
            Some(instant) => super::serialize(instant, serializer),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a moment, if there is one.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Instant>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| instant(&text)).transpose()
    }
}

fn instant<E: serde::de::Error>(text: &str) -> Result<Instant, E> {
    let zoned = text.ends_with(['Z', 'z']) || text.bytes().rev().nth(5).is_some_and(|byte| matches!(byte, b'+' | b'-'));
    read_time(text).filter(|_| zoned && text.contains('T')).ok_or_else(|| {
        let shown: String = text.chars().take(40).collect();
        E::custom(format!("{shown:?} is no time: write it like 2021-06-01T01:00:00.000Z"))
    })
}
