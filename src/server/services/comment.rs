//! Comments: taking them, showing them, deciding about them.

use std::collections::HashMap;

use crate::domain::comment::{
    Answered, Comment, CommentForm, CommentOrder, CommentPage, CommentsWanted, PAGE_SIZE, Standing,
};
use crate::domain::cursor::Cursor;
use crate::domain::error::{AppError, Field, FieldErrors, Problem};
use crate::domain::flood::{
    BITS, BITS_IN_FLOOD, PAGE_MOST, PAGE_WINDOW, SENDER_MOST, SENDER_MOST_PROVEN, SENDER_WINDOW,
};
use crate::domain::guard::mask;
use crate::domain::html::Html;
use crate::domain::lang::Lang;
use crate::domain::notice::Event;
use crate::domain::receipt::ReceiptCode;
use crate::domain::rule::skeleton;
use crate::domain::slug::Slug;
use crate::domain::text::{compose, count};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::comment::appeal;
use crate::server::db::comment::arrival::{ARRIVED_MOST, SENT_MOST, SentComment};
use crate::server::db::comment::{self as db, DiscussionRow, PageRow, ShownComment, StandingRow, WaitingRow};
use crate::server::db::desk::draft::find_own;
use crate::server::db::desk::{block, queue};
use crate::server::db::flood::{count_sent, is_flooded};
use crate::server::db::log::{self, Decision};
use crate::server::db::{Session, proof};
use crate::server::error::internal;
use crate::server::markdown::render_comment;
use crate::server::sender::Sender;
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::services::answer::pin_answers;
use crate::server::services::appeal::close_appeal;
use crate::server::services::comment_edit::clear_queue;
use crate::server::services::intake::{Arriving, JUST_NOW};
use crate::server::services::limit::SenderLimit;
use crate::server::services::mode::{find_standing, is_closed};
use crate::server::services::moderation::check_rejection;
use crate::server::services::notice;
use crate::server::services::proof::{Challenge, make_challenge, read_work};
use crate::server::state::Store;
use crate::server::thing::{Read, Thing};

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

/// Where a sending comes from.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The sender's address.
    pub sender: Sender,
    /// The limit by sender, if there is one.
    pub limit: Option<&'a SenderLimit>,
    /// The language of the page.
    pub language: Lang,
    /// The random name of the browser, and whether it had that before.
    pub browser: Option<(&'a str, bool)>,
}

impl Origin<'_> {
    /// Takes one sending from what the address may send.
    ///
    /// # Errors
    /// `TooMany`.
    pub fn take_turn(&self) -> Result<(), AppError> {
        self.limit.map_or(Ok(()), |limit| limit.take(self.sender))
    }
}

/// A comment that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The code of its receipt.
    pub receipt: ReceiptCode,
    /// Whether whoever sent this is known to have sent it the first time, too. Without a key of the browser's, others at
    /// the same address can send the same words once more: they are led to the receipt, and change nothing.
    pub own: bool,
}

