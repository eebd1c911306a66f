//! Moderation rules (*luật kiểm duyệt*), which are data: what a comment is tried for, and where a rule fired in it.
//!
//! Words are looked for in folded text and through tricks of spacing and spelling: `đ.ồ n g`, `c0 b@c`, letters of
//! other alphabets, invisible signs. Words of ordinary Vietnamese are not joined: `hon gu` has no `ngu` in it.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::iter::repeat_n;
use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::text::fold;

/// The most hits that a rule gives.
pub const HITS_MOST: usize = 50;
/// The longest phrase, in letters: one bit for each.
pub const PHRASE_MOST: usize = 128;
/// What a regular expression may take once it is compiled, in bytes.
const PATTERN_MOST: usize = 1 << 20;

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

/// The letters and digits of a text, folded, by which it is known again; empty for a text without any, which is the
/// same as no other.
pub fn skeleton(text: &str) -> String {
    read_letters(text).iter().map(|letter| letter.sign).filter(|sign| sign.is_alphanumeric()).collect()
}

/// What stands between a letter and the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    /// Nothing that is seen.
    None,
    /// What may stand within a disguised word: punctuation, or white space between single letters.
    Trick,
    /// What parts words.
    Hard,
}

/// A letter, digit, `@` or `$` of a text.
#[derive(Clone, Copy, Debug)]
struct Letter {
    /// Folded.
    sign: char,
    /// Its Vietnamese marks, one bit each.
    marks: u16,
    /// Whether [`stand_ins`] count.
    stands_in: bool,
    gap: Gap,
    from: usize,
    /// After its marks.
    to: usize,
}

/// The bar of `đ`, a mark that Unicode does not take off.
const BAR: u16 = 1 << 3;
/// The marks that make another letter; the others are tones.
const SHAPES: u16 = (1 << 4) - 1;

const fn mark_bit(mark: char) -> u16 {
    match mark {
        '\u{302}' => 1,
        '\u{306}' => 1 << 1,
        '\u{31b}' => 1 << 2,
        '\u{300}' => 1 << 4,
        '\u{301}' => 1 << 5,
        '\u{303}' => 1 << 6,
        '\u{309}' => 1 << 7,
        '\u{323}' => 1 << 8,
        _ => 0,
    }
}

/// Letters that a digit or a sign is written for.
const fn stand_ins(sign: char) -> &'static [char] {
    match sign {
        '0' => &['o'],
        '1' => &['i', 'l'],
        '3' => &['e'],
        '4' | '@' => &['a'],
        '5' | '$' => &['s'],
        _ => &[],
    }
}

/// `@` and `$`, which are letters only where a phrase needs one, and punctuation else.
const fn is_half_letter(sign: char) -> bool {
    matches!(sign, '@' | '$')
}

