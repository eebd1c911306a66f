//! Sending what is to be sent: each mail by one process, again and again with longer pauses, until it is given up.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use crate::domain::day::Day;
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::notice::{Owed, Purpose};
use crate::domain::receipt::ReceiptCode;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::Session;
use crate::server::db::mail::{self as db, LetterRow};
use crate::server::mail::letter::{self, Post, Told};
use crate::server::mail::{Letter, Mailer};
use crate::server::services::notice::{notice_link, notice_token};
use crate::server::services::reminder::account_token;
use crate::server::state::Store;
use crate::text::Text;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// How often it is looked whether something is due that no request of this process wrote.
const LOOK_TIME: Duration = Duration::from_secs(10);
/// So long a process that has claimed a mail is believed to be sending it.
pub const CLAIM_TIME: i64 = 10 * MINUTE;
/// So many mails are sent before it is looked at the clock again.
const TOGETHER: usize = 20;
/// The pauses after each failure, in minutes; after the last one a mail is given up: two days in all.
const PAUSES: [i64; 8] = [1, 5, 15, 60, 180, 360, 720, 1440];
/// A reminder that comes later than this reminds of what was.
const REMINDER_TIME: i64 = 6 * 60 * MINUTE;
/// The same of reports, which wait for days.
const REPORTS_TIME: i64 = DAY;
/// So long it is known that a mail was sent or given up.
const KEPT_TIME: i64 = 7 * DAY;
/// So many mails ask one address for a confirmation on a day, whoever gave it.
const ASKED_MOST: i64 = 3;

/// What the services know of mail: whether the portal sends any, and the bell that wakes who sends it.
#[derive(Clone, Debug, Default)]
pub struct Outbox(Arc<Bell>);

#[derive(Debug, Default)]
struct Bell {
    offered: AtomicBool,
    written: Notify,
}

impl Outbox {
    /// Says that this process sends mail: from now on notices are offered.
    pub fn offer(&self) {
        self.0.offered.store(true, Ordering::Relaxed);
    }

    /// Whether notices are offered.
    pub fn is_offered(&self) -> bool {
        self.0.offered.load(Ordering::Relaxed)
    }

    /// Something was written that is due at once.
    pub fn ring(&self) {
        self.0.written.notify_one();
    }
}

/// Counts one more mail that asks an address for a confirmation today, and gives whether it may be sent.
///
/// # Errors
/// When the database fails.
pub async fn may_ask(store: &Store, session: &mut Session, email: &str, at: Instant) -> Result<bool, AppError> {
    let hash = store.secret.keyed_hash("asked address", &[&email.to_lowercase()]);
    Ok(db::take_allowance(session, &hash, &Day::of(at).iso(), ASKED_MOST).await?)
}

/// Sends what is due, for as long as the server runs.
pub async fn send_on_time(store: Store, mailer: Mailer, post: Post) {
    loop {
        match send_due(&store, &mailer, &post, now()).await {
            Ok(tried) if tried == TOGETHER => continue,
            Ok(_) => {}
            Err(error) => tracing::warn!(?error, "mail could not be looked for; it is tried again"),
        }
        tokio::select! {
            () = store.mail.0.written.notified() => {}
            () = tokio::time::sleep(LOOK_TIME) => {}
        }
    }
}