/// Takes a comment on an announcement. Permitted to everybody.
///
/// # Errors
/// `Invalid` with each field's problem, or where no comments are taken, `TooMany`, `NotFound` or `Gone` for the announcement.
pub async fn send_comment(store: &Store, slug: &str, form: &CommentForm, origin: Origin<'_>) -> Result<Sent, AppError> {
    origin.take_turn()?;
    let form = CommentForm {
        name: compose(&form.name),
        email: compose(&form.email),
        text: compose(&form.text),
        website: form.website.clone(),
        key: form.key.clone(),
        proof: form.proof.clone(),
        reply_to: form.reply_to.clone(),
    };
    let new = form.check(count)?;
    if store.mail.is_offered()
        && let Some(email) = &new.email
    {
        notice::check_address(email)?;
    }
    let email = new.email.clone();
    let slug = Slug::parse(slug).ok_or(AppError::NotFound)?;
    let (reply_to_id, thread_id) = find_answered(store, &form.reply_to, &slug).await?.unzip();
    let at = now();
    let address = origin.sender.0.to_string();
    let has_key = (16..=64).contains(&form.key.len());
    let (key_hash, remembered) = if has_key {
        (store.secret.keyed_hash("sending by key", &[slug.as_str(), &form.key, &new.name, &new.text]), KEY_TIME)
    } else {
        let parts = [slug.as_str(), &address, &new.name, &new.text, &form.reply_to];
        (store.secret.keyed_hash("sending by sender", &parts), REPEAT_TIME)
    };
    let code = make_code()?;
    let html = render_comment(&mask(&new.text));
    let text_key = Some(skeleton(&new.text)).filter(|letters| !letters.is_empty());
    let text_key = text_key.map(|letters| store.secret.keyed_hash("same text", &[&letters]));
    // A field that people can't see was filled in: a program gets a receipt and nothing else.
    if !form.website.trim().is_empty() {
        return Ok(Sent { receipt: code, own: false });
    }

    let work =
        BITS_ASKED.into_iter().find_map(|bits| read_work(&store.secret, &purpose(&slug, bits), bits, &form.proof, at));
    let sender_hashes = origin.sender.hashes(&store.secret, at);
    let comment = SentComment {
        code: code.as_stored().to_owned(),
        thread_id,
        reply_to_id,
        key_hash,
        remembered_until: at.plus_ms(remembered).0,
        author_name: mask(&new.name),
        email: new.email,
        text: new.text,
        html: html.as_str().to_owned(),
        language: origin.language.code(),
        sender_hash: sender_hashes.first().cloned(),
        sender_hash_expires_at: Some(at.plus_ms(SENDER_TIME).0),
        author_key: origin.browser.map(|(name, _)| store.secret.keyed_hash("author", &[name])),
        text_key,
        sender_hashes,
        counted: origin.limit.is_some(),
        proof_hash: work.as_ref().map(|work| work.hash.clone()),
        proof_expires_at: work.map(|work| work.expires_at),
        created_at: at.0,
    };
    let tried = store.rules.try_words(&store.db, &comment.author_name, &comment.text).await?;
    let is_returning = origin.browser.is_some_and(|(_, had)| had);
    let receipt = store.intake.take(Arriving { slug, sent: comment, is_returning, tried }).await?;
    let own = has_key || receipt == code;
    if let Some(email) = email.filter(|_| own && store.mail.is_offered()) {
        notice::ask_with_comment(store, &receipt, &email, origin.language).await?;
    }
    Ok(Sent { own, receipt })
}

/// How hard the work is that browsers are asked for.
const BITS_ASKED: [u32; 2] = [BITS, BITS_IN_FLOOD];

/// What the work before a comment is for: it can't be shown on another page, nor where more of it is asked for.
fn purpose(slug: &Slug, bits: u32) -> String {
    format!("comment {slug} {bits}")
}

/// Work for a browser in which somebody begins to type: more where there is a flood. A comment that comes without is taken
/// all the same and waits for a moderator. Permitted to everybody.
///
/// # Errors
/// `NotFound` for what can't be an address.
pub async fn challenge_sender(store: &Store, slug: &str, sender: Sender) -> Result<Challenge, AppError> {
    let slug = Slug::parse(slug).ok_or(AppError::NotFound)?;
    let at = now();
    let hash = sender.hash(&store.secret, at);
    let mut session = store.db.read().await?;
    let flooded = is_flooded(&mut session, slug.as_str(), at.plus_ms(-PAGE_WINDOW)).await?
        || count_sent(&mut session, &hash, at.plus_ms(-SENDER_WINDOW)).await? > SENDER_MOST;
    let bits = if flooded { BITS_IN_FLOOD } else { BITS };
    make_challenge(&store.secret, &purpose(&slug, bits), bits, at)
}

/// A comment that readers see, with the page that it stands on.
///
/// # Errors
/// `NotFound`.
pub async fn find_published(session: &mut Session, id: i64) -> Result<(ShownComment, PageRow), AppError> {
    let row = db::find_shown(session, id).await?.filter(|row| row.state == "published");
    let (row, page) = row.zip(db::find_page(session, id).await?).ok_or(AppError::NotFound)?;
    if is_closed(session, page.announcement_id).await? { Err(AppError::NotFound) } else { Ok((row, page)) }
}

/// The comment that another one answers, and the first comment of its thread.
async fn find_answered(store: &Store, typed: &str, slug: &Slug) -> Result<Option<(i64, i64)>, AppError> {
    if typed.is_empty() {
        return Ok(None);
    }
    let mut session = store.db.read().await?;
    let id = typed.parse().unwrap_or_default();
    match find_published(&mut session, id).await {
        Ok((row, page)) if page.path.ends_with(&format!("/{slug}")) => {
            Ok(Some((row.id, row.thread_id.unwrap_or(row.id))))
        }
        // It was taken away meanwhile: whoever wrote the answer decides whether it can stand alone.
        Ok(_) | Err(AppError::NotFound) => Err(AppError::Invalid(FieldErrors(vec![(Field::ReplyTo, Problem::Over)]))),
        Err(error) => Err(error),
    }
}

