//! The one error type. Services return it, one place maps it to a status, one place to a sentence.

use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::account::WeakPassword;
#[cfg(feature = "ssr")]
use super::rule::ConditionProblem;
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
    /// 403: whoever wrote a text does not publish it.
    #[cfg(feature = "ssr")]
    OwnText,
    /// 403: whoever rejected a comment does not decide about the appeal.
    #[cfg(feature = "ssr")]
    OwnDecision,
    /// 404: there is no such thing (or it is not public).
    NotFound,
    /// 405: the page does not take this kind of request.
    WrongMethod,
    /// 308: it stands at another address; whoever asks for the page is led there.
    Moved {
        /// The path of the page there, in Vietnamese.
        path: String,
    },
    /// 408: the request did not arrive in time.
    TooSlow,
    /// 409: somebody else was first.
    Conflict,
    /// 410: it was public and has been withdrawn.
    Gone(Withdrawal),
    /// 410: a link that has run out.
    #[cfg(feature = "ssr")]
    Expired,
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
    /// The slug of what takes its place, if there is something.
    pub replaced_by: Option<String>,
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
    /// *Tên đăng nhập*.
    #[cfg(feature = "ssr")]
    AccountName,
    /// *Mật khẩu*.
    #[cfg(feature = "ssr")]
    Password,
    /// The password that is to be.
    #[cfg(feature = "ssr")]
    NewPassword,
    /// The code of an authenticator app, or a recovery code.
    #[cfg(feature = "ssr")]
    Code,
    /// A unit.
    #[cfg(feature = "ssr")]
    Unit,
    /// A unit's number in a register.
    #[cfg(feature = "ssr")]
    UnitCode,
    /// What a unit is called by where it stands.
    #[cfg(feature = "ssr")]
    Level,
    /// The unit that one belongs to.
    #[cfg(feature = "ssr")]
    Parent,
    /// A first day.
    #[cfg(feature = "ssr")]
    Begins,
    /// A last day.
    #[cfg(feature = "ssr")]
    Ends,
    /// The day by which a unit is asked to answer.
    #[cfg(feature = "ssr")]
    Due,
    /// *Sapo*.
    #[cfg(feature = "ssr")]
    Lead,
    /// The body of a text.
    #[cfg(feature = "ssr")]
    Body,
    /// A title, or the name of a category or tag.
    #[cfg(feature = "ssr")]
    Title,
    /// A figure of a report.
    #[cfg(feature = "ssr")]
    Figure,
    /// The tags of a text.
    Tags,
    /// Who wrote it, as readers see it.
    AuthorLine,
    /// Where it comes from.
    Source,
    /// Its lead picture and what stands below it.
    Image,
    /// What was corrected.
    ChangeNote,
    /// The last part of an address.
    #[cfg(feature = "ssr")]
    Slug,
    /// When something is to happen.
    #[cfg(feature = "ssr")]
    Hour,
    /// A file.
    #[cfg(feature = "ssr")]
    File,
    /// What an example is one of.
    #[cfg(feature = "ssr")]
    Kind,
    /// Who an example is about.
    #[cfg(feature = "ssr")]
    Person,
    /// That whoever is shown agrees.
    #[cfg(feature = "ssr")]
    Consent,
    /// How somebody is reached.
    #[cfg(feature = "ssr")]
    Contact,
    /// The comment that is answered.
    #[cfg(feature = "ssr")]
    ReplyTo,
    /// What a rule of moderation is called.
    #[cfg(feature = "ssr")]
    RuleName,
    /// What a rule of moderation looks for.
    #[cfg(feature = "ssr")]
    Condition,
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
    /// It can't be an account's name.
    #[cfg(feature = "ssr")]
    NoAccountName,
    /// Somebody else has it.
    #[cfg(feature = "ssr")]
    Taken,
    /// There is no such thing.
    #[cfg(feature = "ssr")]
    Unknown,
    /// It is not right.
    #[cfg(feature = "ssr")]
    Wrong,
    /// It is a password that others guess.
    #[cfg(feature = "ssr")]
    Weak(WeakPassword),
    /// It is no date and time, or one that has passed.
    #[cfg(feature = "ssr")]
    NoHour,
    /// It is no day of the calendar.
    #[cfg(feature = "ssr")]
    NoDay,
    /// It lies before today, or further ahead than so many days.
    #[cfg(feature = "ssr")]
    NotAhead(u32),
    /// The last day lies before the first one.
    #[cfg(feature = "ssr")]
    EndsBeforeBegins,
    /// It would stand below itself.
    #[cfg(feature = "ssr")]
    Circle,
    /// It is no longer there.
    #[cfg(feature = "ssr")]
    Over,
    /// The time for it has passed.
    #[cfg(feature = "ssr")]
    TooLate,
    /// Something in it must be mended first.
    #[cfg(feature = "ssr")]
    Unmended,
    /// One alone is too few.
    #[cfg(feature = "ssr")]
    TooFew,
    /// It is no picture that is taken.
    #[cfg(feature = "ssr")]
    NoPicture,
    /// It is no document that is taken.
    #[cfg(feature = "ssr")]
    NoDocument,
    /// It is no Word document that can be read.
    #[cfg(feature = "ssr")]
    NoWord,
    /// It would be there at the same time as what it became, or came from.
    #[cfg(feature = "ssr")]
    Overlaps,
    /// It is what stands there already.
    #[cfg(feature = "ssr")]
    Unchanged,
    /// It is no figure.
    #[cfg(feature = "ssr")]
    NoFigure,
    /// It is a figure that can be read in two ways.
    #[cfg(feature = "ssr")]
    UnclearFigure,
    /// There are more than are taken.
    #[cfg(feature = "ssr")]
    TooMany,
    /// No comments are taken.
    #[cfg(feature = "ssr")]
    Shut,
    /// What a rule looks for can't be read.
    #[cfg(feature = "ssr")]
    NoCondition(ConditionProblem),
    /// Trying takes too long.
    #[cfg(feature = "ssr")]
    TooSlow,
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
            #[cfg(feature = "ssr")]
            AppError::OwnText | AppError::OwnDecision => 403,
            AppError::NotFound => 404,
            AppError::WrongMethod => 405,
            AppError::Moved { .. } => 308,
            AppError::TooSlow => 408,
            AppError::Conflict => 409,
            AppError::Gone(_) => 410,
            #[cfg(feature = "ssr")]
            AppError::Expired => 410,
            AppError::TooLarge => 413,
            AppError::AddressTooLong => 414,
            AppError::Invalid(_) => 422,
            AppError::TooMany { .. } => 429,
            AppError::Internal { .. } => 500,
            AppError::Unreachable => 503,
        }
    }
}
