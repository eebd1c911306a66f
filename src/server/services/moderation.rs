//! Moderation: one queue for everything that waits, decisions about it, and taking them back.

use std::collections::{HashMap, HashSet};

use crate::domain::comment::{REASON_MOST, check_reason};
use crate::domain::cursor::Cursor;
use crate::domain::day::Day;
use crate::domain::error::{AppError, Field, FieldErrors, Problem};
use crate::domain::notice::Event;
use crate::domain::text::{clean_lines, compose, count};
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::db::Session;
use crate::server::db::comment::answer::count_answered;
use crate::server::db::comment::edit;
use crate::server::db::comment::report::{ReasonRow, add_report, list_decided, list_reasons};
use crate::server::db::comment::{self as comment};
use crate::server::db::desk::draft::{DecisionRow, list_decisions};
use crate::server::db::desk::queue::{self as db, EarlierRow, LogRow, Narrowing, QueueRow, ReportRow};
use crate::server::db::desk::rule::{HitRow, list_hits, list_waiting_rules};
use crate::server::db::log::{self, Decision};
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::services::agreement::Voter;
use crate::server::services::appeal::{decide_appeal, undo_appeal};
use crate::server::services::comment::{Rejection, find_published, put_back, settle};
use crate::server::services::flood::{FloodSummary, summarize};
use crate::server::services::notice;
use crate::server::state::Store;
use crate::server::thing::{Read, Thing};

/// So many things stand on a page of the queue.
pub const PAGE_SIZE: usize = 50;
/// So long a decision can be taken back by whoever made it.
pub const UNDO_TIME: i64 = 60_000;
/// So long it is believed that somebody has something open.
const TAKEN_TIME: i64 = 2 * 60_000;
/// What waits longer is late: the policy promises a day.
pub const LATE: i64 = 24 * 60 * 60_000;
/// What was decided leaves the queue's table after this time.
const KEPT_TIME: i64 = 30 * LATE;
/// So much is decided at once at most.
const TOGETHER_MOST: usize = 200;

/// Which of what waits is wanted, as an address says it.
#[derive(Clone, Debug, Default)]
pub struct QueueWanted {
    /// One kind; empty for every one.
    pub kind: String,
    /// One page, by its id; 0 for every one.
    pub announcement_id: i64,
    /// One campaign with its news, by its id; 0 for every one.
    pub campaign_id: i64,
    /// The pages of one unit, by its id; 0 for every one.
    pub unit_id: i64,
    /// What has waited for this many hours at least.
    pub hours: i64,
    /// What was set aside: floods of blocked senders.
    pub set_aside: bool,
    /// On what a rule fired, by its id; 0 for all.
    pub rule_id: i64,
    /// After what.
    pub after: Option<Cursor>,
}

/// A page of the queue.
#[derive(Clone, Debug)]
pub struct Queue {
    /// What waits, the longest first.
    pub rows: Vec<(QueueRow, Vec<ReportRow>)>,
    /// Which rules fired on it, by comment.
    pub hits: HashMap<i64, Vec<HitRow>>,
    /// The rules that fired on what waits: id, name, on how much.
    pub rules: Vec<(i64, String, i64)>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
    /// How much of it waits.
    pub waiting: i64,
    /// Since when the longest.
    pub oldest: Option<Instant>,
    /// The floods among it, by their ids.
    pub floods: HashMap<i64, FloodSummary>,
    /// How much was set aside.
    pub set_aside: i64,
    /// The pages on which something waits: id, title, how much.
    pub pages: Vec<(i64, String, i64)>,
    /// The campaigns that are public: id and title.
    pub campaigns: Vec<(i64, String)>,
    /// The units on whose pages something waits: id, name, how much.
    pub units: Vec<(i64, String, i64)>,
    /// Who decided how much today.
    pub decided: Vec<(String, i64)>,
    /// The reasons that are in force.
    pub reasons: Vec<ReasonRow>,
}

