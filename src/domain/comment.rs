//! Comments (*phản hồi*): what a person types, the rules for it, and what readers see.

use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::answer::{OfficialAnswer, Passed};
use super::cursor::Cursor;
use super::error::{Field, FieldErrors, Problem};
#[cfg(feature = "ssr")]
use super::html::Html;
use super::text::{Counter, clean_line, clean_lines};
use super::time::Instant;

/// The longest name, in characters.
pub const NAME_MOST: usize = 80;
/// The longest text, in characters.
pub const TEXT_MOST: usize = 2000;
/// The longest e-mail address, in bytes (RFC 5321).
pub const EMAIL_MOST: usize = 254;
/// How many comments a page shows at first and with each "xem thêm".
pub const PAGE_SIZE: usize = 50;

/// The comment form as it was typed; kept as it is when it is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CommentForm {
    /// *Họ và tên*.
    pub name: String,
    /// The e-mail address, empty for none.
    pub email: String,
    /// *Nội dung phản hồi*.
    pub text: String,
    /// A field that people do not see; whoever fills it in is a program.
    pub website: String,
    /// Made by the browser when typing starts, so that the same sending twice is one comment; empty without script.
    pub key: String,
    /// The work that the browser did while it was typed, as it sends it; empty without script.
    pub proof: String,
    /// The number of the comment that it answers; empty for one that begins a thread.
    pub reply_to: String,
}

/// A comment that keeps the rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewComment {
    /// 1 to 80 characters on one line.
    pub name: String,
    /// An address that could exist, never shown.
    pub email: Option<String>,
    /// 1 to 2,000 characters, lines kept.
    pub text: String,
}

impl CommentForm {
    /// The rules, the same in the browser while typing and on the server: cleans what was typed and checks it.
    ///
    /// # Errors
    /// What is wrong with each field, in the order of the form.
    pub fn check(&self, count: Counter) -> Result<NewComment, FieldErrors> {
        let name = clean_line(&self.name);
        let text = clean_lines(&self.text);
        let email = clean_line(&self.email);
        let mut errors = FieldErrors::default();
        if let Some(problem) = check_length(&name, NAME_MOST, count) {
            errors.0.push((Field::Name, problem));
        }
        if let Some(problem) = check_length(&text, TEXT_MOST, count) {
            errors.0.push((Field::Text, problem));
        }
        if !email.is_empty() && !is_email(&email) {
            errors.0.push((Field::Email, Problem::NoEmail));
        }
        if errors.is_empty() {
            Ok(NewComment { name, email: (!email.is_empty()).then_some(email), text })
        } else {
            Err(errors)
        }
    }
}

/// The text of a comment that is changed: cleaned, not empty, not over-long.
///
/// # Errors
/// What is wrong with it.
pub fn check_text(text: &str, most: usize, count: Counter) -> Result<String, FieldErrors> {
    let text = clean_lines(text);
    match check_length(&text, most, count) {
        None => Ok(text),
        Some(problem) => Err(FieldErrors(vec![(Field::Text, problem)])),
    }
}

/// The longest reason of a decision, in characters.
pub const REASON_MOST: usize = 1000;

/// The reason of a decision: cleaned, never empty, since whom it concerns will read it.
///
/// # Errors
/// What is wrong with it.
pub fn check_reason(reason: &str, count: Counter) -> Result<String, FieldErrors> {
    let reason = clean_lines(reason);
    match check_length(&reason, REASON_MOST, count) {
        None => Ok(reason),
        Some(problem) => Err(FieldErrors(vec![(Field::Reason, problem)])),
    }
}

fn check_length(text: &str, most: usize, count: Counter) -> Option<Problem> {
    if text.is_empty() {
        return Some(Problem::Missing);
    }
    let counted = count(text);
    let whole = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    (counted > most).then(|| Problem::TooLong { most: whole(most), counted: whole(counted) })
}

/// One `@`, something before it, a dot within what follows, no white space. Whether it exists only a mail can show.
pub fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    text.len() <= EMAIL_MOST
        && !local.is_empty()
        && local.len() <= 64
        && !text.contains(char::is_whitespace)
        && !local.contains(['@', '<', '>', '"', ',', ';', ':'])
        && host.contains('.')
        && host.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'))
}

/// Which comments come first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CommentOrder {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
    /// Those first that most agree with.
    Agreed,
}

impl CommentOrder {
    /// Every order, as readers are offered them.
    pub const ALL: [Self; 3] = [Self::Newest, Self::Oldest, Self::Agreed];

    /// Reads the parameter `thu-tu` of a URL: `moi`, `cu` or `dong-tinh`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "moi" => Some(CommentOrder::Newest),
            "cu" => Some(CommentOrder::Oldest),
            "dong-tinh" => Some(CommentOrder::Agreed),
            _ => None,
        }
    }

    /// The value of the parameter `thu-tu`.
    pub const fn code(self) -> &'static str {
        match self {
            CommentOrder::Newest => "moi",
            CommentOrder::Oldest => "cu",
            CommentOrder::Agreed => "dong-tinh",
        }
    }
}

