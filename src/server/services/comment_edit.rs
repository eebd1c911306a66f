//! Changing a comment, or taking it back, without an account: by the second code, which its sender alone was shown.

use crate::domain::comment::{TEXT_MOST, check_text};
use crate::domain::error::{AppError, Field, FieldErrors, Problem};
use crate::domain::guard::mask;
use crate::domain::receipt::{EditCode, ReceiptCode};
use crate::domain::text::{compose, count};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::Session;
use crate::server::db::comment::answer;
use crate::server::db::comment::edit::{self as db, OwnRow};
use crate::server::db::comment::{self as comment};
use crate::server::db::desk::queue;
use crate::server::db::log::{self, Decision};
use crate::server::error::internal;
use crate::server::markdown::render_comment;
use crate::server::secret::Secret;
use crate::server::services::actor::Actor;
use crate::server::services::appeal::close_appeal;
use crate::server::services::comment::{Origin, follow};
use crate::server::services::notice::end_of_comment;
use crate::server::state::Store;

/// So long a comment that waits is changed at once.
pub const EDIT_TIME: i64 = 15 * 60_000;
/// So long the words of what was withdrawn are kept for moderators.
const WITHDRAWN_TIME: i64 = 30 * 24 * 60 * 60_000;

/// The second code of a receipt. It is made of the installation's secret, so that nothing of it is stored.
///
/// # Errors
/// When there is none, which no secret makes happen.
pub fn edit_code(secret: &Secret, code: &ReceiptCode) -> Result<EditCode, AppError> {
    let hash = hex::decode(secret.keyed_hash("edit code", &[code.as_stored()])).map_err(internal)?;
    let bytes = hash.first_chunk::<16>().ok_or_else(|| internal("a keyed hash is too short"))?;
    Ok(EditCode::from_bytes(bytes))
}

fn wrong(field: Field, problem: Problem) -> AppError {
    AppError::Invalid(FieldErrors(vec![(field, problem)]))
}

/// Whether a typed code is the second one of a receipt; compared by hashes, so that time tells nothing.
///
/// # Errors
/// `Invalid` where it is not.
fn require_code(store: &Store, code: &ReceiptCode, typed: &str) -> Result<(), AppError> {
    let hash = |text: &str| store.secret.keyed_hash("compared", &[text]);
    let right = edit_code(&store.secret, code)?;
    let typed = EditCode::parse(typed).map(|typed| hash(typed.as_plain()));
    if typed == Some(hash(right.as_plain())) { Ok(()) } else { Err(wrong(Field::Code, Problem::Wrong)) }
}

/// The receipt of a comment, for whoever has its second code. Nothing is asked of the database for a wrong one, and it is
/// not told whether there is such a receipt.
///
/// # Errors
/// `NotFound` for what can't be a receipt, `Invalid` for a wrong code, `TooMany`.
pub fn check_own(store: &Store, code: &str, typed: &str, origin: Origin<'_>) -> Result<ReceiptCode, AppError> {
    origin.take_turn()?;
    let code = ReceiptCode::parse(code).ok_or(AppError::NotFound)?;
    require_code(store, &code, typed)?;
    Ok(code)
}

/// The comment of a receipt.
///
/// # Errors
/// `NotFound`.
pub async fn find_own(session: &mut Session, code: &ReceiptCode) -> Result<OwnRow, AppError> {
    db::find_own(session, code.as_stored()).await?.ok_or(AppError::NotFound)
}