/// Under which name the draft of an answer is kept on a device.
pub fn draft_of(path: &str, reply_to: i64) -> String {
    format!("{path}?tra-loi={reply_to}")
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

/// Why a comment is not shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rejection {
    /// The code of one of the published reasons; empty for words of one's own.
    pub code: String,
    /// What is added, or those words.
    pub note: String,
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
    let rejection = match verdict {
        Verdict::Approve => None,
        Verdict::Reject { reason } => Some(Rejection { note: reason.clone(), ..Rejection::default() }),
    };
    if settle(session, actor, row.id, rejection.as_ref(), at).await? { Ok(()) } else { Err(AppError::Conflict) }
}

/// Shows a comment, or takes it away for a reason, and gives whether that changed anything. Nothing of it waits any
/// longer. Whoever calls has checked the permission and holds the discussion.
///
/// # Errors
/// `NotFound`, `Invalid` for a rejection without a reason.
pub async fn settle(
    session: &mut Session,
    actor: &Actor,
    id: i64,
    rejection: Option<&Rejection>,
    at: Instant,
) -> Result<bool, AppError> {
    let row = db::find_standing(session, id).await?.ok_or(AppError::NotFound)?;
    // What its sender has taken back is nobody's to show or to reject.
    if matches!(row.state.as_str(), "withdrawn" | "erased") {
        return Ok(false);
    }
    let (state, action) = if rejection.is_some() { ("rejected", "reject") } else { ("published", "approve") };
    let (reason_id, reason) = match rejection {
        Some(rejection) => check_rejection(session, rejection).await?,
        None => (None, None),
    };
    let actor_id = actor.find_or_add(session, at).await?;
    if rejection.is_some() {
        clear_queue(session, id, actor_id, at).await?;
    } else {
        // What was reported or changed and waits is decided for itself.
        queue::close(session, "comment", id, actor_id, at).await?;
        queue::close(session, "report", id, actor_id, at).await?;
        queue::decide_reports(session, id, at).await?;
        close_appeal(session, id, "granted", actor_id, at).await?;
    }
    if !db::decide(session, id, state, reason_id, reason.as_deref(), at).await? {
        return Ok(false);
    }
    follow(session, &row, state).await?;
    let decision = Decision { subject_kind: "comment", subject_id: id, action, reason: reason.as_deref(), reason_id };
    log::add_decision(session, actor_id, at, decision).await?;
    let event = match (state, row.state.as_str()) {
        ("published", _) => Event::Published,
        (_, "published") => Event::TakenDown,
        _ => Event::Rejected,
    };
    notice::tell(session, id, event, at).await?;
    Ok(true)
}

/// Puts a comment back to where it was before a decision, which the log keeps.
///
/// # Errors
/// `NotFound`, or `Conflict` where its sender has taken it back since.
pub async fn put_back(session: &mut Session, actor: &Actor, id: i64, state: &str, at: Instant) -> Result<(), AppError> {
    let row = db::find_standing(session, id).await?.ok_or(AppError::NotFound)?;
    if matches!(row.state.as_str(), "withdrawn" | "erased") {
        return Err(AppError::Conflict);
    }
    appeal::forget_waiting(session, id).await?;
    db::decide(session, id, state, None, None, at).await?;
    follow(session, &row, state).await?;
    let actor_id = actor.find_or_add(session, at).await?;
    let undone = Decision { subject_kind: "comment", subject_id: id, action: "undo", reason: None, reason_id: None };
    Ok(log::add_decision(session, actor_id, at, undone).await?)
}

/// What follows from a comment being shown, or no longer: counts, its thread, the pages.
///
/// # Errors
/// When the database fails.
pub async fn follow(session: &mut Session, was: &StandingRow, state: &str) -> Result<(), AppError> {
    let shift = i64::from(state == "published") - i64::from(was.state == "published");
    if shift != 0 {
        db::shift_published_count(session, was.discussion_id, shift).await?;
        if let Some(thread) = was.thread_id {
            db::shift_replies(session, thread, shift).await?;
        }
        session.note_change(Thing::Comments(was.announcement_id));
        session.note_change(Thing::RecentComments);
    }
    Ok(())
}

