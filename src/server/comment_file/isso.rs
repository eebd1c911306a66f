//! Databases of Isso (SQLite): threads, each of a page, and the comments of all of them.

use std::collections::VecDeque;
use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{ConnectOptions, Row, SqliteConnection};

use super::{FileProblem, ForeignComment, ForeignState, Found, MOST_TEXT, plain_email, plain_name, plain_text};
use crate::domain::time::Instant;

/// The rows that are read at once.
const ROWS: i64 = 50;
/// The tables as they must be: no views, which could compute for ever, and no columns that are computed.
const TABLES: &str = "SELECT count(*) FROM pragma_table_list AS tables WHERE schema = 'main' \
    AND lower(name) IN ('comments', 'threads') AND type = 'table' \
    AND NOT EXISTS (SELECT 1 FROM pragma_table_xinfo(tables.name) WHERE hidden <> 0)";
/// The rows after one, in the order in which they were made. Any column of SQLite may hold anything, of any length.
const COMMENTS: &str = "SELECT comments.rowid AS place, CAST(comments.id AS TEXT) AS id, \
    CAST(parent AS TEXT) AS parent, CAST(created AS REAL) AS created, CAST(modified AS REAL) AS modified, \
    CAST(mode AS INTEGER) AS mode, CAST(substr(text, 1, $3) AS BLOB) AS text, \
    CAST(substr(author, 1, 1000) AS BLOB) AS author, CAST(substr(email, 1, 1000) AS BLOB) AS email, \
    CAST(likes AS INTEGER) AS likes, CAST(tid AS TEXT) AS thread, CAST(substr(uri, 1, 5000) AS BLOB) AS uri \
    FROM comments LEFT JOIN threads ON threads.id = tid WHERE comments.rowid > $1 ORDER BY comments.rowid LIMIT $2";

/// The comments of a database.
pub(super) struct Rows {
    database: SqliteConnection,
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
        let options = SqliteConnectOptions::new().filename(path).read_only(true);
        let options = options.pragma("trusted_schema", "OFF").pragma("cell_size_check", "ON");
        let mut database = options.connect().await.map_err(|error| problem(&error))?;
        let tables: i64 = sqlx::query_scalar(TABLES).fetch_one(&mut database).await.map_err(|error| problem(&error))?;
        if tables != 2 {
            return Err(FileProblem::new("this is no database of Isso: it has not the tables comments and threads"));
        }
        Ok(Self { database, last: i64::MIN, ready: VecDeque::new() })
    }

    pub async fn next(&mut self) -> Result<Option<Found>, FileProblem> {
        if self.ready.is_empty() {
            let most = i64::try_from(MOST_TEXT).unwrap_or(i64::MAX).saturating_add(1);
            let rows = sqlx::query(COMMENTS).bind(self.last).bind(ROWS).bind(most).fetch_all(&mut self.database).await;
            for row in rows.map_err(|error| problem(&error))? {
                self.last = row.try_get("place").map_err(|error| problem(&error))?;
                self.ready.push_back(Found { comment: read(&row)?, line: None });
            }
        }
        Ok(self.ready.pop_front())
    }
}

fn read(row: &SqliteRow) -> Result<ForeignComment, FileProblem> {
    let id: Option<String> = row.try_get("id").map_err(|error| problem(&error))?;
    let id = id.unwrap_or_default();
    let wrong = |why: &str| FileProblem::new(format!("comment {id}: {why}"));
    let text = |column: &str| {
        let bytes: Option<Vec<u8>> = row.try_get(column).map_err(|error| problem(&error))?;
        String::from_utf8(bytes.unwrap_or_default()).map_err(|_| wrong("a text is not in UTF-8"))
    };
    let words = text("text")?;
    if words.len() > MOST_TEXT {
        return Err(wrong("the text has more than 1 MB"));
    }
    let moment = |column: &str| {
        let seconds: Option<f64> = row.try_get(column).map_err(|error| problem(&error))?;
        Ok(seconds.and_then(instant))
    };
    let uri = text("uri")?;
    let thread: Option<String> = row.try_get("thread").map_err(|error| problem(&error))?;
    let parent: Option<String> = row.try_get("parent").map_err(|error| problem(&error))?;
    let likes: Option<i64> = row.try_get("likes").map_err(|error| problem(&error))?;
    let mode: Option<i64> = row.try_get("mode").map_err(|error| problem(&error))?;
    Ok(ForeignComment {
        parent: parent.filter(|parent| !matches!(parent.as_str(), "" | "0")),
        page: if uri.is_empty() { format!("thread {}", thread.unwrap_or_default()) } else { uri },
        author: plain_name(&text("author")?),
        email: plain_email(&plain_name(&text("email")?)),
        // Markdown as it was typed; HTML where Isso took the comments over from Disqus.
        text: plain_text(&words, true),
        sent: moment("created")?.ok_or_else(|| wrong("the time when it was sent is none"))?,
        edited: moment("modified")?,
        state: match mode {
            Some(1) => ForeignState::Published,
            Some(2) => ForeignState::Waiting,
            Some(4) => ForeignState::Deleted,
            _ => return Err(wrong("its mode is none of 1, 2 and 4")),
        },
        agreed: u32::try_from(likes.unwrap_or(0).max(0)).unwrap_or(u32::MAX),
        id,
    })
}

/// The moment so many seconds after 1970 began.
fn instant(seconds: f64) -> Option<Instant> {
    // The year 10000.
    (0.0..253_402_300_800.0).contains(&seconds).then_some(Instant((seconds * 1000.0).round() as i64))
}