/// The units whose pages are meant: one of the actor's, or all of them.
fn narrowed_units(actor: &Actor, unit_id: i64) -> String {
    if unit_id > 0 && actor.may(Permission::ModerateComments, Scope::Unit(unit_id)) {
        return format!(",{unit_id},");
    }
    actor.units_between_commas(Permission::ModerateComments)
}

/// A page of what waits.
///
/// # Errors
/// `Forbidden`.
pub async fn read_queue(store: &Store, actor: &Actor, wanted: &QueueWanted) -> Result<Queue, AppError> {
    actor.require(Permission::ModerateComments)?;
    let at = now();
    let mut session = store.db.read().await?;
    let narrowing = Narrowing {
        kind: wanted.kind.clone(),
        announcement_id: wanted.announcement_id,
        campaign_id: wanted.campaign_id,
        units: narrowed_units(actor, wanted.unit_id),
        before: if wanted.hours > 0 { at.0 - wanted.hours.min(24 * 365) * 60 * 60_000 } else { i64::MAX },
        set_aside: wanted.set_aside,
        rule_id: wanted.rule_id,
    };
    let from = wanted.after.unwrap_or(Cursor { at: Instant(i64::MIN), id: i64::MIN });
    let mut rows = db::list(&mut session, &narrowing, from).await?;
    let more = rows.len() > PAGE_SIZE;
    rows.truncate(PAGE_SIZE);
    let next = rows.last().filter(|_| more).map(|row| Cursor { at: Instant(row.since), id: row.id });
    let (waiting, oldest) = db::count(&mut session, &narrowing).await?;
    let aside = Narrowing { set_aside: true, ..narrowing.clone() };
    let mut with_reports = Vec::with_capacity(rows.len());
    let mut floods = HashMap::new();
    for row in rows {
        if row.kind == "flood" {
            floods.insert(row.subject_id, summarize(&mut session, row.subject_id).await?);
        }
        let reports = match (row.kind.as_str(), row.comment_id) {
            ("report", Some(comment)) => db::list_reports(&mut session, comment).await?,
            _ => Vec::new(),
        };
        with_reports.push((row, reports));
    }
    let mut hits = HashMap::new();
    for (row, _) in with_reports.iter().filter(|(row, _)| row.fired) {
        if let Some(comment) = row.comment_id {
            hits.insert(comment, list_hits(&mut session, comment).await?);
        }
    }
    Ok(Queue {
        rows: with_reports,
        hits,
        rules: list_waiting_rules(&mut session, &narrowing.units).await?,
        floods,
        next,
        waiting,
        oldest: oldest.map(Instant),
        set_aside: db::count(&mut session, &aside).await?.0,
        pages: db::list_pages(&mut session, &narrowing.units).await?,
        campaigns: db::list_campaigns(&mut session).await?,
        units: db::list_units(&mut session, &actor.units_between_commas(Permission::ModerateComments)).await?,
        decided: db::count_decided(&mut session, Day::of(at).begin()).await?,
        reasons: list_reasons(&mut session).await?,
    })
}

/// What is decided about something that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueVerdict {
    /// A comment is shown; one that was reported stays.
    Approve,
    /// It is not shown, or no longer.
    Reject(Rejection),
}

/// What became of deciding about several things.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// What was decided now, by its ids.
    pub done: Vec<i64>,
    /// What somebody had decided before: their name, or nothing where it is not known.
    pub already: Vec<(i64, String)>,
    /// What its sender has changed since it was read.
    pub changed: Vec<i64>,
    /// Appeals about one's own rejections: somebody else decides.
    pub own: Vec<i64>,
}

/// Something to be decided about, and which version of it was read, where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Its id in the queue.
    pub id: i64,
    /// The version of its text.
    pub version: Option<i64>,
}

