//! Comments that come in while others are being written are written together, in one transaction: on the day of a launch
//! the disk is asked once for many of them. Each is acknowledged when its transaction is on the disk.

use std::collections::{BTreeSet, HashMap};

use tokio::sync::{mpsc, oneshot};

use crate::domain::error::AppError;
use crate::domain::receipt::ReceiptCode;
use crate::domain::slug::Slug;
use crate::server::clock::now;
use crate::server::db::comment::arrival::{SentComment, WaitingComment, add_waiting, find_arrivals, find_sent};
use crate::server::db::comment::find_or_add_discussion;
use crate::server::db::{Db, DbResult};
use crate::server::error::internal;
use crate::server::services::comment::FLOOD_PER_HOUR;

/// So many are written together at most.
const TOGETHER: usize = 64;
const HOUR: i64 = 60 * 60_000;

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
    /// sent before. To which discussion it belongs, and whether it is set aside, is found out here.
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
    let mut places = HashMap::new();
    for row in find_arrivals(&mut session, &slugs, at.plus_ms(-HOUR)).await? {
        if row.state != "published" {
            continue;
        }
        let discussion_id = match row.discussion_id {
            Some(id) => id,
            None => find_or_add_discussion(&mut session, "announcement", row.announcement_id, at).await?,
        };
        places.insert(row.slug, (row.announcement_id, discussion_id, row.arrived));
    }
    let mut waiting = Vec::with_capacity(comments.len());
    for (slug, sent) in comments {
        if let Some((announcement_id, discussion_id, arrived)) = places.get_mut(slug.as_str()) {
            *arrived += 1;
            let set_aside = *arrived > FLOOD_PER_HOUR;
            let (announcement_id, discussion_id) = (*announcement_id, *discussion_id);
            waiting.push(WaitingComment { announcement_id, discussion_id, set_aside, sent });
        }
    }
    let new = add_waiting(&mut session, &waiting, at).await?;
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

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;
    use crate::domain::time::Instant;
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
