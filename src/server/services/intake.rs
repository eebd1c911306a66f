//! Comments that come in while others are being written are written together, in one transaction: on the day of a launch
//! the disk is asked once for many of them. Each is acknowledged when its transaction is on the disk.

use std::collections::HashMap;

use tokio::sync::{mpsc, oneshot};

use crate::domain::error::AppError;
use crate::domain::receipt::ReceiptCode;
use crate::server::clock::now;
use crate::server::db::comment::{self as db, WaitingComment};
use crate::server::db::{Db, DbResult};
use crate::server::error::internal;

/// So many are written together at most.
const TOGETHER: usize = 64;

/// A comment, and who waits for the code of its receipt.
#[derive(Debug)]
struct Waiting {
    comment: WaitingComment,
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
                write(&db, std::mem::take(&mut batch)).await;
            }
        });
        Self(intake)
    }

    /// Stores a comment and gives the code of its receipt: that of an earlier one where the same was sent before.
    ///
    /// # Errors
    /// `Internal` where the database fails.
    pub async fn take(&self, comment: WaitingComment) -> Result<ReceiptCode, AppError> {
        let (done, stored) = oneshot::channel();
        self.0.send(Waiting { comment, done }).await.map_err(internal)?;
        stored.await.map_err(internal)?
    }
}

async fn write(db: &Db, batch: Vec<Waiting>) {
    // The same sending twice at the same moment is one, and both get its code.
    let mut senders: HashMap<String, Vec<oneshot::Sender<_>>> = HashMap::new();
    let mut comments = Vec::with_capacity(batch.len());
    for Waiting { comment, done } in batch {
        let same = senders.entry(comment.key_hash.clone()).or_default();
        if same.is_empty() {
            comments.push(comment);
        }
        same.push(done);
    }
    let mut codes = store(db, &comments).await;
    // One that can't be stored does not take the others with it.
    let one_by_one = codes.is_err() && comments.len() > 1;
    for comment in &comments {
        if one_by_one {
            codes = store(db, std::slice::from_ref(comment)).await;
        }
        let code = match &codes {
            Ok(codes) => {
                codes.get(&comment.key_hash).and_then(|code| ReceiptCode::parse(code)).ok_or(AppError::Conflict)
            }
            Err(error) => Err(internal(error)),
        };
        for done in senders.remove(&comment.key_hash).unwrap_or_default() {
            // Whoever has hung up finds the same code by sending the same again.
            let _ = done.send(code.clone());
        }
    }
}

/// Stores comments and gives the codes of their receipts by the hashes of what was sent.
async fn store(db: &Db, comments: &[WaitingComment]) -> DbResult<HashMap<String, String>> {
    let mut session = db.write_once().await?;
    let at = now();
    let new = db::add_waiting(&mut session, comments, at).await?;
    let mut codes = HashMap::new();
    for comment in comments {
        let code = if new.contains(&comment.code) {
            Some(comment.code.clone())
        } else {
            // Somebody else was first, in another process perhaps.
            db::find_sent(&mut session, &comment.key_hash, at).await?
        };
        codes.extend(code.map(|code| (comment.key_hash.clone(), code)));
    }
    session.commit().await?;
    Ok(codes)
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;

    use super::*;
    use crate::server::db::test::{postgres, sqlite};

    fn comment(number: u32, discussion_id: i64, key_hash: &str) -> WaitingComment {
        let at = now();
        WaitingComment {
            discussion_id,
            code: format!("{number:0>12}").replace('0', "Z").replace('1', "Y"),
            key_hash: key_hash.to_owned(),
            remembered_until: at.plus_ms(60_000).0,
            set_aside: false,
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
            let mut session = store.write().await.expect("a session");
            let discussion = db::find_or_add_discussion(&mut session, "announcement", 1, now()).await.expect("one");
            session.commit().await.expect("a commit");
            let intake = Intake::start(store.clone());
            // Two of the same, one to a discussion that is not there, and a hundred others.
            let mut sent = vec![comment(2, discussion, "same"), comment(3, discussion, "same"), comment(4, -5, "lost")];
            sent.extend((100..200).map(|number| comment(number, discussion, &number.to_string())));
            let codes = join_all(sent.iter().map(|comment| intake.take(comment.clone()))).await;
            assert_eq!(codes[0], codes[1]);
            assert!(matches!(codes[2], Err(AppError::Internal { .. })), "{:?}", codes[2]);
            for (sent, code) in sent.iter().zip(&codes).skip(3) {
                assert_eq!(code.as_ref().map(ReceiptCode::as_stored), Ok(sent.code.as_str()));
            }
            // The same again finds the same code.
            let again = intake.take(comment(5, discussion, "150")).await;
            assert_eq!(again, codes[3 + 50]);
            store.close().await;
        }
    }
}
