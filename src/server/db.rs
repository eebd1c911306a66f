//! The two databases behind one text of SQL.
//!
//! SQLite is embedded: one writing connection (WAL, synchronous=FULL, so that what was acknowledged survives power
//! loss), several that only read. PostgreSQL is for more than one server process. Every statement is written once,
//! with `$1` placeholders, in a file below `db/`; the macros here expand it for both.

use std::collections::BTreeSet;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};

use self::change::Changes;
use super::error::Failure;
use super::thing::Thing;

pub mod announcement;
pub mod campaign;
pub mod change;
pub mod comment;
pub mod desk;
pub mod example;
pub mod flood;
pub mod isso;
pub mod label;
pub mod log;
pub mod mail;
pub mod notice;
#[cfg(test)]
mod plan;
pub mod proof;
pub mod result;
pub mod review;
pub mod search;
#[cfg(test)]
pub(crate) mod test;
#[cfg(test)]
mod tests;
pub mod unit;
pub mod upload;

static SQLITE_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("migrations/postgres");

/// A result with the database's own error, which goes no further than the service that asked.
pub type DbResult<T> = Result<T, sqlx::Error>;

/// An open database.
#[derive(Clone, Debug)]
pub struct Db {
    pools: Pools,
    changes: Arc<Changes>,
}

#[derive(Clone, Debug)]
enum Pools {
    /// Embedded, inside the data folder.
    Sqlite {
        /// Connections that only read.
        read: SqlitePool,
        /// The one connection that writes.
        write: SqlitePool,
    },
    /// A server of its own.
    Postgres(PgPool),
}

/// A connection to read with, or a transaction to write in.
#[derive(Debug)]
pub struct Session {
    inner: Inner,
    /// What the transaction has changed, for the change log.
    changed: BTreeSet<Thing>,
    changes: Option<Arc<Changes>>,
}

