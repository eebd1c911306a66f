//! The change log: each write adds what it changed in its own transaction, and every process on the database follows.
//!
//! Sequence numbers must become visible in their order, or a follower would step over one. SQLite has one writer; on
//! PostgreSQL the log is written last in a transaction, under a lock that is held until its end.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use sqlx::postgres::PgListener;
use sqlx::{PgPool, SqlitePool};
use tokio::sync::{Mutex, watch};

use super::{Connection, DbResult, Session, execute, fetch_all, fetch_one};
use crate::server::clock::now;
use crate::server::thing::Thing;

/// The name of the lock and of the notification on PostgreSQL.
const LOCK: i64 = 0x7468_6964_7561;
const CHANNEL: &str = "thidua_change";
/// How old a look at the log may be while pages are served by it: well below what is promised (100 ms on SQLite, a
/// second on PostgreSQL, where notifications come at once and a look is needed only where one was lost).
const SQLITE_AGE: Duration = Duration::from_millis(40);
const POSTGRES_AGE: Duration = Duration::from_millis(400);
/// A look that takes longer has failed.
const LOOK_TIME: Duration = Duration::from_secs(2);
/// So many things are remembered one by one; beyond, all of them count as changed.
const REMEMBERED: usize = 200_000;

/// Adds to the change log; the last thing that a transaction does.
pub(super) async fn add_changes(session: &mut Session, things: &[Thing]) -> DbResult<()> {
    if let Connection::Postgres(connection) = session.connection() {
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *connection).await?;
        sqlx::query("SELECT pg_notify($1, '')").bind(CHANNEL).execute(connection).await?;
    }
    for thing in things {
        let (kind, id) = thing.as_stored();
        execute!(session, "INSERT INTO change_log (at, thing_kind, thing_id) VALUES ($1, $2, $3)", now().0, kind, id)?;
    }
    Ok(())
}

/// Where the log is read.
#[derive(Debug)]
enum Source {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A moment in the order of changes that this process knows of.
pub type Moment = u64;

/// What this process knows of changes to the database, its own and everybody else's.
#[derive(Debug)]
pub struct Changes {
    source: Source,
    age: Duration,
    began: Instant,
    /// The last sequence number that was seen; none before the first look.
    last: Mutex<Option<i64>>,
    /// When the last look that succeeded was begun, in microseconds since `began`; 0 if there was none.
    looked: AtomicU64,
    /// A look that was begun before is not recent enough, in the same microseconds.
    needed: AtomicU64,
    /// Counts up with every change.
    moment: AtomicU64,
    /// Tells the same to whoever waits for one.
    told: watch::Sender<Moment>,
    changed: RwLock<Changed>,
}

#[derive(Debug, Default)]
struct Changed {
    /// When a thing changed last.
    at: HashMap<Thing, Moment>,
    /// When everything changed last.
    whole: Moment,
}

impl Changes {
    pub(super) fn of_sqlite(pool: SqlitePool) -> Self {
        Self::new(Source::Sqlite(pool), SQLITE_AGE)
    }

    pub(super) fn of_postgres(pool: PgPool) -> Self {
        Self::new(Source::Postgres(pool), POSTGRES_AGE)
    }

    fn new(source: Source, age: Duration) -> Self {
        Self {
            source,
            age,
            began: Instant::now(),
            last: Mutex::new(None),
            looked: AtomicU64::new(0),
            needed: AtomicU64::new(1),
            moment: AtomicU64::new(1),
            told: watch::Sender::new(1),
            changed: RwLock::default(),
        }
    }

