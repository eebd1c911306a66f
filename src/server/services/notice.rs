//! Notices by e-mail for whoever sent a comment: asked for by the sender, confirmed by whoever has the address, told of
//! what becomes of the comment, ended by one click. Nothing is told before it is confirmed.

use crate::domain::comment::is_email;
use crate::domain::error::{AppError, Field, FieldErrors, Problem};
use crate::domain::lang::Lang;
use crate::domain::notice::{Event, Purpose, mask_address};
use crate::domain::receipt::ReceiptCode;
use crate::domain::text::{clean_line, compose};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::comment::{find_by_receipt, hold_discussion};
use crate::server::db::mail::{self, Recipient};
use crate::server::db::notice::{self as db, NoticeRow};
use crate::server::db::{DbResult, Session};
use crate::server::mail::is_address;
use crate::server::secret::Secret;
use crate::server::services::comment::Origin;
use crate::server::services::comment_edit::check_own;
use crate::server::services::mail::may_ask;
use crate::server::state::Store;

const DAY: i64 = 24 * 60 * 60_000;
/// What is not confirmed ends after this time.
pub const ASKED_TIME: i64 = 7 * DAY;
/// What was confirmed ends this long after the last decision or mail, and what ended is forgotten.
const TOLD_TIME: i64 = 90 * DAY;
/// A decision can be taken back for a minute: it is told a little later.
const UNDO_PAUSE: i64 = 70_000;

/// The secret part of the links in a notice's mails. It is made of the installation's secret and the notice's number.
pub fn notice_token(secret: &Secret, id: i64) -> String {
    let hash = secret.keyed_hash("notice", &[&id.to_string()]);
    format!("{id}-{}", hash.get(..32).unwrap_or_default())
}

/// The path of the page on which a notice is confirmed and ended.
pub fn notice_link(code: &ReceiptCode, token: &str) -> String {
    format!("/theo-doi/{code}/thu?ma={token}")
}

/// Reads an address as it was typed.
///
/// # Errors
/// `Invalid` for what no mail can be sent to.
pub fn check_address(typed: &str) -> Result<String, AppError> {
    let address = clean_line(&compose(typed));
    if is_email(&address) && is_address(&address) {
        return Ok(address);
    }
    Err(AppError::Invalid(FieldErrors(vec![(Field::Email, Problem::NoEmail)])))
}

/// A notice as its page and the tracking page show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// `asked`, `confirmed` or `ended`.
    pub state: String,
    /// Its address, of which the first signs are shown only; empty once it has ended.
    pub address: String,
}

impl From<NoticeRow> for Notice {
    fn from(row: NoticeRow) -> Self {
        Self { state: row.state, address: row.email.as_deref().map(mask_address).unwrap_or_default() }
    }
}

/// The notice of a receipt, if there is one. Permitted to whoever has the code.
///
/// # Errors
/// When the database fails.
pub async fn read_notice(store: &Store, code: &ReceiptCode) -> Result<Option<Notice>, AppError> {
    Ok(db::find_open(&mut store.db.read().await?, code.as_stored()).await?.map(Notice::from))
}

/// Asks the address that was given with a new comment, once.
///
/// # Errors
/// When the database fails.
pub async fn ask_with_comment(store: &Store, code: &ReceiptCode, email: &str, language: Lang) -> Result<(), AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let Some(row) = db::find_followed(&mut session, code.as_stored()).await? else { return Ok(()) };
    hold_discussion(&mut session, row.discussion_id).await?;
    let Some(row) = db::find_followed(&mut session, code.as_stored()).await? else { return Ok(()) };
    // The same sending again, or somebody else's words sent once more with another address.
    if row.last_notice.is_some()
        || row.email.as_deref() != Some(email)
        || !may_ask(store, &mut session, email, at).await?
    {
        return Ok(());
    }
    add(&mut session, row.receipt_id, email, language, at).await?;
    session.commit().await?;
    store.mail.ring();
    Ok(())
}