/// Decides about some things that wait. What another one was quicker with is told, not done again.
///
/// # Errors
/// `Forbidden`, `Invalid` for a rejection without a reason, `Conflict` for what is decided at a place of its own.
pub async fn decide_items(
    store: &Store,
    actor: &Actor,
    chosen: &[Chosen],
    verdict: &QueueVerdict,
) -> Result<Decided, AppError> {
    actor.require(Permission::ModerateComments)?;
    if let QueueVerdict::Reject(rejection) = verdict
        && rejection.code.is_empty()
    {
        return Err(AppError::Invalid(FieldErrors(vec![(Field::Reason, Problem::Missing)])));
    }
    let at = now();
    let mut session = store.db.write().await?;
    let mut decided = Decided::default();
    let mut seen = HashSet::new();
    for Chosen { id, version } in chosen.iter().take(TOGETHER_MOST).filter(|chosen| seen.insert(chosen.id)) {
        let row = find_for(&mut session, actor, *id).await?;
        if let Some(comment_id) = row.comment_id {
            hold(&mut session, comment_id).await?;
        }
        let row = find_for(&mut session, actor, *id).await?;
        if row.decided_at.is_some() {
            let kind = if row.comment_id.is_some() { "comment" } else { "announcement" };
            let last = list_decisions(&mut session, kind, row.comment_id.unwrap_or(row.subject_id)).await?;
            decided.already.push((*id, last.first().map(|row| row.who.clone()).unwrap_or_default()));
            continue;
        }
        if version.is_some() && *version != row.version_read() {
            decided.changed.push(*id);
            continue;
        }
        if row.rejected_by.is_some() && row.rejected_by == actor.find_id(&mut session).await? {
            decided.own.push(*id);
            continue;
        }
        decide_one(&mut session, actor, &row, verdict, at).await?;
        decided.done.push(*id);
    }
    session.commit().await?;
    Ok(decided)
}

async fn find_for(session: &mut Session, actor: &Actor, id: i64) -> Result<QueueRow, AppError> {
    let row = db::find(session, id).await?.ok_or(AppError::NotFound)?;
    actor.require_in(Permission::ModerateComments, Scope::of(row.unit_id))?;
    Ok(row)
}

/// Decisions about comments of one discussion come one after the other.
async fn hold(session: &mut Session, comment_id: i64) -> Result<(), AppError> {
    if let Some(id) = comment::find_discussion(session, comment_id).await? {
        comment::hold_discussion(session, id).await?;
    }
    Ok(())
}

async fn decide_one(
    session: &mut Session,
    actor: &Actor,
    row: &QueueRow,
    verdict: &QueueVerdict,
    at: Instant,
) -> Result<(), AppError> {
    let (Some(comment_id), true) = (row.comment_id, row.kind != "example") else { return Err(AppError::Conflict) };
    if row.kind == "edit" {
        return decide_edit(session, actor, row, comment_id, verdict, at).await;
    }
    if row.kind == "appeal" {
        let refusal = match verdict {
            QueueVerdict::Approve => None,
            QueueVerdict::Reject(rejection) => Some(rejection),
        };
        return decide_appeal(session, actor, comment_id, refusal, at).await;
    }
    let stays = row.kind == "report" || (row.shown && row.state.as_deref() == Some("published"));
    match verdict {
        // What was reported, or shown as it came in, and stays is recorded too.
        QueueVerdict::Approve if stays => {
            let actor_id = actor.find_or_add(session, at).await?;
            db::close(session, &row.kind, comment_id, actor_id, at).await?;
            if row.kind == "report" {
                db::decide_reports(session, comment_id, at).await?;
            }
            let kept = Decision {
                subject_kind: "comment",
                subject_id: comment_id,
                action: "keep-comment",
                reason: None,
                reason_id: None,
            };
            Ok(log::add_decision(session, actor_id, at, kept).await?)
        }
        QueueVerdict::Approve => settle(session, actor, comment_id, None, at).await.map(|_| ()),
        QueueVerdict::Reject(rejection) => settle(session, actor, comment_id, Some(rejection), at).await.map(|_| ()),
    }
}

