//! The database of Isso, another system for comments (SQLite): it is read where its comments are brought in.

use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

use super::DbResult;

/// The tables as they must be: no views, which could compute for ever, and no columns that are computed.
const TABLES: &str = "SELECT count(*) FROM pragma_table_list AS tables WHERE schema = 'main'
    AND lower(name) IN ('comments', 'threads') AND type = 'table'
    AND NOT EXISTS (SELECT 1 FROM pragma_table_xinfo(tables.name) WHERE hidden <> 0)";
/// The rows after one, in the order in which they were made. Any column of SQLite may hold anything, of any length.
const COMMENTS: &str = "SELECT comments.rowid AS place, CAST(comments.id AS TEXT) AS id,
    CAST(parent AS TEXT) AS parent, CAST(created AS REAL) AS created, CAST(modified AS REAL) AS modified,
    CAST(mode AS INTEGER) AS mode, CAST(substr(text, 1, $3) AS BLOB) AS text,
    CAST(substr(author, 1, 1000) AS BLOB) AS author, CAST(substr(email, 1, 1000) AS BLOB) AS email,
    CAST(likes AS INTEGER) AS likes, CAST(tid AS TEXT) AS thread, CAST(substr(uri, 1, 5000) AS BLOB) AS uri
    FROM comments LEFT JOIN threads ON threads.id = tid WHERE comments.rowid > $1 ORDER BY comments.rowid LIMIT $2";

/// A comment of Isso with its thread, which is a page.
#[derive(Debug, sqlx::FromRow)]
pub struct IssoRow {
    /// Its place among the rows.
    pub place: i64,
    /// Its id.
    pub id: Option<String>,
    /// The id of what it replies to.
    pub parent: Option<String>,
    /// When it was sent, in seconds.
    pub created: Option<f64>,
    /// When it was changed.
    pub modified: Option<f64>,
    /// 1 for what is public, 2 for what waits, 4 for what was deleted.
    pub mode: Option<i64>,
    /// The text.
    pub text: Option<Vec<u8>>,
    /// The author's name.
    pub author: Option<Vec<u8>>,
    /// The author's e-mail address.
    pub email: Option<Vec<u8>>,
    /// How many agreed.
    pub likes: Option<i64>,
    /// The number of the thread.
    pub thread: Option<String>,
    /// The path of the page.
    pub uri: Option<Vec<u8>>,
}

/// An open database of Isso.
#[derive(Debug)]
pub struct Isso(SqliteConnection);

impl Isso {
    /// Opens a file to read it, whatever it is.
    ///
    /// # Errors
    /// When it is no database.
    pub async fn open(path: &Path) -> DbResult<Self> {
        let options = SqliteConnectOptions::new().filename(path).read_only(true);
        let options = options.pragma("trusted_schema", "OFF").pragma("cell_size_check", "ON");
        options.connect().await.map(Self)
    }

    /// Whether it has the tables of Isso.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn has_tables(&mut self) -> DbResult<bool> {
        let tables: i64 = sqlx::query_scalar(TABLES).fetch_one(&mut self.0).await?;
        Ok(tables == 2)
    }

    /// So many comments after a place, their texts cut to so many characters.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn list(&mut self, after: i64, most: i64, longest: i64) -> DbResult<Vec<IssoRow>> {
        sqlx::query_as(COMMENTS).bind(after).bind(most).bind(longest).fetch_all(&mut self.0).await
    }
}