/// Comments that wait for a decision of their own, the oldest first, at most this many.
///
/// # Errors
/// `Forbidden`.
pub async fn list_waiting(store: &Store, actor: &Actor, most: i64) -> Result<Vec<WaitingRow>, AppError> {
    actor.require(Permission::ModerateComments)?;
    let mut session = store.db.read().await?;
    // Whoever moderates for a unit finds what is theirs among all that waits.
    let everywhere = actor.may(Permission::ModerateComments, Scope::Everywhere);
    let mut rows = db::list_waiting(&mut session, if everywhere { most } else { QUEUE_MOST }).await?;
    rows.retain(|row| actor.may(Permission::ModerateComments, Scope::of(row.unit_id)));
    rows.truncate(usize::try_from(most).unwrap_or_default());
    Ok(rows)
}

/// What of the discussion of an announcement is asked for: some comments that begin threads, each with its first answers.
/// Of a closed one there is nothing.
///
/// # Errors
/// When the database fails.
pub async fn read_comments(
    session: &mut Session,
    announcement_id: i64,
    discussion: DiscussionRow,
    wanted: CommentsWanted,
) -> Result<Read<CommentPage>, AppError> {
    let (standing, things) = find_standing(session, announcement_id).await?;
    let value = if standing == Standing::Closed {
        CommentPage { standing, ..CommentPage::default() }
    } else {
        CommentPage { standing, about: announcement_id, ..list_comments(session, discussion, wanted).await? }
    };
    Ok(Read { value, things })
}

async fn list_comments(
    session: &mut Session,
    discussion: DiscussionRow,
    wanted: CommentsWanted,
) -> Result<CommentPage, AppError> {
    let mut rows = match wanted.order {
        CommentOrder::Newest => {
            let from = wanted.after.unwrap_or(Cursor { at: Instant(i64::MAX), id: i64::MAX });
            db::list_newest_first(session, discussion.id, from).await?
        }
        CommentOrder::Oldest => {
            let from = wanted.after.unwrap_or(Cursor { at: Instant(i64::MIN), id: i64::MIN });
            db::list_oldest_first(session, discussion.id, from).await?
        }
        CommentOrder::Agreed => {
            let from = wanted.after.unwrap_or(Cursor { at: Instant(i64::MAX), id: i64::MAX });
            db::list_most_agreed_first(session, discussion.id, from).await?
        }
    };
    let more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    let place = |row: &ShownComment| match wanted.order {
        CommentOrder::Agreed => Cursor { at: Instant(row.agreed), id: row.id },
        _ => Cursor { at: Instant(row.created_at), id: row.id },
    };
    let next = rows.last().filter(|_| more).map(place);
    let threads: Vec<i64> = rows.iter().filter(|row| row.replies > 0).map(|row| row.id).collect();
    let mut followed = followed_of(&rows);
    let mut answers: HashMap<i64, Vec<Comment>> = HashMap::new();
    if !threads.is_empty() {
        let rows = db::list_previewed(session, &threads).await?;
        followed.extend(followed_of(&rows));
        for row in rows {
            answers.entry(row.thread_id.unwrap_or_default()).or_default().push(shown(row));
        }
    }
    let mut items: Vec<Comment> = rows.into_iter().map(shown).collect();
    pin_answers(session, &followed, items.iter_mut().chain(answers.values_mut().flatten()).collect()).await?;
    for item in &mut items {
        item.first_replies = answers.remove(&item.id).unwrap_or_default();
    }
    Ok(CommentPage {
        about: 0,
        count: u32::try_from(discussion.published_count).unwrap_or_default(),
        order: wanted.order,
        first: wanted.after.is_none(),
        items,
        next,
        replying: replying(session, discussion, wanted.reply_to).await?,
        standing: Standing::default(),
    })
}

