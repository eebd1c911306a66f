//! Taking all comments along as a file, and bringing in the files of this portal and of other systems.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{self, Write};
use std::iter::Peekable;
use std::vec::IntoIter;

use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::time::Instant;
use crate::server::clock::now;
use crate::server::comment_file::{
    FileProblem, OwnActor, OwnAgreement, OwnAnswer, OwnAnswerVersion, OwnAppeal, OwnAppealState, OwnComment,
    OwnDecision, OwnEdit, OwnEditState, OwnHandover, OwnReason, OwnReopening, OwnReport, OwnState, OwnWriter,
};
use crate::server::db::comment;
use crate::server::db::desk::comment_file::{self as db, ActorColumns, CommentRow, ReasonColumns};
use crate::server::db::log::{self, Decision};
use crate::server::db::{DbResult, Session};
use crate::server::error::internal;
use crate::server::services::actor::{Actor, Permission, Scope};
use crate::server::state::Store;
use crate::server::thing::Thing;

mod check;
mod foreign;
mod own;
mod pages;

pub use foreign::{ForeignOptions, import_foreign};
pub use own::import_own;
pub use pages::PageMap;

/// So many comments of a file are written in one transaction: others who write wait for no longer than that takes.
const TOGETHER: usize = 200;
/// So many sentences are told about what was left out.
const TOLD_MOST: usize = 100;

/// Why a file is not written or not taken.
#[derive(Debug)]
pub enum TransferError {
    /// The file is not what it should be; nothing of it was taken.
    File(FileProblem),
    /// The file can't be written.
    Writing(io::Error),
    /// Whatever else.
    App(AppError),
}

impl From<AppError> for TransferError {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<sqlx::Error> for TransferError {
    fn from(error: sqlx::Error) -> Self {
        Self::App(error.into())
    }
}

impl From<FileProblem> for TransferError {
    fn from(problem: FileProblem) -> Self {
        Self::File(problem)
    }
}

/// What came of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transferred {
    /// Comments that are new here.
    pub added: usize,
    /// Those of them that wait for a moderator.
    pub waiting: usize,
    /// Comments that were here already and are left as they stand.
    pub already: usize,
    /// What was left out as it should be, by why, and how much of it.
    pub left_out: BTreeMap<&'static str, usize>,
    /// Pages that are not here, as the file calls them, with how many comments each has.
    pub pages: BTreeMap<String, usize>,
    /// What could not be taken: sentences with the line, the first hundred.
    pub problems: Vec<String>,
    /// How many could not be taken.
    pub wrong: usize,
    /// How many were cut since they were far too long.
    pub cut: usize,
    /// How many deleted comments keep an empty place, since others answered them.
    pub places: usize,
}

impl Transferred {
    /// How many comments were left out, whyever.
    pub fn left_out(&self) -> usize {
        self.left_out.values().sum::<usize>() + self.pages.values().sum::<usize>() + self.wrong
    }

    fn problem(&mut self, sentence: String) {
        self.wrong += 1;
        if self.problems.len() < TOLD_MOST {
            self.problems.push(sentence);
        }
    }

    /// In few words, for the log of decisions.
    fn summary(&self, name: &str) -> String {
        format!("{name}: {} new, {} there already, {} left out", self.added, self.already, self.left_out())
    }
}

/// Writes all comments with everything that belongs to them, one by one, and gives how many. What it writes is as it was
/// at one moment, whatever is written meanwhile.
///
/// # Errors
/// `Forbidden`: only whoever runs the portal; or that the file can't be written.
pub async fn export_comments<W: Write>(store: &Store, actor: &Actor, out: W) -> Result<usize, TransferError> {
    actor.require_in(Permission::MoveComments, Scope::Everywhere)?;
    let mut session = store.db.snapshot().await?;
    let mut writer = OwnWriter::new(out).map_err(TransferError::Writing)?;
    let (mut last, mut count) = (i64::MIN, 0);
    loop {
        let rows = db::list_after(&mut session, last).await?;
        let Some(end) = rows.last().map(|row| row.id) else { break };
        last = end;
        for comment in with_all(&mut session, rows).await? {
            writer.add(&comment?).map_err(TransferError::Writing)?;
            count += 1;
        }
    }
    writer.finish().map_err(TransferError::Writing)?;
    Ok(count)
}

