//! What whoever has a receipt code reads of a comment: what became of it in turn, and what can still be done.

use crate::domain::answer::{OfficialAnswer, Passed, Rating, Recourse, Step, StepKind};
use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::domain::receipt::ReceiptCode;
use crate::domain::time::Instant;
use crate::domain::tracking::{CommentState, EditState, Tracking};
use crate::server::db::Session;
use crate::server::db::comment::answer::{self, AnswerRow, HandoverRow};
use crate::server::db::comment::appeal::{self, AppealRow};
use crate::server::db::comment::step::{StepRow, list_edits, list_steps};
use crate::server::db::comment::{self as db, edit};
use crate::server::services::answer::day_of;
use crate::server::services::comment::draft_of;
use crate::server::services::example::track_example;
use crate::server::state::Store;

/// What has become of a comment, or of an example, in a reader's language. Permitted to whoever has the code.
///
/// # Errors
/// `NotFound` where nothing has it.
pub async fn track_comment(store: &Store, code: &str, language: Lang) -> Result<Tracking, AppError> {
    let code = ReceiptCode::parse(code).ok_or(AppError::NotFound)?;
    let mut session = store.db.read().await?;
    let Some(row) = db::find_by_receipt(&mut session, code.as_stored()).await? else {
        return track_example(&mut session, code).await;
    };
    let at = Instant(row.decided_at.unwrap_or(row.created_at));
    let state = match row.state.as_str() {
        "published" => CommentState::Published { at },
        "rejected" => CommentState::Rejected { at, reason: row.reason_in(language) },
        "withdrawn" => CommentState::Withdrawn { at },
        "erased" => CommentState::Erased { at },
        _ => CommentState::Waiting,
    };
    let comment = matches!(state, CommentState::Published { .. }).then_some(row.id);
    let edit = match comment {
        Some(id) => edit::find_last(&mut session, id).await?,
        None => None,
    };
    let edit = edit.and_then(|edit| match edit.state.as_str() {
        "waiting" => Some(EditState::Waiting { at: Instant(edit.created_at) }),
        "rejected" => {
            let at = Instant(edit.decided_at.unwrap_or_default());
            Some(EditState::Rejected { at, reason: edit.reason_in(language) })
        }
        _ => None,
    });
    let fate = Fate::read(&mut session, row.id).await?;
    let appeal = appeal::find(&mut session, row.id).await?;
    let mut steps = fate.steps(Instant(row.created_at), appeal.as_ref(), language);
    for (state, at) in list_edits(&mut session, row.id).await? {
        // One that was taken at once needs no waiting; one whose comment is gone tells nothing.
        if matches!(state.as_str(), "waiting" | "rejected") || (state == "taken" && fate.was_shown_before(at)) {
            steps.push(Step { at: Instant(at), kind: StepKind::EditSent });
        }
    }
    steps.extend(fate.last_step(&state));
    steps.sort_by_key(|step| step.at);
    let draft = row.reply_to_id.map_or_else(|| row.path.clone(), |id| draft_of(&row.path, id));
    let shown = comment.is_some();
    let recourse = Recourse {
        appeal: matches!(state, CommentState::Rejected { .. }) && appeal.is_none() && fate.was_rejected(),
        reopen: shown && !fate.answers.is_empty() && fate.reopening.is_none(),
        rate: shown && !fate.answers.is_empty(),
    };
    Ok(Tracking {
        code,
        received: Instant(row.created_at),
        state,
        draft,
        path: row.path,
        title: row.title,
        comment,
        edit,
        steps,
        passed: fate.handovers.iter().find(|row| shown && fate.asked == Some(row.id)).cloned().map(Passed::from),
        official: fate.answers.into_iter().filter(|_| shown).map(OfficialAnswer::from).collect(),
        recourse,
    })
}

/// What moderators take back within a minute.
const UNDONE: [&str; 7] =
    ["approve", "reject", "keep-comment", "approve-edit", "reject-edit", "grant-appeal", "refuse-appeal"];

/// What is known of what became of a comment.
struct Fate {
    decisions: Vec<StepRow>,
    handovers: Vec<HandoverRow>,
    asked: Option<i64>,
    answers: Vec<AnswerRow>,
    reopening: Option<(String, i64)>,
}

impl Fate {
    async fn read(session: &mut Session, id: i64) -> Result<Self, AppError> {
        let mut decisions: Vec<StepRow> = Vec::new();
        for row in list_steps(session, id).await? {
            // What was taken back within a minute is as if it had not been.
            if row.action == "undo" {
                let undone = decisions.iter().rfind(|row| UNDONE.contains(&row.action.as_str())).map(|row| row.at);
                decisions.retain(|row| Some(row.at) != undone);
            } else {
                decisions.push(row);
            }
        }
        Ok(Self {
            decisions,
            handovers: answer::list_handovers(session, id).await?,
            asked: answer::list_open_handovers(session, &[id]).await?.first().map(|row| row.id),
            answers: answer::list_answers(session, &[id]).await?,
            reopening: answer::find_reopening(session, id).await?,
        })
    }

    fn was_rejected(&self) -> bool {
        self.decisions.iter().any(|row| row.action == "reject")
    }

    fn was_shown_before(&self, at: i64) -> bool {
        self.decisions.iter().any(|row| row.action == "approve" && row.at < at)
    }

    fn steps(&self, received: Instant, appeal: Option<&AppealRow>, language: Lang) -> Vec<Step> {
        let mut steps = vec![Step { at: received, kind: StepKind::Received }];
        for row in &self.decisions {
            let kind = match row.action.as_str() {
                "approve" => StepKind::Published,
                "reject" => StepKind::Rejected { reason: row.reason_in(language) },
                "withdraw" => StepKind::Withdrawn,
                "erase" => StepKind::Erased,
                "approve-edit" => StepKind::Edited,
                "reject-edit" => StepKind::EditRejected { reason: row.reason_in(language) },
                "appeal" => StepKind::Appealed,
                "grant-appeal" => StepKind::AppealGranted,
                "refuse-appeal" => {
                    let reason = appeal.map_or_else(|| row.reason_in(language), |appeal| appeal.reason_in(language));
                    StepKind::AppealRefused { reason }
                }
                "reopen" => StepKind::Reopened,
                _ => continue,
            };
            steps.push(Step { at: Instant(row.at), kind });
        }
        for row in &self.handovers {
            let kind = StepKind::Passed { unit: row.unit.clone(), due: day_of(row) };
            steps.push(Step { at: Instant(row.created_at), kind });
        }
        for row in &self.answers {
            steps.push(Step { at: Instant(row.created_at), kind: StepKind::Answered { unit: row.unit.clone() } });
            if let (Some(rating), Some(at)) = (row.rating.and_then(Rating::from_number), row.rated_at) {
                steps.push(Step { at: Instant(at), kind: StepKind::Rated { rating } });
            }
        }
        steps
    }

    /// What its state says where the log does not: of comments that came from elsewhere.
    fn last_step(&self, state: &CommentState) -> Option<Step> {
        let told = |action: &str| self.decisions.iter().any(|row| row.action == action);
        match state {
            CommentState::Published { at } if !told("approve") => Some(Step { at: *at, kind: StepKind::Published }),
            CommentState::Rejected { at, reason } if !told("reject") => {
                Some(Step { at: *at, kind: StepKind::Rejected { reason: reason.clone() } })
            }
            CommentState::Withdrawn { at } if !told("withdraw") => Some(Step { at: *at, kind: StepKind::Withdrawn }),
            CommentState::Erased { at } if !told("erase") => Some(Step { at: *at, kind: StepKind::Erased }),
            _ => None,
        }
    }
}
