//! Bringing in a file of this portal.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, ErrorKind};
use std::path::Path;

use super::check::check;
use super::pages::KnownPages;
use super::{Effects, TOGETHER, TransferError, Transferred, name_of, record};
use crate::domain::error::AppError;
use crate::domain::guard::mask;
use crate::domain::slug::Slug;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::comment_file::{
    FileProblem, OwnActor, OwnAppealState, OwnComment, OwnEditState, OwnReader, OwnReason, OwnState,
};
use crate::server::db::comment::answer::note_followed;
use crate::server::db::comment::find_or_add_discussion;
use crate::server::db::desk::comment_file::ActorColumns;
use crate::server::db::desk::comment_file::add::{
    self as db, NewAnswer, NewAppeal, NewComment, NewEdit, NewHandover, NewReport, Reason,
};
use crate::server::db::log::{self, Decision};
use crate::server::db::unit::find_by_slug;
use crate::server::db::{DbResult, Session};
use crate::server::markdown::render_comment;
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::state::Store;

/// Brings in a file that [`super::export_comments`] wrote. What is here already stays as it is; what can't be taken is
/// told, and nothing of that comment is written. Comments are written some at a time: whatever stops it, it can be
/// begun again. With `dry_run` nothing is written.
///
/// # Errors
/// `Forbidden`: only whoever runs the portal; or what is wrong with the file as a whole: then nothing was written.
pub async fn import_own(
    store: &Store,
    actor: &Actor,
    path: &Path,
    dry_run: bool,
) -> Result<Transferred, TransferError> {
    actor.require_in(Permission::MoveComments, Scope::Everywhere)?;
    // A file that is broken or cut off somewhere is refused before anything of it is written.
    for comment in open(path)? {
        comment?;
    }
    let mut reader = open(path)?;
    let mut import = Import::begin(&mut store.db.read().await?, dry_run).await?;
    loop {
        let mut batch = Vec::with_capacity(TOGETHER);
        while batch.len() < TOGETHER
            && let Some(comment) = reader.next()
        {
            batch.push((reader.line(), comment?));
        }
        if batch.is_empty() {
            break;
        }
        let mut session = if dry_run { store.db.read().await? } else { store.db.write().await? };
        let mut effects = Effects::default();
        for (line, comment) in &batch {
            match import.take(&mut session, comment, &mut effects).await? {
                Taken::New => {
                    import.done.added += 1;
                    import.done.waiting += usize::from(comment.state == OwnState::Waiting);
                }
                Taken::Already => import.done.already += 1,
                Taken::Not(why) => import.done.problem(told(*line, &comment.code, &why)),
            }
        }
        if !dry_run {
            effects.follow(&mut session).await?;
            session.commit().await?;
        }
    }
    if !dry_run {
        record(store, actor, &name_of(path), &import.done).await?;
    }
    Ok(import.done)
}

fn open(path: &Path) -> Result<OwnReader<BufReader<File>>, FileProblem> {
    let file = File::open(path).map_err(|error| {
        FileProblem::new(match error.kind() {
            ErrorKind::NotFound => "there is no such file".to_owned(),
            _ => format!("the file can't be read: {error}"),
        })
    })?;
    OwnReader::new(BufReader::with_capacity(1 << 16, file))
}

fn told(line: u64, code: &str, why: &str) -> String {
    let code: String = code.chars().take(20).collect();
    // Words of the file go to a terminal.
    FileProblem::at(line, format!("comment {code}: {why}")).to_string()
}

/// What became of a comment of the file.
enum Taken {
    New,
    Already,
    Not(String),
}

/// Where a comment stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    id: i64,
    /// The first comment of its thread, unless it is that.
    thread: Option<i64>,
    page: i64,
}

/// What of a comment is found in this database.
struct References<'c> {
    reason: Reason<'c>,
    edits: Vec<Reason<'c>>,
    reports: Vec<i64>,
    appeal: Reason<'c>,
    decisions: Vec<Reason<'c>>,
    handovers: Vec<i64>,
    answers: Vec<i64>,
}

struct Import {
    dry_run: bool,
    /// The comments of the file so far, by their codes.
    seen: HashMap<String, Place>,
    pages: KnownPages,
    discussions: HashMap<i64, i64>,
    units: HashMap<String, Option<i64>>,
    actors: HashMap<ActorColumns, i64>,
    /// The reasons by their codes: the id, since when, until when.
    reasons: HashMap<String, Vec<(i64, i64, Option<i64>)>>,
    done: Transferred,
}

