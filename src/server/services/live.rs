//! Live updates: who has a page open is told how its discussion stands, when that changes.
//!
//! One task follows the change log while somebody watches, and none does otherwise. It reads each discussion that has
//! changed once, however many watch it. A stream begins with how things stand, so nothing depends on what an earlier one
//! told. Only numbers are told: how many comments are published, and which ones were published last.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures::future::select_all;
use serde_json::json;
use tokio::sync::watch;

use crate::domain::error::AppError;
use crate::server::db::Session;
use crate::server::db::change::{Changes, Moment};
use crate::server::db::comment::live as db;
use crate::server::sender::Sender;
use crate::server::services::mode::is_closed;
use crate::server::state::AppState;
use crate::server::thing::Thing;

/// So many pages one stream may watch: those that a browser shows at the same time are fewer.
pub const PAGES_MOST: usize = 16;
/// So many of the comments that were published last are told.
const TOLD_MOST: usize = 20;
/// How often the log is looked at for what other processes write, where the database does not say so by itself.
const LOOK: Duration = Duration::from_millis(250);
/// What changes a moment after the last look waits for the next: many approvals at once are one event.
const REST: Duration = Duration::from_millis(100);
/// And so long after an event the same discussion has none.
const APART: Duration = Duration::from_millis(500);
/// When the database failed it is asked again after this time.
const FAILED_REST: Duration = Duration::from_secs(2);

/// How many streams there may be, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct LiveLimits {
    /// Open at once in this process. One sender may have half of them: thousands of phones share one address.
    pub streams: usize,
    /// A stream in which nothing happens says that often that it is there.
    pub heartbeat: Duration,
    /// A stream ends after about this time; whoever still wants one opens another.
    pub life: Duration,
}

impl Default for LiveLimits {
    fn default() -> Self {
        Self { streams: 10_000, heartbeat: Duration::from_secs(20), life: Duration::from_secs(30 * 60) }
    }
}

/// How a discussion stands, as the text of its event; none for a page that is not public.
type Standing = Option<Bytes>;

/// The comments that were published last, by the ids of their pages and their own, and the moment at which they were read.
type Recent = Option<(Moment, Vec<(i64, i64)>)>;

/// Whoever watches, and what they were told.
#[derive(Debug)]
pub struct Live {
    limits: LiveLimits,
    open: Mutex<Open>,
    /// Whoever reads how a discussion stands holds it.
    recent: tokio::sync::Mutex<Recent>,
}

#[derive(Debug, Default)]
struct Open {
    pages: HashMap<i64, Page>,
    streams: usize,
    from: HashMap<Sender, usize>,
    /// Whether the task that follows the log runs.
    followed: bool,
    /// The server stops: nobody is told any more.
    ended: bool,
}

#[derive(Debug)]
struct Page {
    told: watch::Sender<Standing>,
    /// What is told shows all changes up to this moment.
    moment: Moment,
    /// When there was an event last.
    at: Option<Instant>,
}

/// Why there is no stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoStream {
    /// As many are open as may be.
    Full,
    /// Something else.
    Refused(AppError),
}

impl Default for Live {
    fn default() -> Self {
        Self::new(LiveLimits::default())
    }
}

