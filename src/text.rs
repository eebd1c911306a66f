//! Every visible word, in the reader's language: the catalogue made of `locales/`, and errors as sentences.

#[cfg(feature = "ssr")]
use crate::domain::account::{PASSWORD_LEAST, PASSWORD_MOST, WeakPassword};
use crate::domain::error::{AppError, Field, Problem};
use crate::domain::lang::Lang;
use crate::domain::number;
#[cfg(feature = "ssr")]
use crate::domain::rule::ConditionProblem;

/// The words of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text(pub Lang);

/// What can stand in the place of a number.
pub trait Number {
    /// The number.
    fn number(self) -> u64;
}

impl Number for u32 {
    fn number(self) -> u64 {
        self.into()
    }
}

impl Number for usize {
    fn number(self) -> u64 {
        self as u64
    }
}

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// Puts values into the places `{name}` of a form.
fn fill(form: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(form.len() + 32);
    let mut rest = form;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(values.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value));
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

impl Text {
    /// The heading of an error's page.
    pub fn error_title(self, error: &AppError) -> &'static str {
        match error {
            AppError::BadAddress => self.error_400_title(),
            AppError::SignedOut => self.error_401_title(),
            AppError::Forbidden => self.error_403_title(),
            #[cfg(feature = "ssr")]
            AppError::OwnText => self.error_own_text_title(),
            #[cfg(feature = "ssr")]
            AppError::OwnDecision => self.error_own_decision_title(),
            #[cfg(feature = "ssr")]
            AppError::Expired => self.error_expired_title(),
            AppError::NotFound => self.error_404_title(),
            AppError::WrongMethod => self.error_405_title(),
            AppError::Moved { .. } => self.error_moved_title(),
            AppError::TooSlow => self.error_408_title(),
            AppError::Conflict => self.error_409_title(),
            AppError::Gone(_) => self.error_410_title(),
            AppError::TooLarge => self.error_413_title(),
            AppError::AddressTooLong => self.error_414_title(),
            AppError::Invalid(_) => self.error_422_title(),
            AppError::TooMany { .. } => self.error_429_title(),
            AppError::Internal { .. } => self.error_500_title(),
            AppError::Unreachable => self.error_503_title(),
        }
    }

    /// An error as a sentence that says what to do.
    pub fn error(self, error: &AppError) -> String {
        match error {
            AppError::BadAddress => self.error_400().to_owned(),
            AppError::SignedOut => self.error_401().to_owned(),
            AppError::Forbidden => self.error_403().to_owned(),
            #[cfg(feature = "ssr")]
            AppError::OwnText => self.error_own_text().to_owned(),
            #[cfg(feature = "ssr")]
            AppError::OwnDecision => self.error_own_decision().to_owned(),
            #[cfg(feature = "ssr")]
            AppError::Expired => self.error_expired().to_owned(),
            AppError::NotFound => self.error_404().to_owned(),
            AppError::WrongMethod => self.error_405().to_owned(),
            AppError::Moved { .. } => self.error_moved().to_owned(),
            AppError::TooSlow => self.error_408().to_owned(),
            AppError::Conflict => self.error_409().to_owned(),
            AppError::Gone(gone) => self.error_410(gone.at.minute(self.0), &gone.title),
            AppError::TooLarge => self.error_413().to_owned(),
            AppError::AddressTooLong => self.error_414().to_owned(),
            AppError::Invalid(_) => self.error_422().to_owned(),
            AppError::TooMany { retry_after_seconds } => self.error_429(*retry_after_seconds),
            AppError::Internal { reference } => self.error_500(reference),
            AppError::Unreachable => self.error_503().to_owned(),
        }
    }

    /// What is wrong with a field, as a sentence.
    pub fn problem(self, field: Field, problem: Problem) -> String {
        match (problem, field) {
            (Problem::Missing, Field::Name) => self.name_missing().to_owned(),
            (Problem::Missing, Field::Text) => self.text_missing().to_owned(),
            (Problem::Missing, Field::Reason) => self.reason_missing().to_owned(),
            (Problem::TooLong { most, counted }, _) => {
                self.too_long(number::whole(counted.into(), self.0), number::whole(most.into(), self.0))
            }
            #[cfg(feature = "ssr")]
            (Problem::Missing, Field::Consent) => self.consent_missing().to_owned(),
            (Problem::NoEmail, _) => self.no_email().to_owned(),
            (Problem::Missing, _) => self.field_missing().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::NoAccountName, _) => self.no_account_name().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::Taken, _) => self.taken().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::Unknown, _) => self.unknown().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::Wrong, Field::Code) => self.wrong_code().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::Wrong, Field::Slug) => self.no_slug().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::Wrong, _) => self.wrong_password().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::Weak(WeakPassword::TooShort), _) => self.password_too_short(PASSWORD_LEAST),
            #[cfg(feature = "ssr")]
            (Problem::Weak(WeakPassword::TooLong), _) => self.password_too_long(PASSWORD_MOST),
            #[cfg(feature = "ssr")]
            (Problem::Weak(WeakPassword::Common), _) => self.password_common().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::Weak(WeakPassword::LikeName), _) => self.password_like_name().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::NoHour, _) => self.no_hour().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::NoDay, _) => self.no_day().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::NotAhead(days), _) => self.day_not_ahead(days),
            #[cfg(feature = "ssr")]
            (Problem::EndsBeforeBegins, _) => self.ends_before_begins().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::Circle, _) => self.unit_circle().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::TooLate, _) => self.edit_too_late().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::Over, Field::Text) => self.edit_over().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::Over, Field::ReplyTo) => self.reply_to_gone().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::Over, Field::Email) => self.notice_over().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::Over, _) => self.unit_over().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::Unmended, _) => self.unmended().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::TooFew, _) => self.unit_too_few().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::NoPicture, _) => self.no_picture().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::NoDocument, _) => self.no_document().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::NoWord, _) => self.no_word().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::Unchanged, _) => self.problem_unchanged().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::Overlaps, _) => self.unit_overlaps().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::NoFigure, _) => self.no_figure().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::UnclearFigure, _) => self.unclear_figure().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::TooMany, Field::RuleName) => self.rule_too_many().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::TooMany, _) => self.too_many_files().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::Shut, _) => self.comments_shut().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::TooSlow, _) => self.rule_too_slow().to_owned(),
            #[cfg(feature = "ssr")]
            (Problem::NoCondition(why), _) => match why {
                ConditionProblem::Kind => self.rule_no_kind().to_owned(),
                ConditionProblem::Empty => self.field_missing().to_owned(),
                ConditionProblem::Line(line) => self.rule_bad_line(line),
                ConditionProblem::Pattern => self.rule_bad_pattern().to_owned(),
                ConditionProblem::TooLarge => self.rule_too_large().to_owned(),
                ConditionProblem::Number => self.rule_bad_number().to_owned(),
                ConditionProblem::Range => self.rule_bad_range().to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_put_in_place_and_english_has_its_singular() {
        assert_eq!(Text(Lang::Vi).comment_count(1234_u32), "1.234 phản hồi");
        assert_eq!(Text(Lang::En).comment_count(1_u32), "1 comment");
        assert_eq!(Text(Lang::En).search_found(2_u32), "2 announcements found");
        assert_eq!(fill("{a}{b} {a}", &[("a", "{b}"), ("b", "x")]), "{b}x {b}", "a value is not read as a form");
    }
}