async fn add(session: &mut Session, receipt_id: i64, email: &str, language: Lang, at: Instant) -> DbResult<()> {
    let id = db::add(session, receipt_id, email, language.code(), at).await?;
    mail::add(session, Purpose::Confirm, Recipient::Notice(id), "", at, at).await
}

/// Asks an address that is given later, or once more, by the second code.
///
/// # Errors
/// `NotFound`, `Invalid` for a wrong code or no address, or where the address was asked too often today, `TooMany`.
pub async fn ask_later(
    store: &Store,
    code: &str,
    typed: &str,
    email: &str,
    origin: Origin<'_>,
) -> Result<(), AppError> {
    if !store.mail.is_offered() {
        return Err(AppError::NotFound);
    }
    let code = check_own(store, code, typed, origin)?;
    let at = now();
    let mut session = store.db.write().await?;
    let row = db::find_followed(&mut session, code.as_stored()).await?.ok_or(AppError::NotFound)?;
    let email = check_address(email)?;
    hold_discussion(&mut session, row.discussion_id).await?;
    let row = db::find_followed(&mut session, code.as_stored()).await?.ok_or(AppError::NotFound)?;
    if !matches!(row.state.as_str(), "waiting" | "published" | "rejected") {
        return Err(AppError::Invalid(FieldErrors(vec![(Field::Text, Problem::Over)])));
    }
    let open = db::find_open(&mut session, code.as_stored()).await?;
    let same = open.as_ref().filter(|open| open.email.as_deref() == Some(email.as_str()));
    if same.is_some_and(|open| open.state == "confirmed") {
        return Ok(());
    }
    if !may_ask(store, &mut session, &email, at).await? {
        return Err(AppError::Invalid(FieldErrors(vec![(Field::Email, Problem::Over)])));
    }
    if let Some(same) = same {
        mail::drop_unsent(&mut session, same.id).await?;
        db::touch(&mut session, same.id, at).await?;
        mail::add(&mut session, Purpose::Confirm, Recipient::Notice(same.id), "", at, at).await?;
    } else {
        if let Some(open) = &open {
            end(&mut session, open.id, at).await?;
        }
        add(&mut session, row.receipt_id, &email, origin.language, at).await?;
    }
    session.commit().await?;
    store.mail.ring();
    Ok(())
}

/// Ends the notice of a receipt by the second code.
///
/// # Errors
/// `NotFound`, `Invalid` for a wrong code, `TooMany`.
pub async fn end_by_code(store: &Store, code: &str, typed: &str, origin: Origin<'_>) -> Result<(), AppError> {
    let code = check_own(store, code, typed, origin)?;
    let mut session = store.db.write().await?;
    db::find_followed(&mut session, code.as_stored()).await?.ok_or(AppError::NotFound)?;
    if let Some(open) = db::find_open(&mut session, code.as_stored()).await? {
        end(&mut session, open.id, now()).await?;
    }
    session.commit().await?;
    Ok(())
}

async fn end(session: &mut Session, id: i64, at: Instant) -> DbResult<()> {
    mail::drop_unsent(session, id).await?;
    db::end(session, id, at).await
}

/// What a link in a mail leads to.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The receipt code.
    pub code: ReceiptCode,
    /// The notice.
    pub notice: Notice,
    /// `waiting`, `published` …: where the comment stands now.
    pub state: String,
    /// Since when.
    pub at: Instant,
    /// Why it is not shown.
    pub reason: String,
}

/// The notice that a link is for. The token is compared by hashes, so that time tells nothing.
async fn find_linked(store: &Store, session: &mut Session, code: &str, token: &str) -> Result<NoticeRow, AppError> {
    let code = ReceiptCode::parse(code).ok_or(AppError::NotFound)?;
    let id: i64 = token.split('-').next().and_then(|id| id.parse().ok()).unwrap_or_default();
    let hash = |text: &str| store.secret.keyed_hash("compared", &[text]);
    let right = hash(&notice_token(&store.secret, id)) == hash(token);
    let row = db::find(session, id).await?.filter(|row| right && row.code == code.as_stored());
    row.ok_or(AppError::NotFound)
}