    fn microseconds(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.began).as_micros()).unwrap_or(u64::MAX).max(1)
    }

    /// The present moment, if the last look is not too old: what was read after it shows all changes up to it.
    pub fn present(&self) -> Option<Moment> {
        let looked = self.looked.load(Ordering::Acquire);
        let age = u64::try_from(self.age.as_micros()).unwrap_or_default();
        let oldest = self.microseconds(Instant::now()).saturating_sub(age);
        (looked >= oldest.max(self.needed.load(Ordering::Acquire))).then(|| self.moment.load(Ordering::Acquire))
    }

    /// The present moment, after a look at the log if the last one is too old; none where the log can't be read.
    pub async fn follow(&self) -> Option<Moment> {
        if let Some(moment) = self.present() {
            return Some(moment);
        }
        match tokio::time::timeout(LOOK_TIME, self.look()).await {
            Ok(Ok(())) => Some(self.moment.load(Ordering::Acquire)),
            Ok(Err(error)) => {
                tracing::warn!(fault = %error, "the change log could not be read: pages are not kept");
                None
            }
            Err(_) => {
                tracing::warn!("the change log could not be read in time: pages are not kept");
                None
            }
        }
    }

    /// Looks at the log now; one look serves everybody who asked for it before it was begun.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn look(&self) -> DbResult<()> {
        let asked = self.microseconds(Instant::now());
        let mut last = self.last.lock().await;
        if self.looked.load(Ordering::Acquire) >= asked {
            return Ok(());
        }
        let begun = self.microseconds(Instant::now());
        let mut session = match &self.source {
            Source::Sqlite(pool) => Session::reading_sqlite(pool.acquire().await?),
            Source::Postgres(pool) => Session::on_postgres(pool.acquire().await?),
        };
        match *last {
            None => {
                *last = Some(newest(&mut session).await?);
                self.note(&[Thing::Whole]);
            }
            Some(seen) => {
                let rows = fetch_all!(
                    session,
                    (i64, String, i64),
                    "SELECT sequence, thing_kind, thing_id FROM change_log WHERE sequence > $1 ORDER BY sequence",
                    seen
                )?;
                if let Some((sequence, ..)) = rows.last() {
                    *last = Some(*sequence);
                    let things: Vec<_> = rows.iter().map(|(_, kind, id)| Thing::from_stored(kind, *id)).collect();
                    self.note(&things);
                }
            }
        }
        self.looked.store(begun, Ordering::Release);
        Ok(())
    }

    /// Looks after a write of this process; until a look that was begun after it has succeeded, none is recent enough.
    pub(super) async fn look_after_write(&self) {
        self.needed.fetch_max(self.microseconds(Instant::now()), Ordering::AcqRel);
        let _ = self.follow().await;
    }

    pub(super) async fn close(&self) {
        match &self.source {
            Source::Sqlite(pool) => pool.close().await,
            Source::Postgres(pool) => pool.close().await,
        }
    }

    fn note(&self, things: &[Thing]) {
        let mut changed = self.changed.write().unwrap_or_else(PoisonError::into_inner);
        let moment = self.moment.load(Ordering::Acquire) + 1;
        for thing in things {
            if *thing == Thing::Whole || changed.at.len() >= REMEMBERED {
                changed.at.clear();
                changed.whole = moment;
            } else {
                changed.at.insert(*thing, moment);
            }
        }
        self.moment.store(moment, Ordering::Release);
        self.told.send_replace(moment);
    }

    /// Hears of every change that this process comes to know of.
    pub fn watch(&self) -> watch::Receiver<Moment> {
        self.told.subscribe()
    }

    /// Whether one of these things has changed since a moment.
    pub fn changed_since(&self, things: &[Thing], moment: Moment) -> bool {
        let changed = self.changed.read().unwrap_or_else(PoisonError::into_inner);
        changed.whole > moment || things.iter().any(|thing| changed.at.get(thing).is_some_and(|at| *at > moment))
    }

    /// Looks whenever PostgreSQL says that something changed, for as long as the server runs. On SQLite, which says
    /// nothing, a look is cheap enough to be made whenever one is due.
    pub async fn listen(&self) {
        let Source::Postgres(pool) = &self.source else { return };
        loop {
            if let Err(error) = self.listen_once(pool).await {
                tracing::warn!(fault = %error, "notifications of changes are not heard");
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn listen_once(&self, pool: &PgPool) -> DbResult<()> {
        let mut listener = PgListener::connect_with(pool).await?;
        listener.listen(CHANNEL).await?;
        loop {
            listener.recv().await?;
            self.look().await?;
        }
    }
}

async fn newest(session: &mut Session) -> DbResult<i64> {
    Ok(fetch_one!(session, (i64,), "SELECT COALESCE(MAX(sequence), 0) FROM change_log")?.0)
}