#[derive(Debug)]
enum Inner {
    SqliteRead(PoolConnection<Sqlite>),
    SqliteWrite(Transaction<'static, Sqlite>),
    PostgresPlain(PoolConnection<Postgres>),
    PostgresWrite(Transaction<'static, Postgres>),
}

/// What a statement runs on.
pub(crate) enum Connection<'a> {
    Sqlite(&'a mut SqliteConnection),
    Postgres(&'a mut PgConnection),
}

impl Db {
    /// Opens the embedded database in a file, made if it is not there.
    ///
    /// # Errors
    /// A sentence that names the file.
    pub async fn open_sqlite(file: &Path) -> Result<Self, Failure> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            .pragma("temp_store", "memory")
            .optimize_on_close(true, None);
        let explain =
            |error: sqlx::Error| Failure::new(format!("The database {} could not be opened: {error}.", file.display()));
        // A connection to a file does not go away: nothing is asked of it before it is used.
        let connections = |most| SqlitePoolOptions::new().max_connections(most).test_before_acquire(false);
        // In pages of 4 KB: what comes in one after the other touches the same pages, which are copied once for many.
        let writing = options.clone().pragma("wal_autocheckpoint", "4000");
        let write = connections(1).connect_with(writing).await.map_err(explain)?;
        let readers = cores() + 1;
        let reading = options.pragma("query_only", "on");
        let read = connections(readers).connect_with(reading.clone()).await.map_err(explain)?;
        // Following the change log waits for no page that is being read.
        let follow = connections(1).connect_lazy_with(reading);
        Ok(Self { pools: Pools::Sqlite { read, write }, changes: Arc::new(Changes::of_sqlite(follow)) })
    }

    /// Connects to PostgreSQL.
    ///
    /// # Errors
    /// A sentence that names the setting.
    pub async fn open_postgres(url: &str) -> Result<Self, Failure> {
        let explain = |error: sqlx::Error| {
            Failure::new(format!("THIDUA_DATABASE_URL: PostgreSQL could not be reached: {error}."))
        };
        let options = PgConnectOptions::from_str(url).map_err(explain)?.application_name("thidua");
        // One to look at the change log with, one to listen on.
        let follow = PgPoolOptions::new().max_connections(2).connect_lazy_with(options.clone());
        let pool = PgPoolOptions::new()
            // A connection waits for the server most of the time, and for the disk.
            .max_connections(4 * cores() + 4)
            .acquire_timeout(Duration::from_secs(10))
            // What was acknowledged is on the disk, however the server is set; and a statement is planned once, not for
            // each value: planning takes longer than reading a page of a list.
            .after_connect(|connection, _| {
                let settings = "SET synchronous_commit = on; SET plan_cache_mode = force_generic_plan";
                Box::pin(async move { sqlx::raw_sql(settings).execute(connection).await.map(|_| ()) })
            })
            .connect_with(options)
            .await
            .map_err(explain)?;
        Ok(Self { pools: Pools::Postgres(pool), changes: Arc::new(Changes::of_postgres(follow)) })
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    /// A sentence with the migration that failed.
    pub async fn migrate(&self) -> Result<(), Failure> {
        let done = match &self.pools {
            Pools::Sqlite { write, .. } => SQLITE_MIGRATIONS.run(write).await,
            Pools::Postgres(pool) => POSTGRES_MIGRATIONS.run(pool).await,
        };
        done.map_err(|error| Failure::new(format!("The database could not be brought up to date: {error}.")))
    }

    /// How many migrations this program has that the database lacks.
    ///
    /// # Errors
    /// When the database can't be read.
    pub async fn count_pending_migrations(&self) -> DbResult<usize> {
        let known = SQLITE_MIGRATIONS.iter().count();
        let mut session = self.read().await?;
        let table = match session.connection() {
            Connection::Sqlite(c) => {
                sqlx::query_as::<_, (i64,)>("SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'")
                    .fetch_one(c)
                    .await?
            }
            Connection::Postgres(c) => {
                sqlx::query_as::<_, (i64,)>("SELECT COUNT(*) FROM pg_tables WHERE tablename = '_sqlx_migrations'")
                    .fetch_one(c)
                    .await?
            }
        };
        if table.0 == 0 {
            return Ok(known);
        }
        let done = match session.connection() {
            Connection::Sqlite(c) => {
                sqlx::query_as::<_, (i64,)>("SELECT COUNT(*) FROM _sqlx_migrations WHERE success").fetch_one(c).await?
            }
            Connection::Postgres(c) => {
                sqlx::query_as::<_, (i64,)>("SELECT COUNT(*) FROM _sqlx_migrations WHERE success").fetch_one(c).await?
            }
        };
        Ok(known.saturating_sub(usize::try_from(done.0).unwrap_or_default()))
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// When none is free in time.
    pub async fn read(&self) -> DbResult<Session> {
        Ok(match &self.pools {
            Pools::Sqlite { read, .. } => Session::reading_sqlite(read.acquire().await?),
            Pools::Postgres(pool) => Session::on_postgres(pool.acquire().await?),
        })
    }

    /// A connection that reads everything as it is at this moment, whatever is written meanwhile.
    ///
    /// # Errors
    /// When none is free in time.
    pub async fn snapshot(&self) -> DbResult<Session> {
        let inner = match &self.pools {
            Pools::Sqlite { read, .. } => Inner::SqliteWrite(read.begin().await?),
            Pools::Postgres(pool) => {
                Inner::PostgresWrite(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        };
        Ok(Session { inner, changed: BTreeSet::new(), changes: None })
    }

    /// A transaction to write in; what is not committed is rolled back. Await nothing slow while it is open.
    ///
    /// # Errors
    /// When none can be begun in time.
    pub async fn write(&self) -> DbResult<Session> {
        let inner = match &self.pools {
            // A deferred transaction that turns to writing can fail without waiting; an immediate one waits its turn.
            Pools::Sqlite { write, .. } => Inner::SqliteWrite(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Inner::PostgresWrite(pool.begin().await?),
        };
        Ok(Session { inner, changed: BTreeSet::new(), changes: Some(self.changes.clone()) })
    }

    /// To write with one statement that changes no page. On PostgreSQL it is a transaction of its own, which saves the way
    /// to the server and back twice; on SQLite as with [`Db::write`].
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_once(&self) -> DbResult<Session> {
        match &self.pools {
            Pools::Sqlite { .. } => self.write().await,
            Pools::Postgres(pool) => Ok(Session::on_postgres(pool.acquire().await?)),
        }
    }

    /// Goes on with several statements that belong together: what [`Db::write_once`] gave, or a transaction in its place.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_on(&self, session: Session) -> DbResult<Session> {
        match session.inner {
            Inner::SqliteWrite(_) | Inner::PostgresWrite(_) => Ok(session),
            Inner::SqliteRead(_) | Inner::PostgresPlain(_) => {
                drop(session);
                self.write().await
            }
        }
    }

    /// What this process knows of changes, its own and everybody else's.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Closes all connections; SQLite folds its log into the file.
    pub async fn close(&self) {
        self.changes.close().await;
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

fn cores() -> u32 {
    std::thread::available_parallelism().map_or(2, |cores| u32::try_from(cores.get()).unwrap_or(2))
}

impl Session {
    fn reading_sqlite(connection: PoolConnection<Sqlite>) -> Self {
        Self { inner: Inner::SqliteRead(connection), changed: BTreeSet::new(), changes: None }
    }

    fn on_postgres(connection: PoolConnection<Postgres>) -> Self {
        Self { inner: Inner::PostgresPlain(connection), changed: BTreeSet::new(), changes: None }
    }

    /// Says that the transaction changes a thing; it stands in the change log once the transaction is committed.
    pub fn note_change(&mut self, thing: Thing) {
        self.changed.insert(thing);
    }

    pub(crate) fn connection(&mut self) -> Connection<'_> {
        match &mut self.inner {
            Inner::SqliteRead(connection) => Connection::Sqlite(connection),
            Inner::SqliteWrite(transaction) => Connection::Sqlite(transaction),
            Inner::PostgresPlain(connection) => Connection::Postgres(connection),
            Inner::PostgresWrite(transaction) => Connection::Postgres(transaction),
        }
    }

    /// Makes what was written last. When this returns, no page of this process shows what was there before.
    ///
    /// # Errors
    /// When the database can't; then nothing was written.
    pub async fn commit(mut self) -> DbResult<()> {
        let changed: Vec<Thing> = std::mem::take(&mut self.changed).into_iter().collect();
        if !changed.is_empty() {
            change::add_changes(&mut self, &changed).await?;
        }
        match self.inner {
            Inner::SqliteWrite(transaction) => transaction.commit().await?,
            Inner::PostgresWrite(transaction) => transaction.commit().await?,
            Inner::SqliteRead(_) | Inner::PostgresPlain(_) => {}
        }
        if !changed.is_empty()
            && let Some(changes) = self.changes
        {
            changes.look_after_write().await;
        }
        Ok(())
    }
}

/// A statement, for the test that prepares them all.
#[cfg(test)]
pub(crate) struct Statement {
    pub sql: &'static str,
    pub place: &'static str,
}
#[cfg(test)]
inventory::collect!(Statement);

/// Remembers a statement for the test that prepares them all on both databases.
macro_rules! remember {
    ($sql:expr) => {
        #[cfg(test)]
        inventory::submit! { $crate::server::db::Statement { sql: $sql, place: concat!(file!(), ":", line!()) } }
    };
}

/// Runs a query for both databases: how the rows are fetched, the session, the type of a row, the SQL, its values.
macro_rules! query {
    ($fetch:ident, $session:expr, $row:ty, $sql:expr $(, $value:expr)* $(,)?) => {{
        $crate::server::db::remember!($sql);
        match $session.connection() {
            $crate::server::db::Connection::Sqlite(connection) =>
                sqlx::query_as::<sqlx::Sqlite, $row>($sql)$(.bind($value))*.$fetch(connection).await,
            $crate::server::db::Connection::Postgres(connection) =>
                sqlx::query_as::<sqlx::Postgres, $row>($sql)$(.bind($value))*.$fetch(connection).await,
        }
    }};
}

/// Every row of a query.
macro_rules! fetch_all {
    ($($argument:tt)*) => { $crate::server::db::query!(fetch_all, $($argument)*) };
}

/// The one row of a query.
macro_rules! fetch_one {
    ($($argument:tt)*) => { $crate::server::db::query!(fetch_one, $($argument)*) };
}

/// The row of a query, if there is one.
macro_rules! fetch_optional {
    ($($argument:tt)*) => { $crate::server::db::query!(fetch_optional, $($argument)*) };
}

/// Runs a statement without rows and gives how many it touched.
macro_rules! execute {
    ($session:expr, $sql:expr $(, $value:expr)* $(,)?) => {{
        $crate::server::db::remember!($sql);
        match $session.connection() {
            $crate::server::db::Connection::Sqlite(connection) =>
                sqlx::query::<sqlx::Sqlite>($sql)$(.bind($value))*.execute(connection).await.map(|done| done.rows_affected()),
            $crate::server::db::Connection::Postgres(connection) =>
                sqlx::query::<sqlx::Postgres>($sql)$(.bind($value))*.execute(connection).await.map(|done| done.rows_affected()),
        }
    }};
}

pub(crate) use {execute, fetch_all, fetch_one, fetch_optional, query, remember};

/// Asks the database for the least that proves it answers.
///
/// # Errors
/// When it does not.
pub async fn ping(db: &Db) -> DbResult<()> {
    let mut session = db.read().await?;
    fetch_one!(session, (i64,), "SELECT COUNT(*) FROM category WHERE id = -1").map(|_| ())
}