/// What a link in a mail leads to; reading it changes nothing. Permitted to whoever has the link.
///
/// # Errors
/// `NotFound`.
pub async fn read_linked(store: &Store, code: &str, token: &str, language: Lang) -> Result<Linked, AppError> {
    let mut session = store.db.read().await?;
    let row = find_linked(store, &mut session, code, token).await?;
    let tracked = find_by_receipt(&mut session, &row.code).await?.ok_or(AppError::NotFound)?;
    Ok(Linked {
        code: ReceiptCode::parse(&row.code).ok_or(AppError::NotFound)?,
        notice: row.into(),
        reason: tracked.reason_in(language),
        at: Instant(tracked.decided_at.unwrap_or(tracked.created_at)),
        state: tracked.state,
    })
}

/// Confirms a notice, or ends it, by the link in its mail. Permitted to whoever has the link.
///
/// # Errors
/// `NotFound`.
pub async fn answer_link(store: &Store, code: &str, token: &str, confirm: bool) -> Result<(), AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let row = find_linked(store, &mut session, code, token).await?;
    if confirm {
        db::confirm(&mut session, row.id, at).await?;
    } else {
        end(&mut session, row.id, at).await?;
    }
    session.commit().await?;
    Ok(())
}

/// Writes a mail about a comment, if somebody has confirmed to be told: in the transaction in which it happens, at its
/// end, when the reason, the answer or the unit stands in the database. A decision is told a little later, since it can
/// be taken back; it takes the place of what it makes untrue and was not sent yet.
///
/// # Errors
/// When the database fails.
pub async fn tell(session: &mut Session, comment_id: i64, event: Event, at: Instant) -> Result<(), AppError> {
    let Some(row) = db::find_told(session, comment_id, event).await? else { return Ok(()) };
    for other in Event::ALL.into_iter().filter(|other| event.replaces(*other)) {
        mail::drop_event(session, row.id, other, Instant(0)).await?;
    }
    let detail = match event {
        Event::Rejected | Event::TakenDown | Event::EditRejected | Event::AppealRefused => row.reason(),
        Event::Answered => db::find_answering(session, comment_id).await?.unwrap_or_default(),
        Event::HandedOver => {
            let asked = db::find_asked(session, comment_id).await?;
            asked.map(|(unit, due)| format!("{due} {unit}")).unwrap_or_default()
        }
        Event::Published | Event::EditPublished | Event::AppealGranted => String::new(),
    };
    let due = if event.can_be_undone() { at.plus_ms(UNDO_PAUSE) } else { at };
    mail::add(session, Purpose::Tell(event), Recipient::Notice(row.id), &detail, at, due).await?;
    Ok(db::touch(session, row.id, at).await?)
}

/// Takes back what was to be told of a decision that was made at a moment and is taken back itself.
///
/// # Errors
/// When the database fails.
pub async fn untell(session: &mut Session, comment_id: i64, decided: Instant) -> Result<(), AppError> {
    let Some(id) = db::find_of_comment(session, comment_id).await? else { return Ok(()) };
    for event in Event::ALL.into_iter().filter(|event| event.can_be_undone()) {
        mail::drop_event(session, id, event, decided).await?;
    }
    Ok(())
}

/// Ends the notice of a comment that is gone: its sender has taken it back, or it was erased.
///
/// # Errors
/// When the database fails.
pub async fn end_of_comment(session: &mut Session, comment_id: i64, at: Instant) -> Result<(), AppError> {
    if let Some(id) = db::find_of_comment(session, comment_id).await? {
        end(session, id, at).await?;
    }
    Ok(())
}

/// Ends notices whose time is over, with their addresses, and forgets those that ended long ago.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(store: &Store) -> Result<u64, AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let expired = db::list_expired(&mut session, at.plus_ms(-ASKED_TIME), at.plus_ms(-TOLD_TIME)).await?;
    for id in &expired {
        end(&mut session, *id, at).await?;
    }
    let forgotten = db::forget(&mut session, at.plus_ms(-TOLD_TIME)).await?;
    session.commit().await?;
    Ok(forgotten + expired.len() as u64)
}
