//! Comments: taking them, showing them, deciding about them.

use crate::domain::comment::{
    Comment, CommentForm, CommentOrder, CommentPage, CommentState, PAGE_SIZE, Tracking, check_reason,
};
use crate::domain::cursor::Cursor;
use crate::domain::error::AppError;
use crate::domain::guard::mask;
use crate::domain::html::Html;
use crate::domain::lang::Lang;
use crate::domain::receipt::ReceiptCode;
use crate::domain::slug::Slug;
use crate::domain::text::{compose, count};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::Session;
use crate::server::db::comment::arrival::{self, SentComment};
use crate::server::db::comment::{self as db, DiscussionRow, QueueRow};
use crate::server::db::desk::draft::find_own;
use crate::server::db::log::{self, Decision};
use crate::server::error::internal;
use crate::server::markdown::render_comment;
use crate::server::sender::Sender;
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::services::example::track_example;
use crate::server::services::limit::SenderLimit;
use crate::server::state::Store;
use crate::server::thing::Thing;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// Without a key of the browser's, the same name, text and sender within this time is the same comment.
const REPEAT_TIME: i64 = 10 * MINUTE;
/// A key of the browser's is remembered for as long as a phone may be without a connection.
const KEY_TIME: i64 = 7 * DAY;
/// Address hashes go after this time.
const SENDER_TIME: i64 = 30 * DAY;
/// E-mail addresses go this long after the decision.
const EMAIL_TIME: i64 = 90 * DAY;
/// So many waiting comments are looked through for those of a unit.
const QUEUE_MOST: i64 = 2000;
/// Above this many comments on one announcement within an hour, further ones are set aside.
pub const FLOOD_PER_HOUR: i64 = arrival::ARRIVED_MOST;

/// Where a sending comes from.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The sender's address.
    pub sender: Sender,
    /// The limit by sender, if there is one.
    pub limit: Option<&'a SenderLimit>,
    /// The language of the page.
    pub language: Lang,
}

/// Takes a comment on an announcement. Permitted to everybody.
///
/// # Errors
/// `Invalid` with each field's problem, `TooMany`, `NotFound` or `Gone` for the announcement.
pub async fn send_comment(
    store: &Store,
    slug: &str,
    form: &CommentForm,
    origin: Origin<'_>,
) -> Result<ReceiptCode, AppError> {
    if let Some(limit) = origin.limit {
        limit.take(origin.sender)?;
    }
    let form = CommentForm {
        name: compose(&form.name),
        email: compose(&form.email),
        text: compose(&form.text),
        website: form.website.clone(),
        key: form.key.clone(),
    };
    let new = form.check(count)?;
    let at = now();
    let address = origin.sender.0.to_string();
    let (key_hash, remembered) = if form.key.len() >= 16 && form.key.len() <= 64 {
        (store.secret.keyed_hash("sending by key", &[slug, &form.key, &new.name, &new.text]), KEY_TIME)
    } else {
        (store.secret.keyed_hash("sending by sender", &[slug, &address, &new.name, &new.text]), REPEAT_TIME)
    };
    let code = make_code()?;
    let html = render_comment(&mask(&new.text));
    // A field that people can't see was filled in: a program gets a receipt and nothing else.
    if !form.website.trim().is_empty() {
        return Ok(code);
    }

    let comment = SentComment {
        code: code.as_stored().to_owned(),
        key_hash,
        remembered_until: at.plus_ms(remembered).0,
        author_name: mask(&new.name),
        email: new.email,
        text: new.text,
        html: html.as_str().to_owned(),
        language: origin.language.code(),
        sender_hash: Some(store.secret.keyed_hash("sender", &[&address])),
        sender_hash_expires_at: Some(at.plus_ms(SENDER_TIME).0),
        created_at: at.0,
    };
    let slug = Slug::parse(slug).ok_or(AppError::NotFound)?;
    store.intake.take(slug, comment).await
}

/// A new receipt code.
///
/// # Errors
/// When the system gives no random bytes.
pub fn make_code() -> Result<ReceiptCode, AppError> {
    let mut bytes = [0_u8; 12];
    getrandom::fill(&mut bytes).map_err(internal)?;
    Ok(ReceiptCode::from_random(bytes))
}

/// What has become of a comment, or of an example. Permitted to whoever has the code.
///
/// # Errors
/// `NotFound` where nothing has it.
pub async fn track_comment(store: &Store, code: &str) -> Result<Tracking, AppError> {
    let code = ReceiptCode::parse(code).ok_or(AppError::NotFound)?;
    let mut session = store.db.read().await?;
    let Some(row) = db::find_by_receipt(&mut session, code.as_stored()).await? else {
        return track_example(&mut session, code).await;
    };
    let at = Instant(row.decided_at.unwrap_or(row.created_at));
    let state = match row.state.as_str() {
        "published" => CommentState::Published { at },
        "rejected" => CommentState::Rejected { at, reason: row.reason.unwrap_or_default() },
        _ => CommentState::Waiting,
    };
    let comment = matches!(state, CommentState::Published { .. }).then_some(row.id);
    Ok(Tracking { code, received: Instant(row.created_at), state, path: row.path, title: row.title, comment })
}

