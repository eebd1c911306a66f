//! Databases of Isso (SQLite): threads, each of a page, and the comments of all of them.

use std::collections::VecDeque;
use std::path::Path;

use super::{FileProblem, ForeignComment, ForeignState, Found, MOST_TEXT, plain_email, plain_name, plain_text};
use crate::domain::time::Instant;
use crate::server::db::isso::{Isso, IssoRow};

/// The rows that are read at once.
const ROWS: i64 = 50;

/// The comments of a database.
pub(super) struct Rows {
    database: Isso,
    /// The last row that was asked for.
    last: i64,
    ready: VecDeque<Found>,
}

fn problem(error: &sqlx::Error) -> FileProblem {
    match error {
        sqlx::Error::Database(error) => FileProblem::new(format!("the database can't be read: {}", error.message())),
        error => FileProblem::new(format!("the database can't be read: {error}")),
    }
}

impl Rows {
    pub async fn open(path: &Path) -> Result<Self, FileProblem> {
        let mut database = Isso::open(path).await.map_err(|error| problem(&error))?;
        if !database.has_tables().await.map_err(|error| problem(&error))? {
            return Err(FileProblem::new("this is no database of Isso: it has not the tables comments and threads"));
        }
        Ok(Self { database, last: i64::MIN, ready: VecDeque::new() })
    }

    pub async fn next(&mut self) -> Result<Option<Found>, FileProblem> {
        if self.ready.is_empty() {
            let longest = i64::try_from(MOST_TEXT).unwrap_or(i64::MAX).saturating_add(1);
            let rows = self.database.list(self.last, ROWS, longest).await;
            for row in rows.map_err(|error| problem(&error))? {
                self.last = row.place;
                self.ready.push_back(Found { comment: read(row)?, line: None });
            }
        }
        Ok(self.ready.pop_front())
    }
}

fn read(row: IssoRow) -> Result<ForeignComment, FileProblem> {
    let id = row.id.unwrap_or_default();
    let wrong = |why: &str| FileProblem::new(format!("comment {id}: {why}"));
    let text = |bytes: Option<Vec<u8>>| {
        String::from_utf8(bytes.unwrap_or_default()).map_err(|_| wrong("a text is not in UTF-8"))
    };
    let words = text(row.text)?;
    if words.len() > MOST_TEXT {
        return Err(wrong("the text has more than 1 MB"));
    }
    let uri = text(row.uri)?;
    Ok(ForeignComment {
        parent: row.parent.filter(|parent| !matches!(parent.as_str(), "" | "0")),
        page: if uri.is_empty() { format!("thread {}", row.thread.unwrap_or_default()) } else { uri },
        author: plain_name(&text(row.author)?),
        email: plain_email(&plain_name(&text(row.email)?)),
        // Markdown as it was typed; HTML where Isso took the comments over from Disqus.
        text: plain_text(&words, true),
        sent: row.created.and_then(instant).ok_or_else(|| wrong("the time when it was sent is none"))?,
        edited: row.modified.and_then(instant),
        state: match row.mode {
            Some(1) => ForeignState::Published,
            Some(2) => ForeignState::Waiting,
            Some(4) => ForeignState::Deleted,
            _ => return Err(wrong("its mode is none of 1, 2 and 4")),
        },
        agreed: u32::try_from(row.likes.unwrap_or(0).max(0)).unwrap_or(u32::MAX),
        id,
    })
}

/// The moment so many seconds after 1970 began.
fn instant(seconds: f64) -> Option<Instant> {
    // The year 10000.
    (0.0..253_402_300_800.0).contains(&seconds).then_some(Instant((seconds * 1000.0).round() as i64))
}