/// A change takes the place of the old text, or the old text stays.
async fn decide_edit(
    session: &mut Session,
    actor: &Actor,
    row: &QueueRow,
    comment_id: i64,
    verdict: &QueueVerdict,
    at: Instant,
) -> Result<(), AppError> {
    let edit = edit::find(session, row.subject_id).await?.ok_or(AppError::NotFound)?;
    let actor_id = actor.find_or_add(session, at).await?;
    db::close(session, "edit", row.subject_id, actor_id, at).await?;
    let (action, reason_id, reason) = match verdict {
        QueueVerdict::Approve => {
            edit::decide(session, row.subject_id, "taken", None, None, Some(at)).await?;
            edit::replace_text(session, comment_id, &edit.text, &edit.html, Some(at)).await?;
            session.note_change(Thing::Comments(row.announcement_id));
            session.note_change(Thing::RecentComments);
            ("approve-edit", None, None)
        }
        QueueVerdict::Reject(rejection) => {
            let (reason_id, reason) = check_rejection(session, rejection).await?;
            edit::decide(session, row.subject_id, "rejected", reason_id, reason.as_deref(), Some(at)).await?;
            ("reject-edit", reason_id, reason)
        }
    };
    let reason = reason.as_deref();
    let decision = Decision { subject_kind: "comment", subject_id: comment_id, action, reason, reason_id };
    log::add_decision(session, actor_id, at, decision).await?;
    let event = if action == "approve-edit" { Event::EditPublished } else { Event::EditRejected };
    notice::tell(session, comment_id, event, at).await
}

/// Puts a change back to where it waited.
async fn undo_edit(session: &mut Session, row: &QueueRow, comment_id: i64) -> Result<(), AppError> {
    let edit = edit::find(session, row.subject_id).await?.ok_or(AppError::NotFound)?;
    if row.state.as_deref() != Some("published") {
        return Err(AppError::Conflict);
    }
    if edit.state == "taken" {
        edit::replace_text(session, comment_id, &edit.old_text, &edit.old_html, None).await?;
        session.note_change(Thing::Comments(row.announcement_id));
        session.note_change(Thing::RecentComments);
    }
    Ok(edit::decide(session, row.subject_id, "waiting", None, None, None).await?)
}

/// Takes back what one has decided within the last minute: everything is as it was, and the log says both.
///
/// # Errors
/// `Forbidden`, `Expired` where it is too late for one of them or somebody else decided it, or `Conflict` where its sender
/// has taken it back since.
pub async fn undo(store: &Store, actor: &Actor, ids: &[i64]) -> Result<usize, AppError> {
    actor.require(Permission::ModerateComments)?;
    let at = now();
    let mut session = store.db.write().await?;
    let actor_id = actor.find_or_add(&mut session, at).await?;
    let mut undone_count = 0;
    for id in ids.iter().take(TOGETHER_MOST) {
        let row = find_for(&mut session, actor, *id).await?;
        let (Some(comment_id), Some(decided_at)) = (row.comment_id, row.decided_at) else { continue };
        if row.decided_by != Some(actor_id) || decided_at < at.0 - UNDO_TIME {
            return Err(AppError::Expired);
        }
        hold(&mut session, comment_id).await?;
        notice::untell(&mut session, comment_id, Instant(decided_at)).await?;
        if row.kind == "edit" {
            undo_edit(&mut session, &row, comment_id).await?;
            let undone = Decision {
                subject_kind: "comment",
                subject_id: comment_id,
                action: "undo",
                reason: None,
                reason_id: None,
            };
            log::add_decision(&mut session, actor_id, at, undone).await?;
            db::reopen(&mut session, *id).await?;
            undone_count += 1;
            continue;
        }
        if row.kind == "appeal" {
            undo_appeal(&mut session, actor, comment_id, at).await?;
            db::reopen(&mut session, *id).await?;
            undone_count += 1;
            continue;
        }
        let before = if row.kind == "comment" && !row.shown { "waiting" } else { "published" };
        put_back(&mut session, actor, comment_id, before, at).await?;
        db::reopen_reports(&mut session, comment_id, Instant(decided_at)).await?;
        db::reopen(&mut session, *id).await?;
        undone_count += 1;
    }
    session.commit().await?;
    Ok(undone_count)
}