/// What is decided about a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is shown.
    Approve,
    /// It is not, for a reason that its sender reads.
    Reject {
        /// The reason.
        reason: String,
    },
}

/// Decides about a comment by its receipt code.
///
/// # Errors
/// `Forbidden`, `NotFound`, `Invalid` for a rejection without a reason, or `Conflict` where it is in that state already.
pub async fn decide_comment(store: &Store, actor: &Actor, code: &str, verdict: &Verdict) -> Result<(), AppError> {
    actor.require(Permission::ModerateComments)?;
    let code = ReceiptCode::parse(code).ok_or(AppError::NotFound)?;
    let mut session = store.db.write().await?;
    decide_within(&mut session, actor, &code, verdict, now()).await?;
    session.commit().await?;
    Ok(())
}

/// The same within a transaction and at a given moment.
///
/// # Errors
/// As [`decide_comment`].
pub async fn decide_within(
    session: &mut Session,
    actor: &Actor,
    code: &ReceiptCode,
    verdict: &Verdict,
    at: Instant,
) -> Result<(), AppError> {
    let row = db::find_by_receipt(session, code.as_stored()).await?.ok_or(AppError::NotFound)?;
    let about = find_own(session, row.announcement_id).await?.ok_or(AppError::NotFound)?;
    actor.require_in(Permission::ModerateComments, Scope::of(about.unit_id))?;
    db::hold_discussion(session, row.discussion_id).await?;
    // Somebody else may have decided about it a moment ago.
    let row = db::find_by_receipt(session, code.as_stored()).await?.ok_or(AppError::NotFound)?;
    let (state, action, reason) = match verdict {
        Verdict::Approve => ("published", "approve", None),
        Verdict::Reject { reason } => ("rejected", "reject", Some(check_reason(&compose(reason), count)?)),
    };
    if !db::decide(session, row.id, state, reason.as_deref(), at).await? {
        return Err(AppError::Conflict);
    }
    let shift = i64::from(state == "published") - i64::from(row.state == "published");
    if shift != 0 {
        db::shift_published_count(session, row.discussion_id, shift).await?;
        session.note_change(Thing::Comments(row.announcement_id));
        session.note_change(Thing::RecentComments);
    }
    let actor_id = actor.find_or_add(session, at).await?;
    log::add_decision(
        session,
        actor_id,
        at,
        Decision { subject_kind: "comment", subject_id: row.id, action, reason: reason.as_deref() },
    )
    .await?;
    Ok(())
}

/// Comments that wait, the oldest first, at most this many.
///
/// # Errors
/// `Forbidden`.
pub async fn list_waiting(store: &Store, actor: &Actor, most: i64) -> Result<Vec<QueueRow>, AppError> {
    actor.require(Permission::ModerateComments)?;
    let mut session = store.db.read().await?;
    // Whoever moderates for a unit finds what is theirs among all that waits.
    let everywhere = actor.may(Permission::ModerateComments, Scope::Everywhere);
    let mut rows = db::list_waiting(&mut session, if everywhere { most } else { QUEUE_MOST }).await?;
    rows.retain(|row| actor.may(Permission::ModerateComments, Scope::of(row.unit_id)));
    rows.truncate(usize::try_from(most).unwrap_or_default());
    Ok(rows)
}

/// Some published comments of a discussion.
///
/// # Errors
/// When the database fails.
pub async fn read_comments(
    session: &mut Session,
    discussion: DiscussionRow,
    order: CommentOrder,
    after: Option<Cursor>,
) -> Result<CommentPage, AppError> {
    let mut rows = match order {
        CommentOrder::Newest => {
            let from = after.unwrap_or(Cursor { at: Instant(i64::MAX), id: i64::MAX });
            db::list_newest_first(session, discussion.id, from).await?
        }
        CommentOrder::Oldest => {
            let from = after.unwrap_or(Cursor { at: Instant(i64::MIN), id: i64::MIN });
            db::list_oldest_first(session, discussion.id, from).await?
        }
    };
    let more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    let next = rows.last().filter(|_| more).map(|row| Cursor { at: Instant(row.created_at), id: row.id });
    let items = rows
        .into_iter()
        .map(|row| Comment {
            id: row.id,
            author: row.author_name,
            html: Html::from_clean(row.html),
            language: Lang::parse(&row.language).unwrap_or_default(),
            sent: Instant(row.created_at),
        })
        .collect();
    Ok(CommentPage {
        count: u32::try_from(discussion.published_count).unwrap_or_default(),
        order,
        first: after.is_none(),
        items,
        next,
    })
}

/// Takes away personal data whose time is over.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(store: &Store) -> Result<u64, AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let forgotten = db::forget_expired(&mut session, at, at.plus_ms(-EMAIL_TIME)).await?;
    session.commit().await?;
    Ok(forgotten)
}

/// What a page needs of a discussion at once is what the statements give.
const _: () = assert!(db::PAGE_MOST == PAGE_SIZE + 1);
