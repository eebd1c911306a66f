//! The comments of the demonstration, what people answered each other, and what units answered them.

use serde::Deserialize;

use super::CONTENT;
use crate::domain::answer::DUE_DAYS;
use crate::domain::day::Day;
use crate::domain::error::AppError;
use crate::domain::guard::mask;
use crate::domain::lang::Lang;
use crate::domain::text::compose;
use crate::domain::time::Instant;
use crate::server::db::comment::arrival::{SentComment, WaitingComment, add_waiting};
use crate::server::db::comment::{answer, find_by_receipt, find_or_add_discussion};
use crate::server::db::desk::unit::find_unit;
use crate::server::db::log::{self, Decision};
use crate::server::db::{Session, announcement};
use crate::server::error::Failure;
use crate::server::markdown::render_comment;
use crate::server::services::actor::Actor;
use crate::server::services::comment::{Verdict, decide_within, make_code};
use crate::server::state::Store;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;
/// So long a comment of the demonstration waits.
const DECIDED_AFTER: i64 = 30 * MINUTE;

/// A comment as `demo/comments.json` has it.
#[derive(Clone, Deserialize)]
pub(super) struct DemoComment {
    announcement: String,
    author: String,
    text: String,
    minutes_after: i64,
    state: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    replies: Vec<DemoReply>,
    official: Option<DemoAnswer>,
    passed: Option<DemoHandover>,
}

/// What somebody answered it, so long after it.
#[derive(Clone, Deserialize)]
struct DemoReply {
    author: String,
    text: String,
    minutes_after: i64,
}

/// What a unit, by its slug, answered it.
#[derive(Clone, Deserialize)]
struct DemoAnswer {
    unit: String,
    text: String,
    days_after: i64,
}

/// The unit that it was passed to.
#[derive(Clone, Deserialize)]
struct DemoHandover {
    unit: String,
    days_after: i64,
    due_days: i64,
}

/// A comment that was added, with what it is to be told.
pub(super) struct Conversation {
    id: i64,
    slug: String,
    demo: DemoComment,
    at: Instant,
}

/// The comments of the demonstration.
///
/// # Errors
/// A sentence where the file can't be read.
pub(super) fn read_comments() -> Result<Vec<DemoComment>, Failure> {
    let comments = CONTENT.get_file("comments.json").map(include_dir::File::contents).unwrap_or_default();
    serde_json::from_slice(comments).map_err(|error| Failure::new(format!("demo/comments.json: {error}.")))
}

/// Adds the comments on a text that was published at a moment under a slug. They name it by the slug that its file asks
/// for.
///
/// # Errors
/// When the database fails.
pub(super) async fn add_comments(
    store: &Store,
    comments: &[DemoComment],
    asked: &str,
    slug: &str,
    published: Instant,
) -> Result<Vec<Conversation>, Failure> {
    let mut added = Vec::new();
    for demo in comments.iter().filter(|comment| comment.announcement == asked) {
        let at = published.plus_ms(demo.minutes_after * MINUTE);
        let mut session = store.db.write().await?;
        let sent = (demo.author.as_str(), demo.text.as_str(), None);
        let verdict = match demo.state.as_str() {
            "published" => Some(Verdict::Approve),
            "rejected" => Some(Verdict::Reject { reason: demo.reason.clone() }),
            _ => None,
        };
        let id = add_comment(&mut session, slug, sent, verdict.as_ref(), at).await?;
        session.commit().await?;
        added.push(Conversation { id, slug: slug.to_owned(), demo: demo.clone(), at });
    }
    Ok(added)
}