/// The Latin letter that a letter without marks looks like: Cyrillic, Greek, phonetic and emoji ones.
fn look_alike(sign: char) -> Option<char> {
    Some(match sign {
        'а' | 'А' | 'α' | 'Α' | 'ɑ' | 'ᴀ' => 'a',
        'в' | 'В' | 'β' | 'Β' | 'ь' | 'Ь' | 'ʙ' => 'b',
        'с' | 'С' | 'ς' | 'ᴄ' => 'c',
        'đ' | 'Đ' | 'ð' | 'Ð' | 'ɖ' | 'Ɖ' | 'ԁ' | 'ᴅ' => 'd',
        'е' | 'Е' | 'є' | 'Є' | 'ε' | 'Ε' | 'ᴇ' => 'e',
        'ƒ' | 'ꜰ' => 'f',
        'ɡ' | 'ɢ' => 'g',
        'н' | 'Н' | 'һ' | 'Һ' | 'Η' | 'ʜ' => 'h',
        'і' | 'І' | 'ι' | 'Ι' | 'ı' | 'ɪ' => 'i',
        'ј' | 'Ј' | 'ᴊ' => 'j',
        'к' | 'К' | 'κ' | 'Κ' | 'ᴋ' => 'k',
        'ł' | 'Ł' | 'ӏ' | 'Ӏ' | 'ʟ' => 'l',
        'м' | 'М' | 'Μ' | 'ᴍ' => 'm',
        'п' | 'η' | 'Ν' | 'ɴ' => 'n',
        'о' | 'О' | 'ο' | 'Ο' | 'σ' | 'ø' | 'Ø' | 'ᴏ' => 'o',
        'р' | 'Р' | 'ρ' | 'Ρ' | 'ᴘ' => 'p',
        'ԛ' => 'q',
        'г' | 'ʀ' => 'r',
        'ѕ' | 'Ѕ' | 'ꜱ' => 's',
        'т' | 'Т' | 'τ' | 'Τ' | 'ᴛ' => 't',
        'и' | 'И' | 'υ' | 'μ' | 'ᴜ' => 'u',
        'ν' | 'ѵ' | 'ᴠ' => 'v',
        'ω' | 'ԝ' | 'ᴡ' => 'w',
        'х' | 'Х' | 'χ' | 'Χ' => 'x',
        'у' | 'У' | 'ү' | 'Ү' | 'γ' | 'Υ' | 'ʏ' => 'y',
        'ζ' | 'Ζ' | 'ᴢ' => 'z',
        '\u{1f150}'..='\u{1f169}' => nth_letter(sign, '\u{1f150}')?,
        '\u{1f170}'..='\u{1f189}' => nth_letter(sign, '\u{1f170}')?,
        _ => return None,
    })
}

fn nth_letter(sign: char, first: char) -> Option<char> {
    char::from_u32(u32::from('a') + u32::from(sign).checked_sub(u32::from(first))?)
}