/// Sends some of what is due at a moment, and gives how many it tried.
///
/// # Errors
/// When the database fails; what was claimed is tried again when the claim has run out.
pub async fn send_due(store: &Store, mailer: &Mailer, post: &Post, at: Instant) -> Result<usize, AppError> {
    let mut tried = 0;
    while tried < TOGETHER {
        if !db::is_due(&mut store.db.read().await?, at).await? {
            break;
        }
        let mut session = store.db.write().await?;
        let claimed = db::claim(&mut session, at, at.plus_ms(CLAIM_TIME)).await?;
        session.commit().await?;
        // Another process was quicker.
        let Some((id, attempts)) = claimed else { break };
        tried += 1;
        let row = db::find(&mut store.db.read().await?, id).await?;
        let letter = row.and_then(|row| compose(store, &row, id, post, at));
        let sent = match &letter {
            Some(letter) => Some(mailer.send(letter).await),
            None => None,
        };
        let mut session = store.db.write().await?;
        let mut unreachable = false;
        match sent {
            None => db::remove(&mut session, id).await?,
            Some(Ok(())) => db::finish(&mut session, id, at).await?,
            Some(Err(fault)) => {
                let pause = usize::try_from(attempts - 1).ok().and_then(|n| PAUSES.get(n)).filter(|_| !fault.lasting);
                let again = pause.map(|minutes| at.plus_ms(minutes * MINUTE));
                if again.is_some() {
                    tracing::warn!(mail = id, attempts, fault = fault.why, "a mail was not sent; it is tried again");
                } else {
                    tracing::error!(mail = id, attempts, fault = fault.why, "a mail was given up");
                }
                db::fail(&mut session, id, &fault.why, again, at).await?;
                unreachable = fault.unreachable;
            }
        }
        session.commit().await?;
        // Nor would the others get there now.
        if unreachable {
            break;
        }
    }
    Ok(tried)
}

/// The mail as it is to be sent now; none where nobody wants it any longer.
fn compose(store: &Store, row: &LetterRow, id: i64, post: &Post, at: Instant) -> Option<Letter> {
    let purpose = Purpose::parse(&row.purpose)?;
    let language = row.language.as_deref().or(row.account_language.as_deref());
    let t = Text(language.and_then(Lang::parse).unwrap_or_default());
    let code = row.code.as_deref().and_then(ReceiptCode::parse);
    let off = row
        .notice_id
        .zip(code.as_ref())
        .map(|(notice, code)| post.link(&notice_link(code, &notice_token(&store.secret, notice)), t));
    let (to, words) = match purpose {
        Purpose::Confirm => {
            let wanted = row.state.as_deref() == Some("asked");
            (row.email.clone().filter(|_| wanted)?, letter::confirm(post, off.as_deref()?, t))
        }
        Purpose::Tell(event) => {
            let wanted = row.state.as_deref() == Some("confirmed");
            let code = code?.to_string();
            let link = post.link(&format!("/theo-doi/{code}"), t);
            let title = row.title.as_deref().unwrap_or_default();
            let told = Told { event, detail: &row.detail, title, code: &code, link: &link, off: off.as_deref()? };
            (row.email.clone().filter(|_| wanted)?, letter::tell(post, told, t))
        }
        Purpose::ConfirmAccount => {
            let (account, since) = row.account_id.zip(row.account_since)?;
            let link = post.link(&format!("/quan-tri/toi?thu={}", account_token(&store.secret, account, since)), t);
            let wanted = row.account_confirmed_at.is_none();
            (row.account_email.clone().filter(|_| wanted)?, letter::confirm_account(post, &link, t))
        }
        Purpose::Remind => {
            let wanted = row.account_confirmed_at.is_some() && at.0 - row.created_at < REMINDER_TIME;
            let (waiting, since) = row.detail.split_once(' ')?;
            let (waiting, since) = (waiting.parse().ok()?, Instant(since.parse().ok()?));
            let hours = usize::try_from(row.hours?).ok().filter(|hours| *hours > 0)?;
            (row.account_email.clone().filter(|_| wanted)?, letter::remind(post, hours, waiting, since, t))
        }
        Purpose::RemindReports => {
            let wanted =
                row.account_confirmed_at.is_some() && row.reports == Some(true) && at.0 - row.created_at < REPORTS_TIME;
            let owed = Owed::parse(&row.detail)?;
            (row.account_email.clone().filter(|_| wanted)?, letter::remind_of_reports(post, &owed, t))
        }
    };
    let mark = store.secret.keyed_hash("mail", &[&id.to_string()]);
    let id = format!("{id}-{}", mark.get(..16).unwrap_or_default());
    Some(Letter { to, subject: words.subject, body: words.body, off, id })
}

/// Forgets mails of a week ago.
///
/// # Errors
/// When the database fails.
pub async fn forget_old(store: &Store) -> Result<u64, AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let forgotten = db::forget(&mut session, at.plus_ms(-KEPT_TIME), &Day::of(at.plus_ms(-DAY)).iso()).await?;
    session.commit().await?;
    Ok(forgotten)
}
