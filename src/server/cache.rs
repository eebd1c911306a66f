//! Finished pages, kept in memory for as long as everything that they show is as it was.
//!
//! A page knows the moment in the order of changes before it was read, and the things that it shows. It is true as long
//! as none of them has changed since; that is asked when it is given out, so a write has nothing to search for. Those
//! who ask for the same page at the same moment wait for one rendering of it.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use futures::FutureExt;
use futures::future::Shared;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::{Semaphore, oneshot};

use self::encoding::{Effort, Encoding};
use self::key::PageKey;
use super::db::change::{Changes, Moment};
use super::policy::CachePolicy;
use super::secret::sha256_hex;
use super::thing::Thing;

pub mod encoding;
pub mod key;

/// A page that so many have asked for is encoded once more, with all effort.
const HOT: u32 = 32;
/// Only one page at a time is, since it takes as long as rendering fifty.
static EFFORT: Semaphore = Semaphore::const_new(1);
/// What an entry weighs besides its bytes.
const ENTRY_WEIGHT: u64 = 2048;

/// A page that has just been rendered.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// Its status.
    pub status: StatusCode,
    /// Its headers, without those that depend on who asks.
    pub headers: HeaderMap,
    /// Its bytes.
    pub body: Bytes,
    /// What it shows.
    pub things: Vec<Thing>,
}

impl Rendered {
    /// As an answer that is not kept.
    pub fn answer(&self) -> Response {
        let mut answer = Response::new(Body::from(self.body.clone()));
        *answer.status_mut() = self.status;
        *answer.headers_mut() = self.headers.clone();
        CachePolicy::Fresh.of(answer)
    }
}

/// How often the cache did what.
#[derive(Debug, Default)]
pub struct Counts {
    /// Answered with a kept page.
    pub hits: AtomicU64,
    /// Rendered.
    pub renderings: AtomicU64,
}

type Flight = Shared<Pin<Box<dyn Future<Output = Option<Arc<Finished>>> + Send>>>;

/// What a rendering gave: a page that is kept, or an answer that is not (an error's page).
#[derive(Debug)]
enum Finished {
    Kept(Arc<Kept>),
    Other(Rendered),
}

/// The kept pages of this process.
#[derive(Debug)]
pub struct PageCache {
    pages: Cache<PageKey, Arc<Kept>, Weight>,
    clock: Clock,
    flights: Mutex<HashMap<(PageKey, Moment), Flight>>,
    /// How often it did what.
    pub counts: Counts,
}

#[derive(Clone, Debug)]
struct Weight;

impl Weighter<PageKey, Arc<Kept>> for Weight {
    fn weight(&self, key: &PageKey, kept: &Arc<Kept>) -> u64 {
        let bytes = kept.body.len() * 2 + kept.things.len() * 24 + key.as_str().len();
        ENTRY_WEIGHT + u64::try_from(bytes).unwrap_or(u64::MAX / 2)
    }
}

impl PageCache {
    /// A cache of so many megabytes.
    pub fn new(megabytes: u64) -> Self {
        let bytes = megabytes.saturating_mul(1024 * 1024);
        let pages = usize::try_from(bytes / 64_000).unwrap_or(usize::MAX).clamp(16, 1_000_000);
        Self {
            pages: Cache::with_weighter(pages, bytes, Weight),
            clock: Clock { began: Instant::now(), at: SystemTime::now() },
            flights: Mutex::default(),
            counts: Counts::default(),
        }
    }

    /// How many bytes are kept, roughly.
    pub fn weight(&self) -> u64 {
        self.pages.weight()
    }

    /// A kept page that is still true.
    pub fn find(&self, key: &PageKey, changes: &Changes, present: Moment) -> Option<Arc<Kept>> {
        let kept = self.pages.get(key)?;
        if kept.is_true(changes, present) {
            self.counts.hits.fetch_add(1, Ordering::Relaxed);
            return Some(kept);
        }
        None
    }

