//! Comments that come in while others are being written are written together, in one transaction: on the day of a launch
//! the disk is asked once for many of them. Each is acknowledged when its transaction is on the disk.
//!
//! What comes in a flood is stored like the rest, and waits in the flood instead of the queue (`domain/flood.rs`).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use tokio::sync::{mpsc, oneshot};

use crate::domain::error::AppError;
use crate::domain::flood::{Arrival, FloodKind, PAGE_MOST, PAGE_WINDOW, SENDER_WINDOW};
use crate::domain::receipt::ReceiptCode;
use crate::domain::slug::Slug;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::comment::arrival::{
    ArrivalRow, AskedSender, SenderRow, SentComment, WaitingComment, add_waiting, find_arrivals, find_senders,
    find_sent, find_spent,
};
use crate::server::db::comment::{find_or_add_discussion, hold_discussion};
use crate::server::db::flood::{self, Drawn};
use crate::server::db::{Db, DbResult, Session};
use crate::server::error::internal;

/// So many are written together at most.
const TOGETHER: usize = 64;
/// So many comments after a sender or a page became busy, what came before is looked for.
pub const JUST_NOW: i64 = TOGETHER as i64;

/// A comment, and who waits for the code of its receipt.
#[derive(Debug)]
struct Waiting {
    slug: Slug,
    sent: SentComment,
    done: oneshot::Sender<Result<ReceiptCode, AppError>>,
}

/// Where comments are handed in.
#[derive(Clone, Debug)]
pub struct Intake(mpsc::Sender<Waiting>);

impl Intake {
    /// Begins to take comments in, for as long as somebody can hand one in.
    pub fn start(db: Db) -> Self {
        let (intake, mut waiting) = mpsc::channel::<Waiting>(TOGETHER);
        tokio::spawn(async move {
            let mut batch = Vec::with_capacity(TOGETHER);
            while waiting.recv_many(&mut batch, TOGETHER).await > 0 {
                // A task of its own: should it panic, those of this batch hear of it and the next is taken.
                let _ = tokio::spawn(write(db.clone(), std::mem::take(&mut batch))).await;
            }
        });
        Self(intake)
    }

    /// Stores a comment on an announcement and gives the code of its receipt: that of an earlier one where the same was
    /// sent before. To which discussion it belongs, and whether it joins a flood, is found out here.
    ///
    /// # Errors
    /// `NotFound` where nothing is published under the slug, `Internal` where the database fails.
    pub async fn take(&self, slug: Slug, sent: SentComment) -> Result<ReceiptCode, AppError> {
        let (done, stored) = oneshot::channel();
        self.0.send(Waiting { slug, sent, done }).await.map_err(internal)?;
        stored.await.map_err(internal)?
    }
}

async fn write(db: Db, batch: Vec<Waiting>) {
    // The same sending twice at the same moment is one, and both get its code.
    let mut senders: HashMap<String, Vec<oneshot::Sender<_>>> = HashMap::new();
    let mut comments = Vec::with_capacity(batch.len());
    for Waiting { slug, sent, done } in batch {
        let same = senders.entry(sent.key_hash.clone()).or_default();
        if same.is_empty() {
            comments.push((slug, sent));
        }
        same.push(done);
    }
    let mut codes = store(&db, &comments).await;
    // One that can't be stored does not take the others with it.
    let one_by_one = codes.is_err() && comments.len() > 1;
    for one in comments.chunks(1) {
        if one_by_one {
            codes = store(&db, one).await;
        }
        let key_hash = &one[0].1.key_hash;
        let code = match &codes {
            Ok(codes) => codes.get(key_hash).map_or(Err(AppError::NotFound), |code| {
                ReceiptCode::parse(code).ok_or_else(|| internal("a stored receipt code is none"))
            }),
            Err(error) => Err(internal(error)),
        };
        for done in senders.remove(key_hash).unwrap_or_default() {
            // Whoever has hung up finds the same code by sending the same again.
            let _ = done.send(code.clone());
        }
    }
}