/// Signs that take no place: control and zero-width signs, direction overrides, blank letters, tags.
fn is_invisible(sign: char) -> bool {
    !sign.is_whitespace()
        && (sign.is_control()
            || matches!(sign,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'))
}

/// The letters of a text in order, the first after a hard gap.
fn read_letters(text: &str) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::with_capacity(text.len());
    let mut gap = Gap::Hard;
    for (from, sign) in text.char_indices() {
        let to = from + sign.len_utf8();
        if sign.is_whitespace() {
            gap = Gap::Hard;
            continue;
        }
        if is_invisible(sign) {
            continue;
        }
        for part in sign.nfkd() {
            if is_combining_mark(part) {
                if let (Gap::None, Some(letter)) = (gap, letters.last_mut()) {
                    letter.marks |= mark_bit(part);
                    letter.to = to;
                }
                continue;
            }
            let lower = look_alike(part).or_else(|| part.to_lowercase().next()).unwrap_or(part);
            if lower.is_alphanumeric() || is_half_letter(lower) {
                let marks = if matches!(part, 'đ' | 'Đ' | 'ð' | 'Ð' | 'ɖ' | 'Ɖ') { BAR } else { 0 };
                letters.push(Letter { sign: lower, marks, stands_in: false, gap, from, to });
                gap = Gap::None;
            } else {
                gap = gap.max(Gap::Trick);
            }
        }
    }
    settle(&mut letters);
    letters
}

/// Tells white space between single letters from that between words, and digits within words from numbers.
fn settle(letters: &mut [Letter]) {
    let mut is_alone = Vec::with_capacity(letters.len());
    for piece in letters.chunk_by(|_, next| next.gap == Gap::None) {
        let count = piece.iter().filter(|letter| !is_half_letter(letter.sign)).count();
        is_alone.extend(repeat_n(count == 1 || piece.len() == 1, piece.len()));
    }
    for at in 1..letters.len() {
        let parted = is_half_letter(letters[at].sign) || is_half_letter(letters[at - 1].sign);
        letters[at].gap = match letters[at].gap {
            Gap::Hard if is_alone[at - 1] && is_alone[at] => Gap::Trick,
            Gap::None if parted => Gap::Trick,
            gap => gap,
        };
    }
    for word in letters.chunk_by_mut(|_, next| next.gap != Gap::Hard) {
        if word.iter().any(|letter| letter.sign.is_alphabetic()) {
            for letter in word {
                letter.stands_in = !stand_ins(letter.sign).is_empty();
            }
        }
    }
}

/// A word or phrase that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    written: String,
    letters: Vec<PhraseLetter>,
    /// At which places each letter stands, a bit for each place.
    places: Vec<(char, u128)>,
    /// The places with a space after them.
    ends: u128,
    /// The places after which a word may go on.
    open: u128,
    /// Whether marks count.
    exact: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct PhraseLetter {
    sign: char,
    marks: u16,
    /// The number of its word.
    word: usize,
}

/// What a place of a phrase stands for in a text.
#[derive(Clone, Copy, Default)]
struct Worn {
    marks: u16,
    /// A digit or a sign stands there, which has no marks.
    is_disguised: bool,
}

impl Phrase {
    /// Reads a line: words with spaces or signs between them, each with `*` at its end if any ending will do. Without
    /// quotation marks the marks of letters do not count. Within them (`"cờ bạc"`) they do, unless the place in the
    /// text has no marks at all: `có bác` is not found, `co bac` is.
    ///
    /// `None` if there are no letters or more than [`PHRASE_MOST`], or the second quotation mark is missing.
    pub fn parse(line: &str) -> Option<Self> {
        const QUOTES: [char; 3] = ['"', '“', '”'];
        let written = line.trim();
        let quoted = written.strip_prefix(QUOTES);
        let content = match quoted {
            Some(rest) => rest.strip_suffix(QUOTES)?,
            None => written,
        };
        let letters = read_letters(content);
        if letters.is_empty() || letters.len() > PHRASE_MOST {
            return None;
        }
        let mut phrase = Self {
            written: written.to_owned(),
            letters: Vec::with_capacity(letters.len()),
            places: Vec::new(),
            ends: 0,
            open: 0,
            exact: quoted.is_some(),
        };
        let mut word = 0;
        for (place, letter) in letters.iter().enumerate() {
            let bit = 1 << place;
            phrase.letters.push(PhraseLetter { sign: letter.sign, marks: letter.marks, word });
            match phrase.places.iter_mut().find(|(sign, _)| *sign == letter.sign) {
                Some((_, places)) => *places |= bit,
                None => phrase.places.push((letter.sign, bit)),
            }
            let next = letters.get(place + 1);
            if next.is_none_or(|next| next.gap != Gap::None) {
                word += 1;
                phrase.ends |= if next.is_some() { bit } else { 0 };
                phrase.open |= if content.get(letter.to..).is_some_and(begins_with_star) { bit } else { 0 };
            }
        }
        Some(phrase)
    }

    /// As it was written.
    pub fn written(&self) -> &str {
        &self.written
    }

    fn places(&self, sign: char) -> u128 {
        self.places.iter().find(|(letter, _)| *letter == sign).map_or(0, |(_, places)| *places)
    }

    /// The places that a letter may stand at.
    fn places_of(&self, letter: &Letter) -> u128 {
        let others = if letter.stands_in { stand_ins(letter.sign) } else { &[] };
        others.iter().fold(self.places(letter.sign), |places, sign| places | self.places(*sign))
    }

    /// The last letter of the nearest hit that begins with the letter `start`.
    ///
    /// All ways to read the text are followed at once: bit `n` of `ways` means that a way has come to the phrase's
    /// letter `n`. `seen` has the ways that came to each letter of the text before and led to nothing.
    fn end_of_hit(&self, letters: &[Letter], start: usize, seen: &mut Seen) -> Option<usize> {
        let last = 1 << (self.letters.len() - 1);
        let mut ways = self.places_of(&letters[start]) & 1;
        let mut arrived = ways;
        for at in start.. {
            let next = letters.get(at + 1);
            let may_end = self.open & last != 0 || next.is_none_or(|next| next.gap != Gap::None);
            if arrived & last != 0 && may_end {
                let end = if self.open & last != 0 { end_of_piece(letters, at) } else { at };
                let (stem, hit) = (&letters[start..=at], &letters[start..=end]);
                return (self.is_meant(stem) && self.has_marks_of(stem, hit)).then_some(end);
            }
            ways = seen.only_new(at, ways);
            let next = next.filter(|_| ways != 0)?;
            let places = self.places_of(next);
            let across = if next.gap == Gap::Hard { ways & self.ends } else { ways };
            let repeated = if next.gap == Gap::Hard { 0 } else { ways };
            arrived = ((across << 1) | repeated) & places;
            ways = arrived
                | if is_half_letter(next.sign) { across } else { 0 }
                | if next.gap == Gap::None { ways & self.open } else { 0 };
        }
        None
    }

    /// Whether digits that stand for letters have at least two others beside them: `C1` is no `cl`.
    fn is_meant(&self, stem: &[Letter]) -> bool {
        let is_number =
            |letter: &&Letter| letter.stands_in && letter.sign.is_numeric() && self.places(letter.sign) == 0;
        let numbers = stem.iter().filter(is_number).count();
        numbers == 0 || stem.len() >= numbers + 2
    }

    /// Whether the marks of a hit are those of the phrase, if they count and the hit has any: shapes letter by letter,
    /// tones word by word since some write `hòa` and others `hoà`.
    fn has_marks_of(&self, stem: &[Letter], hit: &[Letter]) -> bool {
        if !self.exact || hit.iter().all(|letter| letter.marks == 0) {
            return true;
        }
        let mut worn = vec![Worn::default(); self.letters.len()];
        let mut place = 0;
        for (index, letter) in stem.iter().enumerate() {
            let places = self.places_of(letter) >> place;
            if index > 0 && places & 2 != 0 {
                place += 1;
            } else if places & 1 == 0 {
                continue;
            }
            worn[place].marks |= letter.marks;
            worn[place].is_disguised |= letter.sign != self.letters[place].sign;
        }
        let mut rest = worn.as_slice();
        self.letters.chunk_by(|one, next| one.word == next.word).all(|word| {
            let (worn, others) = rest.split_at(word.len());
            rest = others;
            let is_disguised = worn.iter().any(|worn| worn.is_disguised);
            let tones = worn.iter().fold(0, |marks, worn| marks | worn.marks) & !SHAPES;
            let own_tones = word.iter().fold(0, |marks, letter| marks | letter.marks) & !SHAPES;
            let same_shapes =
                |(worn, letter): (&Worn, &PhraseLetter)| worn.is_disguised || (worn.marks ^ letter.marks) & SHAPES == 0;
            worn.iter().zip(word).all(same_shapes) && (tones == own_tones || (is_disguised && tones & !own_tones == 0))
        })
    }
}

fn begins_with_star(text: &str) -> bool {
    text.starts_with('*') && text.trim_start_matches('*').chars().next().is_none_or(char::is_whitespace)
}

fn end_of_piece(letters: &[Letter], at: usize) -> usize {
    at + letters[at + 1..].iter().take_while(|letter| letter.gap == Gap::None).count()
}

/// The ways of one phrase that came to each letter of a text, so that none is followed twice.
struct Seen {
    phrase: usize,
    ways: Vec<(usize, u128)>,
}

impl Seen {
    fn only_new(&mut self, at: usize, ways: u128) -> u128 {
        let (phrase, seen) = &mut self.ways[at];
        if *phrase != self.phrase {
            (*phrase, *seen) = (self.phrase, 0);
        }
        let new = ways & !*seen;
        *seen |= ways;
        new
    }
}

/// At most [`HITS_MOST`] places that do not overlap; where some do, the first and then the longest is taken.
fn find_phrases(phrases: &[Phrase], text: &str) -> Vec<Range<usize>> {
    let letters = read_letters(text);
    let mut starts: HashMap<char, Vec<usize>> = HashMap::new();
    for (at, letter) in letters.iter().enumerate().filter(|(_, letter)| letter.gap != Gap::None) {
        let others = if letter.stands_in { stand_ins(letter.sign) } else { &[] };
        for sign in others.iter().chain([&letter.sign]) {
            starts.entry(*sign).or_default().push(at);
        }
    }
    let mut places = Vec::new();
    let mut seen = Seen { phrase: 0, ways: vec![(0, 0); letters.len()] };
    for phrase in phrases {
        seen.phrase += 1;
        let Some(starts) = phrase.letters.first().and_then(|first| starts.get(&first.sign)) else { continue };
        let (mut count, mut free) = (0, 0);
        for &start in starts {
            if start < free || count == HITS_MOST {
                continue;
            }
            if let Some(end) = phrase.end_of_hit(&letters, start, &mut seen) {
                places.push(letters[start].from..letters[end].to);
                (count, free) = (count + 1, end + 1);
            }
        }
    }
    places.sort_by_key(|place| (place.start, Reverse(place.end)));
    let mut free = 0;
    places.retain(|place| {
        let is_free = place.start >= free;
        free = if is_free { place.end } else { free };
        is_free
    });
    places.truncate(HITS_MOST);
    places
}

/// A regular expression for folded text: neither capitals nor marks count in it.
#[derive(Clone, Debug)]
pub struct Pattern {
    written: String,
    regex: Regex,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Eq for Pattern {}

impl Pattern {
    /// Reads a regular expression.
    ///
    /// # Errors
    ///
    /// What is wrong: there is none, it is not well formed, or it is too large.
    pub fn parse(written: &str) -> Result<Self, ConditionProblem> {
        let written = written.trim();
        if written.is_empty() {
            return Err(ConditionProblem::Empty);
        }
        // Its case stays: `\S` is not `\s`.
        let plain: String = written.nfd().filter(|sign| !is_combining_mark(*sign)).map(without_bar).collect();
        let compiled = RegexBuilder::new(&plain).case_insensitive(true).size_limit(PATTERN_MOST).build();
        let regex = compiled.map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => ConditionProblem::TooLarge,
            _ => ConditionProblem::Pattern,
        })?;
        Ok(Self { written: written.to_owned(), regex })
    }

    /// As it was written.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// At most [`HITS_MOST`] places; an empty one is none.
    fn find(&self, text: &str) -> Vec<Range<usize>> {
        let folded = Changed::new(text, fold_sign);
        let found = self.regex.find_iter(&folded.text);
        found.filter_map(|found| folded.place(found.range())).take(HITS_MOST).collect()
    }
}