    /// The page that a rendering begun at this moment gives: an earlier one's, where somebody has begun it already.
    /// A rendering goes on when those who wait for it hang up. `None` where it panicked.
    pub async fn render<R>(
        self: &Arc<Self>,
        key: PageKey,
        present: Moment,
        headers: &HeaderMap,
        render: R,
    ) -> Option<Response>
    where
        R: Future<Output = Rendered> + Send + 'static,
    {
        let place = (key, present);
        let (flight, begin) = {
            let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
            match flights.get(&place) {
                Some(flight) => (flight.clone(), None),
                None => {
                    let (done, awaited) = oneshot::channel();
                    let flight = awaited.map(Result::ok).boxed().shared();
                    flights.insert(place.clone(), flight.clone());
                    (flight, Some(done))
                }
            }
        };
        // Not under the lock: a runtime that is shutting down drops the task at once, and with it what takes the lock.
        if let Some(done) = begin {
            self.clone().begin(place, render, done);
        }
        flight.await.map(|finished| match &*finished {
            Finished::Kept(kept) => kept.answer(headers),
            Finished::Other(rendered) => rendered.answer(),
        })
    }

    fn begin<R>(self: Arc<Self>, place: (PageKey, Moment), render: R, done: oneshot::Sender<Arc<Finished>>)
    where
        R: Future<Output = Rendered> + Send + 'static,
    {
        self.counts.renderings.fetch_add(1, Ordering::Relaxed);
        let end = EndOfFlight { cache: self.clone(), place: place.clone() };
        tokio::spawn(async move {
            // However the rendering ends, nobody waits for it any longer.
            let _end = end;
            let rendered = render.await;
            let finished = if rendered.status == StatusCode::OK {
                let date = self.clock.date(Instant::now());
                let kept = Arc::new(Kept::new(rendered, place.1, date));
                self.pages.insert(place.0, kept.clone());
                Finished::Kept(kept)
            } else {
                Finished::Other(rendered)
            };
            let _ = done.send(Arc::new(finished));
        });
    }
}

struct EndOfFlight {
    cache: Arc<PageCache>,
    place: (PageKey, Moment),
}

impl Drop for EndOfFlight {
    fn drop(&mut self) {
        self.cache.flights.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.place);
    }
}

/// The time that pages are dated with. It goes on from when the process began, whatever the system's clock does, so that
/// no version of a page has the date of one before it.
#[derive(Debug)]
struct Clock {
    began: Instant,
    at: SystemTime,
}

/// The date of a page: the whole second after it was rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Date {
    second: SystemTime,
    /// Until then another version could have the same.
    told_from: Instant,
}

impl Clock {
    fn date(&self, now: Instant) -> Date {
        let elapsed = now.saturating_duration_since(self.began);
        let since_1970 = self.at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default() + elapsed;
        let second = Duration::from_secs(since_1970.as_secs() + 1);
        Date { second: SystemTime::UNIX_EPOCH + second, told_from: now + (second - since_1970) }
    }
}

/// A page that is kept, in every form that somebody has asked for.
#[derive(Debug)]
pub struct Kept {
    body: Bytes,
    headers: HeaderMap,
    things: Vec<Thing>,
    /// When it was read, in the order of changes.
    read: Moment,
    /// The last moment at which it was found to be true.
    proved: AtomicU64,
    asked: AtomicU32,
    hash: String,
    date: Date,
    quick: [OnceLock<Bytes>; 2],
    most: [OnceLock<Bytes>; 2],
}

impl Kept {
    fn new(rendered: Rendered, read: Moment, date: Date) -> Self {
        Self {
            hash: sha256_hex(&rendered.body)[..20].to_owned(),
            body: rendered.body,
            headers: rendered.headers,
            things: rendered.things,
            read,
            proved: AtomicU64::new(read),
            asked: AtomicU32::new(0),
            date,
            quick: Default::default(),
            most: Default::default(),
        }
    }