/// Stores comments and gives the codes of their receipts by the hashes of what was sent; none for what was sent to no
/// announcement that is published.
async fn store(db: &Db, comments: &[(Slug, SentComment)]) -> DbResult<HashMap<String, String>> {
    let mut session = db.write_once().await?;
    let at = now();
    let slugs: BTreeSet<&str> = comments.iter().map(|(slug, _)| slug.as_str()).collect();
    let slugs: Vec<_> = slugs.into_iter().collect();
    let mut pages = HashMap::new();
    for row in find_arrivals(&mut session, &slugs, at.plus_ms(-PAGE_WINDOW)).await? {
        if row.state != "published" {
            continue;
        }
        let discussion_id = match row.discussion_id {
            Some(id) => id,
            None => find_or_add_discussion(&mut session, "announcement", row.announcement_id, at).await?,
        };
        pages.insert(row.slug.clone(), ArrivalRow { discussion_id: Some(discussion_id), ..row });
    }
    let sent: Vec<&SentComment> = comments.iter().map(|(_, sent)| sent).collect();
    let mut senders = read_senders(&mut session, &sent, at).await?;
    let mut spent = read_spent(&mut session, &sent).await?;
    let mut judged = Vec::with_capacity(comments.len());
    for (slug, sent) in comments {
        if let Some(page) = pages.get_mut(slug.as_str()) {
            judged.push(judge(sent, page, &mut senders, &mut spent));
        }
    }
    let mut drawn = Vec::new();
    if judged.iter().any(|one| one.arrival.flood().is_some()) {
        session = session.into_transaction(db).await?;
        drawn = join_floods(&mut session, &mut judged, at).await?;
    }
    let waiting: Vec<_> = judged.into_iter().map(|one| one.waiting).collect();
    let new = add_waiting(&mut session, &waiting, at).await?;
    for drawn in drawn {
        // Decisions about these come before or after.
        hold_discussion(&mut session, drawn.discussion_id).await?;
        flood::draw_in(&mut session, drawn, at).await?;
    }
    let mut codes = HashMap::new();
    for WaitingComment { sent, .. } in waiting {
        if new.contains(&sent.code) {
            codes.insert(sent.key_hash.clone(), sent.code.clone());
        } else if let Some(earlier) = find_sent(&mut session, &sent.key_hash, at).await? {
            // The same was sent before, to another process perhaps.
            codes.insert(sent.key_hash.clone(), earlier);
        }
    }
    session.commit().await?;
    Ok(codes)
}

/// What is known of those who sent some comments, by the hashes of this period.
async fn read_senders(
    session: &mut Session,
    sent: &[&SentComment],
    at: Instant,
) -> DbResult<HashMap<String, SenderRow>> {
    let hashes: BTreeMap<&str, &[String]> =
        sent.iter().filter_map(|sent| Some((sent.sender_hash.as_deref()?, sent.sender_hashes.as_slice()))).collect();
    let asked: Vec<_> = hashes.into_iter().map(|(hash, hashes)| AskedSender { hash, hashes }).collect();
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = find_senders(session, &asked, at.plus_ms(-SENDER_WINDOW), at).await?;
    Ok(rows.into_iter().map(|row| (row.hash.clone(), row)).collect())
}

/// Which of the work that comes with some comments was shown before. Two processes that see the same at the same moment
/// may both believe it; it is their number at most.
async fn read_spent(session: &mut Session, sent: &[&SentComment]) -> DbResult<HashSet<String>> {
    let shown: Vec<&str> = sent.iter().filter_map(|sent| sent.proof_hash.as_deref()).collect();
    if shown.is_empty() {
        return Ok(HashSet::new());
    }
    Ok(find_spent(session, &shown).await?.into_iter().collect())
}

/// A comment with what was found out about it.
struct Judged<'a> {
    waiting: WaitingComment<'a>,
    arrival: Arrival,
    block_id: Option<i64>,
}

/// Finds out where a comment waits, and counts it among those of its page and its sender.
fn judge<'a>(
    sent: &'a SentComment,
    page: &mut ArrivalRow,
    senders: &mut HashMap<String, SenderRow>,
    spent: &mut HashSet<String>,
) -> Judged<'a> {
    let proven = sent.proof_hash.as_ref().is_some_and(|hash| spent.insert(hash.clone()));
    let sender = sent.sender_hash.as_ref().and_then(|hash| senders.get_mut(hash));
    let (from_sender, block_id) = match sender {
        Some(sender) => {
            sender.sent += 1;
            (sender.sent, sender.block_id)
        }
        None => (1, None),
    };
    let (from_sender, on_page) = if sent.counted { (from_sender, page.arrived) } else { (1, 0) };
    let arrival = Arrival { proven, blocked: block_id.is_some(), from_sender, on_page };
    page.arrived += i64::from(arrival.is_rush());
    let waiting = WaitingComment {
        announcement_id: page.announcement_id,
        discussion_id: page.discussion_id.unwrap_or_default(),
        flood_id: None,
        proven,
        rush: arrival.is_rush(),
        sent,
    };
    Judged { waiting, arrival, block_id }
}