/// Notes that one has something open; gives who else has, if anybody.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn take(store: &Store, actor: &Actor, id: i64) -> Result<Option<String>, AppError> {
    actor.require(Permission::ModerateComments)?;
    let Actor::Account(official) = actor else { return Ok(None) };
    let at = now();
    let mut session = store.db.write().await?;
    find_for(&mut session, actor, id).await?;
    let taken = db::take(&mut session, id, official.id, at.plus_ms(TAKEN_TIME), at).await?;
    let row = find_for(&mut session, actor, id).await?;
    session.commit().await?;
    Ok(if taken || row.decided_at.is_some() { None } else { row.taken_name })
}

/// What is known around something that waits.
#[derive(Clone, Debug)]
pub struct Context {
    /// It itself.
    pub row: QueueRow,
    /// What was reported.
    pub reports: Vec<ReportRow>,
    /// Which rules fired on it.
    pub hits: Vec<HitRow>,
    /// What else came from the same address.
    pub earlier: Vec<EarlierRow>,
    /// What was decided about the comment before, the latest first.
    pub decisions: Vec<DecisionRow>,
    /// The reasons that are in force.
    pub reasons: Vec<ReasonRow>,
}

/// What is known around something that waits.
///
/// # Errors
/// `Forbidden`, `NotFound`.
pub async fn read_context(store: &Store, actor: &Actor, id: i64) -> Result<Context, AppError> {
    actor.require(Permission::ModerateComments)?;
    let mut session = store.db.read().await?;
    let row = find_for(&mut session, actor, id).await?;
    let comment_id = row.comment_id.unwrap_or_default();
    let earlier = match &row.sender_hash {
        Some(hash) => db::list_from(&mut session, hash, comment_id).await?,
        None => Vec::new(),
    };
    Ok(Context {
        reports: db::list_reports(&mut session, comment_id).await?,
        hits: list_hits(&mut session, comment_id).await?,
        earlier,
        decisions: list_decisions(&mut session, "comment", comment_id).await?,
        reasons: list_reasons(&mut session).await?,
        row,
    })
}

/// The reason of a rejection: one of those in force, and what is added. "Another reason" says which.
///
/// # Errors
/// `Invalid`.
pub async fn check_rejection(
    session: &mut Session,
    rejection: &Rejection,
) -> Result<(Option<i64>, Option<String>), AppError> {
    if rejection.code.is_empty() {
        return Ok((None, Some(check_reason(&compose(&rejection.note), count)?)));
    }
    let reasons = list_reasons(session).await?;
    let missing = || AppError::Invalid(FieldErrors(vec![(Field::Reason, Problem::Missing)]));
    let reason = reasons.into_iter().find(|reason| reason.code == rejection.code).ok_or_else(missing)?;
    let note = clean_lines(&compose(&rejection.note));
    if reason.code == "other" || count(&note) > REASON_MOST {
        check_reason(&note, count)?;
    }
    Ok((Some(reason.id), (!note.is_empty()).then_some(note)))
}