async fn add_comment(
    session: &mut Session,
    slug: &str,
    (author, text, reply_to): (&str, &str, Option<i64>),
    verdict: Option<&Verdict>,
    at: Instant,
) -> Result<i64, AppError> {
    let (about, _) = announcement::find_state(session, slug).await?.ok_or(AppError::NotFound)?;
    let code = make_code()?;
    let discussion_id = find_or_add_discussion(session, "announcement", about, at).await?;
    let text = compose(text);
    let html = render_comment(&mask(&text));
    let sent = SentComment {
        code: code.as_stored().to_owned(),
        thread_id: reply_to,
        reply_to_id: reply_to,
        // Nobody sends it a second time.
        key_hash: code.as_stored().to_owned(),
        remembered_until: at.0,
        author_name: compose(author),
        email: None,
        html: html.as_str().to_owned(),
        text,
        language: Lang::Vi.code(),
        sender_hash: None,
        sender_hash_expires_at: None,
        sender_hashes: Vec::new(),
        counted: false,
        author_key: None,
        text_key: None,
        proof_hash: None,
        proof_expires_at: None,
        created_at: at.0,
    };
    let waiting = WaitingComment {
        announcement_id: about,
        discussion_id,
        flood_id: None,
        proven: false,
        rush: false,
        sent: &sent,
    };
    add_waiting(session, &[waiting], at).await?;
    if let Some(verdict) = verdict {
        decide_within(session, &Actor::Demonstration, &code, verdict, at.plus_ms(DECIDED_AFTER)).await?;
    }
    Ok(find_by_receipt(session, code.as_stored()).await?.ok_or(AppError::NotFound)?.id)
}

/// Adds what people and units answered to comments that were added, and gives how many comments there are of it all.
///
/// # Errors
/// When the database fails.
pub(super) async fn hold_conversations(store: &Store, conversations: &[Conversation]) -> Result<usize, Failure> {
    let mut comments = conversations.len();
    for Conversation { id, slug, demo, at } in conversations {
        let mut session = store.db.write().await?;
        for reply in &demo.replies {
            let sent = (reply.author.as_str(), reply.text.as_str(), Some(*id));
            let at = at.plus_ms(reply.minutes_after * MINUTE);
            add_comment(&mut session, slug, sent, Some(&Verdict::Approve), at).await?;
            comments += 1;
        }
        if let Some(official) = &demo.official {
            let passed = DemoHandover { unit: official.unit.clone(), days_after: 1, due_days: DUE_DAYS };
            pass(&mut session, *id, &passed, *at).await?;
            let at = at.plus_ms(official.days_after * DAY);
            answer_it(&mut session, *id, official, at).await?;
        }
        if let Some(passed) = &demo.passed {
            pass(&mut session, *id, passed, *at).await?;
        }
        session.commit().await?;
    }
    Ok(comments)
}

async fn record(session: &mut Session, id: i64, action: &str, told: &str, at: Instant) -> Result<i64, AppError> {
    let actor_id = Actor::Demonstration.find_or_add(session, at).await?;
    let decision = Decision { subject_kind: "comment", subject_id: id, action, reason: Some(told), reason_id: None };
    log::add_decision(session, actor_id, at, decision).await?;
    Ok(actor_id)
}

async fn pass(session: &mut Session, id: i64, passed: &DemoHandover, sent: Instant) -> Result<(), AppError> {
    let at = sent.plus_ms(passed.days_after * DAY);
    let unit = find_unit(session, &passed.unit).await?.ok_or(AppError::NotFound)?;
    let due = Day::of(at).plus_days(passed.due_days).iso();
    let actor_id = record(session, id, "hand-over", &format!("{} ({due})", unit.name), at).await?;
    answer::add_handover(session, id, unit.id, &due, "", actor_id, at).await?;
    Ok(answer::note_followed(session, id).await?)
}

async fn answer_it(session: &mut Session, id: i64, official: &DemoAnswer, at: Instant) -> Result<(), AppError> {
    let unit = find_unit(session, &official.unit).await?.ok_or(AppError::NotFound)?;
    let text = compose(&official.text);
    let actor_id = record(session, id, "answer", &unit.name, at).await?;
    answer::add_answer(session, id, unit.id, &text, render_comment(&text).as_str(), actor_id, at).await?;
    answer::end_handover(session, id, at).await?;
    Ok(answer::note_followed(session, id).await?)
}