/// Lets comments into the floods of their pages, and gives what came just before and belongs there, too: it is drawn in
/// once these are stored.
async fn join_floods<'a>(session: &mut Session, judged: &mut [Judged<'a>], at: Instant) -> DbResult<Vec<Drawn<'a>>> {
    let mut joining: BTreeMap<(i64, FloodKind), Vec<&mut Judged<'a>>> = BTreeMap::new();
    let mut caught: BTreeMap<i64, i64> = BTreeMap::new();
    for one in judged {
        if let Some(kind) = one.arrival.flood() {
            joining.entry((one.waiting.announcement_id, kind)).or_default().push(one);
        }
    }
    let mut drawn: BTreeMap<(i64, Option<&str>), Drawn<'a>> = BTreeMap::new();
    for ((announcement_id, kind), members) in joining {
        let amount = i64::try_from(members.len()).unwrap_or(i64::MAX);
        let (flood_id, begins) = flood::join(session, announcement_id, kind, amount, at).await?;
        for one in members {
            one.waiting.flood_id = Some(flood_id);
            let (discussion_id, proven) = (one.waiting.discussion_id, one.waiting.proven);
            if let Some(block_id) = one.block_id {
                *caught.entry(block_id).or_default() += 1;
            } else if !one.arrival.is_busy() {
                // With several processes nobody sees each number; once is enough, and more often does no harm.
                if begins || one.arrival.on_page < PAGE_MOST + JUST_NOW {
                    let since = at.plus_ms(-PAGE_WINDOW);
                    let own = Drawn { flood_id, discussion_id, since, sender_hash: None, proven: false };
                    drawn.insert((discussion_id, None), own);
                }
            } else if begins || one.arrival.from_sender <= Arrival::sender_most(proven) + JUST_NOW {
                let (since, sender_hash) = (at.plus_ms(-SENDER_WINDOW), one.waiting.sent.sender_hash.as_deref());
                let place = (discussion_id, sender_hash);
                let proven = proven || drawn.get(&place).is_some_and(|drawn| drawn.proven);
                drawn.insert(place, Drawn { flood_id, discussion_id, since, sender_hash, proven });
            }
        }
    }
    for (block_id, amount) in caught {
        flood::count_caught(session, block_id, amount).await?;
    }
    Ok(drawn.into_values().collect())
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;
    use crate::server::db::test::{add_announcement, postgres, sqlite};

    fn at(slug: &str) -> Slug {
        Slug::parse(slug).expect("a slug")
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
            let intake = Intake::start(store.clone());
            // Two of the same, some to what is not public, one that has another's receipt code, and a hundred others.
            let mut sent = vec![("tin", comment(2, "same")), ("tin", comment(3, "same"))];
            sent.extend([("nhap", comment(4, "draft")), ("khong-co", comment(5, "nowhere"))]);
            sent.extend((100..200).map(|number| ("tin", comment(number, &number.to_string()))));
            sent.push(("tin", comment(150, "double")));
            let codes = join_all(sent.iter().map(|(slug, comment)| intake.take(at(slug), comment.clone()))).await;
            assert_eq!(codes[0], codes[1]);
            assert_eq!((&codes[2], &codes[3]), (&Err(AppError::NotFound), &Err(AppError::NotFound)));
            let refused = codes.iter().filter(|code| matches!(code, Err(AppError::Internal { .. }))).count();
            assert_eq!(refused, 1, "{codes:?}");
            for ((_, sent), code) in sent.iter().zip(&codes).skip(4).filter(|(_, code)| code.is_ok()) {
                assert_eq!(code.as_ref().map(ReceiptCode::as_stored), Ok(sent.code.as_str()));
            }
            // The same again finds the same code.
            assert_eq!(intake.take(at("tin"), comment(6, "120")).await, codes[24]);
            let mut session = store.read().await.expect("a session");
            let rows = find_arrivals(&mut session, &["tin"], Instant(0)).await.expect("rows");
            assert_eq!(rows[0].arrived, 101);
            drop(session);
            store.close().await;
        }
    }
}