impl Import {
    async fn begin(session: &mut Session, dry_run: bool) -> DbResult<Self> {
        let mut reasons: HashMap<String, Vec<_>> = HashMap::new();
        for (id, code, begins, ends) in db::list_reasons(session).await? {
            reasons.entry(code).or_default().push((id, begins, ends));
        }
        Ok(Self {
            dry_run,
            seen: HashMap::new(),
            pages: KnownPages::default(),
            discussions: HashMap::new(),
            units: HashMap::new(),
            actors: HashMap::new(),
            reasons,
            done: Transferred::default(),
        })
    }

    async fn take(
        &mut self,
        session: &mut Session,
        own: &OwnComment,
        effects: &mut Effects,
    ) -> Result<Taken, AppError> {
        if let Err(why) = check(own) {
            return Ok(Taken::Not(why));
        }
        if self.seen.contains_key(&own.code) {
            return Ok(Taken::Not("it is in the file twice".to_owned()));
        }
        let Some(page) = self.find_page(session, &own.page).await? else {
            return Ok(Taken::Not(format!("there is no page {} here", own.page)));
        };
        if let Some(known) = db::find_known(session, &own.code).await? {
            return self.meet(session, own, page, known).await;
        }
        let (thread, reply_to) = match self.find_answered(session, own, page).await? {
            Ok(answered) => answered,
            Err(why) => return Ok(Taken::Not(why)),
        };
        let references = match self.find_references(session, own).await? {
            Ok(references) => references,
            Err(why) => return Ok(Taken::Not(why)),
        };
        let id = if self.dry_run {
            // Nobody has such an id.
            -1 - i64::try_from(self.seen.len()).unwrap_or_default()
        } else {
            let Some(receipt_id) = db::add_receipt(session, &own.code, own.sent).await? else {
                return Ok(Taken::Not("somebody else brings it in at this moment".to_owned()));
            };
            let discussion_id = self.find_discussion(session, page).await?;
            let text = html(&own.text);
            let new = NewComment {
                discussion_id,
                receipt_id,
                thread_id: thread,
                reply_to_id: reply_to,
                state: own.state.code(),
                version: own.version,
                agreed: i64::try_from(own.agreements.len()).unwrap_or(i64::MAX),
                author_name: &own.author,
                email: own.email.as_deref(),
                text: &own.text,
                html: &text,
                language: own.language.code(),
                reason: references.reason,
                sent: own.sent,
                decided: own.decided,
                edited: own.edited,
            };
            let id = db::add_comment(session, &new).await?;
            self.add_all(session, own, id, page, &references).await?;
            effects.count(own.state.code(), discussion_id, thread, page);
            id
        };
        self.seen.insert(own.code.clone(), Place { id, thread, page });
        Ok(Taken::New)
    }

    /// What is said of a comment whose code is here already.
    async fn meet(
        &mut self,
        session: &mut Session,
        own: &OwnComment,
        page: i64,
        known: db::KnownRow,
    ) -> Result<Taken, AppError> {
        let (Some(id), Some(state), Some(text)) = (known.id, known.state, known.text) else {
            return Ok(Taken::Not("its code is that of something else here".to_owned()));
        };
        if known.announcement_id != Some(page) || known.created_at != own.sent.0 {
            return Ok(Taken::Not("its code is that of another comment here".to_owned()));
        }
        // The words go some time after a comment was withdrawn, and its author may have changed them here or there.
        let gone = matches!(state.as_str(), "withdrawn" | "erased")
            || matches!(own.state, OwnState::Withdrawn | OwnState::Erased);
        let changed = || own.edits.iter().any(|edit| edit.text == text || edit.old_text == text);
        if text != own.text && !gone && !changed() && !db::said_once(session, id, &own.text).await? {
            return Ok(Taken::Not("it is here with another text".to_owned()));
        }
        self.seen.insert(own.code.clone(), Place { id, thread: known.thread_id, page });
        Ok(Taken::Already)
    }

    async fn find_page(&mut self, session: &mut Session, path: &str) -> DbResult<Option<i64>> {
        let kind = |path: &str| match path {
            "/tin" => Some("announcement"),
            "/thi-dua" => Some("campaign"),
            "/dien-hinh" => Some("example"),
            _ => None,
        };
        let Some((kind, slug)) = path.rsplit_once('/').and_then(|(of, slug)| Some((kind(of)?, Slug::parse(slug)?)))
        else {
            return Ok(None);
        };
        let found = self.pages.find(session, &slug).await?;
        Ok(found.filter(|(_, is)| is == kind).map(|(id, _)| id))
    }

    async fn find_discussion(&mut self, session: &mut Session, page: i64) -> DbResult<i64> {
        if let Some(id) = self.discussions.get(&page) {
            return Ok(*id);
        }
        let id = find_or_add_discussion(session, "announcement", page, now()).await?;
        self.discussions.insert(page, id);
        Ok(id)
    }

