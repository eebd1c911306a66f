//! Examples (*điển hình tiên tiến, sáng kiến*): sent in by units and citizens, checked, published, taken up by others.

use self::sending::{find_unit, record};
use crate::domain::answer::{Recourse, Step, StepKind};
use crate::domain::cursor::Cursor;
use crate::domain::day::Day;
use crate::domain::error::{AppError, Field, Problem, Withdrawal};
use crate::domain::receipt::ReceiptCode;
use crate::domain::slug::Slug;
use crate::domain::text::{clean_lines, compose, count};
use crate::domain::time::Instant;
use crate::domain::tracking::{CommentState, Tracking};
use crate::server::clock::now;
use crate::server::db::campaign::CampaignRow;
use crate::server::db::desk::example as db;
use crate::server::db::example::{self as public, ExampleRow, TakerRow};
use crate::server::db::upload::stored_picture;
use crate::server::db::{Session, announcement};
use crate::server::services::account::invalid;
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::services::announcement::whole;
use crate::server::services::draft::TextKind;
use crate::server::state::Store;
use crate::server::thing::{Read, Thing};

pub use self::checking::{
    Checked, Edits, approve, list_of_unit, list_to_check, read_picture, read_to_check, reject, save_edits,
};
pub use self::sending::{ChosenPictures, KeptPicture, NotTaken, TypedExample, list_sending_units, send_example};

mod checking;
mod sending;

/// So many photographs come with an example at most.
pub const PICTURES_MOST: usize = 4;
/// The longest title that is taken, in characters.
pub const TITLE_MOST: usize = 150;
/// The longest text that is taken, in characters.
pub const TEXT_MOST: usize = 10_000;

/// The kinds, as the database writes them.
pub const KINDS: [&str; 3] = ["collective", "person", "initiative"];

const DAY: i64 = 24 * 3_600_000;

/// Address hashes go after this time.
const SENDER_TIME: i64 = 30 * DAY;
/// Contacts, and the pictures of what was rejected, go this long after the decision.
const CONTACT_TIME: i64 = 90 * DAY;
/// Pictures of forms that nobody sent go after this time.
const LEFT_TIME: i64 = 2 * DAY;

/// What has become of an example. Permitted to whoever has the code.
///
/// # Errors
/// `NotFound` where no example has it.
pub async fn track_example(session: &mut Session, code: ReceiptCode) -> Result<Tracking, AppError> {
    let row = public::find_by_receipt(session, code.as_stored()).await?.ok_or(AppError::NotFound)?;
    let at = Instant(row.decided_at.unwrap_or(row.sent_at));
    let (state, path) = match row.state.as_str() {
        "published" => (CommentState::Published { at }, announcement::path_of(TextKind::Example.code(), &row.slug)),
        "rejected" => {
            (CommentState::Rejected { at, reason: row.reason.unwrap_or_default() }, "/dien-hinh/gui".to_owned())
        }
        // The form's own path: what the browser kept of it is acknowledged.
        _ => (CommentState::Waiting, "/dien-hinh/gui".to_owned()),
    };
    let mut steps = vec![Step { at: Instant(row.sent_at), kind: StepKind::Received }];
    match &state {
        CommentState::Published { at } => steps.push(Step { at: *at, kind: StepKind::Published }),
        CommentState::Rejected { at, reason } => {
            steps.push(Step { at: *at, kind: StepKind::Rejected { reason: reason.clone() } });
        }
        _ => {}
    }
    Ok(Tracking {
        code,
        received: Instant(row.sent_at),
        state,
        draft: path.clone(),
        path,
        title: row.title,
        comment: None,
        edit: None,
        steps,
        passed: None,
        official: Vec::new(),
        recourse: Recourse::default(),
    })
}

/// The campaigns in which examples can be sent. Permitted to everybody.
///
/// # Errors
/// When the database fails.
pub async fn list_running(store: &Store) -> Result<Read<Vec<CampaignRow>>, AppError> {
    let today = Day::of(now()).iso();
    let mut read = crate::server::services::campaign::list_campaigns(store).await?;
    read.value.retain(|row| row.ends >= today && row.begins <= today);
    read.things.push(Thing::Today);
    Ok(read)
}

/// A page of published examples, and where the next ones begin. Permitted to everybody.
///
/// # Errors
/// When the database fails.
pub async fn list_examples(
    store: &Store,
    kind: Option<&str>,
    after: Option<Cursor>,
) -> Result<Read<(Vec<ExampleRow>, Option<Cursor>)>, AppError> {
    let from = after.unwrap_or(Cursor { at: Instant(i64::MAX), id: i64::MAX });
    let mut session = store.db.read().await?;
    let mut rows = match kind {
        Some(kind) => public::list_of_kind(&mut session, kind, from).await?,
        None => public::list(&mut session, from).await?,
    };
    let more = rows.len() == public::PAGE_MOST;
    rows.truncate(public::PAGE_MOST - 1);
    let next = rows.last().filter(|_| more).map(|row| Cursor { at: Instant(row.decided_at), id: row.id });
    let mut things = vec![Thing::Examples];
    rows.iter().for_each(|row| things.extend(things_of(row)));
    Ok(Read { value: (rows, next), things })
}

/// What a page depends on that shows an example.
pub(super) fn things_of(row: &ExampleRow) -> impl Iterator<Item = Thing> {
    let own = [Thing::Example(row.id), Thing::Announcement(row.id)];
    own.into_iter().chain(row.unit_id.map(Thing::Unit)).chain(row.campaign_id.map(Thing::Announcement))
}