const fn without_bar(sign: char) -> char {
    match sign {
        'đ' => 'd',
        'Đ' => 'D',
        _ => sign,
    }
}

fn fold_sign(sign: char, folded: &mut String) {
    if sign.is_ascii() {
        folded.push(sign.to_ascii_lowercase());
    } else {
        folded.push_str(&fold(sign.encode_utf8(&mut [0; 4])));
    }
}

fn compose_sign(sign: char, composed: &mut String) {
    if !is_invisible(sign) {
        composed.extend(sign.nfkc());
    }
}

/// A text in which each sign was changed, with the way back.
struct Changed {
    text: String,
    /// For each byte the bytes of the original that it was made of.
    places: Vec<(usize, usize)>,
}

impl Changed {
    fn new(original: &str, change: fn(char, &mut String)) -> Self {
        let mut text = String::with_capacity(original.len());
        let mut places: Vec<(usize, usize)> = Vec::with_capacity(original.len());
        for (from, sign) in original.char_indices() {
            let to = from + sign.len_utf8();
            change(sign, &mut text);
            if places.len() < text.len() {
                places.resize(text.len(), (from, to));
            } else if let Some(place) = places.last_mut().filter(|place| is_combining_mark(sign) && place.1 == from) {
                place.1 = to;
            }
        }
        Self { text, places }
    }

