//! The one error type. Services return it, one place maps it to a status, one place to a sentence.

use serde::{Deserialize, Serialize};

use super::time::Instant;

/// Why a request was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// 400: the URL holds something that this program would not have written.
    BadAddress,
    /// 401: only for who is signed in.
    SignedOut,
    /// 403: not for this person, or sent from another site.
    Forbidden,
    /// 404: there is no such thing (or it is not public).
    NotFound,
    /// 405: the page does not take this kind of request.
    WrongMethod,
    /// 408: the request did not arrive in time.
    TooSlow,
    /// 409: somebody else was first.
    Conflict,
    /// 410: it was public and has been withdrawn.
    Gone(Withdrawal),
    /// 413: more than is taken.
    TooLarge,
    /// 414: the URL is over the limit.
    AddressTooLong,
    /// 422: something typed can't be taken; nothing of it is lost.
    Invalid(FieldErrors),
    /// 429: too many from one sender.
    TooMany {
        /// When to try again, in seconds from now.
        retry_after_seconds: u32,
    },
    /// 500: our fault; the reference leads to the log.
    Internal {
        /// What the reader can quote and we can find.
        reference: String,
    },
    /// No status: the server could not be reached.
    Unreachable,
}

/// What is said of a withdrawn announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// The title under which it was known.
    pub title: String,
    /// Why it was withdrawn, in the words of who did it.
    pub reason: String,
    /// When it was withdrawn.
    pub at: Instant,
}

/// A field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Field {
    /// *Họ và tên*.
    Name,
    /// The optional e-mail address.
    Email,
    /// *Nội dung phản hồi*.
    Text,
    /// The reason of a decision, which whom it concerns will read.
    Reason,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Problem {
    /// It has to be filled in.
    Missing,
    /// It is over the limit, in characters as a person counts them.
    TooLong {
        /// The most that is taken.
        most: u32,
        /// What came.
        counted: u32,
    },
    /// It is no e-mail address.
    NoEmail,
}

impl Problem {
    /// Whether there is too much of it, which can be said while somebody still types.
    pub const fn is_too_long(self) -> bool {
        matches!(self, Problem::TooLong { .. })
    }
}

/// What is wrong with a form, field by field, in the order of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldErrors(pub Vec<(Field, Problem)>);

impl FieldErrors {
    /// The problem of one field.
    pub fn of(&self, field: Field) -> Option<Problem> {
        self.0.iter().find(|(of, _)| *of == field).map(|(_, problem)| *problem)
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl AppError {
    /// The HTTP status of a page or an answer that ends in this error.
    pub const fn status(&self) -> u16 {
        match self {
            AppError::BadAddress => 400,
            AppError::SignedOut => 401,
            AppError::Forbidden => 403,
            AppError::NotFound => 404,
            AppError::WrongMethod => 405,
            AppError::TooSlow => 408,
            AppError::Conflict => 409,
            AppError::Gone(_) => 410,
            AppError::TooLarge => 413,
            AppError::AddressTooLong => 414,
            AppError::Invalid(_) => 422,
            AppError::TooMany { .. } => 429,
            AppError::Internal { .. } => 500,
            AppError::Unreachable => 503,
        }
    }
}