    /// The first comment of its thread, and the one that it answers.
    async fn find_answered(
        &mut self,
        session: &mut Session,
        own: &OwnComment,
        page: i64,
    ) -> DbResult<Result<(Option<i64>, Option<i64>), String>> {
        let Some(thread) = &own.thread else {
            let alone = own.reply_to.is_none();
            return Ok(if alone {
                Ok((None, None))
            } else {
                Err("it replies to something and is in no thread".into())
            });
        };
        let missing = |code: &str| Err(format!("comment {code}, which it follows, is neither here nor before it"));
        let Some(first) = self.place(session, thread).await? else { return Ok(missing(thread)) };
        if first.page != page || first.thread.is_some() {
            return Ok(Err(format!("comment {thread} begins no thread of its page")));
        }
        let Some(code) = &own.reply_to else { return Ok(Ok((Some(first.id), None))) };
        let Some(answered) = self.place(session, code).await? else { return Ok(missing(code)) };
        if answered.id != first.id && answered.thread != Some(first.id) {
            return Ok(Err(format!("comment {code}, which it replies to, is in another thread")));
        }
        Ok(Ok((Some(first.id), Some(answered.id))))
    }

    async fn place(&mut self, session: &mut Session, code: &str) -> DbResult<Option<Place>> {
        if let Some(place) = self.seen.get(code) {
            return Ok(Some(*place));
        }
        let known = db::find_known(session, code).await?;
        Ok(known.and_then(|row| Some(Place { id: row.id?, thread: row.thread_id, page: row.announcement_id? })))
    }