impl Live {
    /// Nobody watches yet.
    pub fn new(limits: LiveLimits) -> Self {
        Self { limits, open: Mutex::default(), recent: tokio::sync::Mutex::default() }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many streams are open.
    pub fn streams(&self) -> usize {
        self.open().streams
    }

    /// Ends every stream, and lets no other begin: the server stops.
    pub fn end(&self) {
        let mut open = self.open();
        open.ended = true;
        open.pages.clear();
    }

    fn take_seat(&self, sender: Sender, limited: bool) -> Result<(), NoStream> {
        let mut open = self.open();
        let from = open.from.get(&sender).copied().unwrap_or_default();
        if open.ended || open.streams >= self.limits.streams || (limited && from >= self.limits.streams.div_ceil(2)) {
            return Err(NoStream::Full);
        }
        open.streams += 1;
        open.from.insert(sender, from + 1);
        Ok(())
    }

    fn subscribe(&self, id: i64) -> Option<watch::Receiver<Standing>> {
        let mut told = self.open().pages.get(&id)?.told.subscribe();
        told.mark_changed();
        Some(told)
    }

    /// Watches a page: as it was told to others, or as it stands now.
    async fn watch(&self, state: &AppState, id: i64) -> Result<watch::Receiver<Standing>, AppError> {
        if let Some(told) = self.subscribe(id) {
            return Ok(told);
        }
        let mut recent = self.recent.lock().await;
        // Somebody else may have read it meanwhile.
        if let Some(told) = self.subscribe(id) {
            return Ok(told);
        }
        let changes = state.store.db.changes();
        let moment = *changes.watch().borrow();
        let standing = read(&mut state.store.db.read().await?, changes, moment, &mut recent, id).await?;
        let page = Page { told: watch::Sender::new(standing), moment, at: None };
        let mut told = page.told.subscribe();
        told.mark_changed();
        let mut open = self.open();
        if !open.ended {
            open.pages.insert(id, page);
        }
        Ok(told)
    }

    /// Of a page that nobody watches nothing is known.
    fn forget(&self, ids: &[i64]) {
        let mut open = self.open();
        for id in ids {
            if open.pages.get(id).is_some_and(|page| page.told.receiver_count() == 0) {
                open.pages.remove(id);
            }
        }
    }

    /// Reads what has changed and tells who watches it.
    async fn tell_changed(&self, state: &AppState, present: Moment) -> Result<(), AppError> {
        let changes = state.store.db.changes();
        let now = Instant::now();
        let is_stale = |(id, page): (&i64, &Page)| {
            let changed = || changes.changed_since(&[Thing::Comments(*id), Thing::Announcement(*id)], page.moment);
            let rested = page.at.is_none_or(|at| now.saturating_duration_since(at) >= APART);
            (rested && page.moment < present && changed()).then_some(*id)
        };
        let stale: Vec<i64> = self.open().pages.iter().filter_map(is_stale).collect();
        if stale.is_empty() {
            return Ok(());
        }
        let mut recent = self.recent.lock().await;
        let mut session = state.store.db.read().await?;
        for id in stale {
            let standing = read(&mut session, changes, present, &mut recent, id).await?;
            if let Some(page) = self.open().pages.get_mut(&id) {
                page.moment = present;
                let differs = |old: &mut Standing| {
                    let differs = *old != standing;
                    *old = standing;
                    differs
                };
                if page.told.send_if_modified(differs) {
                    page.at = Some(Instant::now());
                }
            }
        }
        Ok(())
    }
}

/// How a discussion stands at this moment or later.
async fn read(
    session: &mut Session,
    changes: &Changes,
    present: Moment,
    recent: &mut Recent,
    id: i64,
) -> Result<Standing, AppError> {
    let Some(count) = db::find_published_count(session, id).await? else { return Ok(None) };
    // Of what is not shown nothing is told.
    if is_closed(session, id).await? {
        return Ok(None);
    }
    let known = recent.take().filter(|(moment, _)| !changes.changed_since(&[Thing::RecentComments], *moment));
    let (moment, last) = match known {
        Some(known) => known,
        None => (present, db::list_last_published(session).await?),
    };
    let ids: Vec<i64> =
        last.iter().filter(|(page, _)| *page == id).map(|(_, comment)| *comment).take(TOLD_MOST).collect();
    *recent = Some((moment, last));
    Ok(Some(format!("event: phan-hoi\ndata: {}\n\n", json!({ "trang": id, "so": count, "moi": ids })).into()))
}

/// Follows the change log for as long as somebody watches.
async fn follow(state: AppState) {
    let changes = state.store.db.changes();
    let mut moments = changes.watch();
    loop {
        {
            let mut open = state.live.open();
            if open.streams == 0 {
                open.followed = false;
                return;
            }
        }
        if !matches!(tokio::time::timeout(LOOK, moments.changed()).await, Ok(Ok(()))) {
            changes.follow().await;
        }
        let present = *moments.borrow_and_update();
        // A failure is logged where it arises; what could not be read is still of yesterday in the next round.
        let told = state.live.tell_changed(&state, present).await;
        tokio::time::sleep(if told.is_ok() { REST } else { FAILED_REST }).await;
    }
}

/// Opens a stream of events about the discussions of some pages. Permitted to everybody, for what is public.
///
/// # Errors
/// `Full`; `NotFound` where none of the pages is public, `BadAddress` for none or too many of them.
pub async fn watch_discussions(state: &AppState, sender: Sender, ids: &[i64]) -> Result<Watching, NoStream> {
    if ids.is_empty() || ids.len() > PAGES_MOST {
        return Err(NoStream::Refused(AppError::BadAddress));
    }
    state.live.take_seat(sender, state.sender_limit.is_some())?;
    let life = state.live.limits.life;
    // Those who came at the same moment do not all come back at the same moment.
    let spread = life / 4 * (getrandom::u32().unwrap_or_default() % 256) / 256;
    let mut watching = Watching {
        state: state.clone(),
        sender,
        pages: Vec::new(),
        begun: false,
        until: Instant::now() + life - spread,
    };
    for id in ids {
        if watching.pages.iter().all(|(known, _)| known != id) {
            let told = state.live.watch(state, *id).await.map_err(NoStream::Refused)?;
            watching.pages.push((*id, told));
        }
    }
    if watching.pages.iter().all(|(_, told)| told.borrow().is_none()) {
        return Err(NoStream::Refused(AppError::NotFound));
    }
    let starts = !std::mem::replace(&mut state.live.open().followed, true);
    if starts {
        tokio::spawn(follow(state.clone()));
    }
    Ok(watching)
}

/// An open stream; who drops it leaves.
#[derive(Debug)]
pub struct Watching {
    state: AppState,
    sender: Sender,
    pages: Vec<(i64, watch::Receiver<Standing>)>,
    begun: bool,
    until: Instant,
}

impl Watching {
    /// The next event, or a sign of life; none when the stream ends.
    pub async fn next(&mut self) -> Option<Bytes> {
        if !std::mem::replace(&mut self.begun, true) {
            return Some(Bytes::from_static(b"retry: 5000\n\n"));
        }
        loop {
            let left = self.until.saturating_duration_since(Instant::now());
            if left.is_zero() || self.pages.is_empty() {
                return None;
            }
            for at in 0..self.pages.len() {
                let (id, told) = &mut self.pages[at];
                if told.has_changed().ok()? {
                    let standing = told.borrow_and_update().clone();
                    if standing.is_some() {
                        return standing;
                    }
                    let gone = format!("event: het\ndata: {}\n\n", json!({ "trang": *id }));
                    let (id, _) = self.pages.swap_remove(at);
                    self.state.live.forget(&[id]);
                    return Some(gone.into());
                }
            }
            let heartbeat = self.state.live.limits.heartbeat;
            let changes = select_all(self.pages.iter_mut().map(|(_, told)| Box::pin(told.changed())));
            let waited = tokio::time::timeout(heartbeat.min(left), changes).await;
            match waited.map(|(changed, at, _)| changed.map(|()| at)) {
                // Whoever waits for a change has seen it; it is told above.
                Ok(Ok(at)) => self.pages[at].1.mark_changed(),
                Ok(Err(_)) => return None,
                Err(_) if heartbeat < left => return Some(Bytes::from_static(b":\n\n")),
                Err(_) => {}
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let ids: Vec<i64> = self.pages.drain(..).map(|(id, _)| id).collect();
        let mut open = self.state.live.open();
        open.streams -= 1;
        if let Some(from) = open.from.get_mut(&self.sender) {
            *from -= 1;
            if *from == 0 {
                open.from.remove(&self.sender);
            }
        }
        drop(open);
        self.state.live.forget(&ids);
    }
}