/// Takes a reader's report of a comment. Permitted to everybody, once for each browser.
///
/// # Errors
/// `NotFound` for a comment that is not public, `Invalid` without a reason, `TooMany`.
pub async fn report_comment(store: &Store, id: i64, code: &str, note: &str, voter: Voter<'_>) -> Result<(), AppError> {
    if let Some(limit) = voter.limit {
        limit.take(voter.sender)?;
    }
    let at = now();
    let hash = store.secret.keyed_hash("voter", &[voter.token]);
    let mut session = store.db.write().await?;
    let (_, page) = find_published(&mut session, id).await?;
    let rejection = Rejection { code: code.to_owned(), note: note.to_owned() };
    let (reason_id, note) = check_rejection(&mut session, &rejection).await?;
    let missing = || AppError::Invalid(FieldErrors(vec![(Field::Reason, Problem::Missing)]));
    let reason_id = reason_id.ok_or_else(missing)?;
    if add_report(&mut session, id, reason_id, note.as_deref().unwrap_or_default(), &hash, at).await? {
        db::open(&mut session, "report", id, Some(id), page.announcement_id, at).await?;
    }
    session.commit().await?;
    Ok(())
}

/// What became of comments of late, for everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModerationFigures {
    /// How many were decided.
    pub decided: usize,
    /// How long half of them had waited at most, in minutes.
    pub median_minutes: usize,
    /// How many were rejected.
    pub rejected: usize,
    /// How many of those for which reason: its id.
    pub by_reason: Vec<(i64, usize)>,
    /// How many answers units gave.
    pub answered: usize,
    /// How many of those their askers rated.
    pub rated: usize,
    /// And were satisfied with.
    pub satisfied: usize,
}

/// So far back the public figures go.
pub const FIGURES_DAYS: i64 = 90;

/// What became of comments in the last ninety days.
///
/// # Errors
/// When the database fails.
pub async fn read_figures(store: &Store) -> Result<ModerationFigures, AppError> {
    let since = now().plus_ms(-FIGURES_DAYS * LATE);
    let mut session = store.db.read().await?;
    let rows = list_decided(&mut session, since).await?;
    let (answered, rated, satisfied) = count_answered(&mut session, since).await?;
    let mut waited: Vec<i64> = rows.iter().map(|row| row.waited.max(0)).collect();
    waited.sort_unstable();
    let median = waited.get(waited.len() / 2).copied().unwrap_or_default();
    let mut by_reason: Vec<(i64, usize)> = Vec::new();
    let rejected = rows.iter().filter(|row| row.action == "reject");
    for id in rejected.clone().filter_map(|row| row.reason_id) {
        match by_reason.iter_mut().find(|(known, _)| *known == id) {
            Some((_, n)) => *n += 1,
            None => by_reason.push((id, 1)),
        }
    }
    Ok(ModerationFigures {
        decided: rows.len(),
        median_minutes: usize::try_from(median / 60_000).unwrap_or_default(),
        rejected: rejected.count(),
        by_reason,
        answered: usize::try_from(answered).unwrap_or_default(),
        rated: usize::try_from(rated).unwrap_or_default(),
        satisfied: usize::try_from(satisfied).unwrap_or_default(),
    })
}

/// The log of decisions about comments, floods and senders of the last year, without what was said in comments.
///
/// # Errors
/// `Forbidden`: only who moderates the whole portal.
pub async fn read_log(store: &Store, actor: &Actor) -> Result<Vec<LogRow>, AppError> {
    actor.require_in(Permission::ModerateComments, Scope::Everywhere)?;
    Ok(db::list_log(&mut store.db.read().await?, now().plus_ms(-366 * LATE)).await?)
}

/// The published reasons, for everybody.
///
/// # Errors
/// When the database fails.
pub async fn read_reasons(store: &Store) -> Result<Read<Vec<ReasonRow>>, AppError> {
    let value = list_reasons(&mut store.db.read().await?).await?;
    Ok(Read { value, things: vec![Thing::Site] })
}

/// Forgets what was decided long ago: the log of decisions keeps it.
///
/// # Errors
/// When the database fails.
pub async fn forget_decided(store: &Store) -> Result<u64, AppError> {
    let mut session = store.db.write().await?;
    let forgotten = db::forget_decided(&mut session, now().plus_ms(-KEPT_TIME)).await?;
    session.commit().await?;
    Ok(forgotten)
}
