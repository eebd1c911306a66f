//! Moderation rules (*luật kiểm duyệt*), which are data: what a comment is tried for, and where a rule fired in it.
//!
//! Words are looked for in folded text and through tricks of spacing and spelling: `đ.ồ n g`, `c0 b@c`, letters of
//! other alphabets, invisible signs. Words of ordinary Vietnamese are not joined: `hon gu` has no `ngu` in it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

mod letter;
mod link;
mod pattern;
mod phrase;

pub use letter::skeleton;
use link::find_links;
pub use pattern::Pattern;
pub use phrase::Phrase;
use phrase::find_phrases;

/// The most hits that a rule gives.
pub const HITS_MOST: usize = 50;
/// The longest phrase, in letters: one bit for each.
pub const PHRASE_MOST: usize = 128;

/// What a rule looks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Condition {
    /// Any of these words and phrases, in the name or the text.
    Words(Vec<Phrase>),
    /// A regular expression, in the folded name or text.
    Pattern(Pattern),
    /// Too many links, in name and text together.
    Links {
        /// How many are let through.
        most: u32,
    },
    /// The same text again and again.
    Repeats {
        /// How often it is let through within a day.
        most: u32,
    },
    /// Sent too soon after the sender's comment before.
    Speed {
        /// From how many seconds on it is let through.
        least_seconds: u32,
    },
    /// Too short or too long.
    Length {
        /// The fewest characters.
        least: u32,
        /// The most characters, 0 for no limit.
        most: u32,
    },
    /// Too much of the text in capitals.
    Capitals {
        /// How many percent of the letters are let through.
        share: u32,
        /// A text of fewer letters is not looked at.
        least_letters: u32,
    },
}

/// A condition as the database has it.
#[derive(Serialize, Deserialize)]
struct Written {
    kind: String,
    parameter: String,
}

impl From<Condition> for Written {
    fn from(condition: Condition) -> Self {
        Self { kind: condition.kind().to_owned(), parameter: condition.parameter() }
    }
}

impl TryFrom<Written> for Condition {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        Condition::parse(&written.kind, &written.parameter).map_err(|_| "no condition is written like this")
    }
}

/// Why a condition can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConditionProblem {
    /// There is no such kind.
    Kind,
    /// The parameter is empty.
    Empty,
    /// This line, from 1 and with blank lines counted, has no letters, too many, or a quotation mark without its other.
    Line(usize),
    /// It is no regular expression.
    Pattern,
    /// The regular expression is too large.
    TooLarge,
    /// There are not as many whole numbers as the kind needs, or something else beside them.
    Number,
    /// The numbers make a rule that always fires or never does.
    Range,
}

impl Condition {
    /// The codes of all kinds.
    pub const KINDS: [&str; 7] = ["words", "pattern", "links", "repeats", "speed", "length", "capitals"];

    /// Reads a condition.
    ///
    /// The parameter of `words` is one phrase a line (see [`Phrase::parse`]), that of `pattern` a regular expression.
    /// The others are numbers with white space between them: `links`, `repeats` and `speed` one, `length` the least
    /// and the most, `capitals` the share and the least letters.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong.
    pub fn parse(kind: &str, parameter: &str) -> Result<Self, ConditionProblem> {
        if !Self::KINDS.contains(&kind) {
            return Err(ConditionProblem::Kind);
        }
        if parameter.trim().is_empty() {
            return Err(ConditionProblem::Empty);
        }
        let condition = match kind {
            "words" => {
                let lines = (1..).zip(parameter.lines()).filter(|(_, line)| !line.trim().is_empty());
                let phrases = lines.map(|(number, line)| Phrase::parse(line).ok_or(ConditionProblem::Line(number)));
                Condition::Words(phrases.collect::<Result<_, _>>()?)
            }
            "pattern" => Condition::Pattern(Pattern::parse(parameter)?),
            "links" => {
                let [most] = read_numbers(parameter)?;
                Condition::Links { most }
            }
            "repeats" => {
                let [most] = read_numbers(parameter)?;
                Condition::Repeats { most }
            }
            "speed" => {
                let [least_seconds] = read_numbers(parameter)?;
                Condition::Speed { least_seconds }
            }
            "length" => {
                let [least, most] = read_numbers(parameter)?;
                Condition::Length { least, most }
            }
            _ => {
                let [share, least_letters] = read_numbers(parameter)?;
                Condition::Capitals { share, least_letters }
            }
        };
        if condition.is_sensible() { Ok(condition) } else { Err(ConditionProblem::Range) }
    }

    /// Whether some comments can be let through and others not.
    const fn is_sensible(&self) -> bool {
        match *self {
            Condition::Repeats { most } => most > 0,
            Condition::Speed { least_seconds } => least_seconds > 0,
            Condition::Length { least, most: 0 } => least > 0,
            Condition::Length { least, most } => least <= most,
            Condition::Capitals { share, .. } => share < 100,
            Condition::Words(_) | Condition::Pattern(_) | Condition::Links { .. } => true,
        }
    }

