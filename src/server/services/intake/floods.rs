//! Which of the comments that come in wait in a flood instead of the queue (`domain/flood.rs`).

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{JUST_NOW, Place};
use crate::domain::flood::{Arrival, FloodKind, PAGE_MOST, PAGE_WINDOW, SENDER_WINDOW};
use crate::domain::time::Instant;
use crate::server::db::comment::arrival::{
    AskedSender, SenderRow, SentComment, WaitingComment, find_senders, find_sent, find_spent,
};
use crate::server::db::flood::{self, Drawn};
use crate::server::db::{DbResult, Session};

/// What is known of those who sent some comments, by the hashes of this period.
pub(super) async fn read_senders(
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
pub(super) async fn read_spent(session: &mut Session, sent: &[&SentComment]) -> DbResult<HashSet<String>> {
    let shown: Vec<&str> = sent.iter().filter_map(|sent| sent.proof_hash.as_deref()).collect();
    if shown.is_empty() {
        return Ok(HashSet::new());
    }
    Ok(find_spent(session, &shown).await?.into_iter().collect())
}

/// A comment with what was found out about it.
pub(super) struct Weighed<'a> {
    pub(super) waiting: WaitingComment<'a>,
    pub(super) arrival: Arrival,
    block_id: Option<i64>,
}

/// Finds out where a comment waits, and counts it among those of its page and its sender.
pub(super) fn weigh<'a>(
    sent: &'a SentComment,
    page: &mut Place,
    senders: &mut HashMap<String, SenderRow>,
    spent: &mut HashSet<String>,
) -> Weighed<'a> {
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
        discussion_id: page.discussion_id,
        flood_id: None,
        proven,
        rush: arrival.is_rush(),
        sent,
    };
    Weighed { waiting, arrival, block_id }
}

/// Lets comments into the floods of their pages, and gives what came just before and belongs there, too: it is drawn in
/// once these are stored.
pub(super) async fn join_floods<'a>(
    session: &mut Session,
    judged: &mut [Weighed<'a>],
    at: Instant,
) -> DbResult<Vec<Drawn<'a>>> {
    let mut joining: BTreeMap<(i64, FloodKind), Vec<&mut Weighed<'a>>> = BTreeMap::new();
    let mut caught: BTreeMap<i64, i64> = BTreeMap::new();
    for one in judged {
        if let Some(kind) = one.arrival.flood() {
            // What is sent once more, whose proof is spent therefore, is there already and belongs to no flood.
            if find_sent(session, &one.waiting.sent.key_hash, at).await?.is_some() {
                continue;
            }
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
