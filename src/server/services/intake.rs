//! Comments that come in while others are being written are written together, in one transaction: on the day of a launch
//! the disk is asked once for many of them. Each is acknowledged when its transaction is on the disk.
//!
//! What comes in a flood is stored like the rest, and waits in the flood instead of the queue (`intake/floods.rs`).

use std::collections::{BTreeSet, HashMap};

use tokio::sync::{mpsc, oneshot};

use crate::domain::day::Day;
use crate::domain::error::{AppError, Field, Problem};
use crate::domain::flood::{PAGE_WINDOW, must_wait};
use crate::domain::mode::Mode;
use crate::domain::receipt::ReceiptCode;
use crate::domain::slug::Slug;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::comment::arrival::{SentComment, WaitingComment, add_waiting, find_arrivals, find_sent};
use crate::server::db::comment::rule::{PastAsked, PastRow, find_received, list_past};
use crate::server::db::comment::{find_or_add_discussion, hold_discussion};
use crate::server::db::flood;
use crate::server::db::{Db, Session};
use crate::server::error::internal;
use crate::server::services::account::invalid;
use crate::server::services::arrival::{Fate, Fired, Past, RememberedRules, Tried, carry_out, judge, read_ruling};

mod floods;

use floods::{join_floods, read_senders, read_spent, weigh};

/// So many are written together at most.
const TOGETHER: usize = 64;
/// So many comments after a sender or a page became busy, what came before is looked for.
pub const JUST_NOW: i64 = TOGETHER as i64;
/// So far back the same text is looked for.
const SAME_TIME: i64 = 24 * 60 * 60_000;

/// A comment as it is handed in.
#[derive(Clone, Debug)]
pub struct Arriving {
    /// The slug of the page that it is about.
    pub slug: Slug,
    /// What was sent.
    pub sent: SentComment,
    /// Whether the browser had its name before.
    pub is_returning: bool,
    /// What the rules say of its words.
    pub tried: Tried,
}

/// A comment, and who waits for the code of its receipt.
#[derive(Debug)]
struct Waiting {
    arriving: Arriving,
    done: oneshot::Sender<Result<ReceiptCode, AppError>>,
}

/// Where comments are handed in.
#[derive(Clone, Debug)]
pub struct Intake(mpsc::Sender<Waiting>);

impl Intake {
    /// Begins to take comments in, for as long as somebody can hand one in.
    pub fn start(db: Db, rules: RememberedRules) -> Self {
        let (intake, mut waiting) = mpsc::channel::<Waiting>(TOGETHER);
        tokio::spawn(async move {
            let mut batch = Vec::with_capacity(TOGETHER);
            while waiting.recv_many(&mut batch, TOGETHER).await > 0 {
                // A task of its own: should it panic, those of this batch hear of it and the next is taken.
                let _ = tokio::spawn(write(db.clone(), rules.clone(), std::mem::take(&mut batch))).await;
            }
        });
        Self(intake)
    }

    /// Stores a comment on an announcement and gives the code of its receipt: that of an earlier one where the same was
    /// sent before. To which discussion it belongs, whether it is set aside, and what becomes of it, is found out here.
    ///
    /// # Errors
    /// `NotFound` where nothing is published under the slug, `Invalid` where no comments are taken, `Internal` where the
    /// database fails.
    pub async fn take(&self, arriving: Arriving) -> Result<ReceiptCode, AppError> {
        let (done, stored) = oneshot::channel();
        self.0.send(Waiting { arriving, done }).await.map_err(internal)?;
        stored.await.map_err(internal)?
    }
}