/// The rows of a list that belong to a comment, from those in the order of the comments.
fn of<T>(rows: &mut Peekable<IntoIter<T>>, comment_id: i64, whose: impl Fn(&T) -> i64) -> Vec<T> {
    let mut found = Vec::new();
    while let Some(row) = rows.next_if(|row| whose(row) <= comment_id) {
        // What was decided about a comment that is gone stands between those of others.
        if whose(&row) == comment_id {
            found.push(row);
        }
    }
    found
}

/// Comments with all that belongs to each.
async fn with_all(session: &mut Session, rows: Vec<CommentRow>) -> DbResult<Vec<Result<OwnComment, AppError>>> {
    let (Some(first), Some(last)) = (rows.first().map(|row| row.id), rows.last().map(|row| row.id)) else {
        return Ok(Vec::new());
    };
    let mut edits = db::list_edits(session, first, last).await?.into_iter().peekable();
    let mut agreements = db::list_agreements(session, first, last).await?.into_iter().peekable();
    let mut reports = db::list_reports(session, first, last).await?.into_iter().peekable();
    let mut handovers = db::list_handovers(session, first, last).await?.into_iter().peekable();
    let mut answers = db::list_answers(session, first, last).await?.into_iter().peekable();
    let mut reopenings = db::list_reopenings(session, first, last).await?.into_iter().peekable();
    let mut appeals = db::list_appeals(session, first, last).await?.into_iter().peekable();
    let mut decisions = db::list_decisions(session, first, last).await?.into_iter().peekable();
    let mut versions: HashMap<i64, Vec<db::AnswerVersionRow>> = HashMap::new();
    for row in db::list_answer_versions(session, first, last).await? {
        versions.entry(row.answer_id).or_default().push(row);
    }
    let mut comments = Vec::with_capacity(rows.len());
    for row in rows.into_iter().filter(|row| !row.path.is_empty()) {
        let id = row.id;
        let all = All {
            edits: of(&mut edits, id, |row| row.comment_id),
            agreements: of(&mut agreements, id, |row| row.comment_id),
            reports: of(&mut reports, id, |row| row.comment_id),
            handovers: of(&mut handovers, id, |row| row.comment_id),
            answers: of(&mut answers, id, |row| row.comment_id)
                .into_iter()
                .map(|answer| {
                    let versions = versions.remove(&answer.id).unwrap_or_default();
                    (answer, versions)
                })
                .collect(),
            reopening: of(&mut reopenings, id, |row| row.comment_id).pop(),
            appeal: of(&mut appeals, id, |row| row.comment_id).pop(),
            decisions: of(&mut decisions, id, |row| row.comment_id),
        };
        comments.push(file_comment(row, all));
    }
    Ok(comments)
}

/// What belongs to a comment.
struct All {
    edits: Vec<db::EditRow>,
    agreements: Vec<db::AgreementRow>,
    reports: Vec<db::ReportRow>,
    handovers: Vec<db::HandoverRow>,
    answers: Vec<(db::AnswerRow, Vec<db::AnswerVersionRow>)>,
    reopening: Option<db::ReopeningRow>,
    appeal: Option<db::AppealRow>,
    decisions: Vec<db::DecisionRow>,
}

fn unknown(what: &str) -> AppError {
    internal(format!("the database has {what} that this program does not know"))
}

fn reason(columns: ReasonColumns) -> Option<OwnReason> {
    let ReasonColumns { reason_code: code, reason: note } = columns;
    (code.is_some() || note.is_some()).then_some(OwnReason { code, note })
}

fn actor(columns: ActorColumns) -> OwnActor {
    OwnActor { kind: columns.by_kind, name: columns.by_name, on_behalf_of: columns.by_behalf }
}

