//! What whoever sent a comment, or an example, reads of it under its receipt code.

use super::answer::{OfficialAnswer, Passed, Recourse, Step};
use super::receipt::ReceiptCode;
use super::time::Instant;

/// What has become of a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommentState {
    /// Nobody has decided yet.
    Waiting,
    /// It stands on the page.
    Published {
        /// Since when.
        at: Instant,
    },
    /// It is not shown.
    Rejected {
        /// Since when.
        at: Instant,
        /// Why, in the moderator's words.
        reason: String,
    },
    /// Its sender has taken it back.
    Withdrawn {
        /// Since when.
        at: Instant,
    },
    /// Its words were taken away by law.
    Erased {
        /// Since when.
        at: Instant,
    },
}

/// What has become of the last change of a published comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditState {
    /// Nobody has decided yet; the old text stays.
    Waiting {
        /// Since when.
        at: Instant,
    },
    /// It is not shown; the old text stays.
    Rejected {
        /// Since when.
        at: Instant,
        /// Why.
        reason: String,
    },
}

/// The tracking page of a comment: its status only, safe to read out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracking {
    /// The code.
    pub code: ReceiptCode,
    /// When the comment was received.
    pub received: Instant,
    /// What has become of it.
    pub state: CommentState,
    /// The path of its page.
    pub path: String,
    /// Under which name its draft is kept on the device that it was written on.
    pub draft: String,
    /// The announcement's title.
    pub title: String,
    /// The comment's number on that page, once it is published.
    pub comment: Option<i64>,
    /// What has become of its last change.
    pub edit: Option<EditState>,
    /// What became of it in turn, the earliest first.
    pub steps: Vec<Step>,
    /// The unit that was asked to answer and has not yet.
    pub passed: Option<Passed>,
    /// What units answered, the earliest first.
    pub official: Vec<OfficialAnswer>,
    /// What its sender can still do.
    pub recourse: Recourse,
}