async fn write(db: Db, rules: RememberedRules, batch: Vec<Waiting>) {
    // The same sending twice at the same moment is one, and both get its code.
    let mut senders: HashMap<String, Vec<oneshot::Sender<_>>> = HashMap::new();
    let mut comments = Vec::with_capacity(batch.len());
    for Waiting { arriving, done } in batch {
        let same = senders.entry(arriving.sent.key_hash.clone()).or_default();
        if same.is_empty() {
            comments.push(arriving);
        }
        same.push(done);
    }
    let mut codes = store(&db, &rules, &comments).await;
    // One that can't be stored does not take the others with it.
    let one_by_one = codes.is_err() && comments.len() > 1;
    for one in comments.chunks(1) {
        if one_by_one {
            codes = store(&db, &rules, one).await;
        }
        let key_hash = &one[0].sent.key_hash;
        let code = match &codes {
            Ok(codes) => codes.get(key_hash).cloned().unwrap_or(Err(AppError::NotFound)),
            Err(error) => Err(error.clone()),
        };
        for done in senders.remove(key_hash).unwrap_or_default() {
            // Whoever has hung up finds the same code by sending the same again.
            let _ = done.send(code.clone());
        }
    }
}

fn parse_code(code: &str) -> Result<ReceiptCode, AppError> {
    ReceiptCode::parse(code).ok_or_else(|| internal("a stored receipt code is none"))
}

/// A page to which comments come in.
#[derive(Clone, Copy, Debug)]
struct Place {
    announcement_id: i64,
    discussion_id: i64,
    arrived: i64,
    mode: Mode,
    /// Whether comments are taken today.
    open: bool,
}

/// The pages of some comments, by their slugs, and the number of the last change of the rules.
async fn find_places(
    session: &mut Session,
    comments: &[Arriving],
    at: Instant,
) -> Result<(HashMap<String, Place>, i64), AppError> {
    let slugs: BTreeSet<&str> = comments.iter().map(|arriving| arriving.slug.as_str()).collect();
    let slugs: Vec<_> = slugs.into_iter().collect();
    let (mut places, mut rules) = (HashMap::new(), 0);
    for row in find_arrivals(session, &slugs, at.plus_ms(-PAGE_WINDOW)).await? {
        rules = row.rules;
        if row.state != "published" {
            continue;
        }
        let discussion_id = match row.discussion_id {
            Some(id) => id,
            None => find_or_add_discussion(session, "announcement", row.announcement_id, at).await?,
        };
        let ruling = read_ruling(row.settings.as_deref())?;
        let (announcement_id, open) = (row.announcement_id, ruling.standing(Day::of(at)).is_open());
        let place = Place { announcement_id, discussion_id, arrived: row.arrived, mode: ruling.mode, open };
        places.insert(row.slug, place);
    }
    Ok((places, rules))
}

/// What is known of the senders of some comments and their texts, by the codes of their receipts. The same text twice in
/// one batch counts too.
async fn find_past(
    session: &mut Session,
    comments: &[&Arriving],
    at: Instant,
) -> Result<HashMap<String, Past>, AppError> {
    let mut asked = Vec::with_capacity(comments.len());
    for Arriving { sent, is_returning, .. } in comments.iter().copied() {
        asked.push(PastAsked {
            code: &sent.code,
            author_key: sent.author_key.as_deref(),
            is_returning: *is_returning,
            sender_hash: sent.sender_hash.as_deref(),
            author_name: &sent.author_name,
            text_key: sent.text_key.as_deref(),
        });
    }
    let rows = list_past(session, &asked, at.plus_ms(-SAME_TIME)).await?;
    let rows: HashMap<&str, &PastRow> = rows.iter().map(|row| (row.code.as_str(), row)).collect();
    let mut here: HashMap<&str, u32> = HashMap::new();
    let mut past = HashMap::new();
    for asked in &asked {
        let Some(row) = rows.get(asked.code) else { continue };
        let same = here.entry(asked.text_key.unwrap_or_default()).or_default();
        *same += 1;
        let since = row.last_at.map(|last| u32::try_from((at.0 - last) / 1000).unwrap_or_default());
        let same_text = u32::try_from(row.same_text).unwrap_or(u32::MAX).saturating_add(*same);
        past.insert(asked.code.to_owned(), Past { same_text, seconds_since_last: since, known: row.known });
    }
    Ok(past)
}

/// What was judged of comments, by the codes of their receipts.
type Judged<'a> = HashMap<&'a str, (Fate, Vec<Fired>)>;