    /// The code of its kind, one of [`Condition::KINDS`].
    pub const fn kind(&self) -> &'static str {
        match self {
            Condition::Words(_) => "words",
            Condition::Pattern(_) => "pattern",
            Condition::Links { .. } => "links",
            Condition::Repeats { .. } => "repeats",
            Condition::Speed { .. } => "speed",
            Condition::Length { .. } => "length",
            Condition::Capitals { .. } => "capitals",
        }
    }

    /// Its parameter, which [`Condition::parse`] reads as the same.
    pub fn parameter(&self) -> String {
        match self {
            Condition::Words(phrases) => phrases.iter().map(Phrase::written).collect::<Vec<_>>().join("\n"),
            Condition::Pattern(pattern) => pattern.written().to_owned(),
            Condition::Links { most } | Condition::Repeats { most } => most.to_string(),
            Condition::Speed { least_seconds } => least_seconds.to_string(),
            Condition::Length { least, most } => format!("{least} {most}"),
            Condition::Capitals { share, least_letters } => format!("{share} {least_letters}"),
        }
    }
}

/// Exactly so many numbers; a percent sign may follow one.
fn read_numbers<const COUNT: usize>(parameter: &str) -> Result<[u32; COUNT], ConditionProblem> {
    let parts = parameter.split(|sign: char| sign.is_whitespace() || matches!(sign, ',' | ';'));
    let parts = parts.map(|part| part.trim_end_matches('%')).filter(|part| !part.is_empty());
    let numbers =
        parts.map(|part| part.parse().map_err(|_| ConditionProblem::Number)).collect::<Result<Vec<_>, _>>()?;
    numbers.try_into().map_err(|_| ConditionProblem::Number)
}

/// What is done with a comment for which a rule fires, the lightest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RuleAction {
    /// A moderator is told.
    Flag,
    /// It waits for a moderator.
    Hold,
    /// It is refused.
    Reject,
}

impl RuleAction {
    /// All of them, the lightest first.
    pub const ALL: [Self; 3] = [RuleAction::Flag, RuleAction::Hold, RuleAction::Reject];

    /// As forms and the database write it.
    pub const fn code(self) -> &'static str {
        match self {
            RuleAction::Flag => "flag",
            RuleAction::Hold => "hold",
            RuleAction::Reject => "reject",
        }
    }

    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.code() == code)
    }
}

/// What is known of a comment that is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts<'a> {
    /// The name that the sender gave.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
    /// How often a text of the same [`skeleton`] came within a day, this time counted.
    pub same_text: u32,
    /// How long ago the sender's comment before came; `None` if there is none.
    pub seconds_since_last: Option<u32>,
    /// How many characters a person sees in the text.
    pub length: usize,
}

/// What a rule fired in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HitField {
    /// The sender's name.
    Name,
    /// The text.
    Text,
}

/// Where a rule fired: bytes of the original, from and to between characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Hit {
    /// In which of the two.
    pub field: HitField,
    /// The first byte.
    pub from: usize,
    /// The byte after the last one.
    pub to: usize,
}

/// Where a rule fires: at most [`HITS_MOST`] places that do not overlap, in order and the name's first; none if it
/// fires for something that has no place. `None` if it does not fire.
pub fn test(condition: &Condition, facts: &Facts<'_>) -> Option<Vec<Hit>> {
    let (hits, fires) = match condition {
        Condition::Words(phrases) => if_any(find_in_fields(facts, |text| find_phrases(phrases, text))),
        Condition::Pattern(pattern) => if_any(find_in_fields(facts, |text| pattern.find(text))),
        Condition::Links { most } => {
            let hits = find_in_fields(facts, find_links);
            let fires = whole(hits.len()) > *most;
            (hits, fires)
        }
        Condition::Repeats { most } => (Vec::new(), facts.same_text > *most),
        Condition::Speed { least_seconds } => {
            (Vec::new(), facts.seconds_since_last.is_some_and(|seconds| seconds < *least_seconds))
        }
        Condition::Length { least, most } => {
            let length = whole(facts.length);
            (Vec::new(), length < *least || (*most > 0 && length > *most))
        }
        Condition::Capitals { share, least_letters } => {
            (Vec::new(), has_more_capitals(facts.text, *share, *least_letters))
        }
    };
    fires.then(|| hits.into_iter().take(HITS_MOST).collect())
}

fn if_any(hits: Vec<Hit>) -> (Vec<Hit>, bool) {
    let fires = !hits.is_empty();
    (hits, fires)
}

fn whole(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn find_in_fields(facts: &Facts<'_>, find: impl Fn(&str) -> Vec<Range<usize>>) -> Vec<Hit> {
    let fields = [(HitField::Name, facts.name), (HitField::Text, facts.text)];
    let hits = fields.into_iter().flat_map(|(field, text)| find(text).into_iter().map(move |place| (field, place)));
    hits.map(|(field, place)| Hit { field, from: place.start, to: place.end }).collect()
}

fn has_more_capitals(text: &str, share: u32, least_letters: u32) -> bool {
    let (mut capitals, mut small) = (0, 0);
    for sign in text.chars().filter(|sign| sign.is_alphabetic()) {
        capitals += u64::from(sign.is_uppercase());
        small += u64::from(sign.is_lowercase());
    }
    let letters = capitals + small;
    letters >= u64::from(least_letters) && capitals * 100 > letters * u64::from(share)
}

#[cfg(test)]
mod tests;