/// What a sender may change: the text as it stands, or as it was changed last, and its version.
///
/// # Errors
/// `NotFound`, `Invalid` for a wrong code or a comment that is no longer changed, `TooMany`.
pub async fn read_own(store: &Store, code: &str, typed: &str, origin: Origin<'_>) -> Result<String, AppError> {
    let code = check_own(store, code, typed, origin)?;
    let row = find_own(&mut store.db.read().await?, &code).await?;
    if matches!(row.state.as_str(), "waiting" | "published") {
        Ok(row.edit_text.unwrap_or(row.text))
    } else {
        Err(wrong(Field::Text, Problem::Over))
    }
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edited {
    /// It stands in the place of the old text.
    Taken,
    /// It waits; the old text stays.
    Waiting,
}

/// Changes a comment. One that waits is changed at once within a quarter of an hour; one that is published keeps its
/// text until a moderator has read the new one.
///
/// # Errors
/// `NotFound`, `Invalid` for a wrong code, an empty or over-long text, or too late, `TooMany`.
pub async fn edit_comment(
    store: &Store,
    code: &str,
    typed: &str,
    text: &str,
    origin: Origin<'_>,
) -> Result<Edited, AppError> {
    let code = check_own(store, code, typed, origin)?;
    let mut session = store.db.write().await?;
    let row = find_own(&mut session, &code).await?;
    let text = check_text(&compose(text), TEXT_MOST, count)?;
    let html = render_comment(&mask(&text)).as_str().to_owned();
    comment::hold_discussion(&mut session, row.discussion_id).await?;
    // A moderator may have decided a moment ago.
    let row = find_own(&mut session, &code).await?;
    let at = now();
    let edited = match row.state.as_str() {
        _ if row.text == text && row.edit_text.is_none() => return Ok(Edited::Taken),
        "waiting" if at.0 - row.created_at <= EDIT_TIME => {
            db::add(&mut session, &row, "taken", &text, &html, at).await?;
            db::replace_text(&mut session, row.id, &text, &html, None).await?;
            Edited::Taken
        }
        "waiting" => return Err(wrong(Field::Text, Problem::TooLate)),
        "published" => {
            let id = db::add(&mut session, &row, "waiting", &text, &html, at).await?;
            queue::open(&mut session, "edit", id, Some(row.id), row.announcement_id, at).await?;
            Edited::Waiting
        }
        _ => return Err(wrong(Field::Text, Problem::Over)),
    };
    session.commit().await?;
    Ok(edited)
}

/// Takes a comment back: it is shown to nobody any longer, and its words go after thirty days.
///
/// # Errors
/// `NotFound`, `Invalid` for a wrong code, `TooMany`.
pub async fn withdraw_comment(store: &Store, code: &str, typed: &str, origin: Origin<'_>) -> Result<(), AppError> {
    let code = check_own(store, code, typed, origin)?;
    let mut session = store.db.write().await?;
    let row = find_own(&mut session, &code).await?;
    comment::hold_discussion(&mut session, row.discussion_id).await?;
    let was = comment::find_standing(&mut session, row.id).await?.ok_or(AppError::NotFound)?;
    let at = now();
    if !comment::decide(&mut session, row.id, "withdrawn", None, None, at).await? {
        return Ok(());
    }
    let actor_id = Actor::Citizen.find_or_add(&mut session, at).await?;
    clear_queue(&mut session, row.id, actor_id, at).await?;
    // Nobody is asked any longer to answer it.
    answer::end_handover(&mut session, row.id, at).await?;
    answer::note_followed(&mut session, row.id).await?;
    follow(&mut session, &was, "withdrawn").await?;
    end_of_comment(&mut session, row.id, at).await?;
    let withdrawn =
        Decision { subject_kind: "comment", subject_id: row.id, action: "withdraw", reason: None, reason_id: None };
    log::add_decision(&mut session, actor_id, at, withdrawn).await?;
    session.commit().await?;
    Ok(())
}

/// Nothing of a comment waits any longer.
///
/// # Errors
/// When the database fails.
pub async fn clear_queue(session: &mut Session, comment_id: i64, actor_id: i64, at: Instant) -> Result<(), AppError> {
    queue::close(session, "comment", comment_id, actor_id, at).await?;
    queue::close(session, "report", comment_id, actor_id, at).await?;
    queue::decide_reports(session, comment_id, at).await?;
    if let Some(edit) = db::drop_waiting(session, comment_id, at).await? {
        queue::close(session, "edit", edit, actor_id, at).await?;
    }
    close_appeal(session, comment_id, "withdrawn", actor_id, at).await
}

/// Takes away the words of what was withdrawn long ago.
///
/// # Errors
/// When the database fails.
pub async fn forget_withdrawn(store: &Store) -> Result<u64, AppError> {
    let mut session = store.db.write().await?;
    let forgotten = db::forget_withdrawn(&mut session, now().plus_ms(-WITHDRAWN_TIME)).await?;
    session.commit().await?;
    Ok(forgotten)
}