/// Stores comments and gives what became of each by the hash of what was sent: the code of its receipt, or that no comments
/// are taken; nothing for what was sent to no announcement that is published.
async fn store(
    db: &Db,
    rules: &RememberedRules,
    comments: &[Arriving],
) -> Result<HashMap<String, Result<ReceiptCode, AppError>>, AppError> {
    let mut session = db.write_once().await?;
    let at = now();
    let (mut places, version) = find_places(&mut session, comments, at).await?;
    let mut codes = HashMap::new();
    let mut taken = Vec::with_capacity(comments.len());
    for arriving in comments {
        let Some(place) = places.get(arriving.slug.as_str()) else { continue };
        if place.open {
            taken.push(arriving);
            continue;
        }
        // What was taken while comments were is not refused when it is sent once more.
        let earlier = find_sent(&mut session, &arriving.sent.key_hash, at).await?;
        let code = earlier.map_or(Err(invalid(Field::Text, Problem::Shut)), |code| parse_code(&code));
        codes.insert(arriving.sent.key_hash.clone(), code);
    }
    let sent: Vec<&SentComment> = taken.iter().map(|arriving| &arriving.sent).collect();
    let mut senders = read_senders(&mut session, &sent, at).await?;
    let mut spent = read_spent(&mut session, &sent).await?;
    let (mut weighed, mut tried) = (Vec::with_capacity(taken.len()), Vec::with_capacity(taken.len()));
    for arriving in taken {
        let Some(place) = places.get_mut(arriving.slug.as_str()) else { continue };
        let one = weigh(&arriving.sent, place, &mut senders, &mut spent);
        let waits = must_wait(one.arrival.proven, one.arrival.flood().is_some());
        let renewed = rules.renew(&mut session, arriving.tried.clone(), &arriving.sent, version).await?;
        tried.push((arriving, place.mode, waits, renewed));
        weighed.push(one);
    }
    let judged = judge_all(&mut session, &tried, at).await?;
    let flooded = weighed.iter().any(|one| one.arrival.flood().is_some());
    if flooded || !judged.is_empty() {
        // Several statements belong together.
        session = db.write_on(session).await?;
    }
    let drawn = if flooded { join_floods(&mut session, &mut weighed, at).await? } else { Vec::new() };
    let waiting: Vec<_> = weighed.into_iter().map(|one| one.waiting).collect();
    let new = add_waiting(&mut session, &waiting, at).await?;
    for WaitingComment { sent, .. } in waiting {
        if new.contains(&sent.code) {
            codes.insert(sent.key_hash.clone(), parse_code(&sent.code));
        } else if let Some(earlier) = find_sent(&mut session, &sent.key_hash, at).await? {
            // The same was sent before, to another process perhaps.
            codes.insert(sent.key_hash.clone(), parse_code(&earlier));
        }
    }
    let stored = find_stored(&mut session, &new, &judged).await?;
    // Decisions about these come before or after. They are held in their order, so that two processes do not wait for each
    // other.
    let held: BTreeSet<i64> =
        stored.iter().map(|(id, ..)| *id).chain(drawn.iter().map(|one| one.discussion_id)).collect();
    for discussion_id in held {
        hold_discussion(&mut session, discussion_id).await?;
    }
    for one in drawn {
        flood::draw_in(&mut session, one, at).await?;
    }
    for (_, id, fate, fired) in stored {
        carry_out(&mut session, id, fate, fired, at).await?;
    }
    session.commit().await?;
    Ok(codes)
}

/// A comment that was stored, by its discussion and its id, with what was judged of it.
type Stored<'a> = (i64, i64, &'a Fate, &'a [Fired]);

/// What was judged of comments that are new, in the order of their discussions.
async fn find_stored<'a>(
    session: &mut Session,
    new: &[String],
    judged: &'a Judged<'_>,
) -> Result<Vec<Stored<'a>>, AppError> {
    let mut stored = Vec::with_capacity(judged.len());
    for code in new {
        if let Some((fate, fired)) = judged.get(code.as_str())
            && let Some((id, discussion_id)) = find_received(session, code).await?
        {
            stored.push((discussion_id, id, fate, fired.as_slice()));
        }
    }
    stored.sort_unstable_by_key(|(discussion_id, id, ..)| (*discussion_id, *id));
    Ok(stored)
}