/// A published comment as readers see it.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its number, for the link to it.
    pub id: i64,
    /// The name that the sender gave.
    pub author: String,
    /// Paragraphs and safe links.
    pub html: Html,
    /// The language it was sent in.
    pub language: super::lang::Lang,
    /// When it was sent.
    pub sent: Instant,
    /// Whether it is no longer there itself, and stands for the answers below it.
    pub gone: bool,
    /// When its text was changed after it had been published.
    pub edited: Option<Instant>,
    /// How many agree.
    pub agreed: u32,
    /// Whom it answers, if that is not the first comment of its thread.
    pub answers: Option<Answered>,
    /// How many answers its thread has, for the first comment of one.
    pub replies: u32,
    /// The first of them.
    pub first_replies: Vec<Comment>,
    /// The unit that was asked to answer and has not yet.
    pub passed: Option<Passed>,
    /// What units answered, the earliest first.
    pub official: Vec<OfficialAnswer>,
}

/// The comment that another one answers.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Its number.
    pub id: i64,
    /// The name that its sender gave.
    pub author: String,
}

/// So many answers stand below the first comment of a thread at once.
pub const PREVIEWED: usize = 3;

/// What of a discussion is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CommentsWanted {
    /// Which comments come first.
    pub order: CommentOrder,
    /// Those after this one.
    pub after: Option<Cursor>,
    /// The comment that the form is to answer.
    pub reply_to: Option<i64>,
}

/// Whether a discussion goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Comments are taken.
    Open {
        /// The last day on which they are, by its beginning.
        until: Option<Instant>,
    },
    /// None are taken any longer.
    Over {
        /// The last day on which they were.
        since: Option<Instant>,
    },
    /// None are taken, and none are shown.
    Closed,
}

impl Default for Standing {
    fn default() -> Self {
        Standing::Open { until: None }
    }
}

impl Standing {
    /// Whether comments are taken.
    pub const fn is_open(self) -> bool {
        matches!(self, Standing::Open { .. })
    }
}

/// Some comments of a discussion.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommentPage {
    /// The number of the page that they stand on; 0 where it is not public.
    pub about: i64,
    /// How many are published in all.
    pub count: u32,
    /// In which order they stand.
    pub order: CommentOrder,
    /// Whether these are the first ones.
    pub first: bool,
    /// At most [`PAGE_SIZE`].
    pub items: Vec<Comment>,
    /// Where the next ones begin, if there are any.
    pub next: Option<Cursor>,
    /// The comment that the form answers.
    pub replying: Option<Answered>,
    /// Whether it goes on.
    pub standing: Standing,
}

/// A comment on the home page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentComment {
    /// Its number, for the link to it.
    pub id: i64,
    /// The name that the sender gave.
    pub author: String,
    /// The beginning of its text.
    pub text: String,
    /// When it was sent.
    pub sent: Instant,
    /// The path of the page that it stands on.
    pub path: String,
    /// That announcement's title.
    pub title: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> usize {
        text.chars().count()
    }

    fn form(name: &str, text: &str, email: &str) -> CommentForm {
        CommentForm { name: name.into(), text: text.into(), email: email.into(), ..CommentForm::default() }
    }

    #[test]
    fn what_keeps_the_rules_is_cleaned_and_taken() {
        let comment = form(" Bà  Tư ", "Dòng một\r\ndòng hai\u{200b}", " a@b.vn ").check(count).expect("a comment");
        assert_eq!(
            comment,
            NewComment { name: "Bà Tư".into(), email: Some("a@b.vn".into()), text: "Dòng một\ndòng hai".into() }
        );
    }

    #[test]
    fn every_field_has_its_own_message() {
        let errors = form(" \u{200b}", &"a".repeat(2001), "a@b").check(count).expect_err("refused");
        assert_eq!(
            errors.0,
            [
                (Field::Name, Problem::Missing),
                (Field::Text, Problem::TooLong { most: 2000, counted: 2001 }),
                (Field::Email, Problem::NoEmail)
            ]
        );
        assert!(form(&"ế".repeat(80), &"ế".repeat(2000), "").check(count).is_ok());
    }

    #[test]
    fn a_decision_without_a_reason_is_none() {
        assert_eq!(check_reason(" Sai số liệu\u{200b} ", count), Ok("Sai số liệu".into()));
        for empty in ["", "  ", "\u{200b}\n"] {
            assert_eq!(check_reason(empty, count), Err(FieldErrors(vec![(Field::Reason, Problem::Missing)])));
        }
        assert!(check_reason(&"a".repeat(1001), count).is_err());
    }

    #[test]
    fn addresses_are_checked_by_their_form_only() {
        for good in ["a@b.vn", "nguyen.van-a+1@thư.vn", "x@a.b.c"] {
            assert!(is_email(good), "{good}");
        }
        for bad in ["a", "@b.vn", "a@", "a@b", "a@.vn", "a@b..vn", "a b@c.vn", "<a>@b.vn", "a@b.vn\n"] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