    fn is_true(&self, changes: &Changes, present: Moment) -> bool {
        if self.proved.load(Ordering::Relaxed) >= present {
            return true;
        }
        let is_true = !changes.changed_since(&self.things, self.read);
        if is_true {
            self.proved.fetch_max(present, Ordering::Relaxed);
        }
        is_true
    }

    /// Answers somebody: in the encoding that they accept, or with the news that theirs is still true.
    pub fn answer(self: &Arc<Self>, asked: &HeaderMap) -> Response {
        let encoding = Encoding::accepted(asked);
        let (bytes, form) = self.form(encoding);
        let tag = format!("\"{}-{form}\"", self.hash);
        let unchanged = self.is_known(asked);
        let mut answer = Response::new(if unchanged { Body::empty() } else { Body::from(bytes) });
        if unchanged {
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
        }
        let headers = answer.headers_mut();
        headers.clone_from(&self.headers);
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(header::ETAG, &tag);
        set(header::VARY, "accept-encoding, cookie");
        if let Some(modified) = self.last_modified() {
            set(header::LAST_MODIFIED, &modified);
        }
        if let Some(name) = encoding.name() {
            set(header::CONTENT_ENCODING, name);
        }
        CachePolicy::Page.of(answer)
    }

    /// Whether a request names this very page as the one that it has. Only the encoding may be another one.
    fn is_known(&self, asked: &HeaderMap) -> bool {
        let mut tags = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).peekable();
        if tags.peek().is_some() {
            let same = |tag: &str| tag.trim().trim_start_matches("W/").trim_matches('"').starts_with(&self.hash);
            return tags.flat_map(|value| value.split(',')).any(|tag| tag.trim() == "*" || same(tag));
        }
        let since = asked.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
        since.is_some_and(|since| self.last_modified().is_some_and(|modified| since == modified))
    }

    /// Its date, once no other version can have it, and never one of the future: the system's clock may have stepped back.
    fn last_modified(&self) -> Option<String> {
        let told = Instant::now() >= self.date.told_from && SystemTime::now() >= self.date.second;
        told.then(|| httpdate::fmt_http_date(self.date.second))
    }

    /// The bytes in an encoding, with a name for the tag: other bytes have another name.
    fn form(self: &Arc<Self>, encoding: Encoding) -> (Bytes, &'static str) {
        let (place, quick, most) = match encoding {
            Encoding::Identity => return (self.body.clone(), "i"),
            Encoding::Gzip => (0, "g", "G"),
            Encoding::Brotli => (1, "b", "B"),
        };
        if let Some(bytes) = self.most[place].get() {
            return (bytes.clone(), most);
        }
        // Whoever finds another page's encoding under way leaves it to one who asks later.
        if self.asked.fetch_add(1, Ordering::Relaxed) % HOT == HOT - 1
            && let Ok(permit) = EFFORT.try_acquire()
        {
            let kept = self.clone();
            tokio::task::spawn_blocking(move || {
                for (place, encoding) in [(1, Encoding::Brotli), (0, Encoding::Gzip)] {
                    kept.most[place].get_or_init(|| encoding.encode(&kept.body, Effort::Most));
                }
                drop(permit);
            });
        }
        (self.quick[place].get_or_init(|| encoding.encode(&self.body, Effort::Quick)).clone(), quick)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever has a page with a date is never told that a later version is the same.
    #[test]
    fn no_version_of_a_page_has_the_date_of_one_that_was_given_out() {
        let began = Instant::now();
        let clock = Clock { began, at: SystemTime::UNIX_EPOCH + Duration::from_millis(1_800_000_000_300) };
        let (mut now, mut before) = (began, clock.date(began));
        for step in [0, 1, 250, 448, 1, 1, 999, 1000, 1001, 7_000_000] {
            now += Duration::from_millis(step);
            let date = clock.date(now);
            assert!(date.second >= before.second && date.told_from > now);
            assert_eq!(now >= before.told_from, date.second > before.second, "after {step} ms");
            before = date;
        }
    }
}
