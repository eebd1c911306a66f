//! Words and phrases, found however they are spaced and spelt.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use super::letter::{Gap, Letter, SHAPES, is_half_letter, read_letters, stand_ins};
use super::{HITS_MOST, PHRASE_MOST};

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
pub(super) fn find_phrases(phrases: &[Phrase], text: &str) -> Vec<Range<usize>> {
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