/// The comment that the form answers, if it stands in this discussion.
async fn replying(
    session: &mut Session,
    discussion: DiscussionRow,
    id: Option<i64>,
) -> Result<Option<Answered>, AppError> {
    let Some(id) = id else { return Ok(None) };
    match find_published(session, id).await {
        Ok((row, page)) if page.discussion_id == discussion.id => Ok(Some(Answered { id, author: row.author_name })),
        Ok(_) | Err(AppError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Of which comments units have something to say.
fn followed_of(rows: &[ShownComment]) -> Vec<i64> {
    rows.iter().filter(|row| row.followed).map(|row| row.id).collect()
}

/// A comment as readers see it; of one that is gone nothing but its place.
fn shown(row: ShownComment) -> Comment {
    let gone = row.state != "published";
    Comment {
        id: row.id,
        author: if gone { String::new() } else { row.author_name },
        html: Html::from_clean(if gone { String::new() } else { row.html }),
        language: Lang::parse(&row.language).unwrap_or_default(),
        sent: Instant(row.created_at),
        gone,
        edited: row.edited_at.map(Instant),
        agreed: u32::try_from(row.agreed).unwrap_or_default(),
        answers: row.reply_to_id.zip(row.reply_to_name).map(|(id, author)| Answered { id, author }),
        replies: u32::try_from(row.replies).unwrap_or_default(),
        first_replies: Vec::new(),
        passed: None,
        official: Vec::new(),
    }
}

/// A comment with its whole thread, on a page of its own.
#[derive(Clone, Debug)]
pub struct Thread {
    /// The path of the page that it stands on.
    pub path: String,
    /// That page's title.
    pub title: String,
    /// The comment that was asked for, by its number.
    pub id: i64,
    /// The first comment.
    pub first: Comment,
    /// Some answers, the oldest first, the one that was asked for among them.
    pub replies: Vec<Comment>,
    /// Where the next ones begin, if there are any.
    pub next: Option<Cursor>,
    /// Whether answers stand before these.
    pub later: bool,
    /// Whether answers are taken.
    pub open: bool,
}

/// A comment with its thread. Permitted to everybody.
///
/// # Errors
/// `NotFound` where it has no place on a public page.
pub async fn read_thread(store: &Store, id: i64, after: Option<Cursor>) -> Result<Read<Thread>, AppError> {
    let mut session = store.db.read().await?;
    let row = db::find_shown(&mut session, id).await?.ok_or(AppError::NotFound)?;
    let page = db::find_page(&mut session, id).await?.ok_or(AppError::NotFound)?;
    let (standing, mut things) = find_standing(&mut session, page.announcement_id).await?;
    if standing == Standing::Closed {
        return Err(AppError::NotFound);
    }
    things.extend([Thing::Comments(page.announcement_id), Thing::Announcement(page.announcement_id)]);
    // The page of an answer begins with it, so that it is found however long the thread is.
    let own = row.thread_id.map(|_| Cursor { at: Instant(row.created_at), id: row.id - 1 });
    let first = match row.thread_id {
        Some(thread) => db::find_shown(&mut session, thread).await?.ok_or(AppError::NotFound)?,
        None => row,
    };
    let after = after.or(own);
    let from = after.unwrap_or(Cursor { at: Instant(i64::MIN), id: i64::MIN });
    let mut replies = db::list_thread(&mut session, first.id, from).await?;
    let more = replies.len() > PAGE_SIZE;
    replies.truncate(PAGE_SIZE);
    let next = replies.last().filter(|_| more).map(|row| Cursor { at: Instant(row.created_at), id: row.id });
    let mut followed = followed_of(&replies);
    followed.extend(first.followed.then_some(first.id));
    let (mut first, mut replies) = (shown(first), replies.into_iter().map(shown).collect::<Vec<_>>());
    pin_answers(&mut session, &followed, std::iter::once(&mut first).chain(&mut replies).collect()).await?;
    let (later, open) = (after.is_some(), standing.is_open());
    let value = Thread { path: page.path, title: page.title, id, first, replies, next, later, open };
    Ok(Read { value, things })
}

/// Takes away personal data whose time is over.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(store: &Store) -> Result<u64, AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let forgotten = db::forget_expired(&mut session, at, at.plus_ms(-EMAIL_TIME)).await?
        + proof::forget_expired(&mut session, at).await?
        + block::forget_expired(&mut session, at).await?;
    session.commit().await?;
    Ok(forgotten)
}

/// What a page needs of a discussion at once is what the statements give.
const _: () = assert!(db::PAGE_MOST == PAGE_SIZE + 1);
/// So is how far arrivals are counted.
const _: () = assert!(ARRIVED_MOST > PAGE_MOST + JUST_NOW && SENT_MOST > SENDER_MOST_PROVEN + JUST_NOW);
