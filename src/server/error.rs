//! Which error belongs where.
//!
//! A request ends in [`AppError`] (see `domain::error`): what the reader is told. Whatever else fails on the way, a
//! database or a library, becomes `AppError::Internal` *here*, is logged with its reference *here*, and its words go
//! no further. A program start or a command ends in [`Failure`]: one plain sentence on the terminal.

use std::fmt;

use crate::domain::error::AppError;
use crate::domain::lang::Lang;
use crate::text::Text;

/// Logs a fault of ours and gives what the reader may see of it: a reference.
pub fn internal(fault: impl fmt::Display) -> AppError {
    let mut bytes = [0_u8; 4];
    // Without randomness the reference is all zeros; the log line still stands.
    let _ = getrandom::fill(&mut bytes);
    let reference = hex::encode(bytes);
    tracing::error!(reference, fault = %fault, "internal error");
    AppError::Internal { reference }
}

impl From<crate::domain::error::FieldErrors> for AppError {
    fn from(errors: crate::domain::error::FieldErrors) -> Self {
        AppError::Invalid(errors)
    }
}

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        internal(error)
    }
}

/// Turns the violation of one named constraint into an error for the reader; the database is the one truth for it.
pub trait OnConstraint<T> {
    /// Runs `then` if the constraint with this name (on SQLite: with these `table.column`s) was violated.
    ///
    /// # Errors
    /// What `then` gives, or an internal error for everything else.
    fn on_constraint(self, name: &str, columns: &str, then: impl FnOnce() -> AppError) -> Result<T, AppError>;
}

impl<T> OnConstraint<T> for Result<T, sqlx::Error> {
    fn on_constraint(self, name: &str, columns: &str, then: impl FnOnce() -> AppError) -> Result<T, AppError> {
        self.map_err(|error| match &error {
            sqlx::Error::Database(fault) if fault.constraint() == Some(name) || fault.message().contains(columns) => {
                then()
            }
            _ => internal(error),
        })
    }
}

/// Why the program or a command stops: one plain sentence that says what to do.
#[derive(Debug)]
pub struct Failure(pub String);

impl Failure {
    /// A failure with this sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self(format!("The database did not do what was asked: {error}."))
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let sentence = match error {
            AppError::NotFound => "There is no such thing.".to_owned(),
            AppError::Forbidden | AppError::SignedOut => "This is not permitted.".to_owned(),
            AppError::Conflict => "It is in that state already, or somebody else was first.".to_owned(),
            AppError::Internal { reference } => format!("Something failed inside; the log line {reference} says what."),
            AppError::Invalid(errors) => {
                let t = Text(Lang::En);
                let problems: Vec<_> = errors.0.iter().map(|(field, problem)| t.problem(*field, *problem)).collect();
                problems.join(" ")
            }
            other => Text(Lang::En).error(&other),
        };
        Self(sentence)
    }
}
