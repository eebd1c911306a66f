//! Where a page of a list begins: after one (instant, id), so that page 1,000 costs what page 1 costs.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::time::Instant;

/// A place between two rows of a list ordered by (time, id); in a URL `1622509200000-17`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The row's instant.
    pub at: Instant,
    /// The row's id.
    pub id: i64,
}

impl Cursor {
    /// Reads a cursor from a URL; `None` for anything that this program would not have written.
    pub fn parse(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('-')?;
        let digits =
            |part: &str| !part.is_empty() && part.len() <= 18 && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(at) || !digits(id) {
            return None;
        }
        Some(Self { at: Instant(at.parse().ok()?), id: id.parse().ok()? })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.at.0, self.id)
    }
}

/// Which way a list goes on from a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// To what was published before the cursor.
    Older(Cursor),
    /// To what was published after the cursor.
    Newer(Cursor),
}

impl Step {
    /// Reads the two parameters of a list's URL, `truoc` (older than) and `sau` (newer than).
    ///
    /// # Errors
    /// When one of them is there and is no cursor, or when both are there.
    pub fn from_query(older: Option<&str>, newer: Option<&str>) -> Result<Option<Self>, NoCursor> {
        match (older, newer) {
            (None, None) => Ok(None),
            (Some(text), None) => Cursor::parse(text).map(|cursor| Some(Step::Older(cursor))).ok_or(NoCursor),
            (None, Some(text)) => Cursor::parse(text).map(|cursor| Some(Step::Newer(cursor))).ok_or(NoCursor),
            (Some(_), Some(_)) => Err(NoCursor),
        }
    }
}

/// The URL holds something in a cursor's place that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoCursor;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_from_a_url() {
        let cursor = Cursor { at: Instant(1_622_509_200_000), id: 17 };
        assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
    }

    #[test]
    fn nothing_else_is_a_cursor() {
        for text in ["", "-", "1-", "-1", "1", "a-b", "1-2-3", "+1-2", "1- 2", "99999999999999999999-1", "１-２"] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
        assert_eq!(Step::from_query(Some("1-2"), Some("1-2")), Err(NoCursor));
    }
}