fn file_comment(row: CommentRow, all: All) -> Result<OwnComment, AppError> {
    let mut edits = Vec::with_capacity(all.edits.len());
    for edit in all.edits {
        edits.push(OwnEdit {
            state: OwnEditState::parse(&edit.state).ok_or_else(|| unknown("a state of a change"))?,
            text: edit.text,
            old_text: edit.old_text,
            reason: reason(edit.reason),
            sent: Instant(edit.created_at),
            decided: edit.decided_at.map(Instant),
        });
    }
    let appeal = match all.appeal {
        None => None,
        Some(appeal) => Some(OwnAppeal {
            state: OwnAppealState::parse(&appeal.state).ok_or_else(|| unknown("a state of an appeal"))?,
            text: appeal.text,
            rejected_by: actor(appeal.by),
            reason: reason(appeal.reason),
            at: Instant(appeal.created_at),
            decided: appeal.decided_at.map(Instant),
        }),
    };
    let agreement = |row: db::AgreementRow| OwnAgreement { voter: row.voter_hash, at: Instant(row.created_at) };
    let report = |row: db::ReportRow| OwnReport {
        reason: row.code,
        note: row.note,
        voter: row.voter_hash,
        at: Instant(row.created_at),
        decided: row.decided_at.map(Instant),
    };
    let handover = |row: db::HandoverRow| OwnHandover {
        unit: row.unit,
        due: row.due,
        note: row.note,
        at: Instant(row.created_at),
        by: actor(row.by),
        ended: row.ended_at.map(Instant),
    };
    let decision = |row: db::DecisionRow| OwnDecision {
        at: Instant(row.at),
        by: actor(row.by),
        action: row.action,
        reason: reason(row.reason),
    };
    Ok(OwnComment {
        code: row.code,
        page: row.path,
        thread: row.thread,
        reply_to: row.reply_to,
        state: OwnState::parse(&row.state).ok_or_else(|| unknown("a state of a comment"))?,
        version: row.version,
        author: row.author_name,
        email: row.email,
        text: row.text,
        language: Lang::parse(&row.language).ok_or_else(|| unknown("a language"))?,
        reason: reason(row.reason),
        sent: Instant(row.created_at),
        decided: row.decided_at.map(Instant),
        edited: row.edited_at.map(Instant),
        edits,
        agreements: all.agreements.into_iter().map(agreement).collect(),
        reports: all.reports.into_iter().map(report).collect(),
        handovers: all.handovers.into_iter().map(handover).collect(),
        answers: all.answers.into_iter().map(|(row, versions)| file_answer(row, versions)).collect(),
        reopening: all.reopening.map(|row| OwnReopening { text: row.text, at: Instant(row.created_at) }),
        appeal,
        decisions: all.decisions.into_iter().map(decision).collect(),
    })
}

fn file_answer(row: db::AnswerRow, versions: Vec<db::AnswerVersionRow>) -> OwnAnswer {
    let version = |row: db::AnswerVersionRow| OwnAnswerVersion {
        version: row.version,
        text: row.text,
        by: actor(row.by),
        at: Instant(row.at),
    };
    OwnAnswer {
        unit: row.unit,
        by: actor(row.by),
        version: row.version,
        text: row.text,
        at: Instant(row.created_at),
        edited: row.edited_at.map(Instant),
        withdrawn: row.withdrawn_at.map(Instant),
        rating: row.rating,
        rated: row.rated_at.map(Instant),
        versions: versions.into_iter().map(version).collect(),
    }
}

/// What follows from the comments that one transaction adds: counts, threads, pages.
#[derive(Debug, Default)]
struct Effects {
    published: BTreeMap<i64, i64>,
    replies: BTreeMap<i64, i64>,
    pages: BTreeSet<i64>,
}

impl Effects {
    /// Counts a comment that was added.
    fn count(&mut self, state: &str, discussion: i64, thread: Option<i64>, page: i64) {
        if state == "published" {
            *self.published.entry(discussion).or_default() += 1;
            if let Some(thread) = thread {
                *self.replies.entry(thread).or_default() += 1;
            }
            self.pages.insert(page);
        }
    }

    async fn follow(&self, session: &mut Session) -> DbResult<()> {
        for (discussion, count) in &self.published {
            comment::shift_published_count(session, *discussion, *count).await?;
        }
        for (thread, count) in &self.replies {
            comment::shift_replies(session, *thread, *count).await?;
        }
        for page in &self.pages {
            session.note_change(Thing::Comments(*page));
        }
        if !self.pages.is_empty() {
            session.note_change(Thing::RecentComments);
        }
        Ok(())
    }
}

/// Notes in the log of decisions that a file was brought in.
async fn record(store: &Store, actor: &Actor, name: &str, transferred: &Transferred) -> Result<(), AppError> {
    let at = now();
    let mut session = store.db.write().await?;
    let actor_id = actor.find_or_add(&mut session, at).await?;
    let summary = transferred.summary(name);
    let decision = Decision {
        subject_kind: "comment-file",
        subject_id: 0,
        action: "import",
        reason: Some(&summary),
        reason_id: None,
    };
    log::add_decision(&mut session, actor_id, at, decision).await?;
    Ok(session.commit().await?)
}

/// The name of a file without its folders.
fn name_of(path: &std::path::Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