/// An example with everything that its page shows.
#[derive(Clone, Debug)]
pub struct ExamplePage {
    /// Its text.
    pub announcement: crate::domain::announcement::Announcement,
    /// What is said of it besides.
    pub row: ExampleRow,
    /// Its further pictures.
    pub pictures: Vec<crate::domain::announcement::Figure>,
    /// Who took it up.
    pub takers: Vec<TakerRow>,
}

/// Everything on the page of one example. Permitted to everybody.
///
/// # Errors
/// `NotFound`, `Moved`, or `Gone` where it was withdrawn.
pub async fn read_example(store: &Store, slug: &str) -> Result<Read<ExamplePage>, AppError> {
    let slug = Slug::parse(slug).ok_or(AppError::NotFound)?;
    let kind = TextKind::Example.code();
    let mut session = store.db.read().await?;
    let Some(text) = announcement::find_public(&mut session, slug.as_str(), kind).await? else {
        let moved = announcement::find_moved(&mut session, slug.as_str(), kind).await?;
        return Err(moved.map_or(AppError::NotFound, |path| AppError::Moved { path }));
    };
    if text.state == "withdrawn" {
        let at = Instant(text.withdrawn_at.unwrap_or_default());
        let reason = text.withdrawn_reason.unwrap_or_default();
        return Err(AppError::Gone(Withdrawal { title: text.title, reason, at, replaced_by: text.replaced_by }));
    }
    let row = public::find(&mut session, text.id).await?.ok_or(AppError::NotFound)?;
    let takers = public::list_takers(&mut session, row.id).await?;
    let mut things: Vec<Thing> = things_of(&row).collect();
    things.extend(takers.iter().map(|(unit, ..)| Thing::Unit(*unit)));
    let mut pictures = Vec::new();
    for (sizes, caption, credit) in public::list_pictures(&mut session, row.id).await? {
        let picture = stored_picture(&sizes, if caption.is_empty() { &text.title } else { &caption });
        pictures.push(crate::domain::announcement::Figure { picture, caption, credit });
    }
    let announcement = whole(&mut session, text, &mut things).await?;
    Ok(Read { value: ExamplePage { announcement, row, pictures, takers }, things })
}

/// The examples of a campaign that are some unit's and were published up to a day: unit, example.
///
/// # Errors
/// When the database fails.
pub async fn list_published_by_unit(
    session: &mut Session,
    campaign_id: i64,
    until: Option<Day>,
) -> Result<Vec<(i64, i64)>, AppError> {
    let end = until.map_or(i64::MAX, |until| until.plus_days(1).begin().0);
    let rows = public::list_by_unit(session, campaign_id).await?;
    Ok(rows.into_iter().filter(|(.., at)| *at < end).map(|(unit, example, _)| (unit, example)).collect())
}

/// The examples that can be taken up, the newest first, at most twenty and one that is asked for.
///
/// # Errors
/// `Forbidden`.
pub async fn list_to_take_up(store: &Store, actor: &Actor, asked: Option<i64>) -> Result<Vec<ExampleRow>, AppError> {
    actor.require(Permission::ReportForUnit)?;
    let mut session = store.db.read().await?;
    let mut rows = public::list(&mut session, Cursor { at: Instant(i64::MAX), id: i64::MAX }).await?;
    if let Some(id) = asked
        && rows.iter().all(|row| row.id != id)
        && let Some(row) = public::find(&mut session, id).await?
    {
        rows.insert(0, row);
    }
    Ok(rows)
}

/// Records that a unit took an example up (*nhân rộng*): once for each unit, the note may be written anew.
///
/// # Errors
/// `NotFound`, `Forbidden`, or `Invalid` for a unit that is not there or a note that is too long.
pub async fn take_up(store: &Store, actor: &Actor, id: i64, unit: &str, note: &str) -> Result<String, AppError> {
    let note = clean_lines(&compose(&note.replace('\0', "")));
    let counted = count(&note);
    if counted > 500 {
        let counted = u32::try_from(counted).unwrap_or(u32::MAX);
        return Err(invalid(Field::Body, Problem::TooLong { most: 500, counted }));
    }
    let at = now();
    let unit = find_unit(store, unit).await?.ok_or_else(|| invalid(Field::Unit, Problem::Unknown))?;
    actor.require_in(Permission::ReportForUnit, Scope::Unit(unit.id))?;
    let mut session = store.db.write().await?;
    let row = public::find(&mut session, id).await?.ok_or(AppError::NotFound)?;
    if row.unit_id == Some(unit.id) {
        // Whose it is has not taken it up from anybody.
        return Err(invalid(Field::Unit, Problem::Taken));
    }
    let actor_id = actor.find_or_add(&mut session, at).await?;
    db::put_take_up(&mut session, id, unit.id, &note, actor_id, at).await?;
    record(&mut session, actor_id, id, "take-up-example", Some(&unit.name), at).await?;
    session.note_change(Thing::Example(id));
    session.commit().await?;
    Ok(announcement::path_of(TextKind::Example.code(), &row.slug))
}

/// Takes away personal data whose time is over, and pictures that belong to nothing; the server's own work.
///
/// # Errors
/// When the database fails.
pub async fn forget_expired(store: &Store) -> Result<u64, AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let forgotten = db::forget_expired(&mut session, at, at.plus_ms(-CONTACT_TIME)).await?;
    let left = db::remove_left_pictures(&mut session, at.plus_ms(-LEFT_TIME)).await?;
    session.commit().await?;
    for sha256 in &left {
        // One that is gone already is what was wanted.
        let _ = tokio::fs::remove_file(store.evidence.join(sha256)).await;
    }
    Ok(forgotten)
}
