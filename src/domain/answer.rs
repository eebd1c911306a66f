//! Official answers: what a unit says to a comment under its own name, and what whoever sent it makes of that.

use super::day::Day;
use super::html::Html;
use super::time::Instant;

/// The longest answer, in characters.
pub const ANSWER_MOST: usize = 4000;
/// The longest appeal, and the longest word on why an answer does not do, in characters.
pub const APPEAL_MOST: usize = 1000;
/// So many days a unit has for an answer where nobody says otherwise (the law on complaints gives ten to acknowledge one;
/// a question wants less).
pub const DUE_DAYS: i64 = 7;

/// A unit's answer, pinned below the comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficialAnswer {
    /// Its number.
    pub id: i64,
    /// The unit's name.
    pub unit: String,
    /// The last part of the address of the unit's page.
    pub unit_slug: String,
    /// Paragraphs and safe links.
    pub html: Html,
    /// When it was given.
    pub at: Instant,
    /// When it was corrected.
    pub edited: Option<Instant>,
}

/// That a comment was passed to a unit, which has not answered yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The unit's name.
    pub unit: String,
    /// Until when it is to answer.
    pub due: Day,
    /// Since when.
    pub at: Instant,
}

/// What whoever sent a comment thinks of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rating {
    /// *Không hài lòng*.
    NotSatisfied,
    /// *Chấp nhận được*.
    Fair,
    /// *Hài lòng*.
    Satisfied,
}

impl Rating {
    /// Every rating, the best first, as people are offered them.
    pub const ALL: [Self; 3] = [Self::Satisfied, Self::Fair, Self::NotSatisfied];

    /// As it is stored and as a form sends it: 1 to 3.
    pub const fn number(self) -> i64 {
        match self {
            Rating::NotSatisfied => 1,
            Rating::Fair => 2,
            Rating::Satisfied => 3,
        }
    }

    /// Reads that number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|rating| rating.number() == number)
    }
}

/// Something that became of a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// It came in.
    Received,
    /// It stands on its page.
    Published,
    /// It does not, or no longer.
    Rejected {
        /// Why.
        reason: String,
    },
    /// Its sender took it back.
    Withdrawn,
    /// Its words and its sender's name were taken away by law.
    Erased,
    /// Its sender sent other words, which wait.
    EditSent,
    /// They took the place of the old ones.
    Edited,
    /// They did not.
    EditRejected {
        /// Why.
        reason: String,
    },
    /// Its sender asked for the rejection to be looked at again.
    Appealed,
    /// Somebody else found that it should stand.
    AppealGranted,
    /// Somebody else found the rejection right.
    AppealRefused {
        /// Why.
        reason: String,
    },
    /// A unit was asked to answer.
    Passed {
        /// Its name.
        unit: String,
        /// Until when.
        due: Day,
    },
    /// A unit answered.
    Answered {
        /// Its name.
        unit: String,
    },
    /// Its sender found the answer wanting.
    Reopened,
    /// Its sender said what the answer is worth.
    Rated {
        /// What.
        rating: Rating,
    },
}

/// Something that became of a comment, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: Instant,
    /// What.
    pub kind: StepKind,
}

/// What whoever sent a comment can still do about its fate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recourse {
    /// Ask for the rejection to be looked at again.
    pub appeal: bool,
    /// Say that the answer does not do.
    pub reopen: bool,
    /// Say what the answer is worth.
    pub rate: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratings_are_read_as_written_and_nothing_else_is_one() {
        for rating in Rating::ALL {
            assert_eq!(Rating::from_number(rating.number()), Some(rating));
        }
        for wrong in [i64::MIN, 0, 4, i64::MAX] {
            assert_eq!(Rating::from_number(wrong), None);
        }
    }
}