/// What becomes of comments; of those that wait and on which no rule fired nothing is said.
async fn judge_all<'a>(
    session: &mut Session,
    tried: &'a [(&'a Arriving, Mode, bool, Tried)],
    at: Instant,
) -> Result<Judged<'a>, AppError> {
    let asks = |(_, mode, _, tried): &&(&Arriving, Mode, bool, Tried)| *mode == Mode::First || tried.asks_the_past();
    let asking: Vec<&Arriving> = tried.iter().filter(asks).map(|(arriving, ..)| *arriving).collect();
    let past = if asking.is_empty() { HashMap::new() } else { find_past(session, &asking, at).await? };
    let mut judged = HashMap::new();
    for (arriving, mode, must_wait, tried) in tried {
        let past = past.get(&arriving.sent.code).copied().unwrap_or_default();
        let fired = tried.fired(&arriving.sent, past);
        let fate = judge(*mode, *must_wait, past.known, &fired);
        if fate != Fate::Waits || !fired.is_empty() {
            judged.insert(arriving.sent.code.as_str(), (fate, fired));
        }
    }
    Ok(judged)
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;
    use crate::server::db::test::{add_announcement, postgres, sqlite};

    fn at(slug: &str, sent: SentComment) -> Arriving {
        let slug = Slug::parse(slug).expect("a slug");
        Arriving { slug, sent, is_returning: false, tried: Tried::default() }
    }

    fn comment(number: u32, key_hash: &str) -> SentComment {
        let at = now();
        SentComment {
            code: format!("{number:0>12}").replace('0', "Z").replace('1', "Y"),
            thread_id: None,
            reply_to_id: None,
            key_hash: key_hash.to_owned(),
            remembered_until: at.plus_ms(60_000).0,
            author_name: "Lan".to_owned(),
            email: None,
            text: "Ý \"kiến\" \\ {}".to_owned(),
            html: "<p>Ý kiến</p>".to_owned(),
            language: "vi",
            sender_hash: None,
            sender_hash_expires_at: None,
            sender_hashes: Vec::new(),
            counted: true,
            author_key: None,
            text_key: None,
            proof_hash: None,
            proof_expires_at: None,
            created_at: at.0,
        }
    }

    /// Comments that come in at once are stored each once, and one that can't be keeps none of the others out.
    #[tokio::test]
    async fn each_of_many_is_answered_for_itself() {
        for store in [sqlite().await, postgres().await] {
            add_announcement(&store, "tin", "published").await;
            add_announcement(&store, "nhap", "draft").await;
            let intake = Intake::start(store.clone(), RememberedRules::default());
            // Two of the same, some to what is not public, one that has another's receipt code, and a hundred others.
            let mut sent = vec![("tin", comment(2, "same")), ("tin", comment(3, "same"))];
            sent.extend([("nhap", comment(4, "draft")), ("khong-co", comment(5, "nowhere"))]);
            sent.extend((100..200).map(|number| ("tin", comment(number, &number.to_string()))));
            sent.push(("tin", comment(150, "double")));
            let codes = join_all(sent.iter().map(|(slug, comment)| intake.take(at(slug, comment.clone())))).await;
            assert_eq!(codes[0], codes[1]);
            assert_eq!((&codes[2], &codes[3]), (&Err(AppError::NotFound), &Err(AppError::NotFound)));
            let refused = codes.iter().filter(|code| matches!(code, Err(AppError::Internal { .. }))).count();
            assert_eq!(refused, 1, "{codes:?}");
            for ((_, sent), code) in sent.iter().zip(&codes).skip(4).filter(|(_, code)| code.is_ok()) {
                assert_eq!(code.as_ref().map(ReceiptCode::as_stored), Ok(sent.code.as_str()));
            }
            // The same again finds the same code.
            assert_eq!(intake.take(at("tin", comment(6, "120"))).await, codes[24]);
            let mut session = store.read().await.expect("a session");
            let rows = find_arrivals(&mut session, &["tin"], Instant(0)).await.expect("rows");
            assert_eq!(rows[0].arrived, 101);
            drop(session);
            store.close().await;
        }
    }
}