    async fn find_references<'c>(
        &mut self,
        session: &mut Session,
        own: &'c OwnComment,
    ) -> DbResult<Result<References<'c>, String>> {
        let slugs = own.handovers.iter().map(|one| &one.unit).chain(own.answers.iter().map(|one| &one.unit));
        for slug in slugs {
            if !self.units.contains_key(slug) {
                let id = find_by_slug(session, slug).await?.map(|unit| unit.id);
                self.units.insert(slug.clone(), id);
            }
        }
        Ok(self.references(own))
    }

    fn references<'c>(&self, own: &'c OwnComment) -> Result<References<'c>, String> {
        let unit = |slug: &String| {
            self.units.get(slug).copied().flatten().ok_or_else(|| format!("there is no unit {slug} here"))
        };
        let at = own.decided.unwrap_or(own.sent);
        Ok(References {
            reason: self.reason(own.reason.as_ref(), at)?,
            edits: own
                .edits
                .iter()
                .map(|edit| self.reason(edit.reason.as_ref(), edit.decided.unwrap_or(edit.sent)))
                .collect::<Result<_, _>>()?,
            reports: own
                .reports
                .iter()
                .map(|report| self.reason_id(&report.reason, report.at))
                .collect::<Result<_, _>>()?,
            appeal: match &own.appeal {
                Some(appeal) => self.reason(appeal.reason.as_ref(), appeal.decided.unwrap_or(appeal.at))?,
                None => Reason::default(),
            },
            decisions: own
                .decisions
                .iter()
                .map(|decision| self.reason(decision.reason.as_ref(), decision.at))
                .collect::<Result<_, _>>()?,
            handovers: own.handovers.iter().map(|one| unit(&one.unit)).collect::<Result<_, _>>()?,
            answers: own.answers.iter().map(|one| unit(&one.unit)).collect::<Result<_, _>>()?,
        })
    }

    fn reason<'c>(&self, reason: Option<&'c OwnReason>, at: Instant) -> Result<Reason<'c>, String> {
        let Some(reason) = reason else { return Ok(Reason::default()) };
        let id = reason.code.as_ref().map(|code| self.reason_id(code, at)).transpose()?;
        Ok(Reason { id, note: reason.note.as_deref() })
    }

    /// The reason with this code that was in force at a moment, or else the latest.
    fn reason_id(&self, code: &str, at: Instant) -> Result<i64, String> {
        let rows = self.reasons.get(code).map(Vec::as_slice).unwrap_or_default();
        let then = rows.iter().find(|(_, begins, ends)| *begins <= at.0 && ends.is_none_or(|ends| at.0 < ends));
        let found = then.or_else(|| rows.iter().max_by_key(|(_, begins, ends)| (ends.is_none(), *begins)));
        found.map(|(id, ..)| *id).ok_or_else(|| format!("there is no reason {code} here"))
    }

    async fn actor(&mut self, session: &mut Session, actor: &OwnActor, at: Instant) -> DbResult<i64> {
        let columns = ActorColumns {
            by_kind: actor.kind.clone(),
            by_name: actor.name.clone(),
            by_behalf: actor.on_behalf_of.clone(),
        };
        if let Some(id) = self.actors.get(&columns) {
            return Ok(*id);
        }
        let id = db::find_or_add_actor(session, &columns, at).await?;
        self.actors.insert(columns, id);
        Ok(id)
    }

    /// Adds all that belongs to a comment. Of tables that come later (which rules fired, notices) it is added here.
    async fn add_all(
        &mut self,
        session: &mut Session,
        own: &OwnComment,
        id: i64,
        page: i64,
        references: &References<'_>,
    ) -> DbResult<()> {
        if own.state == OwnState::Waiting {
            db::add_waiting(session, "comment", id, id, page, own.sent).await?;
        }
        for (edit, reason) in own.edits.iter().zip(&references.edits) {
            let new = NewEdit {
                state: edit.state.code(),
                text: &edit.text,
                html: &html(&edit.text),
                old_text: &edit.old_text,
                old_html: &html(&edit.old_text),
                reason: *reason,
                sent: edit.sent,
                decided: edit.decided,
            };
            let edit_id = db::add_edit(session, id, &new).await?;
            if edit.state == OwnEditState::Waiting {
                db::add_waiting(session, "edit", edit_id, id, page, edit.sent).await?;
            }
        }
        for agreement in &own.agreements {
            db::add_agreement(session, id, &agreement.voter, agreement.at).await?;
        }
        for (report, reason_id) in own.reports.iter().zip(&references.reports) {
            let new = NewReport {
                reason_id: *reason_id,
                note: &report.note,
                voter: &report.voter,
                at: report.at,
                decided: report.decided,
            };
            db::add_report(session, id, &new).await?;
        }
        let open = own.reports.iter().filter(|report| report.decided.is_none()).map(|report| report.at).min();
        if let Some(since) = open.filter(|_| own.state == OwnState::Published) {
            db::add_waiting(session, "report", id, id, page, since).await?;
        }
        self.add_answers(session, own, id, references).await?;
        if let Some(appeal) = &own.appeal {
            let new = NewAppeal {
                state: appeal.state.code(),
                text: &appeal.text,
                rejected_by: self.actor(session, &appeal.rejected_by, appeal.at).await?,
                reason: references.appeal,
                at: appeal.at,
                decided: appeal.decided,
            };
            let appeal_id = db::add_appeal(session, id, &new).await?;
            if appeal.state == OwnAppealState::Waiting {
                db::add_waiting(session, "appeal", appeal_id, id, page, appeal.at).await?;
            }
        }
        for (decision, reason) in own.decisions.iter().zip(&references.decisions) {
            let actor_id = self.actor(session, &decision.by, decision.at).await?;
            let new = Decision {
                subject_kind: "comment",
                subject_id: id,
                action: &decision.action,
                reason: reason.note,
                reason_id: reason.id,
            };
            log::add_decision(session, actor_id, decision.at, new).await?;
        }
        Ok(())
    }

    /// Adds to whom a comment was passed, what was answered, and what its author thinks of that.
    async fn add_answers(
        &mut self,
        session: &mut Session,
        own: &OwnComment,
        id: i64,
        references: &References<'_>,
    ) -> DbResult<()> {
        for (handover, unit_id) in own.handovers.iter().zip(&references.handovers) {
            let new = NewHandover {
                unit_id: *unit_id,
                due: &handover.due,
                note: &handover.note,
                at: handover.at,
                actor_id: self.actor(session, &handover.by, handover.at).await?,
                ended: handover.ended,
            };
            db::add_handover(session, id, &new).await?;
        }
        for (answer, unit_id) in own.answers.iter().zip(&references.answers) {
            let new = NewAnswer {
                unit_id: *unit_id,
                actor_id: self.actor(session, &answer.by, answer.at).await?,
                version: answer.version,
                text: &answer.text,
                html: &answer_html(&answer.text),
                at: answer.at,
                edited: answer.edited,
                withdrawn: answer.withdrawn,
                rating: answer.rating,
                rated: answer.rated,
            };
            let answer_id = db::add_answer(session, id, &new).await?;
            for version in &answer.versions {
                let actor_id = self.actor(session, &version.by, version.at).await?;
                db::add_answer_version(session, answer_id, version.version, &version.text, actor_id, version.at)
                    .await?;
            }
        }
        if let Some(reopening) = &own.reopening {
            db::add_reopening(session, id, &reopening.text, reopening.at).await?;
        }
        note_followed(session, id).await?;
        Ok(())
    }
}

/// The HTML of a comment's text, which is not in the file. Of what was withdrawn long ago nothing is left.
fn html(text: &str) -> String {
    if text.is_empty() { String::new() } else { render_comment(&mask(text)).as_str().to_owned() }
}

/// The HTML of what a unit answered: its own numbers and addresses are not masked.
fn answer_html(text: &str) -> String {
    if text.is_empty() { String::new() } else { render_comment(text).as_str().to_owned() }
}