    /// What a range was made of, if that is anything.
    fn place(&self, range: Range<usize>) -> Option<Range<usize>> {
        let places = self.places.get(range).filter(|places| !places.is_empty())?;
        Some(places.first()?.0..places.last()?.1)
    }
}

/// A link with a scheme or `www.`, a domain as it is, and a domain whose last dot is disguised.
///
/// The second group of top-level domains are words as well, of which some end sentences without a space after them
/// (`xong.co`, `hay.top`): these need more, see [`is_link`]. A test has it that this is well formed.
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let pattern = r"(?ix)
        (?: h(?:tt|xx)ps?:// | \b www \d{0,2} \. ) [\p{L}\p{N}] \S*
        |
        ( (?: [\p{L}\p{N}] [\p{L}\p{M}\p{N}-]* [.。] )+ )
        (?: asia|bet|biz|casino|click|club|com|cyou|edu|gov|icu|info|mobi|net|online|org|site|store|vn|website|xyz
        | ( (?-i: ai|app|be|cc|cf|cn|co|fun|ga|gg|gq|in|io|la|link|live|ly|me|ml|one|pro|ru|shop|so|tk|to|top|tv|uk|us
            |vip|win ) ) )
        \b (?: :\d{1,5} \b )? ( [/?\#] \S+ )?
        |
        ( [\p{L}\p{N}] [\p{L}\p{M}\p{N}-]* )
        (?: [\x20\t]? [\[({] [\x20\t]? (?: [.。] | dot | ch(?:ấ|a\u{302}\u{301})m ) [\x20\t]? [\])}] [\x20\t]?
        | [\x20\t]{1,3} [.。] [\x20\t]{0,3} | [\x20\t]{1,3} ch(?:ấ|a\u{302}\u{301})m [\x20\t]{1,3} )
        (?-i: com|info|net|org|vn|xyz|COM|INFO|NET|ORG|VN|XYZ )
        \b (?: [/?\#] \S+ )?";
    Regex::new(pattern).ok()
});

fn find_links(text: &str) -> Vec<Range<usize>> {
    const CLOSING: [char; 12] = ['.', ',', ';', ':', '!', '?', ')', ']', '}', '"', '”', '»'];
    let Some(link) = LINK.as_ref() else { return Vec::new() };
    let composed = Changed::new(text, compose_sign);
    let found = link.captures_iter(&composed.text).filter(|found| is_link(found, &composed.text));
    let found = found.filter_map(|found| found.get(0));
    let places = found.map(|found| found.start()..found.start() + found.as_str().trim_end_matches(CLOSING).len());
    places.filter_map(|place| composed.place(place)).collect()
}

/// Whether what looks like a link is none of an e-mail address, a number before a word, and two sentences without a
/// space between them.
fn is_link(found: &Captures<'_>, text: &str) -> bool {
    let Some(labels) = found.get(1).or_else(|| found.get(4)) else { return true };
    let has_letters = labels.as_str().chars().any(char::is_alphabetic);
    let digits = labels.as_str().chars().filter(|sign| sign.is_numeric()).count();
    let has_name = has_letters || digits > 2;
    let may_be_word = found.get(2).is_some();
    let is_address = found.get(0).is_some_and(|whole| {
        let (before, after) = (text.get(..whole.start()), text.get(whole.end()..));
        before.is_some_and(|before| before.ends_with('@')) || after.is_some_and(|after| after.starts_with('@'))
    });
    has_name && !is_address && (!may_be_word || found.get(3).is_some() || (has_letters && digits > 0))
}

#[cfg(test)]
mod tests;
